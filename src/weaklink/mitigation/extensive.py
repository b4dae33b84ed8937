"""Which mix is the cheapest, with every scenario written out in one programme? Exact at once, where it fits.

The deterministic equivalent (Birge and Louveaux (2011), Introduction to Stochastic Programming, section 1): amounts and
all that the targets need, beside a copy of each scenario's columns whose bounds the amounts move. It grows with the
number of scenarios; `portfolio` asks them one by one where it would be too large.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from weaklink import lp
from weaklink.mitigation.master import Build
from weaklink.mitigation.options import Figures
from weaklink.mitigation.problem import Problem
from weaklink.mitigation.recourse import LinearRecourse, Recourse

MOST_COLUMNS = 120_000  # in all scenarios together


def fits(recourses: Sequence[Recourse]) -> bool:
    """Whether every scenario is a linear programme, and all together are not too large."""
    linear = [one for one in recourses if isinstance(one, LinearRecourse)]
    return len(linear) == len(recourses) and sum(one.columns for one in linear) <= MOST_COLUMNS


def written_out(problem: Problem, worst: Figures) -> tuple[lp.Program, Build]:
    """The programme with all scenarios, and the places of what it has in common with that over mixes.

    `worst` is the loss of each scenario with nothing done, which none exceeds.
    """
    build = Build(problem, [[] for _ in problem.recourses], worst)
    common = build.program()
    width = len(common.cost)
    blocks: list[list[sparse.csc_matrix | None]] = [[common.matrix]]
    lows, highs = [common.row_lower], [common.row_upper]
    lower, upper = [common.lower], [common.upper]
    count = len(problem.recourses)
    for place, recourse in enumerate(problem.recourses):
        if not isinstance(recourse, LinearRecourse):
            raise TypeError(f"scenario {recourse.name} is no linear programme")
        mine = _scenario(recourse, build, place, width)
        blocks.append([mine.common, *[None] * place, mine.own])
        lows.append(mine.low)
        highs.append(mine.high)
        lower.append(mine.lower)
        upper.append(mine.upper)
    blocks = [[*row, *[None] * (count + 1 - len(row))] for row in blocks]
    columns = sum(map(len, lower))
    cost = np.concatenate([common.cost, np.zeros(columns - width)])
    integer = None
    if common.integer is not None:
        integer = np.concatenate([common.integer, np.zeros(columns - width, dtype=bool)])
    matrix = sparse.csc_matrix(sparse.bmat(blocks))
    matrix.sort_indices()
    program = lp.Program(
        cost,
        matrix,
        np.concatenate(lows),
        np.concatenate(highs),
        np.concatenate(lower),
        np.concatenate(upper),
        integer,
    )
    return program, build


class _scenario:  # noqa: N801 - a bundle made by one function
    """The rows of one scenario: over the common columns, and over its own."""

    def __init__(self, recourse: LinearRecourse, build: Build, place: int, width: int) -> None:
        moved, amounts = recourse.moved, build.amounts
        old = moved.program
        touched = np.flatnonzero((np.diff(moved.uppers.indptr) > 0) & np.isfinite(old.upper))
        options = len(amounts)
        spread = sparse.csr_matrix((np.ones(options), (np.arange(options), amounts)), (options, width))
        loss = sparse.csr_matrix(([1.0], ([0], [build.losses[place]])), (1, width))
        self.common = sparse.vstack(
            [-moved.rows @ spread, -moved.uppers[touched] @ spread, loss], format="csc"
        )
        own = sparse.csr_matrix(
            (np.ones(len(touched)), (np.arange(len(touched)), touched)), (len(touched), len(old.cost))
        )
        self.own = sparse.vstack([old.matrix, own, sparse.csr_matrix(-old.cost)], format="csc")
        none = np.full(len(touched), -np.inf)
        self.low = np.concatenate([old.row_lower, none, [0.0]])
        self.high = np.concatenate([old.row_upper, old.upper[touched], [np.inf]])
        self.lower, self.upper = old.lower, old.upper.copy()
        self.upper[touched] = np.inf
