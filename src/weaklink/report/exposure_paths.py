"""Picture: through whom do the largest indirect paths run from the supplier to the importer's sector?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from weaklink import tables
from weaklink.report.answer import cut, percent, plural
from weaklink.report.chart import Chart, Spec, as_is, by, values
from weaklink.report.exposed import Exposed, coefficient, sentences
from weaklink.report.palette import CONFIG, GROUP, GROUP_RAMP, INK, NEUTRAL_RAMP, OTHERS, OTHERS_RAMP, QUIET
from weaklink.result import Record

ARROW = " > "
MOST = 14  # paths drawn
COLUMN, NODE, GAP, HEIGHT = 232, 12, 30, 300
SAMPLES = 25
LONGEST = 30
Node = tuple[int, str]  # deliveries to the importer's sector, and the label of the industry


@dataclass(frozen=True, slots=True)
class Box:
    """Where an industry stands: its column, its top, and how thick it is."""

    x: float
    y: float
    size: float


def exposure_paths(shown: Exposed) -> Chart | None:
    """The largest paths of two deliveries or more, as bands that join. None where there is none."""
    rows = [row for row in shown.paths.records() if (row["steps"] or 0) >= 2][:MOST]
    if not rows:
        return None
    them, label = shown.group.name, cut(shown.sector_label(shown.sector), 60)
    carried = sum(row["share"] for row in rows)
    return Chart(
        name="paths",
        heading=f"The largest indirect paths to {label}, {shown.year}",
        message=_message(shown, rows),
        reading=(
            f"Left to right: deliveries from industries of {them} to the sector of {shown.importer.name}, right. Each "
            "band is as thick as what it carries; columns count deliveries left to go. The "
            f"{plural(len(rows), 'largest path')} of two deliveries or more, which make up {percent(carried)} of the "
            "look-through; direct purchases and all smaller paths are left out. Rust: the supplier; blue: countries "
            "between; grey: the importer."
        ),
        footnote="",
        source=shown.source_line(),
        spec=_spec(shown, rows),
        data=shown.drawn_from("paths", tables.EXPOSURE_PATHS.row, tables.EXPOSURE_PATHS.columns, rows),
        notes=sentences(shown.paths),
    )


def _message(shown: Exposed, rows: Sequence[Record]) -> str:
    first = rows[0]
    stations = [_named(shown, label) for label in first["path"].split(ARROW)]
    whole = next(row for row in shown.exposure.records() if row["sector"] == shown.sector)
    direct = percent(whole["face_value"] / whole["look_through"] if whole["look_through"] else None)
    via = sorted({code for row in rows for code in row["through"].split(", ") if code})
    said = (
        f"The largest indirect path carries {percent(first['share'])} of the look-through: {' – '.join(stations)}. "
        f"Direct purchases are {direct} of it"
    )
    return (
        f"{said}; of third countries {', '.join(map(shown.region_name, via[:4]))} appear."
        if via
        else f"{said}."
    )


def _named(shown: Exposed, label: str) -> str:
    code, _, sector = label.partition(" ")
    return f"{shown.region_name(code)}: {cut(shown.sector_label(sector), LONGEST)}"


def _flows(rows: Sequence[Record]) -> tuple[dict[tuple[Node, Node], float], dict[Node, float]]:
    """What each link carries, and what passes each industry, by deliveries left to go."""
    links: dict[tuple[Node, Node], float] = defaultdict(float)
    nodes: dict[Node, float] = defaultdict(float)
    for row in rows:
        labels = row["path"].split(ARROW)
        stations = [(len(labels) - 1 - place, label) for place, label in enumerate(labels)]
        for station in stations:
            nodes[station] += row["amount"]
        for link in pairwise(stations):
            links[link] += row["amount"]
    return dict(links), dict(nodes)


def _boxes(nodes: Mapping[Node, float]) -> dict[Node, Box]:
    """Industries of a column below each other, the largest first, each as thick as what passes it."""
    last = max(step for step, _ in nodes)
    columns = [
        sorted((node for node in nodes if node[0] == step), key=lambda node: -nodes[node])
        for step in range(last + 1)
    ]
    fullest = max(sum(nodes[node] for node in column) for column in columns)
    scale = HEIGHT / fullest
    tallest = max(sum(nodes[n] for n in c) * scale + GAP * (len(c) - 1) for c in columns)
    boxes: dict[Node, Box] = {}
    for step, column in enumerate(columns):
        height = sum(nodes[node] for node in column) * scale + GAP * (len(column) - 1)
        y = (tallest - height) / 2
        for node in column:
            boxes[node] = Box((last - step) * COLUMN, y, nodes[node] * scale)
            y += nodes[node] * scale + GAP
    return boxes


def _bands(
    links: Mapping[tuple[Node, Node], float],
    nodes: Mapping[Node, float],
    boxes: Mapping[Node, Box],
    shown: Exposed,
) -> Iterator[dict[str, Any]]:
    """Points of every band: it leaves its first industry and enters the next in the order of their heights."""
    out: dict[Node, float] = defaultdict(float)
    into: dict[Node, float] = defaultdict(float)
    ordered = sorted(links.items(), key=lambda link: (boxes[link[0][0]].y, boxes[link[0][1]].y))
    for number, ((start, end), amount) in enumerate(ordered):
        first, last = boxes[start], boxes[end]
        size = amount / nodes[start] * first.size
        top, bottom = first.y + out[start], last.y + into[end]
        out[start] += size
        into[end] += size
        for sample in range(SAMPLES + 1):
            share = sample / SAMPLES
            smooth = share * share * (3 - 2 * share)
            y = top + (bottom - top) * smooth
            yield {
                "band": number,
                "x": first.x + NODE + (last.x - first.x - NODE) * share,
                "y": y,
                "y2": y + size,
                "fill": _colours(shown, start[1])[1],
                "note": f"{_named(shown, start[1])} to {_named(shown, end[1])}: {coefficient(amount)} per 100",
            }


def _colours(shown: Exposed, label: str) -> tuple[str, str]:
    """Dark for the box of an industry, light for its bands: by whose it is."""
    code = label.partition(" ")[0]
    code = shown.parts.get(code, code)
    if code in shown.importer.countries:
        return NEUTRAL_RAMP[4], NEUTRAL_RAMP[1]
    return (GROUP, GROUP_RAMP[1]) if code in shown.group.countries else (OTHERS, OTHERS_RAMP[1])


def _spec(shown: Exposed, rows: Sequence[Record]) -> Spec:
    links, nodes = _flows(rows)
    boxes = _boxes(nodes)
    width = max(box.x for box in boxes.values()) + NODE
    height = max(box.y + box.size for box in boxes.values())
    last = max(step for step, _ in nodes)
    drawn = [
        {
            "x": box.x,
            "x2": box.x + NODE,
            "y": box.y,
            "y2": box.y + box.size,
            "above": box.y - 5,
            "fill": _colours(shown, label)[0],
            "text": cut(_named(shown, label), LONGEST + 6),
            "beside": box.y + box.size / 2,
            "at": box.x + (NODE + 7 if step == 0 else 0),
            "end": step == 0,
            "note": f"{_named(shown, label)}: {coefficient(nodes[step, label])} per 100 of output pass here",
        }
        for (step, label), box in boxes.items()
    ]
    layers: list[Spec] = [
        {
            "data": values(_bands(links, nodes, boxes, shown)),
            "mark": {"type": "area", "opacity": 0.85, "stroke": "#ffffff", "strokeWidth": 0.7},
            "encoding": {
                "x": _place("x", width),
                "y": _place("y", height),
                "y2": {"field": "y2"},
                "detail": by("band", "nominal"),
                "fill": as_is("fill"),
                "description": by("note", "nominal"),
            },
        },
        {
            "data": values(drawn),
            "mark": {"type": "rect"},
            "encoding": {
                "x": _place("x", width),
                "x2": {"field": "x2"},
                "y": _place("y", height),
                "y2": {"field": "y2"},
                "fill": as_is("fill"),
                "description": by("note", "nominal"),
            },
        },
    ]
    layers += [layer for end in (False, True) for layer in _words(drawn, end=end, size=(width, height))]
    heads = [{"x": (last - step) * COLUMN, "text": _head(step)} for step in range(1, last + 1)]
    layers.append(
        {
            "data": values(heads),
            "mark": {"type": "text", "align": "left", "color": QUIET, "aria": False},
            "encoding": {"x": _place("x", width), "y": {"value": -34}, "text": by("text", "nominal")},
        }
    )
    return {"config": CONFIG, "width": width, "height": height, "layer": layers}


def _words(drawn: Sequence[Record], *, end: bool, size: tuple[float, float]) -> Iterator[Spec]:
    """Names on a white halo: of the last column beside its boxes, of the others above them."""
    rows = [row for row in drawn if row["end"] == end]
    text = {"type": "text", "align": "left", "baseline": "middle" if end else "bottom", "aria": False}
    for look in ({"stroke": "#ffffff", "strokeWidth": 3, "strokeJoin": "round"}, {"color": INK}):
        yield {
            "data": values(rows),
            "mark": {**text, **look},
            "encoding": {
                "x": _place("at", size[0]),
                "y": _place("beside" if end else "above", size[1]),
                "text": by("text", "nominal"),
            },
        }


def _head(step: int) -> str:
    return "one delivery to go" if step == 1 else f"{step} deliveries to go"


def _place(name: str, end: float) -> dict[str, Any]:
    """A position in points, from the left or from the top."""
    return by(name, "quantitative", scale={"domain": [0, end], "range": [0, end], "nice": False}, axis=None)
