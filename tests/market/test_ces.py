"""One scarce input: published rows to the printed digits, and what must hold of every such function."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from weaklink.market import ces

shares = st.floats(0.001, 0.999)
cuts = st.floats(0.0, 0.95)
elasticities = st.floats(0.02, 8.0)


@pytest.mark.parametrize(
    ("elasticity", "printed"), [(0.0, -10.00), (0.04, -1.57), (0.1, -0.68), (1.0, -0.42)]
)
def test_loss_of_a_tenth_of_energy_is_as_printed_by_bachmann_et_al(elasticity: float, printed: float) -> None:
    assert round(-100 * float(ces.loss(0.04, 0.10, elasticity)), 2) == printed


def test_formula_a4_is_as_printed_by_bachmann_et_al() -> None:
    assert round(100 * float(ces.second_order_change(0.04, -0.10, 0.04)), 2) == -0.86


@pytest.mark.parametrize(
    ("share", "change", "share_change", "printed"),
    [(0.025, -0.30, 0.05, -1.50), (0.025, -0.17, 0.025, -0.6375), (0.012, -0.30, 0.024, -0.72)],
)
def test_formula_a7_is_as_printed_by_bachmann_et_al(
    share: float, change: float, share_change: float, printed: float
) -> None:
    """The second row is printed -0.63 in one place: the formula gives -0.6375, which rounds either way."""
    assert 100 * float(ces.welfare_change(share, change, share_change)) == pytest.approx(printed, abs=1e-12)


def test_the_oil_shock_of_the_1970s_almost_triples_from_first_to_second_order() -> None:
    """Baqaee and Farhi (2019): 0.2 to 0.6 % of world output. Oil's weight of 1.8 then 7.6 % and the fall of 13 % in
    supply are recalled, so that this is a check of plausibility; the two versions of the paper agree on the ratio only.
    """
    first = 0.018 * -0.13
    second = float(ces.welfare_change(0.018, -0.13, 0.076 - 0.018))
    assert round(100 * first, 1) == -0.2
    assert round(100 * second, 1) == -0.6
    assert second / first == pytest.approx(3, abs=0.5)


@given(shares, cuts, elasticities)
def test_a_loss_lies_between_nothing_and_the_cut(share: float, cut: float, elasticity: float) -> None:
    assert -1e-15 <= float(ces.loss(share, cut, elasticity)) <= cut + 1e-15


@given(shares, cuts, elasticities)
def test_easier_substitution_never_costs_more(share: float, cut: float, elasticity: float) -> None:
    assert float(ces.loss(share, cut, elasticity * 1.1)) <= float(ces.loss(share, cut, elasticity)) + 1e-14


@given(shares, cuts)
def test_the_limits_are_leontief_and_cobb_douglas(share: float, cut: float) -> None:
    assert float(ces.loss(share, cut, 0.0)) == pytest.approx(cut, abs=1e-15)
    assert float(ces.loss(share, cut, 1.0)) == pytest.approx(1 - (1 - cut) ** share, rel=1e-12, abs=1e-15)
    for near in (1 - 1e-9, 1 + 1e-9):
        assert float(ces.loss(share, cut, near)) == pytest.approx(float(ces.loss(share, cut, 1.0)), abs=1e-7)


@given(shares, elasticities)
def test_a4_is_the_second_derivative_of_the_exact_loss(share: float, elasticity: float) -> None:
    """The error left falls with the cube of the change."""
    step = 1e-3 * min(1.0, elasticity)
    exact = np.log1p(-ces.loss(share, -np.expm1(-step), elasticity))
    assert float(exact) == pytest.approx(
        float(ces.second_order_change(share, -step, elasticity)),
        abs=step**3 * (1 + 1 / elasticity) ** 2 + 1e-15,
    )


@given(shares, st.floats(0.0, 0.6), elasticities)
def test_the_exact_loss_is_the_sum_of_shares_along_the_way(
    share: float, cut: float, elasticity: float
) -> None:
    """Hulten's theorem at every point: d log Y = share d log E. Integrated by the trapezium rule."""
    way = np.linspace(0.0, np.log1p(-cut), 4001)
    held = ces.share_after(share, -np.expm1(way), elasticity)
    assert np.trapezoid(held, way) == pytest.approx(
        float(np.log1p(-ces.loss(share, cut, elasticity))), abs=1e-4
    )


@given(st.lists(st.floats(0.1, 1.0), min_size=2, max_size=4), elasticities, st.integers(0, 1000))
def test_prices_that_support_quantities_lead_back_to_them(
    weights: list[float], elasticity: float, seed: int
) -> None:
    share = np.array(weights) / sum(weights)
    prices = np.random.default_rng(seed).uniform(0.5, 2.0, len(share))
    bought = ces.demand(share, prices, elasticity)
    assert float(ces.output(share, bought, elasticity)) == pytest.approx(1.0, rel=1e-9)
    back = ces.supporting_prices(share, bought, elasticity)
    assert back == pytest.approx(prices / ces.unit_cost(share, prices, elasticity), rel=1e-9)
    assert float((share * back * bought).sum()) == pytest.approx(1.0, rel=1e-9)  # nothing is left over


@pytest.mark.parametrize("elasticity", [0.2, 0.7, 1.0, 3.0])
def test_demand_is_what_costs_least_by_an_independent_minimiser(elasticity: float) -> None:
    """SciPy's SLSQP, which knows nothing of first-order conditions."""
    share, prices = np.array([0.2, 0.5, 0.3]), np.array([2.0, 0.7, 1.2])
    found = minimize(
        lambda q: float((share * prices * q).sum()),
        np.ones(3),
        method="SLSQP",
        bounds=[(1e-3, None)] * 3,
        constraints={"type": "ineq", "fun": lambda q: float(ces.output(share, q, elasticity)) - 1},
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert found.x == pytest.approx(ces.demand(share, prices, elasticity), abs=2e-5)
    assert found.fun == pytest.approx(float(ces.unit_cost(share, prices, elasticity)), rel=1e-9)


def test_without_an_input_that_nothing_replaces_nothing_is_made() -> None:
    assert ces.loss(0.04, 1.0, [0.0, 0.5, 1.0]).tolist() == [1.0, 1.0, 1.0]
    assert float(ces.loss(0.04, 1.0, 2.0)) == pytest.approx(1 - 0.96**2)


@pytest.mark.parametrize(
    "wrong", [lambda: ces.loss(1.2, 0.1, 1), lambda: ces.loss(0.1, 2, 1), lambda: ces.loss(0.1, 0.1, -1)]
)
def test_figures_out_of_range_are_refused(wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises(ValueError, match="expected 0 to"):
        wrong()
