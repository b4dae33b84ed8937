"""Which entries count in a total, and which would count the same help twice?

rule 1   a need is no help
rule 2   a national share of a joint entry is shown and not added: the joint entry counts, once, for its own donor
rule 3   an entry that announces another again is shown and not added
rule 4   a withdrawal takes from the stages of what it withdraws
rule 5   what nobody announced before counts at the earlier stages too: an allocation without a pledge is pledged and
         committed by being allocated; a donor's entries that name no others carry out its earlier ones
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from weaklink.aid.entries import STAGES, Basis, Entry, Ledger
from weaklink.aid.money import Rates

RULES = (
    "A national share of a joint entry is shown and not added: the joint entry counts, once, for its own donor.",
    "An entry that announces another again is shown and not added.",
    "A withdrawal takes from the stages of what it withdraws.",
    "What nobody announced before counts at the earlier stages too: an allocation without a pledge is pledged and "
    "committed by being allocated.",
)


def left_out(entry: Entry) -> str:
    """Why an entry is not added; empty where it is.

    >>> left_out(Entry("P-2", "pledge", "2022-12-01", announces="P-1"))
    'announces P-1 again'
    """
    if entry.kind == "need":
        return "a need is no help"
    if entry.joint:
        return f"national share of {entry.joint}"
    if entry.announces:
        return f"announces {entry.announces} again"
    return ""


@dataclass(slots=True)
class Sum:
    """What adds up under one heading, in hundredths of the reporting currency, by stage.

    `unvalued` counts entries without a value on the basis, `unrated` those without a rate of exchange.
    """

    by_stage: dict[str, Fraction] = field(default_factory=lambda: dict.fromkeys(STAGES, Fraction(0)))
    entries: int = 0
    unvalued: int = 0
    unrated: int = 0
    withdrawn: Fraction = Fraction(0)


Key = tuple[str, ...]


def sums(
    ledger: Ledger, entries: Iterable[tuple[Key, Entry]], rates: Rates, currency: str, basis: Basis = "amount"
) -> Mapping[Key, Sum]:
    """The sums of entries under keys, of those that count; amounts are exact.

    Only whole numbers are added: numerators of equal denominators, which become one fraction at the end.
    """
    numerators: dict[tuple[Key, str, int], int] = defaultdict(int)  # by key, stage and denominator
    found: dict[Key, Sum] = defaultdict(Sum)
    known_rates: dict[tuple[str, str], Fraction | None] = {}
    for key, one in entries:
        if left_out(one):
            continue
        stages, sign = ledger.counted_at(one)
        mine = found[key]
        mine.entries += 1
        value: int | None = getattr(one, basis)
        if value is None:
            mine.unvalued += 1
            continue
        day = one.currency, one.date
        if day not in known_rates:
            known_rates[day] = rates.rate(one.currency, currency, one.date)
        rate = known_rates[day]
        if rate is None:
            mine.unrated += 1
        else:
            mine.withdrawn += value * rate if sign < 0 else 0
            for stage in stages:
                numerators[key, stage, rate.denominator] += sign * value * rate.numerator
    for (key, at, denominator), numerator in numerators.items():
        found[key].by_stage[at] += Fraction(numerator, denominator)
    return found


def together(parts: Iterable[Sum]) -> Sum:
    """All parts as one sum."""
    whole = Sum()
    for one in parts:
        for stage, amount in one.by_stage.items():
            whole.by_stage[stage] += amount
        whole.entries += one.entries
        whole.unvalued += one.unvalued
        whole.unrated += one.unrated
        whole.withdrawn += one.withdrawn
    return whole


def by_donor(ledger: Ledger, *, classes: bool = True) -> Iterator[tuple[Key, Entry]]:
    """Every entry under its donor, and under its class where asked."""
    for one in ledger.entries:
        yield ((one.donor, one.item_class) if classes else (one.donor,)), one


def by_day(ledger: Ledger) -> Iterator[tuple[Key, Entry]]:
    """Every entry under its day."""
    return (((one.date,), one) for one in ledger.entries)
