"""Which kind of regime does a country have in a year?

The classes are those of Regimes of the World (Lührmann, Tannenberg and Lindberg 2018, Politics and
Governance 6(1), 60), from the data of the Varieties of Democracy project. They are a judgement by experts,
revised with every edition: the card of the table says which edition this is.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from functools import cache
from types import MappingProxyType

from weaklink import data
from weaklink.errors import RequestError


class Regime(IntEnum):
    """The four classes, from the least democratic to the most."""

    CLOSED_AUTOCRACY = 0
    ELECTORAL_AUTOCRACY = 1
    ELECTORAL_DEMOCRACY = 2
    LIBERAL_DEMOCRACY = 3

    @property
    def label(self) -> str:
        """The class in words.

        >>> Regime.CLOSED_AUTOCRACY.label
        'closed autocracy'
        """
        return self.name.lower().replace("_", " ")


def years() -> tuple[int, ...]:
    """The years that have classes, ascending."""
    return tuple(_by_year())


def regimes(year: int) -> Mapping[str, Regime]:
    """The class of every country that has one in a year, by ISO3 code.

    Dependent territories, most very small states and a few areas are not classed: they are absent, never
    guessed. Raises RequestError for a year outside the table.

    >>> regimes(2022)["CHN"].label
    'closed autocracy'
    """
    classed = _by_year().get(year)
    if classed is None:
        first, last = years()[0], years()[-1]
        raise RequestError(
            f"There are no regime classes for {year}: the table has {first} to {last}. Ask for a year of it."
        )
    return classed


def regime(iso3: str, year: int) -> Regime | None:
    """The class of one country in a year; None where Regimes of the World gives none.

    Raises RequestError for a year outside the table.

    >>> regime("RUS", 2022)
    <Regime.ELECTORAL_AUTOCRACY: 1>
    >>> regime("HKG", 2022) is regime("MAC", 2022)
    False
    """
    return regimes(year).get(iso3)


def authoritarian(year: int) -> tuple[str, ...]:
    """The countries classed as closed or electoral autocracy in a year, sorted.

    Raises RequestError for a year outside the table.

    >>> "RUS" in authoritarian(2022), "USA" in authoritarian(2022)
    (True, False)
    """
    return tuple(iso3 for iso3, kind in regimes(year).items() if kind <= Regime.ELECTORAL_AUTOCRACY)


@cache
def _by_year() -> Mapping[int, Mapping[str, Regime]]:
    table: dict[int, dict[str, Regime]] = {}
    for row in data.rows("regimes"):
        table.setdefault(int(row["year"]), {})[row["iso3"]] = Regime(int(row["class"]))
    return MappingProxyType(
        {year: MappingProxyType(dict(sorted(table[year].items()))) for year in sorted(table)}
    )
