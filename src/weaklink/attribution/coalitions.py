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


def remembered(function: SetFunction) -> SetFunction:
    """The same function, which is asked once for each coalition and then knows its value.

    >>> asked = []
    >>> square = remembered(lambda those: (asked.append(len(those)), those.sum(axis=1) ** 2.0)[1])
    >>> square(np.eye(3, dtype=bool)), square(np.ones((1, 3), dtype=bool)), square(np.eye(3, dtype=bool))
    (array([1., 1., 1.]), array([9.]), array([1., 1., 1.]))
    >>> asked
    [3, 1]
    """
    known: dict[bytes, Figures] = {}

    def asked_once(coalitions: Coalitions) -> Figures:
        keys = [row.tobytes() for row in np.packbits(coalitions, axis=1)]
        new = {key: place for place, key in enumerate(keys) if key not in known}
        if new:
            values = np.asarray(function(coalitions[list(new.values())]), dtype=np.float64)
            known.update(zip(new, values, strict=True))
        return np.array([known[key] for key in keys])

    return asked_once
