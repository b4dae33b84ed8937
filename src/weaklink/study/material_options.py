"""What can be done for some materials, how much of it, at what cost, and what must hold of shares?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from weaklink.errors import RequestError
from weaklink.mitigation.measures import ON_GOODS, Catalogue, Measure, priced
from weaklink.mitigation.options import Option
from weaklink.mitigation.problem import Limit
from weaklink.mitigation.stocks import Terms, keeping_cost
from weaklink.study.material_shares import NOTHING, Asked, Deed, OnShare, replaced, share_limits
from weaklink.study.material_trade import Trade
from weaklink.trade.runs import Flags

MOST_SELLERS = 12  # others of whom each product can be bought, those that have most to sell
LEAST = 1e-3  # of a product's imports: who could sell less of it is left out

AUTHORITARIAN = "authoritarian"


@dataclass(frozen=True, slots=True, eq=False)
class Possible:
    """All that can be done: options with what each does and its measure; limits on amounts; what must be said.

    `shares` limit shares, by product and name; `rooms` what is there to be sold or replaced.
    """

    options: tuple[Option, ...]
    deeds: tuple[Deed, ...]
    measures: tuple[Measure, ...]
    shares: tuple[OnShare, ...]
    rooms: tuple[Limit, ...]
    notes: tuple[str, ...]

    def of_product(self, product: int) -> Flags:
        """Options of one product."""
        return np.array([deed.product == product for deed in self.deeds])


def possible(
    trade: Trade, asked: Asked, catalogue: Catalogue, costs: Mapping[str, float], spare: float
) -> Possible:
    """The options of a catalogue for some materials.

    `spare` is the share of a seller's exports that can be had where a measure states none. RequestError where the
    catalogue is in another money, or nothing of it can be used.
    """
    if (catalogue.currency, catalogue.money) != ("USD", "million"):
        raise RequestError(
            f"{catalogue.name} counts in {catalogue.money} {catalogue.currency}; measures for materials are in "
            "million "
            "USD, as the trade data are."
        )
    unknown = set(costs) - {measure.name for measure in catalogue.measure}
    if unknown:
        raise RequestError(
            f"--cost names {', '.join(sorted(unknown))}, which {catalogue.name} has not. It has: "
            f"{', '.join(measure.name for measure in catalogue.measure)}."
        )
    build = _Build(trade, asked, catalogue, costs, spare)
    found = list(build.options())
    if not found:
        raise RequestError(
            f"{catalogue.name} has no measure that can be used for these materials "
            f"({', '.join(sorted(ON_GOODS))}); {' '.join(build.notes)}"
        )
    options, deeds, measures = zip(*found, strict=True)
    return Possible(
        options,
        deeds,
        measures,
        tuple(share_limits(trade, asked, deeds)),
        tuple(_rooms(trade, options, deeds, build.most)),
        tuple(dict.fromkeys(build.notes)),
    )


class _Build:
    """Options product by product, with notes on what could not be priced."""

    def __init__(
        self, trade: Trade, asked: Asked, catalogue: Catalogue, costs: Mapping[str, float], spare: float
    ) -> None:
        self.trade, self.asked, self.catalogue, self.costs, self.spare = trade, asked, catalogue, costs, spare
        self.notes: list[str] = []
        self.most: dict[
            tuple[str, int, int], float
        ] = {}  # by what is changed, product and seller, all together
        named = [trade.flags(asked.countries(one.who)) for one in asked.limits]
        named = [one for one in named if not one[~trade.members].all()]  # a limit on everybody shuns nobody
        named = named or [trade.flags(asked.countries(AUTHORITARIAN))]
        self.shunned: Flags = np.logical_or.reduce([*named, trade.flags(asked.struck)])

    def options(self) -> Iterator[tuple[Option, Deed, Measure]]:
        for measure in self.catalogue.measure:
            if measure.changes not in ON_GOODS:
                continue
            if measure.unit_cost == "user" and measure.name not in self.costs:
                self.notes.append(
                    f"{measure.name} is left out: no cost of it can be cited. Give yours: --cost "
                    f"{measure.name}=VALUE, "
                    f"as a share of value."
                )
                continue
            cost, fixed = priced(measure, self.catalogue.discount_rate, self.costs)
            for product in range(len(self.trade.codes)):
                for deed, most, extra in self._deeds(measure, product):
                    if most > NOTHING:
                        unit_cost = self._unit_cost(measure, cost + extra)
                        option = Option(
                            measure.name,
                            self._where(deed),
                            measure.unit,
                            unit_cost,
                            most,
                            fixed,
                            measure.whole,
                        )
                        yield option, deed, measure

    def _unit_cost(self, measure: Measure, cost: float) -> float:
        if measure.changes != "stock":
            return cost
        return keeping_cost(1.0, 1.0, Terms(interest=self.catalogue.discount_rate, storage=cost)).total

    def _deeds(self, measure: Measure, product: int) -> Iterator[tuple[Deed, float, float]]:
        """What a measure can do for a product, how much at most, and what it costs beyond its own cost."""
        total = float(self.trade.total[product])
        share = 1.0 if measure.most_share is None else measure.most_share
        most = np.inf if measure.most is None else measure.most
        if measure.changes == "stock":
            yield Deed("stock", product), min(most, share * total), 0.0
            return
        for old in replaced(self.trade, self.asked, product):
            room = float(self.trade.bought[product, old])
            if measure.changes == "purchase":
                yield from self._purchases(measure, product, old, min(most, room))
            else:
                self.most[measure.changes, product, -1] = min(most, share * total)
                yield Deed(measure.changes, product, old), min(most, share * total, room), 0.0

    def _purchases(
        self, measure: Measure, product: int, old: int, most: float
    ) -> Iterator[tuple[Deed, float, float]]:
        trade = self.trade
        share = self.spare if measure.most_share is None else measure.most_share
        allowed = ~self.shunned
        if measure.where:
            allowed &= trade.flags([code for one in measure.where for code in self.asked.countries(one)])
        allowed[list(replaced(trade, self.asked, product))] = False
        offered = np.where(allowed, share * trade.sold[product], 0.0)
        least = LEAST * float(trade.total[product])
        largest = np.argsort(-offered, kind="stable")[:MOST_SELLERS]
        sellers = [int(new) for new in largest if offered[new] > least]
        premiums = {new: trade.premium(product, old, new) for new in sellers}
        known = [one for one in premiums.values() if not np.isnan(one)]
        for new, premium in premiums.items():
            if np.isnan(premium):
                if not known:
                    self.notes.append(
                        f"No price is known of {trade.codes[product]} elsewhere: no new suppliers of it."
                    )
                    continue
                self.notes.append(
                    f"Unit values of {trade.codes[product]} of {trade.countries[new]} are unreliable "
                    "(quantities missing "
                    "or far from others'): the median premium of the other sellers stands for its own."
                )
            self.most["purchase", product, new] = float(offered[new])
            extra = float(np.median(known)) if np.isnan(premium) else premium
            yield Deed("purchase", product, old, new), min(most, float(offered[new])), extra

    def _where(self, deed: Deed) -> str:
        trade = self.trade
        where = trade.codes[deed.product]
        if deed.new >= 0:
            where += f" from {trade.countries[deed.new]}"
        if deed.old >= 0:
            where += f" instead of {trade.countries[deed.old]}"
        return where


def _rooms(
    trade: Trade,
    options: Sequence[Option],
    deeds: Sequence[Deed],
    known: Mapping[tuple[str, int, int], float],
) -> Iterator[Limit]:
    """No more is replaced than a supplier sells, nor bought than a seller has, nor recovered or saved than there is."""
    groups: dict[tuple[str, int, int], list[int]] = {}
    for place, deed in enumerate(deeds):
        if deed.old >= 0:
            groups.setdefault(("old", deed.product, deed.old), []).append(place)
            groups.setdefault((deed.changes, deed.product, deed.new), []).append(place)
    for (kind, product, who), places in groups.items():
        code = trade.codes[product]
        if kind == "old":
            most, name = float(trade.bought[product, who]), f"what {trade.countries[who]} sells of {code}"
        else:
            most = known[kind, product, who]
            name = f"what {trade.countries[who]} can sell of {code}" if who >= 0 else f"{kind} of {code}"
        if len(places) > 1 and sum(options[place].most for place in places) > most:
            weights = np.zeros(len(deeds))
            weights[places] = 1.0
            yield Limit(name, weights, most)
