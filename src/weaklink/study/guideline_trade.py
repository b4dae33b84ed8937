"""What do trade, mining, sea passages and input-output tables say of a party? Findings for guidelines."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from weaklink import data
from weaklink.codes.products import select
from weaklink.errors import RequestError
from weaklink.guidelines.scoring import Finding, missing, not_applicable
from weaklink.provenance import Card
from weaklink.study.datasets import chosen
from weaklink.study.exposure import exposure
from weaklink.study.gaps import Gap, known_gaps
from weaklink.study.guideline_findings import BLOC, Asked, Found, Party, source_of
from weaklink.study.minerals import minerals
from weaklink.study.panel import Importers, panel
from weaklink.study.passages import passages
from weaklink.study.question import Question
from weaklink.study.setting import set_up

ENOUGH = 0.8  # share of the value of several products for which a figure must be known


def of_trade(column: str) -> Callable[[Asked], Found]:
    """A share or index of imports, over several products by their value."""

    def found(asked: Asked) -> Found:
        blocs = tuple(party.expression for party in asked.parties if party.code == BLOC)
        question = Question(
            "",
            asked.year,
            product=asked.given["product"],
            suppliers=asked.given.get("suppliers", "authoritarian"),
        )
        traders = chosen(question).traders(asked.year)
        silent = f"no trade of {asked.year} in the data"
        if not any(traders & set(party.countries) for party in asked.parties):
            return Found({party.code: missing(silent) for party in asked.parties})
        answer = panel(Importers(blocs, asked.each), question)
        rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in answer.records():
            code = row["importer"] if len(row["importer"]) == 3 and asked.each else BLOC
            rows[code].append(row)
        source = source_of(answer)
        gaps = _gaps(asked, question)

        def of(party: Party) -> Finding:
            if not traders & set(party.countries):
                return missing(silent)
            lacking = [gap for gap in gaps if gap.importers & set(party.countries)]
            if lacking:
                return missing(f"the data lack its {lacking[0].product} from {lacking[0].supplier}")
            return _mean(rows[party.code], column, source, asked.year)

        return Found(
            {party.code: of(party) for party in asked.parties},
            answer.provenance.cards,
            answer.caveats,
        )

    return found


def _gaps(asked: Asked, question: Question) -> list[Gap]:
    """Flows that are known to be missing from the data: a share without them would look better than it is."""
    products = select(question.product, chosen(question).products) if question.product else ()
    if question.product and not {row["product"] for row in data.rows("known_gaps")} & set(products):
        return []
    importer = " + ".join(f"({party.expression})" for party in asked.parties)
    try:
        return list(known_gaps(set_up(replace(question, importer=importer))))
    except RequestError:  # none of them trades in these products
        return []


def _mean(rows: Iterable[Mapping[str, Any]], column: str, source: str, year: int) -> Finding:
    bought = [row for row in rows if row["imports_usd"]]
    total = sum(row["imports_usd"] for row in bought)
    if not total:
        return not_applicable("nothing was bought")
    known = [row for row in bought if row[column] is not None]
    value = sum(row["imports_usd"] for row in known)
    if value < ENOUGH * total:
        return missing(f"suppliers known for {value / total:.0%} of the value")
    mean = math.fsum(row[column] * row["imports_usd"] for row in known) / value
    largest = max(known, key=lambda row: row["imports_usd"])
    note = f"largest supplier of {largest['product']}: {largest['top_supplier'] or 'unknown'}"
    return Finding(mean, "known", source, str(year), note)


def look_through(asked: Asked) -> Found:
    """Foreign value added of the supplier group in the output of a sector; `all` takes the sectors as one."""
    findings, cards, caveats = {}, dict[str, Card](), dict[str, None]()
    for party in asked.parties:
        try:
            answer = exposure(party.expression, suppliers=asked.given["suppliers"])
        except RequestError:
            findings[party.code] = missing("the table has it in the rest of the world")
            continue
        row = answer.records()[-1]
        cards.update({card.name: card for card in answer.provenance.cards})
        caveats.update(dict.fromkeys(answer.caveats))
        note = f"face value {row['face_value']:.3f}, look-through {row['look_through']:.3f}"
        year = str(answer.provenance.cards[0].years[-1])
        findings[party.code] = Finding(row["value_added_share"], "known", source_of(answer), year, note)
    return Found(findings, tuple(cards.values()), tuple(caveats))


def of_mineral(column: str) -> Callable[[Asked], Found]:
    """A figure of world production, the same for every party but for its own share."""

    def found(asked: Asked) -> Found:
        findings: dict[str, Finding] = {}
        cards: tuple[Card, ...] = ()
        for party in asked.parties:
            answer = minerals(
                asked.year,
                mineral=asked.given["mineral"],
                suppliers=asked.given["suppliers"],
                importer=party.expression if column == "importer_share" else "",
            )
            row, cards = answer.records()[0], answer.provenance.cards
            findings[party.code] = (
                missing("too little of world production is known")
                if row[column] is None
                else Finding(
                    row[column],
                    "known",
                    source_of(answer),
                    str(asked.year),
                    f"largest producer {row['largest_producer']}",
                )
            )
        return Found(findings, cards)

    return found


def passage(asked: Asked) -> Found:
    """The largest share of imports that passes any of the named straits and canals."""
    named = {one.strip() for one in asked.given["through"].split(",")}
    findings: dict[str, Finding] = {}
    cards: tuple[Card, ...] = ()
    caveats: tuple[str, ...] = ()
    traders = chosen(Question("", asked.year)).traders(asked.year)
    for party in asked.parties:
        if not traders & set(party.countries):
            findings[party.code] = missing(f"no trade of {asked.year} in the data")
            continue
        try:
            answer = passages(party.expression, asked.year, product=asked.given["product"])
        except RequestError:  # nobody trades in these products, or not with it
            findings[party.code] = not_applicable("nothing was bought from outside")
            continue
        cards, caveats = answer.provenance.cards, answer.caveats
        rows = [row for row in answer.records() if row["passage"] in named and row["share"] is not None]
        most = max(rows, key=lambda row: row["share"], default=None)
        findings[party.code] = (
            not_applicable("nothing was bought from outside")
            if most is None
            else Finding(most["share"], "known", source_of(answer), str(asked.year), most["title"])
        )
    return Found(findings, cards, caveats[-1:])
