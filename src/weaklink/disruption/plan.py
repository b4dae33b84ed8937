"""What is asked for and lost on each day? A shock, laid out by day for all scenarios."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from weaklink.disruption.cuts import Barrier, Gate
from weaklink.disruption.final import Amount, FinalDemand, changed
from weaklink.disruption.model import Setting, by_scenario
from weaklink.disruption.rebuilding import Rebuilding
from weaklink.disruption.shock import CapacityLoss, CapitalLoss, Course, Shock, lost_capacity
from weaklink.disruption.state import Made, Wanted, relative
from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Floats


@dataclass(slots=True)
class Plan:
    """The shock, laid out by day; of rebuilding it keeps what is left."""

    setting: Setting
    capacity: tuple[CapacityLoss, ...]
    capacity_levels: list[Floats]
    capital: tuple[CapitalLoss, ...]
    capital_levels: list[Floats]
    rebuilding: list[Rebuilding | None]
    begins: list[Floats]
    barriers: list[Barrier]
    cut_levels: list[Floats]
    amounts: list[
        tuple[Amount, Floats]
    ]  # final demand and its changes, each with its size by day and scenario
    lost: Floats

    @classmethod
    def of(cls, setting: Setting, shock: Shock, days: int) -> Plan:
        """Lay a shock out. Raises RequestError where it does not fit the table."""
        economy, many = setting.economy, setting.scenarios
        barriers = [Barrier.of(economy, one, number) for number, one in enumerate(shock.cuts)]
        always = Amount.of(economy.final, barriers), np.ones((days, many))
        changes = [
            (
                Amount.of(changed(economy, one.change), barriers),
                by_scenario(one.size, many, "size")[:, 0] * one.course.levels(days, many),
            )
            for one in shock.demand
        ]
        plan = cls(
            setting,
            shock.capacity,
            [one.course.levels(days, many) for one in shock.capacity],
            shock.capital,
            [_capital_course(one).levels(days, many) for one in shock.capital],
            [Rebuilding.of(economy, one, many) if one.rebuilt_by else None for one in shock.capital],
            [
                by_scenario(np.add(one.course.start, one.course.duration), many, "start")
                for one in shock.capital
            ],
            barriers,
            [one.course.levels(days + 1, many) for one in shock.cuts],
            [always, *changes],
            np.zeros((many, economy.size)),
        )
        plan.check_capital()
        return plan

    def check_capital(self) -> None:
        """Refuse to destroy more than there is."""
        total = np.zeros_like(self.lost)
        economy = self.setting.economy
        for one in self.capital:
            total[:, economy.place[one.rows]] += one.amount
        over = total > self.setting.capital * (1 + 1e-12)
        if over.any():
            row = int(np.argmax(np.asarray(over.any(axis=0))[economy.place]))
            at = economy.place[row]
            raise RequestError(
                f"{economy.accounts.label(row)} loses {total[:, at].max():g} {economy.accounts.unit} of capital and "
                f"has {self.setting.capital[:, at].min():g}: expected no more than it has."
            )

    def wanted(self, today: int) -> tuple[Wanted, FinalDemand]:
        """What is asked for and lost on a day."""
        economy = self.setting.economy
        gate, next_gate = (
            Gate.on(self.barriers, [levels[at] for levels in self.cut_levels]) for at in (today, today + 1)
        )
        sized = ((amount, sizes[today][:, None]) for amount, sizes in self.amounts)
        final = FinalDemand(tuple(sized), gate)
        lost = lost_capacity(economy, self.capacity, [levels[today] for levels in self.capacity_levels])
        self.lost = self.destroyed(today)
        share = np.divide(self.lost, self.setting.capital, out=np.zeros_like(self.lost), where=self.lost > 0)
        wanted = Wanted(
            relative(final.asked(), economy),
            relative(self.asked(today), economy),
            np.maximum(lost, share),
            gate,
            next_gate,
        )
        return wanted, final

    def destroyed(self, today: int) -> Floats:
        """Capital that is destroyed on a day, (K, N)."""
        lost = np.zeros((self.setting.scenarios, self.setting.economy.size))
        for one, levels, rebuilding in zip(self.capital, self.capital_levels, self.rebuilding, strict=True):
            amount = rebuilding.missing() if rebuilding else one.amount
            lost[:, self.setting.economy.place[one.rows]] += amount * levels[today][:, None]
        return lost

    def asked(self, today: int) -> Floats:
        """What rebuilding asks of each industry, (K, N)."""
        total = np.zeros((self.setting.scenarios, self.setting.economy.size))
        for rebuilding, begins in zip(self.rebuilding, self.begins, strict=True):
            if rebuilding is not None:
                total += rebuilding.demand(self.setting.rebuild_tau) * (begins <= today)
        return total

    def rebuilt(self, made: Made, today: int) -> None:
        """What came of it."""
        for rebuilding, begins in zip(self.rebuilding, self.begins, strict=True):
            if rebuilding is not None:
                rebuilding.delivered(made.served * (begins <= today), self.setting.rebuild_tau)

    def capital_lost(self) -> Floats:
        """Capital destroyed today by region, (K, regions)."""
        return self.setting.economy.by_region(self.lost)


def _capital_course(loss: CapitalLoss) -> Course:
    return replace(loss.course, recovery="never") if loss.rebuilt_by else loss.course
