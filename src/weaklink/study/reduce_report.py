"""What does a reader get who wants a mix of measures on a page?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from weaklink.report.formats import amount
from weaklink.report.reduce_answer import ReduceAnswer
from weaklink.report.reduce_page import write_report
from weaklink.result import Result, tabulated
from weaklink.sources.intake import Progress, silent
from weaklink.study.reduce import Reduction
from weaklink.study.reduce_gains import gains
from weaklink.tables.reducing import STEPS


def write(answer: Reduction, directory: Path, progress: Progress = silent) -> Path:
    """Work out who gains and what each measure adds, and write the page; the path of the page.

    Raises StoreError where the directory cannot be written to, or holds files that are not a report.
    """
    told = answer_of(answer)
    progress(1, 2)
    page = write_report(directory, told)
    progress(2, 2)
    return page


def answer_of(answer: Reduction) -> ReduceAnswer:
    """The answer as a report takes it."""
    steps = Result(STEPS, tabulated(STEPS, _steps(answer)), answer.mix.caveats, answer.mix.provenance)
    return _as_answer(answer, steps, gains(answer))


def _steps(answer: Reduction) -> list[dict[str, Any]]:
    """Measures added one after the other, each time the one that lowers the mean loss most for its cost."""
    asked, amounts = answer.asked, answer.found.mix.amounts
    some = answer.some
    left = {
        option.measure
        for option, amount in zip(asked.options, amounts.tolist(), strict=True)
        if option.used(amount)
    }
    there = np.zeros(len(amounts))
    loss = float(some.at(there).mean())
    rows = [{"measure": "nothing", "cost": 0.0, "loss": loss}]
    while left:
        tried = []
        for name in sorted(left):
            chosen = np.array([option.measure == name for option in asked.options])
            with_it = np.where(chosen, amounts, there)
            cost = sum(
                option.cost(amount)
                for option, amount, mine in zip(asked.options, amounts.tolist(), chosen, strict=True)
                if mine
            )
            after = float(some.at(with_it).mean())
            tried.append(((loss - after) / max(cost, 1e-9), name, cost, after, with_it))
        _, name, cost, loss, there = max(tried, key=lambda one: one[:2])
        rows.append({"measure": name, "cost": cost, "loss": loss})
        left.remove(name)
    return rows


def _as_answer(answer: Reduction, steps: Result, paid: Result) -> ReduceAnswer:
    asked, found = answer.asked, answer.found
    case, listed = asked.case, asked.catalogue
    money = f"{listed.money} {listed.currency} of {listed.prices_of}"
    parameters = answer.mix.provenance.parameters
    count = len(asked.winters)
    return ReduceAnswer(
        title=case.scenario.title,
        target=parameters["targets"],
        unit=case.unit,
        money=money,
        mix=answer.mix,
        steps=steps,
        frontier=answer.frontier,
        gains=paid,
        years=None,
        demand=dict(zip(asked.likely.nodes, asked.likely.demand_by_node.tolist(), strict=True)),
        places=case.folder.places,
        source=f"Source: {case.folder.about.source}; {case.folder.about.name}, {case.folder.about.vintage}. "
        f"Scenario: {case.scenario.name}; measures: {listed.name}.",
        command=_command(answer),
        headline=f"{parameters['targets']} is reached for {amount(found.mix.cost)} {money}; no mix of these measures "
        f"can cost less than {amount(found.bound)}. Kept in {count} {'winters' if count > 1 else 'winter'}, replayed "
        "by day.",
    )


def _command(answer: Reduction) -> str:
    asked = answer.mix.provenance.parameters
    words = ["weaklink", "reduce", asked["scenario"], "--measures", asked["measures"]]
    for target in asked["targets"].split("; "):
        words += ["--target", f'"{target}"']
    if asked["budget"] != "none":
        words += ["--budget", asked["budget"]]
    return " ".join([*words, "--draws", asked["draws"], "--seed", asked["seed"], "--report", "DIR"])
