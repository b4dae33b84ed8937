"""What does a file of red lines say? The form of its TOML."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

LIMITED = ("top_share", "top3_share", "group_share", "group_top_share", "herfindahl", "external_share")
Figure = Literal["top_share", "top3_share", "group_share", "group_top_share", "herfindahl", "external_share"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RedLine(_Part):
    """One dependence that must not be exceeded, or a stock that must be held."""

    name: str = Field(min_length=1, description="what the line is called")
    products: tuple[str, ...] = Field(default=(), description="codes or headings; empty means all")
    per: Literal["bloc", "member"] = Field(
        default="bloc", description="for the bloc as one, or for each member"
    )
    figure: Figure | None = Field(default=None, description="the indicator that is limited")
    at_most: float | None = Field(default=None, ge=0, le=1, description="the greatest value allowed")
    suppliers: str = Field(default="", description="the supplier group, for shares of a group")
    days_of_stock: float | None = Field(default=None, gt=0, description="the least stock, in days of imports")
    reason: str = Field(default="", description="why the line is drawn, and by whom")

    @model_validator(mode="after")
    def _says_one_thing(self) -> RedLine:
        if (self.figure is None) == (self.days_of_stock is None):
            raise ValueError("a line limits either a figure (with at_most) or days_of_stock")
        if (self.figure is None) != (self.at_most is None):
            raise ValueError("figure and at_most go together")
        if self.figure in {"group_share", "group_top_share"} and not self.suppliers:
            raise ValueError("a share of a group needs suppliers, such as 'RUS + BLR'")
        return self


class Stock(_Part):
    """How much of a product is held; no open source has this, so it is the user's own."""

    product: str = Field(pattern=r"^\d{6}$", description="six-digit code")
    importer: str = Field(default="", description="ISO3 of the member that holds it; empty: the bloc as one")
    kilograms: int = Field(ge=0, description="mass held")
    source: str = Field(description="where the figure comes from, and of which day")


class RedLines(_Part):
    """A file of red lines."""

    title: str = Field(description="what these lines are for")
    line: tuple[RedLine, ...] = Field(min_length=1, description="the lines")
    stock: tuple[Stock, ...] = Field(default=(), description="stocks, for lines on days of stock")
