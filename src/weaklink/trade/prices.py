"""Which flows have a price that cannot be true? A wrong quantity or unit makes or hides a dependency."""

from __future__ import annotations

import numpy as np

from weaklink.flows import Flows
from weaklink.trade.concentration import Figures, Flags, ratio
from weaklink.trade.supply import Supply, items, summed

FAR = 3.5  # modified z-score above which Iglewicz and Hoaglin call a value an outlier
NORMAL = 1.4826  # scales the median absolute deviation to the standard deviation of a normal distribution


def outlying_share(flows: Flows, supply: Supply, members: Flags) -> Figures:
    """Share of each item's import value in flows with an outlying price; flows without a mass are not judged.

    Not-a-number where no flow of the imports can be judged.
    """
    outlying, judged = outliers(flows)
    bought = members[flows.importer] & ~members[flows.exporter]
    item, count = items(flows), len(supply.year)
    part = summed(item[bought & outlying], flows.value_usd[bought & outlying], count)
    whole = summed(item[bought & judged], flows.value_usd[bought & judged], count)
    return ratio(part, whole)


def outliers(flows: Flows) -> tuple[Flags, Flags]:
    """For each flow: whether its price is far from those of its item, and whether it can be judged at all.

    The price is dollars per kilogram; far is a modified z-score of its logarithm above 3.5, with the median
    and median absolute deviation over all flows of the item in the world.

    Source: Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers.
    """
    judged: Flags = (flows.quantity_kg > 0) & (flows.value_usd > 0)
    item = items(flows)[judged]
    price = np.log(flows.value_usd[judged] / flows.quantity_kg[judged])
    deviation = np.abs(price - _median_of(item, price)[item])
    scale = NORMAL * _median_of(item, deviation)[item]
    far = np.zeros(len(flows), dtype=np.bool_)
    far[judged] = deviation > FAR * np.where(scale > 0, scale, np.inf)
    return far, judged


def _median_of(item: np.ndarray[tuple[int], np.dtype[np.intp]], values: Figures) -> Figures:
    """Median of the values of each item, by item number; not-a-number for an item without values."""
    medians = np.full(int(item.max()) + 1 if len(item) else 0, np.nan)
    order = np.lexsort((values, item))
    starts = (
        np.flatnonzero(np.r_[True, np.diff(item[order]) > 0]) if len(item) else np.array([], dtype=np.intp)
    )
    lengths = np.diff(np.r_[starts, len(item)])
    ordered = values[order]
    low, high = starts + (lengths - 1) // 2, starts + lengths // 2
    medians[item[order][starts]] = (ordered[low] + ordered[high]) / 2
    return medians
