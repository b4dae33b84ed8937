"""How is a register made, read for somebody, changed in one step, checked for damage, and copied?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from weaklink import register as room
from weaklink import tables
from weaklink.columns import TableSchema
from weaklink.errors import RegisterError
from weaklink.provenance import Card, Provenance
from weaklink.register import Entity, Event, Stamp, seals
from weaklink.register.database import strange_tables
from weaklink.register.events import rebuild
from weaklink.register.fields import Rules
from weaklink.register.marking import markings
from weaklink.register.risks import refuse_unknown_ids, set_rules
from weaklink.register.risks import rules as rules_of_register
from weaklink.register.scales import scale
from weaklink.register.sharing import Policy, Share, shared
from weaklink.result import Result, tabulated
from weaklink.version import VERSION

EVERYTHING = Policy()


@dataclass(frozen=True, slots=True)
class View:
    """A register as it was read: its log, its rules, and what of it may be seen."""

    path: Path
    log: tuple[Event, ...]
    rules: Rules
    policy: Policy
    share: Share
    seal: str

    def of_kind(self, kind: str) -> tuple[Entity, ...]:
        """The rows of one kind that may be seen."""
        return tuple(one for one in self.share.entities if one.kind == kind)

    def answer(self, schema: TableSchema, rows: Iterable[Mapping[str, Any]]) -> Result:
        """Rows as a result that says which register they are from, and what was left out."""
        return Result(schema, tabulated(schema, rows), self.share.removed, self.provenance())

    def provenance(self) -> Provenance:
        """The register as it was; a copy for others is dated by the last change that it shows."""
        whole = not self.policy.level
        last = self.log[-1] if whole else (self.share.events or self.log[:1])[-1]
        card = Card(
            name=self.path.name,
            what="risk register",
            source="the entries of its owners",
            licence="as its owner says",
            vintage=f"change {last.number} of {last.time}"
            if whole
            else f"up to {self.policy.level}, {last.time}",
            sha256=self.seal if whole else "",
            derived_by="weaklink register",
        )
        return Provenance((card,), VERSION, {"level": self.policy.level or "all"})


def viewed(path: Path, policy: Policy = EVERYTHING) -> View:
    """A register as it is now, as a policy lets it be seen."""
    with room.opened(path) as register, room.reading(register):
        return view_of(register, path, policy)


def view_of(register: Connection, path: Path, policy: Policy = EVERYTHING) -> View:
    """A register that is open, as a policy lets it be seen."""
    log = tuple(room.events(register))
    rules = rules_of_register(register)
    if policy.level:
        rules.markings.known(policy.level)
    return View(path, log, rules, policy, shared(log, rules.markings, policy), seals.latest(register))


@contextmanager
def changed(path: Path) -> Iterator[tuple[Connection, Rules]]:
    """A register in one transaction; at its end every id that is named must be there."""
    with room.opened(path) as register, room.writing(register):
        yield register, rules_of_register(register)
        refuse_unknown_ids(register)


def made(path: Path, stamp: Stamp, scale_name: str, markings_name: str) -> Result:
    """Make a register with a scale and markings, by name or file; what it is held to."""
    rules = Rules(scale(scale_name), markings(markings_name))
    room.create(path, lambda register: set_rules(register, stamp, rules))
    facts = {
        "register": str(path),
        "scale": f"{rules.scale.title} ({len(rules.scale.likelihood)} × {len(rules.scale.impact)})",
        "markings": f"{', '.join(rules.markings.names)}; {rules.markings.default} where none is given",
    }
    return _state(facts)


def verified(path: Path, *, mend: bool = False) -> Result:
    """Whether a register is whole: its file, tables, seals, and whether its present is what its log gives.

    With `mend` the table of the present is made again from the log. RegisterError where something is wrong.
    """
    with room.opened(path) as register:
        if mend:
            with room.writing(register):
                rebuild(register)
        with room.reading(register):
            damage = register.execute("PRAGMA integrity_check").fetchone()[0]
            strange = strange_tables(register)
            broken = seals.first_broken(register)
            log = list(room.events(register))
            same = room.replayed(log) == {(one.kind, one.id): one for one in room.entities(register)}
            rows = len(room.entities(register))
    wrong = [
        *([f"the file is damaged: {damage}"] if damage != "ok" else []),
        *(
            [f"tables or triggers are not as this release makes them: {', '.join(strange)}"]
            if strange
            else []
        ),
        *([f"change {broken} is not the one that was sealed: the log was altered"] if broken else []),
    ]
    if not same and not wrong:
        wrong.append("the present is not what the log gives: weaklink register verify --mend makes it again")
    if wrong:
        raise RegisterError(f"{path}: " + "; ".join(wrong) + ".")
    return _state(
        {
            "file": "whole",
            "tables": "as this release makes them",
            "seals": f"intact, {len(log):,} changes",
            "present": f"{rows:,} rows, as the log gives them",
        }
    )


def backed_up(path: Path, to: Path) -> Result:
    """Copy a register to a new file, while others may go on writing."""
    with room.opened(path) as register:
        room.backup(register, to)
    with room.opened(to) as copy:
        changes = sum(1 for _ in room.events(copy))
    return _state({"backup": str(to), "changes": f"{changes:,}"})


def _state(facts: Mapping[str, str]) -> Result:
    rows = [{"fact": fact, "found": found} for fact, found in facts.items()]
    return Result(tables.REGISTER_STATE, tabulated(tables.REGISTER_STATE, rows), (), Provenance((), VERSION))
