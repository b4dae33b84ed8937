"""Who supplies how much of each product to an importer, and what does the importer sell itself?

`market` takes all trade in some items, before anyone is singled out. `supply` takes a set of countries as one
importer: flows between its members are netted out of its imports and exports and kept apart as internal trade.
`each_alone` takes many countries at once, each by itself: every foreign supplier counts. Both have the same
fields, so that every figure is computed by one function for both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from weaklink.flows import Flows
from weaklink.trade import prices, topology
from weaklink.trade.entries import Entries, Measure, by_item, changes
from weaklink.trade.runs import Amounts, Figures, Flags, Groups, Indices, Places, Runs, summed

TOGETHER = -1  # stands for an importer that is a set of countries


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over one side of trade, one for each row.

    `total` is in the measure and counts partners that are not identified too. `value_usd` counts all flows of
    the side, `usable_usd` the usable ones, in dollars: the partner is identified and the quantity, where it is
    asked for, reported.
    """

    total: Amounts
    value_usd: Amounts
    usable_usd: Amounts

    def at(self, rows: Places) -> Totals:
        """The sums of some rows."""
        return Totals(self.total[rows], self.value_usd[rows], self.usable_usd[rows])


@dataclass(frozen=True, slots=True)
class Partners(Totals):
    """One side of trade by partner as well: runs of usable amounts in dollars or kilograms, one for each row."""

    runs: Runs
    countries: int

    @property
    def amount(self) -> Amounts:
        """The usable amounts as rows × countries."""
        matrix = np.zeros((len(self.runs), self.countries), dtype=np.int64)
        matrix[self.runs.groups.spread(np.arange(len(self.runs))), self.runs.partner] = self.runs.amount
        return matrix


@dataclass(frozen=True)
class Market:
    """All trade in some items, before anyone is singled out.

    `world` has every exporter of each item; flows inside any importer count. What holds for the market as a whole
    is computed once, whoever asks.
    """

    entries: Entries
    world: Partners
    _alone: dict[bytes, Supply] = field(default_factory=dict, repr=False, compare=False)

    def alone(self, importers: Flags) -> Supply:
        """The trade of every country flagged by `importers`, each by itself; see `each_alone`."""
        key = importers.tobytes()
        if key not in self._alone:
            self._alone[key] = each_alone(self, importers)
        return self._alone[key]

    @cached_property
    def centralization(self) -> Figures:
        """How far the exports of each item hang on one exporter."""
        return topology.exporter_centralization(self.entries, self.world.runs)

    @cached_property
    def clustering(self) -> Figures:
        """How far the traders of each item fall into groups."""
        return topology.clustering(self.entries)

    @cached_property
    def outliers(self) -> tuple[Flags, Flags]:
        """For each flow whether its price is far from the others', and whether it can be judged at all."""
        return prices.outliers(self.entries)


@dataclass(frozen=True, slots=True)
class Supply:
    """Importers' trade, one row for each item and importer, sorted by item.

    An importer is a bloc taken as one, with a row for every item and TOGETHER as its `importer`; or a country by
    itself, with a row for every item that it buys. `year` and `product` name the rows; `product`, `importer` and
    partners index the dictionaries of the flows they came from. `item` is the item of each row. `imports` has
    the suppliers outside the importer; `exports` goes outside; `internal` is trade between members. `world` has
    one row for each item. `bought` are the places of the import flows, and `purchases` those of each row. `known`
    keeps figures that were computed before, for whoever asks again.
    """

    measure: Measure
    item: Places
    year: Indices
    product: Indices
    importer: Indices
    imports: Partners
    exports: Totals
    internal: Totals
    world: Partners
    bought: Places | slice
    purchases: Groups
    known: dict[object, npt.NDArray[Any]] = field(default_factory=dict, repr=False, compare=False)


def market(flows: Flows, identified: Flags, measure: Measure) -> Market:
    """All trade in every item that occurs in `flows`; `identified` has a flag for each country."""
    entries = Entries(flows, measure, by_item(flows), identified)
    return Market(entries, _partners(entries, flows.exporter, slice(None)))


def supply(all_trade: Market, members: Flags) -> Supply:
    """The trade of an importer, the countries flagged by `members`, in every item of a market."""
    entries, flows = all_trade.entries, all_trade.entries.flows
    buys, sells = members[flows.importer], members[flows.exporter]
    bought = np.flatnonzero(buys > sells)
    first = entries.groups.start
    return Supply(
        measure=entries.measure,
        item=np.arange(len(first)),
        year=flows.year[first],
        product=flows.product[first],
        importer=np.full(len(first), TOGETHER, dtype=np.int16),
        imports=_partners(entries, flows.exporter, bought),
        exports=_totals(entries, flows.importer, np.flatnonzero(sells > buys)),
        internal=_totals(entries, flows.exporter, np.flatnonzero(buys & sells)),
        world=all_trade.world,
        bought=bought,
        purchases=_by_item(entries, bought),
    )


def customers(all_trade: Market, members: Flags) -> Partners:
    """What the countries flagged by `members` sell outside, by item and customer."""
    flows = all_trade.entries.flows
    sold = np.flatnonzero(members[flows.exporter] > members[flows.importer])
    return _partners(all_trade.entries, flows.importer, sold)


def each_alone(all_trade: Market, importers: Flags) -> Supply:
    """The trade of every country flagged by `importers`, each by itself, in every item that it buys.

    Every foreign supplier counts, and nothing is internal. Two flows of one item, importer and exporter count as
    two suppliers, so the flows must be merged.
    """
    entries, flows = all_trade.entries, all_trade.entries.flows
    chosen = importers[flows.importer] & (flows.importer != flows.exporter)
    bought: Places | slice = slice(None) if chosen.all() else np.flatnonzero(chosen)
    start = np.flatnonzero(changes(entries.item[bought], flows.importer[bought]))
    item, importer = entries.item[bought][start], flows.importer[bought][start]
    purchases = Groups(start, int(np.count_nonzero(chosen)))
    nothing = np.zeros(len(start), dtype=np.int64)
    return Supply(
        measure=entries.measure,
        item=item,
        year=flows.year[bought][start],
        product=flows.product[bought][start],
        importer=importer,
        imports=_purchases(entries, bought, purchases),
        exports=_sales(all_trade).at(item * len(flows.countries) + importer),
        internal=Totals(nothing, nothing, nothing),
        world=all_trade.world,
        bought=bought,
        purchases=purchases,
    )


def _by_item(entries: Entries, where: Places | slice) -> Groups:
    """Some flows, in order, as runs of each item."""
    if isinstance(where, slice):
        return entries.groups
    return Groups(np.searchsorted(where, entries.groups.start), len(where))


def _partners(entries: Entries, partner: Indices, where: Places | slice) -> Partners:
    """The sums of some flows by item and partner, every country having its place in each run."""
    sums, count, countries = _totals(entries, partner, where), len(entries.groups), len(entries.identified)
    cell = entries.item[where] * countries + partner[where]
    amount = _usable(entries, partner, where, entries.amount[where])
    by_partner = summed(cell, amount, count * countries).reshape(count, countries)
    return Partners(sums.total, sums.value_usd, sums.usable_usd, Runs.of_rows(by_partner), countries)


def _totals(entries: Entries, partner: Indices, where: Places | slice) -> Totals:
    """The sums of some flows by item."""
    return _sums(entries, partner, where, _by_item(entries, where))


def _sums(entries: Entries, partner: Indices, where: Places | slice, rows: Groups) -> Totals:
    """The sums of some flows by row."""
    value = entries.flows.value_usd[where]
    value_usd = rows.added(value)
    return Totals(
        total=value_usd if entries.measure == "value" else rows.added(entries.amount[where]),
        value_usd=value_usd,
        usable_usd=value_usd if entries.complete else rows.added(_usable(entries, partner, where, value)),
    )


def _usable(entries: Entries, partner: Indices, where: Places | slice, amounts: Amounts) -> Amounts:
    """Amounts of some flows, with zero where the amount is not known or the partner not identified."""
    if entries.complete:
        return amounts
    return amounts * (entries.known[where] & entries.identified[partner[where]])


def _purchases(entries: Entries, bought: Places | slice, rows: Groups) -> Partners:
    """Some flows as imports of the rows that they are grouped by."""
    supplier = entries.flows.exporter
    sums = _sums(entries, supplier, bought, rows)
    amount = _usable(entries, supplier, bought, entries.amount[bought])
    runs = Runs(rows, amount, supplier[bought])
    return Partners(sums.total, sums.value_usd, sums.usable_usd, runs, len(entries.identified))


def _sales(all_trade: Market) -> Totals:
    """What every country sells of every item to others: one element for each item and country."""
    entries, flows = all_trade.entries, all_trade.entries.flows
    abroad = flows.importer != flows.exporter
    if entries.complete and entries.measure == "value" and abroad.all():
        sold = all_trade.world.runs.amount
        return Totals(sold, sold, sold)
    size = len(entries.groups) * len(entries.identified)
    cell, everything = entries.item * len(entries.identified) + flows.exporter, slice(None)
    return Totals(
        total=summed(cell, entries.amount * abroad, size),
        value_usd=summed(cell, flows.value_usd * abroad, size),
        usable_usd=summed(cell, _usable(entries, flows.importer, everything, flows.value_usd) * abroad, size),
    )
