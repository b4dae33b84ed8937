"""Picture: who holds whom? Our dependence on the group's goods beside its dependence on our market."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from weaklink import tables
from weaklink.report.answer import HALF, Answer, cut, percent, plural, points
from weaklink.report.changes import rule
from weaklink.report.chart import Chart, Spec, above, as_is, by, drawn_from, figures, values
from weaklink.report.formats import large
from weaklink.report.palette import CONFIG, GROUP, INK, OTHERS, QUIET
from weaklink.result import Record, Result

MOST = 20
ALL = "all"  # the row of `tables.REVERSE` that takes the products as one
TOGETHER = "All products as one"
WIDTH, ROW = 500, 25
FULL = 1.15  # end of the axis, with room for the figure of a full bar
MEANING = {
    "market_share": "the importer's share in the group's exports",
    "group_share": "the group's share in the imports",
}
SIDES = (("market_share", -1, OTHERS), ("group_share", 1, GROUP))


def mutual(answer: Answer, reverse: Result) -> Chart | None:
    """A row per product: left the group's dependence on the importer's market, right that on its goods.

    None where no product has both.
    """
    known = [row for row in reverse.records() if row["balance"] is not None]
    featured = {row["product"] for row in answer.featured(MOST)}
    shown = sorted((row for row in known if row["product"] in featured), key=lambda row: -row["balance"])
    if not shown:
        return None
    us, them = answer.importer.name, answer.group.name
    return Chart(
        name="mutual",
        heading=f"Who holds whom, {answer.year}",
        message=_message(answer, known),
        reading=(
            f"Right: share of {them} in the imports of {us}, the dependence on its goods. Left: share of {us} in what "
            f"{them} exports outside itself, its dependence on this market. Both by {answer.measure}, of "
            "identified partners. In the order of their difference in percentage points: above zero the importer leans "
            f"more. Dashed: one half. {_first_row(known)}{rule(answer, len(shown))}"
        ),
        footnote=answer.footnotes(row["product"] for row in shown),
        source=answer.source_line(),
        spec=_spec(answer, [*(row for row in known if row["product"] == ALL), *shown]),
        data=drawn_from(
            answer,
            "mutual",
            "how far the importer and the supplier group depend on each other for one product",
            [
                tables.REVERSE.column(name)
                for name in (
                    "product",
                    "label",
                    "market_share",
                    "group_share",
                    "balance",
                    "group_imports_usd",
                )
            ],
            [*(row for row in known if row["product"] == ALL), *shown],
        ),
        notes=" ".join(caveat for caveat in reverse.caveats if caveat not in answer.screen.caveats),
    )


def _message(answer: Answer, known: Sequence[Record]) -> str:
    products = [row for row in known if row["product"] != ALL]
    ours, theirs = (sum(sign * row["balance"] > 0 for row in products) for sign in (1, -1))
    us, them = answer.importer.name, answer.group.name
    said = (
        f"{us} leans more on the goods of {them} for {ours} of {plural(len(products), 'product')}, {them} more on "
        f"the market of {us} for {theirs}"
    )
    whole = [row for row in known if row["product"] == ALL]
    if not whole or len(products) == 1:
        return f"{said}."
    return (
        f"{said}; all taken as one, {percent(whole[0]['group_share'])} of the imports against "
        f"{percent(whole[0]['market_share'])} of the exports."
    )


def _first_row(known: Sequence[Record]) -> str:
    products = sum(row["product"] != ALL for row in known)
    return (
        f"The first row takes all {products:,} products of the question as one. "
        if products < len(known)
        else ""
    )


def _row(row: Record, label: str) -> dict[str, Any]:
    return {
        "shown": label,
        "balance": points(row["balance"]),
        "worth": large(row["group_imports_usd"]),
    }


def _bars(row: Record, label: str) -> list[dict[str, Any]]:
    """The two bars of a row, with the figure at the end of each."""
    return [
        {
            "shown": label,
            "side": side,
            "end": side * row[name],
            "colour": colour,
            "text": percent(row[name]),
            "note": f"{label}: {MEANING[name]} {percent(row[name])}",
        }
        for name, side, colour in SIDES
    ]


def _spec(answer: Answer, rows: Sequence[Record]) -> Spec:
    labels = {**answer.labels(), ALL: TOGETHER}
    order = [labels[row["product"]] for row in rows]
    bars = [bar for row in rows for bar in _bars(row, labels[row["product"]])]
    axis = {"labelLimit": 290, "labelFontSize": 12, "labelColor": INK}
    us, them = cut(answer.importer.name, 24), cut(answer.group.name, 24)
    return {
        "data": values(_row(row, labels[row["product"]]) for row in rows),
        "width": WIDTH,
        "height": ROW * len(rows),
        "config": CONFIG,
        "encoding": {"y": by("shown", "nominal", sort=order, title=None, axis=axis)},
        "layer": [
            *(_line(place, QUIET, [4, 3]) for place in (-HALF, HALF)),
            {
                "data": values(bars),
                "mark": {"type": "bar", "size": 13},
                "encoding": {
                    "x": _x(answer.measure),
                    "x2": {"datum": 0},
                    "color": as_is("colour"),
                    "description": by("note", "nominal"),
                },
            },
            *(_ends(bars, side) for _, side, _ in SIDES),
            _line(0, INK, [1, 0]),
            above(WIDTH // 2 - 10, [f"share of {us}", f"in the exports of {them}"], "right"),
            above(WIDTH // 2 + 10, [f"share of {them}", f"in the imports of {us}"], "left"),
            *figures("balance", WIDTH + 84, ["difference,", "points"]),
            *figures("worth", WIDTH + 172, [f"imports {answer.year},", "US dollars"]),
        ],
    }


def _x(measure: str) -> Mapping[str, Any]:
    """One axis for both sides; a bar that is full leaves room for its figure."""
    return by(
        "end",
        "quantitative",
        title=f"share, by {measure}",
        scale={"domain": [-FULL, FULL], "nice": False},
        axis={"values": [-1, -0.5, 0, 0.5, 1], "labelExpr": "format(abs(datum.value), '.0%')"},
    )


def _line(place: float, colour: str, dash: Sequence[int]) -> Spec:
    return {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "strokeDash": list(dash), "color": colour, "aria": False},
        "encoding": {"x": {"datum": place, "type": "quantitative"}, "y": None},
    }


def _ends(bars: Sequence[Record], side: int) -> Spec:
    """The figures at the outer ends of the bars of one side,."""
    return {
        "data": values(bar for bar in bars if bar["side"] == side),
        "mark": {
            "type": "text",
            "align": "left" if side > 0 else "right",
            "dx": 5 * side,
            "color": INK,
            "aria": False,
        },
        "encoding": {"x": by("end", "quantitative"), "text": by("text", "nominal")},
    }
