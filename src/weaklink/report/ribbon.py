"""Picture: how much does each definition's list change from year to year?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from weaklink.report.answer import Answer, enumerated, percent, plural
from weaklink.report.chart import Chart, Spec, by, values
from weaklink.report.definitions import Definitions
from weaklink.report.palette import CONFIG, INK, NEUTRAL_RAMP, QUIET
from weaklink.result import Record

COLUMNS = 3
WIDTH, HEIGHT, BAR = 250, 96, 0.8
LONGEST_NAME = 40  # characters of a title above its panel
ROOM = 6  # years between two labels of the axis


def ribbon(answer: Answer, definitions: Definitions) -> Chart | None:
    """A panel per definition. None where no list has anything in any year."""
    rows = definitions.churn.records()
    if not any(row["listed"] or row["left"] for row in rows):
        return None
    first, last = min(row["year"] for row in rows), max(row["year"] for row in rows)
    return Chart(
        name="churn",
        heading=f"How the lists change, {first}–{last}",
        message=_message(rows, definitions),
        reading=(
            "Number of products on each definition's list. Above the line the list of the year: grey those that "
            "were on it the year before, black those that entered. Below the line, white: those that left. The "
            f"figure is of {answer.year}; all panels have the same scale. Definitions that look at several years have "
            "no list in the first of them, and all of their first list has entered."
        ),
        footnote=answer.footnotes(answer.warnings),
        source=answer.source_line(),
        notes=definitions.notes(answer),
        spec=_spec(rows, (first, last), answer, definitions),
        data=definitions.churn,
    )


def leaving(rows: Sequence[Record]) -> float | None:
    """What share of a list is gone a year later, on average over the years; None where it never had a list.

    >>> leaving([{"churn": 0.2}, {"churn": None}, {"churn": 0.4}])
    0.3
    """
    known = [row["churn"] for row in rows if row["churn"] is not None]
    return round(sum(known) / len(known), 12) if known else None


def _message(rows: Sequence[Record], definitions: Definitions) -> str:
    rates = {
        name: rate
        for name in definitions.names
        if (rate := leaving([row for row in rows if row["definition"] == name])) is not None
    }
    if not rates:
        return "No list lasted from one year into the next."
    if len(rates) == 1:
        ((name, rate),) = rates.items()
        return f"On average {percent(rate)} of the list of {definitions.titles[name]} is gone a year later."
    steady, restless = min(rates, key=lambda name: rates[name]), max(rates, key=lambda name: rates[name])
    ends = enumerated(f"{percent(rates[one])} ({definitions.titles[one]})" for one in (steady, restless))
    return f"On average a year takes between {ends} of a definition's list away."


def _spec(rows: Sequence[Record], span: tuple[int, int], answer: Answer, definitions: Definitions) -> Spec:
    scale = {"domain": [-max(row["left"] for row in rows), max(row["listed"] for row in rows)]}
    return {
        "config": CONFIG,
        "concat": [
            _panel(
                [row for row in rows if row["definition"] == name],
                definitions.numbered(name, LONGEST_NAME),
                (span, answer.year),
                scale,
                leftmost=place % COLUMNS == 0,
            )
            for place, name in enumerate(definitions.names)
        ],
        "columns": min(COLUMNS, len(definitions.names)),
        "spacing": {"row": 74, "column": 70},
        "bounds": "flush",
    }


def _panel(
    rows: Sequence[Record],
    title: str,
    years: tuple[tuple[int, int], int],
    scale: Mapping[str, Any],
    *,
    leftmost: bool,
) -> Spec:
    y = {
        "title": "products" if leftmost else None,
        "scale": {**scale, "nice": True},
        "axis": {"tickCount": 4, "labelExpr": "format(abs(datum.value), ',')", "format": "d"},
    }
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "data": values(map(_drawn, rows)),
        "encoding": {"x": _x(*years)},
        "layer": [
            _bar("zero", "stayed", y, NEUTRAL_RAMP[2]),
            _bar("stayed", "listed", y, INK),
            _bar("below", "zero", y, "#ffffff"),
            {
                "mark": {"type": "rule", "color": QUIET, "aria": False},
                "encoding": {"x": None, "y": {"datum": 0, "type": "quantitative", **y}},
            },
            {
                "mark": {"type": "bar", "size": WIDTH / len(rows), "color": INK, "opacity": 0},
                "encoding": {
                    "y": by("below", "quantitative", **y),
                    "y2": {"field": "listed"},
                    "description": by("note", "nominal"),
                },
            },
            *_asked(years[1], y),
            *_titles(title, _words(rows)),
        ],
    }


def _words(rows: Sequence[Record]) -> str:
    rate = leaving(rows)
    return "never a list" if rate is None else f"{percent(rate)} of the list leaves in an average year"


def _drawn(row: Record) -> dict[str, Any]:
    note = (
        f"{row['year']}: {plural(row['listed'], 'product')}, {row['entered']:,} entered, {row['left']:,} left"
    )
    return {
        "year": row["year"],
        "zero": 0,
        "stayed": row["listed"] - row["entered"],
        "listed": row["listed"],
        "below": -row["left"],
        "text": f"{row['listed']:,}",
        "note": note,
    }


def _bar(low: str, high: str, y: Mapping[str, Any], colour: str) -> Spec:
    return {
        "transform": [{"filter": f"datum['{low}'] != datum['{high}']"}],
        "mark": {
            "type": "bar",
            "size": 6,
            "color": colour,
            "stroke": INK if colour == "#ffffff" else colour,
            "strokeWidth": BAR,
            "aria": False,
        },
        "encoding": {"y": by(low, "quantitative", **y), "y2": {"field": high}},
    }


def _x(span: tuple[int, int], year: int) -> Mapping[str, Any]:
    first, last = span
    decades = [tick for tick in range(1950, last, 10) if tick - first > ROOM and last - tick > ROOM]
    ticks = sorted({year, *(tick for tick in (first, *decades, last) if abs(tick - year) > ROOM)})
    return by(
        "year",
        "quantitative",
        scale={"domain": [first - 0.6, last + 0.6], "nice": False, "zero": False},
        axis={"values": ticks, "format": "d", "grid": False},
        title=None,
    )


def _asked(year: int, y: Mapping[str, Any]) -> tuple[Spec, Spec]:
    """The length of the list in the year of the question, above its bar on a white halo."""
    words = {"type": "text", "dy": -8, "fontSize": 12, "fontWeight": "bold", "color": INK, "aria": False}
    halo = {**words, "stroke": "#ffffff", "strokeWidth": 4, "strokeJoin": "round"}
    only = [{"filter": {"field": "year", "equal": year}}]
    says = {"y": by("listed", "quantitative", **y), "text": by("text", "nominal")}
    return (
        {"transform": only, "mark": halo, "encoding": says},
        {"transform": only, "mark": words, "encoding": says},
    )


def _titles(title: str, words: str) -> list[Spec]:
    return [
        {
            "data": {"values": [{"title": text}]},
            "mark": {"type": "text", "align": "left", "aria": False, **looks},
            "encoding": {"x": {"value": 0}, "y": {"value": y}, "text": by("title", "nominal")},
        }
        for text, y, looks in (
            (title, -36, {"fontSize": 12, "fontWeight": "bold"}),
            (words, -20, {"color": QUIET}),
        )
    ]
