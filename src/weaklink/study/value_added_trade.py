"""What is in a bloc's exports: its own value added, and whose else?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Unpack

import numpy as np

from weaklink import tables
from weaklink.inputoutput.trade_in_value_added import TradeInValueAdded, trade_in_value_added
from weaklink.result import Result, tabulated
from weaklink.study import exposure_setting as settings
from weaklink.study.exposure_setting import ExposureOptions, ExposureQuestion, ExposureSetting, set_up

MEASURES = ("EXGR", "DC", "DVA", "VAX", "REF", "DDC", "FC")


def value_added_trade(exporter: str, **options: Unpack[ExposureOptions]) -> Result:
    """Gross exports of a bloc and what is in them: domestic, reflected and foreign value added, the latter by origin.

    The bloc's members are one unit: what they sell to each other is no export. After the seven measures comes foreign
    content by origin, the largest first, and first of all the supplier group as one, where it has members in the
    table. Raises as `exposure`.

    >>> rows = value_added_trade("DEU", suppliers="CHN").records()
    >>> [row["measure"] for row in rows[:7]], round(rows[6]["share"], 2)
    (['EXGR', 'DC', 'DVA', 'VAX', 'REF', 'DDC', 'FC'], 0.21)
    """
    setting = set_up(ExposureQuestion(exporter, **options))
    found = trade_in_value_added(setting.accounts, [setting.members], solver=setting.solver)
    return Result(
        tables.VALUE_ADDED_TRADE,
        tabulated(tables.VALUE_ADDED_TRADE, _records(setting, found)),
        tuple(dict.fromkeys(text.replace("importer", "exporter") for text in settings.caveats(setting))),
        setting.provenance(),
    )


def _records(setting: ExposureSetting, found: TradeInValueAdded) -> Iterator[dict[str, Any]]:
    amounts = (
        found.exports,
        found.domestic_content,
        found.domestic_value_added,
        found.absorbed_abroad,
        found.reflection,
        found.double_counted,
        found.foreign_content,
    )
    exports = float(found.exports[0])

    def row(measure: str, origin: str, amount: float) -> dict[str, Any]:
        share = amount / exports if exports else np.nan
        unit = setting.importer.canonical
        return {"exporter": unit, "measure": measure, "origin": origin, "amount": amount, "share": share}

    yield from (row(name, "", float(amount[0])) for name, amount in zip(MEASURES, amounts, strict=True))
    origins = dict(zip(setting.accounts.regions, found.content_by_origin[0].tolist(), strict=True))
    if len(setting.group) > 1:
        yield row("FC", setting.suppliers.canonical, sum(origins[code] for code in setting.group))
    foreign = [(code, amount) for code, amount in origins.items() if code not in setting.members]
    yield from (row("FC", code, amount) for code, amount in sorted(foreign, key=lambda one: -one[1]))
