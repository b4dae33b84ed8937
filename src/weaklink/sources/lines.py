"""How is the text of a foreign table read without trusting it?

In blocks of whole lines, all cells as text: what a code or a number is, the reader of the format decides.
Every line keeps its number in the file, and a line that is no row is noted with it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.csv

from weaklink.sources.intake import BLOCK, MOST_LISTED, MOST_ROWS, Problems, Rows, Stream

CELL = rb'(?:"[^"]*(?:""[^"]*)*"|[^",]*)'
QUOTED_LINE = re.compile(CELL + rb"(?:," + CELL + rb")*")  # quotes stand around whole cells, or not at all


@dataclass(frozen=True, slots=True)
class Block:
    """A run of parsed lines: the cells as text, and the line of the file that each row stood on."""

    table: pa.Table
    rows: Rows


@dataclass(frozen=True, slots=True)
class Body:
    """A run of whole lines as they came: their bytes, and the line of the file that the first one is.

    `header` names all columns, and `wanted` those that are read.
    """

    data: bytes
    row: int
    header: tuple[str, ...]
    wanted: tuple[str, ...]


@dataclass(slots=True)
class Cursor:
    """Where the reading of a text file stands: its next line, and how many lines were no rows."""

    row: int = 1
    unfit: int = 0

    def note(self, row: int, line: str, expected: str, problems: Problems) -> bool:
        """Note a line that is no row; whether to go on."""
        remedy = "Check the line for stray separators and quotes; a cut file must be downloaded again."
        problems.add(row, "", line, expected, remedy)
        self.unfit += 1
        return self.unfit <= MOST_LISTED

    def stopped(self, problems: Problems) -> bool:
        """Whether so many lines were no rows that the reading ends, which is then noted."""
        if self.unfit <= MOST_LISTED:
            return False
        stopped = f"over {MOST_LISTED:,} lines that are no rows"
        problems.add(None, "", stopped, "a table; its reading was stopped", "Is it the right file?")
        return True


Columns: TypeAlias = Callable[[Sequence[str]], Sequence[str] | None]


def text_blocks(stream: Stream, problems: Problems, columns: Columns) -> Iterator[Block]:
    """Parse a CSV stream block by block; every column is text.

    `columns` is given the header as it stands and returns the names to use, empty for a column that is not
    read, or None after it has noted why the header will not do. Lines that are no rows, text that is not
    UTF-8, and a last line that was cut are noted in `problems`; the good rows around them still come, so that
    all problems are found. After MOST_LISTED lines that are no rows the reading stops: that is no table.
    """
    cursor = Cursor()
    for body in bodies(stream, problems, columns, cursor):
        yield parsed(body, problems, cursor)
        if cursor.stopped(problems):
            return


def bodies(stream: Stream, problems: Problems, columns: Columns, cursor: Cursor) -> Iterator[Body]:
    """The lines below the header, block by block, not yet parsed; what will not do is noted."""
    header: tuple[str, ...] = ()
    for lines in _whole_lines(stream, problems, cursor):
        body = lines
        if not header:
            first, _, body = lines.partition(b"\n")
            if not _is_utf8(first, problems, cursor.row):
                return
            named = columns([cell.strip().strip('"') for cell in first.decode("utf-8-sig").split(",")])
            cursor.row += 1
            if named is None:
                return
            header = tuple(name or f"not read {place}" for place, name in enumerate(named))
            wanted = tuple(name for name in named if name)
        if body:
            row = cursor.row
            cursor.row += body.count(b"\n")
            yield Body(body, row, header, wanted)
        if cursor.row - 2 > MOST_ROWS:  # it stands on the line after the last row
            problems.add(None, "", f"over {MOST_ROWS:,} rows", "a table of one source", "Split the file.")
            return


def _whole_lines(stream: Stream, problems: Problems, cursor: Cursor) -> Iterator[bytes]:
    """Blocks that end with a line end; what follows the last one is a cut line."""
    rest = b""
    while data := stream.read(BLOCK):
        end = data.rfind(b"\n") + 1
        if not end:
            rest += data
            if len(rest) > BLOCK:
                problems.add(cursor.row, "", f"{len(rest):,} bytes", "a line of a table", "Is it a CSV file?")
                return
            continue
        whole, rest = rest + memoryview(data)[:end], data[end:]
        yield whole.replace(b"\r\n", b"\n") if b"\r" in whole else whole
    if rest:
        problems.add(
            cursor.row,
            "",
            rest[-60:].decode("utf-8", "replace"),
            "a last line that ends with a line end",
            "The file was probably cut: download it again. If it is whole, add a line end.",
        )


def _is_utf8(data: bytes, problems: Problems, row: int) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        start = before.rfind(b"\n") + 1
        shown = data[start : error.start + 20].split(b"\n")[0].decode("latin-1")
        problems.add(
            row + before.count(b"\n"),
            "",
            shown,
            "UTF-8 text",
            "The file is in another encoding (Latin-1 or UTF-16?): save it as UTF-8.",
        )
        return False
    return True


def parsed(body: Body, problems: Problems, cursor: Cursor) -> Block:
    """The lines as a table of text; lines that are no rows are noted and left out."""
    text = body.data
    if not _is_utf8(text, problems, body.row):
        text = text.decode("utf-8", "replace").encode("utf-8")
    text, rows = _separable(text, body.row, problems, cursor)
    wrong: list[int] = []

    def note(invalid: pa.csv.InvalidRow) -> str:
        place = invalid.number - 1
        wrong.append(place)
        expected = f"{invalid.expected_columns} columns (found {invalid.actual_columns})"
        go_on = cursor.note(int(rows[place]), invalid.text, expected, problems)
        return "skip" if go_on else "error"

    if not len(rows) or cursor.unfit > MOST_LISTED:
        return _no_rows(body.wanted)
    try:
        table = pa.csv.read_csv(
            io.BytesIO(text),
            read_options=pa.csv.ReadOptions(
                column_names=list(body.header), use_threads=False, block_size=len(text) + 1
            ),
            parse_options=pa.csv.ParseOptions(invalid_row_handler=note, ignore_empty_lines=False),
            convert_options=pa.csv.ConvertOptions(
                include_columns=list(body.wanted),
                column_types=dict.fromkeys(body.wanted, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        if cursor.unfit <= MOST_LISTED:
            raise
        return _no_rows(body.wanted)
    return Block(table, np.delete(rows, wrong) if wrong else rows)


def _separable(body: bytes, first: int, problems: Problems, cursor: Cursor) -> tuple[bytes, Rows]:
    """The lines that a parser reads as one row each, whatever its rules: see `_complaint`."""
    if not any(mark in body for mark in (b'"', b"\r", b"\n\n")) and not body.startswith(b"\n"):
        return body, np.arange(first, first + body.count(b"\n"))
    kept: list[bytes] = []
    rows: list[int] = []
    for row, line in enumerate(io.BytesIO(body), start=first):
        complaint = _complaint(line[:-1])
        if not complaint:
            kept.append(line)
            rows.append(row)
        elif not cursor.note(row, line[:-1].decode("utf-8"), complaint, problems):
            break
    return b"".join(kept), np.array(rows, dtype=np.int64)


def _complaint(line: bytes) -> str:
    """What a line is not, although it must be: one row, by every dialect of CSV."""
    if not line:
        return "a row: it is empty"
    if b"\r" in line:
        return "one line: it has a carriage return inside"
    if b'"' in line and not QUOTED_LINE.fullmatch(line):
        return "a row: it has a quote that does not stand around a whole cell"
    return ""


def _no_rows(header: Sequence[str]) -> Block:
    return Block(pa.table({name: pa.array([], pa.string()) for name in header}), np.array([], dtype=np.int64))
