"""What do the pictures of a stressed network share: its rows, its places on the map, its words?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from weaklink.columns import Column, TableSchema
from weaklink.result import Record, Result, tabulated
from weaklink.tables.network import slug


@dataclass(frozen=True)  # without slots, so that rows are read from Arrow once
class StressAnswer:
    """Results of one scenario: by country, by day, by link, by outage; `bands` of drawn winters, if any.

    `who` is the bloc that it is asked for and `places` longitude and latitude of the nodes that have them. What
    is measured is in `unit`; `source` is the source line of every picture.
    """

    title: str
    who: str
    unit: str
    commodity: str
    countries: Result
    days: Result
    flows: Result
    outages: Result | None
    bands: Result | None
    places: Mapping[str, tuple[float, float]]
    labels: Mapping[str, str]
    source: str

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The rows by country."""
        return self.countries.records()

    @cached_property
    def inside(self) -> list[dict[str, Any]]:
        """The rows of the countries that the scenario is asked for."""
        return [row for row in self.rows if row["in_scope"] == "yes"]

    @cached_property
    def scope(self) -> frozenset[str]:
        """The countries that it is asked for."""
        return frozenset(row["country"] for row in self.inside)

    @cached_property
    def by_day(self) -> list[dict[str, Any]]:
        """The rows by day and country."""
        return self.days.records()

    def amount(self, name: str) -> str:
        """The column of an amount in the unit of the network: `demand` is `demand_gwh`."""
        return f"{name}_{slug(self.unit)}"

    def total(self, name: str) -> float:
        """The sum of an amount over the countries it is asked for."""
        return float(sum(row[self.amount(name)] for row in self.inside))

    @property
    def rate(self) -> float:
        """Unserved demand over demand of all of them together."""
        return self.total("unserved") / self.total("demand")

    def data(self, name: str, row: str, columns: Iterable[Column], records: Iterable[Record]) -> Result:
        """The data of a picture as a declared table, with caveats and provenance of the answer."""
        schema = TableSchema(name, row, tuple(columns))
        rows = tabulated(schema, records)
        return Result(schema, rows, self.countries.caveats, self.countries.provenance)


def rounded(share: float) -> str:
    """A share in per cent, with a decimal below ten; what would be rounded to nothing is less than a tenth.

    >>> rounded(0.053), rounded(0.42), rounded(0.0), rounded(0.00002)
    ('5.3%', '42%', '0%', '<0.1%')
    """
    if 0 < share < 0.0005:
        return "<0.1%"
    return f"{share:.1%}" if 0.0005 <= share < 0.0995 else f"{share:.0%}"
