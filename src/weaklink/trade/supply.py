"""Who supplies how much of each product to an importer, and what does the importer sell itself?

An importer is a set of countries. Flows between its members are netted out of its imports and exports and
kept apart as internal trade.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from weaklink.flows import UNKNOWN_KG, Flows

Measure = Literal["value", "quantity"]
MEASURES: tuple[Measure, Measure] = ("value", "quantity")
Amounts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Partners:
    """Amounts of each item by partner, and how much of the value they stand for.

    `amount` is items × countries, in dollars or kilograms, usable flows only: the partner is identified
    and the quantity, where it is asked for, reported. `total` is one per item and counts partners that are
    not identified too. `value_usd` counts all flows of the item, `usable_usd` the usable ones, in dollars.
    """

    amount: Amounts
    total: Amounts
    value_usd: Amounts
    usable_usd: Amounts


@dataclass(frozen=True, slots=True)
class Supply:
    """One importer's trade in each item, an item being a product in a year; amounts are in one measure.

    `year` and `product` name the items, sorted; `product` and the columns of amounts index the
    dictionaries of the flows they came from. `imports` has suppliers outside the importer as columns,
    `exports` its customers outside, `internal` its members as suppliers of each other, `world` every
    exporter of the item, its flows inside the importer included.
    """

    measure: Measure
    year: npt.NDArray[np.int16]
    product: npt.NDArray[np.int16]
    imports: Partners
    exports: Partners
    internal: Partners
    world: Partners


def supply(flows: Flows, members: Flags, identified: Flags, measure: Measure) -> Supply:
    """The trade of an importer in every item that occurs in `flows`.

    `members` flags the countries of the importer, `identified` those that are countries at all; both have
    one element per country of the dictionary of `flows`.
    """
    first, item = starts(flows), items(flows)
    buys, sells = members[flows.importer], members[flows.exporter]
    shape = (len(first), len(flows.countries))

    def by(partner: npt.NDArray[np.int16], where: Flags) -> Partners:
        return _partners(flows, item, partner, where, identified, measure, shape)

    return Supply(
        measure=measure,
        year=flows.year[first],
        product=flows.product[first],
        imports=by(flows.exporter, buys & ~sells),
        exports=by(flows.importer, sells & ~buys),
        internal=by(flows.exporter, buys & sells),
        world=by(flows.exporter, np.ones(len(flows), dtype=np.bool_)),
    )


def items(flows: Flows) -> npt.NDArray[np.intp]:
    """The number of the item that each flow belongs to, counted from 0 in sorted order."""
    first = starts(flows)
    return np.repeat(np.arange(len(first)), np.diff(np.r_[first, len(flows)]))


def starts(flows: Flows) -> npt.NDArray[np.intp]:
    """Where each item begins: flows are sorted by year and product, so an item is one run."""
    if not len(flows):
        return np.array([], dtype=np.intp)
    changes = (flows.year[1:] != flows.year[:-1]) | (flows.product[1:] != flows.product[:-1])
    return np.flatnonzero(np.r_[True, changes])


def _partners(
    flows: Flows,
    item: npt.NDArray[np.intp],
    partner: npt.NDArray[np.int16],
    where: Flags,
    identified: Flags,
    measure: Measure,
    shape: tuple[int, int],
) -> Partners:
    by_value = measure == "value"
    amounts = flows.value_usd if by_value else flows.quantity_kg
    measured = where if by_value else where & (flows.quantity_kg != UNKNOWN_KG)
    usable = measured & identified[partner]
    cell = item * shape[1] + partner
    return Partners(
        amount=summed(cell[usable], amounts[usable], shape[0] * shape[1]).reshape(shape),
        total=summed(item[measured], amounts[measured], shape[0]),
        value_usd=summed(item[where], flows.value_usd[where], shape[0]),
        usable_usd=summed(item[usable], flows.value_usd[usable], shape[0]),
    )


def summed(place: npt.NDArray[np.intp], amounts: Amounts, size: int) -> Amounts:
    """Integer sums by place; exact, unlike a histogram with weights, which adds doubles."""
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, place, amounts)
    return total
