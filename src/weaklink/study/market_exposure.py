"""How far does an exporter's industry depend on a market, through its customers' customers?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Unpack

from weaklink import tables
from weaklink.inputoutput.market_reliance import market_reliance
from weaklink.result import Result, tabulated
from weaklink.study import exposure_setting as settings
from weaklink.study.exposure_setting import ALL, ExposureOptions, ExposureQuestion, ExposureSetting, set_up


def market_exposure(exporter: str, market: str, **options: Unpack[ExposureOptions]) -> Result:
    """How far each sector of an exporter relies on a market, at face value and through all rounds of processing.

    `exporter` and `market` are bloc expressions; the options are those of `ExposureQuestion`, without `suppliers`. Rows
    come by hidden exposure, the largest first, and last `all`. Raises as `exposure`.

    >>> row = market_exposure("DEU", "CHN", sector="MANUF_EXFOOD").records()[0]
    >>> round(row["face_value"], 3), round(row["absorbed_share"], 3)
    (0.04, 0.057)
    """
    asked: ExposureOptions = {**options, "suppliers": market}
    setting = set_up(ExposureQuestion(exporter, **asked))
    rows = sorted(_records(setting), key=lambda row: (row["sector"] == ALL, -row["hidden"]))
    said = (
        *(
            text.replace("importer", "exporter").replace("supplier group", "market")
            for text in settings.caveats(setting)
        ),
        "Look-through counts what is sold on again, so it is no share of output; absorbed_share is one.",
    )
    return Result(
        tables.MARKET_EXPOSURE,
        tabulated(tables.MARKET_EXPOSURE, rows),
        tuple(dict.fromkeys(said)),
        setting.provenance(),
    )


def _records(setting: ExposureSetting) -> Iterator[dict[str, Any]]:
    gross = market_reliance(setting.accounts, [setting.group], solver=setting.solver)
    final = market_reliance(setting.accounts, [setting.group], basis="final_demand", solver=setting.solver)
    for sector in (*setting.sectors, *((ALL,) if not setting.question.sector else ())):
        output = setting.output(sector)
        face, look = (setting.as_one(one, sector)[0] for one in (gross.face_value, gross.look_through))
        yield {
            "exporter": setting.importer.canonical,
            "sector": sector,
            "sector_name": setting.sector_name(sector),
            "market": setting.suppliers.canonical,
            "face_value": face,
            "look_through": look,
            "hidden": look - face if output else 0.0,
            "absorbed_share": setting.as_one(final.look_through, sector)[0],
            "output": output,
            "coverage": setting.coverage,
        }
