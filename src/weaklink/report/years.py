"""Picture: how has the supplier group's share in each product moved over all years of the data?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from weaklink import tables
from weaklink.report.answer import (
    HALF,
    Answer,
    country_name,
    enumerated,
    inside_sentence,
    percent,
    plural,
    rose_and_fell,
)
from weaklink.report.changes import rule
from weaklink.report.chart import PERCENT_AXIS, Chart, Spec, by, drawn_from, values
from weaklink.report.palette import CONFIG, GROUP, GROUP_RAMP, INK, QUIET
from weaklink.result import Record

MOST = 12
COLUMNS = 3
WIDTH, HEIGHT = 236, 84
ALONE_WIDTH, ALONE_HEIGHT = 640, 220
COLUMNS_DRAWN = (
    tables.YEAR,
    tables.PRODUCT,
    tables.LABEL,
    tables.SCREEN.column("group_share"),
    tables.TOP_SUPPLIER,
    tables.HISTORY.column("top_share"),
    tables.IMPORTS_USD,
    tables.HISTORY.column("coverage"),
)
ASKED = {"align": "center", "dy": -13, "fontWeight": "bold"}  # the year of the question
KNOWN = {"filter": {"field": "share", "valid": True}}
LAST = {"align": "left", "dx": 8, "color": QUIET}


def years(answer: Answer) -> Chart | None:
    """A panel per product: the group's share in every year. None where fewer than two years have one."""
    labels = answer.labels()
    featured = [row["product"] for row in answer.featured(MOST)]
    rows = [{**row, "shown": labels[row["product"]]} for row in answer.past if row["product"] in featured]
    known = [row for row in rows if row["group_share"] is not None]
    if len({row["year"] for row in known}) < 2:
        return None
    first, last = min(row["year"] for row in known), max(row["year"] for row in known)
    group = answer.group.over_time
    hollow = f"; hollow: {last}" if last != answer.year else ""
    return Chart(
        name="years",
        heading=f"The share of {group} over the years, {first}–{last}",
        message=_message(known, first, last, answer),
        reading=(
            f"Share of {group} in the imports from identified suppliers, by {answer.measure} (thick line); "
            "thin line: the largest single supplier of each year, whoever it was. "
            f"Filled mark: {answer.year}{hollow}; dashed line: one half; a gap: no figure. "
            f"{rule(answer, len(featured))}"
        ),
        footnote=answer.footnotes(featured),
        source=answer.source_line(),
        spec=_spec(rows, [labels[code] for code in featured], (first, last), answer),
        data=drawn_from(
            answer,
            "years",
            "the group's share in the imports of one product in one year",
            COLUMNS_DRAWN,
            sorted(rows, key=lambda row: (featured.index(row["product"]), row["year"])),
        ),
    )


def _message(known: Sequence[Record], first: int, last: int, answer: Answer) -> str:
    """What became of the shares between the first and the last year; of a single product, its figures."""
    share = {(row["shown"], row["year"]): row["group_share"] for row in known}
    labels = list(dict.fromkeys(label for label, _ in share))
    group = answer.group.over_time
    if len(labels) == 1:
        marked = sorted({year for _, year in share} & {first, answer.year, last})
        figures = enumerated(f"{percent(share[labels[0], year])} in {year}" for year in marked)
        return f"The share of {group} in {inside_sentence(labels[0])} was {figures}."
    both = {
        label: share[label, last] - share[label, first]
        for label in labels
        if (label, first) in share and (label, last) in share
    }
    said = f"Between {first} and {last} the share of {group}"
    if not both:
        return f"{said} is known for {len(labels)} products, for none of them in both years."
    moved = f"{said} {rose_and_fell(both.values())} of {plural(len(both), 'product')}"
    most = max(both, key=lambda label: abs(both[label]))
    if not round(both[most], 2):
        return f"{moved}."
    span = f"from {percent(share[most, first])} to {percent(share[most, last])}"
    return f"{moved}; it moved most for {inside_sentence(most)}, {span}."


def _spec(rows: Sequence[Record], panels: Sequence[str], span: tuple[int, int], answer: Answer) -> Spec:
    alone = len(panels) == 1
    return {
        "config": CONFIG,
        "concat": [
            {
                "width": ALONE_WIDTH if alone else WIDTH,
                "height": ALONE_HEIGHT if alone else HEIGHT,
                "data": values(_drawn([row for row in rows if row["shown"] == label], span)),
                "encoding": {"x": _x(span, answer.year)},
                "layer": _layers(label, span, answer, leftmost=place % COLUMNS == 0),
            }
            for place, label in enumerate(panels)
        ],
        "columns": min(COLUMNS, len(panels)),
        "spacing": {"row": 70, "column": 92},
        "bounds": "flush",
    }


def _layers(label: str, span: tuple[int, int], answer: Answer, *, leftmost: bool) -> list[Spec]:
    """One panel: what lies below first. Only the leftmost of a row has a title on its axis."""
    title = f"share, by {answer.measure}" if leftmost else None
    share, largest = {"y": _y("share", title)}, {"y": _y("largest", title)}
    shown: list[Spec] = [
        {"mark": {"type": "area", "color": GROUP_RAMP[0], "aria": False}},
        _half(title),
        {"mark": {"type": "line", "color": INK, "strokeWidth": 1, "aria": False}, "encoding": largest},
        {"mark": {"type": "line", "color": GROUP, "strokeWidth": 2.5, "aria": False}},
        {"mark": {"type": "circle", "size": 6, "color": GROUP, "opacity": 1, "aria": False}},
        *(_marked(span[1], "#ffffff", LAST) if span[1] != answer.year else ()),
        *_marked(answer.year, GROUP, ASKED),
        {
            "transform": [KNOWN],
            "mark": {"type": "circle", "size": 90, "opacity": 0},
            "encoding": {"description": by("note", "nominal")},
        },
        _title(label),
    ]
    return [{**layer, "encoding": {**share, **layer.get("encoding", {})}} for layer in shown]


def _title(label: str) -> Spec:
    return {
        "data": {"values": [{"label": label}]},
        "mark": {"type": "text", "align": "left", "fontSize": 12, "fontWeight": "bold", "aria": False},
        "encoding": {"x": {"value": 0}, "y": {"value": -24}, "text": by("label", "nominal")},
    }


def _drawn(rows: Sequence[Record], span: tuple[int, int]) -> list[dict[str, Any]]:
    """One row for every year of the span, also where nothing was traded, so that the line breaks there."""
    by_year = {row["year"]: row for row in rows}
    return [
        _point(by_year[year]) if year in by_year else {"year": year, "share": None, "largest": None}
        for year in range(span[0], span[1] + 1)
    ]


def _point(row: Record) -> dict[str, Any]:
    share, largest = percent(row["group_share"]), percent(row["top_share"])
    supplier = country_name(row["top_supplier"] or "none")
    return {
        "year": row["year"],
        "share": row["group_share"],
        "largest": row["top_share"],
        "text": share,
        "note": f"{row['shown']}, {row['year']}: {share}; largest supplier {supplier} {largest}",
    }


def _x(span: tuple[int, int], year: int) -> Mapping[str, Any]:
    first, last = span
    decades = [tick for tick in range(1950, last, 10) if tick - first > 6 and last - tick > 6]
    ticks = sorted({year, *(tick for tick in (first, *decades, last) if abs(tick - year) > 6)})
    return by(
        "year",
        "quantitative",
        scale={"domain": list(span), "nice": False, "zero": False},
        axis={
            "values": ticks,
            "format": "d",
            "grid": False,
            "ticks": True,
            "tickColor": QUIET,
            "tickSize": 4,
        },
        title=None,
    )


def _y(field: str, title: str | None) -> Mapping[str, Any]:
    axis = {**PERCENT_AXIS, "values": [0, 0.5, 1]}
    return by(field, "quantitative", scale={"domain": [0, 1]}, title=title, axis=axis)


def _half(title: str | None) -> Spec:
    """The line at one half."""
    return {
        "data": {"values": [{"half": HALF}]},
        "mark": {"type": "rule", "strokeDash": [4, 3], "color": QUIET, "aria": False},
        "encoding": {"x": None, "y": by("half", "quantitative", title=title)},
    }


def _marked(year: int, fill: str, text: Mapping[str, Any]) -> tuple[Spec, Spec, Spec]:
    """A mark at one year, and its share beside it on a white halo."""
    only = [{"filter": {"field": "year", "equal": year}}, KNOWN]
    dot = {"type": "circle", "size": 70, "fill": fill, "stroke": GROUP, "strokeWidth": 2, "opacity": 1}
    words = {"type": "text", "color": INK, "aria": False, **text}
    says = {"text": by("text", "nominal")}
    halo = {**words, "stroke": "#ffffff", "strokeWidth": 4, "strokeJoin": "round"}
    return (
        {"transform": only, "mark": halo, "encoding": says},
        {"transform": only, "mark": {**dot, "aria": False}},
        {"transform": only, "mark": words, "encoding": says},
    )
