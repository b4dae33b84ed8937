"""How is a register opened, changed by several people at once, and copied?

SQLite in WAL mode: readers never wait, and writers take turns. A change is one immediate transaction, flushed to disk
before it counts; a process that is killed at any moment leaves what was committed, and nothing else. The file must lie
on a disk of the machine, since network drives do not keep the locks that this rests on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from weaklink import files
from weaklink.errors import RegisterError
from weaklink.register.migrations import NEWEST, migrate

MARK = 0x574C5247  # application_id: 'WLRG'
PATIENCE = 30.0  # seconds that a writer waits for its turn


def create(path: Path, first: Callable[[sqlite3.Connection], object] | None = None) -> None:
    """Make a register, empty or with what `first` writes, in one transaction.

    RegisterError where there is something already, or it cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(_connected(path, make=True)) as connection:
            _to_wal(connection)
            with writing(connection):
                if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                    raise RegisterError(f"{path}: there is a register or database already. Name a new file.")
                connection.execute(f"PRAGMA application_id = {MARK:d}")
                migrate(connection, 0)
                if first is not None:
                    first(connection)
        files.sync_folder(path.parent)
    except (OSError, sqlite3.Error) as error:
        raise _unusable(path, error) from error


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A register, brought to the newest form; it is closed at the end.

    Raises RegisterError for a file that is missing, that is no register, or that a later release has made.
    """
    if not path.exists():
        raise RegisterError(
            f"{path}: there is no register. Make one: weaklink register init --register {path}"
        )
    try:
        connection = _connected(path)
        try:
            _prepared(connection, path)
        except BaseException:
            connection.close()
            raise
    except (OSError, sqlite3.Error) as error:
        raise _unusable(path, error) from error
    with closing(connection):
        try:
            yield connection
        except sqlite3.Error as error:
            raise _unusable(path, error) from error


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction of changes: the whole block, or nothing of it where it raises."""
    connection.execute("BEGIN IMMEDIATE")  # the turn is taken before anything is read
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """Several questions to one and the same state, whatever others write meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def backup(connection: sqlite3.Connection, path: Path) -> None:
    """Copy a register, as it is now, to one file that is written whole or not at all; others may go on writing.

    RegisterError where `path` exists: a backup never takes the place of another.
    """
    if path.exists():
        raise RegisterError(f"{path} exists. Name a new file for the backup.")
    with files.written_whole(path.parent) as temporary:
        with closing(sqlite3.connect(temporary, isolation_level=None)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # the copy is one file
            damage = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if damage != "ok":
            raise RegisterError(f"{path}: the copy is damaged ({damage}). Check the disk and try again.")
        files.put(temporary, path)


def strange_tables(connection: sqlite3.Connection) -> list[str]:
    """Names of tables and triggers that are not as this release makes them, missing ones included."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        migrate(fresh, 0)
        made, found = (
            dict(one.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
            for one in (fresh, connection)
        )
    return sorted(name for name in made.keys() | found.keys() if made.get(name) != found.get(name))


def _connected(path: Path, *, make: bool = False) -> sqlite3.Connection:
    """A connection whose transactions we begin ourselves, and that runs nothing a file brings with it."""
    mode = "rwc" if make else "rw"
    place = f"{path.resolve().as_uri()}?mode={mode}"
    connection = sqlite3.connect(place, uri=True, isolation_level=None, timeout=PATIENCE)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _to_wal(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL").fetchone()


def _prepared(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse what is no register of ours, and migrate an older one."""
    mark, version = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
    )
    if mark != MARK:
        raise RegisterError(
            f"{path}: not a register of weaklink. Check the path, or make one with register init."
        )
    if version > NEWEST:
        raise RegisterError(
            f"{path}: a later release has made this register (form {version}; this one knows {NEWEST}). "
            "Install that release."
        )
    if version < NEWEST:
        with writing(connection):
            version = connection.execute("PRAGMA user_version").fetchone()[0]  # another may have done it
            migrate(connection, version)
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":  # a backup that is used again
        _to_wal(connection)


def _unusable(path: Path, error: OSError | sqlite3.Error) -> RegisterError:
    said = str(error)
    remedy = "Check the path, free space and permissions."
    if "locked" in said or "busy" in said:
        remedy = f"Another program has held it for {PATIENCE:.0f} seconds. Try again."
    elif "not a database" in said or "malformed" in said:
        remedy = "It is damaged or no register; restore it from a backup."
    return RegisterError(f"{path}: {said}. {remedy}")
