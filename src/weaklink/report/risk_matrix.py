"""Picture: how likely and how bad are the risks, before treatment and after?"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from weaklink import tables
from weaklink.register.scales import Scale
from weaklink.report.chart import Chart, Spec, as_is, by, values
from weaklink.report.palette import CONFIG, GROUP_RAMP, INK, shade, text_on
from weaklink.report.risk_answer import RiskAnswer

CELL_WIDTH, CELL_HEIGHT = 84, 58
MOST_NAMED = 2  # ids that a cell has room for
BEFORE, AFTER = "Before treatment", "After treatment"
FIELDS = {BEFORE: "inherent", AFTER: "residual"}


def risk_matrix(answer: RiskAnswer) -> Chart | None:
    """Two matrices of the same risks. None where no risk has all four levels."""
    rows = [row for row in answer.risks.records() if row["status"] != "closed"]
    rated = [row for row in rows if row["inherent_band"] and row["residual_band"]]
    if not rated:
        return None
    cells = [cell for when in FIELDS for cell in _cells(rated, answer.scale, when)]
    worst = answer.scale.matrix.bands[-1]
    before, after = (sum(row[f"{field}_band"] == worst for row in rated) for field in FIELDS.values())
    left_out = len(rows) - len(rated)
    return Chart(
        name="risk_matrix",
        heading="Risks before and after treatment",
        message=f"{before} of {len(rated)} risks are in the band “{worst}” before treatment, {after} after.",
        reading="Likelihood to the right, impact upwards, by the levels of the register's scale. In each cell: how "
        f"many risks, and the ids of up to {MOST_NAMED}; the darker the cell, the worse its band.",
        footnote=f"{left_out} risks are left out: a level is missing." if left_out else "",
        source=answer.source,
        spec=_spec(cells, answer.scale),
        data=answer.data(
            tables.RISK_MATRIX, ({name: cell[name] for name in tables.RISK_MATRIX.names} for cell in cells)
        ),
        notes=" ".join(answer.risks.caveats),
    )


def _cells(rows: list[dict[str, Any]], scale: Scale, when: str) -> list[dict[str, Any]]:
    """Every cell of one matrix, with the risks in it."""
    ids: dict[tuple[int, int], list[str]] = defaultdict(list)
    for row in rows:
        ids[row[f"{FIELDS[when]}_likelihood"], row[f"{FIELDS[when]}_impact"]].append(row["id"])
    found = []
    for impact in scale.impact:
        for likelihood in scale.likelihood:
            here = ids[likelihood.level, impact.level]
            band = scale.band(likelihood.level, impact.level)
            colour = shade(
                GROUP_RAMP, scale.matrix.bands.index(band) / max(len(scale.matrix.bands) - 1, 1) * 0.85
            )
            found.append(
                {
                    "when": when,
                    "likelihood": likelihood.level,
                    "impact": impact.level,
                    "band": band,
                    "risks": len(here),
                    "ids": ", ".join(here),
                    "x": f"{likelihood.level} {likelihood.label}",
                    "y": f"{impact.level} {impact.label}",
                    "number": str(len(here)) if here else "",
                    "named": _named(here),
                    "colour": colour,
                    "ink": text_on(colour),
                }
            )
    return found


def _named(ids: list[str]) -> str:
    """A few ids, cut to what a cell has room for."""
    if not ids:
        return ""
    shown = ", ".join(one if len(one) <= 7 else one[:6] + "…" for one in ids[:MOST_NAMED])
    return shown + (" …" if len(ids) > MOST_NAMED else "")


def _spec(cells: list[dict[str, Any]], scale: Scale) -> Spec:
    axis = {"labelLimit": 110, "labelColor": INK, "labelAngle": 0, "titleFontSize": 12}
    x = by(
        "x",
        "ordinal",
        sort=[f"{one.level} {one.label}" for one in scale.likelihood],
        title="likelihood",
        axis=axis,
    )
    y = by(
        "y",
        "ordinal",
        sort=[f"{one.level} {one.label}" for one in reversed(scale.impact)],
        title="impact",
        axis=axis,
    )
    text = {"type": "text", "aria": False}
    panels = [
        {
            "title": {"text": when, "anchor": "start", "fontSize": 13},
            "width": CELL_WIDTH * len(scale.likelihood),
            "height": CELL_HEIGHT * len(scale.impact),
            "data": values(cell for cell in cells if cell["when"] == when),
            "encoding": {"x": x, "y": y},
            "layer": [
                {
                    "mark": {"type": "rect", "stroke": "#ffffff", "strokeWidth": 2},
                    "encoding": {"fill": as_is("colour")},
                },
                {
                    "mark": {**text, "fontSize": 17, "fontWeight": "bold", "dy": -8},
                    "encoding": {"text": by("number", "nominal"), "color": as_is("ink")},
                },
                {
                    "mark": {**text, "fontSize": 10, "dy": 11},
                    "encoding": {"text": by("named", "nominal"), "color": as_is("ink")},
                },
            ],
        }
        for when in FIELDS
    ]
    legend = {
        "title": {"text": "band", "anchor": "start", "fontSize": 11, "fontWeight": "normal"},
        "width": 24,
        "data": values(
            {"band": band, "colour": next(cell["colour"] for cell in cells if cell["band"] == band)}
            for band in reversed(scale.matrix.bands)
            if any(cell["band"] == band for cell in cells)
        ),
        "encoding": {
            "y": by("band", "ordinal", sort=None, title=None, axis={"labelColor": INK, "orient": "right"})
        },
        "layer": [
            {"mark": {"type": "rect", "width": 22}, "encoding": {"fill": as_is("colour"), "x": {"value": 12}}}
        ],
        "height": {"step": 24},
    }
    return {
        "config": CONFIG,
        "padding": {
            "left": 5,
            "top": 5,
            "bottom": 5,
            "right": 24,
        },  # a wider font needs room for the last label
        "hconcat": [*panels, legend],
        "spacing": 26,
        "resolve": {"scale": {"y": "independent"}},
    }
