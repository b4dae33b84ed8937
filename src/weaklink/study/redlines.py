"""Which red lines are crossed, by how much, since when, and what would have to move?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from weaklink import tables, tomlfile
from weaklink.blocs.expression import resolve
from weaklink.errors import Problem, SourceError
from weaklink.redlines import compliance
from weaklink.redlines.model import RedLine, RedLines, Stock
from weaklink.result import Result, tabulated
from weaklink.study import caveats
from weaklink.study.gaps import known_gaps
from weaklink.study.question import Question
from weaklink.study.setting import Setting, set_up
from weaklink.trade.concentration import shares
from weaklink.trade.lens import figures

BREACHED, KEPT, UNKNOWN = "breached", "kept", "unknown"


def red_lines(path: Path, question: Question, *, breaches_only: bool = True) -> Result:
    """How the lines of a file stand in the year of a question.

    A line on a share of a group uses its own suppliers; `since` is the first year of the breach that has
    lasted without a gap. Raises SourceError for a wrong file, with line and key.
    """
    file = tomlfile.read(path, RedLines)
    bloc = set_up(question)
    rows = [row for line in file.line for row in _of_line(line, file.stock, bloc, path.name)]
    shown = [row for row in rows if row["state"] != KEPT or not breaches_only]
    shown.sort(key=lambda row: (row["state"] != BREACHED, row["line"], row["importer"], row["product"]))
    return Result(
        tables.RED_LINES,
        tabulated(tables.RED_LINES, shown),
        (_summary(rows), *dict.fromkeys(caveats.of_setting(bloc))),
        bloc.provenance(),
    )


def breaches(result: Result) -> int:
    """How many lines are crossed."""
    return result.column("state").count(BREACHED)


def _summary(rows: list[dict[str, Any]]) -> str:
    states = [row["state"] for row in rows]
    return (
        f"{len(rows):,} lines checked: {states.count(BREACHED):,} breached, {states.count(KEPT):,} kept, "
        f"{states.count(UNKNOWN):,} unknown: too little is known, flows are missing, or nothing is imported."
    )


def _of_line(line: RedLine, stocks: tuple[Stock, ...], bloc: Setting, file: str) -> Iterator[dict[str, Any]]:
    group = resolve(line.suppliers, year=bloc.question.year) if line.suppliers else bloc.group
    asked = replace(bloc, group=group, question=replace(bloc.question, suppliers=group.canonical))
    for setting in [asked] if line.per == "bloc" else _members(asked):
        codes = setting.case_in(setting.question.year).codes
        gaps = {gap.product for gap in known_gaps(setting)}
        for item, code in enumerate(codes):
            if not line.products or code.startswith(line.products):
                found = (
                    _of_stock(line, stocks, setting, item, code)
                    if line.days_of_stock is not None
                    else _of_figure(line, setting, item, code)
                )
                yield {
                    "line": line.name,
                    "importer": setting.importer.canonical,
                    "product": code,
                    "label": setting.data.label(code),
                    **found,
                    # A line that seems kept only because flows are known to be missing is not known to be kept.
                    "state": UNKNOWN if code in gaps and found["state"] == KEPT else found["state"],
                }
    if line.products and not any(code.startswith(line.products) for code in bloc.products):
        raise SourceError(
            [
                Problem(
                    file,
                    None,
                    f"{line.name}: products",
                    ", ".join(line.products),
                    "codes or headings that the data have",
                    "Find codes with `weaklink products WORDS`.",
                    "line",
                )
            ]
        )


def _members(bloc: Setting) -> Iterator[Setting]:
    for code in bloc.importer.countries:
        if code in bloc.traders:
            yield replace(bloc, question=replace(bloc.question, importer=code), importer=resolve(code))


def _of_figure(line: RedLine, setting: Setting, item: int, code: str) -> dict[str, Any]:
    limit = line.at_most if line.at_most is not None else math.nan
    case = setting.case_in(setting.question.year)
    value = float(figures(case, [line.figure or ""])[line.figure or ""][item])
    each = shares(case.supply.imports.amount[item])
    moved = compliance.to_move(line.figure or "", value, limit, each, case.group)
    return {
        "figure": line.figure,
        "value": value,
        "limit": limit,
        "state": _state(value, limit),
        "excess": value - limit,
        "since": _since(line, setting, code, limit) if value > limit else None,
        "to_move": moved if value > limit else None,
        "to_move_usd": round(moved * int(case.supply.imports.value_usd[item])) if value > limit else None,
    }


def _state(value: float, limit: float) -> str:
    if math.isnan(value):
        return UNKNOWN
    return BREACHED if value > limit else KEPT


def _since(line: RedLine, setting: Setting, code: str, limit: float) -> int:
    """First year of the breach that has lasted, without a gap, until the year asked."""
    since = year = setting.question.year
    while year in setting.data.years:
        case = setting.case_in(year)
        codes = case.codes
        if code not in codes:
            break
        value = figures(case, [line.figure or ""])[line.figure or ""][codes.index(code)]
        if not value > limit:
            break
        since, year = year, year - 1
    return since


def _of_stock(
    line: RedLine, stocks: tuple[Stock, ...], setting: Setting, item: int, code: str
) -> dict[str, Any]:
    needed = line.days_of_stock or 0.0
    case = setting.case_in(setting.question.year, "quantity")
    bought = case.supply.imports
    known = bool(case.covered(bought)[item])
    held = _held(stocks, setting, code)
    imports = int(bought.total[item]) if known else 0
    days = math.nan if held is None else compliance.days_of_stock(held, imports)
    lacking = math.nan if math.isnan(days) else max(0.0, needed - days)
    state = UNKNOWN if math.isnan(days) else BREACHED if days < needed else KEPT
    price = int(bought.value_usd[item]) / imports if imports else math.nan
    return {
        "figure": "days_of_stock",
        "value": days,
        "limit": needed,
        "state": state,
        "excess": needed - days,
        "since": None,
        "to_move": None,
        "to_move_usd": round(lacking * imports / 365 * price) if state == BREACHED else None,
    }


def _held(stocks: tuple[Stock, ...], setting: Setting, code: str) -> int | None:
    """The mass held by the importer, or by all members where only they are given; none where nothing is said."""
    single = setting.importer.countries[0] if len(setting.importer.countries) == 1 else ""
    mine = [one.kilograms for one in stocks if one.product == code and one.importer == single]
    if not single and not mine:
        mine = [
            one.kilograms
            for one in stocks
            if one.product == code and one.importer in setting.importer.countries
        ]
    return sum(mine) if mine else None
