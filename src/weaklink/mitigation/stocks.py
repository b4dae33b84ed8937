"""How large should a stock be, how long does it last, and what does it cost to keep?

Four rules, each with what it assumes:

    cover      days that a stock lasts at the present use
    gas        filling of gas stores by 1 November: Regulation (EU) 2022/1032, Articles 6a to 6c
    newsvendor one shortage of unknown size: the level at which one more unit saves in the mean what it costs (Arrow,
               Harris and Marschak (1951), Econometrica 19, 250)
    hazard     supply fails at random times for a random time; what is not covered is lost

The rule for oil (90 days of net imports) is a guideline and is computed with the guidelines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from weaklink.mitigation.options import Figures

FILLED_2022, FILLED_LATER = 0.80, 0.90  # of working volume by 1 November: Article 6a(1)
ABROAD = 0.15  # of mean yearly consumption, for states without stores: Article 6c(1)
CAP = 0.35  # of mean yearly consumption: no state must store more, Article 6a(2); recalled


def days_of_cover(stock: float, use: float) -> float:
    """Days that a stock lasts at a daily use; infinite where nothing is used.

    >>> days_of_cover(90.0, 2.0), days_of_cover(1.0, 0.0)
    (45.0, inf)
    """
    return stock / use if use > 0 else np.inf


@dataclass(frozen=True, slots=True)
class GasDuty:
    """What a state must have in store by 1 November, in the unit of its figures, and by which rule."""

    amount: float
    rule: str


def gas_duty(year: int, working_volume: float, yearly_consumption: float) -> GasDuty:
    """What gas a member of the EU must have in store on 1 November of a year.

    `yearly_consumption` is the mean of the five years before. The regulation of 2022 was in force to the end of 2025;
    a later year is refused, as is one before 2022 (ValueError).

    >>> gas_duty(2022, 100.0, 400.0)
    GasDuty(amount=80.0, rule='80 % of working volume')
    >>> gas_duty(2023, 0.0, 40.0)
    GasDuty(amount=6.0, rule='15 % of yearly consumption, stored abroad')
    >>> gas_duty(2023, 100.0, 90.0).rule
    '35 % of yearly consumption'
    """
    if not 2022 <= year <= 2025:
        raise ValueError(f"the regulation holds for 2022 to 2025, not for {year}")
    if working_volume == 0:
        return GasDuty(ABROAD * yearly_consumption, "15 % of yearly consumption, stored abroad")
    share = FILLED_2022 if year == 2022 else FILLED_LATER
    filled, cap = share * working_volume, CAP * yearly_consumption
    if filled <= cap:
        return GasDuty(filled, f"{share:.0%} of working volume".replace("%", " %"))
    return GasDuty(cap, "35 % of yearly consumption")


def newsvendor(needs: Figures, weights: Figures, unit_cost: float, unit_loss: float) -> float:
    """The stock at which one more unit costs as much as it saves in the mean, where one need of unknown size comes.

    `needs` are what may be needed, with probabilities `weights` (adding up to one); a unit in stock costs `unit_cost`
    whether it is used or not, a unit that is missing loses `unit_loss`. Zero where a unit costs more than it saves.

    >>> newsvendor(np.array([0.0, 10.0, 30.0]), np.array([0.5, 0.3, 0.2]), unit_cost=1.0, unit_loss=4.0)
    10.0
    """
    if unit_cost >= unit_loss:
        return 0.0
    order = np.argsort(needs)
    reached = np.cumsum(weights[order])
    place = int(np.searchsorted(reached, 1 - unit_cost / unit_loss - 1e-12))
    return float(max(0.0, needs[order][min(place, len(needs) - 1)]))


@dataclass(frozen=True, slots=True)
class Hazard:
    """How supply fails: so many times a year in the mean, each time for a random number of days.

    `beyond(t)` is the chance that a failure lasts longer than t days; `use` is what is used a day and fails with it.
    """

    yearly: float
    beyond: Callable[[float], float]
    use: float

    @classmethod
    def exponential(cls, yearly: float, mean_days: float, use: float) -> Hazard:
        """Failures of exponential duration."""
        return cls(yearly, lambda days: float(np.exp(-days / mean_days)), use)

    @classmethod
    def of_durations(cls, yearly: float, days: Figures, use: float) -> Hazard:
        """Failures as long as those that were seen, each as likely as any other."""
        return cls(yearly, lambda than: float((days > than).mean()), use)


def hazard_stock(hazard: Hazard, yearly_unit_cost: float, unit_loss: float, most: float) -> float:
    """The stock at which one more unit costs a year what it saves a year in the mean; at most `most`.

    One more unit is used when a failure outlasts the stock: yearly × P(longer than stock / use) × unit_loss. The stock
    is taken to be full again before the next failure. For exponential failures it is
    use × mean_days × ln(yearly × unit_loss / yearly_unit_cost).

    >>> rare = Hazard.exponential(yearly=0.2, mean_days=60.0, use=10.0)
    >>> round(hazard_stock(rare, yearly_unit_cost=1.0, unit_loss=50.0, most=1e6), 2), round(600 * float(np.log(10)), 2)
    (1381.55, 1381.55)
    """

    def gain(stock: float) -> float:
        return hazard.yearly * hazard.beyond(stock / hazard.use) * unit_loss - yearly_unit_cost

    if gain(0.0) <= 0:
        return 0.0
    if gain(most) >= 0:
        return most
    return float(optimize.bisect(gain, 0.0, most, xtol=1e-9 * most, rtol=1e-12))


def expected_shortage(hazard: Hazard, stock: float, longest: float) -> float:
    """What is missing in a year in the mean with a stock: yearly × use × ∫ P(longer than t) dt from stock / use.

    `longest` is a number of days that no failure outlasts, or from which on it may be neglected.
    """
    days = np.linspace(stock / hazard.use, longest, 20_001)
    beyond = np.array([hazard.beyond(day) for day in days])
    return float(hazard.yearly * hazard.use * np.trapezoid(beyond, days)) if days[-1] > days[0] else 0.0


@dataclass(frozen=True, slots=True)
class Keeping:
    """What keeping a stock costs a year: capital, storage, and renewal before it spoils; in the money of the price."""

    capital: float
    storage: float
    renewal: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.capital + self.storage + self.renewal


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a stock is kept.

    `interest` is a share of its value a year, `storage` the cost of a unit and year. A unit must be renewed within
    `shelf_life` years. What is used anyway (`yearly_use`) can come from the stock and be replaced for the share
    `rotation` of the price; what is renewed beyond that is sold at the share `scrap` of the price.
    """

    interest: float
    storage: float
    shelf_life: float = np.inf
    yearly_use: float = 0.0
    rotation: float = 0.0
    scrap: float = 0.0


def keeping_cost(stock: float, price: float, terms: Terms) -> Keeping:
    """What a stock costs a year.

    >>> keeping_cost(100.0, 10.0, Terms(0.05, 0.2, shelf_life=5.0, yearly_use=15.0, rotation=0.1, scrap=0.4))
    Keeping(capital=50.0, storage=20.0, renewal=45.0)
    """
    renewed = stock / terms.shelf_life
    rotated = min(renewed, terms.yearly_use)
    return Keeping(
        capital=terms.interest * price * stock,
        storage=terms.storage * stock,
        renewal=price * (terms.rotation * rotated + (1 - terms.scrap) * (renewed - rotated)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """What stocks members need each for itself, and what they need together, at the same chance of being short."""

    alone: Figures
    together: float

    @property
    def saved(self) -> float:
        """What pooling saves, as share of the stocks of all for themselves."""
        total = float(self.alone.sum())
        return 1 - self.together / total if total > 0 else 0.0


def pooled_stock(needs: Figures, level: float) -> Pooled:
    """Stocks that are enough with a chance of `level`, from drawn needs with the shape (draws, members).

    Pooling saves as far as members are not short at the same time; nothing where they always are.

    >>> needs = np.array([[10.0, 0.0], [0.0, 10.0], [0.0, 0.0], [0.0, 0.0]])
    >>> pooled_stock(needs, 0.8).saved
    0.5
    """
    alone: Figures = np.quantile(needs, level, axis=0, method="inverted_cdf")
    return Pooled(alone, float(np.quantile(needs.sum(axis=1), level, method="inverted_cdf")))
