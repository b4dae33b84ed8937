"""Picture: what does a loss hang on? Bars from one end of each range to the other, the longest on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from weaklink.report.chart import Chart, Spec, as_is, by, figures, values
from weaklink.report.palette import CONFIG, INK, NEUTRAL_RAMP, QUIET
from weaklink.result import Result

SHOWN = 12
WIDTH, ROW = 430, 30
LOW, HIGH = NEUTRAL_RAMP[1], NEUTRAL_RAMP[4]  # light and dark, so that they stay apart without colour


def tornado(result: Result, *, title: str, who: str, likely: float, source: str) -> Chart:
    """The answer of `study.sensitivity` as bars around the loss at the likely figures.

    The light half of a bar is where the figure is at its low end, the dark half where it is at its high end; both ends
    are written beside it. Beside the bar stands the share of variance that would stay if all others were known.
    """
    rows = [row for row in result.records() if _moves(row)][:SHOWN]
    unit, scale = _scale(rows[0]["loss_unit"], [abs(row[end]) for row in rows for end in ENDS])
    first = rows[0]
    ends = sorted(first[end] / scale for end in ENDS)
    return Chart(
        name="tornado",
        heading=f"What the loss hangs on: {title}",
        message=f"The loss of {who} hangs most on {first['parameter']}: from end to end of its range it goes "
        f"from {_number(ends[0])} to {_number(ends[1])} {unit}.",
        reading=f"Loss of all members together, in {unit}, with one figure at the low (light) and at the high end "
        "(dark) of its range and all others at their likely figure, which is the line. On the right: share of the "
        "variance of the loss that would be left if all other figures were known.",
        footnote="",
        source=source,
        spec=_spec(rows, likely / scale, scale, unit),
        data=Result(result.schema, result.table.slice(0, SHOWN), result.caveats, result.provenance),
        notes=" ".join(result.caveats),
    )


ENDS = ("loss_at_low", "loss_at_high")
LABEL = 330  # room for the name of a figure and its unit


def _moves(row: Mapping[str, Any]) -> bool:
    """Whether a figure has ends, and the loss is not the same at both."""
    return row["loss_at_low"] is not None and row["loss_at_low"] != row["loss_at_high"]


def _spec(rows: Sequence[Mapping[str, Any]], likely: float, scale: float, unit: str) -> Spec:
    bars, words = [], []
    for row in rows:
        name = _named(row)
        low, high = (row[end] / scale for end in ENDS)
        for end, fill, figure in ((low, LOW, row["low"]), (high, HIGH, row["high"])):
            bars.append({"parameter": name, "from": likely, "to": end, "fill": fill})
            other = high if end is low else low
            right = end > other or (end == other and end is high)
            at, side = (max(end, likely), "right") if right else (min(end, likely), "left")
            words.append({"parameter": name, "at": at, "text": f"{figure:,.3g}", "side": side})
    x = by(
        "from",
        "quantitative",
        title=f"loss, {unit}",
        axis={"tickCount": 5, "format": ",.3~r"},
        scale={"domain": _domain([bar["to"] for bar in bars]), "nice": False},
    )
    y = by(
        "parameter",
        "nominal",
        sort=None,
        title=None,
        axis={"labelColor": INK, "labelLimit": LABEL, "labelFontSize": 12},
    )
    return {
        "config": CONFIG,
        "width": WIDTH,
        "height": {"step": ROW},
        "data": values(bars),
        "encoding": {"y": y},
        "layer": [
            {
                "mark": {"type": "bar", "height": 14, "stroke": QUIET, "strokeWidth": 0.6},
                "encoding": {"x": x, "x2": {"field": "to"}, "fill": as_is("fill")},
            },
            {
                "data": values([{"likely": likely}]),
                "mark": {"type": "rule", "color": INK, "strokeWidth": 1.2},
                "encoding": {"x": by("likely", "quantitative"), "y": None},
            },
            *(_ends(words, side) for side in ("left", "right")),
            *_shares(rows),
        ],
    }


def _ends(words: Sequence[Mapping[str, Any]], side: str) -> Spec:
    """The figures at the ends of the bars, outside them."""
    outward = {"left": ("right", -5), "right": ("left", 5)}[side]
    return {
        "data": values([word for word in words if word["side"] == side]),
        "mark": {"type": "text", "align": outward[0], "dx": outward[1], "color": QUIET, "aria": False},
        "encoding": {"x": by("at", "quantitative"), "text": by("text", "nominal")},
    }


def _shares(rows: Sequence[Mapping[str, Any]]) -> tuple[Spec, Spec]:
    """The column of shares of variance on the right."""
    column, above = figures("share", WIDTH + 90, ["share of", "variance"])
    shown = [{"parameter": _named(row), "share": _share(row["total"])} for row in rows]
    return {"data": values(shown), **column}, above


def _named(row: Mapping[str, Any]) -> str:
    """What stands beside a bar: the figure and its unit."""
    unit, _, _ = row["unit"].partition(",")
    return f"{row['parameter']}, {unit}"


def _domain(ends: Sequence[float]) -> tuple[float, float]:
    """From the least to the greatest end, with room for the words beside them.

    >>> _domain([10.0, 20.0])
    (8.5, 21.5)
    """
    room = 0.15 * (max(ends) - min(ends)) or 1.0
    return min(ends) - room, max(ends) + room


def _share(total: float | None) -> str:
    """A share in per cent; an estimate may fall a little outside 0 and 1.

    >>> _share(0.423), _share(-0.004), _share(None)
    ('42%', '0%', '–')
    """
    return "–" if total is None else f"{min(max(total, 0.0), 1.0):.0%}"


def _scale(unit: str, figures: Sequence[float]) -> tuple[str, float]:
    """A larger unit for large figures, and how many of the small ones it has.

    >>> _scale("USD", [3.2e9]), _scale("GWh", [120.0])
    (('billion USD', 1000000000.0), ('GWh', 1.0))
    """
    most = max(figures)
    for word, size in (("trillion", 1e12), ("billion", 1e9), ("million", 1e6)):
        if most >= size:
            return f"{word} {unit}", size
    return unit, 1.0


def _number(figure: float) -> str:
    return f"{figure:,.3g}" if abs(figure) < 1000 else f"{figure:,.0f}"
