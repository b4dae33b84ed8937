"""How are deliveries taken in and orders placed, for all inputs in one pass over the shares?

What a client orders of a supplier is its baseline share, times what it orders of the input (`State.order`), times the
weight of the supplier (`State.weight`), less cuts. So neither orders nor deliveries are ever written out by supplier
and client: sums over suppliers and sums over clients are products of the shares with vectors, or, for scenarios side by
side, with matrices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from weaklink.disruption.cuts import Gate
from weaklink.disruption.economy import Economy, Real
from weaklink.disruption.model import Setting
from weaklink.disruption.state import ROUNDING, State, Wanted, relative
from weaklink.inputoutput.accounts import Flags, Floats

# Of suppliers that can deliver: below it an input cannot be ordered at all, by bytes of a number; what rounding leaves
# of nothing must not count as somebody.
LEAST_WEIGHT = {8: 1e-9, 4: 1e-5}

Spread: TypeAlias = Callable[[Callable[[Sequence["Inputs"]], "Part"]], Iterable["Part"]]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Some neighbouring inputs, `at` so many places: what of the table and of the parameters concerns them.

    All is in the precision of the shares; `slack` is None where these inputs can stop everybody who uses them.
    """

    at: slice
    shares: Real
    use: Real
    sold: Real
    per_day: Real
    refilled: Real
    slack: Real | None


def inputs(setting: Setting) -> list[Inputs]:
    """All inputs, in blocks that stay in the cache for the day's three passes over their shares."""
    economy = setting.economy
    kind, sold = economy.shares.dtype, economy.sold.reshape(economy.sectors, 1, economy.places)
    return [
        Inputs(
            at,
            economy.shares[at],
            economy.use[at][:, None, :].astype(kind, copy=False),
            sold[at],
            setting.per_day[at].astype(kind, copy=False),
            setting.refilled[at].astype(kind, copy=False),
            setting.slack[at] if setting.slack[at].any() else None,
        )
        for at in economy.blocks(setting.scenarios)
    ]


@dataclass(frozen=True, slots=True)
class Trade:
    """What today's deliveries and tomorrow's orders follow from, all (K, N).

    `served` is the share of orders that each supplier delivers, `aimed` what a client could have made, for which it
    keeps stocks, `weight` how a client weighs suppliers for tomorrow.
    """

    served: Floats
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

    `sent` is what each supplier sends per unit of baseline share and order. `missed` is what a supplier takes off what
    a client can order, where it is cut off, as far (`far`) as clients turn to others; `weight` is None where nobody
    does. `whole` says of each input whether all its suppliers deliver all that is ordered: what reaches a client then
    follows from their weights, and is known since yesterday.
    """

    setting: Setting
    state: State
    sent: Real
    weight: Real | None
    missed: Real
    far: Real
    whole: Flags
    production: Real
    aimed: Real
    gate: Gate
    next_gate: Gate
    able: bool  # whether every supplier can deliver something to everybody

    @classmethod
    def of(cls, setting: Setting, state: State, trade: Trade) -> _Work:
        economy = setting.economy
        kind, far = economy.shares.dtype, setting.rerouting
        short = (np.abs(trade.served - 1) > ROUNDING).any(axis=0) & (economy.output > 0)
        whole = np.logical_not(short.reshape(economy.sectors, economy.places).any(axis=1))
        return cls(
            setting,
            state,
            _suppliers(state.weight * trade.served, economy),
            _suppliers(trade.weight, economy) if far.any() else None,
            _suppliers(far * trade.weight, economy),
            far.astype(kind, copy=False),
            whole,
            trade.production.astype(kind, copy=False),
            trade.aimed.astype(kind, copy=False),
            trade.wanted.gate,
            trade.wanted.next_gate,
            able=not trade.wanted.next_gate.barriers
            and bool(trade.weight.min() > LEAST_WEIGHT[kind.itemsize]),
        )

    def through(self, blocks: Sequence[Inputs]) -> Part:
        """The day of some inputs. Shares of a block stay in the cache from the first use to the last."""
        kind, shape = self.production.dtype, self.production.shape
        supported: Real = np.full(shape, np.inf, dtype=kind)
        spare: Real = np.empty((max(len(block.shares) for block in blocks), *shape), dtype=kind)
        ordered = []
        for block in blocks:
            stock = self.restocked(block, spare[: len(block.shares)])
            for level in stock if block.slack is None else stock + block.slack:
                np.minimum(supported, level, out=supported)
            ordered.append((block.at, self.ordered(block, stock, spare[: len(block.shares)])))
        return Part(supported, ordered)

    def restocked(self, block: Inputs, change: Real) -> Real:
        """Stocks after deliveries and use; `change` is room to reckon in."""
        stock = self.state.stock[block.at]
        if self.whole[block.at].all():
            np.add(self.state.reach[block.at], 1, out=change)
        else:
            np.matmul(self.sent[block.at] - 1, block.shares, out=change)
            change += 1
        self.gate.take_off(change, self.sent, block.at)
        change *= self.state.order[block.at]
        change -= self.production
        change *= block.per_day
        stock += change
        if block.slack is not None:
            np.maximum(stock, 0, out=stock)  # what stops nobody is done without
        return stock

    def ordered(self, block: Inputs, stock: Real, room: Real) -> Real:
        """Orders for tomorrow by supplier, before the weight of each supplier; `room` is to reckon in."""
        order = self.state.order[block.at]
        np.subtract(self.aimed, stock, out=order)
        np.maximum(order, 0, out=order)
        order *= block.refilled
        order += self.production
        if self.weight is not None:
            reach = np.matmul(self.weight[block.at] - 1, block.shares, out=self.state.reach[block.at])
            able = np.multiply(reach, self.far, out=room)
            able += 1
            self.next_gate.take_off(able, self.missed, block.at)
            _divide(order, able, sure=self.able)
        more = np.subtract(order, 1, out=room)
        more *= block.use
        orders: Real = np.matmul(more, block.shares.swapaxes(1, 2))
        orders += block.sold
        self.next_gate.take_off_orders(orders, order, self.setting.economy.use, block.at)
        return orders


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
