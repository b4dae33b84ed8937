"""How large is a risk over scenarios, and what does a target ask of it?

Of losses L in scenarios with weights p that add up to one:

    expected   Σ p L
    worst      max L
    tail       mean of the worst share 1 - level of all scenarios (conditional value at risk: Rockafellar and
               Uryasev (2000), Journal of Risk 2(3), 21)
    chance     weight of the scenarios in which more is lost than is allowed
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from weaklink.mitigation.options import Figures

Kind: TypeAlias = Literal["expected", "worst", "tail", "chance"]

SLACK = 1e-6  # relative to one plus what is allowed: rounding of solvers


@dataclass(frozen=True, slots=True, eq=False)
class Risk:
    """A measure of risk over scenarios.

    `level` is the share of scenarios beside the tail. `allowed` is the loss from which a scenario counts for `chance`:
    one figure, or one for each scenario (a share of each one's demand). `spared` is taken from each scenario's loss
    before anything else: with the least loss possible in each, the worst is the greatest regret (Savage 1951). `over`
    names the scenarios that are meant by their places, all where it is empty; their weights are made to add up to one.

    >>> losses, weights = np.array([0.0, 10.0, 30.0, 60.0]), np.full(4, 0.25)
    >>> Risk("expected").of(losses, weights), Risk("worst").of(losses, weights)
    (25.0, 60.0)
    >>> Risk("tail", level=0.5).of(losses, weights), Risk("chance", allowed=10.0).of(losses, weights)
    (45.0, 0.5)
    """

    kind: Kind
    level: float = 0.95
    allowed: float | Figures = 0.0
    spared: float | Figures = 0.0
    over: tuple[int, ...] = ()

    def meant(self, figures: Figures) -> Figures:
        """Those of some figures, one for each scenario, that belong to scenarios that are meant."""
        return figures[list(self.over)] if self.over else figures

    def weights(self, weights: Figures) -> Figures:
        """Weights of the scenarios that are meant, adding up to one."""
        meant = self.meant(weights)
        return np.asarray(meant / meant.sum())

    def of(self, losses: Figures, weights: Figures) -> float:
        """The risk of losses, one for each scenario, with their weights."""
        left, weights = self.meant(losses) - self.spared, self.weights(weights)
        if self.kind == "expected":
            return float(weights @ left)
        if self.kind == "worst":
            return float(left.max())
        if self.kind == "chance":
            return float(weights @ (left > self.allowed + SLACK * (1 + np.abs(self.allowed))))
        return _tail(left, weights, self.level)


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A risk that must not exceed `most`; `name` is how people call it.

    >>> Target("no more than one winter in twenty", Risk("chance", allowed=0.0), 0.05).met(
    ...     np.array([0.0, 5.0]), np.array([0.96, 0.04]))
    True
    """

    name: str
    risk: Risk
    most: float

    def met(self, losses: Figures, weights: Figures) -> bool:
        """Whether these losses keep it, up to rounding."""
        return self.excess(losses, weights) <= SLACK * (1 + abs(self.most))

    def excess(self, losses: Figures, weights: Figures) -> float:
        """By how much these losses exceed it."""
        return self.risk.of(losses, weights) - self.most


def _tail(losses: Figures, weights: Figures, level: float) -> float:
    order = np.argsort(-losses)
    share = 1 - level
    before = np.concatenate([[0.0], np.cumsum(weights[order])[:-1]])
    counted = np.clip(share - before, 0.0, weights[order])
    return float(counted @ losses[order]) / share
