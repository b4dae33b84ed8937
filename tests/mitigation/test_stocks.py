"""Are stocks as large as they should be? Against closed forms, plain search, simulation, and the regulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink.mitigation import stocks
from weaklink.mitigation.options import Figures


@given(st.lists(st.integers(0, 50), min_size=1, max_size=8), st.integers(1, 9), st.integers(1, 30))
def test_newsvendor_is_the_best_of_all_stocks(needs: list[int], cost: int, loss: int) -> None:
    found = np.array(needs, float)
    weights = np.full(len(found), 1 / len(found))

    def expected(stock: float) -> float:
        return cost * stock + loss * float(weights @ np.maximum(found - stock, 0))

    best = stocks.newsvendor(found, weights, cost, loss)
    assert expected(best) <= min(expected(stock) for stock in range(51)) + 1e-9


@given(st.floats(0.05, 3), st.floats(5, 200), st.floats(0.5, 50), st.floats(0.1, 2), st.floats(3, 80))
def test_hazard_stock_equals_the_closed_form_of_exponential_failures(
    yearly: float, mean: float, use: float, cost: float, loss: float
) -> None:
    closed = max(0.0, use * mean * np.log(yearly * loss / cost))
    found = stocks.hazard_stock(stocks.Hazard.exponential(yearly, mean, use), cost, loss, 1e7)
    assert found == pytest.approx(closed, rel=1e-6, abs=1e-2)


def test_expected_shortage_equals_the_closed_form_and_a_simulation() -> None:
    hazard = stocks.Hazard.exponential(0.5, 40.0, 3.0)
    stock = 100.0
    found = stocks.expected_shortage(hazard, stock, longest=2_000.0)
    assert found == pytest.approx(0.5 * 3.0 * 40.0 * np.exp(-stock / 3.0 / 40.0), rel=1e-4)
    durations = np.random.default_rng(1).exponential(40.0, 200_000)
    assert found == pytest.approx(0.5 * np.maximum(3.0 * durations - stock, 0).mean(), rel=0.02)


def test_more_stock_than_the_optimum_costs_more_in_all() -> None:
    hazard = stocks.Hazard.of_durations(0.4, np.array([10.0, 40.0, 90.0, 200.0]), 5.0)

    def yearly(stock: float) -> float:
        return 1.5 * stock + 12.0 * stocks.expected_shortage(hazard, stock, 400.0)

    best = stocks.hazard_stock(hazard, 1.5, 12.0, 2_000.0)
    assert yearly(best) <= min(yearly(stock) for stock in np.linspace(0, 2_000, 81)) + 1.0


@pytest.mark.parametrize(
    ("year", "volume", "use", "amount"),
    [(2022, 1_000.0, 9_999.0, 800.0), (2023, 1_000.0, 9_999.0, 900.0), (2024, 0.0, 100.0, 15.0)],
)
def test_gas_duty_as_regulation_2022_1032_says(year: int, volume: float, use: float, amount: float) -> None:
    assert stocks.gas_duty(year, volume, use).amount == amount


def test_a_year_without_the_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="2022 to 2025"):
        stocks.gas_duty(2021, 1.0, 1.0)


@st.composite
def needs(draw: st.DrawFn) -> Figures:
    rows, members = draw(st.integers(1, 20)), draw(st.integers(1, 4))
    return np.array(
        draw(
            st.lists(
                st.lists(st.integers(0, 9), min_size=members, max_size=members), min_size=rows, max_size=rows
            )
        ),
        float,
    )


@given(needs())
def test_pooling_never_needs_more_where_all_must_be_covered(drawn: Figures) -> None:
    assert stocks.pooled_stock(drawn, 1.0).together <= stocks.pooled_stock(drawn, 1.0).alone.sum()


def test_pooling_of_independent_normal_needs_follows_the_square_root() -> None:
    drawn = 100 + 10 * np.random.default_rng(3).standard_normal((40_000, 9))
    found = stocks.pooled_stock(drawn, 0.95)
    safety = (found.together - 900) / (found.alone.sum() - 900)
    assert safety == pytest.approx(1 / 3, rel=0.05)


@given(st.floats(0, 1e6), st.floats(0, 1e3), st.floats(0.5, 50), st.floats(0, 1e5))
def test_keeping_costs_less_with_a_longer_life_and_more_use(
    stock: float, price: float, life: float, use: float
) -> None:
    def cost(shelf_life: float, yearly_use: float) -> float:
        terms = stocks.Terms(0.05, 0.1, shelf_life=shelf_life, yearly_use=yearly_use, scrap=0.3)
        return stocks.keeping_cost(stock, price, terms).total

    assert cost(life * 2, use) <= cost(life, use) + 1e-6
    assert cost(life, use * 2) <= cost(life, use) + 1e-6
