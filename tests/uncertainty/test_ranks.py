"""Ranks agree with SciPy, and chances about them add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from weaklink.uncertainty.ranks import flip_chance, kendall, ranks, spearman, top_chance, top_stability

tables = arrays(np.float64, st.tuples(st.integers(1, 12), st.integers(2, 6)), elements=st.integers(0, 4))
BIG, SMALL = np.array([3.0, 2.0, 1.0]), np.array([1.0, 2.0, 3.0])


@given(tables)
def test_rank_correlations_agree_with_scipy(values: np.ndarray) -> None:
    reference = np.arange(values.shape[1], dtype=np.float64) // 2
    mixed = np.unique(reference).size > 1
    for row, tau, rho in zip(values, kendall(values, reference), spearman(values, reference), strict=True):
        if not mixed or np.unique(row).size == 1:
            assert np.isnan([tau, rho]).all()
        else:
            assert tau == pytest.approx(stats.kendalltau(row, reference).statistic)
            assert rho == pytest.approx(stats.spearmanr(row, reference).statistic)


@given(tables, st.integers(1, 7))
def test_chances_to_be_on_top_add_up_to_the_places(values: np.ndarray, k: int) -> None:
    chances = top_chance(values, k)
    assert chances.sum() == pytest.approx(min(k, values.shape[1]))
    assert ((chances >= 0) & (chances <= 1)).all()
    assert 0 <= top_stability(values, values[0], k) <= 1 + 1e-12


@given(tables)
def test_flips_are_of_pairs_and_of_the_order_alone(values: np.ndarray) -> None:
    chance = flip_chance(values, values[0])
    np.testing.assert_array_equal(chance, chance.T)
    np.testing.assert_array_equal(chance, flip_chance(np.exp(values), np.exp(values[0])))
    np.testing.assert_array_equal(ranks(values), ranks(7 * values - 3))


def test_an_order_that_never_changes_never_flips() -> None:
    values = np.array([[30.0, 20.0, 10.0], [3.0, 2.0, 1.0]])
    assert np.nanmax(flip_chance(values, BIG)) == 0
    assert top_stability(values, BIG, 2) == 1
    assert np.nanmin(flip_chance(values, SMALL)) == 1


def test_two_normal_figures_flip_as_often_as_the_normal_law_says() -> None:
    """Two independent normals a standard deviation apart: the chance of the other order is Φ(-1/√2)."""
    values = np.random.default_rng(3).standard_normal((40_000, 2)) + np.array([1.0, 0.0])
    # four standard errors of a share of 40,000
    assert flip_chance(values, np.array([1.0, 0.0]))[0, 1] == pytest.approx(
        stats.norm.cdf(-1 / np.sqrt(2)), abs=0.009
    )
