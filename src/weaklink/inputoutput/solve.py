"""How is (I - A) solved for the right-hand sides that a question has, without forming an inverse?

`left(G)` is G L and `right(F)` is L F, where L = (I - A)^-1 is the Leontief inverse. What a question needs is a
sum over the industries of some suppliers (few rows of G) or the output for some final demand (few columns
of F), never all of L.

Two ways, one answer. **Direct**: LU in double, for tables up to 1,500 rows. **Iterative**: block
Gauss-Seidel over regions in single precision, where most of what an industry buys is in its own block, with
refinement: the residual is taken in double from Z itself, and corrected for until it is small enough. Single
precision is thus a matter of speed only. Every answer carries the residual that it reached; where the bound asked
for is not reached there is no answer.

Source of the refinement: Wilkinson (1963), Rounding Errors in Algebraic Processes; of the test of a product by
random signs: Freivalds (1977), Probabilistic machines can use less running time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Accounts, Floats, Integers, Matrix, per_output
from weaklink.inputoutput.blocks import row_blocks

Singles = npt.NDArray[np.float32]
Method = Literal["auto", "direct", "iterative"]

DIRECT_ROWS = 1500  # above this, iteration is faster than LU (benchmarks/look_through.py)
BATCH = 512  # right-hand sides solved at once
LEAST_BLOCK, MOST_BLOCK = 180, 400  # rows of a block of the iteration: larger tables want larger blocks
MOST_SWEEPS = 200
STEP = 1e-7  # no more than this is asked of sweeps in single precision before the next refinement
PROBES = 16  # random sums of right-hand sides that test an answer


@dataclass(frozen=True, slots=True)
class Solved:
    """An answer and how good it is.

    `residual` is a bound of the largest element of G - X (I - A), relative to the largest of X. It is exact where
    there are few right-hand sides or the method is direct; else it is tested with random signs, which miss a
    larger one in less than one of 2^16 cases. `sweeps` is the number of passes over A, 0 where the method is direct.
    """

    values: Floats
    residual: float
    sweeps: int = 0


class System(Protocol):
    """A table ready to be solved for right-hand sides."""

    def left(self, G: Floats) -> Solved:
        """G L, one row per row of G."""

    def right(self, F: Floats) -> Solved:
        """L F, one column per column of F."""


def system(accounts: Accounts, method: Method = "auto", tolerance: float = 1e-10) -> System:
    """The system of a table; `tolerance` is the relative residual that an answer may have.

    >>> from weaklink.inputoutput.textbook import one_region
    >>> two = one_region()
    >>> system(two).right(np.array([[600.0], [1500.0]])).values.round(2).ravel().tolist()
    [1247.52, 1841.58]
    """
    return system_of(accounts.Z, accounts.x, accounts.region, method=method, tolerance=tolerance)


def system_of(
    Z: Matrix,
    x: Floats,
    region: Integers | None = None,
    *,
    method: Method = "auto",
    tolerance: float = 1e-10,
) -> System:
    """The system of flows `Z` per unit of output `x`; an industry without output buys nothing.

    `region` says where blocks of the iteration may end. The iteration reads `Z` in blocks of rows and keeps A in
    single precision: half of what `Z` takes in double.
    """
    if method == "direct" or (method == "auto" and len(x) <= DIRECT_ROWS):
        A = per_output(Z, x)
        return _productive(Direct(np.eye(len(x)) - A, tolerance), A)
    reciprocal = per_output(1.0, x)
    single = np.empty(Z.shape, dtype=np.float32)
    for where, rows in row_blocks(Z):
        np.multiply(rows, reciprocal, out=single[where], casting="same_kind")
    blocks = tuple(_blocks(np.zeros(len(x), dtype=np.int64) if region is None else region))
    inverses = tuple(_own_inverse(single[block, block]) for block in blocks)
    for block in blocks:
        single[block, block] = 0
    return Iterative(Z, reciprocal, single, blocks, inverses, tolerance)


def _productive(solver: Direct, A: Floats) -> Direct:
    """The solver, if what the industries make is more than what they use in all circles among them.

    Column sums below one say so. Where one is not, some z > 0 with (I - A) z > 0 must exist (Hawkins and Simon
    1949, Econometrica 17, 245): z = L 1 is one, or none is. Without it, LU would answer with outputs below zero;
    the iteration needs no test, since it does not converge then. Of negative coefficients nothing is known.
    """
    doubtful = (A.sum(axis=0) >= 1).any() and (A >= 0).all()
    if doubtful and not (solver.right(np.ones((len(A), 1))).values > 0).all():
        raise _unsolved(np.inf, 0.0)
    return solver


@dataclass(frozen=True, slots=True, eq=False)
class Direct:
    """I - A in double, solved by LU."""

    M: Floats
    tolerance: float

    def left(self, G: Floats) -> Solved:
        """G L, one row per row of G."""
        X = _solved(self.M.T, G.T).T
        return self._checked(X, X @ self.M - G)

    def right(self, F: Floats) -> Solved:
        """L F, one column per column of F."""
        X = _solved(self.M, F)
        return self._checked(X, self.M @ X - F)

    def _checked(self, X: Floats, left: Floats) -> Solved:
        residual = _relative(float(np.abs(left).max(initial=0.0)), X)
        if not residual <= self.tolerance:
            raise _unsolved(residual, self.tolerance)
        return Solved(X, residual)


def _solved(M: Floats, wanted: Floats) -> Floats:
    try:
        return np.asarray(np.linalg.solve(M, wanted))
    except np.linalg.LinAlgError as error:
        raise _unsolved(np.inf, 0.0) from error


@dataclass(frozen=True, slots=True, eq=False)
class Iterative:
    """A in single precision without its diagonal blocks, and the Leontief inverses of those blocks, in double."""

    Z: Matrix
    reciprocal: Floats
    A: Singles
    blocks: tuple[slice, ...]
    inverses: tuple[Floats, ...]
    tolerance: float

    def left(self, G: Floats) -> Solved:
        """G L, one row per row of G."""
        return self._in_batches(G, _Left(self))

    def right(self, F: Floats) -> Solved:
        """L F, one column per column of F."""
        solved = self._in_batches(F.T, _Right(self))
        return Solved(solved.values.T, solved.residual, solved.sweeps)

    def _in_batches(self, wanted: Floats, side: _Side) -> Solved:
        X, residual, sweeps = np.empty(wanted.shape), 0.0, 0
        for start in range(0, len(wanted), BATCH):
            rows = slice(start, start + BATCH)
            solved = _refined(np.asarray(wanted[rows], dtype=np.float64), side, self.tolerance)
            X[rows] = solved.values
            residual, sweeps = max(residual, solved.residual), sweeps + solved.sweeps
        return Solved(X, residual, sweeps)


class _Side(Protocol):
    """The equation X = wanted + X A for one side: from the left as it is, from the right transposed."""

    def carried(self, X: Floats) -> Floats:
        """X A in double, from Z itself."""

    def blocks(self) -> Iterator[tuple[slice, Singles, Floats]]:
        """Each block with what leads to it, all rows × its own, and with the inverse of its own."""


@dataclass(frozen=True, slots=True)
class _Left:
    of: Iterative

    def carried(self, X: Floats) -> Floats:
        total = np.zeros(X.shape)
        for where, rows in row_blocks(self.of.Z):
            total += X[:, where] @ rows
        total *= self.of.reciprocal
        return total

    def blocks(self) -> Iterator[tuple[slice, Singles, Floats]]:
        for block, inverse in zip(self.of.blocks, self.of.inverses, strict=True):
            yield block, self.of.A[:, block], inverse


@dataclass(frozen=True, slots=True)
class _Right:
    of: Iterative

    def carried(self, X: Floats) -> Floats:
        used, total = X * self.of.reciprocal, np.empty(X.shape)
        for where, rows in row_blocks(self.of.Z):
            total[:, where] = used @ rows.T
        return total

    def blocks(self) -> Iterator[tuple[slice, Singles, Floats]]:
        for block, inverse in zip(self.of.blocks, self.of.inverses, strict=True):
            yield block, self.of.A[block].T, inverse.T


def _refined(wanted: Floats, side: _Side, tolerance: float) -> Solved:
    """Solve in single precision, take what is left in double, solve for that, until it is small enough."""
    X, left, sweeps = np.zeros(wanted.shape), wanted, 0
    sizes = [np.inf]
    while (size := float(np.abs(left).max(initial=0.0))) <= sizes[-1] / 2:
        if size == 0:
            return Solved(X, 0.0, sweeps)
        sizes.append(size)
        allowed = tolerance * max(float(np.abs(X).max(initial=0.0)), size)
        step = _iterated(left / size, side, _goal(allowed / size / 2))
        X += size * step.values
        sweeps += step.sweeps
        if step.error * size <= allowed:
            residual = _relative(_probed(X, wanted, side), X)
            if residual <= tolerance:
                return Solved(X, residual, sweeps)
        left = wanted - X
        left += side.carried(X)
    raise _unsolved(_relative(size, X), tolerance)


@dataclass(frozen=True, slots=True)
class _Step:
    """What sweeps in single precision gave, and the error that is left in it."""

    values: Floats
    error: float
    sweeps: int


def _goal(factor: float) -> float:
    """What the next sweeps reduce the error to, where in all it is to shrink by a factor: equal steps of a few."""
    steps = max(1, math.ceil(math.log(factor) / math.log(STEP))) if factor < 1 else 1
    return float(factor ** (1 / steps))


def _iterated(wanted: Floats, side: _Side, goal: float) -> _Step:
    """Sweeps until the error that is left, judged by how fast changes shrink, is below the goal.

    What the blocks need of themselves is most of the answer, so it is solved in double. A sweep then makes
    changes of changes: its rounding is relative to a change, not to the sum of all.
    """
    X = np.empty(wanted.shape)
    for block, _, inverse in side.blocks():
        X[:, block] = wanted[:, block] @ inverse
    change = np.zeros(wanted.shape, dtype=np.float32)
    with np.errstate(over="ignore", invalid="ignore"):  # a table without a solution is seen by its residual
        size = _sweep(change, X, side, first=True)
        for sweeps in range(2, MOST_SWEEPS):
            before, size = size, _sweep(change, X, side)
            ratio = size / before if before else 0.0
            error = size * ratio / (1 - ratio) if ratio < 1 else np.inf
            if error <= goal or not np.isfinite(size):
                return _Step(X, error, sweeps)
    return _Step(X, error, MOST_SWEEPS)


def _sweep(change: Singles, X: Floats, side: _Side, *, first: bool = False) -> float:
    """The next change in the place of the last, block after block, with the newest of all others; its size.

    It is added to X. At first X holds what the blocks need of themselves, which is a change from nothing too;
    what is not reached yet is then zero.
    """
    size = 0.0
    for block, leading, inverse in side.blocks():
        known = slice(block.start if first else None)
        new = np.matmul(change[:, known] @ leading[known], inverse.astype(np.float32))
        X[:, block] += new
        change[:, block] = X[:, block] if first else new
        size = max(size, float(np.abs(change[:, block]).max(initial=0.0)))
    return size


def _probed(X: Floats, wanted: Floats, side: _Side) -> float:
    """A bound of the largest element of wanted - X + X A.

    A sum of its rows with random signs is, in the place of the largest element, at least as large with
    probability 1/2, whatever the other rows are; so the largest of several sums bounds it, and costs a pass
    for a few right-hand sides only. The signs are always the same ones.
    """
    if len(X) > PROBES:
        signs = _signs(PROBES, len(X))
        X, wanted = signs @ X, signs @ wanted
    return float(np.abs(wanted - X + side.carried(X)).max(initial=0.0))


def _signs(rows: int, columns: int) -> Floats:
    """Signs without a pattern, the same ones each time: bits of the mixing function of splitmix64."""
    mixed = np.arange(1, columns + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    bits = (mixed ^ (mixed >> np.uint64(31))) >> np.arange(rows, dtype=np.uint64)[:, None]
    return 1.0 - 2.0 * (bits & np.uint64(1)).astype(np.float64)


def _blocks(region: Integers) -> Iterator[slice]:
    """Blocks of neighbouring rows: whole regions, several while they are small, cut where one is very large."""
    wanted = min(max(len(region) // 20, LEAST_BLOCK), MOST_BLOCK)
    ends = [*(np.flatnonzero(np.diff(region)) + 1).tolist(), len(region)]
    start = 0
    for place, end in enumerate(ends):
        last = place + 1 == len(ends)
        if end - start >= wanted * 3 / 4 or last:
            pieces = max(1, round((end - start) / (2 * wanted)))
            cuts = np.linspace(start, end, pieces + 1).astype(int).tolist()
            yield from (slice(a, b) for a, b in pairwise(cuts))
            start = end


def _own_inverse(A: Singles) -> Floats:
    """The Leontief inverse of one block."""
    try:
        inverse = np.asarray(np.linalg.inv(np.eye(len(A)) - A), dtype=np.float64)
    except np.linalg.LinAlgError as error:
        raise _unsolved(np.inf, 0.0) from error
    if inverse.min() < 0 <= A.min():
        raise _unsolved(np.inf, 0.0)
    return inverse


def _relative(size: float, X: Floats) -> float:
    largest = float(np.abs(X).max(initial=0.0))
    return float(size / largest) if largest else float(size)


def _unsolved(residual: float, tolerance: float) -> RequestError:
    return RequestError(
        f"The table could not be solved: the residual is {residual:.2g} where {tolerance:.2g} was asked for. "
        "Inputs may exceed outputs along a circle of industries: look at the column sums of Z against x. "
        "If all is well there, the table converges too slowly: ask with method='direct'."
    )
