"""What can be delivered, to whom, on which day? The least unserved demand over the horizon, then shared.

Three rules of sharing. `efficient` leaves open who goes short. `equal` spreads what cannot be avoided so that nodes are
short by the same share of their demand over the horizon, as far as capacities allow (ENTSOG's cooperative mode).
`own-first` lets a node pass on only what it does not need itself (the non-cooperative mode of the European Commission's
stress test, COM(2014) 654). Inside each node and day, better protected classes are served first in all three.

Every plan is made in full knowledge of the horizon; `rolling` shows what planners lose who do not have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from weaklink import lp
from weaklink.network.model import Figures, Network
from weaklink.network.programme import UNSERVED, Programme, programme
from weaklink.network.sharing import shared_equally
from weaklink.network.stores import kept_alike

Sharing: TypeAlias = Literal["efficient", "equal", "own-first"]
NEGLIGIBLE = 1e-6  # share of a demand below which unserved demand is rounding of the solver


@dataclass(frozen=True, slots=True, eq=False)
class Dispatch:
    """A plan for the horizon, in rates per day unless said otherwise; the last axis is the period.

    `unserved` has the shape (classes, nodes, periods). `stock` is what is in each storage at the end of the period.
    `price` is the cost of one more unit of demand at each node and period, where 1 is one more unit unserved: 0 with
    plenty of supply, 1 where every unit more goes unserved there or elsewhere.
    Flows, entries and storage levels are one plan of possibly many with the same unserved demand; see `ranges`.
    """

    network: Network
    unserved: Figures
    forward: Figures
    backward: Figures
    entry: Figures
    buffer: Figures
    withdrawal: Figures
    injection: Figures
    stock: Figures
    price: Figures
    residuals: lp.Residuals

    @property
    def unserved_by_node(self) -> Figures:
        """Unserved demand over the horizon, in the network's unit."""
        total: Figures = np.einsum("cnt,t->n", self.unserved, self.network.durations)
        return total

    @property
    def unserved_by_class(self) -> Figures:
        """Unserved demand over the horizon with the shape (classes, nodes)."""
        total: Figures = self.unserved @ self.network.durations
        return total

    @property
    def total_unserved(self) -> float:
        """Unserved demand of the whole network over the horizon."""
        return float(self.unserved_by_node.sum())

    @property
    def curtailment_rate(self) -> Figures:
        """Share of each node's demand over the horizon that is not served; not-a-number without demand."""
        return share(self.unserved_by_node, self.network.demand_by_node)

    @property
    def daily_rate(self) -> Figures:
        """Share of each node's demand that is not served, by period, with the shape (nodes, periods)."""
        return share(self.unserved.sum(axis=0), self.network.demand.sum(axis=0))

    @property
    def net_flow(self) -> Figures:
        """Flow of each link in its direction less the flow against it."""
        net: Figures = self.forward - self.backward
        return net

    def storage_share(self) -> Figures:
        """Level of all storages at each node at the end of each period, as a share of their volume there.

        Not-a-number for nodes without storage. Linepack is not counted.
        """
        stock, volume = np.zeros(self.network.demand.shape[1:]), np.zeros(len(self.network.nodes))
        for storage, level in zip(self.network.storages, self.stock, strict=True):
            if storage.kind == "storage":
                place = self.network.nodes.index(storage.node)
                stock[place] += level
                volume[place] += storage.volume
        return share(stock, volume[:, None])


def dispatch(
    network: Network, sharing: Sharing = "efficient", *, urgent: bool = False, checkpoint: int = 0
) -> Dispatch:
    """The plan with the least unserved demand, shared by a rule.

    `urgent` serves better protected classes before others at all nodes, then shares what is left by the rule. Minimum
    end levels hold after the first `checkpoint` periods too, where that is not 0.

    Raises `lp.NoSolutionError` where the solver finds no optimum that stands our check.

    >>> from weaklink.network.model import Entry, Link
    >>> network = Network(
    ...     name="two towns", commodity="gas", unit="GWh", classes=("all",), nodes=("A", "B"),
    ...     demand=np.full((1, 2, 3), 10.0),
    ...     links=(Link("A-B", "A", "B", 8.0),), entries=(Entry("well", "A", 15.0),),
    ... )
    >>> dispatch(network).total_unserved
    15.0
    >>> dispatch(network, "equal").curtailment_rate.round(3)
    array([0.25, 0.25])
    >>> dispatch(network, "own-first").curtailment_rate.round(3)
    array([0. , 0.5])
    """
    made = programme(network, own_first=sharing == "own-first", urgent=urgent, checkpoint=checkpoint)
    made = kept_alike(made)
    if sharing == "equal":
        return read(made, lp.solve(shared_equally(made)))
    return read(made, lp.solve(made.program))


def read(made: Programme, solution: lp.Solution) -> Dispatch:
    """The plan that a solution of a network's programme stands for."""
    x, network = solution.x, made.network
    values = {name: np.maximum(x[places], 0.0) for name, places in made.columns.items()}
    prices = solution.row_prices[made.rows["balance"]] / (network.durations * UNSERVED)
    unserved = values["unserved"].reshape(network.demand.shape)
    return Dispatch(
        network=network,
        unserved=np.where(unserved > NEGLIGIBLE * network.demand, unserved, 0.0),
        forward=values["forward"],
        backward=values["backward"],
        entry=values["entry"],
        buffer=values["buffer"],
        withdrawal=values["withdrawal"],
        injection=values["injection"],
        stock=values["stock"],
        price=prices,
        residuals=solution.residuals,
    )


def share(part: Figures, whole: Figures) -> Figures:
    """Part over whole; not-a-number where the whole is zero."""
    shape = np.broadcast_shapes(part.shape, whole.shape)
    found: Figures = np.divide(part, whole, out=np.full(shape, np.nan), where=whole != 0)
    return found
