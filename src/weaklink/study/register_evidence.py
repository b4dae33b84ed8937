"""What does a lens say to a question that a risk rests on, and what would it rest on now?

A narrow table: for each lens, how a figure is found, and what it depends on without computing it. A question is a
mapping of words, so that it can be kept in a register and asked again years later. A question with
`measures=delivered` is asked of a world in which what is delivered for the risk is in place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from weaklink.blocs import resolve
from weaklink.errors import RequestError
from weaklink.provenance import Card
from weaklink.study import stress
from weaklink.study.delivered import Delivered, in_place, vintage
from weaklink.study.question import Question as TradeQuestion
from weaklink.study.screen import screened
from weaklink.study.setting import Setting
from weaklink.study.setting import set_up as asked_of_trade

Question = Mapping[str, str]
Inputs = Mapping[str, str]
Mix = Sequence[Delivered]

MEASURES, DELIVERED = "measures", "delivered"  # the word of a question that asks for measures in place


@dataclass(frozen=True, slots=True)
class Found:
    """A figure, what it is, its unit, the digest of the whole result, and each source with release and digest."""

    figure: float | None
    meaning: str
    unit: str
    digest: str
    vintages: Inputs


@dataclass(frozen=True, slots=True)
class Lens:
    """One model: the words of a question that it needs and may have, how it is run, what it depends on.

    Both are given the measures that are in place; a lens whose questions may not have the word never gets any.
    """

    needs: tuple[str, ...]
    may_have: tuple[str, ...]
    run: Callable[[Question, Mix], Found]
    inputs: Callable[[Question, Mix], Inputs]


def asked(lens: str, question: Question, mix: Mix = ()) -> Found:
    """The answer of a lens. RequestError for an unknown lens, or a word that it needs or does not know."""
    return _known(lens, question).run(question, mix)


def inputs(lens: str, question: Question, mix: Mix = ()) -> Inputs:
    """What the answer of a lens would rest on now. Raises as `asked` does, and where a source is not there."""
    return _known(lens, question).inputs(question, mix)


def with_measures(question: Question) -> bool:
    """Whether a question is about a world with what is delivered. RequestError for another word than `delivered`."""
    word = question.get(MEASURES, DELIVERED)
    if word != DELIVERED:
        raise RequestError(f"{MEASURES} is {word!r}; write {MEASURES}={DELIVERED}, or leave it out.")
    return MEASURES in question


def _known(name: str, question: Question) -> Lens:
    if name not in LENSES:
        raise RequestError(f"no lens {name!r} for evidence. There are: {', '.join(LENSES)}.")
    lens = LENSES[name]
    missing = [word for word in lens.needs if not question.get(word)]
    unknown = sorted(question.keys() - {*lens.needs, *lens.may_have})
    if missing or unknown:
        need = f"lacks {', '.join(missing)}" if missing else f"knows no {', '.join(unknown)}"
        words = ", ".join((*lens.needs, *(f"[{word}]" for word in lens.may_have)))
        raise RequestError(f"the question to lens {name} {need}. It takes: {words}.")
    return lens


def _of_network(question: Question, mix: Mix) -> Found:
    """Share of the demand of the importer, or of those whom the scenario is about, that goes unserved.

    With measures it is still a share of the demand without them, so that what is saved does not raise it.
    """
    case = stress.set_up(question["scenario"], question.get("sharing", ""))
    result = stress.of_case(in_place(case, mix))
    who = question.get("importer") or case.scenario.who
    members = set(case.scope)
    if question.get("importer"):
        members = set(resolve(who, year=case.days[0].year).countries)
    rows = [row for row in result.countries.records() if row["country"] in members]
    demand = sum(
        amount
        for node, amount in zip(case.network.nodes, case.network.demand_by_node.tolist(), strict=True)
        if node in members
    )
    if not demand:
        raise RequestError(
            f"{who} has no demand in the network of {case.scenario.name}. Name another importer."
        )
    unserved = sum(row[name] for row in rows for name in row if name.startswith("unserved_"))
    meaning = f"share of the demand of {who} that goes unserved"
    if with_measures(question):
        meaning += f", with {', '.join(one.id for one in mix) or 'nothing'} delivered"
    rests_on = {**_of_case(case), **_of_mix(question, mix)}
    return Found(unserved / demand, meaning, "share, 0 to 1", result.countries.digest, rests_on)


def _network_inputs(question: Question, mix: Mix) -> Inputs:
    case = stress.set_up(question["scenario"], question.get("sharing", ""))
    return {**_of_case(case), **_of_mix(question, mix)}


def _of_mix(question: Question, mix: Mix) -> Inputs:
    return {"measures delivered": vintage(mix)} if with_measures(question) else {}


def _of_case(case: stress.Case) -> Inputs:
    scenario = hashlib.sha256(case.scenario.model_dump_json().encode("utf-8")).hexdigest()
    return {**_vintages([case.folder.card()]), f"scenario {case.scenario.name}": scenario}


def _of_trade(question: Question, _mix: Mix) -> Found:
    """One figure of one product, as a screen has it."""
    setting = _setting(question)
    name = question.get("figure", "group_share")
    result = screened(setting)
    if name not in result.schema.names or result.schema.column(name).kind == "text":
        raise RequestError(f"figure {name!r} is no figure of a screen. weaklink tables screen lists them.")
    if len(result) != 1:
        raise RequestError(f"product {question['product']} is {len(result)} products; evidence is on one.")
    column, value = result.schema.column(name), result.column(name)[0]
    meaning = f"{column.meaning}, product {question['product']}, {question['importer']}, {question['year']}"
    return Found(
        None if value is None else float(value), meaning, column.unit, result.digest, _of_setting(setting)
    )


def _trade_inputs(question: Question, _mix: Mix) -> Inputs:
    return _of_setting(_setting(question))


def _setting(question: Question) -> Setting:
    year = question["year"]
    if not year.isdecimal():
        raise RequestError(f"year is {year!r}; write a calendar year.")
    return asked_of_trade(
        TradeQuestion(
            question["importer"],
            int(year),
            product=question["product"],
            suppliers=question.get("suppliers", "authoritarian"),
            data=question.get("data", ""),
            store=Path(question["store"]) if question.get("store") else None,
        )
    )


def _of_setting(setting: Setting) -> Inputs:
    return _vintages(setting.provenance().cards)


def _vintages(cards: Iterable[Card]) -> Inputs:
    return {card.name: f"{card.vintage} {card.sha256}".strip() for card in cards}


LENSES: Mapping[str, Lens] = MappingProxyType(
    {
        "network": Lens(("scenario",), ("importer", "sharing", MEASURES), _of_network, _network_inputs),
        "trade": Lens(
            ("importer", "year", "product"),
            ("suppliers", "figure", "data", "store"),
            _of_trade,
            _trade_inputs,
        ),
    }
)
