"""What do the first and second derivatives of an economy say that a shock costs?

First order (Hulten 1978): d log GNE = λ·d log A + Λ·d log f, with sales and incomes as they are. Second order (Baqaee
and Farhi 2019): half the change of these weights comes on top, so that

    Δ log GNE ≈ Σ w_i x_i + ½ Σ_ij (∂w_i/∂x_j) x_i x_j,    w = (λ, Λ), x = (log A, log f);

For one scarce input in one nest ∂Λ/∂ log f = (1 - 1/σ) Λ (1 - Λ), which is formula A4 of Bachmann et al. The
second order is where complements and bottlenecks first appear, and is itself wrong for large shocks: compare with
`exact`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from weaklink.market.economy import Economy, Floats
from weaklink.market.linear import Drivers, baseline, response


def first_order(economy: Economy, log_change: npt.ArrayLike) -> Floats:
    """Change of log real GNE by Hulten's theorem.

    `log_change` has in its last axis N productivities and F quantities of factors, and may have N sales outside
    after.

    >>> bread = Economy(np.array([[0, 1, 0, 0], [0, 0, 0.04, 0.96]]), np.array([1, 0.04]), np.zeros(2))
    >>> float(first_order(bread, [0, 0, -0.1, 0]).round(6))
    -0.004
    """
    return np.asarray(economy.change(log_change) @ economy.weights)


def second_order(economy: Economy, log_change: npt.ArrayLike) -> Floats:
    """Change of log real GNE to second order; `log_change` as for `first_order`.

    >>> bread = Economy(np.array([[0, 1, 0, 0], [0, 0, 0.04, 0.96]]), np.array([1, 0.04]), np.zeros(2))
    >>> float(second_order(bread, [0, 0, -0.1, 0]).round(6))
    -0.008608
    """
    x = economy.change(log_change)
    bent = (x[..., None, :] @ second_derivatives(economy) @ x[..., None])[..., 0, 0]
    return np.asarray(first_order(economy, x) + bent / 2)


def second_derivatives(economy: Economy) -> Floats:
    """∂w_i/∂x_j, symmetric, of size N + F + N: how sales, incomes and sales outside (negative) change as shares of GNE.

    The leading axes are those of the elasticities.
    """
    size, factors = economy.producers, economy.factors
    at, every = baseline(economy), np.eye(2 * size + factors)
    drivers = Drivers(-every[:size], every[size : size + factors], every[size + factors :])
    found = response(at, drivers, np.zeros((factors, len(every))))
    growth = found.expenditure[..., None, :]
    square = np.eye(size) - economy.shares[:, :size]
    sales = np.linalg.solve(square.T, found.demanded) - economy.sales[:, None] * growth
    incomes = economy.incomes[:, None] * (found.wage + drivers.quantity - growth)
    outside = -economy.outside[:, None] * (found.price + drivers.outside - growth)
    return np.concatenate([sales, incomes, outside], axis=-2)
