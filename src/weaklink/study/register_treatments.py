"""What is done about a risk: how is a treatment added or changed, and how does a mix of measures become treatments?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from weaklink import register as room
from weaklink.mitigation.measures import ON_NETWORK
from weaklink.register import Entity, Event, Stamp
from weaklink.register.fields import Rules, checked
from weaklink.register.risks import FORMS
from weaklink.result import Result
from weaklink.sources.intake import Problems
from weaklink.sources.sheet import Cell, read_sheet, words
from weaklink.study.delivered import check, measure_of
from weaklink.study.register_changes import changes, known_risk, put
from weaklink.study.register_evidence import with_measures
from weaklink.study.registers import changed
from weaklink.study.stress import Case, set_up

PLACED = {"catalogue", "measure", "where", "amount"}  # the fields that a model reads
MIX = {
    "measure": words("the name of a measure", required=True),
    "where": words("the place where it works", required=True),
    "amount": Cell(float, "a number", "Write a plain number.", required=True),
}  # columns of what `weaklink reduce` writes; the others are not needed


def treated(path: Path, stamp: Stamp, risk: str, id_: str, values: Mapping[str, Any]) -> Result:
    """Add a treatment of a risk, or change it where there is one of that id; a new one is marked as the risk is.

    Raises RequestError, with the nearest name, where its catalogue has no such measure, or the measure cannot work
    there in a scenario that evidence of the risk plays with what is delivered.
    """
    with changed(path) as (register, rules):
        owner = known_risk(room.entity(register, "risk", risk), risk)
        if room.entity(register, "treatment", id_) is None:
            event: Event | None = _added(register, stamp, rules, (owner, id_), values)
        else:
            event = put(register, stamp, rules, ("treatment", id_), {**values, "risk": risk})
        if values.keys() & PLACED:
            _check([_present(register, id_)], list(_cases(register, risk)))
    return changes([] if event is None else [event])


def planned(path: Path, stamp: Stamp, risk: str, mix: Path, values: Mapping[str, Any]) -> Result:
    """Add the rows of a mix that `weaklink reduce` has written as planned treatments of a risk: all, or none of them.

    `values` are what all have in common: the catalogue, an owner, a day. Each is called by risk, measure and place.
    Raises SourceError for a file that is no mix, and else what `treated` raises.
    """
    problems = Problems(mix.name)
    sheet = read_sheet(mix, MIX, problems)
    problems.refuse_if_any()
    with changed(path) as (register, rules):
        owner = known_risk(room.entity(register, "risk", risk), risk)
        events = []
        for _, row in sheet.rows:
            key = owner, f"{risk}/{row['measure']}@{row['where']}"
            events.append(_added(register, stamp, rules, key, {"status": "planned", **values, **row}))
        _check([_present(register, event.entity) for event in events], list(_cases(register, risk)))
    return changes(events)


def _added(
    register: Connection, stamp: Stamp, rules: Rules, key: tuple[Entity, str], values: Mapping[str, Any]
) -> Event:
    risk, id_ = key
    given = {"marking": risk.fields.get("marking"), **values, "risk": risk.id}
    return room.add(register, stamp, "treatment", id_, checked(FORMS["treatment"], id_, given, rules))


def _present(register: Connection, id_: str) -> Entity:
    found = room.entity(register, "treatment", id_)
    assert found is not None  # noqa: S101 - it was just written
    return found


def _cases(register: Connection, risk: str) -> Iterator[Case]:
    """The networks on which evidence of a risk plays what is delivered for it."""
    for one in room.entities(register, "evidence"):
        question = one.fields.get("question", {})
        if one.fields["risk"] == risk and with_measures(question):
            yield set_up(question["scenario"], question.get("sharing", ""))


def _check(treatments: Iterable[Entity], cases: Iterable[Case]) -> None:
    """Hold treatments against their catalogues, and against the networks on which they will be played."""
    for one in treatments:
        fields = one.fields
        if "catalogue" not in fields or fields.get("status") == "dropped":
            continue
        measure = measure_of(fields["catalogue"], fields["measure"])
        if "where" in fields and measure.changes in ON_NETWORK:
            for case in cases:
                check(case, measure, fields["where"], fields["amount"])
