"""What do the pictures of a mix of measures share: its rows, what it is measured in, its words?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from weaklink.columns import Column, TableSchema
from weaklink.result import Record, Result, tabulated


@dataclass(frozen=True, slots=True)
class ReduceAnswer:
    """A mix and what it does.

    `steps` has a row for each measure in the order in which it is added, with the mean loss after it; the first row is
    the loss before any. `frontier`, `gains` and `years` are there where they were asked for. Losses are in `unit`,
    costs in `money`. `demand` is by country, `places` longitude and latitude of those that have them.
    """

    title: str
    target: str
    unit: str
    money: str
    mix: Result
    steps: Result
    frontier: Result | None
    gains: Result | None
    years: Result | None
    demand: Mapping[str, float]
    places: Mapping[str, tuple[float, float]]
    source: str
    command: str
    headline: str

    @property
    def notes(self) -> str:
        """The caveats as one text."""
        return " ".join(self.mix.caveats)

    def data(self, name: str, row: str, columns: Iterable[Column], records: Iterable[Record]) -> Result:
        """The data of a picture as a declared table, with caveats and provenance of the answer."""
        schema = TableSchema(name, row, tuple(columns))
        return Result(schema, tabulated(schema, records), self.mix.caveats, self.mix.provenance)
