"""What a supply network is: nodes with demand, links, entry points of supply, storages, all in one unit.

One commodity, one unit of amount, rates per day. Nothing here is about gas: nodes may be countries that burn
gas, hospitals that burn diesel, or cities that need bandwidth. The words of the file:

    class     a group of consumers, listed with the best protected first
    entry     where supply comes in: production, a border point of an outside supplier, a terminal
    source    who stands behind entries and what they share: a supplier's daily and total volume, a fleet of ships
    link      a connection of two nodes with a capacity each way
    storage   a store at a node, slower the emptier (withdrawal) or the fuller (injection) it is; linepack is one
    asset     what fails as one: several links, entries and storages may belong to one asset
    period    a day, or a longer stretch of days in an aggregated network
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from weaklink.errors import NetworkError
from weaklink.network.problems import problems

Figures: TypeAlias = npt.NDArray[np.float64]
Rates: TypeAlias = float | Figures  # one figure for all periods, or one for each
EntryKind: TypeAlias = Literal["production", "border", "terminal"]


@dataclass(frozen=True, slots=True)
class Curve:
    """How fast a storage can be worked at each level: straight lines between points, concave.

    `points` holds (level as share of the working volume, rate per day), levels rising from 0 to 1.

    >>> curve = Curve(((0.0, 20.0), (0.5, 100.0), (1.0, 120.0)))
    >>> curve.at(0.25), curve.at(1.0)
    (60.0, 120.0)
    """

    points: tuple[tuple[float, float], ...]

    @classmethod
    def flat(cls, rate: float) -> Curve:
        """The same rate at every level."""
        return cls(((0.0, rate), (1.0, rate)))

    def at(self, share: float) -> float:
        """The rate per day at a level, given as a share of the working volume."""
        levels, rates = zip(*self.points, strict=True)
        return float(np.interp(share, levels, rates))

    def lines(self, volume: float) -> tuple[tuple[float, float], ...]:
        """The straight lines (intercept per day, slope per day and unit stored) whose least is the curve.

        >>> Curve(((0.0, 20.0), (0.5, 100.0), (1.0, 120.0))).lines(1000.0)
        ((20.0, 0.16), (80.0, 0.04))
        """
        if volume == 0:
            return ((self.at(0.0), 0.0),)
        found: dict[tuple[float, float], None] = {}
        for (low, slow), (high, fast) in zip(self.points, self.points[1:], strict=False):
            slope = (fast - slow) / (high - low)
            found[(slow - slope * low, slope / volume)] = None
        return tuple(found)

    def scaled(self, factor: float) -> Curve:
        """The same shape with every rate multiplied."""
        return Curve(tuple((level, rate * factor) for level, rate in self.points))


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A connection of two nodes. Capacities per day, one figure or one for each period.

    Where both sides publish a capacity for the same point, the lesser of the two is meant.
    """

    name: str
    origin: str
    destination: str
    forward: Rates
    backward: Rates = 0.0
    asset: str = ""  # empty: the link is its own asset, under its name
    unit: str = ""  # of the amount; empty: the network's


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A point at which supply enters a node, with its capacity per day.

    `source` names who stands behind it where entries share a limit; None where capacity alone limits it.
    """

    name: str
    node: str
    capacity: Rates
    kind: EntryKind = "production"
    source: str | None = None
    asset: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What the entries of one supplier, or of one fleet of ships, share.

    `daily` is what arrives each day for all its entries together; what is not sent on the same day is kept up to
    `buffer` (tanks of terminals; 0 for a pipeline), `start` of it on the first morning, and lost above.
    `total` limits the whole horizon.
    """

    name: str
    daily: Rates = np.inf
    total: float = np.inf
    buffer: float = 0.0
    start: float = 0.0
    unit: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Storage:
    """A store at a node: amounts for `volume`, `start` and `minimum_end`, rates per day for the curves.

    `loss` is the share of what is injected that never comes out. `availability` scales both curves by period
    (0 for an outage). `kind` tells working storage from linepack, which the N-1 formula does not count.
    """

    name: str
    node: str
    volume: float
    withdrawal: Curve
    injection: Curve
    start: float
    minimum_end: float = 0.0
    loss: float = 0.0
    availability: Rates = 1.0
    kind: Literal["storage", "linepack"] = "storage"
    asset: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A network that has been checked: a constructor that returns has returned something valid.

    `demand` is a rate per day with the shape (classes, nodes, periods). `durations` holds the days of each
    period; left out, every period is a day. `label` names each node for people; empty: its code.

    Raises `NetworkError` with every problem found, not only the first.

    >>> network = Network(
    ...     name="two towns", commodity="gas", unit="GWh", classes=("homes",), nodes=("A", "B"),
    ...     demand=np.full((1, 2, 3), 10.0),
    ...     links=(Link("A-B", "A", "B", 8.0),), entries=(Entry("well", "A", 18.0),),
    ... )
    >>> network.periods, network.total_demand
    (3, 60.0)
    """

    name: str
    commodity: str
    unit: str
    classes: tuple[str, ...]
    nodes: tuple[str, ...]
    demand: Figures
    links: tuple[Link, ...] = ()
    entries: tuple[Entry, ...] = ()
    sources: tuple[Source, ...] = ()
    storages: tuple[Storage, ...] = ()
    durations: Figures = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        """Bring arrays to their shape, then refuse the network with all its problems."""
        demand = read_only(self.demand)
        object.__setattr__(self, "demand", demand)
        if demand.ndim == 3 and np.size(self.durations) == 0:
            object.__setattr__(self, "durations", np.ones(demand.shape[2]))
        object.__setattr__(self, "durations", read_only(self.durations))
        found = problems(self)
        if found:
            raise NetworkError(self.name, found)

    @property
    def periods(self) -> int:
        """Number of periods of the horizon."""
        return int(self.demand.shape[2])

    @property
    def demand_by_node(self) -> Figures:
        """Demand over the horizon in the network's unit, one figure a node."""
        total: Figures = np.einsum("cnt,t->n", self.demand, self.durations)
        return total

    @property
    def total_demand(self) -> float:
        """Demand over the horizon in the network's unit."""
        return float(self.demand_by_node.sum())

    @property
    def assets(self) -> tuple[str, ...]:
        """Names of all that can fail, sorted."""
        return tuple(sorted({asset_of(part) for part in self.parts()}))

    def parts(self) -> Iterator[Link | Entry | Storage]:
        """Everything that belongs to an asset."""
        yield from self.links
        yield from self.entries
        yield from self.storages

    def series(self, figures: Rates) -> Figures:
        """One figure for each period: a single figure is repeated."""
        return np.broadcast_to(np.asarray(figures, dtype=np.float64), (self.periods,))


def asset_of(part: Link | Entry | Storage) -> str:
    """The asset a part belongs to: its own name where none is given."""
    return part.asset or part.name


def read_only(figures: npt.ArrayLike) -> Figures:
    """A copy as numbers that nobody can change."""
    copy = np.array(figures, dtype=np.float64)
    copy.flags.writeable = False
    return copy


def without(network: Network, *assets: str, first: int = 0, last: int | None = None) -> Network:
    """The network with assets out of service in the periods `first` to `last`, the end not included.

    What lies in a storage that is out stays there.

    >>> network = Network("n", "gas", "GWh", ("homes",), ("A",), np.ones((1, 1, 2)), entries=(Entry("well", "A", 5.0),))
    >>> without(network, "well", first=1).entries[0].capacity
    array([5., 0.])
    """
    unknown = sorted(set(assets) - set(network.assets))
    if unknown:
        raise NetworkError(network.name, [f"no asset {name!r}; see Network.assets" for name in unknown])
    out = np.ones(network.periods)
    out[first:last] = 0.0

    def hit(part: Link | Entry | Storage) -> bool:
        return asset_of(part) in assets

    return replace(
        network,
        links=tuple(
            replace(link, forward=out * link.forward, backward=out * link.backward) if hit(link) else link
            for link in network.links
        ),
        entries=tuple(
            replace(one, capacity=out * one.capacity) if hit(one) else one for one in network.entries
        ),
        storages=tuple(
            replace(one, availability=out * one.availability) if hit(one) else one for one in network.storages
        ),
    )
