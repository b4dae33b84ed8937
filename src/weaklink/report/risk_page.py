"""How does a register become one page, with its pictures and its workbook as files beside it?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from weaklink.report import folder
from weaklink.report.chart import Chart
from weaklink.report.evidence_ageing import evidence_ageing
from weaklink.report.formats import readable, to_csv
from weaklink.report.risk_answer import RiskAnswer
from weaklink.report.risk_matrix import risk_matrix
from weaklink.report.selfcontained import Figure, figures_of, files_of, made_by, page_of
from weaklink.result import Result

NAMES = ("risk_matrix", "evidence_ageing")
TABLES = ("risks", "risk_checks")
BOOK = "register.xlsx"
MADE = made_by(TABLES, NAMES) | {BOOK}
Book = Callable[[Mapping[str, bytes]], bytes]


def write_report(directory: Path, answer: RiskAnswer, book: Book) -> Path:
    """Write the page, its charts and the workbook into `directory`, whole or not at all; the path of the page.

    `book` makes the workbook, given the pictures as PNG by title. A directory that an earlier report made is
    replaced. Raises StoreError where it holds anything else.
    """
    folder.write(directory, rendered(answer, book), MADE)
    return directory / "index.html"


def charts(answer: RiskAnswer) -> tuple[Chart, ...]:
    """The pictures that can be drawn; one with nothing to show is left out."""
    return tuple(chart for chart in (risk_matrix(answer), evidence_ageing(answer)) if chart is not None)


def rendered(answer: RiskAnswer, book: Book) -> dict[str, bytes]:
    """Every file of a report by its path."""
    figures = figures_of(charts(answer))
    files = files_of(figures)
    pictures = {one.chart.heading[:31]: files[f"charts/{one.chart.name}.png"] for one in figures}
    files["index.html"] = page(answer, figures).encode("utf-8")
    files[BOOK] = book(pictures)
    for result in (answer.risks, answer.checks):
        if result is not None:
            files[f"charts/{result.schema.name}.csv"] = to_csv(result).encode("utf-8")
    return files


def page(answer: RiskAnswer, figures: list[Figure]) -> str:
    """The page as text."""
    listed = [("risks", "Risks", answer.risks)]
    if answer.checks is not None:
        listed.append(("checks", "To be seen to", answer.checks))
    return page_of(
        "register.html.jinja",
        answer=answer,
        headline=headline(answer),
        figures=figures,
        listed=[(name, title, result, _cells(result)) for name, title, result in listed],
        book=BOOK,
    )


def headline(answer: RiskAnswer) -> str:
    """The answer in two sentences."""
    rows = [row for row in answer.risks.records() if row["status"] != "closed"]
    worst = answer.scale.matrix.bands[-1]
    high = sum((row["residual_band"] or row["inherent_band"]) == worst for row in rows)
    said = f"{len(rows):,} risks that are not closed, {high:,} of them in the band “{worst}” as they are now."
    if answer.checks is None:
        return said
    return f"{said} {len(answer.checks):,} things are to be seen to."


def _cells(result: Result) -> list[list[str]]:
    return [
        [
            "" if row[column.name] is None else readable(column, row[column.name])
            for column in result.schema.columns
        ]
        for row in result.records()
    ]
