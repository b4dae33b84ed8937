"""What is left of a plan when all that flows through an asset is cancelled, from where it came to where it went?

Flows that meet are taken to mix, at nodes and in stores: each way out carries the same share of each way in (Bialek
(1996), IEE Proceedings C 143(4), 313). Marked is what comes from the asset, day by day forwards, and what goes to it,
backwards; both are taken out, and who then lacks supply goes short. Most often the outcome can be carried out as it
stands; where it cannot (a store that is lower may be slower), the check of the caller says so.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from weaklink.network.model import Figures, asset_of
from weaklink.network.programme import Programme

Marks = npt.NDArray[np.bool_]
LITTLE = 1e-9  # of a stock or a throughput: shares of less are none


class Cancelling:
    """One plan of a network, from which the flows of assets can be taken, many assets at once."""

    def __init__(self, made: Programme, x: Figures) -> None:
        """Read the plan, and how its flows mix at nodes on each day."""
        self.made, self.x, network = made, x, made.network
        place = {name: position for position, name in enumerate(network.nodes)}
        origin = np.array([place[one.origin] for one in network.links], dtype=np.int64)
        destination = np.array([place[one.destination] for one in network.links], dtype=np.int64)
        self._from, self._to = np.append(origin, destination), np.append(destination, origin)
        self._entry_at = np.array([place[one.node] for one in network.entries], dtype=np.int64)
        self._store_at = np.array([place[one.node] for one in network.storages], dtype=np.int64)
        self._kept = np.array([1 - one.loss for one in network.storages])
        plan = {name: np.maximum(x[places], 0.0) for name, places in made.columns.items()}
        self._flow = np.append(plan["forward"], plan["backward"], axis=0)
        self._entry, self._out, self._in = plan["entry"], plan["withdrawal"], plan["injection"]
        start = np.array([[one.start] for one in network.storages]).reshape(-1, 1)
        self._level = np.append(start, plan["stock"], axis=1)
        through = np.zeros((len(network.nodes), network.periods))
        for at, rate in ((self._to, self._flow), (self._entry_at, self._entry), (self._store_at, self._out)):
            np.add.at(through, at, rate)
        passed = np.zeros((network.periods, len(network.nodes), len(network.nodes)))
        for one, other, rate in zip(self._to, self._from, self._flow, strict=True):
            passed[:, one, other] += rate
        own = np.arange(len(network.nodes))
        mixing = -passed
        mixing[:, own, own] += np.where(through > LITTLE, through, 1.0).T
        self._forwards = np.linalg.inv(mixing)
        backwards = -passed.transpose(0, 2, 1)
        backwards[:, own, own] += np.where(through > LITTLE, through, 1.0).T
        self._backwards = np.linalg.inv(backwards)

    def without(self, assets: Sequence[str]) -> list[Figures]:
        """The plan without each of some assets alone, as columns of the programme."""
        network = self.made.network
        links = _marks(assets, [asset_of(one) for one in network.links] * 2)
        entries = _marks(assets, [asset_of(one) for one in network.entries])
        stores = _marks(assets, [asset_of(one) for one in network.storages])
        ahead, drawn = self._downstream(links, entries, stores)
        behind, filled = self._upstream(links, stores)
        return [
            self._left(
                links[:, k],
                entries[:, k],
                stores[:, k],
                ahead[..., k],
                drawn[..., k],
                behind[..., k],
                filled[..., k],
            )
            for k in range(len(assets))
        ]

    def _downstream(self, links: Marks, entries: Marks, stores: Marks) -> tuple[Figures, Figures]:
        """Shares that come from an asset: of what passes nodes, and of what stores give (items, periods, assets)."""
        days, count = self.made.network.durations, links.shape[1]
        at_nodes = np.zeros((len(self.made.network.nodes), len(days), count))
        drawn = np.zeros((len(self._store_at), len(days), count))
        stock = np.zeros((len(self._store_at), count))
        for day, length in enumerate(days):
            level = self._level[:, day, None]
            drawn[:, day] = np.where(
                stores, 1.0, np.divide(stock, level, out=np.zeros_like(stock), where=level > LITTLE)
            )
            marked = np.zeros((len(self.made.network.nodes), count))
            np.add.at(marked, self._to, self._flow[:, day, None] * links)
            np.add.at(marked, self._entry_at, self._entry[:, day, None] * entries)
            np.add.at(marked, self._store_at, self._out[:, day, None] * drawn[:, day])
            at_nodes[:, day] = self._forwards[day] @ marked
            came = self._kept[:, None] * self._in[:, day, None] * at_nodes[self._store_at, day]
            stock = np.maximum(
                0.0, stock + length * (came - self._out[:, day, None] * drawn[:, day] * ~stores)
            )
        return at_nodes, drawn

    def _upstream(self, links: Marks, stores: Marks) -> tuple[Figures, Figures]:
        """Shares that go to an asset: of what passes nodes, and of what is put into stores."""
        days, count = self.made.network.durations, links.shape[1]
        at_nodes = np.zeros((len(self.made.network.nodes), len(days), count))
        filled = np.zeros((len(self._store_at), len(days), count))
        later = np.zeros((len(self._store_at), count))  # share of an evening's level that goes to the asset
        for day in reversed(range(len(days))):
            # What stores put aside today goes the way of what they hold tonight, as long as nothing is drawn as well.
            filled[:, day] = np.where(stores, 1.0, later)
            marked = np.zeros((len(self.made.network.nodes), count))
            np.add.at(marked, self._from, self._flow[:, day, None] * links)
            np.add.at(marked, self._store_at, self._in[:, day, None] * filled[:, day])
            at_nodes[:, day] = self._backwards[day] @ marked
            given = days[day] * self._out[:, day, None]
            held = self._level[:, day + 1, None]
            there = held + given
            going = held * later + given * at_nodes[self._store_at, day]
            later = np.divide(going, there, out=np.zeros_like(going), where=there > LITTLE)
        return at_nodes, filled

    def _left(
        self,
        links: Marks,
        entries: Marks,
        stores: Marks,
        ahead: Figures,
        drawn: Figures,
        behind: Figures,
        filled: Figures,
    ) -> Figures:
        """The plan without what is marked; what nodes then lack goes unserved, in each class by what it had."""
        columns, network, x = self.made.columns, self.made.network, self.x.copy()
        flow = self._flow * np.maximum(0.0, 1 - ahead[self._from] - behind[self._to]) * ~links[:, None]
        entry = self._entry * np.maximum(0.0, 1 - behind[self._entry_at]) * ~entries[:, None]
        out = self._out * np.maximum(0.0, 1 - drawn - behind[self._store_at]) * ~stores[:, None]
        into = self._in * np.maximum(0.0, 1 - ahead[self._store_at] - filled) * ~stores[:, None]
        supply = np.zeros((len(network.nodes), network.periods))
        for at, rate in ((self._to, flow), (self._entry_at, entry), (self._store_at, out)):
            np.add.at(supply, at, rate)
        for at, rate in ((self._from, flow), (self._store_at, into)):
            np.add.at(supply, at, -rate)
        x[columns["forward"]], x[columns["backward"]] = np.split(flow, 2)
        x[columns["entry"]], x[columns["withdrawal"]], x[columns["injection"]] = entry, out, into
        change = network.durations * (self._kept[:, None] * into - out)
        x[columns["stock"]] = self._level[:, :1] + np.cumsum(change, axis=1)
        short = network.demand.sum(axis=0) - supply
        x[self.made.unserved] = _spread(short, np.maximum(x[self.made.unserved], 0.0), network.demand)
        return x


def _marks(assets: Sequence[str], owners: Sequence[str]) -> Marks:
    """Which part (rows) belongs to which asset (columns)."""
    return np.array([[owner == asset for asset in assets] for owner in owners], dtype=bool).reshape(
        -1, len(assets)
    )


def _spread(short: Figures, before: Figures, demand: Figures) -> Figures:
    """Unserved demand by class that adds up to `short`: what it was, and more of each class by what it still had."""
    served = np.maximum(0.0, demand - before)
    more = short - before.sum(axis=0)
    had = served.sum(axis=0)
    share = np.divide(more, had, out=np.zeros_like(more), where=had > LITTLE)
    found: Figures = before + served * share
    return found
