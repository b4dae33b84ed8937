"""Between which two figures does the least unserved demand of a winter lie? Faster than solving it.

Below: a coarse programme of longer periods is solved; its prices, written out by day, bound the daily programme by weak
duality, whatever they are; arrivals of ships are priced by day (`tanks`). Above: the daily winter is planned one coarse
period after another, towards the coarse plan's levels of storages and buffers, which are valued at its prices: a plan
that can be carried out as it stands. Both figures are of the daily network and hold whatever the coarse one leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from weaklink import lp
from weaklink.network.aggregate import aggregated, weeks, winter_in
from weaklink.network.model import Figures, Network, asset_of
from weaklink.network.programme import UNSERVED, Places, Programme, programme
from weaklink.network.rolling import window
from weaklink.network.tanks import Tanks
from weaklink.network.winters import Winter, as_listed

DEAREST = 0.99 * UNSERVED  # what a unit missing from a target costs at most: less than going short now
LEAST = 0.5 * UNSERVED  # and at least: above what any supply costs
STOCK_KEPT, BUFFER_KEPT = (
    2.0,
    0.5,
)  # worth of a unit above the target: nothing is thrown away, ships come before stores


@dataclass(frozen=True, slots=True, eq=False)
class Bracket:
    """Least unserved demand of a winter: at least `low`, at most `high`, in the network's unit.

    `high` is what one plan leaves unserved, by node in `by_node`; `storage` is its total level of all storages at the
    end of each coarse period. `demand` is the winter's demand by node.
    """

    low: float
    high: float
    by_node: Figures
    demand: Figures
    storage: Figures

    @property
    def gap(self) -> float:
        """Width of the bracket as a share of its upper end; 0 where nothing goes unserved."""
        return (self.high - self.low) / self.high if self.high > 0 else 0.0


class WinterProgramme:
    """A network's programme whose figures are replaced by those of one winter after another."""

    def __init__(self, made: Programme) -> None:
        """Remember which columns follow which asset."""
        self.made, network = made, made.network
        places = {asset: place for place, asset in enumerate(network.assets)}
        parts = (("forward", network.links), ("backward", network.links), ("entry", network.entries))
        stores = (("withdrawal", network.storages), ("injection", network.storages))
        rates = np.concatenate([made.columns[name] for name, _ in (*parts, *stores)])
        self._asset = np.array(
            [places[asset_of(one)] for _, group in (*parts, *stores) for one in group], dtype=np.int64
        )
        self._capacity = made.program.upper[rates]
        self.columns = np.concatenate([rates.ravel(), made.columns["unserved"].ravel()])
        self.rows = np.concatenate([made.rows["balance"].ravel(), made.rows["source"].ravel()])

    def upper(self, winter: Winter) -> Figures:
        """Upper bounds of `columns` in a winter; their lower bounds are zero."""
        return np.concatenate([(self._capacity * winter.service[self._asset]).ravel(), winter.demand.ravel()])

    def bounds(self, winter: Winter, starts: Figures | None = None) -> tuple[Figures, Figures]:
        """Bounds of `rows`; `starts` are the sources' buffers on the first morning, else as listed."""
        network = self.made.network
        arrivals = winter.daily * network.durations
        arrivals[:, 0] += [source.start for source in network.sources] if starts is None else starts
        most = np.concatenate([winter.demand.sum(axis=0).ravel(), arrivals.ravel()])
        least = most.copy()
        least[self.made.rows["balance"].size :] = -np.inf
        return least, most

    def program(self, winter: Winter) -> lp.Program:
        """The programme of a winter."""
        program = self.made.program
        upper, row_lower, row_upper = program.upper.copy(), program.row_lower.copy(), program.row_upper.copy()
        upper[self.columns] = self.upper(winter)
        row_lower[self.rows], row_upper[self.rows] = self.bounds(winter)
        return replace(program, upper=upper, row_lower=row_lower, row_upper=row_upper)


class WinterSolver(WinterProgramme):
    """The same, kept in a solver."""

    def __init__(self, made: Programme) -> None:
        """Hand the programme over."""
        super().__init__(made)
        self.solver = lp.Solver(made.program, restarts=True)
        self._zero = np.zeros(len(self.columns))

    def set(self, winter: Winter, starts: Figures | None = None) -> None:
        """Put a winter's figures in."""
        self.solver.change_columns(self.columns, self._zero, self.upper(winter))
        self.solver.change_rows(self.rows, *self.bounds(winter, starts))


class Bracketing:
    """Brackets for many winters of one network."""

    def __init__(self, network: Network, edges: Places | None = None) -> None:
        """Build the coarse programme, the daily one (never solved) and one for each coarse period."""
        self.network = network
        self.edges = weeks(network) if edges is None else edges
        coarse = aggregated(network, self.edges)
        self._coarse = WinterSolver(programme(coarse))
        self._basis = self._coarse.solver.solve().basis
        self._unserved_alone = programme(coarse, tie_break=0.0).program.cost
        self._daily = WinterProgramme(programme(network, tie_break=0.0))
        self._tanks = Tanks.of(network)
        self._slopes = [(way, *_slopes(network, way)) for way in ("withdrawal", "injection")]
        spans = zip(self.edges, self.edges[1:], strict=False)
        self._steps = [_Step(network, int(first), int(last)) for first, last in spans]
        self.bracket(
            as_listed(network)
        )  # every step keeps this basis: results do not hang on who came before

    def bracket(self, winter: Winter) -> Bracket:
        """Between what the least unserved demand of a winter lies."""
        self._coarse.set(winter_in(winter, self.edges, self.network.durations))
        solution = self._coarse.solver.solve(self._basis)
        low = self._below(winter, self._prices())
        by_node, storage = self._above(winter, solution)
        demand: Figures = np.einsum("cnt,t->n", winter.demand, self.network.durations)
        high = float(by_node.sum())
        return Bracket(
            min(max(0.0, low), high), high, by_node, demand, storage
        )  # they may meet, but for rounding

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

    def _above(self, winter: Winter, solution: lp.Solution) -> tuple[Figures, Figures]:
        """Unserved demand by node of a plan made period by period, and the storage it leaves at each end."""
        made, network = self._coarse.made, self.network
        levels = np.concatenate([solution.x[made.columns[name]] for name in ("stock", "buffer")])
        prices = np.concatenate([solution.row_prices[made.rows[name]] for name in ("stock", "source")])
        stock = np.array([storage.start for storage in network.storages])
        buffer = np.array([source.start for source in network.sources])
        unserved, storage = np.zeros(len(network.nodes)), []
        for place, step in enumerate(self._steps):
            ahead = place + 1 < len(self._steps)
            worth = np.clip(np.abs(prices[:, place + 1]), LEAST, DEAREST) if ahead else None
            found, stock, buffer = step.plan(winter, stock, buffer, levels[:, place], worth)
            unserved += found
            storage.append(float(stock.sum()))
        return unserved, np.array(storage)


class _Step:
    """One coarse period by days: planned from given levels towards target levels."""

    def __init__(self, network: Network, first: int, last: int) -> None:
        self.first, self.last = first, last
        stock = np.array([storage.start for storage in network.storages])
        shown = window(network, first, last, stock, {source.name: source.start for source in network.sources})
        made = programme(shown)
        self._ends = np.concatenate([made.columns["stock"][:, -1], made.columns["buffer"][:, -1]])
        self._count = len(self._ends)
        old_rows, old_columns = made.program.matrix.shape
        self._targets = np.arange(old_rows, old_rows + self._count)
        self._missing = np.arange(old_columns, old_columns + self._count)
        made = replace(made, program=_with_targets(made.program, self._ends, network))
        self._programme = WinterSolver(made)
        self._curves = {way: _sloped(network, way, first) for way in ("withdrawal", "injection")}
        self._basis: lp.Basis | None = None

    def plan(
        self, winter: Winter, stock: Figures, buffer: Figures, targets: Figures, worth: Figures | None
    ) -> tuple[Figures, Figures, Figures]:
        """Unserved demand by node, and the levels of storages and buffers at the end."""
        made, solver = self._programme.made, self._programme.solver
        span = slice(self.first, self.last)
        shown = Winter(winter.demand[..., span], winter.daily[:, span], winter.service[:, span])
        self._programme.set(shown, buffer)
        self._start(stock)
        infinite = np.full(self._count, np.inf)
        solver.change_rows(self._targets, targets if worth is not None else -infinite, infinite)
        if worth is not None:
            solver.change_costs(self._missing, worth)
        solution = solver.solve(self._basis)
        self._basis = self._basis or solution.basis
        x = np.maximum(solution.x, 0.0)
        unserved: Figures = np.einsum("cnt,t->n", x[made.unserved], made.network.durations)
        return unserved, x[made.columns["stock"][:, -1]], x[made.columns["buffer"][:, -1]]

    def _start(self, stock: Figures) -> None:
        """What is in store on the first morning: it stands in the stock rows and in the curves of the first day."""
        made, solver = self._programme.made, self._programme.solver
        if not len(stock):
            return
        first = made.rows["stock"][:, 0]
        solver.change_rows(first, stock, stock)
        for way, (place, intercept, slope) in self._curves.items():
            if len(place):
                most = intercept + slope * stock[place]
                solver.change_rows(made.rows[way][:, 0], np.full(len(most), -np.inf), most)


def _sloped(network: Network, way: str, period: int) -> tuple[Places, Figures, Figures]:
    """Place of the storage, intercept and slope of each line of a curve that is not flat, as in a period."""
    lines = [
        (place, available * intercept, available * slope)
        for place, storage in enumerate(network.storages)
        for available in [float(network.series(storage.availability)[period])]
        for intercept, slope in getattr(storage, way).lines(storage.volume)
        if slope
    ]
    place, intercept, slope = np.array(lines).reshape(-1, 3).T
    return place.astype(np.int64), intercept, slope


def _slopes(network: Network, way: str) -> tuple[Places, Figures]:
    """Place of the storage and slope by period, with the shape (lines, periods), of each line that is not flat."""
    found = [_sloped(network, way, period) for period in range(network.periods)]
    return found[0][0], np.array([slope for _, _, slope in found]).T.reshape(-1, network.periods)


def _with_targets(program: lp.Program, ends: Places, network: Network) -> lp.Program:
    """The programme with a row for each end level that it plus what is missing reaches the target."""
    count, width = len(ends), program.matrix.shape[1]
    rows = sparse.csc_matrix((np.ones(count), (np.arange(count), ends)), shape=(count, width))
    top = sparse.hstack([program.matrix, sparse.csc_matrix((program.matrix.shape[0], count))])
    bottom = sparse.hstack([rows, sparse.eye(count)])
    kept = np.repeat([STOCK_KEPT, BUFFER_KEPT], [len(network.storages), len(network.sources)])
    cost = program.cost.copy()
    cost[ends] -= kept
    volumes = [storage.volume for storage in network.storages] + [source.buffer for source in network.sources]
    return replace(
        program,
        cost=np.concatenate([cost, np.zeros(count)]),
        matrix=sparse.csc_matrix(sparse.vstack([top, bottom])),
        row_lower=np.concatenate([program.row_lower, np.zeros(count)]),
        row_upper=np.concatenate([program.row_upper, np.full(count, np.inf)]),
        lower=np.concatenate([program.lower, np.zeros(count)]),
        upper=np.concatenate([program.upper, np.array(volumes)]),
    )
