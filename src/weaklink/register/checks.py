"""Which risks need somebody's attention: overdue, resting on stale evidence, or claimed to be lower than they are?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from weaklink.errors import WeaklinkError
from weaklink.register.events import Entity
from weaklink.register.rating import rated
from weaklink.register.risks import AXES

Inputs = Mapping[str, str]  # each source of an answer, with its release and digest
Problem = Literal[
    "overdue review",
    "no review date",
    "overdue treatment",
    "unknown measure",
    "stale evidence",
    "unchecked evidence",
    "level by hand",
    "no evidence",
    "unsupported residual",
]
LIVE = ("draft", "open", "accepted", None)  # states of a risk that is still looked after


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that somebody has to see to; `due` is empty where there is no day."""

    problem: Problem
    kind: str
    id: str
    risk: str
    owner: str
    due: str
    what: str


@dataclass(frozen=True, slots=True)
class Present:
    """What a register is held against: what evidence would rest on if it were computed now, and catalogues.

    `inputs` are those of evidence, asked again; `measures` the names in a catalogue. Both raise WeaklinkError where
    what they look for is not there. `levels` is how many steps of impact the scale has.
    """

    code_version: str
    levels: int
    inputs: Callable[[Entity], Inputs]
    measures: Callable[[str], Collection[str]]


def findings(rows: Iterable[Entity], today: date, present: Present) -> tuple[Finding, ...]:
    """Everything that somebody has to see to, of risks that are not closed, in the order of kinds of problems."""
    found = tuple(rows)
    risks = {one.id: one for one in found if one.kind == "risk" and one.fields.get("status") in LIVE}
    mine: dict[str, dict[str, list[Entity]]] = defaultdict(lambda: defaultdict(list))
    for one in found:
        if one.kind in ("treatment", "evidence") and one.fields.get("risk") in risks:
            mine[one.fields["risk"]][one.kind].append(one)
    said = [
        finding
        for risk in risks.values()
        for finding in (
            *_reviews(risk, today),
            *_treatments(risk, mine[risk.id]["treatment"], today),
            *_measures(risk, mine[risk.id]["treatment"], present),
            *_evidence(risk, mine[risk.id]["evidence"], present),
            *_levels(risk, mine[risk.id]["evidence"], present.levels),
            *_residual(risk, mine[risk.id]["treatment"]),
        )
    ]
    order = get_args(Problem)
    return tuple(sorted(said, key=lambda one: (order.index(one.problem), one.due, one.risk, one.id)))


def reasons(evidence: Entity, present: Present) -> list[str]:
    """Why a figure should be computed again, in words; nothing where all it rests on is as it was.

    Raises what the lens raises where its inputs are not there.
    """
    kept = evidence.fields.get("vintages", {})
    now = present.inputs(evidence)
    said = [
        f"{name} changed ({_short(kept[name])} → {_short(vintage)})"
        for name, vintage in now.items()
        if kept.get(name, vintage) != vintage
    ]
    said += [f"{name} is new" for name in now if name not in kept]
    said += [f"{name} is no longer used" for name in kept if name not in now]
    version = evidence.fields.get("code_version")
    if version != present.code_version:
        said.append(f"code changed ({version} → {present.code_version})")
    return said


def _reviews(risk: Entity, today: date) -> Iterator[Finding]:
    due = risk.fields.get("review_due")
    if due is None:
        yield _about(risk, risk, "no review date", "no day is set for a review: set review_due")
    elif due < today.isoformat():
        days = (today - date.fromisoformat(due)).days
        yield _about(risk, risk, "overdue review", f"the review is {days} days overdue", due)


def _treatments(risk: Entity, treatments: Iterable[Entity], today: date) -> Iterator[Finding]:
    for one in treatments:
        due = one.fields.get("due")
        if (
            due is not None
            and due < today.isoformat()
            and one.fields.get("status") not in ("delivered", "dropped")
        ):
            what = f"{one.fields['measure']} was to be delivered by {due}"
            yield _about(risk, one, "overdue treatment", what, due)


def _measures(risk: Entity, treatments: Iterable[Entity], present: Present) -> Iterator[Finding]:
    """Treatments whose catalogue does not have their measure, or is not there."""
    for one in treatments:
        catalogue, measure = one.fields.get("catalogue"), one.fields["measure"]
        if catalogue is None or one.fields.get("status") == "dropped":
            continue
        try:
            if measure not in present.measures(catalogue):
                yield _about(risk, one, "unknown measure", f"catalogue {catalogue} has no measure {measure}")
        except WeaklinkError as error:
            yield _about(risk, one, "unknown measure", f"cannot be looked up: {' '.join(str(error).split())}")


def _evidence(risk: Entity, evidence: Iterable[Entity], present: Present) -> Iterator[Finding]:
    none = True
    for one in evidence:
        none = False
        try:
            said = reasons(one, present)
        except WeaklinkError as error:
            yield _about(
                risk, one, "unchecked evidence", f"cannot be checked: {' '.join(str(error).split())}"
            )
            continue
        if said:
            yield _about(
                risk, one, "stale evidence", f"re-run: {'; '.join(said)}", one.fields.get("computed_on", "")
            )
    if none:
        yield _about(risk, risk, "no evidence", "it rests on no figure: weaklink register link adds one")


def _levels(risk: Entity, evidence: Iterable[Entity], levels: int) -> Iterator[Finding]:
    """Levels of a risk that are not what the figure gives that they rest on."""
    for one in evidence:
        name, computed = str(one.fields.get("rates")), rated(one, levels)
        if computed is not None and risk.fields.get(name) != computed:
            what = (
                f"{name} is {risk.fields.get(name)}, but the figure {one.fields['figure']:.4g} gives {computed}: "
                f"weaklink register refresh {one.id}"
            )
            yield _about(risk, one, "level by hand", what)


def _residual(risk: Entity, treatments: Iterable[Entity]) -> Iterator[Finding]:
    """A residual below the inherent level, on an axis that no delivered treatment lowers."""
    lowered = {one.fields.get("lowers") for one in treatments if one.fields.get("status") == "delivered"}
    for axis in AXES:
        inherent, residual = (risk.fields.get(f"{when}_{axis}") for when in ("inherent", "residual"))
        if inherent is None or residual is None or residual >= inherent or lowered & {axis, "both"}:
            continue
        what = f"residual {axis} {residual} is below inherent {inherent}, but no delivered measure lowers the {axis}"
        yield _about(risk, risk, "unsupported residual", what)


def _about(risk: Entity, one: Entity, problem: Problem, what: str, due: str = "") -> Finding:
    owner = one.fields.get("owner") or risk.fields.get("owner") or ""
    return Finding(problem, one.kind, one.id, risk.id, owner, due, what)


def _short(vintage: Any) -> str:  # noqa: ANN401 - text of a log
    """A vintage for reading: digests cut."""
    return " ".join(word[:12] + "…" if len(word) == 64 else word for word in str(vintage).split())
