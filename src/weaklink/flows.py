"""What is a table of bilateral trade, once it is inside?

Flows are sorted by (year, product, importer, exporter); countries and products are small integers into
sorted dictionaries of text; money is whole dollars and mass whole kilograms, so that every sum is exact in
any order. The same sorted form is stored, so reading it back costs no sorting.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Integers = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int16]
Flags = npt.NDArray[np.bool_]
Number = TypeVar("Number", np.int16, np.int64)

UNKNOWN_KG = -1  # a quantity that the source does not report

ARROW = pa.schema(
    [
        ("year", pa.int16()),
        ("product", pa.dictionary(pa.int16(), pa.string())),
        ("importer", pa.dictionary(pa.int16(), pa.string())),
        ("exporter", pa.dictionary(pa.int16(), pa.string())),
        ("value_usd", pa.int64()),
        ("quantity_kg", pa.int64()),
    ]
)


@dataclass(frozen=True, slots=True)
class Flows:
    """Bilateral trade in sorted order; arrays of equal length, one element per flow.

    `products` and `countries` are sorted; `product`, `importer` and `exporter` index them.
    `quantity_kg` is `UNKNOWN_KG` where the source reports no quantity.
    """

    products: tuple[str, ...]
    countries: tuple[str, ...]
    year: npt.NDArray[np.int16]
    product: Indices
    importer: Indices
    exporter: Indices
    value_usd: Integers
    quantity_kg: Integers

    def __len__(self) -> int:
        return len(self.value_usd)

    @classmethod
    def from_arrow(cls, table: pa.Table) -> Self:
        """Flows of a table in the columns of `ARROW`, in any order and with any dictionaries."""
        return cls.of_sorted(table).in_order()

    @classmethod
    def of_sorted(cls, table: pa.Table, year: int | None = None) -> Self:
        """The same of a table whose rows are sorted already, by their words.

        Its columns of years and quantities may be missing: all are then of `year`, and all quantities unknown.
        """
        product, products = _indexed(table["product"])
        importer, importers = _indexed(table["importer"])
        exporter, exporters = _indexed(table["exporter"])
        countries = importers if importers == exporters else tuple(sorted({*importers, *exporters}))
        return cls(
            products=products,
            countries=countries,
            year=_numpy(table["year"], np.int16) if year is None else np.full(len(table), year, np.int16),
            product=product,
            importer=_translated(importer, importers, countries),
            exporter=_translated(exporter, exporters, countries),
            value_usd=_numpy(table["value_usd"], np.int64),
            quantity_kg=_quantities(table),
        )

    def to_arrow(self) -> pa.Table:
        """The table to store: sorted, dictionaries of text, an unknown quantity as null."""
        unknown = self.quantity_kg == UNKNOWN_KG
        countries = pa.array(self.countries, pa.string())
        columns = [
            pa.array(self.year),
            pa.DictionaryArray.from_arrays(pa.array(self.product), pa.array(self.products, pa.string())),
            pa.DictionaryArray.from_arrays(pa.array(self.importer), countries),
            pa.DictionaryArray.from_arrays(pa.array(self.exporter), countries),
            pa.array(self.value_usd),
            pa.array(self.quantity_kg, mask=unknown),
        ]
        return pa.Table.from_arrays(columns, schema=ARROW)

    def keys(self) -> Integers:
        """One integer per flow that orders as (year, product, importer, exporter) does."""
        key = self.year.astype(np.int64)
        key = key * len(self.products) + self.product
        key = key * len(self.countries) + self.importer
        return key * len(self.countries) + self.exporter

    def in_order(self) -> Self:
        """The same flows, sorted."""
        key = self.keys()
        return self if bool(np.all(key[:-1] <= key[1:])) else self._take(np.argsort(key, kind="stable"))

    def where(self, chosen: Flags) -> Self:
        """The flows that are flagged, in the same order."""
        return self._take(np.flatnonzero(chosen))

    def years(self) -> tuple[int, ...]:
        """The years that occur, in order."""
        return tuple(int(year) for year in np.unique(self.year))

    def traders(self) -> frozenset[str]:
        """The countries that occur as importer or exporter."""
        found = np.zeros(len(self.countries), dtype=np.bool_)
        found[self.importer] = found[self.exporter] = True
        return frozenset(self.countries[index] for index in np.flatnonzero(found))

    def in_year(self, year: int) -> Self:
        """The flows of one year: a slice, since flows are sorted by year first."""
        first, last = np.searchsorted(self.year, [year, year + 1])
        return self._take(slice(int(first), int(last)))

    def of_years(self, years: Sequence[int]) -> Self:
        """The flows of some years, in the same order."""
        chosen = np.isin(self.year, np.array(sorted(set(years)), dtype=np.int64))
        return self if bool(chosen.all()) else self.where(chosen)

    def between(self, after: str, until: str) -> Self:
        """The flows of the products after one and until another, this one included."""
        low, high = bisect_right(self.products, after), bisect_right(self.products, until)
        if (low, high) == (0, len(self.products)):
            return self
        return self.where((self.product >= low) & (self.product < high))

    def of_products(self, products: Sequence[str]) -> Self:
        """The flows of some products; a product that does not occur adds nothing."""
        wanted = np.isin(np.array(self.products, dtype=np.str_), np.array(products, dtype=np.str_))
        return self.where(wanted[self.product])

    def flags(self, countries: Sequence[str]) -> Flags:
        """For each country of the dictionary, whether it is one of `countries`."""
        chosen = set(countries)
        return np.array([code in chosen for code in self.countries], dtype=np.bool_)

    def _take(self, where: slice | npt.NDArray[np.intp]) -> Self:
        return type(self)(
            self.products,
            self.countries,
            self.year[where],
            self.product[where],
            self.importer[where],
            self.exporter[where],
            self.value_usd[where],
            self.quantity_kg[where],
        )


def joined(parts: Sequence[Flows]) -> Flows:
    """The flows of several tables as one, sorted; each may have dictionaries of its own."""
    tables = [part.to_arrow() for part in parts] or [ARROW.empty_table()]
    return Flows.from_arrow(pa.concat_tables(tables))


def pooled(flows: Flows, year: int) -> Flows:
    """The flows of several years added up and taken as one year's; those of this one year stay as they are."""
    if bool((flows.year == year).all()):
        return flows
    as_one = replace(flows, year=np.full(len(flows), year, dtype=np.int16))
    return merged(as_one.in_order())


def merged(flows: Flows) -> Flows:
    """Add up flows with the same year, product, importer and exporter.

    They arise where two statistical areas become one country. A sum with an unknown quantity is unknown.
    """
    key = flows.keys()
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.array([], dtype=np.intp)
    if len(starts) == len(key):
        return flows
    first = flows._take(starts)
    known = np.logical_and.reduceat(flows.quantity_kg != UNKNOWN_KG, starts)
    quantity = np.where(known, np.add.reduceat(flows.quantity_kg, starts), UNKNOWN_KG)
    return Flows(
        flows.products,
        flows.countries,
        first.year,
        first.product,
        first.importer,
        first.exporter,
        np.add.reduceat(flows.value_usd, starts),
        quantity,
    )


def _indexed(column: pa.ChunkedArray) -> tuple[Indices, tuple[str, ...]]:
    """Sorted dictionary of a text column, and the index of each row into it."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    whole = column.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):  # an empty column has no chunk to combine
        return np.array([], dtype=np.int16), ()
    used, order = _words(whole.dictionary)
    return _translated(whole.indices.to_numpy(zero_copy_only=False), used, order), order


def _words(dictionary: pa.Array) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a dictionary, as they stand and sorted."""
    plain = dictionary.cast(pa.string())
    _, offsets, text = plain.buffers()
    if offsets is None:
        return (), ()
    return _decoded(len(plain), plain.offset, offsets.to_pybytes(), text.to_pybytes() if text else b"")


@lru_cache(maxsize=64)
def _decoded(
    length: int, offset: int, offsets: bytes, text: bytes
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remembered: the pieces of a snapshot share their dictionaries, thousands of words each."""
    buffers = (pa.py_buffer(offsets), pa.py_buffer(text))
    used = tuple(pa.StringArray.from_buffers(length, *buffers, offset=offset).to_pylist())
    order = tuple(sorted(used))
    return used, used if order == used else order


def _translated(index: npt.NDArray[np.integer], old: Sequence[str], words: Sequence[str]) -> Indices:
    """Indices into `old` as indices into `words`, which have all of them."""
    if old is words:
        return index.astype(np.int16, copy=False)
    place = {code: position for position, code in enumerate(words)}
    new = np.array([place[code] for code in old], dtype=np.int16)
    return new[index] if len(old) else np.array([], dtype=np.int16)


def _quantities(table: pa.Table) -> Integers:
    """Kilograms, unknown where there is none, and everywhere where the column was not read."""
    if "quantity_kg" not in table.column_names:
        return np.broadcast_to(np.int64(UNKNOWN_KG), len(table))
    return _numpy(pc.fill_null(table["quantity_kg"], UNKNOWN_KG), np.int64)


def _numpy(column: pa.ChunkedArray, kind: type[Number]) -> npt.NDArray[Number]:
    return np.asarray(column.to_numpy(), dtype=kind)
