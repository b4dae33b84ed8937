"""How is a risk rested on a figure, and its level on what the figure says?

A level that evidence gives is never typed: it is set with the figure, in one transaction, when the evidence is added
and whenever it is computed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from weaklink import register as room
from weaklink.errors import RegisterError
from weaklink.register import Entity, Event, Stamp
from weaklink.register.fields import Rules, checked
from weaklink.register.rating import RATES, Rating, bounds, rated, raters
from weaklink.register.risks import FORMS
from weaklink.result import Result
from weaklink.study.delivered import Delivered, of_risk
from weaklink.study.register_changes import changes, known_risk, put
from weaklink.study.register_evidence import asked, with_measures
from weaklink.study.registers import changed, viewed
from weaklink.version import VERSION


def linked(
    path: Path,
    stamp: Stamp,
    risk: str,
    id_: str,
    lens: str,
    question: Mapping[str, str],
    rating: Rating | None = None,
) -> Result:
    """Ask a lens and add its answer to a risk, as evidence; the marking is that of the risk.

    With a `rating` the figure gives a level of the risk. RegisterError where other evidence gives that level already.
    """
    view = viewed(path)
    owner = known_risk(next((one for one in view.of_kind("risk") if one.id == risk), None), risk)
    level = _level(view.of_kind("evidence"), view.rules, risk, rating)
    mix = mix_for(view.of_kind("treatment"), risk, question)
    answer = answered(lens, question, stamp, mix)
    values = {"risk": risk, "marking": owner.fields.get("marking"), **answer, **level}
    id_ = id_ or f"{risk}/{lens}"
    with changed(path) as (register, rules):
        events = [
            room.add(register, stamp, "evidence", id_, checked(FORMS["evidence"], id_, values, rules)),
            *rerated(register, stamp, rules, [risk]),
        ]
    return changes(events)


def _level(evidence: Iterable[Entity], rules: Rules, risk: str, rating: Rating | None) -> dict[str, str]:
    """The fields that say which level a figure gives; none where it gives none."""
    if rating is None:
        return {}
    if rating.rates not in RATES:
        raise RegisterError(f"rates is {rating.rates!r}: write {' or '.join(RATES)}, and its bounds.")
    bounds(rating.bounds, len(rules.scale.impact))
    if other := raters(evidence, risk).get(rating.rates):
        raise RegisterError(
            f"{rating.rates} of {risk} follows from evidence {other.id}. Refresh that, or take it out first: "
            f"weaklink register remove {other.id} --kind evidence"
        )
    return {"rates": rating.rates, "bounds": rating.bounds}


def mix_for(treatments: Iterable[Entity], risk: str, question: Mapping[str, str]) -> tuple[Delivered, ...]:
    """The measures with which a question is asked: what is delivered for the risk, where it says so; else none."""
    return of_risk(treatments, risk) if with_measures(question) else ()


def answered(
    lens: str, question: Mapping[str, str], stamp: Stamp, mix: tuple[Delivered, ...] = ()
) -> dict[str, Any]:
    """The answer of a lens as fields of evidence."""
    found = asked(lens, question, mix)
    return {
        "lens": lens,
        "question": dict(question),
        "figure": found.figure,
        "meaning": found.meaning,
        "unit": found.unit,
        "digest": found.digest,
        "vintages": dict(found.vintages),
        "code_version": VERSION,
        "computed_on": stamp.time[:10],
    }


def rerated(register: Connection, stamp: Stamp, rules: Rules, risks: Iterable[str]) -> list[Event]:
    """Set the levels that figures give, in a register that is open for writing; the changes that this makes.

    All levels of a risk move in one step, since a residual above the inherent level is refused.
    """
    evidence, steps, made = room.entities(register, "evidence"), len(rules.scale.impact), []
    for risk in dict.fromkeys(risks):
        found = {name: (one, rated(one, steps)) for name, one in raters(evidence, risk).items()}
        now = room.entity(register, "risk", risk)
        kept = now.fields if now is not None else {}
        levels = {name: level for name, (_, level) in found.items() if level not in (None, kept.get(name))}
        if not levels:
            continue
        why = "; ".join(
            f"{found[name][0].id} is {found[name][0].fields['figure']:.4g}, level {level} by its bounds"
            for name, level in levels.items()
        )
        reason = replace(stamp, why=f"{stamp.why + '; ' if stamp.why else ''}{why}")
        if event := put(register, reason, rules, ("risk", risk), levels):
            made.append(event)
    return made
