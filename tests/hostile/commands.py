"""How is the command line run as a user runs it: in a process of its own, watched for time and memory?"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import sleep

WEAKLINK = (sys.executable, "-m", "weaklink")


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did: its exit code, what it printed where, its processor seconds, its peak of MB."""

    code: int
    out: str
    err: str
    seconds: float
    megabytes: int


def start(
    *words: str | Path, store: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a command that keeps its data in `store`; its output is thrown away."""
    return subprocess.Popen(
        [*WEAKLINK, *map(str, words)],
        env=_environment(store, environment or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def run(
    *words: str | Path,
    store: Path,
    environment: Mapping[str, str] | None = None,
    before: Sequence[str] = (),
    out: Path | None = None,
) -> Done:
    """Run a command to its end; `before` is a command that runs it, `out` the file it prints to."""
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as complained:
        process = subprocess.Popen(
            [*before, *WEAKLINK, *map(str, words)],
            env=_environment(store, environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=out.open("wb") if out else printed,
            stderr=complained,
        )
        seconds, megabytes = _watched(process)
        printed.seek(0)
        complained.seek(0)
        return Done(
            process.returncode,
            printed.read().decode("utf-8", "replace"),
            complained.read().decode("utf-8", "replace"),
            seconds,
            megabytes,
        )


def _watched(process: subprocess.Popen[bytes]) -> tuple[float, int]:
    """Seconds of processor time and peak of memory in MB (0 where the system does not tell) of a process.

    What the kernel tells at the end would not do: a child's peak there begins with its parent's.
    """
    status, peak, ended = Path(f"/proc/{process.pid}/status"), 0, 0
    while not ended:
        with suppress(OSError):
            said = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
            peak = max([peak, *(int(line.split()[1]) >> 10 for line in said)])
        sleep(0.01)
        ended, code, usage = os.wait4(process.pid, os.WNOHANG)
    process.returncode = os.waitstatus_to_exitcode(code)
    return usage.ru_utime + usage.ru_stime, peak


def _environment(store: Path, more: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "WEAKLINK_DEBUG"}
    return {**kept, "WEAKLINK_STORE": str(store), "COLUMNS": "200", **more}


def left_in(folder: Path) -> list[str]:
    """The files that stand in a directory, at any depth."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())
