"""How does a shortage of goods come about, day by day?

A day: what is lost of what is bought; the price that rises with it; what others deliver more for that price, shared
in proportion or by urgency; what is saved; what comes from stock; what is then missing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from weaklink.shortfall.market import Figures, extra, met, price
from weaklink.shortfall.purchases import Purchases, Strike

AT_ONCE = 1 << 18  # draws × cells that are computed together: fits a processor's cache
HOURS = 24
NOTHING = 1e-9  # share of use below which nothing is missing: rounding


@dataclass(frozen=True, slots=True, eq=False)
class Responses:
    """What the affected and other suppliers do; one figure for each draw.

    `lost` is the share that each shock takes (draws × shocks), `stock_days` days of use in stock (draws × products).
    `spare` is the share of their exports that other suppliers can add, reached after `ramp_days`; elasticities and
    `most_price` as in `market.price`; `saving` the share of use that is saved from the first day; `passed_on` the
    share of what third countries could pass on of struck goods that they do; `speed_knots` that of ships on a detour.
    """

    lost: Figures
    stock_days: Figures
    spare: Figures
    ramp_days: Figures
    supply_elasticity: Figures
    demand_elasticity: Figures
    most_price: Figures
    saving: Figures
    passed_on: Figures
    speed_knots: Figures

    def __len__(self) -> int:
        return len(self.stock_days)

    def of(self, draws: slice) -> Responses:
        """Those of some of the draws."""
        return replace(self, **{name: getattr(self, name)[draws] for name in self.__slots__})


@dataclass(frozen=True, slots=True, eq=False)
class Courses:
    """What is missing: in all, at its peak, and since when. Draws × cells.

    `missing` are dollars at the prices before; `peak_share` is the largest share of a day's use, on day `peak_day`.
    `first_day` are the whole days after which stocks no longer cover the day's use: ceil(stock / daily gap) for a
    steady gap; NaN, like `peak_day`, where nothing is ever missing. `gap_share` is the largest share of use that does
    not arrive, before stocks. `daily` is what is missing by day (days × draws × cells) where it was asked for.
    """

    missing: Figures
    peak_share: Figures
    peak_day: Figures
    first_day: Figures
    gap_share: Figures
    daily: Figures | None = None


def courses(bought: Purchases, responses: Responses, *, daily: bool = False) -> Courses:
    """The course of every cell in every draw; memory stays bounded unless `daily` is asked for.

    Method: own; a partial equilibrium by product over stocks by cell, stated above and in the docs.
    """
    step = max(1, AT_ONCE // max(1, len(bought.use)))
    parts = [
        _together(bought, responses.of(slice(first, first + step)), daily)
        for first in range(0, len(responses), step)
    ]
    if len(parts) == 1:
        return parts[0]
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("missing", "peak_share", "peak_day", "first_day", "gap_share")
    }
    days = np.concatenate([part.daily for part in parts if part.daily is not None], axis=1) if daily else None
    return Courses(**joined, daily=days)


def _together(bought: Purchases, responses: Responses, daily: bool) -> Courses:
    size = (len(responses), len(bought.use))
    stock = full = stocks(bought, responses)
    total, peak, most_gap = np.zeros(size), np.zeros(size), np.zeros(size)
    peak_day, first = np.full(size, np.nan), np.full(size, np.nan)
    by_day = np.zeros((bought.days, *size)) if daily else None
    for day in struck_days(bought):
        gap = gaps(bought, responses, day)
        from_stock, short = _drawn(bought, stock, gap)
        stock = np.minimum(stock - from_stock, full)
        total += short
        counts = short > NOTHING * bought.use
        now = np.where(
            short < gap * (1 - NOTHING), day + 1, day
        )  # something came from stock: it lasts the day
        first = np.where(counts & np.isnan(first), now, first)
        share = short / bought.use
        peak_day = np.where(counts & (share > peak), day, peak_day)
        peak = np.where(counts, np.maximum(peak, share), peak)
        most_gap = np.maximum(most_gap, gap / bought.use)
        if by_day is not None:
            by_day[day] = short
    return Courses(total, peak, peak_day, first, most_gap, by_day)


def stocks(bought: Purchases, responses: Responses) -> Figures:
    """What is in stock on the first morning, and the most there can be later. Draws × cells."""
    usual: Figures = responses.stock_days[:, bought.product] * bought.use
    return usual if bought.held is None else usual + bought.held


def struck_days(bought: Purchases) -> range:
    """Until the last day on which any shock is in force: later nothing can be missing."""
    active = np.flatnonzero(bought.force.any(axis=0))
    return range(int(active[-1]) + 1) if len(active) else range(0)


def gaps(bought: Purchases, responses: Responses, day: int) -> Figures:
    """What does not arrive of what is needed on a day, before stocks; negative where more arrives. Draws × cells."""
    lost, world_lost = _lost(bought, responses, day)
    if not world_lost.any():
        return -responses.saving[:, None] * bought.use
    share = np.divide(world_lost, bought.world, out=np.zeros_like(world_lost), where=bought.world > 0)
    supply, demand, most, spare, saving = (
        getattr(responses, name)[:, None]
        for name in ("supply_elasticity", "demand_elasticity", "most_price", "spare", "saving")
    )
    cost = price(np.minimum(share, 1.0), supply, demand, most)
    begun = np.minimum(day / np.maximum(responses.ramp_days, 1.0), 1.0)[:, None]
    offered = extra(cost, supply, spare) * bought.others * begun
    urgent = bought.by_product(np.where(bought.urgent, lost, 0.0))
    first, rest = met(offered, urgent, np.maximum(world_lost, urgent))
    replaced = np.where(bought.urgent, first[:, bought.product], rest[:, bought.product])
    kept = (1 - saving) * cost ** (-demand * begun)
    found: Figures = lost * (1 - replaced) - bought.use * (1 - kept[:, bought.product])
    return found


def _drawn(bought: Purchases, stock: Figures, gap: Figures) -> tuple[Figures, Figures]:
    """What comes from stock (negative: what goes back into it), and what is then missing."""
    if not bought.pooled:
        from_stock = np.minimum(gap, stock)
        return from_stock, gap - from_stock
    held, asked = bought.by_product(stock), bought.by_product(gap)
    used = np.minimum(asked, held)
    part = np.divide(used, held, out=np.zeros_like(held), where=held > 0)
    share = (asked - used) / np.where(bought.by_product(bought.use) > 0, bought.by_product(bought.use), 1.0)
    return part[:, bought.product] * stock, share[:, bought.product] * bought.use


def _lost(bought: Purchases, responses: Responses, day: int) -> tuple[Figures, Figures]:
    """What the shocks take on a day of each cell and, by product, of the imports of all the world."""
    draws = len(responses)
    cells, world = np.zeros((draws, len(bought.use))), np.zeros((draws, len(bought.world)))
    for strike in bought.strikes:
        taken = _taken(responses, bought, strike.shocks, day)
        closed = 1 - (1 - taken) * (1 - _taken(responses, bought, strike.closures, day))
        whole = taken if strike.late else closed
        if strike.by_hubs:
            whole = whole * responses.passed_on
        cells += whole[:, None] * strike.cells
        world += whole[:, None] * strike.world
        still = _still_late(bought, responses, strike, day)
        if still is not None:
            cells += (closed - taken)[:, None] * still[0]
            world += (closed - taken)[:, None] * still[1]
    return np.minimum(cells, bought.use), np.minimum(world, bought.world)


def _still_late(
    bought: Purchases, responses: Responses, strike: Strike, day: int
) -> tuple[Figures, Figures] | None:
    """What has not come yet by the longer way, of cells and of the world; None where all has, or nothing goes it."""
    if strike.late is None:
        return None
    since = day - int(np.argmax(bought.force[list(strike.closures)].any(axis=0)))
    speed = responses.speed_knots * HOURS
    if since < 0 or all(one.is_over(since, speed) for one in strike.late):
        return None
    cells, world = (one.on_day(since, speed) for one in strike.late)
    return cells, world


def _taken(responses: Responses, bought: Purchases, shocks: tuple[int, ...], day: int) -> Figures:
    """The share that some shocks together take on a day, in each draw: each takes it of what the others leave."""
    left = np.ones(len(responses))
    for shock in shocks:
        left = left * (1 - responses.lost[:, shock] * bought.force[shock, day])
    return 1 - left
