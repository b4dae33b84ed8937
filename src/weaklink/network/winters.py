"""What may differ from winter to winter? Weather, ships and suppliers, outages, saving: drawn with a seed.

The distributions are those of a stress test, not of a forecast: weather as a normal deviation of demand that lasts from
day to day, volumes of sources as a normal factor, outages of assets at random times, saving between two shares. Every
figure is an argument with its meaning; defaults are round numbers of ours and said to be so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from weaklink.network.model import Figures, Network


@dataclass(frozen=True, slots=True)
class Variation:
    """How much winters differ. Shares of one, days, and chances; the defaults are round assumptions.

    `winter` is the standard deviation of a whole winter's demand, `weather` that of a day's, of which `common` is the
    correlation between nodes and `persistence` that from one day to the next. `sources` gives the standard deviation of
    each source's volume by name, `every_source` that of all others. An asset fails with the chance `outage_chance` in
    a winter, for `outage_days`. Every node saves the same share, drawn evenly between the two of `saving`.
    """

    winter: float = 0.03
    weather: float = 0.06
    common: float = 0.64
    persistence: float = 0.85
    sources: Mapping[str, float] = field(default_factory=dict)
    every_source: float = 0.1
    outage_chance: float = 0.03
    outage_days: int = 30
    saving: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Winter:
    """One winter for a network: what replaces its demand and its sources' daily volumes, and what is in service.

    `demand` has the shape (classes, nodes, periods), `daily` (sources, periods), `service` (assets as in
    `Network.assets`, periods) the share of its capacity that an asset has.
    """

    demand: Figures
    daily: Figures
    service: Figures


def as_listed(network: Network) -> Winter:
    """The winter that the network itself describes."""
    daily = np.array([network.series(source.daily) for source in network.sources]).reshape(
        -1, network.periods
    )
    return Winter(network.demand, daily, np.ones((len(network.assets), network.periods)))


def draws(network: Network, variation: Variation, count: int, seed: int) -> Iterator[Winter]:
    """So many winters. Winter k of a seed is the same however many are drawn, and by whom.

    >>> from weaklink.network.model import Entry
    >>> well = Entry("w", "A", 9.0)
    >>> network = Network("n", "gas", "GWh", ("all",), ("A",), np.full((1, 1, 3), 10.0), entries=(well,))
    >>> first, second = (next(draws(network, Variation(), count, seed=7)) for count in (1, 2))
    >>> bool((first.demand == second.demand).all())
    True
    """
    for place in range(count):
        yield drawn(network, variation, np.random.default_rng((seed, place)))


def drawn(network: Network, variation: Variation, random: np.random.Generator) -> Winter:
    """One winter."""
    base = as_listed(network)
    factor = 1 + variation.winter * random.standard_normal() + _weather(network, variation, random)
    factor *= 1 - random.uniform(*variation.saving)
    spread = [variation.sources.get(source.name, variation.every_source) for source in network.sources]
    volume = np.maximum(0.0, 1 + np.array(spread) * random.standard_normal(len(spread)))
    return Winter(
        demand=base.demand * np.maximum(0.0, factor),
        daily=base.daily * volume[:, None],
        service=_service(network, variation, random),
    )


def _weather(network: Network, variation: Variation, random: np.random.Generator) -> Figures:
    """Deviations by node and period: an autoregression of the first order, in part common to all nodes."""
    nodes, periods = len(network.nodes), network.periods
    fresh = random.standard_normal((nodes + 1, periods))
    lasting = np.empty_like(fresh)
    lasting[:, 0] = fresh[:, 0]
    kept = variation.persistence
    for period in range(1, periods):
        lasting[:, period] = kept * lasting[:, period - 1] + np.sqrt(1 - kept**2) * fresh[:, period]
    mixed: Figures = np.sqrt(variation.common) * lasting[0] + np.sqrt(1 - variation.common) * lasting[1:]
    return variation.weather * mixed


def _service(network: Network, variation: Variation, random: np.random.Generator) -> Figures:
    service = np.ones((len(network.assets), network.periods))
    fails = random.random(len(service)) < variation.outage_chance
    begins = random.integers(0, network.periods, len(service))
    for asset in np.flatnonzero(fails):
        service[asset, begins[asset] : begins[asset] + variation.outage_days] = 0.0
    return service
