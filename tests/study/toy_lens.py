"""A lens of invented figures whose answer is known by hand: what shocks take, less a buffer, shared by two members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from weaklink.provenance import Card
from weaklink.scenario.model import Scenario, Shock, Spread
from weaklink.scenario.parameters import Parameter, lost_range
from weaklink.study.lens import About, Asked, Course, Drawn, Figures

ABOUT = About("toy", "Toy", "a day", (0, 1), "what is lost", "USD", "nothing", ("everything",))
TAKEN = {"280530": 155.0, "284610": 80.0, "284690": 57.0}  # dollars that a shock of each product takes
BUFFER = 100.0


@dataclass(frozen=True)
class Toy:
    """Loss: what all shocks take, less the buffer; a quarter falls on the first member, the rest on the second."""

    scenario: Scenario
    ranges: Mapping[str, Parameter]
    about: About = ABOUT
    countries: tuple[str, ...] = ("FRA", "DEU")
    cards: tuple[Card, ...] = ()
    caveats: tuple[str, ...] = ("Figures of this lens are invented.",)

    @property
    def base(self) -> Figures:
        return np.ones(2)

    def losses(self, drawn: Drawn) -> Figures:
        assert set(drawn) == set(self.ranges)
        taken = sum(
            drawn[f"shock.{number}.lost"] * sum(TAKEN[code] for code in shock.products)
            for number, shock in enumerate(self.scenario.shock, start=1)
        )
        loss = np.maximum(0.0, taken - drawn["buffer"])
        return np.stack([0.25 * loss, 0.75 * loss], axis=1)

    def course(self) -> Course:
        return Course(np.array([0.0, 1.0]), np.zeros((1, 2)))


def toy(asked: Asked) -> Toy:
    """Set up; the buffer is between 50 and 150 where the scenario does not say otherwise."""
    found = {
        f"shock.{number}.lost": lost_range(shock)
        for number, shock in enumerate(asked.scenario.shock, start=1)
    }
    low, likely, high = (0.5 * BUFFER, BUFFER, 1.5 * BUFFER)
    if "toy" in asked.scenario.parameters:
        figure = asked.scenario.parameters["toy"]["buffer"]
        assert isinstance(figure, float)
        low = likely = high = figure
    found["buffer"] = Parameter(
        low=low,
        likely=likely,
        high=high,
        unit="USD",
        meaning="buffer",
        source="invented",
        quality="own choice",
    )
    return Toy(asked.scenario, found)


def asked(*shocks: Shock, **more: object) -> Asked:
    """A question about invented shocks."""
    scenario = Scenario(name="toy", title="t", who="FRA + DEU", source="invented", shock=shocks, **more)  # type: ignore[arg-type]
    return Asked(scenario, "FRA + DEU", ("DEU", "FRA"), 2022)


def shock(*products: str, lost: float | Spread = 1.0, names: tuple[str, ...] = ("CHN",)) -> Shock:
    """A shock to exports of products."""
    return Shock(target="exports", names=names, products=products, lost=lost)
