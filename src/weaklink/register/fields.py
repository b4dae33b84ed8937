"""What may stand in a field, and what is wrong with what stands there?

A form declares the fields of one kind of entity. Values come as words (from a command) or cells (from a workbook) and
leave as what the log keeps: text, whole numbers, numbers, days as 2026-11-25, lists of ids.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

from weaklink.errors import RegisterError
from weaklink.register.marking import Markings
from weaklink.register.scales import Axis, Scale

FieldKind = Literal["text", "level", "integer", "number", "date", "choice", "ids", "mapping", "marking"]
Values = Mapping[str, Any]
Cell = str | int | float | bool | date | datetime | None

EXTRA = "+"  # a field of a user's own: a column that the form does not know
LONGEST_TEXT = 32_767  # characters that a cell of a workbook holds
_NOT_TEXT = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot say
_PLACEHOLDER = re.compile(r"_x[0-9A-Fa-f]{4}_")  # how a workbook writes what XML cannot say


@dataclass(frozen=True, slots=True)
class Rules:
    """What the values of a register are held to: its scale and its markings."""

    scale: Scale
    markings: Markings


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. `refers` is the kind whose ids it names; what is `computed` is changed by no hand."""

    name: str
    kind: FieldKind
    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()
    axis: Axis | None = None
    refers: str = ""
    computed: bool = False


def _nothing_more(_values: Values) -> Iterable[str]:
    return ()


@dataclass(frozen=True)  # without slots, so that names are looked up in a mapping that is made once
class Form:
    """The fields of one kind of entity; `problems` says what is wrong with them together."""

    kind: str
    title: str
    fields: tuple[Field, ...]
    problems: Callable[[Values], Iterable[str]] = _nothing_more

    @cached_property
    def _by_name(self) -> Mapping[str, Field]:
        return {one.name: one for one in self.fields}

    def field(self, name: str) -> Field | None:
        """One field by its name; None where the form has none of it."""
        return self._by_name.get(name)


def checked(form: Form, id_: str, values: Values, rules: Rules) -> dict[str, Any]:
    """The values as the log keeps them. RegisterError with everything that is wrong with them.

    Keys are names of fields, or EXTRA and a name of the user's own. What is empty has no value. A marking that was
    not given is the default of the scheme.
    """
    found, wrong = read(form, values, rules)
    if "marking" not in found and form.field("marking") is not None:
        found["marking"] = rules.markings.default
    wrong += [f"{one.name} is missing" for one in form.fields if one.required and one.name not in found]
    if not wrong:
        wrong += form.problems(found)
    if wrong:
        lines = "\n".join(f"  {problem}" for problem in wrong)
        raise RegisterError(f"{form.kind} {id_!r} refused:\n{lines}")
    return found


def read(form: Form, values: Values, rules: Rules) -> tuple[dict[str, Any], list[str]]:
    """Words or cells as values, and what could not be read."""
    found: dict[str, Any] = {}
    wrong: list[str] = []
    for name, given in values.items():
        try:
            value = _named_value(form, name, given, rules)
        except ValueError as error:
            wrong.append(f"{name} is {given!r}: {error}")
            continue
        if value is not None:
            found[name] = value
    return found, wrong


def _named_value(form: Form, name: str, given: Any, rules: Rules) -> Any:  # noqa: ANN401 - of any declared kind
    """One value as the log keeps it; None where nothing was given; ValueError with what was expected."""
    field = form.field(name)
    if field is None and not name.startswith(EXTRA):
        known = ", ".join(one.name for one in form.fields)
        raise ValueError(f"no field of a {form.kind}. There are: {known}; or {EXTRA}name for your own")
    if given is None or given == "" or given in ([], {}):
        return None
    return _extra(given) if field is None else _READERS[field.kind](field, given, rules)


def _text(given: object) -> str:
    if isinstance(given, float) and given.is_integer():
        given = int(given)  # a workbook knows no whole numbers
    text = str(given).replace("\r\n", "\n").replace("\r", "\n")
    if _NOT_TEXT.search(text) or _PLACEHOLDER.search(text):
        raise ValueError("write plain text; control characters and half characters cannot be kept")
    if len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        raise ValueError(f"write at most {LONGEST_TEXT:,} characters")
    if not text.strip():
        raise ValueError("write something, or leave it empty")
    return text


def _level(field: Field, given: object, rules: Rules) -> int:
    levels = rules.scale.levels(field.axis or "likelihood")
    word = _text(given).strip().casefold()
    for one in levels:
        if word in (str(one.level), one.label.casefold()):
            return one.level
    raise ValueError("write one of " + ", ".join(f"{one.level} ({one.label})" for one in levels))


def _integer(given: object) -> int:
    word = _text(given).strip().replace(",", "").replace("_", "")
    if not re.fullmatch(r"\d{1,30}", word):
        raise ValueError("write a whole number, 0 or more")
    return int(word)


def _number(given: object) -> float:
    try:
        number = float(_text(given))
    except ValueError:
        raise ValueError("write a number") from None
    if not math.isfinite(number):
        raise ValueError("write a finite number")
    return number


def _day(given: object) -> str:
    if isinstance(given, datetime):
        given = given.date()
    if isinstance(given, date):
        return given.isoformat()
    try:
        return date.fromisoformat(_text(given).strip()).isoformat()
    except ValueError:
        raise ValueError("write a day as 2026-11-25") from None


def _one_of(given: object, choices: tuple[str, ...]) -> str:
    word = _text(given).strip().casefold()
    for choice in choices:
        if word == choice.casefold():
            return choice
    raise ValueError(f"write one of {', '.join(choices)}")


def _ids(given: object) -> list[str] | None:
    words = re.split(r"[;,\n]", _text(given)) if not isinstance(given, list | tuple) else given
    return sorted({_text(word).strip() for word in words if str(word).strip()}) or None


def _mapping(given: object) -> dict[str, str]:
    if not isinstance(given, Mapping):
        raise ValueError("this is not written by hand")  # noqa: TRY004 - told with the rest
    return {_text(key): _text(value) for key, value in given.items()}


def _extra(given: Any) -> Any:  # noqa: ANN401 - a cell of any kind
    """A cell of a column that we do not know, as JSON; a day or time keeps its kind."""
    if given is None or given == "":
        return None
    if isinstance(given, datetime):
        return {"datetime": given.isoformat(timespec="seconds")}
    if isinstance(given, date):
        return {"date": given.isoformat()}
    if isinstance(given, float):
        return int(given) if given.is_integer() and abs(given) < 2**53 else given
    return _text(given) if isinstance(given, str) else given


_READERS: Mapping[FieldKind, Callable[[Field, Any, Rules], Any]] = {
    "text": lambda _field, given, _rules: _text(given),
    "level": _level,
    "integer": lambda _field, given, _rules: _integer(given),
    "number": lambda _field, given, _rules: _number(given),
    "date": lambda _field, given, _rules: _day(given),
    "choice": lambda field, given, _rules: _one_of(given, field.choices),
    "marking": lambda _field, given, rules: _one_of(given, rules.markings.names),
    "ids": lambda _field, given, _rules: _ids(given),
    "mapping": lambda _field, given, _rules: _mapping(given),
}
