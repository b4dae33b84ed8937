"""Which k outages together are the worst? Found exactly, by branch and bound, with what proves it.

A plan without the assets S can lose b as well by cancelling all that flows through b: so the loss of S and B together
is at most the loss of S and the flows through B in the plan of S. Sets that cannot beat the best one found are never
solved. This is the attacker's side of an attacker-defender problem (Brown, Carlyle, Salmerón and Wood (2006),
Interfaces 36(6), 530), exact for the periods of the network it is given.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass

from weaklink.network.model import Network
from weaklink.network.outages import Outage, OutageSolver

TOLERANCE = 1e-6  # relative: sets that beat the best by less are not looked for


@dataclass(frozen=True, slots=True, eq=False)
class Worst:
    """The worst outages of `size` assets, and its proof.

    No set of so many assets leaves more than `bound` unserved; `solved` programmes showed it, of `sets` sets that
    there are. The proof is complete where `bound` is the unserved demand of the outage, up to rounding.
    """

    outage: Outage
    size: int
    bound: float
    solved: int
    sets: int

    @property
    def proven(self) -> bool:
        """Whether no set can be worse."""
        return self.bound <= self.outage.unserved + TOLERANCE * (1 + self.outage.unserved)


def worst_outages(
    network: Network, size: int, assets: Sequence[str] | None = None, *, most_solved: int = 100_000
) -> Worst:
    """The set of `size` assets whose loss leaves the most demand unserved; of equal ones, one of them.

    Searching stops after `most_solved` programmes: the result is then not `proven`, and `bound` says how much worse
    another set could be.

    >>> import numpy as np
    >>> from weaklink.network.model import Entry
    >>> network = Network("n", "gas", "GWh", ("all",), ("A",), np.full((1, 1, 1), 10.0), entries=(
    ...     Entry("a", "A", 6.0), Entry("b", "A", 5.0), Entry("c", "A", 4.0)))
    >>> worst = worst_outages(network, 2)
    >>> worst.outage.assets, worst.outage.unserved, worst.proven
    (('a', 'b'), 6.0, True)
    """
    names = tuple(network.assets if assets is None else assets)
    if not 1 <= size <= len(names):
        raise ValueError(f"size is {size}; expected 1 to {len(names)}, the number of assets")
    search = _Search(OutageSolver(network), size)
    search.open((), names)
    while search.waiting and search.solved < most_solved and search.can_improve():
        search.branch()
    return search.result(names)


class _Search:
    """Best-first search: each open set carries the most that any set of the full size above it can lose."""

    def __init__(self, solver: OutageSolver, size: int) -> None:
        self.solver, self.size, self.solved = solver, size, 0
        self.best: Outage | None = None
        # Minus the bound, the assets that are out, those that may follow with their flows, largest first.
        self.waiting: list[tuple[float, tuple[str, ...], tuple[tuple[float, str], ...]]] = []

    def open(self, out: tuple[str, ...], left: Sequence[str]) -> None:
        """Solve a set and put it among the open ones, or among the complete."""
        solution = self.solver.without(out) if out else self.solver.whole
        self.solved += 1
        unserved = float(self.solver.unserved(solution).sum())
        missing = self.size - len(out)
        if missing == 0:
            if self.best is None or unserved > self.best.unserved:
                self.best = self.solver.outage(out)
            return
        flows = sorted(((self.solver.used(solution, name), name) for name in left), reverse=True)
        self._push(unserved, out, tuple(flows))

    def branch(self) -> None:
        """Split the most promising set: with its largest next asset out, and with that asset never out."""
        minus, out, flows = heapq.heappop(self.waiting)
        missing = self.size - len(out)
        unserved = -minus - sum(flow for flow, _ in flows[:missing])
        (_, first), rest = flows[0], flows[1:]
        if len(rest) >= missing:
            self._push(unserved, out, rest)
        self.open((*out, first), [name for _, name in rest])

    def can_improve(self) -> bool:
        """Whether an open set may be worse than the worst found."""
        return self.best is None or self.bound() > self.best.unserved + TOLERANCE * (1 + self.best.unserved)

    def bound(self) -> float:
        """What no set that is still open can exceed."""
        return -self.waiting[0][0] if self.waiting else 0.0

    def result(self, names: Sequence[str]) -> Worst:
        """The worst set found, and what bounds the others."""
        best = self.best or self.solver.outage(names[: self.size])
        sets = math.comb(len(names), self.size)
        bound = max(best.unserved, self.bound() if self.can_improve() else 0.0)
        return Worst(best, self.size, bound, self.solved, sets)

    def _push(self, unserved: float, out: tuple[str, ...], flows: tuple[tuple[float, str], ...]) -> None:
        most = unserved + sum(flow for flow, _ in flows[: self.size - len(out)])
        heapq.heappush(self.waiting, (-most, out, flows))
