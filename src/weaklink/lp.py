"""Linear and mixed-integer programmes: sparse arrays in, a verified optimum out, or no answer at all.

    minimise  cost · x   subject to   row_lower <= A x <= row_upper,   lower <= x <= upper

The programmes are solved by HiGHS (dual simplex; Huangfu and Hall (2018), Mathematical Programming Computation
10(1), 119). This is the only file that imports it. What it returns is believed only after our own arithmetic:

    primal   no bound of a row or column is passed by more than 1e-6 of (1 + the bound)
    dual     no column or row without a finite bound on its side has a price of more than 1e-6 of (1 + largest cost)
    gap      the objective and the bound that the row prices prove differ by at most 1e-7 of (1 + the objective)

Given the first two, the gap is the sum of all complementary products, so that small means optimal. A time limit, an
iteration limit and "unknown" are not optimal: they raise, and leave no values to read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse

from weaklink.errors import WeaklinkError

Figures: TypeAlias = npt.NDArray[np.float64]
Places: TypeAlias = npt.NDArray[np.int64]
Basis: TypeAlias = highspy.HighsBasis  # handed back to a solver of the same shape, never looked into

PRIMAL_TOLERANCE = 1e-6
DUAL_TOLERANCE = 1e-6
GAP_TOLERANCE = 1e-7
DEVEX = 1  # as HiGHS counts its rules of pricing


class NoSolutionError(WeaklinkError):
    """A programme without a verified optimum. `status` says in the solver's word why."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(f"no solution: {status}. {reason}")
        self.status = status


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A programme to minimise. `matrix` is compressed by columns; `integer` marks columns that must be whole."""

    cost: Figures
    matrix: sparse.csc_matrix
    row_lower: Figures
    row_upper: Figures
    lower: Figures
    upper: Figures
    integer: npt.NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Residuals:
    """By how much a solution misses, each in the measure of the module's first lines."""

    primal: float
    dual: float
    gap: float

    def excess(self, gap: float = GAP_TOLERANCE) -> str:
        """What is too large, in words; empty where all is well. Not-a-number is too large."""
        limits = (PRIMAL_TOLERANCE, DUAL_TOLERANCE, gap)
        found = zip(("primal", "dual", "gap"), (self.primal, self.dual, self.gap), limits, strict=True)
        return ", ".join(
            f"{name} {value:.1e} > {limit:.0e}" for name, value, limit in found if not value <= limit
        )


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """A verified optimum.

    `row_prices` is how much the objective rises per unit that a row's bound rises, `reduced_costs` the same for the
    bounds of columns; both are empty for integer programmes. `bound` is what no solution can be below.
    """

    objective: float
    x: Figures
    row_prices: Figures
    reduced_costs: Figures
    bound: float
    residuals: Residuals
    iterations: int
    basis: Basis


class Solver:
    """A programme that stays in the solver, so that small changes are solved from the last basis.

    >>> program = Program(
    ...     cost=np.array([1.0, 2.0]), matrix=sparse.csc_matrix(np.array([[1.0, 1.0]])),
    ...     row_lower=np.array([3.0]), row_upper=np.array([np.inf]), lower=np.zeros(2), upper=np.array([2.0, 9.0]),
    ... )
    >>> solver = Solver(program)
    >>> solver.solve().objective
    4.0
    >>> solver.change_columns(np.array([0]), np.array([0.0]), np.array([1.0]))
    >>> solver.solve().x
    array([1., 2.])
    """

    def __init__(
        self,
        program: Program,
        *,
        time_limit: float = np.inf,
        presolve: bool = False,
        mip_gap: float = 0.0,
        restarts: bool = False,
        engine: Callable[[], highspy.Highs] = highspy.Highs,
    ) -> None:
        """Hand the programme over. `engine` makes the solver; tests inject one that fails.

        `restarts` is for many solves from a basis with few steps each: it prices by devex (Forrest and Goldfarb
        (1992), Mathematical Programming 57, 341), whose weights need no work to start with. Exact weights of the
        steepest edge, the default, take as many solves as there are rows, and then fewer steps.
        """
        self._program = replace(
            program,
            cost=program.cost.copy(),
            row_lower=program.row_lower.copy(),
            row_upper=program.row_upper.copy(),
            lower=program.lower.copy(),
            upper=program.upper.copy(),
        )
        self._by_rows = sparse.csr_matrix(program.matrix)
        self._mip_gap = mip_gap
        self._highs = engine()
        for name, value in _options(program, time_limit, presolve, mip_gap).items():
            self._highs.setOptionValue(name, value)
        if restarts:
            self._highs.setOptionValue("simplex_dual_edge_weight_strategy", DEVEX)
        self._highs.passModel(_model(program))

    @property
    def program(self) -> Program:
        """The programme as it now stands."""
        return self._program

    def solve(self, basis: Basis | None = None) -> Solution:
        """The verified optimum, searched from a basis or from where the last search ended.

        Raises `NoSolutionError` for any status but optimal, and for an answer that our own arithmetic refutes.
        """
        if basis is not None:
            self._highs.setBasis(basis)
        self._highs.run()
        status = self._highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise NoSolutionError(self._highs.modelStatusToString(status).lower(), "No values were read.")
        solution = self._read()
        excess = solution.residuals.excess(max(GAP_TOLERANCE, self._mip_gap))
        if excess:
            raise NoSolutionError("refuted", f"The solver said optimal; our check says {excess}.")
        return solution

    def change_columns(self, places: Places, lower: Figures, upper: Figures) -> None:
        """New bounds of some columns."""
        self._program.lower[places], self._program.upper[places] = lower, upper
        self._highs.changeColsBounds(len(places), places.astype(np.int32), lower, upper)

    def change_rows(self, places: Places, lower: Figures, upper: Figures) -> None:
        """New bounds of some rows."""
        self._program.row_lower[places], self._program.row_upper[places] = lower, upper
        self._highs.changeRowsBounds(  # type: ignore[attr-defined]  # missing in highspy's stubs
            len(places), places.astype(np.int32), lower, upper
        )

    def change_costs(self, places: Places, cost: Figures) -> None:
        """New costs of some columns."""
        self._program.cost[places] = cost
        self._highs.changeColsCost(len(places), places.astype(np.int32), cost)

    def _read(self) -> Solution:
        found, info = self._highs.getSolution(), self._highs.getInfo()
        x = np.array(found.col_value)
        if self._program.integer is not None and self._program.integer.any():
            return self._read_integer(x, self._program.integer, info)
        prices = np.array(found.row_dual)
        reduced = self._program.cost - self._program.matrix.T @ prices
        objective = float(self._program.cost @ x)
        bound, dual = _bound(self._program, prices, reduced)
        gap = abs(objective - bound) / (1 + abs(objective))
        primal = _violation(self._program, x, self._by_rows @ x)
        iterations = int(info.simplex_iteration_count)
        basis = self._highs.getBasis()
        return Solution(objective, x, prices, reduced, bound, Residuals(primal, dual, gap), iterations, basis)

    def _read_integer(self, x: Figures, integer: npt.NDArray[np.bool_], info: highspy.HighsInfo) -> Solution:
        whole = np.where(integer, np.round(x), x)
        objective, bound = float(self._program.cost @ whole), float(info.mip_dual_bound)
        primal = max(
            _violation(self._program, whole, self._by_rows @ whole), float(np.abs(whole - x).max(initial=0.0))
        )
        gap = max(0.0, objective - bound) / (1 + abs(objective))
        none = np.empty(0)
        basis = self._highs.getBasis()
        return Solution(objective, whole, none, none, bound, Residuals(primal, 0.0, gap), 0, basis)


def solve(program: Program, *, time_limit: float = np.inf, mip_gap: float = 0.0) -> Solution:
    """Solve a programme once. Raises `NoSolutionError` where there is no verified optimum."""
    return Solver(program, time_limit=time_limit, mip_gap=mip_gap).solve()


def proven_bound(program: Program, prices: Figures) -> float:
    """What no solution of a linear programme can be below, by any row prices whatever.

    Weak duality: prices of the wrong sign for a row count as zero, so that prices from another, coarser programme
    may be used. Minus infinity where a column without a bound would profit from them.
    """
    usable = np.where(
        prices > 0,
        np.where(np.isfinite(program.row_lower), prices, 0.0),
        np.where(np.isfinite(program.row_upper), prices, 0.0),
    )
    reduced = program.cost - program.matrix.T @ usable
    bound, dual = _bound(program, usable, reduced)
    return bound if dual == 0 else -np.inf


def violation(program: Program, x: Figures) -> float:
    """By how much a plan passes a bound of a row or column at most, relative to one plus the bound."""
    return _violation(program, x, program.matrix @ x)


def _bound(program: Program, prices: Figures, reduced: Figures) -> tuple[float, float]:
    """The dual objective, and the largest price (relative) that has no bound to stand on."""
    at_row = np.where(prices > 0, program.row_lower, program.row_upper)
    at_column = np.where(reduced > 0, program.lower, program.upper)
    value, loose = 0.0, 0.0
    for price, place in ((prices, at_row), (reduced, at_column)):
        finite = np.isfinite(place)
        value += float((price * np.where(finite, place, 0.0)).sum())  # no BLAS product: its threads cost more
        loose = max(loose, float(np.abs(np.where(finite, 0.0, price)).max(initial=0.0)))
    return value, loose / (1 + float(np.abs(program.cost).max(initial=0.0)))


def _violation(program: Program, x: Figures, rows: Figures) -> float:
    """The largest passing of a bound, relative to one plus the bound."""
    worst = 0.0
    for values, low, high in (
        (rows, program.row_lower, program.row_upper),
        (x, program.lower, program.upper),
    ):
        if not np.isfinite(values).all():
            return float("nan")
        with np.errstate(invalid="ignore"):  # infinite bounds: infinity over infinity, never the largest
            below, above = (low - values) / (1 + np.abs(low)), (values - high) / (1 + np.abs(high))
        worst = max(
            worst, float(np.fmax.reduce(below, initial=0.0)), float(np.fmax.reduce(above, initial=0.0))
        )
    return worst


def _options(
    program: Program, time_limit: float, presolve: bool, mip_gap: float
) -> dict[str, str | float | int | bool]:
    """Dual simplex on one thread: the same input then gives the same answer to the last bit."""
    integer = program.integer is not None and program.integer.any()
    return {
        "output_flag": False,
        "threads": 1,
        "solver": "choose" if integer else "simplex",
        "presolve": "on" if presolve or integer else "off",
        "time_limit": float(time_limit),
        "mip_rel_gap": mip_gap,
        "mip_abs_gap": 0.0 if integer else 1e-6,
    }


def _model(program: Program) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = program.matrix.shape
    model.col_cost_, model.col_lower_, model.col_upper_ = program.cost, program.lower, program.upper
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = program.matrix.indptr
    model.a_matrix_.index_ = program.matrix.indices
    model.a_matrix_.value_ = program.matrix.data
    if program.integer is not None and program.integer.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(whole)] for whole in program.integer]
    return model


def grown(basis: Basis, columns: int, rows: int) -> Basis:
    """A basis for the same programme with so many more columns, at their upper bounds, and rows, not binding."""
    found = highspy.HighsBasis()
    status = highspy.HighsBasisStatus
    found.col_status = [*basis.col_status, *[status.kUpper] * columns]
    found.row_status = [*basis.row_status, *[status.kBasic] * rows]
    found.valid = True
    return found
