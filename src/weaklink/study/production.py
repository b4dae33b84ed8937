"""What was produced where? World Mining Data as arrays, the governance of producers, and the names of minerals."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import MappingProxyType

import numpy as np
from rapidfuzz import process

from weaklink import data
from weaklink.errors import CodeError, RequestError
from weaklink.minerals.extraction import Production
from weaklink.minerals.governance import governance_weight
from weaklink.trade.runs import Figures, Flags

SEPARATOR = ";"  # names of minerals have commas in them
ESTIMATED = "estimated"
Row = Mapping[str, str]


@cache
def production(year: int) -> Production:
    """What each country produced of each mineral in a year.

    Raises RequestError for a year that World Mining Data, as embedded, does not have.

    >>> mined = production(2022)
    >>> cobalt, congo = mined.minerals.index("Cobalt"), mined.countries.index("COD")
    >>> int(mined.amount[cobalt, congo]), mined.units[cobalt]
    (115371, 'metr. t')
    """
    if year not in years():
        raise RequestError(
            f"World Mining Data, as embedded, has no year {year}; it has {years()[0]} to {years()[-1]}. "
            "Choose one of these."
        )
    countries = tuple(sorted({row["iso3"] for row in data.rows("mining_production")}))
    place = {iso3: index for index, iso3 in enumerate(countries)}
    shape = (len(minerals()), len(countries))
    amount, unknown, estimated, listed, known = (np.zeros(shape, dtype=np.int64) for _ in range(5))
    for item, mineral in enumerate(minerals()):
        for iso3, series in _series()[mineral].items():
            if (row := series.get(year)) is None:
                continue
            cell = item, place[iso3]
            listed[cell] = 1
            known[cell] = bool(row["production"])
            amount[cell] = int(row["production"] or 0)
            unknown[cell] = 0 if row["production"] else _nearest_known(series, year)
            estimated[cell] = amount[cell] if row["status"] == ESTIMATED else 0
    return Production(
        minerals=minerals(),
        units=tuple(_unit(mineral) for mineral in minerals()),
        countries=countries,
        amount=amount,
        estimated=estimated,
        unidentified=np.zeros(len(minerals()), dtype=np.int64),
        unknown=unknown.sum(axis=-1),
        rows=listed.sum(axis=-1),
        known_rows=known.sum(axis=-1),
    )


@cache
def minerals() -> tuple[str, ...]:
    """The names of all minerals, sorted."""
    return tuple(sorted(_series()))


@cache
def years() -> tuple[int, ...]:
    """The years of production that are embedded."""
    return tuple(sorted({int(row["year"]) for row in data.rows("mining_production")}))


@cache
def stages() -> Mapping[str, str]:
    """What is counted of each mineral: extraction at the mine, or processing at smelter or refinery."""
    return MappingProxyType({row["mineral"]: row["stage"] for row in data.rows("mineral_stages")})


def named(words: str) -> tuple[str, ...]:
    """The minerals that words mean, several separated by semicolons; all where there are no words.

    A mineral is meant by its whole name, else by words in it; case does not matter. Raises CodeError, with
    the nearest names, where nothing is meant.

    >>> named("cobalt; rare earths; coal")
    ('Cobalt', 'Coking Coal', 'Rare Earths (REO)', 'Steam Coal')
    """
    asked = [part.strip() for part in words.split(SEPARATOR) if part.strip()]
    if not asked:
        return minerals()
    return tuple(sorted({mineral for part in asked for mineral in _meant(part)}))


def _meant(words: str) -> list[str]:
    whole = [mineral for mineral in minerals() if mineral.casefold() == words.casefold()]
    part = re.compile(rf"\b{re.escape(words)}\b", re.IGNORECASE)
    found = whole or [mineral for mineral in minerals() if part.search(mineral)]
    if not found:
        nearest = [match[0] for match in process.extract(words, minerals(), limit=3, processor=str.casefold)]
        raise CodeError(
            f"{words!r} is no mineral of World Mining Data. Nearest: {', '.join(nearest)}. "
            f"`weaklink minerals --year {years()[-1]}` lists all; separate several by semicolons.",
            nearest,
        )
    return found


@cache
def estimates(year: int) -> Mapping[str, float]:
    """Political stability of each country that has one estimate in a year, in standard normal units.

    A country that the table gives two different estimates has none: nobody knows which is right. Raises
    RequestError for a year without any.

    >>> estimates(2022)["NOR"] > 0 > estimates(2022)["COD"]
    True
    """
    found: dict[str, set[float]] = defaultdict(set)
    for row in data.rows("political_stability"):
        if row["year"] == str(year):
            found[row["iso3"]].add(float(row["estimate"]))
    if not found:
        known = data.card("political_stability").years
        raise RequestError(
            f"the Worldwide Governance Indicators, as embedded, have no year {year}; they have "
            f"{known[0]} to {known[-1]}, some years missing before 2002. Choose one of these."
        )
    return MappingProxyType({iso3: min(values) for iso3, values in found.items() if len(values) == 1})


def governance_weights(countries: Sequence[str], year: int) -> Figures:
    """Governance weight of each country, 0 (best) to 10 (worst); not-a-number where it has no estimate."""
    known = estimates(year)
    return governance_weight([known.get(iso3, np.nan) for iso3 in countries])


def flags(countries: Sequence[str], chosen: Iterable[str]) -> Flags:
    """For each country, whether it is among the chosen."""
    return np.isin(np.array(countries), np.array(sorted(chosen), dtype=np.str_))


def unknown_producers(mineral: str, year: int) -> tuple[str, ...]:
    """Countries that are listed for a mineral in a year, but whose production is not known."""
    return tuple(
        iso3
        for iso3, series in _series()[mineral].items()
        if year in series and not series[year]["production"]
    )


@cache
def _series() -> Mapping[str, Mapping[str, Mapping[int, Row]]]:
    """The rows of each mineral, by country and year."""
    series: dict[str, dict[str, dict[int, Row]]] = defaultdict(lambda: defaultdict(dict))
    for row in data.rows("mining_production"):
        series[row["mineral"]][row["iso3"]][int(row["year"])] = row
    return MappingProxyType({mineral: MappingProxyType(by_country) for mineral, by_country in series.items()})


def _unit(mineral: str) -> str:
    """The one unit of a mineral; the same in all its rows."""
    (unit,) = {row["unit"] for series in _series()[mineral].values() for row in series.values()}
    return unit


def _nearest_known(series: Mapping[int, Row], year: int) -> int:
    """Production in the nearest year of which it is known, the later one of two; nothing if in none."""
    known = [other for other, row in series.items() if row["production"]]
    if not known:
        return 0
    return int(series[min(known, key=lambda other: (abs(other - year), -other))]["production"])
