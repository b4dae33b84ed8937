"""What does a scenario do to a network? The same network with less supply, fewer links, less demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from weaklink.errors import RequestError
from weaklink.nearest import did_you_mean
from weaklink.network.model import Entry, Figures, Link, Network, Source, Storage, asset_of
from weaklink.scenario.model import Scenario, Shock, likely


def shocked(network: Network, days: Sequence[date], scenario: Scenario) -> Network:
    """The network of a scenario, every range at its likely figure.

    `days` are those of the network's periods. RequestError for a name that the network does not know.
    """
    for shock in scenario.on_network():
        network = struck(network, days, shock, likely(shock.lost))
    return saved(network, likely(scenario.response.saving))


def struck(network: Network, days: Sequence[date], shock: Shock, lost: float) -> Network:
    """The network after one shock that takes the share `lost`."""
    left = 1 - lost * out_of_service(days, shock)
    _check(network, shock)

    def cut(figures: float | Figures, *, hit: bool) -> float | Figures:
        return np.where(left == 0, 0.0, left * figures) if hit else figures

    def hits(part: Link | Entry | Storage) -> bool:
        if shock.target == "asset":
            return asset_of(part) in shock.names
        if shock.target == "node":
            ends = (part.origin, part.destination) if isinstance(part, Link) else (part.node,)
            return not set(ends).isdisjoint(shock.names)
        return isinstance(part, Entry) and part.source in shock.names

    def supplied(source: Source) -> Source:
        hit = shock.target == "supplier" and source.name in shock.names
        if not hit or not np.isfinite(source.daily).all():
            return source  # its entries are cut, which is enough
        return replace(source, daily=cut(source.daily, hit=True))

    return replace(
        network,
        links=tuple(
            replace(one, forward=cut(one.forward, hit=hits(one)), backward=cut(one.backward, hit=hits(one)))
            for one in network.links
        ),
        entries=tuple(replace(one, capacity=cut(one.capacity, hit=hits(one))) for one in network.entries),
        sources=tuple(map(supplied, network.sources)),
        storages=tuple(
            replace(one, availability=cut(one.availability, hit=hits(one))) for one in network.storages
        ),
    )


def out_of_service(days: Sequence[date], shock: Shock) -> Figures:
    """How much of the loss is in force on each day: 1 during the shock, falling to 0 as it comes back.

    >>> shock = Shock(target="asset", names=("pipe",), lost=1, first_day=date(2022, 10, 2),
    ...     last_day=date(2022, 10, 2), recovery="linear", recovery_days=2)
    >>> out_of_service([date(2022, 10, day) for day in range(1, 6)], shock)
    array([0. , 1. , 0.5, 0. , 0. ])
    """
    first, last = shock.first_day or days[0], shock.last_day or days[-1]
    after = np.array([(day - last).days for day in days], dtype=np.float64)
    before = np.array([day < first for day in days])
    back = {
        "none": np.ones(len(days)) if shock.last_day is None else (after <= 0).astype(np.float64),
        "at once": (after <= 0).astype(np.float64),
        "linear": np.clip(1 - after / max(shock.recovery_days, 1), 0, 1),
    }[shock.recovery]
    return np.where(before, 0.0, back)


def saved(network: Network, share: float) -> Network:
    """The network with a share of all demand saved."""
    return replace(network, demand=network.demand * (1 - share)) if share else network


def _check(network: Network, shock: Shock) -> None:
    known = {
        "supplier": [source.name for source in network.sources],
        "asset": list(network.assets),
        "node": list(network.nodes),
    }[shock.target]
    for name in shock.names:
        if name not in known:
            hint = did_you_mean(name, known)
            raise RequestError(
                f"scenario names the {shock.target} {name!r}, which {network.name} does not have.{hint} "
                f"`weaklink network list {network.name}` lists what it has."
            )
