"""What would an edited workbook change? Told row by row, before anything is written.

The sheets are made once more as they were given out; what differs from them is an edit. Each edit is then held
against the present: a field that somebody else has changed meanwhile is a conflict, one that only the workbook has
changed is a change, and what cannot be read, may not be changed or was made coarser is refused. A row with a conflict
or a refusal is left alone as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from weaklink.errors import RegisterError
from weaklink.register.events import Entity, Event, Key, id_problem, replayed
from weaklink.register.fields import EXTRA, Cell, Form, Rules, checked, read
from weaklink.register.risks import FORMS, named
from weaklink.register.sharing import Policy, shared
from weaklink.register.workbook import ID, VERSION, fifteen_digits, shown

Verdict = Literal["added", "changed", "conflicting", "refused"]


@dataclass(frozen=True, slots=True)
class Incoming:
    """A sheet as it came back: names of the columns, rows with their numbers in the sheet, cells with formulas."""

    title: str
    names: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    formulas: frozenset[tuple[int, int]] = frozenset()  # row number in the sheet, place of the column from 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a plan: what becomes of one cell, or of a whole row where `name` is empty."""

    sheet: str
    row: int
    id: str
    verdict: Verdict
    name: str = ""
    before: Cell = None
    after: Cell = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Write:
    """One change that a plan makes: of an entity at a version, or a new one where it has none."""

    kind: str
    id: str
    version: int | None
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be written, and what would not."""

    lines: tuple[Line, ...]
    writes: tuple[Write, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing is left out."""
        return all(line.verdict in ("added", "changed") for line in self.lines)


@dataclass(frozen=True, slots=True)
class Basis:
    """What edits are held against: the rows as they were, as they were shown, and as they are now."""

    rules: Rules
    then: Mapping[Key, Entity]
    shown: Mapping[Key, Entity]
    now: Mapping[Key, Entity]


def basis(log: Sequence[Event], number: int, policy: Policy, rules: Rules) -> Basis:
    """The basis for a workbook that was given out after event `number`, for a policy; 0 for one of a user's own."""
    before = [event for event in log if event.number <= number]
    share = shared(before, rules.markings, policy)
    return Basis(rules, replayed(before), {(one.kind, one.id): one for one in share.entities}, replayed(log))


def plan(incoming: Sequence[Incoming], against: Basis) -> Plan:
    """What becomes of every row of the sheets that came back."""
    forms = {form.title: form for form in FORMS.values()}
    rows = [row for sheet in incoming if sheet.title in forms for row in _rows(sheet, forms[sheet.title])]
    judged = [(row, *_judged(row, against)) for row in rows]
    known = against.now.keys() | {(write.kind, write.id) for _, _, write in judged if write is not None}
    while True:  # a row that is refused for the ids it names may have been named by another
        refused = {
            place: line
            for place, (row, _, write) in enumerate(judged)
            if (line := _astray(row, write, known))
        }
        if not refused:
            break
        for place, line in refused.items():
            row, _, write = judged[place]
            judged[place] = (row, [line], None)
            if write is not None and write.version is None:
                known -= {(write.kind, write.id)}
    lines = tuple(line for _, found, _ in judged for line in found)
    return Plan(lines, tuple(write for _, _, write in judged if write is not None))


@dataclass(slots=True)
class _Row:
    """A row that came back, by the names of its fields."""

    sheet: str
    form: Form
    number: int
    id: str
    version: Cell
    cells: Mapping[str, Cell]
    wrong: list[tuple[str, Cell, str]] = field(default_factory=list)  # name, what stood there, reason

    def line(
        self, verdict: Verdict, name: str = "", before: Cell = None, after: Cell = None, reason: str = ""
    ) -> Line:
        return Line(
            self.sheet, self.number, self.id, verdict, name.removeprefix(EXTRA), before, after, reason
        )


def _rows(sheet: Incoming, form: Form) -> Iterator[_Row]:
    """The rows of a sheet that have anything in them; what is wrong with their form is noted."""
    names = [_field_name(form, name) for name in sheet.names]
    repeated = {name for name, count in Counter(names).items() if name and count > 1}
    ids = Counter(
        _text(cell)
        for _, cells in sheet.rows
        for name, cell in zip(names, cells, strict=True)
        if name == ID.name
    )
    for number, cells in sheet.rows:
        if all(cell is None for cell in cells):
            continue
        named = {name: cell for name, cell in zip(names, cells, strict=True) if name}
        row = _Row(
            sheet.title, form, number, _text(named.pop(ID.name, None)), named.pop(VERSION.name, None), named
        )
        for place, (name, cell) in enumerate(zip(names, cells, strict=True)):
            if (number, place) in sheet.formulas:
                row.wrong.append((name, cell, "a formula; put its value there instead"))
            elif not name and cell is not None:
                row.wrong.append(("", cell, f"column {place + 1} has no name in the first row"))
        if not row.id:
            row.wrong.append((ID.name, None, "the row has no id; give it one of its own"))
        elif problem := id_problem(row.id):
            row.wrong.append((ID.name, row.id, problem))
        elif ids[row.id] > 1:
            row.wrong.append((ID.name, row.id, "the id stands in several rows"))
        row.wrong += [(name, None, "two columns have this name") for name in sorted(repeated)]
        yield row


def _judged(row: _Row, against: Basis) -> tuple[list[Line], Write | None]:
    if row.wrong:
        return [row.line("refused", name, None, cell, reason) for name, cell, reason in row.wrong], None
    key = row.form.kind, row.id
    if row.version is None:
        return _new(row, key, against)
    then, now = against.then.get(key), against.now.get(key)
    if key not in against.shown or then is None or row.version != then.version:
        reason = "the version is not the one that was given out; leave it, or leave it out for a new row"
        return [
            row.line("refused", VERSION.name, None if then is None else then.version, row.version, reason)
        ], None
    return _edited(row, then, against.shown[key], now, against.rules)


def _astray(row: _Row, write: Write | None, known: Set[Key]) -> Line | None:
    """Why a row cannot be written because of the ids that it names; None where it can."""
    for one in row.form.fields if write is not None else ():
        for id_ in named(write.fields.get(one.name)) if one.refers and write is not None else ():
            if (one.refers, id_) not in known or (one.refers, id_) == (row.form.kind, row.id):
                return row.line("refused", one.name, None, id_, f"there is no such {one.refers} beside it")
    return None


def _new(row: _Row, key: Key, against: Basis) -> tuple[list[Line], Write | None]:
    """A row without a version: a new entity, if its id is free."""
    if key in against.now:
        return [row.line("conflicting", ID.name, None, row.id, "the id is in the register already")], None
    given = {name: cell for name, cell in row.cells.items() if cell is not None}
    refused = [
        row.line("refused", name, None, cell, "it is computed; weaklink register link adds evidence")
        for name, cell in given.items()
        if (one := row.form.field(name)) is not None and one.computed
    ]
    if refused:
        return refused, None
    try:
        fields = checked(row.form, row.id, given, against.rules)
    except RegisterError as error:
        return [row.line("refused", reason=_one_line(error))], None
    return [row.line("added", after=cell_of_title(fields))], Write(row.form.kind, row.id, None, fields)


def _edited(
    row: _Row, then: Entity, given_out: Entity, now: Entity | None, rules: Rules
) -> tuple[list[Line], Write | None]:
    """A row that was given out: each cell against what it was, what it was shown as, and what it is now."""
    lines: list[Line] = []
    changed: dict[str, Any] = {}
    for name, cell in row.cells.items():
        old = shown(row.form.field(name), given_out.fields.get(name))
        if _same(cell, old):
            continue
        found, wrong = read(row.form, {name: cell}, rules)
        value = found.get(name)
        reason = wrong[0] if wrong else _not_allowed(row.form, name, then, given_out)
        if reason:
            lines.append(row.line("refused", name, old, cell, reason))
        elif now is None:
            lines.append(row.line("conflicting", name, old, cell, "the row was removed meanwhile"))
        elif now.fields.get(name) == value:
            continue  # others have made the same change, or it is written differently only
        elif now.fields.get(name) != then.fields.get(name):
            theirs = shown(row.form.field(name), now.fields.get(name))
            lines.append(
                row.line("conflicting", name, old, cell, f"others have changed it meanwhile to {theirs!s}")
            )
        else:
            lines.append(row.line("changed", name, old, cell))
            changed[name] = value
    if now is None or not changed or any(line.verdict != "changed" for line in lines):
        return lines, None
    try:
        checked(row.form, row.id, {**now.fields, **changed}, rules)
    except RegisterError as error:
        return [row.line("refused", reason=_one_line(error))], None
    return lines, Write(row.form.kind, row.id, now.version, changed)


def _not_allowed(form: Form, name: str, then: Entity, given_out: Entity) -> str:
    """Why a field may not be edited in this workbook; nothing where it may."""
    one = form.field(name)
    if one is not None and one.computed:
        return "it is computed; weaklink register refresh computes it again"
    if then.fields.get(name) != given_out.fields.get(name):
        return "it was made coarser or withheld in this workbook; edit it in a full one"
    return ""


def cell_of_title(fields: Mapping[str, Any]) -> Cell:
    """What a new row is called, for the plan."""
    title = fields.get("title") or fields.get("measure") or ""
    return str(title)


def _field_name(form: Form, heading: str) -> str:
    """The name of the field that a column is for: one of the form, or one of the user's own."""
    name = heading.strip()
    if not name or name in (ID.name, VERSION.name) or form.field(name) is not None:
        return name
    return EXTRA + heading


def _same(one: Cell, other: Cell) -> bool:
    """Whether two cells hold the same; a day is the same as its midnight, 1 as 1.0, but not as True or '1'."""
    return one is other or (type(one) is type(other) and one == other) or _plain(one) == _plain(other)


def _plain(cell: Cell) -> tuple[str, Cell]:
    if isinstance(cell, datetime) and cell == datetime(cell.year, cell.month, cell.day):
        cell = cell.date()
    if isinstance(cell, str):
        cell = cell.replace("\r\n", "\n").replace("\r", "\n") or None
    if isinstance(cell, float):
        cell = fifteen_digits(cell)
    kind = "number" if isinstance(cell, int | float) and not isinstance(cell, bool) else type(cell).__name__
    return kind, cell


def _text(cell: Cell) -> str:
    """An id as text; a workbook may have made a number of it."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell.isoformat() if isinstance(cell, date) else cell).strip()


def _one_line(error: RegisterError) -> str:
    return "; ".join(line.strip() for line in str(error).splitlines()[1:]) or str(error)
