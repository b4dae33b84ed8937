"""Who should get what next: from the promises of the ledger that are not yet set aside, or over a network of sites?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from weaklink.aid.allocation import Offer, Want, allocated
from weaklink.aid.entries import Entry
from weaklink.aid.gaps import Gap, free, gaps
from weaklink.aid.units import THOUSAND, UNITS, converted, convertible
from weaklink.result import Result, tabulated
from weaklink.study.aid import Asked
from weaklink.study.stress import Stress, stressed
from weaklink.tables.aid import AID_ALLOCATION

LAST = 9  # urgency of needs that say none
LEAST = 1e-6  # of a unit: less is nothing


@dataclass(frozen=True, slots=True)
class Matching:
    """Needs and promises that may serve each other: one recipient, one class, units that measure the same."""

    needs: tuple[Gap, ...]
    promises: tuple[tuple[Entry, Fraction], ...]

    @property
    def unit(self) -> str:
        """The unit that the matching counts in: that of its first need."""
        return self.needs[0].need.unit


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
    offered = list(free(asked.ledger))
    groups: dict[tuple[str, str, str], list[Gap]] = defaultdict(list)
    for gap in gaps(asked.ledger, asked.rates):
        if gap.unallocated and gap.need.quantity is not None:
            groups[gap.need.recipient, gap.need.item_class, UNITS[gap.need.unit].measures].append(gap)
    for (recipient, item_class, measures), needs in sorted(groups.items()):
        yield Matching(
            tuple(needs),
            tuple(
                (one, left)
                for one, left in offered
                if one.recipient == recipient
                and one.item_class == item_class
                and UNITS[one.unit].measures == measures
                and any(may_serve(one, gap.need) for gap in needs)
            ),
        )


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
    offers = [
        Offer(one.id, _amount(left, one.unit, unit), _served(one, matching.needs))
        for one, left in matching.promises
    ]
    found = allocated(wants, offers, whole=UNITS[unit].whole)
    for place, gap in enumerate(matching.needs):
        row = _row(gap, wants[place].amount, unit, float(found.unmet_share[place]))
        gifts = [(one, float(found.given[o, place])) for o, (one, _) in enumerate(matching.promises)]
        given = [(one, amount) for one, amount in gifts if amount > LEAST]
        for one, amount in given:
            yield {**row, "given": amount, "promise": one.id, "donor": one.donor}
        if not given:
            yield {**row, "given": 0.0, "promise": "", "donor": ""}


def _amount(thousandths: Fraction, unit: str, to: str) -> float:
    """An amount in another unit as a number for the programme."""
    return float(thousandths * converted(THOUSAND, unit, to) / THOUSAND / THOUSAND)


def _served(promise: Entry, needs: Sequence[Gap]) -> frozenset[int]:
    return frozenset(place for place, gap in enumerate(needs) if may_serve(promise, gap.need))


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


def over_network(scenario: str, sharing: str = "") -> Result:
    """Who gets what of a package over a network of sites, as a scenario on it leaves the roads and depots.

    The most protected class is served first where the scenario says so, then shortage is shared alike. Columns in
    `weaklink.tables.AID_ALLOCATION`; needs are sites, promises are not told apart.

    >>> rows = over_network("generators-bridge-exercise").records()
    >>> round(sum(row["given"] for row in rows) / sum(row["wanted"] for row in rows), 3) < 1
    True
    """
    played = stressed(scenario, sharing)
    found = played.countries
    rows = sorted(_of_sites(played), key=lambda row: (row["urgency"], -row["unmet_share"], row["need"]))
    return Result(AID_ALLOCATION, tabulated(AID_ALLOCATION, rows), found.caveats, found.provenance)


def _of_sites(played: Stress) -> Iterator[dict[str, Any]]:
    """A row for each site and class of consumers that wants anything; the best protected class is urgency 1."""
    case, plan = played.case, played.plan
    wanted = case.network.demand @ case.network.durations
    for level, place in zip(*np.nonzero(wanted), strict=True):
        short = float(plan.unserved_by_class[level, place])
        yield {
            "need": case.network.nodes[place],
            "urgency": int(level) + 1,
            "recipient": "",
            "place": case.label(case.network.nodes[place]),
            "item_class": case.network.classes[level],
            "item": case.folder.about.commodity,
            "unit": case.unit,
            "wanted": wanted[level, place],
            "given": wanted[level, place] - short,
            "promise": "",
            "donor": "",
            "unmet_share": short / wanted[level, place],
        }
