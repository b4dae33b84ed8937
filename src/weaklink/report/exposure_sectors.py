"""Picture: what does each sector buy of the group directly, and what does it need of it in all?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from weaklink import tables
from weaklink.report.answer import cut, percent, plural
from weaklink.report.chart import Chart, Spec, above, by, figures, values
from weaklink.report.exposed import Exposed, coefficient, sentences
from weaklink.report.palette import CONFIG, GROUP, GROUP_RAMP, INK
from weaklink.result import Record

MOST = 25
WIDTH, ROW = 470, 27
UNIT = "per 100 of the sector's output"
COLUMNS = ("sector", "sector_name", "supplier", "face_value", "look_through", "hidden", "value_added_share")


def exposure_sectors(shown: Exposed) -> Chart | None:
    """A row per sector: hollow what is bought directly, filled what is needed in all. None where nothing is known."""
    rows = shown.sectors[:MOST]
    if not rows:
        return None
    us, them = shown.importer.name, shown.group.name
    left = (
        f" The {len(rows)} sectors with the largest hidden exposure."
        if len(rows) < len(shown.sectors)
        else ""
    )
    return Chart(
        name="sectors",
        heading=f"Face value and look-through, {shown.year}",
        message=_message(shown, rows),
        reading=(
            f"Output of industries of {them} that each sector of {us} needs, {UNIT}. Hollow: bought directly (face "
            "value); filled: in all rounds of inputs (look-through), where a good counts each time it is sold on, so "
            "that it is no share; the bar between them is the hidden exposure, by which rows are ordered. Value made "
            f"there: share of {them} in the value of the sector's output, at any remove; that is a share.{left}"
        ),
        footnote="",
        source=shown.source_line(),
        spec=_spec(shown, rows),
        data=shown.drawn_from(
            "sectors",
            "how far a sector relies on the group, at face value and in all",
            [tables.EXPOSURE.column(name) for name in COLUMNS],
            rows,
        ),
        notes=sentences(shown.exposure),
    )


def _message(shown: Exposed, rows: Sequence[Record]) -> str:
    first = rows[0]
    them, label = shown.group.name, shown.label(first)
    said = (
        f"{label} in {shown.importer.name}: of 100 of output, {coefficient(first['face_value'])} is bought from {them} "
        f"directly, and {coefficient(first['look_through'])} is needed in all"
    )
    more = sum(1 for row in rows if (row["ratio"] or 0) >= 2)
    if len(rows) == 1:
        return f"{said}."
    return f"{said}; look-through is at least twice face value in {more} of {plural(len(rows), 'sector')}."


def _spec(shown: Exposed, rows: Sequence[Record]) -> Spec:
    drawn = [_row(shown, row) for row in rows]
    order = [row["shown"] for row in drawn]
    axis = {"labelLimit": 310, "labelFontSize": 12, "labelColor": INK}
    end = max([*(max(row["face"], row["through"]) for row in drawn), 0.1]) * 1.12
    us = cut(shown.importer.name, 24)
    return {
        "data": values(drawn),
        "width": WIDTH,
        "height": ROW * len(rows),
        "config": CONFIG,
        "encoding": {"y": by("shown", "nominal", sort=order, title=None, axis=axis)},
        "layer": [
            {
                "mark": {"type": "bar", "size": 6, "color": GROUP_RAMP[2], "aria": False},
                "encoding": {"x": _x("face", end), "x2": {"field": "through"}},
            },
            _dot("face", "#ffffff", end),
            _dot("through", GROUP, end),
            {
                "mark": {"type": "text", "align": "left", "dx": 9, "color": INK, "aria": False},
                "encoding": {"x": _x("through", end), "text": by("needed", "nominal")},
            },
            above(0, [f"sectors of {us}"], "left"),
            *figures("bought", WIDTH + 58, ["bought", "directly"]),
            *figures("hidden", WIDTH + 118, ["hidden"]),
            *figures("made", WIDTH + 186, ["value", "made there"]),
        ],
    }


def _x(field: str, end: float) -> dict[str, Any]:
    return by(
        field,
        "quantitative",
        title=f"output of the group needed, {UNIT}",
        scale={"domain": [0, end], "nice": False},
        axis={"format": "~g", "tickCount": 6},
    )


def _dot(field: str, fill: str, end: float) -> Spec:
    dot = {"type": "circle", "size": 88, "fill": fill, "stroke": GROUP, "strokeWidth": 1.8, "opacity": 1}
    return {"mark": dot, "encoding": {"x": _x(field, end), "description": by("note", "nominal")}}


def _row(shown: Exposed, row: Record) -> dict[str, Any]:
    face, through = coefficient(row["face_value"]), coefficient(row["look_through"])
    made = percent(row["value_added_share"])
    label = shown.label(row)
    return {
        "shown": label,
        "face": 100 * row["face_value"],
        "through": 100 * row["look_through"],
        "bought": face,
        "needed": through,
        "hidden": coefficient(row["hidden"]),
        "made": made,
        "note": f"{label}: bought directly {face}, needed in all {through} {UNIT}; value made there {made}",
    }
