"""A shortage begins when stocks end, is no larger with more help, and is nothing without a shock."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shortfall import written_out
from tests.shortfall.generated import one_buyer, purchases, responses, responses_drawn
from weaklink.shortfall import Late, Purchases, Responses, courses
from weaklink.shortfall.market import extra, met, price


@pytest.mark.parametrize(("stock", "use"), [(9.0, 3.0), (10.0, 3.0), (0.0, 1.0), (30.0, 1.0), (7.3, 0.4)])
def test_a_full_ban_with_stock_s_and_use_d_gives_its_first_shortage_on_day_ceil_s_over_d(
    stock: float, use: float
) -> None:
    found = courses(one_buyer(use), responses(1.0, stock / use))
    assert found.first_day[0, 0] == math.ceil(stock / use)
    assert found.missing[0, 0] == pytest.approx(60 * use - stock, rel=1e-12)
    assert found.peak_share[0, 0] == pytest.approx(1)


@given(stock=st.integers(0, 200), use=st.integers(1, 9))
def test_the_first_shortage_is_on_day_ceil_s_over_d_for_whole_numbers(stock: int, use: int) -> None:
    found = courses(one_buyer(use, days=220), responses(1.0, stock / use))
    assert found.first_day[0, 0] == math.ceil(stock / use)


@given(purchases(), responses_drawn())
def test_zero_shock_is_zero_loss(bought: Purchases, given_responses: Responses) -> None:
    found = courses(bought, replace(given_responses, lost=np.zeros((3, 2))))
    assert not found.missing.any()
    assert np.isnan(found.first_day).all()


@given(purchases(), responses_drawn())
def test_what_is_missing_is_never_negative_nor_more_than_is_used(
    bought: Purchases, given_responses: Responses
) -> None:
    found = courses(bought, given_responses, daily=True)
    assert found.daily is not None
    assert (found.daily >= 0).all()
    assert (found.daily <= bought.use * (1 + 1e-12)).all()
    assert found.daily.sum(axis=0) == pytest.approx(found.missing, rel=1e-12, abs=1e-12)


@given(purchases(), responses_drawn(), st.sampled_from(["stock_days", "spare", "saving"]))
def test_more_stock_spare_capacity_or_saving_never_hurts(
    bought: Purchases, given_responses: Responses, name: str
) -> None:
    more = replace(given_responses, **{name: getattr(given_responses, name) * 1.3 + 0.01})
    less_missing = courses(bought, more).missing
    assert (less_missing <= courses(bought, given_responses).missing + 1e-9).all()


@given(purchases(), responses_drawn())
def test_shares_of_one_stock_never_miss_more_together_than_each_by_itself(
    bought: Purchases, given_responses: Responses
) -> None:
    alone, pooled = (
        bought.by_product(courses(replace(bought, pooled=together), given_responses).missing)
        for together in (False, True)
    )
    assert (pooled <= alone + 1e-9).all()


@given(purchases(pooled=True), responses_drawn())
def test_those_who_share_alike_miss_the_same_share(bought: Purchases, given_responses: Responses) -> None:
    found = courses(bought, given_responses)
    for product in range(len(bought.world)):
        peaks = found.peak_share[:, bought.product == product]
        assert peaks == pytest.approx(peaks[:, :1] * np.ones(peaks.shape[1]), rel=1e-9)


@given(purchases(), responses_drawn(), st.floats(0.001, 1000))
def test_the_unit_of_money_changes_nothing(
    bought: Purchases, given_responses: Responses, unit: float
) -> None:
    def scaled(late: Late) -> Late:
        return Late(late.missing * unit)

    other = replace(
        bought,
        use=bought.use * unit,
        world=bought.world * unit,
        others=bought.others * unit,
        strikes=tuple(
            replace(
                one,
                cells=one.cells * unit,
                world=one.world * unit,
                late=(scaled(one.late[0]), scaled(one.late[1])) if one.late else None,
            )
            for one in bought.strikes
        ),
    )
    found, again = courses(bought, given_responses).missing, courses(other, given_responses).missing
    assert again == pytest.approx(found * unit, rel=1e-9, abs=1e-9 * unit)


@given(purchases(), responses_drawn(size=2))
def test_all_cells_at_once_agree_with_each_written_out_flow_by_flow(
    bought: Purchases, given_responses: Responses
) -> None:
    found = courses(bought, given_responses).missing
    for draw in range(2):
        assert found[draw] == pytest.approx(
            written_out.missing(bought, given_responses, draw), rel=1e-9, abs=1e-9
        )


@given(purchases(), responses_drawn(size=5))
def test_a_draw_gives_the_same_to_the_last_bit_whatever_stands_beside_it(
    bought: Purchases, given_responses: Responses
) -> None:
    together = courses(bought, given_responses).missing
    alone = [courses(bought, given_responses.of(slice(n, n + 1))).missing[0] for n in range(5)]
    assert np.array_equal(together, np.array(alone))


def test_a_detour_of_ten_days_is_ten_days_of_use_by_hand() -> None:
    late = Late.of(np.array([0]), np.array([2880.0]), np.array([2.0]), 1)  # rounded up to 2,900
    speed = np.array([290.0])
    missing = [float(late.on_day(day, speed)[0, 0]) for day in range(15)]
    assert missing == pytest.approx([2.0] * 10 + [0.0] * 5)
    assert late.is_over(10, speed)
    assert not late.is_over(9, speed)


def test_other_suppliers_fill_the_gap_within_their_spare_exports_by_hand() -> None:
    # others export 2 a day, a tenth of it can be added after one day: of a daily gap of 1 they fill 0.2
    found = courses(
        one_buyer(days=10, others=2.0),
        responses(1.0, 0.0, spare=0.1, supply_elasticity=1.0, most_price=9.0),
        daily=True,
    )
    assert found.daily is not None
    assert found.daily[:, 0, 0] == pytest.approx([1.0] + [0.8] * 9)


def test_the_price_clears_the_market_of_the_formula() -> None:
    lost, supply, demand = np.array([0.1, 0.5]), np.array(0.2), np.array(0.3)
    p = price(lost, supply, demand, np.array(100.0))
    assert (1 - lost) * p**supply == pytest.approx(p**-demand)
    assert extra(p, supply, np.array(9.0)) == pytest.approx(p**supply - 1)


@given(shares=st.lists(st.floats(0, 10).map(lambda share: round(share, 9)), min_size=3, max_size=3))
def test_rationing_hands_out_no_more_than_there_is_and_fills_no_gap_twice(shares: list[float]) -> None:
    offered, first, rest = (np.array([one]) for one in shares)
    of_first, of_rest = met(offered, first, first + rest)
    given_out = of_first * first + of_rest * rest
    assert given_out <= offered + 1e-9
    assert given_out == pytest.approx(np.minimum(offered, first + rest), abs=1e-9)
    assert of_first >= of_rest - 1e-9 or first + rest == first
