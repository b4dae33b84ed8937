"""Which link, entry or store holds the network back, and how certain is a flow? Prices of capacity; ranges of flows.

The price of an asset is how much less would go unserved if its capacity were one per cent larger throughout, read
off the optimum. It holds for small changes only: `checked` compares it with what a changed network really does.

Many plans leave the same demand unserved. `flow_ranges` gives the least and the most that flows in any of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from weaklink import lp
from weaklink.network.model import Figures, Network, asset_of
from weaklink.network.programme import UNSERVED, Programme, programme


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """An asset that more capacity would help, and by how much less would go unserved for one per cent more of it."""

    asset: str
    saved_per_percent: float


def bottlenecks(network: Network) -> tuple[Bottleneck, ...]:
    """Assets whose capacity limits what is served, the most limiting first.

    The volume of storages and the daily volume of sources are not assets' capacities and not counted.

    >>> from weaklink.network.model import Entry, Link
    >>> network = Network("n", "gas", "GWh", ("all",), ("A", "B"), np.full((1, 2, 2), 10.0),
    ...     links=(Link("A-B", "A", "B", 6.0),), entries=(Entry("sea", "A", 40.0),))
    >>> [(one.asset, round(one.saved_per_percent, 3)) for one in bottlenecks(network)]
    [('A-B', 0.12)]
    """
    made = programme(network)
    solution = lp.solve(made.program)
    worth = np.maximum(-solution.reduced_costs, 0.0) * made.program.upper / (100 * UNSERVED)
    curves = _curve_worth(made, solution)
    found = [
        Bottleneck(asset, float(worth[made.of_asset(asset)].sum()) + curves.get(asset, 0.0))
        for asset in network.assets
    ]
    kept = [one for one in found if one.saved_per_percent > _TIE * network.total_demand / 100]
    return tuple(sorted(kept, key=lambda one: (-one.saved_per_percent, one.asset)))


_TIE = 1e-6  # share of demand: a smaller worth is of the tie-break, not of what is served


def checked(network: Network, asset: str, percent: float = 0.1) -> float:
    """What an asset larger by some per cent really saves, for each per cent: a finite difference.

    The programme's objective is compared, tie-break included, so that the figure has the meaning of
    `Bottleneck.saved_per_percent`. By convexity it never exceeds that, and tends to it as `percent` falls.
    """
    factor = 1 + percent / 100
    larger = replace(
        network,
        links=tuple(
            replace(one, forward=one.forward * factor, backward=one.backward * factor)
            if asset_of(one) == asset
            else one
            for one in network.links
        ),
        entries=tuple(
            replace(one, capacity=one.capacity * factor) if asset_of(one) == asset else one
            for one in network.entries
        ),
        storages=tuple(
            replace(one, availability=one.availability * factor) if asset_of(one) == asset else one
            for one in network.storages
        ),
    )
    before, after = (lp.solve(programme(one).program).objective for one in (network, larger))
    return (before - after) / (UNSERVED * percent)


def _curve_worth(made: Programme, solution: lp.Solution) -> dict[str, float]:
    """What one per cent more of a whole withdrawal or injection curve is worth, beyond the column's own bound."""
    found: dict[str, float] = {}
    for way in ("withdrawal", "injection"):
        rows = made.rows[way]
        stores = [
            place
            for place, storage in enumerate(made.network.storages)
            for _, slope in getattr(storage, way).lines(storage.volume)
            if slope
        ]
        for place, line in zip(stores, rows, strict=True):
            rates = solution.x[made.columns[way][place]]  # at a binding line, the line's height
            worth = float(np.maximum(-solution.row_prices[line], 0.0) @ rates) / (100 * UNSERVED)
            asset = asset_of(made.network.storages[place])
            found[asset] = found.get(asset, 0.0) + worth
    return found


@dataclass(frozen=True, slots=True)
class FlowRange:
    """Least and most net flow of a link over the horizon, among all plans with the least unserved demand."""

    link: str
    least: float
    most: float


def flow_ranges(network: Network, links: Sequence[str] | None = None) -> tuple[FlowRange, ...]:
    """The range of each link's net flow, in its direction, in the network's unit.

    The tie-break is set aside: only total unserved demand is held, to a millionth.

    >>> from weaklink.network.model import Entry, Link
    >>> network = Network("n", "gas", "GWh", ("all",), ("A", "B"), np.full((1, 2, 1), 10.0), links=(
    ...     Link("north", "A", "B", 8.0), Link("south", "A", "B", 8.0)), entries=(Entry("sea", "A", 40.0),))
    >>> [(one.link, round(one.least, 3), round(one.most, 3)) for one in flow_ranges(network)]
    [('north', 2.0, 8.0), ('south', 2.0, 8.0)]
    """
    made = programme(network)
    unserved, days = made.unserved, network.durations
    weights = np.zeros(len(made.program.cost))
    weights[unserved] = days
    first = lp.solve(made.program)
    held = float(weights @ first.x) + 1e-6 * (1 + float(weights @ first.x))
    solver = lp.Solver(_held(made.program, weights, held))
    everything = np.arange(len(weights))
    names = [link.name for link in network.links]
    found = []
    for name in names if links is None else links:
        place = names.index(name)
        cost = np.zeros(len(weights))
        cost[made.columns["forward"][place]], cost[made.columns["backward"][place]] = days, -days
        solver.change_costs(everything, cost)
        least = solver.solve().objective
        solver.change_costs(everything, -cost)
        found.append(FlowRange(name, least, -solver.solve().objective))
    return tuple(found)


def _held(program: lp.Program, weights: Figures, most: float) -> lp.Program:
    """The programme with one more row: so much at most of a weighted sum."""
    return replace(
        program,
        matrix=sparse.csc_matrix(sparse.vstack([program.matrix, sparse.csr_matrix(weights)])),
        row_lower=np.append(program.row_lower, -np.inf),
        row_upper=np.append(program.row_upper, most),
    )
