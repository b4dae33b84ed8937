"""How much of what an industry makes crosses a border at any stage, and how often do its inputs pass a country?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Unpack

import numpy as np

from weaklink import tables
from weaklink.inputoutput.coefficients import averaged
from weaklink.inputoutput.high_order import first_order_trade, high_order_trade
from weaklink.inputoutput.passage import passage
from weaklink.result import Result, tabulated
from weaklink.study import exposure_setting as settings
from weaklink.study.exposure_setting import ALL, ExposureOptions, ExposureQuestion, ExposureSetting, set_up


def crossings(importer: str, **options: Unpack[ExposureOptions]) -> Result:
    """High-order trade of each sector of a bloc, and how its inputs pass through the supplier group.

    High-order trade looks downstream: the share of output that leaves the bloc at any stage on its way to a final
    user. Passage looks upstream: the expected number of visits of a chain of inputs to the group's industries, and
    the chance of at least one. Rows come by high-order trade, the largest first, and last `all`. Raises as `exposure`.

    >>> row = crossings("DEU", suppliers="CHN", sector="MANUF_EXFOOD").records()[0]
    >>> 0 < row["exported_share"] < row["high_order_trade"] < 1
    True
    """
    setting = set_up(ExposureQuestion(importer, **options))
    rows = sorted(_records(setting), key=lambda row: (row["sector"] == ALL, -(row["high_order_trade"] or 0)))
    return Result(
        tables.CROSSINGS,
        tabulated(tables.CROSSINGS, rows),
        tuple(dict.fromkeys(settings.caveats(setting))),
        setting.provenance(),
    )


def _records(setting: ExposureSetting) -> Iterator[dict[str, Any]]:
    accounts = setting.accounts
    high, first = (
        np.nan_to_num(measure(accounts, [setting.members]))
        for measure in (high_order_trade, first_order_trade)
    )
    through = passage(accounts, [setting.group], solver=setting.solver)
    figures = np.vstack([first, high, through.visits, through.chance])
    for sector in (*setting.sectors, *((ALL,) if not setting.question.sector else ())):
        exported, crossed, visits, chance = averaged(accounts, figures, setting.of_sector(sector))
        yield {
            "importer": setting.importer.canonical,
            "sector": sector,
            "sector_name": setting.sector_name(sector),
            "exported_share": exported,
            "high_order_trade": crossed if setting.output(sector) else None,
            "supplier": setting.suppliers.canonical,
            "visits": visits,
            "chance": chance,
            "output": setting.output(sector),
        }
