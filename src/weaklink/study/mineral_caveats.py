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
from weaklink.minerals.governance import BEST, WORST
from weaklink.study.production import (
    estimates,
    governance_weights,
    production,
    unknown_producers,
    years,
)
from weaklink.trade.concentration import Amounts

if TYPE_CHECKING:
    from weaklink.study.minerals import MineralQuestion

MOST_NAMED = 8
GOVERNANCE = (
    "Governance is one indicator, political stability, scaled as the European Commission scales the mean of six "
    "((2.5 - estimate) × 2): weighted concentrations are comparable among themselves, not with published ones."
)


def of_minerals(question: MineralQuestion, records: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Caveats of one year's figures of production."""
    shown = [record["mineral"] for record in records]
    for role, bloc in question.blocs().items():
        yield from of_bloc(role, bloc, question.year)
    yield GOVERNANCE
    yield from of_ratings(shown, question.year)
    yield from _unclassed(question, shown)
    yield from _unknown(shown, question.year)
    yield from _thin(question, records)
    yield from _processed(records)
    yield from _estimated(records)
    yield from _unchanged(question, records)
    yield from data.card("mining_production").caveats


def of_bloc(role: str, bloc: Bloc, year: int) -> Iterator[str]:
    """Which countries a bloc without a date was taken to be, and what its table does not count."""
    if bloc.undated:
        yield (
            f"The {role} {bloc.expression} has no date: each year is taken as of 31 December "
            f"({bloc.canonical} for {year})."
        )
    yield from bloc.notes


def of_ratings(shown: Sequence[str], year: int) -> Iterator[str]:
    """Producers without a governance estimate, and producers whose estimate is beyond the scale."""
    mined = production(year)
    places = [mined.minerals.index(mineral) for mineral in shown]
    amounts = mined.amount[places]
    weights = governance_weights(mined.countries, year)
    unrated = [index for index in np.flatnonzero(np.isnan(weights)) if amounts[:, index].any()]
    if unrated:
        parts = (
            f"{name(mined.countries[index])} ({', '.join(_of_whom(amounts[:, index], shown))})"
            for index in unrated
        )
        yield (
            f"No governance estimate for {listed(list(parts))}: they add nothing to the weighted concentration, "
            "which is a lower bound there, and lower its coverage."
        )
    held = [
        name(iso3)
        for iso3, amount in zip(mined.countries, amounts.sum(axis=0), strict=True)
        if amount and not -2.5 <= estimates(year).get(iso3, 0.0) <= 2.5
    ]
    if held:
        yield (
            f"Estimates beyond ±2.5 are held at {WORST:.0f} or {BEST:.0f}, the ends of the scale: {listed(held)}."
        )


def _of_whom(amounts: Amounts, shown: Sequence[str]) -> list[str]:
    return [mineral for mineral, amount in zip(shown, amounts, strict=True) if amount]


def _unclassed(question: MineralQuestion, shown: Sequence[str]) -> Iterator[str]:
    """Producers without a regime class, where the supplier group is one of regimes."""
    group = question.blocs()["supplier group"]
    of_regimes = any(
        word in group.canonical for word in ("authoritarian", "democratic", "autocracy", "democracy")
    )
    if not of_regimes or question.year not in regime_years():
        return
    mined = production(question.year)
    amounts = mined.amount[[mined.minerals.index(mineral) for mineral in shown]].sum(axis=0)
    unclassed = [
        name(iso3)
        for iso3, amount in zip(mined.countries, amounts, strict=True)
        if amount and regime(iso3, question.year) is None
    ]
    if unclassed:
        yield (
            f"Regimes of the World has no class for {listed(unclassed)}; they count as outside the supplier group."
        )


def _unknown(shown: Sequence[str], year: int) -> Iterator[str]:
    """Who is listed without a figure."""
    missing = [f"{name(iso3)} ({mineral})" for mineral in shown for iso3 in unknown_producers(mineral, year)]
    if missing:
        yield f"Production in {year} not known, so left out of all shares: {listed(missing)}."


def _thin(question: MineralQuestion, records: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    floor = question.coverage_floor
    if thin := [record["mineral"] for record in records if record["coverage"] < floor]:
        yield f"Less than {floor:.0%} of production known, so no figures: {listed(thin)}."
    if unrated := [
        record["mineral"] for record in records if record["governance_coverage"] < floor <= record["coverage"]
    ]:
        yield (
            f"Less than {floor:.0%} of production has a governance estimate, so no weighted concentration: "
            f"{listed(unrated)}."
        )
    if idle := [record["mineral"] for record in records if record["production"] == 0]:
        yield f"No production known, so no figures: {listed(idle)}."


def _processed(records: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if refined := [record["mineral"] for record in records if record["stage"] == "processing"]:
        yield (
            "Counted at the smelter or refinery, not at a mine, as far as the producers show: "
            f"{', '.join(refined)}."
        )


def _estimated(records: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if guessed := [record["mineral"] for record in records if record["estimated_share"] > 0.5]:
        yield f"More than half of the production is the source's own estimate: {listed(guessed)}."


def _unchanged(question: MineralQuestion, records: Sequence[Mapping[str, Any]]) -> Iterator[str]:
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


def listed(words: Sequence[str]) -> str:
    """The first words of a list, and how many more there are."""
    more = len(words) - MOST_NAMED
    return ", ".join(words[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
