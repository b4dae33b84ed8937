"""How do the results of a stressed network become one page, with its pictures as files beside it?"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from weaklink.report import drawing, folder
from weaklink.report.chart import Chart
from weaklink.report.curtailment_map import curtailment_map
from weaklink.report.duration_curve import duration_curve
from weaklink.report.flow_map import flow_map
from weaklink.report.formats import readable, to_csv
from weaklink.report.page import Figure, policy
from weaklink.report.ranked_outages import ranked_outages
from weaklink.report.storage_bands import storage_bands
from weaklink.report.stress_answer import StressAnswer, rounded
from weaklink.result import Result

HERE = Path(__file__).parent
NAMES = ("curtailment_map", "storage_bands", "duration_curve", "ranked_outages", "flow_map")
TABLES = ("stress", "stress_days", "stress_flows", "outages")
MADE = frozenset(
    {
        "index.html",
        *(f"charts/{name}.csv" for name in TABLES),
        *(f"charts/{name}.{kind}" for name in NAMES for kind in ("png", "svg", "csv")),
    }
)


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
    figures = [Figure(chart, drawing.bare(chart)) for chart in charts(answer)]
    files = {"index.html": page(answer, figures).encode("utf-8")}
    for result in (answer.countries, answer.days, answer.flows, answer.outages):
        if result is not None:
            files[f"charts/{result.schema.name}.csv"] = to_csv(result).encode("utf-8")
    for figure in figures:
        made = drawing.files(figure.chart, figure.svg)
        files |= {f"charts/{name}": content for name, content in made.items()}
    return files


def page(answer: StressAnswer, figures: list[Figure]) -> str:
    """The page as text."""
    css, script = ((HERE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("stress.html.jinja").render(
        answer=answer,
        css=css,
        script=script,
        policy=policy(css, script),
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
