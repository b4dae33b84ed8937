"""Sums of the ledger: nothing twice, nothing lost."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.aid.ledgers import ledgers
from weaklink.aid import counting
from weaklink.aid.entries import STAGES, Entry, Ledger
from weaklink.aid.money import Rate, Rates

RATES = Rates((Rate("2022-11-01", "USD", "EUR", Fraction("0.973"), "test"),))


def entry(id_: str, kind: str, amount: int, day: str = "2022-11-05", **more: object) -> Entry:
    return Entry(
        id=id_,
        kind=kind,
        date=day,
        recipient="UKR",
        item_class="fuel",
        amount=amount,
        currency="EUR",
        **more,  # type: ignore[arg-type]
    )


def sums(ledger: Ledger, currency: str = "EUR") -> counting.Sum:
    return counting.together(counting.sums(ledger, counting.by_donor(ledger), RATES, currency).values())


@given(ledgers())
def test_the_sum_over_donors_is_the_total(ledger: Ledger) -> None:
    each = counting.sums(ledger, counting.by_donor(ledger, classes=False), RATES, "EUR")
    whole = counting.sums(ledger, (((), one) for one in ledger.entries), RATES, "EUR")[()]
    for stage in STAGES:
        assert sum(one.by_stage[stage] for one in each.values()) == whole.by_stage[stage]


@given(ledgers(), st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_nothing(ledger: Ledger, random: st.DataObject) -> None:
    shuffled = list(ledger.entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert sums(Ledger(tuple(shuffled))) == sums(ledger)


@given(ledgers())
def test_no_stage_is_more_than_the_one_before_it(ledger: Ledger) -> None:
    found = sums(ledger).by_stage
    for earlier, later in pairwise(STAGES):
        assert found[later] <= found[earlier]


@given(ledgers())
def test_sums_up_to_a_day_never_fall_where_nothing_is_withdrawn(ledger: Ledger) -> None:
    running = dict.fromkeys(STAGES, Fraction(0))
    for _, one in sorted(counting.sums(ledger, counting.by_day(ledger), RATES, "EUR").items()):
        for stage in STAGES:
            assert one.by_stage[stage] >= 0
            running[stage] += one.by_stage[stage]
    assert running == sums(ledger).by_stage


@given(ledgers())
def test_a_sum_agrees_with_fractions_added_one_by_one(ledger: Ledger) -> None:
    """The same figure by the plainest way: convert each entry, then add."""
    allocated = sum(
        (Fraction(one.amount or 0) * (Fraction("0.973") if one.currency == "USD" else 1))
        for one in ledger.of_kind("allocation")
    )
    assert sums(ledger).by_stage["allocation"] == allocated


def test_a_national_share_of_a_joint_entry_is_not_added() -> None:
    whole = entry("J", "commitment", 100, donor="EU")
    parts = [
        entry(f"S{n}", "commitment", 40, donor=donor, joint="J") for n, donor in enumerate(("DEU", "FRA"))
    ]
    assert sums(Ledger((whole, *parts))).by_stage["commitment"] == 100


def test_a_pledge_that_is_announced_again_counts_once() -> None:
    first, second = (
        entry("P", "pledge", 70, donor="DEU"),
        entry("Q", "pledge", 70, donor="DEU", announces="P"),
    )
    assert sums(Ledger((first, second))).by_stage["pledge"] == 70


def test_a_withdrawal_takes_from_the_stages_of_what_it_withdraws() -> None:
    made = entry("C", "commitment", 70, donor="DEU")  # nobody had pledged it: it counts as pledged
    back = entry("W", "withdrawal", 20, donor="DEU", follows="C")
    found = sums(Ledger((made, back)))
    assert [found.by_stage["pledge"], found.by_stage["commitment"], found.withdrawn] == [50, 50, 20]


def test_entries_that_name_no_others_carry_out_the_donor_s_earlier_ones() -> None:
    """As in a tracker that publishes commitments and allocations side by side: neither is added to the other."""
    found = sums(
        Ledger((entry("C", "commitment", 70, donor="DEU"), entry("A", "allocation", 50, donor="DEU")))
    )
    assert [found.by_stage["commitment"], found.by_stage["allocation"]] == [70, 50]


def test_an_entry_without_a_value_or_a_rate_is_counted_and_not_added() -> None:
    unvalued = Entry(
        id="A", kind="pledge", date="2022-11-05", donor="DEU", recipient="UKR", item_class="fuel"
    )
    unrated = entry("B", "pledge", 9, donor="DEU")._replace(currency="GBP")
    found = sums(Ledger((unvalued, unrated)))
    assert [found.entries, found.unvalued, found.unrated, found.by_stage["pledge"]] == [2, 1, 1, 0]
