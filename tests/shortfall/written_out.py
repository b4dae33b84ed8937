"""A second way through the days: one draw, one cell and one flow at a time, as the page on goods says it, no arrays."""

from __future__ import annotations

import math

from weaklink.shortfall import Purchases, Responses
from weaklink.shortfall.purchases import STEP_NM, Late


def missing(bought: Purchases, responses: Responses, draw: int) -> list[float]:
    """What is missing in each cell over all days, where nobody shares stocks."""
    cells = range(len(bought.use))
    full = [float(responses.stock_days[draw, bought.product[cell]] * bought.use[cell]) for cell in cells]
    stock, total = list(full), [0.0 for _ in cells]
    for day in range(bought.days):
        lost = [_lost(bought, responses, draw, day, cell) for cell in cells]
        for cell in cells:
            product = int(bought.product[cell])
            gap = _gap(
                bought, responses, draw, day, cell, lost, _world_lost(bought, responses, draw, day, product)
            )
            used = min(gap, stock[cell])
            stock[cell] = min(stock[cell] - used, full[cell])
            total[cell] += gap - used
    return total


def _gap(
    bought: Purchases,
    responses: Responses,
    draw: int,
    day: int,
    cell: int,
    lost: list[float],
    world_lost: float,
) -> float:
    product = int(bought.product[cell])
    supply, demand = float(responses.supply_elasticity[draw]), float(responses.demand_elasticity[draw])
    most, share = float(responses.most_price[draw]), min(world_lost / float(bought.world[product]), 1.0)
    if share == 0:
        price = 1.0
    elif share == 1 or supply + demand == 0:
        price = most
    else:
        price = min(math.exp(-math.log(1 - share) / (supply + demand)), most)
    begun = min(day / max(float(responses.ramp_days[draw]), 1.0), 1.0)
    offered = min(price**supply - 1, float(responses.spare[draw])) * float(bought.others[product]) * begun
    same = [one for one in range(len(lost)) if bought.product[one] == product]
    asked_first = sum(lost[one] for one in same if bought.urgent[one])
    first = min(offered / asked_first, 1.0) if asked_first > 0 else 1.0
    asked_rest = max(world_lost, asked_first) - asked_first
    rest = min((offered - first * asked_first) / asked_rest, 1.0) if asked_rest > 0 else 1.0
    met = max(first if bought.urgent[cell] else rest, 0.0)
    kept = (1 - float(responses.saving[draw])) * price ** (-demand * begun)
    return float(lost[cell] * (1 - met) - bought.use[cell] * (1 - kept))


def _lost(bought: Purchases, responses: Responses, draw: int, day: int, cell: int) -> float:
    found = sum(
        _taken_of(bought, responses, draw, day, number, float(strike.cells[cell]), cell, world=False)
        for number, strike in enumerate(bought.strikes)
    )
    return min(found, float(bought.use[cell]))


def _world_lost(bought: Purchases, responses: Responses, draw: int, day: int, product: int) -> float:
    found = sum(
        _taken_of(bought, responses, draw, day, number, float(strike.world[product]), product, world=True)
        for number, strike in enumerate(bought.strikes)
    )
    return min(found, float(bought.world[product]))


def _taken_of(
    bought: Purchases,
    responses: Responses,
    draw: int,
    day: int,
    number: int,
    amount: float,
    row: int,
    *,
    world: bool,
) -> float:
    """What a strike takes of one cell, or of one product of the world."""
    strike = bought.strikes[number]
    kept_by_bans = math.prod(1 - responses.lost[draw, one] * bought.force[one, day] for one in strike.shocks)
    kept_by_closures = math.prod(
        1 - responses.lost[draw, one] * bought.force[one, day] for one in strike.closures
    )
    if strike.by_hubs:
        return float((1 - kept_by_bans) * responses.passed_on[draw] * amount)
    if strike.late is None:
        return float((1 - kept_by_bans * kept_by_closures) * amount)
    still = _still(strike.late[1 if world else 0], row, day, float(responses.speed_knots[draw]) * 24)
    return float((1 - kept_by_bans) * amount + kept_by_bans * (1 - kept_by_closures) * still)


def _still(late: Late, row: int, day: int, speed: float) -> float:
    """What is still on its longer way on a day: flow by flow, read back from the steps in which they are kept."""
    kept = late.missing[row]
    longer = [(kept[step + 1] - kept[step]) / STEP_NM for step in range(len(kept) - 1)] + [0.0]
    flows = [(step * STEP_NM / speed, longer[step - 1] - longer[step]) for step in range(1, len(longer))]
    return float(sum(amount * min(max(delay - day, 0.0), 1.0) for delay, amount in flows))
