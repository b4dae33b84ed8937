"""By how many routes can a node import, and how evenly? ENTSOG's import route diversification.

    IRD = Σ_routes (share of the route in the capacity of all import routes, in per cent)²

A route is a neighbour, however many points there are on the border, an outside supplier's border point, or a terminal.
10,000 is one route alone; of n equal routes it is 10,000/n. Production and stores are no imports. Source: ENTSOG,
Ten-Year Network Development Plan 2015, methodology; low figures are good.
"""

from __future__ import annotations

from collections import defaultdict

from weaklink.network.model import Network
from weaklink.network.n_minus_one import capacities

IMPORTED = ("border", "terminal")


def import_route_diversification(network: Network, node: str) -> float:
    """The figure for one node, from above 0 to 10,000; not-a-number where nothing can be imported.

    >>> import numpy as np
    >>> from weaklink.network.model import Entry, Link
    >>> network = Network("n", "gas", "GWh", ("all",), ("A", "B"), np.ones((1, 2, 1)),
    ...     links=(Link("north", "A", "B", 2.0), Link("south", "A", "B", 1.0)),
    ...     entries=(Entry("well", "A", 9.0), Entry("port", "B", 1.0, "terminal")))
    >>> import_route_diversification(network, "B"), import_route_diversification(network, "A")
    (6250.0, nan)
    """
    routes: dict[str, float] = defaultdict(float)
    for one in capacities(network, frozenset({node}), 1.0):
        if one.kind in IMPORTED:
            routes[one.neighbour or one.asset] += one.rate
    whole = sum(routes.values())
    return sum((100 * rate / whole) ** 2 for rate in routes.values()) if whole else float("nan")
