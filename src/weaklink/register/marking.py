"""Who may see a row? Markings in their order, from what everybody may see; a scheme is data: a TOML file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict, Field, model_validator

from weaklink.errors import RequestError
from weaklink.register.scales import carried, named


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Mark(_Part):
    """One marking."""

    name: str = Field(min_length=1, description="what the marking is called")
    meaning: str = Field(default="", description="who may see what bears it")


class Markings(_Part):
    """A scheme of markings, from the one that everybody may see to the one that fewest may."""

    name: str = Field(min_length=1, description="what the scheme is called")
    title: str = Field(description="its name for people")
    source: str = Field(description="who published it")
    default: str = Field(description="the marking of a row for which none was given")
    level: tuple[Mark, ...] = Field(min_length=1, description="the markings in their order")

    @model_validator(mode="after")
    def _is_whole(self) -> Markings:
        if len(set(self.names)) != len(self.names):
            raise ValueError("a marking stands twice")
        if self.default not in self.names:
            raise ValueError(f"default {self.default!r} is none of {', '.join(self.names)}")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The markings in their order."""
        return tuple(one.name for one in self.level)

    def rank(self, marking: object) -> int:
        """The place of a marking, from 0; what is no marking of the scheme is seen by nobody but the owner.

        >>> markings("plain").rank("public"), markings("plain").rank("no marking")
        (0, 4)
        """
        return self.names.index(marking) if marking in self.names else len(self.names)

    def known(self, level: str) -> str:
        """The level, if it is a marking of the scheme; else RequestError."""
        if level not in self.names:
            raise RequestError(f"no marking {level!r}. There are, from the lowest: {', '.join(self.names)}.")
        return level

    def allows(self, level: str, marking: object) -> bool:
        """Whether somebody cleared for `level` may see what bears `marking`; all may be seen at no level."""
        return not level or self.rank(marking) <= self.rank(level)


def markings(name: str) -> Markings:
    """A scheme by its name, or the path of a TOML file. RequestError for an unknown name."""
    return named(name, schemes(), Markings, "scheme of markings")


@cache
def schemes() -> Mapping[str, Markings]:
    """The schemes that the product carries, by name."""
    return carried("markings", Markings)
