"""Which tables does a register have, and how does a file of an earlier release get them?

A migration is a list of SQL statements with a number. It is never changed once it has been released: the next release
adds one. A file says in `user_version` which it has had.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from weaklink.register import seals

Step = str | Callable[[sqlite3.Connection], None]

# `events` is the register; `present` is derived from it, and may be thrown away and made again.
_LOG = (
    """
    CREATE TABLE events (
      number INTEGER PRIMARY KEY,
      time TEXT NOT NULL,
      who TEXT NOT NULL,
      why TEXT NOT NULL,
      kind TEXT NOT NULL,
      entity TEXT NOT NULL,
      version INTEGER NOT NULL,
      action TEXT NOT NULL CHECK (action IN ('add', 'change', 'remove')),
      before TEXT NOT NULL,
      after TEXT NOT NULL,
      UNIQUE (kind, entity, version)
    )
    """,
    """
    CREATE TRIGGER events_stay BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'the log of a register is only ever added to'); END
    """,
    """
    CREATE TRIGGER events_are_kept BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'the log of a register is only ever added to'); END
    """,
    """
    CREATE TABLE present (
      kind TEXT NOT NULL,
      entity TEXT NOT NULL,
      version INTEGER NOT NULL,
      fields TEXT NOT NULL,
      PRIMARY KEY (kind, entity)
    ) WITHOUT ROWID
    """,
)

# Seals show whether a log was altered; the secret keys the tokens that workbooks carry.
_SEALS = (
    "CREATE TABLE seals (number INTEGER PRIMARY KEY, seal TEXT NOT NULL)",
    """
    CREATE TRIGGER seals_stay BEFORE UPDATE ON seals
    BEGIN SELECT RAISE(ABORT, 'the log of a register is only ever added to'); END
    """,
    """
    CREATE TRIGGER seals_are_kept BEFORE DELETE ON seals
    BEGIN SELECT RAISE(ABORT, 'the log of a register is only ever added to'); END
    """,
    "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "INSERT INTO about (name, value) VALUES ('secret', lower(hex(randomblob(32))))",
    seals.fill,
)

MIGRATIONS: Sequence[Sequence[Step]] = (_LOG, _SEALS)
NEWEST = len(MIGRATIONS)


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring a file from `version` to the newest, inside the transaction that is open."""
    for number, steps in enumerate(MIGRATIONS[version:], start=version + 1):
        for step in steps:
            if isinstance(step, str):
                connection.execute(step)
            else:
                step(connection)
        connection.execute(f"PRAGMA user_version = {number:d}")  # a pragma takes no parameters
