"""What is one more arrival of a source worth, on each day, at given prices of the nodes that it can reach?

A ship that finds its tank full is worth nothing, and so are those before it, back to the day on which the tank was last
empty; all others are worth what their gas is sold for. Longer periods hide this: their means fit into tanks that single
days overflow. With these prices of the source rows, node prices of a coarse programme bound the daily one closely. They
need not be the best ones, as weak duality holds for any.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from weaklink.network.model import Figures, Network
from weaklink.network.programme import Places

LITTLE = 1e-9  # amounts that differ by less are the same


@dataclass(frozen=True, slots=True, eq=False)
class Tanks:
    """The sources whose daily volume is limited, each with the entries and nodes that it can reach.

    `sources` are their places in the network, `owner` the place in `sources` of each of the `entries`, and `nodes` the
    node of each of these.
    """

    sources: Places
    entries: Places
    owner: Places
    nodes: Places
    buffer: Figures

    @classmethod
    def of(cls, network: Network) -> Tanks:
        """Those of a network."""
        limited = [place for place, one in enumerate(network.sources) if np.isfinite(one.daily).all()]
        owners = {network.sources[place].name: position for position, place in enumerate(limited)}
        node = {name: place for place, name in enumerate(network.nodes)}
        found = [
            (place, owners[entry.source], node[entry.node])
            for place, entry in enumerate(network.entries)
            if entry.source in owners
        ]
        entries, owner, nodes = np.array(found, dtype=np.int64).reshape(-1, 3).T
        buffer = np.array([network.sources[place].buffer for place in limited])
        return cls(np.array(limited, dtype=np.int64), entries, owner, nodes, buffer)

    def prices(self, nodes: Figures, total: Figures, arrivals: Figures, capacity: Figures) -> Figures:
        """Worth of one more arrival, with the shape (sources here, periods).

        `nodes` (nodes, periods) is the price of a unit delivered, `total` (sources of the network) that of a unit
        of the whole horizon's volume; `arrivals` (sources of the network, periods) and `capacity` (entries of the
        network, periods) are amounts. What is in store on the first morning belongs to the first arrivals.
        """
        worth = np.maximum(0.0, nodes[self.nodes] - total[self.sources][self.owner, None])
        price = np.zeros((len(self.sources), nodes.shape[1]))
        np.maximum.at(price, self.owner, worth)
        most = np.zeros_like(price)
        np.add.at(most, self.owner, np.where(worth > 0, capacity[self.entries], 0.0))
        return _backwards(price, *self._sold(most, arrivals[self.sources]))

    def _sold(self, most: Figures, arrivals: Figures) -> tuple[Figures, Figures]:
        """Where all that there is was sold, and where the tank overflowed, if sold as early as can be."""
        level = np.zeros(len(self.sources))
        emptied, spilt = np.zeros(most.shape, dtype=bool), np.zeros(most.shape, dtype=bool)
        for period in range(most.shape[1]):
            there = level + arrivals[:, period]
            emptied[:, period] = there < most[:, period] - LITTLE
            left = there - np.minimum(there, most[:, period])
            spilt[:, period] = left > self.buffer + LITTLE
            level = np.minimum(left, self.buffer)
        return emptied, spilt


def _backwards(price: Figures, emptied: Figures, spilt: Figures) -> Figures:
    """The day's price where all was sold, nothing where some was lost, else what it is worth a day later."""
    worth, later = np.zeros_like(price), np.zeros(len(price))
    for period in reversed(range(price.shape[1])):
        later = np.where(emptied[:, period], price[:, period], np.where(spilt[:, period], 0.0, later))
        worth[:, period] = later
    return worth
