"""How does somebody add a risk, change it, treat it, or rest it on a figure?

Each function makes one change of the register, in one transaction, and returns it as a line of the history.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from weaklink import register as room
from weaklink import tables
from weaklink.errors import RegisterError
from weaklink.provenance import Provenance
from weaklink.register import Entity, Event, Stamp
from weaklink.register.fields import Rules, checked
from weaklink.register.risks import FORMS
from weaklink.result import Result, tabulated
from weaklink.study.register_evidence import asked
from weaklink.study.register_risks import lines
from weaklink.study.registers import changed
from weaklink.version import VERSION


def added(path: Path, stamp: Stamp, kind: str, id_: str, values: Mapping[str, Any]) -> Result:
    """Add a row; the change. Raises RegisterError with everything that is wrong with the values."""
    with changed(path) as (register, rules):
        event = room.add(register, stamp, kind, id_, checked(FORMS[kind], id_, values, rules))
    return _changes([event])


def set_to(path: Path, stamp: Stamp, kind: str, id_: str, values: Mapping[str, Any]) -> Result:
    """Give fields of a row new values; the empty text takes one away. The change, or no row where nothing changes."""
    computed = [name for name in values if (field := FORMS[kind].field(name)) is not None and field.computed]
    if computed:
        raise RegisterError(
            f"{', '.join(computed)} of evidence: computed, not set by hand. weaklink register refresh computes it."
        )
    with changed(path) as (register, rules):
        event = put(register, stamp, rules, (kind, id_), values)
    return _changes([] if event is None else [event])


def removed(path: Path, stamp: Stamp, kind: str, id_: str) -> Result:
    """Take a row out of the register; its history stays. RegisterError where another row names it."""
    with changed(path) as (register, _):
        event = room.remove(register, stamp, kind, id_)
    return _changes([event])


def put(
    register: Connection, stamp: Stamp, rules: Rules, key: tuple[str, str], values: Mapping[str, Any]
) -> Event | None:
    """Change fields of a row in a register that is open for writing; None where nothing changes."""
    kind, id_ = key
    old = room.entity(register, kind, id_)
    if old is None:
        raise RegisterError(f"there is no {kind} {id_!r}. `weaklink register list` shows what there is.")
    whole = checked(FORMS[kind], id_, {**old.fields, **values}, rules)
    fields = {name: whole.get(name) for name in (*values, "marking")}
    return room.change(register, stamp, kind, id_, fields, expected=old.version)


def treated(path: Path, stamp: Stamp, risk: str, id_: str, values: Mapping[str, Any]) -> Result:
    """Add a treatment of a risk, or change it where there is one of that id; a new one is marked as the risk is."""
    with changed(path) as (register, rules):
        owner = _risk(room.entity(register, "risk", risk), risk)
        event: Event | None
        if room.entity(register, "treatment", id_) is None:
            given = {"marking": owner.fields.get("marking"), **values, "risk": risk}
            event = room.add(
                register, stamp, "treatment", id_, checked(FORMS["treatment"], id_, given, rules)
            )
        else:
            event = put(register, stamp, rules, ("treatment", id_), {**values, "risk": risk})
    return _changes([] if event is None else [event])


def _risk(found: Entity | None, id_: str) -> Entity:
    if found is None:
        raise RegisterError(f"there is no risk {id_!r}. `weaklink register list` shows what there is.")
    return found


def linked(path: Path, stamp: Stamp, risk: str, id_: str, lens: str, question: Mapping[str, str]) -> Result:
    """Ask a lens and add its answer to a risk, as evidence; the marking is that of the risk."""
    with room.opened(path) as register:
        owner = _risk(room.entity(register, "risk", risk), risk)
    values = {"risk": risk, "marking": owner.fields.get("marking"), **answered(lens, question, stamp)}
    return added(path, stamp, "evidence", id_ or f"{risk}/{lens}", values)


def answered(lens: str, question: Mapping[str, str], stamp: Stamp) -> dict[str, Any]:
    """The answer of a lens as fields of evidence."""
    found = asked(lens, question)
    return {
        "lens": lens,
        "question": dict(question),
        "figure": found.figure,
        "meaning": found.meaning,
        "unit": found.unit,
        "digest": found.digest,
        "vintages": dict(found.vintages),
        "code_version": VERSION,
        "computed_on": stamp.time[:10],
    }


def _changes(events: Sequence[Event]) -> Result:
    caveats = () if events else ("Nothing was changed: all stood there already.",)
    return Result(
        tables.RISK_HISTORY, tabulated(tables.RISK_HISTORY, lines(events)), caveats, Provenance((), VERSION)
    )
