"""How is CEPII's BACI read, as CEPII releases it?

A release is a zip of one CSV per year (columns t, i, j, k, v, q) with its own tables of country numbers
and product labels. Country numbers differ between releases, so they are always read with the release's own
table. Values come in thousands of dollars and quantities in tonnes, both with three decimals: whole dollars
and whole kilograms are therefore exact.

Source: Gaulier and Zignago (2010), BACI: International Trade Database at the Product-Level, CEPII WP 2010-23.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from weaklink.codes.areas import Area, area
from weaklink.codes.countries import countries
from weaklink.errors import CodeError
from weaklink.flows import UNKNOWN_KG
from weaklink.sources import intake, lines, reading
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
RELEASE = re.compile(r"BACI_(?P<nomenclature>HS\d\d)(?:_Y\d{4})?_(?P<vintage>V\d{6}[a-z]?)", re.IGNORECASE)
BACI_LETTERS = ("S19", "R20", "ZA1", "PUS")  # what BACI writes for areas that have no ISO3
AMOUNT = r"^\d{1,12}(\.\d{1,3})?$"  # up to 10^12 thousand dollars a double holds the three decimals exactly
MISSING = r"^(NA|)$"


@dataclass(frozen=True, slots=True)
class Release:
    """What must be known to read a file: edition, release, and the release's own tables."""

    nomenclature: str
    vintage: str
    areas: tuple[Area, ...]
    labels: Mapping[str, str]


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
    named = RELEASE.search(path.name)
    known = {
        "nomenclature": nomenclature or (named["nomenclature"].upper() if named else ""),
        "vintage": vintage or (named["vintage"] if named else ""),
    }
    if kind == "zip":
        with intake.zip_file(path) as archive:
            release = _release(known, _packed_tables(archive), problems)
            batches = list(_zip_batches(archive, release, problems, progress))
    else:
        release = _release(known, _tables_beside(path, country_codes, product_codes), problems)
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
        nomenclature=release.nomenclature,
        vintage=release.vintage,
        original=path.name,
        original_sha256=intake.sha256(path),
        derived_by="weaklink data add: thousand dollars and tonnes to whole dollars and kilograms, exact",
        caveats=(),
    )


# --- the release's own tables -----------------------------------------------------------------------------


def _release(known: Mapping[str, str], tables: Mapping[str, str], problems: Problems) -> Release:
    for what, example in (("nomenclature", "HS17"), ("vintage", "V202401b")):
        if not known[what]:
            problems.add(
                None,
                "",
                problems.file,
                f"a name that states the {what}, such as BACI_HS17_Y2022_V202401b.csv",
                f"Say it: --{what} {example}",
            )
    problems.refuse_if_any()
    areas = _areas(tables["country_codes"], problems) if "country_codes" in tables else _lettered()
    labels = _labels(tables.get("product_codes", ""))
    return Release(known["nomenclature"], known["vintage"], areas, labels)


def _packed_tables(archive: zipfile.ZipFile) -> dict[str, str]:
    """The text of the country and product tables in a release's zip."""
    tables = {}
    for name in archive.namelist():
        for table in ("country_codes", "product_codes"):
            if Path(name).name.startswith(table) and name.endswith(".csv"):
                with intake.member_stream(archive, name) as stream:
                    tables[table] = _decoded(stream.read(), name)
    return tables


def _tables_beside(path: Path, country_codes: Path | None, product_codes: Path | None) -> dict[str, str]:
    """The text of the tables that were given, or that stand beside the file under CEPII's own names."""
    tables = {}
    given = {"country_codes": country_codes, "product_codes": product_codes}
    for table, stated in given.items():
        beside = sorted(path.parent.glob(f"{table}*_V*.csv"))
        file = stated or (beside[0] if len(beside) == 1 else None)
        if file is not None:
            tables[table] = _decoded(intake.checked_path(file).read_bytes(), file.name)
    return tables


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise intake.refused(name, str(error), "UTF-8 text", "Save it as UTF-8.") from error


def _areas(text: str, problems: Problems) -> tuple[Area, ...]:
    """The release's areas: number and what our policy makes of it."""
    areas = []
    for row, record in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        iso3 = record.get("country_iso3") or record.get("iso_3digit_alpha") or ""
        name = record.get("country_name") or record.get("country_name_full") or ""
        try:
            areas.append(_area(record["country_code"], iso3, name))
        except (CodeError, KeyError) as error:
            problems.add(
                row,
                "country table",
                f"{record.get('country_code')} {name} {iso3}",
                "a country or statistical area that we know",
                str(error),
            )
    return tuple(areas)


def _lettered() -> tuple[Area, ...]:
    """The areas of a file whose countries are ISO3 letters: ours, and BACI's own letters for the rest."""
    return tuple(area(code) for code in (*countries(), *BACI_LETTERS))


def _area(number: str, iso3: str, name: str) -> Area:
    """What becomes of one numbered area: the stated policy for its number, else its letters."""
    try:
        by_number = area(number)
    except CodeError:
        by_number = None
    if by_number is not None and by_number.kind != "country":
        return by_number
    by_letters = area(iso3)
    return Area(number, name, by_letters.becomes, by_letters.kind, by_letters.reason)


def _labels(text: str) -> dict[str, str]:
    return {record["code"]: record["description"] for record in csv.DictReader(io.StringIO(text))}


# --- the rows ---------------------------------------------------------------------------------------------


def _zip_batches(
    archive: zipfile.ZipFile, release: Release, problems: Problems, progress: Progress
) -> Iterator[Batch]:
    members = [info for info in archive.infolist() if RELEASE.search(info.filename)]
    data = sorted(
        (info for info in members if info.filename.endswith(".csv")), key=lambda info: info.filename
    )
    if not data:
        problems.add(None, "", "no BACI_HS…_Y….csv", "a zip as CEPII releases it", "Download it again.")
    done, total = 0, sum(info.file_size for info in data)
    for info in data:
        stated = RELEASE.search(info.filename)
        if stated and stated["vintage"] != release.vintage:
            problems.add(None, "", info.filename, f"files of {release.vintage} only", "Do not mix releases.")
            continue
        inside = Problems(info.filename)
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
        file = pq.ParquetFile(path)
        names = _columns(file.schema_arrow.names, problems, row=None)
        if names is None or not _codes_are_text(file.schema_arrow, names, problems):
            return
        row = 1
        for batch in file.iter_batches(1 << 20):
            if row + len(batch) > intake.MOST_ROWS:
                raise intake.refused(
                    path.name, f"over {intake.MOST_ROWS:,} rows", "a table of one source", "Split the file."
                )
            table = pa.table({name: _as_text(batch.column(place)) for place, name in enumerate(names)})
            yield _checked(Block(table, np.arange(row, row + len(table))), release, problems)
            progress(row := row + len(table), file.metadata.num_rows)
    except (pa.ArrowException, OSError) as error:
        raise intake.refused(path.name, str(error), "a whole Parquet file", "Download it again.") from error


def _as_text(column: pa.Array) -> pa.Array:
    """A typed column as the text that BACI would print.

    Doubles carry noise beyond the third decimal (29.141000000000002): where a double is the neighbour of a
    number with three decimals, that number is meant. What is further off stays as it is, to be refused.
    """
    if pa.types.is_floating(column.type):
        doubles = column.to_numpy(zero_copy_only=False).astype(np.float64)
        meant = np.rint(doubles * 1000) / 1000
        near = np.abs(doubles - meant) <= 4 * np.spacing(np.abs(doubles))
        column = pa.array(
            np.where(near, meant, doubles), mask=np.isnan(doubles) & column.is_null().to_numpy(False)
        )
    return pc.fill_null(pc.cast(column, pa.string()), "")


def _columns(header: Sequence[str], problems: Problems, row: int | None) -> list[str] | None:
    """Our name for each column of the file; None where one is missing."""
    remedy = "Use a file as CEPII releases it: t,i,j,k,v,q."
    return reading.named_columns(header, FIELDS, problems, remedy, row)


def _codes_are_text(schema: pa.Schema, names: Sequence[str], problems: Problems) -> bool:
    kind = schema.field(names.index("product")).type
    text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind)
    if not text:
        problems.add(
            None,
            schema.names[names.index("product")],
            str(kind),
            "text",
            "Numbers lose the leading zero of a code: write the column as six-digit text.",
        )
    return bool(text)


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
