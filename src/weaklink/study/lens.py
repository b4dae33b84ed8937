"""What does every lens give back? One shape, so that bands, what they hang on, and who caused what are written once.

A lens takes what is asked (`Asked`: a scenario, for whom, on data of which year) and sets up a `Model`: its figures are
read once, and then it answers for as many draws of its parameters as are wanted, all draws at once. Everything that
is the same for all lenses asks only this: quantile bands, sensitivity, attribution by shock, supplier or product (the
same lens, asked of a scenario with fewer shocks), the panels of a report.

Losses of two lenses are never added: each answers for another horizon, with other things held fixed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from weaklink.provenance import Card
from weaklink.scenario.model import Scenario
from weaklink.scenario.parameters import Parameter

Figures: TypeAlias = npt.NDArray[np.float64]
Drawn: TypeAlias = Mapping[str, Figures]  # one figure for each draw, by the name of the parameter


@dataclass(frozen=True, slots=True)
class Asked:
    """A scenario, and for whom its losses are wanted.

    `members` are ISO 3166-1 alpha-3 codes in alphabetic order; `blocs` every bloc expression that was resolved, for
    provenance; `year` that of the trade data, `data` and `store` as in `study.question`.
    """

    scenario: Scenario
    importer: str
    members: tuple[str, ...]
    year: int
    blocs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    data: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a lens is.

    `loss` says in a few words what its losses are, `unit` in what, `base` to what the share of loss relates.
    `horizon` is the time in which its answer holds, for people; `span_days` the same as days from the first day, for
    the common axis of time. `leaves_out` are sentences: what the lens does not see.
    """

    name: str
    title: str
    horizon: str
    span_days: tuple[float, float]
    loss: str
    unit: str
    base: str
    leaves_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Losses over time at the likely figures.

    `edges` are days from the first day, one more than periods; `loss` has shape (periods, countries), in the unit of
    the lens, for the period as a whole (not per day).
    """

    edges: Figures
    loss: Figures


class Model(Protocol):
    """A scenario set up in a lens."""

    @property
    def about(self) -> About:
        """What the lens is."""

    @property
    def countries(self) -> tuple[str, ...]:
        """Members that the data know, in the order of the columns of losses; the others lower coverage."""

    @property
    def base(self) -> Figures:
        """To what each country's share of loss relates, in the unit of the lens; shape (countries)."""

    @property
    def ranges(self) -> Mapping[str, Parameter]:
        """What may be drawn: every figure that matters, with its range and source, by name."""

    @property
    def cards(self) -> tuple[Card, ...]:
        """The data that the answer rests on."""

    @property
    def caveats(self) -> tuple[str, ...]:
        """What must be said with this answer in particular."""

    def losses(self, drawn: Drawn) -> Figures:
        """Loss of each draw and country over the horizon, in the unit of the lens; shape (draws, countries).

        `drawn` has every name of `ranges`. A loss is positive; a gain (other suppliers sell more) is negative. The same
        draw gives the same loss to the last bit whichever draws stand beside it.
        """

    def course(self) -> Course:
        """How the loss comes about over time, at the likely figures."""


class Lens(Protocol):
    """A lens: sets up a model. RequestError where the scenario has nothing that this lens can read."""

    def __call__(self, asked: Asked) -> Model:
        """Read what is needed, once."""


def likely(ranges: Mapping[str, Parameter]) -> dict[str, Figures]:
    """One draw in which every figure is the likely one."""
    return {name: np.array([one.likely]) for name, one in ranges.items()}
