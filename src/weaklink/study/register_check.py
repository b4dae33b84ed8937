"""Which risks need somebody's attention today, and what do the figures that they rest on say now?"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from weaklink import register as room
from weaklink import tables
from weaklink.data import ROOT
from weaklink.errors import RequestError, WeaklinkError
from weaklink.register import Entity, Stamp
from weaklink.register.checks import Present, findings, reasons
from weaklink.result import Result
from weaklink.sources.intake import Progress, silent
from weaklink.study.register_changes import answered, put
from weaklink.study.register_evidence import inputs
from weaklink.study.registers import EVERYTHING, View, changed, viewed
from weaklink.version import VERSION


def checked(path: Path, today: date) -> Result:
    """Overdue reviews and treatments, stale evidence, residuals that no delivered measure supports."""
    return checks_of(viewed(path), today)


def checks_of(view: View, today: date) -> Result:
    """What is to be seen to in a register that was read."""
    found = findings(view.share.entities, today, now())
    caveats = (
        f"Looked at on {today}; risks that are closed are left out.",
        "A residual counts as supported on an axis where a treatment of the risk that is delivered lowers that axis; "
        "a control that was there before is entered as a delivered treatment.",
    )
    answer = view.answer(tables.RISK_CHECKS, [asdict(one) for one in found])
    return replace(answer, caveats=caveats)


def now() -> Present:
    """What evidence would rest on now; each question is looked up once, also where its answer is an error."""

    @cache
    def looked_up(lens: str, question: tuple[tuple[str, str], ...]) -> Mapping[str, str] | WeaklinkError:
        try:
            return inputs(lens, dict(question))
        except WeaklinkError as error:
            return error

    def found(lens: str, question: Mapping[str, str]) -> Mapping[str, str]:
        answer = looked_up(lens, tuple(sorted(question.items())))
        if isinstance(answer, WeaklinkError):
            raise answer
        return answer

    return Present(VERSION, found, measures)


@cache
def measures(catalogue: str) -> frozenset[str]:
    """Names and titles of the measures in a catalogue: a file, or one that the product carries, by name.

    RequestError where there is none, or it has no measures.
    """
    path = Path(catalogue)
    if not path.is_file():
        path = ROOT / "measures" / f"{path.stem}.toml"
    try:
        listed = tomllib.loads(path.read_text(encoding="utf-8"))["measure"]
        return frozenset(str(one[key]) for one in listed for key in ("name", "title") if key in one)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RequestError(
            f"{catalogue} is no catalogue of measures. Check the path, or the file."
        ) from error


def states(view: View) -> dict[str, str]:
    """For each evidence of a view: current, stale, or unchecked where what it rests on is not there."""
    present = now()
    found = {}
    for one in view.of_kind("evidence"):
        try:
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

    Figures are computed before anything is written, then written in one transaction. ConflictError where somebody
    has changed one of them meanwhile. RequestError for an id that is no evidence.
    """
    view = viewed(path, EVERYTHING)
    evidence = {one.id: one for one in view.of_kind("evidence")}
    unknown = [id_ for id_ in ids if id_ not in evidence]
    if unknown:
        known = ", ".join(sorted(evidence)[:10]) or "none"
        raise RequestError(f"no evidence {', '.join(unknown)}. There is: {known}.")
    present = now()
    chosen = [evidence[id_] for id_ in ids] if ids else list(evidence.values())
    reasoned = [(one, "; ".join(reasons(one, present))) for one in chosen]
    if not ids and not everything:
        reasoned = [(one, why) for one, why in reasoned if why]
    asked_again = []
    for place, (one, why) in enumerate(reasoned):
        again = answered(one.fields["lens"], one.fields["question"], stamp)
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
