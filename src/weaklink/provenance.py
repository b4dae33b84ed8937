"""Where does a number come from, and what must travel with it?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a data set: the data card.

    `vintage` names the release; two vintages of one source never mix silently.
    `sha256` is the digest of the stored table, `original_sha256` that of the file it was read from.
    `derived_by` says how the table was made from the original; `caveats` are sentences that must be
    shown wherever a figure from this data set is shown.
    """

    name: str
    what: str
    source: str
    licence: str
    vintage: str
    sha256: str
    derived_by: str
    original_sha256: str = ""
    nomenclature: str = ""
    years: tuple[int, ...] = ()
    rows: int = 0
    caveats: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The card as an indented JSON object, the form in which it is stored."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Card:
        """Read a card that `to_json` wrote; fields it does not know are left out.

        >>> card = Card("a", "what", "source", "CC0", "2024", "00", "by hand", years=(2024,))
        >>> Card.from_json(card.to_json()) == card
        True
        """
        known = {field.name for field in fields(cls)}
        stored: dict[str, Any] = {key: value for key, value in json.loads(text).items() if key in known}
        for name in ("years", "caveats"):
            stored[name] = tuple(stored.get(name, ()))
        return cls(**stored)


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a result can be made again: the cards of its data, the code, and the question.

    `blocs` maps each bloc expression to its countries as resolved; `parameters` is the question as
    asked, defaults included, as text.
    """

    cards: tuple[Card, ...]
    version: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    blocs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
