"""Who is asked about, for what, and what is found: the words that all figures of guidelines share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from weaklink.guidelines.scoring import Finding
from weaklink.provenance import Card
from weaklink.result import Result
from weaklink.sources.guideline_sheets import Entered

BLOC = "bloc"  # the code of the bloc taken as one


@dataclass(frozen=True, slots=True)
class Party:
    """Who is assessed: a country by its ISO3 code, or the bloc as one under the code `bloc`."""

    code: str
    expression: str
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a figure is asked for: of whom, in which year, for what, and which values were entered."""

    parties: tuple[Party, ...]
    year: int
    given: Mapping[str, str]
    entered: Mapping[tuple[str, str], Entered]

    @property
    def each(self) -> str:
        """The single countries as an expression; empty where the bloc is asked as one."""
        return " + ".join(party.code for party in self.parties if party.code != BLOC)


@dataclass(frozen=True, slots=True)
class Found:
    """The finding for each party, with the cards and caveats of the data behind it."""

    findings: Mapping[str, Finding]
    cards: tuple[Card, ...] = ()
    caveats: tuple[str, ...] = ()


def source_of(answer: Result) -> str:
    """The first source of an answer, with its vintage."""
    return source_in(answer.provenance.cards[0])


def source_in(card: Card) -> str:
    """The source that a card names, with its vintage."""
    return f"{card.source}, {card.vintage}"
