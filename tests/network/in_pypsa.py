"""The same network in the words of PyPSA, which knows no curves: stores must have flat rates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from weaklink.network.model import Curve, Network
from weaklink.network.programme import END_STOCK_VALUE, STORAGE_COST, Programme

Series = npt.NDArray[np.float64]
UNLIMITED = 1e4  # a rate that no made-up network comes near


@dataclass(frozen=True)
class Costs:
    """What PyPSA is told that things cost; by default nothing but unserved demand, so that it is all there is."""

    forward: Series
    backward: Series
    entry: Series
    unserved: Series  # by class
    storage: float = 0.0
    end_stock: float = 0.0

    @classmethod
    def of_unserved(cls, net: Network) -> Costs:
        """One for each unit of unserved demand."""
        links, entries = np.zeros(len(net.links)), np.zeros(len(net.entries))
        return cls(links, links, entries, np.ones(len(net.classes)))

    @classmethod
    def of(cls, made: Programme) -> Costs:
        """Those of our programme, tie-breaks included, per day of the first period."""
        first = made.program.cost / made.network.durations[0]
        return cls(
            forward=first[made.columns["forward"][:, 0]],
            backward=first[made.columns["backward"][:, 0]],
            entry=first[made.columns["entry"][:, 0]],
            unserved=first[made.unserved[:, 0, 0]],
            storage=STORAGE_COST,
            end_stock=END_STOCK_VALUE,
        )


def optimum(net: Network, costs: Costs) -> float:
    """The objective that PyPSA finds; `end_stock` is counted on what stores lose from their start."""
    from pypsa import Network as Pypsa

    other, parts = Pypsa(), _Parts()
    other.set_snapshots(range(net.periods))
    for kind in ("objective", "stores", "generators"):
        other.snapshot_weightings[kind] = net.durations
    other.add("Bus", [*net.nodes, *(one.name for one in net.sources), *(one.name for one in net.storages)])
    other.add("Load", net.nodes, bus=net.nodes, p_set=net.demand.sum(axis=0).T)
    for place, group in enumerate(net.classes):
        for node, demand in zip(net.nodes, net.demand[place], strict=True):
            parts.arrival(f"{group} of {node} unserved", node, demand, costs.unserved[place])
    _links(parts, net, costs)
    _supply(parts, net, costs)
    _stores(parts, net, costs)
    for component, rows in parts.rows.items():
        other.add(component, list(rows), **_columns(list(rows.values())))
    status, condition = other.optimize(solver_name="highs", log_to_console=False, progress=False)
    assert (status, condition) == ("ok", "optimal")
    return float(other.objective)


@dataclass
class _Parts:
    """Components by kind and name, added at once: PyPSA takes long over each call."""

    rows: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=lambda: {"Generator": {}, "Link": {}, "Store": {}}
    )

    def arrival(self, name: str, bus: str, most: Series, cost: float, total: float = np.inf) -> None:
        self.rows["Generator"][name] = {
            "bus": bus,
            **_at_most(most),
            "marginal_cost": cost,
            "e_sum_max": total,
        }

    def way(self, name: str, ends: tuple[str, str], most: Series, cost: float, kept: float = 1.0) -> None:
        self.rows["Link"][name] = {
            **dict(zip(("bus0", "bus1"), ends, strict=True)),
            **_at_most(most),
            "marginal_cost": cost,
            "efficiency": kept,
        }

    def store(self, bus: str, volume: float, start: float, lowest: Series, cost: float = 0.0) -> None:
        self.rows["Store"][bus] = {
            "bus": bus,
            "e_nom": volume,
            "e_initial": start,
            "e_min_pu": lowest,
            "marginal_cost": cost,
        }


def _links(parts: _Parts, net: Network, costs: Costs) -> None:
    for link, there, back in zip(net.links, costs.forward, costs.backward, strict=True):
        ends = (link.origin, link.destination)
        parts.way(f"{link.name} there", ends, net.series(link.forward), there)
        parts.way(f"{link.name} back", ends[::-1], net.series(link.backward), back)


def _supply(parts: _Parts, net: Network, costs: Costs) -> None:
    """A supplier is a bus of its own: what arrives is a generator, its tanks a store, each entry a way from there."""
    for source in net.sources:
        assert np.isinf(source.total) or not source.start, "PyPSA would not count what is in tanks at first"
        daily = np.minimum(net.series(source.daily), UNLIMITED)
        parts.arrival(f"{source.name} arriving", source.name, daily, 0.0, total=source.total)
        parts.store(source.name, source.buffer, source.start, np.zeros(net.periods))
    for entry, cost in zip(net.entries, costs.entry, strict=True):
        rate = net.series(entry.capacity)
        if entry.source is None:
            parts.arrival(entry.name, entry.node, rate, cost)
        else:
            parts.way(entry.name, (entry.source, entry.node), rate, cost)


def _stores(parts: _Parts, net: Network, costs: Costs) -> None:
    for store in net.storages:
        lowest = np.zeros(net.periods)
        lowest[-1] = store.minimum_end / store.volume
        # A store's cost is on what leaves it: over the horizon that is start less end.
        parts.store(store.name, store.volume, store.start, lowest, costs.end_stock)
        available = net.series(store.availability)
        out, into = _flat(store.withdrawal) * available, _flat(store.injection) * available
        parts.way(f"out of {store.name}", (store.name, store.node), out, costs.storage)
        parts.way(f"into {store.name}", (store.node, store.name), into, costs.storage, kept=1 - store.loss)


def _at_most(most: Series) -> dict[str, Any]:
    """A limit by period, as a capacity and shares of it."""
    peak = max(float(most.max()), 1e-9)
    return {"p_nom": peak, "p_max_pu": most / peak}


def _columns(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Rows as columns; figures by period as a matrix of periods and components."""
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return {
        name: np.array(column).T if isinstance(column[0], np.ndarray) else column
        for name, column in columns.items()
    }


def _flat(curve: Curve) -> float:
    rates = {rate for _, rate in curve.points}
    assert len(rates) == 1, "PyPSA has no rates that depend on the level"
    return rates.pop()
