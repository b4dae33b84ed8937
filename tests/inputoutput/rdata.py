"""How are the matrices of an R data file read? The subset of R's serialization that a list of data frames needs.

The format is R's own, described in "R Internals", section 1.8: an XDR stream of typed items, packed. Nothing in it
is run; what the reader does not know, it refuses.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
from pathlib import Path
from typing import Any

import numpy as np

OPENERS = {b"\x1f\x8b": gzip.decompress, b"BZ": bz2.decompress, b"\xfd7": lzma.decompress}
NOTHING = (
    254,
    242,
    253,
    251,
    252,
)  # NULL, empty environment, global environment, missing argument, base namespace


class Reader:
    """Items of a stream, in order."""

    def __init__(self, content: bytes) -> None:
        self.content, self.place, self.seen = content, 0, list[Any]()

    def whole(self) -> int:
        (value,) = struct.unpack_from(">i", self.content, self.place)
        self.place += 4
        return int(value)

    def array(self, kind: str, count: int) -> np.ndarray[Any, Any]:
        values = np.frombuffer(self.content, kind, count, self.place)
        self.place += values.nbytes
        return values.astype(values.dtype.newbyteorder("="))

    def item(self) -> Any:  # noqa: ANN401, PLR0911 - one line per type of R, and R's types are many
        flags = self.whole()
        kind, attributed, tagged = flags & 255, bool(flags & 512), bool(flags & 1024)
        if kind in NOTHING:
            return None
        if kind == 255:  # a symbol or environment that came before
            return self.seen[(flags >> 8 or self.whole()) - 1]
        if kind == 1:  # symbol
            self.seen.append(self.item())
            return self.seen[-1]
        if kind == 2:  # pair list
            return self.pairs(attributed, tagged)
        if kind == 9:  # string
            length = self.whole()
            self.place += max(length, 0)
            return (
                None
                if length < 0
                else self.content[self.place - length : self.place].decode("utf-8", "replace")
            )
        if kind == 238:  # compact sequence and other short forms
            return self.short_form()
        value = self.vector(kind)
        return (value, self.item()) if attributed else value

    def vector(self, kind: int) -> Any:  # noqa: ANN401
        count = self.whole()
        if kind in (10, 13):
            return self.array(">i4", count)
        if kind == 14:
            return self.array(">f8", count)
        if kind in (16, 19):
            return [self.item() for _ in range(count)]
        raise ValueError(f"R type {kind} at byte {self.place} is not read here")

    def pairs(self, attributed: bool, tagged: bool) -> dict[str, Any]:
        if attributed:
            self.item()
        name = self.item() if tagged else ""
        value = self.item()
        return {name: value, **(self.item() or {})}

    def short_form(self) -> Any:  # noqa: ANN401
        (name, *_), state, _ = list(self.item().values()), self.item(), self.item()
        if name == "compact_intseq":
            count, first, step = state
            return first + step * np.arange(count)
        raise ValueError(f"R's short form {name} is not read here")


def read(path: Path) -> dict[str, Any]:
    """The objects of an .rda file by name; attributed values are pairs of value and attributes."""
    packed = path.read_bytes()
    content = OPENERS[packed[:2]](packed)
    if content[:5] not in (b"RDX2\n", b"RDX3\n") or content[5:7] != b"X\n":
        raise ValueError(f"{path}: not an R data file in XDR form")
    reader = Reader(content)
    reader.place = 7
    version = reader.whole()
    reader.place += 8
    if version == 3:
        reader.place += 4 + struct.unpack_from(">i", content, reader.place)[0]
    found = reader.item()
    assert isinstance(found, dict)
    return found
