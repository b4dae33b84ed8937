"""Who changed what, when and why? The append-only log of a register, and the present that follows from it.

An event says which fields of one entity had which values before and have which after. Events are numbered from 1
without a gap, in the order in which they were committed; each version of an entity is one event. Time never runs
backwards in a log: a clock that is behind is taken to show what the last event says.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from weaklink.errors import ConflictError, RegisterError
from weaklink.register import seals
from weaklink.register.seals import COLUMNS

# What JSON can say: text, whole numbers (money, of any size), numbers, truth, lists and mappings of these.
Value = Any
Fields = Mapping[str, Value]
Action = Literal["add", "change", "remove"]
Key = tuple[str, str]  # kind and id of an entity

LONGEST_ID = 100
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who changes something, when (UTC, ISO 8601: 2026-11-25T06:00:00Z), and why."""

    who: str
    time: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log. `before` and `after` hold the fields that changed; None stands for no value."""

    number: int
    time: str
    who: str
    why: str
    kind: str
    entity: str
    version: int
    action: Action
    before: Fields
    after: Fields


@dataclass(frozen=True, slots=True)
class Entity:
    """Something at one version: the fields that have a value."""

    kind: str
    id: str
    version: int
    fields: Fields


def add(connection: sqlite3.Connection, stamp: Stamp, kind: str, id_: str, fields: Fields) -> Event:
    """Add an entity. Fields whose value is None are left out.

    An id that was removed may be added again: its versions go on. Call it inside `writing`. Raises ConflictError
    where the id is taken, RegisterError for a stamp, id or value that cannot be written down.
    """
    if entity(connection, kind, id_) is not None:
        raise ConflictError(f"{kind} {id_!r} is there already. Choose another id, or change that one.")
    last = connection.execute(
        "SELECT max(version) FROM events WHERE kind = ? AND entity = ?", (kind, id_)
    ).fetchone()[0]
    after = {name: value for name, value in _plain(fields).items() if value is not None}
    return _append(connection, stamp, (kind, id_), (last or 0) + 1, "add", ({}, after), after)


def change(
    connection: sqlite3.Connection,
    stamp: Stamp,
    kind: str,
    id_: str,
    fields: Fields,
    *,
    expected: int | None = None,
) -> Event | None:
    """Give some fields of an entity new values; None takes a value away. None where nothing would change.

    `expected` is the version that the writer has seen. Call it inside `writing`. Raises ConflictError where that
    is no longer the present one, RegisterError where there is no such entity.
    """
    present = _present(connection, kind, id_, expected)
    changed = {
        name: value for name, value in _plain(fields).items() if not _same(value, present.fields.get(name))
    }
    if not changed:
        return None
    before = {name: present.fields.get(name) for name in changed}
    after = {name: value for name, value in {**present.fields, **changed}.items() if value is not None}
    return _append(connection, stamp, (kind, id_), present.version + 1, "change", (before, changed), after)


def remove(
    connection: sqlite3.Connection, stamp: Stamp, kind: str, id_: str, *, expected: int | None = None
) -> Event:
    """Take an entity out of the present; its history stays. Raises as `change` does."""
    present = _present(connection, kind, id_, expected)
    return _append(connection, stamp, (kind, id_), present.version + 1, "remove", (present.fields, {}), None)


def entity(connection: sqlite3.Connection, kind: str, id_: str) -> Entity | None:
    """The present of one entity; None where there is none."""
    row = connection.execute(
        "SELECT version, fields FROM present WHERE kind = ? AND entity = ?", (kind, id_)
    ).fetchone()
    return None if row is None else Entity(kind, id_, row[0], json.loads(row[1]))


def entities(connection: sqlite3.Connection, kind: str | None = None) -> tuple[Entity, ...]:
    """The present of every entity of a kind, or of all kinds, in the order of kinds and ids."""
    asked = "SELECT kind, entity, version, fields FROM present"
    if kind is None:
        rows = connection.execute(asked + " ORDER BY kind, entity")
    else:
        rows = connection.execute(asked + " WHERE kind = ? ORDER BY entity", (kind,))
    return tuple(Entity(kind_, id_, version, json.loads(fields)) for kind_, id_, version, fields in rows)


def events(connection: sqlite3.Connection, *, after: int = 0) -> Iterator[Event]:
    """The log in its order, from the event that follows number `after`."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM events WHERE number > ? ORDER BY number",  # noqa: S608 - names of our own
        (after,),
    )
    return map(_event, rows)


def history(connection: sqlite3.Connection, kind: str, id_: str) -> tuple[Event, ...]:
    """The events of one entity, oldest first."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM events WHERE kind = ? AND entity = ? ORDER BY version",  # noqa: S608 - as above
        (kind, id_),
    )
    return tuple(map(_event, rows))


def replayed(log: Iterable[Event]) -> dict[Key, Entity]:
    """The state that some events lead to, from nothing. The log up to some day gives the state of that day.

    Raises RegisterError where the events do not follow from each other.

    >>> first = Event(1, "2026-01-01T00:00:00Z", "ana", "", "risk", "R-1", 1, "add", {}, {"owner": "Energy"})
    >>> then = Event(2, "2026-01-02T00:00:00Z", "ben", "", "risk", "R-1", 2, "change",
    ...              {"owner": "Energy"}, {"owner": "Treasury"})
    >>> replayed([first, then])["risk", "R-1"].fields
    {'owner': 'Treasury'}
    """
    state: dict[Key, Entity] = {}
    versions: dict[Key, int] = {}
    for event in log:
        key = event.kind, event.entity
        old = state.pop(key, None)
        fields: dict[str, Value] = {} if old is None else dict(old.fields)
        fits = {name: fields.get(name) for name in event.before} == event.before
        if not fits or (old is None) != (event.action == "add") or event.version != versions.get(key, 0) + 1:
            raise RegisterError(
                f"event {event.number} ({event.action} {event.kind} {event.entity!r}) does not follow from those "
                "before it: the log was altered. Restore it from a backup."
            )
        versions[key] = event.version
        if event.action != "remove":
            fields.update(event.after)
            kept = {name: value for name, value in fields.items() if value is not None}
            state[key] = Entity(*key, event.version, kept)
    return state


def rebuild(connection: sqlite3.Connection) -> None:
    """Make the table of the present again from the log. Call it inside `writing`."""
    state = replayed(events(connection))
    connection.execute("DELETE FROM present")
    for (kind, id_), one in state.items():
        _put(connection, (kind, id_), one.version, one.fields)


def id_problem(text: str) -> str:
    """What is wrong with a text as an id; nothing where it can be one."""
    if not text or len(text) > LONGEST_ID or text != text.strip() or not text.isprintable():
        return f"write 1 to {LONGEST_ID} printable characters, without spaces at either end"
    return ""


def _present(connection: sqlite3.Connection, kind: str, id_: str, expected: int | None) -> Entity:
    present = entity(connection, kind, id_)
    if present is None:
        raise RegisterError(f"there is no {kind} {id_!r}. `weaklink register list` shows what there is.")
    if expected is not None and expected != present.version:
        raise ConflictError(
            f"{kind} {id_!r} has been changed meanwhile: it is at version {present.version}, you have seen "
            f"{expected}. Look at what has changed and try again."
        )
    return present


def _append(
    connection: sqlite3.Connection,
    stamp: Stamp,
    key: Key,
    version: int,
    action: Action,
    difference: tuple[Fields, Fields],
    fields: Fields | None,
) -> Event:
    """Write one event and the present that follows from it; `fields` is None where nothing is left."""
    if not connection.in_transaction:
        raise AssertionError("a change of the register outside of `writing`")
    _refuse_unusable(stamp, key)
    before, after = (_json(part) for part in difference)
    last = connection.execute("SELECT number, time FROM events ORDER BY number DESC LIMIT 1").fetchone()
    number, time = last or (0, "")
    event = Event(number + 1, max(stamp.time, time), stamp.who, stamp.why, *key, version, action, *difference)
    row = (event.number, event.time, event.who, event.why, *key, version, action, before, after)
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO events ({COLUMNS}) VALUES ({marks})", row)  # noqa: S608 - names of our own
    seals.put(connection, event.number, seals.seal(seals.latest(connection), row))
    if fields is None:
        connection.execute("DELETE FROM present WHERE kind = ? AND entity = ?", key)
    else:
        _put(connection, key, version, fields)
    return event


def _put(connection: sqlite3.Connection, key: Key, version: int, fields: Fields) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO present (kind, entity, version, fields) VALUES (?, ?, ?, ?)",
        (*key, version, _json(fields)),
    )


def _refuse_unusable(stamp: Stamp, key: Key) -> None:
    if not stamp.who.strip():
        raise RegisterError("a change needs the name of who makes it. Give --who NAME.")
    for text in key:
        if problem := id_problem(text):
            raise RegisterError(f"{text[:LONGEST_ID]!r} is no name of a {key[0]}: {problem}.")
    if not _TIME.fullmatch(stamp.time):
        raise RegisterError(f"{stamp.time!r} is no time. Write UTC to the second: 2026-11-25T06:00:00Z.")
    for text in (stamp.who, stamp.why):
        _refuse_broken(text)


def _plain(fields: Fields) -> Fields:
    """Fields as they are read back: tuples are lists."""
    found: Fields = json.loads(_json(fields))
    return found


def _json(fields: Fields) -> str:
    """Fields as JSON, keys in order; RegisterError for what JSON or UTF-8 cannot say."""
    try:
        text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise RegisterError(
            f"a value cannot be written down ({error}). Use text, numbers, or lists of these."
        ) from error
    _refuse_broken(text)
    return text


def _refuse_broken(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise RegisterError("a text holds half a character (a lone surrogate). Write it anew.") from error
    if "\0" in text:
        raise RegisterError("a text holds a NUL character. Write it anew.")


def _same(one: Value, other: Value) -> bool:
    """Whether two values are written the same: 1 and True, or 1 and 1.0, are not."""
    return _json({"": one}) == _json({"": other})


def _event(row: tuple[Any, ...]) -> Event:
    number, time, who, why, kind, id_, version, action, before, after = row
    sides = ({} if side == "{}" else json.loads(side) for side in (before, after))
    return Event(number, time, who, why, kind, id_, version, action, *sides)
