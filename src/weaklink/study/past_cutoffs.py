"""What would the lens of goods have said of past cut-offs on the day before, and what happened?

A test takes a cut-off that was announced, the trade data of the last whole year before it, and the ranges of the lens
as they stand; the outcome is the first whole year after. Compared is the fall of imports, which comes before stocks and
saving: so both are switched off. Nothing of the outcome is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from types import MappingProxyType

import numpy as np

from weaklink import data, tomlfile
from weaklink.errors import RequestError
from weaklink.scenario.model import Scenario
from weaklink.shortfall.market import price
from weaklink.study.channels import every_name
from weaklink.study.lens import Drawn, Figures
from weaklink.study.lenses.goods import Goods, goods
from weaklink.study.losses import asked_for
from weaklink.uncertainty.bands import bands
from weaklink.uncertainty.draws import drawn
from weaklink.uncertainty.ranges import at_likely, certain

FOLDER = data.ROOT / "back_tests"
BLOCK = 25  # draws whose days are held at once
LOW, HIGH = 0.05, 0.95
FIRST_WEEKS = 31  # days of January by which a cut-off may begin for the year to count as one after it
TREND = 3  # years before the cut-off whose mean is the other yardstick
SWITCHED_OFF: Mapping[str, float] = MappingProxyType(
    {"stock_days": 0.0, "saving": 0.0, "demand_elasticity": 0.0}
)
MISSING, PRICE, ALL = "imports missing", "price", "all"


@cache
def cutoffs() -> Mapping[str, Scenario]:
    """The cut-offs of the past that the product carries, by name.

    >>> "rare-earths-2010" in cutoffs()
    True
    """
    found = {path.stem: tomlfile.read(path, Scenario) for path in sorted(FOLDER.glob("*.toml"))}
    return MappingProxyType(found)


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure by the model and as it was; `low` to `high` hold nine tenths of the draws.

    `item` is a product, or all of them weighted by values before. `against_trend` is the outcome against the mean of
    three years before instead of the last.
    """

    item: str
    figure: str
    unit: str
    modelled: float
    observed: float
    low: float = np.nan
    high: float = np.nan
    against_trend: float = np.nan


@dataclass(frozen=True, slots=True)
class PastCutoff:
    """A cut-off of the past: the lens set up with the data of the year `before`, and the year `after`.

    `window` are the days of the year after, counted from the first day of the cut-off.
    """

    scenario: Scenario
    model: Goods
    before: int
    after: int
    window: slice

    @classmethod
    def of(cls, scenario: Scenario) -> PastCutoff:
        """Set up with the last whole year before the first day; the outcome is the first whole year after it."""
        first = scenario.shock[0].first_day
        if first is None:
            raise RequestError(f"The back-test {scenario.name} needs a first_day.")
        before = first.year - 1
        after = first.year if first <= date(first.year, 1, FIRST_WEEKS) else first.year + 1
        window = slice(max((date(after, 1, 1) - first).days, 0), (date(after + 1, 1, 1) - first).days)
        asked = asked_for(scenario.model_copy(update={"days": window.stop}), year=before)
        return cls(scenario, goods(asked), before, after, window)

    @property
    def places(self) -> np.ndarray:
        """Places of the products that are struck and that members buy."""
        bought = self.model.bought.purchases
        return np.unique(bought.product)

    @property
    def products(self) -> tuple[str, ...]:
        """Their codes."""
        return tuple(self.model.bought.products[place] for place in self.places)

    def figures(self, draws: int, seed: int) -> Iterator[Compared]:
        """Fall of imports and rise of price of every product; and of all together, where there are several."""
        ranges = self.model.ranges
        off = every_name(SWITCHED_OFF, ranges)
        sure = {**{name: one.likely for name, one in ranges.items() if certain(one)}, **off}
        moving = {name: one for name, one in ranges.items() if name not in sure}
        likely = self._fall({**at_likely(ranges), **_still(off, 1)})[0]
        some = self._fall({**drawn(moving, draws, seed), **_still(sure, draws)})
        band = bands(some, (LOW, HIGH)).value
        seen, trend, dear = self._observed()
        rises = self._prices(at_likely(ranges))
        together = [ALL] if len(self.products) > 1 else []
        for place, code in enumerate([*self.products, *together]):
            low, high = band[:, place]
            fall = Compared(code, MISSING, "share", likely[place], seen[place])
            yield replace(fall, low=low, high=high, against_trend=trend[place])
            if code != ALL:
                yield Compared(code, PRICE, "times", rises[place], dear[place])

    def _fall(self, figures: Drawn) -> Figures:
        """Share of imports that do not arrive in the year after: draws × (products, then all together)."""
        bought, count = self.model.bought.purchases, len(next(iter(figures.values())))
        use = bought.by_product(bought.use)[self.places] * (self.window.stop - self.window.start)
        parts = []
        for first in range(0, count, BLOCK):
            some = {name: figure[first : first + BLOCK] for name, figure in figures.items()}
            daily = self.model.cells(some, daily=True).daily
            assert daily is not None  # noqa: S101 - it was asked for
            parts.append(bought.by_product(daily[self.window].sum(axis=0))[:, self.places])
        missing = np.concatenate(parts)
        return np.concatenate([missing / use, missing.sum(axis=1, keepdims=True) / use.sum()], axis=1)

    def _prices(self, figures: Drawn) -> Figures:
        """How many times the price before each product costs while the cut-off is in full force."""
        bought = self.model.bought.purchases
        taken = sum(
            (strike.world for strike in bought.strikes if not strike.by_hubs), np.zeros(len(bought.world))
        )
        share = figures["shock.1.lost"] * taken[self.places] / bought.world[self.places]
        found: Figures = price(
            share, *(figures[name] for name in ("supply_elasticity", "demand_elasticity", "most_price"))
        )
        return found

    def _observed(self) -> tuple[Figures, Figures, Figures]:
        """As it was: share by which imports in kilograms fell, the same against the trend, and rise of unit values.

        All together are weighted by values of the year before.
        """
        years = range(self.before - TREND + 1, self.before + 1)
        value, kilograms = self._imports(self.before)
        later_value, later = self._imports(self.after)
        usual = np.mean([self._imports(year)[1] for year in years], axis=0)
        fell, against = 1 - later / kilograms, 1 - later / usual
        dear = (later_value / later) / (value / kilograms)
        weight = value / value.sum()
        return np.append(fell, weight @ fell), np.append(against, weight @ against), dear

    def _imports(self, year: int) -> tuple[Figures, Figures]:
        """Value and kilograms of the members' imports of each product, flows of unknown quantity left out."""
        products = self.products
        flows = self.model.bought.data.flows((year,), products=products)
        held = flows.flags(self.model.countries)[flows.importer] & (flows.quantity_kg >= 0)
        count, places = len(flows.products), [flows.products.index(code) for code in products]
        amounts = np.array([flows.value_usd[held], flows.quantity_kg[held]], dtype=np.float64)
        value, kilograms = (np.bincount(flows.product[held], amount, count) for amount in amounts)
        return value[places].astype(np.float64), kilograms[places].astype(np.float64)


def _still(figures: Mapping[str, float], count: int) -> dict[str, Figures]:
    """Figures that are the same in every draw."""
    return {name: np.full(count, figure) for name, figure in figures.items()}
