"""Where do definitions agree, how do their lists churn, and what does one threshold change?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from weaklink.definitions.verdict import YES, Figures, Verdicts


def jaccard(first: Verdicts, second: Verdicts) -> float:
    """Items that both lists hold, over items that either holds; not-a-number where both are empty.

    >>> jaccard(np.array([1, 1, 0], dtype=np.int8), np.array([1, 0, 0], dtype=np.int8))
    0.5
    """
    one, other = first == YES, second == YES
    either = int((one | other).sum())
    return int((one & other).sum()) / either if either else float("nan")


def rank_correlation(first: Figures, second: Figures) -> float:
    """Spearman's rank correlation over the items that both have a margin for; ties share their mean rank.

    Not-a-number for fewer than two items, or where one side is all ties.

    Source: Spearman (1904), American Journal of Psychology 15(1), 72.

    >>> rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([10.0, 40.0, 90.0]))
    1.0
    """
    both = ~(np.isnan(first) | np.isnan(second))
    one, other = _ranks(first[both]), _ranks(second[both])
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    one, other = one - one.mean(), other - other.mean()
    return float((one @ other) / np.sqrt((one @ one) * (other @ other)))


def churn(before: Verdicts, after: Verdicts) -> float:
    """Share of a list that is no longer on it a year later; not-a-number where the list was empty.

    Source: Vicard and Wibaux (2023), CEPII Policy Brief 41.

    >>> churn(np.array([1, 1, 1, 1, 0], dtype=np.int8), np.array([1, 1, 1, 0, 1], dtype=np.int8))
    0.25
    """
    was = before == YES
    gone = was & (after != YES)
    return int(gone.sum()) / int(was.sum()) if was.any() else float("nan")


def _ranks(values: Figures) -> npt.NDArray[np.float64]:
    """Ranks from 1, ties at their mean."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[place]
