"""How is a TOML file of a user's read, so that what is wrong is named with its line, key and allowed values?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from weaklink.errors import Problem, SourceError
from weaklink.nearest import did_you_mean

Model = TypeVar("Model", bound=BaseModel)
Key = tuple[str | int, ...]

_TABLE = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-\"' ]+?)\s*\]\]?\s*(?:#.*)?$")
_ENTRY = re.compile(r"^\s*([A-Za-z0-9_\-\"'.]+)\s*=")


def read(path: Path, model: type[Model]) -> Model:
    """The file as a checked value of `model`; SourceError with every problem of the file."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _refused(path.name, None, "", str(error), "UTF-8 text", "Save the file as UTF-8.") from error
    except OSError as error:
        raise _refused(path.name, None, "", error.strerror or "", "a file", "Check the path.") from error
    return parsed(text, path.name, model)


def parsed(text: str, name: str, model: type[Model]) -> Model:
    """The text of a file called `name` as a checked value of `model`; SourceError with every problem."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        row = int(line[1]) if line else len(text.splitlines())
        raise _refused(name, row, "", str(error), "TOML", "Mend the line; text stands in quotes.") from error
    try:
        return model.model_validate(content)
    except ValidationError as error:
        lines, errors = _lines(text), [dict(one) for one in error.errors()]
        raise SourceError(
            [_problem(name, lines, one, model) for one in errors if _first(one, errors)]
        ) from error


def _first(error: Mapping[str, Any], errors: Sequence[Mapping[str, Any]]) -> bool:
    """Whether an error is not merely a consequence of one deeper inside the same key."""
    key = error["loc"]
    return not any(len(one["loc"]) > len(key) and one["loc"][: len(key)] == key for one in errors)


def _problem(
    name: str, lines: Mapping[Key, int], error: Mapping[str, Any], model: type[BaseModel]
) -> Problem:
    key: Key = tuple(error["loc"])
    where, row = ".".join(map(str, key)), _line(lines, key)
    if error["type"] == "missing":
        return Problem(name, row, where, "nothing", f"a value for {key[-1]}", "Add the key.", "key")
    if error["type"] == "extra_forbidden":
        known = _keys(model)
        expected = f"a known key: {', '.join(known)}"
        return Problem(name, row, where, str(key[-1]), expected, _hint(str(key[-1]), known), "key")
    value, allowed = str(error["input"]), _allowed(error)
    expected = f"one of {', '.join(allowed)}" if allowed else _plain(str(error["msg"]))
    return Problem(name, row, where, value, expected, _hint(value, allowed), "key")


def _plain(message: str) -> str:
    """Pydantic's sentence as what was expected."""
    return re.sub(r"^Input should be ", "", message)


def _keys(model: type[BaseModel]) -> list[str]:
    """Every key that the model or a part of it knows."""
    schema = model.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return sorted({key for part in parts for key in part.get("properties", {})})


def _allowed(error: Mapping[str, Any]) -> Sequence[str]:
    """The values that were allowed, where they can be listed."""
    context = error.get("ctx") or {}
    if "allowed" in context:
        return str(context["allowed"]).split(", ")
    return re.findall(r"'([^']+)'", str(context.get("expected", "")))


def _hint(value: str, allowed: Sequence[str]) -> str:
    return did_you_mean(value, allowed).strip() or "Correct the value."


def _line(lines: Mapping[Key, int], key: Key) -> int | None:
    """The line of a key, or of the nearest thing around it that stands in the file."""
    while key and key not in lines:
        key = key[:-1]
    return lines.get(key)


def _lines(text: str) -> dict[Key, int]:
    """On which line each key and each table begins."""
    lines: dict[Key, int] = {}
    table: Key = ()
    counts: dict[Key, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _TABLE.match(line):
            table = _placed(found[2].strip("\"'"), counts)
            if found[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            lines.setdefault(table, number)
        elif entry := _ENTRY.match(line):
            lines.setdefault((*table, *entry[1].strip("\"'").split(".")), number)
    return lines


def _placed(name: str, counts: Mapping[Key, int]) -> Key:
    """The key of a table by its name: inside the last entry so far of each array that it belongs to.

    >>> _placed("plan.goal", {("plan",): 2})
    ('plan', 2, 'goal')
    """
    *outer, last = name.split(".")
    key: Key = ()
    for part in outer:
        key = (*key, part)
        if key in counts:
            key = (*key, counts[key])
    return (*key, last)


def _refused(name: str, row: int | None, key: str, value: str, expected: str, remedy: str) -> SourceError:
    return SourceError([Problem(name, row, key, value, expected, remedy, "key")])
