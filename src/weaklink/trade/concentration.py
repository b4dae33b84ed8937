"""Concentration of supply: shares, Herfindahl-Hirschman index, largest supplier, share of a group.

Every function takes runs of amounts, one run for each importer of each product and one amount for each of its
suppliers, in any one unit, none negative; it gives one figure a run. A run of which nothing is supplied has no
shares; its figures are not-a-number, never zero.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from weaklink.trade.runs import Amounts, Figures, Flags, Runs


def ratio(part: npt.ArrayLike, whole: npt.ArrayLike) -> Figures:
    """Part over whole; not-a-number where the whole is zero.

    >>> ratio([3, 0], [4, 0])
    array([0.75,  nan])
    """
    above, below = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    undefined = np.full(np.broadcast_shapes(above.shape, below.shape), np.nan)
    quotient: Figures = np.divide(above, below, out=undefined, where=below != 0)
    return quotient


def shares(amounts: Amounts) -> Figures:
    """Share of each element of the last axis, 0 to 1; the shares of a vector sum to one.

    >>> shares(np.array([50, 30, 20]))
    array([0.5, 0.3, 0.2])
    """
    return ratio(amounts, amounts.sum(axis=-1, keepdims=True))


def herfindahl(runs: Runs) -> Figures:
    """Herfindahl-Hirschman index: the sum of squared supplier shares.

    From 1/n (n equal suppliers) to 1 (one supplier). It never rises when a supplier splits in two, and
    does not change with the unit.

    Source: Hirschman (1964), American Economic Review 54(5), 761.

    >>> herfindahl(Runs.of_rows([[50, 30, 20], [0, 0, 0]]))
    array([0.38,  nan])
    """
    squares = runs.groups.added(np.square(runs.amount.astype(np.float64)))
    return ratio(squares, np.square(runs.total.astype(np.float64)))


def effective_number(runs: Runs) -> Figures:
    """The number of equal suppliers that would be as concentrated: 1 / Herfindahl.

    Source: Laakso and Taagepera (1979), Comparative Political Studies 12(1), 3.

    >>> effective_number(Runs.of_rows([[25, 25, 25, 25]]))
    array([4.])
    """
    return ratio(1.0, herfindahl(runs))


def suppliers(runs: Runs) -> Amounts:
    """Number of suppliers that supply anything.

    >>> suppliers(Runs.of_rows([[50, 0, 20]]))
    array([2])
    """
    return runs.groups.added((runs.amount > 0).astype(np.int64))


def largest(runs: Runs) -> tuple[Amounts, Figures]:
    """The largest supplier and its share; of equals, the first.

    Where nothing is supplied the supplier is -1 and the share not-a-number.

    >>> supplier, share = largest(Runs.of_rows([[30, 50, 20], [0, 0, 0]]))
    >>> supplier, share
    (array([ 1, -1]), array([0.5, nan]))
    """
    place, some = runs.groups.peak(runs.amount), runs.total > 0
    supplier = np.full(len(runs), -1, dtype=np.int64)
    supplier[some] = runs.partner[place[some]]
    return supplier, top_share(runs)


def top_share(runs: Runs) -> Figures:
    """Share of the largest supplier.

    >>> top_share(Runs.of_rows([[30, 50, 20]]))
    array([0.5])
    """
    return ratio(runs.greatest, runs.total)


def concentration_ratio(runs: Runs, k: int) -> Figures:
    """Joint share of the k largest suppliers; 1 from k = number of suppliers on.

    >>> concentration_ratio(Runs.of_rows([[50, 30, 20]]), 2)
    array([0.8])
    """
    left, joint = runs.amount.copy(), np.zeros(len(runs), dtype=np.int64)
    for _ in range(k):
        place = runs.groups.peak(left)
        found = place[place >= 0]
        joint[place >= 0] += left[found]
        left[found] = 0
    return ratio(joint, runs.total)


def group_share(runs: Runs, group: Flags) -> Figures:
    """Joint share of the suppliers in a group; `group` has one flag for each country.

    >>> group_share(Runs.of_rows([[50, 30, 20]]), np.array([True, False, True]))
    array([0.7])
    """
    return ratio(runs.groups.added(runs.in_group(group)), runs.total)
