"""What does an importer depend on, from whom? One row per product, the most dependent first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Unpack

from weaklink import tables
from weaklink.columns import TableSchema
from weaklink.indicators import INDICATORS
from weaklink.result import Result, tabulated
from weaklink.study import caveats
from weaklink.study.question import Options, Question
from weaklink.study.setting import Setting, regime_class, set_up
from weaklink.trade.lens import Case, figures, largest_supplier

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
    case, schema = setting.case_in(year), _schema(setting.question)
    found = sorted(_records(setting, case, schema), key=_rank)
    return Result(
        schema=schema,
        table=tabulated(schema, found),
        caveats=caveats.of_screen(setting, case.supply, found),
        provenance=setting.provenance(),
    )


def _rank(record: Mapping[str, Any]) -> tuple[float, int, str]:
    """Largest group share first, then largest imports from the group; undefined shares last."""
    share = record["group_share"]
    return (1.0 if math.isnan(share) else -share, -record["group_imports_usd"], record["product"])


def _schema(question: Question) -> TableSchema:
    """The columns of the screen, then the further indicators that were asked for."""
    basic = tables.SCREEN
    more = (INDICATORS[name] for name in question.named_indicators() if name not in basic.names)
    return TableSchema(basic.name, basic.row, (*basic.columns, *more))


def _records(setting: Setting, case: Case, schema: TableSchema) -> Iterator[dict[str, Any]]:
    """One record per product, in the columns of the schema."""
    year, supply = setting.question.year, case.supply
    shown = figures(case, INDICATORS.keys() & set(schema.names))
    earlier = _earlier_shares(setting, year - CHANGE_YEARS)
    from_group = setting.case_in(year, "value").supply.imports.amount[:, case.group].sum(axis=-1)
    kilograms = _kilograms(setting.case_in(year, "quantity"))
    for item, (code, top) in enumerate(
        zip(setting.codes(supply), setting.names(largest_supplier(case)), strict=True)
    ):
        share = shown["group_share"][item]
        yield {
            "product": code,
            "label": setting.data.label(code),
            "imports_usd": supply.imports.value_usd[item],
            "imports_kg": kilograms[item],
            "exports_usd": supply.exports.value_usd[item],
            "top_supplier": top,
            "top_regime": regime_class(top, year) if top else None,
            "group_imports_usd": from_group[item],
            "group_share_change": share - earlier.get(code, math.nan),
            **{name: figure[item] for name, figure in shown.items()},
        }


def _earlier_shares(setting: Setting, year: int) -> dict[str, float]:
    """Group share of each product in an earlier year, where the data have that year."""
    if year not in setting.data.years:
        return {}
    case = setting.case_in(year)
    shares = figures(case, ["group_share"])["group_share"]
    return dict(zip(setting.codes(case.supply), shares.tolist(), strict=True))


def _kilograms(by_quantity: Case) -> list[int | None]:
    """Imports of each product in kilograms; none where too many quantities are not reported."""
    bought = by_quantity.supply.imports
    enough = by_quantity.covered(bought)
    return [int(total) if known else None for total, known in zip(bought.total, enough, strict=True)]
