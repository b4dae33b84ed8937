"""Months as days: sums are kept, nothing is negative, what is given by day stays."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weaklink.sources.months import daily

DAYS = [date(2022, 10, 1) + timedelta(n) for n in range(182)]
MONTHS = ("2022-10", "2022-11", "2022-12", "2023-01", "2023-02", "2023-03")


@given(st.lists(st.floats(0, 1e6), min_size=6, max_size=6))
@settings(max_examples=25)
def test_every_month_keeps_its_sum_and_no_day_is_negative(amounts: list[float]) -> None:
    found = daily(dict(zip(MONTHS, amounts, strict=True)), DAYS)
    assert (found >= 0).all()
    for month, amount in zip(MONTHS, amounts, strict=True):
        inside = [f"{day:%Y-%m}" == month for day in DAYS]
        assert found[inside].sum() == pytest.approx(amount, rel=1e-9, abs=1e-9)


def test_equal_daily_means_give_a_flat_course() -> None:
    found = daily({month: 10.0 * sum(f"{d:%Y-%m}" == month for d in DAYS) for month in MONTHS}, DAYS)
    np.testing.assert_allclose(found, 10.0)


def test_there_is_no_step_at_the_end_of_a_month() -> None:
    amounts = {month: 100.0 * (place + 1) * 30 for place, month in enumerate(MONTHS)}
    steps = np.abs(np.diff(daily(amounts, DAYS)))
    assert steps.max() < 15  # between the means of two months lie 100


def test_a_day_that_is_given_stays_as_it_is_beside_spread_months() -> None:
    days = DAYS[:61]
    amounts = {"2022-10": 310.0} | {day.isoformat(): 7.0 for day in days if day.month == 11}
    found = daily(amounts, days)
    assert (found[31:] == 7.0).all()
    assert found[:31].sum() == pytest.approx(310.0)


def test_a_month_that_is_cut_by_the_horizon_gives_its_share() -> None:
    assert daily({"2022-10": 310.0}, DAYS[:10]).sum() == pytest.approx(100.0)


def test_a_day_without_an_amount_is_an_error() -> None:
    with pytest.raises(KeyError, match="2022-11"):
        daily({"2022-10": 310.0}, DAYS[:40])
