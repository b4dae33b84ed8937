"""Ranges are triangles, and draws of them are the same by seed, however many and beside whatever."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from weaklink.errors import RequestError
from weaklink.uncertainty.draws import drawn, uniforms
from weaklink.uncertainty.ranges import Range, at_likely, certain, mean, quantile, variance

ends = st.floats(-1e6, 1e6)
ranges = st.tuples(ends, ends, ends).map(lambda three: Range(min(three), float(np.median(three)), max(three)))


@given(ranges, st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_quantiles_rise_within_the_range(one: Range, probability: list[float]) -> None:
    found = quantile(one, np.sort(probability))
    assert (np.diff(found) >= 0).all()
    assert one.low <= found[0] <= found[-1] <= one.high


@given(st.floats(0, 1), st.floats(0.01, 1e3))
def test_quantiles_agree_with_the_triangle_of_scipy(mode: float, width: float) -> None:
    one = Range(-1.0, -1.0 + mode * width, -1.0 + width)
    u = np.linspace(0, 1, 11)
    triangle = stats.triang(mode, loc=-1.0, scale=width)
    np.testing.assert_allclose(quantile(one, u), triangle.ppf(u), rtol=1e-9, atol=1e-9 * width)
    assert mean(one) == pytest.approx(triangle.mean())
    assert variance(one) == pytest.approx(triangle.var())


def test_a_figure_without_doubt_is_always_itself() -> None:
    one = Range(3.5, 3.5, 3.5, "share")
    assert certain(one)
    assert quantile(one, [0.0, 0.3, 1.0]).tolist() == [3.5] * 3


@pytest.mark.parametrize("three", [(1, 0, 2), (0, 3, 2), (0, float("nan"), 1), (0, 1, float("inf"))])
def test_a_range_that_does_not_rise_is_refused(three: tuple[float, float, float]) -> None:
    with pytest.raises(RequestError, match="low <= likely <= high"):
        Range(*three)


@given(st.integers(0, 2**32), st.integers(1, 3000), st.integers(0, 3000))
def test_draw_n_is_the_same_however_many_are_drawn(seed: int, few: int, more: int) -> None:
    np.testing.assert_array_equal(uniforms(3, few + more, seed)[:few], uniforms(3, few, seed))


def test_a_range_added_at_the_end_changes_no_other_draw() -> None:
    short = {"a": Range(0, 1, 2), "b": Range(5, 6, 9)}
    long = {**short, "c": Range(0, 0, 1)}
    before, after = drawn(short, 100, 3), drawn(long, 100, 3)
    assert all((before[name] == after[name]).all() for name in short)


def test_seeds_differ_and_draws_fill_the_range() -> None:
    one, other = (drawn({"a": Range(0, 0.5, 1)}, 1000, seed)["a"] for seed in (1, 2))
    assert not (one == other).any()
    # 1,024 draws have one in each 1,024th of probability
    even = drawn({"a": Range(0, 0.5, 1)}, 1024, 1)["a"]
    places = np.floor(1024 * stats.triang(0.5).cdf(np.sort(even)))
    np.testing.assert_array_equal(places, np.arange(1024))


def test_draws_are_more_even_than_independent_ones() -> None:
    """The mean of a product of four ranges, of which the truth is the product of their means."""
    many = {name: Range(0.0, 1.0, 4.0) for name in "abcd"}
    truth = (5 / 3) ** 4
    even = [np.prod([*drawn(many, 1024, seed).values()], axis=0).mean() for seed in range(20)]
    rng = np.random.default_rng(1)
    free = [
        np.prod([quantile(many["a"], u) for u in rng.random((4, 1024))], axis=0).mean() for _ in range(20)
    ]
    assert np.std(even) < np.std(free) / 5
    assert np.abs(np.array(even) - truth).max() < 0.02 * truth


def test_likely_figures_are_one_draw() -> None:
    assert at_likely({"a": Range(0, 1, 3)})["a"].tolist() == [1.0]


def test_no_draw_and_too_many_ranges() -> None:
    assert uniforms(2, 0, 1).shape == (0, 2)
    with pytest.raises(RequestError, match="256"):
        uniforms(257, 1, 1)
