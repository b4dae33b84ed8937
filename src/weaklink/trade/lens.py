"""How is each figure of a dependence computed? One short function for each declared indicator.

A figure is not-a-number where it is not defined (nothing imported, nothing exported), and where less of the
value behind it is known than the floor asks: missing data lower the coverage and never score. Each function gives
one figure for each row, a row being an item and an importer: a bloc taken as one, or a country by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from weaklink import indicators
from weaklink.flows import Flows
from weaklink.trade import concentration, origin, prices
from weaklink.trade.concentration import ratio
from weaklink.trade.runs import Amounts, Figures, Flags, Number, Runs
from weaklink.trade.supply import Market, Supply, Totals

# Our own choice, no published rule: below this share of known value a figure would describe the gaps.
COVERAGE_FLOOR = 0.8


@dataclass(frozen=True)
class Case:
    """Importers' trade, with what it is looked at with.

    `supply` was taken from `market`. `members` flags the countries of the importer, or those that are taken by
    themselves, and `group` those of the supplier group; `floor` is the least coverage at which a figure is given.
    """

    market: Market
    supply: Supply
    members: Flags
    group: Flags
    floor: float = COVERAGE_FLOOR

    @property
    def flows(self) -> Flows:
        """The flows that everything here was taken from."""
        return self.market.entries.flows

    @cached_property
    def bounds(self) -> tuple[Figures, Figures]:
        """Least and greatest share of the group by origin."""
        rows = self.supply
        return origin.group_bounds(self.market.entries, rows.imports.runs, rows.item, self.group)

    @property
    def codes(self) -> list[str]:
        """The product code of each row."""
        return [self.flows.products[index] for index in self.supply.product]

    def covered(self, *sides: Totals) -> Flags:
        """Whether every side of a row is covered enough; a side without any flow lacks nothing."""
        enough: Flags = np.logical_and.reduce(
            [side.usable_usd >= self.floor * side.value_usd for side in sides]
        )
        return enough

    def given(self, figures: Figures, *sides: Totals) -> Figures:
        """The figures where the flows behind them are covered enough, else not-a-number."""
        return np.where(self.covered(*sides), figures, np.nan)


def figures(case: Case, names: Iterable[str]) -> dict[str, Figures]:
    """Named indicators of a case, each an array with one element for each row."""
    return {name: figure(case, name) for name in names}


def figure(case: Case, name: str) -> Figures:
    """One indicator of a case; those in which no supplier group occurs are computed once."""
    return LENS[name](case) if name in GROUPED else _once(case, name, LENS[name])


def largest_supplier(case: Case) -> Amounts:
    """Index of the largest supplier of each row, -1 where there is none or too little is known."""
    return _once(case, "largest supplier", _largest_supplier)


def _largest_supplier(case: Case) -> Amounts:
    supplier, _ = concentration.largest(case.supply.imports.runs)
    return np.where(case.covered(case.supply.imports), supplier, -1)


def _once(case: Case, name: str, computed: Callable[[Case], npt.NDArray[Number]]) -> npt.NDArray[Number]:
    """What was computed of the same supply before, with the same floor; else it is computed."""
    key, known = (name, case.floor), case.supply.known
    if key not in known:
        known[key] = computed(case)
    return known[key]


def coverage(partners: Totals) -> Figures:
    """Share of the value of all flows that is in usable ones; not-a-number where there are none."""
    return ratio(partners.usable_usd, partners.value_usd)


def _of_imports(measure: Callable[[Runs], Figures]) -> Callable[[Case], Figures]:
    """A measure of concentration, taken of the imports by supplier."""
    return lambda case: case.given(measure(case.supply.imports.runs), case.supply.imports)


def _of_world(measure: Callable[[Case], Figures]) -> Callable[[Case], Figures]:
    """A measure of each item's world exports, given to every row of the item."""
    return lambda case: case.given(measure(case), case.supply.world)[case.supply.item]


def _group_share(case: Case) -> Figures:
    bought = case.supply.imports
    return case.given(concentration.group_share(bought.runs, case.group), bought)


def _group_top_share(case: Case) -> Figures:
    bought = case.supply.imports
    largest = bought.runs.groups.most(bought.runs.in_group(case.group))
    return case.given(ratio(largest, bought.runs.total), bought)


def _group_share_low(case: Case) -> Figures:
    return case.given(case.bounds[0], case.supply.imports)


def _group_share_high(case: Case) -> Figures:
    return case.given(case.bounds[1], case.supply.imports)


def _import_export_ratio(case: Case) -> Figures:
    bought, sold = case.supply.imports, case.supply.exports
    return case.given(ratio(bought.total, sold.total), bought, sold)


def _import_supply_ratio(case: Case) -> Figures:
    bought, sold, inside = case.supply.imports, case.supply.exports, case.supply.internal
    return case.given(ratio(bought.total, inside.total + sold.total), bought, sold, inside)


def _external_share(case: Case) -> Figures:
    bought, inside = case.supply.imports, case.supply.internal
    return case.given(ratio(bought.total, bought.total + inside.total), bought, inside)


def _unit_value_outliers(case: Case) -> Figures:
    bought, (outlying, judged) = case.supply.bought, case.market.outliers
    value = case.flows.value_usd[bought]
    return prices.outlying_share(value, outlying[bought], judged[bought], case.supply.purchases)


GROUPED = frozenset(
    column.name
    for column in (
        indicators.GROUP_SHARE,
        indicators.GROUP_TOP_SHARE,
        indicators.GROUP_SHARE_LOW,
        indicators.GROUP_SHARE_HIGH,
        indicators.GROUP_WORLD_SHARE,
    )
)

LENS: Mapping[str, Callable[[Case], Figures]] = MappingProxyType(
    {
        indicators.TOP_SHARE.name: _of_imports(concentration.top_share),
        indicators.THREE_LARGEST.name: _of_imports(lambda runs: concentration.concentration_ratio(runs, 3)),
        indicators.GROUP_SHARE.name: _group_share,
        indicators.GROUP_TOP_SHARE.name: _group_top_share,
        indicators.GROUP_SHARE_LOW.name: _group_share_low,
        indicators.GROUP_SHARE_HIGH.name: _group_share_high,
        indicators.GROUP_WORLD_SHARE.name: _of_world(
            lambda case: concentration.group_share(case.supply.world.runs, case.group)
        ),
        indicators.HERFINDAHL.name: _of_imports(concentration.herfindahl),
        indicators.EFFECTIVE_SUPPLIERS.name: _of_imports(concentration.effective_number),
        indicators.SUPPLIERS.name: lambda case: concentration.suppliers(case.supply.imports.runs).astype(
            np.float64
        ),
        indicators.EXTERNAL_SHARE.name: _external_share,
        indicators.IMPORT_EXPORT_RATIO.name: _import_export_ratio,
        indicators.IMPORT_SUPPLY_RATIO.name: _import_supply_ratio,
        indicators.WORLD_EXPORT_HERFINDAHL.name: _of_world(
            lambda case: concentration.herfindahl(case.supply.world.runs)
        ),
        indicators.EXPORTER_CENTRALIZATION.name: _of_world(lambda case: case.market.centralization),
        indicators.CLUSTERING.name: lambda case: case.market.clustering[case.supply.item],
        indicators.UNIT_VALUE_OUTLIERS.name: _unit_value_outliers,
        indicators.COVERAGE.name: lambda case: coverage(case.supply.imports),
        indicators.WORLD_COVERAGE.name: lambda case: coverage(case.supply.world)[case.supply.item],
    }
)
