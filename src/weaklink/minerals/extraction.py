"""How concentrated is the production of each mineral, and how much of it is in which hands?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from weaklink.minerals.governance import weighted_herfindahl
from weaklink.trade import concentration
from weaklink.trade.concentration import Amounts, Figures, Flags, ratio


@dataclass(frozen=True, slots=True)
class Production:
    """What was produced where in one year: tables of minerals × countries, each mineral in its own unit.

    `amount` is the known production. `unknown` stands in for production that is not known, with what the
    country produced in the nearest year that is: it lowers the coverage and enters no share. `estimated` is
    the part of `amount` that the source has estimated. `rows` counts the countries that the source lists
    for a mineral and `known_rows` those of known production, both one per mineral.
    """

    minerals: tuple[str, ...]
    units: tuple[str, ...]
    countries: tuple[str, ...]
    amount: Amounts
    unknown: Amounts
    estimated: Amounts
    rows: Amounts
    known_rows: Amounts


@dataclass(frozen=True, slots=True)
class Extraction:
    """Figures of each mineral, arrays with one element per mineral of the production they describe.

    Shares are of known production. A figure is not-a-number where nothing is produced or too little is
    known; `largest` indexes the countries, -1 there.
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
    amount, total = production.amount, production.amount.sum(axis=-1)
    rated = np.where(np.isnan(weights), 0, amount).sum(axis=-1)
    everything = total + production.unknown.sum(axis=-1)
    coverage, governance_coverage = ratio(total, everything), ratio(rated, everything)
    largest, largest_share = concentration.largest(amount)

    def given(figures: Figures) -> Figures:
        return np.where(coverage >= floor, figures, np.nan)

    return Extraction(
        production=total,
        producers=concentration.suppliers(amount),
        largest=np.where(coverage >= floor, largest, -1),
        largest_share=given(largest_share),
        group_share=given(concentration.group_share(amount, group)),
        importer_share=given(concentration.group_share(amount, importer)),
        herfindahl=given(concentration.herfindahl(amount)),
        governance_herfindahl=np.where(
            governance_coverage >= floor,
            weighted_herfindahl(concentration.shares(amount), weights),
            np.nan,
        ),
        coverage=coverage,
        governance_coverage=governance_coverage,
        estimated_share=ratio(production.estimated.sum(axis=-1), total),
        known_row_share=ratio(production.known_rows, production.rows),
    )
