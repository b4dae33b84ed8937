"""What must hold of the shares of suppliers, whose goods are replaced for it, and what does a mix make of shares?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from weaklink.blocs.expression import resolve
from weaklink.mitigation.options import Figures
from weaklink.mitigation.problem import Limit
from weaklink.mitigation.wanted import Wanted
from weaklink.study.material_trade import Trade
from weaklink.trade.runs import Flags

MOST_REPLACED = (
    3  # suppliers of a product whose goods can be bought elsewhere, the largest that targets speak of
)
NOTHING = 1e-6  # million dollars
EVERYBODY = "world"


@dataclass(frozen=True, slots=True)
class ShareLimit:
    """At most `most` of what is used of a product comes from `who`: from all together, or from each by itself.

    `products` are beginnings of codes, empty for all.
    """

    name: str
    who: str
    each: bool
    most: float
    products: tuple[str, ...] = ()

    @classmethod
    def of(cls, one: Wanted) -> ShareLimit:
        """A target on shares as a limit."""
        return cls(one.text, one.who, one.subject == "each", one.most)


@dataclass(frozen=True, slots=True)
class Deed:
    """What an option does: `product`, `old` and `new` are rows and columns of the trade; -1 is nobody.

    `new` sells in place of `old`; of recycling and substitution nobody does, and stock replaces nobody either.
    """

    changes: str
    product: int
    old: int = -1
    new: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What the targets ask: limits on shares, by how many of the largest suppliers; `year` dates bloc expressions."""

    limits: tuple[ShareLimit, ...]
    largest: int
    year: int
    struck: tuple[str, ...] = ()

    def countries(self, who: str) -> tuple[str, ...]:
        """Countries of an expression in that year."""
        return tuple(resolve(who, year=self.year).countries)


@dataclass(frozen=True, slots=True, eq=False)
class OnShare(Limit):
    """A limit on the share of `who` (columns of the trade) in what is used of a product: at most `share` of it."""

    product: int = -1
    share: float = 1.0
    who: Flags = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))


def replaced(trade: Trade, asked: Asked, product: int) -> tuple[int, ...]:
    """The suppliers of a product that targets speak of, as far as they matter: the largest first."""
    bought, total = trade.bought[product], float(trade.total[product])
    if total <= NOTHING:
        return ()
    found: set[int] = set(np.argsort(-bought, kind="stable")[: asked.largest].tolist())
    for limit in _of_product(asked, trade.codes[product]):
        inside = np.flatnonzero(trade.flags(asked.countries(limit.who)))
        if limit.each:
            found |= {int(one) for one in inside if bought[one] > limit.most * total}
        elif bought[inside].sum() > limit.most * total:
            found |= set(inside.tolist())
    found |= set(np.flatnonzero(trade.flags(asked.struck)).tolist())
    order = sorted((one for one in found if bought[one] > NOTHING), key=lambda one: (-bought[one], one))
    return tuple(order[: max(MOST_REPLACED, asked.largest)])


def share_of(trade: Trade, deeds: Sequence[Deed], amounts: Figures, product: int, who: Flags) -> float:
    """The share of some suppliers in what is used of a product, imported or recovered at home, with a mix."""
    weights, gone = _moved(deeds, product, who)
    used = float(trade.total[product]) - float(gone @ amounts)
    return (
        (float(trade.bought[product, who].sum()) + float(weights @ amounts)) / used if used > NOTHING else 0.0
    )


def limits_of(
    trade: Trade, asked: Asked, deeds: Sequence[Deed], product: int
) -> Iterator[tuple[str, float, Flags]]:
    """What must hold of shares of a product: name, most, and whose share; the limits that anything could break."""
    bought, total = trade.bought[product], float(trade.total[product])
    sellers = np.isin(np.arange(len(bought)), [deed.new for deed in deeds if deed.product == product])
    for limit in _of_product(asked, trade.codes[product]):
        inside = trade.flags(asked.countries(limit.who)) & ~trade.members
        if not limit.each:
            yield f"share of {limit.who} in {trade.codes[product]} <= {limit.most:.0%}", limit.most, inside
            continue
        for one in np.flatnonzero(inside & (sellers | (bought > limit.most * total / 2))):
            alone = np.zeros(len(bought), dtype=np.bool_)
            alone[one] = True
            yield (
                f"share of {trade.countries[one]} in {trade.codes[product]} <= {limit.most:.0%}",
                limit.most,
                alone,
            )


def _of_product(asked: Asked, code: str) -> Iterator[ShareLimit]:
    return (one for one in asked.limits if not one.products or code.startswith(one.products))


def share_limits(trade: Trade, asked: Asked, deeds: Sequence[Deed]) -> Iterator[OnShare]:
    """Shares as limits: bought of who - most · used <= 0, both with what the options change."""
    for product in range(len(trade.codes)):
        total = float(trade.total[product])
        for name, most, who in limits_of(trade, asked, deeds, product):
            weights, gone = _moved(deeds, product, who)
            room = most * total - float(trade.bought[product, who].sum())
            yield OnShare(name, weights + most * gone, room, product, most, who)


def _moved(deeds: Sequence[Deed], product: int, who: Flags) -> tuple[Figures, Figures]:
    """What a unit of each option changes of what is bought of some suppliers, and takes from use."""
    weights, gone = np.zeros(len(deeds)), np.zeros(len(deeds))
    for place, deed in enumerate(deeds):
        if deed.product == product and deed.old >= 0:
            weights[place] = float(who[deed.new] if deed.new >= 0 else False) - float(who[deed.old])
            gone[place] = float(deed.changes == "substitution")
    return weights, gone
