"""Has anybody altered the log? Each event has a seal: the sha256 of its row and of the seal before it.

Whoever changes a line of the log by force breaks every seal from there on. A token names a register as it was at one
event to whoever has the register, and tells nothing to others: it is keyed with a secret that never leaves the file.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
from typing import Any

COLUMNS = "number, time, who, why, kind, entity, version, action, before, after"


def seal(previous: str, row: tuple[Any, ...]) -> str:
    """The seal of an event whose row, in the order of COLUMNS, follows an event with seal `previous`."""
    said = json.dumps([previous, *row], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode("utf-8")).hexdigest()


def latest(connection: sqlite3.Connection) -> str:
    """The seal of the last event; nothing where there is none."""
    row = connection.execute("SELECT seal FROM seals ORDER BY number DESC LIMIT 1").fetchone()
    return "" if row is None else str(row[0])


def put(connection: sqlite3.Connection, number: int, sealed: str) -> None:
    """Write the seal of an event."""
    connection.execute("INSERT INTO seals (number, seal) VALUES (?, ?)", (number, sealed))


def fill(connection: sqlite3.Connection) -> None:
    """Seal every event of a log that has no seals yet."""
    sealed = ""
    for row in _rows(connection):
        sealed = seal(sealed, row)
        put(connection, row[0], sealed)


def first_broken(connection: sqlite3.Connection) -> int | None:
    """The number of the first event that is not the one that was sealed; None where all are."""
    kept = dict(connection.execute("SELECT number, seal FROM seals"))
    sealed, number = "", 0
    for number, row in enumerate(_rows(connection), start=1):
        sealed = seal(sealed, row)
        if row[0] != number or kept.get(number) != sealed:
            return number
    return number + 1 if len(kept) != number else None


def token(connection: sqlite3.Connection, number: int, purpose: str = "") -> str:
    """What names this register as it was after event `number`, for one purpose; nothing where it has no such event."""
    row = connection.execute("SELECT seal FROM seals WHERE number = ?", (number,)).fetchone()
    if row is None:
        return ""
    secret = connection.execute("SELECT value FROM about WHERE name = 'secret'").fetchone()[0]
    return hmac.new(secret.encode(), f"{row[0]} {purpose}".encode(), hashlib.sha256).hexdigest()[:32]


def _rows(connection: sqlite3.Connection) -> sqlite3.Cursor:
    return connection.execute(f"SELECT {COLUMNS} FROM events ORDER BY number")  # noqa: S608 - names of our own
