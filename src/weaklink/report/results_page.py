"""How do results that need no page of their own kind become one: headline, pictures, tables, caveats, sources?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from weaklink.columns import Column
from weaklink.report import folder
from weaklink.report.chart import Chart
from weaklink.report.formats import readable, to_csv
from weaklink.report.selfcontained import figures_of, files_of, made_by, page_of
from weaklink.result import Result

# Every table and picture that such a page may have: what a directory may hold to be replaced by the next one.
TABLES = (
    "assessment",
    "assessment_indicators",
    "support_plans",
    "aid_totals",
    "aid_gaps",
    "aid_lag",
    "aid_findings",
)
PICTURES = ("guideline_matrix", "aid_funnel", "aid_timeline", "aid_gaps_picture", "plan_milestones")
MADE = made_by(TABLES, PICTURES)


@dataclass(frozen=True, slots=True)
class Listing:
    """A table on the page: its heading, its rows, and the columns shown (all where none are named)."""

    heading: str
    result: Result
    shown: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the table, of its file and of its place on the page."""
        return self.result.schema.name

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns shown."""
        return tuple(one for one in self.result.schema.columns if not self.shown or one.name in self.shown)

    @property
    def cells(self) -> list[list[str]]:
        """The rows as they are read."""
        return [[readable(one, row[one.name]) for one in self.columns] for row in self.result.records()]


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """What a page says. `warning` stands below the headline where it is not empty."""

    kicker: str
    title: str
    headline: str
    warning: str
    charts: Sequence[Chart]
    listings: Sequence[Listing]
    command: str


def write_report(directory: Path, said: ResultsPage) -> Path:
    """Write a page and its files into a directory, whole or not at all; the path of the page.

    A directory that an earlier report made is replaced. Raises StoreError where it holds anything else.
    """
    folder.write(directory, rendered(said), MADE)
    return directory / "index.html"


def rendered(said: ResultsPage) -> dict[str, bytes]:
    """Every file of a report by its path."""
    figures = figures_of(said.charts)
    results = [listing.result for listing in said.listings]
    page = page_of(
        "results.html.jinja",
        said=said,
        figures=figures,
        version=results[0].provenance.version,
        caveats=list(dict.fromkeys(caveat for result in results for caveat in result.caveats)),
        cards=list({card.name: card for result in results for card in result.provenance.cards}.values()),
    )
    tables = {f"charts/{result.schema.name}.csv": to_csv(result).encode("utf-8") for result in results}
    return {"index.html": page.encode("utf-8"), **tables, **files_of(figures)}
