"""What would a file change in the ledger, and how is it written there: a sheet of entries, or anybody's table?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from weaklink import register as room
from weaklink import tomlfile
from weaklink.aid.entries import KINDS
from weaklink.errors import RequestError
from weaklink.provenance import Provenance
from weaklink.register import Stamp
from weaklink.result import Result, tabulated
from weaklink.sources.aid_mapping import AidMapping, Mapped, read_mapped
from weaklink.sources.aid_sheet import Fields, Read, read_entries
from weaklink.study.aid_ledger import COLUMNS, MAPPINGS, WORDS, without_kind
from weaklink.tables.aid import AID_IMPORT
from weaklink.version import VERSION


def imported(path: Path, stamp: Stamp, file: Path, mapping: str = "", *, apply: bool = False) -> Result:
    """What a file would change in the ledger, and with `apply` has changed; columns in `weaklink.tables.AID_IMPORT`.

    `file` is a sheet of entries, or with a `mapping` (a shipped name or a TOML file) anybody's table. New ids are
    added, known ones revised; nothing is removed. Raises SourceError where anything in the file is wrong: then nothing
    is written.
    """
    mapped = read_mapped(file, mapping_of(mapping), WORDS) if mapping else None
    read = mapped.read if mapped else read_entries(file, WORDS)
    turn = room.writing if apply else room.reading
    with room.opened(path) as register, turn(register):
        present = {one.id: one for kind in KINDS for one in room.entities(register, kind)}
        plan = list(_plan(present, read))
        if apply:
            for id_, kind, action, fields in plan:
                if action == "add":
                    room.add(register, stamp, kind, id_, without_kind(fields))
                elif action == "change":
                    room.change(register, stamp, kind, id_, fields)
    rows = [_planned(step, present) for step in plan]
    caveats = (*_summary(plan, len(read.entries), apply=apply), *(_totals(mapped) if mapped else ()))
    provenance = Provenance((read.card,), VERSION, {"file": file.name, "mapping": mapping})
    return Result(AID_IMPORT, tabulated(AID_IMPORT, rows), caveats, provenance)


def mapping_of(name: str) -> AidMapping:
    """A shipped mapping by its name, or a TOML file; RequestError for neither."""
    shipped = {path.stem: path for path in sorted(MAPPINGS.glob("*.toml"))}
    path = shipped.get(name, Path(name))
    if not path.exists():
        raise RequestError(f"no mapping {name!r}. There are: {', '.join(shipped)}; or name a TOML file.")
    return tomlfile.read(path, AidMapping)


Step = tuple[str, str, str, Fields]  # id, kind, action, fields


def _plan(present: Mapping[str, room.Entity], read: Read) -> Iterator[Step]:
    """What must be written so that the entries of a file stand in the ledger as the file says."""
    for id_, fields in read.entries.items():
        kind = fields["kind"]
        known = present.get(id_)
        if known is None:
            yield id_, kind, "add", fields
        elif known.kind != kind:
            raise RequestError(
                f"entry {id_!r} is a {known.kind} in the ledger and a {kind} in the file. Give it another id."
            )
        else:
            mine = without_kind(fields)
            names = {*mine, *(name for name in known.fields if name in COLUMNS)}
            changed = {
                name: mine.get(name) for name in sorted(names) if mine.get(name) != known.fields.get(name)
            }
            if changed:
                yield id_, kind, "change", changed


def _planned(step: Step, present: Mapping[str, room.Entity]) -> dict[str, Any]:
    id_, kind, action, fields = step
    before = present[id_].fields if action == "change" else {}
    said = (
        "; ".join(f"{name}: {before.get(name, '')} -> {value or ''}" for name, value in fields.items())
        if action == "change"
        else ""
    )
    return {"id": id_, "kind": kind, "action": action, "fields": said}


def _summary(plan: Iterable[Step], read: int, *, apply: bool) -> Iterator[str]:
    actions = [action for _, _, action, _ in plan]
    new, changed = actions.count("add"), actions.count("change")
    done = "Written" if apply else "Nothing was written; with --apply it would be"
    yield f"{done}: {new:,} added, {changed:,} revised, {read - new - changed:,} as they were."


def _totals(mapped: Mapped) -> Iterator[str]:
    """The sums that the source prints beside those that were loaded."""
    for column, printed in mapped.printed.items():
        loaded = Fraction(mapped.loaded[column], 100)
        yield (
            f"Column {column}: the source's rows add up to {float(printed):,.6f}, the entries to {float(loaded):,.2f}."
        )
