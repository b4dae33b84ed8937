"""What is split, and what does a split look like? Set functions over coalitions of players."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Figures: TypeAlias = npt.NDArray[np.float64]
Coalitions: TypeAlias = npt.NDArray[np.bool_]
SetFunction: TypeAlias = Callable[[Coalitions], Figures]
"""From (coalitions, players), true for who takes part, to (coalitions,) or (coalitions, outputs)."""


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """The part of each player, with the shape (players,) or (players, outputs).

    `total` is what all do together less what happens without any. The parts add up to it, but for `rest`: what no
    player has alone, zero for splits that hand out everything. `error` is the standard error of each part, zero where
    nothing was sampled; `evaluations` counts the coalitions that were asked for.
    """

    method: str
    part: Figures
    error: Figures
    total: Figures
    evaluations: int

    @property
    def rest(self) -> Figures:
        """The total less all parts."""
        found: Figures = self.total - self.part.sum(axis=0)
        return found


def evaluated(function: SetFunction, coalitions: Coalitions) -> tuple[Figures, int]:
    """The function at every coalition, asked only once for equal ones; and how often it was asked."""
    packed = np.packbits(coalitions, axis=1)
    _, place, back = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    found: Figures = np.asarray(function(coalitions[place]), dtype=np.float64)
    return found[back.reshape(-1)], len(place)
