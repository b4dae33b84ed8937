"""What do the pictures of look-through dependence show: its results, its parties, its source line?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from weaklink import data
from weaklink.blocs.terms import GROUPS
from weaklink.codes.countries import countries
from weaklink.columns import Column, TableSchema
from weaklink.report.answer import Party, country_name, cut
from weaklink.result import Record, Result, tabulated

ALL = "all"
LONGEST = 46


@dataclass(frozen=True)  # without slots, so that the rows are read from Arrow once
class Exposed:
    """Results of one question to an input-output table.

    `exposure` has a row for each sector; `suppliers` one for each supplying region, all sectors as one; `paths` the
    largest paths to `sector`; `history` the sectors in every year, where the table has several. `regions` are the
    names of regions, `parts` the regions of the parts in which a table splits some.
    """

    exposure: Result
    suppliers: Result
    paths: Result
    sector: str
    history: Result | None = None
    regions: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def sectors(self) -> list[dict[str, Any]]:
        """The rows of single sectors that have figures, by hidden exposure."""
        rows = self.exposure.records()
        return [row for row in rows if row["sector"] != ALL and row["hidden"] is not None]

    @cached_property
    def whole(self) -> dict[str, Any] | None:
        """The row that takes all sectors as one."""
        return next((row for row in self.exposure.records() if row["sector"] == ALL), None)

    @property
    def year(self) -> int:
        """The year of the table."""
        return int(self.exposure.provenance.parameters["year"])

    @property
    def importer(self) -> Party:
        """Who depends."""
        return self._party("importer", 0)

    @property
    def group(self) -> Party:
        """On whom."""
        return self._party("suppliers", -1)

    def _party(self, role: str, place: int) -> Party:
        resolved, members = list(self.exposure.provenance.blocs.items())[place]
        return Party(self.exposure.provenance.parameters[role], resolved, members)

    def label(self, row: Record) -> str:
        """What a sector is called in a picture."""
        return cut(row["sector_name"] or row["sector"], LONGEST)

    def sector_label(self, sector: str) -> str:
        """The same by its code."""
        names = {row["sector"]: row["sector_name"] for row in self.exposure.records()}
        return names.get(sector) or sector

    def source_line(self, *also: str) -> str:
        """What stands below every picture: whose table, which release, whose computation."""
        cards = {card.sha256: card for card in self.exposure.provenance.cards}
        listed = [f"{card.source}, {self.year}, {card.licence}" for card in cards.values()]
        if any(word in party.resolved for party in (self.importer, self.group) for word in GROUPS):
            listed.append(f"classes of regimes: {data.card('regimes').source}")
        version = self.exposure.provenance.version
        return f"Sources: {'; '.join([*listed, *also])}. Computed with weaklink {version}."

    def region_name(self, code: str) -> str:
        """What a region is called, or a part of one."""
        if code in self.parts:
            return f"{self.region_name(self.parts[code])} ({code})"
        return country_name(code) if code in countries() else self.regions.get(code, code)

    def drawn_from(self, name: str, row: str, columns: Iterable[Column], records: Iterable[Record]) -> Result:
        """The data of a picture as a declared table, with the provenance of the answer."""
        schema = TableSchema(name, row, tuple(columns))
        return Result(schema, tabulated(schema, records), self.exposure.caveats, self.exposure.provenance)


def sentences(result: Result) -> str:
    """The caveats of a result one after the other, each with its full stop."""
    return " ".join(caveat if caveat.endswith(".") else f"{caveat}." for caveat in result.caveats)


def coefficient(value: float | None) -> str:
    """A coefficient as cents per unit of a hundred: what of 100 of output is needed.

    >>> coefficient(0.0843), coefficient(0.00012), coefficient(0.0), coefficient(None)
    ('8.4', '<0.1', '0', '–')
    """
    if value is None:
        return "–"
    if value == 0:
        return "0"
    return "<0.1" if 0 < value < 0.0005 else f"{100 * value:.1f}"
