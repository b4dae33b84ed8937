"""Which countries could stop a whole chain of inputs alone, and at which item?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from weaklink import tables
from weaklink.codes.countries import UNIDENTIFIED, name
from weaklink.errors import RequestError
from weaklink.files import write_bytes
from weaklink.provenance import Card, Provenance
from weaklink.provision import chain
from weaklink.provision.chain import Chain
from weaklink.provision.market import WHOLE
from weaklink.report.drawing import bare, files
from weaklink.report.tiers import SupplyGraph, tiers
from weaklink.result import Result, tabulated
from weaklink.sources.provision import MILLION, Need, Provision, read, read_needs, share
from weaklink.version import VERSION


def stoppers(path: Path, needs: Path, target: str, threshold: str = "100%") -> Result:
    """The countries that could keep the world from an item alone, from two sheets.

    A country stops an item where it provides at least `threshold` of it, or of something that it cannot do
    without. Only rows whose dependent is the world count. The columns are declared in
    `weaklink.tables.CHAIN_STOPPERS`. Raises SourceError for sheets that cannot be read, RequestError for an
    unknown target or threshold.
    """
    sheet, rows = read(path)
    further, stated = read_needs(needs, {row.item for row in rows})
    return stopped(rows, stated, target, threshold, (sheet.card(), further.card()))


def stopped(
    rows: Sequence[Provision],
    needs: Sequence[Need],
    target: str,
    threshold: str = "100%",
    cards: tuple[Card, ...] = (),
) -> Result:
    """As `stoppers`, from rows that are read already."""
    try:
        least = Fraction(share(threshold), MILLION)
    except ValueError as error:
        raise RequestError(f"--threshold is {threshold!r}. {error}") from error
    if not least:
        raise RequestError("--threshold is 0; every country provides at least nothing.")
    used = [row for row in rows if not row.dependents]
    graph = as_chain(used, needs)
    if target not in graph:
        raise RequestError(f"no item {target!r}. There are: {', '.join(sorted(graph))}.")
    needed = chain.upstream(graph, target)
    countries = {row.supplier for row in used if row.item in needed} - {UNIDENTIFIED}
    records = [record for one in sorted(countries) if (record := _record(graph, one, target, needed, least))]
    records.sort(key=lambda row: (row["verdict"] != "yes", row["country"]))
    return Result(
        tables.CHAIN_STOPPERS,
        tabulated(tables.CHAIN_STOPPERS, records),
        tuple(_caveats(used, graph, needed, target, least)),
        Provenance(cards, VERSION, {"target": target, "threshold": threshold}),
    )


def picture(path: Path, needs: Path, target: str, threshold: str, directory: Path) -> tuple[Path, ...]:
    """Draw the chain by tiers, with the items marked that one country could stop alone.

    Writes supply_graph.svg, .png and .csv to a directory, each whole or not at all, and returns their paths.
    Raises as `stoppers`, and StoreError where the directory cannot be written to.
    """
    answer = stoppers(path, needs, target, threshold)
    _, rows = read(path)
    _, stated = read_needs(needs, {row.item for row in rows})
    graph = as_chain([row for row in rows if not row.dependents], stated)
    cards = answer.provenance.cards
    source = f"Sources: {', '.join(card.name for card in cards)}. Computed with weaklink {VERSION}."
    chart = tiers(SupplyGraph(graph, target, Fraction(share(threshold), MILLION), answer, source))
    drawn = files(chart, bare(chart))
    for file, data in drawn.items():
        write_bytes(directory / file, data)
    return tuple(directory / file for file in drawn)


def as_chain(rows: Iterable[Provision], needs: Iterable[Need]) -> Chain:
    """The items with their suppliers and what they need; firms count for their country.

    Where a firm's amount is not known, that of its country is not.
    """
    amounts: dict[str, dict[str, int | None]] = {}
    wholes: dict[str, int] = {}
    for row in rows:
        amount = row.share if row.quantity is None else row.quantity
        mine = amounts.setdefault(row.item, {})
        before = mine.get(row.supplier, 0)
        mine[row.supplier] = None if amount is None or before is None else before + amount
        wholes[row.item] = WHOLE if row.quantity is None else 0
    inputs: dict[str, dict[tuple[str, str], set[str]]] = {}
    for need in needs:
        key = ("choice", need.choice) if need.choice else ("input", need.input)
        inputs.setdefault(need.item, {}).setdefault(key, set()).add(need.input)
    named = {
        *amounts,
        *inputs,
        *(one for each in inputs.values() for those in each.values() for one in those),
    }
    return {
        item: chain.Item(
            amounts.get(item, {}),
            wholes.get(item, 0),
            frozenset(frozenset(those) for those in inputs.get(item, {}).values()),
        )
        for item in sorted(named)
    }


def _record(
    graph: Chain, country: str, target: str, needed: frozenset[str], least: Fraction
) -> dict[str, Any] | None:
    """One country in the columns of `tables.CHAIN_STOPPERS`; none where it surely cannot stop the chain."""
    lost = chain.lost(graph, country, least)
    verdict = lost[target]
    if verdict == "no":
        return None
    through = frozenset(item for item in needed if lost[item] == verdict or lost[item] == "yes")
    held = {
        item: chain.way(graph, item, target, through)
        for item in sorted(through)
        if chain.holds(graph[item], country, least) in ("yes", verdict)
    }
    causes = [item for item, way in held.items() if way]
    first = min(causes, key=lambda item: (len(held[item]), item))
    low, high = chain.share_bounds(graph[first], country)
    return {
        "country": country,
        "name": name(country),
        "verdict": verdict,
        "bottlenecks": ", ".join(causes),
        "count": len(causes),
        "share_low": float(low),
        "share_high": float(high),
        "way": " > ".join(held[first]),
    }


def _caveats(
    rows: Sequence[Provision], graph: Chain, needed: frozenset[str], target: str, least: Fraction
) -> Iterable[str]:
    yield (
        f"A country stops an item where it provides at least {float(least):.0%} of it: what the others provide "
        "is then taken to be too little, and that they cannot grow in time. Stocks are left out."
    )
    yield from sorted({f"{row.source} ({row.licence})." for row in rows})
    steps = sorted(item for item in needed if not graph[item].amounts)
    yield f"{len(needed)} items stand behind {target}, {len(steps)} of them steps without suppliers of their own."
    vague = [item for item in sorted(needed) if any(one is None for one in graph[item].amounts.values())]
    if vague:
        yield (
            f"Of {len(vague)} items some suppliers are listed without a share; where that decides, the verdict "
            "is unknown."
        )
