"""Between which two figures does the least unserved demand of a winter lie? Faster than solving it.

Below: weak duality with the prices of a coarse programme of longer periods (`lower`). Above: the daily winter is
planned one coarse period after another, towards the coarse plan's levels of storages and buffers, which are valued at
its prices: a plan that can be carried out as it stands. Both figures are of the daily network and hold whatever the
coarse one leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from weaklink import lp
from weaklink.network.aggregate import weeks
from weaklink.network.lower import LowerBound
from weaklink.network.model import Figures, Network
from weaklink.network.programme import UNSERVED, Places, curve_lines, programme
from weaklink.network.rolling import window
from weaklink.network.winter_programme import WinterSolver
from weaklink.network.winters import Winter, as_listed

DEAREST = 0.99 * UNSERVED  # what a unit missing from a target costs at most: less than going short now
LEAST = 0.5 * UNSERVED  # and at least: above what any supply costs
STOCK_KEPT, BUFFER_KEPT = (
    2.0,
    0.5,
)  # worth of a unit above its target: nothing is lost, ships come before stores


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


class Bracketing:
    """Brackets for many winters of one network."""

    def __init__(self, network: Network, edges: Places | None = None) -> None:
        """Build the coarse programme, and the daily one of each coarse period."""
        self.network = network
        self.edges = weeks(network) if edges is None else edges
        self._lower = LowerBound(network, self.edges)
        spans = zip(self.edges, self.edges[1:], strict=False)
        self._steps = [_Step(network, int(first), int(last)) for first, last in spans]
        self.bracket(as_listed(network))  # its bases are kept, so that results do not hang on who came before

    def bracket(self, winter: Winter) -> Bracket:
        """Between what the least unserved demand of a winter lies."""
        solution = self._lower.plan(winter)
        low = self._lower.proven(winter)
        by_node, storage = self._above(winter, solution)
        demand: Figures = np.einsum("cnt,t->n", winter.demand, self.network.durations)
        high = float(by_node.sum())
        return Bracket(
            min(low, high), high, by_node, demand, storage
        )  # where they meet, rounding may swap them

    def _above(self, winter: Winter, solution: lp.Solution) -> tuple[Figures, Figures]:
        """Unserved demand by node of a plan made period by period, and the storage it leaves at each end."""
        made, network = self._lower.made, self.network
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
        self._curves = {way: curve_lines(network, way) for way in ("withdrawal", "injection")}
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
                available = [made.network.series(made.network.storages[one].availability)[0] for one in place]
                most = np.array(available) * (intercept + slope * stock[place])
                solver.change_rows(made.rows[way][:, 0], np.full(len(most), -np.inf), most)


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
