"""What may a winter be like? Winters drawn from the ranges of a scenario; as many as are asked, by seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from weaklink.errors import RequestError
from weaklink.network import winters
from weaklink.network.model import Entry, Link, Network, Storage, asset_of
from weaklink.network.winters import Variation, Winter
from weaklink.scenario.model import Scenario, Shock, Spread, drawn
from weaklink.scenario.on_network import out_of_service, struck


def without_ranges(network: Network, days: Sequence[date], scenario: Scenario) -> Network:
    """The network after all shocks that are certain; those with a range, and saving, are left to the draws."""
    for shock in scenario.on_network():
        if not isinstance(shock.lost, Spread):
            network = struck(network, days, shock, shock.lost)
    return network


def drawn_winters(
    network: Network, days: Sequence[date], scenario: Scenario, draws: int, seed: int
) -> Iterator[Winter]:
    """Winters for the network of `without_ranges`; the n-th of a seed is the same however many are drawn.

    RequestError where the scenario names a supplier that the network does not have.
    """
    uncertain = [shock for shock in scenario.on_network() if isinstance(shock.lost, Spread)]
    variation = _variation(network, scenario)
    for number, winter in enumerate(winters.draws(network, variation, draws, seed)):
        # a stream of its own, so that what the weather draws does not depend on the number of shocks
        random = np.random.default_rng((seed, number, 1))
        found = replace(winter, demand=winter.demand * (1 - drawn(scenario.response.saving, random)))
        for shock in uncertain:
            found = _struck(found, network, days, shock, drawn(shock.lost, random))
        yield found


def _variation(network: Network, scenario: Scenario) -> Variation:
    known, asked = {source.name for source in network.sources}, scenario.uncertainty
    if unknown := sorted(asked.supply.keys() - known):
        raise RequestError(
            f"uncertainty.supply names {', '.join(unknown)}; {network.name} has {', '.join(sorted(known))}."
        )
    return Variation(
        winter=asked.winter,
        weather=asked.weather,
        common=asked.common,
        persistence=asked.persistence,
        sources=asked.supply,
        every_source=asked.every_supply,
        outage_chance=asked.outage_chance,
        outage_days=asked.outage_days,
    )


def _struck(winter: Winter, network: Network, days: Sequence[date], shock: Shock, lost: float) -> Winter:
    """A winter after one more shock, of which the share was drawn."""
    left = 1 - lost * out_of_service(days, shock)
    if shock.target == "supplier":
        hit = np.array([source.name in shock.names for source in network.sources])
        return replace(winter, daily=np.where(hit[:, None], winter.daily * left, winter.daily))
    assets = {
        asset_of(part)
        for part in network.parts()
        if (asset_of(part) in shock.names if shock.target == "asset" else _touches(part, shock.names))
    }
    hit = np.array([asset in assets for asset in network.assets])
    return replace(winter, service=np.where(hit[:, None], winter.service * left, winter.service))


def _touches(part: Link | Entry | Storage, nodes: Sequence[str]) -> bool:
    ends = (part.origin, part.destination) if isinstance(part, Link) else (part.node,)
    return not set(ends).isdisjoint(nodes)
