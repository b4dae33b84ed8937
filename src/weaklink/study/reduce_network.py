"""Which measures does a network need so that a scenario keeps to its targets? Solved by week, and replayed by day."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from weaklink.errors import RequestError
from weaklink.mitigation.options import Figures
from weaklink.mitigation.portfolio import GAP, Known, Mix, optimal
from weaklink.mitigation.problem import Problem
from weaklink.mitigation.risk import Kind, Risk, Target
from weaklink.mitigation.wanted import Wanted
from weaklink.network.ensemble import Ensemble
from weaklink.study.reduce_outages import Outages
from weaklink.study.reduce_setting import NOTHING, Setting

TIGHTENED = 6  # times that the target is tightened for what peaks inside a week cost


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """A mix that meets the targets by day, what the winters are with it, and what no mix can cost less than.

    `tightened` says how often the target had to be made stricter by what peaks inside a week cost; `outages` what was
    proven of outages.
    """

    mix: Mix
    problem: Problem
    replay: Ensemble
    bound: float
    tightened: int
    outages: Outages

    @property
    def gap(self) -> float:
        """How far the cost of the replayed mix is above the least cost, at most, as a share of it."""
        return max(0.0, self.mix.cost - self.bound) / self.mix.cost if self.mix.cost else 0.0


def solved(
    asked: Setting,
    targets: Sequence[Wanted],
    *,
    budget: float = np.inf,
    gap: float = GAP,
    known: Known,
    executor: Executor | None = None,
) -> Solved:
    """The cheapest mix that keeps the targets in the winters as they are simulated, by day.

    Weeks leave out what peaks inside them cost: so the mix found by week is replayed by day, and where it does not keep
    the targets they are tightened, winter by winter, by what was missing. The bound is that of the first mix, by week.
    """
    by_winter = [one for one in targets if one.how != "outage"]
    outages = Outages(asked, [one for one in targets if one.how == "outage"])
    replay, bound = Replay(asked, by_winter, executor), 0.0
    for turn in range(TIGHTENED + 1):
        problem, mix = _standing(asked, by_winter, outages, known, replay.strict, budget, gap)
        bound = bound if turn else mix.bound
        found = replay.keeps(mix)
        if found is not None:
            return Solved(mix, problem, found, bound, turn, outages)
    raise RequestError(
        f"The mix that keeps {' and '.join(one.text for one in targets)} by week does not keep it by day, nor did "
        f"{TIGHTENED} stricter ones. Allow a little more to be lost."
    )


def _standing(
    asked: Setting,
    targets: Sequence[Wanted],
    outages: Outages,
    known: Known,
    strict: Figures,
    budget: float,
    gap: float,
) -> tuple[Problem, Mix]:
    """The cheapest mix by week that stands the worst outages too."""
    while True:
        both = (*targets_of(asked, targets, strict), *outages.targets())
        problem = Problem(asked.options, known.recourses, both or (_anything(asked),), budget)
        mix = optimal(problem, gap=gap / 10, known=known)
        if outages.stands(mix.amounts, known):
            return problem, mix


def _anything(asked: Setting) -> Target:
    """What every mix keeps: for outages alone, of which none is known yet."""
    return Target("anything", Risk("expected", over=(0,)), float(asked.demand.max()))


class Replay:
    """Replays mixes by day, and learns by how much a target must be stricter by week so that it is kept by day."""

    def __init__(self, asked: Setting, targets: Sequence[Wanted], executor: Executor | None) -> None:
        self.asked, self.executor = asked, executor
        self.targets = targets_of(asked, targets, np.zeros(len(asked.winters)))
        self.strict = np.zeros(len(asked.winters))

    def keeps(self, mix: Mix) -> Ensemble | None:
        """The winters by day if the mix keeps the targets; None, and `strict` is stricter, if it does not.

        The winters in which the first mix lost more by day than by week are tried first: the others need not be
        replayed where those decide against the mix.
        """
        by_week = mix.losses[: len(self.strict)]
        doubtful = np.flatnonzero(self.strict).tolist()
        if doubtful:
            losses = by_week.copy()
            losses[doubtful] = self.asked.replayed(mix.amounts, self.executor, doubtful).high
            if not self._kept(losses):
                self._learn(losses - by_week)
                return None
        found = self.asked.replayed(mix.amounts, self.executor)
        if self._kept(found.high):
            return found
        self._learn(found.high - by_week)
        return None

    def _kept(self, losses: Figures) -> bool:
        weights = np.full(len(losses), 1 / len(losses))
        return all(target.met(losses, weights) for target in self.targets)

    def _learn(self, missing: Figures) -> None:
        self.strict = np.maximum(self.strict, missing)


def targets_of(asked: Setting, targets: Sequence[Wanted], strict: Figures) -> tuple[Target, ...]:
    """Targets in amounts; `strict` is taken from what each winter may lose."""
    demand, over = asked.demand, tuple(range(len(asked.winters)))
    found = []
    for one in targets:
        allowed = np.maximum(one.most, NOTHING) * demand - strict
        if one.how == "chance":
            found.append(Target(one.text, Risk("chance", allowed=allowed, over=over), 1 - one.level))
        elif one.how == "worst":
            found.append(Target(one.text, Risk("worst", spared=allowed, over=over), 0.0))
        else:
            kind: Kind = "expected" if one.how == "expected" else "tail"
            risk = Risk(kind, one.level, spared=allowed, over=over)
            found.append(Target(one.text, risk, 0.0))
    return tuple(found)
