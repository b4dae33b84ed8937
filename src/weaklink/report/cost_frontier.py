"""Picture: how much less risk does more money buy, and where does it stop helping?"""

from __future__ import annotations

from typing import Any

from weaklink.report.chart import AXIS, Chart, Spec, as_is, by, values
from weaklink.report.formats import amount
from weaklink.report.palette import CONFIG, GROUP, INK, OTHERS
from weaklink.report.reduce_answer import ReduceAnswer

WIDTH, HEIGHT = 640, 340
SAME = 1e-6  # in the unit of losses: a smaller difference is none
LINES = (
    ("worst", "worst", GROUP, (2, 3)),
    ("tail", "mean of the worst twentieth", OTHERS, (7, 3)),
    ("expected", "mean", INK, (1, 0)),
)


def cost_frontier(answer: ReduceAnswer) -> Chart | None:
    """Cost against mean loss, with tail and worst of the same mixes. None where no frontier was asked for."""
    if answer.frontier is None or len(answer.frontier) < 2:
        return None
    rows = answer.frontier.records()
    first, last = rows[0], rows[-1]
    chosen = float(sum(answer.mix.column("cost")))
    return Chart(
        name="cost_frontier",
        heading=f"Cost against risk: {answer.title}",
        message=f"From {amount(first['expected'])} {answer.unit} with nothing done to {amount(last['expected'])} for "
        f"{amount(last['cost'])} {answer.money}; the last unit costs {last['price']:,.3g} million.",
        reading="Each point is the cheapest mix for its mean loss. Full line: mean over the scenarios; where they "
        "differ, dashed: mean of the worst twentieth, dotted: the worst. Vertical line: cost of the mix that meets the "
        "target.",
        footnote="Every point is proven to be within the gap of its row of the cheapest.",
        source=answer.source,
        spec=_spec(rows, chosen, answer),
        data=answer.frontier,
        notes=answer.notes,
    )


def _spec(rows: list[dict[str, Any]], chosen: float, answer: ReduceAnswer) -> Spec:
    x = by("cost", "quantitative", title=f"cost, {answer.money}", axis={"format": AXIS})
    layers: list[Spec] = [
        {
            "data": values([{"cost": chosen}]),
            "mark": {"type": "rule", "color": INK, "strokeWidth": 0.8, "aria": False},
            "encoding": {"x": by("cost", "quantitative")},
        }
    ]
    for place, (name, words, colour, dash) in enumerate(LINES):
        if name != "expected" and all(abs(row[name] - row["expected"]) < SAME for row in rows):
            continue  # one scenario: its loss is the mean
        shown = [{"cost": row["cost"], "loss": row[name]} for row in rows]
        y = by("loss", "quantitative", title=f"loss, {answer.unit}", axis={"format": AXIS})
        layers.append(
            {
                "data": values(shown),
                "mark": {
                    "type": "line",
                    "point": {"color": colour, "size": 34},
                    "color": colour,
                    "strokeDash": list(dash),
                    "strokeWidth": 2,
                    "aria": False,
                },
                "encoding": {"x": x, "y": y},
            }
        )
        layers.append(
            {
                "data": values([{**shown[min(place, len(shown) - 1)], "words": words, "colour": colour}]),
                "mark": {"type": "text", "align": "left", "dx": 8, "dy": -6, "aria": False},
                "encoding": {
                    "x": x,
                    "y": y,
                    "text": by("words", "nominal"),
                    "color": as_is("colour"),
                },
            }
        )
    return {"config": CONFIG, "width": WIDTH, "height": HEIGHT, "layer": layers}
