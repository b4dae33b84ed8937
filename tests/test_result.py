"""The digest of a result: the same wherever numbers agree to twelve digits, another wherever anything differs."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink.columns import Column, TableSchema
from weaklink.provenance import Provenance
from weaklink.result import DIGITS, LEAST_POWER, Result, _decimal, tabulated

SCHEMA = TableSchema(
    "made",
    "",
    (Column("word", "text", "", ""), Column("count", "integer", "", ""), Column("x", "number", "", "")),
)
numbers = st.floats(allow_nan=False, allow_infinity=False)
rows = st.lists(
    st.tuples(
        st.none() | st.text(max_size=3), st.none() | st.integers(-(2**63), 2**63 - 1), st.none() | numbers
    ),
    max_size=6,
)
Row = tuple[str | None, int | None, float | None]


def result_of(found: list[Row]) -> Result:
    records = [dict(zip(SCHEMA.names, row, strict=True)) for row in found]
    return Result(SCHEMA, tabulated(SCHEMA, records), (), Provenance((), "0"))


@given(numbers)
def test_twelve_digits_and_a_power_of_ten_are_the_number_but_for_half_of_the_last_digit(x: float) -> None:
    """Against exact fractions. The smallest doubles have fewer digits."""
    digits, power = (int(found[0]) for found in _decimal(np.array([x])))
    off = abs(Fraction(x) - Fraction(digits) * Fraction(10) ** power)
    assert off <= Fraction(10) ** power * Fraction(501, 1000)
    if x and power > LEAST_POWER:
        assert 10 ** (DIGITS - 1) <= abs(digits) < 10**DIGITS


@given(rows, st.sampled_from([1 - 2**-50, 1 + 2**-50]))
def test_the_last_bits_of_a_number_make_no_difference(found: list[Row], factor: float) -> None:
    """Numbers of at most eleven digits, which stay clear of the edge between two roundings."""
    short = [(a, b, None if x is None or abs(x) > 1e300 else float(f"{x:.10e}")) for a, b, x in found]
    moved = [(a, b, None if x is None or abs(x) < 1e-290 else x * factor) for a, b, x in short]
    same = [(a, b, None if x is None or abs(x) < 1e-290 else x) for a, b, x in short]
    assert result_of(same).digest == result_of(moved).digest


@given(rows, rows)
def test_other_rows_have_another_digest(one: list[Row], other: list[Row]) -> None:
    def told(found: list[Row]) -> list[tuple[str | None, int | None, str | None]]:
        return [(a, b, None if x is None else f"{x + 0.0:.{DIGITS - 1}e}") for a, b, x in found]

    if told(one) != told(other):
        assert result_of(one).digest != result_of(other).digest


@pytest.mark.parametrize("x", [1.0, 10.0, 1e-5, 999999999999.4999, 9.9999999999999e22, 5e-324, 1.7e308])
def test_numbers_beside_a_power_of_ten_have_twelve_digits(x: float) -> None:
    digits, power = (int(found[0]) for found in _decimal(np.array([x, -x]))[:2])
    assert math.isclose(float(Fraction(digits) * Fraction(10) ** power), x, rel_tol=1e-11)
