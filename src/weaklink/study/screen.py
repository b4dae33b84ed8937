"""What does an importer depend on, from whom? One row per product, the most dependent first."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Unpack

from weaklink import tables
from weaklink.columns import TableSchema
from weaklink.indicators import INDICATORS
from weaklink.result import Result, tabulated
from weaklink.study import caveats
from weaklink.study.question import Options, Question
from weaklink.study.setting import Setting, regime_class, set_up
from weaklink.trade.panel import Block

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
    return screened(set_up(Question(importer, year, **options)))


def screened(setting: Setting) -> Result:
    """The answer to a question that is set up already."""
    schema = _schema(setting.question)
    blocks = setting.blocks(setting.question.year, INDICATORS.keys() & set(schema.names))
    found = sorted(_records(setting, blocks), key=_rank)
    return Result(
        schema=schema,
        table=tabulated(schema, found),
        caveats=caveats.of_screen(setting, supplied(blocks), found),
        provenance=setting.provenance(),
    )


def supplied(blocks: Sequence[Block]) -> dict[str, int]:
    """What is bought of each country in all products together, in the measure."""
    found: dict[str, int] = defaultdict(int)
    for block in blocks:
        for code, amount in zip(block.countries, block.supplied.tolist(), strict=True):
            found[code] += amount
    return found


def _rank(record: Mapping[str, Any]) -> tuple[float, int, str]:
    """Largest group share first, then largest imports from the group; undefined shares last."""
    share = record["group_share"]
    return (1.0 if math.isnan(share) else -share, -record["group_imports_usd"], record["product"])


def _schema(question: Question) -> TableSchema:
    """The columns of the screen, then the further indicators that were asked for."""
    basic = tables.SCREEN
    more = (INDICATORS[name] for name in question.named_indicators() if name not in basic.names)
    return TableSchema(basic.name, basic.row, (*basic.columns, *more))


def _records(setting: Setting, blocks: Sequence[Block]) -> Iterator[dict[str, Any]]:
    """One record per product, in the columns of the screen and of the figures that the blocks have."""
    year = setting.question.year
    earlier = _earlier_shares(setting, year - CHANGE_YEARS)
    for block in blocks:
        kilograms = block.imports_kg.tolist()
        for item, (code, top) in enumerate(zip(block.codes, block.top_suppliers, strict=True)):
            yield {
                "product": code,
                "label": setting.data.label(code),
                "imports_usd": block.imports_usd[item],
                "imports_kg": kilograms[item] if kilograms[item] >= 0 else None,
                "exports_usd": block.exports_usd[item],
                "top_supplier": top,
                "top_regime": regime_class(top, year) if top else None,
                "group_imports_usd": block.group_imports_usd[item],
                "group_share_change": block.figures["group_share"][item] - earlier.get(code, math.nan),
                **{name: figure[item] for name, figure in block.figures.items()},
            }


def _earlier_shares(setting: Setting, year: int) -> dict[str, float]:
    """Group share of each product in an earlier year, where the data have that year."""
    if year not in setting.data.years:
        return {}
    blocks = setting.blocks(year, ("group_share",))
    return {
        code: share
        for block in blocks
        for code, share in zip(block.codes, block.figures["group_share"].tolist(), strict=True)
    }
