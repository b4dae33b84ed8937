"""What does a definition of a dependency consist of? The form of its TOML file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from weaklink.indicators import INDICATORS

Status = Literal["read", "recalled", "own"]
Test = Literal["above", "at least", "below", "at most"]


def _is_indicator(name: str) -> str:
    if name not in INDICATORS:
        allowed = ", ".join(INDICATORS)
        raise PydanticCustomError("indicator", "an indicator: {allowed}", {"allowed": allowed})
    return name


IndicatorName = Annotated[
    str, AfterValidator(_is_indicator), Field(json_schema_extra={"enum": list(INDICATORS)})
]


class _Part(BaseModel):
    """A part of a definition: unknown keys are mistakes, values do not change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Criterion(_Part):
    """One condition on one indicator."""

    indicator: IndicatorName = Field(description="the indicator that is tested")
    test: Test = Field(description="on which side of the threshold the condition is met")
    threshold: float = Field(description="the value that decides", allow_inf_nan=False)
    status: Status = Field(
        description="whether the criterion was read in the source, recalled, or is our own"
    )
    note: str = Field(default="", description="what to know about it")


class Years(_Part):
    """Over which years the criteria must hold."""

    window: int = Field(
        default=1, ge=1, le=10, description="how many years are looked at, the last one asked"
    )
    least: int = Field(default=1, ge=1, le=10, description="in how many of them the criteria must hold")
    pooled: bool = Field(default=False, description="add up the flows of the window before computing figures")
    status: Status = Field(default="own", description="whether this was read in the source")
    note: str = Field(default="", description="what to know about it")


class Conventions(_Part):
    """What holds where a figure has no value."""

    zero_exports: Literal["met", "not met", "unknown"] = Field(
        default="unknown", description="a condition on imports over exports where nothing is exported"
    )
    re_exports: Literal["as recorded", "by origin"] = Field(
        default="as recorded",
        description="whether a share of a group is taken as recorded, or as its least share by origin",
    )
    status: Status = Field(default="own", description="whether this was read in the source")
    note: str = Field(default="", description="what to know about it")


class Perimeter(_Part):
    """To which items the definition was applied by its authors."""

    text: str = Field(description="in words")
    products: tuple[str, ...] = Field(
        default=(), description="headings that it is limited to; empty means all"
    )
    status: Status = Field(description="whether this was read in the source")


class Definition(_Part):
    """A rule that says when an item is a dependency."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="short name, also of its column")
    title: str = Field(description="what it is called")
    citation: str = Field(description="who published it, where and when")
    about: str = Field(description="the idea in a sentence")
    combine: Literal["all", "any"] | int = Field(
        description="all criteria, any, or at least so many of them must be met"
    )
    criteria: tuple[Criterion, ...] = Field(min_length=1, description="the conditions")
    years: Years = Years()
    conventions: Conventions = Conventions()
    perimeter: Perimeter

    @property
    def needed(self) -> int:
        """How many criteria must be met."""
        if isinstance(self.combine, int):
            return self.combine
        return len(self.criteria) if self.combine == "all" else 1

    @property
    def indicators(self) -> tuple[str, ...]:
        """The names of the indicators that it tests, each once."""
        return tuple(dict.fromkeys(self.tested(criterion) for criterion in self.criteria))

    def tested(self, criterion: Criterion) -> str:
        """The indicator that a criterion tests under the convention on re-exports."""
        by_origin = self.conventions.re_exports == "by origin"
        return (
            "group_share_low" if by_origin and criterion.indicator == "group_share" else criterion.indicator
        )

    def in_words(self) -> str:
        """The rule as a sentence.

        >>> from weaklink.definitions.library import definition
        >>> definition("crma_65").in_words()
        'top_share above 0.65'
        """
        parts = [f"{self.tested(one)} {one.test} {one.threshold:g}" for one in self.criteria]
        joint = " and " if self.needed == len(parts) else " or " if self.needed == 1 else "; "
        rule = joint.join(parts)
        if 1 < self.needed < len(parts):
            rule = f"at least {self.needed} of: {rule}"
        if self.years.pooled:
            rule += f", flows of {self.years.window} years added up"
        elif self.years.window > 1:
            rule += f", in {self.years.least} of {self.years.window} years"
        return rule
