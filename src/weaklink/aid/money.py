"""What is an amount worth in another currency? At the rate of its day, as the user gave it, or not at all."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

PERCENT = 100  # amounts are whole hundredths of their currency
OLDEST = 31  # days that a rate may be older than the amount; own choice


@dataclass(frozen=True, slots=True)
class Rate:
    """On a day, one unit of `currency` is `per_unit` units of `to`."""

    day: str
    currency: str
    to: str
    per_unit: Fraction
    source: str


@dataclass(frozen=True)  # without slots, so that the rates are ordered once
class Rates:
    """Dated rates of exchange. None is invented: without a rate of the last `oldest` days there is no conversion.

    >>> rates = Rates((Rate("2022-11-01", "USD", "EUR", Fraction("1.01"), "invented"),))
    >>> rates.convert(10_000, "USD", "EUR", "2022-11-15")
    Fraction(10100, 1)
    >>> rates.convert(10_000, "USD", "EUR", "2022-10-15") is None
    True
    """

    rates: tuple[Rate, ...] = ()
    oldest: int = OLDEST

    @cached_property
    def _by_pair(self) -> dict[tuple[str, str], tuple[list[str], list[Fraction]]]:
        """Days and rates of each pair, in order; a pair that is given one way is known the other way too."""
        found: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(dict)
        for one in self.rates:
            found[one.to, one.currency].setdefault(one.day, 1 / one.per_unit)
        for one in self.rates:
            found[one.currency, one.to][one.day] = one.per_unit
        return {
            pair: ([day for day, _ in sorted(by_day.items())], [rate for _, rate in sorted(by_day.items())])
            for pair, by_day in found.items()
        }

    def rate(self, currency: str, to: str, day: str) -> Fraction | None:
        """The latest rate on or before a day; None where there is none that is recent enough."""
        if currency == to:
            return Fraction(1)
        days, rates = self._by_pair.get((currency, to), ([], []))
        place = bisect_right(days, day) - 1
        if place < 0 or days_between(days[place], day) > self.oldest:
            return None
        return rates[place]

    def convert(self, amount: int, currency: str, to: str, day: str) -> Fraction | None:
        """An amount in another currency, exactly; None where there is no rate."""
        found = self.rate(currency, to, day)
        return None if found is None else amount * found


def days_between(start: str, end: str) -> int:
    """Days from one day to another, both as 2022-11-30.

    >>> days_between("2022-11-30", "2022-12-25")
    25
    """
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


def total(amounts: Iterable[Fraction | None]) -> tuple[Fraction, int]:
    """The sum of the amounts that are known, and how many are not.

    >>> total([Fraction(3), None, Fraction(4)])
    (Fraction(7, 1), 1)
    """
    known, unknown = Fraction(0), 0
    for one in amounts:
        if one is None:
            unknown += 1
        else:
            known += one
    return known, unknown
