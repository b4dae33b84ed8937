"""What does a catalogue of measures say? The form of its TOML: what each changes, where, how much, at what cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from weaklink.errors import RequestError
from weaklink.scenario.model import Figure, likely

Changes = Literal["asset", "saving", "supply", "fill", "purchase", "stock", "recycling", "substitution"]
Quality = Literal["read", "second hand", "recalled", "own choice", "user"]

ON_NETWORK: frozenset[Changes] = frozenset({"asset", "saving", "supply", "fill"})
ON_GOODS: frozenset[Changes] = frozenset({"purchase", "stock", "recycling", "substitution"})


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Measure(_Part):
    """Something that can be done at a cost.

    What it costs in the horizon of the scenario is `unit_cost` a unit, and a share of `capital_cost` a unit and of
    `fixed_cost`, which are paid once and last `life_years` (an annuity). `unit_cost = "user"` says that no figure can
    be cited: whoever asks must give one.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="short name, as in floating-terminal")
    title: str = Field(min_length=1, description="what is done, in a sentence")
    changes: Changes = Field(
        description="asset: builds an asset that the network lists; saving: demand; supply: a supplier's volume; fill: "
        "stores at the start; purchase: imports from another supplier; stock: stocks of goods; recycling; substitution"
    )
    where: tuple[str, ...] = Field(
        default=(), description="assets, suppliers, or bloc expressions of places; empty: everywhere in scope"
    )
    unit: str = Field(min_length=1, description="unit of amounts")
    most: float | None = Field(
        default=None, ge=0, description="most at each place, in the unit; empty: what the data allow"
    )
    most_share: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="most at each place as a share: of demand, of room in stores, of use",
    )
    unit_cost: Figure | Literal["user"] = Field(description="cost of a unit over the horizon, or 'user'")
    capital_cost: Figure = Field(default=0.0, description="cost of a unit, paid once")
    fixed_cost: Figure = Field(default=0.0, description="cost once any of it is used, paid once")
    life_years: float = Field(default=1.0, gt=0, description="years that capital and fixed costs last")
    whole: bool = Field(default=False, description="comes in whole units only")
    lead_days: int = Field(default=0, ge=0, description="days from the start until it works")
    members: str = Field(default="", description="who may use it, a bloc expression; empty: all")
    source: str = Field(min_length=1, description="where costs and limits are from")
    quality: Quality = Field(description="how good the source is")
    note: str = Field(default="", description="what must be known with it")


class Catalogue(_Part):
    """A file of measures. Costs are in millions of `currency` unless `money` says otherwise."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="short name, as the file is called")
    title: str = Field(min_length=1, description="what the measures are for")
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code")
    money: str = Field(default="million", description="million, or one, of the currency")
    prices_of: int = Field(ge=1990, le=2100, description="year of the prices")
    discount_rate: float = Field(default=0.05, ge=0, lt=1, description="yearly rate for what is paid once")
    source: str = Field(min_length=1, description="what the catalogue rests on")
    measure: tuple[Measure, ...] = Field(min_length=1, description="the measures")

    @model_validator(mode="after")
    def _names_differ(self) -> Catalogue:
        names = [one.name for one in self.measure]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"measures called {', '.join(twice)} stand more than once")
        return self


def annuity(rate: float, years: float) -> float:
    """The yearly payment for one that is paid once and lasts so many years.

    >>> round(annuity(0.05, 10), 6), annuity(0.0, 4)
    (0.129505, 0.25)
    """
    return rate / (1 - (1 + rate) ** -years) if rate else 1 / years


def priced(measure: Measure, rate: float, given: Mapping[str, float]) -> tuple[float, float]:
    """Cost of a unit, and the cost once any of it is used, for the horizon; `given` are the user's costs by name.

    RequestError where a cost must be given and is not.
    """
    unit = given.get(measure.name, measure.unit_cost)
    if unit == "user":
        raise RequestError(
            f"measure {measure.name} has no cost that can be cited. Give yours: --cost {measure.name}=VALUE, per "
            f"{measure.unit}; or leave the measure out of the file."
        )
    assert not isinstance(unit, str)  # noqa: S101 - the only text is "user"
    yearly = annuity(rate, measure.life_years)
    return likely(unit) + yearly * likely(measure.capital_cost), yearly * likely(measure.fixed_cost)
