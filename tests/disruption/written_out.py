"""The same model written out: every order by supplier and client, in amounts, one scenario; slow and plain.

A second way that shares nothing with the first but the table and the words of a shock. It knows cuts and changes of
demand, which BoARIO does not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from weaklink.disruption.economy import LEAST_INPUT
from weaklink.disruption.model import Parameters
from weaklink.disruption.shock import Shock
from weaklink.disruption.state import ROUNDING
from weaklink.inputoutput.accounts import Accounts, Floats

NOTHING = 1e-9


@dataclass(frozen=True)
class Written:
    """Production relative to baseline, stocks, and unmet final demand by region, by day."""

    production: Floats
    unmet: Floats
    stock: Floats


def written_out(table: Accounts, shock: Shock, days: int, parameters: Parameters) -> Written:
    """Run it. The table has no negative cells, and capital losses are not for here."""
    size, sectors = table.size, len(table.sectors)
    Z, Y = table.Z / 365, table.Y / 365
    x = Z.sum(axis=1) + Y.sum(axis=1)
    of = table.sector[:, None] == np.arange(sectors)  # supplier's row to input
    a = np.divide(of.T @ Z, x, out=np.zeros((sectors, size)), where=x > 0)
    wanted_days = np.broadcast_to(np.asarray(parameters.inventory_days, dtype=float), (sectors,))[:, None]
    stock, orders, alpha, made = wanted_days * a * x, Z.copy(), np.ones(size), x.copy()
    production, unmet, stocks = [], [], []
    for today in range(days):
        lost, final, open_today, open_tomorrow = _today(table, shock, Y, today)
        may_have = np.maximum((final * open_today).sum(axis=1), 0)
        demand = orders.sum(axis=1) + may_have
        scarcity = np.divide(demand - made, demand, out=np.zeros(size), where=demand > 0)
        step = np.where(np.abs(scarcity) <= ROUNDING, 1 - alpha, (parameters.alpha_max - alpha) * scarcity)
        alpha = np.maximum(alpha + step / parameters.alpha_tau, 1.0)
        capacity = alpha * (1 - lost) * x
        optimal = np.minimum(demand, capacity)
        needed = wanted_days * parameters.psi * a * optimal
        counts = (a > LEAST_INPUT) & (needed > 0)
        enough = np.divide(stock, needed, out=np.ones_like(stock), where=counts)
        made = optimal * np.minimum(enough, 1).min(axis=0)
        served = np.divide(made, demand, out=np.zeros(size), where=demand > 0)
        arrived = of.T @ (orders * served[:, None])
        stock = np.where(
            a > LEAST_INPUT, stock + arrived - a * made, np.maximum(stock + arrived - a * made, 0)
        )
        unmet.append(final.sum(axis=0) - (final * open_today * served[:, None]).sum(axis=0))
        aimed = wanted_days * a * np.minimum(demand, capacity)
        wanted = np.maximum(aimed - stock, 0) / parameters.inventory_tau + a * made
        able = np.divide(capacity, x, out=np.ones(size), where=x > 0)
        far = float(np.max(parameters.rerouting)) if parameters.order_rule == "alt" else 0.0
        orders = _split(table, Z, able, open_tomorrow, far) * (of @ wanted)
        production.append(np.divide(made, x, out=np.zeros(size), where=x > 0))
        stocks.append(stock)
    return Written(np.array(production), np.array(unmet), np.array(stocks))


def _split(table: Accounts, Z: Floats, able: Floats, open_to: Floats, far: float) -> Floats:
    """How each client splits its orders of an input over suppliers: columns add up to one for each input, or less."""
    of = table.sector[:, None] == np.arange(len(table.sectors))
    before = of @ (of.T @ Z)
    weight = Z * (1 - far + far * able[:, None]) * open_to[:, table.region]
    left = np.divide(of @ (of.T @ weight), before, out=np.ones_like(Z), where=before > 0)
    total = before * (1 - far + far * left)
    return np.asarray(np.divide(weight, total, out=np.zeros_like(Z), where=total > NOTHING * before))


def _today(table: Accounts, shock: Shock, Y: Floats, today: int) -> tuple[Floats, Floats, Floats, Floats]:
    lost = np.zeros(table.size)
    for loss in shock.capacity:
        level = loss.course.levels(today + 1)[today, 0]
        lost[loss.rows] = np.maximum(lost[loss.rows], np.asarray(loss.share) * level)
    final = Y.copy()
    for one in shock.demand:
        final += one.size * one.change / 365 * one.course.levels(today + 1)[today, 0]
    opened = []
    for at in (today, today + 1):
        open_to = np.ones((table.size, len(table.regions)))
        for cut in shock.cuts:
            level = cut.course.levels(at + 1)[at, 0]
            open_to -= cut.share * cut.size * level
        opened.append(open_to)
    return lost, final, opened[0], opened[1]
