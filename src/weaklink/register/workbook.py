"""What does a register look like as sheets of cells? One row for each entity, with the version that it had.

Sheets are plain values here; they become a file elsewhere. The same log, event and policy give the same cells, so that
an import can tell what was edited: whatever differs from the sheets as they were given out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from weaklink.register.events import Entity, Event
from weaklink.register.fields import EXTRA, Cell, Field, Form, Rules
from weaklink.register.redaction import Group, Redaction, dropped, summed_up
from weaklink.register.risks import AXES, FORMS
from weaklink.register.sharing import Policy, Share

ABOUT, HISTORY, SUMMARY = "About", "History", "Summary"
MOST_EXACT = 10**15  # a workbook keeps fifteen digits; a longer whole number is written as text

ID = Field("id", "text", "what the row is called; it never changes", required=True)
VERSION = Field(
    "version", "integer", "version of the row when it was given out; leave it, or the row is refused"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column: its name, the note beside it, and what may be chosen in it."""

    name: str
    note: str
    choices: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: headings, and rows of as many cells."""

    title: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class GivenOut:
    """What a workbook says of itself: the register and event that it shows, and for whom."""

    token: str
    number: int
    policy: Policy


def sheets(share: Share, rules: Rules, policy: Policy) -> tuple[Sheet, ...]:
    """The sheets of rows that may be edited and read back; a kind that is shown in groups only has none."""
    return tuple(
        _rows_of(form, [one for one in share.entities if one.kind == kind], rules, policy.redaction)
        for kind, form in FORMS.items()
        if summed_up(kind, policy.redaction) is None
    )


def further(share: Share, *, history: bool) -> tuple[Sheet, ...]:
    """The sheets that are only read: rows in groups, and the history where it is wanted."""
    found = [_summary(share.groups)] if share.groups else []
    return (*found, *([_history(share.events)] if history else []))


def about(given: GivenOut, rules: Rules, removed: Sequence[str]) -> Sheet:
    """The sheet that says what the workbook is, what was removed, and what levels mean."""
    said: list[tuple[str, Cell]] = [
        ("register", given.token),
        ("event", given.number),
        ("level", given.policy.level or None),
        ("redaction", given.policy.redaction.model_dump_json() if given.policy.redaction.rule else None),
        (
            "scale",
            f"{rules.scale.title}. {rules.scale.source} Likelihoods are meant for {rules.scale.horizon}.",
        ),
        ("markings", f"{rules.markings.title}, from the lowest: {', '.join(rules.markings.names)}."),
    ]
    said += [("removed", sentence) for sentence in removed]
    said += [
        (
            "how to edit",
            "Change cells, add rows with an id of their own and no version, add columns of your own.",
        ),
        ("how to edit", "A row that is taken out is not removed from the register; formulas are refused."),
        (
            "how to read back",
            "weaklink register import FILE shows what would be changed; --apply changes it.",
        ),
    ]
    said += [
        (f"{axis} {one.level}", f"{one.label}. {one.meaning}".rstrip(". ") + ".")
        for axis in AXES
        for one in rules.scale.levels(axis)
    ]
    headings = (Heading("what", "what is said"), Heading("said", ""))
    return Sheet(ABOUT, headings, tuple(said))


def cell(value: Any) -> Cell:  # noqa: ANN401 - of any declared kind
    """A value of the log as a cell.

    >>> cell(["R-1", "R-2"]), cell({"date": "2026-11-25"}), cell(10**18)
    ('R-1; R-2', datetime.date(2026, 11, 25), '1000000000000000000')
    """
    if isinstance(value, Mapping):
        return _of_mapping(value)
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value)) or None
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= MOST_EXACT:
        return str(value)
    found: Cell = fifteen_digits(value) if isinstance(value, float) else value
    return found


def _of_mapping(value: Mapping[str, Any]) -> Cell:
    """A day or a time that a column of the user's own holds; else words with their values."""
    if value.keys() == {"date"}:
        return date.fromisoformat(value["date"])
    if value.keys() == {"datetime"}:
        return datetime.fromisoformat(value["datetime"])
    return "; ".join(f"{key} = {word}" for key, word in sorted(value.items())) or None


def fifteen_digits(number: float) -> float:
    """A number as a workbook keeps it.

    >>> fifteen_digits(0.1 + 0.2)
    0.3
    """
    return float(f"{number:.15g}")


def shown(field: Field | None, value: Any) -> Cell:  # noqa: ANN401 - of any declared kind
    """A value of one field as a cell: days are days, unless they were made coarser."""
    if field is not None and field.kind == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return cell(value)


def names_of(form: Form, rows: Iterable[Entity], redaction: Redaction) -> tuple[str, ...]:
    """The fields that a sheet has columns for: those of the form, then those of the user's own."""
    gone = dropped(form.kind, redaction)
    own = {name for one in rows for name in one.fields if name.startswith(EXTRA)}
    return (*(field.name for field in form.fields if field.name not in gone), *sorted(own))


def _rows_of(form: Form, rows: Sequence[Entity], rules: Rules, redaction: Redaction) -> Sheet:
    names = names_of(form, rows, redaction)
    headings = [Heading(ID.name, ID.meaning), Heading(VERSION.name, VERSION.meaning)]
    headings += [_heading(form, name, rules) for name in names]
    cells = tuple(
        (one.id, one.version, *(shown(form.field(name), one.fields.get(name)) for name in names))
        for one in rows
    )
    return Sheet(form.title, tuple(headings), cells)


def _heading(form: Form, name: str, rules: Rules) -> Heading:
    field = form.field(name)
    if field is None:
        return Heading(name.removeprefix(EXTRA), "a column of your own")
    note = field.meaning + (" (computed: edits are refused)" if field.computed else "")
    if field.axis is not None:
        levels = rules.scale.levels(field.axis)
        listed = "\n".join(f"{one.level} {one.label}" for one in levels)
        return Heading(name, f"{note}\n{listed}", tuple(one.level for one in levels))
    choices = rules.markings.names if field.kind == "marking" else field.choices
    return Heading(name, note, choices)


def _history(events: Sequence[Event]) -> Sheet:
    headings = (
        Heading("number", "order of the changes"),
        Heading("time", "UTC"),
        Heading("who", ""),
        Heading("why", ""),
        Heading("kind", ""),
        Heading("id", ""),
        Heading("version", "version of the row after the change"),
        Heading("action", ""),
        Heading("field", ""),
        Heading("before", ""),
        Heading("after", ""),
    )
    rows = tuple(
        (
            *_of_event(event),
            name.removeprefix(EXTRA),
            cell(event.before.get(name)),
            cell(event.after.get(name)),
        )
        for event in events
        for name in _told(event)
    )
    return Sheet(HISTORY, headings, rows)


def _told(event: Event) -> list[str]:
    """The fields that a history tells of: of a row that was added its name, since what stood in it shows later on."""
    names = sorted(event.before.keys() | event.after.keys())
    if event.action == "add":
        return [name for name in ("title", "measure", "lens") if name in names] or [""]
    return names


def _of_event(event: Event) -> tuple[Cell, ...]:
    who_and_why = event.who or None, event.why or None
    return (event.number, event.time, *who_and_why, event.kind, event.entity, event.version, event.action)


def _summary(groups: Sequence[Group]) -> Sheet:
    headings = (
        Heading("kind", ""),
        Heading("by", "the field that makes the groups"),
        Heading("value", ""),
        Heading("rows", "how many; empty where too few to be told"),
        Heading("field", "what is added up"),
        Heading("total", ""),
    )
    rows = tuple((one.kind, one.by, one.value, one.rows, one.field or None, one.total) for one in groups)
    return Sheet(SUMMARY, headings, rows)
