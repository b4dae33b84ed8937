"""Which new suppliers, stocks and savings keep materials within limits on suppliers, at the least cost?

Shares are limits on amounts; what is missing without a supplier is a scenario, replayed in the lens of goods. Products
that no mix brings within a limit are brought as near as can be, and named: the others are still worth an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from weaklink import lp
from weaklink.errors import RequestError
from weaklink.mitigation.materials import Loss
from weaklink.mitigation.options import Figures
from weaklink.mitigation.portfolio import GAP, Known, Mix, frontier, optimal
from weaklink.mitigation.problem import Problem
from weaklink.mitigation.risk import Risk
from weaklink.study.material_options import Possible
from weaklink.study.material_scenarios import EVERY, Scenarios
from weaklink.study.material_setting import Setting
from weaklink.study.material_trade import MILLION

TURNS = 12  # times that scenarios are added or targets tightened


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """A mix that keeps what can be kept, replayed.

    `losses` are the scenarios, `replayed` what is missing in each with the mix, in million dollars, by the simulator;
    `strict` by how much a target was tightened; `relaxed` the limits that no mix keeps, with the least that can be
    reached beyond them (million dollars of purchases); `checked` how many sets of suppliers were tried.
    """

    mix: Mix
    problem: Problem
    known: Known
    losses: tuple[Loss, ...]
    product: tuple[int, ...]
    replayed: Figures
    bound: float
    relaxed: Mapping[str, float]
    checked: int

    @property
    def gap(self) -> float:
        """How far the cost is above the least cost, at most, as a share of it."""
        return max(0.0, self.mix.cost - self.bound) / self.mix.cost if self.mix.cost else 0.0


def solved(asked: Setting, *, gap: float = GAP) -> Solved:
    """The cheapest mix that keeps the targets whichever supplier fails, in the lens of goods.

    Begins with the loss of the suppliers that are the largest before; every other set that the mix does not stand is
    added, until there is none. RequestError where that does not end.
    """
    scenarios = Scenarios(asked)
    relaxed = _relaxed(asked.possible)
    for _ in range(TURNS):
        problem = scenarios.problem(relaxed)
        mix = optimal(problem, gap=gap / 10, known=scenarios.known)
        replayed = scenarios.replayed(mix.amounts)
        if not scenarios.tightened(mix, replayed) and not scenarios.added(mix.amounts):
            return Solved(
                mix,
                problem,
                scenarios.known,
                tuple(scenarios.losses),
                tuple(scenarios.product),
                replayed,
                _bound(scenarios, relaxed, mix, gap),
                {name: most for name, most in relaxed.items() if most > 0},
                scenarios.checked,
            )
    raise RequestError(
        "No mix was found that stands the loss of every supplier; allow a little more to be missing."
    )


def _bound(scenarios: Scenarios, relaxed: Mapping[str, float], mix: Mix, gap: float) -> float:
    """What no mix can cost less than: of the targets as they were asked, not as they were tightened."""
    if not scenarios.strict.any():
        return mix.bound
    return optimal(scenarios.problem(relaxed, plain=True), gap=gap / 10, known=scenarios.known).bound


def points(asked: Setting, found: Solved, count: int) -> list[tuple[Mix, Figures]]:
    """Cheapest mixes for so many levels of what is missing in the mean over the scenarios, each with its replay.

    Limits on shares hold at each; targets on what is missing do not. Where the scenario is asked as it is written, its
    draws are the scenarios that count.
    """
    every = tuple(place for place, one in enumerate(found.product) if one == EVERY)
    risk = Risk("expected", over=every)
    mixes = frontier(replace(found.problem, targets=(), minimise=risk), risk, count, known=found.known)
    return [(mix, np.array([loss.missing(mix.amounts) for loss in found.losses]) / MILLION) for mix in mixes]


def _relaxed(can: Possible) -> dict[str, float]:
    """By how much each limit on shares must be raised so that it can be kept: zero where it can.

    Limits of one product are raised together, by the least sum.
    """
    found: dict[str, float] = {}
    width, most = len(can.options), np.array([option.most for option in can.options])
    for product in sorted({one.product for one in can.shares}):
        limits = [one for one in can.shares if one.product == product]
        raised = sparse.vstack([-sparse.eye(len(limits)), sparse.csc_matrix((len(can.rooms), len(limits)))])
        every = [*limits, *can.rooms]
        program = lp.Program(
            cost=np.concatenate([np.zeros(width), np.ones(len(limits))]),
            matrix=sparse.csc_matrix(sparse.hstack([np.array([one.weights for one in every]), raised])),
            row_lower=np.full(len(every), -np.inf),
            row_upper=np.array([one.most for one in every]),
            lower=np.zeros(width + len(limits)),
            upper=np.concatenate([most, np.full(len(limits), np.inf)]),
        )
        least = lp.solve(program).x[width:]
        for limit, more in zip(limits, least.tolist(), strict=True):
            found[limit.name] = more * (1 + 1e-6) + 1e-9 if more > 1e-7 else 0.0
    return found
