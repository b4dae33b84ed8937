"""Logs that are made at random for tests of sharing, with words in them that may not be read below some level."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any, Literal

from hypothesis import strategies as st

from tests.register.made import RULES
from weaklink.register import Event, Fields

LEVELS = RULES.markings.names
TIME = "2026-11-25T06:00:00Z"
Key = tuple[str, str]


@dataclass
class Maker:
    """Writes a log: risks and treatments that are marked anew, renamed, removed, and mention each other everywhere.

    Every text holds a word of its own. `secrets` says for each word the level of who may read it: that of its row
    now, where it still stands there, else the lowest that its row had when it was written or removed: what somebody
    could read when it was written is no secret from them.
    """

    random: Random
    log: list[Event] = field(default_factory=list)
    secrets: dict[str, int] = field(default_factory=dict)
    rows: dict[Key, dict[str, Any]] = field(default_factory=dict)
    versions: dict[Key, int] = field(default_factory=dict)
    words: count[int] = field(default_factory=count)

    def steps(self, number: int) -> Maker:
        """Take some steps, and settle who may read what stands there at the end."""
        for _ in range(number):
            step = self.random.choice([self.risk, self.treatment, self.mark, self.rewrite, self.remove])
            (step if self.risks else self.risk)()
        for fields in self.rows.values():
            for word in self._words_in(fields):
                self.secrets[word] = self.level(fields)
        return self

    @property
    def risks(self) -> list[str]:
        return [id_ for kind, id_ in self.rows if kind == "risk"]

    def level(self, fields: Fields) -> int:
        own = RULES.markings.rank(fields["marking"])
        risk = self.rows.get(("risk", fields.get("risk", "")))
        return own if risk is None else max(own, RULES.markings.rank(risk["marking"]))

    def risk(self) -> None:
        marking = self.random.choice(LEVELS)
        upstream = sorted(self.random.sample(self.risks, min(len(self.risks), 2)))
        fields = {**self._texts(RULES.markings.rank(marking)), "marking": marking, "upstream": upstream}
        self._add(("risk", f"Z{len(self.log)}-{self.random.randint(1, 9)}"), fields)

    def treatment(self) -> None:
        risk = self.random.choice(self.risks)
        fields = {"marking": self.random.choice(LEVELS), "risk": risk, "measure": "pump"}
        self._add(("treatment", f"T{len(self.log)}"), {**fields, "notes": self._word(self.level(fields))})

    def mark(self) -> None:
        """Mark a risk anew; it is written anew before it is marked lower."""
        key = "risk", self.random.choice(self.risks)
        marking = self.random.choice(LEVELS)
        lower = RULES.markings.rank(marking) < RULES.markings.rank(self.rows[key]["marking"])
        self._change(
            key, {"marking": marking, **(self._texts(RULES.markings.rank(marking)) if lower else {})}
        )

    def rewrite(self) -> None:
        key = "risk", self.random.choice(self.risks)
        self._change(key, self._texts(RULES.markings.rank(self.rows[key]["marking"])))

    def remove(self) -> None:
        key = self.random.choice(list(self.rows))
        if key[0] == "treatment" or not any(fields.get("risk") == key[1] for fields in self.rows.values()):
            for word in self._words_in(self.rows[key]):
                self.secrets[word] = min(self.secrets[word], self.level(self.rows[key]))
            self._write(key, "remove", self.rows.pop(key), {})

    def _add(self, key: Key, fields: dict[str, Any]) -> None:
        self.rows[key] = fields
        self._write(key, "add", {}, fields)

    def _change(self, key: Key, fields: dict[str, Any]) -> None:
        old = self.rows[key]
        self.rows[key] = {**old, **fields}
        self._write(key, "change", {name: old.get(name) for name in fields}, fields)

    def _write(
        self, key: Key, action: Literal["add", "change", "remove"], before: Fields, after: Fields
    ) -> None:
        self.versions[key] = self.versions.get(key, 0) + 1
        why = f"because of {self.random.choice([*self.risks, 'nothing'])}"
        self.log.append(
            Event(len(self.log) + 1, TIME, "ana", why, *key, self.versions[key], action, before, after)
        )

    def _texts(self, level: int) -> dict[str, Any]:
        found = {name: self._word(level) for name in ("title", "cause", "+own", "notes")}
        if self.rows:
            found["notes"] += f" see {self.random.choice(list(self.rows))[1]}"
        return found

    def _word(self, level: int) -> str:
        word = f"zq{next(self.words)}x"
        self.secrets[word] = level
        return word

    def _words_in(self, fields: Fields) -> list[str]:
        return [word for value in fields.values() for word in str(value).split() if word in self.secrets]

    def above(self, level: str) -> list[str]:
        """The words that may not be read at a level."""
        return [word for word, least in self.secrets.items() if least > RULES.markings.rank(level)]


logs = st.builds(
    lambda seed, steps: Maker(Random(seed)).steps(steps), st.integers(0, 2**32), st.integers(3, 16)
)
