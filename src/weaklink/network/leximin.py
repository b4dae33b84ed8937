"""What is the fairest way to go short? Exact lexicographic min-max of curtailment rates at the least total.

The largest rate is made as small as it can be; nodes that cannot go lower keep it; then the largest of the others,
and so on, until the others need not go short at all (ENTSOG's disrupted rate; Megiddo (1974), Mathematical Programming
7, 97, on lexicographically optimal flows). A row of a rate with a price is tight in every optimum, so that its node
cannot go lower. The tie-break has prices too: a node counts as held where its row's price is above anything that those
can make. Each round starts from the last one's basis. Dearer than the convex penalty of `sharing`: for headline cases.
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
# A point of a node's rate is a hundredth of its demand, and moving a unit of unserved demand from one node to another
# costs the tie-break less than 50 (classes, entries, stores and links together; see `programme`). So a node that can go
# lower has a price below half its demand. All prices add up to all demand, so that in each round some node is held.
TIE_BREAK = 0.5
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
    solver = lp.Solver(fair.program)
    basis: lp.Basis | None = lp.grown(first.basis, len(network.nodes) + 1, 2 * len(network.nodes) + 1)
    open_nodes = network.demand_by_node > 0
    rounds = 0
    while True:
        solution = solver.solve(basis)
        rounds, basis = rounds + 1, None
        largest = solution.x[fair.largest]
        prices = -solution.row_prices[fair.below]
        held = open_nodes & (prices > TIE_BREAK * network.demand_by_node)
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
    plan = read(made, solution)
    return Leximin(plan, np.nan_to_num(plan.curtailment_rate), rounds)


@dataclass(frozen=True, slots=True, eq=False)
class _Fair:
    """The programme with a column for each node's rate and one for the largest of those still open."""

    program: lp.Program
    rates: Places
    largest: int
    below: Places


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
