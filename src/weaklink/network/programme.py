"""How is a network's horizon written as a linear programme? Columns are rates per day and amounts in store.

For every node n and period t (of d days), with links f, entries e, withdrawal w, injection i, stock s, buffer k and
unserved demand u by class:

    balance   Σ f in - Σ f out + Σ e + Σ w - Σ i + Σ u = demand
    stock     s[t] - s[t-1] - d (1 - loss) i[t] + d w[t] = 0          s[-1] = start, s[last] >= minimum end
    curve     w[t] <= each line of the withdrawal curve at s[t-1];    the same for i
    source    k[t] - k[t-1] + d Σ e[t] <= d daily[t]                  what is not kept is lost
    total     Σ d e <= total of the source

The objective counts unserved demand at `UNSERVED` a unit. What else it counts is a tie-break between plans of equal
unserved demand, worth at most about a hundredth of that: nearer supply before farther, pipelines before ships before
storage, full stores at the end, better protected classes first. The small differences between links are made up, fixed,
and there so that ties are broken the same way every time (and solvers are four times faster on it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from weaklink import lp
from weaklink.network.model import Curve, Figures, Network, asset_of

Places: TypeAlias = npt.NDArray[np.int64]

UNSERVED = 1000.0  # cost of a unit of unserved demand, in the measure of the costs below
CLASS_STEP = 4.0  # how much more for each better protected class
URGENT_STEP = 400.0  # the same where urgency counts across nodes: above any penalty for unequal sharing
ENTRY_COST = {"production": 1.0, "border": 1.0, "terminal": 2.5}
STORAGE_COST = 0.5  # each way
END_STOCK_VALUE = 6.0  # of a unit in store at the end: above what any supply costs on its way there
OWN_FIRST_COST = (
    15.0  # of each link on the way, where own demand comes first: above class steps, below a 50th
)


@dataclass(frozen=True, slots=True, eq=False)
class Programme:
    """A network as a linear programme, with the places of its columns and rows.

    `columns` and `rows` hold, by block name, the places with one row an item and one column a period. Column
    blocks: forward, backward, entry, buffer, withdrawal, injection, stock, unserved (class by class). Row blocks:
    balance, stock, withdrawal, injection (one item a curve line), source, total (one period).
    """

    network: Network
    program: lp.Program
    columns: Mapping[str, Places]
    rows: Mapping[str, Places]

    @property
    def unserved(self) -> Places:
        """Places of unserved demand with the shape (classes, nodes, periods)."""
        network = self.network
        return self.columns["unserved"].reshape(len(network.classes), len(network.nodes), network.periods)

    def of_asset(self, asset: str) -> Places:
        """Places of the rates that are zero while an asset is out of service."""
        network, found = self.network, [np.empty(0, dtype=np.int64)]
        for place, link in enumerate(network.links):
            if asset_of(link) == asset:
                found += [self.columns["forward"][place], self.columns["backward"][place]]
        for place, entry in enumerate(network.entries):
            if asset_of(entry) == asset:
                found.append(self.columns["entry"][place])
        for place, storage in enumerate(network.storages):
            if asset_of(storage) == asset:
                found += [self.columns["withdrawal"][place], self.columns["injection"][place]]
        return np.concatenate(found)


def programme(
    network: Network,
    *,
    own_first: bool = False,
    urgent: bool = False,
    tie_break: float = 1.0,
    checkpoint: int = 0,
) -> Programme:
    """The linear programme of a network.

    `own_first` charges every link so much that a node which is itself short passes nothing on: whatever it could
    forward serves its own demand at less cost. Total unserved demand stays the least as long as no way is longer
    than about sixty links. `tie_break` scales all costs but that of unserved demand: with 0 nothing else counts.
    `urgent` serves better protected classes before others at all nodes, not only inside each. Minimum end levels hold
    after the first `checkpoint` periods too, where that is not 0.
    """
    columns = _blocks(network)
    build = _Matrix(network.durations, columns)
    rows = {
        "balance": _balance(network, build),
        "stock": _stock(network, build),
        "withdrawal": _curves(network, build, "withdrawal"),
        "injection": _curves(network, build, "injection"),
        **_source_rows(network, build),
    }
    lower, upper = _bounds(network, columns, checkpoint)
    program = lp.Program(
        cost=_costs(network, columns, own_first=own_first, urgent=urgent, tie_break=tie_break),
        matrix=build.matrix(),
        row_lower=np.concatenate(build.lower),
        row_upper=np.concatenate(build.upper),
        lower=lower,
        upper=upper,
    )
    return Programme(network, program, columns, rows)


def demand_rows(network: Network) -> Figures:
    """What the balance rows must add up to: demand of all classes, node by node."""
    total: Figures = network.demand.sum(axis=0)
    return total


def curve_lines(network: Network, way: str) -> tuple[Places, Figures, Figures]:
    """Place of the storage, intercept and slope of each line of a curve that is not flat, in the order of its rows."""
    found: list[tuple[int, float, float]] = []
    for place, storage in enumerate(network.storages):
        curve: Curve = getattr(storage, way)
        found += [(place, at, slope) for at, slope in curve.lines(storage.volume) if slope]
    store, intercept, steep = np.array(found, dtype=np.float64).reshape(-1, 3).T
    return store.astype(np.int64), intercept, steep


def _blocks(network: Network) -> dict[str, Places]:
    sizes = {
        "forward": len(network.links),
        "backward": len(network.links),
        "entry": len(network.entries),
        "buffer": len(network.sources),
        "withdrawal": len(network.storages),
        "injection": len(network.storages),
        "stock": len(network.storages),
        "unserved": len(network.classes) * len(network.nodes),
    }
    periods, first, blocks = network.periods, 0, {}
    for name, size in sizes.items():
        blocks[name] = np.arange(first, first + size * periods).reshape(size, periods)
        first += size * periods
    return blocks


class _Matrix:
    """Rows are added block by block; their coefficients are collected and sorted once."""

    def __init__(self, durations: Figures, columns: Mapping[str, Places]) -> None:
        self.durations, self.columns = durations, columns
        self.lower: list[Figures] = []
        self.upper: list[Figures] = []
        self._parts: list[tuple[Places, Places, Figures]] = []
        self._rows = 0

    def rows(self, lower: Figures, upper: Figures) -> Places:
        """New rows, one for each figure, in the same shape."""
        places = np.arange(self._rows, self._rows + lower.size).reshape(lower.shape)
        self._rows += lower.size
        self.lower.append(lower.ravel())
        self.upper.append(upper.ravel())
        return places

    def put(self, rows: Places, columns: Places, values: Figures | float) -> None:
        """Coefficients; what is given for fewer axes is repeated."""
        row, column = np.broadcast_arrays(rows, columns)
        self._parts.append((row.ravel(), column.ravel(), np.broadcast_to(values, row.shape).ravel()))

    def matrix(self) -> sparse.csc_matrix:
        row, column, value = (np.concatenate(parts) for parts in zip(*self._parts, strict=True))
        width = 1 + max(int(block.max(initial=-1)) for block in self.columns.values())
        found = sparse.csc_matrix((value, (row, column)), shape=(self._rows, width))
        found.sort_indices()
        return found


def _balance(network: Network, build: _Matrix) -> Places:
    demand = demand_rows(network)
    rows, columns = build.rows(demand, demand), build.columns
    origin = _nodes(network, [link.origin for link in network.links])
    destination = _nodes(network, [link.destination for link in network.links])
    build.put(rows[origin], columns["forward"], -1.0)
    build.put(rows[destination], columns["forward"], 1.0)
    build.put(rows[destination], columns["backward"], -1.0)
    build.put(rows[origin], columns["backward"], 1.0)
    build.put(rows[_nodes(network, [entry.node for entry in network.entries])], columns["entry"], 1.0)
    at = _nodes(network, [storage.node for storage in network.storages])
    build.put(rows[at], columns["withdrawal"], 1.0)
    build.put(rows[at], columns["injection"], -1.0)
    for unserved in np.split(columns["unserved"], len(network.classes)):
        build.put(rows, unserved, 1.0)
    return rows


def _stock(network: Network, build: _Matrix) -> Places:
    start = np.zeros((len(network.storages), network.periods))
    start[:, 0] = [storage.start for storage in network.storages]
    rows, columns = build.rows(start, start), build.columns
    kept = np.array([1 - storage.loss for storage in network.storages])[:, None]
    build.put(rows, columns["stock"], 1.0)
    build.put(rows[:, 1:], columns["stock"][:, :-1], -1.0)
    build.put(rows, columns["injection"], -kept * build.durations)
    build.put(rows, columns["withdrawal"], np.broadcast_to(build.durations, rows.shape))
    return rows


def _curves(network: Network, build: _Matrix, way: str) -> Places:
    """One row for each line of a curve that is not flat: the flat ones are bounds of columns."""
    store, intercept, slope = curve_lines(network, way)
    intercept, slope = intercept[:, None], slope[:, None]
    available = _stack(network, [network.storages[one].availability for one in store])
    start = np.array([network.storages[one].start for one in store]).reshape(-1, 1)
    most = available * intercept
    most[:, :1] += available[:, :1] * slope * start
    rows, columns = build.rows(np.full(most.shape, -np.inf), most), build.columns
    build.put(rows, columns[way][store], 1.0)
    build.put(rows[:, 1:], columns["stock"][store][:, :-1], -(available * slope)[:, 1:])
    return rows


def _source_rows(network: Network, build: _Matrix) -> dict[str, Places]:
    """Rows of the sources with a finite volume; the buffer of the others is held at zero."""
    daily = _stack(network, [source.daily for source in network.sources])
    most = daily * build.durations
    if len(most):
        most[:, 0] += [source.start for source in network.sources]
    rows, columns = build.rows(np.full(most.shape, -np.inf), most), build.columns
    total = np.array([[source.total] for source in network.sources]).reshape(-1, 1)
    totals = build.rows(np.full(total.shape, -np.inf), total)
    build.put(rows, columns["buffer"], 1.0)
    build.put(rows[:, 1:], columns["buffer"][:, :-1], -1.0)
    places = {source.name: place for place, source in enumerate(network.sources)}
    for entry, columns_of in zip(network.entries, columns["entry"], strict=True):
        if entry.source is not None:
            build.put(rows[places[entry.source]], columns_of, build.durations)
            build.put(totals[places[entry.source]], columns_of, build.durations)
    return {"source": rows, "total": totals}


def _bounds(network: Network, columns: Mapping[str, Places], checkpoint: int) -> tuple[Figures, Figures]:
    stocks = len(network.storages)
    lower = np.zeros(columns["unserved"].size + int(columns["unserved"].min()))
    if stocks:
        for period in (checkpoint - 1, -1):  # the last one twice where there is no checkpoint
            lower[columns["stock"][:, period]] = [storage.minimum_end for storage in network.storages]
    available = _stack(network, [storage.availability for storage in network.storages])
    blocks = {
        "forward": _stack(network, [link.forward for link in network.links]),
        "backward": _stack(network, [link.backward for link in network.links]),
        "entry": _stack(network, [entry.capacity for entry in network.entries]),
        "buffer": _stack(network, [source.buffer for source in network.sources]),
        "withdrawal": available * _column([storage.withdrawal.at(1.0) for storage in network.storages]),
        "injection": available * _column([storage.injection.at(0.0) for storage in network.storages]),
        "stock": _stack(network, [storage.volume for storage in network.storages]),
        "unserved": network.demand,
    }
    return lower, np.concatenate([blocks[name].ravel() for name in columns])


def _costs(
    network: Network, columns: Mapping[str, Places], *, own_first: bool, urgent: bool, tie_break: float
) -> Figures:
    days, periods = network.durations, network.periods
    link = _column([_link_cost(place) for place in range(len(network.links))])
    way = OWN_FIRST_COST if own_first else 0.0
    steps = (URGENT_STEP if urgent else tie_break * CLASS_STEP) * np.arange(len(network.classes))[::-1]
    entry = [ENTRY_COST[one.kind] + _spread(place) for place, one in enumerate(network.entries)]
    stock = np.zeros((len(network.storages), periods))
    stock[:, -1:] = -END_STOCK_VALUE
    blocks = {
        "forward": (link + way) * days,
        "backward": (link + way) * days,
        "entry": _column(entry) * days,
        "buffer": np.zeros((len(network.sources), periods)),
        "withdrawal": np.full((len(network.storages), 1), STORAGE_COST) * days,
        "injection": np.full((len(network.storages), 1), STORAGE_COST) * days,
        "stock": stock,
        "unserved": np.repeat(UNSERVED + steps, len(network.nodes))[:, None] * days,
    }
    scale = {name: 1.0 if name == "unserved" else tie_break for name in columns}
    return np.concatenate([scale[name] * blocks[name].ravel() for name in columns])


def _link_cost(place: int) -> float:
    return 0.02 + 0.08 * _spread(place)


def _spread(place: int) -> float:
    """A fixed figure from 0 to 1, unlike its neighbours': the multiples of the golden ratio, modulo one."""
    return (place * 0.6180339887498949) % 1.0


def _nodes(network: Network, names: list[str]) -> Places:
    place = {node: position for position, node in enumerate(network.nodes)}
    return np.array([place[name] for name in names], dtype=np.int64)


def _stack(network: Network, series: list[float | Figures]) -> Figures:
    """One row an item, one column a period; writable."""
    return np.array([network.series(one) for one in series]).reshape(-1, network.periods)


def _column(figures: list[float]) -> Figures:
    return np.array(figures, dtype=np.float64).reshape(-1, 1)
