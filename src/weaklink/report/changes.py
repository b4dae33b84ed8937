"""Picture: has the dependence on each product grown or shrunk in five years?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from weaklink import tables
from weaklink.columns import Column
from weaklink.report.answer import (
    HALF,
    Answer,
    cut,
    inside_sentence,
    percent,
    plural,
    points,
    rose_and_fell,
)
from weaklink.report.chart import PERCENT_AXIS, Chart, Spec, above, by, drawn_from, figures, values
from weaklink.report.formats import large
from weaklink.report.palette import CONFIG, GROUP, INK, QUIET
from weaklink.result import Record

MOST = 20
WIDTH = 430
CHANGE_YEARS = 5
EARLIER = Column(
    "group_share_earlier", "number", "share, 0 to 1", "group_share five years earlier", "group_share - change"
)


def changes(answer: Answer) -> Chart | None:
    """A row per product: the group's share five years ago (hollow) and now (filled). None without products."""
    labels = answer.labels()
    rows = [_row(row, labels[row["product"]], answer.year) for row in answer.featured(MOST)]
    if not rows:
        return None
    before = answer.year - CHANGE_YEARS
    return Chart(
        name="changes",
        heading=f"The trend at a glance: {answer.year} against {before}",
        message=_message(rows, answer),
        reading=(
            f"Share of {answer.group.over_time} in the imports from identified suppliers, by {answer.measure}: "
            f"filled {answer.year}, hollow {before}; right, the change in percentage points and the imports "
            f"from the group in {answer.year}, US dollars. Dashed line: one half. {rule(answer, len(rows))}"
        ),
        footnote=answer.footnotes(row["product"] for row in rows),
        source=answer.source_line(),
        spec=_spec(rows, answer),
        data=drawn_from(
            answer,
            "changes",
            "the group's share in the imports of one product, and five years earlier",
            (
                tables.PRODUCT,
                tables.LABEL,
                tables.SCREEN.column("group_share"),
                EARLIER,
                tables.SCREEN.column("group_share_change"),
                tables.SCREEN.column("group_imports_usd"),
            ),
            rows,
        ),
    )


def rule(answer: Answer, shown: int) -> str:
    """Which products a picture shows, in a sentence; all of them need none."""
    known = sum(row["group_share"] is not None for row in answer.products)
    if shown == known:
        return ""
    return (
        f"Shown are {shown} of {known} products: first those bought for more than half from the group, "
        "the largest imports from it first."
    )


def _row(row: Record, shown: str, year: int) -> dict[str, Any]:
    share, change = row["group_share"], row["group_share_change"]
    earlier = None if change is None else share - change
    return {
        **row,
        "group_share_earlier": earlier,
        "shown": shown,
        "now": percent(share),
        "moved": points(change),
        "worth": large(row["group_imports_usd"]),
        "note": f"{shown}: {percent(share)} in {year}, {percent(earlier)} in {year - CHANGE_YEARS}",
    }


def _message(rows: Sequence[Record], answer: Answer) -> str:
    changed = [row for row in rows if row["group_share_change"] is not None]
    before, group = answer.year - CHANGE_YEARS, answer.group.over_time
    if not changed:
        return f"There are no shares of {before} to compare with."
    most = max(changed, key=lambda row: abs(row["group_share_change"]))
    largest = f"{inside_sentence(most['shown'])} ({points(most['group_share_change'])} points)"
    if len(changed) == 1:
        return f"Since {before} the share of {group} moved for {largest}."
    moves = [row["group_share_change"] for row in changed]
    said = f"Since {before} the share of {group} {rose_and_fell(moves)} of {plural(len(changed), 'product')}"
    return f"{said}; it moved most for {largest}." if any(round(move, 2) for move in moves) else f"{said}."


def _spec(rows: Sequence[Record], answer: Answer) -> Spec:
    now, before = answer.year, answer.year - CHANGE_YEARS
    fields = ("shown", "group_share", "group_share_earlier", "now", "moved", "worth", "note")
    axis = {"labelLimit": 290, "labelColor": INK, "labelFontSize": 12, "grid": True}
    return {
        "data": values({field: row[field] for field in fields} for row in rows),
        "width": WIDTH,
        "height": {"step": 25},
        "config": CONFIG,
        "encoding": {
            "y": by("shown", "nominal", sort=[row["shown"] for row in rows], title=None, axis=axis),
            "description": by("note", "nominal"),
        },
        "layer": [
            _half(),
            {
                "mark": {"type": "rule", "strokeWidth": 2.5, "color": GROUP, "opacity": 0.45},
                "encoding": {"x": _x("group_share_earlier", answer), "x2": {"field": "group_share"}},
            },
            _dot("group_share_earlier", "#ffffff", answer),
            _dot("group_share", GROUP, answer),
            *figures("now", WIDTH + 54, ["share", f"{now}"]),
            *figures("moved", WIDTH + 122, ["change,", "points"]),
            *figures("worth", WIDTH + 206, [f"imports {now},", "US dollars"]),
            *(_key(now, before) if any(row["group_share_change"] is not None for row in rows) else ()),
        ],
    }


def _x(field: str, answer: Answer) -> Mapping[str, Any]:
    return by(
        field,
        "quantitative",
        scale={"domain": [0, 1]},
        title=f"Share of {cut(answer.group.over_time, 40)} in imports, by {answer.measure}",
        axis=PERCENT_AXIS,
    )


def _dot(field: str, fill: str, answer: Answer) -> Spec:
    return {
        "mark": {"type": "circle", "size": 90, "fill": fill, "stroke": GROUP, "strokeWidth": 2, "opacity": 1},
        "encoding": {"x": _x(field, answer)},
    }


def _half() -> Spec:
    """The line at one half."""
    return {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "strokeDash": [4, 3], "color": QUIET, "aria": False},
        "encoding": {"x": {"datum": HALF, "type": "quantitative"}, "y": None, "description": None},
    }


def _key(now: int, before: int) -> tuple[Spec, ...]:
    """What the two marks mean, above the rows."""
    dots = [
        {
            "data": {"values": [{}]},
            "mark": {
                "type": "circle",
                "size": 90,
                "fill": fill,
                "stroke": GROUP,
                "strokeWidth": 2,
                "opacity": 1,
            },
            "encoding": {"x": {"value": x}, "y": {"value": -14}, "description": None},
        }
        for x, fill in ((6, "#ffffff"), (62, GROUP))
    ]
    return (*dots, above(16, [str(before)], "left"), above(72, [str(now)], "left"))
