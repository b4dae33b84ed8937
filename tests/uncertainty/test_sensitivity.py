"""What an answer hangs on, against closed forms and SciPy's own estimators."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from weaklink.errors import RequestError
from weaklink.uncertainty.draws import placed, uniforms
from weaklink.uncertainty.ranges import Drawn, Figures, Range, mean, variance
from weaklink.uncertainty.sensitivity import Indices, morris, sobol_indices, tornado

THREE = {name: Range(0.0, 0.5, 1.0) for name in "abc"}


def uniform(figures: Figures) -> Figures:
    """From the triangle on (0, 1/2, 1) back to an even distribution on (-π, π), for which Ishigami's function is."""
    triangle: Figures = stats.triang(0.5).cdf(figures)
    return np.pi * (2 * triangle - 1)


def ishigami(drawn: Drawn) -> Figures:
    a, b, c = (uniform(drawn[name]) for name in "abc")
    found: Figures = np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)
    return found


@pytest.fixture(scope="module")
def of_ishigami() -> Indices:
    return sobol_indices(ishigami, THREE, 4096, seed=1)


def test_indices_are_those_of_ishigami_and_homma(of_ishigami: Indices) -> None:
    """Closed form, a = 7, b = 0.1: Ishigami and Homma (1990), ISUMA, 398; also in Saltelli et al. (2008), 4.6."""
    one, other = 7.0, 0.1
    first = 0.5 * (1 + other * np.pi**4 / 5) ** 2
    second, joint = one**2 / 8, other**2 * np.pi**8 * (1 / 18 - 1 / 50)
    variance = first + second + joint
    np.testing.assert_allclose(of_ishigami.first, np.array([first, second, 0]) / variance, atol=0.015)
    np.testing.assert_allclose(
        of_ishigami.total, np.array([first + joint, second, joint]) / variance, atol=0.015
    )
    assert of_ishigami.variance == pytest.approx(variance, rel=0.01)
    assert of_ishigami.evaluations == 4096 * 5


def test_errors_of_indices_tell_how_far_they_are_off() -> None:
    truth = np.array([0.31390519, 0.44241114, 0.0])
    many = [sobol_indices(ishigami, THREE, 256, seed) for seed in range(30)]
    off = np.sqrt(np.mean([np.square(one.first - truth) for one in many], axis=0))
    said = np.mean([one.first_error for one in many], axis=0)
    # even draws are better than the bootstrap, which takes them as independent, can know
    assert (off < 1.3 * said).all()
    assert (said < 0.2).all()


def test_indices_agree_with_the_estimators_of_scipy() -> None:
    points = uniforms(6, 512, seed=9)
    one, other = points[:, :3], points[:, 3:]
    mixed = []
    for column in range(3):
        both = one.copy()
        both[:, column] = other[:, column]
        mixed.append(ishigami(placed(THREE, both)))
    theirs = stats.sobol_indices(
        func={
            "f_A": ishigami(placed(THREE, one))[None],
            "f_B": ishigami(placed(THREE, other))[None],
            "f_AB": np.array(mixed)[:, None],
        },
        n=512,
    )
    ours = sobol_indices(ishigami, THREE, 512, seed=9)
    np.testing.assert_allclose(ours.first, theirs.first_order, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ours.total, theirs.total_order, rtol=1e-9, atol=1e-12)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=5), st.integers(0, 99))
@settings(max_examples=10)
def test_an_additive_answer_hangs_on_each_range_by_its_variance(weights: list[float], seed: int) -> None:
    """Closed form: the index of a range is its own variance times its weight squared, of the sum of these."""
    ranges = {str(place): Range(0.0, place, 5.0) for place in range(len(weights))}

    def model(drawn: Drawn) -> Figures:
        added: Figures = np.sum([w * drawn[name] for w, name in zip(weights, ranges, strict=True)], axis=0)
        return added

    each = np.array([w**2 * variance(one) for w, one in zip(weights, ranges.values(), strict=True)])
    if each.sum() < 1e-6:
        return
    found = sobol_indices(model, ranges, 1024, seed)
    np.testing.assert_allclose(found.total, each / each.sum(), atol=0.05)
    np.testing.assert_allclose(found.first, each / each.sum(), atol=0.1)


def test_a_product_hangs_on_both_together() -> None:
    """Closed form of x y with equal means m and variances v: first v m² / (v² + 2 v m²), total first + v² / (…)."""
    one = Range(0.0, 1.0, 2.0)
    v, m = variance(one), mean(one)
    whole = v * v + 2 * v * m * m
    found = sobol_indices(lambda drawn: drawn["x"] * drawn["y"], {"x": one, "y": one}, 4096, seed=2)
    np.testing.assert_allclose(found.first, v * m * m / whole, atol=0.02)
    np.testing.assert_allclose(found.total, (v * m * m + v * v) / whole, atol=0.02)


def test_what_does_not_vary_hangs_on_nothing() -> None:
    found = sobol_indices(lambda drawn: np.full(len(drawn["a"]), 3.0), {"a": Range(0, 1, 2)}, 64, seed=1)
    assert np.isnan([found.first, found.total]).all()
    assert found.variance == 0


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=5), st.integers(0, 99))
@settings(max_examples=15)
def test_elementary_effects_of_a_straight_answer_are_its_slopes(slopes: list[float], seed: int) -> None:
    """In probability a wide flat triangle is not straight; so the model takes probabilities back out of figures."""
    ranges = {str(place): Range(0.0, 0.5, 1.0) for place in range(len(slopes))}
    law = stats.triang(0.5).cdf

    def model(drawn: Drawn) -> Figures:
        added: Figures = np.sum(
            [w * law(drawn[name]) for w, name in zip(slopes, ranges, strict=True)], axis=0
        )
        return added

    found = morris(model, ranges, 6, seed)
    np.testing.assert_allclose(found.mean, slopes, atol=1e-9)
    np.testing.assert_allclose(found.size, np.abs(slopes), atol=1e-9)
    np.testing.assert_allclose(found.spread, 0, atol=1e-9)
    assert found.evaluations == 6 * (len(slopes) + 1)


def test_elementary_effects_find_what_bends_and_what_does_nothing() -> None:
    """Ishigami's third range acts only through the first: no mean effect to speak of, but a spread."""
    found = morris(ishigami, {**THREE, "d": Range(0, 1, 2)}, 200, seed=3)
    assert found.size[3] == found.spread[3] == 0
    assert found.spread[2] > 2 * abs(found.mean[2])


@given(st.lists(st.floats(0.1, 9), min_size=1, max_size=5))
def test_a_tornado_has_both_ends_of_each_range(likely: list[float]) -> None:
    ranges = {str(place): Range(one / 2, one, 3 * one) for place, one in enumerate(likely)}
    found = tornado(lambda drawn: np.sum([*drawn.values()], axis=0), ranges)
    assert found.likely == pytest.approx(sum(likely))
    np.testing.assert_allclose(found.at_low, sum(likely) - np.array(likely) / 2)
    np.testing.assert_allclose(found.at_high, sum(likely) + 2 * np.array(likely))
    assert (np.diff(found.swing[list(found.order)]) <= 1e-9).all()


def test_too_little_is_refused() -> None:
    one = {"a": Range(0, 1, 2)}
    with pytest.raises(RequestError, match="two draws"):
        sobol_indices(lambda drawn: drawn["a"], one, 1, 0)
    with pytest.raises(RequestError, match="two walks"):
        morris(lambda drawn: drawn["a"], one, 1, 0)
    with pytest.raises(RequestError, match="no range"):
        tornado(lambda _: np.zeros(1), {})
