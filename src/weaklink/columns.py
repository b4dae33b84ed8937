"""How is a table declared: its columns, their kinds, units and meanings?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "integer", "number"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `kind` text, integer (64 bits) or number (double); `unit` in words, empty for text.

    `formula` and `source` are given for indicators: what is computed, in the letters of the docs, and
    who published it; `lowest` and `highest` bound the values that an indicator can have (no `highest`: it has
    none).
    """

    name: str
    kind: Kind
    unit: str
    meaning: str
    formula: str = ""
    source: str = ""
    lowest: float | None = None
    highest: float | None = None


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A declared table: its name, the question that a row answers, and its columns in order."""

    name: str
    row: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The declaration of one column; KeyError where the table has none of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)
