"""How do plans of support become a page, with their milestones as a picture?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from weaklink.report import results_page
from weaklink.report.answer import cut, plural
from weaklink.report.chart import Chart, Spec, as_is, by, values
from weaklink.report.palette import CONFIG, INK, NEUTRAL_RAMP, OTHERS, QUIET
from weaklink.report.results_page import Listing, ResultsPage
from weaklink.result import Record, Result

WIDTH, ROW = 300, 30
SHOWN = (
    "partner_name",
    "goal",
    "requirement",
    "action",
    "currency",
    "needed",
    "funded",
    "spent",
    "milestones",
    "done",
    "overdue",
    "next_due",
    "state",
)
MARKS = {"done": "✓ done", "late": "! late", "unfunded": "○ unfunded", "on course": "→ on course"}


def write_report(directory: Path, answer: Result) -> Path:
    """Write the page of plans; the path of the page."""
    asked = answer.provenance.parameters
    file = "" if asked["file"] == "partners-example.toml" else f" {asked['file']}"
    return results_page.write_report(
        directory,
        ResultsPage(
            kicker="Weaklink · tailored support for partners",
            title=asked["title"],
            headline=headline(answer),
            warning=answer.caveats[0] if answer.caveats[0].startswith("FICTIONAL") else "",
            charts=(plan_milestones(answer),),
            listings=(Listing("All actions", answer, SHOWN),),
            command=f"weaklink guidelines plans{file} --as-of {asked['day']} --report DIR",
        ),
    )


def headline(answer: Result) -> str:
    """How many actions stand how, in a sentence."""
    rows = answer.records()
    states = Counter(row["state"] for row in rows)
    said = ", ".join(f"{states[state]} {state}" for state in MARKS if states[state])
    done, milestones = (sum(row[name] for row in rows) for name in ("done", "milestones"))
    return (
        f"Of {plural(len(rows), 'action')}: {said}. {done} of {plural(milestones, 'milestone')} are reached."
    )


def plan_milestones(answer: Result) -> Chart:
    """Per action: the share of its cost that is funded and spent, and the share of milestones that is reached."""
    rows = answer.records()
    return Chart(
        name="plan_milestones",
        heading="Actions: money and milestones",
        message=headline(answer),
        reading=(
            "Upper bar: spent (dark) and promised (framed) as shares of what the action costs. Lower bar: milestones "
            "reached as a share of all. Right: how the action stands."
        ),
        footnote="",
        source=f"Source: {answer.provenance.parameters['title']}.",
        spec=_spec(rows),
        data=answer,
        notes=" ".join(answer.caveats),
    )


def _spec(rows: list[dict[str, Any]]) -> Spec:
    order = [_label(row) for row in rows]
    bars = [bar for row in rows for bar in _bars(row)]
    x = by(
        "share",
        "quantitative",
        title="share of cost (upper bar), share of milestones (lower bar)",
        scale={"domain": [0, 1], "nice": False, "clamp": True},
        axis={"format": ".0%", "values": [0, 0.5, 1], "grid": True},
    )
    y = by(
        "row",
        "nominal",
        sort=order,
        title=None,
        axis={"labelColor": INK, "labelFontSize": 12, "labelLimit": 380},
    )
    bar = {"type": "bar", "height": 9, "strokeWidth": 1.2}
    return {
        "config": CONFIG,
        "width": WIDTH,
        "height": {"step": ROW},
        "encoding": {"x": x, "y": y},
        "layer": [
            *(
                {
                    "data": values(one for one in bars if one["level"] == level),
                    "mark": {**bar, "yOffset": offset},
                    "encoding": {
                        "fill": as_is("fill"),
                        "stroke": as_is("edge"),
                        "description": by("note", "nominal"),
                    },
                }
                for level, offset in (("promised", -6), ("spent", -6), ("milestones", 6))
            ),
            {
                "data": values({"row": _label(row), "text": MARKS[row["state"]]} for row in rows),
                "mark": {"type": "text", "align": "left", "fontSize": 12, "aria": False},
                "encoding": {"x": {"value": WIDTH + 12}, "text": by("text", "nominal")},
            },
        ],
    }


def _label(row: Record) -> str:
    return f"{row['partner']}: {cut(row['action'], 52)}"


def _bars(row: Record) -> list[dict[str, Any]]:
    cost = row["needed"] or 1
    drawn = (
        ("promised", min(1.0, row["funded"] / cost), "#ffffff", QUIET),
        ("spent", min(1.0, row["spent"] / cost), OTHERS, OTHERS),
        ("milestones", row["progress"], NEUTRAL_RAMP[2], NEUTRAL_RAMP[3]),
    )
    return [
        {
            "row": _label(row),
            "level": level,
            "share": share,
            "fill": fill,
            "edge": edge,
            "note": f"{_label(row)}, {level}: {share:.0%}",
        }
        for level, share, fill, edge in drawn
    ]
