"""Which scenarios are there, and is a file of yours one?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from weaklink import tables, tomlfile
from weaklink.errors import RequestError
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.scenario.library import library
from weaklink.scenario.model import Figure, Scenario, Shock, Spread
from weaklink.scenario.parameters import FOLDER, parameters
from weaklink.study.iotables import embedded_table
from weaklink.study.losses import LENSES, asked_for
from weaklink.study.stress import set_up_scenario
from weaklink.study.struck import said, struck, trade_data
from weaklink.version import VERSION


def scenario_list() -> Result:
    """The scenarios of the library; columns in `weaklink.tables.SCENARIOS`.

    >>> "china-rare-earths" in scenario_list().column("scenario")
    True
    """
    return _answer(sorted(library().values(), key=lambda scenario: scenario.name))


def checked(path: Path) -> Result:
    """A scenario file in words, once all that it names has been found: network, countries, products, sectors.

    Raises SourceError with every problem of the file, by line and key; BlocError or RequestError where it names what
    is not there. Products that the embedded data lack are no error, since a data set of the user's may have them; a
    caveat names them.
    """
    scenario = tomlfile.read(path, Scenario)
    if scenario.network:
        set_up_scenario(scenario)
    for lens in scenario.parameters:
        _refuse_unknown_lens(scenario, lens)
        parameters(lens, scenario)
    return _answer([scenario], _check_trade(scenario) if scenario.in_trade() else ())


def lenses(scenario: Scenario) -> tuple[str, ...]:
    """The lenses that can read a scenario, as far as the file tells: data may still lack what it names.

    >>> lenses(library()["gas-cutoff-2022"]), "goods" in lenses(library()["china-rare-earths"])
    (('network',), True)
    """
    trade = scenario.in_trade()
    able = {
        "network": bool(scenario.network),
        "goods": any(shock.products or shock.target == "passage" for shock in trade),
    }
    return tuple(name for name in LENSES if able.get(name, bool(trade)))


def _refuse_unknown_lens(scenario: Scenario, lens: str) -> None:
    known = sorted(path.stem for path in FOLDER.glob("*.toml"))
    if lens not in known:
        raise RequestError(
            f"scenario {scenario.name} has parameters.{lens}; lenses with figures are {', '.join(known)}."
        )


def _check_trade(scenario: Scenario) -> tuple[str, ...]:
    """Whether countries, passages and sectors exist; what must be said of products."""
    asked = asked_for(scenario)
    opened, table = trade_data(asked), embedded_table()
    caveats: list[str] = []
    for shock in scenario.in_trade():
        caveats += said(asked, struck(asked, shock, opened))
        if unknown := sorted(set(shock.sectors) - set(table.sectors)):
            raise RequestError(
                f"scenario {scenario.name} names sector {', '.join(unknown)}; {table.card.name} has "
                f"{', '.join(table.sectors)}."
            )
    return tuple(dict.fromkeys(caveats))


def _answer(scenarios: Sequence[Scenario], caveats: tuple[str, ...] = ()) -> Result:
    rows = [_described(scenario) for scenario in scenarios]
    return Result(tables.SCENARIOS, tabulated(tables.SCENARIOS, rows), caveats, Provenance((), VERSION))


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
        "lenses": ", ".join(lenses(scenario)),
    }


def _in_words(shock: Shock) -> str:
    what = " and ".join(shock.names)
    if shock.target in {"exports", "production"}:
        goods = ", ".join((*shock.products, *shock.sectors))
        what = f"{shock.target} of {goods} of {what}" + (f" to {shock.to}" if shock.to else "")
    when = f" from {shock.first_day}" if shock.first_day else ""
    until = f" to {shock.last_day}" if shock.last_day else ""
    return f"{_figure(shock.lost)} of {what}{when}{until}"


def _figure(figure: Figure) -> str:
    if isinstance(figure, Spread):
        return f"{figure.likely:.0%} ({figure.low:.0%} to {figure.high:.0%})"
    return f"{figure:.0%}"
