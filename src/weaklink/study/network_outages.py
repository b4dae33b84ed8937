"""Which part of a network must not fail? Single outages ranked, the worst together, and the N-1 standard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from weaklink.columns import TableSchema
from weaklink.errors import RequestError
from weaklink.network.aggregate import aggregated, weeks
from weaklink.network.dispatch import Dispatch
from weaklink.network.model import Network, asset_of
from weaklink.network.n_minus_one import n_minus_one
from weaklink.network.outages import Outage, OutageSolver, single_outages
from weaklink.network.worst import worst_outages as worst_of
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.sources.network_folder import NetworkFolder
from weaklink.study.networks import folder
from weaklink.study.stress import Case, set_up
from weaklink.tables.network import n_minus_1, outages, slug
from weaklink.version import VERSION

SITES = (
    10  # into which the stores of a country are thought to be split, for its single largest infrastructure
)
LOW_STORAGE = (
    0.3  # Article 7(4) of Regulation (EU) 2017/1938: the formula at 30 % and at 100 % of working volume
)


def ranked(case: Case, plan: Dispatch, most: int = 40) -> Result:
    """The outages of the `most` assets that a plan uses most, one by one by the week, the worst first.

    What an outage adds is at most what passes through the asset, so that assets of little use add little.
    """
    used = _use(case.network, plan)
    assets = sorted(used, key=lambda asset: (-used[asset], asset))[:most]
    weekly = aggregated(case.network, weeks(case.network))
    found = single_outages(weekly, assets)
    rest = max((used[asset] for asset in used.keys() - set(assets)), default=0.0)
    caveats = (
        f"The {len(assets)} assets that the plan uses most were taken out one by one; of the others none can add "
        f"more than {rest:,.0f} {case.unit}, what passes through it.",
        "Weeks are taken as one step, which understates a little; `weaklink network worst` solves every day.",
        *case.folder.about.caveats,
    )
    return _outages(weekly, case.folder, found, caveats, {"scenario": case.scenario.name})


def worst_outages(name: str, size: int, demand: str = "", scenario: str = "") -> Result:
    """Single outages of a network ranked (`size` 1), or the worst two or three assets together, with proof.

    The network is that of its sheets, or as a scenario on it leaves it. Columns in `weaklink.tables.OUTAGES`.
    Raises RequestError for unknown names and for a scenario on another network.

    >>> answer = worst_outages("generators-exercise", 2)
    >>> answer.records()[0]["assets"]
    'Convoys of the alliance + Local refinery'
    """
    it = asked(name, demand, scenario)
    parameters = {"network": name, "outages": str(size), "demand": demand, "scenario": scenario}
    if size == 1:
        found = single_outages(it.network)
        return _outages(it.network, it.folder, found, it.folder.about.caveats, parameters)
    worst = worst_of(it.network, size)
    proof = (
        f"No {size} assets leave more than {worst.bound:,.1f} {it.folder.about.unit} unserved together: "
        f"{worst.solved:,} programmes were solved, the bounds of the others of {worst.sets:,} sets rule them out."
    )
    if not worst.proven:
        proof = f"NOT PROVEN: the search was stopped; the bound is {worst.bound:,.1f}. {proof}"
    return _outages(it.network, it.folder, [worst.outage], (proof, *it.folder.about.caveats), parameters)


@dataclass(frozen=True, slots=True)
class Asked:
    """A network as asked, with the folder that it is from."""

    network: Network
    folder: NetworkFolder


def asked(name: str, demand: str, scenario: str) -> Asked:
    """The network of a name with a course of demand, or as a scenario on it leaves it."""
    if not scenario:
        found = folder(name, demand)
        return Asked(found.network, found)
    case = set_up(scenario)
    if case.scenario.network != name:
        raise RequestError(
            f"scenario {scenario!r} is on the network {case.scenario.network!r}, not on {name!r}. Name that network."
        )
    return Asked(case.network, case.folder)


def _use(network: Network, plan: Dispatch) -> dict[str, float]:
    """What passes through each asset over the horizon."""
    used: dict[str, float] = dict.fromkeys(network.assets, 0.0)
    for link, forward, backward in zip(network.links, plan.forward, plan.backward, strict=True):
        used[asset_of(link)] += float((forward + backward) @ network.durations)
    for entry, rate in zip(network.entries, plan.entry, strict=True):
        used[asset_of(entry)] += float(rate @ network.durations)
    for storage, out, into in zip(network.storages, plan.withdrawal, plan.injection, strict=True):
        used[asset_of(storage)] += float((out + into) @ network.durations)
    return used


def _outages(
    network: Network,
    found: NetworkFolder,
    those: Iterable[Outage],
    caveats: Sequence[str],
    parameters: dict[str, str],
) -> Result:
    listed = list(those)
    unit, before = slug(found.about.unit), _whole(network)
    rows = [
        {
            "rank": place,
            "assets": " + ".join(one.assets),
            f"unserved_{unit}": one.unserved,
            f"added_{unit}": one.extra,
            "hit_most": network.nodes[int(np.argmax(one.by_node - before))] if one.extra > 1e-6 else "",
            "proof": "solved to optimality" if one.solved else "bounds that meet: a plan and prices",
        }
        for place, one in enumerate(listed, start=1)
    ]
    return _result(outages(found.about.unit), rows, found, tuple(caveats), parameters)


def _whole(network: Network) -> np.ndarray[Any, np.dtype[np.float64]]:
    solver = OutageSolver(network)
    return solver.unserved(solver.whole)


def standard(name: str, demand: str = "", demand_side: float = 0.0) -> Result:
    """The N-1 figures of each country of a network, the lowest first; columns in `weaklink.tables.N_MINUS_1`.

    `demand_side` is the share of the peak that market-based measures can take off. The peak is the highest day
    of the course of demand, which is milder than the day in twenty years that the Regulation asks for.
    """
    found = folder(name, demand)
    rows = [
        _standard(found, node, demand_side)
        for place, node in enumerate(found.network.nodes)
        if found.network.demand[:, place].any()
    ]
    caveats = (
        "The peak is the highest day of a smooth course of demand, not the day in twenty years that the "
        "Regulation asks for: figures are higher than those of national risk assessments.",
        f"Stores of a country stand in one row; they are taken as {SITES} equal sites, so that a store is hardly ever "
        "the largest infrastructure.",
        "N-1 is a test of capacities on one day: an empty pipe counts in full, and two neighbours may each count "
        "the pipe between them.",
        *found.about.caveats,
    )
    rows.sort(key=lambda row: (row["n_minus_1"], row["country"]))
    parameters = {"network": name, "demand": demand, "demand_side": f"{demand_side:g}"}
    return _result(n_minus_1(found.about.unit), rows, found, caveats, parameters)


def _standard(found: NetworkFolder, node: str, demand_side: float) -> dict[str, Any]:
    network, area = _by_site(found.network), frozenset({node})
    unit = slug(f"{found.about.unit}/day")
    full = n_minus_one(network, area)
    low = n_minus_one(network, area, storage_share=LOW_STORAGE)
    less = n_minus_one(network, area, saving=demand_side * full.peak_demand)
    supplier = n_minus_one(network, area, lost="supplier")
    return {
        "country": node,
        "label": found.labels[node],
        f"peak_{unit}": full.peak_demand,
        f"borders_{unit}": full.border,
        f"production_{unit}": full.production,
        f"storage_{unit}": full.storage,
        f"terminals_{unit}": full.terminals,
        "largest": full.lost,
        f"largest_capacity_{unit}": full.lost_capacity,
        "n_minus_1": full.value / 100,
        "n_minus_1_low_storage": low.value / 100,
        "n_minus_1_demand_side": less.value / 100,
        "largest_supplier": supplier.lost,
        "n_minus_supplier": supplier.value / 100,
    }


def _by_site(network: Network) -> Network:
    """Stores of a country, which are one row of the sheets, as equal sites that do not fail together."""
    parts = [
        replace(
            one,
            name=f"{one.name}, site {site}",
            asset="",
            volume=one.volume / SITES,
            start=one.start / SITES,
            minimum_end=one.minimum_end / SITES,
            withdrawal=one.withdrawal.scaled(1 / SITES),
            injection=one.injection.scaled(1 / SITES),
        )
        for one in network.storages
        for site in range(1, SITES + 1)
    ]
    return replace(network, storages=tuple(parts))


def _result(
    schema: TableSchema,
    rows: Sequence[dict[str, Any]],
    found: NetworkFolder,
    caveats: tuple[str, ...],
    parameters: dict[str, str],
) -> Result:
    provenance = Provenance((found.card(),), VERSION, parameters)
    return Result(schema, tabulated(schema, rows), caveats, provenance)
