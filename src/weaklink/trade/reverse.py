"""How much do two sides lean on each other: we on the goods of a group, the group on our market?

The same trade is a share of our imports and a share of the group's exports. Who has the larger share leans more
on the other. What the group sells to us it could sell elsewhere, if others took more: `absorption`.

Source of the idea: Hirschman (1945), National Power and the Structure of Foreign Trade; Keohane and Nye (1977),
Power and Interdependence. The measures are our own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from weaklink.flows import Flows
from weaklink.trade import concentration, lens
from weaklink.trade.concentration import ratio
from weaklink.trade.lens import Case
from weaklink.trade.runs import Amounts, Figures, Flags, Runs, summed
from weaklink.trade.supply import Partners, Supply, Totals, customers, supply

ALL = "all"  # stands for a product code where all products are taken as one


@dataclass(frozen=True, slots=True)
class Exchange:
    """The trade of an importer, of a group, and of everybody else, in the same items.

    `case` is the importer's; `group` flags the countries of the group without those of the importer: a country
    that belongs to both is the importer's, here as in every netting. `theirs` is the trade of the group taken
    as one, `others` that of all remaining countries taken as one; `customers` are those of the importer,
    `their_customers` those of the group.
    """

    case: Case
    group: Flags
    theirs: Supply
    others: Supply
    customers: Partners
    their_customers: Partners

    @property
    def bought_usd(self) -> Amounts:
        """What the importer buys from the group, in dollars: the group's sales to it."""
        return self._value(self.case.members, self.group)

    @property
    def sold_usd(self) -> Amounts:
        """What the importer sells to the group, in dollars."""
        return self._value(self.group, self.case.members)

    @property
    def others_imports_usd(self) -> Amounts:
        """All imports of countries outside the importer and the group, in dollars; among each other too."""
        return self.others.imports.value_usd + self.others.internal.value_usd

    def _value(self, buyers: Flags, sellers: Flags) -> Amounts:
        flows = self.case.flows
        chosen = buyers[flows.importer] & sellers[flows.exporter]
        return summed(self.case.market.entries.item[chosen], flows.value_usd[chosen], len(self.theirs.year))


def exchange(case: Case) -> Exchange:
    """What the importer and the group of a case trade with each other and with everybody else."""
    group = case.group & ~case.members
    return Exchange(
        case=case,
        group=group,
        theirs=supply(case.market, group),
        others=supply(case.market, ~(case.members | group)),
        customers=customers(case.market, case.members),
        their_customers=customers(case.market, group),
    )


def as_one_product(flows: Flows) -> Flows:
    """The same flows with all products of a year as one, called `all`; sums over it are sums over products."""
    return replace(flows, products=(ALL,), product=np.zeros_like(flows.product))


def figures(trade: Exchange) -> dict[str, Figures]:
    """Every figure of an exchange by its name in `tables.REVERSE`, each with one element per item."""
    return {name: figure(trade) for name, figure in FIGURES.items()}


def group_share(trade: Exchange) -> Figures:
    """Share of the group in the importer's imports: the figure of the screen."""
    return lens.figures(trade.case, ["group_share"])["group_share"]


def market_share(trade: Exchange) -> Figures:
    """Share of the group's exports outside itself that goes to the importer: its dependence on that market."""
    sold = trade.their_customers
    return trade.case.given(concentration.group_share(sold.runs, trade.case.members), sold)


def supplied_share(trade: Exchange) -> Figures:
    """Share of the importer's members in the group's imports from outside itself."""
    bought = trade.theirs.imports
    return trade.case.given(concentration.group_share(bought.runs, trade.case.members), bought)


def export_share(trade: Exchange) -> Figures:
    """Share of the group in the importer's exports: the importer's dependence on that market."""
    sold = trade.customers
    return trade.case.given(concentration.group_share(sold.runs, trade.group), sold)


def other_importers(trade: Exchange) -> Figures:
    """Number of countries, the importer's aside, that buy the item from the group."""
    return concentration.suppliers(Runs.of_rows(_customers(trade)[:, 1:])).astype(np.float64)


def customer_herfindahl(trade: Exchange) -> Figures:
    """Concentration of the group's customers, the importer being one and every other country by itself."""
    index = concentration.herfindahl(Runs.of_rows(_customers(trade)))
    return trade.case.given(index, trade.theirs.exports)


def absorption(trade: Exchange) -> Figures:
    """By what share everybody else's imports would have to grow to take what the importer buys of the group."""
    sold, others = trade.their_customers, trade.others
    needed = sold.amount[:, trade.case.members].sum(axis=-1)
    return trade.case.given(
        ratio(needed, others.imports.total + others.internal.total), sold, others.imports, others.internal
    )


def mutual_dependence(trade: Exchange) -> Figures:
    """The dependence that both sides have: the smaller of `group_share` and `market_share`."""
    return np.minimum(group_share(trade), market_share(trade))


def balance(trade: Exchange) -> Figures:
    """Above zero the importer leans more on the group's goods than the group on its market, below zero less."""
    return group_share(trade) - market_share(trade)


def supply_balance(trade: Exchange) -> Figures:
    """Above zero the importer takes more of its imports from the group than the group of its own from it."""
    return group_share(trade) - supplied_share(trade)


def _customers(trade: Exchange) -> Amounts:
    """What the group sells to the importer, in the first column, and to each other country."""
    sold, members = trade.their_customers.amount, trade.case.members
    return np.column_stack((sold[:, members].sum(axis=-1), sold[:, ~members]))


def _coverage_of(side: Callable[[Exchange], Totals]) -> Callable[[Exchange], Figures]:
    return lambda trade: lens.coverage(side(trade))


FIGURES: Mapping[str, Callable[[Exchange], Figures]] = MappingProxyType(
    {
        "group_share": group_share,
        "market_share": market_share,
        "balance": balance,
        "mutual_dependence": mutual_dependence,
        "other_importers": other_importers,
        "customer_herfindahl": customer_herfindahl,
        "absorption": absorption,
        "supplied_share": supplied_share,
        "supply_balance": supply_balance,
        "export_share": export_share,
        "coverage": _coverage_of(lambda trade: trade.case.supply.imports),
        "market_coverage": _coverage_of(lambda trade: trade.theirs.exports),
    }
)
