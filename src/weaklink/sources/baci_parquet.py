"""What would BACI have printed where Parquet has numbers?

Parquet of BACI has no release of CEPII's, but analysts keep it so. Typed cells become the text that BACI would print,
so that one set of checks serves all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from weaklink.sources import intake
from weaklink.sources.baci_rows import FIELDS
from weaklink.sources.intake import Problems
from weaklink.sources.lines import Block

WIDEST = 64  # characters of a cell that are looked at; no code, year or amount is longer


def blocks(path: Path, file: pq.ParquetFile, wanted: Mapping[str, str]) -> Iterator[Block]:
    """Rows of a Parquet file as text, 2^18 at a time."""
    row, size = 1, path.stat().st_size
    for batch in file.iter_batches(1 << 18, columns=list(wanted.values())):
        if not batch.num_rows:
            continue
        batch.validate(full=True)
        table = pa.table({field: _as_text(batch[name]) for field, name in wanted.items()})
        rows = np.arange(row, row := row + len(table))
        intake.refuse_growth(path.name, row * 8 * len(FIELDS), size)
        yield Block(table, rows)


def _as_text(column: pa.Array) -> pa.Array:
    """A typed column as the text that BACI would print.

    Doubles carry noise beyond the third decimal (29.141000000000002): where a double is the neighbour of a
    number with three decimals, that number is meant. What is further off stays as it is, to be refused.
    """
    if pa.types.is_floating(column.type):
        doubles = column.to_numpy(zero_copy_only=False).astype(np.float64)
        with np.errstate(invalid="ignore"):  # infinity stays what it is, to be refused
            meant = np.rint(doubles * 1000) / 1000
            near = np.abs(doubles - meant) <= 4 * np.spacing(np.abs(doubles))
        column = pa.array(
            np.where(near, meant, doubles), mask=np.isnan(doubles) & column.is_null().to_numpy(False)
        )
    if pa.types.is_dictionary(column.type):
        short = pc.utf8_slice_codeunits(pc.utf8_trim_whitespace(column.dictionary), 0, WIDEST)
        column = pa.DictionaryArray.from_arrays(column.indices, short)
    return pc.fill_null(pc.cast(column, pa.string()), "")


def typed(schema: pa.Schema, names: Sequence[str], problems: Problems) -> bool:
    """Whether each field has a type that it can have: codes are text, all else is text or numbers."""
    ok = True
    for field in FIELDS:
        stated = schema.field(names.index(field))
        text, number = _is_text(stated.type), _is_number(stated.type)
        if field == "product" and not text:
            remedy = "Numbers lose the leading zero of a code: write the column as six-digit text."
            problems.add(None, stated.name, str(stated.type), "text", remedy)
        elif not (text or number):
            problems.add(None, stated.name, str(stated.type), "text or a number", "Write it as BACI does.")
        ok = ok and (text or (number and field != "product"))
    return ok


def _is_text(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))
