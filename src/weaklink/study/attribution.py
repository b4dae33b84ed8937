"""Whose part of a loss is whose? A loss split by supplier, by product or by shock, so that the parts add up.

A scenario is taken apart into shocks of one supplier, one product or one entry each, and the lens is asked what is lost
if only some of them happen. Where suppliers stand in for each other, losing two of them costs more than twice losing
one; the Shapley value gives each the mean of what it adds, whoever fails before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

import numpy as np

from weaklink import tables
from weaklink.attribution.coalitions import Coalitions, Figures, SetFunction, Split, remembered
from weaklink.attribution.shapley import EXACT, exact, sampled
from weaklink.codes.countries import name
from weaklink.errors import RequestError
from weaklink.result import Result, tabulated
from weaklink.scenario.model import IN_TRADE, Scenario, Shock, Spread
from weaklink.scenario.model import likely as likely_share
from weaklink.study.lens import Asked, Lens, Model, likely
from weaklink.study.lens_provenance import amount, provenance_of
from weaklink.study.struck import struck, trade_data

By: TypeAlias = Literal["supplier", "product", "shock"]
Piece: TypeAlias = tuple[str, str, Shock]  # key and name of the part that a shock belongs to, and the shock
TOTAL = "total"
COALITIONS = 2000  # that a lens is asked for at most where there are too many parts for all
AFRESH = 5  # parts up to which the lens is set up anew for each combination: 32
SAME = 5e-3  # share of the loss by which the parts together may differ from the scenario as it stands


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that happens: its name, its name for people, and the shocks it consists of."""

    key: str
    label: str
    shocks: tuple[Shock, ...]


def attributed(asked: Asked, lens: Lens, by: By, seed: int = 0, *, members: bool = False) -> Result:
    """The loss at the likely figures split by what causes it; the largest part first, the total last.

    Up to 12 parts are split exactly, more by sampled orders with a standard error; in both cases the parts add up to
    the total. With `members`, also the loss of each member is split. The columns are declared in
    `weaklink.tables.ATTRIBUTION`. RequestError where there is nothing to split, or the lens cannot read the scenario.
    """
    every = parts_of(asked, by)
    parts = read_by(lens(replace(asked, scenario=of_parts(asked.scenario, every))), every)
    model = lens(replace(asked, scenario=of_parts(asked.scenario, parts)))
    afresh = can_be_afresh(parts, by)
    function = losses_afresh(asked, lens, parts, model) if afresh else losses_if(model, parts)
    found = parted(remembered(function), len(parts), seed)
    as_it_stands = lens(asked)
    whole = float(as_it_stands.losses(likely(as_it_stands.ranges)).sum())
    return Result(
        tables.ATTRIBUTION,
        tabulated(tables.ATTRIBUTION, _rows(model, parts, found, members=members)),
        (*_unread(model, every, parts), *_caveats(model, by, found, whole, afresh=afresh), *model.caveats),
        provenance_of(asked, model, {"by": by, "seed": str(seed)}),
    )


def parts_of(asked: Asked, by: By) -> tuple[Part, ...]:
    """What happens in a scenario, taken apart. RequestError where a shock has no such parts."""
    cuts: Mapping[By, Callable[[Asked, int, Shock], Iterator[Piece]]] = {
        "supplier": _by_supplier,
        "product": _by_product,
        "shock": _by_shock,
    }
    found: dict[str, Part] = {}
    for number, shock in enumerate(asked.scenario.shock, start=1):
        for key, label, piece in cuts[by](asked, number, shock):
            before = found.get(key, Part(key, label, ()))
            found[key] = replace(before, shocks=(*before.shocks, piece))
    return tuple(found.values())


def of_parts(scenario: Scenario, parts: tuple[Part, ...]) -> Scenario:
    """The scenario with one entry for each shock of each part, in their order; each may also take nothing."""
    shocks = [shock for part in parts for shock in part.shocks]
    return scenario.model_copy(update={"shock": tuple(map(_or_nothing, shocks))})


def _or_nothing(shock: Shock) -> Shock:
    """The shock with a range from nothing to its likely share, so that a lens lets it be drawn."""
    most = likely_share(shock.lost)
    return shock.model_copy(update={"lost": Spread(low=0.0, likely=most, high=most)})


def read_by(model: Model, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts of which the lens reads any shock; `model` is set up with all of them."""
    numbers = np.cumsum([0, *(len(part.shocks) for part in parts)])
    return tuple(
        part
        for part, first in zip(parts, numbers, strict=False)
        if any(f"shock.{first + place}.lost" in model.ranges for place in range(1, len(part.shocks) + 1))
    )


def losses_if(model: Model, parts: tuple[Part, ...]) -> SetFunction:
    """What is lost if only some parts happen: of all members together, then of each: (coalitions, 1 + countries).

    All combinations are draws of one model, in which what does not happen takes a share of nothing.
    """
    owner = np.repeat(np.arange(len(parts)), [len(part.shocks) for part in parts])

    def losses(those: Coalitions) -> Figures:
        drawn = {key: np.broadcast_to(figure, len(those)) for key, figure in likely(model.ranges).items()}
        for number, part in enumerate(owner, start=1):
            if (key := f"shock.{number}.lost") in drawn:  # else the lens does not read this shock of the part
                drawn[key] = np.where(those[:, part], drawn[key], 0.0)
        return _with_sum(model.losses(drawn))

    return losses


def can_be_afresh(parts: tuple[Part, ...], by: By) -> bool:
    """Whether the lens may be set up anew for every combination: few parts in trade that begin on the same day.

    Only then can a supplier that does not fail stand in for one that does. Products do not stand in for each other.
    """
    shocks = [shock for part in parts for shock in part.shocks]
    alike = len({shock.first_day for shock in shocks}) == 1 and all(
        shock.target in IN_TRADE for shock in shocks
    )
    return by != "product" and len(parts) <= AFRESH and alike


def losses_afresh(asked: Asked, lens: Lens, parts: tuple[Part, ...], whole: Model) -> SetFunction:
    """As `losses_if`, each combination set up as a scenario of its own; without any part nothing is lost."""

    def losses(those: Coalitions) -> Figures:
        return np.concatenate([one(coalition) for coalition in those])

    def one(coalition: Coalitions) -> Figures:
        chosen = tuple(part for part, happens in zip(parts, coalition, strict=True) if happens)
        if not chosen:
            return np.zeros((1, 1 + len(whole.countries)))
        model = lens(replace(asked, scenario=of_parts(asked.scenario, chosen)))
        return _with_sum(model.losses(likely(model.ranges)))

    return losses


def _with_sum(losses: Figures) -> Figures:
    return np.concatenate([losses.sum(axis=1, keepdims=True), losses], axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Parted:
    """A loss in parts, (parts, 1 + countries): Shapley's; what each causes alone; what would be less without it.

    `without` is what is lost if nothing of it happens: in a network, what goes unserved anyhow.
    """

    split: Split
    alone: Figures
    last: Figures
    without: Figures


def parted(function: SetFunction, players: int, seed: int) -> Parted:
    """Split a loss by players: exactly where they are few, else by sampled orders."""
    if players <= EXACT:
        split = exact(function, players)
    else:
        split = sampled(function, players, pairs=max(2, COALITIONS // (2 * players)), seed=seed)
    only = np.concatenate([np.zeros((1, players), dtype=bool), np.eye(players, dtype=bool)])
    few, many = function(only), function(~only)
    return Parted(split, few[1:] - few[0], many[0] - many[1:], few[0])


def _by_supplier(asked: Asked, _number: int, shock: Shock) -> Iterator[Piece]:
    if shock.target not in {"exports", "production"}:
        for one in shock.names:
            yield one, one, shock.model_copy(update={"names": (one,)})
        return
    for code in struck(asked, shock).suppliers:
        yield code, name(code), shock.model_copy(update={"names": (code,)})


def _by_product(asked: Asked, number: int, shock: Shock) -> Iterator[Piece]:
    if not shock.products:
        raise RequestError(
            f"shock {number} of scenario {asked.scenario.name} names no products, so that its loss cannot be split by "
            "product. Ask --by supplier or --by shock."
        )
    data = trade_data(asked)
    found = struck(asked, shock, data)  # the largest supplier of all products may not be that of each
    for code in found.products:
        piece = {"products": (code,), "names": found.suppliers}
        yield code, data.label(code), shock.model_copy(update=piece)


def _by_shock(_asked: Asked, number: int, shock: Shock) -> Iterator[Piece]:
    what = f" of {', '.join(shock.products or shock.sectors)}" if shock.products or shock.sectors else ""
    yield f"shock.{number}", f"{shock.target}{what}: {', '.join(shock.names)}", shock


def _rows(model: Model, parts: tuple[Part, ...], found: Parted, *, members: bool) -> Iterator[dict[str, Any]]:
    """A row for each part and for the total: of all members together, then, where asked, of each."""
    split = found.split
    order = np.argsort(-split.part[:, 0], kind="stable")
    for place, country in enumerate(("all", *model.countries) if members else ("all",)):
        whole = split.total[place]
        same = {"country": country, "loss_unit": model.about.unit, "method": split.method}
        for number in order:
            part = split.part[number, place]
            yield {
                **same,
                "part": parts[number].key,
                "label": parts[number].label,
                "loss": part,
                "share": part / whole if whole else np.nan,
                "error": split.error[number, place],
                "alone": found.alone[number, place],
                "last": found.last[number, place],
            }
        yield {
            **same,
            "part": TOTAL,
            "label": "all of them",
            "loss": whole,
            "share": 1.0 if whole else np.nan,
            "error": 0.0,
            "alone": whole,
            "last": whole,
        }


def _unread(model: Model, every: tuple[Part, ...], parts: tuple[Part, ...]) -> Iterator[str]:
    if left_out := [part.label for part in every if part not in parts]:
        yield f"The lens {model.about.name} does not read, and so leaves out: {'; '.join(left_out)}."


def _caveats(model: Model, by: By, found: Parted, whole: float, *, afresh: bool) -> Iterator[str]:
    split, unit = found.split, model.about.unit
    total, before = float(split.total[0]), float(found.without[0])
    yield (
        f"{amount(total, unit)} are lost by all members together at the likely figures ({model.about.loss}; "
        f"{model.about.horizon}), split by {by}: {split.method}, {split.evaluations:,} combinations asked for."
    )
    together = float(found.alone[:, 0].sum()) - total
    if abs(together) > SAME * abs(total):
        how = "less" if together < 0 else "more"
        yield (
            f"Alone, the parts would cause {amount(abs(together), unit)} {how} than together: a part is what it adds "
            "in the mean over all orders in which they may happen."
        )
    if by != "product" and not afresh and len(split.part) > 1:
        yield (
            "A supplier of the scenario is not counted among those who stand in for others, even in combinations in "
            "which it does not fail."
        )
    if before > SAME * abs(total):
        yield f"Without any of it {amount(before, unit)} would be lost too; what is split is what comes on top."
    if abs(whole - before - total) > SAME * abs(whole):
        yield (
            f"Taken apart by {by}, the scenario costs {amount(total, unit)}; as it stands "
            f"{amount(whole - before, unit)}: in this lens its shocks do not act quite as they do together."
        )
