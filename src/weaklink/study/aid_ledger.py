"""Where are the entries of the ledger kept, and how are they added, revised and read again? In a register's log.

A revision is a change in the log: the entry keeps its id, the log keeps what stood there before, who changed it, why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from weaklink import register as room
from weaklink.aid.counting import left_out
from weaklink.aid.entries import CLASSES, INSTITUTIONS, KINDS, Entry, Ledger
from weaklink.aid.money import PERCENT, Rate, Rates
from weaklink.aid.units import THOUSAND, UNITS
from weaklink.data import ROOT
from weaklink.errors import RequestError
from weaklink.provenance import Card, Provenance
from weaklink.register import Event, Stamp, bulk
from weaklink.result import Result, tabulated, typed
from weaklink.sources.aid_sheet import (
    Fields,
    Words,
    checked_fields,
    hundredths,
    read_rates,
    thousandths,
)
from weaklink.tables.aid import AID_ENTRIES, AID_HISTORY, AID_WORDS
from weaklink.version import VERSION

MAPPINGS = ROOT / "aid"
SOURCES = 3  # named in provenance; every entry has its own
EXAMPLE = MAPPINGS / "exercise.csv"  # invented from beginning to end
WORDS = Words(tuple(KINDS), tuple(CLASSES), tuple(UNITS), tuple(INSTITUTIONS))
COLUMNS = tuple(name for name in Entry._fields if name not in ("id", "kind"))


@dataclass(frozen=True, slots=True)
class Kept:
    """The entries of a register as they now stand, and what provenance says of them."""

    ledger: Ledger
    card: Card

    def provenance(self, *more: Card, **parameters: str) -> Provenance:
        """The register, what else was used, and what was asked."""
        return Provenance((self.card, *more), VERSION, parameters)


def kept(path: Path) -> Kept:
    """The ledger in a register; RegisterError where there is none."""
    with room.opened(path) as register, room.reading(register):
        entries = [entry_of(id_, kind, fields) for kind, id_, fields in bulk.present(register, KINDS)]
        last = register.execute("SELECT number, time FROM events ORDER BY number DESC LIMIT 1").fetchone()
    entries.sort(key=lambda one: one.id)
    number, time = last or (0, "")
    card = Card(
        name=path.name,
        what="ledger of assistance",
        source=_sources(entries),
        licence="as its owner says",
        vintage=f"change {number} of {time}",
        sha256="",
        derived_by="weaklink aid",
        rows=len(entries),
    )
    return Kept(Ledger(tuple(entries)), card)


def _sources(entries: Sequence[Entry]) -> str:
    """The sources that most entries name, without the row that they name in it."""
    named = Counter(one.source.rpartition(", row ")[0] or one.source for one in entries if one.source)
    if not named:
        return "entries without a source"
    listed = "; ".join(source for source, _ in named.most_common(SOURCES))
    return (
        listed if len(named) <= SOURCES else f"{listed}; and {len(named) - SOURCES} more, as the entries say"
    )


def entry_of(id_: str, kind: str, fields: Mapping[str, Any]) -> Entry:
    """An entry from its fields as the register keeps them: amounts as text, so that the log can be read."""
    known = (
        dict(fields) if fields.keys() <= _KNOWN else {name: fields[name] for name in fields.keys() & _KNOWN}
    )
    if "quantity" in known:
        known["quantity"] = thousandths(known["quantity"])
    if "amount" in known:
        known["amount"] = hundredths(known["amount"])
    for name in _VALUATIONS & known.keys():
        known[name] = hundredths(known[name])
    return Entry(id=id_, kind=kind, **known)


_KNOWN = frozenset(COLUMNS)
_VALUATIONS = frozenset({"market", "replacement"})


def rates_of(path: Path | None) -> tuple[Rates, tuple[Card, ...]]:
    """Rates of exchange from a sheet of the user's own; none without one."""
    if path is None:
        return Rates(), ()
    rows, card = read_rates(path)
    return Rates(tuple(Rate(one.day, one.currency, one.to, one.per_unit, one.source) for one in rows)), (
        card,
    )


def added(path: Path, stamp: Stamp, kind: str, id_: str, given: Mapping[str, str]) -> Result:
    """Add one entry from its fields as texts; SourceError for fields that are wrong, ConflictError for a taken id."""
    fields = checked_fields({**given, "id": id_, "kind": kind}, WORDS, f"{kind} {id_}")
    with room.opened(path) as register, room.writing(register):
        _refuse_taken(register, id_)
        room.add(register, stamp, kind, id_, without_kind(fields))
    return history(path, id_)


def revised(path: Path, stamp: Stamp, id_: str, given: Mapping[str, str]) -> Result:
    """Give fields of an entry new values; an empty text takes a value away. Its history, the change last."""
    with room.opened(path) as register, room.writing(register):
        kind = _kind_of(register, id_)
        present = room.entity(register, kind, id_)
        texts = {
            name: str(value) for name, value in (present.fields if present else {}).items() if name in _KNOWN
        }
        fields = checked_fields({**texts, **given, "id": id_, "kind": kind}, WORDS, f"{kind} {id_}")
        room.change(register, stamp, kind, id_, {name: fields.get(name) for name in given})
    return history(path, id_)


def history(path: Path, id_: str) -> Result:
    """Every change of an entry, field by field, the oldest first; columns in `weaklink.tables.AID_HISTORY`."""
    with room.opened(path) as register, room.reading(register):
        log = [event for kind in KINDS for event in room.history(register, kind, id_)]
    if not log:
        raise RequestError(f"no entry {id_!r} in {path.name}. `weaklink aid list` shows what there is.")
    rows = [row for event in log for row in _changes(event)]
    return Result(AID_HISTORY, tabulated(AID_HISTORY, rows), (), Provenance((), VERSION, {"entry": id_}))


def listed(path: Path, kind: str = "") -> Result:
    """The entries as they now stand; columns in `weaklink.tables.AID_ENTRIES`."""
    found = kept(path)
    rows = [one for one in found.ledger.entries if not kind or one.kind == kind]
    return Result(AID_ENTRIES, _columns(rows), (), found.provenance(kind=kind or "all"))


def words() -> Result:
    """The words that entries may use: kinds, classes, units, institutions."""
    meanings: dict[str, Mapping[str, str]] = {
        "kind": dict.fromkeys(KINDS, ""),
        "item_class": CLASSES,
        "unit": {name: f"{unit.measures}, {unit.factor} of the base unit" for name, unit in UNITS.items()},
        "donor": INSTITUTIONS,
    }
    rows = [
        {"column": column, "word": word, "meaning": meaning}
        for column, those in meanings.items()
        for word, meaning in those.items()
    ]
    return Result(AID_WORDS, tabulated(AID_WORDS, rows), (), Provenance((), VERSION))


def _refuse_taken(register: Any, id_: str) -> None:  # noqa: ANN401 - a connection
    taken = next((kind for kind in KINDS if room.entity(register, kind, id_)), "")
    if taken:
        raise RequestError(
            f"{id_!r} is a {taken} already; ids are unique in the ledger. Revise it, or choose another."
        )


def _kind_of(register: Any, id_: str) -> str:  # noqa: ANN401 - a connection
    for kind in KINDS:
        if room.entity(register, kind, id_):
            return kind
    raise RequestError(f"no entry {id_!r}. `weaklink aid list` shows what there is.")


def without_kind(fields: Mapping[str, Any]) -> Fields:
    """Fields as the register keeps them: the kind is not one of them."""
    return {name: value for name, value in fields.items() if name != "kind"}


def _changes(event: Event) -> Iterator[dict[str, Any]]:
    for name in sorted({**event.before, **event.after}):
        yield {
            "version": event.version,
            "time": event.time,
            "who": event.who,
            "action": event.action,
            "field": name,
            "before": _shown(event.before.get(name)),
            "after": _shown(event.after.get(name)),
            "why": event.why,
        }


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _columns(entries: Sequence[Entry]) -> pa.Table:
    """The entries as a table, column by column: of 100,000 entries in a tenth of the time that rows take."""
    found: dict[str, list[object]] = {
        "quantity": [None if one.quantity is None else one.quantity / THOUSAND for one in entries],
        "amount": [None if one.amount is None else one.amount / PERCENT for one in entries],
        "counted": [left_out(one) or "yes" for one in entries],
    }
    arrays = [
        pa.array(found.get(field.name) or [getattr(one, field.name) for one in entries], field.type)
        for field in typed(AID_ENTRIES)
    ]
    return pa.table(arrays, schema=typed(AID_ENTRIES))
