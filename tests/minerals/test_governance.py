"""Weights of suppliers and the weighted index: worked values, and identities for every generated supply."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink.minerals.governance import governance_weight, rated_share, weighted_herfindahl
from weaklink.trade import concentration
from weaklink.trade.runs import Runs

Figures = npt.NDArray[np.float64]

estimates = st.floats(-4, 4)
weights = st.floats(0, 15)


@st.composite
def supplies(draw: st.DrawFn) -> tuple[npt.NDArray[np.int64], Figures]:
    """Amounts of one to twenty suppliers, something in all, and a weight for each."""
    n = draw(st.integers(1, 20))
    amounts = draw(st.lists(st.integers(0, 10**12), min_size=n, max_size=n).filter(any))
    return np.array(amounts, dtype=np.int64), np.array(draw(st.lists(weights, min_size=n, max_size=n)))


def test_an_estimate_of_zero_weighs_five_and_the_ends_of_the_scale_zero_and_ten() -> None:
    """By hand, from (2.5 - estimate) × 2."""
    assert governance_weight([2.5, 0, -2.5]).tolist() == [0, 5, 10]


@given(estimates, estimates)
def test_worse_governance_never_weighs_less(one: float, other: float) -> None:
    better, worse = max(one, other), min(one, other)
    assert 0 <= governance_weight(better) <= governance_weight(worse) <= 10


def test_an_unknown_governance_is_not_a_good_one() -> None:
    assert np.isnan(governance_weight(np.nan))


def test_the_weighted_index_of_a_hundred_percent_supplier_is_its_weight() -> None:
    """METHODS 4.1: 5.657 at about 100 % China implies a mean estimate of -0.33 at a trade parameter of 1."""
    assert weighted_herfindahl([1.0], governance_weight([-0.3285])) == pytest.approx(5.657, abs=5e-4)


@given(supplies())
def test_the_weighted_index_lies_between_the_least_and_the_greatest_weight_times_the_index(
    supply: tuple[npt.NDArray[np.int64], Figures],
) -> None:
    amounts, weight = supply
    plain = float(concentration.herfindahl(Runs.of_rows([amounts]))[0])
    index = float(weighted_herfindahl(concentration.shares(amounts), weight))
    producing = weight[amounts > 0]
    assert producing.min() * plain * (1 - 1e-12) <= index <= producing.max() * plain * (1 + 1e-12)


@given(supplies(), weights)
def test_equal_weights_only_scale_the_index(
    supply: tuple[npt.NDArray[np.int64], Figures], weight: float
) -> None:
    amounts, _ = supply
    index = weighted_herfindahl(concentration.shares(amounts), np.full(len(amounts), weight))
    assert index == pytest.approx(
        weight * float(concentration.herfindahl(Runs.of_rows([amounts]))[0]), rel=1e-12, abs=1e-300
    )


@given(supplies(), st.integers(2, 1000))
def test_the_weighted_index_does_not_change_with_the_unit(
    supply: tuple[npt.NDArray[np.int64], Figures], factor: int
) -> None:
    amounts, weight = supply
    index = weighted_herfindahl(concentration.shares(amounts), weight)
    again = weighted_herfindahl(concentration.shares(amounts * factor), weight)
    assert again == pytest.approx(index, rel=1e-12, abs=1e-300)


@given(supplies(), st.data())
def test_forgetting_a_weight_never_raises_the_index_and_never_raises_what_is_rated(
    supply: tuple[npt.NDArray[np.int64], Figures], data: st.DataObject
) -> None:
    amounts, weight = supply
    shares = concentration.shares(amounts)
    forgotten = weight.copy()
    forgotten[data.draw(st.integers(0, len(weight) - 1))] = np.nan
    assert weighted_herfindahl(shares, forgotten) <= weighted_herfindahl(shares, weight) + 1e-12
    assert rated_share(shares, forgotten) <= rated_share(shares, weight) + 1e-12


@given(supplies())
def test_the_index_falls_short_by_no_more_than_the_square_of_what_is_not_rated(
    supply: tuple[npt.NDArray[np.int64], Figures],
) -> None:
    """What the docs promise of the lower bound: short by at most ten times (1 - coverage)²."""
    amounts, weight = supply
    weight = np.minimum(weight, 10)
    shares = concentration.shares(amounts)
    known = weight.copy()
    known[::2] = np.nan
    short = weighted_herfindahl(shares, weight) - weighted_herfindahl(shares, known)
    assert short <= 10 * (1 - rated_share(shares, known)) ** 2 + 1e-9
