"""Picture: where do first and second order fail to say what a scarce input costs? Against the exact loss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from weaklink.report.chart import Chart, Spec, by, values
from weaklink.report.palette import CONFIG, GROUP, INK, QUIET
from weaklink.result import Record, Result

WIDTH, HEIGHT = 190, 230
WAYS = {"loss": "exact", "second_order": "second order (A4)", "first_order": "first order (Hulten)"}
LINES: dict[str, tuple[str, float, list[int]]] = {
    "exact": (INK, 2.5, [1, 0]),
    "second order (A4)": (GROUP, 2.0, [7, 3]),
    "first order (Hulten)": (QUIET, 2.0, [2, 3]),
}


def approximation(share: float, curves: Result) -> Chart:
    """Loss by the cut, a panel for each elasticity.

    `curves` are those of `study.ces_losses` for an input of this share of cost.
    """
    rows = curves.records()
    panels = list(dict.fromkeys(row["elasticity"] for row in rows))
    most = max(row["cut"] for row in rows)
    worst = max(rows, key=lambda row: row["loss"])
    return Chart(
        name="approximation",
        heading="Where the approximations fail",
        message=f"At an elasticity of {worst['elasticity']:g} a cut of {100 * most:.0f} % costs {worst['loss']:.0f} %; "
        f"second order says {worst['second_order']:.0f} %, first order {worst['first_order']:.0f} %.",
        reading=f"Loss of output in percent (scales differ) by the share that is cut of an input of {100 * share:g} % "
        "of cost. Solid: exact; dashed: second order; dotted: first order.",
        footnote="",
        source="Own computation, formulas of Bachmann et al. (2024), Economica 91(364), appendix A.",
        spec=_spec(rows, panels),
        data=curves,
    )


def _spec(rows: Sequence[Record], panels: Sequence[float]) -> Spec:
    return {
        "config": CONFIG,
        "hconcat": [
            _panel(
                [row for row in rows if row["elasticity"] == one],
                one,
                first=not place,
                last=one == panels[-1],
            )
            for place, one in enumerate(panels)
        ],
        "spacing": 56,
        "bounds": "flush",
    }


def _panel(rows: Sequence[Record], elasticity: float, *, first: bool, last: bool) -> dict[str, Any]:
    points = [
        {"cut": 100 * row["cut"], "way": said, "loss": row[name]}
        for row in rows
        for name, said in WAYS.items()
        if row[name] is not None
    ]
    return {
        "title": {"text": f"elasticity {elasticity:g}", "anchor": "start", "fontSize": 12, "color": INK},
        "width": WIDTH,
        "height": HEIGHT,
        "data": values(points),
        "layer": [
            {
                "transform": [{"filter": {"field": "way", "equal": name}}],
                "mark": {"type": "line", "color": colour, "strokeWidth": width, "strokeDash": dash},
            }
            for name, (colour, width, dash) in reversed(LINES.items())
        ]
        + ([_legend(points)] if last else []),
        "encoding": {
            "x": by("cut", "quantitative", title="share cut, %", axis={"grid": False, "tickCount": 4}),
            "y": by(
                "loss", "quantitative", title="loss of output, %" if first else None, axis={"tickCount": 5}
            ),
        },
    }


def _legend(points: Sequence[Record]) -> dict[str, Any]:
    """The name of each line beside its end."""
    end = max(point["cut"] for point in points)
    return {
        "data": values([point for point in points if point["cut"] == end]),
        "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 11, "color": INK, "aria": False},
        "encoding": {"text": by("way", "nominal")},
    }
