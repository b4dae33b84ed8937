"""How does each country stand by itself: who is its largest supplier, and how much comes from a group?

Many importers at once, each taken alone: every foreign supplier counts, other members of its bloc too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weaklink.flows import UNKNOWN_KG, Flows
from weaklink.trade.concentration import Amounts, Figures, Flags, ratio
from weaklink.trade.supply import Measure, items


@dataclass(frozen=True, slots=True)
class Alone:
    """One importer's purchases of one item, for every item and importer that has any.

    All arrays have one element for each. `item` counts items as `supply` does, `importer` and
    `supplier` index the countries of the flows. `supplier` is the largest identified one, of equals the first;
    -1 where none is known or too little of the value. `share` and `group_share` are shares in purchases from
    identified suppliers, not-a-number there. `supplier_usd` is the value bought from the largest supplier,
    `imports_usd` all that is bought.
    """

    item: npt.NDArray[np.intp]
    importer: npt.NDArray[np.int16]
    supplier: npt.NDArray[np.int64]
    share: Figures
    group_share: Figures
    supplier_usd: Amounts
    imports_usd: Amounts


def each_alone(
    flows: Flows, members: Flags, group: Flags, identified: Flags, measure: Measure, floor: float
) -> Alone:
    """Each member's purchases of each item; no figure where less than `floor` of their value is usable.

    `members`, `group` and `identified` flag countries. Two flows of one item, importer and exporter count as
    two suppliers, so `flows` must be merged.
    """
    where = np.flatnonzero(members[flows.importer] & (flows.importer != flows.exporter))
    item, importer, exporter = items(flows)[where], flows.importer[where], flows.exporter[where]
    first = np.flatnonzero(np.r_[True, (np.diff(item) > 0) | (np.diff(importer) != 0)][: len(where)])
    value, mass = flows.value_usd[where], flows.quantity_kg[where]
    usable = identified[exporter] & ((measure == "value") | (mass != UNKNOWN_KG))
    amount = np.where(usable, value if measure == "value" else mass, 0)
    total, largest = _added(amount, first), _largest(amount, first)
    enough = (_added(np.where(usable, value, 0), first) >= floor * _added(value, first)) & (total > 0)
    return Alone(
        item=item[first],
        importer=importer[first],
        supplier=np.where(enough, exporter[largest], -1),
        share=np.where(enough, ratio(amount[largest], total), np.nan),
        group_share=np.where(enough, ratio(_added(amount * group[exporter], first), total), np.nan),
        supplier_usd=value[largest],
        imports_usd=_added(value, first),
    )


def _added(amounts: Amounts, first: npt.NDArray[np.intp]) -> Amounts:
    """Sums of the runs that begin at `first`."""
    return np.add.reduceat(amounts, first) if len(first) else np.array([], dtype=np.int64)


def _largest(amounts: Amounts, first: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Where the largest amount of each run stands; of equals, the first."""
    if not len(first):
        return np.array([], dtype=np.intp)
    most = np.repeat(np.maximum.reduceat(amounts, first), np.diff(np.r_[first, len(amounts)]))
    places = np.where(amounts == most, np.arange(len(amounts)), len(amounts))
    return np.minimum.reduceat(places, first)
