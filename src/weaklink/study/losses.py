"""What does a scenario cost whom, through every lens that can read it?"""

from __future__ import annotations

from pathlib import Path

from weaklink.blocs.expression import resolve
from weaklink.errors import RequestError
from weaklink.scenario.model import Scenario
from weaklink.study.datasets import years_of
from weaklink.study.lens import Asked


def asked_for(
    scenario: Scenario,
    importer: str = "",
    *,
    year: int | None = None,
    data: str = "",
    store: Path | None = None,
) -> Asked:
    """A scenario as it is asked of a lens: for whom, on trade data of which year.

    `importer` stands for the scenario's `who`; `year` for its year, the last of the data where neither says one.
    Raises BlocError for an importer that cannot be read, RequestError for data or a year that is not there.
    """
    held = years_of(data, store)
    when = year or scenario.year or held[-1]
    if when not in held:
        raise RequestError(f"the trade data have no year {when}; they have {held[0]} to {held[-1]}.")
    who = importer or scenario.who
    bloc = resolve(who, year=when)
    blocs = {bloc.canonical: bloc.countries}
    for shock in scenario.in_trade():
        for text in (*(() if shock.target == "passage" else shock.names), *((shock.to,) if shock.to else ())):
            if not text.startswith("largest:"):
                named = resolve(text, year=when)
                blocs[named.canonical] = named.countries
    return Asked(scenario, bloc.canonical, bloc.countries, when, blocs, data, store)
