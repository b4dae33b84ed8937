"""How do the losses of a scenario, lens by lens, become one page with its pictures as files beside it?"""

from __future__ import annotations

from pathlib import Path

from weaklink.report import folder
from weaklink.report.chart import Chart
from weaklink.report.formats import readable, to_csv
from weaklink.report.losses_answer import LossesAnswer
from weaklink.report.losses_course import losses_course
from weaklink.report.losses_members import losses_members
from weaklink.report.selfcontained import figures_of, files_of, made_by, page_of
from weaklink.result import Result

NAMES = ("losses_course", "losses_members")
TABLES = ("losses", "loss_course", "ranges")
MADE = made_by(TABLES, NAMES)


def write_report(directory: Path, answer: LossesAnswer) -> Path:
    """Write the page and its charts into `directory`, whole or not at all, and return the path of the page.

    A directory that an earlier report made is replaced. Raises StoreError where it holds anything else.
    """
    folder.write(directory, rendered(answer), MADE)
    return directory / "index.html"


def charts(answer: LossesAnswer) -> tuple[Chart, ...]:
    """The pictures that can be drawn."""
    drawn = (losses_course(answer), losses_members(answer))
    return tuple(chart for chart in drawn if chart is not None)


def rendered(answer: LossesAnswer) -> dict[str, bytes]:
    """Every file of a report by its path."""
    figures = figures_of(charts(answer))
    page = page_of(
        "losses.html.jinja",
        answer=answer,
        figures=figures,
        cells=_cells(answer.table),
        ranges=_cells(answer.ranges),
    )
    tables = {
        f"charts/{result.schema.name}.csv": to_csv(result).encode("utf-8")
        for result in (answer.table, answer.course, answer.ranges)
    }
    return {"index.html": page.encode("utf-8"), **tables, **files_of(figures)}


def _cells(result: Result) -> list[list[str]]:
    """The rows as they are read; a share in per cent."""
    return [
        [
            ""
            if row[column.name] is None
            else f"{row[column.name]:.2%}"
            if column.unit.startswith("share")
            else readable(column, row[column.name])
            for column in result.schema.columns
        ]
        for row in result.records()
    ]
