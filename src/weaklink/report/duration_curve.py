"""Picture: on how many days does how much go unserved? Duration curves, worst day first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from weaklink.columns import Column
from weaklink.report.chart import Chart, Spec, as_is, by, values
from weaklink.report.palette import CONFIG, GROUP, INK, OTHERS, QUIET
from weaklink.report.stress_answer import StressAnswer, rounded

WIDTH, HEIGHT = 720, 320
MOST = 3  # countries besides the whole
DASHES = ((1, 0), (7, 3), (2, 3), (9, 3, 2, 3))
COLOURS = (INK, GROUP, OTHERS, QUIET)
COLUMNS = (
    Column("rank", "integer", "days", "number of days with at least this rate"),
    Column("area", "text", "", "all countries together, or one of them"),
    Column("rate", "number", "share, 0 to 1", "unserved demand over demand of the day"),
)


def duration_curve(answer: StressAnswer) -> Chart | None:
    """Daily curtailment rates in falling order. None where all is served."""
    if answer.rate < 1e-6:
        return None
    curves = dict(_curves(answer))
    whole = next(iter(curves.values()))
    days = sum(rate > 1e-3 for rate in whole)
    rows = [
        {"rank": rank, "area": area, "rate": rate}
        for area, rates in curves.items()
        for rank, rate in enumerate(rates, start=1)
    ]
    return Chart(
        name="duration_curve",
        heading=f"Days with unserved demand: {answer.title}",
        message=f"Some demand of {answer.who} goes unserved on {days} of {len(whole)} days: "
        f"{rounded(whole[0])} of it on the worst.",
        reading="Days sorted from the worst: on so many days at least the rate on the left. Black: all together; "
        f"others: the {len(curves) - 1} with the largest single day.",
        footnote="On which days shortage falls is the plan's choice; with equal totals it may fall otherwise.",
        source=answer.source,
        spec=_spec(rows, list(curves)),
        data=answer.data("duration_curve", "on how many days at least one rate is reached", COLUMNS, rows),
        notes=" ".join(answer.countries.caveats),
    )


def _curves(answer: StressAnswer) -> Iterator[tuple[str, list[float]]]:
    demand: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    unserved: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    worst = sorted(answer.inside, key=lambda row: (-row["worst_day_rate"], row["country"]))[:MOST]
    single = {row["country"]: row["label"] for row in worst if row["worst_day_rate"] > 0}
    for row in answer.by_day:
        areas = [answer.who] * (row["country"] in answer.scope)
        areas += [single[row["country"]]] if row["country"] in single else []
        for area in areas:
            demand[area][row["day"]] += row[answer.amount("demand")]
            unserved[area][row["day"]] += row[answer.amount("unserved")]
    for area in (answer.who, *single.values()):
        rates = (unserved[area][day] / amount if amount else 0.0 for day, amount in demand[area].items())
        yield area, sorted(rates, reverse=True)


def _spec(rows: list[dict[str, Any]], areas: list[str]) -> Spec:
    x = by(
        "rank",
        "quantitative",
        title="number of days",
        axis={"grid": False},
        scale={"nice": False, "domainMin": 0},
    )
    y = by("rate", "quantitative", title="share of the day's demand unserved", axis={"format": ".0%"})
    looks = list(zip(areas, DASHES, COLOURS, strict=False))
    lines: list[Spec] = [
        {
            "data": values(_from_zero([row for row in rows if row["area"] == area])),
            "mark": {
                "type": "line",
                "interpolate": "step-before",
                "strokeDash": list(dash),
                "color": colour,
                "strokeWidth": 2.5 if place == 0 else 1.8,
                "aria": False,
            },
            "encoding": {"x": x, "y": y},
        }
        for place, (area, dash, colour) in enumerate(looks)
    ]
    return {
        "config": CONFIG,
        "spacing": 6,
        "vconcat": [{"width": WIDTH, "height": HEIGHT, "layer": lines}, _key(looks)],
    }


def _from_zero(curve: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The curve from the left edge on: the worst day lasts from nought to one."""
    return [{**curve[0], "rank": 0}, *curve]


def _key(looks: list[tuple[str, tuple[int, ...], str]]) -> Spec:
    """What each line is, below the picture."""
    layers: list[Spec] = []
    for place, (area, dash, colour) in enumerate(looks):
        left = place * WIDTH / len(DASHES)
        row = [{"x": left, "x2": left + 34, "area": area, "colour": colour}]
        at = {"scale": {"domain": [0, WIDTH], "range": [0, WIDTH], "nice": False}, "axis": None}
        layers += [
            {
                "data": values(row),
                "mark": {"type": "rule", "strokeDash": list(dash), "strokeWidth": 2, "aria": False},
                "encoding": {
                    "x": by("x", "quantitative", **at),
                    "x2": {"field": "x2"},
                    "y": {"value": 8},
                    "color": as_is("colour"),
                },
            },
            {
                "data": values(row),
                "mark": {"type": "text", "align": "left", "dx": 6, "limit": 140, "aria": False},
                "encoding": {
                    "x": by("x2", "quantitative", **at),
                    "y": {"value": 8},
                    "text": by("area", "nominal"),
                },
            },
        ]
    return {"width": WIDTH, "height": 16, "layer": layers}
