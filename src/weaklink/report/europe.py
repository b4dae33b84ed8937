"""How is a map under a network drawn: outlines, cut to where its nodes lie?"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from weaklink import data
from weaklink.report.chart import Spec, as_is, by, values
from weaklink.report.palette import COAST, INK
from weaklink.result import Record

WIDTH, HEIGHT = 900, 760
LARGEST_LATITUDE = 72.0

ORIENTATION = (
    "Borders are drawn for orientation and imply no position on the status of any territory. "
    "Mercator projection."
)


@cache
def _borders() -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads((data.ROOT / "borders.json").read_text(encoding="utf-8"))
    return found


def projection(places: Mapping[str, tuple[float, float]], size: float = 1.0) -> dict[str, Any]:
    """Mercator, so that all nodes lie in the picture with some land around them; `size` shrinks the picture."""
    width, height = WIDTH * size, HEIGHT * size
    west, east = min(x for x, _ in places.values()) - 4, max(x for x, _ in places.values()) + 9
    south, north = min(y for _, y in places.values()) - 2, max(y for _, y in places.values()) + 6
    low, high = mercator(south), mercator(min(north, LARGEST_LATITUDE))
    scale = min(width / math.radians(east - west), height / (high - low))
    middle = [(west + east) / 2, math.degrees(2 * math.atan(math.exp((low + high) / 2)) - math.pi / 2)]
    return {
        "type": "mercator",
        "scale": scale,
        "center": middle,
        "translate": [width / 2, height / 2],
        "clipExtent": [[0, 0], [width, height]],
    }


def mercator(latitude: float) -> float:
    """Height of a latitude on the map, the equator being 0.

    >>> mercator(0.0)
    0.0
    """
    return math.asinh(math.tan(math.radians(latitude)))


def land(
    looks: Mapping[str, Mapping[str, str]], blank: Mapping[str, str], outlined: frozenset[str]
) -> list[Spec]:
    """The countries with the fill and note of `looks`, or of `blank`; `outlined` ones last, with a dark outline."""
    shapes = _borders()["topology"]["objects"]["countries"]["geometries"]
    layers: list[Spec] = []
    for dark in (False, True):
        chosen = [
            {**shape, "properties": {"note": shape["id"], **looks.get(shape["id"], blank)}}
            for shape in shapes
            if (shape["id"] in outlined) == dark and shape["id"] != "ATA"
        ]
        layers.append(
            {
                "data": {
                    "values": {
                        **_borders()["topology"],
                        "objects": {"countries": {"type": "GeometryCollection", "geometries": chosen}},
                    },
                    "format": {"type": "topojson", "feature": "countries"},
                },
                "mark": {"type": "geoshape", "stroke": INK if dark else COAST, "strokeWidth": 0.7},
                "encoding": {
                    "fill": as_is("properties.fill"),
                    "description": by("properties.note", "nominal"),
                },
            }
        )
    return layers


def words(rows: Sequence[Record], size: int = 12) -> list[Spec]:
    """Text at places of the map, on a white halo; rows have longitude, latitude, text."""
    at = {
        "longitude": by("longitude", "quantitative"),
        "latitude": by("latitude", "quantitative"),
        "text": by("text", "nominal"),
    }
    mark = {"type": "text", "fontSize": size, "fontWeight": "bold", "lineBreak": "\n", "aria": False}
    halo = {**mark, "stroke": "#ffffff", "strokeWidth": 3.5, "strokeJoin": "round", "color": "#ffffff"}
    return [
        {"data": values(rows), "mark": halo, "encoding": at},
        {"data": values(rows), "mark": {**mark, "color": INK}, "encoding": at},
    ]


def swatches(fills: Sequence[tuple[str, str]]) -> Spec:
    """A legend: fills with words, side by side."""
    rows = [{"step": step, "fill": fill} for step, fill in fills]
    return {
        "data": values(rows),
        "width": {"step": 96},
        "height": 14,
        "mark": {"type": "rect", "stroke": COAST, "strokeWidth": 0.9, "width": 92, "aria": False},
        "encoding": {
            "x": by(
                "step",
                "ordinal",
                sort=[step for step, _ in fills],
                title=None,
                axis={"labelAngle": 0, "labelColor": INK},
            ),
            "fill": as_is("fill"),
        },
    }
