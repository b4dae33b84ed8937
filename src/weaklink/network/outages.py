"""What does each single outage cost? Every asset taken out for the horizon, the losses ranked.

Each figure is exact: bounds that meet (`outage_bounds`), which need no solving, or an optimum found from that of the
whole network. Losses of single outages bound nothing about outages together; see `worst` for those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import chain

import numpy as np

from weaklink import lp
from weaklink.network.model import Figures, Network
from weaklink.network.outage_bounds import OutageBounds
from weaklink.network.programme import Places, Programme, programme

USED = 1e-9  # a rate below is no use of an asset
SPARED_TOGETHER = (
    1000,
    16,
)  # so many assets at once are spared, where their loss may cost nothing: all, then fewer
SPARING = (
    100.0  # cost of a unit that spared assets bring: above all tie-breaks, below that of unserved demand
)


@dataclass(frozen=True, slots=True, eq=False)
class Outage:
    """What goes unserved without some assets, over the horizon and in the network's unit.

    `extra` is the unserved demand beyond that of the whole network; `by_node` all of it, node by node, in one plan of
    possibly several with this total. `solved` tells an optimum of the solver from bounds that meet.
    """

    assets: tuple[str, ...]
    unserved: float
    extra: float
    by_node: Figures
    solved: bool = True


class OutageSolver:
    """The programme of a network, kept to be solved again and again with assets missing."""

    def __init__(self, network: Network) -> None:
        """Build and solve the whole network."""
        self.made: Programme = programme(network)
        self._solver = lp.Solver(self.made.program)
        self._lower = self.made.program.lower.copy()
        self._upper = self.made.program.upper.copy()
        self.whole = self._solver.solve()

    def without(self, assets: Iterable[str]) -> lp.Solution:
        """The optimum without some assets."""
        places = np.unique(np.concatenate([self.made.of_asset(asset) for asset in assets]))
        if self.whole.x[places].max(initial=0.0) < USED:
            return self.whole
        nothing = np.zeros(len(places))
        self._solver.change_columns(places, nothing, nothing)
        try:
            return self._solver.solve(self.whole.basis)
        finally:
            self._solver.change_columns(places, self._lower[places], self._upper[places])

    def outage(self, assets: Iterable[str]) -> Outage:
        """What goes unserved without some assets."""
        names = tuple(sorted(assets))
        return self._told(names, self.without(names).x, solved=True)

    def single(self, assets: Sequence[str]) -> Iterator[Outage]:
        """What goes unserved without each of some assets alone."""
        bounds = self._bounds()
        met = dict(bounds.met(assets))
        for size in SPARED_TOGETHER:
            free = [asset for asset in assets if asset not in met and bounds.may_be_free(asset)]
            count = -(-len(free) // size)
            for group in (free[part::count] for part in range(count)):
                met |= bounds.met(group, self._sparing(np.concatenate([bounds.ways(one) for one in group])))
        for asset in assets:
            if asset in met:
                yield self._told((asset,), met[asset], solved=False)
            else:
                yield self.outage((asset,))

    def _sparing(self, ways: Places) -> Figures:
        """A plan of the whole network with the least unserved demand that uses some columns as little as it can."""
        costs = self.made.program.cost[ways]
        self._solver.change_costs(ways, costs + SPARING)
        try:
            return self._solver.solve(self.whole.basis).x
        finally:
            self._solver.change_costs(ways, costs)

    def unserved(self, solution: lp.Solution) -> Figures:
        """Unserved demand of each node over the horizon."""
        return self._by_node(solution.x)

    def _by_node(self, x: Figures) -> Figures:
        rates = np.maximum(x[self.made.unserved], 0.0)
        found: Figures = np.einsum("cnt,t->n", rates, self.made.network.durations)
        return found

    def _told(self, names: tuple[str, ...], x: Figures, *, solved: bool) -> Outage:
        by_node, whole = self._by_node(x), self._by_node(self.whole.x)
        total, before = float(by_node.sum()), float(whole.sum())
        return Outage(names, total, total - before, by_node, solved)

    def _bounds(self) -> OutageBounds:
        """Bounds from the whole network's plan, and prices where unserved demand alone counts: a few steps more."""
        pure = programme(self.made.network, tie_break=0.0).program
        costs = self.made.program.cost
        every = np.arange(len(costs))
        self._solver.change_costs(every, pure.cost)
        try:
            prices = self._solver.solve(self.whole.basis).row_prices
        finally:
            self._solver.change_costs(every, costs)
        return OutageBounds(self.made, pure, self.whole.x, prices)

    def used(self, solution: lp.Solution, asset: str) -> float:
        """How much of the asset's capacity a plan uses, as an amount over the horizon: what its loss can cost at most.

        Cancelling all that flows through the asset, and what would have followed upstream, leaves a plan that
        can be carried out. So no more than this goes unserved in addition.
        """
        network = self.made.network
        places = self.made.of_asset(asset).reshape(-1, network.periods)
        return float((solution.x[places] @ network.durations).sum())


def single_outages(
    network: Network, assets: Sequence[str] | None = None, *, executor: Executor | None = None, parts: int = 2
) -> tuple[Outage, ...]:
    """Every asset, or those named, taken out alone; the largest loss first, equal ones by name.

    An executor solves the assets in so many parts at once.

    >>> from weaklink.network.model import Entry, Link
    >>> network = Network("n", "gas", "GWh", ("all",), ("A", "B"), np.full((1, 2, 2), 10.0),
    ...     links=(Link("A-B", "A", "B", 6.0),), entries=(Entry("well", "B", 3.0), Entry("sea", "A", 40.0)))
    >>> [(one.assets, one.extra) for one in single_outages(network)]
    [(('sea',), 32.0), (('A-B',), 12.0), (('well',), 6.0)]
    """
    names = network.assets if assets is None else tuple(assets)
    if executor is None:
        found: Iterable[Outage] = _each(network, names)
    else:
        chunks = [names[part::parts] for part in range(parts)]
        found = chain.from_iterable(executor.map(_each, [network] * parts, chunks))
    return tuple(sorted(found, key=lambda one: (-round(one.extra, 6), one.assets)))


def _each(network: Network, assets: Sequence[str]) -> list[Outage]:
    return list(OutageSolver(network).single(assets))
