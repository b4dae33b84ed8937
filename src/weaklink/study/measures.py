"""Which measures are there, and is a catalogue of yours one?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weaklink.mitigation.measures import Catalogue, Measure
from weaklink.provenance import Card, Provenance
from weaklink.result import Result, tabulated
from weaklink.scenario.model import Figure, Spread
from weaklink.study.reduce import catalogue, catalogues
from weaklink.tables.reducing import MEASURES
from weaklink.version import VERSION


def measure_list(name: str = "") -> Result:
    """The measures of a catalogue, by name or file, or of all that the product carries.

    >>> measure_list("gas-europe").column("measure")[0]
    'saving'
    """
    chosen = [catalogue(name)] if name else list(catalogues().values())
    cards = tuple(
        Card(
            one.name, one.title, one.source, "as its file", str(one.prices_of), "", "a catalogue of measures"
        )
        for one in chosen
    )
    rows = [row for one in chosen for row in _rows(one)]
    caveats = ("Costs and limits are as good as the column quality says; change a row, or give --cost.",)
    return Result(MEASURES, tabulated(MEASURES, rows), caveats, Provenance(cards, VERSION))


def _rows(listed: Catalogue) -> Iterator[dict[str, Any]]:
    for measure in listed.measure:
        yield {
            "catalogue": listed.name,
            "measure": measure.name,
            "title": measure.title,
            "changes": measure.changes,
            "where": ", ".join(measure.where),
            "most": _most(measure),
            "unit": measure.unit,
            "unit_cost": _figure(measure.unit_cost),
            "once": _once(measure),
            "money": f"{listed.money} {listed.currency} of {listed.prices_of}",
            "quality": measure.quality,
            "source": measure.source,
        }


def _most(measure: Measure) -> str:
    said = [f"{measure.most:,g}"] if measure.most is not None else []
    said += [f"{measure.most_share:.0%}"] if measure.most_share is not None else []
    return " and ".join(said)


def _once(measure: Measure) -> str:
    parts = [
        f"{_figure(figure)} {what}"
        for figure, what in ((measure.capital_cost, "a unit"), (measure.fixed_cost, "in all"))
        if figure != 0
    ]
    return f"{' and '.join(parts)}, lasts {measure.life_years:g} years" if parts else ""


def _figure(figure: Figure | str) -> str:
    if isinstance(figure, Spread):
        return f"{figure.likely:g} ({figure.low:g} to {figure.high:g})"
    return figure if isinstance(figure, str) else f"{figure:g}"
