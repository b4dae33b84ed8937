"""How well are the figures of a lens known? Each with its range, unit and source; a scenario may set its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from weaklink import tomlfile
from weaklink.data import ROOT
from weaklink.errors import RequestError
from weaklink.nearest import did_you_mean
from weaklink.scenario.model import Figure, Scenario, Shock, Spread

FOLDER = ROOT / "parameters"
OF_PRODUCTS = re.compile(r"(.+)_([0-9]{2}|[0-9]{4}|[0-9]{6})")
Quality = Literal["read", "second hand", "recalled", "own choice", "scenario"]


class Parameter(BaseModel):
    """A figure of a lens: between `low` and `high`, most likely `likely`; a triangle where it is drawn.

    `quality` says whether the source was read, or is recalled, or the range is our own choice.

    >>> Parameter(low=0, likely=30, high=90, unit="days", source="own choice", quality="own choice").likely
    30.0
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: float = Field(description="nothing below this is drawn")
    likely: float = Field(description="the figure used where nothing is drawn")
    high: float = Field(description="nothing above this is drawn")
    unit: str = Field(min_length=1, description="unit")
    meaning: str = Field(default="", description="what it is, in a sentence")
    source: str = Field(min_length=1, description="why the range is this wide")
    quality: Quality = Field(description="how good the source is")

    @model_validator(mode="after")
    def _in_order(self) -> Parameter:
        if not self.low <= self.likely <= self.high:
            raise ValueError("low, likely and high must rise: low <= likely <= high")
        return self


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    parameter: dict[str, Parameter]


@cache
def usual(lens: str) -> Mapping[str, Parameter]:
    """The figures of a lens as the product carries them, by name: `data/parameters/LENS.toml`."""
    return MappingProxyType(tomlfile.read(FOLDER / f"{lens}.toml", _File).parameter)


def parameters(lens: str, scenario: Scenario) -> Mapping[str, Parameter]:
    """The figures of a lens for a scenario: the usual ones, or the scenario's own; and the share each shock takes.

    The shares are called `shock.1.lost`, `shock.2.lost` ... in the order of the file. RequestError where the
    scenario sets a figure that the lens does not have.

    A name with a code behind it, as `stock_days_2711`, is the figure for the products of that code; where the lens has
    none for the code, it takes unit and meaning of the general one.
    """
    found = dict(usual(lens))
    for name, figure in scenario.parameters.get(lens, {}).items():
        general = OF_PRODUCTS.fullmatch(name)
        if name not in found and general and general[1] in found:
            found[name] = found[general[1]]
        if name not in found:
            hint = did_you_mean(name, found)
            raise RequestError(
                f"scenario {scenario.name} sets parameters.{lens}.{name}, which the lens does not have.{hint} "
                f"It has: {', '.join(found)}."
            )
        found[name] = in_range(found[name], figure)
    for number, shock in enumerate(scenario.shock, start=1):
        found[f"shock.{number}.lost"] = lost_range(shock)
    return MappingProxyType(found)


def in_range(usual: Parameter, figure: Figure) -> Parameter:
    """A usual figure with the range that a scenario states for it."""
    low, likely, high, source = _ends(figure)
    changes = {"low": low, "likely": likely, "high": high, "source": source or "the scenario file"}
    return usual.model_copy(update={**changes, "quality": "scenario"})


def lost_range(shock: Shock) -> Parameter:
    """The share that a shock takes, as a figure with a range."""
    low, likely, high, source = _ends(shock.lost)
    return Parameter(
        low=low,
        likely=likely,
        high=high,
        unit="share",
        meaning=f"share of {shock.target} of {', '.join(shock.names)} that is lost",
        source=source or shock.source or "the scenario file",
        quality="scenario",
    )


def _ends(figure: Figure) -> tuple[float, float, float, str]:
    if isinstance(figure, Spread):
        return figure.low, figure.likely, figure.high, figure.source
    return figure, figure, figure, ""
