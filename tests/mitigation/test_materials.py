"""Is the programme of a course of goods the course itself, but that it nets the days of a period?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shortfall.generated import one_buyer, purchases, responses, responses_drawn
from weaklink.mitigation import materials
from weaklink.mitigation.materials import Effect, Loss, changed, recourse
from weaklink.shortfall import Purchases, Responses, courses


def _effects(bought: Purchases, seed: int) -> tuple[Effect, ...]:
    """A swap to an unstruck supplier, one to a struck one, a use that ends, and a stock."""
    rng = np.random.default_rng(seed)
    none = Effect.none(bought)
    ban = np.zeros_like(none.struck)
    part = bought.strikes[0].cells * rng.uniform(0.1, 0.3)
    ban[0] = -part
    swap = ban.copy()
    swap[1] = part
    return (
        replace(none, struck=ban),
        replace(none, struck=swap),
        replace(none, struck=ban, use=-part),
        replace(none, held=bought.use * rng.uniform(0, 5)),
    )


def _loss(bought: Purchases, given_responses: Responses, seed: int) -> Loss:
    served_alike = replace(bought, urgent=np.zeros(len(bought.use), dtype=np.bool_))
    return Loss("drawn", 1.0, served_alike, given_responses.of(slice(0, 1)), _effects(bought, seed))


amounts = st.lists(st.floats(0, 1), min_size=4, max_size=4).map(np.array)


@settings(max_examples=15)
@given(purchases(), responses_drawn(size=1), amounts, amounts, st.integers(0, 99), st.booleans())
def test_the_programme_never_says_more_than_the_simulator_and_its_planes_lie_below(
    bought: Purchases,
    given_responses: Responses,
    mix: np.ndarray[tuple[int], np.dtype[np.float64]],
    other: np.ndarray[tuple[int], np.dtype[np.float64]],
    seed: int,
    pooled: bool,
) -> None:
    loss = _loss(replace(bought, pooled=pooled), given_responses, seed)
    plane = recourse(loss).plane(mix)
    assert plane.value <= loss.missing(mix) + 1e-6
    assert plane.below(other) <= loss.missing(other) + 1e-6


@settings(max_examples=15)
@given(purchases(), responses_drawn(size=1), amounts, st.integers(0, 99))
def test_with_periods_of_a_day_the_programme_is_the_simulator(
    bought: Purchases,
    given_responses: Responses,
    mix: np.ndarray[tuple[int], np.dtype[np.float64]],
    seed: int,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(materials, "PERIOD", 1)
        loss = _loss(bought, given_responses, seed)
        assert recourse(loss).plane(mix).value == pytest.approx(loss.missing(mix), abs=1e-6, rel=1e-6)


def test_a_ban_for_sixty_days_with_ten_in_stock_misses_fifty_and_less_with_each_measure_by_hand() -> None:
    bought = one_buyer(use=2.0)  # dollars a day, for 60 days
    none = Effect.none(bought)
    swap = replace(none, struck=np.array([[-1.0]]))
    stock = replace(none, held=np.array([1.0]))
    loss = Loss("ban", 1.0, bought, responses(1.0, 10.0), (swap, stock))
    exact = recourse(loss)
    for mix, missing in (
        ([0, 0], 100.0),
        ([0, 30], 70.0),
        ([0.5, 0], 70.0),
        ([0.5, 30], 40.0),
        ([2, 0], 0.0),
    ):
        given_mix = np.array(mix, dtype=float)
        assert loss.missing(given_mix) == pytest.approx(missing)
        assert exact.plane(given_mix).value == pytest.approx(missing)


def test_no_measure_changes_nothing() -> None:
    bought = one_buyer()
    loss = Loss("ban", 1.0, bought, responses(0.5, 3.0), (Effect.none(bought),))
    same = changed(bought, loss.effects, np.array([1.0]))
    before, after = (courses(one, loss.responses).missing for one in (bought, same))
    assert np.array_equal(before, after)
