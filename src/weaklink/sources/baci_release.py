"""Which release of BACI is this, and how does it number countries and products?

Country numbers differ between releases, so a file is always read with its release's own table; where a name
states another release than the file's, the table is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from weaklink.codes.areas import Area, area
from weaklink.codes.countries import countries
from weaklink.errors import CodeError
from weaklink.sources import intake, lines, reading, runs
from weaklink.sources.intake import Problems

FILE = re.compile(r"BACI_(?P<nomenclature>HS\d\d)(?:_Y\d{4})?_(?P<vintage>V\d{6}[a-z]?)", re.IGNORECASE)
VINTAGE = re.compile(r"V\d{6}[a-z]?")
TABLE_VINTAGE = re.compile(r"_(V\d{6}[a-z]?)\.csv")

# What the columns of CEPII's own tables are called, from the oldest releases to the newest.
COUNTRY = {
    "number": ("country_code",),
    "name": ("country_name", "country_name_full"),
    "iso3": ("country_iso3", "iso_3digit_alpha"),
}
PRODUCT = {"code": ("code",), "label": ("description",)}
PRODUCT_CODE = re.compile(r"\d{4}[0-9A-Z]{2}")  # 9999AA is BACI's own, for what is not specified

BACI_LETTERS = ("S19", "R20", "ZA1", "PUS")  # what BACI writes for areas that have no ISO3
MOST_TABLE = 8 << 20  # bytes; the largest table of CEPII has 0.6 MB

TableKind = Literal["country_codes", "product_codes"]
KINDS: tuple[TableKind, ...] = ("country_codes", "product_codes")


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it came: the name of its file, and its bytes."""

    file: str
    data: bytes


Tables: TypeAlias = Mapping[TableKind, Table]


@dataclass(frozen=True, slots=True)
class Stated:
    """The edition of the product codes and the release that a file is said to have."""

    nomenclature: str
    vintage: str


@dataclass(frozen=True, slots=True)
class Release:
    """What must be known to read a file: what it is, and its release's own tables.

    `areas` are in the order of the countries that they become.
    """

    stated: Stated
    areas: tuple[Area, ...]
    labels: Mapping[str, str]


def stated(nomenclature: str, vintage: str, problems: Problems) -> Stated:
    """What the caller says, else the name of the file; refused where neither does, or where they differ."""
    named = FILE.search(problems.file)
    says = {"nomenclature": named["nomenclature"].upper(), "vintage": named["vintage"]} if named else {}
    given = {"nomenclature": (nomenclature, "HS17"), "vintage": (vintage, "V202401b")}
    for what, (said, example) in given.items():
        if said and said != says.get(what, said):
            remedy = f"Leave out --{what}, or give the file its right name."
            problems.add(None, "", f"--{what} {said}", f"what the file's name says, {says[what]}", remedy)
        elif not said and what not in says:
            expected = f"a name that states the {what}, such as BACI_HS17_Y2022_V202401b.csv"
            problems.add(None, "", problems.file, expected, f"Say it: --{what} {example}")
    problems.refuse_if_any()
    return Stated(nomenclature or says["nomenclature"], vintage or says["vintage"])


def is_data(member: str) -> bool:
    """Whether a member of a zip is a year's trade, by its name."""
    return FILE.search(member) is not None and member.endswith(".csv")


def belongs(said: Stated, problems: Problems) -> bool:
    """Whether the name of the file that `problems` is about states this edition and release."""
    named = FILE.search(problems.file)
    if named and (named["nomenclature"].upper(), named["vintage"]) == (said.nomenclature, said.vintage):
        return True
    expected = f"a file of {said.nomenclature} {said.vintage}"
    problems.add(None, "", problems.file, expected, "Do not mix editions or releases.")
    return False


def packed(archive: zipfile.ZipFile, problems: Problems) -> Tables:
    """The country and product tables in the zip of a release."""
    tables: dict[TableKind, Table] = {}
    for name in archive.namelist():
        for kind in KINDS:
            if Path(name).name.startswith(kind) and name.endswith(".csv"):
                if kind in tables:
                    problems.add(None, "", name, f"the only table of {kind}", "Do not mix releases.")
                with intake.member_stream(archive, name) as stream:
                    tables[kind] = _table(name, stream)
    return tables


def beside(path: Path, said: Stated, country_codes: Path | None, product_codes: Path | None) -> Tables:
    """The tables that were given, or that stand beside the file under CEPII's own names for its release."""
    own = {
        "country_codes": f"country_codes_{said.vintage}.csv",
        "product_codes": f"product_codes_{said.nomenclature}_{said.vintage}.csv",
    }
    given = {"country_codes": country_codes, "product_codes": product_codes}
    tables: dict[TableKind, Table] = {}
    for kind in KINDS:
        file = given[kind]
        if file is None and VINTAGE.fullmatch(said.vintage) and (path.parent / own[kind]).is_file():
            file = path.parent / own[kind]
        if file is not None:
            with intake.text_stream(intake.checked_path(file)) as stream:
                tables[kind] = _table(file.name, stream)
    return tables


def release(said: Stated, tables: Tables, problems: Problems) -> Release:
    """The release with its tables decoded; SourceError where something is wrong with them."""
    for table in tables.values():
        named = TABLE_VINTAGE.search(table.file)
        if named and VINTAGE.fullmatch(said.vintage) and named[1] != said.vintage:
            problems.add(None, "", table.file, f"a table of {said.vintage}", "Use the release's own table.")
    areas = _areas(tables["country_codes"], problems) if "country_codes" in tables else _lettered()
    labels = _labels(tables["product_codes"], problems) if "product_codes" in tables else {}
    problems.refuse_if_any()
    return Release(said, tuple(sorted(areas, key=lambda one: one.becomes)), labels)


def _table(name: str, stream: intake.Stream) -> Table:
    data = stream.read(MOST_TABLE + 1)
    if len(data) > MOST_TABLE:
        raise intake.refused(name, f"over {MOST_TABLE:,} bytes", "a table of codes", "Is it the right file?")
    return Table(name, data if data.endswith(b"\n") else data + b"\n")  # CEPII's own may end without


def _records(
    table: Table, fields: Mapping[str, tuple[str, ...]], problems: Problems
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row of a table with its number; what is no row is noted."""
    remedy = "Use the table of the release, as CEPII gives it."
    blocks = lines.text_blocks(
        io.BytesIO(table.data),
        problems,
        lambda header: reading.named_columns(header, fields, problems, remedy, row=1),
    )
    for block in blocks:
        yield from zip(block.rows.tolist(), block.table.to_pylist(), strict=True)


def _areas(table: Table, problems: Problems) -> tuple[Area, ...]:
    """The release's areas: number, and what our policy makes of it."""
    inside, areas = Problems(table.file), dict[str, Area]()
    for row, record in _records(table, COUNTRY, inside):
        number, name, iso3 = (record[field].strip() for field in ("number", "name", "iso3"))
        try:
            found = _area(number, iso3, intake.printable(name))
        except CodeError as error:
            expected = "a country or statistical area that we know"
            inside.add(row, "country_code", f"{number} {name} {iso3}", expected, str(error))
            continue
        if areas.setdefault(number, found) is not found:
            inside.add(row, "country_code", number, "a number that stands once", "Use an unchanged table.")
    if len(areas) > runs.MOST_AREAS:
        inside.add(None, "", f"{len(areas):,} rows", "a table of countries", "Is it the right file?")
    problems.take(inside)
    return tuple(areas.values())


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


def _labels(table: Table, problems: Problems) -> dict[str, str]:
    """The release's own label of each product."""
    inside, labels = Problems(table.file), dict[str, str]()
    for row, record in _records(table, PRODUCT, inside):
        code = record["code"].strip()
        if not PRODUCT_CODE.fullmatch(code):
            remedy = "A spreadsheet has probably dropped a leading zero: use an unchanged table."
            inside.add(row, "code", code, "a six-digit product code", remedy)
        labels[code] = intake.printable(record["label"], " ")
    problems.take(inside)
    return labels
