"""How is each figure of a dependence computed? One short function for each declared indicator.

A figure is not-a-number where it is not defined (nothing imported, nothing exported), and where less of the
value behind it is known than the floor asks: missing data lower the coverage and never score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from weaklink import indicators
from weaklink.flows import Flows
from weaklink.trade import concentration, origin, prices, topology
from weaklink.trade.concentration import Amounts, Figures, Flags, ratio
from weaklink.trade.supply import Partners, Supply

# Our own choice, no published rule: below this share of known value a figure would describe the gaps.
COVERAGE_FLOOR = 0.8


@dataclass(frozen=True, slots=True)
class Case:
    """One importer's trade, with what it is looked at with.

    `flows` are those that `supply` was taken from; `members` flags the countries of the importer and `group`
    those of the supplier group; `floor` is the least coverage at which a figure is given.
    """

    flows: Flows
    supply: Supply
    members: Flags
    group: Flags
    floor: float = COVERAGE_FLOOR

    def covered(self, *sides: Partners) -> Flags:
        """Whether every side of an item is covered enough; a side without any flow lacks nothing."""
        enough: Flags = np.logical_and.reduce(
            [side.usable_usd >= self.floor * side.value_usd for side in sides]
        )
        return enough

    def given(self, figures: Figures, *sides: Partners) -> Figures:
        """The figures where the flows behind them are covered enough, else not-a-number."""
        return np.where(self.covered(*sides), figures, np.nan)


def figures(case: Case, names: Iterable[str]) -> dict[str, Figures]:
    """Named indicators of a case, each an array with one element per item."""
    return {name: LENS[name](case) for name in names}


def largest_supplier(case: Case) -> Amounts:
    """Index of the largest supplier of each item, -1 where there is none or too little is known."""
    place, _ = concentration.largest(case.supply.imports.amount)
    return np.where(case.covered(case.supply.imports), place, -1)


def coverage(partners: Partners) -> Figures:
    """Share of the value of all flows that is in usable ones; not-a-number where there are none."""
    return ratio(partners.usable_usd, partners.value_usd)


def _of_imports(measure: Callable[[Amounts], Figures]) -> Callable[[Case], Figures]:
    """A measure of concentration, taken of the imports by supplier."""
    return lambda case: case.given(measure(case.supply.imports.amount), case.supply.imports)


def _of_world(measure: Callable[[Amounts], Figures]) -> Callable[[Case], Figures]:
    """A measure of concentration, taken of the world's exports by exporter."""
    return lambda case: case.given(measure(case.supply.world.amount), case.supply.world)


def _top_share(amounts: Amounts) -> Figures:
    return concentration.largest(amounts)[1]


def _group_share(case: Case) -> Figures:
    bought = case.supply.imports
    return case.given(concentration.group_share(bought.amount, case.group), bought)


def _group_top_share(case: Case) -> Figures:
    bought = case.supply.imports
    largest = np.where(case.group, bought.amount, 0).max(axis=-1, initial=0)
    return case.given(ratio(largest, bought.amount.sum(axis=-1)), bought)


def _group_world_share(case: Case) -> Figures:
    world = case.supply.world
    return case.given(concentration.group_share(world.amount, case.group), world)


def _group_share_low(case: Case) -> Figures:
    return case.given(origin.group_bounds(case.flows, case.supply, case.group)[0], case.supply.imports)


def _group_share_high(case: Case) -> Figures:
    return case.given(origin.group_bounds(case.flows, case.supply, case.group)[1], case.supply.imports)


def _import_export_ratio(case: Case) -> Figures:
    bought, sold = case.supply.imports, case.supply.exports
    return case.given(ratio(bought.total, sold.total), bought, sold)


def _import_supply_ratio(case: Case) -> Figures:
    bought, sold, inside = case.supply.imports, case.supply.exports, case.supply.internal
    return case.given(ratio(bought.total, inside.total + sold.total), bought, sold, inside)


def _external_share(case: Case) -> Figures:
    bought, inside = case.supply.imports, case.supply.internal
    return case.given(ratio(bought.total, bought.total + inside.total), bought, inside)


LENS: Mapping[str, Callable[[Case], Figures]] = MappingProxyType(
    {
        indicators.TOP_SHARE.name: _of_imports(_top_share),
        indicators.THREE_LARGEST.name: _of_imports(
            lambda amounts: concentration.concentration_ratio(amounts, 3)
        ),
        indicators.GROUP_SHARE.name: _group_share,
        indicators.GROUP_TOP_SHARE.name: _group_top_share,
        indicators.GROUP_SHARE_LOW.name: _group_share_low,
        indicators.GROUP_SHARE_HIGH.name: _group_share_high,
        indicators.GROUP_WORLD_SHARE.name: _group_world_share,
        indicators.HERFINDAHL.name: _of_imports(concentration.herfindahl),
        indicators.EFFECTIVE_SUPPLIERS.name: _of_imports(concentration.effective_number),
        indicators.SUPPLIERS.name: lambda case: concentration.suppliers(case.supply.imports.amount).astype(
            np.float64
        ),
        indicators.EXTERNAL_SHARE.name: _external_share,
        indicators.IMPORT_EXPORT_RATIO.name: _import_export_ratio,
        indicators.IMPORT_SUPPLY_RATIO.name: _import_supply_ratio,
        indicators.WORLD_EXPORT_HERFINDAHL.name: _of_world(concentration.herfindahl),
        indicators.EXPORTER_CENTRALIZATION.name: lambda case: case.given(
            topology.exporter_centralization(case.flows, case.supply), case.supply.world
        ),
        indicators.CLUSTERING.name: lambda case: topology.clustering(case.flows, case.supply),
        indicators.UNIT_VALUE_OUTLIERS.name: lambda case: prices.outlying_share(
            case.flows, case.supply, case.members
        ),
        indicators.COVERAGE.name: lambda case: coverage(case.supply.imports),
        indicators.WORLD_COVERAGE.name: lambda case: coverage(case.supply.world),
    }
)
