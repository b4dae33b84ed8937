"""What does every question give back?

One frozen value: a table whose columns are declared in `tables`, the caveats that must be shown with it, and
its provenance. How it looks on a screen or in a file is the business of `report`.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from weaklink.columns import Column, Kind, TableSchema
from weaklink.provenance import Provenance

_ARROW: Mapping[Kind, pa.DataType] = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64()}

DIGITS = 12  # significant ones that machines agree on
LEAST_POWER = -335  # of ten, with which the smallest doubles still have a digit
TEN = np.array([float(f"1e{power}") for power in range(-300, 301)])

Exact: TypeAlias = int | Fraction | str | None
Record: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to one question.

    `table` has exactly the columns of `schema`; a missing figure is null, never a number that stands for
    it. `caveats` are sentences; where a figure is shown they are shown.
    """

    schema: TableSchema
    table: pa.Table
    caveats: tuple[str, ...]
    provenance: Provenance

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def records(self) -> list[dict[str, Any]]:
        """The rows as plain mappings."""
        records: list[dict[str, Any]] = self.table.to_pylist()
        return records

    def column(self, name: str) -> list[Any]:
        """One column as a plain list."""
        values: list[Any] = self.table[name].to_pylist()
        return values

    @property
    def digest(self) -> str:
        """sha256 of the columns, with every number at twelve significant digits: equal on every machine."""
        found = hashlib.sha256(json.dumps(list(self.schema.names)).encode("utf-8"))
        for column in self.schema.columns:
            for part in _stable(self.table[column.name], column.kind):
                found.update(part)
        return found.hexdigest()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One figure of a result, explained.

    `shown` is what the result says and `recomputed` what its rows give without any rounding; `agrees` says
    that they are the same number: a ratio the same double but for its last two bits, a difference of shares
    to the same absolute precision. `working` spells the computation out; `rows` holds the flows it used, with
    vintage and licence.
    """

    column: Column
    shown: float | str | None
    recomputed: Exact
    working: str
    rows: Result

    @property
    def agrees(self) -> bool:
        """Whether the result and its rows say the same."""
        if isinstance(self.recomputed, Fraction) and isinstance(self.shown, float):
            scale = 1 if self.column.unit == "share points" else abs(self.recomputed)
            return abs(Fraction(self.shown) - self.recomputed) <= scale * Fraction(1, 2**50)
        return self.shown == self.recomputed


def tabulated(schema: TableSchema, records: Iterable[Record]) -> pa.Table:
    """Rows as a table with exactly the declared columns; a figure that is not a number becomes null."""
    rows = list(records)
    arrays = [
        pa.array([_nulled(row[column.name], column.kind) for row in rows], _ARROW[column.kind])
        for column in schema.columns
    ]
    return pa.table(arrays, schema=typed(schema))


def typed(schema: TableSchema) -> pa.Schema:
    """The declared columns with the types that a result has."""
    return pa.schema([(column.name, _ARROW[column.kind]) for column in schema.columns])


def _nulled(value: Any, kind: Kind) -> Any:  # noqa: ANN401 - a cell of any declared kind
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if kind == "integer" and value is not None:
        return int(value)
    return value.item() if hasattr(value, "item") else value


def _stable(column: pa.ChunkedArray, kind: Kind) -> Iterator[bytes]:
    """The bytes of a column that every machine agrees on: which cells are missing, and what stands in the others."""
    if kind == "text":
        yield json.dumps(column.to_pylist(), ensure_ascii=False).encode("utf-8")
        return
    yield np.packbits(column.is_null().to_numpy()).tobytes()
    values = pc.fill_null(column, 0).to_numpy()
    if kind == "integer":
        yield values.astype("<i8").tobytes()
        return
    digits, power = _decimal(values)
    yield digits.astype("<i8").tobytes()
    yield power.astype("<i4").tobytes()


def _decimal(values: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Finite numbers as twelve decimal digits and a power of ten: digits × 10^power; zero as no digits.

    >>> digits, power = _decimal(np.array([0.25, -1e-300, 0.0]))
    >>> digits, power
    (array([ 250000000000, -100000000000,             0]), array([ -12, -311,    0]))
    """
    some = values != 0
    size = np.abs(np.where(some, values, 1.0))
    power = np.clip(np.floor(np.log10(size)).astype(np.int64) - DIGITS + 1, LEAST_POWER, None)
    for _ in range(2):  # a logarithm may err beside a power of ten, and rounding may carry to the next one
        digits = np.rint(_scaled(size, power))
        power = power + (digits >= 10**DIGITS) - ((digits < 10 ** (DIGITS - 1)) & (power > LEAST_POWER))
    digits = np.rint(_scaled(size, power)).astype(np.int64)
    return np.where(some, np.sign(values).astype(np.int64) * digits, 0), np.where(some, power, 0)


def _scaled(size: npt.NDArray[np.float64], power: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Size / 10^power; powers of ten beyond a double are taken in two steps."""
    first = np.clip(power, -300, 300)
    scaled: npt.NDArray[np.float64] = size / TEN[first + 300] / TEN[power - first + 300]
    return scaled
