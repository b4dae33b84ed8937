"""Picture: where do the suppliers lie? Each country's share in the value of all imports shown."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from weaklink import data, tables
from weaklink.codes.countries import UNIDENTIFIED
from weaklink.columns import Column
from weaklink.report.answer import Answer, cut, percent, plural
from weaklink.report.chart import Chart, Spec, as_is, by, drawn_from, values
from weaklink.report.formats import large
from weaklink.report.palette import COAST, CONFIG, GROUP_RAMP, HATCH, INK, LAND, OTHERS_RAMP
from weaklink.result import Record

WIDTH, HEIGHT = 900, 396
EDGES = (0.001, 0.003, 0.01, 0.03, 0.1)  # half a power of ten each
STEPS = ("below 0.1%", "0.1–0.3%", "0.3–1%", "1–3%", "3–10%", "10% and more")
SHARE = Column(
    "share",
    "number",
    "share, 0 to 1",
    "share of the supplier in the value of imports of all products from identified suppliers",
    "Σ_p m_ps / Σ_p Σ_s m_ps",
)


def worldmap(answer: Answer) -> Chart | None:
    """The world with every supplier shaded by its share. None where nothing was bought."""
    suppliers = _suppliers(answer)
    if not suppliers:
        return None
    products = len({row["product"] for row in answer.bought})
    return Chart(
        name="map",
        heading=f"Where the suppliers lie, {answer.year}",
        message=_message(answer, suppliers),
        reading=(
            f"Share of each country in the value of all imports of {plural(products, 'product')} by "
            f"{answer.importer.counted} from identified suppliers outside. Outlined and rust: "
            f"{answer.group.name}; blue: other suppliers; hatched: the importer; white: no imports from there. "
            "Each step is about three times the one before. Dots are countries too small to draw. "
            f"{_not_drawn(suppliers)}Equal Earth projection. Borders are drawn for orientation and imply no "
            "position on the status of any territory."
        ),
        footnote=answer.footnotes(answer.warnings),
        source=answer.source_line(f"outlines: {data.card('borders').source}"),
        spec=_spec(answer, suppliers),
        data=drawn_from(
            answer,
            "map",
            "how much of the importer's imports one country supplies",
            (
                tables.SUPPLIERS.column("supplier"),
                tables.SUPPLIERS.column("supplier_name"),
                tables.SUPPLIERS.column("regime"),
                tables.SUPPLIERS.column("in_group"),
                tables.VALUE_USD,
                SHARE,
            ),
            suppliers,
        ),
    )


def _suppliers(answer: Answer) -> list[dict[str, Any]]:
    """Every identified supplier with its value over all products, the largest first."""
    value: dict[str, int] = defaultdict(int)
    one: dict[str, Record] = {}
    for row in answer.bought:
        if row["supplier"] != UNIDENTIFIED:
            value[row["supplier"]] += row["value_usd"]
            one[row["supplier"]] = row
    total = sum(value.values())
    return [
        {**one[code], "value_usd": value[code], "share": value[code] / total}
        for code in sorted(value, key=lambda code: (-value[code], code))
        if value[code]
    ]


def _message(answer: Answer, suppliers: Sequence[Record]) -> str:
    first = suppliers[0]
    inside = sum(row["share"] for row in suppliers if row["in_group"] == "yes")
    said = f"{first['supplier_name']} supplies {percent(first['share'])} of these imports by value"
    said += ", more than any other country" if len(suppliers) > 1 else ""
    if len(answer.group.countries) == 1:
        alone = first["supplier"] in answer.group.countries
        return f"{said}." if alone else f"{said}; {answer.group.name} supplies {percent(inside)}."
    return f"{said}; all of {answer.group.name} together {percent(inside)}."


def _not_drawn(suppliers: Sequence[Record]) -> str:
    """Suppliers without outline and point: former countries, and what Natural Earth leaves out."""
    missing = [row for row in suppliers if row["supplier"] not in drawn()]
    if not missing:
        return ""
    names = ", ".join(row["supplier_name"] for row in missing)
    return f"Not drawn: {names} ({percent(sum(row['share'] for row in missing))} together). "


def drawn() -> frozenset[str]:
    """The countries that have an outline or a point."""
    return frozenset(shape["id"] for shape in _shapes()) | {point["iso3"] for point in _borders()["points"]}


@cache
def _borders() -> Mapping[str, Any]:
    borders: dict[str, Any] = json.loads((data.ROOT / "borders.json").read_text(encoding="utf-8"))
    return borders


def _shapes() -> list[dict[str, Any]]:
    """Outlines of the countries, Antarctica left out for the room it takes."""
    shapes: list[dict[str, Any]] = _borders()["topology"]["objects"]["countries"]["geometries"]
    return [shape for shape in shapes if shape["id"] != "ATA"]


def _spec(answer: Answer, suppliers: Sequence[Record]) -> Spec:
    looks = {row["supplier"]: _look(row) for row in suppliers}
    for member in answer.importer.countries:
        looks[member] = {"fill": HATCH, "note": f"{member}: importer"}
    outlined = set(answer.group.countries) - set(answer.importer.countries)
    names = (answer.group.name, answer.importer.name)
    return world(looks, outlined, legend_of(*names, "no imports from there"))


def world(looks: Mapping[str, Mapping[str, str]], outlined: Collection[str], legend: Spec) -> Spec:
    """The world: `looks` has fill and note by country; those `outlined` stand out in greyscale too."""
    return {
        "config": CONFIG,
        "spacing": 4,
        "vconcat": [
            {
                "width": WIDTH,
                "height": HEIGHT,
                "projection": {"type": "equalEarth", "scale": 166, "translate": [WIDTH / 2, 222]},
                "layer": [*_land(outlined, looks), _points(outlined, looks)],
            },
            legend,
        ],
        "resolve": {"scale": {"x": "independent", "y": "independent"}},
    }


def _look(row: Record) -> dict[str, str]:
    ramp = GROUP_RAMP if row["in_group"] == "yes" else OTHERS_RAMP
    worth = f"{large(row['value_usd'])} US dollars"
    return {
        "fill": ramp[_step(row["share"])],
        "note": f"{row['supplier_name']}: {row['share']:.2%}, {worth}, {row['regime'] or 'regime not classed'}",
    }


def _step(share: float) -> int:
    return sum(share >= edge for edge in EDGES)


def _land(outlined: Collection[str], looks: Mapping[str, Mapping[str, str]]) -> list[Spec]:
    """Countries without a dark outline first, so that no neighbour covers one."""
    blank = {"fill": LAND, "note": "nothing from there"}
    layers: list[Spec] = []
    for inside, stroke, width in ((False, COAST, 0.6), (True, INK, 0.7)):
        shapes = [
            {**shape, "properties": {"note": shape["id"], **looks.get(shape["id"], blank)}}
            for shape in _shapes()
            if (shape["id"] in outlined) == inside
        ]
        layers.append(
            {
                "data": {
                    "values": {
                        **_borders()["topology"],
                        "objects": {"countries": {"type": "GeometryCollection", "geometries": shapes}},
                    },
                    "format": {"type": "topojson", "feature": "countries"},
                },
                "mark": {"type": "geoshape", "stroke": stroke, "strokeWidth": width, "strokeJoin": "round"},
                "encoding": {
                    "fill": as_is("properties.fill"),
                    "description": by("properties.note", "nominal"),
                },
            }
        )
    return layers


def _points(outlined: Collection[str], looks: Mapping[str, Mapping[str, str]]) -> Spec:
    """Countries that are too small for an outline, where anything was bought from them."""
    points = [
        {
            "longitude": point["longitude"],
            "latitude": point["latitude"],
            **looks[point["iso3"]],
            "stroke": INK if point["iso3"] in outlined else COAST,
        }
        for point in _borders()["points"]
        if point["iso3"] in looks
    ]
    return {
        "data": values(points),
        "mark": {"type": "circle", "size": 34, "opacity": 1, "strokeWidth": 0.9},
        "encoding": {
            "longitude": by("longitude", "quantitative"),
            "latitude": by("latitude", "quantitative"),
            "fill": as_is("fill"),
            "stroke": as_is("stroke"),
            "description": by("note", "nominal"),
        },
    }


def legend_of(group: str, importer: str, nothing: str, steps: Sequence[str] = STEPS) -> Spec:
    """Two ramps below each other; beside them the fills that are no share."""
    sides = ((cut(group, 36), GROUP_RAMP, INK), ("other suppliers", OTHERS_RAMP, COAST))
    shares = [
        {"side": name, "step": step, "fill": fill, "stroke": stroke}
        for name, ramp, stroke in sides
        for step, fill in zip(steps, ramp, strict=True)
    ]
    others = [
        {"side": cut(importer, 36), "step": " ", "fill": HATCH, "stroke": COAST},
        {"side": nothing, "step": " ", "fill": LAND, "stroke": COAST},
    ]
    return {"spacing": 24, "hconcat": [_swatches(shares, steps, "left"), _swatches(others, (" ",), "right")]}


def _swatches(rows: Sequence[Record], steps: Sequence[str], side: str) -> Spec:
    names = list(dict.fromkeys(row["side"] for row in rows))
    axis = {"labelColor": INK, "labelLimit": 300, "orient": side}
    return {
        "data": values(rows),
        "width": {"step": 74},
        "height": {"step": 18},
        "mark": {"type": "rect", "strokeWidth": 0.9, "height": 13, "width": 70, "aria": False},
        "encoding": {
            "x": by("step", "ordinal", sort=list(steps), title=None, axis={"labelAngle": 0}),
            "y": by("side", "nominal", sort=names, title=None, axis=axis),
            "fill": as_is("fill"),
            "stroke": as_is("stroke"),
        },
    }
