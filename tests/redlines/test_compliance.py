"""How much has to move: worked cases, and brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink.redlines import compliance

Shares = np.ndarray[tuple[int], np.dtype[np.float64]]

weights = st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any)
shares = weights.map(lambda row: np.array(row, dtype=np.float64) / sum(row))
limits = st.floats(0.01, 1.0)


def test_a_single_supplier_must_give_up_half_to_bring_the_index_to_a_quarter() -> None:
    """By hand: 0.5 squared is 0.25, the rest goes to suppliers too small to count."""
    assert compliance.concentration_to_move(np.array([1.0]), 0.25) == pytest.approx(0.5)


def test_two_equal_suppliers_are_cut_alike() -> None:
    """By hand: 2 x² = 0.32 at x = 0.4, so a tenth of each moves."""
    assert compliance.concentration_to_move(np.array([0.5, 0.5]), 0.32) == pytest.approx(0.2)


@given(shares, limits)
def test_what_keeps_the_line_moves_nothing(row: Shares, limit: float) -> None:
    if np.square(row).sum() <= limit:
        assert compliance.concentration_to_move(row, limit) == 0
    if row.max() <= limit:
        assert compliance.largest_to_move(row, limit) == 0
    if row.sum() <= limit:
        assert compliance.share_to_move(row, limit) == 0


@given(shares, limits)
def test_cutting_the_largest_by_what_is_said_keeps_the_line_exactly(row: Shares, limit: float) -> None:
    """The level that the cut leaves brings the index to the limit, found here by bisection."""
    moved = compliance.concentration_to_move(row, limit)
    low, high = 0.0, float(row.max())
    for _ in range(100):
        level = (low + high) / 2
        low, high = (level, high) if np.square(np.minimum(row, level)).sum() <= limit else (low, level)
    if np.square(row).sum() > limit:
        assert moved == pytest.approx(float((row - np.minimum(row, low)).sum()), abs=1e-9)


@given(shares, limits, st.randoms(use_true_random=False))
def test_no_other_way_of_moving_less_keeps_the_line(row: Shares, limit: float, random: st.DataObject) -> None:
    """Moving a little less than said, in any way, leaves the index above the limit."""
    moved = compliance.concentration_to_move(row, limit)
    if moved == 0:
        return
    cuts = np.array([random.random() for _ in row]) * row  # type: ignore[attr-defined]
    if cuts.sum() > 1e-9:
        cuts *= 0.99 * moved / cuts.sum()
        if (cuts <= row).all():
            assert np.square(row - cuts).sum() > limit - 1e-12


@given(shares, limits, limits)
def test_a_stricter_line_never_moves_less(row: Shares, first: float, second: float) -> None:
    strict, mild = min(first, second), max(first, second)
    for how in (compliance.concentration_to_move, compliance.largest_to_move, compliance.share_to_move):
        assert how(row, strict) >= how(row, mild) - 1e-12


def test_ninety_days_of_stock_at_a_kilogram_a_day() -> None:
    assert compliance.days_of_stock(90, 365) == 90
    assert np.isnan(compliance.days_of_stock(90, 0))
