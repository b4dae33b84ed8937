"""What is lost in a scenario once a mix of measures is there? A linear programme whose bounds the measures move.

    loss(x) = minimise cost · y   subject to   b_low + R x <= A y <= b_high + R x,   l <= y <= u + U x

So `loss` is convex in the mix x, and the prices of an optimum give a plane below it everywhere (Benders (1962),
Numerische Mathematik 4, 238): at a mix x', loss(x') >= loss(x) + (Rᵀ prices + Uᵀ reduced costs) · (x' - x).
"""

from __future__ import annotations

from collections.abc import Callable
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
        """Its probability, or its share in a mean, beside the weights of others."""

    def plane(self, amounts: Figures) -> Plane:
        """The loss with a mix, and its slope. Losses are not negative."""


class Bench:
    """A solver that scenarios of one shape use in turn: they differ in bounds only, and keep their bases."""

    def __init__(self) -> None:
        """No solver yet: the first scenario makes it."""
        self._solver: lp.Solver | None = None

    def solve(self, program: lp.Program, basis: lp.Basis | None) -> lp.Solution:
        """Put the bounds in, and search from a basis, or from where the last search ended."""
        if self._solver is None:
            self._solver = lp.Solver(program)
        else:
            height, width = program.matrix.shape
            self._solver.change_rows(np.arange(height), program.row_lower, program.row_upper)
            self._solver.change_columns(np.arange(width), program.lower, program.upper)
        return self._solver.solve(basis)


class LinearRecourse:
    """A scenario as a linear programme. Scenarios with the same matrix and costs may share a bench.

    >>> program = lp.Program(  # buy at 0 what is there, up to 3; go without the rest of 10 at a cost of 1 each
    ...     cost=np.array([0.0, 1.0]), matrix=sparse.csc_matrix(np.array([[1.0, 1.0]])), row_lower=np.array([10.0]),
    ...     row_upper=np.array([np.inf]), lower=np.zeros(2), upper=np.array([3.0, np.inf]))
    >>> more_to_buy = sparse.csc_matrix(np.array([[1.0], [0.0]]))
    >>> found = LinearRecourse("dry year", 1.0, Moved(program, None, more_to_buy)).plane(np.array([2.0]))
    >>> found.value, found.slope.tolist()
    (5.0, [-1.0])
    """

    def __init__(self, name: str, weight: float, moved: Moved, bench: Bench | None = None) -> None:
        self._name, self._weight, self.moved = name, weight, moved
        self._bench = bench or Bench()
        self._basis: lp.Basis | None = None

    @property
    def name(self) -> str:
        """What the scenario is called."""
        return self._name

    @property
    def weight(self) -> float:
        """Its probability."""
        return self._weight

    @property
    def columns(self) -> int:
        """How many columns its programme has."""
        return len(self.moved.program.cost)

    def plane(self, amounts: Figures) -> Plane:
        """Solve with the bounds that the mix gives. Raises `lp.NoSolutionError` where there is no verified optimum."""
        solution = self._bench.solve(self.moved.at(amounts), self._basis)
        self._basis = solution.basis
        return Plane(amounts.copy(), solution.objective, self.moved.slope(solution))


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

    def at(self, amounts: Figures) -> lp.Program:
        """The programme with a mix."""
        up, wide, old = self.rows @ amounts, self.uppers @ amounts, self.program
        return replace(
            old,
            row_lower=old.row_lower + up,
            row_upper=old.row_upper + up,
            upper=np.maximum(old.upper + wide, old.lower),
        )

    def apart(self) -> list[list[int]]:
        """Options in groups, so that no two of a group move the same bound."""
        touched = sparse.vstack([self.rows, self.uppers]).tocsc() != 0
        groups: list[tuple[set[int], list[int]]] = []
        for place in range(touched.shape[1]):
            mine = set(touched.indices[touched.indptr[place] : touched.indptr[place + 1]].tolist())
            for taken, group in groups:
                if taken.isdisjoint(mine):
                    taken.update(mine)
                    group.append(place)
                    break
            else:
                groups.append((mine, [place]))
        return [group for _, group in groups]

    def slope(self, solution: lp.Solution) -> Figures:
        """How the optimum changes with a unit more of each option."""
        at_upper = np.minimum(solution.reduced_costs, 0.0)  # a positive one stands on the lower bound
        found: Figures = self.rows.T @ solution.row_prices + self.uppers.T @ at_upper
        return found


def moved_by(build: Callable[[Figures], lp.Program], amounts: Figures) -> Moved:
    """The programme that `build` makes of a mix, and what each option moves, seen by asking for some more of it.

    `build` is the same function that the simulator uses, so that what is optimised is what is simulated. `amounts`
    holds for each option how much is added to see its effect (any amount within its limits). Raises ValueError where
    an option moves anything but bounds of rows and upper bounds of columns, or does not move them in proportion.
    """
    base = build(np.zeros(len(amounts)))
    rows, uppers = [], []
    for place, amount in enumerate(amounts):
        step = np.zeros(len(amounts))
        step[place] = amount
        full, half = _change(base, build(step)), _change(base, build(step / 2))
        if any(not np.allclose(one, 2 * other, atol=1e-9) for one, other in zip(full, half, strict=True)):
            raise ValueError(f"option {place} does not move the programme in proportion to its amount")
        rows.append(sparse.csc_matrix(full[0][:, None] / amount))
        uppers.append(sparse.csc_matrix(full[1][:, None] / amount))
    return Moved(base, sparse.hstack(rows, format="csc"), sparse.hstack(uppers, format="csc"))


def moved_alike(build: Callable[[Figures], lp.Program], amounts: Figures, like: Moved) -> Moved:
    """The same for another scenario in which every option moves the same bounds, if by other amounts.

    Options that touch nothing in common are added together, so that few programmes show the effects of many (as for
    sparse Jacobians: Curtis, Powell and Reid (1974), IMA Journal of Applied Mathematics 13, 117).
    """
    base = build(np.zeros(len(amounts)))
    rows, uppers = like.rows.tocoo(), like.uppers.tocoo()
    row_values, upper_values = np.zeros(rows.nnz), np.zeros(uppers.nnz)
    for group in like.apart():
        some = np.isin(np.arange(len(amounts)), group)
        row, upper = _change(base, build(np.where(some, amounts, 0.0)))
        for values, change, places in ((row_values, row, rows), (upper_values, upper, uppers)):
            mine = some[places.col]
            values[mine] = change[places.row[mine]] / amounts[places.col[mine]]
    return Moved(
        base,
        sparse.csc_matrix((row_values, (rows.row, rows.col)), rows.shape),
        sparse.csc_matrix((upper_values, (uppers.row, uppers.col)), uppers.shape),
    )


def _change(base: lp.Program, other: lp.Program) -> tuple[Figures, Figures]:
    """By how much rows and upper bounds of columns differ; infinite bounds count as equal."""
    same = (
        base.matrix.shape == other.matrix.shape
        and np.array_equal(base.matrix.indices, other.matrix.indices)
        and np.array_equal(base.matrix.data, other.matrix.data)
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
