"""What do levels of likelihood and impact mean, and how bad are they together? A scale is data: a TOML file.

A register keeps a copy of its scale, so that a later edition of the file does not change what was said.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from weaklink import tomlfile
from weaklink.data import ROOT
from weaklink.errors import RequestError

Axis = Literal["likelihood", "impact"]
Model = TypeVar("Model", bound=BaseModel)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Level(_Part):
    """One step of a scale. `least` and `below` bound the chance that it stands for, where it does."""

    level: int = Field(ge=1, description="the number of the step, from 1")
    label: str = Field(min_length=1, description="what the step is called")
    meaning: str = Field(default="", description="what it stands for")
    least: float | None = Field(default=None, ge=0, le=1, description="chance from which on it applies")
    below: float | None = Field(default=None, ge=0, le=1, description="chance below which it applies")


class Matrix(_Part):
    """The band of each pair of levels: a row for each impact, in it an entry for each likelihood."""

    bands: tuple[str, ...] = Field(min_length=1, description="names of the bands, from the least bad")
    rows: tuple[tuple[str, ...], ...] = Field(description="a row for each impact from 1 up")


class Scale(_Part):
    """Likelihood and impact in steps, and how bad they are together."""

    name: str = Field(min_length=1, description="what the scale is called")
    title: str = Field(description="its name for people")
    source: str = Field(description="who published it, and what of it is our own")
    checked: Literal["read", "recalled", "ours"] = Field(description="whether the source was read")
    horizon: str = Field(description="the time that likelihoods are meant for")
    likelihood: tuple[Level, ...] = Field(min_length=2, description="steps of likelihood")
    impact: tuple[Level, ...] = Field(min_length=2, description="steps of impact")
    matrix: Matrix

    @model_validator(mode="after")
    def _is_whole(self) -> Scale:
        for word, levels in (("likelihood", self.likelihood), ("impact", self.impact)):
            if [one.level for one in levels] != list(range(1, len(levels) + 1)):
                raise ValueError(f"levels of {word} must be 1, 2, 3, … in this order")
        for lower, upper in zip(self.likelihood, self.likelihood[1:], strict=False):
            if lower.below != upper.least:
                raise ValueError(f"likelihood {upper.level} must begin where {lower.level} ends")
        rows = [[self._rank(band) for band in row] for row in self.matrix.rows]
        if len(rows) != len(self.impact) or any(len(row) != len(self.likelihood) for row in rows):
            raise ValueError("the matrix needs a row for each impact, and in it a band for each likelihood")
        turned = [list(column) for column in zip(*rows, strict=True)]
        if any(line != sorted(line) for line in [*rows, *turned]):
            raise ValueError("a band must not get better as likelihood or impact grows")
        return self

    def _rank(self, band: str) -> int:
        if band not in self.matrix.bands:
            raise ValueError(f"band {band!r} is none of {', '.join(self.matrix.bands)}")
        return self.matrix.bands.index(band)

    def levels(self, axis: Axis) -> tuple[Level, ...]:
        """The steps of one axis."""
        return self.likelihood if axis == "likelihood" else self.impact

    def band(self, likelihood: int | None, impact: int | None) -> str:
        """How bad a pair of levels is; nothing where one of them is unknown.

        >>> scale("uk-nrr").band(5, 5)
        'very high'
        """
        if likelihood is None or impact is None:
            return ""
        return self.matrix.rows[impact - 1][likelihood - 1]

    def likelihood_of(self, chance: float) -> int:
        """The step of a chance from 0 to 1; RequestError where the scale names no chances.

        >>> [scale("uk-nrr").likelihood_of(chance) for chance in (0.001, 0.002, 0.04, 0.25, 1.0)]
        [1, 2, 3, 5, 5]
        """
        bounds = [one.least for one in self.likelihood if one.least is not None]
        if len(bounds) != len(self.likelihood) or not 0 <= chance <= 1:
            raise RequestError(f"scale {self.name} has no likelihood for a chance of {chance}.")
        return sum(chance >= bound for bound in bounds)


def scale(name: str) -> Scale:
    """A scale by its name, or the path of a TOML file. RequestError for an unknown name."""
    return named(name, scales(), Scale, "scale")


@cache
def scales() -> Mapping[str, Scale]:
    """The scales that the product carries, by name."""
    return carried("scales", Scale)


def carried(folder: str, model: type[Model]) -> Mapping[str, Model]:
    """The TOML files of an embedded folder as values of `model`, by the name of the file."""
    return MappingProxyType(
        {path.stem: tomlfile.read(path, model) for path in sorted((ROOT / folder).glob("*.toml"))}
    )


def named(name: str, known: Mapping[str, Model], model: type[Model], word: str) -> Model:
    """One of the known, or that of a file of a user's own."""
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix == ".toml" or path.is_file():
        return tomlfile.read(path, model)
    raise RequestError(
        f"no {word} {name!r}. There are: {', '.join(known)}; or name a file that ends in .toml."
    )
