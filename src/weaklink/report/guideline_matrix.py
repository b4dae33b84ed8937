"""Picture: how does each member stand against each requirement? Scores as shades, what is not known as hatching."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from weaklink.report.answer import cut, plural
from weaklink.report.chart import Chart, Spec, as_is, by, values
from weaklink.report.palette import CONFIG, HATCH, INK, NEUTRAL_RAMP, OTHERS_RAMP, QUIET, ROOM, shade, text_on
from weaklink.result import Record, Result

WIDTH, HEIGHT = 74, 22
LONGEST = 44
HEADS = 118  # height of the slanted heads of columns
NARROW = 0.3  # of a cell: a covered part that is narrower has no room for a number


def guideline_matrix(result: Result, title: str, source: str) -> Chart | None:
    """A row per member, a column per requirement; None without rows. `result` has the columns of `ASSESSMENT`."""
    rows = result.records()
    if not rows:
        return None
    return Chart(
        name="guideline_matrix",
        heading=f"Members by requirements: {title}",
        message=_message(rows),
        reading=(
            "Each cell is one member and requirement. Its width is all indicators that apply: the part with values is "
            "shaded by the least score among them, 0 (dark) to 10 (light), with the number in it; the part without "
            "values is hatched. Grey without a number: below the coverage floor, so there is no score. White: nothing "
            "applies. A black frame and an exclamation mark: score, self-assessment and stress test are more than one "
            "level apart."
        ),
        footnote="",
        source=source,
        spec=_spec(rows),
        data=result,
        notes=" ".join(result.caveats[:3]),
    )


def _message(rows: Sequence[Record]) -> str:
    scored = [row for row in rows if row["score_minimum"] is not None]
    flagged = sum(row["flag"] == "yes" for row in rows)
    said = f"Open data and what was entered give a score to {len(scored)} of {plural(len(rows), 'cell')}"
    if not scored:
        return f"{said}: indicators must be entered before there is anything to compare."
    least = min(scored, key=lambda row: row["score_minimum"])
    apart = (
        "None diverges" if not flagged else f"{plural(flagged, 'cell')} diverge{'s' if flagged == 1 else ''}"
    )
    return (
        f"{said}; the least is {least['score_minimum']:.1f} of 10, {least['name']}, {_head(least)}. "
        f"{apart} by more than one level."
    )


def _head(row: Record) -> str:
    """A requirement's title without the number before it."""
    return str(row["title"]).lstrip("0123456789 ")


def _parts(rows: Sequence[Record], columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The covered and the hatched part of each cell."""
    for row in rows:
        left, covered = columns.index(row["requirement"]), row["coverage"]
        note = f"{row['name']}, {row['title']}: {row['indicators']}"
        place = {"row": row["name"], "note": note}
        if covered is None:
            yield {**place, "from": left, "to": left + 0.94, "fill": "#ffffff", "text": "", "ink": QUIET}
            continue
        middle = left + 0.94 * covered
        score = row["score_minimum"]
        fill = NEUTRAL_RAMP[1] if score is None else shade(OTHERS_RAMP, 1 - score / 10)
        text = (
            "" if score is None or covered < NARROW else f"{score:.1f}{' !' if row['flag'] == 'yes' else ''}"
        )
        if covered:
            yield {**place, "from": left, "to": middle, "fill": fill, "text": text, "ink": text_on(fill)}
        if covered < 1:
            yield {**place, "from": middle, "to": left + 0.94, "fill": HATCH, "text": "", "ink": QUIET}


def _spec(rows: Sequence[Record]) -> Spec:
    columns = list(dict.fromkeys(row["requirement"] for row in rows))
    heads = {row["requirement"]: cut(row["title"], LONGEST) for row in rows}
    order = list(dict.fromkeys(row["name"] for row in rows))
    frames = [
        {
            "row": row["name"],
            "from": columns.index(row["requirement"]),
            "to": columns.index(row["requirement"]) + 0.94,
        }
        for row in rows
        if row["flag"] == "yes"
    ]
    x = by("from", "quantitative", scale={"domain": [0, len(columns)], "nice": False}, axis=None)
    y = by(
        "row",
        "nominal",
        sort=order,
        title=None,
        axis={"labelColor": INK, "labelFontSize": 12, "labelLimit": 200, "labelPadding": 8},
    )
    cell = {"type": "rect", "height": HEIGHT - 4}
    return {
        "config": CONFIG,
        "padding": {**ROOM, "top": 24},
        "width": WIDTH * len(columns),
        "height": {"step": HEIGHT},
        "encoding": {"y": y},
        "layer": [
            {
                "data": values(_parts(rows, columns)),
                "mark": {**cell, "stroke": NEUTRAL_RAMP[3], "strokeWidth": 0.5},
                "encoding": {
                    "x": x,
                    "x2": {"field": "to"},
                    "fill": as_is("fill"),
                    "description": by("note", "nominal"),
                },
            },
            {
                "data": values(frames or [{"row": order[0], "from": 0, "to": 0}]),
                "mark": {
                    **cell,
                    "fill": None,
                    "stroke": INK,
                    "strokeWidth": 2 if frames else 0,
                    "aria": False,
                },
                "encoding": {"x": x, "x2": {"field": "to"}},
            },
            {
                "data": values(part for part in _parts(rows, columns) if part["text"]),
                "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 11, "aria": False},
                "encoding": {"x": x, "text": by("text", "nominal"), "color": as_is("ink")},
            },
            {
                "data": values(
                    {"from": place + 0.3, "head": heads[one]} for place, one in enumerate(columns)
                ),
                "mark": {
                    "type": "text",
                    "angle": -32,
                    "align": "left",
                    "fontSize": 12,
                    "y": -8,
                    "aria": False,
                },
                "encoding": {"x": x, "y": {"value": -8}, "text": by("head", "nominal")},
            },
        ],
    }
