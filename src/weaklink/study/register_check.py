"""Which risks need somebody's attention today, and what do the figures that they rest on say now?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from weaklink import register as room
from weaklink import tables
from weaklink.errors import RequestError, WeaklinkError
from weaklink.register import Entity, Stamp
from weaklink.register.checks import Present, findings, reasons
from weaklink.result import Result
from weaklink.sources.intake import Progress, silent
from weaklink.study.delivered import Delivered
from weaklink.study.reduce import catalogue
from weaklink.study.register_changes import put
from weaklink.study.register_evidence import inputs, with_measures
from weaklink.study.register_links import answered, mix_for, rerated
from weaklink.study.registers import EVERYTHING, View, changed, viewed
from weaklink.version import VERSION


def checked(path: Path, today: date) -> Result:
    """Overdue reviews and treatments, stale evidence, residuals that no delivered measure supports."""
    return checks_of(viewed(path), today)


def checks_of(view: View, today: date) -> Result:
    """What is to be seen to in a register that was read."""
    found = findings(view.share.entities, today, now(view))
    caveats = (
        f"Looked at on {today}; risks that are closed are left out.",
        "A residual counts as supported on an axis where a treatment of the risk that is delivered lowers that axis; "
        "a control that was there before is entered as a delivered treatment.",
    )
    answer = view.answer(tables.RISK_CHECKS, [asdict(one) for one in found])
    return replace(answer, caveats=caveats)


def now(view: View) -> Present:
    """What evidence would rest on now; each question is looked up once, also where its answer is an error."""
    treatments = view.of_kind("treatment")

    @cache
    def looked_up(
        lens: str, question: tuple[tuple[str, str], ...], mix: tuple[Delivered, ...]
    ) -> Mapping[str, str] | WeaklinkError:
        try:
            return inputs(lens, dict(question), mix)
        except WeaklinkError as error:
            return error

    def found(evidence: Entity) -> Mapping[str, str]:
        question = evidence.fields["question"]
        mix = mix_for(treatments, evidence.fields["risk"], question)
        answer = looked_up(evidence.fields["lens"], tuple(sorted(question.items())), mix)
        if isinstance(answer, WeaklinkError):
            raise answer
        return answer

    return Present(VERSION, len(view.rules.scale.impact), found, cache(measures))


def measures(listed: str) -> frozenset[str]:
    """Names and titles of the measures in a catalogue: a file, or one that the product carries, by name.

    Raises RequestError where there is none, SourceError for a file that is no catalogue.
    """
    return frozenset(word for one in catalogue(listed).measure for word in (one.name, one.title))


def states(view: View) -> dict[str, str]:
    """For each evidence of a view: current, stale, or unchecked where what it rests on is not there.

    Of a copy for others nothing is said that hangs on treatments, which it may lack or show less exactly.
    """
    present = now(view)
    found = {}
    for one in view.of_kind("evidence"):
        try:
            if view.policy != EVERYTHING and with_measures(one.fields["question"]):
                found[one.id] = "unchecked"
                continue
            found[one.id] = "stale" if reasons(one, present) else "current"
        except (WeaklinkError, KeyError):  # a copy for others may lack the question
            found[one.id] = "unchecked"
    return found


def refreshed(
    path: Path,
    stamp: Stamp,
    ids: Sequence[str] = (),
    *,
    everything: bool = False,
    progress: Progress = silent,
) -> Result:
    """Compute figures again, and record each with how far it moved: those named, the stale ones, or all.

    Levels of risks that follow from the figures move with them.

    Figures are computed before anything is written, then written in one transaction. ConflictError where somebody
    has changed one of them meanwhile. RequestError for an id that is no evidence.
    """
    view = viewed(path, EVERYTHING)
    evidence = {one.id: one for one in view.of_kind("evidence")}
    unknown = [id_ for id_ in ids if id_ not in evidence]
    if unknown:
        known = ", ".join(sorted(evidence)[:10]) or "none"
        raise RequestError(f"no evidence {', '.join(unknown)}. There is: {known}.")
    present, treatments = now(view), view.of_kind("treatment")
    chosen = [evidence[id_] for id_ in ids] if ids else list(evidence.values())
    reasoned = [(one, "; ".join(reasons(one, present))) for one in chosen]
    if not ids and not everything:
        reasoned = [(one, why) for one, why in reasoned if why]
    asked_again = []
    for place, (one, why) in enumerate(reasoned):
        question = one.fields["question"]
        again = answered(
            one.fields["lens"], question, stamp, mix_for(treatments, one.fields["risk"], question)
        )
        asked_again.append((one, again, why or "asked for"))
        progress(place + 1, len(reasoned))
    with changed(path) as (register, rules):
        for one, again, why in asked_again:
            present_one = room.entity(register, "evidence", one.id)
            if present_one is None or present_one.version != one.version:
                room.change(
                    register, stamp, "evidence", one.id, again, expected=one.version
                )  # says the conflict
            said = f"{stamp.why + '; ' if stamp.why else ''}refreshed: {why}"
            put(register, replace(stamp, why=said), rules, ("evidence", one.id), again)
        rerated(register, stamp, rules, [one.fields["risk"] for one, _, _ in asked_again])
    return view.answer(tables.RISK_REFRESH, [_moved(one, again, why) for one, again, why in asked_again])


def _moved(one: Entity, again: Mapping[str, Any], why: str) -> dict[str, Any]:
    before, after = one.fields.get("figure"), again["figure"]
    return {
        "id": one.id,
        "risk": one.fields["risk"],
        "lens": one.fields["lens"],
        "before": before,
        "after": after,
        "difference": None if before is None or after is None else after - before,
        "unit": again["unit"],
        "digest": "same" if one.fields.get("digest") == again["digest"] else "other",
        "why": why,
    }
