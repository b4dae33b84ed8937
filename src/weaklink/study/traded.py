"""Which flows does a question need, and how are they read: at once and kept, or piece by piece?

What fits is read once and kept, so that the next question about it reads nothing. A year of world trade does not
need to fit: its figures are computed piece by piece, each piece a range of products, by several threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from weaklink.flows import Flows
from weaklink.study.datasets import Data

KEPT = 1 << 21  # rows that are read at once and kept
Found = TypeVar("Found")
Piece = Callable[[], Flows]


@dataclass(frozen=True, slots=True)
class Traded:
    """The flows of some products, of all where none is named; read when they are asked for."""

    data: Data
    products: tuple[str, ...] = ()
    _kept: dict[int, Flows] = field(default_factory=dict, compare=False, repr=False)

    def in_year(self, year: int) -> Flows:
        """All flows of a year, kept from then on."""
        if year not in self._kept:
            self._kept[year] = self.data.flows((year,), products=self.products)
        return self._kept[year]

    def pieces(self, years: Sequence[int], *, quantities: bool = True) -> list[Piece]:
        """The flows of some years in pieces that hold all of an item; each is read when it is called.

        Without `quantities` they may all be unknown.
        """
        if len(years) == 1 and (years[0] in self._kept or self._rows(years) <= KEPT):
            return [partial(self.in_year, years[0])]
        ranges = self.data.ranges(years, self.products)
        return [
            partial(self.data.flows, years, products=self.products, within=one, quantities=quantities)
            for one in ranges
        ]

    def _rows(self, years: Iterable[int]) -> int:
        """Rows that would have to be read."""
        return sum(group.rows for _, group in self.data.groups(years, self.products))


def mapped(function: Callable[[Flows], Found], pieces: Sequence[Piece]) -> list[Found]:
    """What a function gives for each piece, in order; several threads read and compute at a time."""
    return done([partial(_of_piece, function, piece) for piece in pieces])


def mapped_by(executor: Executor, function: Callable[[Flows], Found], pieces: Sequence[Piece]) -> list[Found]:
    """The same with an executor of the caller's."""
    return done([partial(_of_piece, function, piece) for piece in pieces], executor)


def done(jobs: Sequence[Callable[[], Found]], executor: Executor | None = None) -> list[Found]:
    """What each of some jobs gives, in order: by an executor of the caller's, else by several threads.

    An executor may run jobs in other processes and on other machines; jobs that are partial applications of
    functions of a module can be sent there.
    """
    if executor is not None:
        return list(executor.map(_done, jobs))
    if len(jobs) == 1:
        return [jobs[0]()]
    with ThreadPoolExecutor(threads()) as own:
        return list(own.map(_done, jobs))


def threads() -> int:
    """How many threads read and compute: those that this process may use, at most eight."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(allowed, 8)


def _of_piece(function: Callable[[Flows], Found], piece: Piece) -> Found:
    return function(piece())


def _done(job: Callable[[], Found]) -> Found:
    return job()
