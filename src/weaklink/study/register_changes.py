"""How does somebody add a row of a register, change it, or take it out?

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
from weaklink.register.rating import raters
from weaklink.register.risks import FORMS
from weaklink.result import Result, tabulated
from weaklink.study.register_risks import lines
from weaklink.study.registers import changed
from weaklink.version import VERSION


def added(path: Path, stamp: Stamp, kind: str, id_: str, values: Mapping[str, Any]) -> Result:
    """Add a row; the change. Raises RegisterError with everything that is wrong with the values."""
    with changed(path) as (register, rules):
        event = room.add(register, stamp, kind, id_, checked(FORMS[kind], id_, values, rules))
    return changes([event])


def set_to(path: Path, stamp: Stamp, kind: str, id_: str, values: Mapping[str, Any]) -> Result:
    """Give fields of a row new values; the empty text takes one away. The change, or no row where nothing changes."""
    computed = [name for name in values if (field := FORMS[kind].field(name)) is not None and field.computed]
    if computed:
        raise RegisterError(
            f"{', '.join(computed)} of evidence: computed, not set by hand. weaklink register refresh computes it."
        )
    with changed(path) as (register, rules):
        if kind == "risk":
            _refuse_computed_levels(register, id_, values)
        event = put(register, stamp, rules, (kind, id_), values)
    return changes([] if event is None else [event])


def _refuse_computed_levels(register: Connection, risk: str, values: Mapping[str, Any]) -> None:
    for name, one in raters(room.entities(register, "evidence"), risk).items():
        if name in values:
            raise RegisterError(
                f"{name} of {risk} follows from evidence {one.id}, and is not set by hand. weaklink register refresh "
                f"{one.id} computes it."
            )


def removed(path: Path, stamp: Stamp, kind: str, id_: str) -> Result:
    """Take a row out of the register; its history stays. RegisterError where another row names it."""
    with changed(path) as (register, _):
        event = room.remove(register, stamp, kind, id_)
    return changes([event])


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


def known_risk(found: Entity | None, id_: str) -> Entity:
    """A risk that was looked up; RegisterError where it is not there."""
    if found is None:
        raise RegisterError(f"there is no risk {id_!r}. `weaklink register list` shows what there is.")
    return found


def changes(events: Sequence[Event]) -> Result:
    """Changes of a register as lines of its history."""
    caveats = () if events else ("Nothing was changed: all stood there already.",)
    return Result(
        tables.RISK_HISTORY, tabulated(tables.RISK_HISTORY, lines(events)), caveats, Provenance((), VERSION)
    )
