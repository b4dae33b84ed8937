"""Claims on the log: it says what was, gives what is, and refuses what does not follow."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from weaklink import register as room
from weaklink.errors import ConflictError, RegisterError
from weaklink.register import Fields, Stamp, seals
from weaklink.register.events import rebuild

STAMP = Stamp("ana", "2026-11-25T06:00:00Z", "because")

values: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.lists(st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=3), max_size=3),
)
fields = st.dictionaries(st.sampled_from(["a", "b", "c"]), values, max_size=3)


class Log(RuleBasedStateMachine):
    """A register beside a plain dictionary: after every step both say the same, and so does a replay."""

    keys = Bundle("keys")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "register"
        room.create(path)
        self.context = room.opened(path)
        self.register = self.context.__enter__()
        self.model: dict[tuple[str, str], dict[str, Any]] = {}
        self.steps = 0

    def teardown(self) -> None:
        self.context.__exit__(None, None, None)
        self.folder.cleanup()

    @rule(
        target=keys,
        kind=st.sampled_from(["risk", "need"]),
        id_=st.sampled_from(["1", "2", "ü"]),
        given=fields,
    )
    def add(self, kind: str, id_: str, given: Fields) -> tuple[str, str]:
        with room.writing(self.register):
            if (kind, id_) in self.model:
                with pytest.raises(ConflictError):
                    room.add(self.register, STAMP, kind, id_, given)
            else:
                room.add(self.register, STAMP, kind, id_, given)
                self.model[kind, id_] = {name: value for name, value in given.items() if value is not None}
                self.steps += 1
        return kind, id_

    @precondition(lambda self: self.model)
    @rule(key=keys, given=fields)
    def change(self, key: tuple[str, str], given: Fields) -> None:
        if key not in self.model:
            return
        with room.writing(self.register):
            event = room.change(self.register, STAMP, *key, given)
        if event is not None:
            merged = {**self.model[key], **given}
            self.model[key] = {name: value for name, value in merged.items() if value is not None}
            self.steps += 1

    @rule(key=keys)
    def remove(self, key: tuple[str, str]) -> None:
        if key in self.model:
            with room.writing(self.register):
                room.remove(self.register, STAMP, *key)
            del self.model[key]
            self.steps += 1

    @rule()
    def fail(self) -> None:
        with pytest.raises(RegisterError), room.writing(self.register):  # noqa: PT012 - one transaction
            room.add(self.register, STAMP, "risk", "new", {})
            room.remove(self.register, STAMP, "risk", "not there")

    @invariant()
    def present_is_the_model_and_the_replay(self) -> None:
        present = {(one.kind, one.id): one for one in room.entities(self.register)}
        assert {key: one.fields for key, one in present.items()} == self.model
        log = list(room.events(self.register))
        assert room.replayed(log) == present
        assert [event.number for event in log] == list(range(1, self.steps + 1))


def test_a_replay_of_the_log_gives_the_present_after_any_steps() -> None:
    run_state_machine_as_test(Log, settings=settings(max_examples=15, stateful_step_count=15, deadline=None))


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Connection]:
    room.create(tmp_path / "register")
    with room.opened(tmp_path / "register") as connection:
        yield connection


def test_a_change_says_who_when_what_before_after_and_why(register: Connection) -> None:
    with room.writing(register):
        room.add(register, STAMP, "risk", "R-1", {"title": "Gas", "owner": "Energy", "none": None})
        room.change(register, replace(STAMP, who="ben"), "risk", "R-1", {"owner": "Treasury", "title": "Gas"})
        room.change(register, STAMP, "risk", "R-1", {"owner": None})
    added, changed, cleared = room.history(register, "risk", "R-1")
    assert (added.before, added.after) == ({}, {"title": "Gas", "owner": "Energy"})
    assert (changed.who, changed.time, changed.why) == ("ben", STAMP.time, "because")
    assert (changed.before, changed.after) == ({"owner": "Energy"}, {"owner": "Treasury"})
    assert (cleared.before, cleared.after) == ({"owner": "Treasury"}, {"owner": None})
    assert room.entity(register, "risk", "R-1") == room.Entity("risk", "R-1", 3, {"title": "Gas"})


def test_a_change_that_changes_nothing_is_no_event(register: Connection) -> None:
    with room.writing(register):
        room.add(register, STAMP, "risk", "R-1", {"list": (1, 2)})
        assert room.change(register, STAMP, "risk", "R-1", {"list": [1, 2], "other": None}) is None
        assert room.change(register, STAMP, "risk", "R-1", {"list": [True, 2]}) is not None


def test_what_somebody_else_has_changed_meanwhile_is_a_conflict(register: Connection) -> None:
    with room.writing(register):
        room.add(register, STAMP, "risk", "R-1", {"owner": "Energy"})
        room.change(register, STAMP, "risk", "R-1", {"owner": "Treasury"}, expected=1)
        with pytest.raises(ConflictError, match="at version 2, you have seen 1"):
            room.change(register, STAMP, "risk", "R-1", {"owner": "Interior"}, expected=1)
        with pytest.raises(ConflictError, match="at version 2"):
            room.remove(register, STAMP, "risk", "R-1", expected=1)


def test_time_never_runs_backwards(register: Connection) -> None:
    with room.writing(register):
        room.add(register, STAMP, "risk", "R-1", {})
        room.add(register, replace(STAMP, time="2020-01-01T00:00:00Z"), "risk", "R-2", {})
        room.add(register, replace(STAMP, time="2027-01-01T00:00:00Z"), "risk", "R-3", {})
    assert [event.time[:4] for event in room.events(register)] == ["2026", "2026", "2027"]


@pytest.mark.parametrize(
    ("stamp", "id_", "given"),
    [
        (replace(STAMP, who=" "), "R-1", {}),
        (replace(STAMP, time="yesterday"), "R-1", {}),
        (replace(STAMP, why="\ud800"), "R-1", {}),
        (replace(STAMP, why="\0"), "R-1", {}),
        (STAMP, "", {}),
        (STAMP, " R-1", {}),
        (STAMP, "R\n1", {}),
        (STAMP, "R" * 101, {}),
        (STAMP, "R-1", {"a": float("nan")}),
        (STAMP, "R-1", {"a": "\udfff"}),
        (STAMP, "R-1", {"a": object()}),
    ],
)
def test_what_cannot_be_written_down_is_refused(
    register: Connection, stamp: Stamp, id_: str, given: Fields
) -> None:
    with pytest.raises(RegisterError), room.writing(register):
        room.add(register, stamp, "risk", id_, given)
    assert list(room.events(register)) == []


def test_a_log_that_does_not_follow_is_refused(register: Connection) -> None:
    with room.writing(register):
        room.add(register, STAMP, "risk", "R-1", {"owner": "Energy"})
        room.change(register, STAMP, "risk", "R-1", {"owner": "Treasury"})
    first, then = room.events(register)
    for wrong in (
        [then],
        [first, first],
        [first, replace(then, before={"owner": "?"})],
        [replace(first, version=2)],
    ):
        with pytest.raises(RegisterError, match="does not follow"):
            room.replayed(wrong)


def test_the_present_can_be_made_again_from_the_log(register: Connection) -> None:
    with room.writing(register):
        room.add(register, STAMP, "risk", "R-1", {"owner": "Energy"})
        room.add(register, STAMP, "risk", "R-2", {"owner": "Energy"})
        room.remove(register, STAMP, "risk", "R-2")
    kept = room.entities(register)
    register.execute("UPDATE present SET fields = '{}'")
    assert room.entities(register) != kept
    with room.writing(register):
        rebuild(register)
    assert room.entities(register) == kept


def test_whoever_alters_the_log_by_force_breaks_its_seals(register: Connection) -> None:
    with room.writing(register):
        for number in range(1, 6):
            room.add(register, STAMP, "risk", f"R-{number}", {"owner": "Energy"})
    assert seals.first_broken(register) is None
    assert len({seals.token(register, number) for number in range(1, 6)}) == 5
    assert seals.token(register, 6) == ""
    for trigger in ("events_stay", "events_are_kept"):
        register.execute(f"DROP TRIGGER {trigger}")
    with room.writing(register):
        register.execute("UPDATE events SET who = 'ben' WHERE number = 3")
    assert seals.first_broken(register) == 3
    register.execute("UPDATE events SET who = 'ana' WHERE number = 3")
    assert seals.first_broken(register) is None
    register.execute("DELETE FROM events WHERE number = 5")
    assert seals.first_broken(register) == 5
