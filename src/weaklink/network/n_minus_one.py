"""Could a peak day be met without the single largest infrastructure? The N-1 formula of Regulation (EU) 2017/1938.

    N-1 = (EP + P + S + LNG - I) / (D - D_eff) · 100 %          Article 5 and Annex II; at least 100 %

EP is the capacity of the border entry points, P production, S withdrawal from storage, LNG send-out of terminals, I the
single largest infrastructure of these, D the demand of a peak day as it occurs once in twenty years, D_eff what
market-based measures take off it (Annex II, point 4; from memory). It is a test of capacities on one day: an empty pipe
counts in full, and two neighbours may each count the pipe between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from weaklink.network.model import Entry, Network, Storage, asset_of
from weaklink.network.problems import listed

Lost: TypeAlias = Literal["infrastructure", "supplier"]


@dataclass(frozen=True, slots=True)
class NMinusOne:
    """The terms of the formula for one area, in the network's unit per day, and its value in per cent.

    `lost` names the largest infrastructure, or the largest supplier, that is taken away; empty where there is none.
    `value` is not-a-number without demand.
    """

    border: float
    production: float
    storage: float
    terminals: float
    lost: str
    lost_capacity: float
    peak_demand: float
    saving: float

    @property
    def value(self) -> float:
        """The formula's value in per cent: 100 or more passes."""
        demand = self.peak_demand - self.saving
        supply = self.border + self.production + self.storage + self.terminals - self.lost_capacity
        return 100 * supply / demand if demand > 0 else float("nan")


def n_minus_one(
    network: Network,
    area: frozenset[str],
    *,
    storage_share: float = 1.0,
    saving: float = 0.0,
    lost: Lost = "infrastructure",
    peak_demand: float | None = None,
) -> NMinusOne:
    """The N-1 formula for an area, a set of nodes: one country, or a region that acts together.

    `storage_share` is the level at which withdrawal is counted; the Regulation asks for 0.3 and 1.0. `saving` is
    demand that market-based measures take off the peak, per day. `lost="supplier"` takes away all entries of the
    largest source instead of the largest asset. `peak_demand` is the demand of the day that occurs once in twenty
    years; left out, the highest day of the horizon stands for it. Capacities are the highest of the horizon.

    >>> from weaklink.network.model import Link
    >>> network = Network("n", "gas", "GWh", ("all",), ("A", "B"), np.full((1, 2, 2), 10.0),
    ...     links=(Link("A-B", "A", "B", 6.0),), entries=(Entry("well", "B", 3.0), Entry("sea", "A", 40.0)))
    >>> found = n_minus_one(network, frozenset({"B"}))
    >>> found.lost, found.value
    ('A-B', 30.0)
    """
    unknown = sorted(area - set(network.nodes))
    if unknown:
        raise ValueError(f"no node {listed(unknown)}; known are {listed(network.nodes)}")
    parts = capacities(network, area, storage_share)
    terms = {kind: sum(one.rate for one in parts if one.kind == kind) for kind in KINDS}
    name, capacity = _largest(parts, lost)
    if peak_demand is None:
        inside = [network.nodes.index(node) for node in sorted(area)]
        peak_demand = float(network.demand.sum(axis=0)[inside].sum(axis=0).max())
    return NMinusOne(
        border=terms["border"],
        production=terms["production"],
        storage=terms["storage"],
        terminals=terms["terminal"],
        lost=name,
        lost_capacity=capacity,
        peak_demand=peak_demand,
        saving=saving,
    )


KINDS = ("border", "production", "storage", "terminal")


@dataclass(frozen=True, slots=True)
class Part:
    """One capacity into the area.

    `supplier` is the source that it carries, empty for none or many; `neighbour` the node that a link comes from.
    """

    kind: str
    asset: str
    supplier: str
    rate: float
    neighbour: str = ""


def capacities(network: Network, area: frozenset[str], storage_share: float) -> list[Part]:
    """All capacities into an area on its best day, stores at a level: the terms of the formula, one by one."""
    found = [_entry(entry) for entry in network.entries if entry.node in area]
    found += [
        Part("storage", asset_of(storage), "", _deliverable(storage, storage_share))
        for storage in network.storages
        if storage.node in area and storage.kind == "storage"
    ]
    for link in network.links:
        if (link.origin in area) != (link.destination in area):
            inward = link.destination in area
            rate, neighbour = (link.forward, link.origin) if inward else (link.backward, link.destination)
            found.append(Part("border", asset_of(link), "", float(np.max(rate)), neighbour))
    return found


def _entry(entry: Entry) -> Part:
    return Part(entry.kind, asset_of(entry), entry.source or "", float(np.max(entry.capacity)))


def _deliverable(storage: Storage, level: float) -> float:
    """Withdrawal of a day at a level, no more than what is in store."""
    most = float(np.max(storage.availability))
    return min(most * storage.withdrawal.at(level), level * storage.volume)


def _largest(parts: list[Part], lost: Lost) -> tuple[str, float]:
    sums: dict[str, float] = {}
    for one in parts:
        name = one.asset if lost == "infrastructure" else one.supplier
        if name:
            sums[name] = sums.get(name, 0.0) + one.rate
    if not sums:
        return "", 0.0
    name = max(sorted(sums), key=sums.__getitem__)
    return name, sums[name]
