"""How are entries of the ledger of assistance read: from a sheet of ours, from single fields, with rates and GDP?

Texts become checked fields: days, countries, units and amounts, all as text or whole numbers, as the register keeps
them. A quantity has at most three decimals, an amount at most two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

from weaklink.codes.countries import country
from weaklink.errors import CodeError
from weaklink.nearest import did_you_mean
from weaklink.provenance import Card
from weaklink.sources.intake import Problems
from weaklink.sources.sheet import Cell, checked_row, read_sheet, words

MOST_BYTES = 256 << 20  # of a ledger: a million entries
QUANTITY = re.compile(r"\d{1,12}(\.\d{1,3})?")
AMOUNT = re.compile(r"\d{1,15}(\.\d{1,2})?")
RATE = re.compile(r"\d{1,9}(\.\d{1,9})?")
CURRENCY = re.compile(r"[A-Z]{3}")
USER_ASSIGNED = re.compile(r"X[A-Z]{2}")  # by ISO 3166 free for users: parties of exercises
ID = re.compile(r"\S(.{0,98}\S)?")


@dataclass(frozen=True, slots=True)
class Words:
    """The words that entries may use, as the room of the ledger knows them."""

    kinds: tuple[str, ...]
    classes: tuple[str, ...]
    units: tuple[str, ...]
    institutions: tuple[str, ...]


Fields = dict[str, Any]


def cells_of(known: Words) -> Mapping[str, Cell]:
    """What may stand in each column of a sheet of entries."""
    return MappingProxyType(
        {
            "id": Cell(_id, "an id of up to 100 characters", "Give each entry its own id.", required=True),
            "kind": _one_of(known.kinds, required=True),
            "date": _day(required=True),
            "donor": party(known.institutions),
            "recipient": party(known.institutions),
            "item_class": _one_of(known.classes),
            "item": words("what it is"),
            "quantity": _plain(QUANTITY, "a quantity with at most three decimals"),
            "unit": _one_of(known.units),
            "amount": _plain(AMOUNT, "an amount with at most two decimals"),
            "market": _plain(AMOUNT, "an amount with at most two decimals"),
            "replacement": _plain(AMOUNT, "an amount with at most two decimals"),
            "currency": _plain(CURRENCY, "a currency such as EUR", "Write its three capitals (ISO 4217)."),
            "follows": words("the id of the entry that it carries out"),
            "need": words("the id of the need that it serves"),
            "joint": words("the id of the joint entry that it is a share of"),
            "announces": words("the id of the entry that it announces again"),
            "urgency": Cell(_urgency, "1, most urgent, to 5", empty=None),
            "by_when": _day(),
            "place": words("where it is needed or where it arrives"),
            "exception": words("why a rule may be broken"),
            "source": words("where it is said"),
            "note": words("what else to know"),
        }
    )


@dataclass(frozen=True, slots=True)
class Read:
    """Entries as fields, by their id, with their kind among the fields, and the card of their file."""

    entries: Mapping[str, Fields]
    card: Card


def read_entries(path: Path, known: Words) -> Read:
    """Read a sheet of entries; SourceError with every problem of it."""
    problems = Problems(path.name)
    sheet = read_sheet(path, cells_of(known), problems, MOST_BYTES)
    return Read(gathered(sheet.rows, problems), sheet.card())


def gathered(
    rows: Iterable[tuple[int | None, Mapping[str, Any]]], problems: Problems
) -> Mapping[str, Fields]:
    """Checked rows by their id, empty fields left out; SourceError where any row is wrong in itself."""
    found: dict[str, Fields] = {}
    for line, row in rows:
        check_together(line, row, problems)
        if row["id"] in found:
            problems.add(line, "id", row["id"], "an id that occurs once", "Give each entry its own id.")
        found[row["id"]] = {
            name: value for name, value in row.items() if value not in ("", None) and name != "id"
        }
    problems.refuse_if_any()
    return found


def checked_fields(texts: Mapping[str, str], known: Words, file: str) -> Fields:
    """Fields typed one by one, such as `quantity=12`; SourceError for names and values that may not stand there."""
    problems = Problems(file)
    cells = cells_of(known)
    for name in texts.keys() - cells.keys():
        problems.add(None, "", name, f"a field: {', '.join(cells)}", _nearest(name, cells))
    row = checked_row(None, {name: text for name, text in texts.items() if name in cells}, cells, problems)
    if row is not None:
        check_together(None, row, problems)
    problems.refuse_if_any()
    return {name: value for name, value in (row or {}).items() if value not in ("", None) and name != "id"}


def check_together(line: int | None, row: Mapping[str, Any], problems: Problems) -> None:
    """Note what does not go together: a quantity without a unit, money without a currency, a promise of nobody."""

    def lacking(column: str, expected: str, remedy: str) -> None:
        problems.add(line, column, str(row[column] or ""), expected, remedy)

    if bool(row["quantity"]) != bool(row["unit"]):
        lacking("unit", "a unit where there is a quantity, and no other way", "Give both or neither.")
    if any(row[one] for one in ("amount", "market", "replacement")) != bool(row["currency"]):
        lacking("currency", "a currency where there is an amount, and no other way", "Give both or neither.")
    if row["kind"] == "need" and not (row["quantity"] or row["amount"]):
        lacking("quantity", "how much is needed", "Give a quantity with its unit, or an amount.")
    if row["kind"] == "need" and not row["recipient"]:
        lacking("recipient", "who needs it", "Write an ISO3 code.")
    if row["kind"] not in ("need", "verification") and not row["donor"]:
        lacking("donor", "who gives it", "Write an ISO3 code, or an institution such as EU.")
    if row["kind"] in ("withdrawal", "verification") and not row["follows"]:
        lacking("follows", f"the id of what this {row['kind']} is of", "Name the entry.")
    if row["kind"] != "verification" and not row["item_class"]:
        lacking("item_class", "a class of items", "See `weaklink aid words`.")


@dataclass(frozen=True, slots=True)
class RateRow:
    """One row of a sheet of rates of exchange."""

    day: str
    currency: str
    to: str
    per_unit: Fraction
    source: str


def read_rates(path: Path) -> tuple[tuple[RateRow, ...], Card]:
    """Read dated rates: columns day, currency, to, rate, source; on that day one `currency` is `rate` of `to`."""
    cells = {
        "day": _day(required=True),
        "currency": _plain(CURRENCY, "a currency such as USD", required=True),
        "to": _plain(CURRENCY, "a currency such as EUR", required=True),
        "rate": Cell(
            _rate, "a positive rate such as 0.9612", "Write it with a decimal point.", required=True
        ),
        "source": words("whose rate it is", required=True),
    }
    problems = Problems(path.name)
    sheet = read_sheet(path, cells, problems)
    problems.refuse_if_any()
    rates = tuple(
        RateRow(row["day"], row["currency"], row["to"], row["rate"], row["source"]) for _, row in sheet.rows
    )
    return rates, sheet.card()


def read_gdp(path: Path, institutions: tuple[str, ...]) -> tuple[Mapping[str, Fields], Card]:
    """Read GDP by donor: columns country, year, gdp, currency, source; `gdp` in whole units of the currency."""
    cells = {
        "country": party(institutions, required=True),
        "year": _plain(re.compile(r"(19|20)\d\d"), "a year", required=True),
        "gdp": _plain(AMOUNT, "an amount with at most two decimals", required=True),
        "currency": _plain(CURRENCY, "a currency such as EUR", required=True),
        "source": words("whose figure it is", required=True),
    }
    problems = Problems(path.name)
    sheet = read_sheet(path, cells, problems)
    found: dict[str, Fields] = {}
    for line, row in sheet.rows:
        if row["country"] in found:
            problems.add(line, "country", row["country"], "one row for each country", "Choose one year.")
        found[row["country"]] = dict(row)
    problems.refuse_if_any()
    return found, sheet.card()


def hundredths(text: str) -> int:
    """An amount as whole hundredths.

    >>> hundredths("12"), hundredths("12.5"), hundredths("0.07")
    (1200, 1250, 7)
    """
    return _scaled(text, 2)


def thousandths(text: str) -> int:
    """A quantity as whole thousandths.

    >>> thousandths("12"), thousandths("0.25")
    (12000, 250)
    """
    return _scaled(text, 3)


def _scaled(text: str, digits: int) -> int:
    whole, point, part = text.partition(".")
    return int(whole + part.ljust(digits, "0")) if point else int(whole) * 10**digits


def party(institutions: tuple[str, ...], *, required: bool = False) -> Cell:
    """A column of countries by any code or name, institutions by their short name, or XAA to XZZ in exercises."""

    def read(text: str) -> str:
        if text in institutions or USER_ASSIGNED.fullmatch(text):
            return text
        try:
            return country(text)
        except CodeError as error:
            nearest = f"; nearest: {', '.join(error.nearest)}" if error.nearest else ""
            raise ValueError(f"Write an ISO3 code, or one of {', '.join(institutions)}{nearest}.") from error

    return Cell(read, "a country or institution", required=required, empty="")


def _one_of(known: tuple[str, ...], *, required: bool = False) -> Cell:
    def read(text: str) -> str:
        if text in known:
            return text
        raise ValueError(_nearest(text, known))

    return Cell(read, f"one of {', '.join(known)}", required=required, empty="")


def _nearest(text: str, known: Iterable[str]) -> str:
    return did_you_mean(text, known).strip() or "Correct it."


def _plain(
    form: re.Pattern[str], expected: str, remedy: str = "Correct it.", *, required: bool = False
) -> Cell:
    """A text that must have a form, kept as it is."""

    def read(text: str) -> str:
        if not form.fullmatch(text):
            raise ValueError
        return text

    return Cell(read, expected, remedy, required=required, empty="")


def _day(*, required: bool = False) -> Cell:
    def read(text: str) -> str:
        return date.fromisoformat(text).isoformat()

    return Cell(read, "a day such as 2022-11-30", "Write year-month-day.", required=required, empty="")


def _id(text: str) -> str:
    if ID.fullmatch(text) is None or not text.isprintable():
        raise ValueError
    return text


def _urgency(text: str) -> int:
    if text not in {"1", "2", "3", "4", "5"}:
        raise ValueError
    return int(text)


def _rate(text: str) -> Fraction:
    if not RATE.fullmatch(text) or Fraction(text) == 0:
        raise ValueError
    return Fraction(text)
