"""Where does one figure of a screen come from? Its formula, its rows, and the figure computed again.

The second computation shares nothing with the first: it adds the rows up in whole numbers and keeps ratios
as fractions, so it has no rounding at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Unpack

from weaklink import tables
from weaklink.errors import RequestError
from weaklink.flows import UNKNOWN_KG, Flows
from weaklink.indicators import INDICATORS
from weaklink.result import Explanation, Result, tabulated
from weaklink.study import recompute, recompute_network
from weaklink.study.question import Options, Question
from weaklink.study.recompute import Cell
from weaklink.study.screen import CHANGE_YEARS, screened
from weaklink.study.setting import Setting, set_up

WORKINGS = {**recompute.WORKINGS, **recompute_network.WORKINGS}
ROLES = {**recompute.ROLES, **recompute_network.WORLDWIDE}


def explain(column: str, importer: str, year: int, **options: Unpack[Options]) -> Explanation:
    """Explain one figure: `column` of `screen(importer, year, product=CODE, …)`.

    `product` must be one six-digit code. Raises RequestError for a column that is not computed.

    >>> cell = explain("top_share", "NATO@2022-11-30", 2022, product="271121")
    >>> cell.agrees, cell.column.formula
    (True, 'max_s m_s / Σ_s m_s')
    """
    if column not in WORKINGS:
        raise RequestError(f"{column!r} is not a computed column. These are: {', '.join(WORKINGS)}.")
    asked = column if column in INDICATORS else ""
    setting = set_up(replace(Question(importer, year, **options), indicators=asked))
    answer = screened(setting)
    if len(answer) != 1:
        raise RequestError(
            f"--product {setting.question.product!r} means {len(answer)} products; give one six-digit code."
        )
    rows = _rows(setting, column)
    exact, working = WORKINGS[column](Cell(setting, rows))
    table = Result(
        tables.EXPLANATION, tabulated(tables.EXPLANATION, rows), answer.caveats, setting.provenance()
    )
    return Explanation(answer.schema.column(column), answer.records()[0][column], exact, working, table)


def _rows(setting: Setting, column: str) -> list[dict[str, Any]]:
    """The flows that the figure rests on, each with the role it plays, the largest first."""
    years = [setting.question.year]
    if column == "group_share_change" and years[0] - CHANGE_YEARS in setting.data.years:
        years.insert(0, years[0] - CHANGE_YEARS)
    roles = ROLES.get(column, ("import",))
    rows = (row for year in years for row in _in_year(setting, setting.flows.in_year(year), year))
    used = (row for row in rows if row["role"] in roles or roles == ("world",))
    return sorted(used, key=lambda row: (row["year"], -row["value_usd"], row["importer"], row["exporter"]))


def _in_year(setting: Setting, flows: Flows, year: int) -> Iterable[dict[str, Any]]:
    members = set(setting.importer_in(year).countries)
    group = set(setting.group_in(year).countries)
    card = next(one.card for one in setting.data.snapshots if year in one.card.years)
    for flow in range(len(flows)):
        importer, exporter = flows.countries[flows.importer[flow]], flows.countries[flows.exporter[flow]]
        quantity = int(flows.quantity_kg[flow])
        yield {
            "year": year,
            "product": flows.products[flows.product[flow]],
            "importer": importer,
            "exporter": exporter,
            "value_usd": int(flows.value_usd[flow]),
            "quantity_kg": None if quantity == UNKNOWN_KG else quantity,
            "role": _role(importer in members, exporter in members),
            "group": "yes" if exporter in group else "no",
            "vintage": card.vintage,
            "licence": card.licence,
        }


def _role(buys: bool, sells: bool) -> str:
    if buys and sells:
        return "internal"
    if buys:
        return "import"
    return "export" if sells else "world"
