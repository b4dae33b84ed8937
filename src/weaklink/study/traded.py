"""Which flows does a question need, and how are they read: at once and kept, or piece by piece?

What fits is read once and kept, so that the next question about it reads nothing. A year of world trade does not
need to fit: its figures are computed piece by piece, each piece a range of products, by several threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TypeVar

from weaklink.flows import Flows, pooled
from weaklink.study.datasets import Data
from weaklink.trade.panel import Asked, market_of
from weaklink.trade.supply import Market

KEPT = 1 << 21  # rows that are read at once and kept
Part = TypeVar("Part")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Traded:
    """The flows of some products, of all where none is named; read when they are asked for.

    Whoever will ask many questions of the same years says `keep`: what was read and computed of them is then
    kept, whatever its size.
    """

    data: Data
    products: tuple[str, ...] = ()
    keep: bool = False
    _flows: dict[int, Flows] = field(default_factory=dict, compare=False, repr=False)
    _markets: dict[object, list[Callable[[], Market]]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def in_year(self, year: int) -> Flows:
        """All flows of a year, kept from then on."""
        if year not in self._flows:
            self._flows[year] = self.data.flows((year,), products=self.products)
        return self._flows[year]

    def markets(self, years: Sequence[int], asked: Asked) -> list[Callable[[], Market]]:
        """The trade of some years, taken as the last of them, in pieces that are made when they are called."""
        key = (tuple(years), asked.measure, asked.weighs)
        if key in self._markets:
            return self._markets[key]
        pieces = self.pieces(years, quantities=asked.weighs)
        markets = [partial(_market, piece, years[-1], asked) for piece in pieces]
        if not self.keep and self._rows(years) > KEPT:
            return list(markets)
        return self._markets.setdefault(key, [cache(one) for one in markets])

    def pieces(self, years: Sequence[int], *, quantities: bool = True) -> list[Callable[[], Flows]]:
        """The flows of some years in pieces that hold all of an item; each is read when it is called.

        Without `quantities` they may all be unknown.
        """
        if len(years) == 1 and (years[0] in self._flows or self._rows(years) <= KEPT):
            return [partial(self.in_year, years[0])]
        return self.unread(years, quantities=quantities)

    def unread(self, years: Sequence[int], *, quantities: bool = True) -> list[Callable[[], Flows]]:
        """The same pieces, each read where it is called, be it in another process: what is kept does not go along."""
        return [
            partial(self.data.flows, years, products=self.products, within=one, quantities=quantities)
            for one in self.data.ranges(years, self.products)
        ]

    def _rows(self, years: Iterable[int]) -> int:
        """Rows that would have to be read."""
        return sum(group.rows for _, group in self.data.groups(years, self.products))


def mapped(function: Callable[[Part], Found], pieces: Sequence[Callable[[], Part]]) -> list[Found]:
    """What a function gives for each piece, in order; several threads read and compute at a time."""
    return done([partial(_of_piece, function, piece) for piece in pieces])


def mapped_by(
    executor: Executor, function: Callable[[Part], Found], pieces: Sequence[Callable[[], Part]]
) -> list[Found]:
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


def _market(piece: Callable[[], Flows], year: int, asked: Asked) -> Market:
    return market_of(pooled(piece(), year), asked)


def _of_piece(function: Callable[[Part], Found], piece: Callable[[], Part]) -> Found:
    return function(piece())


def _done(job: Callable[[], Found]) -> Found:
    return job()
