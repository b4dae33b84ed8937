"""How is a quantity in one unit counted in another? Exactly: every factor is a whole number or a fraction.

The pound, the gallons and the kilowatt-hour are so many of the base unit by definition (international yard and pound,
1959; United States gallon of 231 cubic inches; British Units of Measurement Regulations 1995), so nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

THOUSAND = 1000  # quantities are whole thousandths of their unit


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: what it measures, and how many of the base unit of that it is. `whole` things cannot be split."""

    measures: str
    factor: Fraction
    whole: bool = False


UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        "piece": Unit("pieces", Fraction(1), whole=True),
        "set": Unit("sets", Fraction(1), whole=True),
        "dozen": Unit("pieces", Fraction(12), whole=True),
        "person": Unit("people", Fraction(1), whole=True),
        "kg": Unit("mass", Fraction(1)),
        "g": Unit("mass", Fraction(1, 1000)),
        "t": Unit("mass", Fraction(1000)),
        "lb": Unit("mass", Fraction(45_359_237, 100_000_000)),
        "l": Unit("volume", Fraction(1)),
        "m3": Unit("volume", Fraction(1000)),
        "US gal": Unit("volume", Fraction(3_785_411_784, 1_000_000_000)),
        "imp gal": Unit("volume", Fraction(454_609, 100_000)),
        "kWh": Unit("energy", Fraction(1)),
        "MWh": Unit("energy", Fraction(1000)),
        "GWh": Unit("energy", Fraction(1_000_000)),
        "MJ": Unit("energy", Fraction(10, 36)),
        "kW": Unit("power", Fraction(1)),
        "MW": Unit("power", Fraction(1000)),
    }
)


def convertible(unit: str, to: str) -> bool:
    """Whether two units measure the same.

    >>> convertible("US gal", "m3"), convertible("piece", "kg")
    (True, False)
    """
    return unit == to or UNITS[unit].measures == UNITS[to].measures


def converted(thousandths: int, unit: str, to: str) -> Fraction:
    """A quantity in thousandths of one unit, in thousandths of another. ValueError where they measure different things.

    >>> converted(1000, "US gal", "l")
    Fraction(473176473, 125000)
    >>> float(converted(5000, "dozen", "piece"))
    60000.0
    """
    if unit == to:
        return Fraction(thousandths)
    if not convertible(unit, to):
        raise ValueError(f"{unit} measures {UNITS[unit].measures}, {to} measures {UNITS[to].measures}")
    return thousandths * UNITS[unit].factor / UNITS[to].factor
