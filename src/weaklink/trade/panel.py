"""What do all importers and any number of blocs depend on? Every figure of some items, in one pass over their flows.

This is the kernel: the screen, the definition lab, the time series and the cluster all ask it, on one machine
piece by piece, on a cluster partition by partition. A piece is any number of whole items, sorted; figures of an
item need no other item, so pieces can be taken in any order, and memory depends on the size of a piece alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt

from weaklink.flows import UNKNOWN_KG, Flows
from weaklink.trade import lens
from weaklink.trade.entries import Measure
from weaklink.trade.lens import COVERAGE_FLOOR, Case
from weaklink.trade.runs import Amounts, Figures, Flags, Indices, Number, Places, summed
from weaklink.trade.supply import Market, Supply, market, supply


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of each piece.

    `blocs` maps a label to the countries that are taken as one importer; `alone` are the countries that are
    taken each by itself. `figures` are names of indicators, `group` the supplier group, `unidentified` the codes
    of what is no country. Below the `floor` of coverage a figure is not given. Where nothing that is asked
    `weighs`, the flows come without quantities, which are quicker to read, and `imports_kg` is -1.
    """

    figures: tuple[str, ...]
    group: frozenset[str] = frozenset()
    unidentified: frozenset[str] = frozenset()
    blocs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    alone: frozenset[str] = frozenset()
    measure: Measure = "value"
    floor: float = COVERAGE_FLOOR
    weighs: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """The figures of some items; one row for each item and bloc, and for each item and country that buys any.

    `product` indexes `products`, `importer` indexes `importers`, which are the blocs and then the countries;
    `top_supplier` indexes `countries` and is -1 where there is none or too little is known. Rows are sorted by
    item, blocs first. Dollars are exact sums; `group_imports_usd` is what is bought from the supplier group.
    `imports_kg` is -1 where too many quantities are not reported. `figures` has one element a row for each
    indicator. `supplied` adds up, by country, what all rows buy from it, in the measure.
    """

    products: tuple[str, ...]
    countries: tuple[str, ...]
    importers: tuple[str, ...]
    year: Indices
    product: Indices
    importer: Places
    top_supplier: Amounts
    imports_usd: Amounts
    imports_kg: Amounts
    exports_usd: Amounts
    group_imports_usd: Amounts
    figures: Mapping[str, Figures]
    supplied: Amounts

    def __len__(self) -> int:
        return len(self.year)

    @property
    def codes(self) -> list[str]:
        """The product code of each row."""
        return [self.products[index] for index in self.product]

    @property
    def top_suppliers(self) -> list[str | None]:
        """The country code of the largest supplier of each row; none where it is not known."""
        return [self.countries[index] if index >= 0 else None for index in self.top_supplier]


def panel(flows: Flows, asked: Asked) -> Block:
    """Every asked figure of every item of `flows`, for each bloc and each country by itself.

    `flows` are sorted and hold whole items; quantities are needed for what counts kilograms. Raises ValueError
    where nobody is asked about.
    """
    return panel_of(market_of(flows, asked), asked)


def market_of(flows: Flows, asked: Asked) -> Market:
    """The market of some flows; it serves any number of questions with the same measure."""
    return market(flows, ~flows.flags(tuple(asked.unidentified)), asked.measure)


def panel_of(all_trade: Market, asked: Asked) -> Block:
    """The same of a market that was made before: what does not depend on the blocs or the group is not made again."""
    flows = all_trade.entries.flows
    cases = [_case(all_trade, asked, members, supply) for members in asked.blocs.values()]
    if asked.alone:
        cases.append(_case(all_trade, asked, asked.alone, Market.alone))
    if not cases:
        raise ValueError("nobody is asked about")
    order = np.argsort(np.concatenate([case.supply.item for case in cases]), kind="stable")

    def column(values: Callable[[Case], npt.NDArray[Number]]) -> npt.NDArray[Number]:
        return np.concatenate([values(case) for case in cases])[order]

    return Block(
        products=flows.products,
        countries=flows.countries,
        importers=(*asked.blocs, *flows.countries),
        year=column(lambda case: case.supply.year),
        product=column(lambda case: case.supply.product),
        importer=np.concatenate(_importers(cases, len(asked.blocs)))[order],
        top_supplier=column(lens.largest_supplier),
        imports_usd=column(lambda case: case.supply.imports.value_usd),
        imports_kg=column(_imports_kg if asked.weighs else _not_weighed),
        exports_usd=column(lambda case: case.supply.exports.value_usd),
        group_imports_usd=column(_group_imports_usd),
        figures={name: column(partial(lens.figure, name=name)) for name in asked.figures},
        supplied=sum(map(_supplied, cases), np.zeros(len(flows.countries), np.int64)),
    )


def _case(
    all_trade: Market, asked: Asked, members: frozenset[str], taken: Callable[[Market, Flags], Supply]
) -> Case:
    flows = all_trade.entries.flows
    inside = flows.flags(tuple(members))
    return Case(all_trade, taken(all_trade, inside), inside, flows.flags(tuple(asked.group)), asked.floor)


def _importers(cases: Sequence[Case], blocs: int) -> list[Places]:
    """The importer of each row: a bloc by its place, a country after all blocs."""
    alone = (case.supply.importer.astype(np.intp) + blocs for case in cases[blocs:])
    return [*(np.full(len(case.supply.item), place) for place, case in enumerate(cases[:blocs])), *alone]


def _group_imports_usd(case: Case) -> Amounts:
    """What each row buys from the supplier group, in dollars, whatever the measure."""
    bought, chosen = case.supply.bought, case.group & case.market.entries.identified
    value = case.flows.value_usd[bought] * chosen[case.flows.exporter[bought]]
    return case.supply.purchases.added(value)


def _not_weighed(case: Case) -> Amounts:
    return np.full(len(case.supply.item), -1, dtype=np.int64)


def _imports_kg(case: Case) -> Amounts:
    """What each row imports in kilograms; -1 where too many quantities are not reported."""
    bought, added = case.supply.bought, case.supply.purchases.added
    mass, value = case.flows.quantity_kg[bought], case.flows.value_usd[bought]
    weighed = (mass != UNKNOWN_KG) & case.market.entries.identified[case.flows.exporter[bought]]
    enough = added(value * weighed) >= case.floor * case.supply.imports.value_usd
    return np.where(enough, added(np.maximum(mass, 0)), -1)


def _supplied(case: Case) -> Amounts:
    """What all rows together buy from each country, in the measure."""
    runs = case.supply.imports.runs
    return summed(runs.partner, runs.amount, len(case.flows.countries))
