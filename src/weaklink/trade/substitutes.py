"""Who already sells what we buy elsewhere, to whom, and how much of it can it not merely have passed on?"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from weaklink.flows import UNKNOWN_KG, Flows
from weaklink.trade.concentration import ratio
from weaklink.trade.entries import Measure, items, starts
from weaklink.trade.runs import Amounts, Figures, Flags, summed


@dataclass(frozen=True, slots=True)
class Sales:
    """What each country sells of each item: items × countries, in one measure.

    `outside` goes to buyers outside the bloc, identified or not; `inside` to its members. `own` is the least
    part of `outside` that the seller cannot only have passed on: its exports less all that it imports itself,
    never more than `outside`. `outside_usd` is the value of `outside`, `known_usd` the part of that value whose
    amount is known in the measure.
    """

    outside: Amounts
    inside: Amounts
    own: Amounts
    outside_usd: Amounts
    known_usd: Amounts


def sales(flows: Flows, members: Flags, measure: Measure) -> Sales:
    """What every country sells of every item; an unknown quantity counts as nothing and shows in `known_usd`."""
    known = np.full(len(flows), True) if measure == "value" else flows.quantity_kg != UNKNOWN_KG
    amount = np.where(known, flows.value_usd if measure == "value" else flows.quantity_kg, 0)
    inside = members[flows.importer]

    def by_seller(amounts: Amounts, where: Flags) -> Amounts:
        return _by_country(flows, flows.exporter, amounts, where)

    outside = by_seller(amount, ~inside)
    sold, bought = by_seller(amount, known), _by_country(flows, flows.importer, amount, known)
    return Sales(
        outside=outside,
        inside=by_seller(amount, inside),
        own=np.minimum(outside, np.maximum(sold - bought, 0)),
        outside_usd=by_seller(flows.value_usd, ~inside),
        known_usd=by_seller(flows.value_usd, ~inside & known),
    )


def joint(sold: Sales, sellers: Flags) -> Sales:
    """The sales of some countries added up: one element per item instead of one per country."""
    return Sales(*(getattr(sold, field.name)[:, sellers].sum(axis=-1) for field in fields(Sales)))


def known(sold: Sales, floor: float) -> Flags:
    """Whether at least `floor` of the value that goes outside has a known amount; nothing sold lacks nothing."""
    return sold.known_usd >= floor * sold.outside_usd


def cover(sold: Sales, needed: Amounts, floor: float) -> Figures:
    """Sales outside the bloc over what it needs: from 1 on they would be enough, were they all sold to it.

    `needed` is in the measure of the sales. Not-a-number where nothing is needed or too little is known.
    """
    return np.where(known(sold, floor), ratio(sold.outside, needed), np.nan)


def cover_low(sold: Sales, needed: Amounts, floor: float) -> Figures:
    """As `cover`, counting only what the sellers cannot merely have passed on."""
    return np.where(known(sold, floor), ratio(sold.own, needed), np.nan)


def _by_country(flows: Flows, country: npt.NDArray[np.int16], amounts: Amounts, where: Flags) -> Amounts:
    """Sums of the chosen flows by item and country."""
    shape = (len(starts(flows)), len(flows.countries))
    cell = items(flows) * shape[1] + country
    return summed(cell[where], amounts[where], shape[0] * shape[1]).reshape(shape)
