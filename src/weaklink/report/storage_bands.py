"""Picture: how do stores run down, in the plan shown and in drawn winters?"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from weaklink.columns import Column
from weaklink.report.chart import PERCENT_AXIS, Chart, Spec, by, values
from weaklink.report.palette import CONFIG, INK, OTHERS, OTHERS_RAMP
from weaklink.report.stress_answer import StressAnswer, rounded
from weaklink.tables.network import DAY

WIDTH, HEIGHT = 820, 340
UNSEEN = 1e-6  # a band as narrow as this is none
LEVEL = Column(
    "level", "number", "share, 0 to 1", "level of all stores over their working volume, in the plan shown"
)


def storage_bands(answer: StressAnswer) -> Chart | None:
    """Level of all stores in scope by day, with bands of drawn winters. None where there are no stores."""
    every = answer.bands is not None  # bands are of all stores, so the line beside them is too
    level = levels(answer, every=every)
    if not level:
        return None
    bands = answer.bands.records() if answer.bands is not None else []
    rows = _rows(level, bands)
    extra = answer.bands.schema.columns[1:] if answer.bands is not None else ()
    return Chart(
        name="storage_bands",
        heading=f"Level of stores: {answer.title}",
        message=_message(answer, level),
        reading=f"All stores of {_whose(answer)} together, share of working volume at the end of each day. Line: the "
        f"plan shown, which knows the horizon and leaves in store what it can. {_of_bands(bands)}",
        footnote="",
        source=answer.source,
        spec=_spec(rows, drawn=bool(bands)),
        data=answer.data("storage_bands", "how full stores are on one day", (DAY, LEVEL, *extra), rows),
        notes=" ".join(answer.countries.caveats),
    )


def _of_bands(bands: list[dict[str, Any]]) -> str:
    if not bands:
        return "No winters were drawn: --draws N adds bands."
    if all(row["high"] - row["low"] < UNSEEN for row in bands):
        return "Dashed: the drawn winters, by week; the scenario has no ranges, so that they are all alike."
    return (
        "Dark band: the middle half of drawn winters; light band: nine in ten of them; dashed: their median. "
        "Bands are by week."
    )


def levels(answer: StressAnswer, *, every: bool = False) -> dict[str, float]:
    """Level of all stores in scope, or of all of the network, by day; volumes follow from stored amount and share."""
    stored: dict[str, float] = defaultdict(float)
    volume: dict[str, float] = {}
    for row in answer.by_day:
        if (every or row["country"] in answer.scope) and row["storage_share"] is not None:
            stored[row["day"]] += row[answer.amount("stored")]
            if row["storage_share"] > 0:
                volume[row["country"]] = row[answer.amount("stored")] / row["storage_share"]
    whole = sum(volume.values())
    return {day: amount / whole for day, amount in stored.items()} if whole else {}


def _whose(answer: StressAnswer) -> str:
    return "the whole network" if answer.bands is not None else answer.who


def _rows(level: dict[str, float], bands: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = {row["day"]: row for row in bands}
    names = [name for name in bands[0] if name != "day"] if bands else []
    return [
        {"day": day, "level": share, **{name: found.get(day, {}).get(name) for name in names}}
        for day, share in level.items()
    ]


def _message(answer: StressAnswer, level: dict[str, float]) -> str:
    days = list(level)
    lowest = min(level, key=lambda day: level[day])
    least = "" if lowest == days[-1] else f"; lowest {rounded(level[lowest])} on {lowest}"
    return (
        f"Stores of {_whose(answer)} go from {rounded(level[days[0]])} on {days[0]} to {rounded(level[days[-1]])} on "
        f"{days[-1]}{least}."
    )


def _spec(rows: list[dict[str, Any]], *, drawn: bool) -> Spec:
    x = by(
        "day",
        "temporal",
        title=None,
        axis={"format": "%-d %b %Y", "grid": False, "labelFlush": True, "tickCount": 7},
    )
    title = "share of working volume"

    def share(field: str) -> dict[str, Any]:
        return by(field, "quantitative", title=title, scale={"domain": [0, 1]}, axis=PERCENT_AXIS)

    known = [row for row in rows if row.get("median") is not None]
    layers: list[Spec] = []
    for low, high, fill in (
        ("low", "high", OTHERS_RAMP[1]),
        ("lower_quarter", "upper_quarter", OTHERS_RAMP[2]),
    ) * drawn:
        layers.append(
            {
                "data": values(known),
                "mark": {"type": "area", "color": fill, "opacity": 1, "aria": False},
                "encoding": {"x": x, "y": share(low), "y2": {"field": high}},
            }
        )
    if drawn:
        layers.append(
            {
                "data": values(known),
                "mark": {
                    "type": "line",
                    "color": OTHERS,
                    "strokeDash": [5, 3],
                    "strokeWidth": 1.5,
                    "aria": False,
                },
                "encoding": {"x": x, "y": share("median")},
            }
        )
    layers.append(
        {
            "data": values(rows),
            "mark": {"type": "line", "color": INK, "strokeWidth": 2.5},
            "encoding": {"x": x, "y": share("level")},
        }
    )
    return {"config": CONFIG, "width": WIDTH, "height": HEIGHT, "layer": layers}
