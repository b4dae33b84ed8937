"""May this file be read at all, and how is its text read without trusting it?

Every foreign file comes through here. Files are streamed in blocks of whole lines, never extracted and
never held whole; limits stop a file that grows without end. All cells are read as text: what a code or a
number is, the reader of the format decides.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import stat
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from weaklink.errors import Problem, SourceError

BLOCK = 16 << 20  # bytes of text parsed at a time
MOST_DECODED = 20 << 30  # bytes that a compressed file may grow to
MOST_RATIO = 200  # growth beyond which a compressed file is called a bomb, past FREE_DECODED
FREE_DECODED = 64 << 20
MOST_ROWS = 200_000_000
MOST_LISTED = 10_000  # problems kept in full; the rest is counted

Progress = Callable[[int, int], None]  # bytes read so far, bytes in all
FileKind = Literal["parquet", "zip", "gzip", "text"]


class Stream(Protocol):
    """Bytes that can be read in pieces."""

    def read(self, size: int = ..., /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


Rows = npt.NDArray[np.int64]


def silent(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


class Problems:
    """The problems of one file, gathered while it is read, so that all are reported together."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.listed: list[Problem] = []
        self.count = 0

    def add(self, row: int | None, column: str, value: str, expected: str, remedy: str) -> None:
        """Note one problem."""
        self.count += 1
        if len(self.listed) < MOST_LISTED:
            self.listed.append(Problem(self.file, row, column, value[:200], expected, remedy))

    def require(
        self,
        ok: npt.NDArray[np.bool_],
        rows: Rows,
        column: str,
        values: pa.Array | pa.ChunkedArray,
        complaint: tuple[str, str],
    ) -> None:
        """Note a problem for each row that is not `ok`; `complaint` is (what was expected, what to do)."""
        wrong = np.flatnonzero(~ok)
        room = MOST_LISTED - len(self.listed)
        for index in wrong[:room]:
            value = values[int(index)].as_py()
            self.add(int(rows[index]), column, "" if value is None else str(value), *complaint)
        self.count += len(wrong[room:])

    def take(self, other: Problems) -> None:
        """Add the problems of a file inside this one."""
        self.listed += other.listed[: MOST_LISTED - len(self.listed)]
        self.count += other.count

    def refuse_if_any(self) -> None:
        """Raise SourceError with everything noted so far, in the order of the file."""
        if self.count:
            ordered = sorted(self.listed, key=lambda problem: problem.row or 0)
            raise SourceError(ordered, self.count)


def refused(file: str, value: str, expected: str, remedy: str) -> SourceError:
    """The error for a file that cannot be read at all."""
    return SourceError([Problem(file, None, "", value, expected, remedy)])


def checked_path(path: Path) -> Path:
    """The path, if it is a readable ordinary file with something in it; else SourceError."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise refused(str(path), error.strerror or "unreadable", "a file", "Check the path.") from error
    if stat.S_ISDIR(mode):
        raise refused(str(path), "a directory", "a file", "Name one file in it: weaklink data add FILE")
    if not stat.S_ISREG(mode):
        raise refused(str(path), "a device or pipe", "an ordinary file", "Save it as a file first.")
    if path.stat().st_size == 0:
        raise refused(str(path), "empty", "a file with data", "Download it again.")
    try:
        path.open("rb").close()
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise refused(str(path), reason, "a file that you may read", "Change its permissions.") from error
    return path


def kind_of(path: Path) -> FileKind:
    """What the first bytes say that the file is; its name is not asked."""
    with path.open("rb") as file:
        head = file.read(4)
    if head == b"PAR1":
        return "parquet"
    if head[:2] == b"\x1f\x8b":
        return "gzip"
    return "zip" if head == b"PK\x03\x04" else "text"


def sha256(path: Path) -> str:
    """Hexadecimal digest of a whole file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def text_stream(path: Path) -> Iterator[Stream]:
    """A plain or gzip-compressed text file as a stream of bytes."""
    if kind_of(path) == "gzip":
        with path.open("rb") as packed, gzip.GzipFile(fileobj=packed) as unpacked:
            yield _Bounded(unpacked, path.name, path.stat().st_size)
    else:
        with path.open("rb") as file:
            yield file


@contextmanager
def zip_file(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip archive, opened for its directory; SourceError where it is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except zipfile.BadZipFile as error:
        raise refused(path.name, str(error), "a whole zip archive", "Download it again.") from error


@contextmanager
def member_stream(archive: zipfile.ZipFile, name: str) -> Iterator[Stream]:
    """One member of a zip archive as a stream of bytes. Nothing is ever extracted to disk."""
    try:
        file = archive.open(name)
    except (RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:  # encrypted, or exotic
        raise refused(name, str(error), "a plain zip member", "Pack it again without a password.") from error
    with file:
        yield _Bounded(file, name, archive.getinfo(name).compress_size)


class _Bounded:
    """A decompressing stream that refuses to grow without end, or to be cut."""

    def __init__(self, stream: Stream, name: str, packed: int) -> None:
        self._stream, self._name, self._packed, self._grown = stream, name, max(packed, 1), 0

    def read(self, size: int = -1, /) -> bytes:
        try:
            data = self._stream.read(size)
        except (EOFError, OSError, zipfile.BadZipFile, ValueError) as error:
            raise refused(self._name, str(error), "a whole compressed file", "Download it again.") from error
        self._grown += len(data)
        bomb = self._grown > FREE_DECODED and self._grown > MOST_RATIO * self._packed
        if bomb or self._grown > MOST_DECODED:
            grown = f"{self._grown >> 20:,} MB from {self._packed:,} bytes"
            expected = f"a file that grows at most {MOST_RATIO} times and to {MOST_DECODED >> 30} GB"
            raise refused(self._name, grown, expected, "Do not open it: it looks like a bomb.")
        return data


@dataclass(frozen=True, slots=True)
class Block:
    """A run of parsed lines: the cells as text, and the line of the file that each row stood on."""

    table: pa.Table
    rows: Rows


@dataclass(slots=True)
class _Cursor:
    """Where the reading of a text file stands."""

    row: int = 1
    header: tuple[str, ...] = field(default=())


def text_blocks(
    stream: Stream, problems: Problems, columns: Callable[[Sequence[str]], Sequence[str] | None]
) -> Iterator[Block]:
    """Parse a CSV stream block by block; every column is text.

    `columns` is given the header as it stands and returns the names to use, or None after it has noted
    why the header will not do. Lines of the wrong length, text that is not UTF-8, and a last line that was
    cut are noted in `problems`; the good rows around them still come, so that all problems are found.
    """
    cursor = _Cursor()
    for lines in _whole_lines(stream, problems, cursor):
        body = lines
        if not cursor.header:
            first, _, body = lines.partition(b"\n")
            if not _is_utf8(first, problems, cursor.row):
                return
            named = columns([cell.strip().strip('"') for cell in first.decode("utf-8-sig").split(",")])
            cursor.row += 1
            if named is None:
                return
            cursor.header = tuple(named)
        if body:
            yield _parsed(body, problems, cursor)
            cursor.row += body.count(b"\n")
        if cursor.row > MOST_ROWS:
            problems.add(None, "", f"over {MOST_ROWS:,} rows", "a table of one source", "Split the file.")
            return


def _whole_lines(stream: Stream, problems: Problems, cursor: _Cursor) -> Iterator[bytes]:
    """Blocks that end with a line end; what follows the last one is a cut line."""
    rest = b""
    while data := stream.read(BLOCK):
        whole, end, rest_of_data = data.rpartition(b"\n")
        if not end:
            rest += data
            if len(rest) > BLOCK:
                problems.add(cursor.row, "", f"{len(rest):,} bytes", "a line of a table", "Is it a CSV file?")
                return
            continue
        yield (rest + whole + end).replace(b"\r\n", b"\n")
        rest = rest_of_data
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


def _parsed(body: bytes, problems: Problems, cursor: _Cursor) -> Block:
    """The lines as a table of text; lines of another length are noted and left out."""
    count = body.count(b"\n")
    rows = np.arange(cursor.row, cursor.row + count)
    if not _is_utf8(body, problems, cursor.row):
        return Block(_no_rows(cursor.header), rows[:0])
    wrong: list[int] = []

    def note(invalid: pa.csv.InvalidRow) -> str:
        wrong.append(invalid.number - 1)
        problems.add(
            cursor.row + invalid.number - 1,
            "",
            invalid.text,
            f"{invalid.expected_columns} columns (found {invalid.actual_columns})",
            "Check the line for a missing or extra separator; a cut file must be downloaded again.",
        )
        return "skip"

    table = pa.csv.read_csv(
        io.BytesIO(body),
        read_options=pa.csv.ReadOptions(
            column_names=list(cursor.header), use_threads=False, block_size=len(body) + 1
        ),
        parse_options=pa.csv.ParseOptions(invalid_row_handler=note, ignore_empty_lines=False),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict.fromkeys(cursor.header, pa.string()), strings_can_be_null=False
        ),
    )
    return Block(table, np.delete(rows, wrong) if wrong else rows)


def _no_rows(header: Sequence[str]) -> pa.Table:
    return pa.table({name: pa.array([], pa.string()) for name in header})
