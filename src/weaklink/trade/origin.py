"""Between which bounds does the true origin lie, when suppliers pass goods on?

Trade data name the country that shipped, or at best the one last worked in; a hub may only pass goods on. How
much of a supplier's goods may come from a group is bounded by what it imports itself.
"""

from __future__ import annotations

import numpy as np

from weaklink.flows import Flows
from weaklink.trade.concentration import Amounts, Figures, Flags, ratio
from weaklink.trade.supply import Supply, items, summed


def group_bounds(flows: Flows, supply: Supply, group: Flags) -> tuple[Figures, Figures]:
    """Least and greatest share of a group by origin in the imports of each item.

    Least: each supplier in the group is taken to pass on first all that it imports from outside the group.
    Greatest: each supplier outside the group is taken to pass on first all that it imports from the group.
    Both are shares of imports from identified suppliers, in the measure of the supply; the plain
    share of the group lies between them. They assume that no one passes on more than it imports in the year.
    """
    bought = supply.imports.amount
    from_group = _imports_of_suppliers(flows, supply, group[flows.exporter])
    from_others = _imports_of_suppliers(flows, supply, ~group[flows.exporter])
    total = bought.sum(axis=-1)
    least = np.where(group, np.maximum(bought - from_others, 0), 0).sum(axis=-1)
    greatest = np.where(group, bought, np.minimum(bought, from_group)).sum(axis=-1)
    return ratio(least, total), ratio(greatest, total)


def _imports_of_suppliers(flows: Flows, supply: Supply, chosen: Flags) -> Amounts:
    """What each country itself imports of each item in the chosen flows: items × countries."""
    cell = items(flows) * len(flows.countries) + flows.importer
    amounts = flows.value_usd if supply.measure == "value" else np.maximum(flows.quantity_kg, 0)
    shape = supply.imports.amount.shape
    return summed(cell[chosen], amounts[chosen], shape[0] * shape[1]).reshape(shape)
