"""Who pays for a mix and who gains, in which order is it done on a yearly budget, and does it fit other scenarios?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from weaklink.mitigation.on_network import acted
from weaklink.mitigation.options import Figures, Option, total_cost
from weaklink.mitigation.portfolio import Known, optimal
from weaklink.mitigation.problem import Problem
from weaklink.mitigation.risk import Risk
from weaklink.mitigation.wanted import wanted
from weaklink.network.dispatch import dispatch
from weaklink.report.formats import amount as in_words
from weaklink.result import Result, tabulated
from weaklink.study.reduce import Reduction, Wish, catalogue
from weaklink.study.reduce_setting import Setting, setting
from weaklink.study.reduce_told import provenance, seen
from weaklink.tables.reducing import GAINS, REGRET, YEARS

MOST_YEARS = 50
EXPECTED = Risk("expected")


def gains(answer: Reduction) -> Result:
    """What each country pays and gains: with shortage shared alike, in the scenario as it is likely.

    A measure at an asset is paid where the asset delivers to; one of a supplier shared by all is in the row `all`.
    """
    asked, amounts = answer.asked, answer.found.mix.amounts
    with_mix = acted(asked.likely, asked.whole, asked.actions, amounts)
    before = dispatch(asked.likely, "equal").unserved_by_node
    after = dispatch(with_mix, "equal").unserved_by_node
    by_itself = dispatch(asked.likely, "own-first").unserved_by_node
    paid = _paid(asked, amounts)
    rows = []
    for place, node in enumerate(asked.network.nodes):
        row = {
            "country": node,
            "label": asked.case.label(node),
            "cost": paid.get(node, 0.0),
            "before": before[place],
            "after": after[place],
            "gain": before[place] - after[place],
            "alone": _alone(asked, node, float(by_itself[place])),
        }
        if row["cost"] or row["before"] or row["after"]:
            rows.append(row)
    rows.sort(key=lambda row: (-float(str(row["gain"])), str(row["country"])))
    if "" in paid:
        rows.append(
            {
                "country": "all",
                "label": "shared by all",
                "cost": paid[""],
                **dict.fromkeys(("before", "after", "gain", "alone")),
            }
        )
    caveats = (
        "Losses here are those of the likely scenario, shared alike; `alone` makes up for what a country loses where "
        "each serves itself first, from the cheapest of its own measures, each unit of which is taken to save a unit.",
        *answer.mix.caveats,
    )
    return Result(GAINS, tabulated(GAINS, rows), caveats, answer.mix.provenance)


def years(answer: Reduction, yearly: float) -> Result:
    """In which order to do the mix with so much to spend each year: every year what lowers the mean loss most.

    What is done stays. Fixed costs fall in the year in which a measure begins. RequestError where the mix cannot be
    afforded within fifty years.
    """
    asked, final = answer.asked, answer.found.mix.amounts
    scenarios = answer.some
    done, rows, year = np.zeros(len(final)), [], 0
    while year < MOST_YEARS and total_cost(asked.options, final) - total_cost(asked.options, done) > 1e-6:
        year += 1
        options = tuple(
            replace(option, most=float(most), least=min(float(least), float(most)))
            for option, most, least in zip(asked.options, final, done, strict=True)
        )
        problem = Problem(options, scenarios.recourses, budget=year * yearly, minimise=EXPECTED)
        mix = optimal(problem, known=scenarios)
        now = np.maximum(mix.amounts, done)
        if total_cost(asked.options, now) <= total_cost(asked.options, done) + 1e-6:
            break
        rows += _added(asked.options, done, now, year, float(mix.losses.mean()))
        done = now
    left = total_cost(asked.options, final) - total_cost(asked.options, done)
    caveats = (
        f"Each year spends at most {yearly:,.0f}, and what earlier years left over, on what lowers the mean loss most.",
        *(
            ()
            if left < 1e-6
            else (f"{left:,.0f} of the mix is not begun: it lowers the mean loss no further.",)
        ),
        *answer.mix.caveats,
    )
    return Result(YEARS, tabulated(YEARS, rows), caveats, answer.mix.provenance)


def regret(wish: Wish, scenarios: Sequence[str], budget: float) -> Result:
    """What the mix made for each scenario loses in the others above the best that the same budget could do there.

    The targets of the wish only say whose demand is meant: of all, or of the best protected class.
    """
    targets, listed = [wanted(text) for text in wish.targets], catalogue(wish.measures)
    settings = {
        name: setting(name, listed, targets, costs=wish.costs, draws=wish.draws, seed=wish.seed)
        for name in scenarios
    }
    known: Mapping[str, Known] = {
        name: seen(one, one.some(range(len(one.winters)))) for name, one in settings.items()
    }
    best = {
        name: optimal(
            Problem(one.options, known[name].recourses, budget=budget, minimise=EXPECTED),
            known=known[name],
        )
        for name, one in settings.items()
    }
    rows = []
    for made, mix in best.items():
        for judged, one in settings.items():
            amounts = _same(settings[made], mix.amounts, one)
            loss = float(known[judged].at(amounts).mean())
            least = float(best[judged].losses.mean())
            rows.append(
                {
                    "mix": made,
                    "scenario": judged,
                    "cost": mix.cost,
                    "loss": loss,
                    "best": least,
                    "regret": max(0.0, loss - least),
                }
            )
    caveats = (
        f"Every mix spends at most {in_words(budget)}; losses are means by week over winters from mild to hard.",
        "The least of the greatest regrets names the mix that is safest against having prepared for another scenario.",
    )
    first = next(iter(settings.values()))
    source = provenance(first, targets, budget, wish.draws, wish.seed)
    return Result(REGRET, tabulated(REGRET, rows), caveats, source)


def _same(made: Setting, amounts: Figures, judged: Setting) -> Figures:
    """A mix made in one scenario as amounts of the options of another; what is not there cannot be used."""
    mine = {
        (option.measure, option.where): amount
        for option, amount in zip(made.options, amounts.tolist(), strict=True)
    }
    return np.array([min(mine.get((one.measure, one.where), 0.0), one.most) for one in judged.options])


def _paid(asked: Setting, amounts: Figures) -> dict[str, float]:
    """Cost of a mix by node; under the empty name what belongs to no node."""
    found: dict[str, float] = {}
    for option, action, amount in zip(asked.options, asked.actions, amounts.tolist(), strict=True):
        if option.used(amount):
            node = _node(asked, action.place)
            found[node] = found.get(node, 0.0) + option.cost(amount)
    return found


def _node(asked: Setting, place: str) -> str:
    if place in asked.network.nodes:
        return place
    links = {link.asset or link.name: link.destination for link in asked.network.links}
    entries = {entry.asset or entry.name: entry.node for entry in asked.network.entries}
    return {**links, **entries}.get(place, "")


def _alone(asked: Setting, node: str, missing: float) -> float | None:
    """What it costs a node to make up for what it misses by measures of its own, the cheapest first."""
    own = sorted(
        (option for option, action in zip(asked.options, asked.actions, strict=True) if action.place == node),
        key=lambda option: option.unit_cost,
    )
    cost = 0.0
    for option in own:
        amount = min(missing, option.most)
        cost += option.cost(amount)
        missing -= amount
    return cost if missing <= 1e-6 else None


def _added(
    options: Sequence[Option], done: Figures, now: Figures, year: int, expected: float
) -> list[dict[str, Any]]:
    return [
        {
            "year": year,
            "measure": option.measure,
            "where": option.where,
            "amount": after - before,
            "unit": option.unit,
            "cost": option.cost(after) - option.cost(before),
            "expected": expected,
        }
        for option, before, after in zip(options, done.tolist(), now.tolist(), strict=True)
        if option.used(after - before)
    ]
