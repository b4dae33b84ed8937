"""What does trade, or its loss, change in welfare, from shares alone? Arkolakis, Costinot and Rodríguez-Clare.

In a wide class of models two numbers are enough: by how much the share of spending on domestic products changes,
and the trade elasticity. They hold without deficits and tariffs. θ is positive here; the papers' ε is -θ.

Source: Arkolakis, Costinot and Rodríguez-Clare (2012), American Economic Review 102(1), 94; with sectors and
inputs: Costinot and Rodríguez-Clare (2014), Handbook of International Economics 4, chapter 4 (formula recalled,
and checked against the equilibria of `caliendo_parro`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from weaklink.market.caliendo_parro import Trading, TradingEquilibrium
from weaklink.market.economy import Floats


def welfare_of_share(share_change: npt.ArrayLike, elasticity: npt.ArrayLike) -> Floats:
    """Ŵ = λ̂^(-1/θ): real income relative to before, once the domestic share of spending is λ̂ times what it was.

    >>> float(welfare_of_share(1.1, 5.0).round(6))
    0.981118
    """
    change, theta = np.asarray(share_change, dtype=np.float64), np.asarray(elasticity, dtype=np.float64)
    if not (np.all(change > 0) and np.all(theta > 0)):
        raise ValueError("a change of shares and an elasticity must be above 0")
    return np.asarray(change ** (-1 / theta))


def loss_in_autarky(domestic_share: npt.ArrayLike, elasticity: npt.ArrayLike) -> Floats:
    """1 - λ^(1/θ): share of real income lost if all trade ended, which is also the gain from today's trade.

    For the domestic share of the United States in 2000, and the range of elasticities of the paper:

    >>> loss_in_autarky(0.93, [5.0, 10.0]).round(4).tolist()
    [0.0144, 0.0072]
    """
    share = np.asarray(domestic_share, dtype=np.float64)
    if not np.all((share > 0) & (share <= 1)):
        raise ValueError(f"domestic_share is {domestic_share!r}; expected above 0 and at most 1")
    return np.asarray(1 - welfare_of_share(1 / share, elasticity))


def welfare_with_sectors(base: Trading, domestic_change: npt.ArrayLike, elasticity: npt.ArrayLike) -> Floats:
    """Ŵ_j = Π_kl π̂_jl^(-α_jk ã_jkl / θ_l), with ã the Leontief inverse of cost shares; N elements.

    `domestic_change` N × K is the change of the share of what a region buys of a product that is its own;
    `elasticity` K. Exact for `caliendo_parro` without deficits and tariffs. Not-a-number for a region that uses a
    product of which it makes none: its gains from trade have no bound.
    """
    change, theta = np.asarray(domestic_change, dtype=np.float64), np.asarray(elasticity, dtype=np.float64)
    square = np.eye(len(base.sectors)) - np.swapaxes(base.inputs, 1, 2)  # of the sector, from the product
    used = (base.final > 0) | (base.inputs.sum(axis=2) > 0)
    logs = np.log(np.where(used & (change > 0), change, np.where(used, np.nan, 1.0)))
    dearer = np.linalg.solve(square, (logs / theta)[..., None])[..., 0]
    return np.asarray(np.exp(-(base.final * dearer).sum(axis=-1)))


def domestic_change(base: Trading, after: TradingEquilibrium) -> Floats:
    """Domestic share of each product of each region relative to before, N × K; axes of counterfactuals lead.

    Not-a-number where there was none.
    """
    own, before = np.einsum("...knn->...nk", after.shares), np.einsum("knn->nk", base.shares)
    return np.where(before > 0, own / np.where(before > 0, before, 1.0), np.nan)
