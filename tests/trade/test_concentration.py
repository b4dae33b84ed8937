"""Measures of concentration: worked values, and identities for every generated table of amounts."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink.trade import concentration
from weaklink.trade.runs import Amounts, Runs


def of_one(measure: Callable[[Runs], npt.NDArray[Any]], row: Amounts) -> float:
    """A measure of one vector of amounts."""
    return float(measure(Runs.of_rows([row]))[0])


amounts = st.lists(st.integers(0, 10**13), min_size=1, max_size=40).map(
    lambda row: np.array(row, dtype=np.int64)
)
traded = amounts.filter(lambda row: bool(row.sum() > 0))


def test_herfindahl_of_a_half_three_tenths_and_two_tenths_is_0_38() -> None:
    """By hand: 0.25 + 0.09 + 0.04."""
    assert of_one(concentration.herfindahl, np.array([50, 30, 20])) == pytest.approx(0.38, abs=1e-15)


def test_herfindahl_of_n_equal_suppliers_is_one_over_n() -> None:
    for n in range(1, 20):
        assert of_one(concentration.herfindahl, np.full(n, 7)) == pytest.approx(1 / n, rel=1e-14)


@given(traded)
def test_shares_lie_between_zero_and_one_and_sum_to_one(row: Amounts) -> None:
    shares = concentration.shares(row)
    assert np.all((shares >= 0) & (shares <= 1))
    assert shares.sum() == pytest.approx(1, abs=1e-12)


@given(st.integers(1, 30))
def test_a_product_without_supply_has_no_shares_and_no_index(n: int) -> None:
    nothing = np.zeros(n, dtype=np.int64)
    assert np.isnan(concentration.shares(nothing)).all()
    assert np.isnan(of_one(concentration.herfindahl, nothing))
    assert np.isnan(concentration.group_share(Runs.of_rows([nothing]), np.ones(n, dtype=np.bool_)))
    place, share = concentration.largest(Runs.of_rows([nothing]))
    assert place == -1
    assert np.isnan(share)


@given(traded)
def test_herfindahl_lies_between_one_over_n_and_one(row: Amounts) -> None:
    index = of_one(concentration.herfindahl, row)
    n = int(of_one(concentration.suppliers, row))
    assert 1 / n - 1e-12 <= index <= 1 + 1e-12


@given(traded, st.integers(2, 1000))
def test_herfindahl_does_not_change_with_the_unit(row: Amounts, factor: int) -> None:
    assert of_one(concentration.herfindahl, row * factor) == pytest.approx(
        of_one(concentration.herfindahl, row), rel=1e-12
    )


@given(traded, st.randoms(use_true_random=False))
def test_herfindahl_does_not_change_with_the_order_of_suppliers(row: Amounts, random: Random) -> None:
    shuffled = row.tolist()
    random.shuffle(shuffled)
    assert of_one(concentration.herfindahl, np.array(shuffled)) == pytest.approx(
        of_one(concentration.herfindahl, row), rel=1e-12
    )


@given(traded)
def test_herfindahl_does_not_change_when_a_supplier_of_nothing_is_added(row: Amounts) -> None:
    assert of_one(concentration.herfindahl, np.append(row, 0)) == pytest.approx(
        of_one(concentration.herfindahl, row), rel=1e-12
    )


@given(traded, st.data())
def test_herfindahl_never_rises_when_a_supplier_splits_in_two(row: Amounts, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(row) - 1))
    part = data.draw(st.integers(0, int(row[place])))
    split = np.append(row, part)
    split[place] -= part
    assert of_one(concentration.herfindahl, split) <= of_one(concentration.herfindahl, row) + 1e-12


@given(traded, st.data())
def test_herfindahl_never_falls_when_two_suppliers_merge(row: Amounts, data: st.DataObject) -> None:
    first, second = data.draw(st.integers(0, len(row) - 1)), data.draw(st.integers(0, len(row) - 1))
    if first == second:
        return
    merged = row.copy()
    merged[first] += merged[second]
    merged[second] = 0
    assert of_one(concentration.herfindahl, merged) >= of_one(concentration.herfindahl, row) - 1e-12


@given(traded)
def test_effective_number_is_at_most_the_number_of_suppliers(row: Amounts) -> None:
    assert of_one(concentration.effective_number, row) <= int(of_one(concentration.suppliers, row)) + 1e-9


@given(traded)
def test_largest_supplier_is_the_first_of_those_with_the_most(row: Amounts) -> None:
    place, share = concentration.largest(Runs.of_rows([row]))
    assert int(place[0]) == row.tolist().index(max(row.tolist()))
    assert share[0] == pytest.approx(max(row.tolist()) / sum(row.tolist()), rel=1e-15)


@given(traded)
def test_concentration_ratio_never_falls_in_k_and_ends_at_one(row: Amounts) -> None:
    ratios = [
        float(concentration.concentration_ratio(Runs.of_rows([row]), k)[0]) for k in range(1, len(row) + 1)
    ]
    assert ratios == sorted(ratios)
    assert ratios[-1] == pytest.approx(1, abs=1e-12)
    assert ratios[0] == pytest.approx(float(concentration.largest(Runs.of_rows([row]))[1][0]), rel=1e-15)


@given(traded, st.data())
def test_shares_of_a_group_and_of_the_rest_sum_to_one(row: Amounts, data: st.DataObject) -> None:
    group = np.array(data.draw(st.lists(st.booleans(), min_size=len(row), max_size=len(row))), dtype=np.bool_)
    inside, outside = (
        float(concentration.group_share(Runs.of_rows([row]), chosen)[0]) for chosen in (group, ~group)
    )
    assert inside + outside == pytest.approx(1, abs=1e-12)


@given(st.lists(traded, min_size=1, max_size=6).filter(lambda rows: len({len(row) for row in rows}) == 1))
def test_a_matrix_gives_for_each_row_what_the_row_gives_alone(rows: list[Amounts]) -> None:
    matrix = np.array(rows)
    together = concentration.herfindahl(Runs.of_rows(matrix))
    assert together.tolist() == [of_one(concentration.herfindahl, row) for row in rows]


@given(traded)
def test_shares_stay_exact_up_to_a_hundred_trillion_dollars(row: Amounts) -> None:
    """World trade of a year is 2.5e13 dollars: doubles hold whole dollars exactly up to 9e15."""
    assert int(row.sum()) == sum(row.tolist())
