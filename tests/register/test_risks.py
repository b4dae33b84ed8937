"""Claims on what is said of risks: what is accepted, what is refused with all its problems, what needs attention."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.register.made import RULES
from weaklink import tomlfile
from weaklink.errors import RegisterError, RequestError, SourceError
from weaklink.register import Entity
from weaklink.register.checks import Finding, Present, findings
from weaklink.register.fields import checked
from weaklink.register.marking import Markings, markings
from weaklink.register.mentions import WITHHELD, Mentions
from weaklink.register.risks import EVIDENCE, FORMS, RISK, TREATMENT
from weaklink.register.scales import Scale, scale, scales


def test_values_may_be_words_or_cells_and_levels_may_be_labels() -> None:
    given = {
        "title": 2025.0,
        "inherent_likelihood": "5-25%",
        "inherent_impact": "catastrophic",
        "residual_impact": 3.0,
        "review_due": date(2026, 12, 31),
        "mtpd_hours": "1,000",
        "upstream": "R-2; R-3, R-2",
        "+Own": 12.0,
        "owner": "",
    }
    assert checked(RISK, "R-1", given, RULES) == {
        "title": "2025",
        "inherent_likelihood": 4,
        "inherent_impact": 5,
        "residual_impact": 3,
        "review_due": "2026-12-31",
        "mtpd_hours": 1000,
        "upstream": ["R-2", "R-3"],
        "+Own": 12,
        "marking": "restricted",
    }


def test_values_of_every_kind_are_read_or_refused_with_what_was_expected() -> None:
    kept = {"risk": "R-1", "lens": "trade", "question": {"year": "2022"}, "figure": 0.25}
    assert checked(EVIDENCE, "E", kept, RULES)["figure"] == 0.25
    for name, value, expected in (
        ("figure", "many", "write a number"),
        ("figure", float("inf"), "write a finite number"),
        ("question", "year = 2022", "not written by hand"),
        ("notes", "  ", "write something"),
        ("notes", "x" * 32_768, "at most 32,767 characters"),
        ("notes", "_x000D_", "plain text"),
    ):
        with pytest.raises(RegisterError, match=expected):
            checked(EVIDENCE, "E", {**kept, name: value}, RULES)
    own = {"+day": datetime(2026, 1, 2, 3, 4, 5), "+date": date(2026, 1, 2), "+yes": True, "+none": ""}
    found = checked(RISK, "R", {"title": "t", "review_due": datetime(2026, 1, 2), **own}, RULES)
    assert found["+day"] == {"datetime": "2026-01-02T03:04:05"}
    assert found["+date"] == {"date": "2026-01-02"}
    assert found["+yes"] is True
    assert "+none" not in found
    assert found["review_due"] == "2026-01-02"


def test_everything_that_is_wrong_is_told_at_once() -> None:
    given = {
        "inherent_likelihood": 9,
        "status": "maybe",
        "marking": "secret",
        "mtpd_hours": -1,
        "review_due": "soon",
        "colour": "red",
        "cause": "a\x07bell",
    }
    with pytest.raises(RegisterError) as refused:
        checked(RISK, "R-1", given, RULES)
    for name in (*given, "title is missing"):
        assert name in str(refused.value)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"title": "a", "inherent_impact": 2, "residual_impact": 3},
            "residual_impact 3 is above inherent_impact 2",
        ),
        ({"title": "a", "reviewed": "2026-02-01", "review_due": "2026-01-01"}, "before reviewed"),
    ],
)
def test_values_that_contradict_each_other_are_refused(values: dict[str, Any], said: str) -> None:
    with pytest.raises(RegisterError, match=said):
        checked(RISK, "R-1", values, RULES)


def test_a_treatment_is_delivered_on_a_day() -> None:
    with pytest.raises(RegisterError, match="go together"):
        checked(TREATMENT, "T-1", {"risk": "R-1", "measure": "m", "status": "delivered"}, RULES)


@given(
    st.dictionaries(
        st.sampled_from([field.name for form in FORMS.values() for field in form.fields]), st.text(max_size=5)
    )
)
@settings(max_examples=50)
def test_checking_what_was_checked_changes_nothing(values: dict[str, str]) -> None:
    for form in (RISK, TREATMENT):
        try:
            once = checked(form, "R-1", {"title": "t", "risk": "r", "measure": "m", **values}, RULES)
        except RegisterError:
            continue
        assert checked(form, "R-1", once, RULES) == once


def test_every_scale_that_is_carried_is_whole_and_says_its_source() -> None:
    for name, one in scales().items():
        assert (one.name, len(one.likelihood), len(one.impact)) == (name, 5, 5)
        assert len(one.source) > 20
        assert one.band(None, 3) == ""
        bands = [one.band(likelihood, impact) for likelihood in range(1, 6) for impact in range(1, 6)]
        assert set(bands) == set(one.matrix.bands)


def test_the_scale_of_the_united_kingdom_is_logarithmic() -> None:
    """Cabinet Office, National Risk Register 2023: <0.2 %, 0.2-1 %, 1-5 %, 5-25 %, >25 %."""
    bounds = [one.least for one in scale("uk-nrr").likelihood]
    assert bounds == [0.0, 0.002, 0.01, 0.05, 0.25]
    assert all(4.9 < upper / lower < 5.1 for lower, upper in pairwise(bounds) if lower and upper)


def test_a_chance_has_a_step_where_the_scale_says_so() -> None:
    assert scale("plain").likelihood_of(0.3) == 4
    with pytest.raises(RequestError, match="chance of 2"):
        scale("plain").likelihood_of(2)
    path = Path(__file__).parents[2] / "src/weaklink/data/scales/plain.toml"
    assert scale(str(path)) == scale("plain")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("least = 0.002", "least = 0.003", "must begin where"),
        ('["low", "low", "low", "low", "medium"]', '["low", "low", "low", "low"]', "row for each impact"),
        ('["low", "low", "low", "low", "medium"]', '["high", "low", "low", "low", "medium"]', "get better"),
        ('["low", "low", "low", "low", "medium"]', '["dire", "low", "low", "low", "medium"]', "none of"),
        ("level = 2", "level = 3", "in this order"),
    ],
)
def test_a_scale_that_contradicts_itself_is_refused(old: str, new: str, said: str) -> None:
    path = Path(__file__).parents[2] / "src/weaklink/data/scales/uk-nrr.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(SourceError, match=said):
        tomlfile.parsed(text.replace(old, new, 1), "scale.toml", Scale)


def test_a_scheme_of_markings_is_ordered_and_what_is_unknown_is_above_all() -> None:
    tlp = markings("tlp")
    assert tlp.allows("TLP:GREEN", "TLP:CLEAR")
    assert not tlp.allows("TLP:GREEN", "TLP:AMBER")
    assert not tlp.allows("TLP:RED", "something else")
    assert tlp.allows("", "something else")
    with pytest.raises(RequestError, match="no marking"):
        tlp.known("secret")
    outside = 'name="a"\ntitle="a"\nsource="a"\ndefault="y"\n[[level]]\nname="x"\n'
    with pytest.raises(SourceError, match="none of x"):
        tomlfile.parsed(outside, "m.toml", Markings)
    with pytest.raises(RequestError, match="no scheme"):
        markings("nobody's")
    twice = 'name="a"\ntitle="a"\nsource="a"\ndefault="x"\n[[level]]\nname="x"\n[[level]]\nname="x"\n'
    with pytest.raises(SourceError, match="stands twice"):
        tomlfile.parsed(twice, "m.toml", Markings)


@settings(max_examples=50)
@given(st.lists(st.text("aB 1-", min_size=1, max_size=5), max_size=4), st.text("aB 1-x", max_size=30))
def test_no_name_is_left_in_a_text_and_one_without_names_is_left_alone(names: list[str], text: str) -> None:
    hidden = Mentions(names)
    cleaned = hidden.withheld(text)
    assert all(part not in hidden for part in cleaned.split(WITHHELD))
    assert (cleaned == text) == (text not in hidden)


def entity(kind: str, id_: str, **fields: Any) -> Entity:  # noqa: ANN401 - of any declared kind
    return Entity(kind, id_, 1, fields)


def evidence(vintage: str, version: str = "1.0") -> Entity:
    return entity(
        "evidence",
        "R-1/trade",
        risk="R-1",
        lens="trade",
        question={"importer": "DEU"},
        vintages={"baci": vintage},
        code_version=version,
        computed_on="2026-01-01",
    )


def looked_at(*rows: Entity) -> list[Finding]:
    def inputs(one: Entity) -> dict[str, str]:
        if one.fields["lens"] == "gone":
            raise RequestError("no snapshot\n of this name.")
        return {"baci": "202501 " + "a" * 64}

    def measures(catalogue: str) -> list[str]:
        if catalogue == "gone.toml":
            raise RequestError("gone.toml is not there.")
        return ["floating-terminal"]

    return list(findings(rows, date(2026, 11, 25), Present("1.0", 5, inputs, measures)))


def said(*rows: Entity) -> list[tuple[str, str]]:
    return [(one.problem, one.what) for one in looked_at(*rows)]


SOUND = {"review_due": "2026-11-25"}
CURRENT = evidence("202501 " + "a" * 64)


def test_a_review_is_overdue_from_the_day_after_it_was_due() -> None:
    assert said(entity("risk", "R-1", **SOUND), CURRENT) == []
    assert said(entity("risk", "R-1", review_due="2026-11-24"), CURRENT) == [
        ("overdue review", "the review is 1 days overdue")
    ]
    assert said(entity("risk", "R-1"), CURRENT)[0][0] == "no review date"
    assert said(entity("risk", "R-1", status="closed")) == []


def test_evidence_is_stale_when_a_vintage_the_code_or_a_source_changed() -> None:
    risk = entity("risk", "R-1", **SOUND)
    assert said(risk, evidence("202401 " + "b" * 64)) == [
        ("stale evidence", "re-run: baci changed (202401 bbbbbbbbbbbb… → 202501 aaaaaaaaaaaa…)")
    ]
    assert said(risk, evidence("202501 " + "a" * 64, "0.9")) == [
        ("stale evidence", "re-run: code changed (0.9 → 1.0)")
    ]
    other = entity(
        "evidence", "E", risk="R-1", lens="trade", question={}, vintages={"x": "1"}, code_version="1.0"
    )
    assert said(risk, other) == [("stale evidence", "re-run: baci is new; x is no longer used")]
    gone = entity("evidence", "E", risk="R-1", lens="gone", question={}, vintages={})
    assert said(risk, gone) == [("unchecked evidence", "cannot be checked: no snapshot of this name.")]
    assert said(risk) == [("no evidence", "it rests on no figure: weaklink register link adds one")]


def test_a_residual_needs_a_delivered_treatment_on_each_axis_that_it_is_lower_on() -> None:
    levels = {"inherent_likelihood": 4, "inherent_impact": 4, "residual_likelihood": 2, "residual_impact": 4}
    risk = entity("risk", "R-1", **SOUND, **levels)

    def treatment(status: str, lowers: str) -> Entity:
        return entity("treatment", "T-1", risk="R-1", measure="m", status=status, lowers=lowers)

    (unsupported,) = said(risk, CURRENT)
    assert unsupported[0] == "unsupported residual"
    assert "likelihood 2 is below inherent 4" in unsupported[1]
    assert said(risk, CURRENT, treatment("planned", "both")) == [unsupported]
    assert said(risk, CURRENT, treatment("delivered", "impact")) == [unsupported]
    assert said(risk, CURRENT, treatment("delivered", "likelihood")) == []
    assert said(risk, CURRENT, treatment("delivered", "both")) == []


def test_a_treatment_that_is_late_names_its_own_owner() -> None:
    late = entity("treatment", "T-1", risk="R-1", measure="Stock", due="2026-01-31", owner="Stores")
    (found,) = looked_at(entity("risk", "R-1", owner="Energy", **SOUND), CURRENT, late)
    assert (found.problem, found.owner, found.due) == ("overdue treatment", "Stores", "2026-01-31")


def test_a_measure_stands_in_its_catalogue() -> None:
    risk = entity("risk", "R-1", **SOUND)

    def treatment(measure: str, catalogue: str) -> Entity:
        return entity("treatment", "T-1", risk="R-1", measure=measure, catalogue=catalogue)

    assert said(risk, CURRENT, treatment("floating-terminal", "gas.toml")) == []
    assert said(risk, CURRENT, treatment("terminal", "gas.toml")) == [
        ("unknown measure", "catalogue gas.toml has no measure terminal")
    ]
    assert said(risk, CURRENT, treatment("terminal", "gone.toml")) == [
        ("unknown measure", "cannot be looked up: gone.toml is not there.")
    ]


def test_what_is_computed_is_marked_so() -> None:
    by_hand = {field.name for field in EVIDENCE.fields if not field.computed}
    assert by_hand == {"marking", "risk", "notes"}
