"""The lens of networks: how much demand goes unserved through a winter, in the winter shown and in drawn ones?

A draw is a winter: the drawn shares of the shocks and of saving, and the number of a winter of which weather, volumes
of suppliers and outages follow. Each is planned by the weekly ensemble (`weaklink.network.ensemble`), and what its plan
leaves unserved is the loss; the course is that of the daily plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from weaklink.errors import RequestError
from weaklink.network.ensemble import bracketed
from weaklink.network.model import Figures, Network
from weaklink.network.winters import Winter, as_listed
from weaklink.network.winters import drawn as drawn_winter
from weaklink.provenance import Card
from weaklink.scenario.draws import struck_winter, variation, without_ranges
from weaklink.scenario.model import Spread
from weaklink.scenario.parameters import Parameter, in_range, lost_range
from weaklink.study.lens import About, Asked, Course, Drawn
from weaklink.study.networks import WORLD
from weaklink.study.stress import Case, planned, set_up_scenario

NAME = "network"
WINTER = "winter"
WINTERS = 1_000_000  # winters that may be drawn
SAVING = Parameter(
    low=0,
    likely=0,
    high=0,
    unit="share of demand",
    meaning="what is saved everywhere",
    source="the scenario file",
    quality="scenario",
)
WHICH = Parameter(
    low=0,
    likely=WINTERS // 2,
    high=WINTERS,
    unit="number",
    meaning="which winter is drawn: its weather, volumes and outages; the middle one is the winter as listed",
    source="deviations stated under uncertainty in the scenario file",
    quality="scenario",
)


@dataclass(frozen=True, slots=True, eq=False)
class OnNetwork:
    """A scenario set up on its network."""

    case: Case
    places: tuple[int, ...]
    ranges: Mapping[str, Parameter]

    @property
    def about(self) -> About:
        """What the lens is."""
        days = len(self.case.days)
        return About(
            name=NAME,
            title="Unserved demand of a supply network",
            horizon="days to a winter",
            span_days=(1, days),
            loss=f"demand of {self.case.folder.about.commodity} that cannot be served",
            unit=self.case.unit,
            base="demand over the horizon",
            leaves_out=(
                "What unserved demand costs its users, and prices.",
                "Pressure in pipes, quality of gas, and contracts: flows are balances of volumes by day.",
            ),
        )

    @property
    def countries(self) -> tuple[str, ...]:
        """The nodes that are asked for."""
        return tuple(self.case.network.nodes[place] for place in self.places)

    @property
    def base(self) -> Figures:
        """Demand of each node over the horizon, before saving."""
        demand: Figures = self.case.folder.network.demand_by_node[list(self.places)]
        return demand

    @property
    def cards(self) -> tuple[Card, ...]:
        """The sheets of the network."""
        return (self.case.folder.card(),)

    @property
    def caveats(self) -> tuple[str, ...]:
        """What must be said of the network, and of how draws are planned."""
        return (
            "Losses are those of weekly plans that can be carried out and keep the total low; `weaklink stress` "
            "without --lens gives the daily plan, and how far the two are apart.",
            *self.case.folder.about.caveats,
        )

    def losses(self, drawn: Drawn) -> Figures:
        """Unserved demand of each draw and node."""
        base = without_ranges(self.case.folder.network, self.case.days, self.case.scenario)
        count = max(len(figures) for figures in drawn.values())
        figures = [{name: float(those[draw]) for name, those in drawn.items()} for draw in range(count)]
        found = bracketed(base, [self._winter(base, one) for one in figures])
        unserved: Figures = found.unserved[:, list(self.places)]
        return unserved

    def course(self) -> Course:
        """Unserved demand by day, of the daily plan at the likely figures."""
        plan = planned(self.case)
        loss = plan.unserved.sum(axis=0)[list(self.places)].T
        return Course(np.arange(len(self.case.days) + 1, dtype=np.float64), loss)

    def _winter(self, network: Network, figures: Mapping[str, float]) -> Winter:
        case = self.case
        number = int(figures[WINTER])
        found = as_listed(network)
        if number != WHICH.likely:
            found = drawn_winter(network, variation(network, case.scenario), np.random.default_rng(number))
        found = replace(found, demand=found.demand * (1 - figures["saving"]))
        for place, shock in enumerate(case.scenario.shock, start=1):
            if shock in case.scenario.on_network() and isinstance(shock.lost, Spread):
                found = struck_winter(found, network, case.days, shock, figures[f"shock.{place}.lost"])
        return found


def network(asked: Asked) -> OnNetwork:
    """Set the lens up. RequestError where the scenario names no network, or none of its nodes is asked for."""
    scenario = asked.scenario
    if not scenario.network:
        raise RequestError(f"scenario {scenario.name} names no network.")
    case = set_up_scenario(scenario)
    everywhere = asked.importer.casefold() == WORLD  # nodes of an exercise need not be countries
    wanted = case.scope if everywhere else asked.members
    places = tuple(place for place, node in enumerate(case.network.nodes) if node in wanted)
    if not places:
        raise RequestError(f"{case.network.name} has no node of {asked.importer}.")
    ranges = {"saving": in_range(SAVING, scenario.response.saving)}
    for place, shock in enumerate(scenario.shock, start=1):
        if shock in scenario.on_network():
            ranges[f"shock.{place}.lost"] = lost_range(shock)
    return OnNetwork(case, places, MappingProxyType({**ranges, WINTER: WHICH}))
