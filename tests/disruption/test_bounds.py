"""The bracket: the least loss is undercut by no course on any table; the most holds where nobody competes for goods."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.disruption.test_simulate import ROUGH, RULES, shocks
from tests.inputoutput.strategies import made, tables
from weaklink.disruption.bounds import Least, free_substitution, mria, no_substitution
from weaklink.disruption.economy import economy
from weaklink.disruption.model import OrderRule, Parameters
from weaklink.disruption.shock import CapacityLoss, CapitalLoss, Course, Cut, Shock
from weaklink.disruption.simulate import simulate
from weaklink.inputoutput.accounts import Accounts
from weaklink.inputoutput.textbook import one_region, two_regions

FEW = settings(max_examples=20)
DAYS = 40


@FEW
@given(st.data(), tables(), RULES)
def test_no_course_leaves_less_unmet_than_free_substitution(
    data: st.DataObject, table: Accounts, rule: OrderRule
) -> None:
    shock, parameters = data.draw(shocks(table)), replace(ROUGH, order_rule=rule)
    ours = economy(table)
    least = free_substitution(ours, shock, DAYS, parameters=parameters)
    unmet = simulate(ours, shock, DAYS, parameters=parameters).unmet.sum()
    assert unmet >= least.unmet - 1e-6 * least.wanted


def test_rebuilding_leaves_no_less_unmet_than_free_substitution() -> None:
    table = one_region()
    loss = CapitalLoss(np.array([0]), np.array([2600.0]), Course(1, 60), rebuilt_by={"2": 1.0})
    ours, shock = economy(table), Shock(capital=(loss,))
    parameters = Parameters(inventory_days=3.0, rebuild_tau=20.0)
    unmet = simulate(ours, shock, 100, parameters=parameters).unmet.sum()
    assert unmet >= free_substitution(ours, shock, 100, parameters=parameters).unmet > 0


@st.composite
def chains(draw: st.DrawFn) -> Accounts:
    """Industries of which each sells to one client only: the next industry of some tree, or final buyers."""
    size = draw(st.integers(2, 6))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    A, Y = np.zeros((size, size)), np.zeros((size, 1))
    for row in range(size):
        client = int(random.integers(row + 1, size + 1))
        if client == size:
            Y[row] = random.uniform(1, 10)
        else:
            A[row, client] = random.uniform(0.05, 0.4)
    A *= np.minimum(1, 0.9 / np.maximum(A.sum(axis=0), 1e-9))
    one = np.zeros(size, dtype=np.int64)
    table = made(A, Y, one, one, 1, 1, tuple(f"P{row}" for row in range(size)))
    return replace(table, sectors=tuple(f"S{row}" for row in range(size)), sector=np.arange(size), part=None)


@FEW
@given(chains(), RULES, st.integers(0, 2**32 - 1), st.sampled_from([5, 40, 300]))
def test_where_nobody_competes_the_loss_is_inside_the_bracket_on_every_horizon(
    table: Accounts, rule: OrderRule, seed: int, days: int
) -> None:
    random = np.random.default_rng(seed)
    rows = np.flatnonzero(random.random(table.size) < 0.5)
    course = Course(int(random.integers(1, 4)), int(random.integers(1, 60)), "linear", 20)
    shock = Shock((CapacityLoss(rows, random.uniform(0, 1, len(rows)), course),))
    ours = economy(table)
    parameters = Parameters(order_rule=rule, inventory_days=20.0, inventory_tau=10.0)
    unmet = simulate(ours, shock, days, parameters=parameters).unmet.sum()
    least = free_substitution(ours, shock, days, parameters=parameters)
    most = no_substitution(ours, shock, days).sum()
    assert least.unmet - 1e-6 * least.wanted <= unmet <= most + 1e-9 * least.wanted


def test_without_shock_both_bounds_are_zero() -> None:
    ours = economy(two_regions())
    assert free_substitution(ours, Shock(), 10).unmet == pytest.approx(0, abs=1e-9)
    assert np.abs(no_substitution(ours, Shock(), 10)).max() <= 1e-12


def test_free_substitution_agrees_with_scipys_solver_on_the_textbooks_two_industries() -> None:
    """Another model of the same bound: final deliveries as unknowns, solved by SciPy's interior points."""
    table, days, share = one_region(), 200, 0.9
    shock = Shock((CapacityLoss(np.array([0]), np.array([share]), Course(1, 200, "never")),))
    A, x, y = table.Z / table.x, table.x / 365, table.Y[:, 0] / 365
    most = 1.25 * x * np.array([days - share * (days - 1), days])
    stock = 90 * (A @ x)
    found = linprog(
        c=[0, 0, -1, -1],
        A_ub=np.hstack([A - np.eye(2), np.eye(2)]),
        b_ub=stock,
        bounds=[(0, most[0]), (0, most[1]), (0, days * y[0]), (0, days * y[1])],
        method="highs-ipm",
    )
    least = free_substitution(economy(table), shock, days)
    assert least.unmet == pytest.approx(days * y.sum() + found.fun, rel=1e-6)
    assert least.unmet > 0


def test_more_overproduction_or_stock_never_raises_the_least_loss() -> None:
    shock = Shock((CapacityLoss(np.array([0]), np.array([0.9]), Course(1, 300, "never")),))
    ours = economy(one_region())

    def least(**given: float) -> Least:
        return free_substitution(ours, shock, 300, parameters=Parameters(**given))  # type: ignore[arg-type]

    assert least(alpha_max=1.5).unmet <= least().unmet <= least(alpha_max=1.0).unmet
    assert least(inventory_days=120.0).unmet <= least().unmet <= least(inventory_days=30.0).unmet


def test_mria_rations_what_takes_more_than_two_units_of_output_and_free_substitution_does_not() -> None:
    """Leontief multipliers by hand: 1/(1 - a) of output for a unit of final demand, 1.67 at a = 0.4, 2.5 at a = 0.6.
    The weight of rationing is 2.
    """
    for inputs, rationed in ((0.4, False), (0.6, True)):
        one = np.zeros(1, dtype=np.int64)
        ours = economy(made(np.array([[inputs]]), np.array([[1000.0]]), one, one, 1, 1))
        planned, least = mria(ours, Shock(), 30), free_substitution(ours, Shock(), 30)
        assert planned.unmet == pytest.approx(planned.wanted if rationed else 0.0, abs=1e-6)
        assert least.unmet == pytest.approx(0.0, abs=1e-9)


def test_a_client_cut_off_from_half_of_what_it_cannot_do_without_makes_half() -> None:
    """By hand: BBB buys most of its input from AAA, and AAA from BBB, so that both make half; 25 of 50 final
    deliveries from AAA to BBB are cut, of which half arrive.
    """
    cut = Cut.between(np.array([True, False]), np.array([False, True]), 0.5, Course(1, 1))
    unmet = 365 * no_substitution(economy(two_regions()), Shock(cuts=(cut,)), 3)
    assert unmet.round(9).tolist() == [[0, 0], [500, 537.5], [0, 0]]
