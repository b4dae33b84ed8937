"""Bands hold what they say: quantiles of the draws, and intervals as sure as they claim."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from weaklink.errors import RequestError
from weaklink.uncertainty.bands import bands, chance_above

tables = arrays(np.float64, st.tuples(st.integers(1, 60), st.integers(1, 4)), elements=st.floats(-1e9, 1e9))


@given(tables)
def test_bands_rise_and_their_intervals_hold_them(values: np.ndarray) -> None:
    found = bands(values)
    assert (np.diff(found.value, axis=0) >= 0).all()
    assert not (found.low > found.value + 1e-6 * np.abs(found.value)).any()
    assert not (found.high < found.value - 1e-6 * np.abs(found.value)).any()
    assert found.value.shape == (5, values.shape[1])


@given(tables, st.floats(-10, 10))
def test_bands_move_with_the_figures(values: np.ndarray, shift: float) -> None:
    scale = 1 + np.abs(values).max()
    np.testing.assert_allclose(bands(values + shift).value, bands(values).value + shift, atol=1e-9 * scale)


@pytest.mark.parametrize("level", [0.05, 0.5, 0.95])
def test_intervals_of_quantiles_hold_the_truth_as_often_as_they_claim(level: float) -> None:
    """Monte Carlo on a lognormal figure: 600 samples of 200 draws; the binomial interval claims at least 95 %."""
    truth = stats.lognorm(1.0).ppf(level)
    found = bands(np.random.default_rng(5).lognormal(size=(200, 600)), levels=(level,))
    held = ((found.low <= truth) & (truth <= found.high)).mean()
    assert 0.93 <= held <= 0.995


def test_intervals_agree_with_the_exact_binomial_chance() -> None:
    found = bands(np.arange(1.0, 101.0), levels=(0.5,))
    l, u = int(found.low[0]), int(found.high[0])  # noqa: E741 - the letters of the source
    count = stats.binom(100, 0.5)
    assert count.cdf(u - 1) - count.cdf(l - 1) >= 0.95
    assert count.cdf(u - 2) - count.cdf(l) < 0.95


def test_few_draws_bound_no_outer_quantile() -> None:
    found = bands(np.arange(20.0), levels=(0.05, 0.5, 0.95))
    assert np.isnan(found.low[0])
    assert np.isnan(found.high[2])
    assert np.isfinite([found.low[1], found.high[1]]).all()


def test_chances_hold_the_truth_as_often_as_they_claim() -> None:
    """Wilson's interval covers 95 % in the mean over chances, hardly less for any."""
    rng = np.random.default_rng(2)
    for truth in (0.02, 0.3, 0.9):
        found = chance_above(rng.random((150, 800)), 1 - truth)
        assert ((found.low <= truth) & (truth <= found.high)).mean() > 0.92


def test_a_chance_of_nought_is_not_certain() -> None:
    found = chance_above(np.zeros(50), 1.0)
    assert found.value == 0
    assert found.low == pytest.approx(0, abs=1e-12)
    # Wilson's upper end for no success is z² / (n + z²)
    assert found.high == pytest.approx(1.959964**2 / (50 + 1.959964**2), rel=1e-6)


def test_what_is_missing_has_no_bands() -> None:
    values = np.array([[1.0, np.nan], [2.0, 3.0]])
    found, chance = bands(values, (0.5,)), chance_above(values, 1.5)
    assert found.value[0, 0] == 1.5
    assert np.isnan([found.value[0, 1], chance.value[1]]).all()


def test_no_draws_and_unknown_levels_are_refused() -> None:
    with pytest.raises(RequestError, match="no draws"):
        bands(np.empty((0, 2)))
    with pytest.raises(RequestError, match="No quantile"):
        bands(np.ones(3)).at(0.42)
