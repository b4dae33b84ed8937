"""What can be done, how much of it, and at what cost? A measure at a place, as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Figures: TypeAlias = npt.NDArray[np.float64]

IN_USE = 1e-9  # share of an option's most below which it counts as not used


@dataclass(frozen=True, slots=True)
class Option:
    """A measure at a place: an amount from `least` to `most` may be had.

    `unit_cost` is the cost of a unit, `fixed_cost` what is due once any of it is used; both in the same money and for
    the same span of time as all other options. `whole` options come in whole units only, as ships do.

    >>> Option("floating terminal", "FIN", "GWh/day", unit_cost=2.0, most=10.0, fixed_cost=5.0).cost(3.0)
    11.0
    """

    measure: str
    where: str
    unit: str
    unit_cost: float
    most: float
    fixed_cost: float = 0.0
    whole: bool = False
    least: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no programme could use."""
        figures = (self.unit_cost, self.most, self.fixed_cost, self.least)
        if not (np.isfinite(figures).all() and min(figures) >= 0 and self.least <= self.most):
            raise ValueError(f"{self.name}: costs and amounts must be finite and not negative, least <= most")

    @property
    def name(self) -> str:
        """What it is called in answers."""
        return f"{self.measure} at {self.where}"

    def cost(self, amount: float) -> float:
        """What an amount costs, the fixed cost included where it is used."""
        return self.unit_cost * amount + (self.fixed_cost if self.used(amount) else 0.0)

    def used(self, amount: float) -> bool:
        """Whether an amount counts as more than nothing."""
        return amount > IN_USE * max(1.0, self.most)


def total_cost(options: Sequence[Option], amounts: Figures) -> float:
    """What a mix costs."""
    return float(sum(option.cost(amount) for option, amount in zip(options, amounts.tolist(), strict=True)))
