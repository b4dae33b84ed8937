"""What is the fairest way to go short? Exact lexicographic min-max of curtailment rates at the least total.

The largest rate is made as small as it can be; nodes that cannot go lower keep it; then the largest of the others,
and so on, until the others need not go short at all (ENTSOG's disrupted rate; Megiddo (1974), Mathematical Programming
7, 97, on lexicographically optimal flows). A row of a rate with a price is tight in every optimum, so that its node
cannot go lower; therefore nothing but the largest rate costs anything while they are looked for, and the tie-break
comes in at the end. Each round starts from the last one's basis. Dearer than the convex penalty of `sharing`: for
headline cases.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from weaklink import lp
from weaklink.network.dispatch import Dispatch, read
from weaklink.network.model import Figures, Network
from weaklink.network.programme import Places, Programme, programme
from weaklink.network.sharing import MEASURE, rate_rows

SMALL = 1e-4  # per cent: a lower rate is no shortage, a smaller difference none either
BINDING = 1e-7  # share of the price of the largest rate: a row with less does not hold it
TOTAL_SLACK = 1e-6  # share of unserved demand by which its total may pass the least


@dataclass(frozen=True, slots=True, eq=False)
class Leximin:
    """The fairest plan. `rates` are the final curtailment rates, 0 to 1; `rounds` the programmes it took."""

    plan: Dispatch
    rates: Figures
    rounds: int


def lexicographic(network: Network) -> Leximin:
    """The plan whose largest curtailment rate over the horizon is the least, then its next largest, and so on.

    >>> from weaklink.network.model import Entry, Link
    >>> network = Network("n", "gas", "GWh", ("all",), ("A", "B", "C"), np.full((1, 3, 1), 10.0),
    ...     links=(Link("A-B", "A", "B", 4.0), Link("A-C", "A", "C", 10.0)), entries=(Entry("sea", "A", 20.0),))
    >>> lexicographic(network).rates.round(3)
    array([0.2, 0.6, 0.2])
    """
    made = programme(network)
    first = lp.solve(made.program)
    fair = _with_rates(made, float(_weights(made) @ first.x))
    solver = lp.Solver(replace(fair.program, cost=_only_largest(fair)))
    basis: lp.Basis | None = lp.grown(first.basis, len(network.nodes) + 1, 2 * len(network.nodes) + 1)
    open_nodes = network.demand_by_node > 0
    rounds = 0
    while True:
        solution = solver.solve(basis)
        rounds, basis = rounds + 1, None
        largest = solution.x[fair.largest]
        prices = -solution.row_prices[fair.below]
        held = open_nodes & (prices > BINDING * prices.max(initial=0.0))
        if largest < SMALL or not held.any():
            break
        solver.change_columns(
            fair.rates[held], np.zeros(held.sum()), np.full(held.sum(), largest + SMALL / 10)
        )
        free = np.full(held.sum(), np.inf)
        solver.change_rows(fair.below[held], -free, free)
        open_nodes &= ~held
        if not open_nodes.any():
            break
    solver.change_columns(
        fair.rates[open_nodes], np.zeros(open_nodes.sum()), np.full(open_nodes.sum(), largest + SMALL / 10)
    )
    places = np.arange(len(fair.program.cost))
    solver.change_costs(places, np.where(places == fair.largest, 0.0, fair.program.cost))
    plan = read(made, solver.solve())
    return Leximin(plan, np.nan_to_num(plan.curtailment_rate), rounds + 1)


@dataclass(frozen=True, slots=True, eq=False)
class _Fair:
    """The programme with a column for each node's rate and one for the largest of those still open."""

    program: lp.Program
    rates: Places
    largest: int
    below: Places


def _only_largest(fair: _Fair) -> Figures:
    """Costs by which only the largest rate is made small."""
    cost = np.zeros(len(fair.program.cost))
    cost[fair.largest] = 1.0
    return cost


def _with_rates(made: Programme, least: float) -> _Fair:
    program, nodes = made.program, len(made.network.nodes)
    rows, columns = program.matrix.shape
    rates, none = rate_rows(made), sparse.csc_matrix
    minus, one = -sparse.eye(nodes), np.ones((nodes, 1))
    held = sparse.csc_matrix(_weights(made))
    matrix = sparse.bmat(
        [
            [program.matrix, None, none((rows, 1))],
            [rates, minus, None],
            [None, -minus, -one],
            [held, None, None],
        ]
    )
    total = float(made.network.total_demand)
    return _Fair(
        program=replace(
            program,
            cost=np.concatenate([program.cost, np.zeros(nodes), [total]]),
            matrix=sparse.csc_matrix(matrix),
            row_lower=np.concatenate([program.row_lower, np.full(2 * nodes + 1, -np.inf)]),
            row_upper=np.concatenate(
                [program.row_upper, np.zeros(2 * nodes), [least * (1 + TOTAL_SLACK) + 1e-6]]
            ),
            lower=np.concatenate([program.lower, np.zeros(nodes + 1)]),
            upper=np.concatenate([program.upper, np.full(nodes + 1, MEASURE)]),
        ),
        rates=np.arange(columns, columns + nodes),
        largest=columns + nodes,
        below=np.arange(rows + nodes, rows + 2 * nodes),
    )


def _weights(made: Programme) -> Figures:
    """What adds up unserved demand over the horizon."""
    weights = np.zeros(len(made.program.cost))
    weights[made.unserved] = made.network.durations
    return weights
