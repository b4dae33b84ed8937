"""Which countries of a region stand a day without a corridor that feeds several of them?"""

from __future__ import annotations

from collections.abc import Sequence

from weaklink.errors import RequestError
from weaklink.nearest import nearest
from weaklink.network.model import asset_of
from weaklink.network.regional import regional_n_minus_one
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.sources.network_folder import NetworkFolder
from weaklink.study.networks import WORLD, folder, members
from weaklink.tables.network import regional_n_minus_1, slug
from weaklink.version import VERSION


def regional(name: str, corridor: Sequence[str], who: str = WORLD, demand: str = "") -> Result:
    """The regional N-1 of each country of a region, the lowest first; columns in `weaklink.tables.REGIONAL_N_MINUS_1`.

    `corridor` names assets, suppliers (all their entries) or nodes (all their links). `who` is the region as a bloc
    expression.
    Raises RequestError for unknown names.

    >>> rows = regional("generators-exercise", ["Local refinery"]).records()
    >>> all(row["passed_on"] <= row["n_minus_1"] + 1e-9 for row in rows)
    True
    """
    found = folder(name, demand)
    region, lost = members(found, who), _assets(found, corridor)
    unit = slug(f"{found.about.unit}/day")
    rows = [
        {
            "country": one.node,
            "label": found.labels[one.node],
            f"peak_{unit}": one.peak_demand,
            f"borders_{unit}": one.borders,
            f"production_{unit}": one.production,
            f"storage_{unit}": one.storage,
            f"terminals_{unit}": one.terminals,
            f"lost_{unit}": one.lost_capacity,
            "n_minus_1": one.value / 100,
            "passed_on": one.passed_on / 100,
        }
        for one in regional_n_minus_one(found.network, region, lost)
        if one.peak_demand
    ]
    rows.sort(key=lambda row: (row["passed_on"], row["country"]))
    caveats = (
        f"The corridor is {', '.join(sorted(lost))}. The region is {who}; other countries deliver what pipes carry.",
        "The peak is the highest day of a smooth course of demand, not the day in twenty years: figures are higher "
        "than those of national plans. Stores are full, and pipes count even if nothing comes to them from outside.",
        *found.about.caveats,
    )
    parameters = {"network": name, "demand": demand, "corridor": ", ".join(corridor), "who": who}
    schema = regional_n_minus_1(found.about.unit)
    provenance = Provenance((found.card(),), VERSION, parameters, {who: region})
    return Result(schema, tabulated(schema, rows), caveats, provenance)


def _assets(found: NetworkFolder, names: Sequence[str]) -> frozenset[str]:
    """The assets of a corridor: those that are named, and all that comes from a supplier or joins a node."""
    network, lost = found.network, set[str]()
    known = {
        **{asset: {asset} for asset in network.assets},
        **{
            node: {asset_of(one) for one in network.links if node in (one.origin, one.destination)}
            for node in network.nodes
        },
        **{
            source.name: {asset_of(one) for one in network.entries if one.source == source.name}
            for source in network.sources
        },
    }
    for name in names:
        if name not in known:
            meant = nearest(name, known)
            hint = "" if meant is None else f" Did you mean {meant!r}?"
            raise RequestError(
                f"no asset, supplier or node {name!r} in {found.about.name}.{hint} `weaklink network list "
                f"{found.about.name}` names them."
            )
        lost |= known[name]
    return frozenset(lost)
