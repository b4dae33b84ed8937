"""Picture: who went short before the mix, and who does with it? Two maps in one scale."""

from __future__ import annotations

from typing import Any

from weaklink import data
from weaklink.columns import Column
from weaklink.report import europe
from weaklink.report.chart import Chart, Spec
from weaklink.report.curtailment_map import EDGES, STEPS
from weaklink.report.palette import CONFIG, GROUP_RAMP, LAND, NEUTRAL_RAMP
from weaklink.report.reduce_answer import ReduceAnswer
from weaklink.report.stress_answer import rounded

SIZE = 0.56  # of a whole map
SHOWN = 0.02  # a smaller rate is no figure on the map
COLUMNS = (
    Column("country", "text", "", "ISO 3166-1 alpha-3 code"),
    Column("label", "text", "", "name"),
    Column(
        "before",
        "number",
        "share of demand",
        "unserved without the mix, in the likely scenario, shared alike",
    ),
    Column("after", "number", "share of demand", "unserved with the mix"),
)


def before_after(answer: ReduceAnswer) -> Chart | None:
    """Two maps side by side, shaded by the share of demand unserved. None where there are no places or gains."""
    if answer.gains is None or not answer.places:
        return None
    rows = _rates(answer)
    losses = [sum(row[when] * answer.demand[row["country"]] for row in rows) for when in ("before", "after")]
    before, after = (loss / sum(answer.demand.values()) for loss in losses)
    return Chart(
        name="before_after",
        heading=f"Before and after: {answer.title}",
        message=f"{rounded(before)} of demand goes unserved without the mix, {rounded(after)} with it.",
        reading="Left: without the mix; right: with it. Share of demand over the horizon that is not served, in the "
        f"scenario as it is likely, shared alike. The darker, the more. {europe.ORIENTATION}",
        footnote="",
        source=f"{answer.source} Outlines: {data.card('borders').source}.",
        spec=_spec(answer, rows),
        data=answer.data("before_after", "one country before and after", COLUMNS, rows),
        notes=answer.notes,
    )


def _rates(answer: ReduceAnswer) -> list[dict[str, Any]]:
    assert answer.gains is not None  # noqa: S101 - for the type checker; the caller looked
    found = {row["country"]: row for row in answer.gains.records()}
    rows = []
    for country, demand in answer.demand.items():
        row = found.get(country, {"label": country, "before": 0.0, "after": 0.0})
        if demand:
            rates = {when: (row[when] or 0.0) / demand for when in ("before", "after")}
            rows.append({"country": country, "label": row["label"], **rates})
    return rows


def _spec(answer: ReduceAnswer, rows: list[dict[str, Any]]) -> Spec:
    legend = [("all served", LAND), *zip(STEPS, GROUP_RAMP, strict=True), ("not in it", NEUTRAL_RAMP[1])]
    maps = [
        _map(answer, rows, when, title)
        for when, title in (("before", "without the mix"), ("after", "with it"))
    ]
    return {
        "config": CONFIG,
        "spacing": 10,
        "vconcat": [{"hconcat": maps, "spacing": 14}, europe.swatches(legend)],
    }


def _map(answer: ReduceAnswer, rows: list[dict[str, Any]], when: str, title: str) -> Spec:
    looks = {node: {"fill": LAND, "note": f"{node}: all served"} for node in answer.places}
    for row in rows:
        rate = row[when]
        fill = GROUP_RAMP[sum(rate >= edge for edge in EDGES)] if rate > 1e-3 else LAND
        looks[row["country"]] = {"fill": fill, "note": f"{row['label']}: {rate:.1%} of demand unserved"}
    blank = {"fill": NEUTRAL_RAMP[1], "note": "not part of the network"}
    figures = [
        {
            "longitude": answer.places[row["country"]][0],
            "latitude": answer.places[row["country"]][1],
            "text": rounded(row[when]),
        }
        for row in rows
        if row[when] >= SHOWN and row["country"] in answer.places
    ]
    return {
        "title": {"text": title, "fontWeight": "normal", "fontSize": 13},
        "width": europe.WIDTH * SIZE,
        "height": europe.HEIGHT * SIZE,
        "projection": europe.projection(answer.places, SIZE),
        "layer": [*europe.land(looks, blank, frozenset()), *europe.words(figures, 9)],
    }
