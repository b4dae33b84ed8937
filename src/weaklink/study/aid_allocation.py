"""Who should get what next, from the promises of the ledger that are not yet set aside?"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from weaklink.aid.allocation import Offer, Want, allocated
from weaklink.aid.entries import Entry
from weaklink.aid.gaps import Gap, free, gaps
from weaklink.aid.units import THOUSAND, UNITS, converted, convertible
from weaklink.result import Result
from weaklink.study.aid import Asked
from weaklink.tables.aid import AID_ALLOCATION

LAST = 9  # urgency of needs that say none
LEAST = 1e-6  # of a unit: less is nothing


@dataclass(frozen=True, slots=True)
class Pool:
    """Promises that may serve the same needs (by their places), the oldest first, each with what is free of it."""

    serves: frozenset[int]
    promises: tuple[tuple[Entry, float], ...]

    @property
    def amount(self) -> float:
        """What is free in all."""
        return math.fsum(left for _, left in self.promises)


@dataclass(frozen=True, slots=True)
class Matching:
    """Needs of one recipient and class in units that measure the same, and the pools that may serve them.

    Amounts are in `unit`, that of the first need. Promises alike are one pool, so that the programme stays small.
    """

    unit: str
    needs: tuple[Gap, ...]
    pools: tuple[Pool, ...]


def allocation(asked: Asked) -> Result:
    """Who should get what of the promises that are not set aside: the most urgent first, then leximin of unmet shares.

    Columns in `weaklink.tables.AID_ALLOCATION`; the ledger is not changed. Money is not allocated here.
    """
    rows = [row for matching in matchings(asked) for row in _of_matching(matching)]
    rows.sort(key=lambda row: (row["urgency"] or LAST, -row["unmet_share"], row["need"], row["promise"]))
    return asked.answer(
        AID_ALLOCATION,
        rows,
        "A proposal: nothing is written into the ledger. What each need gets is unique; from which promise is not.",
        "The most urgent needs come first; among equally urgent ones the largest unmet share is made as small as it "
        "can be, then the next largest, and so on.",
        "A promise serves needs of its recipient and class, of the same item where both name one, and only the need "
        "that it names where it names one. Pieces are not split.",
    )


def matchings(asked: Asked) -> Iterator[Matching]:
    """Needs with a quantity that lack something, with the free promises that may serve any of them."""
    offered: dict[tuple[str, str, str], list[tuple[Entry, Fraction]]] = defaultdict(list)
    for promise, left in free(asked.ledger):
        offered[promise.recipient, promise.item_class, UNITS[promise.unit].measures].append((promise, left))
    groups: dict[tuple[str, str, str], list[Gap]] = defaultdict(list)
    for gap in gaps(asked.ledger, asked.rates):
        if gap.unallocated and gap.need.quantity is not None:
            groups[gap.need.recipient, gap.need.item_class, UNITS[gap.need.unit].measures].append(gap)
    for key, needs in sorted(groups.items()):
        unit = needs[0].need.unit
        yield Matching(unit, tuple(needs), tuple(_pools(offered[key], needs, unit)))


def _pools(offered: Sequence[tuple[Entry, Fraction]], needs: Sequence[Gap], unit: str) -> Iterator[Pool]:
    """The promises by which needs they may serve; those that may serve none are left out."""
    alike: dict[tuple[str, str], list[tuple[Entry, Fraction]]] = defaultdict(list)
    for promise, left in offered:
        alike[promise.item, promise.need].append((promise, left))
    pools: dict[frozenset[int], list[tuple[Entry, float]]] = defaultdict(list)
    for those in alike.values():
        serves = frozenset(place for place, gap in enumerate(needs) if may_serve(those[0][0], gap.need))
        if serves:
            pools[serves] += [(promise, _amount(left, promise.unit, unit)) for promise, left in those]
    for serves, promises in pools.items():
        yield Pool(serves, tuple(sorted(promises, key=lambda one: (one[0].date, one[0].id))))


def may_serve(promise: Entry, need: Entry) -> bool:
    """Whether a promise may go to a need of its recipient and class.

    >>> may_serve(Entry("P", "pledge", "2022-12-01", item="blanket", unit="piece"),
    ...           Entry("N", "need", "2022-11-01", item="tent", unit="piece"))
    False
    """
    same_item = not promise.item or not need.item or promise.item == need.item
    return same_item and promise.need in ("", need.id) and convertible(promise.unit, need.unit)


def _of_matching(matching: Matching) -> Iterator[dict[str, Any]]:
    unit = matching.unit
    wants = [
        Want(gap.need.id, _amount(gap.unallocated, gap.need.unit, unit), gap.need.urgency or LAST)
        for gap in matching.needs
    ]
    offers = [Offer(pool.promises[0][0].id, pool.amount, pool.serves) for pool in matching.pools]
    found = allocated(wants, offers, whole=UNITS[unit].whole)
    gifts: dict[int, list[tuple[Entry, float]]] = defaultdict(list)
    for pool, given in zip(matching.pools, found.given, strict=True):
        for place, promise, amount in _handed_out(pool, given):
            gifts[place].append((promise, amount))
    for place, gap in enumerate(matching.needs):
        row = _row(gap, wants[place].amount, unit, float(found.unmet_share[place]))
        for promise, amount in gifts[place]:
            yield {**row, "given": amount, "promise": promise.id, "donor": promise.donor}
        if not gifts[place]:
            yield {**row, "given": 0.0, "promise": "", "donor": ""}


def _handed_out(pool: Pool, given: Sequence[float]) -> Iterator[tuple[int, Entry, float]]:
    """What a pool gives, promise by promise, the oldest first: the place of the need, the promise, the amount."""
    left = deque(pool.promises)
    for place, amount in enumerate(given):
        wanted = float(amount)
        while wanted > LEAST and left:
            promise, stock = left.popleft()
            taken = min(wanted, stock)
            yield place, promise, taken
            wanted -= taken
            if stock - taken > LEAST:
                left.appendleft((promise, stock - taken))


def _amount(thousandths: Fraction, unit: str, to: str) -> float:
    """An amount in another unit as a number for the programme."""
    return float(thousandths * converted(THOUSAND, unit, to) / THOUSAND / THOUSAND)


def _row(gap: Gap, wanted: float, unit: str, unmet: float) -> dict[str, Any]:
    need = gap.need
    return {
        "need": need.id,
        "urgency": need.urgency,
        "recipient": need.recipient,
        "place": need.place,
        "item_class": need.item_class,
        "item": need.item,
        "unit": unit,
        "wanted": wanted,
        "unmet_share": max(0.0, unmet),
    }
