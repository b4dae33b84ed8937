"""What do the page and the pictures of a register show: its risks, its scale, the age of its evidence?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from weaklink.columns import TableSchema
from weaklink.register.scales import Scale
from weaklink.result import Record, Result, tabulated


@dataclass(frozen=True, slots=True)
class RiskAnswer:
    """A register for somebody: `risks` as listed, `checks` where all of it is seen, `groups` of rows not shown.

    `ages` holds days since each figure of evidence was computed, and its state: current, stale or unchecked.
    """

    title: str
    day: str
    level: str
    scale: Scale
    risks: Result
    checks: Result | None
    ages: tuple[tuple[int, str], ...]
    groups: tuple[Mapping[str, str], ...]
    command: str

    @property
    def source(self) -> str:
        """The source line of every picture."""
        (card,) = self.risks.provenance.cards
        return f"Source: {card.name}, {card.vintage}. Scale: {self.scale.title}. Ages counted to {self.day}."

    def data(self, schema: TableSchema, records: Iterable[Record]) -> Result:
        """The data of a picture, with caveats and provenance of the register."""
        return Result(schema, tabulated(schema, records), self.risks.caveats, self.risks.provenance)
