"""What of a register may somebody see who is cleared up to a level?

Nothing that is marked above it, now or when it was written: no row, no line of history, and no mention. A row that
belongs to a risk (a treatment, its evidence) is as high as the risk. Where a text names what is hidden, by id or title,
WITHHELD stands instead, and a hidden risk drops out of the risks that others depend on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from weaklink.register.events import Entity, Event, Key, replayed
from weaklink.register.fields import EXTRA
from weaklink.register.marking import Markings
from weaklink.register.mentions import WITHHELD, Mentions
from weaklink.register.redaction import NONE, Group, Redaction, dropped, groups, redacted, said, summed_up
from weaklink.register.risks import FORMS


@dataclass(frozen=True, slots=True)
class Policy:
    """For whom a copy is made: up to which level (nothing: all of it), and with what made coarser."""

    level: str = ""
    redaction: Redaction = NONE

    def __str__(self) -> str:
        """The policy as text, equal for equal ones."""
        return f"{self.level} {self.redaction.model_dump_json()}"


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody sees of a register: rows, their history, rows in groups, and what was left out, in sentences."""

    entities: tuple[Entity, ...]
    events: tuple[Event, ...]
    groups: tuple[Group, ...]
    removed: tuple[str, ...]


def shared(log: Sequence[Event], markings: Markings, policy: Policy) -> Share:
    """Risks, treatments and evidence of a log as a policy lets them be seen."""
    ours = [event for event in log if event.kind in FORMS]
    present = replayed(ours)
    if policy == Policy():
        return Share(tuple(sorted(present.values(), key=_order)), tuple(ours), (), ())
    sight = _Sight(ours, markings, policy.level)
    rows = [one for one in sorted(present.values(), key=_order) if sight.sees((one.kind, one.id))]
    clean = [sight.scrubbed(one) for one in rows]
    lines = [sight.scrubbed_event(event) for event in ours if sight.sees_event(event)]
    rules = {kind: summed_up(kind, policy.redaction) for kind in FORMS}
    counted = [
        group
        for kind, rule in rules.items()
        if rule is not None
        for group in groups((one for one in clean if one.kind == kind), rule)
    ]
    shown = [
        replace(one, fields=redacted(one.kind, one.fields, policy.redaction))
        for one in clean
        if rules[one.kind] is None
    ]
    events = _redacted(
        (event for event in lines if rules[event.kind] is None), policy.redaction, numbered=bool(policy.level)
    )
    hidden = len(present) - len(rows)
    return Share(tuple(shown), tuple(events), tuple(counted), tuple(_removed(policy, hidden)))


def _order(one: Entity) -> tuple[str, list[tuple[int, str]]]:
    """Kinds by name, ids as people count them: R-2 before R-10."""
    parts = re.split(r"(\d+)", one.id)
    return one.kind, [(int(part) if part.isdecimal() else -1, part) for part in parts]


def _removed(policy: Policy, hidden: int) -> Iterator[str]:
    if policy.level:
        yield (
            f"Only what is marked {policy.level} or lower: {hidden:,} rows are left out, their history, and every "
            f"line of history from when a row was marked higher. Where a text names them, it says {WITHHELD}."
        )
    yield from said(policy.redaction)


def _redacted(events: Iterable[Event], redaction: Redaction, *, numbered: bool) -> Iterator[Event]:
    """Events as the rules leave them; numbered anew, where a gap would tell of what is hidden."""
    silent = dropped("history", redaction)
    number = 0
    if not redaction.rule and not numbered:
        yield from events
        return
    for event in events:
        before, after = (redacted(event.kind, side, redaction) for side in (event.before, event.after))
        if not before and not after and (event.before or event.after):
            continue  # nothing is left to be told
        number += 1
        yield replace(
            event,
            number=number if numbered else event.number,
            who="" if "who" in silent else event.who,
            why="" if "why" in silent else event.why,
            before=before,
            after=after,
        )


class _Sight:
    """What can be seen at a level: found once for a log, by going through it from the first event."""

    def __init__(self, log: Sequence[Event], markings: Markings, level: str) -> None:
        self._level, self._markings = level, markings
        self._last: dict[Key, Mapping[str, Any]] = {}  # the latest fields of each row, also of removed ones
        self._seen_events: set[int] = set()
        self._hidden_names: set[str] = set()
        self._visible: set[Key] = set()
        if level:
            self._follow(log)
        self._mentions = Mentions(self._hidden_names)
        # A row whose own id names what is hidden cannot be shown at all.
        self._visible = {key for key in self._visible if key[1] not in self._mentions}

    def _follow(self, log: Sequence[Event]) -> None:
        """Note for each event whether it may be seen, and every name of what was hidden when it was so called."""
        titles: dict[Key, set[str]] = {}
        for event in log:
            key = event.kind, event.entity
            before = self._last.get(key, {}) if event.action != "add" else {}
            seen_before = event.action == "add" or self._open(before)
            self._last[key] = {**before, **event.after}
            seen = self._open(self._last[key])
            if seen and seen_before:
                self._seen_events.add(event.number)
            if isinstance(title := self._last[key].get("title"), str):
                titles.setdefault(key, set()).add(title)
                if not seen:
                    self._hidden_names.add(title)
        for key, fields in self._last.items():
            if self._open(fields):
                self._visible.add(key)
            else:
                self._hidden_names |= {key[1], *titles.get(key, ())}

    def _open(self, fields: Mapping[str, Any]) -> bool:
        """Whether a row may be seen: by its own marking, and by that of the risk that it belongs to."""
        owner = self._last.get(("risk", str(fields.get("risk", ""))))
        return self._markings.allows(self._level, fields.get("marking")) and (
            owner is None or self._markings.allows(self._level, owner.get("marking"))
        )

    def sees(self, key: Key) -> bool:
        """Whether a row may be seen."""
        return not self._level or key in self._visible

    def sees_event(self, event: Event) -> bool:
        """Whether a line of history may be seen: its row may be now, and might when it was written."""
        return not self._level or (
            event.number in self._seen_events and self.sees((event.kind, event.entity))
        )

    def scrubbed(self, one: Entity) -> Entity:
        """A row without a word on what is hidden."""
        return replace(one, fields=self._clean(one.kind, one.fields))

    def scrubbed_event(self, event: Event) -> Event:
        """A line of history without a word on what is hidden."""
        return replace(
            event,
            who=self._mentions.withheld(event.who),
            why=self._mentions.withheld(event.why),
            before=self._clean(event.kind, event.before),
            after=self._clean(event.kind, event.after),
        )

    def _clean(self, kind: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        if not self._hidden_names:
            return fields
        ids = {field.name for field in FORMS[kind].fields if field.kind == "ids"}
        return {
            name: [id_ for id_ in value or () if id_ not in self._mentions]
            if name in ids
            else self._value(value)
            for name, value in fields.items()
            if not (name.startswith(EXTRA) and name in self._mentions)
        }

    def _value(self, value: Any) -> Any:  # noqa: ANN401 - of any declared kind
        if isinstance(value, str):
            return self._mentions.withheld(value)
        if isinstance(value, dict):
            return {key: self._mentions.withheld(str(word)) for key, word in value.items()}
        return value
