"""Needs that are not met, and how long promises take."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from weaklink.aid.entries import Entry, Ledger
from weaklink.aid.gaps import free, gaps
from weaklink.aid.lag import lags, survival_median
from weaklink.aid.money import Rates

NEED = Entry(
    "N", "need", "2022-11-01", recipient="UKR", item_class="fuel", quantity=100_000, unit="l", urgency=1
)


def gave(id_: str, kind: str, quantity: int, unit: str = "l", **more: str) -> Entry:
    return Entry(
        id_,
        kind,
        more.pop("date", "2022-11-10"),
        donor="DEU",
        recipient="UKR",
        item_class="fuel",
        quantity=quantity,
        unit=unit,
        **more,  # type: ignore[arg-type]
    )


@given(st.lists(st.integers(0, 60_000), max_size=4))
def test_what_is_unmet_is_what_is_needed_less_what_arrived(parts: list[int]) -> None:
    given_ = [gave(f"D{n}", "delivery", amount, need="N") for n, amount in enumerate(parts)]
    gap = gaps(Ledger((NEED, *given_)), Rates())[0]
    assert gap.delivered == sum(parts)
    assert gap.unmet == max(0, 100_000 - sum(parts))
    assert 0 <= gap.unmet_share <= 1


def test_a_delivery_serves_the_need_of_what_it_carries_out() -> None:
    made = gave("A", "allocation", 50_000, need="N")
    arrived = gave("D", "delivery", 20_000, follows="A")
    gap = gaps(Ledger((NEED, made, arrived)), Rates())[0]
    assert [gap.allocated, gap.delivered, gap.unallocated] == [50_000, 20_000, 50_000]


def test_gallons_count_in_litres_exactly() -> None:
    gap = gaps(Ledger((NEED, gave("D", "delivery", 1_000, "US gal", need="N"))), Rates())[0]
    assert gap.delivered == Fraction("3785.411784")


def test_what_cannot_be_counted_in_the_unit_is_said_and_not_added() -> None:
    gap = gaps(Ledger((NEED, gave("D", "delivery", 1_000, "piece", need="N"))), Rates())[0]
    assert [gap.uncounted, gap.delivered] == [1, 0]


def test_a_need_of_money_is_met_by_money() -> None:
    need = NEED._replace(quantity=None, unit="", amount=500, currency="EUR")
    paid = gave("D", "delivery", 0, need="N")._replace(quantity=None, unit="", amount=200, currency="EUR")
    gap = gaps(Ledger((need, paid)), Rates())[0]
    assert [gap.unmet, gap.scale] == [300, 100]


def test_the_most_urgent_need_comes_first_then_the_least_met() -> None:
    later = NEED._replace(id="L", urgency=2)
    half = NEED._replace(id="H")
    met = gave("D", "delivery", 50_000, need="H")
    assert [gap.need.id for gap in gaps(Ledger((half, later, met, NEED)), Rates())] == ["N", "H", "L"]


def test_what_is_free_is_what_is_neither_carried_further_nor_withdrawn() -> None:
    made = gave("P", "pledge", 100_000)
    on = gave("C", "commitment", 60_000, follows="P")
    back = gave("W", "withdrawal", 10_000, follows="C")
    aside = gave("A", "allocation", 20, "m3", follows="C")
    found = {one.id: left for one, left in free(Ledger((made, on, back, aside)))}
    assert found == {"P": 40_000, "C": 60_000 - 10_000 - 20_000}


DAYS = st.lists(st.integers(0, 60), min_size=1, max_size=12)


@given(DAYS, st.lists(st.integers(0, 60), max_size=8))
def test_the_median_agrees_with_the_survival_function_of_scipy(
    arrived: list[int], waiting: list[int]
) -> None:
    data = stats.CensoredData(uncensored=arrived, right=waiting)
    surviving = stats.ecdf(data).sf
    below = [
        day
        for day, share in zip(surviving.quantiles, surviving.probabilities, strict=True)
        if share <= 0.5 + 1e-9
    ]
    assert survival_median(arrived, waiting) == (min(below) if below else None)


def test_the_median_agrees_with_the_published_one_of_a_trial_with_open_cases() -> None:
    """Remission under 6-MP, Freireich et al. (1963), Blood 21, 699: the median is 23 weeks (times recalled)."""
    relapse = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    assert survival_median(relapse, censored) == 23


@given(st.lists(st.integers(0, 100), min_size=1, max_size=9), st.lists(st.integers(0, 100), max_size=5))
def test_open_promises_never_make_the_median_earlier(arrived: list[int], waiting: list[int]) -> None:
    alone = survival_median(arrived, [])
    assert alone is not None
    both = survival_median(arrived, waiting)
    assert both is None or both >= alone


def test_days_are_counted_from_the_first_promise_to_the_first_delivery() -> None:
    chain = (
        gave("P", "pledge", 9, date="2022-11-01"),
        gave("A", "allocation", 9, follows="P", date="2022-11-20"),
        gave("D1", "delivery", 4, follows="A", date="2022-12-01"),
        gave("D2", "delivery", 5, follows="A", date="2023-01-01"),
        gave("Q", "pledge", 9, date="2022-11-21"),
    )
    found = lags(Ledger(chain), "2022-12-31")["DEU", "fuel"]
    assert (found.arrived, found.waiting, found.median_all) == ((30,), (40,), 30)


def test_a_withdrawn_promise_is_not_waited_for() -> None:
    chain = (gave("P", "pledge", 9), gave("W", "withdrawal", 9, follows="P"))
    assert not lags(Ledger(chain), "2022-12-31")
