"""How inoperable does an importer's industry become where a supplier's industries fail, in the end and over time?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Unpack

import numpy as np

from weaklink import tables
from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Floats
from weaklink.inputoutput.inoperability import inoperability_of, inoperability_over_time, interdependence
from weaklink.result import Result, tabulated
from weaklink.study import exposure_setting as settings
from weaklink.study.exposure_setting import ALL, ExposureOptions, ExposureQuestion, ExposureSetting, set_up

MOST_STEPS = 1000
MOST_ROWS = 4000  # of a table that is followed step by step: its matrix is kept whole
DEMAND_DRIVEN = (
    "The inoperability model is driven by demand: industries that fail order less, and their suppliers make less. It "
    "does not say what their customers lose. The cap at one comes after the solve."
)


def inoperability(
    importer: str,
    *,
    blow: float = 0.1,
    steps: int = 0,
    resilience: float = 0.1,
    **options: Unpack[ExposureOptions],
) -> Result:
    """Inoperability of each sector of the importer where the suppliers' industries lose a share of their output.

    `blow` is that share, 0 to 1; `sector` limits it to some sectors of the suppliers. With `steps` the way there
    is followed, each step closing the share `resilience` of the gap; without, the end is shown. Sectors of several
    members count by their output. Raises as `exposure`.

    >>> rows = inoperability("DEU", suppliers="CHN", blow=0.2).records()
    >>> rows[-1]["sector"], 0 < rows[-1]["inoperability"] < 0.2
    ('all', True)
    """
    for name, value in (("blow", blow), ("resilience", resilience)):
        if not 0 <= value <= 1:
            raise RequestError(f"--{name} is {value:g}; it is a share from 0 to 1.")
    if not 0 <= steps <= MOST_STEPS:
        raise RequestError(f"--steps is {steps}; it must be from 0 to {MOST_STEPS:,}.")
    setting = set_up(ExposureQuestion(importer, **options))
    accounts = setting.accounts
    hit = accounts.flags(setting.group) & accounts.in_sectors(setting.sectors)
    c = np.where(hit, blow, 0.0)
    if steps and accounts.size > MOST_ROWS:
        raise RequestError(
            f"--steps follows tables of at most {MOST_ROWS:,} rows; this one has {accounts.size:,}."
        )
    when: list[tuple[int | None, Floats]] = [(None, inoperability_of(accounts, c))]
    if steps:
        pace = np.full(accounts.size, resilience)
        path = inoperability_over_time(interdependence(accounts), c, pace, steps)
        when = [(step, path[step]) for step in range(1, steps + 1)]
    rows = [row for step, q in when for row in _records(setting, step, q, blow)]
    return Result(
        tables.INOPERABILITY,
        tabulated(tables.INOPERABILITY, rows),
        tuple(dict.fromkeys((*settings.caveats(setting), DEMAND_DRIVEN))),
        setting.provenance({"blow": str(blow), "steps": str(steps), "resilience": str(resilience)}),
    )


def _records(setting: ExposureSetting, step: int | None, q: Floats, blow: float) -> Iterator[dict[str, Any]]:
    rows: Iterator[dict[str, Any]] = (
        {
            "importer": setting.importer.canonical,
            "sector": sector,
            "sector_name": setting.sector_name(sector),
            "step": step,
            "perturbation": blow,
            "inoperability": float(setting.as_one(q[None], sector)[0]),
            "output": setting.output(sector),
        }
        for sector in (*setting.accounts.sectors, ALL)
    )
    yield from sorted(rows, key=lambda row: (row["sector"] == ALL, -np.nan_to_num(row["inoperability"])))
