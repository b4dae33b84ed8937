"""Claims on what somebody sees who is cleared up to a level: nothing above it, wherever it may stand."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.register.made import RULES
from tests.register.secrets import LEVELS, TIME, Maker, logs
from weaklink import register as room
from weaklink.errors import SourceError
from weaklink.register import Event, Fields
from weaklink.register.mentions import WITHHELD
from weaklink.register.redaction import Redaction, Rule, redacted
from weaklink.register.risks import FORMS
from weaklink.register.sharing import Policy, Share, shared
from weaklink.register.workbook import GivenOut, about, further, sheets
from weaklink.report.workbook_file import workbook
from weaklink.study.register_exchange import policy


def event(
    number: int, kind: str, id_: str, version: int, sides: tuple[Fields, Fields], why: str = ""
) -> Event:
    """An event of a log: the first version adds, further ones change."""
    return Event(number, TIME, "ana", why, kind, id_, version, "add" if version == 1 else "change", *sides)


def everything(share: Share) -> str:
    """Whatever a copy holds: rows, history, summaries and the words on what was removed."""
    return repr(share)


@settings(max_examples=60, deadline=None)
@given(logs, st.sampled_from(LEVELS[:-1]))
def test_a_copy_holds_nothing_that_is_above_its_level(made: Maker, level: str) -> None:
    """Fuzzed: no secret word of a higher level, no id of a hidden row; in history, notes and dependencies too."""
    share = shared(made.log, RULES.markings, Policy(level))
    found = everything(share)
    assert [word for word in made.above(level) if word in found] == []
    seen = {(one.kind, one.id) for one in share.entities}
    present = room.replayed(made.log)
    for kind, id_ in present.keys() - seen:
        assert f"'{id_}'" not in found.replace(WITHHELD, "")
        assert f"see {id_}'" not in found, (kind, id_)
    assert all(RULES.markings.allows(level, one.fields["marking"]) for one in share.entities)


@settings(max_examples=25, deadline=None)
@given(logs)
def test_at_the_highest_level_and_at_none_nothing_is_lost(made: Maker) -> None:
    present = room.replayed(made.log)
    for policy_ in (Policy(), Policy(LEVELS[-1])):
        found = shared(made.log, RULES.markings, policy_).entities
        assert {(one.kind, one.id): one for one in found} == present


def two_risks() -> Iterator[Event]:
    yield event(
        1,
        "risk",
        "R-1",
        1,
        ({}, {"title": "Seen", "marking": "public", "upstream": ["R-13"], "notes": "as R-13, not R-130"}),
    )
    yield event(2, "risk", "R-13", 1, ({}, {"title": "Secret plant", "marking": "confidential"}))
    yield event(3, "treatment", "T-1", 1, ({}, {"risk": "R-13", "measure": "wall", "marking": "public"}))
    yield event(
        4, "risk", "R-1", 2, ({"cause": None}, {"cause": "the SECRET  plant stops"}), "asked by R-13's owner"
    )


def test_mentions_dependencies_and_what_belongs_to_a_hidden_risk_go_with_it() -> None:
    share = shared(list(two_risks()), RULES.markings, Policy("public"))
    (one,) = share.entities
    assert one.fields == {
        "title": "Seen",
        "marking": "public",
        "upstream": [],
        "notes": f"as {WITHHELD}, not R-130",
        "cause": f"the {WITHHELD} stops",
    }
    assert [(line.number, line.why) for line in share.events] == [
        (1, ""),
        (2, f"asked by {WITHHELD}'s owner"),
    ]
    assert "2 rows are left out" in share.removed[0]


def test_what_was_said_while_a_risk_was_marked_higher_stays_hidden_after_it_is_lowered() -> None:
    log = [
        event(1, "risk", "R-1", 1, ({}, {"title": "Plant at Xanadu", "marking": "confidential"})),
        event(
            2,
            "risk",
            "R-1",
            2,
            (
                {"title": "Plant at Xanadu", "marking": "confidential"},
                {"title": "A plant", "marking": "public"},
            ),
            "lowered",
        ),
        event(3, "risk", "R-1", 3, ({"notes": None}, {"notes": "was Plant at Xanadu"})),
    ]
    share = shared(log, RULES.markings, Policy("public"))
    assert share.entities[0].fields == {"title": "A plant", "marking": "public", "notes": f"was {WITHHELD}"}
    assert [line.after for line in share.events] == [{"notes": f"was {WITHHELD}"}]


def test_a_row_without_a_known_marking_is_seen_by_nobody_else() -> None:
    log = [event(1, "risk", "R-1", 1, ({}, {"title": "Unmarked"}))]
    assert shared(log, RULES.markings, Policy("confidential")).entities == ()


RULES_OF_A_COPY = Redaction(
    rule=(
        Rule(kind="risk", how="drop", field="owner"),
        Rule(kind="risk", how="round", field="review_due", to="quarter"),
        Rule(kind="risk", how="band", field="mtpd_hours", edges=(24, 168)),
        Rule(kind="treatment", how="aggregate", by="status", field="cost_usd", at_least=2),
        Rule(kind="history", how="drop", field="who"),
    )
)


def test_fields_are_dropped_rounded_banded_and_added_up_and_the_copy_says_so() -> None:
    log = [
        event(
            1,
            "risk",
            "R-1",
            1,
            (
                {},
                {
                    "title": "One",
                    "owner": "Ben",
                    "review_due": "2026-11-25",
                    "mtpd_hours": 48,
                    "marking": "public",
                },
            ),
        ),
        event(2, "risk", "R-1", 2, ({"owner": "Ben"}, {"owner": "Chen"}), "moved"),
        *(
            event(
                number,
                "treatment",
                f"T-{number}",
                1,
                (
                    {},
                    {"risk": "R-1", "measure": "m", "status": status, "cost_usd": cost, "marking": "public"},
                ),
            )
            for number, status, cost in ((3, "planned", 100), (4, "planned", 250), (5, "delivered", 7))
        ),
    ]
    share = shared(log, RULES.markings, Policy("", RULES_OF_A_COPY))
    (one,) = share.entities
    assert one.fields == {
        "title": "One",
        "review_due": "2026-Q4",
        "mtpd_hours": "24 to below 168",
        "marking": "public",
    }
    assert [(group.value, group.rows, group.total) for group in share.groups] == [
        ("delivered", None, None),
        ("planned", 2, 350),
    ]
    assert len(share.events) == 1, "a change of the owner alone has nothing left to tell"
    assert {line.who for line in share.events} == {""}
    assert len(share.removed) == len(RULES_OF_A_COPY.rule)
    assert "Ben" not in everything(share)
    assert "Chen" not in everything(share)


@settings(max_examples=8, deadline=None)
@given(logs, st.sampled_from(LEVELS[:2]))
def test_the_file_of_a_copy_holds_nothing_above_its_level_in_any_of_its_parts(
    made: Maker, level: str
) -> None:
    policy_ = Policy(level)
    share = shared(made.log, RULES.markings, policy_)
    book = workbook(
        [
            *sheets(share, RULES, policy_),
            *further(share, history=True),
            about(GivenOut("token", len(made.log), policy_), RULES, share.removed),
        ]
    )
    with zipfile.ZipFile(BytesIO(book)) as archive:
        parts = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    assert [word for word in made.above(level) if word in parts] == []


def test_a_copy_is_inert_whatever_texts_begin_with() -> None:
    """openpyxl, an independent reader, finds no formula and no link."""
    texts = ["=1+1", "+1", "-1", "@x", '=HYPERLINK("http://x.example")', "http://x.example", "\t=1", "{=1}"]
    log = [
        event(
            number, "risk", f"={number}", 1, ({}, {"title": text, "+=own": text, "marking": "public"}), text
        )
        for number, text in enumerate(texts, start=1)
    ]
    share = shared(log, RULES.markings, Policy())
    book = openpyxl.load_workbook(
        BytesIO(workbook([*sheets(share, RULES, Policy()), *further(share, history=True)]))
    )
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert all(cell.hyperlink is None for cell in cells)
    assert set(texts) <= {cell.value for cell in cells}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('kind = "risk"\nhow = "round"\nfield = "title"\nto = 3', "round needs"),
        ('kind = "risk"\nhow = "round"\nfield = "review_due"\nto = 3', "round needs"),
        ('kind = "risk"\nhow = "band"\nfield = "mtpd_hours"\nedges = [3, 3]', "rising edges"),
        ('kind = "risk"\nhow = "drop"\nfield = "colour"', "no field 'colour'"),
        ('kind = "risk"\nhow = "drop"', "needs a field"),
        ('kind = "risk"\nhow = "aggregate"', "needs by"),
        ('kind = "history"\nhow = "drop"\nfield = "time"', "who or why"),
    ],
)
def test_a_file_of_rules_that_cannot_be_done_is_refused(rule: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(f"[[rule]]\n{rule}\n")
    with pytest.raises(SourceError, match=said):
        policy("public", path)


def test_a_file_of_rules_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text('[[rule]]\nkind = "treatment"\nhow = "round"\nfield = "cost_usd"\nto = 1000\n')
    redaction = policy("public", path).redaction
    assert redacted("treatment", {"cost_usd": 1_499, "measure": "m"}, redaction) == {
        "cost_usd": 1_000,
        "measure": "m",
    }
    assert redacted("risk", {"cost_usd": 1_499}, redaction) == {"cost_usd": 1_499}


def test_every_kind_of_row_that_is_shared_has_a_marking() -> None:
    assert all(form.field("marking") is not None for form in FORMS.values())


def test_a_row_whose_id_names_a_hidden_one_is_not_shown() -> None:
    log = [
        event(1, "risk", "R-13", 1, ({}, {"title": "Plant", "marking": "confidential"})),
        event(2, "risk", "R-13/b", 1, ({}, {"title": "Beside it", "marking": "public"})),
        event(3, "risk", "R-130", 1, ({}, {"title": "Another", "marking": "public", "upstream": ["R-13/b"]})),
    ]
    share = shared(log, RULES.markings, Policy("public"))
    assert [(one.id, one.fields["upstream"]) for one in share.entities] == [("R-130", [])]
    assert [line.entity for line in share.events] == ["R-130"]
