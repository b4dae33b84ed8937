"""How does a register go out as a workbook, and what of an edited one comes back?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from weaklink import files, tables, tomlfile
from weaklink import register as room
from weaklink.errors import RequestError
from weaklink.register import Stamp, seals
from weaklink.register.planning import Incoming, Line, Plan, basis, plan
from weaklink.register.redaction import NONE, Redaction
from weaklink.register.risks import FORMS
from weaklink.register.sharing import Policy
from weaklink.register.workbook import ABOUT, GivenOut, Sheet, about, further, sheets
from weaklink.report.workbook_file import workbook
from weaklink.result import Result
from weaklink.sources import edited_workbook
from weaklink.sources.edited_workbook import EditedSheet
from weaklink.study.register_risks import text
from weaklink.study.registers import View, changed, view_of, viewed


def policy(level: str = "", rules: Path | None = None) -> Policy:
    """For whom a copy is made: up to a level, and with rules that make it coarser, from a file."""
    return Policy(level, NONE if rules is None else tomlfile.read(rules, Redaction))


def exported(path: Path, to: Path, for_whom: Policy, *, history: bool = False) -> Result:
    """Write a register as a workbook; what was left out is in the caveats, and on its first sheet."""
    with room.opened(path) as register, room.reading(register):
        view = view_of(register, path, for_whom)
        token = seals.token(register, len(view.log), str(for_whom))
    files.write_bytes(to, workbook(pages(view, token, history=history)))
    counted = {form.title: len(view.of_kind(kind)) for kind, form in FORMS.items()}
    facts = {"workbook": str(to), **{title: f"{count:,} rows" for title, count in counted.items()}}
    return view.answer(tables.REGISTER_STATE, [{"fact": key, "found": said} for key, said in facts.items()])


def pages(view: View, token: str, *, history: bool = False) -> list[Sheet]:
    """Every sheet of a workbook that shows a register."""
    given = GivenOut(token, len(view.log), view.policy)
    return [
        *sheets(view.share, view.rules, view.policy),
        *further(view.share, history=history),
        about(given, view.rules, view.share.removed),
    ]


def imported(path: Path, file: Path, stamp: Stamp, *, apply: bool = False) -> tuple[Result, Plan]:
    """What an edited workbook would change, or with `apply` changes, in one transaction.

    Rows that conflict or are refused are left alone. Raises SourceError for a file that is no workbook,
    RequestError for a workbook that this register has not given out.
    """
    came = edited_workbook.read(file)
    if not apply:
        view = viewed(path)
        with room.opened(path) as register:
            found = plan(_incoming(came), _basis(came, view, register, file))
        return _answer(view, found), found
    with changed(path) as (register, _):
        view = view_of(register, path)
        found = plan(_incoming(came), _basis(came, view, register, file))
        for write in found.writes:
            if write.version is None:
                room.add(register, stamp, write.kind, write.id, write.fields)
            else:
                room.change(register, stamp, write.kind, write.id, write.fields, expected=write.version)
    return _answer(view, found), found


def _answer(view: View, found: Plan) -> Result:
    return view.answer(tables.REGISTER_IMPORT, [_row(line) for line in found.lines])


def _row(line: Line) -> dict[str, Any]:
    return {
        "sheet": line.sheet,
        "row": line.row,
        "id": line.id,
        "verdict": line.verdict,
        "field": line.name,
        "before": text(line.before),
        "after": text(line.after),
        "reason": line.reason,
    }


def _incoming(came: tuple[EditedSheet, ...]) -> list[Incoming]:
    found = []
    for sheet in came:
        if not sheet.rows:
            continue
        names = tuple("" if cell is None else str(cell) for cell in sheet.rows[0])
        found.append(Incoming(sheet.title, names, tuple(enumerate(sheet.rows[1:], start=2)), sheet.formulas))
    if not {one.title for one in found} & {form.title for form in FORMS.values()}:
        titles = ", ".join(form.title for form in FORMS.values())
        raise RequestError(f"the workbook has no sheet of a register. Call it one of: {titles}.")
    return found


def _basis(came: tuple[EditedSheet, ...], view: View, register: Any, file: Path) -> Any:  # noqa: ANN401
    given = _given_out(came, file)
    if given is None:
        return basis(view.log, 0, Policy(), view.rules)
    if not given.token or seals.token(register, given.number, str(given.policy)) != given.token:
        raise RequestError(
            f"{file.name} was not given out by this register, or its sheet {ABOUT} was changed. Export it again; "
            f"or delete the sheet {ABOUT} and the versions to add all rows as new ones."
        )
    return basis(view.log, given.number, given.policy, view.rules)


def _given_out(came: tuple[EditedSheet, ...], file: Path) -> GivenOut | None:
    """What the workbook says of itself; None for one of a user's own."""
    sheet = next((one for one in came if one.title == ABOUT), None)
    if sheet is None:
        return None
    said = {str(row[0]): row[1] for row in reversed(sheet.rows) if len(row) > 1}
    number, level, rules = said.get("event"), said.get("level"), said.get("redaction")
    try:
        redaction = Redaction.model_validate_json(str(rules)) if rules else NONE
    except ValidationError as error:
        raise RequestError(f"{file.name}: sheet {ABOUT} was changed. Export the register again.") from error
    return GivenOut(
        str(said.get("register") or ""),
        number if isinstance(number, int) else 0,
        Policy(str(level) if level else "", redaction),
    )
