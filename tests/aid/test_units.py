"""Units and rates: exact, against an independent table of constants."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import constants

from weaklink.aid.money import Rate, Rates, total
from weaklink.aid.units import UNITS, converted, convertible

SAME = [(one, other) for one in UNITS for other in UNITS if convertible(one, other)]


@pytest.mark.parametrize(
    ("unit", "base", "published"),
    [
        ("US gal", "m3", constants.gallon),
        ("imp gal", "m3", constants.gallon_imp),
        ("lb", "kg", constants.pound),
        ("kWh", "MJ", constants.hour * constants.kilo / constants.mega),
    ],
)
def test_factors_agree_with_the_constants_of_scipy(unit: str, base: str, published: float) -> None:
    assert float(converted(1000, unit, base)) / 1000 == pytest.approx(published, rel=1e-9)


@given(st.sampled_from(SAME), st.integers(0, 10**15))
def test_there_and_back_is_the_same_to_the_last_thousandth(pair: tuple[str, str], amount: int) -> None:
    one, other = pair
    there = converted(1000, one, other) / 1000
    back = converted(1000, other, one) / 1000
    assert amount * there * back == amount


def test_pieces_are_not_kilograms() -> None:
    with pytest.raises(ValueError, match="piece measures pieces, kg measures mass"):
        converted(1000, "piece", "kg")


RATES = Rates(
    (
        Rate("2022-11-01", "USD", "EUR", Fraction("1.01"), "test"),
        Rate("2022-11-20", "USD", "EUR", Fraction("0.96"), "test"),
    )
)


def test_the_latest_rate_before_the_day_is_used() -> None:
    assert RATES.convert(100, "USD", "EUR", "2022-11-19") == 101
    assert RATES.convert(100, "USD", "EUR", "2022-11-20") == 96


def test_there_is_no_rate_before_the_first_nor_long_after_the_last() -> None:
    assert RATES.convert(100, "USD", "EUR", "2022-10-31") is None
    assert RATES.convert(100, "USD", "EUR", "2022-12-22") is None


def test_a_rate_is_known_the_other_way_too() -> None:
    assert RATES.convert(96, "EUR", "USD", "2022-11-25") == 100


def test_what_cannot_be_converted_is_counted_and_not_zero() -> None:
    assert list(total([RATES.convert(100, "GBP", "EUR", "2022-11-20"), Fraction(5)])) == [5, 1]
