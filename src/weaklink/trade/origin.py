"""Between which bounds does the true origin lie, when suppliers pass goods on?

Trade data name the country that shipped, or at best the one last worked in; a hub may only pass goods on. How
much of a supplier's goods may come from a group is bounded by what it imports itself.
"""

from __future__ import annotations

import numpy as np

from weaklink.trade.concentration import ratio
from weaklink.trade.entries import Entries
from weaklink.trade.runs import Amounts, Figures, Flags, Places, Runs, summed


def group_bounds(entries: Entries, imports: Runs, item: Places, group: Flags) -> tuple[Figures, Figures]:
    """Least and greatest share of a group by origin in the imports of each row; `item` is the item of each.

    Least: each supplier in the group is taken to pass on first all that it imports from outside the group.
    Greatest: each supplier outside the group is taken to pass on first all that it imports from the group.
    Both are shares of imports from identified suppliers, in the measure of the entries; the plain
    share of the group lies between them. They assume that no one passes on more than it imports in the year.
    """
    sold_by_group = group[entries.flows.exporter]
    supplier = imports.groups.spread(item) * len(group) + imports.partner
    from_group = _imported(entries, entries.amount * sold_by_group)[supplier]
    from_others = _imported(entries, entries.amount * ~sold_by_group)[supplier]
    bought, inside = imports.amount, group[imports.partner]
    least = np.maximum(bought - from_others, 0) * inside
    greatest = np.where(inside, bought, np.minimum(bought, from_group))
    low, high = (ratio(imports.groups.added(part), imports.total) for part in (least, greatest))
    return low, high


def _imported(entries: Entries, amounts: Amounts) -> Amounts:
    """What each country itself imports of each item of some amounts: one element for each item and country."""
    countries = len(entries.identified)
    cell = entries.item * countries + entries.flows.importer
    return summed(cell, amounts, len(entries.groups) * countries)
