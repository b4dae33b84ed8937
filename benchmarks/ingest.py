"""How long does it take to check and store a year of trade, beside a program that only copies it?

    python -m benchmarks.ingest FOLDER [ROWS [REPEATS]]

Ours checks every row, sorts and stores (`weaklink data add`); DuckDB copies the same synthetic CSV to Parquet
(`COPY (SELECT * FROM read_csv(…)) TO …`) and checks nothing. Both are processes of their own, in turns, on as
many threads; their tables are compared first, by rows and by dollars. Then the peak of memory for one, three and five
years in a zip: it must not grow.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks import synthetic
from benchmarks.harness import Run, alternated, measured, spread

THREADS = 2
YEAR = 2022
ZIPPED = (1, 3, 5)  # years in the zips that memory is measured on
OURS, DUCKDB = "weaklink data add", "DuckDB COPY, nothing checked"
COPY = """
import duckdb, sys
source, target, threads = sys.argv[1:]
engine = duckdb.connect()
engine.execute(f"set threads = {threads}")
engine.execute(f"copy (select * from read_csv('{source}')) to '{target}' (format parquet)")
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One contestant at one job; seconds are medians of `repeats` runs, ratios are to DuckDB of the same job."""

    job: str
    contestant: str
    rows: int
    threads: int
    repeats: int
    wall_s: float
    wall_least_s: float
    wall_most_s: float
    cpu_s: float
    peak_mb: float
    wall_ratio: float | None


def run(folder: Path, rows: int, repeats: int) -> list[Row]:
    """Measure ingest of `rows` synthetic flows a year; input and output are kept in `folder`.

    Raises ValueError where the two do not hold the same rows and dollars.
    """
    csv = synthetic.csv_file(folder, rows, YEAR)
    target = folder / "copied.parquet"

    def ours() -> Run:
        return _added(csv, folder / "store")

    def duckdb() -> Run:
        return measured([sys.executable, "-c", COPY, csv, target, str(THREADS)])

    ours()
    duckdb()
    _compare(_stored(folder / "store"), target)
    runs = alternated({OURS: ours, DUCKDB: duckdb}, repeats)
    beside = spread([one.wall_s for one in runs[DUCKDB]]).median
    table = [_row("one year, CSV", name, rows, measures, beside) for name, measures in runs.items()]
    return [*table, *(_zipped(folder, rows, years) for years in ZIPPED)]


def _zipped(folder: Path, rows: int, years: int) -> Row:
    path = synthetic.zip_file(folder, rows, range(YEAR, YEAR - years, -1)[::-1])
    return _row(f"{years} years, zip", OURS, rows * years, [_added(path, folder / "store")], None)


def _added(path: Path, store: Path) -> Run:
    shutil.rmtree(store, ignore_errors=True)
    threads = {"OMP_NUM_THREADS": str(THREADS), "ARROW_NUM_THREADS": str(THREADS)}
    return measured([sys.executable, "-m", "weaklink", "data", "add", path, "--store", store], threads)


def _stored(store: Path) -> Path:
    (path,) = (store / "snapshots").glob("*.parquet")
    return path


def _compare(ours: Path, copied: Path) -> None:
    """Whether both hold the same number of flows and the same dollars."""
    mine, theirs = pq.read_table(ours, columns=["value_usd"]), pq.read_table(copied, columns=["v"])
    dollars = int(pc.sum(mine["value_usd"]).as_py())
    other = int(pc.sum(pc.round(pc.multiply(theirs["v"], 1000)).cast("int64")).as_py())
    if (len(mine), dollars) != (len(theirs), other):
        raise ValueError(f"{len(mine):,} flows of {dollars:,} dollars, DuckDB {len(theirs):,} of {other:,}")


def _row(job: str, contestant: str, rows: int, runs: Sequence[Run], beside: float | None) -> Row:
    wall = spread([one.wall_s for one in runs])
    return Row(
        job,
        contestant,
        rows,
        THREADS,
        len(runs),
        round(wall.median, 2),
        round(wall.least, 2),
        round(wall.most, 2),
        round(spread([one.cpu_s for one in runs]).median, 2),
        round(max(one.peak_mb for one in runs)),
        None if beside is None else round(wall.median / beside, 2),
    )


def main(folder: Path, rows: int = 11_000_000, repeats: int = 5) -> None:
    """Measure, and print one JSON object a line."""
    for row in run(folder, rows, repeats):
        print(json.dumps(asdict(row)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(word.replace("_", "")) for word in sys.argv[2:]))
