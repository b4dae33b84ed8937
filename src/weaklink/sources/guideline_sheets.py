"""How are values read that a user enters for indicators, and what members say of themselves?

    entered values      country, indicator, value, unit, source, date
    self-assessments    country, subject, value, source, date

`country` is a country, or `bloc` for the bloc as one. The latest of several dates holds; no date occurs twice.
A row without a value is one that nobody has filled in yet; the value `n/a` says that the indicator does not apply.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from weaklink.nearest import did_you_mean
from weaklink.provenance import Card
from weaklink.sources.intake import Problems
from weaklink.sources.sheet import Cell, Sheet, countries, read_sheet, words

DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
AS_ONE = "bloc"
NOT_APPLICABLE = "n/a"


@dataclass(frozen=True, slots=True)
class Entered:
    """A value that somebody entered, with its source and its day; not-a-number says that it does not apply."""

    country: str
    subject: str
    value: float
    unit: str
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class EnteredSheet:
    """Values by country and subject, the latest of each, and the card of their file."""

    values: Mapping[tuple[str, str], Entered]
    card: Card | None


NOTHING = EnteredSheet({}, None)


def read_entered(path: Path, units: Mapping[str, str]) -> EnteredSheet:
    """Read entered values; `units` maps each name that may occur to the unit it is in.

    Raises SourceError with every problem: unknown names, other units, numbers and days that are none.
    """
    cells = {
        "country": _party(),
        "indicator": _name(units, "an indicator of the framework"),
        "value": _decimal(),
        "unit": words("the unit of the indicator"),
        "source": words("where the value comes from"),
        "date": _day(),
    }
    return _read(path, cells, "indicator", _right_unit(units))


def read_self_assessed(path: Path, subjects: Iterable[str]) -> EnteredSheet:
    """Read what members say of themselves on requirements (0 to 10) or self-assessed indicators."""
    cells = {
        "country": _party(),
        "subject": _name(dict.fromkeys(subjects, ""), "a requirement or self-assessed indicator"),
        "value": _decimal(),
        "source": words("who said so, and where"),
        "date": _day(),
    }
    return _read(path, cells, "subject", lambda _row: "")


def _read(
    path: Path, cells: Mapping[str, Cell], key: str, unit_wanted: Callable[[Mapping[str, str]], str]
) -> EnteredSheet:
    problems = Problems(path.name)
    sheet = read_sheet(path, cells, problems)
    found: dict[tuple[str, str], Entered] = {}
    days: set[tuple[str, str, str]] = set()
    for line, row in sheet.rows:
        if row["value"] is None:
            continue
        if not row["source"]:
            problems.add(
                line, "source", "", "where the value comes from", "A value without a source is not used."
            )
        entry = Entered(
            row["country"], row[key], row["value"], row.get("unit", ""), row["source"], row["date"]
        )
        if wanted := unit_wanted(row):
            problems.add(line, "unit", entry.unit, wanted, "Convert the value, or correct the unit.")
        if (*(place := (entry.country, entry.subject)), entry.date) in days:
            problems.add(line, key, entry.subject, "the only value of its country and day", "Remove one row.")
        days.add((*place, entry.date))
        if place not in found or found[place].date < entry.date:
            found[place] = entry
    problems.refuse_if_any()
    return EnteredSheet(found, _card(sheet))


def _right_unit(units: Mapping[str, str]) -> Callable[[Mapping[str, str]], str]:
    """What was expected where a row has another unit than its indicator; else empty."""

    def wanted(row: Mapping[str, str]) -> str:
        unit = units[row["indicator"]]
        return "" if row["unit"] == unit else f"{unit!r}, the unit of {row['indicator']}"

    return wanted


def _party() -> Cell:
    known = countries()

    def read(text: str) -> str:
        return AS_ONE if text.casefold() == AS_ONE else str(known.read(text))

    return Cell(read, "a country, or bloc", required=True)


def _name(known: Mapping[str, str], expected: str) -> Cell:
    def read(text: str) -> str:
        if text in known:
            return text
        raise ValueError(did_you_mean(text, known).strip() or "See `weaklink guidelines show`.")

    return Cell(read, expected, required=True)


def _decimal() -> Cell:
    def read(text: str) -> float:
        if text.casefold() == NOT_APPLICABLE:
            return math.nan
        if not DECIMAL.fullmatch(text):
            raise ValueError
        return float(text)

    return Cell(read, "a number such as 0.85, or n/a", "Write plain digits with a decimal point.")


def _day() -> Cell:
    def read(text: str) -> str:
        return date.fromisoformat(text).isoformat()

    return Cell(read, "a day such as 2022-10-01", "Write year-month-day.", required=True)


def _card(sheet: Sheet) -> Card:
    return sheet.card()
