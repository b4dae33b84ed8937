"""What would the models have said on the day before, and what happened? All back-tests in one table, with errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from weaklink import data, tables
from weaklink.errors import RequestError
from weaklink.provenance import Card, Provenance
from weaklink.result import Result, tabulated
from weaklink.study.back_test import OUTCOMES, back_test
from weaklink.study.past_cutoffs import ALL, Compared, PastCutoff, cutoffs
from weaklink.version import VERSION

NOTES = "back_test_notes"
DRAWS = 200
SHARE_WITHIN = 0.9  # of outcomes that bands should hold
NARROW = " Bands that hold fewer than nine tenths are too narrow: demand is not in them."


def back_tests(name: str = "", draws: int = DRAWS, seed: int = 0) -> Result:
    """Every figure by model and as it was: of one test, where it is named, else of all, of every lens that has any.

    The columns are declared in `weaklink.tables.BACK_TESTS`. RequestError for an unknown test.

    >>> found = back_tests("bauxite-2014", draws=20).records()[0]
    >>> found["figure"], found["within"]
    ('imports missing', 'yes')
    """
    winters = sorted({row["scenario"] for row in data.rows(OUTCOMES)})
    if name and name not in cutoffs() and name not in winters:
        raise RequestError(f"no back-test {name!r}. There are: {', '.join([*cutoffs(), *winters])}.")
    rows: list[dict[str, Any]] = []
    cards: list[Card] = [data.card(NOTES)]
    for test in cutoffs():
        if name in {"", test}:
            past = PastCutoff.of(cutoffs()[test])
            rows += [_of_goods(past, one) for one in past.figures(draws, seed)]
            cards += past.model.cards
    for test in winters:
        if name in {"", test}:
            found = back_test(test)
            rows += [_of_network(test, row) for row in found.records()]
            cards += found.provenance.cards
    return Result(
        tables.BACK_TESTS,
        tabulated(tables.BACK_TESTS, rows),
        tuple(_caveats(rows)),
        Provenance(
            tuple({card.name: card for card in cards}.values()),
            VERSION,
            {"test": name, "draws": str(draws), "seed": str(seed)},
        ),
    )


def _of_goods(past: PastCutoff, one: Compared) -> dict[str, Any]:
    within = "yes" if one.low <= one.observed <= one.high else "no"
    return {
        "test": past.scenario.name,
        "lens": past.model.about.name,
        "figure": one.figure,
        "item": one.item,
        "modelled": one.modelled,
        "low": one.low,
        "high": one.high,
        "observed": one.observed,
        "error": one.modelled - one.observed,
        "within": "" if np.isnan(one.low) else within,
        "against_trend": one.against_trend,
        "unit": one.unit,
        "data_of": str(past.before),
        "outcome_of": str(past.after),
        "source": past.scenario.source,
        "reason": note(past.scenario.name, one.figure, one.item).get("reason", ""),
    }


def _of_network(test: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "test": test,
        "lens": "network",
        "figure": row["figure"].removesuffix(f", {test}"),
        "item": row["area"],
        "modelled": row["modelled"],
        "low": np.nan,
        "high": np.nan,
        "observed": row["actual"],
        "error": row["error"],
        "within": "",
        "against_trend": np.nan,
        "unit": row["unit"],
        "data_of": "1 October of the winter",
        "outcome_of": "the winter",
        "source": row["source"],
        "reason": row["reason"],
    }


def note(test: str, figure: str, item: str) -> Mapping[str, str]:
    """What is noted of one figure: the error recorded for it, and where it comes from; empty where nothing is."""
    key = {"test": test, "figure": figure, "item": item}
    return next((row for row in data.rows(NOTES) if key.items() <= row.items()), {})


def _caveats(rows: list[dict[str, Any]]) -> Iterator[str]:
    banded = [row for row in rows if row["within"] and row["item"] != ALL]
    if banded:
        inside = sum(row["within"] == "yes" for row in banded)
        off = np.array([abs(row["error"]) for row in banded])
        yield (
            f"Of {len(banded)} falls of imports {inside} lie within the band of nine tenths of the draws; the mean "
            f"error is {off.mean():.0%} of imports, the largest {off.max():.0%}."
            + (NARROW if inside < SHARE_WITHIN * len(banded) else "")
        )
        yield (
            "The lens of goods takes demand as it was before. What demand did since (a boom, a war, a crisis, stocks "
            "filled up in advance) is in the outcome and not in the model."
        )
        yield (
            "Imports in kilograms are compared before stocks and saving, which are switched off for the test; prices "
            "are unit values of imports, a poor measure where grades differ. Ranges are those of the lens today, set "
            "by people who knew how these cases ended."
        )
        yield (
            "Gallium and germanium, controlled since August 2023, cannot be tested here: the embedded trade data have "
            "no code for gallium, and no flow under that of germanium since 2017."
        )
    if any(row["lens"] == "network" for row in rows):
        yield (
            "In winters as they were, demand and deliveries are those that came, so that the test is of volumes and of "
            "the network, not of a forecast of them."
        )
