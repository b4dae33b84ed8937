"""What do measures change in the purchases of goods, and what is then missing? The course of goods as a programme.

A day's gap of a cell (a product and an importer) is linear in what strikes take and in use, as long as the price in
the shock stays what it is. So measures swap: what the importer buys no longer from a struck supplier goes to those from
whom its new supplier's goods are taken; the world loses as much as before, and the price is the same. With gaps g,
stocks s and what is missing m, in periods t of some days,

    minimise Σ m   subject to   m_t + s_(t-1) - s_t >= g_t,   0 <= s_t <= full,   s_0 = full,   m >= 0

which is the course of `shortfall.course`, whose stocks are drawn as soon as they are needed, but that a period nets its
days: so the programme never says more than the course.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from weaklink import lp
from weaklink.mitigation.options import Figures
from weaklink.mitigation.recourse import LinearRecourse, Moved
from weaklink.shortfall.course import Responses, courses, gaps, stocks, struck_days
from weaklink.shortfall.purchases import Purchases

PERIOD = 28  # days that are netted


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """What a unit of an option changes, in the money of the purchases a day: strikes × cells, cells, cells.

    `struck` is what each strike takes more, `use` is use, `held` what is in stock (not a day, but once).
    """

    struck: Figures
    use: Figures
    held: Figures

    @classmethod
    def none(cls, bought: Purchases) -> Effect:
        """An option that changes nothing here."""
        cells = len(bought.use)
        return cls(np.zeros((len(bought.strikes), cells)), np.zeros(cells), np.zeros(cells))


@dataclass(frozen=True, slots=True, eq=False)
class Loss:
    """Purchases as a scenario strikes them, what is done about it in one draw, and what options change.

    `products` are the codes of the purchases' products, by number.
    """

    name: str
    weight: float
    bought: Purchases
    responses: Responses
    effects: tuple[Effect, ...]
    products: tuple[str, ...] = ()

    def missing(self, amounts: Figures) -> float:
        """What is missing over all days with a mix, in the simulator of goods."""
        return float(self._missing(amounts).sum())

    def missing_of(self, product: str, amounts: Figures) -> float:
        """The same of one product."""
        by_product = self.bought.by_product(self._missing(amounts))
        return float(by_product[self.products.index(product)]) if product in self.products else 0.0

    def _missing(self, amounts: Figures) -> Figures:
        missing: Figures = courses(changed(self.bought, self.effects, amounts), self.responses).missing[0]
        return missing


def changed(bought: Purchases, effects: Sequence[Effect], amounts: Figures) -> Purchases:
    """The purchases in which a mix works."""
    used = [(effect, amount) for effect, amount in zip(effects, amounts.tolist(), strict=True) if amount]
    struck = sum((effect.struck * amount for effect, amount in used), np.zeros((len(bought.strikes), 1)))
    use = sum((effect.use * amount for effect, amount in used), np.zeros(len(bought.use)))
    held = sum((effect.held * amount for effect, amount in used), np.zeros(len(bought.use)))
    strikes = tuple(
        replace(one, cells=np.maximum(one.cells + more, 0.0))
        for one, more in zip(bought.strikes, struck, strict=True)
    )
    before = 0.0 if bought.held is None else bought.held
    return replace(bought, strikes=strikes, use=np.maximum(bought.use + use, 0.0), held=before + held)


def recourse(loss: Loss, unit: float = 1.0) -> LinearRecourse:
    """The loss as a linear programme whose bounds the options move, in `unit` of the purchases' money."""
    programme = _Course(loss.bought, loss.responses, loss.effects, unit)
    return LinearRecourse(loss.name, loss.weight, programme.moved())


class _Course:
    """The programme of one draw: rows and columns by period, in each the cells; products where stocks are pooled."""

    def __init__(
        self, bought: Purchases, responses: Responses, effects: Sequence[Effect], unit: float
    ) -> None:
        self.bought, self.effects, self.unit = bought, effects, unit
        days = np.array(struck_days(bought))
        first = np.arange(0, len(days), PERIOD)
        touched = [
            any(effect.struck[place].any() for effect in effects) for place in range(len(bought.strikes))
        ]
        by_day = _Gaps(bought, responses, days, touched)
        self.gap = np.add.reduceat(by_day.base, first, axis=0)
        self.of_strike = [np.add.reduceat(one, first, axis=0) for one in by_day.of_strike]
        self.of_use = np.add.reduceat(by_day.of_use, first, axis=0)
        self.stock_days = responses.stock_days[0][bought.product]
        self.full = stocks(bought, responses)[0]
        self.kept = self._that_can_lack()

    def moved(self) -> Moved:
        """The programme and what a unit of each option moves."""
        gap, full = self._held_together(self.gap), self._held_together(self.full)
        periods, cells = gap.shape
        size = periods * cells
        one = sparse.eye(size)
        before = sparse.eye(size, k=-cells)  # the stock at the end of the period before
        program = lp.Program(
            cost=np.concatenate([np.ones(size), np.zeros(size)]),
            matrix=sparse.csc_matrix(sparse.hstack([one, before - one])),
            row_lower=_from(gap, full),
            row_upper=np.full(size, np.inf),
            lower=np.zeros(2 * size),
            upper=np.concatenate([np.full(size, np.inf), np.tile(full, periods)]),
        )
        rows, uppers = [], []
        for effect in self.effects:
            more, wider = self._effect(effect)
            rows.append(sparse.csc_matrix(_from(more, wider)[:, None]))
            uppers.append(
                sparse.csc_matrix(np.concatenate([np.zeros(size), np.tile(wider, periods)])[:, None])
            )
        return Moved(program, sparse.hstack(rows, format="csc"), sparse.hstack(uppers, format="csc"))

    def _effect(self, effect: Effect) -> tuple[Figures, Figures]:
        """What a unit of an option changes of gaps, and of stocks."""
        gap = self.of_use * effect.use
        for of_one, struck in zip(self.of_strike, effect.struck, strict=True):
            gap = gap + of_one * struck
        return self._held_together(gap), self._held_together(self.stock_days * effect.use + effect.held)

    def _that_can_lack(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Cells in which something can be missing: others need no rows."""
        if self.bought.pooled:
            return np.ones(len(self.full), dtype=np.bool_)
        found = (self.gap > 0).any(axis=0)
        for effect in self.effects:
            found |= (effect.struck > 0).any(axis=0)
        return np.asarray(found)

    def _held_together(self, figures: Figures) -> Figures:
        """Figures of cells in the unit: of those that can lack, or sums by product."""
        if self.bought.pooled:
            return self.bought.by_product(figures) / self.unit
        kept: Figures = figures[..., self.kept] / self.unit
        return kept


class _Gaps:
    """Gaps by day and cell, and by how much they rise with a unit more that a strike takes, and of use.

    Both are seen by asking the simulator for some more of it, so that there is one statement of a day.
    """

    def __init__(
        self,
        bought: Purchases,
        responses: Responses,
        days: np.ndarray[tuple[int], np.dtype[np.int64]],
        touched: Sequence[bool],
    ) -> None:
        def every(one: Purchases) -> Figures:
            return np.array([gaps(one, responses, int(day))[0] for day in days])

        roomy = replace(bought, use=bought.use * 2)  # so that what is taken is never cut to what is used
        self.base = every(bought)
        of_use = every(roomy) - self.base
        self.of_use = np.divide(of_use, bought.use, out=np.zeros_like(of_use), where=bought.use > 0)
        self.of_strike = []
        for place, strike in enumerate(bought.strikes):
            if not touched[place]:  # no option changes what it takes
                self.of_strike.append(np.zeros_like(of_use))
                continue
            some = bought.use / 2
            strikes = list(bought.strikes)
            strikes[place] = replace(strike, cells=strike.cells + some)
            rise = every(replace(roomy, strikes=tuple(strikes))) - (self.base + of_use)
            self.of_strike.append(np.divide(rise, some, out=np.zeros_like(rise), where=some > 0))


def _from(gap: Figures, full: Figures) -> Figures:
    """Lower bounds of rows: gaps, of which those of the first period have what is in stock."""
    found = gap.copy()
    found[0] -= full
    return found.ravel()
