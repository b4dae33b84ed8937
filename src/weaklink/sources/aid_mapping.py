"""How does somebody else's table of assistance become entries? By a TOML file that says which column is what.

A row may hold several entries: a donor's month with financial, humanitarian and military sums is three. Amounts are
read as exact decimals and multiplied exactly; what is no whole hundredth of the currency then is refused, and so is a
row whose parts do not add up to its printed total.
"""

from __future__ import annotations

import calendar
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from weaklink import tomlfile
from weaklink.provenance import Card
from weaklink.sources import intake, workbook
from weaklink.sources.aid_sheet import Fields, Read, Words, cells_of, gathered, hundredths
from weaklink.sources.bundle import Bundle
from weaklink.sources.intake import Problems
from weaklink.sources.sheet import checked_row

NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
MOST_BYTES = 256 << 20


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Dated(_Part):
    """Where the day of a row stands: in one column, or in columns of year and month."""

    column: str = Field(default="", description="column with a whole day")
    year: str = Field(default="", description="column with the year")
    month: str = Field(default="", description="column with the month, 1 to 12")
    day: Literal["first", "last"] = Field(default="last", description="which day of the month stands for it")


class Made(_Part):
    """One entry that a row holds."""

    suffix: str = Field(min_length=1, description="what is added to the id of the row")
    kind: str = Field(min_length=1, description="pledge, commitment, allocation, delivery, …")
    item_class: str = Field(min_length=1, description="class of items")
    amount: str = Field(min_length=1, description="column with the amount")


class Check(_Part):
    """A printed total that parts must add up to, in every row."""

    total: str = Field(min_length=1, description="column with the total")
    parts: tuple[str, ...] = Field(min_length=1, description="columns that add up to it")


class AidMapping(_Part):
    """A file that says how a table becomes entries."""

    title: str = Field(min_length=1, description="what the table is")
    source: str = Field(min_length=1, description="who publishes it; goes into every entry")
    licence: str = Field(min_length=1, description="its terms")
    sheet: str = Field(default="", description="sheet of a workbook; left out: the first")
    id: str = Field(
        min_length=1, description="id of a row, with columns in braces: tracker-{iso}-{year}-{month}"
    )
    date: Dated = Field(description="where the day stands")
    multiply: str = Field(
        default="1", pattern=r"^\d+$", description="what amounts are multiplied by: 1000000000 for billions"
    )
    digits: int | None = Field(
        default=None,
        ge=0,
        le=12,
        description="decimals to which numbers of a workbook are rounded before that",
    )
    columns: dict[str, str] = Field(default_factory=dict, description="our field = their column")
    fixed: dict[str, str] = Field(default_factory=dict, description="our field = one text for all rows")
    renamed: dict[str, str] = Field(
        default_factory=dict, description="their word = ours, for donors and recipients"
    )
    entry: tuple[Made, ...] = Field(min_length=1, description="the entries that a row holds")
    check: tuple[Check, ...] = Field(default=(), description="printed totals to check")

    def needed(self) -> set[str]:
        """Every column that the table must have."""
        day = {name for name in (self.date.column, self.date.year, self.date.month) if name}
        sums = {name for one in self.check for name in (one.total, *one.parts)}
        named = set(re.findall(r"\{([^{}]+)\}", self.id))
        return day | sums | named | set(self.columns.values()) | {one.amount for one in self.entry}


@dataclass(frozen=True, slots=True)
class Mapped:
    """Entries of a table, with each amount column's printed sum beside the sum of the entries, in hundredths."""

    read: Read
    rows: int
    printed: Mapping[str, Fraction]
    loaded: Mapping[str, int]


def read_mapped(path: Path, mapping: AidMapping, known: Words) -> Mapped:
    """Read a table (CSV or workbook) by a mapping; SourceError with every problem of it."""
    problems = Problems(path.name)
    table = list(_table(intake.checked_path(path), mapping))
    header = [str(cell).strip() for cell in table[0]] if table else []
    absent = sorted(mapping.needed() - set(header))
    for name in absent:
        problems.add(1, "", ", ".join(header)[:150], f"a header with a column {name}", "Correct the mapping.")
    problems.refuse_if_any()
    rows = [
        (line, {name: _text(cell) for name, cell in zip(header, row, strict=False)})
        for line, row in enumerate(table[1:], start=2)
        if any(str(cell).strip() for cell in row)
    ]
    printed = dict.fromkeys((one.amount for one in mapping.entry), Fraction(0))
    loaded = dict.fromkeys(printed, 0)
    checked: list[tuple[int | None, Fields]] = []
    for line, row in rows:
        _check_totals(line, row, mapping, problems)
        for made in mapping.entry:
            value = _amount(line, row, made.amount, mapping, problems)
            printed[made.amount] += value
            if value:
                texts = _texts(line, row, made, value, mapping, problems)
                fields = checked_row(line, texts, cells_of(known), problems)
                if fields is not None:
                    checked.append((line, fields))
                    loaded[made.amount] += hundredths(fields["amount"])
    entries = gathered(checked, problems)
    card = Card(
        name=path.name,
        what=mapping.title,
        source=mapping.source,
        licence=mapping.licence,
        vintage="as read",
        sha256=intake.sha256(path),
        derived_by="read by a mapping of columns",
        rows=len(rows),
    )
    return Mapped(Read(entries, card), len(rows), printed, loaded)


def read_mapping(path: Path) -> AidMapping:
    """A mapping from its TOML file."""
    return tomlfile.read(path, AidMapping)


def _table(path: Path, mapping: AidMapping) -> Iterator[Sequence[object]]:
    if workbook.is_workbook(path):
        yield from workbook.rows_of(Bundle(path, (path.name,)), None, mapping.sheet)
        return
    parts, size = [], 0
    with intake.text_stream(path) as stream:
        while part := stream.read(intake.BLOCK):
            parts.append(part)
            size += len(part)
            if size > MOST_BYTES:
                raise intake.refused(
                    path.name, f"over {MOST_BYTES >> 20} MB", "a tracker's table", "Split it."
                )
    try:
        text = b"".join(parts).decode("utf-8-sig")
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except (UnicodeDecodeError, csv.Error) as error:
        raise intake.refused(path.name, str(error)[:80], "CSV in UTF-8", "Save it as CSV (UTF-8).") from error


def _text(cell: object) -> str:
    """A cell as text: days as 2022-11-30, whole numbers without a point, others as printed."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.12f}".rstrip("0")
    return str(cell).strip()


def _number(text: str, mapping: AidMapping) -> Fraction | None:
    if text in ("", "-", "."):
        return Fraction(0)
    if not NUMBER.fullmatch(text):
        return None
    return Fraction(text) if mapping.digits is None else Fraction(round(Fraction(text), mapping.digits))


def _amount(
    line: int, row: Mapping[str, str], column: str, mapping: AidMapping, problems: Problems
) -> Fraction:
    """The number in a column, not multiplied; what is no amount is noted, and counts as nothing."""
    found = _number(row[column], mapping)
    if found is None or found < 0:
        problems.add(
            line, column, row[column], "an amount that is not negative", "Correct it, or leave the row out."
        )
        return Fraction(0)
    if (found * int(mapping.multiply) * 100).denominator != 1:
        problems.add(
            line, column, row[column], "whole hundredths once multiplied", "Set `digits` or `multiply`."
        )
    return found


def _check_totals(line: int, row: Mapping[str, str], mapping: AidMapping, problems: Problems) -> None:
    for one in mapping.check:
        total, parts = _number(row[one.total], mapping), [_number(row[name], mapping) for name in one.parts]
        added = sum((part or Fraction(0) for part in parts), Fraction(0))
        if total is None or total != added:
            expected = f"{float(added):.12g}, the sum of {' + '.join(one.parts)}"
            problems.add(line, one.total, row[one.total], expected, "Ask the source, or drop the check.")


def _texts(
    line: int, row: Mapping[str, str], made: Made, value: Fraction, mapping: AidMapping, problems: Problems
) -> dict[str, str]:
    """The texts of one entry, as in a sheet of ours."""
    found = {**mapping.fixed, **{ours: row[theirs] for ours, theirs in mapping.columns.items()}}
    for role in ("donor", "recipient"):
        found[role] = mapping.renamed.get(found.get(role, ""), found.get(role, ""))
    amount = round(value * int(mapping.multiply) * 100)
    named = re.sub(r"\{([^{}]+)\}", lambda part: row[part[1]], mapping.id)
    return {
        "source": f"{mapping.source}, row {line}",
        **found,
        "id": f"{named}-{made.suffix}",
        "kind": made.kind,
        "item_class": made.item_class,
        "date": _day_of(line, row, mapping.date, problems),
        "amount": f"{amount // 100}.{amount % 100:02d}" if amount % 100 else str(amount // 100),
    }


def _day_of(line: int, row: Mapping[str, str], asked: Dated, problems: Problems) -> str:
    if asked.column:
        return row[asked.column]
    try:
        year, month = int(row[asked.year]), int(row[asked.month])
        last = calendar.monthrange(year, month)[1]
        return date(year, month, 1 if asked.day == "first" else last).isoformat()
    except (ValueError, KeyError, calendar.IllegalMonthError):
        shown = f"{row.get(asked.year, '')}-{row.get(asked.month, '')}"
        problems.add(line, asked.month, shown, "a year and a month", "Correct it.")
        return "2000-01-01"
