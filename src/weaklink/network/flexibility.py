"""How near to a shortage is the network? Survival time, remaining flexibility, saving that avoids a shortage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from weaklink import lp
from weaklink.network.dispatch import NEGLIGIBLE
from weaklink.network.model import Figures, Network, Source
from weaklink.network.programme import Programme, demand_rows, programme
from weaklink.network.rolling import window


def survival_time(network: Network) -> float:
    """Days from the start through which all demand can be met, with all the foresight there may be.

    The whole horizon where nothing goes unserved. Found by halving: what can be met for n periods can be met for less.

    >>> from weaklink.network.model import Curve, Entry, Storage
    >>> store = Storage("s", "A", 6.0, Curve.flat(3.0), Curve.flat(3.0), start=6.0)
    >>> demand = np.full((1, 1, 9), 3.0)
    >>> survival_time(Network("n", "gas", "GWh", ("all",), ("A",), demand, storages=(store,)))
    2.0
    """
    stock = np.array([storage.start for storage in network.storages])
    buffers = {source.name: source.start for source in network.sources}
    met, unmet = 0, network.periods + 1
    while unmet - met > 1:
        half = (met + unmet) // 2
        shown = replace(window(network, 0, half, stock, buffers), sources=_cut(network, half))
        made = programme(shown)
        unserved = lp.solve(made.program).x[made.columns["unserved"]].sum()
        if unserved <= NEGLIGIBLE * shown.demand.sum():
            met = half
        else:
            unmet = half
    return float(network.durations[:met].sum())


def _cut(network: Network, last: int) -> tuple[Source, ...]:
    """Sources whose totals are for the time until the end, not for the part of it that is looked at."""
    return tuple(replace(one, daily=network.series(one.daily)[:last]) for one in network.sources)


def saving_needed(network: Network, nodes: Sequence[str] | None = None) -> float:
    """The least share of demand, the same for all nodes or those named, that must be saved so that nothing is unserved.

    One programme: unserved demand is fixed at zero, and the share becomes a column. Not-a-number where even saving all
    would not help, because another node is short.

    >>> from weaklink.network.model import Entry
    >>> demand = np.full((1, 1, 2), 10.0)
    >>> round(saving_needed(Network("n", "gas", "GWh", ("all",), ("A",), demand, entries=(Entry("w", "A", 8.5),))), 6)
    0.15
    """
    made = programme(network)
    saved = demand_rows(network).copy()
    if nodes is not None:
        saved[~np.isin(network.nodes, nodes)] = 0.0
    try:
        solution = lp.solve(_with_saving(made, saved))
    except lp.NoSolutionError as error:
        if error.status == "infeasible":
            return float("nan")
        raise
    return float(np.clip(solution.x[-1] / _PER_CENT, 0.0, 1.0))


_PER_CENT = 100.0  # the column counts per cent, so that its figures are of the size of the others'


def _with_saving(made: Programme, saved: Figures) -> lp.Program:
    program = made.program
    upper = program.upper.copy()
    upper[made.columns["unserved"]] = 0.0
    column = np.zeros(program.matrix.shape[0])
    column[made.rows["balance"].ravel()] = saved.ravel() / _PER_CENT
    return replace(
        program,
        cost=np.append(np.zeros(len(program.cost)), 1.0),
        matrix=sparse.csc_matrix(sparse.hstack([program.matrix, column[:, None]])),
        lower=np.append(program.lower, 0.0),
        upper=np.append(upper, _PER_CENT),
    )


def remaining_flexibility(network: Network, nodes: Sequence[str] | None = None) -> dict[str, float]:
    """ENTSOG's remaining flexibility of each node, in per cent.

    The demand of a node is added once more: 100 less the share of that which is not served. 0 where none of it
    could be served, 100 where all. Not-a-number for nodes without demand.
    Source: definition as given in BEMIP GRIP 2017, page 100.

    >>> from weaklink.network.model import Entry
    >>> demand = np.full((1, 1, 2), 10.0)
    >>> remaining_flexibility(Network("n", "gas", "GWh", ("all",), ("A",), demand, entries=(Entry("w", "A", 14.0),)))
    {'A': 40.0}
    """
    made = programme(network)
    solver = lp.Solver(made.program)
    whole = solver.solve()
    before = _unserved(made, whole)
    found = {}
    for node in network.nodes if nodes is None else nodes:
        place = network.nodes.index(node)
        added = float(network.demand_by_node[place])
        if added == 0:
            found[node] = float("nan")
            continue
        extra = _unserved(made, _doubled(made, solver, place, whole)) - before
        found[node] = 100.0 * (1.0 - min(max(extra / added, 0.0), 1.0))
    return found


def _doubled(made: Programme, solver: lp.Solver, place: int, whole: lp.Solution) -> lp.Solution:
    """The optimum with twice the demand of one node; the solver is left as it was."""
    rows, unserved = made.rows["balance"][place], made.unserved[:, place].ravel()
    demand, classes = demand_rows(made.network)[place], made.network.demand[:, place].ravel()
    nothing = np.zeros(len(unserved))
    solver.change_rows(rows, 2 * demand, 2 * demand)
    solver.change_columns(unserved, nothing, 2 * classes)
    try:
        return solver.solve(whole.basis)
    finally:
        solver.change_rows(rows, demand, demand)
        solver.change_columns(unserved, nothing, classes)


def _unserved(made: Programme, solution: lp.Solution) -> float:
    return float(np.einsum("cnt,t->", solution.x[made.unserved], made.network.durations))
