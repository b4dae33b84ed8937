"""How is a labelled matrix of numbers read from the text of a release, without trusting it?

In blocks of whole lines. A block whose cells are all numbers is converted at once; where one is not, the block
is read again cell by cell, so that every wrong cell is told with its line, its column and what stood there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from weaklink.sources.intake import BLOCK, MOST_LISTED, Problems, Rows, Stream

Matrix = npt.NDArray[np.floating]
Cells = tuple[str, ...]

NUMBER = r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?\s*$"
CUT = "The file was probably cut: download it again. If it is whole, add a line end."
MOST_CELLS = 1 << 29  # 4 GiB of doubles: more than the largest table that is published


@dataclass(frozen=True, slots=True)
class Layout:
    """How a matrix stands in a text: header lines, label cells before the numbers, and what separates cells.

    `single` asks for single precision: half the memory, seven significant digits. An empty cell is zero in rows
    whose labels `lenient` says it of, else it is none.
    """

    heads: int
    labels: int
    separator: str = ","
    single: bool = False
    lenient: Callable[[Cells], bool] | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A matrix of numbers; each column has the cells of its head, each row its labels and its line in the file."""

    columns: tuple[Cells, ...]
    rows: tuple[Cells, ...]
    values: Matrix
    lines: tuple[int, ...]


def read_grid(stream: Stream, layout: Layout, problems: Problems) -> Grid | None:
    """Read one matrix; None where its head says that it is none. What is wrong is noted in `problems`.

    Rows that are no rows are left out, wrong cells are not-a-number: the caller refuses if anything was noted.
    """
    lines = _blocks(stream, problems)
    heads: list[list[str]] = []
    reader: _Reader | None = None
    at = 1
    for block in lines:
        body = block
        while len(heads) < layout.heads and body:
            first, _, body = body.partition(b"\n")
            heads.append(_head(first, layout, problems, at))
            at += 1
        if len(heads) < layout.heads or not body:
            continue
        reader = reader or _Reader.of(heads, layout, problems)
        if reader is None:
            return None
        reader.take(body, at)
        at += body.count(b"\n")
        if problems.count > MOST_LISTED:
            problems.add(
                None, "", "too many problems", "a table; its reading was stopped", "Is it the right file?"
            )
            return None
    if reader is None or not reader.rows:
        problems.add(None, "", "no rows", "a table with rows below its head", "Download it again.")
        return None
    return reader.grid()


class _Reader:
    """The rows read so far; room is made for a square matrix and a few rows more, and grows if need be."""

    def __init__(self, columns: tuple[Cells, ...], layout: Layout, problems: Problems) -> None:
        self.columns, self.layout, self.problems = columns, layout, problems
        self.rows: list[Cells] = []
        self.lines: list[int] = []
        self.values = np.empty((len(columns) + 64, len(columns)), np.float32 if layout.single else np.float64)

    @classmethod
    def of(cls, heads: Sequence[Sequence[str]], layout: Layout, problems: Problems) -> _Reader | None:
        """A reader for the columns that the head names."""
        widths = {len(head) for head in heads}
        width = max(widths)
        if width <= layout.labels or len(widths) > 1:
            shown = " | ".join(f"{len(head)} cells" for head in heads)
            expected = (
                f"a head of {layout.heads} lines with one length, above {layout.labels} columns of labels"
            )
            problems.add(1, "", shown, expected, "Is it the right file, and the right --source?")
            return None
        if width * width > MOST_CELLS:
            problems.add(1, "", f"{width:,} columns", "a table of a known size", "Is it the right file?")
            return None
        columns = tuple(tuple(head[place].strip() for head in heads) for place in range(layout.labels, width))
        return cls(columns, layout, problems)

    def take(self, body: bytes, start: int) -> None:
        """Read a block of whole lines, the first of which is line `start` of the file."""
        names = [f"label {place}" for place in range(self.layout.labels)] + [
            " ".join(part for part in cells if part) or f"column {place}"
            for place, cells in enumerate(self.columns)
        ]
        unique = [f"{place} {name}" for place, name in enumerate(names)]
        table, lines = _table(body, unique, self.layout, self.problems, start)
        labels = [table.column(place).to_pylist() for place in range(self.layout.labels)]
        rows: list[Cells] = [tuple(cell.strip() for cell in row) for row in zip(*labels, strict=True)]
        self.rows += rows
        lenient = self.layout.lenient or (lambda _labels: False)
        may_be_empty = np.array([lenient(row) for row in rows], dtype=np.bool_)
        self.lines += lines.tolist()
        place = len(self.rows) - table.num_rows
        self._make_room(len(self.rows))
        for column, name in enumerate(names[self.layout.labels :]):
            cells = table.column(column + self.layout.labels)
            self.values[place : len(self.rows), column] = self._numbers(cells, name, lines, may_be_empty)

    def _numbers(
        self, cells: pa.ChunkedArray, name: str, lines: Rows, may_be_empty: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.float64]:
        """The numbers of one column; a cell that is none, or that is not finite, is noted."""
        complaint = ("a finite number", "A missing cell would make every figure missing: download it again.")
        if pa.types.is_string(cells.type):
            empty = pc.equal(pc.utf8_trim_whitespace(cells), "").to_numpy() & may_be_empty
            cells = pc.if_else(pa.chunked_array([pa.array(empty)]), "0", cells)
            ok = pc.match_substring_regex(cells, NUMBER).to_numpy()
            self.problems.require(ok, lines, name, cells, complaint)
            usable = pc.if_else(pa.chunked_array([pa.array(ok)]), pc.utf8_trim_whitespace(cells), "nan")
            cells = pc.cast(usable, pa.float64())
            values: npt.NDArray[np.float64] = cells.to_numpy()
            return values
        values = cells.to_numpy()
        finite = np.isfinite(values)
        if not finite.all():
            self.problems.require(finite, lines, name, cells, complaint)
        return values

    def _make_room(self, rows: int) -> None:
        if rows > len(self.values):
            more = np.empty((rows - len(self.values) + 1024, len(self.columns)), self.values.dtype)
            self.values = np.concatenate([self.values, more])

    def grid(self) -> Grid:
        return Grid(self.columns, tuple(self.rows), self.values[: len(self.rows)], tuple(self.lines))


def _blocks(stream: Stream, problems: Problems) -> Iterator[bytes]:
    """Blocks of whole lines in UTF-8; what follows the last line end is a cut line."""
    rest = b""
    done = 0
    while data := stream.read(BLOCK):
        rest += data
        whole, end, rest_of_data = rest.rpartition(b"\n")
        if not end:
            if len(rest) > 4 * BLOCK:
                problems.add(done + 1, "", f"{len(rest):,} bytes", "a line of a table", "Is it a text file?")
                return
            continue
        block, rest = (whole + end).replace(b"\r\n", b"\n"), rest_of_data
        if done == 0:
            block = block.removeprefix(b"\xef\xbb\xbf")
        if not _is_utf8(block, done + 1, problems):
            return
        done += block.count(b"\n")
        yield block
    if rest:
        problems.add(
            done + 1, "", rest[-60:].decode("utf-8", "replace"), "a last line that ends with a line end", CUT
        )


def _is_utf8(block: bytes, line: int, problems: Problems) -> bool:
    try:
        block.decode("utf-8")
    except UnicodeDecodeError as error:
        at = line + block[: error.start].count(b"\n")
        shown = block[error.start : error.start + 20].split(b"\n")[0].decode("latin-1")
        problems.add(at, "", shown, "UTF-8 text", "Save the file as UTF-8 text, or unpack the archive first.")
        return False
    return True


def _head(line: bytes, layout: Layout, problems: Problems, at: int) -> list[str]:
    """The cells of one line of the head."""
    try:
        rows = list(csv.reader(io.StringIO(line.decode("utf-8")), delimiter=layout.separator, strict=True))
    except csv.Error as error:
        problems.add(at, "", str(error), "a line of cells", "Check its quotes and separators.")
        return []
    return rows[0] if rows else []


def _table(
    body: bytes, names: Sequence[str], layout: Layout, problems: Problems, start: int
) -> tuple[pa.Table, Rows]:
    """The lines as a table, numbers where all are, else text; and the line of the file of each row."""
    numbers = pa.float32() if layout.single else pa.float64()
    kinds = {name: pa.string() if place < layout.labels else numbers for place, name in enumerate(names)}
    try:
        return _parsed(body, kinds, layout, Problems(problems.file), start)
    except _NotNumbers:
        return _parsed(body, dict.fromkeys(names, pa.string()), layout, problems, start)


class _NotNumbers(Exception):  # noqa: N818 - no error: the block is read again as text
    """A block has lines that are no rows, or cells that are no numbers."""


def _parsed(
    body: bytes, kinds: dict[str, pa.DataType], layout: Layout, problems: Problems, start: int
) -> tuple[pa.Table, Rows]:
    unfit: list[int] = []
    as_text = all(pa.types.is_string(kind) for kind in kinds.values())
    body, lines = _without_empty(body, start)

    def note(invalid: pa.csv.InvalidRow) -> str:
        place = invalid.number - 1
        unfit.append(place)
        expected = f"{invalid.expected_columns:,} cells (found {invalid.actual_columns:,})"
        remedy = "Check the line for stray separators and quotes; a cut file must be downloaded again."
        problems.add(int(lines[place]), "", invalid.text[:200], expected, remedy)
        return "skip"

    try:
        table = pa.csv.read_csv(
            io.BytesIO(body),
            read_options=pa.csv.ReadOptions(
                column_names=list(kinds), use_threads=False, block_size=len(body) + 1
            ),
            parse_options=pa.csv.ParseOptions(
                delimiter=layout.separator, invalid_row_handler=note, ignore_empty_lines=False
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types=kinds, strings_can_be_null=False, null_values=[], auto_dict_encode=False
            ),
        )
    except pa.ArrowInvalid as error:
        if not as_text:
            raise _NotNumbers from error
        shown = re.sub(r"\s+", " ", str(error))[:120]
        problems.add(start, "", shown, "lines of cells", "Check quotes and separators; download it again.")
        table = pa.table({name: pa.array([], pa.string()) for name in kinds})
        return table, np.array([], dtype=np.int64)
    if problems.count and not as_text:
        raise _NotNumbers
    return table, np.delete(lines, unfit)


def _without_empty(body: bytes, start: int) -> tuple[bytes, Rows]:
    """The lines that are not empty, and where each stood."""
    if not body.startswith(b"\n") and b"\n\n" not in body:
        return body, np.arange(start, start + body.count(b"\n"), dtype=np.int64)
    kept = [(place, line) for place, line in enumerate(body.splitlines(keepends=True)) if line.strip()]
    return b"".join(line for _, line in kept), np.array([start + place for place, _ in kept], dtype=np.int64)
