"""What happens in one day? The steps of ARIO in the order of the paper.

All figures are levels relative to the baseline day, by scenario and industry (K, N), or by input, scenario and client
(S, K, N); the symbols are those of the BoARIO manual.

    capacity        xᴷ = α (1 - Δ)
    optimal         xᴼ = min(d, xᴷ),  d = orders + final demand + rebuilding
    production      x = min(xᴼ, min over inputs of Ω / (s ψ)): an input below ψ of its wanted stock holds back
    deliveries      each buyer gets the share x / d of what it ordered
    stocks          Ω grows by what came in, less what was used, x
    orders          what was used, and 1/τ of the gap to s times what could be made, split over suppliers
    overproduction  α rises towards its most with the share of demand not met, and falls back when all is met

The least over inputs is taken over sorts of goods, not over suppliers: steel from two countries is one input. Orders
of today are delivered tomorrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from weaklink.disruption.cuts import Gate
from weaklink.disruption.economy import Economy, Real
from weaklink.disruption.model import Setting
from weaklink.inputoutput.accounts import Floats

# Of suppliers that can deliver: below it an input cannot be ordered at all, by bytes of a number; what rounding leaves
# of nothing must not count as somebody.
LEAST_WEIGHT = {8: 1e-9, 4: 1e-5}

Spread: TypeAlias = Callable[[Callable[[Sequence[slice]], "Part"]], Iterable["Part"]]


@dataclass(slots=True)
class State:
    """What the next day is handed. The two large arrays are worked on in place, day after day.

    `stock` is what lies in store as a share of what is wanted at baseline, `order` how much more than at baseline is
    ordered of each supplier of an input, both (S, K, N). `weight` is what that is multiplied with for each supplier,
    `ordered` what industries ask of each industry today, `supported` what its stocks allow it to make,
    `overproduction` is α, `production` what was made the day before; all (K, N).
    """

    stock: Real
    order: Real
    weight: Floats
    ordered: Floats
    supported: Floats
    overproduction: Floats
    production: Floats

    @classmethod
    def at_rest(cls, setting: Setting) -> State:
        """The baseline day, forever the same while nothing happens."""
        economy, shape = setting.economy, (setting.scenarios, setting.economy.size)
        large, kind = (economy.sectors, *shape), economy.shares.dtype
        return cls(
            stock=np.ones(large, dtype=kind),
            order=np.ones(large, dtype=kind),
            weight=np.ones(shape),
            ordered=np.broadcast_to(relative(economy.sold, economy), shape).copy(),
            supported=np.ones(shape) / setting.psi,
            overproduction=np.ones(shape) * setting.alpha_base,
            production=np.broadcast_to((economy.output > 0).astype(np.float64), shape).copy(),
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for and lost today: final demand and rebuilding relative to output, the share of capacity lost.

    `gate` are the cuts under which today's orders were placed, `next_gate` those of the orders for tomorrow.
    """

    final: Floats
    rebuilding: Floats
    lost: Floats
    gate: Gate
    next_gate: Gate


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a day: `production`, and the share `served` of everybody's orders, both (K, N)."""

    production: Floats
    served: Floats


def day(setting: Setting, state: State, wanted: Wanted, spread: Spread) -> Made:
    """One day of ARIO. The state becomes that of the next morning."""
    demand = state.ordered + wanted.final + wanted.rebuilding
    overproduction = overproduced(setting, state, demand)
    capacity = overproduction * (1 - wanted.lost)
    optimal = np.minimum(demand, capacity)
    production = np.minimum(optimal, state.supported)
    served = _ratio(production, demand)
    still_wanted = demand - served * wanted.rebuilding  # what was rebuilt today is not asked for again
    aimed = np.minimum(still_wanted, capacity)
    weight = 1 + setting.rerouting * (capacity - 1)
    restock_and_order(setting, state, Trade(state.weight * served, production, aimed, weight, wanted), spread)
    state.weight, state.overproduction, state.production = weight, overproduction, production
    return Made(production, served)


def overproduced(setting: Setting, state: State, demand: Floats) -> Floats:
    """α of today, from how much of today's demand yesterday's production would leave unmet.

    As in BoARIO's code, demand below yesterday's production takes off overproduction in the same way; its manual has
    the fall back to base there.

    One step from 1 with a fifth of demand unmet:

    >>> import numpy as np
    >>> from weaklink.disruption.economy import economy
    >>> from weaklink.disruption.model import Parameters
    >>> from weaklink.inputoutput.textbook import two_regions
    >>> setting = Setting(economy(two_regions()), Parameters(), 1)
    >>> overproduced(setting, State.at_rest(setting), np.full((1, 2), 1.25)).round(9)
    array([[1.00013699, 1.00013699]])
    """
    now = state.overproduction
    scarcity = _ratio(demand - state.production, demand)
    towards = np.where(scarcity == 0, setting.alpha_base - now, (setting.alpha_max - now) * scarcity)
    return np.maximum(now + towards / setting.alpha_tau, 1.0)


@dataclass(frozen=True, slots=True)
class Trade:
    """What today's deliveries and tomorrow's orders follow from, all (K, N).

    `sent` is what each supplier sends per unit of baseline share and order, `aimed` what a client could have made,
    for which it keeps stocks, `weight` how a client weighs suppliers for tomorrow.
    """

    sent: Floats
    production: Floats
    aimed: Floats
    weight: Floats
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Part:
    """What some inputs bring about: what stocks support, and what is ordered of the suppliers of these inputs."""

    supported: Real
    ordered: list[tuple[slice, Real]]


def restock_and_order(setting: Setting, state: State, trade: Trade, spread: Spread) -> None:
    """Take deliveries in, use what production needs, and order for tomorrow: input after input."""
    economy = setting.economy
    work = _Work.of(setting, state, trade)
    ordered = np.empty((economy.sectors, *state.production.shape[:1], economy.places))
    supported = np.full(state.production.shape, np.inf)
    for part in spread(work.through):
        np.minimum(supported, part.supported, out=supported)
        for block, orders in part.ordered:
            ordered[block] = orders
    absolute = ordered.swapaxes(0, 1).reshape(state.production.shape) * trade.weight
    state.ordered = relative(absolute, economy)
    state.supported = supported / setting.psi


@dataclass(frozen=True, slots=True)
class _Work:
    """One day's arrays in the precision of the shares, suppliers as (S, K, P).

    `weight` is what each supplier adds to what a client can order in all, as far as clients turn to others; `missed`
    what it takes off where it is cut off. None where nobody turns to others.
    """

    setting: Setting
    state: State
    sent: Real
    weight: Real | None
    missed: Real
    production: Real
    aimed: Real
    gate: Gate
    next_gate: Gate
    able: bool  # whether every supplier can deliver something to everybody

    @classmethod
    def of(cls, setting: Setting, state: State, trade: Trade) -> _Work:
        economy = setting.economy
        kind, far = economy.shares.dtype, setting.rerouting
        return cls(
            setting,
            state,
            _suppliers(trade.sent, economy),
            _suppliers(1 + far * (trade.weight - 1), economy) if far.any() else None,
            _suppliers(far * trade.weight, economy),
            trade.production.astype(kind, copy=False),
            trade.aimed.astype(kind, copy=False),
            trade.wanted.gate,
            trade.wanted.next_gate,
            able=not trade.wanted.next_gate.barriers
            and bool(trade.weight.min() > LEAST_WEIGHT[kind.itemsize]),
        )

    def through(self, blocks: Sequence[slice]) -> Part:
        """The day of some inputs. Shares of a block stay in the cache from the first use to the last."""
        supported: Real = np.full(self.production.shape, np.inf, dtype=self.production.dtype)
        ordered = []
        for block in blocks:
            stock = self.restocked(block)
            for level in stock + self.setting.slack[block] if self.setting.lenient[block].any() else stock:
                np.minimum(supported, level, out=supported)
            ordered.append((block, self.ordered(block, stock)))
        return Part(supported, ordered)

    def restocked(self, block: slice) -> Real:
        """Stocks after deliveries and use."""
        economy, stock = self.setting.economy, self.state.stock[block]
        change = _averaged(economy.shares[block], self.sent[block])
        self.gate.take_off(change, self.sent, block)
        change *= self.state.order[block]
        change -= self.production
        change *= self.setting.per_day[block].astype(change.dtype, copy=False)
        stock += change
        if self.setting.lenient[block].any():
            np.maximum(stock, 0, out=stock)  # what stops nobody is done without
        return stock

    def ordered(self, block: slice, stock: Real) -> Real:
        """Orders for tomorrow by supplier, before the weight of each supplier."""
        economy, order = self.setting.economy, self.state.order[block]
        np.subtract(self.aimed, stock, out=order)
        np.maximum(order, 0, out=order)
        order *= self.setting.refilled[block].astype(order.dtype, copy=False)
        order += self.production
        if self.weight is not None:
            able = _averaged(economy.shares[block], self.weight[block])
            self.next_gate.take_off(able, self.missed, block)
            _divide(order, able, sure=self.able)
        more = order - 1
        more *= economy.use[block][:, None, :].astype(order.dtype, copy=False)
        orders: Real = np.matmul(more, economy.shares[block].swapaxes(1, 2))
        orders += economy.sold.reshape(economy.sectors, 1, economy.places)[block]
        self.next_gate.take_off_orders(orders, order, economy.use, block)
        return orders


def _averaged(shares: Real, level: Real) -> Real:
    """What reaches each client of suppliers at these levels: 1 where all are at 1, exactly."""
    average: Real = np.matmul(level - 1, shares)
    average += 1
    return average


def _divide(order: Real, able: Real, *, sure: bool) -> None:
    """Orders divided by what suppliers are able to send; none where there may be nobody left."""
    if sure:
        order /= able
        return
    some = able > LEAST_WEIGHT[able.itemsize]
    np.divide(order, able, out=order, where=some)
    order[~some] = 0.0


def _suppliers(levels: Floats, economy: Economy) -> Real:
    """(K, N) as (S, K, P), in the precision of the shares."""
    by_sector = levels.reshape(len(levels), economy.sectors, economy.places).swapaxes(0, 1)
    return np.ascontiguousarray(by_sector, dtype=economy.shares.dtype)


def relative(amount: Floats, economy: Economy) -> Floats:
    """Amounts per day relative to baseline output; zero where nothing is made."""
    return np.divide(amount, economy.output, out=np.zeros_like(amount), where=economy.output > 0)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)
