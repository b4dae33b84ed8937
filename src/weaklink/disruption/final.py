"""What do final buyers want of each industry, what may they be delivered, and what did they get?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from weaklink.disruption.cuts import Gate
from weaklink.disruption.economy import DAYS_OF_YEAR, Economy
from weaklink.inputoutput.accounts import Floats


@dataclass(frozen=True, slots=True)
class FinalDemand:
    """Final demand of a day: `amounts` (N, regions) of the table, and each change of it with its size, (K, 1)."""

    amounts: tuple[tuple[Floats, Floats], ...]
    gate: Gate

    @classmethod
    def of(
        cls, economy: Economy, changes: list[tuple[Floats, Floats]], gate: Gate, scenarios: int
    ) -> FinalDemand:
        """Baseline demand with changes, each a matrix by industry and region in amounts a day, and its size."""
        always = np.ones((scenarios, 1))
        return cls(((economy.final, always), *changes), gate)

    def wanted(self) -> Floats:
        """What is wanted by region, (K, regions), in the unit of the table."""
        return sum((size * amount.sum(axis=0) for amount, size in self.amounts), np.zeros(()))

    def asked(self) -> Floats:
        """What may be ordered of each industry, (K, N): all that is wanted, less what is cut off."""
        total = np.zeros(())
        for amount, size in self.amounts:
            left = amount.sum(axis=1) - sum(
                share * (amount * barrier.banned).sum(axis=1) for barrier, share in self.gate.barriers
            )
            total = total + size * left
        return np.maximum(total, 0.0)

    def unmet(self, served: Floats) -> Floats:
        """What buyers in each region wanted and did not get, (K, regions), where suppliers serve so much (K, N)."""
        got = np.zeros(())
        for amount, size in self.amounts:
            delivered = served @ amount
            for barrier, share in self.gate.barriers:
                delivered = delivered - share * (served @ (amount * barrier.banned))
            got = got + size * delivered
        return np.asarray(self.wanted() - got)


def changed(economy: Economy, change: Floats) -> Floats:
    """A change of final demand by row of the accounts and region, per year, as amounts a day by industry."""
    placed = np.zeros(economy.final.shape)
    placed[economy.place] = change / DAYS_OF_YEAR
    return placed
