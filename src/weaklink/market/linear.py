"""How do prices in an economy respond to a small change? The linear system at any state of it.

With prices p, factor prices w and c the unit costs, shares of cost change by d Ω_ij = Ω_ij (1 - σ_i)(d log p_j -
d log c_i); what is sold changes with the shares, with what is sold outside at other prices, and with GNE; and
each factor must earn what it is paid. That gives F equations for F factor prices, whatever the number of
producers. The second derivatives of `second_order` and the steps of `exact` are both this system.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from weaklink.market.economy import Economy, Floats


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """An economy at some prices, which need not be its equilibrium; axes may lead all arrays.

    `shares` are shares of cost at these prices; `sales` and `outside`, N each, what is sold in all and outside;
    `paid`, F, price times quantity of each factor and `earned` what producers spend on it. Values in units of
    baseline GNE.
    """

    shares: Floats
    elasticities: Floats
    sales: Floats
    outside: Floats
    paid: Floats
    earned: Floats

    @property
    def excess(self) -> Floats:
        """Logarithm of what producers spend on each factor over what it is paid, F; zero where there is none of it."""
        there = self.paid > 0
        return np.asarray(np.log(np.where(there, self.earned, 1.0)) - np.log(np.where(there, self.paid, 1.0)))


@dataclass(frozen=True, slots=True, eq=False)
class Drivers:
    """What changes, in C columns.

    `price` N × C shifts prices against unit costs (minus productivity); `quantity` F × C is that of factors and
    `outside` N × C that of sales outside.
    """

    price: Floats
    quantity: Floats
    outside: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """What changes per column of the drivers.

    `price` N × C and `wage` F × C are changes of logarithms; `expenditure` C and `demanded` N × C of values: of GNE,
    and of what is bought from each producer at unchanged sales of its buyers.
    """

    price: Floats
    wage: Floats
    expenditure: Floats
    demanded: Floats


def state(
    economy: Economy, price: Floats, cost: Floats, wage: Floats, quantity: Floats, outside: Floats
) -> State:
    """What is bought, sold and earned; all given in logarithms, `outside` being quantities sold outside."""
    size = economy.producers
    bent = (1 - economy.elasticities)[..., None]
    relative = np.concatenate([price, wage], axis=-1)[..., None, :] - cost[..., None]
    shares = economy.shares * np.exp(bent * np.where(economy.shares > 0, relative, 0.0))
    paid = economy.incomes * np.exp(wage + quantity)
    sold = economy.outside * np.exp(price + outside)
    wanted = sold.copy()
    wanted[..., 0] += paid.sum(axis=-1) - sold.sum(axis=-1)
    square = np.eye(size) - np.swapaxes(shares[..., :size], -1, -2)
    sales = np.linalg.solve(square, wanted[..., None])[..., 0]
    earned = (sales[..., None, :] @ shares[..., size:])[..., 0, :]
    return State(
        shares,
        economy.elasticities,
        np.asarray(sales),
        np.asarray(sold),
        np.asarray(paid),
        np.asarray(earned),
    )


def baseline(economy: Economy) -> State:
    """The state before anything changes."""
    nothing = np.zeros(economy.producers)
    none = np.zeros(economy.factors)
    return state(economy, nothing, nothing, none, none, nothing)


def response(at: State, drivers: Drivers, excess: Floats) -> Response:
    """How all prices respond, so that factors earn what they are paid and a unit of GNE keeps costing 1.

    `excess`, F × C, is what the response closes besides: zero for a derivative, `State.excess` plus the logarithm of
    the price of GNE for a step of Newton's method towards equilibrium.
    """
    size, factors = at.shares.shape[-2], at.paid.shape[-1]
    leading = at.shares.shape[:-2]
    square = np.eye(size) - at.shares[..., :size]
    shift = np.broadcast_to(drivers.price, (*leading, *drivers.price.shape[-2:]))
    both = np.linalg.solve(square, np.concatenate([at.shares[..., size:], shift], axis=-1))
    reach, shifted = both[..., :factors], both[..., factors:]
    still = Drivers(reach, np.zeros((factors, factors)), np.zeros((size, factors)))
    one = _moved(at, reach, np.eye(factors), still)
    other = _moved(at, reach, np.zeros(drivers.quantity.shape[-2:]), replace(drivers, price=shifted))
    wage = np.linalg.solve(one.gap, -(other.gap + excess))
    return Response(
        np.asarray(shifted + reach @ wage),
        np.asarray(wage),
        other.expenditure + (one.expenditure[..., None, :] @ wage)[..., 0, :],
        other.demanded + one.demanded @ wage,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Moved:
    """What follows from given prices: `gap` F × C, each factor's earnings over its pay, and what is spent."""

    gap: Floats
    expenditure: Floats
    demanded: Floats


def _moved(at: State, reach: Floats, wage: Floats, moved: Drivers) -> _Moved:
    """What follows if prices move to `moved.price`, and wages, quantities and sales outside besides."""
    size, price, quantity = at.shares.shape[-2], moved.price, moved.quantity
    wage = np.broadcast_to(wage, (*price.shape[:-2], *wage.shape[-2:]))
    paid = (at.paid[..., None, :] @ (wage + quantity))[..., 0, :]
    outside = at.outside[..., None] * (price + moved.outside)
    expenditure = paid - outside.sum(axis=-2)
    every = np.concatenate([price, wage], axis=-2)
    cost = at.shares @ every
    spent = (at.sales * (1 - at.elasticities))[..., None] * at.shares
    turned = spent.sum(axis=-2)[..., None] * every - np.swapaxes(spent, -1, -2) @ cost
    demanded = turned[..., :size, :] + outside
    demanded[..., 0, :] += expenditure
    earned = np.swapaxes(reach, -1, -2) @ demanded + turned[..., size:, :]
    gap = earned / np.where(at.paid > 0, at.earned, 1.0)[..., None] - wage - quantity + price[..., :1, :]
    return _Moved(gap, expenditure, demanded)
