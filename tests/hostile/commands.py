"""How is the command line run as a user runs it: in a process of its own, watched for time and memory?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import IO

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


def interruptible() -> None:
    """What a child does first, so that Ctrl-C reaches it: a shell starts background jobs deaf to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run(
    *words: str | Path,
    store: Path,
    environment: Mapping[str, str] | None = None,
    program: Sequence[str] = WEAKLINK,
    out: Path | None = None,
) -> Done:
    """Run a command to its end; `program` is what is run, `out` the file that it prints to."""
    with (
        tempfile.TemporaryFile() if out is None else out.open("wb", buffering=0) as printed,
        tempfile.TemporaryFile() as complained,
    ):
        process = subprocess.Popen(
            [*program, *map(str, words)],
            env=_environment(store, environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=complained,
        )
        seconds, megabytes = _watched(process)
        texts = [_text(file) for file in ((printed, complained) if out is None else (complained,))]
        return Done(process.returncode, "" if out else texts[0], texts[-1], seconds, megabytes)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


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


AS_NOBODY = """
import importlib, os, pkgutil, sys
import weaklink
for module in pkgutil.walk_packages(weaklink.__path__, "weaklink."):
    if module.name != "weaklink.__main__":
        importlib.import_module(module.name)
import encodings.utf_8_sig  # Python loads an encoding when it is first used, from where nobody may not look
os.setgroups([]); os.setgid(65534); os.setuid(65534)
from weaklink.cli.main import main
main()
"""
NOBODY = (sys.executable, "-c", AS_NOBODY)  # root may do everything, so it becomes somebody who may not
