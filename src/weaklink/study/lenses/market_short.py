"""The lens of the market in the short run: what does a year without part of the imports cost a country?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from weaklink.market import ces
from weaklink.market.economy import Economy
from weaklink.market.exact import equilibrium
from weaklink.market.national import Nests, elasticities, lost_imports, national_economy
from weaklink.scenario.parameters import Parameter, parameters
from weaklink.study.industry_shocks import YEAR, IndustryShocks, OfIndustries, industry_shocks
from weaklink.study.lens import About, Asked, Course, Drawn, Figures, likely

NAME = "market-short"
ABOUT = About(
    name=NAME,
    title="Market, within a year",
    horizon="a year",
    span_days=(0, YEAR),
    loss="real gross national expenditure lost in a year, while value added stays where it is",
    unit="USD",
    base="gross national expenditure in the year of the table",
    leaves_out=(
        "What happens within the year: a cut of half a year counts as half a cut for the whole year.",
        "Goods that stop others within their sector: a sector of the table is one good, so that losses of a single "
        "material are understated.",
        "What is saved by not paying for missing imports, and prices on world markets.",
        "Demand that fails, credit, exchange rates and unemployment: all that makes a supply shock a recession.",
    ),
)
NESTS = ("final", "production", "imports")
STEPS = 3  # of the path to an equilibrium: most draws are near the baseline
AT_ONCE = 128  # draws of one country side by side


@dataclass(frozen=True, slots=True, eq=False)
class MarketShort(OfIndustries):
    """A scenario set up: the shocks by industry, and the economy of each member that the table knows."""

    shocks: IndustryShocks
    members: tuple[str, ...]
    economies: tuple[Economy, ...]
    ranges: Mapping[str, Parameter]

    @property
    def about(self) -> About:
        """What the lens is."""
        return ABOUT

    def losses(self, drawn: Drawn) -> Figures:
        """Real expenditure lost in the year, draws × members. Exact, not to second order."""
        count = len(drawn["final"])
        found = np.empty((count, len(self.members)))
        for column, (place, economy) in enumerate(zip(self.places, self.economies, strict=True)):
            for first in range(0, count, AT_ONCE):
                part = slice(first, first + AT_ONCE)
                some = {name: figures[part] for name, figures in drawn.items()}
                found[part, column] = self._loss_share(place, economy, some)
        return found * self.base

    def course(self) -> Course:
        """One period: the year."""
        return Course(np.array([0.0, YEAR]), self.losses(likely(self.ranges)))

    def change(self, place: int, economy: Economy, drawn: Drawn) -> Figures:
        """What the shocks are to the economy of a region: logarithms as `market.exact` takes them."""
        kept = self.shocks.kept(drawn, slice(place, place + 1), within_year=True)[..., 0]
        cut = 1 - self._imports_left(place, kept, drawn)
        change = lost_imports(economy, np.clip(cut, 0.0, 1 - 1e-9), drawn["exports_follow"])
        change[:, 1 : 1 + kept.shape[2]] = np.log(
            np.maximum(kept[:, place], 1e-9)
        )  # production that fails at home
        return change

    def _loss_share(self, place: int, economy: Economy, drawn: Drawn) -> Figures:
        nests = Nests(*(drawn[name] for name in NESTS))
        many = replace(economy, elasticities=elasticities(nests, len(self.shocks.world.sectors)))
        found = equilibrium(many, self.change(place, economy, drawn), steps=STEPS)
        return np.asarray(-np.expm1(found.expenditure))

    def _imports_left(self, place: int, kept: Figures, drawn: Drawn) -> Figures:
        """Imports of each product, suppliers taken together, relative to before: draws × sectors."""
        bought = np.array(self.shocks.world.trade[:, :, place])
        bought[:, place] = 0
        whole = bought.sum(axis=1, keepdims=True)
        shares = np.where(whole > 0, bought / np.where(whole > 0, whole, 1.0), 1 / bought.shape[1])
        left = np.broadcast_to(np.swapaxes(kept, 1, 2), (len(drawn["suppliers"]), *shares.shape))
        spared = self.shocks.spared(place).T & (bought > 0)
        missing = (shares * (1 - left)).sum(axis=2)
        able = (shares * spared).sum(axis=1)
        more = drawn["replaced"][:, None] * missing / np.where(able > 0, able, 1.0)
        quantities = np.where(spared, left + more[..., None], left)
        found = ces.output(shares, quantities, drawn["suppliers"][:, None])
        return np.where(whole[:, 0] > 0, np.minimum(found, 1.0), 1.0)


def market_short(asked: Asked) -> MarketShort:
    """Set the lens up on the embedded table of 2020.

    RequestError where the scenario strikes nothing in trade, or nothing that the table has.

    >>> from weaklink.scenario.library import chosen
    >>> from weaklink.study.losses import asked_for
    >>> model = market_short(asked_for(chosen("china-rare-earths"), "DEU + FRA"))
    >>> loss = model.losses(likely(model.ranges))
    >>> loss.shape, bool(0 < loss.sum() < 0.001 * model.base.sum())
    ((1, 2), True)
    """
    shocks = industry_shocks(asked)
    members = tuple(code for code in asked.members if code in shocks.world.regions)
    nests = Nests(1.0, 1.0, 1.0)  # replaced by what is drawn
    economies = tuple(national_economy(shocks.world, code, nests) for code in members)
    every = parameters(NAME, asked.scenario)
    wanted = ("suppliers", *reversed(NESTS), "replaced", "exports_follow", *shocks.names)
    return MarketShort(shocks, members, economies, MappingProxyType({name: every[name] for name in wanted}))
