"""Second opinions on trade equilibria: the equations in plain loops, solved by a dense Newton method.

Shares nothing with the product: no contraction, no mixing, no vectorised algebra, and its own way of writing the model.
The Jacobian is by complex steps, which are exact to rounding.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from weaklink.market.caliendo_parro import Trading
from weaklink.market.economy import Floats

Complex = npt.NDArray[np.complex128]


def solved(equations: Callable[[Complex], Complex], start: Floats) -> Floats:
    """Where all equations are zero, to 1e-13."""
    x = start.copy()
    for _ in range(60):
        left = equations(x.astype(np.complex128)).real
        if np.abs(left).max() < 1e-13:
            return x
        jacobian = np.empty((len(x), len(x)))
        for place in range(len(x)):
            moved = x.astype(np.complex128)
            moved[place] += 1e-30j
            jacobian[:, place] = equations(moved).imag / 1e-30
        step = np.linalg.solve(jacobian, -left)
        x = x + step * min(1.0, 0.5 / np.abs(step).max())
    raise AssertionError(f"Newton's method did not get there: {np.abs(left).max():.2g}")


def one_sector(trade: Floats, theta: float, cost: Floats, deficit: Floats) -> tuple[Floats, Floats]:
    """Wages and welfare relative to before, world income unchanged."""
    n = len(trade)
    income, spending = trade.sum(axis=1), trade.sum(axis=0)

    def price(wage: Complex, buyer: int) -> complex:
        total = 0j
        for seller in range(n):
            if np.isfinite(cost[seller, buyer]):
                total += (
                    trade[seller, buyer] / spending[buyer] * (cost[seller, buyer] * wage[seller]) ** -theta
                )
        return complex(total ** (-1 / theta))

    def equations(x: Complex) -> Complex:
        wage = np.exp(x)
        found = np.empty(n, dtype=np.complex128)
        for seller in range(n):
            sold = 0j
            for buyer in range(n):
                if np.isfinite(cost[seller, buyer]):
                    share = trade[seller, buyer] / spending[buyer]
                    share = share * (cost[seller, buyer] * wage[seller] / price(wage, buyer)) ** -theta
                    sold += share * (wage[buyer] * income[buyer] + deficit[buyer])
            found[seller] = sold / (wage[seller] * income[seller]) - 1
        found[0] = (wage * income).sum() / income.sum() - 1  # one market clears if all others do
        return found

    wage = np.exp(solved(equations, np.zeros(n)))
    prices = np.array([price(wage.astype(np.complex128), buyer).real for buyer in range(n)])
    return wage, (wage * income + deficit) / spending / prices


def many_sectors(
    base: Trading, theta: Floats, cost: Floats, tariff: Floats, deficit: Floats
) -> tuple[Floats, Floats]:
    """Wages and welfare relative to before in the model of Caliendo and Parro, world income unchanged.

    Unknown: wages, prices, and spending of every region on every product. `cost` is finite.
    """
    k, n = base.shares.shape[:2]

    def equations(x: Complex) -> Complex:  # noqa: PLR0912 - the equations one by one, which is the point
        wage = np.exp(x[:n])
        price = np.exp(x[n : n + n * k]).reshape(n, k)
        spent = x[n + n * k :].reshape(n, k)
        unit = np.empty((n, k), dtype=np.complex128)
        for j in range(n):
            for s in range(k):
                unit[j, s] = wage[j] ** base.added[j, s]
                for p in range(k):
                    unit[j, s] *= price[j, p] ** base.inputs[j, p, s]
        share = np.empty((k, n, n), dtype=np.complex128)
        off_price = np.empty((n, k), dtype=np.complex128)
        for s in range(k):
            for j in range(n):
                total = 0j
                for i in range(n):
                    dearer = cost[s, i, j] * (1 + tariff[s, i, j]) / (1 + base.tariff[s, i, j])
                    term = base.shares[s, i, j] * (dearer * unit[i, s]) ** -theta[s]
                    share[s, i, j] = term
                    total += term
                off_price[j, s] = price[j, s] - total ** (-1 / theta[s])
                for i in range(n):
                    share[s, i, j] /= total
        made = np.zeros((n, k), dtype=np.complex128)
        revenue = np.zeros(n, dtype=np.complex128)
        for s in range(k):
            for i in range(n):
                for j in range(n):
                    before = share[s, i, j] * spent[j, s] / (1 + tariff[s, i, j])
                    made[i, s] += before
                    revenue[j] += before * tariff[s, i, j]
        off_spent = np.empty((n, k), dtype=np.complex128)
        off_wage = np.empty(n, dtype=np.complex128)
        for j in range(n):
            income = wage[j] * base.income[j] + revenue[j] + deficit[j]
            for p in range(k):
                needed = base.final[j, p] * income
                for s in range(k):
                    needed += base.inputs[j, p, s] * made[j, s]
                off_spent[j, p] = (spent[j, p] - needed) / base.output.mean()
            off_wage[j] = (
                sum(base.added[j, s] * made[j, s] for s in range(k)) / (wage[j] * base.income[j]) - 1
            )
        off_wage[0] = (wage * base.income).sum() / base.income.sum() - 1
        return np.concatenate([off_wage, off_price.ravel(), off_spent.ravel()])

    bought = (base.inputs @ base.output[..., None])[..., 0] + base.final * base.spending[:, None]
    x = solved(equations, np.concatenate([np.zeros(n + n * k), bought.ravel()]))
    wage, price, spent = np.exp(x[:n]), np.exp(x[n : n + n * k]).reshape(n, k), x[n + n * k :].reshape(n, k)
    # final spending is what is left of all spending after inputs; worked out from the shares once more
    unit = wage[:, None] ** base.added * np.exp(np.einsum("jp,jps->js", np.log(price), base.inputs))
    term = base.shares * np.moveaxis((unit[:, None, :] * 1.0) ** -theta, 2, 0).reshape(k, n, 1)
    term = term * (cost * (1 + tariff) / (1 + base.tariff)) ** -theta[:, None, None]
    share = term / term.sum(axis=1, keepdims=True)
    before = share * spent.T[:, None, :] / (1 + tariff)
    income = wage * base.income + (before * tariff).sum(axis=(0, 1)) + deficit
    return wage, income / base.spending / np.prod(price**base.final, axis=1)
