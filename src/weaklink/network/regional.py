"""Which countries of a region stand a day without a corridor that feeds several of them? The regional N-1 of the GRIPs.

    N-1 = (Σ E_CB,i (i = 2..n) + E_UGS + E_P + E_LNG) / X_DOM · 100 %       Gas Regional Investment Plan CEE, 2017

E_CB,i are entries over borders after the lesser of the capacities at both sides (`lesser_of`), without the corridor
i = 1; E_UGS is withdrawal from storage, E_P production, X_DOM demand of a peak day. The plan has no term for terminals;
ours has, as they are entries like others. An entry counts in full in it, even if nothing is left behind it. So a second
figure stands beside, as the plan limits entries to what the neighbour upstream can pass on: what reaches a country
when all serve themselves first and pass on their surplus. It must be at 100 everywhere for the region to be safe.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from weaklink import lp
from weaklink.network.model import Entry, Link, Network, asset_of
from weaklink.network.n_minus_one import KINDS, Part, capacities
from weaklink.network.problems import listed
from weaklink.network.programme import programme


@dataclass(frozen=True, slots=True)
class RegionalNMinusOne:
    """The terms of the formula for one country, in the network's unit per day, and its two values in per cent.

    `lost_capacity` is what the corridor brings to this country; `borders` and the others are without it. `reaching`
    is what the country gets, and above its demand what more it could get with nobody else going short for it.
    """

    node: str
    borders: float
    production: float
    storage: float
    terminals: float
    lost_capacity: float
    reaching: float
    peak_demand: float

    @property
    def value(self) -> float:
        """The formula's value in per cent, every entry counted in full; not-a-number without demand."""
        return self._per_cent(self.borders + self.production + self.storage + self.terminals)

    @property
    def passed_on(self) -> float:
        """The same in per cent where neighbours pass on their surplus only; never above `value`."""
        return self._per_cent(self.reaching)

    def _per_cent(self, supply: float) -> float:
        return 100 * supply / self.peak_demand if self.peak_demand > 0 else float("nan")


def lesser_of(here: Iterable[Link], there: Iterable[Link]) -> tuple[Link, ...]:
    """Connections with the lesser of the capacities that the operators at both sides publish, each way.

    Links are matched by name, and must have the same ends. What only one side publishes stays as it is.

    >>> one = lesser_of([Link("point", "A", "B", 9.0, 5.0)], [Link("point", "A", "B", 7.0, 6.0)])[0]
    >>> float(one.forward), float(one.backward)
    (7.0, 5.0)
    """
    found = {link.name: link for link in here}
    for link in there:
        other = found.get(link.name, link)
        if (other.origin, other.destination) != (link.origin, link.destination):
            raise ValueError(
                f"link {link.name!r} is from {other.origin} to {other.destination} at one side and from {link.origin} "
                f"to {link.destination} at the other; expected the same ends"
            )
        found[link.name] = replace(
            other,
            forward=np.minimum(other.forward, link.forward),
            backward=np.minimum(other.backward, link.backward),
        )
    return tuple(found.values())


def regional_n_minus_one(
    network: Network,
    region: Sequence[str],
    corridor: Iterable[str],
    *,
    storage_share: float = 1.0,
    peak_demand: Mapping[str, float] | None = None,
) -> tuple[RegionalNMinusOne, ...]:
    """Both figures for each node of a region, in its order, when the assets of a corridor fail together.

    Nodes outside the region deliver to it whatever their links carry. `peak_demand` is demand of a day as it occurs
    once in twenty years, by node; left out, the highest day of the horizon stands for it, each node's own. Capacities
    are the highest of the horizon, stores at `storage_share` of their level. Raises ValueError for unknown names.

    >>> demand = np.full((1, 3, 1), 10.0)
    >>> network = Network("n", "gas", "GWh", ("all",), ("A", "B", "C"), demand,
    ...     links=(Link("A-B", "A", "B", 30.0), Link("B-C", "B", "C", 20.0)),
    ...     entries=(Entry("corridor", "A", 50.0), Entry("well", "A", 18.0)))
    >>> for one in regional_n_minus_one(network, ("A", "B", "C"), ["corridor"]):
    ...     print(one.node, one.value, round(one.passed_on, 6))
    A 180.0 100.0
    B 300.0 80.0
    C 200.0 0.0
    """
    lost = frozenset(corridor)
    _known("node", region, network.nodes)
    _known("asset", lost, network.assets)
    peaks = _peaks(network, region) if peak_demand is None else peak_demand
    own = {node: capacities(network, frozenset({node}), storage_share) for node in region}
    left = {node: [one for one in parts if one.asset not in lost] for node, parts in own.items()}
    day = _day(network, left, lost)
    found = []
    for node in region:
        terms = {kind: sum(one.rate for one in left[node] if one.kind == kind) for kind in KINDS}
        found.append(
            RegionalNMinusOne(
                node=node,
                borders=terms["border"],
                production=terms["production"],
                storage=terms["storage"],
                terminals=terms["terminal"],
                lost_capacity=sum(one.rate for one in own[node] if one.asset in lost),
                reaching=_reaching(day, node, peaks, most=sum(terms.values())),
                peak_demand=float(peaks[node]),
            )
        )
    return tuple(found)


def _known(what: str, names: Iterable[str], known: Sequence[str]) -> None:
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise ValueError(f"no {what} {listed(unknown)}; known are {listed(known)}")


def _peaks(network: Network, region: Sequence[str]) -> dict[str, float]:
    highest = network.demand.sum(axis=0).max(axis=1)
    return {node: float(highest[network.nodes.index(node)]) for node in region}


def _day(network: Network, left: Mapping[str, Sequence[Part]], lost: frozenset[str]) -> Network:
    """One day of the region: the links inside it that are left, and all else that feeds a node as one entry."""
    region = tuple(left)
    links = [
        replace(link, forward=float(np.max(link.forward)), backward=float(np.max(link.backward)))
        for link in network.links
        if {link.origin, link.destination} <= set(region) and asset_of(link) not in lost
    ]
    entries = [
        Entry(f"all that feeds {node}", node, sum(one.rate for one in parts if one.neighbour not in region))
        for node, parts in left.items()
    ]
    return Network(
        name=f"a day of {network.name}",
        commodity=network.commodity,
        unit=network.unit,
        classes=("needed", "more"),
        nodes=region,
        demand=np.zeros((2, len(region), 1)),
        links=tuple(links),
        entries=tuple(entries),
    )


def _reaching(day: Network, node: str, peaks: Mapping[str, float], most: float) -> float:
    """What comes to a node that would take all there is, after everybody's need; whoever needs it keeps it."""
    demand = np.zeros_like(day.demand)
    place = day.nodes.index(node)
    demand[0, :, 0] = [peaks[other] for other in day.nodes]
    demand[1, place, 0] = most
    made = programme(replace(day, demand=demand), own_first=True, urgent=True)
    unserved = lp.solve(made.program).x[made.unserved[:, place, 0]]
    return float(np.clip(demand[:, place, 0] - unserved, 0.0, None).sum())
