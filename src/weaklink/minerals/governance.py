"""How heavily does a supplier weigh, by its governance and by its barriers to trade?

The Worldwide Governance Indicators are standard normal estimates, higher for better governance, nearly all
between -2.5 and 2.5. The criticality studies of the European Commission turn the mean of six of them into a
weight from 0 (best) to 10 (worst), and multiply it by a trade parameter t.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from weaklink.trade.runs import Figures

BEST, WORST = 0.0, 10.0


def governance_weight(estimate: npt.ArrayLike) -> Figures:
    """Weight of a supplier, 0 (best governed) to 10 (worst): (2.5 - estimate) × 2, held at these ends.

    An estimate that is not-a-number stays not-a-number: an unknown governance is not a good one.

    Source: European Commission (2017), Methodology for establishing the EU list of critical raw materials.

    >>> governance_weight([2.5, 0.0, -2.5, -3.0])
    array([ 0.,  5., 10., 10.])
    """
    weight: Figures = np.clip((2.5 - np.asarray(estimate, dtype=np.float64)) * 2, BEST, WORST)
    return weight


def weighted_herfindahl(shares: npt.ArrayLike, weights: npt.ArrayLike) -> Figures:
    """Herfindahl-Hirschman index in which each supplier's squared share counts by a weight.

    `shares` are of the whole supply, suppliers on the last axis. A supplier without a weight (not-a-number)
    adds nothing, so with `rated_share` below one the index is a lower bound. Where no share is known it is
    not-a-number.

    Source: HHI_WGI,t of European Commission (2017), Methodology for establishing the EU list of critical raw
    materials; shares from 0 to 1, not percent.

    >>> float(weighted_herfindahl([0.5, 0.5], [4.0, 8.0]))
    3.0
    """
    squares, weight = np.square(np.asarray(shares, dtype=np.float64)), np.asarray(weights, dtype=np.float64)
    terms = np.where(np.isnan(weight), 0.0, squares * np.nan_to_num(weight))
    index: Figures = terms.sum(axis=-1)
    return index


def rated_share(shares: npt.ArrayLike, weights: npt.ArrayLike) -> Figures:
    """Share of the supply that comes from suppliers with a weight.

    >>> float(rated_share([0.75, 0.25], [4.0, float("nan")]))
    0.75
    """
    known = ~np.isnan(np.asarray(weights, dtype=np.float64))
    rated: Figures = np.where(known, np.asarray(shares, dtype=np.float64), 0.0).sum(axis=-1)
    return rated
