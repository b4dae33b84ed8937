"""What does a shock cost in an economy exactly, at any size? Its equilibrium, by Newton's method along a path.

The shock is applied in steps, and each step is solved before the next: what is far from the baseline is then
never far from the state before. Every answer carries its residual: what factors earn against what they are paid,
and prices against unit costs, in logarithms. Above the bound there is no answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from weaklink.market.bound import BOUND, NoEquilibriumError
from weaklink.market.economy import Economy, Floats
from weaklink.market.linear import Drivers, State, response, state

STEPS = 8  # of the path; where it fails, many more
MOST_STEPS = 64
MOST_TURNS = 30  # of Newton's method at one step
LONGEST = 2.0  # largest change of a logarithm in one turn
ON_THE_WAY = 1e-4  # residual that is good enough for a step that is not the last


@dataclass(frozen=True, slots=True, eq=False)
class Equilibrium:
    """An economy after a shock, all in logarithms of what is relative to before; the axes of the shock lead.

    `expenditure` is real GNE; `price` N and `wage` F are relative to the price of GNE; `residual` is how exact it is.
    """

    expenditure: Floats
    price: Floats
    wage: Floats
    residual: Floats


def equilibrium(economy: Economy, log_change: npt.ArrayLike, *, steps: int = STEPS) -> Equilibrium:
    """The economy after a shock, in logarithms along the last axis.

    N productivities and F quantities of factors, and after them N sales outside where these change too.

    Raises NoEquilibriumError where the residual stays above 1e-10: then the shock leaves next to nothing of something
    that nothing can replace.

    >>> bread = Economy(np.array([[0, 1, 0, 0], [0, 0, 0.04, 0.96]]), np.array([1, 0.04]), np.zeros(2))
    >>> found = equilibrium(bread, [0, 0, np.log(0.9), 0])
    >>> float(-np.expm1(found.expenditure).round(4))
    0.0157
    """
    x = economy.change(log_change)
    leading = np.broadcast_shapes(x.shape[:-1], economy.elasticities.shape[:-1])
    x = np.broadcast_to(x, (*leading, x.shape[-1])).reshape(-1, x.shape[-1])
    sigma = np.broadcast_to(economy.elasticities, (*leading, economy.producers)).reshape(
        -1, economy.producers
    )
    found = _followed(economy, sigma, x, steps)
    while not np.all(found.residual <= BOUND):
        if steps >= MOST_STEPS:
            raise NoEquilibriumError(
                f"No equilibrium after {steps} steps: the residual is {found.residual.max():.2g} where {BOUND:g} was "
                "asked for. The shock leaves too little of something that nothing replaces: use a smaller cut, or "
                "larger elasticities."
            )
        steps *= 8
        again = ~(found.residual <= BOUND)
        better = _followed(economy, sigma[again], x[again], steps)
        for name in ("expenditure", "price", "wage", "residual"):
            getattr(found, name)[again] = getattr(better, name)
    shaped = (
        one.reshape((*leading, *one.shape[1:]))
        for one in (found.expenditure, found.price, found.wage, found.residual)
    )
    return Equilibrium(*shaped)


def _followed(baseline: Economy, sigma: Floats, x: Floats, steps: int) -> Equilibrium:
    """The way to the equilibrium of each case; one that leads to where nothing is determined ends without residual."""
    try:
        return _path(baseline, sigma, x, steps)
    except np.linalg.LinAlgError:
        if len(x) == 1:
            nowhere = np.full((1, 1), np.nan)
            return Equilibrium(
                nowhere[0],
                np.repeat(nowhere, baseline.producers, axis=1),
                np.repeat(nowhere, baseline.factors, axis=1),
                np.array([np.inf]),
            )
    each = [_followed(baseline, sigma[at : at + 1], x[at : at + 1], steps) for at in range(len(x))]
    names = ("expenditure", "price", "wage", "residual")
    return Equilibrium(*(np.concatenate([getattr(one, name) for one in each]) for name in names))


def _path(baseline: Economy, sigma: Floats, x: Floats, steps: int) -> Equilibrium:
    """All cases in steps of the shock. A case that is where it should be waits for the others."""
    economy, size = replace(baseline, elasticities=sigma), baseline.producers
    price, wage = np.zeros((len(x), size)), np.zeros((len(x), economy.factors))
    factors = economy.factors
    still = np.zeros((factors, 1)), np.zeros((size, 1))
    with np.errstate(all="ignore"):  # what goes astray is seen by its residual
        for part in np.linspace(0, 1, steps + 1)[1:]:
            enough = BOUND / 100 if part == 1 else ON_THE_WAY
            shock = part * x
            for _ in range(MOST_TURNS):
                at, error = _looked_at(economy, price, wage, shock)
                residual = _residual(at, error, price)
                moving = (residual > enough)[:, None]
                if not moving.any():
                    break
                excess = (at.excess + price[:, :1])[..., None]
                step = response(at, Drivers(error[..., None], *still), excess)
                price = np.where(moving, price + np.clip(step.price[..., 0], -LONGEST, LONGEST), price)
                wage = np.where(moving, wage + np.clip(step.wage[..., 0], -LONGEST, LONGEST), wage)
        expenditure = np.log(at.paid.sum(axis=-1) - at.outside.sum(axis=-1))
    return Equilibrium(expenditure, price, wage, residual)


def _looked_at(economy: Economy, price: Floats, wage: Floats, shock: Floats) -> tuple[State, Floats]:
    """The state at these prices, and by how much each price falls short of unit cost over productivity."""
    size, cost = economy.producers, unit_costs(economy, price, wage)
    quantity, outside = shock[:, size : size + economy.factors], shock[:, size + economy.factors :]
    return state(economy, price, cost, wage, quantity, outside), cost - shock[:, :size] - price


def unit_costs(economy: Economy, price: Floats, wage: Floats) -> Floats:
    """Logarithms of unit costs at logarithms of prices of producers and factors."""
    every = np.concatenate([price, wage], axis=-1)[..., None, :]
    power = (1 - economy.elasticities)[..., None]
    level = (economy.shares * every).sum(
        axis=-1, keepdims=True
    )  # the geometric mean, so that powers lose no digits
    away = np.where(economy.shares > 0, every - level, 0.0)
    bent = (
        np.log1p((economy.shares * np.expm1(power * away)).sum(axis=-1))
        / np.where(power == 0, 1, power)[..., 0]
    )
    return np.asarray(level[..., 0] + np.where(power[..., 0] == 0, 0.0, bent))


def _residual(at: State, error: Floats, price: Floats) -> Floats:
    """The largest of all residuals; infinite where the state is no numbers or leaves the household nothing."""
    found = np.maximum(np.abs(at.excess).max(axis=-1), np.abs(error).max(axis=-1))
    found = np.maximum(found, np.abs(price[..., 0]))
    return np.asarray(np.where(np.isfinite(found) & (at.sales[..., 0] > 0), found, np.inf))
