"""Picture: how far is each product from the threshold of each definition?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from weaklink import tables
from weaklink.columns import Column
from weaklink.report.answer import Answer, inside_sentence, plural
from weaklink.report.chart import Chart, Spec, as_is, by, drawn_from, values
from weaklink.report.definitions import Definitions
from weaklink.report.palette import CONFIG, INK, LINE, NEUTRAL_RAMP, QUIET
from weaklink.result import Record

MOST = 20
STRIP, GAP, ROW = 52, 20, 25
GUIDE = "#e6e9ec"  # along a row, fainter than any line that means something
FARTHEST = 1.0  # margins beyond are drawn at the edge, as a triangle
NEAR = 0.1
LONGEST_NAME = 44  # characters of a title above its strip
DEFINITION = Column("definition", "text", "", "the definition")
VERDICT = Column("verdict", "text", "yes, no, unknown", "whether the definition calls it a dependency")
MARGIN = Column(
    "margin",
    "number",
    "relative to the threshold",
    "how far the deciding criterion is beyond its threshold in the year asked; empty where it has no distance",
    "(value - threshold) / threshold",
)
AGREE = Column("agree", "integer", "definitions", "definitions that call the product a dependency")
JUDGED = Column("judged", "integer", "definitions", "definitions that say anything of the product")
CROSS = "M-0.6,-0.6L0.6,0.6M-0.6,0.6L0.6,-0.6"


def margins(answer: Answer, definitions: Definitions) -> Chart | None:
    """A row per product, a strip per definition. None without definitions or products."""
    shown = definitions.products[:MOST]
    if not shown or not definitions.names:
        return None
    rows = list(_rows(shown, definitions))
    return Chart(
        name="margins",
        heading=f"How far from the threshold of each definition, {answer.year}",
        message=_message(definitions),
        reading=(
            "Margin of the deciding criterion, relative to its threshold: 0 at the threshold, +1 at twice the "
            "threshold, −1 at nothing of it; the shaded side is beyond it. Signed logarithmic scale: the faint lines "
            "are a tenth off. Where a definition looks at several years, the verdict is of all of them and the margin "
            f"of {answer.year}, so that they can differ. {_rule(len(shown), len(definitions.screen))}"
        ),
        footnote=answer.footnotes([row["product"] for row in shown]),
        source=answer.source_line(),
        notes=definitions.notes(answer),
        spec=_spec(rows, shown, answer, definitions),
        data=drawn_from(
            answer,
            "margins",
            "how far one product is from the threshold of one definition",
            (tables.PRODUCT, tables.LABEL, AGREE, JUDGED, DEFINITION, VERDICT, MARGIN),
            rows,
        ),
    )


def _rule(shown: int, known: int) -> str:
    if shown == known:
        return "Products that most definitions agree on come first."
    return f"Shown are the {shown} of {known:,} products that most definitions call a dependency."


def _message(definitions: Definitions) -> str:
    """How many verdicts hang on a tenth of a threshold, over all products."""
    rows = list(_rows(definitions.products, definitions))
    known = [row for row in rows if row["margin"] is not None]
    near = [row for row in known if abs(row["margin"]) < NEAR]
    if not known:
        return "No product has a margin."
    first = definitions.products[0]
    said = (
        f"{len(near):,} of {len(known):,} margins are less than a tenth, so that the verdict hangs on where exactly "
        "the threshold lies"
    )
    if not first["agree"]:
        return f"{said}; no definition lists any product."
    most = inside_sentence(first["label"] or first["product"])
    return f"{said}; {most} is a dependency by {first['agree']} of {plural(first['judged'], 'definition')}."


def _rows(products: Sequence[Record], definitions: Definitions) -> Iterator[dict[str, Any]]:
    for row in products:
        for name in definitions.names:
            yield {
                **{column.name: row[column.name] for column in (tables.PRODUCT, tables.LABEL, AGREE, JUDGED)},
                "definition": name,
                "verdict": row[name],
                "margin": row[f"{name}_margin"],
            }


def drawn(verdict: str, margin: float | None) -> tuple[str, float]:
    """The shape of a mark and its place, from -1 to 1: what has no distance, or too large a one, is said by shape.

    >>> drawn("yes", 0.2), drawn("yes", None), drawn("no", -7.0), drawn("unknown", None)
    (('circle', 0.2), ('square', 1.0), ('triangle-left', -1.0), ('cross', 0.0))
    """
    if verdict == "unknown":
        return "cross", max(-FARTHEST, min(margin or 0.0, FARTHEST))
    if margin is None:
        return "square", FARTHEST if verdict == "yes" else -FARTHEST
    if abs(margin) > FARTHEST:
        return ("triangle-right", FARTHEST) if margin > 0 else ("triangle-left", -FARTHEST)
    return "circle", margin


def _mark(row: Record, label: str, title: str) -> dict[str, Any]:
    shape, place = drawn(row["verdict"], row["margin"])
    margin = row["margin"]
    distance = "no distance" if margin is None else f"{margin:+.2f}".replace("-", "−")
    return {
        "row": label,
        "place": place,
        **_looks(shape, row["verdict"]),
        "note": f"{label}, {title}: {row['verdict']}, margin {distance}",
    }


def _looks(shape: str, verdict: str) -> dict[str, str]:
    fill = INK if verdict == "yes" else "#ffffff"
    return {"shape": CROSS if shape == "cross" else shape, "fill": fill}


def _spec(rows: Sequence[Record], shown: Sequence[Record], answer: Answer, definitions: Definitions) -> Spec:
    labels = answer.labels()
    order = [labels[row["product"]] for row in shown]
    agree = [{"row": labels[row["product"]], "text": f"{row['agree']} of {row['judged']}"} for row in shown]
    strips = [
        _strip(
            [
                _mark(row, labels[row["product"]], definitions.titles[name])
                for row in rows
                if row["definition"] == name
            ],
            definitions.numbered(name, LONGEST_NAME),
            order,
            first=name == definitions.names[0],
        )
        for name in definitions.names
    ]
    strips[-1]["layer"] += _agreed(agree)
    return {
        "config": CONFIG,
        "spacing": 14,
        "vconcat": [{"spacing": GAP, "bounds": "flush", "hconcat": strips}, _key(rows)],
    }


def _strip(marks: Sequence[Record], title: str, order: Sequence[str], *, first: bool) -> dict[str, Any]:
    """One definition: the shaded side, the threshold, and a mark per product."""
    words = {"labelLimit": 290, "labelColor": INK, "labelFontSize": 12} if first else {"labels": False}
    return {
        "width": STRIP,
        "height": ROW * len(order),
        "encoding": {
            "x": _x("margin, relative to the threshold" if first else None),
            "y": by("row", "nominal", sort=list(order), title=None, axis={"grid": False, **words}),
        },
        "layer": [
            _beyond(),
            {
                "data": values({"row": label} for label in order),
                "mark": {"type": "rule", "color": GUIDE, "aria": False},
                "encoding": {"x": None},
            },
            *(_line(place, LINE) for place in (-NEAR, NEAR)),
            _line(0, INK),
            {
                "data": values(marks),
                "mark": {"type": "point", "size": 52, "stroke": INK, "strokeWidth": 1.3, "opacity": 1},
                "encoding": {
                    "shape": as_is("shape"),
                    "fill": as_is("fill"),
                    "description": by("note", "nominal"),
                },
            },
            _above(title),
        ],
    }


def _x(title: str | None) -> Mapping[str, Any]:
    return by(
        "place",
        "quantitative",
        title=title,
        scale={"type": "symlog", "constant": NEAR, "domain": [-FARTHEST, FARTHEST], "nice": False},
        axis={
            "values": [-1, 0, 1],
            "labelExpr": "datum.value > 0 ? '+1' : datum.value < 0 ? '−1' : '0'",
            "grid": False,
            "labelFlush": False,
            "titleAnchor": "start",
            "titlePadding": 4,
        },
    )


def _beyond() -> Spec:
    """The side of the threshold on which a product is a dependency."""
    return {
        "data": {"values": [{"place": 0, "end": FARTHEST}]},
        "mark": {"type": "rect", "color": NEUTRAL_RAMP[0], "aria": False},
        "encoding": {"x": by("place", "quantitative"), "x2": {"field": "end"}, "y": None},
    }


def _line(place: float, colour: str) -> Spec:
    return {
        "data": {"values": [{"place": place}]},
        "mark": {"type": "rule", "color": colour, "aria": False},
        "encoding": {"x": by("place", "quantitative"), "y": None},
    }


def _above(title: str) -> Spec:
    """The title of a strip, rotated so that long ones fit."""
    return {
        "data": {"values": [{"title": title}]},
        "mark": {"type": "text", "angle": -40, "align": "left", "fontSize": 11, "aria": False},
        "encoding": {"x": {"value": STRIP / 2}, "y": {"value": -10}, "text": by("title", "nominal")},
    }


def _agreed(rows: Sequence[Record]) -> list[Spec]:
    """How many definitions agree, right of the last strip."""
    return [
        {
            "data": values(rows),
            "mark": {"type": "text", "align": "right", "fontSize": 12, "aria": False},
            "encoding": {"x": {"value": STRIP + 64}, "text": by("text", "nominal")},
        }
    ]


def _key(rows: Sequence[Record]) -> Spec:
    """What the marks mean; those that occur."""
    kinds = [
        ("circle", "yes", "a dependency"),
        ("circle", "no", "no dependency"),
        ("triangle-right", "yes", "beyond the scale"),
        ("square", "yes", "decided by a convention or without one of the figures"),
        ("cross", "unknown", "unknown"),
    ]
    occur = {drawn(row["verdict"], row["margin"])[0].partition("-")[0] for row in rows}
    kept = [kind for kind in kinds if kind[0].partition("-")[0] in occur]
    marks, x = [], 6.0
    for shape, verdict, words in kept:
        marks.append({"x": x, "text": words, **_looks(shape, verdict)})
        x += 34 + 6 * len(words)
    place = {"x": by("x", "quantitative", scale={"domain": [0, x], "range": [0, x]}, axis=None)}
    return {
        "data": values(marks),
        "width": x,
        "height": 14,
        "encoding": place,
        "layer": [
            {
                "mark": {
                    "type": "point",
                    "size": 52,
                    "stroke": INK,
                    "strokeWidth": 1.3,
                    "opacity": 1,
                    "aria": False,
                },
                "encoding": {"shape": as_is("shape"), "fill": as_is("fill")},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 11, "color": QUIET, "aria": False},
                "encoding": {"text": by("text", "nominal")},
            },
        ],
    }
