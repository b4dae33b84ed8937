"""Which flows have a price that cannot be true? A wrong quantity or unit makes or hides a dependency."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from weaklink.trade.concentration import ratio
from weaklink.trade.entries import Entries
from weaklink.trade.runs import Amounts, Figures, Flags, Groups

FAR = 3.5  # modified z-score above which Iglewicz and Hoaglin call a value an outlier
NORMAL = 1.4826  # scales the median absolute deviation to the standard deviation of a normal distribution


def outlying_share(value_usd: Amounts, outlying: Flags, judged: Flags, rows: Groups) -> Figures:
    """Share of each row's import value in flows with an outlying price; flows without a mass are not judged.

    The flows are the imports, in the order in which `rows` groups them. Not-a-number where none can be judged.
    """
    return ratio(rows.added(value_usd * outlying), rows.added(value_usd * judged))


def outliers(entries: Entries) -> tuple[Flags, Flags]:
    """For each flow: whether its price is far from those of its item, and whether it can be judged at all.

    The price is dollars per kilogram; far is a modified z-score of its logarithm above 3.5, with the median
    and median absolute deviation over all flows of the item in the world.

    Source: Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers.
    """
    flows = entries.flows
    judged: Flags = (flows.quantity_kg > 0) & (flows.value_usd > 0)
    price = np.log(flows.value_usd[judged] / flows.quantity_kg[judged])
    before = np.append(0, np.cumsum(judged))  # how many flows can be judged before each place
    deviation = np.empty_like(price)
    outlying = np.zeros(len(price), dtype=np.bool_)
    for first, end in pairwise([*before[entries.groups.start].tolist(), len(price)]):
        if first < end:
            run = slice(first, end)
            np.abs(price[run] - _median(price[run]), out=deviation[run])
            scale = NORMAL * _median(deviation[run])
            outlying[run] = deviation[run] > FAR * scale if scale > 0 else False
    far = np.zeros(len(flows), dtype=np.bool_)
    far[judged] = outlying
    return far, judged


def _median(values: Figures) -> float:
    """Median of at least one value: as NumPy's, without its checks, which cost more than the values of one item."""
    low, high = (len(values) - 1) // 2, len(values) // 2
    ordered = np.partition(values, (low, high))
    return float((ordered[low] + ordered[high]) / 2)
