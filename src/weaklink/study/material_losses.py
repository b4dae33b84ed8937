"""What is missing of some materials when a supplier fails? The scenarios in which a mix of measures is judged.

Two kinds: each product without some of its suppliers, as targets on the largest supplier ask; and the scenario as its
file has it, all products together. Both are courses of the lens of goods.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from weaklink.mitigation.materials import Effect, Loss
from weaklink.mitigation.options import Figures
from weaklink.scenario.model import Shock
from weaklink.shortfall.course import Responses, courses
from weaklink.shortfall.purchases import Purchases
from weaklink.study.bought import DAYS_OF_YEAR
from weaklink.study.lens import Asked, likely
from weaklink.study.lenses.goods import goods
from weaklink.study.material_options import Possible
from weaklink.study.material_shares import Deed
from weaklink.study.material_trade import MILLION, Trade
from weaklink.study.struck import LARGEST
from weaklink.trade.runs import Places
from weaklink.uncertainty.draws import drawn

A_DAY = MILLION / DAYS_OF_YEAR  # dollars a day of a million dollars a year


@dataclass(frozen=True, slots=True, eq=False)
class Failing:
    """Purchases of all products with every supplier that may fail as a shock of its own, and the responses drawn.

    `lost` is the share that is lost of the exports of who fails, in each draw; `suppliers` are countries by the number
    of their shock; `spreads` says to which cells of a product a unit of stock goes.
    """

    trade: Trade
    possible: Possible
    purchases: Purchases
    products: tuple[str, ...]
    members: tuple[str, ...]
    responses: Responses
    lost: Figures
    suppliers: tuple[str, ...]
    spreads: Mapping[int, Figures] = field(default_factory=dict)

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return len(self.responses)

    def use(self, product: int) -> float:
        """A year's use of a product of the trade, in million dollars."""
        return float(self._cells(product)[1].use.sum()) / A_DAY

    def reach(self, product: int) -> Figures:
        """What the importer buys of each country, and through hubs of it, a year: by country of the trade."""
        cells, found = self._cells(product)[0], np.zeros(len(self.trade.countries))
        for one in self.purchases.strikes:
            place = self.trade.place(self.suppliers[one.shocks[0]])
            found[place] += float(one.cells[cells].sum()) / A_DAY
        return found

    def losses(self, product: int, failing: Sequence[str]) -> list[Loss]:
        """What is missing of a product of the trade without some suppliers, in each draw."""
        cells, mine = self._cells(product)
        number = self.products.index(self.trade.codes[product])
        shocks = [self.suppliers.index(code) for code in failing]
        strikes = tuple(
            replace(
                one,
                shocks=(shocks.index(one.shocks[0]),),
                cells=one.cells[cells],
                world=one.world[[number]],
            )
            for one in self.purchases.strikes
            if one.shocks[0] in shocks
        )
        world = float(self.purchases.world[number])
        exports = sum(float(one.world[0]) for one in strikes if not one.by_hubs)
        struck = replace(
            mine,
            strikes=strikes,
            world=np.array([world]),
            others=np.array([max(world - exports, 0.0)]),
            force=self.purchases.force[shocks],
        )
        parts = self._parts(product, cells)
        effects = tuple(
            self._effect(deed, struck, failing, parts) if deed.product == product else Effect.none(struck)
            for deed in self.possible.deeds
        )
        name = f"{self.trade.codes[product]} without {' and '.join(failing)}"
        responses = replace(
            self.responses,
            lost=np.repeat(self.lost[:, None], len(shocks), axis=1),
            stock_days=self.responses.stock_days[:, [number]],
        )
        return [
            Loss(
                name, 1.0, struck, responses.of(slice(draw, draw + 1)), effects, (self.trade.codes[product],)
            )
            for draw in range(self.draws)
        ]

    def _cells(self, product: int) -> tuple[Places, Purchases]:
        """Which cells are of a product, and its purchases, not yet struck."""
        number = self.products.index(self.trade.codes[product])
        cells = np.flatnonzero(self.purchases.product == number)
        every = self.purchases
        mine = replace(
            every,
            product=np.zeros(len(cells), dtype=np.int64),
            member=every.member[cells],
            use=every.use[cells],
            urgent=every.urgent[cells],
            world=every.world[[number]],
            others=every.others[[number]],
            strikes=(),
        )
        return cells, mine

    def _parts(self, product: int, cells: Places) -> Mapping[int, Figures]:
        """Which part of what is bought of a supplier each cell buys, by the column of the supplier."""
        members = [self.members[place] for place in self.purchases.member[cells]]
        rows = [self.trade.member_codes.index(code) for code in members]
        olds = {deed.old for deed in self.possible.deeds if deed.product == product and deed.old >= 0}
        amounts = {old: self.trade.by_member[product, rows, old] for old in olds}
        return {old: one / one.sum() for old, one in amounts.items() if one.sum() > 0}

    def _effect(
        self, deed: Deed, struck: Purchases, failing: Sequence[str], parts: Mapping[int, Figures]
    ) -> Effect:
        effect = Effect.none(struck)
        if deed.old < 0:
            spread = self.spreads.get(deed.product)
            return effect if spread is None else replace(effect, held=spread * MILLION)
        part = parts[deed.old] * A_DAY
        for place, one in enumerate(struck.strikes):
            if one.by_hubs:
                continue
            who = failing[one.shocks[0]]
            if who == self.trade.countries[deed.old]:
                effect.struck[place] -= part
            elif deed.new >= 0 and who == self.trade.countries[deed.new]:
                effect.struck[place] += part
        return replace(effect, use=-part) if deed.changes == "substitution" else effect


def _spread(loss: Loss) -> Figures:
    """To whom a unit of stock goes: in proportion to what would be missing; where nothing would, to use."""
    missing = courses(loss.bought, loss.responses).missing[0]
    found: Figures = missing / missing.sum() if missing.sum() > 0 else loss.bought.use / loss.bought.use.sum()
    return found


def failing(
    asked: Asked, trade: Trade, possible: Possible, suppliers: Iterable[str], draws: int, seed: int
) -> Failing:
    """Set up every supplier of the materials as one that may fail, as the scenario says that suppliers fail.

    The scenario's shock with `largest:N` among its names gives the share that is lost, from when and how it comes back;
    a scenario without one, all of it on every day.
    """
    template = next(
        (shock for shock in asked.scenario.in_trade() if any(LARGEST.fullmatch(one) for one in shock.names)),
        Shock(target="exports", names=("largest:1",), products=("all",), lost=1.0),
    )
    names = tuple(dict.fromkeys(suppliers))
    shocks = tuple(template.model_copy(update={"names": (one,), "products": trade.codes}) for one in names)
    model = goods(replace(asked, scenario=asked.scenario.model_copy(update={"shock": shocks})))
    ranges = {
        name: one
        for name, one in model.ranges.items()
        if not name.startswith("shock.") or name == "shock.1.lost"
    }
    figures = dict(drawn(ranges, draws, seed) if draws else likely(ranges))
    lost = figures["shock.1.lost"]
    every = {**figures, **{f"shock.{number}.lost": lost for number in range(1, len(names) + 1)}}
    found = Failing(
        trade,
        possible,
        model.bought.purchases,
        model.bought.products,
        model.bought.members,
        model.responses(every),
        lost,
        names,
    )
    first = {
        product: found.losses(product, (trade.countries[int(np.argmax(trade.bought[product]))],))[0]
        for product in range(len(trade.codes))
        if trade.total[product] > 0
    }
    return replace(
        found, spreads=MappingProxyType({product: _spread(loss) for product, loss in first.items()})
    )
