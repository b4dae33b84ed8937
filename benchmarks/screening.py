"""How long does it take to screen a year of world trade for every importer and a bloc, beside other programs?

    python -m benchmarks.screening FOLDER [ROWS [REPEATS]]

Trade is synthetic; the others are pandas, Polars and DuckDB. Ours asks the stored snapshot; they read the same rows
from a Parquet file that suits them better: sorted alike, whole numbers for codes, dollars as integers. All are
processes of their own, in turns, on two threads. What they find is compared first. Seconds are counted inside each
process, from the file to the figures, without starting Python and its libraries; the process is measured besides.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

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
    mine, theirs = files(folder, rows, 1)
    python = peers.python_with(folder, PEERS)
    core = {
        OURS: partial(ours, mine, "core"),
        **{name: partial(peer, python, name, theirs, "core") for name in ("duckdb", "polars", "pandas")},
    }
    everything = {
        OURS: partial(ours, mine, "all"),
        **{name: partial(peer, python, name, theirs, "all") for name in ("duckdb", "pandas")},
    }
    table = [
        *contest("every importer and one bloc: core figures", rows, core, repeats),
        *contest("every importer and one bloc: all indicators", rows, everything, max(1, repeats // 3)),
    ]
    again = alternated({OURS: partial(ours, mine, "again")}, repeats)[OURS]
    seconds = [float(json.loads(one.stdout)["again"]) for one in again]
    return [*table, _row("another bloc, asked of the opened snapshot", OURS, rows, again, seconds, math.nan)]


def scaling(folder: Path, largest: int) -> list[Row]:
    """Ours alone from a hundred thousand rows to `largest`, in years of 11 million at most."""
    table = []
    for rows in (10**5, 10**6, 11 * 10**6, 11 * 10**7):
        if rows <= largest:
            years = max(1, rows // (11 * 10**6))
            mine, _ = files(folder, rows // years, years)
            runs = alternated({OURS: partial(ours, mine, "core")}, 3)[OURS]
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


def ours(file: Path, asked: str) -> Run:
    """One run of ours."""
    return measured(
        [sys.executable, CONTESTANTS / "ours.py", file, ",".join(synthetic.bloc()), asked], _threads()
    )


def peer(python: Path, name: str, file: Path, asked: str) -> Run:
    """One run of another program."""
    countries = sorted(synthetic.country_numbers())
    bloc = ",".join(str(countries.index(code)) for code in synthetic.bloc())
    return measured([python, CONTESTANTS / f"in_{name}.py", file, bloc, asked], _threads())


def _threads() -> dict[str, str]:
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS", "ARROW_NUM_THREADS")
    return dict.fromkeys(names, str(THREADS))


def files(folder: Path, rows: int, years: int) -> tuple[Path, Path]:
    """A snapshot of synthetic years of `rows` flows each, and for one year the Parquet file of the others."""
    place = folder / f"{rows}"
    mine, theirs = place / f"synthetic_snapshot_{years}.parquet", place / "synthetic_sorted.parquet"
    if not mine.exists():
        place.mkdir(parents=True, exist_ok=True)
        card = Card("synthetic", "made-up trade", "nobody", "none", "none", "", "benchmarks")
        parts = (flows(rows, year) for year in range(YEAR - years + 1, YEAR + 1))
        written = write(parts, lambda: Description(card, [], {}), lambda digest: place / (digest or "part"))
        written.rename(mine)
    if years == 1 and not theirs.exists():
        part = theirs.with_suffix(".part")
        pq.write_table(_plain(flows(rows, YEAR)), part, compression="zstd")
        part.rename(theirs)
    return mine, theirs


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


def _plain(found: Flows) -> pa.Table:
    """The columns that others read: whole numbers throughout, an unknown quantity missing."""
    unknown = found.quantity_kg == UNKNOWN_KG
    return pa.table(
        {
            "t": found.year,
            "i": found.exporter,
            "j": found.importer,
            "k": found.product,
            "v": found.value_usd,
            "q": pa.array(found.quantity_kg, mask=unknown),
        }
    )


def lines(table: Sequence[Row]) -> Iterator[str]:
    """The table for reading."""
    yield f"{'job':46} {'who':9} {'rows':>12} {'s':>8} {'wall':>7} {'cpu':>7} {'MB':>6} {'ours/it':>8}"
    for row in table:
        yield (
            f"{row.job:46} {row.contestant:9} {row.rows:12,} {row.seconds:8.3f} {row.wall_s:7.2f} "
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
