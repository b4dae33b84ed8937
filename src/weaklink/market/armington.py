"""What does dearer trade do to each country in the long run? One sector: Armington's model, in changes.

Each country makes its own variety with its own labour; λ_ij is the share of what j spends that goes to i, θ the
trade elasticity (σ - 1; the ε of Arkolakis, Costinot and Rodríguez-Clare is -θ), κ̂_ij how much dearer it gets to
deliver from i to j. With ŵ wages relative to before:

    P̂_j = (Σ_i λ_ij (κ̂_ij ŵ_i)^-θ)^(-1/θ)        λ'_ij = λ_ij (κ̂_ij ŵ_i / P̂_j)^-θ
    ŵ_i Y_i = Σ_j λ'_ij (ŵ_j Y_j + D_j)             Ŵ_j = (ŵ_j Y_j + D_j) / (Y_j + D_j) / P̂_j

No level of any cost is needed: the shares say it all ("exact hat algebra", Dekle, Eaton and Kortum 2008, IMF
Staff Papers 55(3)). κ̂ may be infinite, for no trade at all: the share is then exactly zero.

Wages are found by a contraction: where demand for a country's labour exceeds it, its wage rises by the part of
the excess that would close it alone (Alvarez and Lucas 2007). World income stays what it was, which is only a
choice of unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weaklink.market.bound import BOUND, NoEquilibriumError
from weaklink.market.economy import Floats
from weaklink.market.fixed_point import fixed_point

TOLERANCE = 1e-13  # of logarithms of wages
LEAST = 1e-6  # of income: nobody spends less on the way, where wages may be far from the answer
AT_ONCE = 16  # counterfactuals side by side; 4, 8, 32 and 64 are slower (measured)


@dataclass(frozen=True, slots=True, eq=False)
class TradeEquilibrium:
    """A counterfactual world relative to before; axes of counterfactuals lead.

    `wage` and `price` N (in units in which world income is unchanged), `shares` N × N of what the column spends, and
    `welfare` N: real expenditure relative to before. `residual` is the largest difference between what is spent on a
    country's labour and its income, relative to its income: at most 1e-10, or there would be no answer.
    """

    wage: Floats
    price: Floats
    shares: Floats
    welfare: Floats
    residual: float
    turns: int


def armington(
    trade: Floats,
    elasticity: npt.ArrayLike,
    cost: npt.ArrayLike = 1.0,
    *,
    deficit: npt.ArrayLike | None = None,
) -> TradeEquilibrium:
    """The world once trade costs are κ̂ times what they were.

    `trade` N × N is what the row country sells to the column country, at home on the diagonal. `elasticity` is θ
    > 0, one number or one per counterfactual; `cost` is κ̂, N × N with axes of counterfactuals before; infinite
    is no trade. `deficit` N (imports less exports; default: as before) is in the unit of world income.

    Raises NoEquilibriumError where a country could buy from nobody, or the residual stays above 1e-10.

    >>> trade = np.array([[80.0, 20.0], [20.0, 80.0]])
    >>> closed = armington(trade, 5.0, [[1, np.inf], [np.inf, 1]])
    >>> closed.shares.tolist(), closed.welfare.round(6).tolist()  # 0.8 ** (1 / 5)
    ([[1.0, 0.0], [0.0, 1.0]], [0.956352, 0.956352])
    """
    flows = checked(trade)
    theta, factor = np.asarray(elasticity, dtype=np.float64), np.asarray(cost, dtype=np.float64)
    leading = np.broadcast_shapes(theta.shape, factor.shape[:-2])
    theta = np.broadcast_to(theta, leading).reshape(-1)
    factor = np.broadcast_to(factor, (*leading, *flows.shape)).reshape(-1, *flows.shape)
    given = (
        flows.sum(axis=0) - flows.sum(axis=1) if deficit is None else np.asarray(deficit, dtype=np.float64)
    )
    parts = [
        _solved(flows, theta[at : at + AT_ONCE], factor[at : at + AT_ONCE], given)
        for at in range(0, len(theta), AT_ONCE)
    ]
    wage, price, shares, welfare = (
        np.concatenate([getattr(part, name) for part in parts]).reshape(*leading, *shape)
        for name, shape in {"wage": (-1,), "price": (-1,), "shares": flows.shape, "welfare": (-1,)}.items()
    )
    worst = max(part.residual for part in parts)
    return TradeEquilibrium(wage, price, shares, welfare, worst, max(part.turns for part in parts))


def balanced(trade: Floats, elasticity: float) -> Floats:
    """Trade in the world that would be without deficits, N × N: the baseline from which trade can end entirely.

    >>> balanced(np.array([[80.0, 20.0], [30.0, 70.0]]), 5.0).sum(axis=0).round(2).tolist()
    [98.8, 101.2]
    """
    found = armington(trade, elasticity, deficit=np.zeros(len(trade)))
    return np.asarray(found.shares * (found.wage * trade.sum(axis=1)))


def checked(trade: Floats) -> Floats:
    """The trade, refused where it is no baseline."""
    flows = np.asarray(trade, dtype=np.float64)
    if flows.ndim != 2 or flows.shape[0] != flows.shape[1]:
        raise ValueError(f"trade has the shape {flows.shape}; expected as many rows as columns")
    if not np.all(np.isfinite(flows) & (flows >= 0)):
        raise ValueError("trade has a cell that is negative or no number; expected none")
    for what, sums in (("sells", flows.sum(axis=1)), ("buys", flows.sum(axis=0))):
        if not np.all(sums > 0):
            raise ValueError(f"country {int(sums.argmin())} {what} nothing at all: leave it out")
    return flows


def _solved(flows: Floats, theta: Floats, cost: Floats, deficit: Floats) -> TradeEquilibrium:
    """Some counterfactuals side by side: theta has one element for each, cost its N × N."""
    income, bent = flows.sum(axis=1), -theta[:, None]
    easy = flows / flows.sum(axis=0) * power_of_cost(cost, bent[..., None])  # shares before, times κ̂^-θ

    def demand(wage: Floats) -> tuple[Floats, Floats, Floats]:
        """Of logarithms of wages: what is spent on each country, its wage to the power -θ, and what divides shares."""
        held = np.exp(bent * wage)
        divisor = (held[:, None] @ easy)[:, 0]
        spent = np.maximum(np.exp(wage) * income + deficit, LEAST * income)
        return held * (easy @ (spent / divisor)[..., None])[..., 0], held, divisor

    def step(wage: Floats) -> Floats:
        sold, _, _ = demand(wage)
        moved = wage + np.log(sold / (np.exp(wage) * income)) / (1 - bent)
        return np.asarray(moved - np.log((np.exp(moved) * income).sum(axis=1) / income.sum())[:, None])

    _reachable(easy)
    with np.errstate(all="ignore"):  # what goes astray is seen by its residual
        wage, turns = fixed_point(step, np.zeros((len(theta), len(income))), tolerance=TOLERANCE)
        sold, held, divisor = demand(wage)
        residual = float(np.abs(sold / (np.exp(wage) * income) - 1).max())
        spending = np.exp(wage) * income + deficit
    if not (residual <= BOUND and np.all(spending > LEAST * income)):
        raise NoEquilibriumError(
            f"Markets do not clear: the residual is {residual:.2g} where {BOUND:g} was asked for, and the least that a "
            f"country spends is {float((spending / income).min()):.2g} of its income."
        )
    price = divisor ** (1 / bent)
    real = spending / flows.sum(axis=0) / price
    return TradeEquilibrium(
        np.exp(wage), price, held[..., None] * easy / divisor[:, None], real, residual, turns
    )


def power_of_cost(cost: Floats, power: Floats) -> Floats:
    """cost^power, which is exactly 0 where cost is infinite and exactly 1 where it is 1."""
    if not np.all(cost > 0):
        raise ValueError("a trade cost factor is not above 0; 1 is no change and infinity no trade")
    if np.all(cost == 1):
        return np.ones(np.broadcast_shapes(cost.shape, power.shape))
    return np.asarray(cost**power)


def _reachable(easy: Floats) -> None:
    nobody = np.argwhere(easy.sum(axis=-2) <= 0)
    if len(nobody):
        raise NoEquilibriumError(
            f"Country {nobody[0, -1]} could buy from nobody: leave it a supplier, or leave it out."
        )
