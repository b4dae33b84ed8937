"""How concentrated is the supply of a material that a user states, weighted by governance and barriers to trade?

Three origins, the first that there is: the user's own figure, the user's shares, World Mining Data.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from weaklink.blocs.expression import Bloc
from weaklink.errors import Problem, SourceError
from weaklink.minerals.governance import rated_share, weighted_herfindahl
from weaklink.sources.supply_risk import Material, Statement, Supply
from weaklink.study.production import governance_weights, named, production, stages
from weaklink.trade import concentration
from weaklink.trade.concentration import ratio
from weaklink.trade.runs import Figures

FILE, SHARES, MINING = "file", "shares", "World Mining Data"


@dataclass(frozen=True, slots=True)
class Concentration:
    """A weighted concentration of supply, 0 to 15, not-a-number where it is not known.

    `origin` is FILE, SHARES or MINING, empty where there is none. `coverage` is the share of supply from
    countries with a governance estimate, not-a-number for a figure that the user states.
    """

    index: float
    origin: str
    coverage: float


@dataclass(frozen=True, slots=True)
class Weighting:
    """How suppliers count: by the governance of `year`, and by `partner_factor` where they are partners.

    The user's own barriers go before `partner_factor`. Below `floor`, the least coverage, a concentration is
    not given.
    """

    stated: Statement
    year: int
    partners: Bloc | None
    partner_factor: float
    floor: float

    def weights(self, row: Material, supply: Supply, countries: Sequence[str]) -> Figures:
        """Weight of each country in the supply of a material: governance times trade parameter."""
        barriers = {
            barrier.iso3: barrier.factor
            for barrier in self.stated.barriers
            if (barrier.material, barrier.stage, barrier.supply) == (row.material, row.stage, supply)
        }
        friends = self.partners.countries if self.partners else ()
        factors = [barriers.get(iso3, self.partner_factor if iso3 in friends else 1.0) for iso3 in countries]
        weights: Figures = governance_weights(countries, self.year) * np.array(factors)
        return weights


def concentration_of(row: Material, supply: Supply, weighting: Weighting) -> Concentration:
    """The concentration of one supply, global or the importer's own, of a material at a stage.

    Raises SourceError where the row names a mineral that World Mining Data does not have, or counts at the
    other stage.
    """
    stated = row.global_herfindahl if supply == "global" else row.importer_herfindahl
    if not math.isnan(stated):
        return Concentration(stated, FILE, math.nan)
    parts = [
        part
        for part in weighting.stated.shares
        if (part.material, part.stage, part.supply) == (row.material, row.stage, supply)
    ]
    if parts:
        weights = weighting.weights(row, supply, [part.iso3 for part in parts])
        shares = np.array([part.share for part in parts])
        return _given(shares, weights, float(rated_share(shares, weights)), SHARES, weighting.floor)
    if supply == "global" and row.mineral:
        return _of_mining(row, weighting)
    return Concentration(math.nan, "", math.nan)


def _of_mining(row: Material, weighting: Weighting) -> Concentration:
    """The concentration of the world's production, as World Mining Data has it."""
    mined = production(weighting.year)
    item = mined.minerals.index(_mineral(row, weighting.stated.sheets[0].file))
    amount = mined.amount[item]
    weights = weighting.weights(row, "global", mined.countries)
    rated = amount[~np.isnan(weights)].sum()
    coverage = float(ratio(rated, amount.sum() + mined.unknown[item]))
    return _given(concentration.shares(amount), weights, coverage, MINING, weighting.floor)


def _given(shares: Figures, weights: Figures, coverage: float, origin: str, floor: float) -> Concentration:
    index = float(weighted_herfindahl(shares, weights)) if coverage >= floor else math.nan
    return Concentration(index, origin, coverage)


def _mineral(row: Material, file: str) -> str:
    """The one mineral that a row names; SourceError where it is not one, or is counted at another stage."""
    found = named(row.mineral)
    if len(found) > 1:
        expected, remedy = "one mineral of World Mining Data", f"Write one of {', '.join(found)}."
    elif stages()[found[0]] != row.stage:
        expected = f"counted at the stage {row.stage} by World Mining Data"
        remedy = f"It counts {found[0]} at {stages()[found[0]]}: state shares of your own for {row.stage}."
    else:
        return found[0]
    raise SourceError([Problem(file, row.line, "mineral", row.mineral, expected, remedy)])
