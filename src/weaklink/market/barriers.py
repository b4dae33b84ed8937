"""How much dearer does trade get, between whom? Trade cost factors κ̂, from a little less trade to none.

A **dial** says how easily trade goes on between two groups, from 1 (as before) to 0 (no trade at all). It is the
factor κ̂^-θ by which shares fall before anybody's prices or incomes react: at a dial of 0.4 a supplier that sold
10 to 90 of others would sell 4 to 90. So one dial is one severity in every sector, whatever its elasticity; a
cost factor ("twice as dear") is a severity that depends on it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from weaklink.market.economy import Floats


def cost_of(dial: npt.ArrayLike, elasticity: npt.ArrayLike) -> Floats:
    """The cost factor κ̂ of a dial: dial^(-1/θ), infinite at 0.

    >>> cost_of([1, 0.0625, 0], 4.0).tolist()
    [1.0, 2.0, inf]
    """
    open_, theta = np.asarray(dial, dtype=np.float64), np.asarray(elasticity, dtype=np.float64)
    if not np.all((open_ >= 0) & (open_ <= 1)):
        raise ValueError(f"dial is {dial!r}; expected 0 (no trade) to 1 (as before)")
    with np.errstate(divide="ignore", over="ignore"):
        return np.asarray(open_ ** (-1 / theta))


def between(
    regions: Sequence[str], sellers: Collection[str], buyers: Collection[str], *, both_ways: bool = True
) -> npt.NDArray[np.bool_]:
    """Which trade is hit, N × N from the row to the column: of sellers to buyers, and back again. Never trade at home.

    >>> between(("AAA", "BBB", "CCC"), {"AAA"}, {"BBB", "CCC"}).astype(int).tolist()
    [[0, 1, 1], [1, 0, 0], [1, 0, 0]]
    """
    unknown = sorted((set(sellers) | set(buyers)) - set(regions))
    if unknown:
        raise ValueError(f"no region {', '.join(unknown)}; there are {', '.join(regions)}")
    sells, buys = (np.array([region in group for region in regions]) for group in (sellers, buyers))
    hit = np.outer(sells, buys)
    hit = hit | hit.T if both_ways else hit
    return np.asarray(hit & ~np.eye(len(regions), dtype=np.bool_))


def costs(hit: npt.NDArray[np.bool_], factor: npt.ArrayLike) -> Floats:
    """Cost factors: `factor` where trade is hit and 1 elsewhere; axes of the factor lead.

    >>> costs(np.array([[False, True], [False, False]]), [2.0, np.inf]).tolist()
    [[[1.0, 2.0], [1.0, 1.0]], [[1.0, inf], [1.0, 1.0]]]
    """
    return np.where(hit, np.asarray(factor, dtype=np.float64)[..., None, None], 1.0)
