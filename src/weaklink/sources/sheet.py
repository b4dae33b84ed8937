"""How is a small table that a user has typed read? Every cell by what its column may hold, all problems together.

A sheet is a CSV file with a header, commas and decimal points, in UTF-8: what a spreadsheet saves. It is read
whole, unlike the bulk files of trade. An empty cell is a value that is not known.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weaklink.codes.countries import UNIDENTIFIED, country
from weaklink.errors import CodeError
from weaklink.provenance import Card
from weaklink.sources import intake
from weaklink.sources.intake import Problems

MOST_BYTES = 16 << 20  # a sheet is typed, not downloaded
NUMBER = re.compile(r"\d{1,15}(\.\d{1,15})?")
SEPARATED = "Separate columns by commas and write decimals with a point: save as CSV (UTF-8)."


@dataclass(frozen=True, slots=True)
class Cell:
    """What may stand in a column.

    `read` makes a value of the text, or raises ValueError, whose message, if it has one, is told instead of
    `remedy`. A `required` column must be in the header and have no empty cells; `empty` stands for an empty
    cell of any other.
    """

    read: Callable[[str], Any]
    expected: str
    remedy: str = "Correct it."
    required: bool = False
    empty: Any = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet, each with the line it stood on, and the columns that were not read."""

    file: str
    sha256: str
    rows: tuple[tuple[int, Mapping[str, Any]], ...]
    ignored: tuple[str, ...]

    def card(self) -> Card:
        """What provenance records of a file of the user's own."""
        return Card(
            name=self.file,
            what="a sheet of your own",
            source="your file",
            licence="yours",
            vintage="as read",
            sha256=self.sha256,
            derived_by="read as it stands",
            original_sha256=self.sha256,
            rows=len(self.rows),
        )


def read_sheet(
    path: Path, cells: Mapping[str, Cell], problems: Problems, most_bytes: int = MOST_BYTES
) -> Sheet:
    """Read a sheet by what its columns may hold; what is wrong is noted, and good rows still come.

    A file of more than `most_bytes` is refused. Columns that are not among `cells` are not read. Raises SourceError
    where the file cannot be read at all.
    """
    path = intake.checked_path(path)
    lines = list(_lines(_text(path, most_bytes), problems))
    header = [name.strip() for name in lines[0][1]] if lines else []
    named = _named(header, cells, problems)
    rows = tuple(
        (line, row)
        for line, texts in (lines[1:] if named else [])
        if (row := _row(line, texts, header, cells, problems)) is not None
    )
    if named and not rows and not problems.count:
        problems.add(None, "", "no rows", "a table with rows below its header", "Fill it in.")
    ignored = tuple(name for name in header if name not in cells)
    return Sheet(intake.printable(path.name), intake.sha256(path), rows, ignored)


def number(lowest: float, highest: float, unit: str, remedy: str = "Correct it.") -> Cell:
    """A column of plain decimal numbers within bounds; an empty cell is not-a-number.

    >>> share = number(0, 1, "a share from 0 to 1")
    >>> share.read("0.25"), share.empty
    (0.25, nan)
    """

    def read(text: str) -> float:
        if not NUMBER.fullmatch(text) or not lowest <= float(text) <= highest:
            raise ValueError
        return float(text)

    return Cell(read, unit, remedy, empty=math.nan)


def words(expected: str, *, required: bool = False) -> Cell:
    """A column of free text; an empty cell is an empty text."""

    def read(text: str) -> str:
        if not text.isprintable():
            raise ValueError
        return text

    return Cell(read, expected, "Write it on one line.", required=required, empty="")


def choice(meanings: Mapping[str, str], *, required: bool = False, empty: str = "") -> Cell:
    """A column of a few words, in capitals or not, each with its meaning."""

    def read(text: str) -> str:
        if text.casefold() not in meanings:
            raise ValueError
        return meanings[text.casefold()]

    return Cell(read, f"one of {', '.join(meanings)}", required=required, empty=empty)


def countries() -> Cell:
    """A required column of countries, by any code or name; ZZZ is one that is not identified."""

    def read(text: str) -> str:
        if text.upper() == UNIDENTIFIED:
            return UNIDENTIFIED
        try:
            return country(text)
        except CodeError as error:
            nearest = f"; nearest: {', '.join(error.nearest)}" if error.nearest else ""
            raise ValueError(
                f"Write an ISO3 code such as DEU, or ZZZ for what is not identified{nearest}."
            ) from error

    return Cell(read, "a country", required=True)


def _text(path: Path, most_bytes: int) -> str:
    """The whole file as text."""
    if intake.kind_of(path) in ("zip", "parquet"):
        raise intake.refused(path.name, "a workbook or archive", "a CSV file", SEPARATED)
    parts, size = [], 0
    with intake.text_stream(path) as stream:
        while part := stream.read(intake.BLOCK):
            parts.append(part)
            size += len(part)
            if size > most_bytes:
                raise intake.refused(
                    path.name,
                    f"over {most_bytes >> 20} MB",
                    "a table that was typed",
                    "Is it the right file?",
                )
    try:
        return b"".join(parts).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        shown = error.object[error.start : error.start + 20].decode("latin-1")
        raise intake.refused(
            path.name, intake.printable(shown), "UTF-8 text", "Save it as CSV (UTF-8)."
        ) from error


def _lines(text: str, problems: Problems) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows as lists of cells, each with its line; empty lines are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        problems.add(reader.line_num, "", str(error), "a row of cells", "Check its quotes and separators.")


def _named(header: Sequence[str], cells: Mapping[str, Cell], problems: Problems) -> bool:
    """Whether the header has every required column, and no column twice."""
    before = problems.count
    shown = ",".join(header)
    for name, cell in cells.items():
        if header.count(name) > 1 or (cell.required and name not in header):
            many = "one column" if name in header else "a column"
            remedy = SEPARATED if len(header) == 1 else f"Columns are {', '.join(cells)}."
            problems.add(1, "", shown, f"a header with {many} {name}", remedy)
    return problems.count == before


def _row(
    line: int, texts: Sequence[str], header: Sequence[str], cells: Mapping[str, Cell], problems: Problems
) -> dict[str, Any] | None:
    """The values of one row, None where something in it is wrong."""
    if len(texts) != len(header):
        expected = f"{len(header)} cells (found {len(texts)})"
        problems.add(line, "", ",".join(texts), expected, SEPARATED)
        return None
    return checked_row(line, dict(zip(header, texts, strict=True)), cells, problems)


def checked_row(
    line: int | None, written: Mapping[str, str], cells: Mapping[str, Cell], problems: Problems
) -> dict[str, Any] | None:
    """The values of a row of texts by what its columns may hold, None where something in it is wrong."""
    before = problems.count
    row = {
        name: _value(line, name, written.get(name, "").strip(), cell, problems)
        for name, cell in cells.items()
    }
    return row if problems.count == before else None


def _value(line: int | None, name: str, text: str, cell: Cell, problems: Problems) -> Any:  # noqa: ANN401 - as the cell says
    if not text:
        if cell.required:
            problems.add(line, name, text, cell.expected, "Fill it in.")
        return cell.empty
    try:
        return cell.read(text)
    except ValueError as error:
        problems.add(line, name, text, cell.expected, str(error) or cell.remedy)
        return None
