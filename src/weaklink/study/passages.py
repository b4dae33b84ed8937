"""How much of a bloc's imports passes each strait and canal, and what if one closes?

Every flow takes the shortest route by sea between the coasts of the two countries, on a stated table of legs;
neighbours trade by land, and some goods never go by ship. Where ships really sailed is not known here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NotRequired, TypedDict, Unpack

from weaklink import data, tables
from weaklink.codes.countries import country, name
from weaklink.errors import RequestError
from weaklink.flows import Flows
from weaklink.provenance import Provenance
from weaklink.provision.sea import Leg, Route, SeaMap, nearest, routes, sea_map
from weaklink.result import Result, tabulated
from weaklink.study.question import Question
from weaklink.study.setting import Setting, set_up
from weaklink.version import VERSION

TABLES = ("sea_legs", "sea_coasts", "land_neighbours", "transport_modes")
ASKED = ("importer", "year", "product", "data", "mix_vintages")
SEA, LAND, UNKNOWN = "sea", "land", "unknown"  # ways beside those of `transport_modes`


class Chosen(TypedDict):
    """The parts of a question about passages that have a default."""

    product: NotRequired[str]
    data: NotRequired[str]
    store: NotRequired[Path | None]
    mix_vintages: NotRequired[bool]


@dataclass(frozen=True, slots=True)
class Carried:
    """What one country bought of one product from another, and the way it took.

    `way` is sea, land, a mode that is no ship, or unknown; `route` is there for what comes by sea.
    """

    importer: str
    exporter: str
    product: str
    value_usd: int
    way: str
    route: Route | None


def passages(importer: str, year: int, **options: Unpack[Chosen]) -> Result:
    """The imports of a bloc from outside by the passages that they go through, the most first.

    `importer` is a bloc expression; the options are those of `weaklink.study.question.Question`. The columns are
    declared in `weaklink.tables.PASSAGES`. Raises BlocError, CodeError or RequestError for what cannot be asked.

    >>> rows = passages("JPN", 2022, product="270900").records()
    >>> rows[0]["passage"], rows[0]["share"] > 0.9
    ('taiwan', True)
    """
    question = Question(importer, year, suppliers="world", **options)
    setting = set_up(question)
    bought = carried(_from_outside(setting))
    parameters = {key: value for key, value in question.parameters().items() if key in ASKED}
    return Result(
        tables.PASSAGES,
        tabulated(tables.PASSAGES, by_passage(bought)),
        (*_caveats(bought), *_of_data(setting)),
        Provenance(
            (*setting.provenance().cards, *(data.card(one) for one in TABLES)),
            VERSION,
            parameters,
            {setting.importer.canonical: setting.importer.countries},
        ),
    )


def route_between(start: str, end: str, closed: Collection[str] = ()) -> Result:
    """The shortest sea route between two countries, and the one left where passages are closed.

    Raises CodeError for an unknown country, RequestError for an unknown passage or a country without coast.

    >>> [row["nautical_miles"] for row in route_between("NLD", "SGP", ["suez"]).records()]
    [8443, 11886]
    """
    if unknown := sorted(set(closed) - titles().keys()):
        raise RequestError(f"no passage {', '.join(unknown)}. There are: {', '.join(titles())}.")
    first, last = country(start), country(end)
    for code in (first, last):
        if code not in coasts():
            raise RequestError(f"the table of coasts lacks {name(code)}; choose another country.")
    cases = [(), tuple(closed)] if closed else [()]
    rows = [_route_row(first, last, one) for one in cases]
    return Result(
        tables.SEA_ROUTES,
        tabulated(tables.SEA_ROUTES, rows),
        tuple(caveat for one in TABLES[:2] for caveat in data.card(one).caveats),
        Provenance(
            tuple(data.card(one) for one in TABLES[:2]),
            VERSION,
            {"from": first, "to": last, "closed": ", ".join(closed)},
        ),
    )


def _route_row(first: str, last: str, closed: tuple[str, ...]) -> dict[str, Any]:
    route = nearest(routes_from(first, closed), coasts()[last])
    return {
        "closed": ", ".join(closed) or None,
        "nautical_miles": route.nautical_miles if route else None,
        "passages": ", ".join(titles()[one] for one in route.passages) if route else None,
        "way": " > ".join(route.points) if route else None,
    }


def _from_outside(setting: Setting) -> Flows:
    """The importer's purchases in the year asked, trade between members left out."""
    flows = setting.flows.in_year(setting.question.year)
    members = flows.flags(setting.importer_in(setting.question.year).countries)
    return flows.where(members[flows.importer] & ~members[flows.exporter])


def carried(flows: Flows) -> list[Carried]:
    """Each flow with the way it takes."""
    return [
        _carried(
            flows.countries[flows.importer[index]],
            flows.countries[flows.exporter[index]],
            flows.products[flows.product[index]],
            int(flows.value_usd[index]),
        )
        for index in range(len(flows))
    ]


def _carried(importer: str, exporter: str, product: str, value: int) -> Carried:
    way = mode_of(product)
    if not way and trades_by_land(importer, exporter):
        way = LAND
    if not way and (importer not in coasts() or exporter not in coasts()):
        way = UNKNOWN
    route = None if way else nearest(routes_from(importer), coasts()[exporter])
    return Carried(importer, exporter, product, value, way or SEA, route)


def by_passage(bought: Iterable[Carried]) -> list[dict[str, Any]]:
    """One record per passage, in the columns of `tables.PASSAGES`."""
    flows = list(bought)
    total = sum(one.value_usd for one in flows)
    by_sea = sum(one.value_usd for one in flows if one.way == SEA)
    rows = []
    for passage, title in titles().items():
        through = [one for one in flows if one.route and passage in one.route.passages]
        value = sum(one.value_usd for one in through)
        rows.append(
            {
                "passage": passage,
                "title": title,
                "through_usd": value,
                "share": value / total if total else None,
                "sea_share": value / by_sea if by_sea else None,
                **_closed(through, passage),
                "top_supplier": _most(through, lambda one: one.exporter),
                "top_product": _most(through, lambda one: one.product),
            }
        )
    return sorted(rows, key=lambda row: (-row["through_usd"], row["passage"]))


def _closed(through: Iterable[Carried], passage: str) -> dict[str, Any]:
    """What has no other route where a passage closes, and the mean detour of the rest."""
    stranded, diverted, value_miles = 0, 0, 0
    for one in through:
        other = nearest(routes_from(one.importer, (passage,)), coasts()[one.exporter])
        if other is None or one.route is None:
            stranded += one.value_usd
        else:
            diverted += one.value_usd
            value_miles += one.value_usd * (other.nautical_miles - one.route.nautical_miles)
    return {"stranded_usd": stranded, "detour_nm": value_miles / diverted if diverted else None}


def _most(flows: Iterable[Carried], key: Any) -> str | None:  # noqa: ANN401 - a field of Carried
    sums: dict[str, int] = {}
    for one in flows:
        sums[key(one)] = sums.get(key(one), 0) + one.value_usd
    return min(sums, key=lambda code: (-sums[code], code), default=None)


def _caveats(bought: Iterable[Carried]) -> Iterator[str]:
    """How much took which way, and on which assumptions."""
    sums: dict[str, int] = {}
    for one in bought:
        sums[one.way] = sums.get(one.way, 0) + one.value_usd
    total = sum(sums.values())
    if total:
        shares = ", ".join(f"{value / total:.1%} {way}" for way, value in sorted(sums.items()))
        yield f"Imports by the way they are taken to come: {shares}."
    for table in TABLES:
        yield from data.card(table).caveats
    yield "A route may go through several passages, so shares do not add up to one."


def _of_data(setting: Setting) -> Iterator[str]:
    """What must be said of the importer and of the trade data."""
    importer, year = setting.importer, setting.question.year
    if importer.undated:
        yield f"{importer.expression} has no date: it is taken as of 31 December {year}."
    yield from importer.notes
    yield from (caveat for one in setting.data.snapshots for caveat in one.card.caveats)
    yield from setting.data.areas(year)


@cache
def sea() -> SeaMap:
    """The stated legs."""
    return sea_map(
        Leg(row["from"], row["to"], row["passage"], int(row["nautical_miles"]))
        for row in data.rows("sea_legs")
    )


@cache
def coasts() -> Mapping[str, tuple[str, ...]]:
    """From which points of the sea each country is reached."""
    found: dict[str, tuple[str, ...]] = {}
    for row in data.rows("sea_coasts"):
        found[row["iso3"]] = (*found.get(row["iso3"], ()), row["waypoint"])
    return MappingProxyType(found)


@cache
def titles() -> Mapping[str, str]:
    """The name of each passage."""
    return MappingProxyType({row["passage"]: row["title"] for row in data.rows("sea_passages")})


@cache
def routes_from(iso3: str, closed: tuple[str, ...] = ()) -> Mapping[str, Route]:
    """The shortest routes from the coasts of a country to every point."""
    return MappingProxyType(routes(sea(), coasts()[iso3], closed))


def trades_by_land(one: str, other: str) -> bool:
    """Whether two countries are taken to trade by land."""
    return frozenset((one, other)) in _neighbours()


@cache
def _neighbours() -> frozenset[frozenset[str]]:
    """Pairs that trade by land: they share a border, or both belong to one network on land."""
    found = {frozenset((row["iso3"], row["neighbour"])) for row in data.rows("land_neighbours")}
    joined: dict[str, set[str]] = {}
    for row in data.rows("sea_coasts"):
        if row["land"]:
            joined.setdefault(row["land"], set()).add(row["iso3"])
    found |= {frozenset((one, other)) for those in joined.values() for one in those for other in those}
    return frozenset(found)


@cache
def mode_of(product: str) -> str:
    """How goods of a heading go that never go by ship; empty for all others."""
    modes = (row["mode"] for row in data.rows("transport_modes") if product.startswith(row["heading"]))
    return next(modes, "")
