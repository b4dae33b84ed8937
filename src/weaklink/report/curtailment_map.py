"""Picture: which countries go short, and by how much?"""

from __future__ import annotations

from typing import Any

from weaklink import data
from weaklink.report import europe
from weaklink.report.answer import enumerated
from weaklink.report.chart import Chart, Spec
from weaklink.report.palette import CONFIG, GROUP_RAMP, LAND, NEUTRAL_RAMP
from weaklink.report.stress_answer import StressAnswer, rounded

EDGES = (0.02, 0.05, 0.1, 0.2, 0.4)
STEPS = ("below 2%", "2–5%", "5–10%", "10–20%", "20–40%", "40% and more")
SHOWN = 0.005  # a smaller rate is no figure on the map
SERVED = 1e-4  # a rate up to this is none
ALIKE = 0.01  # rates as near as this differ by the steps of sharing only


def curtailment_map(answer: StressAnswer) -> Chart | None:
    """The map with every node shaded by its curtailment rate. None where nodes have no place."""
    if not answer.places:
        return None
    names = ("country", "label", "in_scope", "curtailment_rate", "worst_day_rate")
    return Chart(
        name="curtailment_map",
        heading=f"Who goes short: {answer.title}",
        message=_message(answer),
        reading=(
            f"Share of demand for {answer.commodity} over the whole horizon that is not served. The darker, the "
            f"more; figures from half a per cent on. Outlined: {answer.who}; white: all is served, or nothing "
            f"is used; grey: not part of the network. {europe.ORIENTATION}"
        ),
        footnote="",
        source=f"{answer.source} Outlines: {data.card('borders').source}.",
        spec=_spec(answer),
        data=answer.data(
            "curtailment_map",
            "how much of one country's demand goes unserved",
            [answer.countries.schema.column(name) for name in names],
            answer.rows,
        ),
        notes=" ".join(answer.countries.caveats),
    )


def _message(answer: StressAnswer) -> str:
    short = [row for row in answer.inside if row["curtailment_rate"] > SERVED]
    if not short:
        return f"All demand of {answer.who} is served."
    rates = [row["curtailment_rate"] for row in short]
    said = f"{rounded(answer.rate)} of the demand of {answer.who} goes unserved"
    if len(short) == len(answer.inside) > 1 and max(rates) - min(rates) < ALIKE:
        least, most = rounded(min(rates)), rounded(max(rates))
        return f"{said}, shared alike: {least} to {most} in each of {len(short)} countries."
    worst = sorted(short, key=lambda row: (-row["curtailment_rate"], row["country"]))[:3]
    named = enumerated([f"{row['label']} ({rounded(row['curtailment_rate'])})" for row in worst])
    if len(short) == 1:
        return f"{said}, all of it in {named}."
    return f"{said}, in {len(short)} of {len(answer.inside)} countries; most in {named}."


def _spec(answer: StressAnswer) -> Spec:
    looks = {row["country"]: _look(row) for row in answer.rows}
    for node in answer.places.keys() - looks.keys():
        looks[node] = {"fill": LAND, "note": f"{answer.labels[node]}: no demand of its own"}
    figures = [
        {
            "longitude": answer.places[row["country"]][0],
            "latitude": answer.places[row["country"]][1],
            "text": rounded(row["curtailment_rate"]),
        }
        for row in answer.rows
        if row["curtailment_rate"] >= SHOWN and row["country"] in answer.places
    ]
    blank = {"fill": NEUTRAL_RAMP[1], "note": "not part of the network"}
    legend = [("all served", LAND), *zip(STEPS, GROUP_RAMP, strict=True), ("not in it", NEUTRAL_RAMP[1])]
    return {
        "config": CONFIG,
        "spacing": 10,
        "vconcat": [
            {
                "width": europe.WIDTH,
                "height": europe.HEIGHT,
                "projection": europe.projection(answer.places),
                "layer": [*europe.land(looks, blank, answer.scope), *europe.words(figures)],
            },
            europe.swatches(legend),
        ],
    }


def _look(row: dict[str, Any]) -> dict[str, str]:
    rate = row["curtailment_rate"]
    fill = GROUP_RAMP[sum(rate >= edge for edge in EDGES)] if rate > SERVED else LAND
    return {"fill": fill, "note": f"{row['label']}: {rate:.1%} of demand unserved"}
