"""How are sums, maxima and places taken of thousands of groups at once?

Flows are sorted, so the suppliers of one importer of one product follow each other: a group is a run, and a
figure of every group is one reduction over an array. There is no hash table and no loop over groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self, TypeVar

import numpy as np
import numpy.typing as npt

Amounts = npt.NDArray[np.int64]
Figures = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int16]
Places = npt.NDArray[np.intp]
Number = TypeVar("Number", np.int64, np.float64, np.int16, np.bool_)

EXACT = 2**53  # whole numbers below it are exact as doubles, and so are their sums


@dataclass(frozen=True)
class Groups:
    """Consecutive runs of the elements of an array, one run for each row of an answer.

    `start` says where the run of each row begins, `size` how many elements there are. Runs follow each other
    without a gap; a run may be empty.
    """

    start: Places
    size: int

    def __len__(self) -> int:
        return len(self.start)

    @cached_property
    def length(self) -> Places:
        """How long each run is."""
        return np.diff(self.start, append=self.size)

    @cached_property
    def full(self) -> Flags:
        """Which runs are not empty."""
        return self.length > 0

    def added(self, values: npt.NDArray[Number]) -> npt.NDArray[Number]:
        """Sum of each run; exact for whole numbers, and 0 for an empty run."""
        return self._reduced(np.add, values)

    def most(self, values: npt.NDArray[Number]) -> npt.NDArray[Number]:
        """Greatest value of each run; 0 for an empty one."""
        return self._reduced(np.maximum, values)

    def spread(self, values: npt.NDArray[Number]) -> npt.NDArray[Number]:
        """A value of each row, repeated for each element of its run."""
        return np.repeat(values, self.length)

    def peak(self, values: npt.NDArray[Number]) -> Places:
        """Where the greatest value of each run stands, of equals the first; -1 for an empty run."""
        hits = np.flatnonzero(values == self.spread(self.most(values)))
        where = np.full(len(self), -1, dtype=np.intp)
        where[self.full] = hits[np.searchsorted(hits, self.start[self.full])]  # such a run has a hit
        return where

    def _reduced(self, reduction: np.ufunc, values: npt.NDArray[Number]) -> npt.NDArray[Number]:
        """A reduction of each run; what reduceat does with an empty run is not what is meant."""
        if len(self) and self.full.all():
            return reduction.reduceat(values, self.start)
        found = np.zeros(len(self), dtype=values.dtype)
        if self.full.any():
            found[self.full] = reduction.reduceat(values, self.start[self.full])
        return found


@dataclass(frozen=True)
class Runs:
    """Amounts of partners, in runs: the suppliers of each row of an answer. No amount is negative.

    `amount` and `partner` have one element for each partner of each row; in a row no partner occurs twice.
    """

    groups: Groups
    amount: Amounts
    partner: Indices

    @classmethod
    def of_rows(cls, matrix: npt.ArrayLike) -> Self:
        """The rows of a matrix, every column being a partner.

        >>> Runs.of_rows([[50, 30, 20]]).total
        array([100])
        """
        amounts = np.asarray(matrix, dtype=np.int64)
        rows, width = amounts.shape
        partner = np.tile(np.arange(width, dtype=np.int16), rows)
        return cls(Groups(np.arange(rows, dtype=np.intp) * width, rows * width), amounts.ravel(), partner)

    def __len__(self) -> int:
        return len(self.groups)

    @cached_property
    def total(self) -> Amounts:
        """Exact sum of each row."""
        return self.groups.added(self.amount)

    @cached_property
    def greatest(self) -> Amounts:
        """The largest amount of each row."""
        return self.groups.most(self.amount)

    def in_group(self, group: Flags) -> Amounts:
        """The amounts of the partners in a group, which has a flag for each country, and zero for the others."""
        return self.amount * group[self.partner]


def summed(place: npt.NDArray[np.integer], amounts: Amounts, size: int) -> Amounts:
    """Exact integer sums by place, in any order of places.

    A histogram with weights adds doubles. Below 2^53 in all, every partial sum is a whole number that a double
    holds exactly; above, integers are added one by one, which takes several times as long.
    """
    if amounts.sum(dtype=np.float64) < EXACT:
        return np.bincount(place, weights=amounts, minlength=size).astype(np.int64)
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, place, amounts)
    return total
