"""What is not known exactly? A figure between two ends, most likely a third: a triangle."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from weaklink.errors import RequestError

Figures: TypeAlias = npt.NDArray[np.float64]
Drawn: TypeAlias = Mapping[str, Figures]
Model: TypeAlias = Callable[[Drawn], Figures]


class Triangle(Protocol):
    """Whatever has two ends and a most likely figure; the parameters of lenses are such.

    Where a source gives a best guess and two ends, the triangle is the distribution that adds nothing else.
    """

    @property
    def low(self) -> float:
        """Nothing below this is drawn."""

    @property
    def likely(self) -> float:
        """The figure where nothing is drawn."""

    @property
    def high(self) -> float:
        """Nothing above this is drawn."""


Ranges: TypeAlias = Mapping[str, Triangle]


@dataclass(frozen=True, slots=True)
class Range:
    """A figure between `low` and `high`, most likely `likely`, in `unit`; ends may coincide.

    `source` says why the range is where it is. Raises RequestError where the three do not rise or one is not finite.

    >>> Range(0.0, 0.1, 0.4, "share", "Regulation (EU) 2022/1369").likely
    0.1
    """

    low: float
    likely: float
    high: float
    unit: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        finite = all(math.isfinite(end) for end in (self.low, self.likely, self.high))
        if not (finite and self.low <= self.likely <= self.high):
            raise RequestError(
                f"A range needs three finite figures that rise, low <= likely <= high; these are {self.low}, "
                f"{self.likely}, {self.high}."
            )


def certain(one: Triangle) -> bool:
    """Whether there is nothing to draw.

    >>> certain(Range(2.0, 2.0, 2.0))
    True
    """
    return one.low == one.high


def mean(one: Triangle) -> float:
    """The mean of the triangle, which is not `likely` where the ends are not equally far.

    >>> mean(Range(0.0, 1.0, 5.0))
    2.0
    """
    return (one.low + one.likely + one.high) / 3


def variance(one: Triangle) -> float:
    """The variance of the triangle.

    >>> variance(Range(0.0, 3.0, 6.0))
    1.5
    """
    width, rising, falling = one.high - one.low, one.likely - one.low, one.high - one.likely
    return (width**2 - rising * falling) / 18


def quantile(one: Triangle, probability: npt.ArrayLike) -> Figures:
    """The figure below which a draw falls with this probability, 0 to 1: inverse of the distribution function.

    >>> quantile(Range(0.0, 1.0, 2.0), [0.0, 0.125, 0.5, 1.0])
    array([0. , 0.5, 1. , 2. ])
    """
    u = np.asarray(probability, dtype=np.float64)
    width, rising, falling = one.high - one.low, one.likely - one.low, one.high - one.likely
    below = one.low + np.sqrt(u * width * rising)
    above = one.high - np.sqrt((1 - u) * width * falling)
    found: Figures = np.clip(np.where(u * width <= rising, below, above), one.low, one.high)
    return found


def at_likely(ranges: Ranges) -> dict[str, Figures]:
    """One draw in which every figure is the most likely one: the answer that is shown without ranges.

    >>> at_likely({"saving": Range(0.0, 0.1, 0.4)})
    {'saving': array([0.1])}
    """
    return {name: np.array([one.likely], dtype=np.float64) for name, one in ranges.items()}
