"""What is solidarity worth when goods run short? Members' stocks pooled, or kept at home."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from weaklink.attribution.coalitions import Figures
from weaklink.blocs.expression import resolve
from weaklink.codes.countries import name
from weaklink.errors import RequestError
from weaklink.shortfall.purchases import Flags, Late, Purchases
from weaklink.study.lens import Asked, likely
from weaklink.study.lens_provenance import provenance_of
from weaklink.study.lenses.goods import Goods, goods
from weaklink.study.solidarity import Game


def goods_game(asked: Asked, joining: str = "") -> Game:
    """The game of a scenario in the lens of goods, at the likely figures.

    Members that act together pool stocks of each product and share what is missing by use; a member that acts alone has
    its own stock. `joining` names those who would join. RequestError for fewer than two members.

    >>> from weaklink.scenario.library import chosen
    >>> from weaklink.study.losses import asked_for
    >>> game = goods_game(asked_for(chosen("china-rare-earths"), "NATO@2022-11-30"), "FIN + SWE")
    >>> everybody = np.ones(len(game.members), dtype=bool)
    >>> len(game.members), bool(game.losses(everybody).sum() < game.losses(~everybody).sum())
    (32, True)
    """
    new = resolve(joining, year=asked.year) if joining else None
    everybody = tuple(sorted({*asked.members, *(new.countries if new else ())}))
    pooled = goods(_sharing(replace(asked, members=everybody), "equal"))
    members = pooled.countries
    if len(members) < 2:
        raise RequestError(
            f"{asked.importer} has {len(members)} members in the trade data; solidarity needs two."
        )
    bought = pooled.bought.purchases
    alone = _losses(pooled, replace(bought, pooled=False))

    def losses(coalition: np.ndarray) -> Figures:
        kept = coalition[bought.member]
        if not kept.any():
            return alone
        together = _losses(pooled, _of_cells(bought, kept))
        return np.where(coalition, together, alone)

    blocs = {**asked.blocs, **({new.canonical: new.countries} if new else {})}
    return Game(
        members=members,
        joining=np.array([member in (new.countries if new else ()) for member in members]),
        unit=pooled.about.unit,
        losses=losses,
        whole=lambda coalition: float(losses(coalition).sum()),
        own_first=None,
        label=name,
        caveats=(
            "Together means that members pool their stocks of each product and share what is missing by use; alone, "
            "that each has its own. What other suppliers deliver more is shared by gaps in both.",
            "The same days of stock are taken for every member: members that buy little of who fails bring the stocks "
            "that others draw. Who really holds how much is not known.",
            *pooled.bought.caveats,
        ),
        provenance=provenance_of(replace(asked, members=everybody, blocs=blocs), pooled, {"with": joining}),
    )


def _sharing(asked: Asked, rule: str) -> Asked:
    scenario = asked.scenario
    response = scenario.response.model_copy(update={"sharing": rule})
    return replace(asked, scenario=scenario.model_copy(update={"response": response}))


def _losses(model: Goods, bought: Purchases) -> Figures:
    """The loss of every member at the likely figures with other purchases in place of the model's."""
    other = replace(model, bought=replace(model.bought, purchases=bought))
    found: Figures = other.losses(likely(model.ranges))[0]
    return found


def _of_cells(bought: Purchases, kept: Flags) -> Purchases:
    """Purchases of some cells alone; the world market stays as it is."""
    return replace(
        bought,
        product=bought.product[kept],
        member=bought.member[kept],
        use=bought.use[kept],
        urgent=bought.urgent[kept],
        strikes=tuple(
            replace(
                strike,
                cells=strike.cells[kept],
                late=None if strike.late is None else (Late(strike.late[0].missing[kept]), strike.late[1]),
            )
            for strike in bought.strikes
        ),
    )
