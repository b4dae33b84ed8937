"""What is lost in a scenario once a mix of measures is there? A linear programme whose bounds the measures move.

    loss(x) = minimise cost · y   subject to   b_low + R x <= A y <= b_high + R x,   l <= y <= u + U x

So `loss` is convex in the mix x, and the prices of an optimum give a plane below it everywhere (Benders (1962),
Numerische Mathematik 4, 238): at a mix x', loss(x') >= loss(x) + (Rᵀ prices + Uᵀ reduced costs) · (x' - x).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from scipy import sparse

from weaklink import lp
from weaklink.mitigation.options import Figures


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """A lower bound of a scenario's loss at every mix, and the loss itself at one: `value` at the mix `at`."""

    at: Figures
    value: float
    slope: Figures

    def below(self, amounts: Figures) -> float:
        """What the loss at another mix cannot be below."""
        return self.value + float(self.slope @ (amounts - self.at))


class Recourse(Protocol):
    """A scenario that says what is lost with a mix."""

    @property
    def name(self) -> str:
        """What the scenario is called."""

    @property
    def weight(self) -> float:
        """Its probability, or its share in a mean; weights of all scenarios add up to one."""

    def plane(self, amounts: Figures) -> Plane:
        """The loss with a mix, and its slope. Losses are not negative."""


class LinearRecourse:
    """A scenario as a linear programme; the solver is kept, so that the next mix starts from the last basis.

    >>> program = lp.Program(  # buy at 0 what is there, up to 3; go without the rest of 10 at a cost of 1 each
    ...     cost=np.array([0.0, 1.0]), matrix=sparse.csc_matrix(np.array([[1.0, 1.0]])), row_lower=np.array([10.0]),
    ...     row_upper=np.array([np.inf]), lower=np.zeros(2), upper=np.array([3.0, np.inf]))
    >>> more_to_buy = sparse.csc_matrix(np.array([[1.0], [0.0]]))
    >>> found = LinearRecourse("dry year", 1.0, Moved(program, None, more_to_buy)).plane(np.array([2.0]))
    >>> found.value, found.slope.tolist()
    (5.0, [-1.0])
    """

    def __init__(self, name: str, weight: float, moved: Moved) -> None:
        self._name, self._weight, self._moved = name, weight, moved
        self._solver: lp.Solver | None = None

    @property
    def name(self) -> str:
        """What the scenario is called."""
        return self._name

    @property
    def weight(self) -> float:
        """Its probability."""
        return self._weight

    def plane(self, amounts: Figures) -> Plane:
        """Solve with the bounds that the mix gives. Raises `lp.NoSolutionError` where there is no verified optimum."""
        moved = self._moved
        program = moved.at(amounts)
        if self._solver is None:
            self._solver = lp.Solver(program)
        else:
            rows, columns = moved.rows_touched, moved.columns_touched
            self._solver.change_rows(rows, program.row_lower[rows], program.row_upper[rows])
            self._solver.change_columns(columns, program.lower[columns], program.upper[columns])
        solution = self._solver.solve()
        return Plane(amounts.copy(), solution.objective, moved.slope(solution))


class Moved:
    """A programme, and by how much a unit of each option moves its bounds.

    `rows` (rows, options) moves both bounds of rows, `uppers` (columns, options) upper bounds of columns; None moves
    nothing. Bounds that are infinite stay so.
    """

    def __init__(
        self, program: lp.Program, rows: sparse.csc_matrix | None, uppers: sparse.csc_matrix | None
    ) -> None:
        height, width = program.matrix.shape
        given = [one for one in (rows, uppers) if one is not None]
        options = given[0].shape[1] if given else 0
        self.program = program
        self.rows = sparse.csr_matrix((height, options)) if rows is None else sparse.csr_matrix(rows)
        self.uppers = sparse.csr_matrix((width, options)) if uppers is None else sparse.csr_matrix(uppers)
        self.rows_touched = np.flatnonzero(np.diff(self.rows.indptr)).astype(np.int64)
        self.columns_touched = np.flatnonzero(np.diff(self.uppers.indptr)).astype(np.int64)

    def at(self, amounts: Figures) -> lp.Program:
        """The programme with a mix."""
        up, wide, old = self.rows @ amounts, self.uppers @ amounts, self.program
        return replace(
            old,
            row_lower=old.row_lower + up,
            row_upper=old.row_upper + up,
            upper=np.maximum(old.upper + wide, old.lower),
        )

    def slope(self, solution: lp.Solution) -> Figures:
        """How the optimum changes with a unit more of each option."""
        at_upper = np.minimum(solution.reduced_costs, 0.0)  # a positive one stands on the lower bound
        found: Figures = self.rows.T @ solution.row_prices + self.uppers.T @ at_upper
        return found


def moved_by(build: Callable[[Figures], lp.Program], amounts: Sequence[float]) -> Moved:
    """The programme that `build` makes of a mix, and what each option moves, seen by asking for one unit more.

    `build` is the same function that the simulator uses, so that what is optimised is what is simulated. `amounts`
    holds for each option how much is added to see its effect (any amount within its limits). Raises ValueError where
    an option moves anything but bounds of rows and upper bounds of columns, or does not move them in proportion.
    """
    count = len(amounts)
    base = build(np.zeros(count))
    rows, uppers = [], []
    for place, amount in enumerate(amounts):
        step, half = np.zeros(count), np.zeros(count)
        step[place], half[place] = amount, amount / 2
        full, part = _change(base, build(step)), _change(base, build(half))
        if any(not np.allclose(one, 2 * other, atol=1e-9) for one, other in zip(full, part, strict=True)):
            raise ValueError(f"option {place} does not move the programme in proportion to its amount")
        rows.append(sparse.csc_matrix(full[0][:, None] / amount))
        uppers.append(sparse.csc_matrix(full[1][:, None] / amount))
    return Moved(base, sparse.hstack(rows, format="csc"), sparse.hstack(uppers, format="csc"))


def _change(base: lp.Program, other: lp.Program) -> tuple[Figures, Figures]:
    """By how much rows and upper bounds of columns differ; infinite bounds count as equal."""
    same = (
        base.matrix.shape == other.matrix.shape
        and (base.matrix != other.matrix).nnz == 0
        and np.array_equal(base.cost, other.cost)
        and np.array_equal(base.lower, other.lower)
    )
    if not same:
        raise ValueError("an option changes more than bounds of rows and upper bounds of columns")
    with np.errstate(invalid="ignore"):
        low, high = other.row_lower - base.row_lower, other.row_upper - base.row_upper
        wide = np.nan_to_num(other.upper - base.upper)
    row = np.where(np.isfinite(low), low, np.nan_to_num(high))
    if not np.allclose(np.where(np.isfinite(high), high, row), row, atol=1e-9):
        raise ValueError("an option moves the two bounds of a row apart")
    return row, wide
