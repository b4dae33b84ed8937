"""Who may not be delivered to? Cuts as corrections of what uncut suppliers would send.

A cut concerns few suppliers, so what it takes off is reckoned from their shares alone, not from the whole table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from weaklink.disruption.economy import Economy, Real
from weaklink.disruption.model import by_scenario
from weaklink.disruption.shock import Cut
from weaklink.inputoutput.accounts import Floats, Integers


@dataclass(frozen=True, slots=True, eq=False)
class Barrier:
    """The suppliers of a cut by input, and the part of their shares that clients go without where the cut is full.

    `banned` (N, regions) is which part final buyers go without then.
    """

    number: int
    cut: Cut
    by_input: tuple[tuple[Integers, Real] | None, ...]
    banned: Floats

    @classmethod
    def of(cls, economy: Economy, cut: Cut, number: int) -> Barrier:
        """The part of a table that a cut is about; `number` is the cut's place among all."""
        banned = np.zeros((economy.size, len(economy.regions)))
        banned[economy.place] = cut.share
        found = []
        for sector, part in enumerate(banned.reshape(economy.sectors, economy.places, -1)):
            places = np.flatnonzero(part.any(axis=1))
            lost = (economy.shares[sector][places] * part[places][:, economy.region]).astype(
                economy.shares.dtype
            )
            found.append((places, lost) if len(places) else None)
        return cls(number, cut, tuple(found), banned)


@dataclass(frozen=True, slots=True)
class Gate:
    """The cuts that are on one day: each barrier with the share cut off in each scenario, (K, 1)."""

    barriers: tuple[tuple[Barrier, Floats], ...] = ()

    @classmethod
    def on(cls, barriers: list[Barrier], levels: list[Floats]) -> Gate:
        """The cuts with their levels of a day, one by scenario for each cut."""
        return cls(
            tuple(
                (one, by_scenario(one.cut.size, len(level), "size of a cut") * level[:, None])
                for one, level in zip(barriers, levels, strict=True)
                if level.any()
            )
        )

    def take_off(self, average: Real, level: Real, block: slice) -> None:
        """From what reaches clients of these inputs (G, K, N), suppliers being at a level (S, K, P)."""
        for barrier, share in self.barriers:
            for number, sector in enumerate(range(block.start, block.stop)):
                found = barrier.by_input[sector]
                if found is not None:
                    places, shares = found
                    average[number] -= share * (level[sector][:, places] @ shares)

    def take_off_orders(self, orders: Real, order: Real, use: Floats, block: slice) -> None:
        """From what clients (G, K, N) order of suppliers (G, K, P)."""
        for barrier, share in self.barriers:
            for number, sector in enumerate(range(block.start, block.stop)):
                found = barrier.by_input[sector]
                if found is not None:
                    places, shares = found
                    orders[number][:, places] -= share * ((order[number] * use[sector]) @ shares.T)
