"""Picture: what flows where, and which links are full?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from weaklink import data
from weaklink.report import europe
from weaklink.report.chart import Chart, Spec, as_is, by, values
from weaklink.report.formats import large
from weaklink.report.palette import CONFIG, GROUP, LAND, NEUTRAL_RAMP, OTHERS_RAMP
from weaklink.report.stress_answer import StressAnswer

FULL = 0.98
THICKEST = 9.0
THINNEST = 0.8
LINE, FULL_LINE, EDGE = OTHERS_RAMP[3], GROUP, "#000000"


def flow_map(answer: StressAnswer) -> Chart | None:
    """Links as arrows as thick as what they carry. None where nodes have no place or nothing flows."""
    flow = answer.amount("flow")
    links = [row for row in answer.flows.records() if row["kind"] == "link" and row[flow] > 1.0]
    shown = [row for row in links if {row["origin"], row["destination"]} <= answer.places.keys()]
    if not shown:
        return None
    shown.sort(key=lambda row: (row[flow], row["name"]))
    full = [row for row in shown if row["used"] > FULL]
    most = shown[-1]
    return Chart(
        name="flow_map",
        heading=f"What flows where: {answer.title}",
        message=f"The largest flow is {most['name']}, {large(round(most[flow]))} {answer.unit}; "
        f"{len(full)} of {len(shown)} links in use are full the whole time, and so are bottlenecks or near them.",
        reading="Net flow of each link over the horizon: the thicker the more, arrow heads show the way. Rust with a "
        "full head: used to 98% or more of capacity; blue with a hollow head: less. One plan of many with the same "
        f"unserved demand. {europe.ORIENTATION}",
        footnote="",
        source=f"{answer.source} Outlines: {data.card('borders').source}.",
        spec=_spec(answer, shown),
        data=answer.data("flow_map", answer.flows.schema.row, answer.flows.schema.columns, shown[::-1]),
        notes=" ".join(answer.countries.caveats),
    )


def _spec(answer: StressAnswer, links: list[dict[str, Any]]) -> Spec:
    arrows = list(_arrows(answer, links))
    looks = {node: {"fill": LAND, "note": answer.labels[node]} for node in answer.places}
    blank = {"fill": NEUTRAL_RAMP[1], "note": "not part of the network"}
    names = [{"longitude": x, "latitude": y, "text": node} for node, (x, y) in sorted(answer.places.items())]
    at = {"longitude": by("x", "quantitative"), "latitude": by("y", "quantitative")}
    drawing = {
        "width": europe.WIDTH,
        "height": europe.HEIGHT,
        "projection": europe.projection(answer.places),
        "layer": [
            *europe.land(looks, blank, frozenset()),
            {
                "data": values(arrows),
                "mark": {"type": "rule", "strokeCap": "butt", "opacity": 0.9},
                "encoding": {
                    **at,
                    "longitude2": {"field": "x2"},
                    "latitude2": {"field": "y2"},
                    "strokeWidth": as_is("width"),
                    "color": as_is("colour"),
                    "description": by("note", "nominal"),
                },
            },
            {
                "data": values(arrows),
                "mark": {
                    "type": "point",
                    "shape": "triangle",
                    "opacity": 1,
                    "strokeWidth": 1.4,
                    "aria": False,
                },
                "encoding": {
                    "longitude": by("head_x", "quantitative"),
                    "latitude": by("head_y", "quantitative"),
                    "angle": by("angle", "quantitative", scale=None),
                    "size": by("size", "quantitative", scale=None),
                    "fill": as_is("head"),
                    "stroke": as_is("edge"),
                },
            },
            *europe.words(names, 10),
        ],
    }
    greatest = max(row[answer.amount("flow")] for row in links)
    return {"config": CONFIG, "spacing": 8, "vconcat": [drawing, _key(greatest, answer.unit)]}


def _key(greatest: float, unit: str) -> Spec:
    """How thick a line is for how much, and how a full link looks."""
    shown = [
        (f"{large(round(greatest))} {unit}", THICKEST, NEUTRAL_RAMP[3]),
        (f"{large(round(greatest / 4))} {unit}", _width(0.25), NEUTRAL_RAMP[3]),
        ("full the whole time", 3.0, FULL_LINE),
        ("not full", 3.0, LINE),
    ]
    at = {"scale": {"domain": [0, europe.WIDTH], "range": [0, europe.WIDTH], "nice": False}, "axis": None}
    rows = [
        {"x": 200.0 * place, "x2": 200.0 * place + 40, "words": words, "width": width, "colour": colour}
        for place, (words, width, colour) in enumerate(shown)
    ]
    line = {"x": by("x", "quantitative", **at), "x2": {"field": "x2"}, "y": {"value": 10}}
    return {
        "width": europe.WIDTH,
        "height": 20,
        "data": values(rows),
        "layer": [
            {
                "mark": {"type": "rule", "strokeCap": "butt", "aria": False},
                "encoding": {**line, "strokeWidth": as_is("width"), "color": as_is("colour")},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "aria": False},
                "encoding": {
                    "x": by("x2", "quantitative", **at),
                    "y": {"value": 10},
                    "text": by("words", "nominal"),
                },
            },
        ],
    }


def _width(share: float) -> float:
    """Thickness of a line that carries a share of the largest flow."""
    return THINNEST + (THICKEST - THINNEST) * share


def _arrows(answer: StressAnswer, links: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    flow = answer.amount("flow")
    greatest = max(row[flow] for row in links)
    for row in links:
        (x, y), (x2, y2) = answer.places[row["origin"]], answer.places[row["destination"]]
        east = math.radians(x2 - x)
        north = europe.mercator(y2) - europe.mercator(y)
        width = _width(row[flow] / greatest)
        is_full = row["used"] > FULL
        yield {
            "x": x,
            "y": y,
            "x2": x2,
            "y2": y2,
            "head_x": x + 0.62 * (x2 - x),
            "head_y": _latitude(europe.mercator(y) + 0.62 * north),
            "angle": math.degrees(math.atan2(east, north)),
            "width": width,
            "size": 46 + 22 * width,
            "colour": FULL_LINE if is_full else LINE,
            "head": EDGE if is_full else LAND,
            "edge": EDGE if is_full else OTHERS_RAMP[5],
            "note": f"{row['name']}: {row[flow]:,.0f} {answer.unit}, {row['used']:.0%} of capacity",
        }


def _latitude(height: float) -> float:
    return math.degrees(math.atan(math.sinh(height)))
