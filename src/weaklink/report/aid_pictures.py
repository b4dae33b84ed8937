"""Pictures: how much of what was promised has arrived, in which course, and which needs are not met?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from weaklink.columns import Column, TableSchema
from weaklink.report.answer import cut, plural
from weaklink.report.chart import Chart, Spec, as_is, by, values
from weaklink.report.formats import large
from weaklink.report.palette import CONFIG, HATCH, INK, NEUTRAL_RAMP, OTHERS, OTHERS_RAMP, QUIET
from weaklink.result import Record, Result, tabulated

STAGES = ("pledged", "committed", "allocated", "in_transport", "delivered", "verified")
SHORT = {"in_transport": "in transport"}
MOST_NEEDS = 20
WIDTH, ROW = 430, 26
MONEY = {"format": "~s", "labelExpr": "replace(replace(datum.label, 'G', ' bn'), 'M', ' m')"}
BRIEF = 400  # days up to which an axis shows days
# Steps of grey and a dash for each stage, so that no line is told by its colour alone.
COURSES = {
    "pledge": (NEUTRAL_RAMP[3], [2, 3]),
    "commitment": (NEUTRAL_RAMP[4], [6, 3]),
    "allocation": (OTHERS, [1, 0]),
    "delivery": (INK, [1, 0]),
    "verification": (INK, [3, 3]),
}


def aid_funnel(totals: Result, source: str) -> Chart | None:
    """What all donors have pledged, committed, allocated and delivered together; None where there is no money."""
    whole = totals.records()[-1]
    rows = [{"stage": SHORT.get(stage, stage), "amount": whole[stage]} for stage in STAGES]
    most = max(row["amount"] for row in rows)
    if most <= 0:
        return None
    currency = whole["currency"]
    first = next(row for row in rows if row["amount"] > 0)
    last = next(row for row in reversed(rows) if row["amount"] > 0 and row["stage"] != "verified")
    return Chart(
        name="aid_funnel",
        heading="From promise to delivery",
        message=(
            f"Of {large(round(first['amount']))} {currency} {first['stage']}, {large(round(last['amount']))} are "
            f"{last['stage']} ({last['amount'] / first['amount']:.0%})"
            f"{'.' if whole['delivered'] else '; no delivery is recorded.'}"
        ),
        reading=(
            f"Sums of all donors in {currency} on the basis asked, less what was withdrawn; each stage holds what has "
            "come so far or farther. A stage that a source does not report is empty, which does not say that nothing "
            "happened. Beside the bar: its share of the first stage that has anything."
        ),
        footnote=_unvalued(whole),
        source=source,
        spec=_funnel(rows, first["amount"], currency),
        data=_data(totals, "aid_funnel", "the sum at one stage", ("stage",), currency, rows),
        notes=" ".join(totals.caveats),
    )


def _unvalued(whole: Record) -> str:
    if not whole["unvalued"]:
        return ""
    return f"{whole['unvalued']:,} of {whole['entries']:,} entries have no value on this basis and are not in the sums."


def _funnel(rows: Sequence[Record], first: float, currency: str) -> Spec:
    drawn = [
        {
            **row,
            "text": f"{large(round(row['amount']))} · {row['amount'] / first:.0%}"
            if row["amount"]
            else "none recorded",
            "fill": OTHERS_RAMP[min(1 + place, len(OTHERS_RAMP) - 1)],
        }
        for place, row in enumerate(rows)
    ]
    axis = {"labelColor": INK, "labelFontSize": 12}
    return {
        "config": CONFIG,
        "width": WIDTH,
        "height": {"step": ROW},
        "data": values(drawn),
        "encoding": {
            "y": by("stage", "nominal", sort=[row["stage"] for row in rows], title=None, axis=axis),
            "x": by("amount", "quantitative", title=currency, axis={**MONEY, "tickCount": 5, "grid": True}),
        },
        "layer": [
            {
                "mark": {"type": "bar", "height": 16, "stroke": INK, "strokeWidth": 0.5},
                "encoding": {"fill": as_is("fill"), "description": by("text", "nominal")},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "aria": False},
                "encoding": {"text": by("text", "nominal")},
            },
        ],
    }


def aid_timeline(days: Sequence[Record], totals: Result, source: str) -> Chart | None:
    """The sums of each stage running up day by day; None for fewer than two days."""
    stages = _told_apart(days)
    rows = [row for row in days if row["stage"] in stages]
    if len({row["day"] for row in rows}) < 2:
        return None
    currency = totals.records()[-1]["currency"]
    last = max(row["day"] for row in rows)
    ends = [row for row in rows if row["day"] == last]
    said = ", ".join(f"{row['stage']} {large(round(row['amount']))}" for row in ends)
    return Chart(
        name="aid_timeline",
        heading="The course: sums up to each day",
        message=f"Up to {last}, in {currency}: {said}.",
        reading=(
            f"Sums of all donors from the first entry up to each day, in {currency}; each line holds what has come so "
            "far or farther. A line falls only where something was withdrawn. The distance between two lines is what "
            "is promised and not yet there."
        ),
        footnote="",
        source=source,
        spec=_course(rows, ends, currency),
        data=_data(
            totals, "aid_timeline", "the sum of one stage up to one day", ("day", "stage"), currency, rows
        ),
        notes=" ".join(totals.caveats),
    )


def _told_apart(days: Sequence[Record]) -> list[str]:
    """The stages that have anything, but for those whose course is that of the next one: nothing was said of them."""
    courses = {stage: [row["amount"] for row in days if row["stage"] == stage] for stage in COURSES}
    known = [stage for stage, course in courses.items() if any(course)]
    same = {one for one, after in pairwise(known) if courses[one] == courses[after]}
    return [one for one in known if one not in same]


def _course(rows: Sequence[Record], ends: Sequence[Record], currency: str) -> Spec:
    brief = _days(rows[0]["day"], ends[0]["day"]) < BRIEF
    x = by(
        "day",
        "temporal",
        title="day" if brief else "month",
        axis={
            "format": "%d %b %Y" if brief else "%b %Y",
            "labelAngle": 0,
            "tickCount": 4,
            "labelFlush": False,
        },
    )
    y = by("amount", "quantitative", title=currency, axis={**MONEY, "grid": True, "tickCount": 5})
    lines = [
        {
            "data": values(row for row in rows if row["stage"] == stage),
            "mark": {
                "type": "line",
                "color": colour,
                "strokeDash": dash,
                "strokeWidth": 2,
                "interpolate": "step-after",
            },
            "encoding": {"x": x, "y": y},
        }
        for stage, (colour, dash) in COURSES.items()
        if any(row["stage"] == stage for row in rows)
    ]
    places = _apart(ends, max(row["amount"] for row in rows) / 16)
    labels = {
        "data": values({**row, "at": place} for row, place in zip(ends, places, strict=True)),
        "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 12, "aria": False},
        "encoding": {"x": x, "y": by("at", "quantitative"), "text": by("stage", "nominal")},
    }
    return {"config": CONFIG, "width": WIDTH, "height": 260, "layer": [*lines, labels]}


def _days(start: str, end: str) -> int:
    """Days between two days as text."""
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


def _apart(rows: Sequence[Record], least: float) -> list[float]:
    """Heights of the labels of lines, moved up where they would cover each other.

    >>> _apart([{"amount": 1.0}, {"amount": 1.5}], 2.0)
    [1.0, 3.0]
    """
    places = [float(row["amount"]) for row in rows]
    for low, high in pairwise(sorted(range(len(rows)), key=lambda one: places[one])):
        places[high] = max(places[high], places[low] + least)
    return places


def aid_gaps_picture(gaps: Result, source: str) -> Chart | None:
    """The most urgent needs that are not met: delivered, set aside, and neither; None where all are met."""
    rows = [row for row in gaps.records() if row["unmet"]][:MOST_NEEDS]
    if not rows:
        return None
    worst = max(rows, key=lambda row: (-(row["urgency"] or 9), row["unmet_share"]))
    unmet = sum(bool(row["unmet"]) for row in gaps.records())
    return Chart(
        name="aid_gaps_picture",
        heading="Needs that are not met",
        message=(
            f"{plural(unmet, 'need')} {'is' if unmet == 1 else 'are'} not met; of the most urgent, {worst['need']} "
            f"lacks {worst['unmet_share']:.0%}."
        ),
        reading=(
            "Each bar is one need, the most urgent first, as a share of what is needed: dark has been delivered, light "
            "is set aside and not there, hatched is neither. In brackets: urgency, 1 is most urgent. At the right: "
            "what has not arrived, in its unit."
            + (f" Shown are the first {MOST_NEEDS}." if unmet > MOST_NEEDS else "")
        ),
        footnote="",
        source=source,
        spec=_needs(rows),
        data=gaps,
        notes=" ".join(gaps.caveats),
    )


def _needs(rows: Sequence[Record]) -> Spec:
    order = [_label(row) for row in rows]
    axis = {"labelColor": INK, "labelFontSize": 12, "labelLimit": 400}
    x = by(
        "from",
        "quantitative",
        title="share of what is needed",
        scale={"domain": [0, 1], "nice": False},
        axis={"format": ".0%", "values": [0, 0.5, 1], "grid": True},
    )
    return {
        "config": CONFIG,
        "width": 300,
        "height": {"step": ROW},
        "encoding": {"y": by("row", "nominal", sort=order, title=None, axis=axis)},
        "layer": [
            {
                "data": values(part for row in rows for part in _parts(row)),
                "mark": {"type": "bar", "height": 15, "stroke": QUIET, "strokeWidth": 0.5},
                "encoding": {
                    "x": x,
                    "x2": {"field": "to"},
                    "fill": as_is("fill"),
                    "description": by("note", "nominal"),
                },
            },
            {
                "data": values(
                    {"row": _label(row), "text": f"{row['unmet']:,.10g} {row['unit']}"} for row in rows
                ),
                "mark": {"type": "text", "align": "left", "fontSize": 12, "aria": False},
                "encoding": {"x": {"value": 310}, "text": by("text", "nominal")},
            },
        ],
    }


def _label(row: Record) -> str:
    what = row["item"] or row["item_class"]
    return cut(f"({row['urgency'] or '–'}) {row['need']}: {what}, {row['place'] or row['recipient']}", 64)


def _parts(row: Record) -> list[dict[str, Any]]:
    """What has arrived, what is set aside beyond that, and the rest, as stretches from 0 to 1."""
    needed = row["needed"] or 1
    arrived = min(1.0, row["delivered"] / needed)
    aside = min(1.0, max(row["allocated"], row["delivered"]) / needed)
    stretches = (
        (0.0, arrived, OTHERS, "delivered"),
        (arrived, aside, OTHERS_RAMP[1], "set aside"),
        (aside, 1.0, HATCH, "neither"),
    )
    return [
        {
            "row": _label(row),
            "from": start,
            "to": end,
            "fill": fill,
            "note": f"{row['need']}, {what}: {end - start:.0%}",
        }
        for start, end, fill, what in stretches
        if end > start
    ]


def _data(
    totals: Result, name: str, row: str, texts: Sequence[str], currency: str, rows: Sequence[Record]
) -> Result:
    """What is drawn as a table, with caveats and provenance of the totals."""
    columns = [Column(text, "text", "", text) for text in texts]
    schema = TableSchema(name, row, (*columns, Column("amount", "number", currency, "sum")))
    return Result(schema, tabulated(schema, rows), totals.caveats, totals.provenance)
