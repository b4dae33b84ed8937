"""What does a scenario file say? The form of its TOML: who, what, how much, from when, and what is done."""

from __future__ import annotations

from datetime import date
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

Target = Literal["supplier", "asset", "node", "exports", "production", "passage"]
Recovery = Literal["at once", "linear", "none"]
Sharing = Literal["equal", "own-first"]
Horizon = Literal["foresight", "rolling"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Spread(_Part):
    """A figure that is not known exactly: between `low` and `high`, most likely `likely`; a triangle.

    >>> Spread(low=0.0, likely=0.1, high=0.2).likely
    0.1
    """

    low: float = Field(description="nothing below this is drawn")
    likely: float = Field(description="the figure used where nothing is drawn")
    high: float = Field(description="nothing above this is drawn")
    source: str = Field(default="", description="why the range is this wide")

    @model_validator(mode="after")
    def _in_order(self) -> Spread:
        if not self.low <= self.likely <= self.high:
            raise ValueError("low, likely and high must rise: low <= likely <= high")
        return self


Figure = float | Spread


ON_NETWORK: frozenset[Target] = frozenset({"supplier", "asset", "node"})
IN_TRADE: frozenset[Target] = frozenset({"exports", "production", "passage"})


class Shock(_Part):
    """What is lost, how much of it, from when, and how it comes back.

    A loss of 1 is all of it. What the weather does to demand stands in `uncertainty`. A shock on a network is read
    by the lens of networks; one to exports, production or a passage by the others, so that a file may have both.
    """

    target: Target = Field(
        description="what the names are: suppliers, assets, or nodes of the network; countries whose exports stop "
        "(exports) or whose production fails, at home too (production); sea passages that close (passage)"
    )
    names: tuple[str, ...] = Field(
        min_length=1,
        description="who or what fails: as the network spells it, or bloc expressions, or passages",
    )
    products: tuple[str, ...] = Field(
        default=(), description="codes of the goods that are lost, two, four or six digits; as text"
    )
    sectors: tuple[str, ...] = Field(
        default=(),
        description="industries that are hit, as the input-output table spells them; empty: those that "
        "make the products",
    )
    to: str = Field(default="", description="exports: to whom, a bloc expression; empty: to everybody abroad")
    lost: Figure = Field(description="share that is lost, 0 to 1, or {low, likely, high}")
    first_day: date | None = Field(default=None, description="first day without; empty: from the beginning")
    last_day: date | None = Field(default=None, description="last day without; empty: to the end")
    recovery: Recovery = Field(default="none", description="how it comes back after the last day")
    recovery_days: int = Field(default=0, ge=0, description="days until all is back, for linear recovery")
    source: str = Field(default="", description="who says that this may happen or did")

    @model_validator(mode="after")
    def _is_possible(self) -> Shock:
        bounds = (self.lost.low, self.lost.high) if isinstance(self.lost, Spread) else (self.lost, self.lost)
        if not 0 <= bounds[0] <= bounds[1] <= 1:
            raise ValueError("lost must be a share from 0 to 1")
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValueError(f"last_day {self.last_day} must not be before first_day {self.first_day}")
        if (self.recovery == "linear") != (self.recovery_days > 0):
            raise ValueError("recovery = 'linear' and recovery_days go together")
        if self.target in {"exports", "production"} and not (self.products or self.sectors):
            raise ValueError(f"target = '{self.target}' needs products or sectors")
        if self.target not in {"exports", "production"} and (self.products or self.sectors or self.to):
            raise ValueError(f"products, sectors and to do not go with target = '{self.target}'")
        if self.to and self.target != "exports":
            raise ValueError("to goes with target = 'exports' only")
        return self

    @model_validator(mode="after")
    def _codes(self) -> Shock:
        for code in self.products:
            if not (code.isdigit() and len(code) in {2, 4, 6}):
                raise ValueError(f"{code!r} in products must be two, four or six digits")
        return self


class Response(_Part):
    """What the affected do."""

    sharing: Sharing = Field(default="equal", description="share shortages alike, or serve one's own first")
    protect: bool = Field(default=False, description="serve the best protected class of a node before others")
    saving: Figure = Field(default=0.0, description="share of demand that is saved everywhere, 0 to 1")
    horizon: Horizon = Field(default="foresight", description="know the winter, or plan a few weeks ahead")

    @model_validator(mode="after")
    def _is_possible(self) -> Response:
        saving = self.saving
        bounds = (saving.low, saving.high) if isinstance(saving, Spread) else (saving, saving)
        if not 0 <= bounds[0] <= bounds[1] < 1:
            raise ValueError("saving must be a share from 0 to less than 1")
        return self


class Uncertainty(_Part):
    """What else may be otherwise, drawn anew in every winter of an ensemble. Shares, days and chances."""

    winter: float = Field(
        default=0.0, ge=0, description="standard deviation of the whole winter's demand, as share"
    )
    weather: float = Field(default=0.0, ge=0, description="standard deviation of a day's demand, as share")
    common: float = Field(default=0.64, ge=0, le=1, description="correlation of the weather between nodes")
    persistence: float = Field(
        default=0.85, ge=0, lt=1, description="correlation of the weather from day to day"
    )
    supply: dict[str, float] = Field(
        default_factory=dict, description="standard deviation of a supplier's volume by name, as share"
    )
    every_supply: float = Field(
        default=0.0, ge=0, description="the same for all suppliers that are not named"
    )
    outage_chance: float = Field(
        default=0.0, ge=0, le=1, description="chance that an asset fails in a winter"
    )
    outage_days: int = Field(default=14, gt=0, description="days until a failed asset is back")
    source: str = Field(default="", description="why the figures are what they are")


class Scenario(_Part):
    """A file of a scenario."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="short name, as the file is called")
    title: str = Field(min_length=1, description="what happens, in a sentence")
    who: str = Field(
        min_length=1, description="for whom it is asked: a bloc expression, as in NATO@2022-11-30"
    )
    source: str = Field(min_length=1, description="what the scenario rests on")
    network: str = Field(
        default="", description="the network that it happens to: embedded, or a folder; empty: none"
    )
    demand: str = Field(default="", description="course of demand: a case of the network; empty: demand.csv")
    year: int | None = Field(default=None, description="year of the trade data; empty: the last there is")
    days: int = Field(
        default=365, ge=1, le=3650, description="how long losses are counted, from the first day"
    )
    shock: tuple[Shock, ...] = Field(default=(), description="what is lost")
    response: Response = Field(default=Response(), description="what the affected do")
    uncertainty: Uncertainty = Field(default=Uncertainty(), description="what is drawn in an ensemble")
    parameters: dict[str, dict[str, Figure]] = Field(
        default_factory=dict,
        description="figures of a lens in place of its usual ones: [parameters.goods] stock_days = 30, or a range",
    )

    @model_validator(mode="after")
    def _has_what_it_strikes(self) -> Scenario:
        if not self.network and any(shock.target in ON_NETWORK for shock in self.shock):
            raise ValueError("a shock to a supplier, asset or node needs network")
        if not self.network and not self.shock:
            raise ValueError("without a network there must be a shock")
        return self

    def on_network(self) -> tuple[Shock, ...]:
        """The shocks that the lens of networks reads."""
        return tuple(shock for shock in self.shock if shock.target in ON_NETWORK)

    def in_trade(self) -> tuple[Shock, ...]:
        """The shocks that the other lenses read."""
        return tuple(shock for shock in self.shock if shock.target in IN_TRADE)


def likely(figure: Figure) -> float:
    """The figure itself, or the most likely one of a range."""
    return figure.likely if isinstance(figure, Spread) else figure


def drawn(figure: Figure, rng: np.random.Generator) -> float:
    """One draw: the figure itself, or from the triangle of a range.

    >>> drawn(0.5, np.random.default_rng(1))
    0.5
    >>> 0 <= drawn(Spread(low=0, likely=1, high=2), np.random.default_rng(1)) <= 2
    True
    """
    if not isinstance(figure, Spread) or figure.low == figure.high:
        return likely(figure)
    return float(rng.triangular(figure.low, figure.likely, figure.high))
