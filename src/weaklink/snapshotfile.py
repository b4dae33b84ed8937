"""How is a snapshot written, so that any part of it can be read alone and no changed bit is taken for a figure?

A snapshot is one Parquet file. Its rows are sorted and cut into row groups of whole products of one year. Its
card, the areas that are not simply countries, the source's product labels, and the codes that occur are in the file's
own metadata. Each page of figures carries a checksum, and the footer, which says where the pages are, a seal.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from weaklink.files import put, written_whole
from weaklink.flows import ARROW, UNKNOWN_KG, Flows, Indices
from weaklink.provenance import Card

CARD, AREAS, LABELS, WORDS = b"weaklink.card", b"weaklink.areas", b"weaklink.labels", b"weaklink.words"
SEAL, UNSEALED = b"weaklink.seal", b"0" * 64  # sha256 of the footer, taken with zeros in its own place
SEAL_PLACE = SEAL + b"\x18\x40"  # how Parquet writes this key; JSON has no such bytes, so no label can be it

GROUP = 1 << 17  # rows of a row group, about

# All but quantities are always there, and declared so: a column that may miss values costs twice the time to
# read. Of 11 million synthetic flows, one thread takes product, countries and value at 97 million rows a second
# and 6.4 bytes a row; with zstd at 57 million and 5.8 bytes, with plain integers at 94 million and 11.7 bytes,
# with differences of integers (DELTA_BINARY_PACKED) at 76 million and 12.1 bytes; all with checked pages, and with
# the products of each row group alone in its dictionary. With all products in each, as now, it is 6.6 bytes; on a
# busy machine 78 to 83 million rows a second were then measured.
STORED = pa.schema([pa.field(one.name, one.type, nullable=one.name == "quantity_kg") for one in ARROW])
ENCODING: Mapping[str, Any] = {
    "compression": "lz4",
    "use_dictionary": ["year", "product", "importer", "exporter"],
    "column_encoding": {"value_usd": "BYTE_STREAM_SPLIT", "quantity_kg": "BYTE_STREAM_SPLIT"},
    "write_statistics": ["year", "product"],
    # Most flipped bits of a page would decompress into other figures without a word.
    "write_page_checksum": True,
}


class Description(NamedTuple):
    """What is stored beside the flows; the totals in it are known when all flows are written."""

    card: Card
    areas: Sequence[Mapping[str, Any]]
    labels: Mapping[str, str]


def write(
    parts: Iterable[Flows],
    describe: Callable[[], Description],
    place: Callable[[str], Path],
    compression: Literal["lz4", "zstd"] = "lz4",
) -> Path:
    """Write one snapshot whole or not at all, holding no more than one part of its flows.

    `parts` are in order, none ends amid a product of a year, and all have the same products and countries,
    of which not each must occur in each. `describe` is asked when all are written.
    `place` gives the path for the digest of the bytes; it is asked with no digest for the directory alone. With zstd
    the file is a sixth smaller and takes twice as long to read.
    """
    words = Words()
    with written_whole(place("").parent) as temporary:
        with pq.ParquetWriter(temporary, STORED, **{**ENCODING, "compression": compression}) as writer:
            for part in parts:
                words.see(part)
                for group in row_groups(part):
                    writer.write_table(group, row_group_size=len(group))
            for key, text in _texts(describe(), words).items():
                writer.add_key_value_metadata({key.decode(): text})
        _seal(temporary)
        final = place(_digest(temporary))
        put(temporary, final)
    return final


class Words:
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


def _texts(said: Description, words: Words) -> dict[bytes, str]:
    return {
        SEAL: UNSEALED.decode(),
        WORDS: words.text(),
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


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _seal(path: Path) -> None:
    with path.open("r+b") as file:
        start, footer = _footer(file)
        file.seek(start + footer.index(SEAL_PLACE + UNSEALED) + len(SEAL_PLACE))
        file.write(hashlib.sha256(footer).hexdigest().encode())


def metadata_of(path: Path) -> dict[bytes, bytes]:
    """What the footer says beside the columns; a footer whose seal is broken is a ValueError."""
    found: dict[bytes, bytes] = pq.read_metadata(path).metadata or {}
    seal = found.get(SEAL)
    if seal is not None:
        with path.open("rb") as file:
            _, footer = _footer(file)
        if hashlib.sha256(footer.replace(seal, UNSEALED)).hexdigest().encode() != seal:
            raise ValueError("the footer is not what was stored")
    return found


def _footer(file: BinaryIO) -> tuple[int, bytes]:
    """Where the footer of a Parquet file begins, and its bytes; its length stands before the last four."""
    end = file.seek(-8, os.SEEK_END)
    start = end - int.from_bytes(file.read(4), "little")
    file.seek(start)
    return start, file.read(end - start)
