"""How does a mix of measures become one page, with its pictures as files beside it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from weaklink.columns import Column
from weaklink.report import folder
from weaklink.report.before_after import before_after
from weaklink.report.chart import Chart
from weaklink.report.cost_frontier import cost_frontier
from weaklink.report.formats import readable, to_csv
from weaklink.report.reduce_answer import ReduceAnswer
from weaklink.report.selfcontained import figures_of, files_of, made_by, page_of
from weaklink.report.waterfall import waterfall
from weaklink.result import Result

NAMES = ("waterfall", "cost_frontier", "before_after")
TITLES = {
    "reduce": "The mix",
    "reduce_gains": "Who pays and who gains",
    "reduce_years": "In which order",
    "reduce_frontier": "Cost against risk, point by point",
}
MADE = made_by((*TITLES, "reduce_steps"), NAMES)


@dataclass(frozen=True, slots=True)
class Shown:
    """A table on the page."""

    name: str
    title: str
    columns: Sequence[Column]
    cells: list[list[str]]


def write_report(directory: Path, answer: ReduceAnswer) -> Path:
    """Write the page and its charts into `directory`, whole or not at all, and return the path of the page.

    A directory that an earlier report made is replaced. Raises StoreError where it holds anything else.
    """
    folder.write(directory, rendered(answer), MADE)
    return directory / "index.html"


def charts(answer: ReduceAnswer) -> tuple[Chart, ...]:
    """The pictures that can be drawn; one with nothing to show is left out."""
    drawn = (waterfall(answer), cost_frontier(answer), before_after(answer))
    return tuple(chart for chart in drawn if chart is not None)


def rendered(answer: ReduceAnswer) -> dict[str, bytes]:
    """Every file of a report by its path."""
    figures = figures_of(charts(answer))
    results = [one for one in (answer.mix, answer.gains, answer.years, answer.frontier) if one is not None]
    page = page_of(
        "reduce.html.jinja", answer=answer, figures=figures, tables=[_shown(one) for one in results]
    )
    files = {"index.html": page.encode("utf-8")}
    for result in (*results, answer.steps):
        files[f"charts/{result.schema.name}.csv"] = to_csv(result).encode("utf-8")
    return files | files_of(figures)


def _shown(result: Result) -> Shown:
    columns = result.schema.columns
    cells = [[readable(column, row[column.name]) for column in columns] for row in result.records()]
    return Shown(result.schema.name, TITLES[result.schema.name], columns, cells)
