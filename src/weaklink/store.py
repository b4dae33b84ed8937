"""Where do checked tables live, and how do we know that they are still what was stored?

A snapshot is one immutable Parquet file named by the sha256 of its bytes; its card, the areas that are not
simply countries, and the source's product labels are in the file's own metadata. It is written whole or
not at all: to a temporary file beside its place, flushed to disk, then renamed. A process that is killed
at any moment leaves the old state; the leftover is removed by the next writer.

To hash a whole file before every question would cost more than the question. So each page of figures carries
a checksum, and the footer, which says where the pages are, a seal: a changed bit is refused where it is met.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from weaklink.errors import StoreError
from weaklink.files import put, sweep, unwritable, written_whole
from weaklink.flows import ARROW, UNKNOWN_KG, Flows, Indices
from weaklink.provenance import Card
from weaklink.workplace import workplace

CARD, AREAS, LABELS, WORDS = b"weaklink.card", b"weaklink.areas", b"weaklink.labels", b"weaklink.words"
EVERY_YEAR, EVERY_PRODUCT = (-(2**15), 2**15 - 1), ("", "\U0010ffff")
SEAL, UNSEALED = b"weaklink.seal", b"0" * 64  # sha256 of the footer, taken with zeros in its own place
SEAL_PLACE = SEAL + b"\x18\x40"  # how Parquet writes this key; JSON has no such bytes, so no label can be it

GROUP = 1 << 17  # rows of a row group, about

# All but quantities are always there, and declared so: a column that may miss values costs twice the time to
# read. Of 11 million synthetic flows, one thread takes product, countries and value at 97 million rows a second
# and 6.4 bytes a row; with zstd at 57 million and 5.8 bytes, with plain integers at 94 million and 11.7 bytes,
# with differences of integers (DELTA_BINARY_PACKED) at 76 million and 12.1 bytes; all with checked pages.
STORED = pa.schema([pa.field(one.name, one.type, nullable=one.name == "quantity_kg") for one in ARROW])
ENCODING: Mapping[str, Any] = {
    "compression": "lz4",
    "use_dictionary": ["year", "product", "importer", "exporter"],
    "column_encoding": {"value_usd": "BYTE_STREAM_SPLIT", "quantity_kg": "BYTE_STREAM_SPLIT"},
    "write_statistics": ["year", "product"],
    # Most flipped bits of a page would decompress into other figures without a word.
    "write_page_checksum": True,
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One stored table of trade flows: where it is, and its card."""

    path: Path
    card: Card

    @classmethod
    def open(cls, path: Path) -> Snapshot:
        """Read the card of a stored file; its rows are read when they are asked for."""
        with _reading(path):
            metadata = _metadata(path)
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
        with _reading(self.path):
            _metadata(self.path)
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
        with _reading(self.path), self.path.open("rb") as file:
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
            _reading(self.path),
            pq.ParquetFile(self.path, metadata=self.metadata, page_checksum_verification=True) as file,
        ):
            return Flows.of_sorted(file.read_row_groups(numbers, columns=columns, use_threads=False))


def _words(path: Path, metadata: pq.FileMetaData) -> tuple[tuple[str, ...], Mapping[int, frozenset[str]]]:
    """The codes that occur; a file of before they were stored is read for them."""
    stored = (metadata.metadata or {}).get(WORDS)
    if stored is None:
        columns = [name for name in ARROW.names if name != "quantity_kg"]
        table = pq.read_table(path, columns=columns, page_checksum_verification=True)
        seen = _Words()
        seen.see(Flows.of_sorted(table))
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


class Description(NamedTuple):
    """What is stored beside the flows; the totals in it are known when all flows are written."""

    card: Card
    areas: Sequence[Mapping[str, Any]]
    labels: Mapping[str, str]


def write(parts: Iterable[Flows], describe: Callable[[], Description], place: Callable[[str], Path]) -> Path:
    """Write one snapshot whole or not at all, holding no more than one part of its flows.

    `parts` are in order, none ends amid a product of a year, and all have the same products and countries,
    of which not each must occur in each. `describe` is asked when all are written.
    `place` gives the path for the digest of the bytes; it is asked with no digest for the directory alone.
    """
    words = _Words()
    with written_whole(place("").parent) as temporary:
        with pq.ParquetWriter(temporary, STORED, **ENCODING) as writer:
            for part in parts:
                words.see(part)
                for group in row_groups(part):
                    writer.write_table(group, row_group_size=len(group))
            for key, text in _texts(describe(), words.text()).items():
                writer.add_key_value_metadata({key.decode(): text})
        _seal(temporary)
        final = place(_digest(temporary))
        put(temporary, final)
    return final


class _Words:
    """The codes that occur in flows that pass by: products, and the countries that trade in each year."""

    def __init__(self) -> None:
        self.products: set[str] = set()
        self.countries: dict[int, set[str]] = {}

    def see(self, flows: Flows) -> None:
        """Note the codes of some flows."""
        self.products.update(flows.products[index] for index in np.unique(flows.product))
        for year in flows.years():
            self.countries.setdefault(year, set()).update(flows.in_year(year).traders())

    def text(self) -> str:
        """What is stored of them."""
        countries = {str(year): sorted(codes) for year, codes in sorted(self.countries.items())}
        return json.dumps({"products": sorted(self.products), "countries": countries}, ensure_ascii=False)


def _texts(said: Description, words: str) -> dict[bytes, str]:
    return {
        SEAL: UNSEALED.decode(),
        WORDS: words,
        CARD: said.card.to_json(),
        AREAS: json.dumps(list(said.areas), ensure_ascii=False),
        LABELS: json.dumps(dict(said.labels), ensure_ascii=False),
    }


def row_groups(flows: Flows) -> Iterator[pa.Table]:
    """Flows in pieces of about GROUP rows that a reader can take each by itself.

    None mixes two years or splits a product of a year. All have the same dictionaries, so that a number of a
    product or country means the same in each.
    """
    products, countries = pa.array(flows.products, pa.string()), pa.array(flows.countries, pa.string())
    for year in flows.years():
        one = flows.in_year(year)
        starts = np.flatnonzero(np.diff(one.product, prepend=-1))
        ends = np.append(starts[1:], len(one))
        group = (ends - 1) * max(1, round(len(one) / GROUP)) // len(one)
        first = starts[np.diff(group, prepend=-1) != 0]
        for start, end in pairwise([*first.tolist(), len(one)]):
            yield _row_group(one, slice(start, end), products, countries)


def _row_group(flows: Flows, rows: slice, products: pa.Array, countries: pa.Array) -> pa.Table:
    quantity = flows.quantity_kg[rows]
    columns = [
        pa.array(flows.year[rows]),
        _dictionary(flows.product[rows], products),
        _dictionary(flows.importer[rows], countries),
        _dictionary(flows.exporter[rows], countries),
        pa.array(flows.value_usd[rows]),
        pa.array(quantity, mask=quantity == UNKNOWN_KG),
    ]
    return pa.Table.from_arrays(columns, schema=STORED)


def _dictionary(indices: Indices, words: pa.Array) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(indices), words)


class Store:
    """The snapshots that a user added, in one directory."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def folder(self) -> Path:
        """The directory that holds the snapshot files."""
        return self.root / "snapshots"

    def snapshots(self) -> tuple[Snapshot, ...]:
        """All snapshots, by name and year. What a killed writer left behind is not one.

        Raises StoreError that names every file which is damaged or none of ours.
        """
        try:
            paths = [path for path in self.folder.iterdir() if path.suffix == ".parquet"]
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise StoreError(
                f"{self.folder}: cannot be listed ({error.strerror or error}). "
                "Check its permissions, or choose another place with --store."
            ) from error
        found, damaged = [], []
        for path in sorted(paths):
            try:
                found.append(Snapshot.open(path))
            except StoreError as error:
                damaged.append(str(error))
        if damaged:
            raise StoreError("\n".join(damaged))
        return tuple(sorted(found, key=lambda one: (one.card.name, one.card.years, one.card.sha256)))

    def add(
        self, flows: Flows, card: Card, areas: Sequence[Mapping[str, Any]], labels: Mapping[str, str]
    ) -> Snapshot:
        """Store flows that are whole in memory; see `add_parts`."""
        return self.add_parts([flows], lambda: Description(card, areas, labels))

    def add_parts(self, parts: Iterable[Flows], describe: Callable[[], Description]) -> Snapshot:
        """Store flows under the name of their card, part by part as they come; see `write`.

        Adding the same table again changes nothing. A different table for a year that the data set already
        has is refused: two answers to one question never mix silently.
        """
        sweep(self.folder)
        said: list[Description] = []

        def described() -> Description:
            said.append(describe())
            return said[0]

        def place(digest: str) -> Path:
            if digest:  # written, and about to be renamed
                self._refuse_overlap(said[0].card, digest)
            return self.folder / f"{digest}.parquet"

        return Snapshot.open(write(parts, described, place))

    @contextmanager
    def workplace(self, key: str, size: int) -> Iterator[Path]:
        """A directory for work that is to be stored here, and takes `size` bytes of disk meanwhile.

        What an interrupted try under the same key left is still there; see `weaklink.workplace`. StoreError where
        there is no room, or where it runs out.
        """
        self._refuse_lack(size)
        try:
            with workplace(self.root / "unfinished", key) as place:
                try:
                    yield place
                finally:
                    with suppress(OSError):  # not empty: something is stored
                        self.folder.rmdir()
        except OSError as error:
            raise unwritable(self.folder, error) from error

    def _refuse_lack(self, size: int) -> None:
        there = next(one for one in (self.root, *self.root.absolute().parents) if one.exists())
        free = shutil.disk_usage(there).free
        if size > free:
            reason = f"No space left on device: {size >> 20:,} MB are needed, {free >> 20:,} MB are free"
            raise unwritable(self.folder, OSError(errno.ENOSPC, reason))

    def remove(self, name: str) -> tuple[Snapshot, ...]:
        """Remove every snapshot of a data set; StoreError where there is none."""
        mine = tuple(one for one in self.snapshots() if one.card.name == name)
        if not mine:
            raise StoreError(f"no data set {name!r} in {self.folder}. `weaklink data list` names them.")
        for one in mine:
            try:
                one.path.unlink(missing_ok=True)
            except OSError as error:
                reason = error.strerror or error
                raise StoreError(f"{one.path}: not removed ({reason}). Check its permissions.") from error
        return mine

    def _refuse_overlap(self, card: Card, digest: str) -> None:
        """Refuse a table for years that its data set already has from another one."""
        for one in self.snapshots():
            other = one.card.name == card.name and one.card.sha256 != digest
            if shared := set(one.card.years) & set(card.years) if other else set():
                listed = ", ".join(str(year) for year in sorted(shared))
                same = one.card.original_sha256 == card.original_sha256
                whence = "the same file in another way" if same else "another file"
                raise StoreError(
                    f"{card.name} already has {listed}, read from {whence} "
                    f"(sha256 {one.card.original_sha256[:12]}…). Give this one another --name, "
                    f"or remove the old one: weaklink data remove {card.name}"
                )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stored(path: Path, key: bytes) -> Any:  # noqa: ANN401 - what was given to `write`
    with _reading(path):
        return json.loads(_metadata(path)[key])


def _metadata(path: Path) -> dict[bytes, bytes]:
    """What the footer says beside the columns; a footer whose seal is broken is a ValueError."""
    metadata: dict[bytes, bytes] = pq.read_metadata(path).metadata or {}
    seal = metadata.get(SEAL)
    if seal is not None:
        with path.open("rb") as file:
            _, footer = _footer(file)
        if hashlib.sha256(footer.replace(seal, UNSEALED)).hexdigest().encode() != seal:
            raise ValueError("the footer is not what was stored")
    return metadata


def _seal(path: Path) -> None:
    with path.open("r+b") as file:
        start, footer = _footer(file)
        file.seek(start + footer.index(SEAL_PLACE + UNSEALED) + len(SEAL_PLACE))
        file.write(hashlib.sha256(footer).hexdigest().encode())


def _footer(file: BinaryIO) -> tuple[int, bytes]:
    """Where the footer of a Parquet file begins, and its bytes; its length stands before the last four."""
    end = file.seek(-8, os.SEEK_END)
    start = end - int.from_bytes(file.read(4), "little")
    file.seek(start)
    return start, file.read(end - start)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Whatever a damaged file makes of its reading is said as what it is: the file is damaged."""
    try:
        yield
    except (OSError, pa.ArrowException, ValueError, LookupError, TypeError) as error:
        raise StoreError(f"{path}: damaged ({error}). Delete this file and add its data again.") from error
