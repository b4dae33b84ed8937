"""Picture: how old are the figures that the risks rest on, and which of them have gone stale?"""

from __future__ import annotations

from collections import Counter
from typing import Any

from weaklink import tables
from weaklink.report.chart import Chart, Spec, as_is, by, values
from weaklink.report.palette import CONFIG, GROUP, INK, NEUTRAL_RAMP, OTHERS_RAMP, text_on
from weaklink.report.risk_answer import RiskAnswer

WIDTH, ROW = 520, 34
AGES = (
    (30, "up to 30 days"),
    (90, "31 to 90"),
    (180, "91 to 180"),
    (365, "181 to 365"),
    (None, "over a year"),
)
# Light, dark and white with an outline: told apart without colour too.
STATES = {"current": OTHERS_RAMP[1], "stale": GROUP, "unchecked": "#ffffff"}
MOST_TICKS = 6
NARROWEST = 0.03  # share of the longest bar below which its number has no room


def evidence_ageing(answer: RiskAnswer) -> Chart | None:
    """Figures by age and state, as bars. None where there is no evidence."""
    if not answer.ages:
        return None
    counts = Counter((_age(days), state) for days, state in answer.ages)
    rows = [
        {"age": age, "state": state, "evidence": counts[age, state]}
        for _, age in AGES
        for state in STATES
        if counts[age, state]
    ]
    stale = sum(state == "stale" for _, state in answer.ages)
    oldest = max(days for days, _ in answer.ages)
    return Chart(
        name="evidence_ageing",
        heading="Age of the evidence",
        message=f"{stale} of {len(answer.ages)} figures are stale; the oldest was computed {oldest} days ago.",
        reading="How many figures were computed how long ago. Light: all that they rest on is as it was. Dark: a "
        "source, the scenario or the code has changed since. Outlined: what they rest on is not there to be compared.",
        footnote="A figure that is old but current would be the same if it were computed today.",
        source=answer.source,
        spec=_spec(rows),
        data=answer.data(tables.RISK_AGEING, rows),
        notes=" ".join(answer.risks.caveats),
    )


def _age(days: int) -> str:
    return next(name for most, name in AGES if most is None or days <= most)


def _spec(rows: list[dict[str, Any]]) -> Spec:
    longest = max(sum(row["evidence"] for row in rows if row["age"] == age) for _, age in AGES)
    drawn, place = [], Counter[str]()
    for row in rows:
        start = place[row["age"]]
        place[row["age"]] += row["evidence"]
        colour = STATES[row["state"]]
        wide = row["evidence"] >= NARROWEST * longest
        drawn.append(
            {
                **row,
                "from": start,
                "to": place[row["age"]],
                "middle": (start + place[row["age"]]) / 2,
                "text": f"{row['evidence']}" if wide else "",
                "colour": colour,
                "ink": text_on(colour),
            }
        )
    y = by(
        "age",
        "nominal",
        sort=[age for _, age in AGES],
        title="days since computed",
        scale={"domain": [age for _, age in AGES]},
        axis={"labelColor": INK, "labelFontSize": 12},
    )
    x = by(
        "from",
        "quantitative",
        title="figures of evidence",
        axis={"format": "d", "values": list(range(0, longest + 1, max(1, -(-longest // MOST_TICKS))))},
        scale={"domain": [0, longest]},
    )
    legend = {
        "width": 24,
        "height": {"step": 24},
        "data": values({"state": state, "colour": colour} for state, colour in STATES.items()),
        "encoding": {
            "y": by("state", "nominal", sort=None, title=None, axis={"labelColor": INK, "orient": "right"})
        },
        "layer": [
            {
                "mark": {"type": "rect", "width": 22, "height": 16, "stroke": NEUTRAL_RAMP[4]},
                "encoding": {"fill": as_is("colour"), "x": {"value": 12}},
            }
        ],
    }
    bars = {
        "width": WIDTH,
        "height": {"step": ROW},
        "data": values(drawn),
        "encoding": {"y": y},
        "layer": [
            {
                "mark": {"type": "bar", "height": 22, "stroke": NEUTRAL_RAMP[4]},
                "encoding": {"x": x, "x2": {"field": "to"}, "fill": as_is("colour")},
            },
            {
                "mark": {"type": "text", "aria": False, "fontSize": 12},
                "encoding": {
                    "x": by("middle", "quantitative"),
                    "text": by("text", "nominal"),
                    "color": as_is("ink"),
                },
            },
        ],
    }
    return {
        "config": CONFIG,
        "padding": {
            "left": 5,
            "top": 5,
            "bottom": 5,
            "right": 24,
        },  # a wider font needs room for the last label
        "hconcat": [bars, legend],
        "spacing": 20,
        "resolve": {"scale": {"y": "independent"}},
    }
