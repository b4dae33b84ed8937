"""Picture: how have face value and look-through moved over the years of a table?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from weaklink import tables
from weaklink.report.answer import enumerated, plural
from weaklink.report.chart import Chart, Spec, by, values
from weaklink.report.exposed import ALL, Exposed, coefficient, sentences
from weaklink.report.palette import CONFIG, GROUP, GROUP_RAMP, INK, QUIET
from weaklink.result import Record

MOST, COLUMNS = 9, 3
WIDTH, HEIGHT = 236, 96
DRAWN = ("year", "sector", "sector_name", "face_value", "look_through", "hidden", "value_added_share")


def exposure_years(shown: Exposed) -> Chart | None:
    """A panel per sector: look-through and face value in every year. None where the table has one year only."""
    if shown.history is None:
        return None
    every = [row for row in shown.history.records() if row["look_through"] is not None]
    years = sorted({row["year"] for row in every})
    if len(years) < 2:
        return None
    panels = [row["sector"] for row in shown.sectors[:MOST]]
    rows = [row for row in every if row["sector"] in panels]
    them = shown.group.over_time
    kept = (
        f" The {len(panels)} sectors with the largest hidden exposure in {shown.year}."
        if len(panels) < len(shown.sectors)
        else ""
    )
    return Chart(
        name="years",
        heading=f"Face value and look-through over the years, {years[0]}–{years[-1]}",
        message=_message(shown, every, years),
        reading=(
            f"Output of {them} that each sector of {shown.importer.over_time} needs, per 100 of its output. Thick line "
            "and filled marks: in all rounds of inputs (look-through); thin line and hollow marks: bought directly "
            f"(face value). Marks are at {enumerated(map(str, years))}; all panels have one scale.{kept}"
        ),
        footnote="",
        source=shown.source_line(),
        spec=_spec(shown, rows, panels, years),
        data=shown.drawn_from(
            "years",
            "the exposure of a sector in one year",
            [tables.EXPOSURE_HISTORY.column(name) for name in DRAWN],
            sorted(rows, key=lambda row: (panels.index(row["sector"]), row["year"])),
        ),
        notes=sentences(shown.history),
    )


def _message(shown: Exposed, every: Sequence[Record], years: Sequence[int]) -> str:
    through = {(row["sector"], row["year"]): row["look_through"] for row in every}
    first, last = years[0], years[-1]
    sectors = {sector for sector, _ in through} - {ALL}
    both = [sector for sector in sectors if (sector, first) in through and (sector, last) in through]
    rose = sum(through[sector, last] > through[sector, first] for sector in both)
    said = (
        f"Between {first} and {last} the look-through to {shown.group.over_time} rose in {rose} of "
        f"{plural(len(both), 'sector')}"
    )
    if (ALL, first) not in through or (ALL, last) not in through:
        return f"{said}."
    start, end = (coefficient(through[ALL, year]) for year in (first, last))
    return f"{said}; of all sectors as one it went from {start} to {end} per 100 of output."


def _spec(shown: Exposed, rows: Sequence[Record], panels: Sequence[str], years: Sequence[int]) -> Spec:
    top = 100 * max(row["look_through"] for row in rows) * 1.15
    return {
        "config": CONFIG,
        "concat": [
            {
                "width": WIDTH,
                "height": HEIGHT,
                "data": values(_point(shown, row) for row in rows if row["sector"] == sector),
                "layer": _layers(shown.sector_label(sector), top, years, leftmost=place % COLUMNS == 0),
            }
            for place, sector in enumerate(panels)
        ],
        "columns": min(COLUMNS, len(panels)),
        "spacing": {"row": 62, "column": 56},
        "bounds": "flush",
    }


def _layers(label: str, top: float, years: Sequence[int], *, leftmost: bool) -> list[Spec]:
    title = "per 100 of output" if leftmost else None
    x = by(
        "year",
        "quantitative",
        title=None,
        scale={"domain": [years[0], years[-1]], "nice": False, "zero": False, "padding": 18},
        axis={
            "values": list(years),
            "format": "d",
            "grid": False,
            "ticks": True,
            "tickColor": QUIET,
            "tickSize": 4,
        },
    )

    def y(field: str) -> dict[str, Any]:
        return by(
            field,
            "quantitative",
            title=title,
            scale={"domain": [0, top], "nice": False},
            axis={"tickCount": 4},
        )

    dot = {"type": "circle", "size": 52, "stroke": GROUP, "strokeWidth": 1.6, "opacity": 1}
    return [
        {
            "mark": {"type": "area", "color": GROUP_RAMP[0], "aria": False},
            "encoding": {"x": x, "y": y("through"), "y2": {"field": "face"}},
        },
        {
            "mark": {"type": "line", "color": GROUP, "strokeWidth": 2.5, "aria": False},
            "encoding": {"x": x, "y": y("through")},
        },
        {
            "mark": {"type": "line", "color": INK, "strokeWidth": 1, "aria": False},
            "encoding": {"x": x, "y": y("face")},
        },
        {
            "mark": {**dot, "fill": GROUP},
            "encoding": {"x": x, "y": y("through"), "description": by("note", "nominal")},
        },
        {"mark": {**dot, "fill": "#ffffff", "aria": False}, "encoding": {"x": x, "y": y("face")}},
        {
            "mark": {"type": "text", "dy": -11, "color": INK, "aria": False},
            "encoding": {"x": x, "y": y("through"), "text": by("text", "nominal")},
        },
        {
            "data": {"values": [{"label": label}]},
            "mark": {
                "type": "text",
                "align": "left",
                "fontSize": 12,
                "fontWeight": "bold",
                "limit": WIDTH + 20,
                "aria": False,
            },
            "encoding": {"x": {"value": 0}, "y": {"value": -20}, "text": by("label", "nominal")},
        },
    ]


def _point(shown: Exposed, row: Record) -> dict[str, Any]:
    face, through = coefficient(row["face_value"]), coefficient(row["look_through"])
    label = shown.label(row)
    return {
        "year": row["year"],
        "face": 100 * row["face_value"],
        "through": 100 * row["look_through"],
        "text": through,
        "note": f"{label}, {row['year']}: bought directly {face}, in all {through} per 100 of output",
    }
