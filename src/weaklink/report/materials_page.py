"""How does a mix of measures for materials become one page, with its pictures as files beside it?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weaklink.report import folder
from weaklink.report.chart import PERCENT_AXIS, Chart, Spec, by, values
from weaklink.report.formats import readable, to_csv
from weaklink.report.palette import CONFIG, INK, OTHERS, QUIET
from weaklink.report.reduce_page import Shown
from weaklink.report.selfcontained import figures_of, files_of, made_by, page_of
from weaklink.result import Result

WIDTH, ROW, PANEL = 640, 26, 250
NAMES = ("material_shares", "material_frontier")
TITLES = {
    "reduce_products": "Each product before and after",
    "reduce_materials": "The mix",
    "reduce_materials_frontier": "Cost against what is missing, point by point",
}
MADE = made_by(TITLES, NAMES)


@dataclass(frozen=True, slots=True)
class MaterialsAnswer:
    """A mix for materials as a page takes it; `frontier` is there where it was asked for."""

    title: str
    target: str
    headline: str
    mix: Result
    products: Result
    frontier: Result | None
    source: str
    command: str

    @property
    def notes(self) -> str:
        """The caveats as one text."""
        return " ".join(self.mix.caveats)


def write_report(directory: Path, answer: MaterialsAnswer) -> Path:
    """Write the page and its charts into `directory`, whole or not at all, and return the path of the page.

    A directory that an earlier report made is replaced. Raises StoreError where it holds anything else.
    """
    folder.write(directory, rendered(answer), MADE)
    return directory / "index.html"


def rendered(answer: MaterialsAnswer) -> dict[str, bytes]:
    """Every file of a report by its path."""
    drawn = (material_shares(answer), material_frontier(answer))
    figures = figures_of(chart for chart in drawn if chart is not None)
    results = [one for one in (answer.products, answer.mix, answer.frontier) if one is not None]
    page = page_of(
        "reduce.html.jinja", answer=answer, figures=figures, tables=[_shown(one) for one in results]
    )
    files = {"index.html": page.encode("utf-8")}
    for result in results:
        files[f"charts/{result.schema.name}.csv"] = to_csv(result).encode("utf-8")
    return files | files_of(figures)


def material_shares(answer: MaterialsAnswer) -> Chart:
    """Share of the largest supplier, and what is missing at worst, before (hollow) and after (full) the mix."""
    rows = sorted(answer.products.records(), key=lambda row: -float(row["missing_before"]))
    moved = sum(row["missing_before"] > row["missing_after"] + 1e-6 for row in rows)
    return Chart(
        name="material_shares",
        heading=f"Before and after: {answer.title}",
        message=f"The mix lowers what would be missing of {moved} of {len(rows)} products.",
        reading="Hollow: before the mix; full: with it. Left: share of the largest supplier, whose code stands beside "
        "the name, in what is used. Right: what is missing at worst in the scenarios, as share of a year's use.",
        footnote="",
        source=answer.source,
        spec=_shares_spec(rows),
        data=answer.products,
        notes=answer.notes,
    )


def _shares_spec(rows: list[dict[str, Any]]) -> Spec:
    named = [{**row, "name": f"{row['label']} ({row['supplier']})"} for row in rows]
    panels = [
        _panel(named, "share_before", "share_after", "share of the largest supplier", labels=True),
        _panel(
            named, "missing_before", "missing_after", "missing at worst, share of a year's use", labels=False
        ),
    ]
    return {"config": CONFIG, "hconcat": panels, "spacing": 24}


def _panel(rows: list[dict[str, Any]], before: str, after: str, title: str, *, labels: bool) -> Spec:
    axis = {"labelColor": INK, "labelLimit": 330, "labelFontSize": 12, "labels": labels, "grid": True}
    y = by("name", "nominal", sort=None, title=None, axis=axis)

    def x(field: str) -> dict[str, Any]:
        return by(field, "quantitative", title=title, axis=dict(PERCENT_AXIS), scale={"domain": [0, 1]})

    return {
        "width": PANEL,
        "height": {"step": ROW},
        "data": values(rows),
        "encoding": {"y": y},
        "layer": [
            {
                "mark": {"type": "rule", "color": QUIET, "strokeWidth": 1.2, "aria": False},
                "encoding": {"x": x(before), "x2": {"field": after}},
            },
            {
                "mark": {
                    "type": "point",
                    "filled": False,
                    "stroke": OTHERS,
                    "strokeWidth": 1.6,
                    "size": 80,
                    "aria": False,
                },
                "encoding": {"x": x(before)},
            },
            {
                "mark": {
                    "type": "point",
                    "filled": True,
                    "color": OTHERS,
                    "size": 60,
                    "opacity": 1,
                    "aria": False,
                },
                "encoding": {"x": x(after)},
            },
        ],
    }


def material_frontier(answer: MaterialsAnswer) -> Chart | None:
    """Cost against what is missing; the line at the cost of the mix. None where no frontier was asked for."""
    if answer.frontier is None or len(answer.frontier) < 2:
        return None
    rows = answer.frontier.records()
    first, last = rows[0], rows[-1]
    chosen = float(sum(answer.mix.column("cost")))
    return Chart(
        name="material_frontier",
        heading=f"Cost against what is missing: {answer.title}",
        message=f"From {first['missing']:,.0f} million US dollars missing for {first['cost']:,.3g} million a year to "
        f"{last['missing']:,.0f} for {last['cost']:,.3g}.",
        reading="Each point is the cheapest mix for its level of what is missing, with limits on shares held at each. "
        "Vertical line: cost of the mix that meets the targets.",
        footnote="Every point is proven to be within the gap of its row of the cheapest.",
        source=answer.source,
        spec=_frontier_spec(rows, chosen),
        data=answer.frontier,
        notes=answer.notes,
    )


def _frontier_spec(rows: list[dict[str, Any]], chosen: float) -> Spec:
    return {
        "config": CONFIG,
        "width": WIDTH,
        "height": 300,
        "layer": [
            {
                "data": values([{"cost": chosen}]),
                "mark": {"type": "rule", "color": INK, "strokeWidth": 0.8, "aria": False},
                "encoding": {"x": by("cost", "quantitative")},
            },
            {
                "data": values({"cost": row["cost"], "missing": row["missing"]} for row in rows),
                "mark": {
                    "type": "line",
                    "point": {"color": OTHERS, "size": 40},
                    "color": OTHERS,
                    "strokeWidth": 2,
                    "aria": False,
                },
                "encoding": {
                    "x": by(
                        "cost",
                        "quantitative",
                        title="cost, million US dollars a year",
                        axis={"format": ",.0f"},
                    ),
                    "y": by(
                        "missing",
                        "quantitative",
                        title="missing, million US dollars",
                        axis={"format": ",.0f"},
                    ),
                },
            },
        ],
    }


def _shown(result: Result) -> Shown:
    columns = result.schema.columns
    cells = [[readable(column, row[column.name]) for column in columns] for row in result.records()]
    return Shown(result.schema.name, TITLES[result.schema.name], columns, cells)
