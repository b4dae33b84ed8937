"""What do measures do to a supply network, and what is then lost in a winter?

The same function makes the network that is optimised over and the one that is simulated, so that a mix promised to be
enough can be replayed. A measure moves capacities, volumes and demand only: nothing else of the network changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, TypeAlias

import numpy as np

from weaklink import lp
from weaklink.errors import NetworkError
from weaklink.mitigation.options import Figures
from weaklink.mitigation.recourse import Bench, LinearRecourse, moved_alike, moved_by
from weaklink.network.aggregate import aggregated, mean
from weaklink.network.model import Entry, Link, Network, Rates, asset_of
from weaklink.network.programme import Places, Programme, programme
from weaklink.network.winters import Winter, as_listed

Change: TypeAlias = Literal["asset", "saving", "supply", "fill"]
Done: TypeAlias = Mapping[str, Sequence[tuple[Figures, float]]]  # by place: in which periods, how much


@dataclass(frozen=True, slots=True)
class Action:
    """What a unit of an option changes, and where.

    asset    a share of an asset that is listed but not there: 1 builds all of it
    saving   demand of a node over the horizon, in the network's unit, in proportion to its course
    supply   volume of a source over the horizon, in the network's unit, the same every day
    fill     amount in the stores of a node on the first morning, in the network's unit

    Nothing is changed before the period `first`: that long it takes until the measure works (a fill cannot wait).
    """

    change: Change
    place: str
    first: int = 0


def acted(network: Network, whole: Network, actions: Sequence[Action], amounts: Figures) -> Network:
    """The network with an amount of each action. `whole` is the network with every asset in place.

    Raises NetworkError where the network has no such asset, node or source, or no room in its stores.

    >>> network = Network(
    ...     "n", "gas", "GWh", ("all",), ("A",), np.full((1, 1, 2), 10.0), entries=(Entry("w", "A", 4.0),))
    >>> less = acted(network, network, [Action("saving", "A")], np.array([5.0]))
    >>> less.demand.ravel().tolist()
    [7.5, 7.5]
    """
    _check(network, actions)
    for change, act in _CHANGES.items():
        done: dict[str, list[tuple[Figures, float]]] = {}
        for action, amount in zip(actions, amounts.tolist(), strict=True):
            if action.change == change and amount:
                works = (np.arange(network.periods) >= action.first).astype(np.float64)
                done.setdefault(action.place, []).append((works, amount))
        if done:
            network = act(network, whole, done)
    return network


def in_winter(network: Network, winter: Winter) -> Network:
    """The network with the demand, the volumes and the outages of a winter."""
    service = dict(zip(network.assets, winter.service, strict=True))
    return replace(
        _without_stores(network, winter),
        storages=tuple(
            replace(one, availability=service[asset_of(one)] * network.series(one.availability))
            for one in network.storages
        ),
    )


def winter_with(
    network: Network, whole: Network, actions: Sequence[Action], amounts: Figures, winter: Winter
) -> Winter:
    """A winter in which the measures work: for the network that `acted` makes, and any simulator of winters."""
    there = acted(_without_stores(network, winter), _without_stores(whole, winter), actions, amounts)
    daily = np.array([there.series(source.daily) for source in there.sources])
    return Winter(there.demand, daily.reshape(-1, network.periods), winter.service)


def lost_in(network: Network, counted: Figures) -> lp.Program:
    """The programme of the least loss: `counted` (classes, nodes) says how much a unit unserved counts there."""
    return _lost_in(programme(network, tie_break=0.0), counted)


def winter_recourses(
    network: Network,
    whole: Network,
    actions: Sequence[Action],
    trial: Figures,
    winters: Sequence[Winter],
    *,
    counted: Figures,
    edges: Places,
) -> tuple[LinearRecourse, ...]:
    """Winters as scenarios with equal weights; what is lost is the `counted` unserved demand over the horizon.

    Periods between `edges` are taken together, which leaves out what peaks inside them cost: losses are then lower
    bounds of those by day. `trial` is an amount of each action that is possible, to see what it moves.
    """
    stores = [network.assets.index(asset_of(one)) for one in network.storages]

    def build(winter: Winter, amounts: Figures) -> lp.Program:
        by_day = acted(_without_stores(network, winter), _without_stores(whole, winter), actions, amounts)
        made = programme(aggregated(by_day, edges), tie_break=0.0)
        program, upper = _lost_in(made, counted), made.program.upper.copy()
        # outages of stores as bounds of rates, not as coefficients, so that all winters have one matrix
        service = mean(winter.service[stores], edges, network.durations)
        for way in ("withdrawal", "injection"):
            upper[made.columns[way]] *= service
        return replace(program, upper=upper)

    listed = moved_by(partial(build, as_listed(network)), trial)
    bench = Bench()
    return tuple(
        LinearRecourse(f"winter {place + 1}", 1.0, moved_alike(partial(build, winter), trial, listed), bench)
        for place, winter in enumerate(winters)
    )


def _without_stores(network: Network, winter: Winter) -> Network:
    """The network in a winter, but with every store in service."""
    service = dict(zip(network.assets, winter.service, strict=True))

    def left(part: Link | Entry, rates: Rates) -> Figures:
        return np.asarray(service[asset_of(part)] * network.series(rates))

    return replace(
        network,
        demand=winter.demand,
        links=tuple(
            replace(one, forward=left(one, one.forward), backward=left(one, one.backward))
            for one in network.links
        ),
        entries=tuple(replace(one, capacity=left(one, one.capacity)) for one in network.entries),
        sources=tuple(
            replace(one, daily=daily) for one, daily in zip(network.sources, winter.daily, strict=True)
        ),
    )


def _lost_in(made: Programme, counted: Figures) -> lp.Program:
    cost = np.zeros(len(made.program.cost))
    cost[made.unserved] = counted[:, :, None] * made.network.durations
    return replace(made.program, cost=cost)


def _assets(network: Network, whole: Network, done: Done) -> Network:
    def more(part: Link | Entry, rates: Rates, there: Rates) -> Figures:
        now = network.series(rates)
        share = sum(amount * works for works, amount in done[asset_of(part)])
        return np.asarray(now + share * (network.series(there) - now))

    links, entries = list(network.links), list(network.entries)
    for place, (one, there) in enumerate(zip(network.links, whole.links, strict=True)):
        if asset_of(one) in done:
            forward, backward = more(one, one.forward, there.forward), more(one, one.backward, there.backward)
            links[place] = replace(one, forward=forward, backward=backward)
    for place, (entry, listed) in enumerate(zip(network.entries, whole.entries, strict=True)):
        if asset_of(entry) in done:
            entries[place] = replace(entry, capacity=more(entry, entry.capacity, listed.capacity))
    return replace(network, links=tuple(links), entries=tuple(entries))


def _savings(network: Network, whole: Network, done: Done) -> Network:
    demand = network.demand.copy()
    for name, savings in done.items():
        place = network.nodes.index(name)
        for works, amount in savings:
            course = whole.demand[:, place] * works
            demand[:, place] -= amount * course / float((course * whole.durations).sum())
    return replace(network, demand=np.maximum(demand, 0.0))


def _supplies(network: Network, _whole: Network, done: Done) -> Network:
    sources = []
    for one in network.sources:
        daily, total = network.series(one.daily), one.total
        for works, amount in done.get(one.name, ()):
            daily = daily + amount * works / float(works @ network.durations)
            total += amount
        sources.append(replace(one, daily=daily, total=total))
    return replace(network, sources=tuple(sources))


def _fills(network: Network, _whole: Network, done: Done) -> Network:
    stores = []
    for one in network.storages:
        room = sum(other.volume - other.start for other in network.storages if other.node == one.node)
        more = sum(amount for _, amount in done.get(one.node, ()))
        start = one.start + (more * (one.volume - one.start) / room if more else 0.0)
        stores.append(replace(one, start=start))
    return replace(network, storages=tuple(stores))


_CHANGES = {"asset": _assets, "saving": _savings, "supply": _supplies, "fill": _fills}


def _check(network: Network, actions: Sequence[Action]) -> None:
    known = {
        "asset": set(network.assets),
        "saving": set(network.nodes),
        "supply": {one.name for one in network.sources},
        "fill": {one.node for one in network.storages if one.volume > one.start},
    }
    problems = [
        f"{action.change} at {action.place!r}: expected one of {', '.join(sorted(known[action.change]))}"
        for action in actions
        if action.place not in known[action.change]
    ]
    if problems:
        raise NetworkError(network.name, problems)
