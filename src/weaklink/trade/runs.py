"""How are sums, maxima and places taken of thousands of groups at once?

Flows are sorted, so the suppliers of one importer of one product follow each other: a group is a run, and a
figure of every group is one reduction over an array. There is no hash table and no loop over groups.
"""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Runs:
    """Amounts of partners in consecutive runs, one run for each row of an answer.

    `amount` and `partner` have one element for each partner of each row, `start` and `length` one for each row:
    where its run begins and how long it is. A run may be empty. No amount is negative.
    """

    amount: Amounts
    partner: Indices
    start: Places
    length: Places

    @classmethod
    def at(cls, amount: Amounts, partner: Indices, start: Places) -> Self:
        """Runs that begin at `start` and end where the next one begins."""
        return cls(amount, partner, start, np.diff(np.append(start, len(amount))))

    @classmethod
    def of_rows(cls, matrix: npt.ArrayLike) -> Self:
        """The rows of a matrix, every column being a partner.

        >>> Runs.of_rows([[50, 30, 20]]).added().tolist()
        [100]
        """
        amounts = np.asarray(matrix, dtype=np.int64)
        rows, width = amounts.shape
        return cls(
            amount=amounts.ravel(),
            partner=np.tile(np.arange(width, dtype=np.int16), rows),
            start=np.arange(rows, dtype=np.intp) * width,
            length=np.full(rows, width, dtype=np.intp),
        )

    def __len__(self) -> int:
        return len(self.start)

    def added(self, values: Amounts | None = None) -> Amounts:
        """Exact sum of each run, of the amounts or of other whole numbers in their places; 0 for an empty one."""
        return self._reduced(np.add, self.amount if values is None else values, np.zeros(len(self), np.int64))

    def added_figures(self, values: Figures) -> Figures:
        """Sum of each run of figures; 0 for an empty one."""
        return self._reduced(np.add, values, np.zeros(len(self)))

    def most(self, amounts: Amounts | None = None) -> Amounts:
        """Greatest amount of each run; 0 for an empty one."""
        values = self.amount if amounts is None else amounts
        return self._reduced(np.maximum, values, np.zeros(len(self), np.int64))

    def peak(self, amounts: Amounts | None = None) -> Places:
        """Where the greatest amount of each run stands, of equals the first; -1 for an empty run."""
        values = self.amount if amounts is None else amounts
        hits = np.flatnonzero(values == self.spread(self.most(values)))
        where = np.full(len(self), -1, dtype=np.intp)
        full = self.length > 0
        where[full] = hits[np.searchsorted(hits, self.start[full])]  # every run that is not empty has a hit
        return where

    def spread(self, values: npt.NDArray[Number]) -> npt.NDArray[Number]:
        """A value of each row, repeated for each of its partners."""
        return np.repeat(values, self.length)

    def _reduced(
        self, reduction: np.ufunc, values: npt.NDArray[Number], found: npt.NDArray[Number]
    ) -> npt.NDArray[Number]:
        """One reduction of each run that is not empty, put into `found`."""
        full = self.length > 0
        if full.all():
            return reduction.reduceat(values, self.start) if len(self) else found
        if full.any():
            found[full] = reduction.reduceat(values, self.start[full])
        return found


def summed(place: Places, amounts: Amounts, size: int) -> Amounts:
    """Exact integer sums by place.

    A histogram with weights adds doubles. Below 2^53 in all, every partial sum is a whole number that a double
    holds exactly; above, integers are added one by one, which takes several times as long.
    """
    if amounts.sum(dtype=np.float64) < EXACT:
        return np.bincount(place, weights=amounts, minlength=size).astype(np.int64)
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, place, amounts)
    return total
