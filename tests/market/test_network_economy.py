"""Networks of sectors: derivatives against the published formula, equilibria against a planner who knows no prices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import minimize

from tests.market import generated
from weaklink.market import ces
from weaklink.market.bound import NoEquilibriumError
from weaklink.market.economy import Economy, Floats
from weaklink.market.exact import equilibrium
from weaklink.market.second_order import first_order, second_derivatives, second_order


def covariance_formula(economy: Economy) -> Floats:
    """∂w_i/∂x_j by Baqaee and Farhi (2019), theorem 2 with factors, written as in the paper; nothing sold outside.

    d λ_i / d log A_k = Σ_j (θ_j - 1) λ_j Cov_Ω(j)(Ψ_(k) - Σ_f Ψ_(f) d log Λ_f / d log A_k, Ψ_(i)), likewise for
    factors, which gives a linear system for d log Λ. A factor is a producer whose productivity is its quantity.
    """
    n, f = economy.producers, economy.factors
    omega = np.zeros((n + f, n + f))
    omega[:n] = economy.shares
    psi = np.linalg.inv(np.eye(n + f) - omega)
    weights = psi[0]
    columns = [np.asarray(psi[:, k], dtype=np.float64) for k in range(n + f)]

    def spread(first: Floats, second: Floats) -> float:
        total = 0.0
        for j in range(n):
            mean = omega[j] @ (first * second) - (omega[j] @ first) * (omega[j] @ second)
            total += (economy.elasticities[j] - 1) * weights[j] * mean
        return total

    factors = range(n, n + f)
    among = np.array([[spread(columns[g], columns[i]) / weights[i] for g in factors] for i in factors])
    direct = np.array([[spread(columns[k], columns[i]) / weights[i] for k in range(n + f)] for i in factors])
    changes = np.linalg.lstsq(np.eye(f) + among, direct, rcond=None)[0]
    found = np.zeros((n + f, n + f))
    for i in range(n + f):
        for k in range(n + f):
            driver = columns[k] - sum(columns[g] * changes[g - n, k] for g in factors)
            found[i, k] = spread(np.asarray(driver, dtype=np.float64), columns[i])
    return found


@given(generated.seeds)
@settings(max_examples=15)
def test_second_derivatives_agree_with_the_covariance_formula_of_baqaee_and_farhi(seed: int) -> None:
    economy = generated.economy(seed, outside=False)
    size = economy.producers + economy.factors
    assert second_derivatives(economy)[:size, :size] == pytest.approx(covariance_formula(economy), abs=1e-10)


@given(generated.seeds)
@settings(max_examples=15)
def test_second_derivatives_are_symmetric_with_sales_outside_too(seed: int) -> None:
    found = second_derivatives(generated.economy(seed))
    assert found == pytest.approx(found.T, abs=1e-10)


@given(generated.seeds)
@settings(max_examples=8)
def test_derivatives_are_those_of_the_equilibrium(seed: int) -> None:
    """First and second differences of the exact solution."""
    economy = generated.economy(seed)
    size = len(economy.weights)
    steps = 2e-3 * np.concatenate([np.eye(size), -np.eye(size)])
    log_gne = equilibrium(economy, steps).expenditure
    up, down = log_gne[:size], log_gne[size:]
    assert (up - down) / 4e-3 == pytest.approx(economy.weights, abs=1e-4)
    assert (up + down) / 4e-6 == pytest.approx(np.diag(second_derivatives(economy)), abs=2e-3)


def planned(economy: Economy, log_change: Floats) -> float:
    """Log GNE of a planner who chooses all quantities, by SciPy's SLSQP: no prices, no first-order conditions.

    Quantities are relative to before, one for each positive share.
    """
    n, f = economy.producers, economy.factors
    rows, columns = np.nonzero(economy.shares)
    sales = economy.sales
    weights = np.concatenate([sales, economy.incomes])
    flows = economy.shares[rows, columns] * sales[rows]
    boost, kept = np.exp(log_change[:n]), np.exp(log_change[n : n + f])
    outside = economy.outside * np.exp(log_change[n + f :])

    def made(x: Floats) -> Floats:
        q = np.exp(x)
        return np.array(
            [
                boost[i]
                * float(
                    ces.output(economy.shares[i, columns[rows == i]], q[rows == i], economy.elasticities[i])
                )
                for i in range(n)
            ]
        )

    def left(x: Floats) -> Floats:
        """Of each product but the household's, and of each factor: what is there less what is used, over sales."""
        used = np.bincount(columns, flows * np.exp(x), minlength=len(weights))
        there = np.concatenate([made(x) * sales - outside, kept * economy.incomes])
        return np.asarray(((there - used) / weights)[1:])

    found = minimize(
        lambda x: -np.log(made(x)[0]),
        np.full(len(rows), float(log_change.min())),
        method="SLSQP",
        constraints={"type": "ineq", "fun": left},
        options={"ftol": 1e-13, "maxiter": 1000},
    )
    assert found.success, found.message
    return -float(found.fun)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_equilibria_agree_with_an_independent_planner(seed: int) -> None:
    economy = generated.economy(seed, producers=3, factors=2)
    for shock in ([0, 0, 0, -0.5, 0, 0, 0, 0], [0, -0.2, 0.1, 0, -0.3, 0, 0.1, -0.4]):
        found = equilibrium(economy, shock)
        assert float(found.residual) <= 1e-10
        assert float(found.expenditure) == pytest.approx(
            planned(economy, np.array(shock, dtype=np.float64)), abs=2e-6
        )


def nest(share: float, elasticity: float) -> Economy:
    """One good of a scarce input and the rest."""
    return Economy(
        np.array([[0, 1, 0, 0], [0, 0, share, 1 - share]]), np.array([1.0, elasticity]), np.zeros(2)
    )


@pytest.mark.parametrize("elasticity", [0.04, 0.1, 0.5, 1.0, 3.0])
def test_one_nest_is_the_exact_ces_loss_and_its_second_order_is_a4(elasticity: float) -> None:
    economy, change = nest(0.04, elasticity), np.array([0, 0, -0.1, 0])
    assert float(second_order(economy, change)) == pytest.approx(
        float(ces.second_order_change(0.04, -0.1, elasticity)), rel=1e-12
    )
    lost = -np.expm1(equilibrium(economy, change).expenditure)
    assert float(lost) == pytest.approx(float(ces.loss(0.04, -np.expm1(-0.1), elasticity)), rel=1e-9)


def test_the_approximation_fails_where_the_paper_says_it_does() -> None:
    """σ = 0.04 and a tenth less: 0.4 % by first order, 0.9 % by second, 1.57 % in truth."""
    economy = nest(0.04, 0.04)
    change = np.array([0, 0, np.log(0.9), 0])
    exact = float(equilibrium(economy, change).expenditure)
    assert -np.expm1(exact) == pytest.approx(0.0157, abs=5e-5)
    assert exact < 1.6 * float(second_order(economy, change)) < 3 * float(first_order(economy, change)) < 0


@given(generated.seeds)
@settings(max_examples=10)
def test_a_shock_of_nothing_changes_nothing(seed: int) -> None:
    economy = generated.economy(seed)
    found = equilibrium(economy, np.zeros(economy.producers + economy.factors))
    assert float(abs(found.expenditure)) < 1e-12
    assert found.price == pytest.approx(np.zeros(economy.producers), abs=1e-12)


@given(generated.seeds)
@settings(max_examples=10)
def test_more_of_everything_at_once_is_as_much_more_of_everything(seed: int) -> None:
    """Constant returns: with nothing sold outside, a tenth more of each factor is a tenth more GNE."""
    economy = generated.economy(seed, outside=False)
    change = np.append(np.zeros(economy.producers), np.full(economy.factors, 0.1))
    assert float(equilibrium(economy, change).expenditure) == pytest.approx(0.1, abs=1e-10)


@given(generated.seeds)
@settings(max_examples=10)
def test_a_larger_cut_never_costs_less(seed: int) -> None:
    economy = generated.economy(seed)
    changes = np.zeros((4, economy.producers + economy.factors))
    changes[:, economy.producers] = np.log([1.0, 0.9, 0.8, 0.7])
    assert np.all(np.diff(equilibrium(economy, changes).expenditure) <= 1e-12)


def test_many_cases_side_by_side_are_each_as_if_alone() -> None:
    economy = generated.economy(5)
    random = np.random.default_rng(0)
    sigma = random.uniform(0.2, 2, (20, economy.producers))
    changes = -random.uniform(0, 0.3, (20, economy.producers + economy.factors))
    together = equilibrium(replace(economy, elasticities=sigma), changes).expenditure
    alone = [
        equilibrium(replace(economy, elasticities=s), c).expenditure
        for s, c in zip(sigma, changes, strict=True)
    ]
    assert together.tolist() == [float(one) for one in alone]


def test_a_shock_that_leaves_too_little_has_no_answer() -> None:
    """Half of output is promised to others, and nearly nothing can be made."""
    economy = Economy(np.array([[0, 1, 0, 0], [0, 0, 0.5, 0.5]]), np.array([1.0, 0.5]), np.array([0.0, 1.0]))
    with pytest.raises(NoEquilibriumError, match=r"No equilibrium after 64 steps: the residual is"):
        equilibrium(economy, [0, 0, np.log(0.05), 0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"elasticities": np.array([1.0, 0.0])}, "an elasticity is not above 0"),
        ({"outside": np.zeros(3)}, r"outside has the shape \(3,\)"),
        ({"shares": np.array([[0, 1, 0, 0], [0, 0, 0.5, 0.6]])}, "rows of shares sum to 1"),
        ({"shares": np.array([[0, 1, 0, 0], [0.5, 0, 0.5, 0]])}, "somebody buys from the household"),
    ],
)
def test_what_is_no_economy_is_refused(change: dict[str, Floats], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(nest(0.04, 0.5), **change)
