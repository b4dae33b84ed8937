"""How large a part of what an industry delivers abroad do the goods of a shock make? From trade to industries.

A shock names products; a lens of input-output tables knows industries. The share of an industry's deliveries that
a shock takes is the value of the products that its country ships over all that the industry delivers there, both of
the year of the table. What trade statistics value at the border and what tables value at the factory gate differ, so
that a share may come out above one; it is then taken as one, and said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from weaklink import data
from weaklink.accountstore import StoredTable
from weaklink.codes.countries import name
from weaklink.codes.industries import makers, sectors_making
from weaklink.errors import RequestError
from weaklink.flows import Flows
from weaklink.inputoutput.accounts import Accounts, Flags, Floats
from weaklink.provenance import Card
from weaklink.provision.sea import nearest
from weaklink.scenario.model import Shock
from weaklink.study.exposure_setting import REST
from weaklink.study.iotables import chosen
from weaklink.study.lens import Asked
from weaklink.study.passages import coasts, routes_from, trades_by_land
from weaklink.study.struck import Struck, said, struck, trade_data

Making: TypeAlias = Mapping[str, tuple[str, ...]]  # sectors of the table by the ISIC division that is in them
MILLION = 1e6  # tables are in million US dollars, trade in dollars
GOODS = range(1, 34)  # ISIC divisions whose products go over borders as goods


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """How far a shock reaches into the deliveries of industries, were its `lost` one.

    `share` has the shape (supplying region, sector, buying region) with the regions and sectors of the table in its
    order; the diagonal region = region is what stays at home. For a passage that closes it is what has no other
    way; `detour_nm` are the further nautical miles of what has one, in the shape (supplier, buyer), and
    `diverted` its share like `share`. Both are zero for other shocks.
    """

    share: Floats
    diverted: Floats
    detour_nm: Floats
    cards: tuple[Card, ...]
    caveats: tuple[str, ...]


def struck_share(asked: Asked, shock: Shock, stored: StoredTable | None = None) -> Reach:
    """The part of each industry's deliveries to each region that the goods, or the sectors, of a shock make.

    `stored` is the table of the lens; without, the embedded one. A shock that names sectors takes all of what these
    deliver; one that names products their part of it; to both, the products' part of these sectors only. Raises
    RequestError for a sector that the table lacks, or where nothing that the shock names is in the data.

    >>> from weaklink.scenario.library import chosen as scenario
    >>> from weaklink.study.losses import asked_for
    >>> asked = asked_for(scenario("china-rare-earths"), "NATO@2024-12-31")
    >>> found = struck_share(asked, asked.scenario.in_trade()[0])
    >>> found.share.shape, bool(0 < found.share.max() < 0.01)
    ((77, 11, 77), True)
    """
    held = stored or chosen("", None, None)
    table = held.accounts()
    sectors = sectors_making(table.sectors, held.card.nomenclature)
    if shock.target == "passage":
        return _through(table, sectors, struck(asked, shock))
    found = _of_products(table, sectors, asked, shock) if shock.products else _of_sectors(table, asked, shock)
    if not found.share.any():
        raise RequestError(
            f"scenario {asked.scenario.name}: nothing of the shock to {', '.join(shock.names)} is found in "
            f"{table.source}. Choose other products or suppliers, or --data with these products."
        )
    return found


def deliveries(table: Accounts) -> Floats:
    """What each industry delivers to each region, to industries and final demand: regions × sectors × regions."""
    count = len(table.regions)
    by_buyer = np.zeros((table.size, count))
    for place in range(count):
        by_buyer[:, place] = table.Z[:, table.region == place].sum(axis=1)
    by_buyer += table.Y
    found = np.zeros((count, len(table.sectors), count))
    np.add.at(found, (table.region, table.sector), by_buyer)
    return found


def _of_products(table: Accounts, sectors: Making, asked: Asked, shock: Shock) -> Reach:
    """Value of the goods over deliveries, at most one.

    What the goods make of deliveries at home is not in trade data: the mean over all buyers abroad stands for it.
    """
    opened = trade_data(asked)
    one = struck(asked, shock, opened)
    year = table.year if table.year in opened.years else asked.year
    cards = (*(snapshot.card for snapshot in opened.snapshots), data.card("hs_isic"))
    if not one.products:
        return _reach(np.zeros(_size(table)), cards, said(asked, one))
    flows = opened.flows((year,), products=one.products, quantities=False)
    hit = flows.flags(one.suppliers)[flows.exporter]
    if one.buyers:
        hit &= flows.flags(one.buyers)[flows.importer]
    value = _by_industry(table, flows.where(hit), _weights(table, sectors, flows.products, shock))
    abroad = ~np.eye(len(table.regions), dtype=np.bool_)[:, None, :]
    whole, value = deliveries(table) * MILLION, np.where(abroad, value, 0.0)
    over = int(np.count_nonzero(value > whole))
    value = np.minimum(value, np.maximum(whole, 0.0))
    share = _ratio(value, whole)
    if shock.target == "production":
        exported = np.where(abroad, whole, 0.0).sum(axis=2)
        share = np.where(abroad, share, _ratio(value.sum(axis=2), exported)[:, :, None])
    caveats = (*said(asked, one), *_of_value(table, year, over))
    return _reach(np.clip(share, 0.0, 1.0), cards, caveats)


def _of_sectors(table: Accounts, asked: Asked, shock: Shock) -> Reach:
    """All that the named sectors of the suppliers deliver abroad, and at home where their production fails."""
    one = struck(asked, shock)
    suppliers = np.array([region in one.suppliers for region in table.regions])
    buyers = np.array([not one.buyers or region in one.buyers for region in table.regions])
    pairs = suppliers[:, None] & buyers[None, :]
    if shock.target == "exports":
        pairs &= ~np.eye(len(table.regions), dtype=np.bool_)
    share = np.where(pairs[:, None, :], _named(table, shock)[None, :, None], 0.0).astype(np.float64)
    absent = [name(code) for code in one.suppliers if code not in table.regions]
    caveats = (
        (f"Without a row of their own in {table.source}, so not struck: {', '.join(absent[:8])}.",)
        if absent
        else ()
    )
    return _reach(share, (), caveats)


def _reach(share: Floats, cards: tuple[Card, ...], caveats: tuple[str, ...]) -> Reach:
    pairs = (share.shape[0], share.shape[2])
    return Reach(share, np.zeros_like(share), np.zeros(pairs), cards, caveats)


def _size(table: Accounts) -> tuple[int, int, int]:
    return len(table.regions), len(table.sectors), len(table.regions)


def _ratio(above: Floats, below: Floats) -> Floats:
    found: Floats = np.divide(above, below, out=np.zeros_like(below), where=below > 0)
    return found


def _weights(table: Accounts, sectors: Making, products: Sequence[str], shock: Shock) -> Floats:
    """Which share of each product each sector makes: products × sectors.

    Where the shock names sectors these alone make it; one that no rule joins to them is made by all in equal parts.
    """
    weights = np.zeros((len(products), len(table.sectors)))
    for place, product in enumerate(products):
        for made in makers(product):
            held = sectors.get(made.isic, ())
            for sector in held:
                weights[place, table.sectors.index(sector)] += made.weight / len(held)
    if not shock.sectors:
        return weights
    named = _named(table, shock).astype(np.float64)
    inside = weights * named
    whole = inside.sum(axis=1, keepdims=True)
    return np.where(whole > 0, inside / np.where(whole > 0, whole, 1.0), named / named.sum())


def _by_industry(table: Accounts, flows: Flows, weights: Floats) -> Floats:
    """The value of flows by supplying region, sector and buying region, in dollars."""
    places = _regions(table, flows.countries)
    known = flows.where((places[flows.exporter] >= 0) & (places[flows.importer] >= 0))
    value = np.zeros(_size(table))
    for sector in np.flatnonzero(weights.any(axis=0)):
        part = known.value_usd * weights[known.product, sector]
        np.add.at(value, (places[known.exporter], sector, places[known.importer]), part)
    return value


def _regions(table: Accounts, countries: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """The region of each country; its rest of the world where it has no own, -1 where the table has no rest."""
    rest = table.regions.index(REST) if REST in table.regions else -1
    place = {region: index for index, region in enumerate(table.regions)}
    return np.array([place.get(code, rest) for code in countries], dtype=np.int64)


def _named(table: Accounts, shock: Shock) -> Flags:
    """Which sectors a shock names; all where it names none."""
    if not shock.sectors:
        return np.ones(len(table.sectors), dtype=np.bool_)
    table.in_sectors(shock.sectors)  # refuses unknown ones
    return np.array([sector in shock.sectors for sector in table.sectors], dtype=np.bool_)


def _through(table: Accounts, sectors: Making, one: Struck) -> Reach:
    """What goes through passages: all goods between two regions whose shortest sea route does, and no land way."""
    count = len(table.regions)
    lost, diverted, detour = (np.zeros((count, count)) for _ in range(3))
    for seller, first in enumerate(table.regions):
        for buyer, second in enumerate(table.regions):
            usual, other = _ways(first, second, one.passages)
            if usual is None:
                continue
            if other is None:
                lost[seller, buyer] = 1.0
            else:
                diverted[seller, buyer], detour[seller, buyer] = 1.0, other - usual
    makes_goods = {sector for number in GOODS for sector in sectors.get(f"{number:02d}", ())}
    goods = np.array([float(sector in makes_goods) for sector in table.sectors])[None, :, None]
    caveats = (
        "All goods between two countries whose shortest sea route passes are taken to pass: what goes by air is not "
        "known by industry, and pairs that trade by land are left out.",
        "Routes to and from the rest of the world, which is no single place, are not known; nothing of it is struck.",
    )
    return Reach(
        lost[:, None, :] * goods,
        diverted[:, None, :] * goods,
        detour,
        (data.card("sea_legs"), data.card("sea_coasts"), data.card("land_neighbours")),
        caveats,
    )


def _ways(first: str, second: str, passages: tuple[str, ...]) -> tuple[int | None, int | None]:
    """Length of the usual route if it goes through a closed passage, and of the one left, in nautical miles."""
    if first == second or not {first, second} <= coasts().keys() or trades_by_land(first, second):
        return None, None
    usual = nearest(routes_from(second), coasts()[first])
    if usual is None or not set(usual.passages) & set(passages):
        return None, None
    other = nearest(routes_from(second, passages), coasts()[first])
    return usual.nautical_miles, other.nautical_miles if other else None


def _of_value(table: Accounts, year: int, over: int) -> Iterator[str]:
    yield (
        f"The goods of the shock are taken as their share in what an industry delivers: trade of {year} over the table "
        f"of {table.year}. A sector is broad, so that what its other goods do is not changed by the shock."
    )
    if year != table.year:
        yield f"The trade data have no year {table.year}, that of the table; trade of {year} stands for it."
    if over:
        yield f"In {over:,} places the goods are worth more than all deliveries of the table, and count as all of them."
