"""How are more flows sorted than memory holds?

The flows of each checked block of a file are sorted and laid down as one run. When all of the file is checked,
the runs are read side by side, a few products at a time. Memory then holds a block or a few products,
however large the file is. Runs are kept in memory where that is enough, else in a directory: see `spilled`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Lines = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]

# A key orders flows by (year, product, importer, exporter) and holds these parts, so many bits each.
FIRST_YEAR = 1900
YEAR_BITS, PRODUCT_BITS, AREA_BITS = 8, 20, 12
MOST_AREAS = 1 << AREA_BITS  # of one source; BACI has 238


@dataclass(frozen=True, slots=True)
class Batch:
    """Checked flows in the source's own areas: arrays of equal length.

    `product` is the number that the six digits of a code make. `exporter` and `importer` index the source's
    list of areas; `row` is the line of the file named `file`.
    """

    file: str
    year: Integers
    product: Integers
    exporter: Integers
    importer: Integers
    value_usd: Integers
    quantity_kg: Integers
    row: Integers

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, slots=True)
class Part:
    """Flows of a run, sorted by their keys; arrays of equal length."""

    key: Integers
    row: Lines
    value_usd: Integers
    quantity_kg: Integers

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, slots=True)
class Index:
    """Which items (year and product together, see `item`) a run has, where each begins, and who trades.

    `starts` has one element more than `items`: the end of the last. `areas` are places in the source's list.
    """

    items: Integers
    starts: Places
    areas: Places

    @classmethod
    def of(cls, key: Integers) -> Index:
        """The index of sorted keys."""
        items = item(key)
        first = np.flatnonzero(np.diff(items, prepend=-1))
        seen = np.zeros(MOST_AREAS, dtype=np.bool_)
        for side in areas(key):
            seen[side] = True
        return cls(items[first], np.append(first, len(key)), np.flatnonzero(seen))

    def years(self) -> tuple[int, ...]:
        """The years that occur, in order."""
        return tuple(int(year) + FIRST_YEAR for year in np.unique(self.items >> PRODUCT_BITS))

    def span(self, first: int, last: int) -> tuple[int, int]:
        """From where to where the flows of the items `first` to `last` stand, both included."""
        low, high = np.searchsorted(self.items, [first, last + 1])
        return int(self.starts[low]), int(self.starts[high])


class Run(Protocol):
    """Sorted flows of one block."""

    @property
    def file(self) -> str:
        """The name of the file that the block stands in."""
        ...

    def index(self) -> Index:
        """Which items it has, and where."""
        ...

    def part(self, start: int, end: int) -> Part:
        """Some of its flows."""
        ...


@dataclass(frozen=True, slots=True)
class Mark:
    """Which block of a file a run was made from: its number, and where and how long its text is."""

    number: int
    file: str
    row: int
    length: int


class Runs(Protocol):
    """Where runs are laid down until all of a file is checked. Its methods may be called by any thread."""

    def has(self, mark: Mark) -> bool:
        """Whether the run of this block is there already, whole, from an earlier try."""
        ...

    def put(self, mark: Mark, batch: Batch) -> None:
        """Sort the flows of a block and lay them down."""
        ...

    def all(self) -> Sequence[Run]:
        """All runs in the order of their blocks."""
        ...


def keys(batch: Batch) -> Integers:
    """One integer for each flow that orders as (year, product, importer, exporter) does."""
    key = batch.year.astype(np.int64) - FIRST_YEAR
    for part, bits in (
        (batch.product, PRODUCT_BITS),
        (batch.importer, AREA_BITS),
        (batch.exporter, AREA_BITS),
    ):
        key <<= bits
        key |= part
    return key


def item(key: Integers) -> Integers:
    """Year and product of a key, as one integer."""
    return key >> 2 * AREA_BITS


def areas(key: Integers) -> tuple[Integers, Integers]:
    """Importer and exporter of a key, as places in the source's list of areas."""
    return key >> AREA_BITS & MOST_AREAS - 1, key & MOST_AREAS - 1


def order(key: Integers) -> Places:
    """The places of keys in ascending order, equal ones as they stand.

    Where key and place have room in one integer these are sorted, at half the cost of sorting places by key.
    """
    if not len(key):
        return np.array([], dtype=np.int64)
    least = key.min()
    place_bits = len(key).bit_length()
    if int(key.max() - least).bit_length() + place_bits > 63:
        placed: Places = np.argsort(key, kind="stable")
        return placed
    together: Places = (key - least << place_bits) | np.arange(len(key))
    together.sort()
    together &= (1 << place_bits) - 1
    return together


def sorted_part(batch: Batch) -> Part:
    """The flows of a batch, sorted."""
    key = keys(batch)
    placed = order(key)
    return Part(
        key[placed], batch.row[placed].astype(np.uint32), batch.value_usd[placed], batch.quantity_kg[placed]
    )


# --- in memory


@dataclass(frozen=True, slots=True)
class HeldRun:
    """A run in memory."""

    file: str
    flows: Part

    def index(self) -> Index:
        """Which items it has, and where."""
        return Index.of(self.flows.key)

    def part(self, start: int, end: int) -> Part:
        """Some of its flows."""
        flows = self.flows
        return Part(
            flows.key[start:end],
            flows.row[start:end],
            flows.value_usd[start:end],
            flows.quantity_kg[start:end],
        )


class Held:
    """Runs in memory."""

    def __init__(self) -> None:
        self._runs: dict[int, HeldRun] = {}

    def has(self, _mark: Mark) -> bool:
        """Nothing is kept from an earlier try."""
        return False

    def put(self, mark: Mark, batch: Batch) -> None:
        """Sort the flows of a block and keep them."""
        self._runs[mark.number] = HeldRun(batch.file, sorted_part(batch))

    def all(self) -> Sequence[HeldRun]:
        """All runs in the order of their blocks."""
        return [self._runs[number] for number in sorted(self._runs)]
