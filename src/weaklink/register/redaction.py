"""Which coarser values stand in a shared copy for those that are not to be shared? Rules are data: a TOML file.

Dropped, rounded, put into a band; or rows are not shown at all, and counted and added up by group instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from weaklink.register.events import Entity
from weaklink.register.risks import FORMS

HISTORY = "history"  # rules for this kind concern who changed something, and why


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(_Part):
    """What becomes of one field, or, with `aggregate`, of the rows of one kind."""

    kind: Literal["risk", "treatment", "evidence", "history"] = Field(description="of which rows")
    how: Literal["drop", "round", "band", "aggregate"] = Field(description="what is done")
    field: str = Field(default="", description="the field; with aggregate: the amount to add up")
    to: int | Literal["month", "quarter", "year"] | None = Field(
        default=None, description="with round: the step of a number, or the length of a period"
    )
    edges: tuple[int, ...] = Field(default=(), description="with band: where bands begin, upwards")
    by: str = Field(default="", description="with aggregate: the field that makes the groups")
    at_least: int = Field(
        default=3, ge=1, description="with aggregate: groups of fewer rows are not told apart"
    )

    @model_validator(mode="after")
    def _can_be_done(self) -> Rule:
        if self.kind == HISTORY:
            if self.how != "drop" or self.field not in {"who", "why"}:
                raise ValueError("of history, who or why can be dropped")
            return self
        form = FORMS[self.kind]
        for name in (self.field, self.by):
            if name and form.field(name) is None:
                raise ValueError(f"a {self.kind} has no field {name!r}")
        kind = getattr(form.field(self.field), "kind", None)
        if self.how == "aggregate":
            if not self.by or (self.field and kind != "integer"):
                raise ValueError("aggregate needs by, and its field must be an amount")
        elif kind is None:
            raise ValueError(f"{self.how} needs a field")
        if self.how == "round" and not _can_be_rounded(kind, self.to):
            raise ValueError("round needs to: a step above 0 for numbers; month, quarter or year for days")
        if self.how == "band" and (kind not in {"integer", "level", "number"} or not _rising(self.edges)):
            raise ValueError("band needs a field of numbers and rising edges")
        return self


class Redaction(_Part):
    """A file of rules."""

    rule: tuple[Rule, ...] = Field(default=(), description="what becomes of which field")


NONE = Redaction()


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one kind that are shown as one: how many, and their amount; both None where they are too few."""

    kind: str
    by: str
    value: str
    rows: int | None
    field: str
    total: int | None


def redacted(kind: str, fields: Mapping[str, Any], redaction: Redaction) -> dict[str, Any]:
    """The fields of a row, or of one side of an event, as the rules leave them."""
    found = dict(fields)
    for rule in redaction.rule:
        if rule.kind == kind and rule.how != "aggregate" and found.get(rule.field) is not None:
            value = _coarser(found[rule.field], rule)
            if value is None:
                del found[rule.field]
            else:
                found[rule.field] = value
    return found


def dropped(kind: str, redaction: Redaction) -> frozenset[str]:
    """The fields of a kind that are not shown at all."""
    return frozenset(rule.field for rule in redaction.rule if (rule.kind, rule.how) == (kind, "drop"))


def summed_up(kind: str, redaction: Redaction) -> Rule | None:
    """The rule by which the rows of a kind are shown in groups only; None where they are shown."""
    return next((rule for rule in redaction.rule if (rule.kind, rule.how) == (kind, "aggregate")), None)


def groups(rows: Iterable[Entity], rule: Rule) -> tuple[Group, ...]:
    """Rows counted and added up by the field that a rule names. Small groups have neither number.

    Who knows the whole can find the only small group by subtraction: choose `by` so that there are several.
    """
    members: dict[str, list[Entity]] = defaultdict(list)
    for row in rows:
        members[str(row.fields.get(rule.by, ""))].append(row)
    return tuple(_group(value, found, rule) for value, found in sorted(members.items()))


def _group(value: str, rows: Sequence[Entity], rule: Rule) -> Group:
    if len(rows) < rule.at_least:
        return Group(rule.kind, rule.by, value, None, rule.field, None)
    total = sum(row.fields.get(rule.field, 0) for row in rows) if rule.field else None
    return Group(rule.kind, rule.by, value, len(rows), rule.field, total)


def said(redaction: Redaction) -> list[str]:
    """The rules as sentences for the reader of a shared copy.

    >>> said(Redaction(rule=(Rule(kind="treatment", how="round", field="cost_usd", to=1_000_000),)))
    ['treatment: cost_usd is rounded to 1000000.']
    """
    words = {
        "drop": "{0.kind}: {0.field} is removed.",
        "round": "{0.kind}: {0.field} is rounded to {0.to}.",
        "band": "{0.kind}: {0.field} is given as a band.",
        "aggregate": "{0.kind}: rows are counted by {0.by}, not shown; groups below {0.at_least} have no figure.",
    }
    return [words[rule.how].format(rule) for rule in redaction.rule]


def _coarser(value: Any, rule: Rule) -> Any:  # noqa: ANN401 - of any declared kind
    """A value as a rule leaves it; None where it is dropped."""
    if rule.how == "drop":
        return None
    if rule.how == "band":
        return _band(value, rule.edges)
    if isinstance(rule.to, int):
        return round(value / rule.to) * rule.to if isinstance(value, int | float) else None
    return _period(str(value), str(rule.to))


def _band(value: float, edges: Sequence[int]) -> str:
    """The band of a number between edges.

    >>> [_band(value, (10, 100)) for value in (9, 10, 99, 100)]
    ['below 10', '10 to below 100', '10 to below 100', '100 or more']
    """
    above = [edge for edge in edges if edge <= value]
    below = [edge for edge in edges if edge > value]
    if not above:
        return f"below {below[0]:,}"
    return f"{above[-1]:,} to below {below[0]:,}" if below else f"{above[-1]:,} or more"


def _period(day: str, length: str) -> str:
    """The month, quarter or year of a day.

    >>> [_period("2026-11-25", length) for length in ("month", "quarter", "year")]
    ['2026-11', '2026-Q4', '2026']
    """
    year, month = day[:4], day[5:7]
    return {"month": f"{year}-{month}", "quarter": f"{year}-Q{(int(month) + 2) // 3}", "year": year}[length]


def _can_be_rounded(kind: str | None, to: int | str | None) -> bool:
    if kind == "date":
        return isinstance(to, str)
    return kind in {"integer", "number"} and isinstance(to, int) and to > 0


def _rising(edges: Sequence[int]) -> bool:
    return bool(edges) and list(edges) == sorted(set(edges))
