"""Who leans more on whom: the importer on the group's goods, or the group on the importer's market?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Unpack

from weaklink import tables
from weaklink.codes.countries import name
from weaklink.flows import Flows
from weaklink.result import Result, tabulated
from weaklink.study import caveats
from weaklink.study.mineral_caveats import listed
from weaklink.study.question import Options, Question
from weaklink.study.setting import Setting, set_up
from weaklink.trade.reverse import ALL, as_one_product, exchange, figures


def reverse(importer: str, year: int, **options: Unpack[Options]) -> Result:
    """How an importer and a supplier group lean on each other, by product, the largest group share first.

    The last row, `all`, takes the products shown as one: its dollars are their exact sums, its shares those of
    the sums. The columns are declared in `weaklink.tables.REVERSE`. Raises as `screen` does.

    >>> rows = reverse("NATO@2022-11-30", 2022, product="271121", suppliers="RUS").records()
    >>> round(rows[0]["group_share"], 2), round(rows[0]["market_share"], 2)
    (0.49, 0.86)
    """
    return reversed_in(set_up(Question(importer, year, **options)))


def reversed_in(setting: Setting) -> Result:
    """The answer to a question that is set up already."""
    flows = setting.flows.in_year(setting.question.year)
    by_product = sorted(_records(setting, flows), key=_rank)
    rows = [*by_product, *_records(setting, as_one_product(flows))]
    return Result(
        schema=tables.REVERSE,
        table=tabulated(tables.REVERSE, rows),
        caveats=tuple(dict.fromkeys((*caveats.of_setting(setting), *_caveats(setting, rows)))),
        provenance=setting.provenance(),
    )


def _records(setting: Setting, flows: Flows) -> Iterator[dict[str, Any]]:
    """One record for each product of the flows, in the columns of `tables.REVERSE`."""
    case = setting.case_of(flows, setting.question.year)
    trade = exchange(case)
    shown = figures(trade)
    bought, sold, others = trade.bought_usd, trade.sold_usd, trade.others_imports_usd
    for item, index in enumerate(case.supply.product):
        code = flows.products[index]
        yield {
            "product": code,
            "label": "sum of the products shown" if code == ALL else setting.data.label(code),
            "group_imports_usd": bought[item],
            "exports_to_group_usd": sold[item],
            "trade_balance_usd": sold[item] - bought[item],
            "imports_usd": case.supply.imports.value_usd[item],
            "exports_usd": case.supply.exports.value_usd[item],
            "group_exports_usd": trade.theirs.exports.value_usd[item],
            "group_total_imports_usd": trade.theirs.imports.value_usd[item],
            "others_imports_usd": others[item],
            **{figure: values[item] for figure, values in shown.items()},
        }


def _rank(record: Mapping[str, Any]) -> tuple[float, int, str]:
    """Largest group share first, then largest imports from the group; undefined shares last."""
    share = record["group_share"]
    return (1.0 if math.isnan(share) else -share, -record["group_imports_usd"], record["product"])


def _caveats(setting: Setting, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    question, floor = setting.question, setting.question.coverage_floor
    if silent := [code for code in setting.group.countries if code not in setting.traders]:
        yield (
            f"The data of {question.year} have no flows of {listed([name(code) for code in silent])}, so the "
            "figures of the supplier group lack them."
        )
    for column, what in (("coverage", "the importer's figures"), ("market_coverage", "the group's figures")):
        if thin := [row["product"] for row in rows if row[column] < floor]:
            yield f"{column} is below {floor:.0%}, so {what} are not given: {listed(thin)}."
    yield f"The row {ALL} adds what is shown here, not all trade between the two sides."
    if question.by == "quantity":
        yield f"By quantity the shares of the row {ALL} add kilograms of different goods."
