"""What do final buyers want of each industry, what may they be delivered, and what did they get?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from weaklink.disruption.cuts import Barrier, Gate
from weaklink.disruption.economy import DAYS_OF_YEAR, Economy
from weaklink.inputoutput.accounts import Floats, Integers


@dataclass(frozen=True, slots=True, eq=False)
class Amount:
    """Final demand of a day by industry and region (N, regions), or a change of it, and its sums.

    `banned` is what each barrier cuts off where it is full: rows of industries, their amounts, and their sums.
    """

    each: Floats
    by_industry: Floats
    by_region: Floats
    banned: tuple[tuple[Integers, Floats, Floats], ...]

    @classmethod
    def of(cls, each: Floats, barriers: Sequence[Barrier]) -> Amount:
        """Sums are taken once, not every day."""
        banned = []
        for barrier in barriers:
            rows = np.flatnonzero(barrier.banned.any(axis=1))
            cut = each[rows] * barrier.banned[rows]
            banned.append((rows, cut, cut.sum(axis=1)))
        return cls(each, each.sum(axis=1), each.sum(axis=0), tuple(banned))


@dataclass(frozen=True, slots=True)
class FinalDemand:
    """Final demand of a day: that of the table and each change of it, with its size, (K, 1)."""

    amounts: tuple[tuple[Amount, Floats], ...]
    gate: Gate

    def wanted(self) -> Floats:
        """What is wanted by region, (K, regions), in the unit of the table."""
        return sum((size * amount.by_region for amount, size in self.amounts), np.zeros(()))

    def asked(self) -> Floats:
        """What may be ordered of each industry, (K, N): all that is wanted, less what is cut off."""
        total: Floats = sum((size * amount.by_industry for amount, size in self.amounts), np.zeros(()))
        for amount, size in self.amounts:
            for barrier, share in self.gate.barriers:
                rows, _, sums = amount.banned[barrier.number]
                total[:, rows] -= size * share * sums
        return np.maximum(total, 0.0)

    def unmet(self, served: Floats) -> Floats:
        """What buyers in each region wanted and did not get, (K, regions), where suppliers serve so much (K, N)."""
        got: Floats = np.zeros(())
        for amount, size in self.amounts:
            delivered = served @ amount.each
            for barrier, share in self.gate.barriers:
                rows, cut, _ = amount.banned[barrier.number]
                delivered -= share * (served[:, rows] @ cut)
            got = got + size * delivered
        return np.asarray(self.wanted() - got)


def changed(economy: Economy, change: Floats) -> Floats:
    """A change of final demand by row of the accounts and region, per year, as amounts a day by industry."""
    placed = np.zeros(economy.final.shape)
    placed[economy.place] = change / DAYS_OF_YEAR
    return placed
