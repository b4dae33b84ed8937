"""What is an inter-country input-output table, once it is inside?

The letters are the textbook's: Z intermediate flows (the row sells to the column), Y final demand by region of
the buyer, x gross output. Every row is an industry of a region, so that x = Z1 + Y1; what an industry does not
buy from an industry is its value added, so that x = Z'1 + value added.

Some tables split a region in parts (MX1 and MX2 are Mexico's export processing and other firms). The parts are
rows of their own, because their inputs differ; they belong to one region, and results are added up to it only
after the solve.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

import numpy as np
import numpy.typing as npt

from weaklink.errors import Problem, RequestError, SourceError
from weaklink.inputoutput.blocks import row_blocks

Floats = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.floating]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LISTED = 20  # cells of one kind of problem that are named; the others are counted


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a table may be from the identities it should meet before it is refused. Our own choice.

    `balance` is the largest residual of a row or column as a share of its output plus the mean output: published
    tables are rounded, and a small industry of WIOD 2013 is off by three quarters of itself. `column_sum` is
    the largest sum of intermediate inputs per unit of output. Above one an industry destroys value; some
    sources publish such columns, and a reader that knows its source may raise the limit.
    """

    balance: float = 0.01
    column_sum: float = 1.0


@dataclass(frozen=True, slots=True)
class Checks:
    """What was found in a table that was accepted.

    The residuals have one element per row: x - Z1 - Y1, and x - Z'1 - value added. The rest are counts: negative
    cells of Z, of Y and of value added, and industries without output.
    """

    row_residual: Floats
    column_residual: Floats
    negative_flows: int
    negative_final_demand: int
    negative_value_added: int
    zero_output: int


@dataclass(frozen=True, slots=True, eq=False)
class Accounts:
    """One inter-country input-output table of one year, checked; its arrays cannot be written to.

    `regions` are the reported ones (ISO3, or the table's own such as ROW) and `sectors` the industries;
    `region` and `sector` say for each of the N rows, which are also the columns, which it is of. Not every
    region needs every sector. `part` names each row's region as the table splits it, None where it splits none.
    `Z` is N × N, `Y` is N × regions with all categories of final demand added up, `x` and `value_added` have N
    elements, all in `unit`. Value added is here all that is not intermediate input: taxes less subsidies on
    products too. `Z` may be single precision or memory-mapped where it is large; all else is double.

    What is done with odd cells: anything not finite is refused, and so are negative output, an imbalance and a
    column sum above the `limits`. An industry without output has coefficients of zero. Negative flows, final
    demand (stocks run down) and value added are kept and counted; `caveats` says so.

    >>> two = Accounts(
    ...     regions=("AAA",), sectors=("1", "2"), region=[0, 0], sector=[0, 1], Z=[[150, 500], [200, 100]],
    ...     Y=[[350], [1700]], x=[1000, 2000], value_added=[650, 1400], unit="million USD", year=2000,
    ...     source="Miller and Blair (2009), section 2.3",
    ... )
    >>> two.v.tolist(), two.caveats()
    ([0.65, 0.7], ())
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    region: Integers
    sector: Integers
    Z: Matrix
    Y: Floats
    x: Floats
    value_added: Floats
    unit: str
    year: int
    source: str
    part: tuple[str, ...] | None = None
    limits: Limits = Limits()
    checks: Checks = field(init=False)

    def __post_init__(self) -> None:
        put = partial(object.__setattr__, self)
        for name in ("regions", "sectors"):
            put(name, tuple(getattr(self, name)))
        put("part", None if self.part is None else tuple(self.part))
        for name in ("region", "sector"):
            put(name, _locked(np.asarray(getattr(self, name), dtype=np.int64)))
        for name in ("Y", "x", "value_added"):
            put(name, _locked(np.asarray(getattr(self, name), dtype=np.float64)))
        put("Z", _locked(_real(self.Z)))
        _refuse(self, list(_shape_problems(self)))
        put("checks", _checked(self))

    @property
    def size(self) -> int:
        """The number of rows, N."""
        return len(self.x)

    @property
    def v(self) -> Floats:
        """Value added per unit of output, one element per row; zero where there is no output."""
        return per_output(self.value_added, self.x)

    def flags(self, regions: Collection[str]) -> Flags:
        """For each row, whether it is of one of these regions; a region that the table lacks is an error.

        A bloc is a set of regions, so this is how a bloc becomes rows.
        """
        unknown = sorted(set(regions) - set(self.regions))
        if unknown:
            raise RequestError(
                f"{self.source}: the table has no region {', '.join(unknown)}. It has {', '.join(self.regions)}."
            )
        chosen = np.array([code in set(regions) for code in self.regions], dtype=np.bool_)
        return np.asarray(chosen[self.region])

    def buyers(self, regions: Collection[str]) -> Flags:
        """For each column of Y, whether it is of one of these regions."""
        self.flags(regions)
        return np.array([code in set(regions) for code in self.regions], dtype=np.bool_)

    def in_sectors(self, sectors: Collection[str]) -> Flags:
        """For each row, whether it is of one of these sectors; a sector that the table lacks is an error."""
        unknown = sorted(set(sectors) - set(self.sectors))
        if unknown:
            raise RequestError(
                f"{self.source}: the table has no sector {', '.join(unknown)}. It has {', '.join(self.sectors)}."
            )
        chosen = np.array([code in set(sectors) for code in self.sectors], dtype=np.bool_)
        return np.asarray(chosen[self.sector])

    def label(self, row: int) -> str:
        """The name of a row, as the table splits it: `MX1 10T39`."""
        region = self.regions[self.region[row]] if self.part is None else self.part[row]
        return f"{region} {self.sectors[self.sector[row]]}"

    def caveats(self) -> tuple[str, ...]:
        """What must be said with any figure of this table, one sentence each."""
        return tuple(_caveats(self))


def per_output(amount: npt.ArrayLike, x: Floats) -> Floats:
    """Amount per unit of output along the last axis; zero where there is no output."""
    above = np.asarray(amount, dtype=np.float64)
    share: Floats = np.divide(above, x, out=np.zeros(np.broadcast_shapes(above.shape, x.shape)), where=x != 0)
    return share


def _locked(array: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """A view that cannot be written to."""
    view = array.view()
    view.flags.writeable = False
    return view


def _real(matrix: npt.ArrayLike) -> Matrix:
    """The matrix as it is if single or double, else as double."""
    given = np.asanyarray(matrix)
    return given if given.dtype in (np.float32, np.float64) else given.astype(np.float64)


def _problem(accounts: Accounts, what: str, value: object, expected: str, remedy: str) -> Problem:
    return Problem(accounts.source, None, what, str(value), expected, remedy, kind="array")


def _refuse(accounts: Accounts, problems: Sequence[Problem], count: int | None = None) -> None:
    if problems:
        raise SourceError(problems, count)


def _shape_problems(accounts: Accounts) -> Iterator[Problem]:
    """Sizes, places and labels: while one is wrong, the numbers cannot be judged."""
    n, regions, sectors = accounts.x.size, len(accounts.regions), len(accounts.sectors)
    wanted = {
        "x": (n,),
        "Z": (n, n),
        "Y": (n, regions),
        "value_added": (n,),
        "region": (n,),
        "sector": (n,),
    }
    for name, shape in wanted.items():
        given = getattr(accounts, name).shape
        if given != shape:
            yield _problem(accounts, name, given, f"of shape {shape}", "Read the table again, whole.")
    if n == 0:
        yield _problem(accounts, "x", 0, "at least one row", "Read the table again, whole.")
    if accounts.part is not None and len(accounts.part) != n:
        yield _problem(accounts, "part", len(accounts.part), f"{n} labels", "Give one label per row.")
    yield from _place_problems(accounts, "region", regions)
    yield from _place_problems(accounts, "sector", sectors)
    for name in ("regions", "sectors"):
        labels = getattr(accounts, name)
        repeated = sorted({label for label in labels if labels.count(label) > 1})
        if repeated:
            yield _problem(
                accounts, name, ", ".join(repeated), "named once", "Add the repeated ones up first."
            )


def _place_problems(accounts: Accounts, name: str, size: int) -> Iterator[Problem]:
    places = getattr(accounts, name)
    wrong = places[(places < 0) | (places >= size)]
    if wrong.size:
        yield _problem(accounts, name, wrong.flat[0], f"a place from 0 to {size - 1}", f"Index into {name}s.")


def _checked(accounts: Accounts) -> Checks:
    """Everything that the numbers must meet; all that they do not is reported at once."""
    sums, odd = _sums(accounts)
    found = list(_repeated_rows(accounts))
    count = len(found)
    for name in ("Y", "x", "value_added"):
        wrong, many = _cells(accounts, name)
        found += wrong
        count += many
    found += odd.listed
    count += odd.count
    negative = np.flatnonzero(accounts.x < 0)
    found += [
        _problem(
            accounts, f"x of {accounts.label(row)}", accounts.x[row], "zero or more", "Correct the output."
        )
        for row in negative[:LISTED]
    ]
    count += len(negative)
    _refuse(accounts, found, count)  # sums of what is not a number say nothing
    found, count = _imbalances(accounts, sums)
    _refuse(accounts, found, count)
    return Checks(
        row_residual=_fixed(accounts.x - sums.rows - accounts.Y.sum(axis=1)),
        column_residual=_fixed(accounts.x - sums.columns - accounts.value_added),
        negative_flows=sums.negative,
        negative_final_demand=int(np.count_nonzero(accounts.Y < 0)),
        negative_value_added=int(np.count_nonzero(accounts.value_added < 0)),
        zero_output=int(np.count_nonzero(accounts.x == 0)),
    )


def _fixed(array: Floats) -> Floats:
    array.flags.writeable = False
    return array


@dataclass(frozen=True, slots=True)
class _Sums:
    """Row and column sums of Z, and the number of its negative cells."""

    rows: Floats
    columns: Floats
    negative: int


@dataclass(frozen=True, slots=True)
class _Odd:
    """Cells that are not finite: some named, all counted."""

    listed: list[Problem]
    count: int


def _sums(accounts: Accounts) -> tuple[_Sums, _Odd]:
    """One pass over Z, in blocks of rows."""
    rows, columns = np.zeros(accounts.size), np.zeros(accounts.size)
    negative, odd = 0, _Odd([], 0)
    for where, block in row_blocks(accounts.Z):
        with np.errstate(
            invalid="ignore"
        ):  # infinities of both signs add up to not-a-number, which is refused
            rows[where] = block.sum(axis=1, dtype=np.float64)
            columns += block.sum(axis=0, dtype=np.float64)
        negative += int(np.count_nonzero(block < 0))
        if not np.isfinite(rows[where]).all():
            places = np.argwhere(~np.isfinite(block))
            named = [
                _not_finite(
                    accounts, f"Z from {accounts.label(i + where.start)} to {accounts.label(j)}", block[i, j]
                )
                for i, j in places[: max(0, LISTED - odd.count)]
            ]
            odd = _Odd([*odd.listed, *named], odd.count + len(places))
    return _Sums(rows, columns, negative), odd


def _cells(accounts: Accounts, name: str) -> tuple[list[Problem], int]:
    """Cells of Y, x or value added that are not finite."""
    array: Floats = getattr(accounts, name)
    places = np.argwhere(~np.isfinite(array))
    named = []
    for place in places[:LISTED]:
        of = accounts.label(place[0]) + (f" to {accounts.regions[place[1]]}" if len(place) > 1 else "")
        named.append(_not_finite(accounts, f"{name} of {of}", array[tuple(place)]))
    return named, len(places)


def _not_finite(accounts: Accounts, what: str, value: object) -> Problem:
    remedy = (
        "A missing cell would make every figure missing: find its value, or set it to 0 if nothing was sold."
    )
    return _problem(accounts, what, value, "a finite number", remedy)


def _repeated_rows(accounts: Accounts) -> Iterator[Problem]:
    labels = [accounts.label(row) for row in range(accounts.size)]
    seen: set[str] = set()
    for label in labels:
        if label in seen:
            yield _problem(accounts, "rows", label, "one row", "Add the repeated rows and columns up first.")
        seen.add(label)


def _imbalances(accounts: Accounts, sums: _Sums) -> tuple[list[Problem], int]:
    """Rows and columns that do not add up, and columns that use more than they make."""
    x, limits = accounts.x, accounts.limits
    scale = x + x.mean()
    residuals = {
        "x - Z1 - Y1": x - sums.rows - accounts.Y.sum(axis=1),
        "x - Z'1 - value added": x - sums.columns - accounts.value_added,
    }
    remedies = (
        "Check that no category of final demand is left out.",
        "Check that value added has the taxes less subsidies on products.",
    )
    found: list[Problem] = []
    count = 0
    for (what, residual), remedy in zip(residuals.items(), remedies, strict=True):
        wrong = np.flatnonzero(np.abs(residual) > limits.balance * scale)
        allowed = f"within {limits.balance:g} of output plus mean output"
        named = islice(wrong.tolist(), LISTED)
        found += [
            _problem(accounts, f"{what} of {accounts.label(i)}", residual[i], allowed, remedy) for i in named
        ]
        count += len(wrong)
    above = np.flatnonzero(sums.columns > limits.column_sum * x + 1e-6 * scale)
    remedy = "Such an industry destroys value: correct it, or raise Limits.column_sum if the source has such columns."
    for i in above[:LISTED]:
        expected = f"at most {limits.column_sum:g} of the output {x[i]:g}"
        found.append(_problem(accounts, f"inputs of {accounts.label(i)}", sums.columns[i], expected, remedy))
    return found, count + len(above)


def _caveats(accounts: Accounts) -> Iterator[str]:
    checks, scale = accounts.checks, accounts.x.sum()
    for residual, what in ((checks.row_residual, "rows"), (checks.column_residual, "columns")):
        off = float(np.abs(residual).sum() / scale) if scale else 0.0
        if off > 1e-9:
            worst = int(np.abs(residual).argmax())
            yield (
                f"The {what} of {accounts.source} do not balance: residuals add up to {off:.2g} of output, "
                f"the largest is {residual[worst]:.4g} {accounts.unit} ({accounts.label(worst)})."
            )
    counts = {
        "cells of intermediate flows are negative; they are kept": checks.negative_flows,
        "cells of final demand are negative, as stocks run down; they are kept": checks.negative_final_demand,
        "industries have negative value added; they are kept": checks.negative_value_added,
        "industries have no output; their coefficients are zero": checks.zero_output,
    }
    for what, count in counts.items():
        if count:
            yield f"{accounts.source}: {count:,} {what}."
