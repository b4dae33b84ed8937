"""What is missing of some materials in a scenario on goods as its file has it, draw by draw, with any mix?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from weaklink.errors import RequestError
from weaklink.mitigation.materials import Effect, Loss
from weaklink.mitigation.options import Figures
from weaklink.scenario.model import EVERY_PRODUCT, Shock
from weaklink.shortfall.course import courses
from weaklink.shortfall.purchases import Purchases
from weaklink.study.lens import Asked, likely
from weaklink.study.lenses.goods import goods
from weaklink.study.material_losses import A_DAY
from weaklink.study.material_options import Possible
from weaklink.study.material_shares import Deed
from weaklink.study.material_trade import MILLION, Trade
from weaklink.study.struck import Struck, struck, trade_data
from weaklink.uncertainty.draws import drawn


def struck_by(asked: Asked, trade: Trade) -> tuple[str, ...]:
    """The countries that the scenario strikes in any of the materials.

    RequestError where it strikes none of them, or in a way whose loss is not linear in measures.
    """
    hits = [one for _, one in _hits(asked, trade)]
    return tuple(sorted({code for one in hits for code in one.suppliers}))


def written(asked: Asked, trade: Trade, possible: Possible, draws: int, seed: int) -> tuple[Loss, ...]:
    """The course of the scenario in each draw (0: the likely one), with what each option changes of it."""
    pairs = _hits(asked, trade)
    scenario = asked.scenario.model_copy(update={"shock": tuple(shock for shock, _ in pairs)})
    model = goods(replace(asked, scenario=scenario))
    figures = drawn(model.ranges, draws, seed) if draws else likely(model.ranges)
    responses, purchases = model.responses(figures), model.bought.purchases
    usual = courses(purchases, model.responses(likely(model.ranges))).missing[0]
    cells = _Cells(
        trade,
        purchases,
        tuple(model.bought.products[number] for number in purchases.product),
        tuple(model.bought.members[number] for number in purchases.member),
        tuple(one for _, one in pairs),
        usual,
    )
    effects = tuple(cells.effect(deed) for deed in possible.deeds)
    count = len(responses)
    return tuple(
        Loss(
            f"{scenario.name}, draw {draw + 1}" if draws else scenario.name,
            1.0,
            purchases,
            responses.of(slice(draw, draw + 1)),
            effects,
            model.bought.products,
        )
        for draw in range(count)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Pairs of product and member with what strikes them; `usual` is what is missing of each at the likely figures."""

    trade: Trade
    purchases: Purchases
    products: Sequence[str]
    members: Sequence[str]
    hits: tuple[Struck, ...]
    usual: Figures

    def effect(self, deed: Deed) -> Effect:
        """What a unit of an option changes."""
        none, code = Effect.none(self.purchases), self.trade.codes[deed.product]
        mine = np.array([product == code for product in self.products], dtype=np.bool_)
        if deed.changes == "stock":
            missing = np.where(mine, self.usual, 0.0)
            whole = missing if missing.sum() > 0 else np.where(mine, self.purchases.use, 0.0)
            return replace(none, held=whole / whole.sum() * MILLION) if whole.sum() > 0 else none
        bought = self.trade.by_member[deed.product, :, deed.old]
        rows = [self.trade.member_codes.index(code) for code in self.members]
        part = np.where(mine, bought[rows], 0.0) / bought.sum() * A_DAY
        old = self.trade.countries[deed.old]
        shocks = tuple(
            number for number, one in enumerate(self.hits) if old in one.suppliers and code in one.products
        )
        struck = none.struck.copy()
        for place, one in enumerate(self.purchases.strikes):
            if shocks and one.shocks == shocks and not one.by_hubs:
                struck[place] -= part
        effect = replace(none, struck=struck)
        return replace(effect, use=-part) if deed.changes == "substitution" else effect


def _hits(asked: Asked, trade: Trade) -> list[tuple[Shock, Struck]]:
    """The shocks of the scenario, narrowed to the materials, with whom they strike."""
    data, found = trade_data(asked), []
    for shock in asked.scenario.in_trade():
        if shock.target == "passage" or shock.to:
            raise RequestError(
                f"scenario {asked.scenario.name} strikes "
                f"{'a passage' if shock.target == 'passage' else 'some buyers only'}"
                "; measures for materials are for shocks to exports or production towards everybody."
            )
        codes = tuple(
            code
            for code in trade.codes
            if shock.products == (EVERY_PRODUCT,) or code.startswith(shock.products)
        )
        if codes:
            narrowed = shock.model_copy(update={"products": codes})
            found.append((narrowed, struck(asked, narrowed, data)))
    if not found:
        raise RequestError(
            f"scenario {asked.scenario.name} strikes none of {', '.join(trade.codes)}. Ask for the materials that it "
            "strikes, or leave --product out."
        )
    return found
