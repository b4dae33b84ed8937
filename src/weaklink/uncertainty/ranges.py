"""What is not known exactly? A figure between two ends, most likely a third: a triangle, with its source."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from weaklink.errors import RequestError

Figures: TypeAlias = npt.NDArray[np.float64]
Drawn: TypeAlias = Mapping[str, Figures]
Model: TypeAlias = Callable[[Drawn], Figures]
Quality = Literal["published", "derived", "recalled", "assumed", "invented"]


@dataclass(frozen=True, slots=True)
class Range:
    """A figure between `low` and `high`, most likely `likely`, in `unit`; ends may coincide.

    `source` says why the range is where it is, `quality` how good that reason is: published as it stands, derived from
    what was published, recalled and not looked up, assumed, or invented for an exercise. Where a source gives a best
    guess and two ends, the triangle is the distribution that adds nothing else.

    Raises RequestError where the three do not rise or one is not finite.

    >>> Range(0.0, 0.1, 0.4, "share", "Regulation (EU) 2022/1369", "derived").likely
    0.1
    """

    low: float
    likely: float
    high: float
    unit: str = ""
    source: str = ""
    quality: Quality = "assumed"

    def __post_init__(self) -> None:
        finite = all(math.isfinite(end) for end in (self.low, self.likely, self.high))
        if not (finite and self.low <= self.likely <= self.high):
            raise RequestError(
                f"A range needs three finite figures that rise, low <= likely <= high; these are {self.low}, "
                f"{self.likely}, {self.high}."
            )

    @classmethod
    def exactly(cls, figure: float, unit: str = "", source: str = "", quality: Quality = "assumed") -> Range:
        """A figure without doubt: every draw is the same.

        >>> Range.exactly(2.0).quantile([0.1, 0.9])
        array([2., 2.])
        """
        return cls(figure, figure, figure, unit, source, quality)

    @property
    def certain(self) -> bool:
        """Whether there is nothing to draw."""
        return self.low == self.high

    @property
    def mean(self) -> float:
        """The mean of the triangle, which is not `likely` where the ends are not equally far."""
        return (self.low + self.likely + self.high) / 3

    @property
    def variance(self) -> float:
        """The variance of the triangle."""
        a, m, b = self.low, self.likely, self.high
        return ((b - a) ** 2 - (m - a) * (b - m)) / 18

    def quantile(self, probability: npt.ArrayLike) -> Figures:
        """The figure below which a draw falls with this probability, 0 to 1: inverse of the distribution function.

        >>> Range(0.0, 1.0, 2.0).quantile([0.0, 0.125, 0.5, 1.0])
        array([0. , 0.5, 1. , 2. ])
        """
        u = np.asarray(probability, dtype=np.float64)
        width, rising, falling = self.high - self.low, self.likely - self.low, self.high - self.likely
        below = self.low + np.sqrt(u * width * rising)
        above = self.high - np.sqrt((1 - u) * width * falling)
        found: Figures = np.clip(np.where(u * width <= rising, below, above), self.low, self.high)
        return found


def at_likely(ranges: Mapping[str, Range]) -> dict[str, Figures]:
    """One draw in which every figure is the most likely one: the answer that is shown without ranges.

    >>> at_likely({"saving": Range(0.0, 0.1, 0.4)})
    {'saving': array([0.1])}
    """
    return {name: np.array([one.likely], dtype=np.float64) for name, one in ranges.items()}
