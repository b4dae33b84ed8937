"""Run the benchmarks: `make bench`, or `python -m benchmarks FOLDER [JOB ...]`.

Input is synthetic and kept in FOLDER (some gigabytes), as are the environments of other programs. Every job prints
its table; all is written to FOLDER/results.json, with the date, the machine and the threads, and a picture of cost
against rows beside it. A job that ran before keeps its rows until it is run again.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import (
    ario,
    coldstart,
    equilibrium,
    ingest,
    look_through,
    picture,
    portfolio,
    screening,
    thresholds,
    winter,
)

ROWS, REPEATS = 11_000_000, 5
Job = Callable[[Path], Sequence[Any]]
JOBS: Mapping[str, Job] = {
    "coldstart": lambda folder: coldstart.run(folder, REPEATS),
    "thresholds": lambda folder: thresholds.run(folder, REPEATS),
    "screening": lambda folder: screening.run(folder, ROWS, REPEATS),
    "scaling": lambda folder: screening.scaling(folder, ROWS * 10),
    "ingest": lambda folder: ingest.run(folder, ROWS, REPEATS),
    "look_through": lambda folder: look_through.run(folder, REPEATS),
    "winter": lambda folder: winter.run(folder, REPEATS),
    "equilibrium": lambda folder: equilibrium.run(folder, REPEATS),
    "portfolio": lambda folder: portfolio.run(folder, REPEATS),
    "ario": lambda folder: ario.run(folder, REPEATS, threads=2),
}


def main(folder: Path, names: Sequence[str]) -> None:
    """Run jobs, print their rows, and write all that is known."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "results.json"
    known: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    for name in names or JOBS:
        rows = [asdict(row) for row in JOBS[name](folder)]
        known[name] = {"when": datetime.now(UTC).date().isoformat(), "machine": machine(), "rows": rows}
        print(f"\n{name}\n" + "\n".join(line(row) for row in rows), flush=True)
        file.write_text(json.dumps(known, indent=2) + "\n")
    if "scaling" in known:
        picture.write(folder, known)
    print(f"\n{file}")


def machine() -> str:
    """What the benchmarks ran on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return f"{os.cpu_count()} cores, {memory} GiB, {platform.machine()}, Python {platform.python_version()}"


def line(row: Mapping[str, Any]) -> str:
    """One row for reading."""
    figures = (f"{name} {value:,}" for name, value in row.items() if isinstance(value, int | float))
    spans = (f"{name} {value[0]:,.3f}" for name, value in row.items() if isinstance(value, tuple))
    return f"{row.get('job', ''):48} {row['contestant']:28} " + ", ".join([*spans, *figures])


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ".bench"), sys.argv[2:])
