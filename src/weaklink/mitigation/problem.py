"""What is asked: which options, over which scenarios, towards which targets, within which limits?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from weaklink.mitigation.options import Figures, Option, total_cost
from weaklink.mitigation.recourse import Recourse
from weaklink.mitigation.risk import SLACK, Risk, Target

BUDGET = "the budget"


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """What amounts together must not exceed: `weights` · amounts <= `most`."""

    name: str
    weights: Figures
    most: float

    def kept(self, amounts: Figures) -> bool:
        """Whether a mix keeps it, up to rounding."""
        return float(self.weights @ amounts) <= self.most + SLACK * (1 + abs(self.most))


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """The cheapest mix that meets the targets; or, where `minimise` is given, the least risk within the budget.

    Raises ValueError where there is nothing to be reached.
    """

    options: tuple[Option, ...]
    recourses: tuple[Recourse, ...]
    targets: tuple[Target, ...] = ()
    budget: float = np.inf
    limits: tuple[Limit, ...] = ()
    minimise: Risk | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be a question."""
        if self.minimise is None and not self.targets:
            raise ValueError("without a target nothing need be done: give one, or a risk to minimise")

    @property
    def weights(self) -> Figures:
        """Weights of the scenarios."""
        return np.array([one.weight for one in self.recourses])

    @property
    def least(self) -> Figures:
        """No more of any option than must be."""
        return np.array([option.least for option in self.options])

    @property
    def most(self) -> Figures:
        """All of every option."""
        return np.array([option.most for option in self.options])

    def affordable(self, amounts: Figures) -> bool:
        """Whether a mix keeps budget and limits."""
        cost = total_cost(self.options, amounts)
        dear = np.isfinite(self.budget) and cost > self.budget + SLACK * (1 + self.budget)
        return not dear and all(limit.kept(amounts) for limit in self.limits)

    def met(self, losses: Figures) -> bool:
        """Whether losses meet every target."""
        return all(target.met(losses, self.weights) for target in self.targets)

    def objective(self, amounts: Figures, losses: Figures) -> float:
        """What is minimised: the cost, or the risk."""
        if self.minimise is None:
            return total_cost(self.options, amounts)
        return self.minimise.of(losses, self.weights)

    def named(self) -> tuple[str, ...]:
        """Everything that can be in conflict, by name: targets, limits, the budget."""
        found = [*(target.name for target in self.targets), *(limit.name for limit in self.limits)]
        return (*found, BUDGET) if np.isfinite(self.budget) else tuple(found)

    def only(self, names: Sequence[str]) -> Problem:
        """The same question with these targets and limits only; it asks for any mix that is cheapest."""
        kept = tuple(target for target in self.targets if target.name in names)
        return replace(
            self,
            targets=kept,
            limits=tuple(limit for limit in self.limits if limit.name in names),
            budget=self.budget if BUDGET in names else np.inf,
            minimise=None if kept else Risk("expected"),
        )
