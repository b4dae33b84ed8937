"""Picture: which single outage would make the scenario worst?"""

from __future__ import annotations

from typing import Any

from weaklink.report.chart import Chart, Spec, by, values
from weaklink.report.formats import large
from weaklink.report.palette import CONFIG, GROUP, INK
from weaklink.report.stress_answer import StressAnswer

SHOWN = 15
WIDTH, ROW = 460, 24


def ranked_outages(answer: StressAnswer) -> Chart | None:
    """The outages that add most, as bars. None where none was computed or none adds anything."""
    if answer.outages is None:
        return None
    added = answer.amount("added")
    rows = [row for row in answer.outages.records() if row[added] > 0.5][:SHOWN]
    if not rows:
        return None
    worst = rows[0]
    return Chart(
        name="ranked_outages",
        heading=f"What if one more thing fails: {answer.title}",
        message=f"The worst single outage is {worst['assets']}: it adds {worst[added]:,.0f} {answer.unit} of "
        f"unserved demand, most of it in {answer.labels.get(worst['hit_most'], worst['hit_most'])}.",
        reading=f"Unserved demand of all nodes over the horizon, in {answer.unit}, that the outage adds to the "
        "scenario when it lasts for the whole horizon and everybody knows it from the first day, by weekly steps. "
        "Beside the bar: where it hits most. All stores of a country count as one.",
        footnote="",
        source=answer.source,
        spec=_spec(answer, rows),
        data=answer.data("ranked_outages", answer.outages.schema.row, answer.outages.schema.columns, rows),
        notes=" ".join(answer.countries.caveats),
    )


def _spec(answer: StressAnswer, rows: list[dict[str, Any]]) -> Spec:
    added = answer.amount("added")
    drawn = [
        {
            "asset": row["assets"],
            "added": row[added],
            "text": f"{large(round(row[added]))} · {answer.labels.get(row['hit_most'], row['hit_most'])}",
        }
        for row in rows
    ]
    y = by(
        "asset",
        "nominal",
        sort=None,
        title=None,
        axis={"labelColor": INK, "labelLimit": 260, "labelFontSize": 12},
    )
    x = by(
        "added",
        "quantitative",
        title=f"added unserved demand, {answer.unit}",
        axis={"format": ",.0f", "tickCount": 5, "tickMinStep": 1},
    )
    return {
        "config": CONFIG,
        "width": WIDTH,
        "height": {"step": ROW},
        "data": values(drawn),
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "bar", "color": GROUP, "height": 14}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "aria": False},
                "encoding": {"text": by("text", "nominal")},
            },
        ],
    }
