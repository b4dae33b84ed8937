"""The screening in weaklink, from a stored snapshot; then another question to the same opened snapshot."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from weaklink.indicators import INDICATORS
from weaklink.provenance import Card
from weaklink.snapshot import Snapshot
from weaklink.study.datasets import Data
from weaklink.study.traded import Traded, mapped
from weaklink.trade.panel import Asked, Block, panel_of

CORE = ("herfindahl", "top_share", "import_export_ratio", "external_share")
# Each once for every row, and the two that belong to a product once for each product.
SUMMED = ("top3_share", "group_share", "group_top_share", "group_share_low", "group_share_high")
OF_WORLD = ("world_export_herfindahl", "exporter_centralization")


def asked_of(countries: tuple[str, ...], bloc: frozenset[str], asked: str) -> Asked:
    """The question: every country by itself, the bloc as one; the group is the second half of the countries."""
    return Asked(
        figures=tuple(INDICATORS) if asked == "all" else CORE,
        group=frozenset(countries[len(countries) // 2 :]),
        blocs={"bloc": bloc},
        alone=frozenset(countries),
        weighs=asked == "all",
    )


def answered(traded: Traded, year: int, question: Asked) -> list[Block]:
    """Every figure, piece by piece."""
    return mapped(lambda market: panel_of(market, question), traded.markets((year,), question))


def checks_of(blocks: list[Block], asked: str) -> list[float]:
    """A few figures that sum everything up."""
    rows = {name: np.concatenate([block.figures[name] for block in blocks]) for name in blocks[0].figures}
    bought = np.concatenate([block.imports_usd for block in blocks])
    bloc = np.concatenate([block.importer for block in blocks]) == 0
    there = bought > 0
    each, one = there & ~bloc, there & bloc

    def above(where: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float:
        return float((rows["import_export_ratio"][where] > 1).sum())

    if asked == "core":
        sums = [float(np.nansum(rows[name][each])) for name in ("herfindahl", "top_share")]
        mine = [float(np.nansum(rows[name][one])) for name in ("herfindahl", "external_share")]
        return [float(each.sum()), float(bought[each].sum()), *sums, above(each), *mine, above(one)]
    first = [float(np.nansum(rows[name][there])) for name in ("herfindahl", "top_share")]
    rest = [float(np.nansum(rows[name][there])) for name in (*SUMMED, *OF_WORLD)]
    shape = [float(np.nansum(rows["clustering"][bloc])), float(np.nansum(rows["unit_value_outliers"][there]))]
    return [float(there.sum()), float(bought[there].sum()), *first, above(there), *rest, *shape]


def main(file: str, bloc: str, asked: str) -> None:
    """Answer, ask again of the opened snapshot with another bloc, and print checks and seconds."""
    began = time.perf_counter()
    path, members, again = Path(file), frozenset(bloc.split(",")), asked == "again"
    asked = "core" if again else asked
    snapshot = Snapshot(path, Card(*[""] * 7))
    opened = snapshot.opened()
    traded = Traded(Data((snapshot,), {}, (opened,)), keep=again)
    countries = tuple(sorted(opened.traders(max(opened.countries))))
    question = asked_of(countries, members, asked)
    checks: list[list[float]] = []
    spent = 0.0
    for year in sorted(opened.countries):
        blocks = answered(traded, year, question)
        spent += time.perf_counter() - began
        checks.append(checks_of(blocks, asked))  # what the others are compared with is not what is asked
        began = time.perf_counter()
    found = {"seconds": spent, "checks": np.sum(checks, axis=0).tolist()}
    if again:
        other = asked_of(countries, frozenset(countries[30:57]), "core")
        began = time.perf_counter()
        answered(traded, max(opened.countries), other)
        found["again"] = time.perf_counter() - began
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
