"""How is a stored snapshot read: its card at once, its rows piece by piece, and nothing that was not stored?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from weaklink.errors import StoreError
from weaklink.flows import ARROW, Flows
from weaklink.provenance import Card
from weaklink.snapshotfile import AREAS, CARD, LABELS, WORDS, Words, metadata_of

EVERY_YEAR, EVERY_PRODUCT = (-(2**15), 2**15 - 1), ("", "\U0010ffff")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One stored table of trade flows: where it is, and its card."""

    path: Path
    card: Card

    @classmethod
    def open(cls, path: Path) -> Snapshot:
        """Read the card of a stored file; its rows are read when they are asked for."""
        with reading(path):
            metadata = metadata_of(path)
            if CARD not in metadata:
                raise StoreError(
                    f"{path}: not a snapshot of weaklink (it has no card). Remove it from the store."
                )
            card = Card.from_json(metadata[CARD].decode("utf-8"))
        return cls(path, replace(card, sha256=path.stem))

    def areas(self) -> list[dict[str, Any]]:
        """How much of each year's trade went through areas that are not simply countries."""
        areas: list[dict[str, Any]] = _stored(self.path, AREAS)
        return areas

    def labels(self) -> dict[str, str]:
        """The source's own labels of the products, as far as it brought them."""
        labels: dict[str, str] = _stored(self.path, LABELS)
        return labels

    def opened(self) -> Opened:
        """The snapshot with its footer read and checked, to be read piece by piece."""
        with reading(self.path):
            metadata_of(self.path)
            metadata = pq.read_metadata(self.path)
            places = (_place(metadata.row_group(number), number) for number in range(metadata.num_row_groups))
            return Opened(self.path, metadata, tuple(places), *_words(self.path, metadata))

    def flows(self, years: Sequence[int] | None = None) -> Flows:
        """The flows of some years, or of all; StoreError where a page of them is not what was stored."""
        opened = self.opened()
        chosen = opened.places if years is None else [one for one in opened.places if one.has(years)]
        flows = opened.flows([one.number for one in chosen])
        return flows if years is None else flows.of_years(years)

    def state(self) -> str:
        """`intact`, or what is wrong with the file: its bytes are hashed again."""
        with reading(self.path), self.path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        return "intact" if found == self.card.sha256 else f"damaged: its sha256 is now {found}"


@dataclass(frozen=True, slots=True)
class RowGroup:
    """What a run of a stored table's rows holds: its years, its products from the first to the last, its rows."""

    number: int
    years: tuple[int, int]
    products: tuple[str, str]
    rows: int

    def has(self, years: Sequence[int]) -> bool:
        """Whether it may hold flows of one of some years."""
        return any(self.years[0] <= year <= self.years[1] for year in years)


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A snapshot whose footer is read and checked. Its row groups can be read in any order, by any thread.

    `products` are the codes that occur, sorted; `countries` those that trade in anything in each year.
    """

    path: Path
    metadata: pq.FileMetaData
    places: tuple[RowGroup, ...]
    products: tuple[str, ...]
    countries: Mapping[int, frozenset[str]]

    def traders(self, year: int) -> frozenset[str]:
        """The countries that trade in anything in a year."""
        return self.countries.get(year, frozenset())

    def flows(self, numbers: Sequence[int], *, quantities: bool = True) -> Flows:
        """The flows of some row groups, with dictionaries of their own; without quantities all are unknown.

        Raises StoreError where a page of them is not what was stored.
        """
        columns = [name for name in ARROW.names if quantities or name != "quantity_kg"]
        with (
            reading(self.path),
            pq.ParquetFile(self.path, metadata=self.metadata, page_checksum_verification=True) as file,
        ):
            return Flows.of_sorted(file.read_row_groups(numbers, columns=columns, use_threads=False))


def _words(path: Path, metadata: pq.FileMetaData) -> tuple[tuple[str, ...], Mapping[int, frozenset[str]]]:
    """The codes that occur; a file of before they were stored is read for them."""
    stored = (metadata.metadata or {}).get(WORDS)
    if stored is None:
        columns = [name for name in ARROW.names if name != "quantity_kg"]
        seen = Words()
        seen.see(Flows.of_sorted(pq.read_table(path, columns=columns, page_checksum_verification=True)))
        stored = seen.text()
    found = json.loads(stored)
    return tuple(found["products"]), {
        int(year): frozenset(codes) for year, codes in found["countries"].items()
    }


def _place(group: pq.RowGroupMetaData, number: int) -> RowGroup:
    """What the footer says of a row group; without statistics it may hold anything."""
    spans = {}
    for index in range(group.num_columns):
        column = group.column(index)
        if column.statistics is not None and column.statistics.has_min_max:
            spans[column.path_in_schema] = (column.statistics.min, column.statistics.max)
    return RowGroup(
        number, spans.get("year", EVERY_YEAR), spans.get("product", EVERY_PRODUCT), group.num_rows
    )


def _stored(path: Path, key: bytes) -> Any:  # noqa: ANN401 - what was given to `write`
    with reading(path):
        return json.loads(metadata_of(path)[key])


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Whatever a damaged file makes of its reading is said as what it is: the file is damaged."""
    try:
        yield
    except (OSError, pa.ArrowException, ValueError, LookupError, TypeError) as error:
        raise StoreError(f"{path}: damaged ({error}). Delete this file and add its data again.") from error
