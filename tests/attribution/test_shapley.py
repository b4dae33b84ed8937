"""Parts add up to the total; equals get the same; who adds nothing gets nothing; and published values are met."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weaklink.attribution.coalitions import Coalitions, Figures, SetFunction
from weaklink.attribution.shapley import exact, last_in, ordered, sampled, split
from weaklink.errors import RequestError

LOSSES = np.array([155.0, 80.0, 57.0])


def above_a_buffer(those: Coalitions) -> Figures:
    found: Figures = np.maximum(0.0, those @ LOSSES - 100)
    return found


def security_council(those: Coalitions) -> Figures:
    """1 where the five permanent members and four more agree: the first five players are permanent."""
    found: Figures = (those[:, :5].all(axis=1) & (those.sum(axis=1) >= 9)).astype(np.float64)
    return found


def by_table(values: list[float]) -> tuple[int, SetFunction]:
    """Any set function, by its values at all coalitions in the order of their bits."""
    players = int(math.log2(len(values)))
    table, bits = np.array(values), 2 ** np.arange(players)
    return players, lambda those: table[those @ bits]


tables = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.floats(-100, 100), min_size=2**n, max_size=2**n).map(by_table)
)


@given(tables)
@settings(max_examples=30)
def test_exact_parts_are_means_over_all_orders(game: tuple[int, SetFunction]) -> None:
    """The definition itself, by brute force over all n! orders."""
    players, function = game
    brute = np.mean([ordered(function, order).part for order in permutations(range(players))], axis=0)
    np.testing.assert_allclose(exact(function, players).part, brute, atol=1e-10)


@given(tables, st.sampled_from(["exact", "sampled", "ordered"]))
def test_parts_add_up_to_the_total(game: tuple[int, SetFunction], way: str) -> None:
    players, function = game
    if way == "ordered":
        found = ordered(function, tuple(range(players)))
    else:
        found = exact(function, players) if way == "exact" else sampled(function, players, pairs=3)
    assert found.rest == pytest.approx(0, abs=1e-9)
    ends = np.array([[False] * players, [True] * players])
    assert found.total == pytest.approx(np.diff(function(ends))[0])


@given(st.lists(st.integers(0, 50), min_size=2, max_size=6), st.integers(0, 100), st.integers(0, 9))
def test_equal_players_get_the_same_and_idle_ones_nothing(sizes: list[int], buffer: int, seed: int) -> None:
    weights = np.array([*sizes, sizes[0], 0.0])  # whole, so that sums are exact in any order

    def function(those: Coalitions) -> Figures:
        found: Figures = np.maximum(0.0, those @ weights - buffer)
        return found

    part = exact(function, len(weights)).part
    assert part[0] == pytest.approx(part[-2], abs=1e-9)
    assert part[-1] == pytest.approx(0, abs=1e-12)
    guessed = sampled(function, len(weights), pairs=4, seed=seed)
    assert guessed.part[-1] == 0
    assert guessed.error[-1] == 0


@given(tables, tables)
@settings(max_examples=20)
def test_parts_of_a_sum_are_sums_of_parts(
    one: tuple[int, SetFunction], other: tuple[int, SetFunction]
) -> None:
    players = max(one[0], other[0])

    def padded(game: tuple[int, SetFunction]) -> SetFunction:
        return lambda those: game[1](those[:, : game[0]])

    both = exact(lambda those: np.stack([padded(one)(those), padded(other)(those)], axis=1), players).part
    together = exact(lambda those: padded(one)(those) + padded(other)(those), players).part
    np.testing.assert_allclose(both.sum(axis=1), together, atol=1e-9)


def test_power_in_the_un_security_council_is_as_published() -> None:
    """Shapley and Shubik (1954), American Political Science Review 48, 787, for today's fifteen members."""
    found = exact(security_council, 15)
    np.testing.assert_allclose(found.part[:5], 421 / 2145, rtol=1e-12)
    np.testing.assert_allclose(found.part[5:], 4 / 2145, rtol=1e-12)


def test_three_losses_share_what_a_buffer_leaves() -> None:
    """By hand: 155, 80 and 57 above a buffer of 100."""
    found = split(above_a_buffer, 3)
    np.testing.assert_allclose(found.part, [111 + 1 / 6, 46 + 1 / 6, 34 + 2 / 3], rtol=1e-12)
    assert found.part.sum() == pytest.approx(192)
    assert found.method == "Shapley, exact"
    assert found.evaluations == 8


def test_sampled_power_is_as_near_as_its_error_says() -> None:
    truth = np.array([421 / 2145] * 5 + [4 / 2145] * 10)
    many = [sampled(security_council, 15, pairs=100, seed=seed) for seed in range(40)]
    off = np.array([(one.part - truth)[:5] / one.error[:5] for one in many])
    assert 0.8 < np.sqrt(np.square(off).mean()) < 1.25
    assert all(one.part.sum() == pytest.approx(1) for one in many)


def test_reversed_orders_lower_the_error() -> None:
    """For a square of a sum, what a player adds is linear in its place: an order and its reverse cancel exactly."""
    found = sampled(lambda those: np.square(those.sum(axis=1).astype(np.float64)), 20, pairs=5, seed=1)
    np.testing.assert_allclose(found.part, 20.0)
    np.testing.assert_allclose(found.error, 0.0, atol=1e-12)


def test_many_are_sampled_by_seed_and_equal_coalitions_asked_for_once() -> None:
    asked = []

    def function(those: Coalitions) -> Figures:
        asked.append(len(those))
        found: Figures = np.sqrt(those.sum(axis=1))
        return found

    one, other = (split(function, 14, pairs=8, seed=5) for _ in range(2))
    np.testing.assert_array_equal(one.part, other.part)
    assert "sampled from 8 pairs" in one.method
    # of 16 chains of 15 coalitions, nobody and everybody are common to all
    assert asked[0] == one.evaluations <= 16 * 13 + 2


def test_the_order_decides_who_gets_what() -> None:
    assert ordered(above_a_buffer, (0, 1, 2)).part.tolist() == [55, 80, 57]
    assert ordered(above_a_buffer, (2, 1, 0)).part.tolist() == [155, 37, 0]


def test_leaving_one_out_leaves_a_rest_where_players_hang_together() -> None:
    found = last_in(above_a_buffer, 3)
    assert found.part.tolist() == [155, 80, 57]
    assert float(found.rest) == 192 - 292
    assert last_in(lambda those: those @ LOSSES, 3).rest == pytest.approx(0)


def test_what_cannot_be_split_is_refused() -> None:
    with pytest.raises(RequestError, match="21 players"):
        exact(above_a_buffer, 21)
    with pytest.raises(RequestError, match="pairs"):
        sampled(above_a_buffer, 3, pairs=1)
    with pytest.raises(RequestError, match="every player once"):
        ordered(above_a_buffer, (0, 0, 1))
