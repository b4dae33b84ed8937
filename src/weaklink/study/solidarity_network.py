"""What is solidarity worth in a supply network? Members' links to each other open, or closed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from weaklink.attribution.coalitions import Figures
from weaklink.blocs import resolve
from weaklink.errors import RequestError
from weaklink.network.aggregate import aggregated, weeks
from weaklink.network.dispatch import dispatch
from weaklink.network.model import Network
from weaklink.provenance import Card, Provenance
from weaklink.study.solidarity import Game
from weaklink.study.stress import set_up
from weaklink.version import VERSION


def network_game(scenario: str, importer: str = "", joining: str = "") -> Game:
    """The game of a scenario on a network, in weekly steps at the likely figures.

    A link between two members is open if both act together, and closed if one acts alone; links to others stay open.
    `importer` stands for the scenario's `who`; `joining` names those who would join it. RequestError where fewer
    than two members are in the network.

    >>> game = network_game("generators-bridge-exercise")
    >>> everybody = np.ones(len(game.members), dtype=bool)
    >>> bool(game.losses(everybody).sum() < game.losses(~everybody).sum())
    True
    """
    case = set_up(scenario)
    year = case.folder.about.first_day.year
    who = importer or case.scenario.who
    weekly = aggregated(case.network, weeks(case.network))
    blocs = {}
    if who.casefold() == "world":
        asked = set(weekly.nodes)
    else:
        bloc = resolve(who, year=year)
        blocs[bloc.canonical], asked = bloc.countries, set(bloc.countries)
    new: set[str] = set()
    if joining:
        bloc = resolve(joining, year=year)
        blocs[bloc.canonical], new = bloc.countries, set(bloc.countries)
    members = tuple(node for node in weekly.nodes if node in asked | new)
    if len(members) < 2:
        raise RequestError(
            f"{who} has {len(members)} members in the network {case.scenario.network}; solidarity needs two."
        )
    places = [weekly.nodes.index(node) for node in members]

    def losses(coalition: np.ndarray) -> Figures:
        plan = dispatch(_open(weekly, members, coalition), "equal")
        found: Figures = plan.unserved_by_node[places]
        return found

    def whole(coalition: np.ndarray) -> float:
        return dispatch(_open(weekly, members, coalition)).total_unserved

    card = Card(
        name=case.scenario.name,
        what=case.scenario.title,
        source=case.scenario.source,
        licence="as its file",
        vintage=case.folder.about.vintage,
        sha256="",
        derived_by="a scenario file",
    )
    missing = sorted((asked | new) - set(members)) if who.casefold() != "world" else []
    return Game(
        members=members,
        joining=np.array([node in new for node in members]),
        unit=case.unit,
        losses=losses,
        whole=whole,
        own_first=dispatch(weekly, "own-first").unserved_by_node[places],
        label=case.label,
        caveats=(*_caveats(missing), *case.folder.about.caveats),
        provenance=Provenance(
            (case.folder.card(), card),
            VERSION,
            {"scenario": case.scenario.name, "importer": who, "with": joining, "lens": "network"},
            blocs,
        ),
    )


def _open(network: Network, members: tuple[str, ...], coalition: np.ndarray) -> Network:
    """The network without the links of two members that do not both act together."""
    inside, together = set(members), {node for node, acts in zip(members, coalition, strict=True) if acts}

    def closed(origin: str, destination: str) -> bool:
        ends = {origin, destination}
        return ends <= inside and not ends <= together

    return replace(
        network,
        links=tuple(
            replace(one, forward=0.0, backward=0.0) if closed(one.origin, one.destination) else one
            for one in network.links
        ),
    )


def _caveats(missing: list[str]) -> tuple[str, ...]:
    said = [
        "Alone means that a member's links to other members are closed, for transit too, which is the extreme case; "
        "`own_first` is the milder one: links are open, and everybody passes on only what it does not need.",
        "Contributions are of unserved demand at all nodes, others than members included, since which of them goes "
        "short is a rule of sharing, not a finding. Weeks are taken as one step.",
    ]
    if missing:
        said.append(f"Not in this network, and so left out: {', '.join(missing)}.")
    return tuple(said)
