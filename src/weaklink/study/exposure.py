"""How far does an importer depend on a supplier group through its suppliers' suppliers, beside the face value?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Unpack

import numpy as np

from weaklink import tables
from weaklink.inputoutput.accounts import Floats
from weaklink.inputoutput.reliance import Reliance, reliance
from weaklink.result import Result, tabulated
from weaklink.study import exposure_setting as settings
from weaklink.study.exposure_setting import ALL, ExposureOptions, ExposureQuestion, ExposureSetting, set_up
from weaklink.study.iotables import years_of

NO_SHARE = (
    "Look-through counts a good each time it is sold on, so it can exceed one and is no share of output; for shares "
    "read value_added_share."
)


def exposure(importer: str, **options: Unpack[ExposureOptions]) -> Result:
    """How far each sector of an importer relies on a supplier group, at face value and through all rounds of inputs.

    The options are those of `ExposureQuestion`; the columns are declared in `weaklink.tables.EXPOSURE`. Rows come by
    hidden exposure, the largest first, and last `all`, which takes the sectors as one by their output. Raises
    BlocError, CodeError or RequestError for what cannot be asked, StoreError for a table that is damaged.

    >>> row = exposure("DEU", suppliers="CHN", sector="MANUF_EXFOOD").records()[0]
    >>> round(row["face_value"], 3), round(row["look_through"], 3), round(row["value_added_share"], 3)
    (0.017, 0.084, 0.028)
    """
    return exposed(set_up(ExposureQuestion(importer, **options)))


def exposed(setting: ExposureSetting) -> Result:
    """As `exposure`, for a question that is set up."""
    return Result(
        tables.EXPOSURE,
        tabulated(tables.EXPOSURE, records(setting)),
        tuple(dict.fromkeys((*settings.caveats(setting), *_bounds(setting), NO_SHARE))),
        setting.provenance(),
    )


def history(importer: str, **options: Unpack[ExposureOptions]) -> Result:
    """Exposure in every year of a table: one row per year, sector and supplier. Raises as `exposure`.

    Blocs with a date are the same in every year; those without are each year's own.
    """
    question = ExposureQuestion(importer, **options)
    parts = [set_up(question, stored) for stored in years_of(question.table, question.store)]
    rows = ({"year": setting.accounts.year, **record} for setting in parts for record in records(setting))
    last = parts[-1]
    provenance = replace(last.provenance(), cards=tuple(setting.stored.card for setting in parts))
    said = (
        caveat.replace(f"prices of {setting.accounts.year}", "prices of each year")
        for setting in parts
        for caveat in settings.caveats(setting)
    )
    return Result(
        tables.EXPOSURE_HISTORY,
        tabulated(tables.EXPOSURE_HISTORY, rows),
        tuple(dict.fromkeys((*said, *_bounds(last), NO_SHARE))),
        provenance,
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """Reliance of every industry on each supplier asked, then on all outside, then on the rest of the world."""

    suppliers: tuple[tuple[str, tuple[str, ...]], ...]
    gross: Reliance
    value_added: Floats


def figures(setting: ExposureSetting) -> Figures:
    """The figures of a setting: one solve for all suppliers and both bases."""
    accounts = setting.accounts
    asked = (
        tuple((code, (code,)) for code in setting.group)
        if setting.question.each
        else ((setting.suppliers.canonical, setting.group),)
    )
    outside = tuple(region for region in accounts.regions if region not in setting.members)
    groups = [*(members for _, members in asked), outside, settings.rest_of_world(accounts)]
    gross = reliance(accounts, groups, definition=setting.question.definition, solver=setting.solver)
    added = reliance(accounts, groups[: len(asked)], basis="value_added", solver=setting.solver)
    return Figures(asked, gross, added.look_through)


def records(setting: ExposureSetting) -> list[dict[str, Any]]:
    """Rows in the columns of `tables.EXPOSURE`: the largest hidden exposure first, `all` last."""
    found = figures(setting)
    whole = (ALL,) if not setting.question.sector else ()
    rows = [row for sector in (*setting.sectors, *whole) for row in _of_sector(setting, found, sector)]
    return sorted(rows, key=lambda row: (row["sector"] == ALL, _falling(row["hidden"]), row["supplier"]))


def _of_sector(setting: ExposureSetting, found: Figures, sector: str) -> Iterator[dict[str, Any]]:
    face, through, added = (
        setting.as_one(figure, sector)
        for figure in (found.gross.face_value, found.gross.look_through, found.value_added)
    )
    outside, rest = through[-2], through[-1]
    lacking = bool(setting.absent["supplier group"])
    for place, (supplier, _) in enumerate(found.suppliers):
        yield {
            "importer": setting.importer.canonical,
            "sector": sector,
            "sector_name": setting.sector_name(sector),
            "supplier": supplier,
            "face_value": face[place],
            "look_through": through[place],
            "hidden": through[place] - face[place],
            "ratio": through[place] / face[place] if face[place] else math.nan,
            "value_added_share": added[place],
            "foreign_share": through[place] / outside if outside else math.nan,
            "rest_of_world": rest if lacking else 0.0,
            "output": setting.output(sector),
            "coverage": setting.coverage,
        }


def _falling(value: float) -> float:
    return math.inf if np.isnan(value) else -value


def _bounds(setting: ExposureSetting) -> Iterator[str]:
    if setting.absent["supplier group"]:
        yield (
            "Figures of the group are lower bounds where countries of it are in the rest of the world; with "
            "rest_of_world added they are upper bounds."
        )
    if setting.question.definition != "L-I":
        yield f"Look-through by definition {setting.question.definition}; the usual one is L - I."
    idle = [sector for sector in setting.sectors if setting.output(sector) == 0]
    if idle:
        yield f"No output of the importer, so no figures: {', '.join(idle)}."
