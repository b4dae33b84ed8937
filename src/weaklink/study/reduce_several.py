"""Which one mix keeps the targets in several scenarios at once? Optimised by week, and replayed by day in each."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from weaklink.errors import RequestError
from weaklink.mitigation.options import Figures, Option
from weaklink.mitigation.portfolio import GAP, Known, Mix, optimal
from weaklink.mitigation.problem import Problem
from weaklink.mitigation.recourse import Plane, Recourse
from weaklink.mitigation.risk import Target
from weaklink.mitigation.wanted import Wanted, wanted
from weaklink.provenance import Provenance
from weaklink.report.formats import amount
from weaklink.result import Result, tabulated
from weaklink.study.reduce import Wish, catalogue, processes
from weaklink.study.reduce_network import TIGHTENED, Replay, targets_of
from weaklink.study.reduce_setting import Setting, setting
from weaklink.study.reduce_told import provenance
from weaklink.tables.reducing import REDUCE
from weaklink.version import VERSION


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A scenario asked with a mix over more options than it has: it takes its own, as much as it can use."""

    inner: Recourse
    places: tuple[int, ...]
    most: Figures

    @property
    def name(self) -> str:
        """What the scenario is called."""
        return self.inner.name

    @property
    def weight(self) -> float:
        """Its weight."""
        return self.inner.weight

    def plane(self, amounts: Figures) -> Plane:
        """The loss with its part of the mix; what it cannot use changes nothing."""
        mine = amounts[list(self.places)]
        found = self.inner.plane(np.minimum(mine, self.most))
        slope = np.zeros(len(amounts))
        slope[list(self.places)] = np.where(mine < self.most, found.slope, 0.0)
        return Plane(amounts.copy(), found.value, slope)


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Several scenarios, and all options of any of them."""

    names: tuple[str, ...]
    settings: tuple[Setting, ...]
    options: tuple[Option, ...]
    places: tuple[tuple[int, ...], ...]

    def part(self, number: int, amounts: Figures) -> Figures:
        """What one scenario uses of a mix."""
        most = np.array([option.most for option in self.settings[number].options])
        found: Figures = np.minimum(amounts[list(self.places[number])], most)
        return found


def reduced_together(
    wish: Wish, scenarios: Sequence[str], *, workers: int = 1
) -> tuple[Result, dict[str, Any]]:
    """The cheapest mix that keeps the targets in every one of the scenarios, and what JSON says of its proof.

    Raises RequestError for unknown names and for targets on outages, ConflictError where no mix will do.
    """
    targets = [wanted(text) for text in wish.targets]
    if any(one.how == "outage" for one in targets):
        raise RequestError("targets on outages are asked of one scenario at a time.")
    together = _together(wish, scenarios, targets)
    with ExitStack() as stack:
        executor = stack.enter_context(processes(workers))
        known = Known(
            [one for place, part in enumerate(together.settings) for one in _placed(together, place, part)]
        )
        mix, bound = _kept(together, targets, known, wish.budget, executor)
    found = _told(wish, together, targets, known, mix, bound)
    gap = max(0.0, mix.cost - bound) / mix.cost if mix.cost else 0.0
    return found, {"objective": mix.cost, "bound": bound, "gap": gap, "duals": mix.prices}


def _together(wish: Wish, scenarios: Sequence[str], targets: Sequence[Wanted]) -> Together:
    listed = catalogue(wish.measures)
    settings = tuple(
        setting(name, listed, targets, costs=wish.costs, draws=wish.draws, seed=wish.seed)
        for name in scenarios
    )
    options: dict[tuple[str, str], Option] = {}
    for part in settings:
        for option in part.options:
            key = (option.measure, option.where)
            most = max(option.most, options[key].most) if key in options else option.most
            options[key] = replace(option, most=most)
    order = {key: place for place, key in enumerate(options)}
    places = tuple(tuple(order[one.measure, one.where] for one in part.options) for part in settings)
    return Together(tuple(scenarios), settings, tuple(options.values()), places)


def _placed(together: Together, number: int, part: Setting) -> list[Placed]:
    most = np.array([option.most for option in part.options])
    recourses = part.some(range(len(part.winters))).recourses
    return [Placed(one, together.places[number], most) for one in recourses]


def _kept(
    together: Together, targets: Sequence[Wanted], known: Known, budget: float, executor: Executor | None
) -> tuple[Mix, float]:
    replays = [Replay(part, targets, executor) for part in together.settings]
    bound = 0.0
    for turn in range(TIGHTENED + 1):
        asked = tuple(_targets(together, targets, replays))
        mix = optimal(Problem(together.options, known.recourses, asked, budget), gap=GAP / 10, known=known)
        bound = bound if turn else mix.bound
        kept, first = True, 0
        for number, replay in enumerate(replays):
            count = len(together.settings[number].winters)
            losses = mix.losses[first : first + count]
            part = replace(mix, amounts=together.part(number, mix.amounts), losses=losses)
            kept = replay.keeps(part) is not None and kept
            first += count
        if kept:
            return mix, bound
    raise RequestError(
        f"The mix that keeps the targets by week in all scenarios does not keep them by day, nor did {TIGHTENED} "
        "stricter ones. Allow a little more to be lost."
    )


def _targets(together: Together, targets: Sequence[Wanted], replays: Sequence[Replay]) -> list[Target]:
    found, first = [], 0
    for name, part, replay in zip(together.names, together.settings, replays, strict=True):
        for one in targets_of(part, targets, replay.strict):
            over = tuple(place + first for place in one.risk.over)
            found.append(Target(f"{one.name} in {name}", replace(one.risk, over=over), one.most))
        first += len(part.winters)
    return found


def _told(
    wish: Wish, together: Together, targets: Sequence[Wanted], known: Known, mix: Mix, bound: float
) -> Result:
    first, listed = together.settings[0], together.settings[0].catalogue
    measures = {one.name: one for part in together.settings for one in part.measures}
    with_all, rows = known.at(mix.amounts).mean(), []
    for place, (option, much) in enumerate(zip(together.options, mix.amounts.tolist(), strict=True)):
        if option.used(much):
            without = mix.amounts.copy()
            without[place] = 0.0
            rows.append(
                {
                    "measure": option.measure,
                    "where": option.where,
                    "label": first.case.folder.labels.get(option.where, option.where),
                    "amount": much,
                    "unit": option.unit,
                    "share_of_most": much / option.most,
                    "cost": option.cost(much),
                    "effect": max(0.0, float(known.at(without).mean() - with_all)),
                    "effect_unit": first.case.unit,
                    "source": measures[option.measure].source,
                    "quality": measures[option.measure].quality,
                }
            )
    rows.sort(key=lambda row: (-float(str(row["cost"])), str(row["measure"]), str(row["where"])))
    caveats = (
        f"One mix for {' and '.join(together.names)}: it costs {amount(mix.cost)} {listed.money} {listed.currency} of "
        f"{listed.prices_of}; none that keeps the targets in all of them can cost less than {amount(bound)}.",
        "The effect of a measure is what more goes unserved without it, by week, in the mean of all winters of all "
        "scenarios; effects of several do not add up.",
        "The plan knows each winter in advance, and countries share: less foresight or solidarity takes more measures.",
    )
    sources = [provenance(part, targets, wish.budget, wish.draws, wish.seed) for part in together.settings]
    cards = tuple(dict.fromkeys(card for one in sources for card in one.cards))
    parameters = {**sources[0].parameters, "scenario": ", ".join(together.names)}
    blocs = {expression: found for one in sources for expression, found in one.blocs.items()}
    return Result(REDUCE, tabulated(REDUCE, rows), caveats, Provenance(cards, VERSION, parameters, blocs))
