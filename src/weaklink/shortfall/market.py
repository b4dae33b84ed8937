"""How far does the price rise when supply is lost, and how much more do other suppliers deliver for it?

One world market for each product, short-run demand and supply of constant elasticity. With the share L of supply lost,
the price P that clears it solves (1 - L) P^s = P^-e, hence P = (1 - L)^(-1 / (s + e)).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Figures: TypeAlias = npt.NDArray[np.float64]


def price(lost: Figures, supply: Figures, demand: Figures, most: Figures) -> Figures:
    """Price over the one before, at least 1 and at most `most`, where the share `lost` of supply is gone.

    `supply` and `demand` are the absolute values of the short-run price elasticities; all arrays broadcast. Where both
    are zero no price clears the market, so that it is `most` as soon as anything is lost.

    >>> price(np.array([0.0, 0.19, 1.0]), np.array(0.4), np.array(0.1), np.array(5.0)).round(4)
    array([1.    , 1.5242, 5.    ])
    """
    both, bound = supply + demand, np.log(most)
    left = np.log(np.maximum(1 - lost, np.finfo(float).tiny))
    rise = np.divide(-left, both, out=np.where(lost > 0, bound, 0.0), where=both > 0)
    found: Figures = np.exp(np.clip(rise, 0.0, bound))
    return found


def extra(price: Figures, supply: Figures, spare: Figures) -> Figures:
    """What other suppliers deliver more, as share of what they deliver, once they have had time for it.

    The price calls it forth, the spare share bounds it.

    >>> extra(np.array([1.0, 2.0, 9.0]), np.array(0.5), np.array(0.5)).round(3)
    array([0.   , 0.414, 0.5  ])
    """
    found: Figures = np.minimum(price**supply - 1, spare)
    return found


def met(offered: Figures, asked_first: Figures, asked: Figures) -> tuple[Figures, Figures]:
    """Which share of the gaps of those served first, and of the others, what is offered meets.

    `asked` is the gap of all together. Within each of the two all get the same share: rationing in proportion.

    >>> met(np.array([3.0]), np.array([2.0]), np.array([4.0]))
    (array([1.]), array([0.5]))
    """
    first = _share(offered, asked_first)
    rest = _share(offered - first * asked_first, asked - asked_first)
    return first, rest


def _share(offered: Figures, asked: Figures) -> Figures:
    given = np.clip(offered, 0.0, asked)
    found: Figures = np.divide(given, asked, out=np.ones_like(asked), where=asked > 0)
    return found
