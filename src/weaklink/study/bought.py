"""Which purchases does a scenario strike, and by how much? From flows to what the lens of goods takes.

A shock to exports or production takes the flows of its suppliers, and a part of what third countries that buy from
them sell on. A passage that closes takes the flows whose shortest sea route leads through it: those without another
way are lost while it is closed, the others come later by the length of the detour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from weaklink import data as embedded
from weaklink.blocs.expression import resolve
from weaklink.codes.countries import UNIDENTIFIED
from weaklink.errors import RequestError
from weaklink.flows import Flows
from weaklink.provenance import Card
from weaklink.scenario.model import Scenario
from weaklink.scenario.on_network import out_of_service
from weaklink.shortfall.market import Figures
from weaklink.shortfall.purchases import Flags, Late, Purchases, Strike
from weaklink.study.datasets import Data
from weaklink.study.detours import detours
from weaklink.study.lens import Asked
from weaklink.study.struck import Struck, said, struck, trade_data

DAYS_OF_YEAR = 365
SOME_DAY = date(2001, 1, 1)  # stands for the first day where no shock has a date


@dataclass(frozen=True, slots=True, eq=False)
class Bought:
    """Purchases of the members with what a scenario strikes of them, and what they are.

    `products` are codes, `members` those importers that the data know, in the order of the numbers in `purchases`;
    `base` is what each member imports of the products in a year, in dollars, and `coverage` the share of it of which
    the supplier is known.
    """

    purchases: Purchases
    data: Data
    products: tuple[str, ...]
    members: tuple[str, ...]
    base: Figures
    coverage: float
    cards: tuple[Card, ...]
    caveats: tuple[str, ...]


def bought(asked: Asked) -> Bought:
    """Read the flows of a scenario's products and strike them.

    RequestError where the scenario strikes nothing in trade, or nothing of it is in the data.
    """
    shocks = asked.scenario.in_trade()
    if not shocks:
        raise RequestError(
            f"scenario {asked.scenario.name} strikes no exports, production or passage: the lens of goods reads those."
        )
    opened = trade_data(asked)
    hits = [struck(asked, shock, opened) for shock in shocks]
    flows = _flows(asked, opened, hits)
    traders = opened.traders(asked.year)
    members = tuple(code for code in asked.members if code in traders)
    if not members:
        raise RequestError(f"the trade data of {asked.year} have no flows of {asked.importer}.")
    closures = [place for place, one in enumerate(hits) if one.passages]
    taken = np.array([_takes(flows, one) for one in hits])
    closed, detour = _closed(flows, hits)
    for place, through in zip(closures, closed, strict=True):
        taken[place] = through
    daily = flows.value_usd / DAYS_OF_YEAR
    cells = _Cells.of(flows, members, asked.scenario, taken, _via_hubs(flows, hits, taken))
    strikes = tuple(_strikes(cells, flows, hits, taken, detour, daily))
    unstruck = ~(taken.any(axis=0) | _of_struck_suppliers(flows, hits))
    urgent = asked.scenario.response.urgent
    served_first = resolve(urgent, year=asked.year).countries if urgent else ()
    purchases = Purchases(
        product=cells.product,
        member=cells.member,
        use=cells.added(daily),
        world=_sums(flows.product, daily, len(flows.products)),
        others=_sums(flows.product[unstruck], daily[unstruck], len(flows.products)),
        urgent=np.array([members[place] in served_first for place in cells.member], dtype=np.bool_),
        strikes=strikes,
        force=force(asked.scenario),
        pooled=pooled(asked.scenario),
    )
    base, coverage = _imports(flows, members)
    return Bought(
        purchases,
        opened,
        flows.products,
        members,
        base,
        coverage,
        (*(one.card for one in opened.snapshots), *_cards(hits)),
        tuple(dict.fromkeys(_caveats(asked, hits, opened, coverage))),
    )


def pooled(scenario: Scenario) -> bool:
    """Whether members share their shortages alike: only where the file says so, since stocks are national."""
    return scenario.response.sharing == "equal" and "sharing" in scenario.response.model_fields_set


def force(scenario: Scenario) -> Figures:
    """How much of each shock in trade is in force on each day of the scenario: shocks × days."""
    shocks = scenario.in_trade()
    start = min((shock.first_day for shock in shocks if shock.first_day), default=SOME_DAY)
    days = [start + timedelta(number) for number in range(scenario.days)]
    return np.array([out_of_service(days, shock) for shock in shocks])


def _flows(asked: Asked, opened: Data, hits: Sequence[Struck]) -> Flows:
    """The flows of all products that any shock strikes; of every product where a passage closes."""
    every = any(one.passages for one in hits)
    products = () if every else tuple(sorted({code for one in hits for code in one.products}))
    if not every and not products:
        missing = ", ".join(code for one in hits for code in one.missing)
        if not missing:
            raise RequestError(
                f"scenario {asked.scenario.name} names sectors but no products, which the lens of goods reads."
            )
        raise RequestError(
            f"scenario {asked.scenario.name}: the trade data have none of the products {missing}. Name data of your "
            "own that have them: --data NAME (weaklink data add FILE)."
        )
    flows = opened.flows((asked.year,), products=products, quantities=False)
    if not len(flows):
        raise RequestError(
            f"scenario {asked.scenario.name}: nobody traded {', '.join(products)} in {asked.year}, says "
            f"{opened.snapshots[0].card.name}. Choose another --year, or --data with these products."
        )
    return flows


def _takes(flows: Flows, one: Struck) -> Flags:
    """Which flows a shock to exports or production takes."""
    products = _flagged(flows, one)
    found = flows.flags(one.suppliers)[flows.exporter] & products[flows.product]
    if one.buyers:
        found &= flows.flags(one.buyers)[flows.importer]
    return np.asarray(found & (flows.importer != flows.exporter))


def _flagged(flows: Flows, one: Struck) -> Flags:
    """Which products of the dictionary a shock strikes."""
    wanted = frozenset(one.products)
    return np.array([code in wanted for code in flows.products], dtype=np.bool_)


def _closed(flows: Flows, hits: Sequence[Struck]) -> tuple[list[Flags], Figures]:
    """Which flows each closure takes, and the detour of every flow in nautical miles, infinite without another way.

    Where several passages close, the other way is one that uses none of them.
    """
    closing = [one.passages for one in hits if one.passages]
    if not closing:
        return [], np.zeros(len(flows))
    ways = detours(flows, frozenset(passage for passages in closing for passage in passages))
    return [ways.through(passages) for passages in closing], ways.nautical_miles


def _via_hubs(flows: Flows, hits: Sequence[Struck], taken: npt.NDArray[np.bool_]) -> Figures:
    """The share of each flow that its seller may only pass on from what a shock takes: shocks × flows.

    Of a third country's exports of a product at most that share is struck which its struck purchases make of its
    imports, or of its exports where these are larger.
    """
    places = len(flows.countries)
    bought_at = flows.product.astype(np.int64) * places + flows.importer
    sold_at = flows.product.astype(np.int64) * places + flows.exporter
    size = len(flows.products) * places
    value = flows.value_usd.astype(np.float64)
    most = np.maximum(_sums(bought_at, value, size), _sums(sold_at, value, size))
    shares = np.zeros(taken.shape)
    for place, one in enumerate(hits):
        if one.passages:
            continue
        got = _sums(bought_at[taken[place]], value[taken[place]], size)
        share = np.divide(got, most, out=np.zeros(size), where=most > 0)
        third = ~flows.flags(one.suppliers)[flows.exporter]
        shares[place] = np.where(third, share[sold_at], 0.0)
    return shares


def _of_struck_suppliers(flows: Flows, hits: Sequence[Struck]) -> Flags:
    """Flows of suppliers of whom any shock takes exports of the product, be it to somebody else."""
    found = np.zeros(len(flows), dtype=np.bool_)
    for one in hits:
        if not one.passages:
            products = _flagged(flows, one)
            found |= flows.flags(one.suppliers)[flows.exporter] & products[flows.product]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """The cells: `of_flow` is that of each flow, -1 for flows to others; `via` as `_via_hubs`."""

    product: npt.NDArray[np.int64]
    member: npt.NDArray[np.int64]
    of_flow: npt.NDArray[np.int64]
    via: Figures

    @classmethod
    def of(
        cls,
        flows: Flows,
        members: tuple[str, ...],
        scenario: Scenario,
        taken: npt.NDArray[np.bool_],
        via: Figures,
    ) -> _Cells:
        """Pairs of product and member of which anything is struck; where members share alike, of all products."""
        numbers = {code: number for number, code in enumerate(members)}
        member = np.array([numbers.get(code, -1) for code in flows.countries], dtype=np.int64)[flows.importer]
        key = flows.product.astype(np.int64) * len(members) + member
        counts = (member >= 0) & (flows.value_usd > 0)
        hit = counts if pooled(scenario) else counts & (taken.any(axis=0) | (via > 0).any(axis=0))
        kept = np.unique(key[hit])
        place = np.searchsorted(kept, key)
        held = counts & (place < len(kept))
        held[held] = kept[place[held]] == key[held]
        return cls(kept // len(members), kept % len(members), np.where(held, place, -1), via)

    def added(self, daily: Figures) -> Figures:
        """Sums of figures of flows by cell."""
        inside = self.of_flow >= 0
        return _sums(self.of_flow[inside], daily[inside], len(self.product))


def _strikes(
    cells: _Cells,
    flows: Flows,
    hits: Sequence[Struck],
    taken: npt.NDArray[np.bool_],
    detour: Figures,
    daily: Figures,
) -> Iterator[Strike]:
    """One strike for each set of shocks that take the same flows, late ones apart; and one for each shock's hubs."""

    def by_product(amount: Figures) -> Figures:
        return _sums(flows.product, amount, len(flows.products))

    closing = np.array([bool(one.passages) for one in hits])
    late = taken[closing].any(axis=0) & np.isfinite(detour)
    every = np.vstack([taken, late])
    code = (every.astype(np.int64) << np.arange(len(every))[:, None]).sum(axis=0)  # one bit for each shock
    for pattern in np.unique(code[taken.any(axis=0)]):
        inside = code == pattern
        bits = (int(pattern) >> np.arange(len(every))) & 1 == 1
        shocks, closures = (
            tuple(int(one) for one in np.flatnonzero(bits[:-1] & which)) for which in (~closing, closing)
        )
        amount = np.where(inside, daily, 0.0)
        by_cell, world = cells.added(amount), by_product(amount)
        delayed = _late(cells, flows, inside, detour, daily) if bits[-1] else None
        if by_cell.any() or world.any():
            yield Strike(shocks, closures, by_cell, world, delayed)
    for shock in np.flatnonzero(~closing):
        amount = daily * cells.via[shock]
        if amount.any():
            yield Strike((int(shock),), (), cells.added(amount), by_product(amount), by_hubs=True)


def _late(cells: _Cells, flows: Flows, inside: Flags, detour: Figures, daily: Figures) -> tuple[Late, Late]:
    mine = inside & (cells.of_flow >= 0)
    return (
        Late.of(cells.of_flow[mine], detour[mine], daily[mine], len(cells.product)),
        Late.of(flows.product[inside].astype(np.int64), detour[inside], daily[inside], len(flows.products)),
    )


def _imports(flows: Flows, members: tuple[str, ...]) -> tuple[Figures, float]:
    """What each member imports in a year, and the share of it of which the supplier is known."""
    value = flows.value_usd.astype(np.float64)
    by_country = _sums(flows.importer, value, len(flows.countries))
    place = {code: number for number, code in enumerate(flows.countries)}
    base = np.array([by_country[place[code]] if code in place else 0.0 for code in members])
    unknown = flows.flags((UNIDENTIFIED,))[flows.exporter] & flows.flags(members)[flows.importer]
    return base, 1 - float(value[unknown].sum()) / base.sum() if base.sum() else 1.0


def _sums(place: npt.NDArray[np.integer], amount: Figures, size: int) -> Figures:
    """Sums of amounts by place."""
    return np.bincount(place, amount, size).astype(np.float64)


def _cards(hits: Sequence[Struck]) -> Iterator[Card]:
    if any(one.passages for one in hits):
        for name in ("sea_legs", "sea_coasts", "land_neighbours", "transport_modes"):
            yield embedded.card(name)


def _caveats(asked: Asked, hits: Sequence[Struck], opened: Data, coverage: float) -> Iterator[str]:
    for one in hits:
        yield from said(asked, one)
    if coverage < 1:
        yield f"Suppliers are known of {coverage:.1%} of the imports; what comes from unknown ones is not struck."
    yield (
        "Imports are counted at every member that buys: goods that one member passes on to another are missing at both."
    )
    if any(one.shock.target == "production" for one in hits):
        yield "What a failure of production takes at home is not in trade data; only its exports are."
    if any(one.shock.sectors and not one.shock.products for one in hits):
        yield "Shocks that name sectors but no products are not seen by the lens of goods."
    if any(one.passages for one in hits):
        yield "Which way goods come is inferred from the shortest sea route, not observed."
        yield from embedded.card("sea_legs").caveats
    yield from (caveat for one in opened.snapshots for caveat in one.card.caveats)
