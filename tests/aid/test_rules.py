"""Rules of the ledger: what keeps them passes, what breaks them is named, and an explanation excuses."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.aid.ledgers import ledgers
from tests.aid.test_counting import RATES
from weaklink.aid.entries import Entry, Ledger
from weaklink.aid.money import Rates
from weaklink.aid.rules import Finding, findings

TODAY = "2023-01-31"


def entry(id_: str, kind: str, quantity: int, follows: str = "", **more: object) -> Entry:
    said = {"date": "2022-11-05", "unit": "piece", "donor": "DEU", "item": f"item of {id_}", **more}
    return Entry(
        id=id_,
        kind=kind,
        quantity=1000 * quantity,
        recipient="UKR",
        item_class="generators",
        follows=follows,
        source="test",
        **said,  # type: ignore[arg-type]
    )


def found(*entries: Entry, rates: Rates = RATES) -> list[Finding]:
    return findings(Ledger(entries), rates, TODAY)


@given(ledgers())
def test_chains_that_keep_the_rules_break_none(ledger: Ledger) -> None:
    assert not findings(ledger, RATES, TODAY)


CHAIN = (
    entry("P", "pledge", 10),
    entry("C", "commitment", 9, "P"),
    entry("A", "allocation", 8, "C"),
    entry("D", "delivery", 7, "A"),
)


@pytest.mark.parametrize("place", [1, 2, 3])
def test_each_stage_may_not_be_more_than_the_one_before(place: int) -> None:
    entries = list(CHAIN)
    entries[place] = entries[place]._replace(quantity=11_000)
    wrong = found(*entries[: place + 1])
    assert [(one.rule, one.entry, one.state) for one in wrong] == [("within", entries[place].id, "broken")]
    assert f"11 piece in sum is more than the {entries[place - 1].kind} of" in wrong[0].said


def test_an_exception_excuses_and_stays_on_the_list() -> None:
    more = CHAIN[3]._replace(quantity=9_000, exception="one came as a gift")
    wrong = found(*CHAIN[:3], more)
    assert [(one.state, one.said.endswith("Explained: one came as a gift")) for one in wrong] == [
        ("excused", True)
    ]


def test_parts_are_added_up_in_any_unit_that_measures_the_same() -> None:
    made = entry("A", "allocation", 2)._replace(unit="dozen")
    parts = [entry(f"D{n}", "delivery", 12, "A") for n in (1, 2)]
    assert not found(made, *parts)
    assert [one.entry for one in found(made, *parts, entry("D3", "delivery", 1, "A"))] == ["D3"]


def test_a_unit_that_measures_something_else_is_named() -> None:
    wrong = found(entry("A", "allocation", 2), entry("D", "delivery", 1, "A", unit="kg"))
    assert [one.said for one in wrong] == ["it cannot be counted in piece, as the allocation is."]


def test_what_was_withdrawn_cannot_be_carried_out() -> None:
    back = entry("W", "withdrawal", 3, "P")
    assert [one.entry for one in found(CHAIN[0], back, CHAIN[1])] == ["C"]
    assert not found(CHAIN[0], back, CHAIN[1]._replace(quantity=7_000))


def test_a_pledge_that_was_committed_cannot_be_allocated_past_its_commitment_once_more() -> None:
    direct = entry("A2", "allocation", 5, "P")
    assert [(one.entry, one.other) for one in found(*CHAIN[:3], direct)] == [("A2", "P")]


def test_by_sea_and_by_road_together_may_not_be_more_than_what_was_set_aside() -> None:
    sent = entry("T", "transport", 8, "A")
    by_sea, by_road = entry("D1", "delivery", 8, "T"), entry("D2", "delivery", 1, "A")
    assert [(one.entry, one.other) for one in found(*CHAIN[:3], sent, by_sea, by_road)] == [("D2", "A")]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"date": "2022-11-04"}, "it is dated 2022-11-04, before the allocation of 2022-11-05"),
        ({"donor": "FRA"}, "its donor is FRA, that of the allocation is DEU"),
        ({"follows": "X"}, "follows names X, which the ledger does not have"),
        ({"need": "P"}, "need names P, which is a pledge"),
        ({"source": ""}, "it has no source"),
        ({"date": "2023-03-01"}, "a delivery dated 2023-03-01 has not happened on 2023-01-31"),
        ({"kind": "pledge"}, "a pledge cannot carry out a allocation"),
    ],
)
def test_what_is_wrong_with_an_entry_is_said(more: dict[str, str], said: str) -> None:
    wrong = found(*CHAIN[:3], CHAIN[3]._replace(**more))  # type: ignore[arg-type]
    assert any(said in one.said for one in wrong)
    excused = found(*CHAIN[:3], CHAIN[3]._replace(**more, exception="known"))  # type: ignore[arg-type]
    assert {one.state for one in excused} == {"excused"}


def test_sums_of_entries_that_name_no_promise_are_held_against_the_donor_s_promises() -> None:
    money = {"unit": "", "currency": "EUR"}
    made = entry("C", "commitment", 0, **money)._replace(quantity=None, amount=10_000)
    less = entry("A", "allocation", 0, **money)._replace(quantity=None, amount=9_000)
    assert not found(made, less)
    wrong = found(made, less._replace(amount=10_001))
    assert [(one.rule, one.entry) for one in wrong] == [("by donor", "A")]


def test_national_shares_may_not_be_more_than_the_joint_entry() -> None:
    money = {"unit": "", "currency": "EUR"}
    whole = entry("J", "commitment", 0, **money)._replace(quantity=None, amount=100, donor="EU")
    shares = [
        entry(f"S{n}", "commitment", 0, joint="J", **money)._replace(quantity=None, amount=60) for n in (1, 2)
    ]
    assert not [one for one in found(whole, shares[0]) if one.rule == "joint"]
    assert [one.entry for one in found(whole, *shares) if one.rule == "joint"] == ["S2"]


def test_like_promises_within_120_days_are_suspected_until_one_says_so() -> None:
    first = entry("P1", "pledge", 5, item="tent")
    second = entry("P2", "pledge", 5, item="tent", date="2022-12-05")
    assert [(one.entry, one.other, one.state) for one in found(first, second)] == [("P2", "P1", "suspected")]
    assert not found(first, second._replace(announces="P1"))
    assert not found(first, second._replace(date="2023-03-06"))
    assert [one.state for one in found(first, second._replace(exception="two lots"))] == ["excused"]


def test_entries_that_follow_each_other_in_a_circle_do_not_hang() -> None:
    circle = (entry("A", "allocation", 1, "B"), entry("B", "allocation", 1, "A"))
    assert all(one.rule in ("order", "within") for one in found(*circle))


def test_no_more_can_be_withdrawn_than_was_promised() -> None:
    back = (entry("W1", "withdrawal", 6, "P"), entry("W2", "withdrawal", 5, "P"))
    assert not found(CHAIN[0], back[0])
    wrong = found(CHAIN[0], *back)
    assert [one.entry for one in wrong] == ["W2"]
    assert "withdrawal of 11 piece in sum is more than the pledge of 10 piece" in wrong[0].said
