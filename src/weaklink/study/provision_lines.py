"""Which red lines are crossed by items that are no goods? The same file of lines, checked against a sheet."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from weaklink import tables, tomlfile
from weaklink.errors import Problem, RequestError, SourceError
from weaklink.redlines import compliance
from weaklink.redlines.model import RedLine, RedLines
from weaklink.result import Result, tabulated
from weaklink.study.provision import Asked, Market, caveats, set_up
from weaklink.trade.concentration import shares
from weaklink.trade.lens import figures
from weaklink.trade.runs import Figures, Flags


def red_lines(path: Path, asked: Asked, *, breaches_only: bool = True) -> Result:
    """How the lines of a file stand; `products` of a line are beginnings of items' names, empty for all.

    Lines on days of stock are left out: a sheet of provision has no stocks. Raises SourceError for a wrong file, or
    a line that fits no item.
    """
    file = tomlfile.read(path, RedLines)
    market = set_up(asked)
    rows = [row for line in file.line if line.figure for row in _of_line(line, market, path.name)]
    shown = [row for row in rows if row["state"] != "kept" or not breaches_only]
    shown.sort(key=lambda row: (row["state"] != "breached", row["line"], row["importer"], row["product"]))
    notes = [
        f"Not checked, since a sheet has no stocks: {line.name}." for line in file.line if not line.figure
    ]
    return Result(
        tables.RED_LINES,
        tabulated(tables.RED_LINES, shown),
        (*notes, *caveats(market)),
        market.provenance(),
    )


def _of_line(line: RedLine, market: Market, file: str) -> Iterator[dict[str, Any]]:
    asked = replace(market.asked, suppliers=line.suppliers or market.asked.suppliers)
    if not any(_fits(line, item) for item in market.bases):
        items = ", ".join(market.bases)
        raise SourceError(
            [
                Problem(
                    file,
                    None,
                    f"{line.name}: products",
                    ", ".join(line.products),
                    "the beginning of an item's name",
                    f"Items are: {items}.",
                    "line",
                )
            ]
        )
    for one in _importers(line, asked):
        case = one.case()
        values = figures(case, [line.figure or ""])[line.figure or ""]
        for place, index in enumerate(case.supply.product):
            if _fits(line, item := case.flows.products[index]):
                each = shares(case.supply.imports.amount[place])
                yield _row(line, one, item, float(values[place]), each, case.group)


def _importers(line: RedLine, asked: Asked) -> Iterator[Market]:
    """The importer as one, or each member of which the sheet says something."""
    market = set_up(asked)
    if line.per == "bloc":
        yield market
        return
    for member in market.members:
        try:
            yield set_up(replace(asked, importer=member))
        except RequestError:  # the sheet says nothing of this member
            continue


def _fits(line: RedLine, item: str) -> bool:
    return not line.products or item.startswith(line.products)


def _row(
    line: RedLine, market: Market, item: str, value: float, each: Figures, group: Flags
) -> dict[str, Any]:
    limit = line.at_most if line.at_most is not None else math.nan
    state = "unknown" if math.isnan(value) else "breached" if value > limit else "kept"
    return {
        "line": line.name,
        "importer": market.importer.canonical if market.importer else "world",
        "product": item,
        "label": item,
        "figure": line.figure,
        "value": value,
        "limit": limit,
        "state": state,
        "excess": value - limit,
        "since": None,
        "to_move": compliance.to_move(line.figure or "", value, limit, each, group)
        if state == "breached"
        else None,
        "to_move_usd": None,
    }
