"""What stands in the cells of a workbook (xlsx) that people have edited, and which cells are formulas?

The archive goes through the one door for foreign files. Its parts are looked through before anything is built from
them: no document types, no other encodings, no cell so far out that the cells between would fill the memory. Then
calamine, a reader written in Rust, gives the cells; it runs no formulas, and a cell that holds one is reported.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree

import python_calamine as calamine

from weaklink.sources import intake

Cell = str | int | float | bool | date | datetime | None
Rows = tuple[tuple[Cell, ...], ...]

MOST_BYTES = 200 << 20
MOST_PART = 500 << 20  # bytes of one part, unpacked
MOST_CELLS = 5_000_000  # of one sheet, empty ones between the first and the last included
_CELL = re.compile(
    rb"""<(?:\w+:)?c(?:\s[^>]*?)?\sr=["']([A-Z]{1,3})(\d{1,7})["'][^>]*?(?:/>|>(\s*<(?:\w+:)?f[\s/>])?)"""
)
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br=["'](\d+)["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding=["']([^"']+)["']""")
_AGAIN = "Save it again as a workbook (.xlsx) from Excel or LibreOffice."


@dataclass(frozen=True, slots=True)
class EditedSheet:
    """A sheet: its rows from the first one on, and its formulas as (row number from 1, place of the column from 0)."""

    title: str
    rows: Rows
    formulas: frozenset[tuple[int, int]]


def read(path: Path) -> tuple[EditedSheet, ...]:
    """Every sheet of a workbook. SourceError where the file is none, or is up to something."""
    if intake.kind_of(intake.checked_path(path)) != "zip":
        raise intake.refused(path.name, "another format", "a workbook (.xlsx)", _AGAIN)
    if path.stat().st_size > MOST_BYTES:
        raise intake.refused(path.name, f"{path.stat().st_size >> 20:,} MB", "at most 200 MB", "Split it.")
    with intake.zip_file(path) as archive:
        parts = _looked_through(archive, path.name)
    try:
        places = dict(_sheets(parts))
        formulas = {title: _formulas(parts[part], path.name, title) for title, part in places.items()}
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        return tuple(
            EditedSheet(title, _rows(book.get_sheet_by_name(title).to_python(skip_empty_area=False)), cells)
            for title, cells in formulas.items()
        )
    except (calamine.CalamineError, ElementTree.ParseError, KeyError, OSError, ValueError) as error:
        raise intake.refused(path.name, str(error)[:80], "a whole workbook (.xlsx)", _AGAIN) from error


def _looked_through(archive: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    """The parts that are XML, by name; SourceError where one has a document type or is not UTF-8."""
    parts = {}
    for part in archive.namelist():
        if not part.lower().endswith((".xml", ".rels", ".vml")):
            continue
        with intake.member_stream(archive, part) as stream:
            content = stream.read(MOST_PART)
            more = stream.read(1)
        encoding = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf"))
        plain = encoding is None or encoding[1].decode("ascii", "replace").casefold() in {"utf-8", "us-ascii"}
        if more or not plain or content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"<!DOCTYPE" in content:
            raise intake.refused(
                name, f"part {part}", "a workbook of plain parts", "Do not open it: it looks like an attack."
            )
        parts[part] = content
    return parts


def _sheets(parts: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    """The title and the part of each sheet of cells."""
    related = {
        one.get("Id"): one.get("Target", "")
        for one in _tree(parts["xl/_rels/workbook.xml.rels"]).findall("{*}Relationship")
    }
    for one in _tree(parts["xl/workbook.xml"]).findall("{*}sheets/{*}sheet"):
        # The sheet names its part by an attribute `id` of the namespace of relationships; its own is `sheetId`.
        target = related.get(
            next((value for key, value in one.attrib.items() if key.endswith("}id")), None), ""
        )
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if part in parts and "worksheets/" in part:  # a sheet of a chart has no cells
            yield one.get("name", ""), part


def _tree(part: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(part)  # noqa: S314 - without a document type there are no entities


def _formulas(part: bytes, file: str, title: str) -> frozenset[tuple[int, int]]:
    """The cells with formulas; SourceError where the cells reach too far, or a formula has no place."""
    found, rows, columns = set(), 0, 0
    for letters, number, formula in _CELL.findall(part):
        row, column = int(number), _place(letters)
        rows, columns = max(rows, row), max(columns, column + 1)
        if formula:
            found.add((row, column))
    rows = max([rows, *map(int, _ROW.findall(part))])
    if rows * max(columns, 1) > MOST_CELLS:
        expected = f"at most {MOST_CELLS:,} cells in sheet {title!r}"
        raise intake.refused(
            file, f"{rows:,} rows × {columns:,} columns", expected, "Delete empty rows and columns."
        )
    if len(_FORMULA.findall(part)) > len(found):
        raise intake.refused(
            file, "formulas without a place", f"cells with places in sheet {title!r}", _AGAIN
        )
    return frozenset(found)


def _place(letters: bytes) -> int:
    """The place of a column from 0: A, B, …, AA."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1


def _rows(rows: Sequence[Sequence[object]]) -> Rows:
    return tuple(tuple(_cell(cell) for cell in row) for row in rows)


def _cell(cell: object) -> Cell:
    """A cell with nothing for empty, a whole number where it is one, a day for its midnight; a time as text."""
    if cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return int(cell)
    if isinstance(cell, datetime):
        return cell.date() if cell == datetime(cell.year, cell.month, cell.day) else cell
    if isinstance(cell, str | int | float | bool | date):
        return cell
    return str(cell)
