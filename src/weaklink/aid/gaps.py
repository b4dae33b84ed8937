"""Which needs are not met, the most urgent first?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from weaklink.aid.counting import left_out
from weaklink.aid.entries import RANK, Entry, Ledger
from weaklink.aid.money import Rates
from weaklink.aid.units import THOUSAND, converted, convertible

Exact = int | Fraction


@dataclass(frozen=True, slots=True)
class Gap:
    """How far one need is met, in thousandths of its unit, or hundredths of its currency where it has no unit.

    `promised`, `allocated` and `delivered` are sums of what serves it, each stage by itself; `uncounted` is the number
    of entries that cannot be counted in its unit.
    """

    need: Entry
    needed: Fraction
    promised: Fraction
    allocated: Fraction
    delivered: Fraction
    uncounted: int

    @property
    def unmet(self) -> Fraction:
        """What has not arrived."""
        return max(Fraction(0), self.needed - self.delivered)

    @property
    def unallocated(self) -> Fraction:
        """What has neither arrived nor been set aside."""
        return max(Fraction(0), self.needed - max(self.allocated, self.delivered))

    @property
    def unmet_share(self) -> Fraction:
        """Unmet over needed."""
        return self.unmet / self.needed if self.needed else Fraction(0)

    @property
    def scale(self) -> int:
        """By what its figures are divided to be in its unit."""
        return 100 if self.need.quantity is None else THOUSAND


def gaps(ledger: Ledger, rates: Rates) -> list[Gap]:
    """How far each need is met: the most urgent first, then the largest unmet share, then the earliest day.

    >>> ledger = Ledger((
    ...     Entry("N-1", "need", "2022-11-01", recipient="UKR", quantity=10_000, unit="piece", urgency=1),
    ...     Entry("A-1", "allocation", "2022-11-20", quantity=8_000, unit="piece", need="N-1"),
    ...     Entry("D-1", "delivery", "2022-12-01", quantity=4_000, unit="piece", follows="A-1"),
    ... ))
    >>> gap = gaps(ledger, Rates())[0]
    >>> float(gap.unmet / gap.scale), float(gap.unallocated / gap.scale), float(gap.unmet_share)
    (6.0, 2.0, 0.6)
    """
    serving: dict[str, list[Entry]] = defaultdict(list)
    for one in ledger.entries:
        if one.kind != "need" and not left_out(one) and (name := ledger.need_of(one)):
            serving[name].append(one)
    found = [_gap(need, serving[need.id], ledger, rates) for need in ledger.of_kind("need")]
    return sorted(
        found, key=lambda gap: (gap.need.urgency or 9, -gap.unmet_share, gap.need.by_when or "9", gap.need.id)
    )


def _gap(need: Entry, serving: Sequence[Entry], ledger: Ledger, rates: Rates) -> Gap:
    needed = need.amount if need.quantity is None else need.quantity
    by_stage: dict[str, Exact] = defaultdict(int)
    uncounted = 0
    for one in serving:
        stages, sign = ledger.counted_at(one)
        counted = _counted(one, need, rates)
        if counted is None:
            uncounted += 1
        else:
            for stage in stages:
                by_stage[stage] += sign * counted
    return Gap(
        need=need,
        needed=Fraction(needed or 0),
        promised=Fraction(max(by_stage["pledge"], by_stage["commitment"])),
        allocated=Fraction(by_stage["allocation"]),
        delivered=Fraction(by_stage["delivery"]),
        uncounted=uncounted,
    )


def _counted(one: Entry, need: Entry, rates: Rates) -> Exact | None:
    """An entry in the unit of a need; None where it cannot be counted in it."""
    if need.quantity is not None:
        if one.quantity is None or not convertible(one.unit, need.unit):
            return None
        return _in_unit(one.quantity, one.unit, need.unit)
    return None if one.amount is None else rates.convert(one.amount, one.currency, need.currency, one.date)


def _in_unit(thousandths: int, unit: str, to: str) -> Exact:
    """A quantity in another unit; by far the most are in the same, and whole numbers add faster than fractions."""
    return thousandths if unit == to else converted(thousandths, unit, to)


def free(ledger: Ledger) -> Iterator[tuple[Entry, Fraction]]:
    """Promises with a quantity of which something is not yet allocated, and how much, in thousandths of their unit.

    Of a chain of promises the last counts, so that nothing is offered twice; what was withdrawn is not offered.
    """
    for one in ledger.of_kind("pledge", "commitment"):
        if one.quantity is None or left_out(one):
            continue
        left: Exact = one.quantity
        for other in ledger.following.get(one.id, ()):
            takes = other.kind == "withdrawal" or RANK.get(other.kind, 0) > RANK[one.kind]
            if takes and other.quantity is not None and convertible(other.unit, one.unit):
                left -= _in_unit(other.quantity, other.unit, one.unit)
        if left > 0:
            yield one, Fraction(left)
