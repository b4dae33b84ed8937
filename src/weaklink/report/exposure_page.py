"""How does a question to an input-output table become one page, with its pictures as files beside it?"""

from __future__ import annotations

import shlex
from pathlib import Path

from weaklink import data
from weaklink.report import folder
from weaklink.report.chart import Chart
from weaklink.report.exposed import ALL, Exposed, coefficient
from weaklink.report.exposure_map import exposure_map
from weaklink.report.exposure_paths import exposure_paths
from weaklink.report.exposure_sectors import exposure_sectors
from weaklink.report.exposure_years import exposure_years
from weaklink.report.formats import readable, to_csv
from weaklink.report.selfcontained import Figure, figures_of, files_of, made_by, page_of

NAMES = ("sectors", "map", "paths", "years")
TABLE = "exposure"
REFERENCE = ("blocs", "borders", "countries", "memberships", "regimes")
MADE = made_by((TABLE,), NAMES)


def pictures(shown: Exposed) -> tuple[Chart, ...]:
    """The pictures that can be drawn; one with nothing to show is left out."""
    drawn = (exposure_sectors(shown), exposure_map(shown), exposure_paths(shown), exposure_years(shown))
    return tuple(chart for chart in drawn if chart is not None)


def write_page(directory: Path, shown: Exposed) -> Path:
    """Write the page, its pictures (SVG, PNG, CSV) and the whole table to a directory, all of it or nothing.

    Raises StoreError where the directory cannot be written to, or holds files that are not of a report.
    """
    figures = figures_of(pictures(shown))
    files = {
        "index.html": page(shown, figures).encode("utf-8"),
        f"charts/{TABLE}.csv": to_csv(shown.exposure).encode("utf-8"),
        **files_of(figures),
    }
    folder.write(directory, files, MADE)
    return directory / "index.html"


def page(shown: Exposed, figures: list[Figure]) -> str:
    """The page as text; it loads nothing."""
    columns = [
        column for column in shown.exposure.schema.columns if column.name not in ("importer", "supplier")
    ]
    return page_of(
        "exposure.html.jinja",
        shown=shown,
        headline=headline(shown),
        figures=figures,
        columns=columns,
        rows=[[readable(column, row[column.name]) for column in columns] for row in shown.exposure.records()],
        formulas=[column for column in shown.exposure.schema.columns if column.formula],
        caveats=list(dict.fromkeys((*shown.exposure.caveats, *shown.paths.caveats))),
        cards=[*shown.exposure.provenance.cards, *map(data.card, REFERENCE)],
        table=TABLE,
        command=command(shown),
    )


def headline(shown: Exposed) -> str:
    """What the page says, in one sentence."""
    whole = shown.whole or (shown.sectors[0] if shown.sectors else None)
    us, them = shown.importer.name, shown.group.name
    if whole is None or whole["look_through"] is None:
        return f"{us} has no output in the sectors asked, so nothing can be said of its dependence on {them}."
    of = "" if whole["sector"] == ALL else f" in {shown.label(whole)}"
    made = 100 * whole["value_added_share"]
    return (
        f"Of 100 of output{of}, {us} buys {coefficient(whole['face_value'])} of {them} directly, needs "
        f"{coefficient(whole['look_through'])} of its output in all rounds of inputs, and {made:.1f} of the value "
        "are made there."
    )


def command(shown: Exposed) -> str:
    """The command that makes the report again."""
    words = ["weaklink", "exposure"]
    for name, value in shown.exposure.provenance.parameters.items():
        if value == "yes":
            words.append(f"--{name}")
        elif value and value != "no" and (name, value) != ("sector", ALL):
            words += [f"--{name}", shlex.quote(value)]
    return " ".join([*words, "--report", "DIR"])
