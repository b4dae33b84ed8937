"""Claims on the file of a register: it is opened, shared, killed and copied without loss."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.register import writers
from weaklink import register as room
from weaklink.errors import RegisterError
from weaklink.register import Stamp, database
from weaklink.register.migrations import MIGRATIONS, NEWEST

STAMP = Stamp("ana", "2026-11-25T06:00:00Z", "first entry")
CHANGES = int(os.environ.get("WEAKLINK_CHANGES", "200"))  # 2000 by hand
KILLS = int(os.environ.get("WEAKLINK_KILLS", "12"))  # 200 by hand
GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A register with two entities that count."""
    path = tmp_path / "risks.register"
    room.create(path)
    with room.opened(path) as register, room.writing(register):
        for id_ in ("left", "right"):
            room.add(register, STAMP, "risk", id_, {"count": 0})
    return path


def count(path: Path) -> int:
    """How far the two entities have counted: together, with a log that gives the present."""
    with room.opened(path) as register:
        assert register.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        present = {(one.kind, one.id): one for one in room.entities(register)}
        assert room.replayed(room.events(register)) == present
        left, right = (one.fields["count"] for one in present.values())
        assert left == right
        return int(left)


@pytest.mark.slow
def test_four_processes_that_write_at_once_lose_nothing(path: Path) -> None:
    """WEAKLINK_CHANGES says how many; each writer counts on from what it has read, so a lost change would show."""
    each = CHANGES // 8  # four writers, two changes in a transaction
    processes = [writers.start(path, f"writer {name}", each) for name in range(4)]
    assert [process.wait(timeout=300) for process in processes] == [0] * 4
    for process in processes:
        process.communicate()
    assert count(path) == 4 * each
    with room.opened(path) as register:
        log = list(room.events(register))
    assert [event.number for event in log] == list(range(1, 8 * each + 3))
    for name in range(4):
        mine = [event.why for event in log if event.who == f"writer {name}" and event.entity == "left"]
        assert mine == [f"turn {turn}" for turn in range(1, each + 1)]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
def test_a_kill_at_any_moment_loses_nothing_that_was_committed(path: Path) -> None:
    """WEAKLINK_KILLS says how often. What a writer has said that it committed is there; nothing is there by half."""
    random, before, told = Random(9), 0, 0
    for _ in range(KILLS):
        process = writers.start(path, "killed", 1_000_000)
        assert process.stdout is not None
        process.stdout.readline()  # it is at work now
        time.sleep(random.uniform(0, 0.03))
        process.kill()
        said = [line for line in process.communicate()[0].splitlines() if line]
        told = int(said[-1]) if said else 1
        now = count(path)
        assert before + told <= now <= before + told + 2  # the last commits may not have been told any more
        before = now
    assert before >= KILLS


def test_a_transaction_that_fails_leaves_nothing(path: Path) -> None:
    with room.opened(path) as register:
        with pytest.raises(RegisterError, match="'none'"), room.writing(register):  # noqa: PT012 - one transaction
            room.change(register, STAMP, "risk", "left", {"count": 5})
            room.change(register, STAMP, "risk", "none", {"count": 5})
        one = room.entity(register, "risk", "left")
        assert one is not None
        assert one.fields == {"count": 0}


def test_readers_see_one_state_while_others_write(path: Path) -> None:
    with room.opened(path) as register, room.opened(path) as other, room.reading(register):
        before = room.entities(register)
        with room.writing(other):
            room.change(other, STAMP, "risk", "left", {"count": 9})
        assert room.entities(register) == before
    with room.opened(path) as register:
        assert room.entities(register) != before


def test_the_log_cannot_be_altered(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        for statement in ("UPDATE events SET who = 'nobody'", "DELETE FROM events"):
            with pytest.raises(sqlite3.DatabaseError, match="only ever added to"):
                raw.execute(statement)


def test_a_backup_is_one_file_with_everything_and_can_be_opened(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "kept" / "copy.register"
    with room.opened(path) as register, room.opened(path) as other:
        with room.writing(other):
            room.change(other, STAMP, "risk", "left", {"count": 1})
            room.change(other, STAMP, "risk", "right", {"count": 1})
        room.backup(register, copy)
        with pytest.raises(RegisterError, match="Name a new file"):
            room.backup(register, copy)
    assert [one.name for one in copy.parent.iterdir()] == ["copy.register"]
    assert count(copy) == 1


def test_a_register_is_made_once(path: Path, tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="already"):
        room.create(path)
    empty = tmp_path / "empty"
    empty.touch()  # what a process leaves that is killed as it begins
    room.create(empty)
    with room.opened(empty) as register:
        assert room.entities(register) == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a register"),
        (b"risk,owner\n" * 200, "not a database"),
        (b"SQLite format 3\0" + b"\0" * 2000, "not a database"),
    ],
)
def test_what_is_no_register_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(RegisterError, match=said), room.opened(path):
        pass


def test_another_database_a_folder_and_nothing_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE events (number)")
    for place, said in ((path, "not a register"), (tmp_path, "unable to open"), (tmp_path / "no", "init")):
        with pytest.raises(RegisterError, match=said), room.opened(place):
            pass


def test_a_register_of_a_later_release_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA user_version = {NEWEST + 1:d}")
    with pytest.raises(RegisterError, match="later release"), room.opened(path):
        pass


def test_there_is_a_golden_file_of_every_form() -> None:
    found = sorted(path.name for path in GOLDEN.glob("*.register"))
    assert found == [f"form-{number}.register" for number in range(1, len(MIGRATIONS) + 1)]


@pytest.mark.parametrize("form", range(1, len(MIGRATIONS) + 1))
def test_registers_of_earlier_forms_open_with_all_they_hold(form: int, tmp_path: Path) -> None:
    """Each golden file was written by the code of its time: the same five changes."""
    path = tmp_path / "old.register"
    shutil.copy(GOLDEN / f"form-{form}.register", path)
    with room.opened(path) as register:
        assert register.execute("PRAGMA user_version").fetchone()[0] == NEWEST
        log = list(room.events(register))
        present = {(one.kind, one.id): one for one in room.entities(register)}
    assert room.replayed(log) == present
    assert [(event.action, event.entity, event.who) for event in log] == [
        ("add", "R-1", "ana"),
        ("add", "N-1", "ben"),
        ("change", "R-1", "chen"),
        ("remove", "N-1", "ana"),
        ("add", "N-1", "ben"),
    ]
    assert present["risk", "R-1"].fields == {"title": "Gas – größer", "budget_usd": 12345678901234567890}
    assert present["need", "N-1"].version == 3


def test_who_holds_a_register_too_long_is_told_of(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.05)
    with room.opened(path) as register, room.writing(register):  # noqa: SIM117 - one inside the other
        with (
            pytest.raises(RegisterError, match="Another program"),
            room.opened(path) as other,
            room.writing(other),
        ):
            pass


def test_a_register_begins_with_what_it_is_given_or_not_at_all(tmp_path: Path) -> None:
    def fails(_register: sqlite3.Connection) -> None:
        raise RegisterError("not like this")

    with pytest.raises(RegisterError, match="not like this"):
        room.create(tmp_path / "new", fails)
    room.create(tmp_path / "new", lambda register: room.add(register, STAMP, "risk", "R-1", {}))
    with room.opened(tmp_path / "new") as register:
        assert [one.id for one in room.entities(register)] == ["R-1"]


def test_a_change_outside_of_a_transaction_is_a_defect(path: Path) -> None:
    with room.opened(path) as register, pytest.raises(AssertionError, match="writing"):
        room.add(register, STAMP, "risk", "R-9", {})


def test_a_place_that_cannot_be_written_to_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RegisterError, match="Check the path"):
        room.create(tmp_path / "file" / "new")
