"""How much would have to move for a line to be kept? Pure functions of shares."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Shares = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def to_move(figure: str, value: float, limit: float, shares: Shares, group: Flags) -> float:
    """Least share of imports that would have to move for a limited figure to keep its limit.

    `shares` are those of the suppliers, `group` flags the ones of the supplier group; `value` is where the
    figure stands. For a figure that is no function of the shares, such as external_share, it is the excess.
    """
    if figure == "group_share":
        return share_to_move(shares[group], limit)
    if figure == "group_top_share":
        return largest_to_move(shares[group], limit)
    if figure == "top_share":
        return largest_to_move(shares, limit)
    if figure == "top3_share":
        return share_to_move(np.sort(shares)[::-1][:3], limit)
    if figure == "herfindahl":
        return concentration_to_move(shares, limit)
    return max(0.0, value - limit)


def share_to_move(shares: Shares, limit: float) -> float:
    """Least share of imports to take from the suppliers of one group so that their joint share keeps the limit.

    >>> round(share_to_move(np.array([0.7, 0.1]), 0.65), 2)
    0.15
    """
    return max(0.0, float(shares.sum()) - limit)


def largest_to_move(shares: Shares, limit: float) -> float:
    """Least share to take from suppliers so that none has more than the limit.

    >>> round(largest_to_move(np.array([0.45, 0.4, 0.15]), 0.35), 2)
    0.15
    """
    return float(np.maximum(shares - limit, 0.0).sum())


def concentration_to_move(shares: Shares, limit: float) -> float:
    """Least share to take from suppliers so that the Herfindahl-Hirschman index keeps the limit.

    What is moved goes to suppliers so small that they add nothing to the index; so this is a lower bound. The
    index falls fastest where the largest are cut, hence all suppliers above one level are cut down to it.

    >>> round(concentration_to_move(np.array([1.0]), 0.25), 2)
    0.5
    """
    ordered = np.sort(shares)[::-1]
    squares = np.square(ordered)
    if squares.sum() <= limit:
        return 0.0
    rest = squares.sum() - np.cumsum(squares)  # squares of those that stay as they are
    for count, left in enumerate(rest, start=1):
        level = np.sqrt(max(limit - left, 0.0) / count)
        below = ordered[count] if count < len(ordered) else 0.0
        if left <= limit and level >= below:
            return float(ordered[:count].sum() - count * level)
    return float(ordered.sum())


def days_of_stock(kilograms: int, imports_kg: int, days: int = 365) -> float:
    """How many days of imports a stock covers; not-a-number where nothing is imported.

    >>> days_of_stock(90, 365)
    90.0
    """
    return kilograms * days / imports_kg if imports_kg else float("nan")
