"""Picture: how does each measure lower the loss, from what it was to what the target allows?"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from weaklink.columns import Column
from weaklink.report.chart import AXIS, Chart, Spec, as_is, by, values
from weaklink.report.formats import amount
from weaklink.report.palette import CONFIG, GROUP, INK, OTHERS, OTHERS_RAMP
from weaklink.report.reduce_answer import ReduceAnswer

WIDTH, STEP = 620, 30
COLUMNS = (
    Column("step", "text", "", "loss before, each measure in the order in which it is added, loss after"),
    Column("from", "number", "as losses", "mean loss before this step"),
    Column("to", "number", "as losses", "mean loss after it"),
    Column("cost", "number", "million", "what the measure costs"),
)


def waterfall(answer: ReduceAnswer) -> Chart | None:
    """Bars that step down from the loss without measures to that with all. None where nothing is done."""
    rows = _rows(answer)
    if len(rows) < 3:
        return None
    before, after = rows[0]["to"], rows[-1]["to"]
    return Chart(
        name="waterfall",
        heading=f"What each measure does: {answer.title}",
        message=f"The mix lowers the mean loss from {amount(before)} to {amount(after)} {answer.unit}.",
        reading=f"Mean loss in {answer.unit} over winters from mild to hard, by week. Full bars: before and after; "
        "bars between: what the measure takes away, added in the order that lowers the loss most for its cost. The "
        f"figure beside a bar is its cost in {answer.money}.",
        footnote="In another order each measure would take away another amount; the end is the same.",
        source=answer.source,
        spec=_spec(rows, answer.unit),
        data=answer.data("waterfall", "one step from the loss before to the loss after", COLUMNS, rows),
        notes=answer.notes,
    )


def _rows(answer: ReduceAnswer) -> list[dict[str, Any]]:
    steps = answer.steps.records()
    found = [{"step": "without measures", "from": 0.0, "to": steps[0]["loss"], "cost": None}]
    for before, now in pairwise(steps):
        found.append({"step": now["measure"], "from": before["loss"], "to": now["loss"], "cost": now["cost"]})
    return [*found, {"step": "with the mix", "from": 0.0, "to": steps[-1]["loss"], "cost": None}]


def _spec(rows: list[dict[str, Any]], unit: str) -> Spec:
    drawn = [
        {
            **row,
            "low": min(row["from"], row["to"]),
            "high": max(row["from"], row["to"]),
            "fill": GROUP if row["cost"] is None else OTHERS_RAMP[3],
            "text": "" if row["cost"] is None else amount(row["cost"]),
        }
        for row in rows
    ]
    order = [row["step"] for row in rows]
    y = by("step", "nominal", sort=order, title=None, axis={"labelLimit": 220, "labelColor": INK})
    x = by("low", "quantitative", title=f"mean loss, {unit}", axis={"format": AXIS})
    return {
        "config": CONFIG,
        "width": WIDTH,
        "height": {"step": STEP},
        "layer": [
            {
                "data": values(drawn),
                "mark": {
                    "type": "bar",
                    "height": STEP * 0.62,
                    "stroke": OTHERS,
                    "strokeWidth": 0.6,
                    "aria": False,
                },
                "encoding": {"y": y, "x": x, "x2": {"field": "high"}, "fill": as_is("fill")},
            },
            {
                "data": values(drawn),
                "mark": {"type": "text", "align": "left", "dx": 6, "color": INK, "aria": False},
                "encoding": {"y": y, "x": by("high", "quantitative"), "text": by("text", "nominal")},
            },
        ],
    }
