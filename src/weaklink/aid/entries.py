"""What does an entry of the ledger of assistance say, and how do entries hang together?

    need → pledge → commitment → allocation → transport → delivery → verification,   withdrawal of any promise

An entry names the one that it carries out (`follows`). A *pledge* is a public promise; a *commitment* one that binds;
an *allocation* is set aside for a purpose; a *delivery* has arrived; a *verification* says that somebody has seen it.
Quantities are whole thousandths of their unit, amounts whole hundredths of their currency: sums are exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Literal, NamedTuple

Kind = Literal[
    "need", "pledge", "commitment", "allocation", "transport", "delivery", "verification", "withdrawal"
]
Basis = Literal["amount", "market", "replacement"]

STAGES: tuple[Kind, ...] = ("pledge", "commitment", "allocation", "transport", "delivery", "verification")
KINDS: tuple[Kind, ...] = ("need", *STAGES, "withdrawal")
RANK: Mapping[str, int] = MappingProxyType({kind: place for place, kind in enumerate(STAGES)})
PROMISES = STAGES[:3]  # what can be withdrawn
BASES: Mapping[str, Basis] = MappingProxyType(
    {"stated": "amount", "market": "market", "replacement": "replacement"}
)

CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "fuel": "diesel, petrol, gas, wood",
        "generators": "generators and other sources of power",
        "winter clothing": "clothes, blankets, tents and heaters",
        "medical": "medicines and medical equipment",
        "engineering": "transformers, cables, pumps, bridges, tools",
        "non-lethal equipment": "vehicles, radios, helmets and the like",
        "financial": "grants, loans, guarantees",
        "humanitarian": "humanitarian assistance that a source does not split further",
        "military total": "the total of military assistance as a source publishes it; no items",
        "all": "a sum over classes that a source does not split",
        "other": "anything else",
    }
)

INSTITUTIONS: Mapping[str, str] = MappingProxyType(
    {
        "EU": "EU institutions",
        "EIB": "European Investment Bank",
        "NATO": "NATO, common funds",
        "UN": "United Nations",
        "WB": "World Bank",
        "IMF": "International Monetary Fund",
    }
)


class Entry(NamedTuple):
    """One entry. Empty text and None mean that nothing is said.

    `amount` is the value that the donor states; `market` and `replacement` are other valuations in the same currency.
    `joint` names the joint entry that this is a national share of, `announces` the entry that it announces again;
    `exception` explains why a rule may be broken. `urgency` of a need runs from 1, most urgent, to 5.
    """

    id: str
    kind: str
    date: str
    donor: str = ""
    recipient: str = ""
    item_class: str = ""
    item: str = ""
    quantity: int | None = None
    unit: str = ""
    amount: int | None = None
    market: int | None = None
    replacement: int | None = None
    currency: str = ""
    follows: str = ""
    need: str = ""
    joint: str = ""
    announces: str = ""
    urgency: int | None = None
    by_when: str = ""
    place: str = ""
    exception: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True)  # without slots, so that what hangs together is found once
class Ledger:
    """All entries as they now stand, in the order of their ids."""

    entries: tuple[Entry, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Entry]:
        """Each entry by its id."""
        return {one.id: one for one in self.entries}

    @cached_property
    def following(self) -> Mapping[str, Sequence[Entry]]:
        """The entries that carry out, or withdraw from, each entry."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for one in self.entries:
            if one.follows:
                found[one.follows].append(one)
        return found

    @cached_property
    def roots(self) -> Mapping[str, Entry]:
        """The first promise behind each entry: itself where it follows none. A circle ends where it began."""
        found: dict[str, Entry] = {}
        for one in self.entries:
            way, at = [one], one
            while at.follows in self.by_id and at.id not in found and len(way) <= len(KINDS):
                at = self.by_id[at.follows]
                way.append(at)
            root = found.get(at.id, at)
            for step in way:
                found[step.id] = root
        return found

    def of_kind(self, *kinds: str) -> Iterator[Entry]:
        """The entries of some kinds."""
        return (one for one in self.entries if one.kind in kinds)

    @cached_property
    def loose(self) -> Mapping[tuple[str, str], frozenset[int]]:
        """Of which stages each donor has entries for each recipient that carry out no other one, by their rank."""
        found: dict[tuple[str, str], set[int]] = defaultdict(set)
        for one in self.entries:
            if one.kind in RANK and one.follows not in self.by_id and not one.joint and not one.announces:
                found[one.donor, one.recipient].add(RANK[one.kind])
        return {key: frozenset(ranks) for key, ranks in found.items()}

    def counted_at(self, entry: Entry) -> tuple[Sequence[Kind], int]:
        """The stages that an entry counts at, and its sign.

        What nobody announced before counts at the earlier stages too: an allocation without a pledge is pledged and
        committed by being allocated. Where a donor's entries name no others, they are taken to carry out its earlier
        ones. A withdrawal takes from the stages of what it withdraws. None for needs.
        """
        if entry.kind == "withdrawal":
            parent = self.by_id.get(entry.follows)
            return (
                (self.counted_at(parent)[0], -1) if parent is not None and parent.kind in RANK else ((), -1)
            )
        rank = RANK.get(entry.kind, -1)
        parent = self.by_id.get(entry.follows)
        if parent is not None:
            first = RANK.get(parent.kind, rank - 1) + 1
        else:
            earlier = [one for one in self.loose.get((entry.donor, entry.recipient), ()) if one < rank]
            first = max(earlier, default=-1) + 1
        return STAGES[min(first, rank) : rank + 1] if rank >= 0 else (), 1

    def need_of(self, entry: Entry) -> str:
        """The need that an entry serves: its own, or that of what it carries out; empty for none."""
        at, steps = entry, 0
        while not at.need and at.follows in self.by_id and steps < len(KINDS):
            at, steps = self.by_id[at.follows], steps + 1
        return at.need
