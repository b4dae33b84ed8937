"""What does a framework of resilience guidelines consist of? The form of its TOML file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Status = Literal["read", "recalled", "own"]
Kind = Literal["computed", "entered", "self-assessed"]
Test = Literal["at least", "at most"]
Aggregation = Literal["minimum", "geometric"]
TOP = 10.0  # scores run from 0 to 10


class _Part(BaseModel):
    """A part of a framework: unknown keys are mistakes, values do not change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Goalposts(_Part):
    """The values that mean 0 and 10; between them the score is a straight line, beyond them it stays."""

    worst: float = Field(description="the value that scores 0", allow_inf_nan=False)
    best: float = Field(description="the value that scores 10", allow_inf_nan=False)
    status: Status = Field(description="read in the source, recalled, or our own choice")
    source: str = Field(min_length=1, description="who set them, or why they were chosen")

    @model_validator(mode="after")
    def _differ(self) -> Goalposts:
        if self.worst == self.best:
            raise ValueError("worst and best must differ: a score needs a direction")
        return self


class Benchmark(_Part):
    """A published limit that is met or not, besides any score."""

    test: Test = Field(description="on which side of the value it is met")
    value: float = Field(description="the limit", allow_inf_nan=False)
    status: Status = Field(description="read in the source, recalled, or our own choice")
    source: str = Field(min_length=1, description="the document and the place in it")

    def met(self, value: float) -> bool:
        """Whether a value meets it.

        >>> Benchmark(test="at most", value=0.65, status="read", source="x").met(0.65)
        True
        """
        return value >= self.value if self.test == "at least" else value <= self.value


class Indicator(_Part):
    """One figure that says something about a requirement."""

    name: str = Field(
        pattern=r"^[a-z][a-z0-9_]*$", description="short name, also in sheets of entered values"
    )
    title: str = Field(min_length=1, description="what is measured, in words")
    unit: str = Field(min_length=1, description="unit of the value; entered values must state the same")
    kind: Kind = Field(
        description="computed by this program, entered in a sheet, or what a member says of itself"
    )
    figure: str = Field(
        default="", description="the computed figure: a name of `weaklink guidelines figures`"
    )
    given: dict[str, str] = Field(default_factory=dict, description="what the figure is asked for")
    stress: bool = Field(
        default=False, description="a result of a stress test: compared with the score, not part of it"
    )
    only_without: str = Field(
        default="",
        description="an indicator of the same requirement; this one applies only where that does not",
    )
    goalposts: Goalposts = Field(description="the values that mean 0 and 10")
    benchmark: Benchmark | None = Field(default=None, description="a published limit, met or not")
    note: str = Field(default="", description="what to know about it")

    @model_validator(mode="after")
    def _names_a_figure(self) -> Indicator:
        if (self.kind == "computed") != bool(self.figure):
            raise ValueError("a computed indicator names its figure, and no other indicator does")
        if self.given and not self.figure:
            raise ValueError("`given` is for computed figures")
        return self


class Requirement(_Part):
    """One thing that is required, with the indicators that speak of it."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="short name")
    title: str = Field(min_length=1, description="what it is called")
    text: str = Field(min_length=1, description="what is required")
    source: str = Field(min_length=1, description="the document and the place in it")
    status: Status = Field(description="whether the wording was read in the source, recalled, or is ours")
    indicator: tuple[Indicator, ...] = Field(min_length=1, description="the indicators")

    @model_validator(mode="after")
    def _stands_in_for_a_sister(self) -> Requirement:
        for one in self.indicator:
            if one.only_without and one.only_without not in {other.name for other in self.indicator} - {
                one.name
            }:
                raise ValueError(f"{one.name}: only_without names no other indicator of {self.name}")
        return self


class Level(_Part):
    """A name for a range of scores, from `least` up to the next level."""

    name: str = Field(min_length=1, description="what the level is called")
    least: float = Field(ge=0, lt=TOP, description="the least score of the level")


LEVELS = (
    Level(name="very weak", least=0),
    Level(name="weak", least=2),
    Level(name="partial", least=4),
    Level(name="good", least=6),
    Level(name="strong", least=8),
)


class Framework(_Part):
    """A file of guidelines."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="short name, as the file is called")
    title: str = Field(min_length=1, description="what it is called")
    citation: str = Field(min_length=1, description="who published it, where and when")
    about: str = Field(min_length=1, description="the idea in a sentence")
    assessed: Literal["member", "bloc"] = Field(
        default="member", description="each member by itself, or the bloc as one"
    )
    coverage_floor: float = Field(
        default=0.5, ge=0, le=1, description="share of indicators with a value below which there is no score"
    )
    level_by: Aggregation = Field(
        default="minimum", description="which of the two scores the level is read from"
    )
    caveats: tuple[str, ...] = Field(default=(), description="sentences that travel with every row")
    level: tuple[Level, ...] = Field(default=LEVELS, min_length=2, description="levels, the lowest first")
    requirement: tuple[Requirement, ...] = Field(min_length=1, description="the requirements")

    @model_validator(mode="after")
    def _is_sound(self) -> Framework:
        if self.level[0].least != 0 or any(low.least >= high.least for low, high in pairwise(self.level)):
            raise ValueError("levels begin at 0 and rise")
        for names in (
            [one.name for one in self.requirement],
            [indicator.name for _, indicator in self.indicators()],
        ):
            if doubles := sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(f"a name must occur once only: {', '.join(doubles)}")
        return self

    def indicators(self) -> Iterator[tuple[Requirement, Indicator]]:
        """Every indicator with its requirement."""
        for requirement in self.requirement:
            for indicator in requirement.indicator:
                yield requirement, indicator
