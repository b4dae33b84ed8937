"""Picture: when does each lens see the loss, and how sure is it? One panel a lens, all on one axis of time."""

from __future__ import annotations

from typing import Any

from weaklink.columns import Column, TableSchema
from weaklink.report.chart import Chart, Spec, by, values
from weaklink.report.losses_answer import LossesAnswer, Panel
from weaklink.report.palette import CONFIG, INK, OTHERS_RAMP, QUIET
from weaklink.result import Result, tabulated

WIDTH, HEIGHT = 620, 150
FIRST = 1.0  # day at which the axis begins: a logarithm has no zero
TICKS = {
    1: "1 day",
    7: "1 week",
    30: "1 month",
    91: "3 months",
    365: "1 year",
    1095: "3 years",
    3650: "10 years",
    7300: "20 years",
}
BAND = 10  # pixels from the end of a line to its band

SCHEMA = TableSchema(
    "losses_course",
    "loss of all members together up to one day, in one lens, at the likely figures",
    (
        Column("lens", "text", "", "the model"),
        Column("day", "number", "days", "days from the first day of the scenario"),
        Column("loss", "number", "as unit says", "loss up to then"),
        Column("unit", "text", "", "unit of loss, low and high"),
        Column("low", "number", "as unit says", "quantile at 5 % of the loss over the horizon, at its end"),
        Column("median", "number", "as unit says", "quantile at 50 %"),
        Column("high", "number", "as unit says", "quantile at 95 %"),
    ),
)


def losses_course(answer: LossesAnswer) -> Chart:
    """Loss up to each day in every lens; at the end of its horizon the band of the draws."""
    last = max(panel.last for panel in answer.panels)
    rows = [row for panel in answer.panels for row in _rows(panel)]
    bands = (
        f" Bar at the end: nine in ten of {answer.draws:,} draws, with a line at the middle one. Dot: the loss at the "
        "likely figures, which need not be the middle."
        if answer.draws
        else " Nothing was drawn: --draws N adds bands."
    )
    return Chart(
        name="losses_course",
        heading=f"Losses by lens: {answer.title}",
        message="; ".join(map(_said, answer.panels)) + ".",
        reading=f"All members of {answer.importer} together. Line: loss up to each day at the likely figures, on one "
        "axis of time whose steps grow. Dashed: a lens with one figure for all of its time, drawn where it "
        f"holds.{bands} Every panel has its own unit; panels are never added up.",
        footnote="",
        source=answer.source,
        spec={
            "config": CONFIG,
            "vconcat": [_panel(panel, last) for panel in answer.panels],
            "spacing": 26,
        },
        data=Result(SCHEMA, tabulated(SCHEMA, rows), answer.table.caveats, answer.table.provenance),
        notes=" ".join(f"{one.title} leaves out: {' '.join(one.leaves_out)}" for one in answer.panels),
    )


def _said(panel: Panel) -> str:
    """What a panel says, in words."""
    size, unit = panel.scale
    band = (
        ""
        if panel.low is None or panel.high is None
        else f" ({figure(panel.low / size)} to {figure(panel.high / size)})"
    )
    part = "" if panel.share is None else f", {_percent(panel.share)} of its base"
    return f"{panel.lens}: {figure(panel.likely / size)}{band} {unit}{part}"


def _percent(share: float) -> str:
    """A share in per cent with two digits; the smallest in words.

    >>> _percent(0.0646), _percent(0.0000123), _percent(0.42)
    ('6.5%', 'less than 0.01%', '42%')
    """
    return "less than 0.01%" if abs(share) < 1e-4 else f"{share * 100:.2g}%"


def figure(number: float) -> str:
    """Three digits, no power of ten.

    >>> figure(1234.6), figure(0.01234), figure(26.3)
    ('1,235', '0.0123', '26.3')
    """
    if number == 0 or abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:,.3g}"


def _rows(panel: Panel) -> list[dict[str, Any]]:
    rows = [
        {"lens": panel.lens, "day": day, "loss": loss, "unit": panel.unit}
        for day, loss in zip(panel.edges[1:], panel.summed, strict=True)
    ]
    ends = {"low": panel.low, "median": panel.median, "high": panel.high}
    return [{**row, **(ends if row is rows[-1] else dict.fromkeys(ends))} for row in rows]


def _panel(panel: Panel, last: float) -> Spec:
    size, unit = panel.scale
    points = _points(panel, size)
    end: dict[str, Any] = {"day": panel.last, "likely": panel.likely / size}
    shown = [day for day in TICKS if day <= last * 1.1]
    x = by(
        "day",
        "quantitative",
        title="time from the first day",
        scale={"type": "log", "domain": [FIRST, last * 1.4], "nice": False},
        axis={
            "values": shown,
            "labelExpr": " : ".join(f"datum.value == {day} ? '{TICKS[day]}'" for day in shown) + " : ''",
            "grid": True,
        },
    )
    y = by("loss", "quantitative", title=unit, axis={"tickCount": 4, "format": ",.3~r"}, scale={"nice": True})
    layers: list[Spec] = [
        {
            "data": values(points),
            "mark": {
                "type": "line",
                "color": INK,
                "strokeWidth": 2.2,
                "strokeDash": [6, 4] if panel.single else [1, 0],
                "aria": False,
            },
            "encoding": {"x": x, "y": y},
        }
    ]
    if panel.low is not None and panel.high is not None and panel.median is not None:
        end |= {"low": panel.low / size, "median": panel.median / size, "high": panel.high / size}
        layers += _band(x, end)
    layers.append(
        {
            "data": values([end]),
            "mark": {"type": "point", "filled": True, "color": INK, "size": 60, "opacity": 1, "aria": False},
            "encoding": {"x": x, "y": by("likely", "quantitative")},
        }
    )
    return {
        "title": {
            "text": f"{panel.title} · {panel.horizon}",
            "subtitle": panel.loss,
            "anchor": "start",
            "frame": "group",
            "fontSize": 13,
            "color": INK,
            "subtitleColor": QUIET,
            "subtitleFontSize": 11,
        },
        "width": WIDTH,
        "height": HEIGHT,
        "layer": layers,
    }


def _points(panel: Panel, size: float) -> list[dict[str, float]]:
    """The line of a panel: from nothing on, or for a single figure the figure over the time in which it holds."""
    if panel.single:
        return [{"day": max(day, FIRST), "loss": panel.likely / size} for day in panel.span]
    points = [{"day": FIRST, "loss": 0.0}] if panel.edges[1] > FIRST else []
    found = zip(panel.edges[1:], panel.summed, strict=True)
    return points + [{"day": max(day, FIRST), "loss": loss / size} for day, loss in found]


def _band(x: Any, end: dict[str, Any]) -> list[Spec]:  # noqa: ANN401 - a channel
    """Nine in ten draws beside the end of the line, and the middle one."""
    beside = {"xOffset": BAND, "aria": False}
    return [
        {
            "data": values([end]),
            "mark": {"type": "rule", "color": OTHERS_RAMP[2], "strokeWidth": 9, **beside},
            "encoding": {"x": x, "y": by("low", "quantitative"), "y2": {"field": "high"}},
        },
        {
            "data": values([end]),
            "mark": {
                "type": "tick",
                "color": OTHERS_RAMP[5],
                "thickness": 2.5,
                "size": 15,
                "orient": "horizontal",
                **beside,
            },
            "encoding": {"x": x, "y": by("median", "quantitative")},
        },
    ]
