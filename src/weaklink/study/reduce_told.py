"""How is a mix of measures told? Its rows, what was proven of it, what is robust, and what must be said with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from weaklink.mitigation.master import proposal
from weaklink.mitigation.measures import priced
from weaklink.mitigation.options import Option
from weaklink.mitigation.portfolio import Known
from weaklink.mitigation.problem import Problem
from weaklink.mitigation.wanted import Wanted
from weaklink.provenance import Card, Provenance
from weaklink.report.formats import amount
from weaklink.scenario.model import Figure, Spread
from weaklink.study.reduce_network import Solved
from weaklink.study.reduce_setting import NOTHING, Setting
from weaklink.version import VERSION

SEEN = 9  # winters, evenly over their severity, in which the effect of each measure is seen


def rows(asked: Setting, found: Solved, some: Known) -> list[dict[str, Any]]:
    """The mix, one row for each option that is used, the dearest first."""
    with_all = some.at(found.mix.amounts).mean()
    listed = []
    for place, (option, measure) in enumerate(zip(asked.options, asked.measures, strict=True)):
        much = float(found.mix.amounts[place])
        if not option.used(much):
            continue
        without = found.mix.amounts.copy()
        without[place] = option.least
        listed.append(
            {
                "measure": option.measure,
                "where": option.where,
                "label": asked.case.folder.labels.get(option.where, option.where),
                "amount": much,
                "unit": option.unit,
                "share_of_most": much / option.most,
                "cost": option.cost(much),
                "effect": max(0.0, float(some.at(without).mean() - with_all)),
                "effect_unit": asked.case.unit,
                "source": measure.source,
                "quality": measure.quality,
            }
        )
    return sorted(listed, key=lambda row: (-float(str(row["cost"])), str(row["measure"]), str(row["where"])))


def seen(asked: Setting, known: Known) -> Known:
    """Some winters, from the mildest to the hardest."""
    losses = known.at(np.zeros(len(asked.options)))[: len(asked.winters)]
    order = np.argsort(losses, kind="stable")
    places = np.unique(np.linspace(0, len(order) - 1, SEEN).round().astype(int))
    return asked.some(order[places])


def more(asked: Setting, found: Solved, known: Known) -> dict[str, Any]:
    """What JSON says besides the rows: the objective with its proof, prices, the replay, and what is robust."""
    mix, replay = found.mix, found.replay
    return {
        "objective": mix.cost,
        "bound": found.bound,
        "gap": found.gap,
        "duals": mix.prices,
        "loss": {
            "unit": asked.case.unit,
            "mean_by_week": float(mix.losses[: len(asked.winters)].mean()),
            "mean_by_day": float(replay.high.mean()),
            "demand": float(asked.demand.mean()),
        },
        "robust": robust(asked, found.problem, known),
    }


def robust(asked: Setting, problem: Problem, known: Known) -> dict[str, float]:
    """In which share of cost cases each measure belongs to the cheapest mix: all costs likely, and one at its end.

    As far as the planes known tell, without asking the winters again.
    """
    rate, listed = asked.catalogue.discount_rate, asked.catalogue.measure
    used = {measure.name: 0 for measure in asked.measures}
    worst = known.at(np.zeros(len(problem.options)))
    cases: list[dict[str, tuple[float, float]]] = [{}]
    for measure in listed:
        for end in ("low", "high"):
            figures = {
                name: _end(getattr(measure, name), end)
                for name in ("unit_cost", "capital_cost", "fixed_cost")
            }
            if measure.name in used and any(isinstance(getattr(measure, name), Spread) for name in figures):
                cases.append({measure.name: priced(measure.model_copy(update=figures), rate, {})})
    for case in cases:
        options = tuple(
            replace(option, unit_cost=case[option.measure][0], fixed_cost=case[option.measure][1])
            if option.measure in case
            else option
            for option in problem.options
        )
        amounts = proposal(replace(problem, options=options), known.planes, worst, 1e-3).amounts
        mine = {
            option.measure
            for option, amount in zip(options, amounts.tolist(), strict=True)
            if option.used(amount)
        }
        for name in mine:
            used[name] += 1
    return {name: count / len(cases) for name, count in used.items()}


def _end(figure: Figure | str, end: str) -> Figure | str:
    return getattr(figure, end) if isinstance(figure, Spread) else figure


def caveats(asked: Setting, found: Solved, known: Known) -> tuple[str, ...]:
    """What must be said with a mix."""
    unit, listed, count = asked.case.unit, asked.catalogue, len(asked.winters)
    before = float(known.at(np.zeros(len(asked.options)))[:count].mean())
    said = [
        f"The mix costs {amount(found.mix.cost)} {listed.money} {listed.currency} of {listed.prices_of}; none can cost "
        f"less than {amount(found.bound)} (gap {found.gap:.1%}).",
        f"In the mean of {count} {'winters' if count > 1 else 'winter'} at least {before:,.0f} {unit} go unserved "
        f"without it, and {found.replay.high.mean():,.0f} with it, replayed by day; all nodes of the network count.",
        f"Less than {NOTHING:.2%} of a winter's demand unserved counts as nothing.",
        "The plan knows each winter in advance, and countries share: less foresight or solidarity takes more measures.",
        "The effect of a measure is what more goes unserved without it, by week, in the mean of "
        f"{min(SEEN, count)} winters from the mildest to the hardest; effects of several do not add up.",
        "What costs are and how sure, each row says; give yours with --cost NAME=VALUE.",
    ]
    said += found.outages.sentences(unit)
    notes = {one.name: one.note for one in asked.measures if one.note}
    said += [f"{name}: {note}" for name, note in notes.items()]
    return (*said, *asked.case.folder.about.caveats)


def provenance(asked: Setting, targets: Sequence[Wanted], budget: float, draws: int, seed: int) -> Provenance:
    """How the answer can be made again."""
    scenario, listed = asked.case.scenario, asked.catalogue
    cards = [
        Card(
            scenario.name,
            scenario.title,
            scenario.source,
            "as its file",
            asked.case.folder.about.vintage,
            "",
            "a scenario file",
        ),
        Card(
            listed.name,
            listed.title,
            listed.source,
            "as its file",
            str(listed.prices_of),
            "",
            "a catalogue of measures",
        ),
    ]
    parameters = {
        "scenario": scenario.name,
        "measures": listed.name,
        "targets": "; ".join(one.text for one in targets),
        "budget": "none" if np.isinf(budget) else str(budget),
        "draws": str(draws),
        "seed": str(seed),
        **{f"cost of {option.measure}": f"{option.unit_cost:.6g}" for option in _first_of_each(asked)},
    }
    return Provenance(
        (asked.case.folder.card(), *cards), VERSION, parameters, {scenario.who: asked.case.scope}
    )


def _first_of_each(asked: Setting) -> Iterator[Option]:
    seen: set[str] = set()
    for option in asked.options:
        if option.measure not in seen:
            seen.add(option.measure)
            yield option
