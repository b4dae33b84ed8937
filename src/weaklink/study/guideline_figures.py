"""Which figures can a framework of guidelines ask of the lenses, by name?

A figure is a function from who is asked about to findings. A framework names figures in TOML and says what they are
asked for, so that another requirement needs no code; another figure is one function and one entry of `FIGURES`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from weaklink import data
from weaklink.errors import RequestError
from weaklink.guidelines.oil import days_of_cover
from weaklink.guidelines.scoring import Finding, missing, not_applicable
from weaklink.provenance import Card
from weaklink.result import Result
from weaklink.sources.guideline_sheets import Entered
from weaklink.study.datasets import chosen
from weaklink.study.exposure import exposure
from weaklink.study.minerals import minerals
from weaklink.study.network_outages import standard
from weaklink.study.networks import folder
from weaklink.study.panel import Importers, panel
from weaklink.study.passages import passages
from weaklink.study.question import Question
from weaklink.study.stress import stressed

BLOC = "bloc"  # the code of the bloc taken as one
ENOUGH = 0.8  # share of the value of several products for which a figure must be known


@dataclass(frozen=True, slots=True)
class Party:
    """Who is assessed: a country by its ISO3 code, or the bloc as one under the code `bloc`."""

    code: str
    expression: str
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a figure is asked for: of whom, in which year, for what, and which values were entered."""

    parties: tuple[Party, ...]
    year: int
    given: Mapping[str, str]
    entered: Mapping[tuple[str, str], Entered]

    @property
    def each(self) -> str:
        """The single countries as an expression; empty where the bloc is asked as one."""
        return " + ".join(party.code for party in self.parties if party.code != BLOC)


@dataclass(frozen=True, slots=True)
class Found:
    """The finding for each party, with the cards and caveats of the data behind it."""

    findings: Mapping[str, Finding]
    cards: tuple[Card, ...] = ()
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that frameworks may name.

    `options` maps what it may be given to its default; `inputs` maps the values that it needs from the sheet of entered
    values to their units.
    """

    name: str
    title: str
    unit: str
    lens: str
    find: Callable[[Asked], Found]
    options: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)


def find(name: str, parties: tuple[Party, ...], year: int, given: Mapping[str, str], entered: Any) -> Found:  # noqa: ANN401 - as in Asked
    """What a figure finds, defaults filled in; RequestError for a name or an option that it does not have."""
    if name not in FIGURES:
        raise RequestError(f"no figure {name!r}. There are: {', '.join(FIGURES)}.")
    figure = FIGURES[name]
    if unknown := sorted(given.keys() - figure.options.keys()):
        raise RequestError(
            f"figure {name} cannot be given {', '.join(unknown)}; it takes {', '.join(figure.options) or 'nothing'}."
        )
    return figure.find(Asked(parties, year, {**figure.options, **given}, entered))


def _of_trade(column: str) -> Callable[[Asked], Found]:
    """A share or index of imports, over several products by their value."""

    def found(asked: Asked) -> Found:
        blocs = tuple(party.expression for party in asked.parties if party.code == BLOC)
        question = Question(
            "", asked.year, product=asked.given["product"], suppliers=asked.given.get("suppliers", "authoritarian")
        )
        answer = panel(Importers(blocs, asked.each), question)
        rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in answer.records():
            code = row["importer"] if len(row["importer"]) == 3 and asked.each else BLOC
            rows[code].append(row)
        source = _source(answer)
        traders = chosen(question).traders(asked.year)
        return Found(
            {
                party.code: _mean(rows[party.code], column, source, asked.year)
                if traders & set(party.countries)
                else missing(f"no trade of {asked.year} in the data")
                for party in asked.parties
            },
            answer.provenance.cards,
            answer.caveats,
        )

    return found


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


def _n_minus_1(column: str) -> Callable[[Asked], Found]:
    def found(asked: Asked) -> Found:
        network = folder(asked.given["network"])
        answer = standard(asked.given["network"])
        rows = {row["country"]: row for row in answer.records()}
        largest = "largest_supplier" if column == "n_minus_supplier" else "largest"

        def of(party: Party) -> Finding:
            row = rows.get(party.code)
            if row is None:
                return _no_node(party, network.network.nodes)
            return Finding(
                row[column],
                "known",
                _source(answer),
                network.about.first_day.isoformat(),
                f"without {row[largest] or 'any supplier of its own'}",
            )

        return Found(
            {party.code: of(party) for party in asked.parties}, answer.provenance.cards, answer.caveats
        )

    return found


def _no_node(party: Party, nodes: Iterable[str]) -> Finding:
    if party.code == BLOC:
        return missing("asked of single countries only")
    if party.code in nodes:
        return not_applicable("no gas is used in the network")
    return missing("the network does not reach it")


def _storage_at_start(asked: Asked) -> Found:
    found = folder(asked.given["network"])
    stores = [one for one in found.network.storages if one.kind == "storage"]

    def of(party: Party) -> Finding:
        mine = [one for one in stores if one.node in party.countries]
        volume = math.fsum(one.volume for one in mine)
        if not volume:
            inside = set(party.countries) & set(found.network.nodes)
            return not_applicable("no stores") if inside else missing("the network does not reach it")
        level = math.fsum(one.start for one in mine) / volume
        day = found.about.first_day.isoformat()
        return Finding(level, "known", _of_card(found.card()), day, f"working volume {volume:,.0f} {found.about.unit}")

    return Found(
        {party.code: of(party) for party in asked.parties}, (found.card(),), tuple(found.about.caveats)
    )


def _saving(asked: Asked) -> Found:
    """1 − demand of the horizon over that of the reference course."""
    found, usual = folder(asked.given["network"]), folder(asked.given["network"], asked.given["reference"])
    actual_of = dict(zip(found.network.nodes, found.network.demand_by_node, strict=True))
    usual_of = dict(zip(usual.network.nodes, usual.network.demand_by_node, strict=True))

    def of(party: Party) -> Finding:
        nodes = [node for node in party.countries if usual_of.get(node)]
        if not nodes:
            return missing("the network has no demand of it")
        value = 1 - math.fsum(actual_of[one] for one in nodes) / math.fsum(usual_of[one] for one in nodes)
        span = f"{found.about.first_day} to {found.about.last_day}"
        return Finding(value, "known", _of_card(found.card()), span, f"against {asked.given['reference']} demand")

    return Found(
        {party.code: of(party) for party in asked.parties}, (found.card(),), tuple(found.about.caveats)
    )


def _curtailment(asked: Asked) -> Found:
    answer = stressed(asked.given["scenario"]).countries
    unserved, demand = (
        next(name for name in answer.schema.names if name.startswith(start)) for start in ("unserved_", "demand_")
    )
    rows = {row["country"]: row for row in answer.records()}

    def of(party: Party) -> Finding:
        mine = [rows[code] for code in party.countries if code in rows]
        if not mine:
            return missing("the network does not reach it")
        rate = math.fsum(row[unserved] for row in mine) / math.fsum(row[demand] for row in mine)
        return Finding(rate, "known", _source(answer), "", f"scenario {asked.given['scenario']}")

    return Found(
        {party.code: of(party) for party in asked.parties}, answer.provenance.cards, answer.caveats
    )


def _look_through(asked: Asked) -> Found:
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
        findings[party.code] = Finding(row["value_added_share"], "known", _source(answer), "2020", note)
    return Found(findings, tuple(cards.values()), tuple(caveats))


def _of_mineral(column: str) -> Callable[[Asked], Found]:
    """A figure of world production, the same for every party but for its own share."""

    def found(asked: Asked) -> Found:
        findings, cards = {}, ()
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
                    row[column], "known", _source(answer), str(asked.year), f"largest producer {row['largest_producer']}"
                )
            )
        return Found(findings, cards)

    return found


def _passage(asked: Asked) -> Found:
    """The largest share of imports that passes any of the named straits and canals."""
    named = {one.strip() for one in asked.given["through"].split(",")}
    findings, cards, caveats = {}, (), ()
    for party in asked.parties:
        try:
            answer = passages(party.expression, asked.year, product=asked.given["product"])
        except RequestError:
            findings[party.code] = not_applicable("nothing was bought from outside")
            continue
        cards, caveats = answer.provenance.cards, answer.caveats
        rows = [row for row in answer.records() if row["passage"] in named and row["share"] is not None]
        most = max(rows, key=lambda row: row["share"], default=None)
        findings[party.code] = (
            not_applicable("nothing was bought from outside")
            if most is None
            else Finding(most["share"], "known", _source(answer), str(asked.year), most["title"])
        )
    return Found(findings, cards, caveats[-1:])


OIL_INPUTS: Mapping[str, str] = MappingProxyType(
    {
        "crude_net_imports": "kt",
        "product_net_imports": "kt",
        "crude_stocks": "kt",
        "product_stocks": "kt",
    }
)


def _oil_days(asked: Asked) -> Found:
    def of(party: Party) -> Finding:
        rows = [asked.entered.get((party.code, name)) for name in OIL_INPUTS]
        known = [row for row in rows if row is not None]
        if len(known) < len(rows):
            lacking = [name for name, row in zip(OIL_INPUTS, rows, strict=True) if row is None]
            return missing(f"not entered: {', '.join(lacking)}")
        days = days_of_cover(*(row.value for row in known))
        source = "; ".join(dict.fromkeys(row.source for row in known))
        if math.isinf(days):
            return not_applicable("a net exporter has no obligation")
        return Finding(days, "known", source, max(row.date for row in known), "computed from entered stocks")

    return Found({party.code: of(party) for party in asked.parties})


def _source(answer: Result) -> str:
    return _of_card(answer.provenance.cards[0])


def _of_card(card: Card) -> str:
    return f"{card.source}, {card.vintage}"


STRAITS = "hormuz, bab_el_mandeb, suez, malacca, taiwan, turkish_straits, panama"
_SUPPLIERS = {"suppliers": "authoritarian"}
_GAS = {"network": "europe-gas-2022"}

FIGURES: Mapping[str, Figure] = MappingProxyType(
    {
        one.name: one
        for one in (
            Figure(
                "top_share",
                "share of the largest supplier in imports of products, by their value",
                "share, 0 to 1",
                "trade",
                _of_trade("top_share"),
                {"product": ""},
            ),
            Figure(
                "group_share",
                "share of a supplier group in imports of products, by their value",
                "share, 0 to 1",
                "trade",
                _of_trade("group_share"),
                {"product": "", **_SUPPLIERS},
            ),
            Figure(
                "herfindahl",
                "Herfindahl-Hirschman index of suppliers of products, by their value",
                "0 to 1",
                "trade",
                _of_trade("herfindahl"),
                {"product": ""},
            ),
            Figure(
                "value_added_share",
                "value added of a supplier group in all output, through suppliers' suppliers",
                "share, 0 to 1",
                "input-output",
                _look_through,
                dict(_SUPPLIERS),
            ),
            Figure(
                "mined_group_share",
                "share of a supplier group in world production of a mineral",
                "share, 0 to 1",
                "minerals",
                _of_mineral("group_share"),
                {"mineral": "", **_SUPPLIERS},
            ),
            Figure(
                "mined_top_share",
                "share of the largest producer in world production of a mineral",
                "share, 0 to 1",
                "minerals",
                _of_mineral("largest_share"),
                {"mineral": "", **_SUPPLIERS},
            ),
            Figure(
                "mined_own_share",
                "own share in world production of a mineral",
                "share, 0 to 1",
                "minerals",
                _of_mineral("importer_share"),
                {"mineral": "", **_SUPPLIERS},
            ),
            Figure(
                "passage_share",
                "largest share of imports through one of some straits and canals",
                "share, 0 to 1",
                "passages",
                _passage,
                {"through": STRAITS, "product": ""},
            ),
            Figure(
                "gas_n_minus_1",
                "N-1 of Regulation (EU) 2017/1938: capacity on a peak day without the largest infrastructure",
                "ratio",
                "network",
                _n_minus_1("n_minus_1"),
                dict(_GAS),
            ),
            Figure(
                "gas_n_minus_1_low_storage",
                "the same with stores at 30 %",
                "ratio",
                "network",
                _n_minus_1("n_minus_1_low_storage"),
                dict(_GAS),
            ),
            Figure(
                "gas_n_minus_supplier",
                "the same without the largest supplier",
                "ratio",
                "network",
                _n_minus_1("n_minus_supplier"),
                dict(_GAS),
            ),
            Figure(
                "gas_storage_at_start",
                "level of gas stores on the first day of a winter over their working volume",
                "share, 0 to 1",
                "network",
                _storage_at_start,
                dict(_GAS),
            ),
            Figure(
                "gas_saving",
                "gas demand saved over a winter, against a reference",
                "share, 0 to 1",
                "network",
                _saving,
                {**_GAS, "reference": "usual"},
            ),
            Figure(
                "gas_curtailment",
                "gas demand that a scenario leaves unserved",
                "share, 0 to 1",
                "network, stress",
                _curtailment,
                {"scenario": "gas-cutoff-2022"},
            ),
            Figure(
                "oil_days",
                "days of net imports that oil stocks cover, by the method of the IEA",
                "days",
                "entered",
                _oil_days,
                inputs=OIL_INPUTS,
            ),
        )
    }
)
