"""What goes unserved in a winter at least? Proven by the prices of a coarse programme, in a fiftieth of a solve.

The prices of longer periods are written out by day. Weak duality holds for any prices, so that the bound is one
whatever they are; it is close where what single days add is put right: arrivals of ships are priced by day (`tanks`),
and stock prices fall inside a period where a full store is faster than an empty one.
"""

from __future__ import annotations

import numpy as np

from weaklink import lp
from weaklink.network.aggregate import aggregated, winter_in
from weaklink.network.model import Figures, Network
from weaklink.network.programme import UNSERVED, Places, Programme, curve_lines, programme
from weaklink.network.tanks import Tanks
from weaklink.network.winter_programme import WinterProgramme, WinterSolver
from weaklink.network.winters import Winter


class LowerBound:
    """A network in longer periods, to be solved for one winter after another, and what each solution proves by day."""

    def __init__(self, network: Network, edges: Places) -> None:
        """Build the coarse programme, and the daily one, which is never solved."""
        self.network, self.edges = network, edges
        coarse = aggregated(network, edges)
        self._coarse = WinterSolver(programme(coarse))
        self._basis = self._coarse.solver.solve().basis
        self._unserved_alone = programme(coarse, tie_break=0.0).program.cost
        self._daily = WinterProgramme(programme(network, tie_break=0.0))
        self._tanks = Tanks.of(network)
        self._slopes = [(way, *_slopes(network, way)) for way in ("withdrawal", "injection")]

    @property
    def made(self) -> Programme:
        """The coarse programme."""
        return self._coarse.made

    def plan(self, winter: Winter) -> lp.Solution:
        """The optimum of the coarse programme in a winter."""
        self._coarse.set(winter_in(winter, self.edges, self.network.durations))
        return self._coarse.solver.solve(self._basis)

    def proven(self, winter: Winter) -> float:
        """What goes unserved at least in the winter that was planned last."""
        return max(0.0, self._below(winter, self._prices()))

    def _prices(self) -> Figures:
        """Row prices of the coarse programme where unserved demand alone counts, a few steps from the plan's."""
        solver, costs = self._coarse.solver, self._coarse.made.program.cost
        every = np.arange(len(costs))
        solver.change_costs(every, self._unserved_alone)
        try:
            return solver.solve().row_prices
        finally:
            solver.change_costs(every, costs)

    def _below(self, winter: Winter, coarse_prices: Figures) -> float:
        """Weak duality with the coarse prices, written out by day, and with arrivals priced by day."""
        program, rows = self._daily.program(winter), self._daily.made.rows
        prices = self._by_day(coarse_prices)
        plain = lp.proven_bound(program, prices)
        prices[rows["source"][self._tanks.sources]] = -self._arrival_prices(winter, program, prices)
        return max(plain, lp.proven_bound(program, prices)) / UNSERVED

    def _by_day(self, coarse_prices: Figures) -> Figures:
        coarse, daily = self._coarse.made, self._daily.made
        period = np.repeat(np.arange(len(self.edges) - 1), np.diff(self.edges))
        prices = np.zeros(daily.program.matrix.shape[0])
        for name, rows in daily.rows.items():
            found = coarse_prices[coarse.rows[name]]
            if name in {
                "balance",
                "withdrawal",
                "injection",
            }:  # rows of rates: their prices are for the period
                found = found / coarse.network.durations
            prices[rows] = found if name == "total" else found[:, period]
        prices[daily.rows["stock"]] += self._falling(prices)
        return prices

    def _falling(self, prices: Figures) -> Figures:
        """How stock prices change inside a coarse period: where a full store is fast, early levels are worth more.

        The level of an evening counts in the curves of the days after it, up to the end of the coarse period. This
        makes a unit kept for a day neither a gain nor a loss, as it is from one coarse period to the next.
        """
        rows, network = self._daily.made.rows, self.network
        worth = np.zeros((len(network.storages), network.periods))
        for way, place, slope in self._slopes:
            np.add.at(worth, place, slope * prices[rows[way]])
        upto = np.cumsum(worth, axis=1)
        ends = np.repeat(self.edges[1:] - 1, np.diff(self.edges))
        falling: Figures = upto[:, ends] - upto
        return falling

    def _arrival_prices(self, winter: Winter, program: lp.Program, prices: Figures) -> Figures:
        rows, days = self._daily.made.rows, self.network.durations
        arrivals = winter.daily * days
        arrivals[:, 0] += [source.start for source in self.network.sources]
        return self._tanks.prices(
            nodes=prices[rows["balance"]] / days,
            total=-prices[rows["total"]][:, 0],
            arrivals=arrivals,
            capacity=program.upper[self._daily.made.columns["entry"]] * days,
        )


def _slopes(network: Network, way: str) -> tuple[Places, Figures]:
    """Place of the storage and slope by period, with the shape (lines, periods), of each line that is not flat."""
    place, _, slope = curve_lines(network, way)
    available = [network.series(network.storages[one].availability) for one in place]
    return place, slope[:, None] * np.array(available).reshape(-1, network.periods)
