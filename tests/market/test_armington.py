"""Trade equilibrium with one sector: closed forms, published formulas, and a dense Newton method as second opinion."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.market import generated, newton
from weaklink.market.armington import armington, balanced
from weaklink.market.barriers import between, cost_of, costs
from weaklink.market.bound import NoEquilibriumError
from weaklink.market.welfare import loss_in_autarky, welfare_of_share

thetas = st.floats(1.0, 9.0)
sizes = st.integers(2, 6)


@pytest.mark.parametrize(("elasticity", "printed"), [(5.0, 1.44), (10.0, 0.72)])
def test_gains_from_trade_of_the_united_states_as_in_arkolakis_et_al(
    elasticity: float, printed: float
) -> None:
    """λ = 0.93; the introduction of the paper rounds to 1.4 and 0.7 %."""
    assert round(100 * float(loss_in_autarky(0.93, elasticity)), 2) == printed


@given(generated.seeds, sizes, thetas)
@settings(max_examples=20)
def test_no_change_of_costs_changes_nothing(seed: int, size: int, theta: float) -> None:
    found = armington(generated.trade(seed, size), theta)
    for hats in (found.wage, found.price, found.welfare):
        assert hats == pytest.approx(np.ones(size), abs=1e-12)


@given(generated.seeds, sizes, thetas, st.floats(0.05, 1.0))
@settings(max_examples=20)
def test_equilibria_agree_with_an_independent_newton_method(
    seed: int, size: int, theta: float, dial: float
) -> None:
    trade = generated.trade(seed, size)
    random = np.random.default_rng(seed)
    cost = np.exp(random.normal(0, 0.3, (size, size)))
    cost[0, 1] = float(cost_of(dial, theta))
    deficit = trade.sum(axis=0) - trade.sum(axis=1)
    wage, welfare = newton.one_sector(trade, theta, cost, deficit)
    found = armington(trade, theta, cost)
    assert found.residual <= 1e-10
    assert found.wage == pytest.approx(wage, rel=1e-10)
    assert found.welfare == pytest.approx(welfare, rel=1e-10)


@given(generated.seeds, sizes, thetas, st.floats(0.0, 1.0))
@settings(max_examples=20)
def test_welfare_is_that_of_the_domestic_share_as_arkolakis_et_al_prove(
    seed: int, size: int, theta: float, dial: float
) -> None:
    """Exact for any change of trade costs, embargoes too, in a world without deficits."""
    trade = balanced(generated.trade(seed, size), theta)
    hit = between(generated.NAMES[:size] if size <= 5 else [*generated.NAMES, "FFF"], {"AAA"}, {"BBB"})
    found = armington(trade, theta, costs(hit, cost_of(dial, theta)))
    change = np.diag(found.shares) / (np.diag(trade) / trade.sum(axis=0))
    assert found.welfare == pytest.approx(welfare_of_share(change, theta), rel=1e-10)


@given(st.floats(0.3, 0.99), thetas, st.floats(0.0, 1.0))
@settings(max_examples=30)
def test_two_alike_countries_have_the_closed_form(own: float, theta: float, dial: float) -> None:
    """Wages stay equal, so that Ŵ = (λ + (1 - λ) d̂^-θ)^(1/θ)."""
    trade = np.array([[own, 1 - own], [1 - own, own]])
    found = armington(trade, theta, costs(~np.eye(2, dtype=bool), cost_of(dial, theta)))
    assert found.welfare == pytest.approx(np.full(2, (own + (1 - own) * dial) ** (1 / theta)), rel=1e-11)


@given(generated.seeds, sizes, thetas)
@settings(max_examples=20)
def test_an_embargo_leaves_exactly_nothing_and_autarky_is_that_of_the_formula(
    seed: int, size: int, theta: float
) -> None:
    trade = balanced(generated.trade(seed, size), theta)
    alone = armington(trade, theta, costs(~np.eye(size, dtype=bool), np.inf))
    assert alone.shares.tolist() == np.eye(size).tolist()
    own = np.diag(trade) / trade.sum(axis=0)
    assert 1 - alone.welfare == pytest.approx(loss_in_autarky(own, theta), rel=1e-9, abs=1e-12)


@given(generated.seeds, thetas)
@settings(max_examples=20)
def test_both_of_two_countries_lose_more_the_less_they_trade(seed: int, theta: float) -> None:
    """With third countries this need not be: then trade is diverted to somebody's gain."""
    trade = balanced(generated.trade(seed, 2), theta)
    dials = np.linspace(1, 0, 9)
    found = armington(trade, theta, costs(~np.eye(2, dtype=bool), cost_of(dials, theta)))
    assert np.all(np.diff(found.welfare, axis=0) <= 1e-12)


@given(generated.seeds, sizes, thetas, st.floats(1e-6, 1e6))
@settings(max_examples=20)
def test_the_unit_of_money_does_not_matter(seed: int, size: int, theta: float, unit: float) -> None:
    trade = generated.trade(seed, size)
    cost = np.exp(np.random.default_rng(seed).normal(0, 0.3, (size, size)))
    one, other = armington(trade, theta, cost), armington(trade * unit, theta, cost)
    assert other.wage == pytest.approx(one.wage, rel=1e-9)
    assert other.welfare == pytest.approx(one.welfare, rel=1e-9)


@given(generated.seeds, sizes)
@settings(max_examples=10)
def test_the_order_of_countries_does_not_matter(seed: int, size: int) -> None:
    trade = generated.trade(seed, size)
    random = np.random.default_rng(seed)
    cost, order = np.exp(random.normal(0, 0.3, (size, size))), random.permutation(size)
    turned = armington(trade[np.ix_(order, order)], 4.0, cost[np.ix_(order, order)])
    assert turned.welfare == pytest.approx(armington(trade, 4.0, cost).welfare[order], rel=1e-9)


def test_many_counterfactuals_side_by_side_are_each_as_if_alone() -> None:
    trade = generated.trade(3, 5)
    random = np.random.default_rng(0)
    theta, cost = random.uniform(2, 8, 40), np.exp(random.normal(0, 0.4, (40, 5, 5)))
    together = armington(trade, theta, cost)
    alone = [armington(trade, t, c) for t, c in zip(theta, cost, strict=True)]
    assert together.welfare.tolist() == [one.welfare.tolist() for one in alone]
    assert together.shares.tolist() == [one.shares.tolist() for one in alone]


def test_who_could_buy_from_nobody_has_no_equilibrium() -> None:
    with pytest.raises(NoEquilibriumError, match="Country 1 could buy from nobody"):
        armington(np.array([[1.0, 1.0], [1.0, 0.0]]), 4.0, np.array([[1, np.inf], [1, 1]]))


def test_two_blocs_that_owe_each_other_cannot_part() -> None:
    """A deficit is paid by trade: without trade there is no equilibrium, and none is given."""
    with pytest.raises(NoEquilibriumError):
        armington(np.array([[80.0, 20.0], [40.0, 60.0]]), 4.0, [[1, np.inf], [np.inf, 1]])


@pytest.mark.parametrize(
    ("trade", "said"),
    [
        ([[1.0, -1.0], [1.0, 1.0]], "negative or no number"),
        ([[1.0, np.nan], [1.0, 1.0]], "negative or no number"),
        ([[1.0, 0.0], [0.0, 0.0]], "country 1 sells nothing"),
        ([[1.0, 0.0]], "as many rows as columns"),
    ],
)
def test_what_is_no_trade_is_refused(trade: list[list[float]], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        armington(np.array(trade), 4.0)


def test_a_dial_is_a_share_and_a_cost_is_above_zero() -> None:
    with pytest.raises(ValueError, match=r"expected 0 \(no trade\) to 1"):
        cost_of(1.5, 4.0)
    with pytest.raises(ValueError, match="not above 0"):
        armington(np.ones((2, 2)), 4.0, 0.0)
    with pytest.raises(ValueError, match="no region ZZZ"):
        between(("AAA",), {"ZZZ"}, {"AAA"})
