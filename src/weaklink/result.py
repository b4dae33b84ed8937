"""What does every question give back?

One frozen value: a table whose columns are declared in `tables`, the caveats that must be shown with it, and
its provenance. How it looks on a screen or in a file is the business of `report`.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import pyarrow as pa

from weaklink.columns import Column, Kind, TableSchema
from weaklink.provenance import Provenance

_ARROW: Mapping[Kind, pa.DataType] = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64()}

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
        """sha256 of the rows, with every number at twelve significant digits: equal on every machine."""
        rows = [[_stable(value) for value in row.values()] for row in self.records()]
        text = json.dumps([list(self.schema.names), rows], ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8")).hexdigest()


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


def _stable(value: Any) -> Any:  # noqa: ANN401 - a cell of any declared kind
    return f"{value:.12g}" if isinstance(value, float) else value
