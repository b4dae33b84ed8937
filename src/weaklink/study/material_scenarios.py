"""In which losses is a mix for materials judged, and what may be missing in each?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations

import numpy as np

from weaklink.mitigation.materials import Loss, recourse
from weaklink.mitigation.options import Figures
from weaklink.mitigation.portfolio import Known, Mix
from weaklink.mitigation.problem import Problem
from weaklink.mitigation.risk import Kind, Risk, Target
from weaklink.mitigation.wanted import Wanted
from weaklink.study.material_setting import Setting
from weaklink.study.material_trade import MILLION

NOTHING = 1e-6  # of a year's use: less missing than that counts as nothing
MOST_SETS = 300  # sets of suppliers that are tried for each product, those that sell most
MOST_TOGETHER = 24  # suppliers of which sets of several are made
EVERY = -1  # in place of a product: the scenario as its file has it, all products together
SLACK = 1e-5  # relative to one plus what may be missing


class Scenarios:
    """Losses that are known so far, and by how much each may miss less than asked because periods net their days.

    First come the courses of the scenario as written, one for each draw, where a target asks for them; then each
    product without its largest suppliers, and whatever else the mixes did not stand.
    """

    def __init__(self, asked: Setting) -> None:
        self.asked = asked
        self.losses: list[Loss] = []
        self.product: list[int] = []
        self.sets: set[tuple[int, tuple[str, ...]]] = set()
        self.known = Known(())
        self.strict = np.empty(0)
        self.checked = 0
        self.count = max(asked.what.largest, 1)
        for loss in asked.written:
            self._know(EVERY, loss)
        if asked.supplier_target is not None or not asked.written:
            nothing = np.zeros(len(asked.possible.options))
            for product in np.flatnonzero(asked.trade.total > 0).tolist():
                for who in self._sets(product, nothing)[:1]:
                    self._add(product, who)

    def problem(self, relaxed: Mapping[str, float], *, plain: bool = False) -> Problem:
        """The question as far as scenarios are known; `plain` without what targets were tightened by."""
        asked, can = self.asked, self.asked.possible
        limits = tuple(replace(one, most=one.most + relaxed[one.name]) for one in can.shares)
        targets = tuple(self._targets(np.zeros(len(self.losses)) if plain else self.strict))
        return Problem(can.options, self.known.recourses, targets, asked.wish.budget, (*limits, *can.rooms))

    def replayed(self, amounts: Figures) -> Figures:
        """What is missing in each scenario with a mix, in the simulator, in million dollars."""
        return np.array([loss.missing(amounts) for loss in self.losses]) / MILLION

    def tightened(self, mix: Mix, replayed: Figures) -> bool:
        """Whether targets had to be tightened, by what periods leave out."""
        weights = np.full(len(self.losses), 1 / len(self.losses))
        plain = self._targets(np.zeros(len(self.losses)))
        if all(one.excess(replayed, weights) <= SLACK * (1 + self._most(one)) for one in plain):
            return False
        self.strict = np.maximum(self.strict, replayed - mix.losses)
        return True

    def added(self, amounts: Figures) -> bool:
        """Whether there are sets of suppliers that the mix does not stand: they are scenarios from now on."""
        wish, found = self.asked.supplier_target, False
        if wish is None:
            return False
        for product in np.flatnonzero(self.asked.trade.total > 0).tolist():
            allowed = self._allowed(wish, product)
            for who in self._sets(product, amounts):
                if (product, who) in self.sets:
                    continue
                self.checked += 1
                missing = max(loss.missing(amounts) for loss in self.asked.failing.losses(product, who))
                if missing / MILLION > allowed + SLACK * (1 + allowed):
                    self._add(product, who)
                    found = True
        return found

    def _targets(self, strict: Figures) -> Iterator[Target]:
        """Targets in million dollars missing; `strict` is taken from what each scenario may miss."""
        asked, every = self.asked, [place for place, one in enumerate(self.product) if one == EVERY]
        wish = asked.supplier_target
        if wish is not None:
            mine = [place for place, one in enumerate(self.product) if one != EVERY]
            allowed = np.array([self._allowed(wish, self.product[place]) for place in mine])
            yield Target(wish.text, Risk("worst", spared=allowed - strict[mine], over=tuple(mine)), 0.0)
        for one in asked.loss_targets:
            left = max(one.most, NOTHING) * asked.use - strict[every]
            over = tuple(every)
            if one.how == "chance":
                yield Target(one.text, Risk("chance", allowed=left, over=over), 1 - one.level)
            elif one.how == "worst":
                yield Target(one.text, Risk("worst", spared=left, over=over), 0.0)
            else:
                kind: Kind = "expected" if one.how == "expected" else "tail"
                yield Target(one.text, Risk(kind, one.level, spared=left, over=over), 0.0)
        if wish is None and not asked.loss_targets:
            yield Target("anything", Risk("expected"), 2 * asked.use)

    def _most(self, target: Target) -> float:
        """What a target allows at most, for tolerances."""
        return float(np.max(np.abs(target.risk.spared), initial=0.0)) + abs(target.most)

    def _allowed(self, wish: Wanted, product: int) -> float:
        return max(wish.most, NOTHING) * self.asked.failing.use(product)

    def _add(self, product: int, who: tuple[str, ...]) -> None:
        self.sets.add((product, who))
        for loss in self.asked.failing.losses(product, who):
            self._know(product, loss)

    def _know(self, product: int, loss: Loss) -> None:
        self.losses.append(loss)
        self.product.append(product)
        self.known.add(recourse(loss, MILLION))
        self.strict = np.append(self.strict, 0.0)

    def _sets(self, product: int, amounts: Figures) -> list[tuple[str, ...]]:
        """Sets of suppliers of a product that could matter, by how much hangs on them with a mix, the most first."""
        asked, traded = self.asked, self.asked.trade
        reach = asked.failing.reach(product)
        for deed, amount in zip(asked.possible.deeds, amounts.tolist(), strict=True):
            if deed.product == product and deed.old >= 0:
                reach[deed.old] -= amount
                if deed.new >= 0:
                    reach[deed.new] += amount
        reach[traded.members] = 0.0
        wish = asked.supplier_target
        least = 0.0 if wish is None else self._allowed(wish, product) / self.count
        may_fail = traded.flags(asked.failing.suppliers)
        order = [one for one in np.argsort(-reach, kind="stable").tolist() if may_fail[one]]
        some = [one for one in order if reach[one] > least] or order[: self.count]
        if self.count > 1:
            some = [*some, *(one for one in order if one not in some)][
                : max(self.count, min(len(some), MOST_TOGETHER))
            ]
        sets = sorted(
            combinations(some, min(self.count, len(some))), key=lambda one: -float(reach[list(one)].sum())
        )
        return [tuple(traded.countries[one] for one in places) for places in sets[:MOST_SETS]]
