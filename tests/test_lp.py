"""Linear programmes: what is optimal is proven so, and what is not gives no values."""

from __future__ import annotations

from collections.abc import Callable

import highspy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from weaklink import lp


def transport(seed: int, size: int = 5) -> lp.Program:
    """A made-up transport problem: supplies, demands that need not be met in full, and costs."""
    random = np.random.default_rng(seed)
    pairs = [(one, other) for one in range(size) for other in range(size)]
    rows = np.zeros((2 * size, len(pairs)))
    for place, (one, other) in enumerate(pairs):
        rows[one, place] = rows[size + other, place] = 1.0
    supply, demand = random.uniform(1, 9, size), random.uniform(0, 5, size)
    demand *= min(1.0, 0.9 * supply.sum() / demand.sum())
    return lp.Program(
        cost=random.uniform(1, 10, len(pairs)),
        matrix=sparse.csc_matrix(rows),
        row_lower=np.concatenate([np.full(size, -np.inf), demand]),
        row_upper=np.concatenate([supply, np.full(size, np.inf)]),
        lower=np.zeros(len(pairs)),
        upper=np.full(len(pairs), 4.0 * size),
    )


def by_scipy(program: lp.Program) -> float:
    upper, lower = np.isfinite(program.row_upper), np.isfinite(program.row_lower)
    rows = sparse.vstack([program.matrix[upper], -program.matrix[lower]])
    right = np.concatenate([program.row_upper[upper], -program.row_lower[lower]])
    bounds = np.stack([program.lower, program.upper], axis=1)
    return float(linprog(program.cost, A_ub=rows, b_ub=right, bounds=bounds, method="highs").fun)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_the_objective_is_that_of_scipy(seed: int) -> None:
    program = transport(seed)
    assert lp.solve(program).objective == pytest.approx(by_scipy(program), rel=1e-9)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_the_residuals_of_an_answer_are_within_the_stated_tolerances(seed: int) -> None:
    solution = lp.solve(transport(seed))
    assert not solution.residuals.excess()
    assert solution.bound == pytest.approx(solution.objective, rel=1e-7)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_any_prices_bound_the_objective_from_below(seed: int) -> None:
    program = transport(seed)
    prices = np.random.default_rng(seed).normal(0, 5, program.matrix.shape[0])
    assert lp.proven_bound(program, prices) <= lp.solve(program).objective + 1e-9


def test_the_optimal_prices_prove_the_optimum() -> None:
    solution = lp.solve(transport(3))
    assert lp.proven_bound(transport(3), solution.row_prices) == pytest.approx(solution.objective)


def test_a_changed_programme_is_solved_from_the_old_basis_to_the_same_answer_as_a_new_one() -> None:
    program = transport(1)
    solver = lp.Solver(program)
    first = solver.solve()
    solver.change_columns(np.array([0, 6]), np.zeros(2), np.zeros(2))
    solver.change_costs(np.array([7]), np.array([0.5]))
    solver.change_rows(np.array([9]), np.array([0.25]), np.array([np.inf]))
    again = solver.solve(first.basis)
    assert again.objective == pytest.approx(lp.solve(solver.program).objective, rel=1e-9)
    assert again.objective != pytest.approx(first.objective)
    assert program.upper[0] > 0, "the programme that was handed over is not changed"


def test_a_programme_without_a_feasible_point_has_no_solution() -> None:
    program = transport(1)
    program.row_upper[:5] = 0.0
    with pytest.raises(lp.NoSolutionError, match="infeasible"):
        lp.solve(program)


STATUS = highspy.HighsModelStatus


@pytest.mark.parametrize(
    "status",
    [STATUS.kTimeLimit, STATUS.kIterationLimit, STATUS.kUnknown, STATUS.kSolveError, STATUS.kInterrupt],
)
def test_no_status_but_optimal_gives_values(status: highspy.HighsModelStatus) -> None:
    class Stopped(highspy.Highs):
        def getModelStatus(self) -> highspy.HighsModelStatus:  # noqa: N802 - the solver's name
            return status

        def getSolution(self) -> highspy.HighsSolution:  # noqa: N802
            raise AssertionError("values were read")

    with pytest.raises(lp.NoSolutionError, match="no solution"):
        lp.Solver(transport(1), engine=Stopped).solve()


def test_a_real_time_limit_is_no_success() -> None:
    with pytest.raises(lp.NoSolutionError, match="time limit"):
        lp.solve(transport(1, size=40), time_limit=0.0)


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda found: found.__setattr__("col_value", [x + 0.1 for x in found.col_value]), "primal|gap"),
        (lambda found: found.__setattr__("row_dual", [y + 0.5 for y in found.row_dual]), "dual|gap"),
        (lambda found: found.__setattr__("row_dual", [0.0 for _ in found.row_dual]), "gap"),
        (lambda found: found.__setattr__("col_value", [float("nan")] * len(found.col_value)), "primal"),
    ],
)
def test_an_answer_that_our_arithmetic_refutes_is_not_given(
    spoil: Callable[[highspy.HighsSolution], None], word: str
) -> None:
    class Wrong(highspy.Highs):
        def getSolution(self) -> highspy.HighsSolution:  # noqa: N802
            found = super().getSolution()
            spoil(found)
            return found

    with pytest.raises(lp.NoSolutionError, match=f"refuted.*({word})"):
        lp.Solver(transport(1), engine=Wrong).solve()


def test_whole_numbers_are_whole_and_their_gap_is_proven() -> None:
    # Knapsack: weights 5, 4, 3, worth 10, 7, 6, capacity 7: the last two, worth 13 (enumerated by hand).
    program = lp.Program(
        cost=-np.array([10.0, 7.0, 6.0]),
        matrix=sparse.csc_matrix(np.array([[5.0, 4.0, 3.0]])),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([7.0]),
        lower=np.zeros(3),
        upper=np.ones(3),
        integer=np.ones(3, dtype=bool),
    )
    solution = lp.solve(program)
    assert solution.x.tolist() == [0.0, 1.0, 1.0]
    assert solution.objective == -13.0
    assert solution.bound == pytest.approx(-13.0)
    assert solution.row_prices.size == 0
