"""What must be said with figures of production? Sentences that follow from the question and the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from weaklink import data
from weaklink.blocs.expression import Bloc
from weaklink.blocs.regimes import regime
from weaklink.blocs.regimes import years as regime_years
from weaklink.codes.countries import name
from weaklink.minerals.extraction import Production
from weaklink.study.production import estimates, unknown_producers, years
from weaklink.trade.runs import Amounts

if TYPE_CHECKING:
    from weaklink.study.minerals import MineralQuestion

MOST_NAMED = 8
GOVERNANCE = (
    "Governance is one indicator, political stability, scaled as the European Commission scales the mean of six "
    "((2.5 - estimate) × 2): weighted concentrations are comparable among themselves, not with published ones."
)
Records = Sequence[Mapping[str, Any]]


def of_minerals(question: MineralQuestion, records: Records, produced: Sequence[Production]) -> Iterator[str]:
    """Caveats of one year's figures of production, of mines first, then of the user's own sheet."""
    for role, bloc in question.blocs().items():
        yield from of_bloc(role, bloc, question.year)
    yield GOVERNANCE
    for one in produced:
        yield from _of_ratings(one, question.year)
        yield from _unclassed(one, question)
    yield from of_coverage(records, question.coverage_floor)
    yield from _of_weighted_coverage(records, question.coverage_floor)
    of_mines = [record for record in records if record["production"] is not None]
    yield from of_production(of_mines, question.year)
    yield from _unchanged(question, of_mines)
    if question.refining is not None:
        yield (
            f"Rows in the unit 'share' are from {question.refining.name}: shares of supply as stated there, those of "
            "the importer's own supply left out."
        )


def of_coverage(records: Records, floor: float) -> Iterator[str]:
    """Which minerals have no figures because too little is known."""
    if thin := [record["mineral"] for record in records if record["coverage"] < floor]:
        yield f"Less than {floor:.0%} of production is known, so no figures: {listed(thin)}."


def of_production(records: Records, year: int) -> Iterator[str]:
    """Caveats of the production that World Mining Data counts: gaps, stages, estimates."""
    shown = [record["mineral"] for record in records]
    if missing := [f"{name(iso3)} ({one})" for one in shown for iso3 in unknown_producers(one, year)]:
        yield f"Production in {year} not known, so left out of all shares: {listed(missing)}."
    if idle := [record["mineral"] for record in records if record["production"] == 0]:
        yield f"No production known, so no figures: {listed(idle)}."
    if refined := [record["mineral"] for record in records if record["stage"] == "processing"]:
        yield (
            "Counted at the smelter or refinery, not at a mine, as far as the producers show: "
            f"{', '.join(refined)}."
        )
    if guessed := [record["mineral"] for record in records if (record["estimated_share"] or 0) > 0.5]:
        yield f"More than half of the production is the source's own estimate: {listed(guessed)}."
    yield from data.card("mining_production").caveats


def of_bloc(role: str, bloc: Bloc, year: int) -> Iterator[str]:
    """Which countries a bloc without a date was taken to be, and what its table does not count."""
    if bloc.undated:
        yield (
            f"The {role} {bloc.expression} has no date: each year is taken as of 31 December "
            f"({bloc.canonical} for {year})."
        )
    yield from bloc.notes


def listed(words: Sequence[str]) -> str:
    """The first words of a list, and how many more there are."""
    more = len(words) - MOST_NAMED
    return ", ".join(words[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _of_ratings(produced: Production, year: int) -> Iterator[str]:
    """Producers without a governance estimate, and producers whose estimate is beyond the scale."""
    known = estimates(year)
    producing = [
        (iso3, amounts)
        for iso3, amounts in zip(produced.countries, produced.amount.T, strict=True)
        if amounts.any()
    ]
    unrated = [
        f"{name(iso3)} ({', '.join(_produces(amounts, produced))})"
        for iso3, amounts in producing
        if iso3 not in known
    ]
    if unrated:
        yield (
            f"No governance estimate for {listed(unrated)}: they add nothing to the weighted concentration, "
            "which is a lower bound there, and lower its coverage."
        )
    if held := [name(iso3) for iso3, _ in producing if not -2.5 <= known.get(iso3, 0.0) <= 2.5]:
        yield f"Estimates beyond ±2.5 are held at the ends of the scale: {listed(held)}."


def _produces(amounts: Amounts, produced: Production) -> list[str]:
    return [mineral for mineral, amount in zip(produced.minerals, amounts, strict=True) if amount]


def _unclassed(produced: Production, question: MineralQuestion) -> Iterator[str]:
    """Producers without a regime class, where the supplier group is one of regimes."""
    group = question.blocs()["supplier group"].canonical
    of_regimes = any(word in group for word in ("authoritarian", "democratic", "autocracy", "democracy"))
    if not of_regimes or question.year not in regime_years():
        return
    unclassed = [
        name(iso3)
        for iso3, amounts in zip(produced.countries, produced.amount.T, strict=True)
        if amounts.any() and regime(iso3, question.year) is None
    ]
    if unclassed:
        yield (
            f"Regimes of the World has no class for {listed(unclassed)}; they count as outside the supplier group."
        )


def _of_weighted_coverage(records: Records, floor: float) -> Iterator[str]:
    if thin := [
        record["mineral"] for record in records if record["governance_coverage"] < floor <= record["coverage"]
    ]:
        yield (
            f"Less than {floor:.0%} of production is known and has a governance estimate, so no weighted "
            f"concentration: {listed(thin)}."
        )


def _unchanged(question: MineralQuestion, records: Records) -> Iterator[str]:
    """Why there is no change over five years."""
    earlier = question.year - 5
    if earlier not in years():
        yield f"No change over five years: World Mining Data, as embedded, begins with {years()[0]}."
    elif thin := [
        record["mineral"]
        for record in records
        if np.isnan(record["herfindahl_change"]) and not np.isnan(record["herfindahl"])
    ]:
        yield f"Too little known of {earlier}, so no change over five years: {listed(thin)}."
