"""Verdicts and margins: worked cases, three-valued logic, and identities."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink.definitions import compare
from weaklink.definitions.model import Definition
from weaklink.definitions.verdict import Facts, agreement, at_least, judged

verdicts = st.lists(st.sampled_from([-1, 0, 1]), min_size=1, max_size=8)
figures = st.one_of(st.just(math.nan), st.floats(0, 10))


def rule(combine: str | int = "all", zero_exports: str = "unknown", **thresholds: float) -> Definition:
    return Definition.model_validate(
        {
            "name": "test",
            "title": "test",
            "citation": "test",
            "about": "test",
            "combine": combine,
            "criteria": [
                {"indicator": name, "test": "above", "threshold": threshold, "status": "own"}
                for name, threshold in thresholds.items()
            ],
            "conventions": {"zero_exports": zero_exports},
            "perimeter": {"text": "test", "status": "own"},
        }
    )


def facts(imported: bool = True, exported: bool = True, **values: float) -> Facts:
    return Facts(
        {name: np.array([value]) for name, value in values.items()},
        np.array([imported]),
        np.array([exported]),
    )


def test_all_criteria_must_be_met_and_the_least_margin_decides() -> None:
    """By hand: 0.6 is half above 0.4, 1.1 a tenth above 1."""
    found = judged(
        rule(herfindahl=0.4, import_export_ratio=1.0), facts(herfindahl=0.6, import_export_ratio=1.1)
    )
    assert found.verdict[0] == 1
    assert found.margin[0] == pytest.approx(0.1)


def test_any_criterion_is_enough_and_the_greatest_margin_decides() -> None:
    found = judged(
        rule("any", herfindahl=0.4, import_export_ratio=1.0), facts(herfindahl=0.6, import_export_ratio=0.5)
    )
    assert found.verdict[0] == 1
    assert found.margin[0] == pytest.approx(0.5)


def test_an_unknown_figure_is_never_a_no_unless_another_criterion_fails() -> None:
    both = rule(herfindahl=0.4, top_share=0.5)
    assert judged(both, facts(herfindahl=math.nan, top_share=0.9)).verdict[0] == -1
    assert judged(both, facts(herfindahl=math.nan, top_share=0.1)).verdict[0] == 0


def test_what_is_not_imported_is_no_dependency() -> None:
    found = judged(rule(herfindahl=0.4), facts(imported=False, herfindahl=math.nan))
    assert found.verdict[0] == 0
    assert math.isnan(found.margin[0])


@pytest.mark.parametrize(("convention", "verdict"), [("met", 1), ("not met", 0), ("unknown", -1)])
def test_without_exports_the_convention_decides(convention: str, verdict: int) -> None:
    """CEPII GeoDep writes 9999 for the ratio, so that it is met."""
    found = judged(
        rule(zero_exports=convention, import_export_ratio=1.0),
        facts(exported=False, import_export_ratio=math.nan),
    )
    assert found.verdict[0] == verdict


@given(st.lists(verdicts, min_size=1, max_size=5).filter(lambda rows: len({len(row) for row in rows}) == 1))
def test_an_unknown_verdict_stays_possible_either_way(rows: list[list[int]]) -> None:
    """Kleene: unknown exactly where replacing unknowns by yes and by no gives different verdicts."""
    table = np.array(rows, dtype=np.int8)
    for needed in range(1, len(rows) + 1):
        found = at_least(table, needed)
        best, worst = np.where(table == -1, 1, table), np.where(table == -1, 0, table)
        most, least = best.sum(axis=0) >= needed, worst.sum(axis=0) >= needed
        assert (found == -1).tolist() == (most != least).tolist()
        assert (found == 1).tolist() == least.tolist()


@given(figures, st.floats(0.1, 5), st.floats(0.1, 5))
def test_a_stricter_threshold_never_makes_a_dependency(value: float, first: float, second: float) -> None:
    case = facts(herfindahl=value)
    mild = judged(rule(herfindahl=min(first, second)), case).verdict[0]
    strict = judged(rule(herfindahl=max(first, second)), case).verdict[0]
    assert strict <= mild


@given(figures, st.floats(0.1, 5))
def test_the_sign_of_the_margin_is_the_verdict(value: float, threshold: float) -> None:
    found = judged(rule(herfindahl=threshold), facts(herfindahl=value))
    if found.verdict[0] == -1:
        assert math.isnan(found.margin[0])
    else:
        assert (found.margin[0] > 0) == (found.verdict[0] == 1)


@given(verdicts, verdicts)
def test_jaccard_is_that_of_the_two_sets(first: list[int], second: list[int]) -> None:
    size = min(len(first), len(second))
    one, other = np.array(first[:size], dtype=np.int8), np.array(second[:size], dtype=np.int8)
    a, b = set(np.flatnonzero(one == 1)), set(np.flatnonzero(other == 1))
    found = compare.jaccard(one, other)
    assert math.isnan(found) if not a | b else found == len(a & b) / len(a | b)


@given(st.lists(st.tuples(figures, figures), min_size=1, max_size=30))
def test_rank_correlation_agrees_with_pandas(pairs: list[tuple[float, float]]) -> None:
    first, second = (np.array(side) for side in zip(*pairs, strict=True))
    both = ~(np.isnan(first) | np.isnan(second))
    ranks = [pd.Series(side[both]).rank() for side in (first, second)]
    found = compare.rank_correlation(first, second)
    if both.sum() < 2 or any(rank.nunique() < 2 for rank in ranks):
        assert math.isnan(found)
    else:
        assert found == pytest.approx(float(np.corrcoef(*ranks)[0, 1]), abs=1e-9)


@given(st.lists(verdicts, min_size=1, max_size=5).filter(lambda rows: len({len(row) for row in rows}) == 1))
def test_no_more_definitions_agree_than_say_anything(rows: list[list[int]]) -> None:
    agree, known = agreement([np.array(row, dtype=np.int8) for row in rows])
    assert (agree <= known).all()
    assert (known <= len(rows)).all()


def test_a_list_that_loses_one_of_four_churns_by_a_quarter() -> None:
    """The measure of Vicard and Wibaux (2023), CEPII Policy Brief 41: the share that is no longer dependent."""
    before, after = np.array([1, 1, 1, 1, 0], dtype=np.int8), np.array([1, 1, 1, 0, 1], dtype=np.int8)
    assert compare.churn(before, after) == 0.25
