"""Which scenarios are there, and is a file of yours one?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from weaklink import tables, tomlfile
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.scenario.library import library
from weaklink.scenario.model import Figure, Scenario, Shock, Spread
from weaklink.study.stress import set_up
from weaklink.version import VERSION


def scenario_list() -> Result:
    """The scenarios of the library; columns in `weaklink.tables.SCENARIOS`.

    >>> scenario_list().column("scenario")[1]
    'gas-cutoff-2022'
    """
    return _answer(sorted(library().values(), key=lambda scenario: scenario.name))


def checked(path: Path) -> Result:
    """A scenario file in words, once it and the network that it names have been read and fit each other.

    Raises SourceError with every problem of the file, by line and key; RequestError where it names a network,
    supplier or asset that is not there.
    """
    scenario = tomlfile.read(path, Scenario)
    set_up(str(path))
    return _answer([scenario])


def _answer(scenarios: Sequence[Scenario]) -> Result:
    rows = [_described(scenario) for scenario in scenarios]
    return Result(tables.SCENARIOS, tabulated(tables.SCENARIOS, rows), (), Provenance((), VERSION))


def _described(scenario: Scenario) -> dict[str, Any]:
    response = scenario.response
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "who": scenario.who,
        "network": scenario.network,
        "demand": scenario.demand,
        "lost": "; ".join(map(_in_words, scenario.shock)) or "nothing",
        "response": f"{response.sharing}, saving {_figure(response.saving)}, {response.horizon}",
        "source": scenario.source,
    }


def _in_words(shock: Shock) -> str:
    when = f" from {shock.first_day}" if shock.first_day else ""
    until = f" to {shock.last_day}" if shock.last_day else ""
    return f"{_figure(shock.lost)} of {' and '.join(shock.names)}{when}{until}"


def _figure(figure: Figure) -> str:
    if isinstance(figure, Spread):
        return f"{figure.likely:.0%} ({figure.low:.0%} to {figure.high:.0%})"
    return f"{figure:.0%}"
