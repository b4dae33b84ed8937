"""Concentration of supply: shares, Herfindahl-Hirschman index, largest supplier, share of a group.

Every function takes amounts with one supplier per element of the last axis, in any one unit, none negative:
one product as a vector, or many products as a matrix with one row each. A product of which nothing is
supplied has no shares; its figures are not-a-number, never zero.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Amounts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Figures = npt.NDArray[np.float64]


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
    """Share of each supplier, 0 to 1; each product's shares sum to one.

    >>> shares(np.array([50, 30, 20]))
    array([0.5, 0.3, 0.2])
    """
    return ratio(amounts, amounts.sum(axis=-1, keepdims=True))


def herfindahl(amounts: Amounts) -> Figures:
    """Herfindahl-Hirschman index: the sum of squared supplier shares.

    From 1/n (n equal suppliers) to 1 (one supplier). It never rises when a supplier splits in two, and
    does not change with the unit.

    Source: Hirschman (1964), American Economic Review 54(5), 761.

    >>> float(herfindahl(np.array([50, 30, 20])))
    0.38
    """
    squares: Figures = np.square(shares(amounts)).sum(axis=-1)
    return squares


def effective_number(amounts: Amounts) -> Figures:
    """The number of equal suppliers that would be as concentrated: 1 / Herfindahl.

    Source: Laakso and Taagepera (1979), Comparative Political Studies 12(1), 3.

    >>> float(effective_number(np.array([25, 25, 25, 25])))
    4.0
    """
    return ratio(1.0, herfindahl(amounts))


def suppliers(amounts: Amounts) -> Amounts:
    """Number of suppliers that supply anything.

    >>> int(suppliers(np.array([50, 0, 20])))
    2
    """
    return np.asarray(np.count_nonzero(amounts, axis=-1), dtype=np.int64)


def largest(amounts: Amounts) -> tuple[Amounts, Figures]:
    """Position and share of the largest supplier; of equals, the first.

    Where nothing is supplied the position is -1 and the share not-a-number.

    >>> place, share = largest(np.array([30, 50, 20]))
    >>> int(place), float(share)
    (1, 0.5)
    """
    total = amounts.sum(axis=-1)
    place = np.where(total > 0, amounts.argmax(axis=-1), -1)
    return place, ratio(amounts.max(axis=-1), total)


def concentration_ratio(amounts: Amounts, k: int) -> Figures:
    """Joint share of the k largest suppliers; 1 from k = number of suppliers on.

    >>> float(concentration_ratio(np.array([50, 30, 20]), 2))
    0.8
    """
    ordered = np.sort(amounts, axis=-1)[..., ::-1]
    return ratio(ordered[..., :k].sum(axis=-1), amounts.sum(axis=-1))


def group_share(amounts: Amounts, group: Flags) -> Figures:
    """Joint share of the suppliers in a group; `group` has one flag per supplier.

    >>> float(group_share(np.array([50, 30, 20]), np.array([True, False, True])))
    0.7
    """
    return ratio(amounts[..., group].sum(axis=-1), amounts.sum(axis=-1))
