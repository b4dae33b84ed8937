"""What does a reader get who wants a register on a page?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from weaklink import register as room
from weaklink.register import seals
from weaklink.register.redaction import Group
from weaklink.register.sharing import Policy
from weaklink.report.risk_answer import RiskAnswer
from weaklink.report.risk_page import write_report
from weaklink.report.workbook_file import workbook
from weaklink.study.register_check import checks_of, states
from weaklink.study.register_exchange import pages
from weaklink.study.register_risks import risks_of
from weaklink.study.registers import EVERYTHING, View, view_of


def write(path: Path, directory: Path, policy: Policy, today: date) -> Path:
    """Write a register as a page with pictures and a workbook; the path of the page.

    What is to be seen to is left out of a copy for others. Raises StoreError where the directory cannot be
    written to, or holds files that are not a report.
    """
    with room.opened(path) as register, room.reading(register):
        view = view_of(register, path, policy)
        token = seals.token(register, len(view.log), str(policy))
    answer = as_answer(view, today)
    sheets = pages(view, token)
    return write_report(directory, answer, lambda pictures: workbook(sheets, pictures))


def as_answer(view: View, today: date) -> RiskAnswer:
    """A register as a report takes it."""
    words = ["weaklink register report DIR --register", view.path.name, "--as-of", today.isoformat()]
    if view.policy.level:
        words += ["--level", view.policy.level]
    if view.policy.redaction.rule:
        words += ["--redact RULES"]
    return RiskAnswer(
        title=view.path.stem.replace("-", " ").replace("_", " ").capitalize(),
        day=today.isoformat(),
        level=view.policy.level,
        scale=view.rules.scale,
        risks=risks_of(view),
        checks=checks_of(view, today) if view.policy == EVERYTHING else None,
        ages=tuple(_ages(view, today)),
        groups=tuple(_said(group) for group in view.share.groups),
        command=" ".join(words),
    )


def _ages(view: View, today: date) -> Iterator[tuple[int, str]]:
    """Days since each figure was computed, and its state; a figure whose day was withheld has no age."""
    state = states(view)
    for one in view.of_kind("evidence"):
        try:
            day = date.fromisoformat(one.fields.get("computed_on", ""))
        except ValueError:
            continue
        yield max((today - day).days, 0), state[one.id]


def _said(group: Group) -> Mapping[str, str]:
    if group.rows is None:
        return {"said": f"{group.kind}, {group.by} {group.value or 'none'}: too few to be told."}
    total = f", {group.field} {group.total:,} together" if group.total is not None else ""
    return {"said": f"{group.kind}, {group.by} {group.value or 'none'}: {group.rows:,} rows{total}."}
