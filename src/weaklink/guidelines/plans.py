"""What is a plan of support for a partner? Goals, actions, funding and milestones: the form of its TOML."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

State = Literal["done", "late", "unfunded", "on course"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Funding(_Part):
    """Money that somebody has promised for an action."""

    source: str = Field(min_length=1, description="who pays, and where it is said")
    amount: int = Field(ge=0, description="whole units of the action's currency")
    promised: date = Field(description="the day it was promised")


class Milestone(_Part):
    """A step that can be seen to be reached."""

    text: str = Field(min_length=1, description="what is reached")
    due: date = Field(description="by when")
    reached: date | None = Field(default=None, description="when it was; left out: not yet")
    evidence: str = Field(default="", description="what shows it")

    @model_validator(mode="after")
    def _is_shown(self) -> Milestone:
        if self.reached and not self.evidence:
            raise ValueError("a milestone that is reached needs its evidence")
        return self


class Action(_Part):
    """What is done for a goal."""

    name: str = Field(min_length=1, description="what is done")
    owner: str = Field(min_length=1, description="who answers for it")
    currency: str = Field(pattern=r"^[A-Z]{3}$", description="currency of the amounts, ISO 4217")
    needed: int = Field(ge=0, description="what it costs, whole units of the currency")
    spent: int = Field(default=0, ge=0, description="what has been spent")
    funding: tuple[Funding, ...] = Field(default=(), description="what is promised for it")
    milestone: tuple[Milestone, ...] = Field(min_length=1, description="the steps")

    @property
    def funded(self) -> int:
        """What is promised in all."""
        return sum(one.amount for one in self.funding)

    @property
    def done(self) -> int:
        """How many milestones are reached."""
        return sum(one.reached is not None for one in self.milestone)

    @model_validator(mode="after")
    def _spends_what_it_has(self) -> Action:
        if self.spent > self.funded:
            raise ValueError(f"spent {self.spent} is more than the {self.funded} that is promised")
        return self

    def overdue(self, day: date) -> tuple[Milestone, ...]:
        """The milestones due before a day and not reached by it."""
        return tuple(
            one for one in self.milestone if one.due < day and (one.reached is None or one.reached > day)
        )

    def next_due(self) -> Milestone | None:
        """The first milestone that is not reached; None where all are."""
        return min(
            (one for one in self.milestone if one.reached is None), key=lambda one: one.due, default=None
        )

    def state(self, day: date) -> State:
        """How the action stands: late before unfunded, since time is what money cannot bring back."""
        if self.done == len(self.milestone):
            return "done"
        if self.overdue(day):
            return "late"
        return "unfunded" if self.funded < self.needed else "on course"


class Goal(_Part):
    """What is to be reached against one requirement of a framework."""

    text: str = Field(min_length=1, description="the goal in a sentence")
    requirement: str = Field(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$", description="framework.requirement")
    start_score: float | None = Field(
        default=None, ge=0, le=10, description="the score when the goal was set; left out: not known"
    )
    target_score: float = Field(ge=0, le=10, description="the score to be reached")
    by: date = Field(description="by when")
    action: tuple[Action, ...] = Field(min_length=1, description="what is done for it")


class Plan(_Part):
    """The plan for one partner."""

    partner: str = Field(pattern=r"^[A-Z]{3}$", description="ISO 3166 alpha-3")
    agreed: str = Field(min_length=1, description="by whom and when it was agreed")
    goal: tuple[Goal, ...] = Field(min_length=1, description="the goals")


class Plans(_Part):
    """A file of plans."""

    title: str = Field(min_length=1, description="what these plans are")
    fictional: bool = Field(description="whether the entries are invented; it is then said with every row")
    plan: tuple[Plan, ...] = Field(min_length=1, description="a plan for each partner")

    @model_validator(mode="after")
    def _one_for_each(self) -> Plans:
        names = [one.partner for one in self.plan]
        if doubles := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"one plan for each partner; twice: {', '.join(doubles)}")
        return self
