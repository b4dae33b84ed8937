"""What does a scenario do to a network, country by country and day by day?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import numpy as np

from weaklink.columns import TableSchema
from weaklink.errors import RequestError
from weaklink.network.dispatch import Dispatch, Sharing, dispatch
from weaklink.network.model import Figures, Network
from weaklink.network.rolling import rolling
from weaklink.provenance import Card, Provenance
from weaklink.result import Result, tabulated
from weaklink.scenario.library import chosen
from weaklink.scenario.model import Scenario
from weaklink.scenario.on_network import shocked
from weaklink.sources.network_folder import NetworkFolder
from weaklink.study.networks import WORLD, folder, members
from weaklink.study.stress_draws import Winters, played
from weaklink.tables.network import slug, stress, stress_days, stress_flows
from weaklink.version import VERSION

SHORT = 1e-3  # share of a day's demand above which a day counts as one with unserved demand


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario set up: the network it happens to, before and after, and the nodes that it is asked for."""

    scenario: Scenario
    folder: NetworkFolder
    network: Network
    scope: tuple[str, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The days of the horizon."""
        return self.folder.about.days

    @property
    def unit(self) -> str:
        """The unit of amounts."""
        return self.folder.about.unit

    def label(self, node: str) -> str:
        """The name of a node for people."""
        return self.folder.labels[node]

    def inside(self) -> Figures:
        """1 for nodes in scope, 0 for others."""
        return np.array([float(node in self.scope) for node in self.network.nodes])


@dataclass(frozen=True, slots=True)
class Stress:
    """The answer: a row for each node, for each day, for each link; and drawn winters where they were asked."""

    case: Case
    plan: Dispatch
    countries: Result
    days: Result
    flows: Result
    winters: Winters | None


def stressed(
    name: str,
    sharing: str = "",
    draws: int = 0,
    seed: int = 0,
    *,
    horizon: str = "",
    workers: int = 1,
    importer: str = "",
) -> Stress:
    """Play a scenario on its network; by name in the library, or the path of a file.

    `importer` takes the place of its `who`: for whom it is asked.

    `sharing` replaces that of the file: equal or own-first; `horizon` likewise: foresight, or rolling, where planners
    see two weeks ahead and plan anew every week. With `draws`, as many winters are drawn from the
    ranges of the file, from `seed`, by `workers` processes, and the columns on drawn winters are filled.

    The rows are in the order of curtailment. Raises RequestError for unknown names, SourceError for a file with
    problems, NetworkError for a network that contradicts itself.
    """
    scenario = chosen(name)
    if importer:
        scenario = scenario.model_copy(update={"who": importer})
    return of_case(set_up_scenario(scenario, sharing, horizon), draws, seed, workers)


def of_case(case: Case, draws: int = 0, seed: int = 0, workers: int = 1) -> Stress:
    """The same for a case that is set up; its network may be another one than the scenario makes."""
    plan = planned(case)
    winters = played(case.folder.network, case.days, case.scenario, draws, seed, workers) if draws else None
    caveats, provenance = _caveats(case, plan, winters), _provenance(case, draws, seed)

    def answer(schema: TableSchema, rows: list[dict[str, Any]]) -> Result:
        return Result(schema, tabulated(schema, rows), caveats, provenance)

    rows = sorted(_countries(case, plan, winters), key=_rank)
    return Stress(
        case,
        plan,
        answer(stress(case.unit), rows),
        answer(stress_days(case.unit), list(_days(case, plan))),
        answer(stress_flows(case.unit), list(_flows(case, plan))),
        winters,
    )


def planned(case: Case) -> Dispatch:
    """The plan that the scenario's response makes: its rule of sharing, urgency and foresight."""
    response = case.scenario.response
    if response.horizon == "rolling":
        return rolling(case.network, sharing=cast(Sharing, response.sharing), urgent=response.protect)
    return dispatch(case.network, cast(Sharing, response.sharing), urgent=response.protect)


def set_up(name: str, sharing: str = "", horizon: str = "") -> Case:
    """Find scenario and network, and strike the network."""
    return set_up_scenario(chosen(name), sharing, horizon)


def set_up_scenario(scenario: Scenario, sharing: str = "", horizon: str = "") -> Case:
    """The same for a scenario that has been read."""
    if not scenario.network:
        raise RequestError(f"scenario {scenario.name} names no network; ask another lens with --lens.")
    asked = {key: word for key, word in (("sharing", sharing), ("horizon", horizon)) if word}
    if asked:
        response = scenario.response.model_copy(update=asked)
        scenario = scenario.model_copy(update={"response": response})
    found = folder(scenario.network, scenario.demand)
    network = shocked(found.network, found.about.days, scenario)
    return Case(scenario, found, network, members(found, scenario.who))


def _countries(case: Case, plan: Dispatch, winters: Winters | None) -> Iterator[dict[str, Any]]:
    network, unit = case.network, slug(case.unit)
    demand, unserved = network.demand_by_node, plan.unserved_by_node
    daily = np.nan_to_num(plan.daily_rate)
    level = plan.storage_share()
    for place, node in enumerate(network.nodes):
        if not demand[place]:
            continue
        short = np.flatnonzero(daily[place] > SHORT)
        worst = int(np.argmax(daily[place]))
        yield {
            "country": node,
            "label": case.label(node),
            "in_scope": "yes" if node in case.scope else "no",
            f"demand_{unit}": demand[place],
            f"unserved_{unit}": unserved[place],
            "curtailment_rate": unserved[place] / demand[place],
            f"protected_unserved_{unit}": plan.unserved_by_class[0, place],
            "worst_day_rate": daily[place, worst],
            "worst_day": case.days[worst].isoformat() if short.size else "",
            "first_day": case.days[short[0]].isoformat() if short.size else "",
            "days_unserved": len(short),
            "min_storage_share": level[place].min(),
            "end_storage_share": level[place, -1],
            **(winters.of_node(place) if winters else dict.fromkeys(Winters.COLUMNS)),
        }


def _rank(row: dict[str, Any]) -> tuple[bool, float, str]:
    return row["in_scope"] == "no", -row["curtailment_rate"], row["country"]


def _days(case: Case, plan: Dispatch) -> Iterator[dict[str, Any]]:
    network, unit = case.network, slug(case.unit)
    demand, unserved = network.demand.sum(axis=0), plan.unserved.sum(axis=0)
    stock, level = stock_by_node(plan), plan.storage_share()
    for place, node in enumerate(network.nodes):
        for period, day in enumerate(case.days):
            yield {
                "day": day.isoformat(),
                "country": node,
                f"demand_{unit}": demand[place, period],
                f"unserved_{unit}": unserved[place, period],
                f"stored_{unit}": stock[place, period],
                "storage_share": level[place, period],
            }


def stock_by_node(plan: Dispatch) -> Figures:
    """What the stores of each node hold at the end of each period."""
    stock = np.zeros(plan.network.demand.shape[1:])
    for storage, level in zip(plan.network.storages, plan.stock, strict=True):
        if storage.kind == "storage":
            stock[plan.network.nodes.index(storage.node)] += level
    return stock


def _flows(case: Case, plan: Dispatch) -> Iterator[dict[str, Any]]:
    network, unit = case.network, slug(case.unit)
    for link, flow in zip(network.links, plan.net_flow.sum(axis=1), strict=True):
        capacity = network.series(link.forward if flow >= 0 else link.backward).sum()
        yield {
            "name": link.name,
            "kind": "link",
            "origin": link.origin if flow >= 0 else link.destination,
            "destination": link.destination if flow >= 0 else link.origin,
            f"flow_{unit}": abs(flow),
            "used": abs(flow) / capacity if capacity else np.nan,
        }
    for entry, flow in zip(network.entries, plan.entry.sum(axis=1), strict=True):
        capacity = network.series(entry.capacity).sum()
        yield {
            "name": entry.name,
            "kind": entry.kind,
            "origin": entry.source or "",
            "destination": entry.node,
            f"flow_{unit}": flow,
            "used": flow / capacity if capacity else np.nan,
        }


def share_unserved(case: Case, plan: Dispatch) -> float:
    """Unserved demand over demand of all nodes in scope together."""
    inside = case.inside()
    return float(inside @ plan.unserved_by_node) / float(inside @ case.network.demand_by_node)


def storage_path(case: Case, plan: Dispatch) -> Figures:
    """Level of all stores in scope together at the end of each day, as a share of their volume."""
    stores = [storage.kind == "storage" and storage.node in case.scope for storage in case.network.storages]
    volume = sum(one.volume for one, kept in zip(case.network.storages, stores, strict=True) if kept)
    if not volume:
        return np.full(case.network.periods, np.nan)
    found: Figures = plan.stock[np.array(stores)].sum(axis=0) / volume
    return found


def _caveats(case: Case, plan: Dispatch, winters: Winters | None) -> tuple[str, ...]:
    inside, unit = case.inside(), case.unit
    unserved, demand = float(inside @ plan.unserved_by_node), float(inside @ case.network.demand_by_node)
    said = [
        f"{_whole(case)} together: {unserved:,.0f} of {demand:,.0f} {unit} unserved "
        f"({unserved / demand:.1%}); {_foresight(case, plan)}.",
        "Flows and the split between stores are one plan of many with the same unserved demand; the totals are not.",
    ]
    if case.scenario.response.sharing == "equal":
        said.append(
            "Shortage is shared by a penalty in steps of one percentage point (to 30 %), so that rates of equal "
            "countries may differ by up to a point."
        )
    if winters is not None:
        said += winters.sentences(unit)
    return (*said, *case.folder.about.caveats)


def _whole(case: Case) -> str:
    return "All nodes" if case.scenario.who.casefold() == WORLD else case.scenario.who


def _foresight(case: Case, plan: Dispatch) -> str:
    """What planners know, and what that is worth."""
    if case.scenario.response.horizon == "foresight":
        return "the plan knows the whole horizon in advance, as no planner does"
    least = dispatch(case.network).total_unserved
    return (
        f"planners see two weeks ahead; knowing all in advance, {plan.total_unserved - least:,.0f} {case.unit} less "
        "would go unserved at all nodes together"
    )


def _provenance(case: Case, draws: int, seed: int) -> Provenance:
    scenario = case.scenario
    card = Card(
        name=scenario.name,
        what=scenario.title,
        source=scenario.source,
        licence="as its file",
        vintage=case.folder.about.vintage,
        sha256="",
        derived_by="a scenario file",
    )
    parameters = {
        "scenario": scenario.name,
        "network": scenario.network,
        "demand": scenario.demand or "demand",
        "sharing": scenario.response.sharing,
        "horizon": scenario.response.horizon,
        "draws": str(draws),
        "seed": str(seed),
    }
    return Provenance((case.folder.card(), card), VERSION, parameters, {scenario.who: case.scope})
