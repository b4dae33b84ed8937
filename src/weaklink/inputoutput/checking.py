"""When is an input-output table refused, and what is said of one that is taken?

All problems of a table are reported together, with the row and column they are in. First sizes and labels, then
cells that are no numbers, then what does not add up: each is only judged once what it rests on is sound.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from weaklink.errors import Problem, SourceError
from weaklink.inputoutput.blocks import row_blocks

if TYPE_CHECKING:  # accounts check themselves with this file when they are made
    from weaklink.inputoutput.accounts import Accounts

Floats = npt.NDArray[np.float64]

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


def _problem(table: Accounts, what: str, value: object, expected: str, remedy: str) -> Problem:
    return Problem(table.source, None, what, str(value), expected, remedy, kind="array")


def _refuse(problems: Sequence[Problem], count: int | None = None) -> None:
    if problems:
        raise SourceError(problems, count)


def _shape_problems(table: Accounts) -> Iterator[Problem]:
    """Sizes, places and labels: while one is wrong, the numbers cannot be judged."""
    n, regions, sectors = table.x.size, len(table.regions), len(table.sectors)
    wanted = {
        "x": (n,),
        "Z": (n, n),
        "Y": (n, regions),
        "value_added": (n,),
        "region": (n,),
        "sector": (n,),
    }
    for name, shape in wanted.items():
        given = getattr(table, name).shape
        if given != shape:
            yield _problem(table, name, given, f"of shape {shape}", "Read the table again, whole.")
    if n == 0:
        yield _problem(table, "x", 0, "at least one row", "Read the table again, whole.")
    if table.part is not None and len(table.part) != n:
        yield _problem(table, "part", len(table.part), f"{n} labels", "Give one label per row.")
    yield from _place_problems(table, "region", regions)
    yield from _place_problems(table, "sector", sectors)
    for name in ("regions", "sectors"):
        labels = getattr(table, name)
        repeated = sorted({label for label in labels if labels.count(label) > 1})
        if repeated:
            yield _problem(table, name, ", ".join(repeated), "named once", "Add the repeated ones up first.")


def _place_problems(table: Accounts, name: str, size: int) -> Iterator[Problem]:
    places = getattr(table, name)
    wrong = places[(places < 0) | (places >= size)]
    if wrong.size:
        yield _problem(table, name, wrong.flat[0], f"a place from 0 to {size - 1}", f"Index into {name}s.")


def _unusable(table: Accounts, odd: _Odd) -> tuple[list[Problem], int]:
    """Repeated rows, cells that are not finite, and negative output."""
    found = [*_repeated_rows(table), *odd.listed]
    count = len(found) - len(odd.listed) + odd.count
    for name in ("Y", "x", "value_added"):
        wrong, many = _cells(table, name)
        found += wrong
        count += many
    negative = np.flatnonzero(table.x < 0).tolist()
    found += [
        _problem(table, f"x of {table.label(row)}", table.x[row], "zero or more", "Correct the output.")
        for row in negative[:LISTED]
    ]
    return found, count + len(negative)


def checked(table: Accounts) -> Checks:
    """What was found in a table; a table that is not sound is refused with all its problems at once."""
    _refuse(list(_shape_problems(table)))
    sums, odd = _sums(table)
    _refuse(*_unusable(table, odd))  # sums of what is not a number say nothing
    _refuse(*_imbalances(table, sums))
    return Checks(
        row_residual=_fixed(table.x - sums.rows - table.Y.sum(axis=1)),
        column_residual=_fixed(table.x - sums.columns - table.value_added),
        negative_flows=sums.negative,
        negative_final_demand=int(np.count_nonzero(table.Y < 0)),
        negative_value_added=int(np.count_nonzero(table.value_added < 0)),
        zero_output=int(np.count_nonzero(table.x == 0)),
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


def _sums(table: Accounts) -> tuple[_Sums, _Odd]:
    """One pass over Z, in blocks of rows."""
    rows, columns = np.zeros(table.size), np.zeros(table.size)
    negative, odd = 0, _Odd([], 0)
    for where, block in row_blocks(table.Z):
        with np.errstate(
            invalid="ignore"
        ):  # infinities of both signs add up to not-a-number, which is refused
            rows[where] = block.sum(axis=1, dtype=np.float64)
            columns += block.sum(axis=0, dtype=np.float64)
        negative += int(np.count_nonzero(block < 0))
        if not np.isfinite(rows[where]).all():
            places = np.argwhere(~np.isfinite(block))
            named = [
                _not_finite(table, f"Z from {table.label(i + where.start)} to {table.label(j)}", block[i, j])
                for i, j in places[: max(0, LISTED - odd.count)]
            ]
            odd = _Odd([*odd.listed, *named], odd.count + len(places))
    return _Sums(rows, columns, negative), odd


def _cells(table: Accounts, name: str) -> tuple[list[Problem], int]:
    """Cells of Y, x or value added that are not finite."""
    array: Floats = getattr(table, name)
    places = np.argwhere(~np.isfinite(array))
    named = []
    for place in places[:LISTED]:
        of = table.label(place[0]) + (f" to {table.regions[place[1]]}" if len(place) > 1 else "")
        named.append(_not_finite(table, f"{name} of {of}", array[tuple(place)]))
    return named, len(places)


def _not_finite(table: Accounts, what: str, value: object) -> Problem:
    remedy = (
        "A missing cell would make every figure missing: find its value, or set it to 0 if nothing was sold."
    )
    return _problem(table, what, value, "a finite number", remedy)


def _repeated_rows(table: Accounts) -> Iterator[Problem]:
    labels = [table.label(row) for row in range(table.size)]
    seen: set[str] = set()
    for label in labels:
        if label in seen:
            yield _problem(table, "rows", label, "one row", "Add the repeated rows and columns up first.")
        seen.add(label)


def _imbalances(table: Accounts, sums: _Sums) -> tuple[list[Problem], int]:
    """Rows and columns that do not add up, and columns that use more than they make."""
    x, limits = table.x, table.limits
    scale = x + x.mean()
    residuals = {
        "x - Z1 - Y1": x - sums.rows - table.Y.sum(axis=1),
        "x - Z'1 - value added": x - sums.columns - table.value_added,
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
        found += [_problem(table, f"{what} of {table.label(i)}", residual[i], allowed, remedy) for i in named]
        count += len(wrong)
    above = np.flatnonzero(sums.columns > limits.column_sum * x + 1e-6 * scale)
    remedy = "Such an industry destroys value: correct it, or raise Limits.column_sum if the source has such columns."
    for i in above[:LISTED]:
        expected = f"at most {limits.column_sum:g} of the output {x[i]:g}"
        found.append(_problem(table, f"inputs of {table.label(i)}", sums.columns[i], expected, remedy))
    return found, count + len(above)


def caveats(table: Accounts, checks: Checks) -> Iterator[str]:
    """What must be said with any figure of a table, one sentence each."""
    scale = table.x.sum()
    for residual, what in ((checks.row_residual, "rows"), (checks.column_residual, "columns")):
        off = float(np.abs(residual).sum() / scale) if scale else 0.0
        if off > 1e-9:
            worst = int(np.abs(residual).argmax())
            yield (
                f"The {what} of {table.source} do not balance: residuals add up to {off:.2g} of output, "
                f"the largest is {residual[worst]:.4g} {table.unit} ({table.label(worst)})."
            )
    counts = {
        "cells of intermediate flows are negative; they are kept": checks.negative_flows,
        "cells of final demand are negative, as stocks run down; they are kept": checks.negative_final_demand,
        "industries have negative value added; they are kept": checks.negative_value_added,
        "industries have no output; their coefficients are zero": checks.zero_output,
    }
    for what, count in counts.items():
        if count:
            yield f"{table.source}: {count:,} {what}."
