"""How do losses come about: when, and which figures with which ranges stand behind them? Also: supplier by supplier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from weaklink import tables
from weaklink.codes.countries import name
from weaklink.columns import TableSchema
from weaklink.errors import RequestError
from weaklink.result import Result, tabulated
from weaklink.sources.intake import Progress, silent
from weaklink.study.lens import Asked, Model
from weaklink.study.losses import ALL, DRAWS, Losses, losses, with_supplier
from weaklink.study.struck import struck


def course(answer: Losses) -> Result:
    """When losses come about: a row for each lens and span of time; columns in `weaklink.tables.LOSS_COURSE`."""
    rows = [row for one in answer.seen for row in _spans(one.model)]
    caveats = ("At the likely figures, all members together.", *answer.table.caveats)
    return _derived(answer, tables.LOSS_COURSE, rows, caveats)


def ranges(answer: Losses) -> Result:
    """Which figures were used and drawn, with their sources; columns in `weaklink.tables.RANGES`."""
    rows = [
        {
            "lens": one.model.about.name,
            "parameter": text,
            "meaning": figure.meaning,
            "low": figure.low,
            "likely": figure.likely,
            "high": figure.high,
            "unit": figure.unit,
            "quality": figure.quality,
            "source": figure.source,
        }
        for one in answer.seen
        for text, figure in one.model.ranges.items()
    ]
    caveats = (
        "Figures without a range of their own (low is high) are not drawn.",
        "A scenario file sets them: [parameters.LENS] NAME = 30, or { low, likely, high }.",
    )
    return _derived(answer, tables.RANGES, rows, caveats)


def by_supplier(
    asked: Asked, count: int, lens: str = ALL, draws: int = DRAWS, seed: int = 0, progress: Progress = silent
) -> Result:
    """What the loss of each of the largest suppliers costs the bloc; columns in `weaklink.tables.SUPPLIER_LOSSES`.

    The scenario leaves its supplier open, as `loss-of-supplier` does. Fewer rows where the bloc has fewer suppliers.
    RequestError as `with_supplier` and `losses`.

    >>> from weaklink.scenario.library import chosen
    >>> from weaklink.study.losses import asked_for
    >>> asked = asked_for(chosen("loss-of-supplier"), "JPN")
    >>> [row["supplier"] for row in by_supplier(asked, 2, "goods", draws=0).records()]
    ['AUS', 'ARE']
    """
    rows: list[dict[str, Any]] = []
    caveats: list[str] = []
    for rank in range(1, count + 1):
        one = replace(asked, scenario=with_supplier(asked.scenario, str(rank)))
        try:
            answer = losses(one, lens, draws, seed)
        except RequestError:
            if rank == 1:
                raise
            caveats.insert(0, f"The bloc has only {rank - 1} suppliers of the products.")
            break
        rows += _of_supplier(one, answer, rank)
        caveats += answer.table.caveats
        progress(rank, count)
    return Result(
        tables.SUPPLIER_LOSSES,
        tabulated(tables.SUPPLIER_LOSSES, rows),
        tuple(dict.fromkeys(caveats)),
        answer.table.provenance,
    )


def _of_supplier(asked: Asked, answer: Losses, rank: int) -> Iterator[dict[str, Any]]:
    open_one = next(shock for shock in asked.scenario.in_trade() if f"largest:{rank}" in shock.names)
    code = struck(asked, open_one).suppliers[0]
    for row in answer.table.records():
        if row["country"] == asked.importer:
            kept = {text: row[text] for text in ("lens", "loss", "unit", "low", "high", "share")}
            yield {"rank": rank, "supplier": code, "name": name(code), **kept}


def _spans(model: Model) -> Iterator[dict[str, Any]]:
    found = model.course()
    for (first, last), loss in zip(pairwise(found.edges.tolist()), found.loss.sum(axis=1), strict=True):
        yield {
            "lens": model.about.name,
            "from_day": first,
            "to_day": last,
            "loss": float(loss),
            "unit": model.about.unit,
        }


def _derived(
    answer: Losses, schema: TableSchema, rows: list[dict[str, Any]], caveats: tuple[str, ...]
) -> Result:
    return Result(schema, tabulated(schema, rows), tuple(dict.fromkeys(caveats)), answer.table.provenance)
