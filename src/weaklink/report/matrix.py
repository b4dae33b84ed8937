"""Picture: do definitions call the same products dependencies? A matrix of definitions by definitions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weaklink.report.answer import Answer, percent, plural
from weaklink.report.chart import Chart, Spec, as_is, by, values
from weaklink.report.definitions import Definitions
from weaklink.report.palette import CONFIG, INK, NEUTRAL_RAMP, QUIET, shade, text_on

CELL_WIDTH, CELL_HEIGHT = 46, 27
HALF = 0.5


def matrix(answer: Answer, definitions: Definitions) -> Chart | None:
    """A row and a column per definition. None for a single definition, and where nothing is judged."""
    if len(definitions.names) < 2 or not len(definitions.screen):
        return None
    return Chart(
        name="agreement",
        heading=f"Where definitions agree, {answer.year}",
        message=_message(definitions),
        reading=(
            "Below the diagonal, shaded: products that both definitions list, in percent of those that either "
            "lists; darker is more. On the diagonal, framed: products on the definition's own list. Above it: rank "
            "correlation (Spearman) of the margins, from −1 to 1, which is high where two definitions order "
            f"products alike even if their thresholds differ. {plural(len(definitions.screen), 'product')} judged; "
            "a dash: neither lists any, or nothing to correlate."
        ),
        footnote=answer.footnotes(answer.warnings),
        source=answer.source_line(),
        notes=definitions.notes(answer),
        spec=_spec(definitions),
        data=definitions.agreement,
    )


def _message(definitions: Definitions) -> str:
    rows = [row for row in definitions.agreement.records() if row["jaccard"] is not None]
    if not rows:
        return "No definition lists any product."
    most = max(rows, key=lambda row: row["jaccard"])
    none = sum(row["both"] == 0 for row in rows)
    alike = sum(row["jaccard"] > HALF for row in rows)
    listing = "" if len(rows) == len(definitions.agreement) else " of which either lists any"
    closest = f"{definitions.titles[most['definition']]} and {definitions.titles[most['other']]}"
    return (
        f"Of {plural(len(rows), 'pair')} of definitions{listing}, {alike} share more than half of their products and "
        f"{none} share none; closest are {closest} ({percent(most['jaccard'])})."
    )


def _cells(definitions: Definitions) -> Iterator[dict[str, Any]]:
    names = definitions.names
    for row, one in enumerate(names):
        for column, other in enumerate(names):
            place = {"row": definitions.numbered(one), "column": str(column + 1)}
            if row == column:
                yield place | _own(definitions, one)
            elif row > column:
                yield place | _overlap(definitions, one, other)
            else:
                yield place | _correlation(definitions, one, other)


def _own(definitions: Definitions, name: str) -> dict[str, Any]:
    size = definitions.sizes[name]
    note = f"{definitions.titles[name]}: {plural(size, 'product')}"
    return {"text": f"{size:,}", "fill": "#ffffff", "edge": INK, "ink": INK, "note": note}


def _overlap(definitions: Definitions, one: str, other: str) -> dict[str, Any]:
    pair = definitions.pairs[one, other]
    share = pair["jaccard"]
    fill = shade(NEUTRAL_RAMP, share or 0.0)
    return {
        "text": percent(share).rstrip("%"),
        "fill": fill,
        "edge": "#ffffff",
        "ink": text_on(fill) if share else QUIET,
        "note": f"{definitions.titles[one]} and {definitions.titles[other]}: {percent(share)}, "
        f"{plural(pair['both'], 'product')} on both lists",
    }


def _correlation(definitions: Definitions, one: str, other: str) -> dict[str, Any]:
    rho = definitions.pairs[one, other]["rank_correlation"]
    text = "–" if rho is None else f"{rho:.2f}".replace("-", "−")
    return {
        "text": "0.00" if text == "−0.00" else text,
        "fill": "#ffffff",
        "edge": "#ffffff",
        "ink": QUIET,
        "note": f"{definitions.titles[one]} and {definitions.titles[other]}: rank correlation {text}",
    }


def _spec(definitions: Definitions) -> Spec:
    numbered = [definitions.numbered(name) for name in definitions.names]
    columns = [str(number + 1) for number in range(len(numbered))]
    return {
        "config": CONFIG,
        "data": values(_cells(definitions)),
        "width": {"step": CELL_WIDTH},
        "height": {"step": CELL_HEIGHT},
        "encoding": {
            "x": by(
                "column",
                "nominal",
                sort=columns,
                title="the same definitions, by their numbers",
                axis={"orient": "top", "labelAngle": 0, "labelColor": INK, "labelFontSize": 12},
            ),
            "y": by(
                "row",
                "nominal",
                sort=numbered,
                title=None,
                axis={"labelColor": INK, "labelFontSize": 12, "labelLimit": 380},
            ),
        },
        "layer": [
            {
                "mark": {
                    "type": "rect",
                    "strokeWidth": 1.5,
                    "width": CELL_WIDTH - 3,
                    "height": CELL_HEIGHT - 3,
                },
                "encoding": {
                    "fill": as_is("fill"),
                    "stroke": as_is("edge"),
                    "description": by("note", "nominal"),
                },
            },
            {
                "mark": {"type": "text", "fontSize": 12, "aria": False},
                "encoding": {"text": by("text", "nominal"), "color": as_is("ink")},
            },
        ],
    }
