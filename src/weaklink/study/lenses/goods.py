"""The lens of goods: which imports are missing, from which day, where, after stocks, other suppliers and saving?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType

import numpy as np

from weaklink.provenance import Card
from weaklink.scenario.model import Scenario
from weaklink.scenario.parameters import Parameter, in_range, parameters
from weaklink.shortfall.course import Courses, Responses, courses
from weaklink.shortfall.market import Figures
from weaklink.study.bought import Bought, bought
from weaklink.study.lens import About, Asked, Course, Drawn, likely

NAME = "goods"
ABOUT = About(
    name=NAME,
    title="Supply shortfall of goods",
    horizon="days to a year",
    span_days=(1, 365),
    loss="imports missing after stocks, other suppliers and saving, at the prices before",
    unit="USD",
    base="imports of the struck products in a year",
    leaves_out=(
        "What a missing input costs its users: a cheap material may stop a dear product.",
        "Goods made at home; and that stocks differ from member to member, since the same days are taken for all.",
        "Freight rates, ships that become scarce on longer ways, and pipelines round a closed passage.",
        "Grades: a tonne of another supplier is taken to serve as well.",
    ),
)
STOCK = "stock_days"
RESPONSES = tuple(one.name for one in fields(Responses) if one.name not in {"lost", STOCK})


@dataclass(frozen=True, slots=True, eq=False)
class Goods:
    """A scenario set up: what is bought, what is struck of it, and how well the responses are known."""

    asked: Asked
    bought: Bought
    ranges: Mapping[str, Parameter]

    @property
    def about(self) -> About:
        """What the lens is."""
        return ABOUT

    @property
    def countries(self) -> tuple[str, ...]:
        """The members that trade in the data."""
        return self.bought.members

    @property
    def base(self) -> Figures:
        """A year's imports of the products that are struck, in dollars."""
        return self.bought.base

    @property
    def cards(self) -> tuple[Card, ...]:
        """The trade data, and the tables of sea routes where a passage closes."""
        return self.bought.cards

    @property
    def caveats(self) -> tuple[str, ...]:
        """What must be said of these data and shocks."""
        return (*self.bought.caveats, *_of_sharing(self.asked.scenario))

    def losses(self, drawn: Drawn) -> Figures:
        """Value of imports missing over the days of the scenario, draws × members."""
        missing = courses(self.bought.purchases, self.responses(drawn)).missing
        return self.bought.purchases.by_member(missing, len(self.countries))

    def course(self) -> Course:
        """What is missing on each day at the likely figures."""
        found = self.cells(daily=True)
        assert found.daily is not None  # noqa: S101 - it was asked for
        loss = self.bought.purchases.by_member(found.daily[:, 0], len(self.countries))
        return Course(np.arange(self.bought.purchases.days + 1, dtype=np.float64), loss)

    def cells(self, drawn: Drawn | None = None, *, daily: bool = False) -> Courses:
        """The course of every pair of product and member; at the likely figures where none are drawn."""
        figures = likely(self.ranges) if drawn is None else drawn
        return courses(self.bought.purchases, self.responses(figures), daily=daily)

    def responses(self, drawn: Drawn) -> Responses:
        """What the affected and others do in each draw."""
        return Responses(
            lost=np.column_stack([drawn[name] for name in _lost_names(self.asked.scenario)]),
            stock_days=np.column_stack([drawn[self.stock_of(code)] for code in self.bought.products]),
            **{name: drawn[name] for name in RESPONSES},
        )

    def stock_of(self, product: str) -> str:
        """The name of the figure of stocks of a product: of its longest code that has one, or the general one."""
        named = (f"{STOCK}_{product[:digits]}" for digits in (6, 4, 2))
        return next((name for name in named if name in self.ranges), STOCK)


def goods(asked: Asked) -> Goods:
    """Set the lens up: read the flows of the products, once.

    RequestError where the scenario strikes nothing in trade, or nothing that the data have.

    >>> from weaklink.scenario.library import chosen
    >>> from weaklink.study.lens import likely
    >>> from weaklink.study.losses import asked_for
    >>> model = goods(asked_for(chosen("china-rare-earths"), "EU@2024-12-31"))
    >>> loss = model.losses(likely(model.ranges))
    >>> loss.shape, bool(0 < loss.sum() < model.base.sum())
    ((1, 27), True)
    """
    found = bought(asked)
    hit = [found.products[place] for place in np.unique(found.purchases.product)]
    return Goods(asked, found, _ranges(asked.scenario, hit))


def _ranges(scenario: Scenario, products: Sequence[str]) -> Mapping[str, Parameter]:
    """The figures of the responses, with the saving that the scenario states, and the share of each shock in trade.

    Of stocks by product those are left out that no product of the scenario needs; the speed of ships has no range
    where no passage closes.
    """
    every = dict(parameters(NAME, scenario))
    if "saving" in scenario.response.model_fields_set:
        every["saving"] = in_range(every["saving"], scenario.response.saving)
    if all(shock.target != "passage" for shock in scenario.in_trade()):
        every["speed_knots"] = _fixed(every["speed_knots"])
    stocks = [name for name in every if name.startswith(f"{STOCK}_")]
    needed = [
        name for name in stocks if any(one.startswith(name.removeprefix(f"{STOCK}_")) for one in products)
    ]
    kept = [STOCK, *needed, *RESPONSES, *_lost_names(scenario)]
    return MappingProxyType({name: every[name] for name in kept})


def _fixed(one: Parameter) -> Parameter:
    """A figure that changes nothing in this scenario, without a range."""
    return one.model_copy(update={"low": one.likely, "high": one.likely})


def _lost_names(scenario: Scenario) -> list[str]:
    trade = scenario.in_trade()
    return [f"shock.{number}.lost" for number, shock in enumerate(scenario.shock, start=1) if shock in trade]


def _of_sharing(scenario: Scenario) -> Iterator[str]:
    response = scenario.response
    if response.sharing == "equal" and "sharing" in response.model_fields_set:
        yield "Members pool their stocks and share every shortage alike, as the scenario says."
    else:
        yield "Each member draws its own stocks; what other suppliers deliver more is shared in proportion to gaps."
    if response.urgent:
        yield f"Of that, {response.urgent} is served first, as the scenario says."
