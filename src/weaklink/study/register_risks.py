"""Which risks are there, what is said of one, and how did it come to be so?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from weaklink import tables
from weaklink.errors import RequestError
from weaklink.register import Entity, Event
from weaklink.register.fields import EXTRA, Rules
from weaklink.register.risks import FORMS
from weaklink.register.sharing import Policy
from weaklink.register.workbook import cell
from weaklink.result import Result
from weaklink.study.registers import EVERYTHING, View, viewed


def risks(path: Path, policy: Policy = EVERYTHING) -> Result:
    """The risks of a register, the worst first: by residual band, else the inherent one, then by levels and id."""
    return risks_of(viewed(path, policy))


def risks_of(view: View) -> Result:
    """The risks of a register that was read."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in view.share.entities:
        risk = str(one.fields.get("risk"))
        if one.kind == "treatment" and one.fields.get("status") != "dropped":
            counts[risk, "treatments"] += 1
            counts[risk, "delivered"] += one.fields.get("status") == "delivered"
        elif one.kind == "evidence":
            counts[risk, "evidence"] += 1
    rows = [_risk(one, view.rules, counts) for one in view.of_kind("risk")]
    bands = view.rules.scale.matrix.bands
    return view.answer(tables.RISKS, sorted(rows, key=lambda row: _rank(row, bands)))


def _risk(one: Entity, rules: Rules, counts: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    row = {name: one.fields.get(name) for name in tables.RISKS.names}
    for when in ("inherent", "residual"):
        likelihood, impact = (row[f"{when}_{axis}"] for axis in ("likelihood", "impact"))
        known = isinstance(likelihood, int) and isinstance(impact, int)  # not where a copy has them as bands
        row[f"{when}_band"] = rules.scale.band(likelihood, impact) if known else None
        row |= {
            f"{when}_{axis}": row[f"{when}_{axis}"] if known else None for axis in ("likelihood", "impact")
        }
    numbers = {name: counts[one.id, name] for name in ("treatments", "delivered", "evidence")}
    return {**row, "id": one.id, "version": one.version, **numbers}


def _rank(row: Mapping[str, Any], bands: Sequence[str]) -> tuple[int, int, str]:
    band = row["residual_band"] or row["inherent_band"]
    levels = [
        row[f"{when}_{axis}"] or 0 for when in ("residual", "inherent") for axis in ("likelihood", "impact")
    ]
    return (-bands.index(band) if band in bands else 1, -sum(levels), row["id"])


def shown(path: Path, id_: str, policy: Policy = EVERYTHING) -> Result:
    """Every field of a risk, of its treatments and evidence, and the risks that depend on it."""
    view = viewed(path, policy)
    mine = [
        one
        for kind in FORMS
        for one in view.of_kind(kind)
        if (kind, one.id) == ("risk", id_) or (kind != "risk" and one.fields.get("risk") == id_)
    ]
    if not any(one.kind == "risk" for one in mine):
        raise RequestError(f"there is no risk {id_!r} to see. `weaklink register list` shows what there is.")
    rows = [row for one in mine for row in _fields(one)]
    after = [one.id for one in view.of_kind("risk") if id_ in one.fields.get("upstream", ())]
    rows += [
        _field("risk", id_, "downstream", one, "a risk that this one brings about or makes worse")
        for one in after
    ]
    return view.answer(tables.RISK_FIELDS, rows)


def _fields(one: Entity) -> Iterator[dict[str, Any]]:
    form = FORMS[one.kind]
    yield _field(
        one.kind, one.id, "version", one.version, "how often it has been changed, its beginning included"
    )
    for field in form.fields:
        if field.name in one.fields:
            yield _field(one.kind, one.id, field.name, one.fields[field.name], field.meaning)
    for name in sorted(name for name in one.fields if name.startswith(EXTRA)):
        yield _field(one.kind, one.id, name, one.fields[name], "a field of your own")


def _field(kind: str, id_: str, name: str, value: Any, meaning: str) -> dict[str, Any]:  # noqa: ANN401 - of any kind
    return {"kind": kind, "id": id_, "field": name, "value": text(value), "meaning": meaning}


def history(path: Path, id_: str = "", policy: Policy = EVERYTHING) -> Result:
    """What was changed, by whom, when and why: of one row and those that belong to it, or of all."""
    view = viewed(path, policy)
    events = view.share.events
    if id_:
        mine = {(one.kind, one.id) for one in view.share.entities if one.fields.get("risk") == id_}
        events = tuple(one for one in events if one.entity == id_ or (one.kind, one.entity) in mine)
        if not events:
            raise RequestError(
                f"there is nothing of {id_!r} to see. `weaklink register list` shows what there is."
            )
    return view.answer(tables.RISK_HISTORY, lines(events))


def lines(events: Iterable[Event]) -> Iterator[dict[str, Any]]:
    """Events as rows of a history: one for each field that changed."""
    for event in events:
        for name in sorted(event.before.keys() | event.after.keys()) or [""]:
            yield {
                "number": event.number,
                "time": event.time,
                "who": event.who,
                "kind": event.kind,
                "id": event.entity,
                "version": event.version,
                "action": event.action,
                "field": name,
                "before": text(event.before.get(name)),
                "after": text(event.after.get(name)),
                "why": event.why,
            }


def text(value: Any) -> str | None:  # noqa: ANN401 - of any kind
    """A value as words; None where there is none."""
    found = cell(value)
    return None if found is None else str(found)
