"""How long from a promise to its delivery, by donor and class, with what has not arrived counted too?

The median over deliveries alone flatters slow donors, because what is late is not in it. So the median is taken as well
by the estimator of Kaplan and Meier (1958), Journal of the American Statistical Association 53, 457: a promise that
is still open has lasted at least until today.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from weaklink.aid.counting import left_out
from weaklink.aid.entries import PROMISES, Ledger
from weaklink.aid.money import days_between

HALF = 0.5


@dataclass(frozen=True, slots=True)
class Lag:
    """The promises of one donor and class: days to the first delivery of those that arrived, and ages of the open."""

    arrived: tuple[int, ...]
    waiting: tuple[int, ...]

    @property
    def median_arrived(self) -> float | None:
        """Median days of what has arrived; None where nothing has."""
        return quantile(self.arrived, HALF)

    @property
    def slowest_tenth(self) -> float | None:
        """The days that one in ten deliveries takes longer than."""
        return quantile(self.arrived, 0.9)

    @property
    def median_all(self) -> int | None:
        """Median days by Kaplan and Meier; None where fewer than half of the promises are expected by now."""
        return survival_median(self.arrived, self.waiting)

    @property
    def oldest_waiting(self) -> int | None:
        """Age in days of the oldest promise that nothing was delivered of."""
        return max(self.waiting, default=None)


def lags(ledger: Ledger, today: str) -> Mapping[tuple[str, str], Lag]:
    """Per donor and class, days from each promise to its first delivery; open promises have their age.

    A promise is the first entry of a chain. A promise that was withdrawn, announced again or is a national share of a
    joint one is left out, and so are chains that begin with their delivery.
    """
    first: dict[str, str] = {}
    withdrawn = {one.follows for one in ledger.of_kind("withdrawal")}
    for one in ledger.of_kind("delivery"):
        root = ledger.roots[one.id].id
        first[root] = min(first.get(root, one.date), one.date)
    arrived: dict[tuple[str, str], list[int]] = defaultdict(list)
    waiting: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in ledger.of_kind(*PROMISES):
        if one.follows in ledger.by_id or left_out(one):
            continue
        key = one.donor, one.item_class
        if one.id in first:
            arrived[key].append(days_between(one.date, first[one.id]))
        elif one.id not in withdrawn and one.date <= today:
            waiting[key].append(days_between(one.date, today))
    keys = sorted(arrived.keys() | waiting.keys())
    return {key: Lag(tuple(sorted(arrived[key])), tuple(sorted(waiting[key]))) for key in keys}


def quantile(ordered: Sequence[int], share: float) -> float | None:
    """A quantile of ordered numbers, on the line between the two nearest; None for none.

    >>> quantile((1, 3), 0.5), quantile((), 0.5)
    (2.0, None)
    """
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def survival_median(arrived: Iterable[int], waiting: Iterable[int]) -> int | None:
    """The first day by which at least half of the promises are expected to have arrived (Kaplan and Meier).

    >>> survival_median([10, 20, 30], [])
    20
    >>> survival_median([10], [50, 60]) is None
    True
    """
    events: list[tuple[int, bool]] = sorted(
        [*((day, True) for day in arrived), *((day, False) for day in waiting)]
    )
    at_risk, surviving = len(events), 1.0
    for day, group in groupby(events, key=lambda event: event[0]):
        those = [came for _, came in group]
        surviving *= 1 - sum(those) / at_risk
        if surviving <= HALF + 1e-12:
            return int(day)
        at_risk -= len(those)
    return None
