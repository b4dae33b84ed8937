"""How do firms behave, and is that the same in all scenarios? The parameters, and how they become arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np

from weaklink.disruption.economy import DAYS_OF_YEAR, Economy
from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Floats

OrderRule: TypeAlias = Literal["alt", "noalt"]
Drawn: TypeAlias = float | Floats  # one value for all scenarios, or one for each

PER_SCENARIO = (
    "rerouting",
    "psi",
    "alpha_base",
    "alpha_max",
    "alpha_tau",
    "rebuild_tau",
    "capital_per_value_added",
)
PER_INPUT = ("inventory_days", "inventory_tau")  # and by scenario


@dataclass(frozen=True, slots=True)
class Parameters:
    """How firms behave. The defaults are BoARIO's; all times are in days.

    `order_rule` says how a client splits its orders for an input over suppliers: "alt" by baseline share times what
    each can now make, "noalt" by baseline share alone. `rerouting` is how far clients turn under "alt": 1 as BoARIO has
    it, 0 not at all, which is "noalt"; our own addition. `psi` is the share of the wanted stock below which
    production is cut. `alpha_base`, `alpha_max` and `alpha_tau` are overproduction at rest, at most, and how fast it
    builds up. `inventory_days` is the stock that clients want of an input, in days of their use, infinite for one
    that never runs out; `inventory_tau` is how fast a gap of stock is refilled. Both are one figure, one for each
    sector of the table (of the input), else one for each scenario, or an array (scenarios, sectors). `rebuild_tau` is
    how fast rebuilding is asked for. `capital_per_value_added` is productive capital in years of value added.

    A stock must not be refilled much more slowly than it is used up, or shortages feed each other and the economy of
    the model does not come back: `inventory_tau` above `inventory_days` is such a case.

    Any figure may be an array with one value for each scenario.
    """

    order_rule: OrderRule = "alt"
    rerouting: Drawn = 1.0
    psi: Drawn = 0.8
    alpha_base: Drawn = 1.0
    alpha_max: Drawn = 1.25
    alpha_tau: Drawn = 365.0
    inventory_days: Drawn = 90.0
    inventory_tau: Drawn = 60.0
    rebuild_tau: Drawn = 60.0
    capital_per_value_added: Drawn = 4.0

    def __post_init__(self) -> None:
        """Refuse what makes no sense, naming the parameter, its value and what was expected."""
        if self.order_rule not in ("alt", "noalt"):
            raise RequestError(f"order_rule is {self.order_rule!r}; expected 'alt' or 'noalt'.")
        for name, least, most in (
            ("rerouting", 0.0, 1.0),
            ("psi", 0.0, 1.0),
            ("alpha_base", 1.0, np.inf),
            ("alpha_max", 1.0, np.inf),
            ("alpha_tau", 1.0, np.inf),
            ("inventory_tau", 1.0, np.inf),
            ("rebuild_tau", 1.0, np.inf),
            ("capital_per_value_added", 0.0, np.inf),
        ):
            given = np.asarray(getattr(self, name), dtype=np.float64)
            if not ((given >= least) & (given <= most)).all() or (name == "psi" and not (given > 0).all()):
                raise RequestError(f"{name} is {getattr(self, name)}; expected {least:g} to {most:g}.")
        if np.any(np.asarray(self.alpha_max) < np.asarray(self.alpha_base)):
            raise RequestError(
                f"alpha_max is {self.alpha_max}, below alpha_base, {self.alpha_base}; overproduction "
                "cannot be less at most than at rest."
            )
        shortest = float(np.min(np.asarray(self.inventory_days) * np.min(self.psi)))
        if not shortest >= 1:
            raise RequestError(
                f"inventory_days times psi is {shortest:g} at least; expected 1 day or more, since a day's use is "
                "taken from stock before deliveries come in."
            )


@dataclass(frozen=True)
class Setting:
    """Parameters as arrays that fit an economy: (K, 1) for figures by scenario, (S, K, 1) by input and scenario."""

    economy: Economy
    parameters: Parameters
    scenarios: int

    def __post_init__(self) -> None:
        """Refuse arrays that fit neither one scenario nor all."""
        for name in PER_SCENARIO:
            self.column(name)
        for name in PER_INPUT:
            self.by_input(name)

    def column(self, name: str) -> Floats:
        """A parameter by scenario, (K, 1)."""
        return by_scenario(getattr(self.parameters, name), self.scenarios, name)

    @cached_property
    def psi(self) -> Floats:
        """Share of the wanted stock below which production is cut."""
        return self.column("psi")

    @cached_property
    def rerouting(self) -> Floats:
        """How far clients turn to other suppliers; not at all under the rule "noalt"."""
        far = self.column("rerouting")
        return far if self.parameters.order_rule == "alt" else np.zeros_like(far)

    @cached_property
    def alpha_base(self) -> Floats:
        """Overproduction at rest."""
        return self.column("alpha_base")

    @cached_property
    def alpha_max(self) -> Floats:
        """Overproduction at most."""
        return self.column("alpha_max")

    @cached_property
    def alpha_tau(self) -> Floats:
        """How fast overproduction builds up, days."""
        return self.column("alpha_tau")

    @cached_property
    def rebuild_tau(self) -> Floats:
        """How fast rebuilding is asked for, days."""
        return self.column("rebuild_tau")

    @cached_property
    def capital(self) -> Floats:
        """Productive capital of each industry, (K, N), in the unit of the table; none without value added."""
        yearly = np.maximum(self.economy.value_added, 0.0) * DAYS_OF_YEAR
        return np.asarray(self.column("capital_per_value_added") * yearly)

    @cached_property
    def days(self) -> Floats:
        """Days of use that are wanted in stock, by input."""
        return self.by_input("inventory_days")

    def by_input(self, name: str) -> Floats:
        """A parameter by input and scenario, (S, K, 1)."""
        given = np.asarray(getattr(self.parameters, name), dtype=np.float64)
        shape = (self.scenarios, self.economy.sectors)
        if given.ndim == 1 and len(given) == self.scenarios != self.economy.sectors:
            given = given[:, None]
        try:
            return np.asarray(np.broadcast_to(given, shape).T[:, :, None])
        except ValueError as error:
            raise RequestError(
                f"{name} has the shape {given.shape}; expected one figure, {shape[1]} (one for each sector), or "
                f"{shape}."
            ) from error

    @cached_property
    def per_day(self) -> Floats:
        """What a day's baseline use is of the wanted stock; none of an input that never runs out."""
        return np.asarray(1.0 / self.days)

    @cached_property
    def refilled(self) -> Floats:
        """Days of use ordered a day where the whole stock is gone; never any of an input that never runs out."""
        return np.asarray(np.where(np.isfinite(self.days), self.days, 0.0) / self.by_input("inventory_tau"))

    @cached_property
    def slack(self) -> Floats:
        """(S, 1, N): added to a stock's level so that what cannot stop an industry never does."""
        endless = np.isinf(self.days).all(axis=1, keepdims=True)
        return np.where(~self.economy.essential[:, None, :] | endless, np.inf, 0.0)


def by_scenario(given: Drawn, scenarios: int, name: str) -> Floats:
    """One figure for each scenario, as a column."""
    figures = np.asarray(given, dtype=np.float64).reshape(-1, 1)
    if len(figures) not in (1, scenarios):
        raise RequestError(
            f"{name} has {len(figures)} values; expected 1 or {scenarios}, one for each scenario."
        )
    return np.asarray(np.broadcast_to(figures, (scenarios, 1)))
