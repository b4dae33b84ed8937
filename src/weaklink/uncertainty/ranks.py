"""Does the order of countries hold? Chance that two change places, chance to be among the first, rank correlation.

`values` has a row for each draw and a column for each country; the largest figure has rank 1, equal figures share their
ranks. `reference` is the order that is shown, as a rule that of the most likely figures. No figure may be missing:
leave out a country without figures before asking for ranks.

An order that is the same in most draws can be told; one that is not should be shown as a tie.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from weaklink.uncertainty.ranges import Figures


def ranks(values: Figures) -> Figures:
    """Ranks in each draw, with the shape of `values`; equal figures have the mean of their ranks.

    >>> ranks(np.array([[5.0, 9.0, 5.0]]))
    array([[2.5, 1. , 2.5]])
    """
    found: Figures = stats.rankdata(-values, axis=-1)
    return found


def flip_chance(values: Figures, reference: Figures) -> Figures:
    """Share of draws in which two countries stand in the other order than in `reference`: (countries, countries).

    Equal figures in a draw count half. Where the reference itself has them equal there is no order to flip: not-a-
    number, as on the diagonal.

    >>> flip_chance(np.array([[3.0, 2.0], [3.0, 4.0], [3.0, 1.0], [3.0, 3.0]]), np.array([2.0, 1.0]))
    array([[  nan, 0.375],
           [0.375,   nan]])
    """
    before = np.sign(reference[:, None] - reference)
    found = np.full(before.shape, np.nan)
    for place, own in enumerate(values.T):
        now = np.sign(own[:, None] - values)
        found[place] = np.where(before[place] != 0, (1 - before[place] * now).mean(axis=0) / 2, np.nan)
    return found


def top_chance(values: Figures, k: int) -> Figures:
    """Chance of each country to be among the k largest; where figures are equal, their places are drawn by lot.

    The chances add up to k, or to the number of countries where these are fewer.

    >>> top_chance(np.array([[9.0, 5.0, 5.0], [9.0, 5.0, 1.0]]), k=2)
    array([1.  , 0.75, 0.25])
    """
    first, last = stats.rankdata(-values, "min", axis=-1), stats.rankdata(-values, "max", axis=-1)
    found: Figures = np.clip((k - first + 1) / (last - first + 1), 0, 1).mean(axis=0)
    return found


def top_stability(values: Figures, reference: Figures, k: int) -> float:
    """Mean share of the k largest of the reference that are among the k largest in a draw: 1 if always all.

    >>> top_stability(np.array([[9.0, 5.0, 5.0], [9.0, 5.0, 1.0]]), np.array([3.0, 2.0, 1.0]), k=2)
    0.875
    """
    shown = top_chance(reference[None], k)
    return float(shown @ top_chance(values, k) / shown.sum())


def spearman(values: Figures, reference: Figures) -> Figures:
    """Rank correlation of each draw with the reference, -1 to 1; not-a-number where all figures of one are equal.

    Source: Spearman (1904), American Journal of Psychology 15, 72: correlation of the ranks.

    >>> spearman(np.array([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]]), np.array([10.0, 20.0, 30.0]))
    array([ 1., -1.])
    """
    own, other = ranks(values), ranks(reference)
    own, other = own - own.mean(axis=-1, keepdims=True), other - other.mean()
    return _ratio(own @ other, np.sqrt(np.square(own).sum(axis=-1) * np.square(other).sum()))


def kendall(values: Figures, reference: Figures) -> Figures:
    """Kendall's tau-b of each draw with the reference: pairs in the same order less pairs in the other, of all.

    From -1 to 1; not-a-number where all figures of one are equal.

    Source: Kendall (1945), Biometrika 33, 239, with his correction for equal figures.

    >>> kendall(np.array([[1.0, 2.0, 3.0], [1.0, 3.0, 2.0]]), np.array([10.0, 20.0, 30.0])).round(4)
    array([1.    , 0.3333])
    """
    before = np.sign(reference[:, None] - reference)
    agreeing, unequal = np.zeros(len(values)), np.zeros(len(values))
    for place, own in enumerate(values.T):
        now = np.sign(own[:, None] - values)
        agreeing += now @ before[place]
        unequal += np.abs(now).sum(axis=1)
    return _ratio(agreeing, np.sqrt(unequal * np.abs(before).sum()))


def _ratio(above: Figures, below: Figures) -> Figures:
    quotient: Figures = np.divide(above, below, out=np.full(len(above), np.nan), where=below != 0)
    return quotient
