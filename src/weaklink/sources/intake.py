"""May this file be read at all, and what is wrong with it?

Every foreign file comes through here. Files are streamed, never extracted and never held whole; limits stop
a file that grows without end. What is wrong is gathered in `Problems`, so that all of it is told together.
"""

from __future__ import annotations

import gzip
import hashlib
import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from weaklink.errors import Problem, SourceError

BLOCK = 8 << 20  # bytes of text parsed at a time; half of it takes as long, twice of it a third more memory
MOST_DECODED = 20 << 30  # bytes that a compressed file may grow to
MOST_RATIO = 50  # growth beyond which a compressed file is called a bomb; trade packs 3 to 20 times
FREE_DECODED = 32 << 20  # bytes that any file may grow to
MOST_ROWS = 400_000_000  # thirty years of BACI are 330 million
MOST_LISTED = 10_000  # problems kept in full; the rest is counted

# What a damaged archive, or the disk under it, raises while it is opened or read.
DAMAGE = (
    EOFError,
    OSError,
    RuntimeError,  # a password is needed, or Python cannot unpack this kind
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)

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
        self.file = printable(file)
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
        """Raise SourceError with everything noted so far, in the order of each file."""
        if self.count:
            ordered = sorted(self.listed, key=lambda problem: (problem.file, problem.row or 0))
            raise SourceError(ordered, self.count)


def refused(file: str, value: str, expected: str, remedy: str) -> SourceError:
    """The error for a file that cannot be read at all."""
    return SourceError([Problem(printable(file), None, "", value, expected, remedy)])


def printable(text: str, instead: str = "\ufffd") -> str:
    r"""Foreign text as it may be shown and stored: no control characters, no broken encoding.

    >>> printable("\x1b[2Jdata\udcff.csv")
    '�[2Jdata�.csv'
    """
    return "".join(character if character.isprintable() else instead for character in text)


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
    return "zip" if head in (b"PK\x03\x04", b"PK\x05\x06") else "text"  # the latter is an empty archive


def sha256(path: Path) -> str:
    """Hexadecimal digest of a whole file; SourceError where it can no longer be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise refused(
            path.name, error.strerror or "gone", "a file that stays", "Leave it in place."
        ) from error


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells that a file is still the one whose sha256 was taken."""

    sha256: str
    size: int
    changed: int  # nanoseconds


def fingerprint(path: Path) -> Fingerprint:
    """The sha256 of a file, and its size and time of change before it was taken."""
    state = path.stat()
    return Fingerprint(sha256(path), state.st_size, state.st_mtime_ns)


def refuse_change(path: Path, before: Fingerprint) -> None:
    """Refuse a file that is no longer the one whose fingerprint was taken."""
    remedy = "Leave it in place, unchanged, until it is read."
    try:
        state = path.stat()
    except OSError as error:
        raise refused(path.name, error.strerror or "gone", "a file that stays", remedy) from error
    if (state.st_size, state.st_mtime_ns) != (before.size, before.changed):
        raise refused(path.name, "changed while it was read", "a file that stays", remedy)


@contextmanager
def text_stream(path: Path) -> Iterator[Stream]:
    """A plain or gzip-compressed text file as a stream of bytes."""
    if kind_of(path) == "gzip":
        with path.open("rb") as packed, gzip.GzipFile(fileobj=packed) as unpacked:
            yield _Bounded(unpacked, path.name, path.stat().st_size)
    else:
        with path.open("rb") as file:
            yield _Bounded(file, path.name, path.stat().st_size)


@contextmanager
def zip_file(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip archive, opened for its directory; SourceError where it is damaged or up to something."""
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGE as error:
        raise refused(path.name, str(error), "a whole zip archive", "Download it again.") from error
    with archive:
        _refuse_tricks(archive, path)
        yield archive


def _refuse_tricks(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse names that lead out of the archive or stand twice, and members that together are a bomb."""
    seen: set[str] = set()
    for name in archive.namelist():
        first, *others = re.split(r"[/\\]", name)
        if ".." in (first, *others) or (others and not first):
            raise refused(
                path.name, name, "a name inside the archive", "Do not open it: it looks like an attack."
            )
        if name in seen:
            raise refused(path.name, name, "a name that stands once", "Download it again.")
        seen.add(name)
    refuse_growth(path.name, sum(info.file_size for info in archive.infolist()), path.stat().st_size)


def refuse_growth(name: str, grown: int, packed: int) -> None:
    """Refuse a file of `packed` bytes that has grown, or says that it will grow, to far too many."""
    if grown <= MOST_DECODED and (grown <= FREE_DECODED or grown <= MOST_RATIO * packed):
        return
    raise refused(
        name,
        f"{grown >> 20:,} MB from {packed:,} bytes",
        f"a file that grows at most {MOST_RATIO} times and to {MOST_DECODED >> 30} GB",
        "Do not open it: it looks like a bomb.",
    )


@contextmanager
def member_stream(archive: zipfile.ZipFile, name: str) -> Iterator[Stream]:
    """One member of a zip archive as a stream of bytes. Nothing is ever extracted to disk."""
    try:
        file = archive.open(name)
    except DAMAGE as error:
        raise refused(name, str(error), "a plain zip member", "Pack it again without a password.") from error
    with file:
        yield _Bounded(file, name, archive.getinfo(name).compress_size)


class _Bounded:
    """A stream that refuses to grow without end, or to be cut."""

    def __init__(self, stream: Stream, name: str, packed: int) -> None:
        self._stream, self._name, self._packed, self._grown = stream, name, max(packed, 1), 0

    def read(self, size: int = BLOCK, /) -> bytes:
        try:
            data = self._stream.read(size)
        except DAMAGE as error:
            raise refused(self._name, str(error), "a whole file", "Download it again.") from error
        self._grown += len(data)
        refuse_growth(self._name, self._grown, self._packed)
        return data
