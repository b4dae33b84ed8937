"""What is a picture of a report: its words, its data, and its drawing as a Vega-Lite specification?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from weaklink.columns import Column, TableSchema
from weaklink.report.answer import Answer
from weaklink.report.palette import QUIET
from weaklink.result import Record, Result, tabulated

Spec = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture.

    `name` is that of its files. `heading` says what is shown, `message` what it says, in a sentence;
    `reading` explains axes, units and marks; `footnote` holds the caveats on products shown; `source`
    names what it rests on. `data` holds exactly what is drawn. `notes` go with a picture that stands alone; on
    the page they are said once.
    """

    name: str
    heading: str
    message: str
    reading: str
    footnote: str
    source: str
    spec: Spec
    data: Result
    notes: str = ""


def drawn_from(
    answer: Answer, name: str, row: str, columns: Iterable[Column], records: Iterable[Record]
) -> Result:
    """The data of a picture as a declared table, with the provenance of the answer."""
    schema = TableSchema(name, row, tuple(columns))
    return Result(schema, tabulated(schema, records), answer.screen.caveats, answer.screen.provenance)


def values(rows: Iterable[Record]) -> dict[str, Any]:
    """Inline data of a specification. Labels are data here, never part of an expression."""
    return {"values": [dict(row) for row in rows]}


def by(field: str, kind: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a channel takes
    """One channel of an encoding."""
    return {"field": field, "type": kind, **more}


def as_is(field: str) -> dict[str, Any]:
    """A channel whose values are the colours themselves."""
    return {"field": field, "type": "nominal", "scale": None}


def figures(field: str, right: int, title: Sequence[str]) -> tuple[Spec, Spec]:
    """A column of figures beside the rows that ends at `right`, and its title above."""
    column = {
        "mark": {"type": "text", "align": "right", "fontSize": 12, "aria": False},
        "encoding": {"x": {"value": right}, "text": by(field, "nominal")},
    }
    return column, above(right, list(title), "right")


def above(x: int, text: Sequence[str], align: str) -> Spec:
    """Words above the rows of a picture, from or up to `x`."""
    return {
        "data": {"values": [{}]},
        "mark": {
            "type": "text",
            "text": list(text),
            "align": align,
            "baseline": "line-bottom",
            "y": -8 - 13 * (len(text) - 1),
            "color": QUIET,
            "aria": False,
        },
        "encoding": {"x": {"value": x}, "y": {"value": -8 - 13 * (len(text) - 1)}, "description": None},
    }


AXIS = ",.12~g"  # as many digits as the steps need: 20,000 as well as 0.5
PERCENT_AXIS: Mapping[str, Any] = {"format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1]}
