"""Within what bounds is an answer? Quantiles and chances over draws, each with the error of having drawn so few.

Draws stand along the first axis and count alike. The intervals hold for independent draws whatever the distribution is;
evenly spread draws (`draws`) are at least as good, so that for them the intervals are wide rather than narrow. A figure
that is missing in any draw has no bands: they are not-a-number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from weaklink.errors import RequestError
from weaklink.uncertainty.ranges import Figures

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """Quantiles at `levels` with the shape (levels, …), and intervals around each that hold with `confidence`.

    `low` or `high` is not-a-number where there are too few draws to bound that quantile on that side.
    """

    levels: tuple[float, ...]
    value: Figures
    low: Figures
    high: Figures
    draws: int
    confidence: float = CONFIDENCE

    def at(self, level: float) -> Figures:
        """The quantile at one of the levels; RequestError for any other."""
        if level not in self.levels:
            raise RequestError(f"No quantile was taken at {level}; there are {self.levels}.")
        found: Figures = self.value[self.levels.index(level)]
        return found


def bands(values: Figures, levels: Sequence[float] = LEVELS, confidence: float = CONFIDENCE) -> Bands:
    """Quantiles over draws, with intervals between two of the ordered draws.

    Source of the intervals: David and Nagaraja (2003), Order Statistics, 7.1; the chance that the quantile at p lies
    between the l-th and the u-th of n draws is that of a binomial (n, p) count from l to u - 1.

    >>> found = bands(np.arange(1.0, 101.0), levels=(0.5,))
    >>> found.value, found.low, found.high
    (array([50.5]), array([40.]), array([61.]))
    """
    count = len(_some(values))
    ordered, missing = np.sort(values, axis=0), np.isnan(values).any(axis=0)
    tail = (1 - confidence) / 2
    lower = [int(stats.binom.ppf(tail, count, level)) - 1 for level in levels]
    upper = [int(stats.binom.ppf(1 - tail, count, level)) for level in levels]

    def known(figures: Figures, possible: Sequence[bool]) -> Figures:
        here = np.array(possible).reshape(-1, *[1] * (values.ndim - 1))
        return np.where(here & ~missing, figures, np.nan)

    return Bands(
        levels=tuple(levels),
        value=known(np.quantile(values, levels, axis=0), [True] * len(lower)),
        low=known(ordered[np.maximum(lower, 0)], [place >= 0 for place in lower]),
        high=known(ordered[np.minimum(upper, count - 1)], [place < count for place in upper]),
        draws=count,
        confidence=confidence,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Chance:
    """A share of draws, and the interval in which the chance itself lies with the confidence asked."""

    value: Figures
    low: Figures
    high: Figures


def chance_above(values: Figures, threshold: float, confidence: float = CONFIDENCE) -> Chance:
    """Share of draws above a threshold.

    Source of the interval: Wilson (1927), Journal of the American Statistical Association 22, 209; unlike the plain one
    it does not close at a share of 0 or 1.

    >>> found = chance_above(np.arange(1.0, 101.0), threshold=90.0)
    >>> [round(float(end), 4) for end in (found.low, found.value, found.high)]
    [0.0552, 0.1, 0.1744]
    """
    count = len(_some(values))
    share = np.where(np.isnan(values).any(axis=0), np.nan, (values > threshold).mean(axis=0))
    z = float(special.ndtri((1 + confidence) / 2))
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    return Chance(share, np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0))


def _some(values: Figures) -> Figures:
    if not len(values):
        raise RequestError("There are no draws to take bands of; ask for at least one.")
    return values
