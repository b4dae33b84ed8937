"""Which rows of a block of BACI are right, and what is wrong with the others?

This is the careful way, which has words for every cell that is wrong; it defines what is right. `baci_plain` takes the
same and is faster where nothing is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from weaklink.flows import UNKNOWN_KG
from weaklink.sources import reading
from weaklink.sources.intake import Problems, Rows
from weaklink.sources.lines import Block
from weaklink.sources.reading import Cells, Integers
from weaklink.sources.runs import Batch

# What each field may be called: BACI's own letters first, then the names that extracts of it carry.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "year": ("t", "year"),
    "exporter": ("i", "exporter"),
    "importer": ("j", "importer"),
    "product": ("k", "hs6", "product"),
    "value": ("v", "value_kusd"),
    "quantity": ("q", "qty_t"),
}
AMOUNT = r"^\d{1,12}(\.\d{1,3})?$"  # up to 10^12 thousand dollars a double holds the three decimals exactly
MISSING = r"^(NA|)$"


def columns(header: Sequence[str], problems: Problems, row: int | None) -> list[str] | None:
    """Our name for each column of the file; None where one is missing."""
    remedy = "Use a file as CEPII releases it: t,i,j,k,v,q."
    return reading.named_columns(header, FIELDS, problems, remedy, row)


def checked(block: Block, known: Sequence[str], problems: Problems) -> Batch:
    """The good rows of a block; each bad cell is noted."""
    rows, cells = block.rows, {name: _trimmed(block.table[name]) for name in FIELDS}
    year, good_year = reading.years(cells["year"], rows, problems, "t")
    product, good_product = reading.products(cells["product"], rows, problems, "k")
    exporter, good_exporter = reading.areas(cells["exporter"], known, rows, problems, "i")
    importer, good_importer = reading.areas(cells["importer"], known, rows, problems, "j")
    apart = (exporter != importer) | ~good_exporter | ~good_importer
    problems.require(
        apart, rows, "j", cells["importer"], ("another country than the exporter", "Remove the row.")
    )
    value, good_value = _thousandths(cells["value"], rows, problems, "v", optional=False)
    quantity, good_quantity = _thousandths(cells["quantity"], rows, problems, "q", optional=True)
    good = good_year & good_product & good_exporter & good_importer & apart & good_value & good_quantity
    return Batch(
        file=problems.file,
        year=year[good],
        product=product[good],
        exporter=exporter[good],
        importer=importer[good],
        value_usd=value[good],
        quantity_kg=quantity[good],
        row=rows[good],
    )


def _thousandths(
    cells: Cells, rows: Rows, problems: Problems, column: str, *, optional: bool
) -> tuple[Integers, npt.NDArray[np.bool_]]:
    """Amounts with three decimals as whole thousandths: dollars of thousand dollars, kilograms of tonnes."""
    number = reading.matches(cells, AMOUNT)
    missing = reading.matches(cells, MISSING) if optional else np.zeros_like(number)
    expected = "a quantity in tonnes, at most three decimals, or NA" if optional else VALUE_EXPECTED
    usable = pc.if_else(pa.array(number), cells, "0")
    doubles = pc.cast(usable, pa.float64()).to_numpy(zero_copy_only=False)
    whole = np.rint(doubles * 1000).astype(np.int64)
    ok = missing | (number & (optional | (whole > 0)))
    problems.require(ok, rows, column, cells, (expected, "Correct it in the source, or download it again."))
    return np.where(missing, UNKNOWN_KG, whole), ok


VALUE_EXPECTED = "a positive value in thousand dollars, plain digits, at most three decimals"


def _trimmed(cells: Cells) -> Cells:
    return pc.utf8_trim_whitespace(cells)
