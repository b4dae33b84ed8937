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

    def need_of(self, entry: Entry) -> str:
        """The need that an entry serves: its own, or that of what it carries out; empty for none."""
        at, steps = entry, 0
        while not at.need and at.follows in self.by_id and steps < len(KINDS):
            at, steps = self.by_id[at.follows], steps + 1
        return at.need


def stage_of(entry: Entry, ledger: Ledger) -> tuple[str, int]:
    """The stage that an entry counts at, and its sign: a withdrawal takes from the stage of what it withdraws.

    Empty for needs, and for withdrawals of nothing that is known.
    """
    if entry.kind == "withdrawal":
        parent = ledger.by_id.get(entry.follows)
        return (parent.kind, -1) if parent is not None else ("", 0)
    return (entry.kind, 1) if entry.kind != "need" else ("", 0)
