"""Which single outages need no solving, because what they cost at least and at most is the same?

At most: the plan of the whole network with all that flows through the asset cancelled (`cancelled`), checked as every
solution is. At least: weak duality with the prices of the whole network, where unserved demand alone counts. Rows that
bind only the asset itself (stock and curves of a store, arrivals of a terminal's own ships) have no say while it is
out, so that their prices are taken as zero. The two meet where supply was short on all the asset's ways, or where the
plan does not use it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from weaklink import lp
from weaklink.network.cancelled import Cancelling
from weaklink.network.model import Entry, Figures, Link, Storage, asset_of
from weaklink.network.programme import UNSERVED, Places, Programme, curve_lines

UNUSED = 1e-9  # a rate below is no use of an asset


class OutageBounds:
    """Bounds on the unserved demand of single outages, from the optimum of the whole network."""

    def __init__(self, made: Programme, pure: lp.Program, x: Figures, prices: Figures) -> None:
        """`x` is a plan of the whole, `pure` the programme that counts unserved demand alone, with row prices of it."""
        self.made, self._pure, self._x, self._prices = made, pure, x, prices
        self._rows = _rows_by_storage(made)
        self._least: dict[str, float] = {}

    def met(self, assets: Sequence[str], x: Figures | None = None) -> Mapping[str, Figures]:
        """Plans of those outages whose bounds meet, by asset: checked, and proven to leave the least unserved.

        `x` is another plan of the whole network to start from.
        """
        x = self._x if x is None else x
        before, brought = self.unserved(x), {asset: self.brings(asset, x) for asset in assets}
        hopeful = [asset for asset in assets if _meet(self.least(asset), before + brought[asset])]
        unused = [asset for asset in hopeful if x[self.made.of_asset(asset)].max(initial=0.0) < UNUSED]
        used = sorted(set(hopeful) - set(unused))
        plans = dict.fromkeys(unused, x)
        if used:
            plans |= zip(used, Cancelling(self.made, x).without(used), strict=True)
        return {asset: plan for asset, plan in plans.items() if self._stands(asset, plan)}

    def may_be_free(self, asset: str) -> bool:
        """Whether nothing says that the loss of an asset costs anything."""
        return _meet(self.least(asset), self.unserved(self._x))

    def _stands(self, asset: str, plan: Figures) -> bool:
        """Whether a plan can be carried out without an asset, and leaves no more unserved than must be."""
        fits = lp.violation(self._without(asset), plan) <= lp.PRIMAL_TOLERANCE
        return fits and _meet(self.least(asset), self.unserved(plan))

    def least(self, asset: str) -> float:
        """What goes unserved at least without an asset."""
        if asset not in self._least:
            prices = self._prices.copy()
            prices[self._own_rows(asset)] = 0.0
            self._least[asset] = lp.proven_bound(self._without(asset), prices) / UNSERVED
        return self._least[asset]

    def brings(self, asset: str, x: Figures) -> float:
        """What an asset brings over the horizon in a plan: what links carry, entries feed in and stores give."""
        rates = x[self.ways(asset)].clip(min=0).reshape(-1, self.made.network.periods)
        return float((rates @ self.made.network.durations).sum())

    def ways(self, asset: str) -> Places:
        """Columns by which an asset brings something, one period after another."""
        network, found = self.made.network, [np.empty(0, dtype=np.int64)]
        parts: tuple[tuple[Sequence[Link | Entry | Storage], tuple[str, ...]], ...] = (
            (network.links, ("forward", "backward")),
            (network.entries, ("entry",)),
            (network.storages, ("withdrawal",)),
        )
        for those, names in parts:
            places = [place for place, one in enumerate(those) if asset_of(one) == asset]
            found += [self.made.columns[name][places].ravel() for name in names]
        return np.concatenate(found)

    def unserved(self, x: Figures) -> float:
        """Unserved demand of a plan over the horizon."""
        return float((np.maximum(x[self.made.unserved], 0.0) @ self.made.network.durations).sum())

    def _without(self, asset: str) -> lp.Program:
        upper = self._pure.upper.copy()
        upper[self.made.of_asset(asset)] = 0.0
        return replace(self._pure, upper=upper)

    def _own_rows(self, asset: str) -> Places:
        """Rows that bind nothing but an asset: of its stores, and of sources all of whose entries are its own."""
        network, rows = self.made.network, self.made.rows
        found = [self._rows[place] for place, one in enumerate(network.storages) if asset_of(one) == asset]
        others = {one.source for one in network.entries if asset_of(one) != asset}
        for place, source in enumerate(network.sources):
            if source.name not in others:
                found += [rows["source"][place], rows["total"][place]]
        return np.concatenate([np.empty(0, dtype=np.int64), *found])


def _rows_by_storage(made: Programme) -> list[Places]:
    """The rows of each storage: its stock, and each line of its curves."""
    found = [[rows] for rows in made.rows["stock"]]
    for way in ("withdrawal", "injection"):
        owners, _, _ = curve_lines(made.network, way)
        for place, rows in zip(owners, made.rows[way], strict=True):
            found[place].append(rows)
    return [np.concatenate(rows) for rows in found]


def _meet(low: float, high: float) -> bool:
    """Whether two bounds are the same, by the measure of every solution."""
    return high - low <= lp.GAP_TOLERANCE * (1 + abs(high))
