"""The lens of the market in the long run: what does it cost for ever if trade stays cut, once all has adjusted?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from weaklink.errors import RequestError
from weaklink.market.caliendo_parro import (
    Trading,
    TradingEquilibrium,
    counterfactual,
    trading,
    without_deficits,
)
from weaklink.scenario.parameters import Parameter, parameters
from weaklink.study.industry_shocks import YEAR, IndustryShocks, OfIndustries, industry_shocks
from weaklink.study.lens import About, Asked, Course, Drawn, Figures, likely

NAME = "market-long"
ABOUT = About(
    name=NAME,
    title="Market, long run",
    horizon="each of years 5 to 20",
    span_days=(5 * YEAR, 20 * YEAR),
    loss="real final spending lost in each year, once suppliers, wages and prices have adjusted, if trade stays cut",
    unit="USD",
    base="gross national expenditure in the year of the table",
    leaves_out=(
        "The way there: what is lost before everything has adjusted is the business of the other lenses, and is a "
        "multiple.",
        "When a ban ends: it is taken to be upheld, however long the scenario says it lasts. Outages and closures that "
        "the scenario ends are not read.",
        "Ideas that come with trade, economies of scale, capital that is moved or lost, and people who are.",
        "Deficits: the world is first balanced, and stays so.",
        "Products within a sector: eleven broad sectors can replace much that a factory cannot.",
    ),
)
AT_ONCE = 32  # draws whose trade costs are held in memory together


@dataclass(frozen=True, slots=True, eq=False)
class MarketLong(OfIndustries):
    """A scenario set up: shocks by industry, the balanced world, and where the search for equilibria begins."""

    shocks: IndustryShocks
    members: tuple[str, ...]
    trading: Trading
    start: TradingEquilibrium
    ranges: Mapping[str, Parameter]

    @property
    def about(self) -> About:
        """What the lens is."""
        return ABOUT

    def losses(self, drawn: Drawn) -> Figures:
        """Real spending lost in a year of the new equilibrium, draws × members; gains are negative."""
        count = len(drawn["common"])
        parts = [
            self._loss_share({name: figures[first : first + AT_ONCE] for name, figures in drawn.items()})
            for first in range(0, count, AT_ONCE)
        ]
        return np.concatenate(parts) * self.base

    def course(self) -> Course:
        """One period: the first year in which all has adjusted."""
        first = ABOUT.span_days[0]
        return Course(np.array([first, first + YEAR]), self.losses(likely(self.ranges)))

    def _loss_share(self, drawn: Drawn) -> Figures:
        found = _equilibria(self.trading, self.shocks, drawn, self.start)
        return np.asarray(1 - found.welfare[:, self.places])


def market_long(asked: Asked) -> MarketLong:
    """Set the lens up on the embedded table of 2020.

    RequestError where the scenario strikes nothing in trade that stays, or nothing that the table has.

    >>> from weaklink.scenario.library import chosen
    >>> from weaklink.study.losses import asked_for
    >>> model = market_long(asked_for(chosen("china-rare-earths"), "DEU + FRA"))
    >>> loss = model.losses(likely(model.ranges))
    >>> loss.shape, bool(0 < loss.sum() < 0.001 * model.base.sum())
    ((1, 2), True)
    """
    shocks = industry_shocks(asked)
    stays = [name for name, one in zip(shocks.names, shocks.stays, strict=True) if one]
    if not stays:
        raise RequestError(
            f"scenario {asked.scenario.name} ends: its outages and closures are over before the long run begins."
        )
    members = tuple(code for code in asked.members if code in shocks.world.regions)
    every = parameters(NAME, asked.scenario)
    wanted = ("common", *map(theta_of, shocks.world.sectors), *stays)
    ranges = MappingProxyType({name: every[name] for name in wanted})
    central = likely(ranges)
    base = without_deficits(trading(shocks.world), thetas(shocks.world.sectors, central)[0])
    return MarketLong(shocks, members, base, _first(_equilibria(base, shocks, central, None)), ranges)


def theta_of(sector: str) -> str:
    """The name of a sector's trade elasticity among the parameters."""
    return f"theta_{sector}"


def thetas(sectors: tuple[str, ...], drawn: Drawn) -> Figures:
    """Trade elasticities, draws × sectors: each sector's own, times what is common to all."""
    return np.column_stack([drawn[theta_of(sector)] for sector in sectors]) * drawn["common"][:, None]


def _equilibria(
    base: Trading, shocks: IndustryShocks, drawn: Drawn, start: TradingEquilibrium | None
) -> TradingEquilibrium:
    """Trade falls to the share that is kept at given prices, whatever the elasticity; then all prices adjust."""
    theta = thetas(base.sectors, drawn)
    kept = np.moveaxis(shocks.kept(drawn, within_year=False), 2, 1)  # draws × sectors × sellers × buyers
    with np.errstate(divide="ignore"):
        cost = np.maximum(kept, 0.0) ** (-1 / theta[..., None, None])
    return counterfactual(base, theta, cost, start=start)


def _first(many: TradingEquilibrium) -> TradingEquilibrium:
    """The first of several counterfactuals."""
    names = ("wage", "price", "output", "spending", "shares", "welfare")
    return replace(many, **{name: getattr(many, name)[0] for name in names})
