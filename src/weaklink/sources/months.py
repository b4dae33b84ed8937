"""How do monthly amounts become days without weather? A smooth curve that keeps the sum of every month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

Figures = npt.NDArray[np.float64]
ROUNDS = 60  # of smoothing; a month is 30 days, so more changes little


def daily(amounts: Mapping[str, float], days: Sequence[date]) -> Figures:
    """Amounts per month (`2022-10`) or day (`2022-10-01`) as one amount for each of `days`, consecutive days.

    A day that is given by itself stays as it is. Months are spread: the mean of the month to begin with, then
    the mean of each day and its neighbours, scaled so that every month keeps its sum, again and again. The
    curve has no cold spells: the peaks of a real winter are higher. Where a month is cut by the first or last
    day, the days inside get their share of it. KeyError for a day that no amount covers.

    After Rymes and Myers (2001), Mean preserving algorithm for smoothly interpolating averaged data, Solar
    Energy 71(4), 225; they shift the days of a month by what its mean lacks, here they are scaled, so that
    nothing becomes negative.

    >>> from datetime import timedelta
    >>> days = [date(2022, 10, 1) + timedelta(n) for n in range(61)]
    >>> found = daily({"2022-10": 310.0, "2022-11": 600.0}, days)
    >>> round(float(found[:31].sum()), 9), bool(found[0] < found[30] < found[60])
    (310.0, True)
    """
    given = np.array([amounts.get(day.isoformat(), np.nan) for day in days])
    months = [f"{day:%Y-%m}" for day in days]
    spread = np.isnan(given)
    means = np.array(
        [
            amounts[month] / _length(month) if open_ else value
            for month, open_, value in zip(months, spread, given, strict=True)
        ]
    )
    return _smoothed(means, np.unique(months, return_inverse=True)[1], spread)


def _smoothed(means: Figures, month: npt.NDArray[np.int64], spread: npt.NDArray[np.bool_]) -> Figures:
    """Days that vary smoothly, with the sums of `means` over every month."""
    curve = means.copy()
    wanted = np.bincount(month, np.where(spread, means, 0.0))
    for _ in range(ROUNDS):
        padded = np.pad(curve, 1, mode="edge")
        curve = np.where(spread, (padded[:-2] + padded[1:-1] + padded[2:]) / 3, means)
        found = np.bincount(month, np.where(spread, curve, 0.0))
        scale = np.divide(wanted, found, out=np.zeros_like(wanted), where=found > 0)
        curve = np.where(spread, curve * scale[month], means)
    return curve


def _length(month: str) -> int:
    """Days of a month.

    >>> _length("2024-02")
    29
    """
    year, number = int(month[:4]), int(month[5:7])
    following = date(year + number // 12, number % 12 + 1, 1)
    return (following - date(year, number, 1)).days
