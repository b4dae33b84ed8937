"""How is unavoidable unserved demand shared equally? By a convex penalty, or exactly, by lexicographic min-max.

The penalty makes each further share of a node's demand that goes unserved a little dearer (`BREAKPOINTS`), by less than
the price of unserved demand itself: so the total stays the least, and is spread until rates lie in the same segment
wherever capacities allow. One programme, little dearer than the plain one.

The exact rule makes the largest rate as small as it can be at the least total, then the next largest, and so on
(ENTSOG's disrupted rate; Megiddo (1974), Mathematical Programming 7, 97, on lexicographically optimal flows).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from weaklink import lp
from weaklink.network.model import Figures
from weaklink.network.programme import Programme

# Upper ends of the segments of the curtailment rate, and what a further segment adds to the price of unserved demand.
BREAKPOINTS = (*(k / 200 for k in range(1, 41)), *(k / 40 for k in range(9, 41)))
PENALTY_STEP = 8.0  # per segment; above every tie-break on the way between two nodes
MEASURE = 100.0  # rates in the programme are per cent, so that its figures are of one size


def shared_equally(made: Programme) -> lp.Program:
    """The programme with the convex penalty on each node's curtailment rate over the horizon."""
    rates = rate_rows(made)
    widths = MEASURE * np.diff((0.0, *BREAKPOINTS))
    nodes, segments = rates.shape[0], len(widths)
    split = sparse.csc_matrix(np.kron(np.eye(nodes), np.ones(segments)))
    demand = made.network.demand_by_node
    cost = np.outer(demand / MEASURE, PENALTY_STEP * np.arange(segments)).ravel()
    return _extended(
        made.program,
        rows=sparse.hstack([rates, -split]),
        most=np.zeros(nodes),
        cost=cost,
        upper=np.tile(widths, nodes),
    )


def rate_rows(made: Programme) -> sparse.csc_matrix:
    """Rows that add up each node's curtailment rate over the horizon, in per cent."""
    network, unserved = made.network, made.unserved
    demand = network.demand_by_node
    used = np.flatnonzero(demand > 0)
    weight = MEASURE * network.durations / np.where(demand > 0, demand, 1.0)[:, None]
    row = np.broadcast_to(np.arange(len(demand))[None, :, None], unserved.shape)
    value = np.broadcast_to(weight[None], unserved.shape)
    kept = np.isin(row, used)
    shape = (len(demand), made.program.matrix.shape[1])
    return sparse.csc_matrix((value[kept], (row[kept], unserved[kept])), shape=shape)


def _extended(
    program: lp.Program, *, rows: sparse.csc_matrix, most: Figures, cost: Figures, upper: Figures
) -> lp.Program:
    """The programme with rows that must not exceed `most`, over its columns and new ones from zero to `upper`."""
    old = sparse.hstack([program.matrix, sparse.csc_matrix((program.matrix.shape[0], len(cost)))])
    return replace(
        program,
        cost=np.concatenate([program.cost, cost]),
        matrix=sparse.csc_matrix(sparse.vstack([old, rows])),
        row_lower=np.concatenate([program.row_lower, np.full(len(most), -np.inf)]),
        row_upper=np.concatenate([program.row_upper, most]),
        lower=np.concatenate([program.lower, np.zeros(len(cost))]),
        upper=np.concatenate([program.upper, upper]),
    )
