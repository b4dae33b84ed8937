"""The 90-day rule of the International Energy Agency, term by term."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink.guidelines.oil import daily_net_imports, days_of_cover

AMOUNT = st.floats(1, 1e5)


def test_days_of_cover_agree_with_the_published_formula_by_hand() -> None:
    """Net imports of crude 10,000 and products 2,000 kt a year; stocks of 2,000 and 1,000 kt.

    By hand: (10000 · 0.96 + 2000 · 1.065) / 365 = 11730 / 365; 0.9 · (2000 · 0.96 + 1000 · 1.065) = 2686.5.
    """
    assert days_of_cover(10_000, 2_000, 2_000, 1_000) == pytest.approx(2686.5 / (11_730 / 365), rel=1e-12)


def test_the_actual_naphtha_yield_can_take_the_place_of_four_percent() -> None:
    assert daily_net_imports(365, 0, naphtha_yield=0.08) == pytest.approx(0.92)


@given(AMOUNT, AMOUNT, AMOUNT, AMOUNT, st.floats(1, 100))
def test_days_do_not_depend_on_the_unit_of_mass(
    crude: float, products: float, stock: float, more: float, factor: float
) -> None:
    days = days_of_cover(crude, products, stock, more)
    scaled = days_of_cover(*(factor * one for one in (crude, products, stock, more)))
    assert scaled == pytest.approx(days, rel=1e-9)


@given(AMOUNT, AMOUNT, AMOUNT, AMOUNT, AMOUNT)
def test_more_stock_never_gives_fewer_days(
    crude: float, products: float, stock: float, more: float, added: float
) -> None:
    assert days_of_cover(crude, products, stock + added, more) >= days_of_cover(crude, products, stock, more)
