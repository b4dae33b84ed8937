"""A network in longer periods: the same totals, fewer figures, and peaks inside a period smoothed away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from weaklink.network.model import Figures, Network, Rates
from weaklink.network.programme import Places
from weaklink.network.winters import Winter


def weeks(network: Network, length: int = 7) -> Places:
    """First period of each group of `length` periods, and the end of the last.

    >>> import numpy as np
    >>> from weaklink.network.model import Entry
    >>> days = Network("n", "gas", "GWh", ("all",), ("A",), np.ones((1, 1, 10)), entries=(Entry("w", "A", 9.0),))
    >>> weeks(days)
    array([ 0,  7, 10])
    """
    return np.append(np.arange(0, network.periods, length), network.periods)


def aggregated(network: Network, edges: Places) -> Network:
    """The network with the periods between `edges` taken together; rates are means weighted by days."""
    days = network.durations

    def rates(figures: Rates) -> Figures:
        return mean(network.series(figures), edges, days)

    return replace(
        network,
        demand=mean(network.demand, edges, days),
        durations=np.add.reduceat(days, edges[:-1]),
        links=tuple(
            replace(one, forward=rates(one.forward), backward=rates(one.backward)) for one in network.links
        ),
        entries=tuple(replace(one, capacity=rates(one.capacity)) for one in network.entries),
        sources=tuple(replace(one, daily=rates(one.daily)) for one in network.sources),
        storages=tuple(replace(one, availability=rates(one.availability)) for one in network.storages),
    )


def winter_in(winter: Winter, edges: Places, days: Figures) -> Winter:
    """A winter in the longer periods."""
    return Winter(*(mean(one, edges, days) for one in (winter.demand, winter.daily, winter.service)))


def mean(figures: Figures, edges: Places, days: Figures) -> Figures:
    """Means over the periods between edges, weighted by days, along the last axis."""
    found: Figures = np.add.reduceat(figures * days, edges[:-1], axis=-1) / np.add.reduceat(days, edges[:-1])
    return found
