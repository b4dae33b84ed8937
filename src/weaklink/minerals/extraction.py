"""How concentrated is the production of each mineral, and how much of it is in which hands?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from weaklink.minerals.governance import weighted_herfindahl
from weaklink.trade import concentration
from weaklink.trade.concentration import ratio
from weaklink.trade.runs import Amounts, Figures, Flags, Runs


@dataclass(frozen=True, slots=True)
class Production:
    """What was produced where in one year, each mineral in its own unit.

    `amount` is the known production of each country, minerals × countries, and `estimated` the part of it that
    the source has estimated. The rest is one per mineral: `unidentified` is produced, but nobody says where;
    `unknown` stands in for production that is not known, with what the country produced in the nearest year
    that is. Both lower the coverage. `rows` counts the countries that the source lists and `known_rows` those
    whose production is known.
    """

    minerals: tuple[str, ...]
    units: tuple[str, ...]
    countries: tuple[str, ...]
    amount: Amounts
    estimated: Amounts
    unidentified: Amounts
    unknown: Amounts
    rows: Amounts
    known_rows: Amounts

    def only(self, minerals: Collection[str]) -> Production:
        """The production of some minerals, in the same order."""
        kept = [place for place, mineral in enumerate(self.minerals) if mineral in minerals]
        return Production(
            minerals=tuple(self.minerals[place] for place in kept),
            units=tuple(self.units[place] for place in kept),
            countries=self.countries,
            amount=self.amount[kept],
            estimated=self.estimated[kept],
            unidentified=self.unidentified[kept],
            unknown=self.unknown[kept],
            rows=self.rows[kept],
            known_rows=self.known_rows[kept],
        )


@dataclass(frozen=True, slots=True)
class Extraction:
    """Figures of each mineral, arrays with one element per mineral of the production they describe.

    Shares are of all that is produced as far as it is known, by whomever: what is of no identified country adds
    to no share, and the concentrations are then lower bounds. A figure is not-a-number where nothing is produced
    or too little is known; `largest` indexes the countries, -1 there.
    """

    production: Amounts
    producers: Amounts
    largest: Amounts
    largest_share: Figures
    group_share: Figures
    importer_share: Figures
    herfindahl: Figures
    governance_herfindahl: Figures
    coverage: Figures
    governance_coverage: Figures
    estimated_share: Figures
    known_row_share: Figures


def extraction(
    production: Production, weights: Figures, group: Flags, importer: Flags, floor: float
) -> Extraction:
    """All figures of one year.

    `weights` is the governance weight of each country, not-a-number where it has none; `group` flags the
    supplier group and `importer` the importer's own members. `floor` is the least coverage at which a figure
    is given.
    """
    amount = production.amount
    identified = amount.sum(axis=-1)
    total = identified + production.unidentified
    everything = total + production.unknown
    shares = ratio(amount, total[:, np.newaxis])
    coverage = ratio(identified, everything)
    governance_coverage = ratio(np.where(np.isnan(weights), 0, amount).sum(axis=-1), everything)
    largest, _ = concentration.largest(Runs.of_rows(amount))

    def given(figures: Figures) -> Figures:
        return np.where(coverage >= floor, figures, np.nan)

    return Extraction(
        production=total,
        producers=concentration.suppliers(Runs.of_rows(amount)),
        largest=np.where(coverage >= floor, largest, -1),
        largest_share=given(shares.max(axis=-1, initial=0.0)),
        group_share=given(shares[:, group].sum(axis=-1)),
        importer_share=given(shares[:, importer].sum(axis=-1)),
        herfindahl=given(np.square(shares).sum(axis=-1)),
        governance_herfindahl=np.where(
            governance_coverage >= floor, weighted_herfindahl(shares, weights), np.nan
        ),
        coverage=coverage,
        governance_coverage=governance_coverage,
        estimated_share=ratio(production.estimated.sum(axis=-1), total),
        known_row_share=ratio(production.known_rows, production.rows),
    )
