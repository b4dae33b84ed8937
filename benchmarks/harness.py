"""What does a command cost: seconds on the wall, seconds of processor, and its peak of memory?

Commands run as processes of their own, one after the other, so that nothing that one of them left in memory
serves the next. Contestants alternate, so that a slow minute of the machine hits all of them alike.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LOOK_EVERY = 0.005  # seconds between two looks at the memory of a child


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of a command cost, and what it printed.

    `cpu_s` is user and system time, of children that it waited for too; `peak_mb` is the peak resident set
    of the command's own process, in units of 2^20 bytes.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    stdout: str


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, least and most of several figures."""

    median: float
    least: float
    most: float


class CommandFailedError(Exception):
    """A command that was to be measured did not end well."""


def measured(argv: Sequence[str | Path], env: Mapping[str, str] | None = None) -> Run:
    """Run a command to its end and say what it cost; `env` is added to the environment.

    Raises CommandFailedError with what it complained where it exits with anything but 0.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own commands
            [str(word) for word in argv], env={**os.environ, **(env or {})}, stdout=out, stderr=err
        )
        peak, usage = _watched(process)
        wall = time.perf_counter() - began
        if process.returncode:
            raise CommandFailedError(f"{argv[0]} ended with {process.returncode}: {_text(err)[-2000:]}")
        return Run(wall, usage.ru_utime + usage.ru_stime, peak, _text(out))


def alternated(contestants: Mapping[str, Callable[[], Run]], repeats: int) -> dict[str, list[Run]]:
    """Runs of each contestant, taken in turns after one turn that does not count."""
    runs: dict[str, list[Run]] = {name: [] for name in contestants}
    for turn in range(repeats + 1):
        for name, run in contestants.items():
            result = run()
            if turn:
                runs[name].append(result)
    return runs


def spread(figures: Sequence[float]) -> Spread:
    """Median, least and most.

    >>> spread([3.0, 1.0, 2.0])
    Spread(median=2.0, least=1.0, most=3.0)
    """
    return Spread(statistics.median(figures), min(figures), max(figures))


def _watched(process: subprocess.Popen[bytes]) -> tuple[float, os.struct_rusage]:  # type: ignore[name-defined]
    """Peak of memory and usage of a process that has ended.

    What `wait4` tells of memory would not do: a child's peak there begins with that of the process which
    started it. So the kernel's own high-water mark of the child is read while it runs.
    """
    status, peak, ended = Path(f"/proc/{process.pid}/status"), 0.0, 0
    if not status.exists():
        _, code, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(code)
        return usage.ru_maxrss / 1024, usage
    while not ended:
        with suppress(OSError):
            said = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
            peak = max([peak, *(int(line.split()[1]) / 1024 for line in said)])
        time.sleep(LOOK_EVERY)
        ended, code, usage = os.wait4(process.pid, os.WNOHANG)
    process.returncode = os.waitstatus_to_exitcode(code)
    return peak, usage


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
