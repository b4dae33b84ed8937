"""Picture: where in the world is what an importer needs in all rounds of inputs?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from weaklink import data, tables
from weaklink.codes.countries import countries
from weaklink.columns import Column
from weaklink.report.answer import percent
from weaklink.report.chart import Chart
from weaklink.report.exposed import ALL, Exposed, coefficient, sentences
from weaklink.report.palette import GROUP_RAMP, HATCH, OTHERS_RAMP
from weaklink.report.worldmap import drawn, legend_of, world
from weaklink.result import Record

EDGES = (0.003, 0.01, 0.03, 0.1, 0.2)
STEPS = ("below 0.3%", "0.3–1%", "1–3%", "3–10%", "10–20%", "20% and more")
IN_GROUP = Column("in_group", "text", "yes or no", "whether the supplier belongs to the chosen group")
COLUMNS = ("supplier", "face_value", "look_through", "hidden", "value_added_share", "foreign_share")


def exposure_map(shown: Exposed) -> Chart | None:
    """The world with every supplier shaded by its share in the look-through. None where there is none."""
    rows = _rows(shown)
    if not rows:
        return None
    us, them = shown.importer.counted, shown.group.name
    return Chart(
        name="map",
        heading=f"Where it comes from in the end, {shown.year}",
        message=_message(shown, rows),
        reading=(
            f"Share of each country in all output abroad that {us} needs, all its sectors as one and all rounds of "
            f"inputs. Outlined and rust: {them}; blue: other suppliers; hatched: the importer; white: no region of "
            f"the table. {_undrawn(rows)}Equal Earth projection. Borders are drawn for orientation and imply no "
            "position on the status of any territory."
        ),
        footnote="",
        source=shown.source_line(f"outlines: {data.card('borders').source}"),
        spec=_spec(shown, rows),
        data=shown.drawn_from(
            "map",
            "how much of what the importer needs abroad comes from one region in the end",
            (*(tables.EXPOSURE.column(name) for name in COLUMNS), IN_GROUP),
            rows,
        ),
        notes=sentences(shown.exposure),
    )


def _rows(shown: Exposed) -> list[dict[str, Any]]:
    """Every supplying region, all sectors as one, the largest first."""
    inside = set(shown.group.countries)
    rows = [
        {**row, "in_group": "yes" if row["supplier"] in inside else "no"}
        for row in shown.suppliers.records()
        if row["sector"] == ALL and row["foreign_share"]
    ]
    return sorted(rows, key=lambda row: -row["foreign_share"])


def _message(shown: Exposed, rows: Sequence[Record]) -> str:
    first = next((row for row in rows if row["supplier"] in countries()), rows[0])
    by_face = max(rows, key=lambda row: row["face_value"])
    inside = sum(row["foreign_share"] for row in rows if row["in_group"] == "yes")
    said = (
        f"{shown.region_name(first['supplier'])} makes {percent(first['foreign_share'])} of what "
        f"{shown.importer.name} needs from abroad in all rounds, more than any other country"
    )
    if by_face["supplier"] != first["supplier"]:
        said += f"; at face value it would be {shown.region_name(by_face['supplier'])}"
    if len(shown.group.countries) == 1:
        return f"{said}."
    return f"{said}; all of {shown.group.name} that the table has: {percent(inside)}."


def _undrawn(rows: Sequence[Record]) -> str:
    """The rest of the world has no outline."""
    rest = [row for row in rows if row["supplier"] not in drawn()]
    share = sum(row["foreign_share"] for row in rest)
    return f"Not drawn: {percent(share)} from the rest of the world, which is one region. " if rest else ""


def _spec(shown: Exposed, rows: Sequence[Record]) -> dict[str, Any]:
    looks = {row["supplier"]: _look(shown, row) for row in rows}
    for member in shown.importer.countries:
        looks[member] = {"fill": HATCH, "note": f"{member}: importer"}
    outlined = set(shown.group.countries) - set(shown.importer.countries)
    legend = legend_of(shown.group.name, shown.importer.name, "no region of the table", STEPS)
    return dict(world(looks, outlined & looks.keys(), legend))


def _look(shown: Exposed, row: Record) -> dict[str, str]:
    ramp = GROUP_RAMP if row["in_group"] == "yes" else OTHERS_RAMP
    face, through = coefficient(row["face_value"]), coefficient(row["look_through"])
    named, share = shown.region_name(row["supplier"]), f"{row['foreign_share']:.1%}"
    return {
        "fill": ramp[sum(row["foreign_share"] >= edge for edge in EDGES)],
        "note": f"{named}: {share}; bought directly {face}, in all {through} per 100 of output",
    }
