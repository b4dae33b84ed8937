"""How do the results of a stressed network become one page, with its pictures as files beside it?"""

from __future__ import annotations

from pathlib import Path

from weaklink.report import folder
from weaklink.report.chart import Chart
from weaklink.report.curtailment_map import curtailment_map
from weaklink.report.duration_curve import duration_curve
from weaklink.report.flow_map import flow_map
from weaklink.report.formats import readable, to_csv
from weaklink.report.ranked_outages import ranked_outages
from weaklink.report.selfcontained import Figure, figures_of, files_of, made_by, page_of
from weaklink.report.storage_bands import storage_bands
from weaklink.report.stress_answer import StressAnswer, rounded
from weaklink.result import Result

NAMES = ("curtailment_map", "storage_bands", "duration_curve", "ranked_outages", "flow_map")
TABLES = ("stress", "stress_days", "stress_flows", "outages")
MADE = made_by(TABLES, NAMES)


def write_report(directory: Path, answer: StressAnswer) -> Path:
    """Write the page and its charts into `directory`, whole or not at all, and return the path of the page.

    A directory that an earlier report made is replaced. Raises StoreError where it holds anything else.
    """
    folder.write(directory, rendered(answer), MADE)
    return directory / "index.html"


def charts(answer: StressAnswer) -> tuple[Chart, ...]:
    """The pictures that can be drawn; one with nothing to show is left out."""
    drawn = (
        curtailment_map(answer),
        storage_bands(answer),
        duration_curve(answer),
        ranked_outages(answer),
        flow_map(answer),
    )
    return tuple(chart for chart in drawn if chart is not None)


def rendered(answer: StressAnswer) -> dict[str, bytes]:
    """Every file of a report by its path."""
    figures = figures_of(charts(answer))
    files = {"index.html": page(answer, figures).encode("utf-8")}
    for result in (answer.countries, answer.days, answer.flows, answer.outages):
        if result is not None:
            files[f"charts/{result.schema.name}.csv"] = to_csv(result).encode("utf-8")
    return files | files_of(figures)


def page(answer: StressAnswer, figures: list[Figure]) -> str:
    """The page as text."""
    return page_of(
        "stress.html.jinja",
        answer=answer,
        headline=headline(answer),
        figures=figures,
        cells=_cells(answer.countries),
        command=command(answer),
    )


def headline(answer: StressAnswer) -> str:
    """The answer in two sentences."""
    if answer.rate < 1e-4:
        return f"All demand of {answer.who} can be served."
    short = sum(row["curtailment_rate"] > 1e-3 for row in answer.inside)
    return (
        f"{rounded(answer.rate)} of the demand of {answer.who} cannot be served, "
        f"{answer.total('unserved'):,.0f} {answer.unit}. {short} of {len(answer.inside)} go short."
    )


def command(answer: StressAnswer) -> str:
    """The command that makes the report again."""
    asked = answer.countries.provenance.parameters
    words = ["weaklink", "stress", asked["scenario"], "--sharing", asked["sharing"]]
    return " ".join([*words, "--draws", asked["draws"], "--seed", asked["seed"], "--report", "DIR"])


def _cells(result: Result) -> list[list[str]]:
    """The rows as they are read; a share in per cent."""
    return [
        [
            ""
            if row[column.name] is None
            else f"{row[column.name]:.1%}"
            if column.unit.startswith("share")
            else readable(column, row[column.name])
            for column in result.schema.columns
        ]
        for row in result.records()
    ]
