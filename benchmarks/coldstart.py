"""How long is it from the shell prompt to the first answer on embedded data, and where does the time go?

An environment is made with what a user installs, no more: with pandas beside it, PyArrow would load pandas too.
"""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harness import measured, spread

ROOT = Path(__file__).parents[1]
SCREEN = ("screen", "--importer", "NATO@2022-11-30", "--year", "2022", "--top", "5")
# What each stage adds: a program, run alone, that goes so far.
STAGES = (
    ("Python starts", "pass"),
    ("NumPy and PyArrow are loaded", "import numpy, pyarrow, pyarrow.compute, pyarrow.parquet"),
    (
        "the rooms of a screen are loaded",
        "import numpy, pyarrow, pyarrow.compute, pyarrow.parquet\nimport weaklink.cli.main, weaklink.study.screen,"
        "weaklink.study.lab, weaklink.report.formats, rich.table",
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    """Median, least and most seconds from the start of a process to its end."""

    job: str
    contestant: str
    repeats: int
    seconds: float
    least_s: float
    most_s: float


def run(folder: Path, repeats: int) -> list[Row]:
    """Time the first answer, and the stages on the way to it."""
    python = plain(folder)
    programs = [*((name, ["-c", code]) for name, code in STAGES), ("answered", ["-m", "weaklink", *SCREEN])]
    table = []
    for name, words in programs:
        measured([python, *words])
        runs = spread([measured([python, *words]).wall_s for _ in range(repeats)])
        table.append(
            Row(
                f"cold start: {name}",
                "weaklink",
                repeats,
                round(runs.median, 3),
                round(runs.least, 3),
                round(runs.most, 3),
            )
        )
    return table


def plain(folder: Path) -> Path:
    """The Python of an environment with this checkout and what it needs, made anew."""
    home = folder.absolute() / f"plain-{int(time.time())}"
    python = home / "bin" / "python"
    pins = ["--constraint", ROOT / "constraints.txt"]
    subprocess.run([sys.executable, "-m", "venv", home], check=True)  # noqa: S603 - our own words
    subprocess.run([python, "-m", "pip", "install", "--quiet", *pins, ROOT], check=True)  # noqa: S603
    return python
