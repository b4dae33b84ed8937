"""Which flows are on the cluster, and what must be known of them before they are asked?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from weaklink.errors import RequestError, StoreError
from weaklink.flows import ARROW
from weaklink.snapshot import Opened, Snapshot
from weaklink.snapshotfile import GROUP
from weaklink.study.datasets import Data

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

ROWS = "year short, product string, importer string, exporter string, value_usd long, quantity_kg long"


@dataclass(frozen=True, slots=True)
class Spread:
    """Flows of trade as Spark has them: one row a flow, in the columns of `weaklink.tables.FLOWS`.

    `words` are the countries that the flows of a year are numbered by: the same on every worker, and the same
    as on one machine, for the order in which a sum is taken follows them. `traders` trade in anything in a year.
    `products` are the codes that occur; `pieces` is into how many the items of a year are dealt out.
    """

    rows: DataFrame
    words: Mapping[int, tuple[str, ...]]
    traders: Mapping[int, frozenset[str]]
    products: tuple[str, ...]
    pieces: int

    @property
    def years(self) -> tuple[int, ...]:
        """The years that occur, in order."""
        return tuple(sorted(self.words))


def snapshot_files(paths: Sequence[Path]) -> tuple[Snapshot, ...]:
    """The snapshots among some files and folders: a folder stands for all Parquet files below it.

    Raises RequestError where there is none, StoreError where a file is damaged or none of ours.
    """
    files = [
        file for path in paths for file in (sorted(path.rglob("*.parquet")) if path.is_dir() else [path])
    ]
    if not files:
        raise RequestError(f"--input: no Parquet file in {', '.join(map(str, paths))}. Name snapshots.")
    for file in files:
        if not file.is_file():
            raise StoreError(f"{file}: no such file. Name a snapshot, or a folder of snapshots.")
    return tuple(Snapshot.open(file) for file in dict.fromkeys(file.resolve() for file in files))


def data_of(snapshots: Sequence[Snapshot]) -> Data:
    """Snapshots as the data of a question; RequestError where they do not go together."""
    editions = sorted({one.card.nomenclature for one in snapshots})
    if len(editions) > 1:
        raise RequestError(
            f"--input has editions {' and '.join(editions)} of the Harmonized System, whose codes differ. "
            "Name snapshots of one edition."
        )
    ordered = sorted(snapshots, key=lambda one: (one.card.years, one.card.sha256))
    for one, other in pairwise(ordered):
        if shared := set(one.card.years) & set(other.card.years):
            raise RequestError(
                f"--input has the year {min(shared)} twice: {one.path} and {other.path}. Name one for each year."
            )
    labels = {code: label for one in ordered for code, label in one.labels().items()}
    return Data(tuple(ordered), labels, tuple(one.opened() for one in ordered))


def of_snapshots(spark: SparkSession, data: Data, pieces: int = 0) -> Spread:
    """The flows of some snapshots, which every worker must be able to read under the same path.

    Their footers are checked here, each page of figures by the worker that reads it. Without a number of `pieces`
    a piece has about as many flows as one on one machine.
    """
    by_year = {year: one for one in data.opened for year in one.countries}
    words = {id(one): _words(one) for one in data.opened}
    rows: dict[int, int] = {}
    for one in data.opened:
        for group in one.places:
            rows[group.years[1]] = rows.get(group.years[1], 0) + group.rows
    return Spread(
        rows=spark.read.schema(ROWS).parquet(*(str(one.path) for one in data.opened)).select(*ARROW.names),
        words={year: words[id(one)] for year, one in by_year.items()},
        traders={year: data.traders(year) for year in by_year},
        products=data.products,
        pieces=pieces or max(1, round(max(rows.values(), default=0) / GROUP)),
    )


def _words(opened: Opened) -> tuple[str, ...]:
    """The countries by which the flows of a snapshot are numbered, the same in all of its row groups.

    In a file of before that was so, they are all that occur.
    """
    traders = frozenset().union(*opened.countries.values())
    words = opened.flows([0]).countries if opened.places else ()
    return words if traders <= set(words) else tuple(sorted(traders.union(words)))
