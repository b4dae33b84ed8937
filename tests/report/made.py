"""Small answers made by hand, and the real one of the demo, for the tests of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import weaklink
from weaklink import tables
from weaklink.columns import TableSchema
from weaklink.provenance import Card, Provenance
from weaklink.report.answer import Answer
from weaklink.result import Result, tabulated

CARD = Card("tiny", "a table made by hand", "Nobody", "CC0", "2022", "0" * 64, "by hand")
Sale = tuple[str, str, str, int]  # product, supplier, in_group, dollars


@cache
def nato() -> Answer:
    """What NATO depended on authoritarian suppliers for in 2022, from the embedded data."""
    importer, year, suppliers = "NATO@2022-11-30", 2022, "authoritarian@2022"
    return Answer(
        weaklink.screen(importer, year, suppliers=suppliers),
        weaklink.history(importer, year, suppliers=suppliers),
        weaklink.suppliers(importer, year, suppliers=suppliers),
    )


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
