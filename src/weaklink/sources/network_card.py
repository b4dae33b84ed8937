"""What does `network.toml` say of a network: its data card?"""

from __future__ import annotations

from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict, Field, model_validator

ABOUT = "network.toml"


class About(BaseModel):
    """What `network.toml` says of a network: its data card."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="short name, as in europe-gas-2022")
    title: str = Field(min_length=1, description="what the network is, in a few words")
    commodity: str = Field(min_length=1, description="what flows")
    unit: str = Field(min_length=1, description="unit of amounts; capacities are in it per day")
    convention: str = Field(default="", description="how the unit is meant: calorific value, reference state")
    first_day: date = Field(description="first day of the horizon")
    last_day: date = Field(description="last day of the horizon")
    classes: tuple[str, ...] = Field(min_length=1, description="groups of consumers, best protected first")
    source: str = Field(min_length=1, description="who the figures are from, in a sentence")
    licence: str = Field(min_length=1, description="terms of the folder")
    vintage: str = Field(min_length=1, description="when it was compiled")
    caveats: tuple[str, ...] = Field(default=(), description="sentences that travel with every figure")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> About:
        if self.last_day < self.first_day:
            raise ValueError(f"last_day {self.last_day} must not be before first_day {self.first_day}")
        return self

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of the horizon."""
        return tuple(self.first_day + timedelta(n) for n in range((self.last_day - self.first_day).days + 1))
