"""How much output hangs on a supplier: what is gone when its deliveries are taken out of the table?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, Unpack, get_args

import numpy as np

from weaklink import tables
from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Flags
from weaklink.inputoutput.extraction import Loss, flow_extraction, global_extraction
from weaklink.inputoutput.extraction import extraction as extracted
from weaklink.result import Result, tabulated
from weaklink.study import exposure_setting as settings
from weaklink.study.exposure_setting import ALL, ExposureOptions, ExposureQuestion, ExposureSetting, set_up

Taken = Literal["flow", "total", "backward", "forward", "global"]
PARTICIPATION = (
    "Extraction measures how much output takes part in what is taken out. It is no forecast of a loss: nobody finds "
    "another supplier, prices do not move, and nobody stands still for want of one part. The table is driven by "
    "demand, so what is taken out is lost to those who sold it; how far the importer rests on it is look_through."
)


def extraction(
    importer: str, *, taken: Taken = "flow", share: float = 1.0, **options: Unpack[ExposureOptions]
) -> Result:
    """Take a supplier group's industries, or only what they deliver to the importer, out of the table.

    `taken` is `flow` (deliveries to the importer's industries and final buyers), `total`, `backward`, `forward`, or
    `global` (total, with all purchases turned to other countries' industries of the same sector). `sector` limits
    it to some sectors of the suppliers; `share` is the part that is taken, 0 to 1. Rows: the importer by sector and
    in all, then every other region, by the value added that goes. Raises as `exposure`.

    >>> rows = extraction("DEU", suppliers="CHN", sector="MANUF_EXFOOD").records()
    >>> rows[0]["sector"], rows[0]["region"], rows[0]["output_loss"] > 0
    ('all', 'DEU', True)
    """
    if taken not in get_args(Taken):
        raise RequestError(f"--taken is {taken!r}; it is one of {', '.join(get_args(Taken))}.")
    setting = set_up(ExposureQuestion(importer, **options))
    rows = setting.accounts.flags(setting.group) & setting.accounts.in_sectors(setting.sectors)
    loss = _loss(setting, rows, taken, share)
    said = (*settings.caveats(setting), PARTICIPATION)
    provenance = setting.provenance({"taken": taken, "share": str(share)})
    return Result(
        tables.EXTRACTION,
        tabulated(tables.EXTRACTION, _records(setting, loss)),
        tuple(dict.fromkeys(said)),
        provenance,
    )


def _loss(setting: ExposureSetting, rows: Flags, taken: Taken, share: float) -> Loss:
    if taken == "flow":
        return flow_extraction(
            setting.accounts, rows, setting.inside, final_buyers=setting.members, share=share
        )
    if taken == "global":
        return global_extraction(setting.accounts, rows, share=share)
    return extracted(setting.accounts, rows, taken, share=share)


def _records(setting: ExposureSetting, loss: Loss) -> Iterator[dict[str, Any]]:
    accounts = setting.accounts
    yield _record(setting, loss, setting.importer.canonical, ALL, setting.inside)
    own = (
        _record(setting, loss, setting.importer.canonical, sector, setting.of_sector(sector))
        for sector in accounts.sectors
    )
    others = (
        _record(setting, loss, code, ALL, accounts.flags([code]))
        for code in accounts.regions
        if code not in setting.members
    )
    for part in (own, others):
        yield from sorted(part, key=lambda row: -row["value_added_loss"])


def _record(setting: ExposureSetting, loss: Loss, region: str, sector: str, rows: Flags) -> dict[str, Any]:
    lost, before = float(loss.output[rows].sum()), float(loss.before[rows].sum())
    return {
        "region": region,
        "region_name": setting.region_name(region) if region in setting.accounts.regions else "",
        "sector": sector,
        "sector_name": setting.sector_name(sector),
        "output_loss": lost,
        "loss_share": lost / before if before else np.nan,
        "value_added_loss": float(loss.value_added[rows].sum()),
    }
