"""Scores of guidelines: what missing data may do, and what a better value may do."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink.guidelines.model import LEVELS, Goalposts, Indicator, Requirement
from weaklink.guidelines.scoring import (
    Finding,
    assessed,
    geometric_mean,
    level_of,
    missing,
    not_applicable,
    score,
)

VALUES = st.floats(-5, 5, allow_nan=False)


def posts(worst: float, best: float) -> Goalposts:
    return Goalposts(worst=worst, best=best, status="own", source="test")


def requirement(count: int, **more: object) -> Requirement:
    indicators = [
        Indicator(name=f"i{place}", title="t", unit="share", kind="entered", goalposts=posts(0, 1), **more)  # type: ignore[arg-type]
        for place in range(count)
    ]
    return Requirement(name="r", title="R", text="t", source="s", status="own", indicator=tuple(indicators))


def known(values: list[float]) -> list[Finding]:
    return [Finding(value, "known", "test", "2022") for value in values]


@given(st.lists(VALUES, min_size=1, max_size=4), st.integers(1, 4))
def test_missing_data_never_change_a_score_and_always_lower_coverage(values: list[float], gaps: int) -> None:
    whole = assessed("X", requirement(len(values)), known(values), 0.0)
    holed = assessed(
        "X", requirement(len(values) + gaps), [*known(values), *[missing("no data")] * gaps], 0.0
    )
    assert (holed.minimum, holed.geometric) == (whole.minimum, whole.geometric)
    assert holed.coverage < whole.coverage == 1


@given(st.lists(VALUES, min_size=1, max_size=4))
def test_what_does_not_apply_changes_neither_score_nor_coverage(values: list[float]) -> None:
    whole = assessed("X", requirement(len(values)), known(values), 0.5)
    more = assessed("X", requirement(len(values) + 1), [*known(values), not_applicable("no gas")], 0.5)
    assert (more.minimum, more.geometric, more.coverage) == (whole.minimum, whole.geometric, whole.coverage)


@given(VALUES, VALUES, VALUES, VALUES)
def test_a_value_nearer_to_the_best_goalpost_never_scores_less(
    worst: float, best: float, one: float, other: float
) -> None:
    if worst == best:
        return
    low, high = sorted((one, other), reverse=best < worst)
    assert score(low, posts(worst, best)) <= score(high, posts(worst, best))


@given(VALUES, VALUES)
def test_the_goalposts_themselves_score_nothing_and_ten(worst: float, best: float) -> None:
    if worst != best:
        assert (score(worst, posts(worst, best)), score(best, posts(worst, best))) == (0, 10)


@given(st.lists(st.floats(0, 10), min_size=1, max_size=6))
def test_the_geometric_mean_is_between_the_least_and_the_arithmetic_mean(scores: list[float]) -> None:
    """The inequality of arithmetic and geometric means."""
    mean = geometric_mean(scores)
    assert min(scores) <= mean <= math.fsum(scores) / len(scores) + 1e-9


@given(st.lists(VALUES, min_size=1, max_size=3), st.integers(0, 5))
def test_below_the_floor_there_is_no_score(values: list[float], gaps: int) -> None:
    found = assessed(
        "X", requirement(len(values) + gaps), [*known(values), *[missing("no data")] * gaps], 0.6
    )
    assert math.isnan(found.minimum) == math.isnan(found.geometric) == (found.coverage < 0.6)


def test_a_stress_result_and_a_claim_stand_beside_the_score_and_not_in_it() -> None:
    stressed = requirement(1, stress=True).indicator[0].model_copy(update={"name": "stress"})
    claim = requirement(1).indicator[0].model_copy(update={"name": "own", "kind": "self-assessed"})
    whole = requirement(1)
    whole = whole.model_copy(update={"indicator": (*whole.indicator, stressed, claim)})
    found = assessed("X", whole, known([0.8, 0.1, 0.9]), 0.5)
    assert (found.minimum, found.stressed, found.claimed, found.coverage) == (8.0, 1.0, 9.0, 1.0)


def test_an_indicator_that_stands_in_for_another_applies_only_where_that_does_not() -> None:
    whole = requirement(2)
    instead = whole.indicator[1].model_copy(update={"only_without": "i0"})
    whole = whole.model_copy(update={"indicator": (whole.indicator[0], instead)})
    has_stores = assessed("X", whole, [*known([0.9]), missing("not entered")], 0.6)
    has_none = assessed("X", whole, [not_applicable("no stores"), *known([0.4])], 0.6)
    assert (has_stores.minimum, has_stores.coverage) == (9.0, 1.0)
    assert (has_none.minimum, has_none.coverage) == (4.0, 1.0)


def test_a_finding_cannot_be_known_and_have_no_value() -> None:
    with pytest.raises(ValueError, match="cannot have the value"):
        Finding(math.nan, "known")


@given(st.floats(0, 10), st.floats(0, 10))
def test_levels_rise_with_scores(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert level_of(low, LEVELS) <= level_of(high, LEVELS)
