"""Who supplies how much of each product to an importer, and what does the importer sell itself?

`market` takes all trade in some items, before anyone is singled out. `supply` takes a set of countries as one
importer: flows between its members are netted out of its imports and exports and kept apart as internal trade.
`each_alone` takes many countries at once, each by itself: every foreign supplier counts. Both have the same
fields, so that every figure is computed by one function for both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from weaklink.flows import UNKNOWN_KG, Flows
from weaklink.trade.runs import Amounts, Flags, Indices, Places, Runs, summed

Measure = Literal["value", "quantity"]
MEASURES: tuple[Measure, Measure] = ("value", "quantity")
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
        matrix[self.runs.spread(np.arange(len(self.runs))), self.runs.partner] = self.runs.amount
        return matrix


@dataclass(frozen=True, slots=True)
class Entries:
    """Flows as they are counted: in one measure, by item, an item being a product in a year.

    `first` says where each item begins in `flows`, `item` to which item each flow belongs. `amount` is in the
    measure, zero where it is not known. `known` flags the flows whose amount is known, `identified` the countries
    that are countries at all.
    """

    flows: Flows
    measure: Measure
    first: Places
    item: Places
    amount: Amounts
    known: Flags
    identified: Flags


@dataclass(frozen=True, slots=True)
class Market:
    """All trade in some items, before anyone is singled out.

    `world` has every exporter of each item; flows inside any importer count.
    """

    entries: Entries
    world: Partners


@dataclass(frozen=True, slots=True)
class Supply:
    """Importers' trade, one row for each item and importer, sorted by item.

    An importer is a bloc taken as one, with a row for every item and TOGETHER as its `importer`; or a country by
    itself, with a row for every item that it buys. `year` and `product` name the rows; `product`, `importer` and
    partners index the dictionaries of the flows they came from. `item` is the item of each row. `imports` has
    the suppliers outside the importer; `exports` goes outside; `internal` is trade between members. `world` has
    one row for each item. `bought` are the places of the import flows, `row` their rows.
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
    bought: Places
    row: Places


def market(flows: Flows, identified: Flags, measure: Measure) -> Market:
    """All trade in every item that occurs in `flows`; `identified` has a flag for each country."""
    first = starts(flows)
    entries = Entries(
        flows=flows,
        measure=measure,
        first=first,
        item=_items(flows, first),
        amount=flows.value_usd if measure == "value" else np.maximum(flows.quantity_kg, 0),
        known=np.full(len(flows), True) if measure == "value" else flows.quantity_kg != UNKNOWN_KG,
        identified=identified,
    )
    return Market(entries, _partners(entries, flows.exporter, slice(None)))


def supply(all_trade: Market, members: Flags) -> Supply:
    """The trade of an importer, the countries flagged by `members`, in every item of a market."""
    entries, flows = all_trade.entries, all_trade.entries.flows
    buys, sells = members[flows.importer], members[flows.exporter]
    bought = np.flatnonzero(buys & ~sells)
    return Supply(
        measure=entries.measure,
        item=np.arange(len(entries.first)),
        year=flows.year[entries.first],
        product=flows.product[entries.first],
        importer=np.full(len(entries.first), TOGETHER, dtype=np.int16),
        imports=_partners(entries, flows.exporter, bought),
        exports=_totals(entries, flows.importer, np.flatnonzero(sells & ~buys)),
        internal=_totals(entries, flows.exporter, np.flatnonzero(buys & sells)),
        world=all_trade.world,
        bought=bought,
        row=entries.item[bought],
    )


def customers(all_trade: Market, members: Flags) -> Partners:
    """What the countries flagged by `members` sell outside, by item and customer."""
    flows = all_trade.entries.flows
    sold = np.flatnonzero(members[flows.exporter] & ~members[flows.importer])
    return _partners(all_trade.entries, flows.importer, sold)


def each_alone(all_trade: Market, importers: Flags) -> Supply:
    """The trade of every country flagged by `importers`, each by itself, in every item that it buys.

    Every foreign supplier counts, and nothing is internal. Two flows of one item, importer and exporter count as
    two suppliers, so the flows must be merged.
    """
    entries, flows = all_trade.entries, all_trade.entries.flows
    bought = np.flatnonzero(importers[flows.importer] & (flows.importer != flows.exporter))
    item, importer = entries.item[bought], flows.importer[bought]
    begins = _changes(item, importer)
    start = np.flatnonzero(begins)
    nothing = np.zeros(len(start), dtype=np.int64)
    return Supply(
        measure=entries.measure,
        item=item[start],
        year=flows.year[bought[start]],
        product=flows.product[bought[start]],
        importer=importer[start],
        imports=_purchases(entries, bought, start),
        exports=_sales(entries).at(item[start] * len(flows.countries) + importer[start]),
        internal=Totals(nothing, nothing, nothing),
        world=all_trade.world,
        bought=bought,
        row=np.cumsum(begins) - 1,
    )


def items(flows: Flows) -> Places:
    """The number of the item that each flow belongs to, counted from 0 in sorted order."""
    return _items(flows, starts(flows))


def starts(flows: Flows) -> Places:
    """Where each item begins: flows are sorted by year and product, so an item is one run."""
    return np.flatnonzero(_changes(flows.year, flows.product))


def _items(flows: Flows, first: Places) -> Places:
    return np.repeat(np.arange(len(first)), np.diff(np.append(first, len(flows))))


def _changes(*columns: npt.NDArray[np.integer]) -> Flags:
    """Whether each element is the first, or differs in any column from the one before it."""
    begins = np.ones(len(columns[0]), dtype=np.bool_)
    if len(begins):
        begins[1:] = False
        for column in columns:
            begins[1:] |= column[1:] != column[:-1]
    return begins


def _partners(entries: Entries, partner: Indices, where: Places | slice) -> Partners:
    """The sums of some flows by item and partner, every country having its place in each run."""
    sums, count, countries = _totals(entries, partner, where), len(entries.first), len(entries.identified)
    cell = entries.item[where] * countries + partner[where]
    amount = np.where(_usable(entries, partner, where), entries.amount[where], 0)
    by_partner = summed(cell, amount, count * countries).reshape(count, countries)
    return Partners(sums.total, sums.value_usd, sums.usable_usd, Runs.of_rows(by_partner), countries)


def _totals(entries: Entries, partner: Indices, where: Places | slice) -> Totals:
    """The sums of some flows by item."""
    item, value, count = entries.item[where], entries.flows.value_usd[where], len(entries.first)
    return Totals(
        total=summed(item, entries.amount[where], count),
        value_usd=summed(item, value, count),
        usable_usd=summed(item, np.where(_usable(entries, partner, where), value, 0), count),
    )


def _usable(entries: Entries, partner: Indices, where: Places | slice) -> Flags:
    """Whether the amount of each of some flows is known and its partner identified."""
    usable: Flags = entries.known[where] & entries.identified[partner[where]]
    return usable


def _purchases(entries: Entries, bought: Places, start: Places) -> Partners:
    """Some flows as imports of the rows whose runs begin at `start`."""
    supplier, value = entries.flows.exporter[bought], entries.flows.value_usd[bought]
    usable, amount = _usable(entries, entries.flows.exporter, bought), entries.amount[bought]
    runs = Runs.at(np.where(usable, amount, 0), supplier, start)
    return Partners(
        total=runs.added(amount),
        value_usd=runs.added(value),
        usable_usd=runs.added(np.where(usable, value, 0)),
        runs=runs,
        countries=len(entries.identified),
    )


def _sales(entries: Entries) -> Totals:
    """What every country sells of every item to others: one element for each item and country."""
    flows, size = entries.flows, len(entries.first) * len(entries.identified)
    abroad = flows.importer != flows.exporter
    usable = abroad & entries.known & entries.identified[flows.importer]
    cell = entries.item * len(entries.identified) + flows.exporter
    return Totals(
        total=summed(cell, np.where(abroad, entries.amount, 0), size),
        value_usd=summed(cell, np.where(abroad, flows.value_usd, 0), size),
        usable_usd=summed(cell, np.where(usable, flows.value_usd, 0), size),
    )
