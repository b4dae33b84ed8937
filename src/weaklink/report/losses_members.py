"""Picture: which members lose most, in each lens, and how sure is that? Dots with bands, one panel a lens."""

from __future__ import annotations

from typing import Any

from weaklink.report.chart import Chart, Spec, by, values
from weaklink.report.losses_answer import LossesAnswer, Panel, scale
from weaklink.report.palette import CONFIG, INK, OTHERS_RAMP, QUIET

WIDTH, ROW = 560, 20
SHOWN = 10


def losses_members(answer: LossesAnswer) -> Chart | None:
    """The members that lose most at the likely figures, with their bands; None for a single country."""
    shown = [(panel, _largest(answer, panel)) for panel in answer.panels]
    shown = [(panel, rows) for panel, rows in shown if rows]
    if not shown:
        return None
    bands = f" Bar: nine in ten of {answer.draws:,} draws." if answer.draws else ""
    return Chart(
        name="losses_members",
        heading=f"Who loses most: {answer.title}",
        message="; ".join(f"{panel.lens}: {rows[0]['name']} first" for panel, rows in shown) + ".",
        reading=f"Dot: loss over the horizon at the likely figures.{bands} At most {SHOWN} members in each panel, by "
        "loss; every panel has its own unit.",
        footnote="",
        source=answer.source,
        spec={
            "config": CONFIG,
            "vconcat": [_panel(panel, rows) for panel, rows in shown],
            "spacing": 24,
        },
        data=answer.table,
        notes="",
    )


def _largest(answer: LossesAnswer, panel: Panel) -> list[dict[str, Any]]:
    rows = [
        row
        for row in answer.table.records()
        if row["lens"] == panel.lens and row["country"] != answer.importer and row["loss"]
    ]
    return sorted(rows, key=lambda row: -row["loss"])[:SHOWN]


def _panel(panel: Panel, rows: list[dict[str, Any]]) -> Spec:
    size, unit = scale(
        panel.unit, max(abs(row[end] or 0.0) for row in rows for end in ("loss", "high", "low"))
    )
    points = [
        {
            "name": row["name"],
            **{end: None if row[end] is None else row[end] / size for end in ("loss", "low", "high")},
        }
        for row in rows
    ]
    y = by("name", "nominal", sort=None, title=None, axis={"labelColor": INK, "labelLimit": 180})
    x = by(
        "loss",
        "quantitative",
        title=f"loss over the horizon, {unit}",
        axis={"tickCount": 6, "format": ",.3~r"},
    )
    band: list[Spec] = [
        {
            "mark": {"type": "rule", "color": OTHERS_RAMP[2], "strokeWidth": 9, "aria": False},
            "encoding": {"x": by("low", "quantitative"), "x2": {"field": "high"}, "y": y},
        }
    ]
    return {
        "title": {
            "text": panel.title,
            "anchor": "start",
            "frame": "group",
            "fontSize": 13,
            "color": INK,
            "subtitleColor": QUIET,
        },
        "width": WIDTH,
        "height": {"step": ROW},
        "data": values(points),
        "layer": [
            *(band if rows[0]["low"] is not None else []),
            {
                "mark": {
                    "type": "point",
                    "filled": True,
                    "color": INK,
                    "size": 55,
                    "opacity": 1,
                    "aria": False,
                },
                "encoding": {"x": x, "y": y},
            },
        ],
    }
