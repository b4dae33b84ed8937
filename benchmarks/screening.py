"""How long does it take to screen a year of world trade for every importer and a bloc, beside other programs?

    python -m benchmarks.screening FOLDER [ROWS [REPEATS]]

Trade is synthetic; the others are pandas, Polars and DuckDB. Ours asks the stored snapshot; they read the same rows
from Parquet files with whole numbers for codes and dollars, which suits them better: once in the order in which BACI
comes, once sorted as our snapshot is. All are processes of their own, in turns, on two threads. What they find is
compared first. Seconds are counted inside each process, from the file to the figures, without starting Python and its
libraries; the process is measured besides.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import peers, synthetic
from benchmarks.harness import Run, alternated, measured, spread
from weaklink.flows import UNKNOWN_KG, Flows
from weaklink.provenance import Card
from weaklink.snapshotfile import Description, write

THREADS = 2
YEAR = 2022
PEERS = ("pandas==3.1.1", "polars==2.1.0", "duckdb==2.0.0", "pyarrow==26.0.1", "numpy==2.4.6")
CONTESTANTS = Path(__file__).parent / "contestants"
OURS = "weaklink"
SAME = 1e-9  # relative: floating sums are added in different orders


@dataclass(frozen=True, slots=True)
class Row:
    """One contestant at one job: medians of `repeats` runs, on `threads` threads.

    `seconds` is counted inside the process, `wall_s`, `cpu_s` and `peak_mb` are the whole process's; `ratio` is
    ours over it, by `seconds`.
    """

    job: str
    contestant: str
    rows: int
    threads: int
    repeats: int
    seconds: float
    least_s: float
    most_s: float
    wall_s: float
    cpu_s: float
    peak_mb: float
    ratio: float


def run(folder: Path, rows: int, repeats: int) -> list[Row]:
    """Measure every job of a year of `rows` synthetic flows; files are kept in `folder`."""
    mine, own = snapshot(folder, rows, 1), peers.own_python(folder)
    python = peers.python_with(folder, PEERS)

    def asked(what: str, file: Path, names: Sequence[str]) -> dict[str, Callable[[], Run]]:
        others = {name: partial(peer, python, name, file, what) for name in names}
        return {OURS: partial(ours, own, mine, what), **others}

    core, names = "every importer and one bloc: core figures", ("duckdb", "polars", "pandas")
    everything = asked("all", plain(folder, rows, "BACI"), ("duckdb", "pandas"))
    table = [
        *contest(f"{core}, BACI's order", rows, asked("core", plain(folder, rows, "BACI"), names), repeats),
        *contest(f"{core}, our order", rows, asked("core", plain(folder, rows, "ours"), names), repeats),
        *contest("every importer and one bloc: all indicators", rows, everything, max(1, repeats // 3)),
    ]
    again = alternated({OURS: partial(ours, own, mine, "again")}, repeats)[OURS]
    seconds = [float(json.loads(one.stdout)["again"]) for one in again]
    return [*table, _row("another bloc, asked of the opened snapshot", OURS, rows, again, seconds, math.nan)]


def scaling(folder: Path, largest: int) -> list[Row]:
    """Ours alone from a hundred thousand rows to `largest`, in years of 11 million at most."""
    table, own = [], peers.own_python(folder)
    for rows in (10**5, 10**6, 11 * 10**6, 11 * 10**7):
        if rows <= largest:
            years = max(1, rows // (11 * 10**6))
            mine = snapshot(folder, rows // years, years)
            runs = alternated({OURS: partial(ours, own, mine, "core")}, 3)[OURS]
            table.append(_row("by number of rows: core figures", OURS, rows, runs, _inside(runs), math.nan))
    return table


def contest(job: str, rows: int, contestants: dict[str, Callable[[], Run]], repeats: int) -> list[Row]:
    """Compare what all find, then measure them in turns.

    Raises ValueError where two of them do not find the same.
    """
    found = {name: json.loads(one().stdout)["checks"] for name, one in contestants.items()}
    for name, checks in found.items():
        if not np.allclose(checks, found[OURS], rtol=SAME, atol=0):
            raise ValueError(f"{job}: {name} finds {checks}, ours {found[OURS]}: no time counts")
    runs = alternated(contestants, repeats)
    mine = spread(_inside(runs[OURS])).median
    return [_row(job, name, rows, measures, _inside(measures), mine) for name, measures in runs.items()]


def _inside(runs: Sequence[Run]) -> list[float]:
    return [float(json.loads(run.stdout)["seconds"]) for run in runs]


def _row(
    job: str, contestant: str, rows: int, runs: Sequence[Run], seconds: Sequence[float], ours_s: float
) -> Row:
    inside = spread(seconds)
    return Row(
        job=job,
        contestant=contestant,
        rows=rows,
        threads=THREADS,
        repeats=len(runs),
        seconds=round(inside.median, 3),
        least_s=round(inside.least, 3),
        most_s=round(inside.most, 3),
        wall_s=round(spread([one.wall_s for one in runs]).median, 2),
        cpu_s=round(spread([one.cpu_s for one in runs]).median, 2),
        peak_mb=round(max(one.peak_mb for one in runs)),
        ratio=round(ours_s / inside.median, 4),
    )


def ours(python: Path, file: Path, asked: str) -> Run:
    """One run of ours, in an environment with what a user installs."""
    return measured([python, CONTESTANTS / "ours.py", file, ",".join(synthetic.bloc()), asked], _threads())


def peer(python: Path, name: str, file: Path, asked: str) -> Run:
    """One run of another program."""
    countries = sorted(synthetic.country_numbers())
    bloc = ",".join(str(countries.index(code)) for code in synthetic.bloc())
    return measured([python, CONTESTANTS / f"in_{name}.py", file, bloc, asked], _threads())


def _threads() -> dict[str, str]:
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS", "ARROW_NUM_THREADS")
    return dict.fromkeys(names, str(THREADS))


def snapshot(folder: Path, rows: int, years: int) -> Path:
    """A snapshot of synthetic years of `rows` flows each, made where it is not there yet."""
    place = folder / f"{rows}"
    path = place / f"synthetic_snapshot_{years}.parquet"
    if not path.exists():
        place.mkdir(parents=True, exist_ok=True)
        card = Card("synthetic", "made-up trade", "nobody", "none", "none", "", "benchmarks")
        parts = (flows(rows, year) for year in range(YEAR - years + 1, YEAR + 1))
        write(parts, lambda: Description(card, [], {}), lambda digest: place / (digest or "part")).rename(
            path
        )
    return path


def plain(folder: Path, rows: int, order: Literal["BACI", "ours"]) -> Path:
    """A synthetic year as others read it: whole numbers throughout, an unknown quantity missing."""
    path = folder / f"{rows}" / f"synthetic_plain_{order}.parquet"
    if not path.exists():
        found, part = flows(rows, YEAR), path.with_suffix(".part")
        unknown = found.quantity_kg == UNKNOWN_KG
        columns = (found.year, found.exporter, found.importer, found.product, found.value_usd)
        table = pa.table([*columns, pa.array(found.quantity_kg, mask=unknown)], names=list("tijkvq"))
        if order == "BACI":
            table = table.sort_by([(name, "ascending") for name in "ijk"])
        pq.write_table(table, part, compression="zstd", row_group_size=1 << 20)
        part.rename(path)
    return path


def flows(rows: int, year: int) -> Flows:
    """A synthetic year as our table."""
    table = synthetic.trade(rows, year)
    codes = {int(number): iso3 for iso3, number in synthetic.country_numbers().items()}
    countries = tuple(sorted(codes.values()))
    place = np.zeros(1000, dtype=np.int16)
    for number, iso3 in codes.items():
        place[number] = countries.index(iso3)
    product = table["k"].combine_chunks()
    return Flows(
        products=tuple(product.dictionary.to_pylist()),
        countries=countries,
        year=table["t"].to_numpy(),
        product=product.indices.to_numpy().astype(np.int16),
        importer=place[table["j"].to_numpy()],
        exporter=place[table["i"].to_numpy()],
        value_usd=table["v"].to_numpy(),
        quantity_kg=table["q"].fill_null(UNKNOWN_KG).to_numpy(),
    ).in_order()


def lines(table: Sequence[Row]) -> Iterator[str]:
    """The table for reading."""
    yield f"{'job':62} {'who':9} {'rows':>12} {'s':>8} {'wall':>7} {'cpu':>7} {'MB':>6} {'ours/it':>8}"
    for row in table:
        yield (
            f"{row.job:62} {row.contestant:9} {row.rows:12,} {row.seconds:8.3f} {row.wall_s:7.2f} "
            f"{row.cpu_s:7.2f} {row.peak_mb:6,.0f} {row.ratio:8.4f}"
        )


def main(folder: Path, rows: int = 11_000_000, repeats: int = 5) -> None:
    """Measure, print a table, and one JSON object a line."""
    table = [*run(folder, rows, repeats), *scaling(folder, rows * 10)]
    print("\n".join(lines(table)))
    for row in table:
        print(json.dumps(asdict(row)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(word.replace("_", "")) for word in sys.argv[2:]))
