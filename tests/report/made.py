"""Small answers made by hand, and the real one of the demo, for the tests of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import Any

import weaklink
from weaklink import tables
from weaklink.columns import Column, TableSchema
from weaklink.provenance import Card, Provenance
from weaklink.report.answer import Answer
from weaklink.report.definitions import Definitions
from weaklink.report.page import Further
from weaklink.result import Result, tabulated
from weaklink.study.brief import judged
from weaklink.study.lab import Rules
from weaklink.study.question import Question
from weaklink.study.reverse import reverse
from weaklink.study.setting import set_up

CARD = Card("tiny", "a table made by hand", "Nobody", "CC0", "2022", "0" * 64, "by hand")
Sale = tuple[str, str, str, int]  # product, supplier, in_group, dollars
Said = Mapping[str, tuple[str, float | None]]  # product: verdict and margin of one definition


@cache
def nato() -> Answer:
    """What NATO depended on authoritarian suppliers for in 2022, from the embedded data."""
    importer, year, suppliers = "NATO@2022-11-30", 2022, "authoritarian@2022"
    return Answer(
        weaklink.screen(importer, year, suppliers=suppliers),
        weaklink.history(importer, year, suppliers=suppliers),
        weaklink.suppliers(importer, year, suppliers=suppliers),
    )


@cache
def nato_definitions() -> Definitions:
    """What all published definitions say of the same imports."""
    question = Question("NATO@2022-11-30", 2022, suppliers="authoritarian@2022")
    return judged(set_up(question), nato().screen, Rules().definitions())


@cache
def nato_reverse() -> Result:
    """How both sides depend on each other in the same imports."""
    return reverse("NATO@2022-11-30", 2022, suppliers="authoritarian@2022")


@cache
def nato_further() -> Further:
    """All that a report can say besides."""
    return Further(nato_definitions(), nato_reverse())


def made(
    sales: Sequence[Sale] = (),
    *,
    labels: Mapping[str, str] | None = None,
    without_share: Sequence[str] = (),
    caveats: Sequence[str] = (),
    by: str = "value",
    group: tuple[str, ...] = ("RUS", "CHN"),
) -> Answer:
    """An answer for Germany in 2022 that follows from `sales`; the group's shares were half as large in 2017."""
    names = labels or {}
    provenance = Provenance(
        cards=(CARD,),
        version="0",
        parameters={"importer": "DEU", "year": "2022", "product": "all", "suppliers": "GROUP", "by": by},
        blocs={"DEU": ("DEU",), "GROUP": group},
    )
    codes = sorted({product for product, *_ in sales} | set(without_share))
    products = [_product(code, sales, names, code in without_share) for code in codes]
    products.sort(key=lambda row: (row["group_share"] is None, -(row["group_share"] or 0)))
    now = [{**row, "year": 2022} for row in products]
    before = [
        {**row, "year": 2017, "group_share": row["group_share"] and row["group_share"] / 2}
        for row in products
    ]

    def result(schema: TableSchema, rows: Sequence[Mapping[str, Any]]) -> Result:
        return Result(schema, tabulated(schema, rows), tuple(caveats), provenance)

    return Answer(
        result(tables.SCREEN, products),
        result(tables.HISTORY, [*before, *now]),
        result(tables.SUPPLIERS, [_sale(sale, sales, names, sale[0] in without_share) for sale in sales]),
    )


def _product(code: str, sales: Sequence[Sale], labels: Mapping[str, str], unknown: bool) -> dict[str, Any]:
    bought = {supplier: dollars for product, supplier, _, dollars in sales if product == code}
    total = sum(bought.values())
    inside = sum(dollars for product, _, side, dollars in sales if product == code and side == "yes")
    share = None if unknown or not total else inside / total
    top = max(bought, key=lambda supplier: bought[supplier]) if total and not unknown else None
    row: dict[str, Any] = dict.fromkeys(tables.SCREEN.names)
    return row | {
        "product": code,
        "label": labels.get(code, f"Product {code}"),
        "imports_usd": total,
        "exports_usd": 0,
        "suppliers": len(bought),
        "top_supplier": top,
        "top_share": bought[top] / total if top else None,
        "top_regime": "closed autocracy" if top else None,
        "group_share": share,
        "group_imports_usd": inside,
        "group_share_change": None if share is None else share / 2,
        "coverage": 1.0,
        "world_coverage": 1.0,
    }


def _sale(sale: Sale, sales: Sequence[Sale], labels: Mapping[str, str], unknown: bool) -> dict[str, Any]:
    code, supplier, side, dollars = sale
    total = sum(amount for product, _, _, amount in sales if product == code)
    return {
        "year": 2022,
        "product": code,
        "label": labels.get(code, f"Product {code}"),
        "supplier": supplier,
        "supplier_name": {"RUS": "Russia", "CHN": "China", "NOR": "Norway"}.get(supplier, supplier),
        "regime": None,
        "in_group": side,
        "value_usd": dollars,
        "quantity_kg": None,
        "share": None if unknown else dollars / total,
    }


def defined(
    answer: Answer,
    said: Mapping[str, Said],
    *,
    titles: Mapping[str, str] | None = None,
    changes: Sequence[tuple[str, str, str]] = (),
    years: Sequence[int] = (2021, 2022),
) -> Definitions:
    """Definitions of `answer` that follow from `said`; the lists were always the same but for `changes`.

    A change is a definition, a product, and entered or left.
    """
    names = {name: (titles or {}).get(name, f"Title of {name}") for name in said}
    lists = {
        name: {code for code, (verdict, _) in one.items() if verdict == "yes"} for name, one in said.items()
    }
    labels = {row["product"]: row["label"] for row in answer.products}

    def result(schema: TableSchema, rows: Sequence[Mapping[str, Any]]) -> Result:
        return Result(schema, tabulated(schema, rows), answer.screen.caveats, answer.screen.provenance)

    rows = [
        {
            **row,
            "agree": sum(one[row["product"]][0] == "yes" for one in said.values()),
            "judged": sum(one[row["product"]][0] != "unknown" for one in said.values()),
            **{name: one[row["product"]][0] for name, one in said.items()},
            **{f"{name}_margin": one[row["product"]][1] for name, one in said.items()},
        }
        for row in answer.products
    ]
    return Definitions(
        result(_with_verdicts(names), rows),
        result(
            tables.AGREEMENT,
            [
                {
                    "definition": one,
                    "other": other,
                    "listed": len(lists[one]),
                    "other_listed": len(lists[other]),
                    "both": len(lists[one] & lists[other]),
                    "jaccard": len(lists[one] & lists[other]) / len(lists[one] | lists[other])
                    if lists[one] | lists[other]
                    else None,
                    "rank_correlation": None,
                }
                for one, other in combinations(said, 2)
            ],
        ),
        result(
            tables.CHURN,
            [
                {"definition": name, "year": year, "listed": len(one), "entered": 0, "left": 0, "churn": 0.0}
                for name, one in lists.items()
                for year in years
            ],
        ),
        result(
            tables.THRESHOLDS,
            [
                {
                    "definition": name,
                    "indicator": "top_share",
                    "threshold": 0.5 * (1 + move),
                    "moved": move,
                    "listed": len(one) if move < 0 else 0,
                    "entered": "",
                    "left": "" if move < 0 else ", ".join(sorted(one)),
                }
                for name, one in lists.items()
                for move in (-0.1, 0.1)
            ],
        ),
        result(
            tables.CHANGES,
            [
                {
                    "definition": name,
                    "product": code,
                    "label": labels[code],
                    "change": change,
                    "margin_before": None,
                    "margin": None,
                }
                for name, code, change in changes
            ],
        ),
    )


def _with_verdicts(titles: Mapping[str, str]) -> TableSchema:
    """The columns of the screen and those of each definition."""
    added = [Column(name, "integer", "definitions", "") for name in ("agree", "judged")]
    for name, title in titles.items():
        added += [
            Column(name, "text", "", title, f"rule of {name}", f"authors of {name}"),
            Column(f"{name}_margin", "number", "relative to the threshold", ""),
        ]
    return TableSchema("screen", tables.SCREEN.row, (*tables.SCREEN.columns, *added))


def reversed_by(answer: Answer, market: Mapping[str, float | None]) -> Result:
    """The dependence of both sides of `answer`, where the group's share in each product is known there."""
    rows = []
    for row in answer.products:
        theirs, ours = market[row["product"]], row["group_share"]
        known = theirs is not None and ours is not None
        rows.append(
            dict.fromkeys(tables.REVERSE.names)
            | {name: value for name, value in row.items() if name in tables.REVERSE.names}
            | {"market_share": theirs, "balance": ours - theirs if known else None}
        )
    return Result(
        tables.REVERSE, tabulated(tables.REVERSE, rows), answer.screen.caveats, answer.screen.provenance
    )
