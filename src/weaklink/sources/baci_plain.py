"""Is a block of BACI plain, as nearly all are, and which flows does it hold?

Plain text has no quotes, no stray characters, no bad cell: it is read by `cells` and needs no words. What is
taken here is exactly what `baci_rows` takes; whatever differs is left to it, which tells each cell
that is wrong. A property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weaklink.flows import UNKNOWN_KG
from weaklink.sources import cells
from weaklink.sources.cells import Column, Text
from weaklink.sources.lines import Body
from weaklink.sources.runs import Batch

PIECE = 2 << 20  # bytes read at a time: the arrays made of them stay in the processor's cache

Columns = dict[str, Column]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Codes:
    """Where in the list of areas each short code stands; -1 for what is none."""

    places: npt.NDArray[np.int16]

    @classmethod
    def of(cls, known: Sequence[str]) -> Codes:
        """The codes that a cell of up to three characters can be; longer ones are read otherwise."""
        places = np.full(1 << 18, -1, dtype=np.int16)
        for place, code in enumerate(known):
            if (packed := cells.packed_text(code)) >= 0:
                places[packed] = place
        return cls(places)

    def found(self, column: Column) -> Integers | None:
        """The place of each cell's code; None where one is unknown."""
        if not (column.short(3) and np.all(column.lengths)):
            return None
        places = self.places[cells.packed(column.word())]
        return None if np.any(places < 0) else places.astype(np.int64)


def batch(body: Body, codes: Codes, file: str) -> Batch | None:
    """The flows of a block of lines; None where anything in it is not plain and right."""
    parts: list[tuple[Integers, ...]] = []
    for piece in _pieces(body.data):
        text = Text.of(piece)
        columns = text.columns(len(body.header)) if text else None
        part = _read(dict(zip(body.header, columns, strict=True)), codes) if columns else None
        if part is None:
            return None
        parts.append(part)
    year, product, exporter, importer, value, quantity = map(np.concatenate, zip(*parts, strict=True))
    rows = np.arange(body.row, body.row + len(year))
    return Batch(file, year, product, exporter, importer, value, quantity, rows)


def _pieces(data: bytes) -> Iterator[bytes]:
    """A block in pieces of whole lines; what is longer than a piece and has no line end is one too."""
    start = 0
    while start < len(data):
        end = data.rfind(b"\n", start, start + PIECE) + 1 or data.find(b"\n", start) + 1
        yield data[start:end]
        start = end


def _read(columns: Columns, codes: Codes) -> tuple[Integers, ...] | None:
    """Year, product, exporter, importer, dollars and kilograms of each line, in this order."""
    year, product = columns["year"].digits(4), columns["product"].digits(6)
    if year is None or product is None or not np.all((year >= 1900) & (year <= 2099)):
        return None
    exporter, importer = codes.found(columns["exporter"]), codes.found(columns["importer"])
    if exporter is None or importer is None or np.any(exporter == importer):
        return None
    value = columns["value"].thousandths(optional=False)
    quantity = columns["quantity"].thousandths(optional=True)
    if value is None or quantity is None or not np.all(value[0] > 0):
        return None
    kilograms = np.where(quantity[1], UNKNOWN_KG, quantity[0])
    return year, product, exporter, importer, value[0], kilograms
