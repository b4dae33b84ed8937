"""How far is the support that was planned for partners: what is funded, what is done, what is late?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from weaklink import tomlfile
from weaklink.codes.countries import countries, name
from weaklink.data import ROOT
from weaklink.errors import Problem, SourceError
from weaklink.guidelines import library
from weaklink.guidelines.plans import Action, Goal, Plans
from weaklink.provenance import Provenance
from weaklink.report.plans_page import write_report
from weaklink.result import Result, tabulated
from weaklink.tables.guidelines import SUPPORT_PLANS
from weaklink.version import VERSION

EXAMPLE = ROOT / "plans" / "partners-example.toml"
FICTIONAL = "FICTIONAL: goals, amounts, owners and days of this file are invented."


def plans(path: Path | None, day: date) -> Result:
    """The actions of a file of plans as they stand on a day; None for the shipped, fictional example.

    Columns in `weaklink.tables.SUPPORT_PLANS`. Raises SourceError for a wrong file, and for a requirement or a
    partner that does not exist.

    >>> rows = plans(None, date(2023, 12, 1)).records()
    >>> [(row["partner"], row["state"]) for row in rows]
    [('BIH', 'late'), ('BIH', 'on course'), ('GEO', 'done'), ('MDA', 'late')]
    """
    source = path or EXAMPLE
    found = tomlfile.read(source, Plans)
    _refuse_unknown(found, source.name)
    rows = [row for plan in found.plan for row in _rows(plan.partner, plan.goal, day)]
    caveats = (
        *((FICTIONAL,) if found.fictional else ()),
        f"As of {day}. Scores are those that the plan states; `guidelines assess` computes them.",
    )
    parameters = {"title": found.title, "file": source.name, "day": day.isoformat()}
    return Result(SUPPORT_PLANS, tabulated(SUPPORT_PLANS, rows), caveats, Provenance((), VERSION, parameters))


def write(answer: Result, directory: Path) -> Path:
    """Write a page of plans into a directory; the path of the page."""
    return write_report(directory, answer)


def _rows(partner: str, goals: tuple[Goal, ...], day: date) -> Iterator[dict[str, Any]]:
    for goal in goals:
        for action in goal.action:
            yield _row(partner, goal, action, day)


def _row(partner: str, goal: Goal, action: Action, day: date) -> dict[str, Any]:
    coming = action.next_due()
    return {
        "partner": partner,
        "partner_name": name(partner),
        "goal": goal.text,
        "requirement": goal.requirement,
        "action": action.name,
        "owner": action.owner,
        "currency": action.currency,
        "needed": action.needed,
        "funded": action.funded,
        "spent": action.spent,
        "funding_gap": max(0, action.needed - action.funded),
        "milestones": len(action.milestone),
        "done": action.done,
        "progress": action.done / len(action.milestone),
        "overdue": len(action.overdue(day)),
        "next_due": f"{coming.text}, {coming.due}" if coming else "",
        "start_score": goal.start_score,
        "target_score": goal.target_score,
        "state": action.state(day),
    }


def _refuse_unknown(found: Plans, file: str) -> None:
    """SourceError for partners that are no country, and requirements that no shipped framework has."""
    known = {
        f"{framework.name}.{one.name}"
        for framework in library.shipped().values()
        for one in framework.requirement
    }
    problems = []
    for plan in found.plan:
        if plan.partner not in countries():
            problems.append(
                Problem(
                    file, None, "plan.partner", plan.partner, "a country's ISO3 code", "Correct it.", "key"
                )
            )
        problems += [
            Problem(
                file,
                None,
                "goal.requirement",
                goal.requirement,
                "framework.requirement of a shipped framework",
                "See `weaklink guidelines show FRAMEWORK`.",
                "key",
            )
            for goal in plan.goal
            if goal.requirement not in known
        ]
    if problems:
        raise SourceError(problems)
