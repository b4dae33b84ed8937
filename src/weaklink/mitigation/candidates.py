"""Who could supply more of a product in place of another, and in which order are they asked?

What a candidate can add by itself is

    independent = spare · own exports · (1 - dependence)

own exports being what it sells abroad and cannot merely have passed on, and dependence the larger of two: the old
supplier's part in its own purchases of the product, as far as these could be what it sells (imports over exports, at
most 1), and the old supplier's part in the value of what its making industries produce (look-through). Whoever lives
off the old supplier offers no way round it.

Each candidate is judged by its own figures only, so that excluding one moves none of the others past each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

NEARLY_ALL = 0.5  # dependence from which a candidate is called no diversification; our own choice


@dataclass(frozen=True, slots=True)
class Candidate:
    """A country that exports the product; money in one unit, not-a-number where a figure is not known.

    `exports` go outside the importer, `own` is the least part of them that it cannot merely have passed on; `imports`
    are all it buys, `old_share` the old supplier's share in them. `look_through` is the old supplier's share in the
    value of what its making industries produce. `growth` is a year's growth of exports, `miles` the way by sea,
    `premium` its unit value over the old supplier's, less one, `stability` its political stability.
    """

    country: str
    exports: float
    own: float
    imports: float = 0.0
    old_share: float = 0.0
    look_through: float = math.nan
    growth: float = math.nan
    miles: float = math.nan
    premium: float = math.nan
    stability: float = math.nan

    @property
    def passing_on(self) -> float:
        """The old supplier's part in what it sells, if it sells on what it buys of it; 0 to 1."""
        if not self.old_share > 0 or not self.exports > 0:
            return 0.0
        return min(1.0, self.old_share * min(1.0, self.imports / self.exports))

    @property
    def dependence(self) -> float:
        """The larger of what it may pass on, and what is in the value of what it makes."""
        through = 0.0 if math.isnan(self.look_through) else self.look_through
        return min(1.0, max(self.passing_on, through))

    def independent(self, spare: float) -> float:
        """What it can add that does not rest on the old supplier.

        >>> Candidate("AUS", 100.0, 80.0).independent(0.1), Candidate("HUB", 100.0, 0.0).independent(0.1)
        (8.0, 0.0)
        """
        return spare * self.own * (1 - self.dependence)


def ranked(candidates: Iterable[Candidate], spare: float) -> list[Candidate]:
    """Candidates in the order of what they can add by themselves; of equals the nearer, then the first by code."""
    return sorted(
        candidates,
        key=lambda one: (
            -one.independent(spare),
            math.inf if math.isnan(one.miles) else one.miles,
            one.country,
        ),
    )


def reasons(one: Candidate, old: str, needed: float, spare: float) -> str:
    """Why a candidate stands where it stands, in a sentence.

    >>> reasons(Candidate("AUS", 100.0, 80.0, growth=0.1, miles=8000.0), "CHN", 4.0, 0.1)
    'could add twice what is needed; growing 10 % a year; 8,000 nautical miles away'
    """
    said = [_adds(one.independent(spare), needed)]
    if one.own <= 0:
        said = ["buys at least as much as it sells: may only pass goods on"]
    elif one.passing_on >= NEARLY_ALL:
        said.append(f"up to {one.passing_on:.0%} of what it sells may be of {old}: no diversification")
    elif one.passing_on >= 0.1:
        said.append(f"up to {one.passing_on:.0%} of what it sells may be of {old}")
    if one.look_through >= 0.05:
        said.append(f"{one.look_through:.0%} of what its industry makes is value of {old}")
    if one.premium > 0.1:
        said.append(f"dearer by {one.premium:.0%}")
    if abs(one.growth) >= 0.05:
        said.append(f"{'growing' if one.growth > 0 else 'falling'} {abs(one.growth):.0%} a year")
    if not math.isnan(one.miles):
        said.append("by land" if one.miles == 0 else f"{one.miles:,.0f} nautical miles away")
    if one.stability < -1:
        said.append("politically unstable")
    return "; ".join(said).replace("%", " %")


def _adds(amount: float, needed: float) -> str:
    if needed <= 0:
        return "nothing is bought of the old supplier"
    times = amount / needed
    if times >= 1.95:
        return (
            "could add twice what is needed"
            if times < 2.5
            else f"could add {times:,.0f} times what is needed"
        )
    return f"could add {f'{times:.0%}' if times >= 0.01 else 'less than 1%'} of what is needed"
