"""Who could supply more of a product instead of a supplier that we want to lean on less?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Unpack

import numpy as np

from weaklink import data, tables
from weaklink.blocs.expression import Bloc, resolve
from weaklink.codes.countries import UNIDENTIFIED, name
from weaklink.errors import RequestError, WeaklinkError
from weaklink.inputoutput.coefficients import averaged
from weaklink.inputoutput.reliance import reliance
from weaklink.mitigation.candidates import Candidate, ranked, reasons
from weaklink.provenance import Card, Provenance
from weaklink.provision.sea import nearest
from weaklink.result import Result, tabulated
from weaklink.scenario.parameters import usual
from weaklink.study import caveats
from weaklink.study.exposure_products import Join
from weaklink.study.exposure_setting import ExposureQuestion
from weaklink.study.exposure_setting import set_up as set_up_table
from weaklink.study.material_trade import MILLION, Trade, trade
from weaklink.study.passages import coasts, routes_from, trades_by_land
from weaklink.study.production import estimates
from weaklink.study.question import Options, Question
from weaklink.study.setting import Setting, regime_class
from weaklink.trade.runs import Figures, Places
from weaklink.trade.substitutes import Sales, sales

YEARS = 5  # over which growth is taken


def candidates(
    importer: str,
    year: int,
    instead_of: str,
    *,
    among: str = "world",
    least_stability: float | None = None,
    **options: Unpack[Options],
) -> Result:
    """Countries that could supply more of each product in place of `instead_of`, in order, each with the reasons.

    `among` is a bloc expression of those who may; the old supplier never does. With `least_stability` countries whose
    political stability is lower, or unknown, are left out. The columns are declared in `weaklink.tables.CANDIDATES`.
    Raises as `screen` does, and RequestError where no product is named or nobody is left.

    >>> row = candidates("NATO@2024-12-31", 2024, "CHN", product="280530", among="world - authoritarian").records()[0]
    >>> row["candidate"], row["rank"], row["passing_on"] < 0.5
    ('AUS', 1, True)
    """
    question = replace(Question(importer, year, **options), suppliers=instead_of)
    if not question.product:
        raise RequestError("Say of which product: --product 280530, or several with commas.")
    search = _search(question, among)
    rows = [
        row for product in range(len(search.trade.codes)) for row in _rows(search, product, least_stability)
    ]
    if not rows:
        raise RequestError(
            f"nobody of {among} but {instead_of} exports {question.product} in the data of {year}, or "
            "stability was asked "
            "for that nobody has. Widen --among, or lower --least-stability."
        )
    said = (*_caveats(search, least_stability), *caveats.of_setting(search.trade.setting))
    return Result(
        tables.CANDIDATES, tabulated(tables.CANDIDATES, rows), tuple(dict.fromkeys(said)), _provenance(search)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """All that is known of who sells: money in dollars, rows products, columns countries.

    `look_through` is by product and country, absent where the table does not say; `unread` why there is none.
    """

    trade: Trade
    sold: Sales
    before: Mapping[tuple[str, str], float]
    imports: Figures
    from_old: Figures
    old: Bloc
    among: Bloc
    spare: float
    look_through: Mapping[tuple[str, str], float]
    cards: tuple[Card, ...]
    unread: str

    @property
    def setting(self) -> Setting:
        """The question with its data."""
        return self.trade.setting


def _search(question: Question, among: str) -> _Search:
    traded = trade(question)
    setting = traded.setting
    case = setting.case_in(question.year, "value")
    flows = case.flows
    width, size = len(flows.countries), len(case.codes) * len(flows.countries)
    at = case.market.entries.item * width + flows.importer
    value = flows.value_usd.astype(float)
    of_old = flows.flags(setting.group.countries)[flows.exporter]
    through, cards, unread = _look_through(question, traded)
    return _Search(
        trade=traded,
        sold=sales(flows, case.members, "value"),
        before=_exports_before(setting, question.year - YEARS),
        imports=np.bincount(at, value, size).astype(float).reshape(-1, width),
        from_old=np.bincount(at[of_old], value[of_old], size).astype(float).reshape(-1, width),
        old=setting.group,
        among=resolve(among, year=question.year),
        spare=usual("goods")["spare"].likely,
        look_through=through,
        cards=cards,
        unread=unread,
    )


def _exports_before(setting: Setting, year: int) -> dict[tuple[str, str], float]:
    """Exports outside the importer some years before, by product and country; none where the data do not go back."""
    if year not in setting.data.years:
        return {}
    case = setting.case_in(year, "value")
    found = sales(case.flows, case.members, "value").outside
    return {
        (case.codes[row], case.flows.countries[column]): float(found[row, column])
        for row, column in np.argwhere(found > 0)
    }


def _look_through(
    question: Question, traded: Trade
) -> tuple[dict[tuple[str, str], float], tuple[Card, ...], str]:
    """The old supplier's share in the value of what making industries produce, by product and country."""
    try:
        asked = set_up_table(ExposureQuestion(question.importer, suppliers=question.suppliers))
    except WeaklinkError as error:
        return {}, (), str(error)
    accounts = asked.accounts
    share = reliance(accounts, [asked.group], basis="value_added", solver=asked.solver).look_through
    found = {}
    for code in traded.codes:
        makers = tuple(Join(asked, (code,), {}, None, ()).weights)
        making = accounts.in_sectors(makers)
        for region in accounts.regions if makers else ():
            rows = accounts.flags((region,)) & making
            found[code, region] = float(averaged(accounts, share, rows)[0])
    return found, (asked.stored.card, data.card("hs_isic")), ""


def _rows(search: _Search, product: int, least: float | None) -> Iterator[dict[str, Any]]:
    traded, year = search.trade, search.setting.question.year
    code, old = traded.codes[product], ", ".join(search.old.countries)
    olds = traded.flags(search.old.countries) & ~traded.members
    needed = float(traded.bought[product, olds].sum()) * MILLION
    known = estimates(_stability_year(year))
    possible = [
        _candidate(search, product, column, known)
        for column in np.flatnonzero(search.sold.outside[product] > 0).tolist()
        if _may(search, traded.countries[column], known, least)
    ]
    for rank, one in enumerate(ranked(possible, search.spare), start=1):
        place = traded.place(one.country)
        yield {
            "product": code,
            "label": traded.labels[product],
            "rank": rank,
            "candidate": one.country,
            "candidate_name": name(one.country),
            "role": "member" if traded.members[place] else "other",
            "regime": regime_class(one.country, year),
            "needed_usd": round(needed),
            "exports_outside_usd": round(one.exports),
            "own_exports_usd": round(one.own),
            "independent_usd": round(one.independent(search.spare)),
            "cover": one.independent(search.spare) / needed if needed > 0 else None,
            "exports_to_members_usd": int(search.sold.inside[product, place]),
            "growth": one.growth,
            "old_share": one.old_share,
            "passing_on": one.passing_on,
            "look_through": one.look_through,
            "premium": one.premium,
            "nautical_miles": one.miles,
            "stability": one.stability,
            "reasons": reasons(one, old if len(old) < 12 else "the old suppliers", needed, search.spare),
        }


def _stability_year(year: int) -> int:
    """The year of the estimates: the one asked, or the last before it."""
    known = data.card("political_stability").years
    return max((one for one in known if one <= year), default=known[0])


def _may(search: _Search, country: str, known: Mapping[str, float], least: float | None) -> bool:
    if country == UNIDENTIFIED or country in search.old.countries or country not in search.among.countries:
        return False
    return least is None or known.get(country, -math.inf) >= least


def _candidate(search: _Search, product: int, column: int, known: Mapping[str, float]) -> Candidate:
    traded = search.trade
    code, country = traded.codes[product], traded.countries[column]
    exports, imports = float(search.sold.outside[product, column]), float(search.imports[product, column])
    before = search.before.get((code, country), 0.0)
    olds = np.flatnonzero(traded.flags(search.old.countries) & ~traded.members)
    largest = int(max(olds, key=lambda one: float(traded.bought[product, one]), default=-1))
    return Candidate(
        country,
        exports,
        float(search.sold.own[product, column]),
        imports,
        float(search.from_old[product, column]) / imports if imports > 0 else 0.0,
        search.look_through.get((code, country), math.nan),
        (exports / before) ** (1 / YEARS) - 1 if before > 0 else math.nan,
        _miles(_buyer(traded, product, olds), country),
        traded.premium(product, largest, column) if largest >= 0 else math.nan,
        known.get(country, math.nan),
    )


def _buyer(traded: Trade, product: int, olds: Places) -> str:
    """The member that buys most of the old suppliers: to it the way is measured."""
    amounts = traded.by_member[product][:, olds].sum(axis=1)
    return traded.member_codes[int(np.argmax(amounts))]


def _miles(buyer: str, seller: str) -> float:
    """The shortest way by sea; 0 by land or at home, not-a-number where none is known."""
    if buyer == seller or trades_by_land(buyer, seller):
        return 0.0
    if not {buyer, seller} <= coasts().keys():
        return math.nan
    way = nearest(routes_from(buyer), coasts()[seller])
    return math.nan if way is None else float(way.nautical_miles)


def _caveats(search: _Search, least: float | None) -> Iterator[str]:
    yield (
        f"Ranked by what a country can add that does not rest on the old supplier: {search.spare:.0%} of its "
        "own exports "
        "(the likely spare share of the lens of goods), less the part that may be the old supplier's. Growth, price, "
        "distance and stability are shown and not weighed: they filter and explain."
    )
    yield (
        "What a country imports is taken to be exported first, so own exports are a lower bound. That more "
        "can be had, at "
        "this price and grade, these data do not say."
    )
    yield (
        "The way is the shortest by sea to the member that buys most of the old supplier; look-through is of whole "
        "industries, of which the product is a small part."
    )
    year = search.setting.question.year
    if _stability_year(year) != year:
        yield f"Political stability is that of {_stability_year(year)}, the last that is embedded."
    if search.unread:
        yield f"No look-through: {search.unread}"
    if not search.before:
        yield f"No growth: the data do not go {YEARS} years back."
    if search.among.undated:
        yield f"{search.among.expression} is taken as of 31 December of the year ({search.among.canonical})."
    if least is not None:
        yield f"Left out: countries with a political stability below {least:g}, or unknown."


def _provenance(search: _Search) -> Provenance:
    basic = search.setting.provenance()
    cards = (*basic.cards, *search.cards, data.card("political_stability"), data.card("sea_legs"))
    return replace(
        basic,
        cards=cards,
        parameters={**basic.parameters, "among": search.among.expression, "spare": str(search.spare)},
        blocs={**basic.blocs, search.among.canonical: search.among.countries},
    )
