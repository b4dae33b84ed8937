"""What does a supply network look like once measures of a catalogue are in place?

A treatment of a register names a measure of a catalogue, a place and an amount, as a row of `weaklink reduce` does.
What is delivered works from the first day: its lead time is over.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from rapidfuzz import fuzz

from weaklink.errors import RequestError
from weaklink.mitigation.measures import ON_NETWORK, Measure
from weaklink.mitigation.on_network import Action, acted
from weaklink.register import Entity
from weaklink.study.reduce import catalogue
from weaklink.study.reduce_setting import places
from weaklink.study.stress import Case

HAIR = 1e-6  # share of the most by which an amount may be above it: what is copied by hand is rounded


@dataclass(frozen=True, slots=True)
class Delivered:
    """An amount of a measure that is in place somewhere; `id` is the treatment that says so."""

    id: str
    catalogue: str
    measure: str
    where: str
    amount: float


def measure_of(listed: str, name: str) -> Measure:
    """A measure of a catalogue, by name or title. RequestError with the nearest name where it has none.

    >>> measure_of("generators-exercise", "fuller-tanks").changes
    'fill'
    """
    measures = catalogue(listed).measure
    for one in measures:
        if name in (one.name, one.title):
            return one
    names = [one.name for one in measures]
    raise RequestError(f"catalogue {listed} has no measure {name!r}.{_hint(name, names)} {_there_are(names)}")


def of_risk(treatments: Iterable[Entity], risk: str) -> tuple[Delivered, ...]:
    """What is delivered for a risk and says its catalogue, place and amount, by id; the rest no model can replay."""
    return tuple(
        Delivered(one.id, fields["catalogue"], fields["measure"], fields["where"], fields["amount"])
        for one in sorted(treatments, key=lambda one: one.id)
        if (fields := one.fields).get("risk") == risk
        and fields.get("status") == "delivered"
        and {"catalogue", "where", "amount"} <= fields.keys()
        and measure_of(fields["catalogue"], fields["measure"]).changes in ON_NETWORK
    )


def vintage(delivered: Sequence[Delivered]) -> str:
    """Which treatments are in place, and a digest of what they do.

    >>> vintage(())
    'none'
    """
    if not delivered:
        return "none"
    said = [
        f"{measure_of(one.catalogue, one.measure).model_dump_json()} {one.where} {one.amount!r}"
        for one in delivered
    ]
    digest = hashlib.sha256("\n".join(said).encode("utf-8")).hexdigest()
    return f"{', '.join(one.id for one in delivered)} {digest}"


def in_place(case: Case, delivered: Sequence[Delivered]) -> Case:
    """The case with measures in place from the first day.

    RequestError where a measure does not work at its place, or all of it there is more than the catalogue allows.
    """
    amounts: dict[tuple[str, str, str], float] = defaultdict(float)
    for one in delivered:
        amounts[one.catalogue, measure_of(one.catalogue, one.measure).name, one.where] += one.amount
    actions = []
    for (listed, name, where), amount in amounts.items():
        measure = measure_of(listed, name)
        check(case, measure, where, amount)
        actions.append(Action(measure.changes, where))  # type: ignore[arg-type] # `of_risk` takes no others
    network = acted(case.network, case.folder.network, actions, np.array(list(amounts.values())))
    return replace(case, network=network)


def check(case: Case, measure: Measure, where: str, amount: float) -> None:
    """RequestError where a measure cannot be used at a place, or not so much of it."""
    found = places(case, case.network, measure)
    if where not in found:
        raise RequestError(
            f"measure {measure.name} cannot work at {where!r} in scenario {case.scenario.name}."
            f"{_hint(where, list(found))} {_there_are(list(found))}"
        )
    if measure.whole and not float(amount).is_integer():
        raise RequestError(
            f"measure {measure.name} comes whole: {amount:g} {measure.unit} is not a whole number."
        )
    most = found[where] if measure.most is None else min(found[where], measure.most)
    if amount > most * (1 + HAIR):
        raise RequestError(
            f"measure {measure.name} at {where}: {amount:g} {measure.unit} is more than can be used there, {most:g}. "
            "Correct the amount, or the catalogue."
        )


def _hint(word: str, known: Sequence[str]) -> str:
    likest = max(known, key=lambda one: fuzz.WRatio(word, one), default="")
    return f" Did you mean {likest}?" if fuzz.WRatio(word, likest) > 60 else ""


def _there_are(known: Sequence[str]) -> str:
    return f"There are: {', '.join(known[:20])}{', …' if len(known) > 20 else ''}."
