"""What does an importer depend on, from whom? One row per product, the most dependent first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Unpack

from weaklink import tables
from weaklink.result import Result, tabulated
from weaklink.study import caveats
from weaklink.study.question import Options, Question
from weaklink.study.setting import Setting, regime_class, set_up
from weaklink.trade.dependence import Dependence, dependence
from weaklink.trade.supply import MEASURES, Supply

CHANGE_YEARS = 5  # the trend that is shown beside a share


def screen(importer: str, year: int, **options: Unpack[Options]) -> Result:
    """How an importer depends on suppliers of each product in one year, the largest group share first.

    `importer` is a bloc expression; the options are those of `Question`. The columns are declared in
    `weaklink.tables.SCREEN`. Raises BlocError, CodeError or RequestError for what cannot be asked.

    >>> answer = screen("NATO@2022-11-30", 2022, product="271121", suppliers="RUS")
    >>> row = answer.records()[0]
    >>> row["top_supplier"], round(row["top_share"], 2)
    ('RUS', 0.49)
    """
    return screened(set_up_screen(Question(importer, year, **options)))


def set_up_screen(question: Question) -> Setting:
    """Load what a screen needs: the year asked, and the year that the trend looks back to."""
    return set_up(question, (question.year - CHANGE_YEARS,))


def screened(setting: Setting) -> Result:
    """The answer to a question that is set up already."""
    year = setting.question.year
    trade = setting.supply_in(year)
    figures = dependence(trade, setting.group_flags(year), setting.question.coverage_floor)
    before = _earlier_shares(setting, year - CHANGE_YEARS)
    records = sorted(_records(setting, trade, figures, before), key=_rank)
    return Result(
        schema=tables.SCREEN,
        table=tabulated(tables.SCREEN, records),
        caveats=caveats.of_screen(setting, trade, records),
        provenance=setting.provenance(),
    )


def _rank(record: Mapping[str, Any]) -> tuple[float, int, str]:
    """Largest group share first, then largest imports from the group; undefined shares last."""
    share = record["group_share"]
    return (1.0 if math.isnan(share) else -share, -record["group_imports_usd"], record["product"])


def _earlier_shares(setting: Setting, year: int) -> dict[str, float]:
    """Group share of each product in an earlier year, where the data have that year."""
    if year not in setting.data.years:
        return {}
    trade = setting.supply_in(year)
    figures = dependence(trade, setting.group_flags(year), setting.question.coverage_floor)
    codes = [setting.flows.products[index] for index in trade.product]
    return dict(zip(codes, figures.group_share.tolist(), strict=True))


def _records(
    setting: Setting, trade: Supply, figures: Dependence, before: Mapping[str, float]
) -> Iterator[dict[str, Any]]:
    """One record per product, in the columns of `tables.SCREEN`."""
    flows, year = setting.flows, setting.question.year
    by_value, by_quantity = (
        trade if setting.question.by == measure else setting.supply_in(year, measure) for measure in MEASURES
    )
    from_group = by_value.imports.amount[:, setting.group_flags(year)].sum(axis=-1)
    kilograms = _kilograms(by_quantity, setting.question.coverage_floor)
    for item, index in enumerate(trade.product):
        code = flows.products[index]
        top = flows.countries[figures.top[item]] if figures.top[item] >= 0 else None
        share = figures.group_share[item]
        yield {
            "product": code,
            "label": setting.data.label(code),
            "imports_usd": trade.imports.value_usd[item],
            "imports_kg": kilograms[item],
            "exports_usd": trade.exports.value_usd[item],
            "herfindahl": figures.herfindahl[item],
            "effective_suppliers": figures.effective_suppliers[item],
            "suppliers": figures.suppliers[item],
            "top_supplier": top,
            "top_share": figures.top_share[item],
            "top_regime": regime_class(top, year) if top else None,
            "group_share": share,
            "group_imports_usd": from_group[item],
            "group_share_change": share - before.get(code, math.nan),
            "import_export_ratio": figures.import_export_ratio[item],
            "external_share": figures.external_share[item],
            "world_export_herfindahl": figures.world_export_herfindahl[item],
            "coverage": figures.coverage[item],
            "world_coverage": figures.world_coverage[item],
        }


def _kilograms(by_quantity: Supply, floor: float) -> list[int | None]:
    """Imports of each product in kilograms; none where too many quantities are not reported."""
    bought = by_quantity.imports
    enough = bought.usable_usd >= floor * bought.value_usd
    return [int(total) if known else None for total, known in zip(bought.total, enough, strict=True)]
