"""By which chains does the supplier's output reach the importer's sector: who, through whom, how much?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np

from weaklink import tables
from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Floats
from weaklink.inputoutput.paths import Explained, explained
from weaklink.result import Result, tabulated
from weaklink.study.exposure import exposed
from weaklink.study.exposure_setting import ALL, ExposureQuestion, ExposureSetting, TableOptions, set_up

ARROW = " > "
OTHERS = "all other paths"
MOST_PATHS = 1000


@dataclass(frozen=True, slots=True)
class ExposureExplained:
    """One look-through figure taken apart.

    `shown` is the figure of the table of exposure, `recomputed` what paths and remainder add up to. `orders` says how
    much comes by chains of one delivery, two, and so on; `direct` how much by each region that the importer buys of,
    itself included, the largest first. `rows` has the largest paths, and a last row for all others.
    """

    shown: float
    recomputed: float
    orders: tuple[float, ...]
    direct: tuple[tuple[str, float], ...]
    largest_left: float
    rows: Result

    @property
    def agrees(self) -> bool:
        """Whether the table and the paths say the same, to nine digits."""
        return abs(self.shown - self.recomputed) <= 1e-9 * max(abs(self.shown), 1e-12)


def paths(
    importer: str, sector: str, *, most: int = 10, **options: Unpack[TableOptions]
) -> ExposureExplained:
    """Take apart the look-through of one sector, `all` for all of them, on a supplier group: its `most` largest paths.

    A path's amount is the product of the coefficients along it; of all paths that are not listed, none is larger
    than the smallest that is. Raises as `exposure`, and RequestError where `most` is not from 1 to 1,000.

    >>> found = paths("DEU", "MANUF_EXFOOD", most=2, suppliers="CHN")
    >>> [row["path"] for row in found.rows.records()][:2]
    ['CHN MANUF_EXFOOD > DEU MANUF_EXFOOD', 'CHN MANUF_EXFOOD > CHN MANUF_EXFOOD > DEU MANUF_EXFOOD']
    """
    if not 1 <= most <= MOST_PATHS:
        raise RequestError(f"--most is {most}; it must be from 1 to {MOST_PATHS:,}.")
    setting = set_up(ExposureQuestion(importer, sector="" if sector == ALL else sector, **options))
    chosen = ALL if sector == ALL else setting.sectors[0]
    if sector != ALL and len(setting.sectors) != 1:
        raise RequestError(f"--sector {sector!r} means {len(setting.sectors)} sectors; give one, or {ALL}.")
    return taken_apart(setting, chosen, most)


def taken_apart(setting: ExposureSetting, sector: str, most: int) -> ExposureExplained:
    """As `paths`, for a question that is set up."""
    answer = exposed(setting)
    shown = next(row for row in answer.records() if row["sector"] == sector)["look_through"]
    found = explained(
        setting.accounts,
        setting.accounts.flags(setting.group).astype(np.float64),
        _weights(setting, sector),
        most=most,
        solver=setting.solver,
    )
    table = tabulated(tables.EXPOSURE_PATHS, _records(setting, found))
    said = (
        f"No path that is not listed carries more than {100 * found.largest_left:.2g} per 100 of output; the listed "
        f"ones make up {found.explained:.0%} of the look-through."
    )
    return ExposureExplained(
        shown=float(shown),
        recomputed=sum(path.value for path in found.paths) + found.rest,
        orders=tuple(found.orders.tolist()),
        direct=tuple(_by_region(setting, found.direct)),
        largest_left=found.largest_left,
        rows=Result(tables.EXPOSURE_PATHS, table, (said, *answer.caveats), setting.provenance()),
    )


def _weights(setting: ExposureSetting, sector: str) -> Floats:
    """The share of each industry in the output of the importer's sector."""
    x = np.where(setting.of_sector(sector), setting.accounts.x, 0.0)
    if not x.sum():
        raise RequestError(f"{setting.importer.canonical} has no output in {sector}: nothing to take apart.")
    shares: Floats = x / x.sum()
    return shares


def _records(setting: ExposureSetting, found: Explained) -> Iterator[dict[str, Any]]:
    cumulative = 0.0
    for rank, path in enumerate(found.paths, start=1):
        cumulative += path.share
        yield {
            "rank": rank,
            "path": ARROW.join(setting.accounts.label(row) for row in path.rows),
            "steps": len(path.rows) - 1,
            "amount": path.value,
            "share": path.share,
            "cumulative": cumulative,
            "through": ", ".join(through(setting, path.rows)),
        }
    if found.figure:
        rest = {"rank": None, "path": OTHERS, "steps": None, "through": ""}
        yield {**rest, "amount": found.rest, "share": found.rest / found.figure, "cumulative": 1.0}


def through(setting: ExposureSetting, rows: Sequence[int]) -> list[str]:
    """Countries on a path that are neither the supplier's nor the importer's."""
    accounts = setting.accounts
    codes = [accounts.regions[accounts.region[row]] for row in rows[1:-1]]
    return list(
        dict.fromkeys(code for code in codes if code not in setting.members and code not in setting.group)
    )


def _by_region(setting: ExposureSetting, direct: Floats) -> Iterator[tuple[str, float]]:
    """What comes in by each region that is bought of; the importer's own members as one."""
    accounts = setting.accounts
    totals = np.bincount(accounts.region, weights=direct, minlength=len(accounts.regions))
    own = sum(totals[accounts.regions.index(code)] for code in setting.members)
    named = [(code, float(total)) for code, total in zip(accounts.regions, totals, strict=True)]
    others = [(code, total) for code, total in named if code not in setting.members and total > 0]
    yield from sorted([(setting.importer.canonical, float(own)), *others], key=lambda one: -one[1])
