"""How does an importer depend on suppliers of each product? All figures of one importer, item by item."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weaklink.trade import concentration
from weaklink.trade.concentration import Amounts, Figures, Flags, ratio
from weaklink.trade.supply import Partners, Supply

# Our own choice, no published rule: below this share of known value a figure would describe the gaps.
COVERAGE_FLOOR = 0.8


@dataclass(frozen=True, slots=True)
class Dependence:
    """Figures of one importer, arrays with one element per item of the supply they were computed from.

    Amounts are in dollars, or kilograms where the supply was taken by quantity. A figure is not-a-number
    where it is not defined (nothing imported, nothing exported) or where the coverage of the flows behind
    it is below the floor. `top` indexes the countries, -1 where there is no supplier.
    """

    herfindahl: Figures
    effective_suppliers: Figures
    suppliers: Amounts
    top: Amounts
    top_share: Figures
    group_share: Figures
    import_export_ratio: Figures
    external_share: Figures
    world_export_herfindahl: Figures
    coverage: Figures
    world_coverage: Figures


def dependence(supply: Supply, group: Flags, floor: float = COVERAGE_FLOOR) -> Dependence:
    """All figures of one importer; `group` flags the countries of the supplier group.

    Sources: European Commission SWD(2021)352 (herfindahl, external share, imports over exports) and CEPII
    GeoDep (concentration of world exporters). `floor` is the least coverage at which a figure is given.
    """
    bought, sold, inside = supply.imports, supply.exports, supply.internal
    top, top_share = concentration.largest(bought.amount)
    seen, seen_world = coverage(bought), coverage(supply.world)
    known = _at_least(floor, bought)
    known_ratio = _at_least(floor, bought, sold)
    known_inside = _at_least(floor, bought, inside)
    return Dependence(
        herfindahl=_where(known, concentration.herfindahl(bought.amount)),
        effective_suppliers=_where(known, concentration.effective_number(bought.amount)),
        suppliers=concentration.suppliers(bought.amount),
        top=np.where(known, top, -1),
        top_share=_where(known, top_share),
        group_share=_where(known, concentration.group_share(bought.amount, group)),
        import_export_ratio=_where(known_ratio, ratio(bought.total, sold.total)),
        external_share=_where(known_inside, ratio(bought.total, bought.total + inside.total)),
        world_export_herfindahl=_where(
            _at_least(floor, supply.world), concentration.herfindahl(supply.world.amount)
        ),
        coverage=seen,
        world_coverage=seen_world,
    )


def coverage(partners: Partners) -> Figures:
    """Share of the value of all flows that is in usable ones; not-a-number where there are none."""
    return ratio(partners.usable_usd, partners.value_usd)


def _at_least(floor: float, *sides: Partners) -> Flags:
    """Whether every side of an item is covered enough; a side without any flow lacks nothing."""
    enough: Flags = np.logical_and.reduce([side.usable_usd >= floor * side.value_usd for side in sides])
    return enough


def _where(known: Flags, figures: npt.NDArray[np.float64]) -> Figures:
    return np.where(known, figures, np.nan)
