"""What do the first and second derivatives of an economy say that a shock costs?

First order (Hulten 1978): d log GNE = λ·d log A + Λ·d log f, with sales and incomes as they are. Second order (Baqaee
and Farhi 2019): half the change of these weights comes on top, so that

    Δ log GNE ≈ Σ w_i x_i + ½ Σ_ij (∂w_i/∂x_j) x_i x_j,    w = (λ, Λ), x = (log A, log f).

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

    `log_change` has N + F elements in its last axis: of the productivity of producers, then of quantities of factors.

    >>> bread = Economy(np.array([[0, 1, 0, 0], [0, 0, 0.04, 0.96]]), np.array([1, 0.04]), np.zeros(2))
    >>> float(first_order(bread, [0, 0, -0.1, 0]).round(6))
    -0.004
    """
    return np.asarray(np.asarray(log_change, dtype=np.float64) @ economy.weights)


def second_order(economy: Economy, log_change: npt.ArrayLike) -> Floats:
    """Change of log real GNE to second order; `log_change` as for `first_order`.

    >>> bread = Economy(np.array([[0, 1, 0, 0], [0, 0, 0.04, 0.96]]), np.array([1, 0.04]), np.zeros(2))
    >>> float(second_order(bread, [0, 0, -0.1, 0]).round(6))
    -0.008608
    """
    x = np.asarray(log_change, dtype=np.float64)
    bent = (x[..., None, :] @ second_derivatives(economy) @ x[..., None])[..., 0, 0]
    return np.asarray(first_order(economy, x) + bent / 2)


def second_derivatives(economy: Economy) -> Floats:
    """∂w_i/∂x_j, (N + F) × (N + F): how sales and incomes as shares of GNE change. Symmetric.

    The leading axes are those of the elasticities.
    """
    size, factors = economy.producers, economy.factors
    at = baseline(economy)
    drivers = Drivers(
        np.concatenate([-np.eye(size), np.zeros((size, factors))], axis=1),
        np.concatenate([np.zeros((factors, size)), np.eye(factors)], axis=1),
    )
    found = response(at, drivers, np.zeros((factors, size + factors)))
    growth = found.expenditure[..., None, :]
    square = np.eye(size) - economy.shares[:, :size]
    sales = np.linalg.solve(square.T, found.demanded) - economy.sales[:, None] * growth
    incomes = economy.incomes[:, None] * (found.wage + drivers.quantity - growth)
    return np.concatenate([sales, incomes], axis=-2)
