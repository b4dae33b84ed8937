"""How is CEPII's BACI read, as CEPII releases it?

A release is a zip of one CSV per year (columns t, i, j, k, v, q) with its own tables of country numbers
and product labels, which `baci_release` reads. Values come in thousands of dollars and quantities in
tonnes, both with three decimals: whole dollars and whole kilograms are therefore exact.

Source: Gaulier and Zignago (2010), BACI: International Trade Database at the Product-Level, CEPII WP 2010-23.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from weaklink.flows import UNKNOWN_KG
from weaklink.sources import baci_release, intake, lines, reading
from weaklink.sources.baci_release import Release
from weaklink.sources.intake import Problems, Progress, Rows
from weaklink.sources.lines import Block
from weaklink.sources.reading import Batch, Cells, Integers, Reading

SOURCE = "CEPII, BACI (Gaulier and Zignago 2010)"
LICENCE = "Etalab Open Licence 2.0"

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
WIDEST = 64  # characters of a cell that are looked at; no code, year or amount is longer


def read(
    path: Path,
    *,
    nomenclature: str = "",
    vintage: str = "",
    country_codes: Path | None = None,
    product_codes: Path | None = None,
    progress: Progress = intake.silent,
) -> Reading:
    """Read a BACI file: the zip of a release, one year's CSV (plain or gzip), or Parquet.

    `nomenclature` and `vintage` are taken from the file's name where it is CEPII's own
    (`BACI_HS17_Y2022_V202401b.csv`); where neither the name nor the caller says them, the file is refused.
    Country numbers are decoded with the table in the zip, else `country_codes`, else a
    `country_codes_V….csv` beside the file. Files whose countries are ISO3 letters need no table.

    Raises SourceError with all problems of the file.
    """
    path = intake.checked_path(path)
    problems = Problems(path.name)
    kind = intake.kind_of(path)
    said = baci_release.stated(nomenclature, vintage, problems)
    tables = baci_release.beside(path, said, country_codes, product_codes)
    if kind == "zip":
        with intake.zip_file(path) as archive:
            tables = {**tables, **baci_release.packed(archive, problems)}
            release = baci_release.release(said, tables, problems)
            batches = list(_zip_batches(archive, release, problems, progress))
    else:
        release = baci_release.release(said, tables, problems)
        batches = list(_file_batches(path, kind, release, problems, progress))
    if not batches and not problems.count:
        problems.add(None, "", "no rows", "a table with rows", "Download it again.")
    problems.refuse_if_any()
    flows, counts = reading.assembled(batches, release.areas, problems)
    return Reading(
        flows=flows,
        areas=counts,
        labels=release.labels,
        source=SOURCE,
        licence=LICENCE,
        nomenclature=said.nomenclature,
        vintage=said.vintage,
        original=intake.printable(path.name),
        original_sha256=intake.sha256(path),
        derived_by="weaklink data add: thousand dollars and tonnes to whole dollars and kilograms, exact",
        caveats=(),
    )


def _zip_batches(
    archive: zipfile.ZipFile, release: Release, problems: Problems, progress: Progress
) -> Iterator[Batch]:
    data = sorted(
        (info for info in archive.infolist() if baci_release.is_data(info.filename)),
        key=lambda info: info.filename,
    )
    if not data:
        problems.add(None, "", "no BACI_HS…_Y….csv", "a zip as CEPII releases it", "Download it again.")
    done, total = 0, sum(info.file_size for info in data)
    for info in data:
        inside = Problems(info.filename)
        if baci_release.belongs(release.stated, inside):
            with intake.member_stream(archive, info.filename) as stream:
                yield from _csv_batches(stream, release, inside)
        problems.take(inside)
        progress(done := done + info.file_size, total)


def _file_batches(
    path: Path, kind: intake.FileKind, release: Release, problems: Problems, progress: Progress
) -> Iterator[Batch]:
    if kind == "parquet":
        yield from _parquet_batches(path, release, problems, progress)
        return
    done, total = 0, path.stat().st_size
    with intake.text_stream(path) as stream:
        for batch in _csv_batches(stream, release, problems):
            yield batch
            progress(min((done := done + intake.BLOCK), total), total)


def _csv_batches(stream: intake.Stream, release: Release, problems: Problems) -> Iterator[Batch]:
    for block in lines.text_blocks(stream, problems, lambda header: _columns(header, problems, row=1)):
        yield _checked(block, release, problems)


def _parquet_batches(path: Path, release: Release, problems: Problems, progress: Progress) -> Iterator[Batch]:
    try:
        schema = pq.read_schema(path)
        names = _columns(schema.names, problems, row=None)
        if names is None or not _typed(schema, names, problems):
            return
        wanted = {field: schema.names[names.index(field)] for field in FIELDS}
        # Text stays a dictionary, so that one long cell repeated a million times takes its length once.
        file = pq.ParquetFile(path, read_dictionary=list(wanted.values()))
        row, packed = 1, path.stat().st_size
        for batch in file.iter_batches(1 << 20, columns=list(wanted.values())):
            batch.validate(full=True)
            table = pa.table({field: _as_text(batch[name]) for field, name in wanted.items()})
            rows = np.arange(row, row := row + len(table))
            intake.refuse_growth(path.name, row * 8 * len(FIELDS), packed)
            if row - 1 > intake.MOST_ROWS:
                most = f"over {intake.MOST_ROWS:,} rows"
                raise intake.refused(path.name, most, "a table of one source", "Split the file.")
            yield _checked(Block(table, rows), release, problems)
            progress(row, file.metadata.num_rows)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise intake.refused(path.name, str(error), "a whole Parquet file", "Download it again.") from error


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


def _columns(header: Sequence[str], problems: Problems, row: int | None) -> list[str] | None:
    """Our name for each column of the file; None where one is missing."""
    remedy = "Use a file as CEPII releases it: t,i,j,k,v,q."
    return reading.named_columns(header, FIELDS, problems, remedy, row)


def _typed(schema: pa.Schema, names: Sequence[str], problems: Problems) -> bool:
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


def _checked(block: Block, release: Release, problems: Problems) -> Batch:
    """The good rows of a block; each bad cell is noted."""
    rows, cells = block.rows, {name: _trimmed(block.table[name]) for name in FIELDS}
    year, good_year = reading.years(cells["year"], rows, problems, "t")
    good_code = reading.products(cells["product"], rows, problems, "k")
    known = [one.code for one in release.areas]
    exporter, good_exporter = reading.areas(cells["exporter"], known, rows, problems, "i")
    importer, good_importer = reading.areas(cells["importer"], known, rows, problems, "j")
    apart = (exporter != importer) | ~good_exporter | ~good_importer
    problems.require(
        apart, rows, "j", cells["importer"], ("another country than the exporter", "Remove the row.")
    )
    value, good_value = _thousandths(cells["value"], rows, problems, "v", optional=False)
    quantity, good_quantity = _thousandths(cells["quantity"], rows, problems, "q", optional=True)
    good = good_year & good_code & good_exporter & good_importer & apart & good_value & good_quantity
    return Batch(
        file=problems.file,
        year=year[good],
        product=_array(cells["product"]).filter(pa.array(good)),
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


def _array(cells: Cells) -> pa.Array:
    return cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
