"""Who supplies what? One row per product and supplier, the largest first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Unpack

import numpy as np

from weaklink import tables
from weaklink.codes.countries import UNIDENTIFIED, name
from weaklink.flows import UNKNOWN_KG, Flows, merged
from weaklink.result import Result, tabulated
from weaklink.study import caveats
from weaklink.study.question import Options, Question
from weaklink.study.setting import Setting, regime_class, set_up
from weaklink.trade import concentration


def suppliers(importer: str, year: int, **options: Unpack[Options]) -> Result:
    """Every supplier of every asked product in one year, with its share. Raises as `screen` does.

    >>> rows = suppliers("NATO@2022-11-30", 2022, product="271121").records()
    >>> rows[0]["supplier_name"], rows[0]["in_group"]
    ('Russia', 'yes')
    """
    return listed(set_up(Question(importer, year, **options)))


def listed(setting: Setting) -> Result:
    """The answer to a question that is set up already."""
    return Result(
        schema=tables.SUPPLIERS,
        table=tabulated(tables.SUPPLIERS, _records(setting)),
        caveats=tuple(dict.fromkeys(caveats.of_setting(setting))),
        provenance=setting.provenance(),
    )


def _records(setting: Setting) -> list[dict[str, Any]]:
    """One record per product and supplier, by product and then by value, in the declared columns."""
    year = setting.question.year
    bought = _bought(setting)
    case = setting.case_in(year)
    share = concentration.shares(case.supply.imports.amount)
    item = {int(product): place for place, product in enumerate(case.supply.product)}
    records = []
    for flow in range(len(bought)):
        product, supplier = int(bought.product[flow]), int(bought.exporter[flow])
        code, iso3 = bought.products[product], bought.countries[supplier]
        records.append(
            {
                "year": year,
                "product": code,
                "label": setting.data.label(code),
                "supplier": iso3,
                "supplier_name": name(iso3),
                "regime": regime_class(iso3, year),
                "in_group": "yes" if case.group[supplier] else "no",
                "value_usd": bought.value_usd[flow],
                "quantity_kg": None if bought.quantity_kg[flow] == UNKNOWN_KG else bought.quantity_kg[flow],
                "share": None if iso3 == UNIDENTIFIED else share[item[product], supplier],
            }
        )
    return sorted(records, key=lambda row: (row["product"], -row["value_usd"], row["supplier"]))


def _bought(setting: Setting) -> Flows:
    """The importer's purchases from outside, its members taken as one: one flow per product and supplier."""
    flows = setting.flows.in_year(setting.question.year)
    members = flows.flags(setting.importer_in(setting.question.year).countries)
    outside = flows.where(members[flows.importer] & ~members[flows.exporter])
    return merged(replace(outside, importer=np.zeros_like(outside.importer)).in_order())
