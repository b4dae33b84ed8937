"""Which numbers and words stand in the cells of a plain text? Eight bytes of every cell at a time.

A block of text is one array of bytes, and the last eight bytes of a cell are one 64-bit number of it. A few
operations on such numbers check and read a whole column of digits at once: 25 times faster than a regular
expression and a conversion for each cell. Only plain text is read so: cells that are not what they should be
are not explained here but left to `lines`, which finds the words for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]

PLAIN = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ., \n"  # all that occurs in a plain table of codes and amounts
BEFORE = 16  # bytes put before a text, so that sixteen bytes before any cell's end can be read
COMMA, DOT, LINE_END = b",.\n"


def _repeated(byte: int) -> np.uint64:
    return np.uint64(byte * 0x0101010101010101)


ALL = 0xFFFFFFFFFFFFFFFF
# For a cell of 0 to 8 bytes, the part of its word that is the cell: text ends where the word does.
OWN = np.array([ALL << 8 * (8 - length) & ALL for length in range(9)], dtype=np.uint64)
ZEROS, SPACES = OWN & _repeated(ord("0")), OWN & _repeated(ord(" "))
TENS = 10 ** np.arange(4, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Text:
    """A block of whole lines: its bytes, and the eight bytes from each place on as one number."""

    data: npt.NDArray[np.uint8]
    words: Words

    @classmethod
    def of(cls, body: bytes) -> Text | None:
        """The text of a block; None where anything stands in it that a plain table has not."""
        if body.translate(None, PLAIN):
            return None
        data = np.frombuffer(bytes(BEFORE) + body, dtype=np.uint8)
        words: Words = np.ndarray(len(data) - 7, dtype="<u8", buffer=data, strides=(1,))
        return cls(data, words)

    def columns(self, count: int) -> list[Column] | None:
        """The columns of a text whose every line has `count` cells; None where a line has not."""
        line_end = self.data == LINE_END
        places = np.flatnonzero(line_end | (self.data == COMMA))
        lines = np.count_nonzero(line_end)
        if len(places) != lines * count:
            return None
        ends = np.ascontiguousarray(places.reshape(lines, count).T)
        if not np.all(line_end[ends[-1]]):
            return None
        starts = [np.concatenate(([BEFORE], ends[-1, :-1] + 1)), *(ends[:-1] + 1)]
        return [Column(self, end, end - start) for start, end in zip(starts, ends, strict=True)]


@dataclass(frozen=True, slots=True)
class Column:
    """Cells of a text: the place behind each, and how many bytes it has."""

    text: Text
    ends: Places
    lengths: Places

    def short(self, most: int) -> bool:
        """Whether no cell has more than `most` bytes."""
        return bool(np.all(self.lengths <= most))

    def word(self) -> Words:
        """Each cell as one number, its last byte the highest; for cells of at most eight bytes."""
        own: Words = self.text.words[self.ends - 8] & OWN[self.lengths]
        return own

    def digits(self, length: int) -> Integers | None:
        """The numbers of a column whose every cell has exactly `length` digits, at most eight; else None."""
        if not np.all(self.lengths == length):
            return None
        return _number(self.text.words[self.ends - 8] & OWN[length], ZEROS[length])

    def missing(self) -> npt.NDArray[np.bool_]:
        """Which cells are empty or NA, with or without spaces before it; of cells of at most 16 bytes."""
        last, more = np.minimum(self.lengths, 8), np.maximum(self.lengths - 8, 0)
        found: npt.NDArray[np.bool_] = (self.text.words[self.ends - 8] & OWN[last]) == _NA[last]
        long = np.flatnonzero(found & (more > 0))
        before = self.text.words[self.ends[long] - 16] & OWN[more[long]]
        found[long] = before == SPACES[more[long]]
        return found

    def thousandths(self, *, optional: bool) -> tuple[Integers, npt.NDArray[np.bool_]] | None:
        """Amounts of up to twelve digits and three decimals as whole thousandths, and which are missing.

        A missing amount is 0, and only an `optional` one may be. None where a cell is anything else.
        """
        if not self.short(16):
            return None
        missing = self.missing() if optional else np.zeros(len(self.ends), dtype=np.bool_)
        decimals = self._decimals()
        ends = self.ends - decimals - (decimals > 0)
        lengths = np.where(missing, 0, self.lengths - (self.ends - ends))
        if not np.all((lengths >= 1) & (lengths <= 12) | missing):
            return None
        whole = Column(self.text, ends, lengths)._whole()
        rest = _number(self.text.words[self.ends - 8] & OWN[decimals], ZEROS[decimals])
        if whole is None or rest is None:
            return None
        return whole * 1000 + rest * TENS[3 - decimals], missing

    def _decimals(self) -> Places:
        """How many decimals each cell has: none without a dot before its last three bytes, and inside it."""
        decimals = np.where(self._dotted(3), 3, 0)
        for count in (1, 2) if not decimals.all() else ():  # nearly all have three, or are missing
            decimals[self._dotted(count)] = count
        return decimals

    def _dotted(self, decimals: int) -> npt.NDArray[np.bool_]:
        dotted: npt.NDArray[np.bool_] = self.text.data[self.ends - decimals - 1] == DOT
        return dotted & (self.lengths > decimals + 1)

    def _whole(self) -> Integers | None:
        """Whole numbers of up to sixteen digits; a cell without any is 0."""
        last, more = np.minimum(self.lengths, 8), np.maximum(self.lengths - 8, 0)
        low = _number(self.text.words[self.ends - 8] & OWN[last], ZEROS[last])
        if low is None or not more.any():
            return low
        high: Integers | None = _number(self.text.words[self.ends - 16] & OWN[more], ZEROS[more])
        if high is None:
            return None
        return high * 10**8 + low


def packed(word: Words) -> npt.NDArray[np.int64]:
    """Words of up to three plain characters as numbers below 2^18, different for different words.

    Of a plain character six bits tell which one it is: digits, capitals, dot and space all differ in them.
    """
    characters = word >> np.uint64(40)
    tight = (
        characters & np.uint64(0x3F)
        | characters >> np.uint64(2) & np.uint64(0xFC0)
        | characters >> np.uint64(4) & np.uint64(0x3F000)
    )
    places: npt.NDArray[np.int64] = tight.astype(np.int64)
    return places


def packed_text(code: str) -> int:
    """The number of one word, as `packed` has it; -1 for what is no word of up to three plain characters.

    >>> packed_text("276") == packed_text("0276"), packed_text("DEU") == packed_text("DEN")
    (False, False)
    """
    data = code.encode("utf-8")
    if not 1 <= len(data) <= 3 or data.translate(None, PLAIN):
        return -1
    return int(packed(np.array([int.from_bytes(data.rjust(8, b"\0"), "little")], dtype=np.uint64))[0])


def _number(words: Words, zeros: Words | np.uint64) -> Integers | None:
    """The numbers that words of digits mean; None where any byte of a word is no digit.

    `zeros` has the character 0 where the word has a character. The first digit is the lowest byte; in each
    of three steps neighbours become one: digits to pairs, pairs to fours, fours to eights.
    """
    digits = words ^ zeros
    if np.any((digits + _repeated(0x76) | digits) & _repeated(0x80)):  # a byte above 9
        return None
    digits = digits * np.uint64(10 << 8 | 1) >> np.uint64(8)
    digits = (digits & np.uint64(0x00FF00FF00FF00FF)) * np.uint64(100 << 16 | 1) >> np.uint64(16)
    digits = (digits & np.uint64(0x0000FFFF0000FFFF)) * np.uint64(10_000 << 32 | 1) >> np.uint64(32)
    return digits.astype(np.int64)


def _word_of_na(length: int) -> int:
    """NA with spaces before it, as a word of so many bytes; of one byte there is none."""
    if length == 1:
        return ALL
    return int.from_bytes((b"NA".rjust(length) if length else b"").rjust(8, b"\0"), "little")


_NA = np.array([_word_of_na(length) for length in range(9)], dtype=np.uint64)
