"""How do files of BACI look, as CEPII releases them and as they must not look? Written from real flows."""

from __future__ import annotations

import gzip
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from weaklink.codes.areas import area
from weaklink.data import rows
from weaklink.errors import CodeError
from weaklink.flows import Flows
from weaklink.study.datasets import embedded_snapshot

Row: TypeAlias = tuple[str, ...]  # t, i, j, k, v, q as text
Key: TypeAlias = tuple[int, str, str, str]  # year, product, importer, exporter
Amounts: TypeAlias = tuple[int, int | None]  # dollars, kilograms

HEADER = "t,i,j,k,v,q"
VINTAGE = "V202401b"
NAME = f"BACI_HS92_Y2022_{VINTAGE}"
COUNTRY_TABLE = f"country_codes_{VINTAGE}.csv"
PRODUCT_TABLE = f"product_codes_HS92_{VINTAGE}.csv"


@cache
def numbers() -> Mapping[str, str]:
    """BACI's number of each country that is simply one."""
    stated = {row["iso3"]: (row["comtrade"] or row["m49"]).lstrip("0") for row in rows("countries")}
    return {iso3: number for iso3, number in stated.items() if number and _is_country(number, iso3)}


def _is_country(number: str, iso3: str) -> bool:
    try:
        found = area(number)
    except CodeError:
        return False
    return found.kind == "country" and found.becomes == iso3


@cache
def real_rows(count: int = 60, year: int = 2022) -> tuple[Row, ...]:
    """Flows of the embedded extract in BACI's own layout, taken evenly from the whole of its year."""
    table = embedded_snapshot().flows([year]).to_arrow()
    even = table.take(list(range(0, len(table), len(table) // (2 * count)))).to_pylist()
    known = [row for row in even if row["importer"] in numbers() and row["exporter"] in numbers()]
    kept = known[:: len(known) // count][:count]
    assert len(kept) == count
    return tuple(
        (
            str(year),
            numbers()[row["exporter"]],
            numbers()[row["importer"]],
            row["product"],
            thousandths(row["value_usd"]),
            "NA" if row["quantity_kg"] is None else thousandths(row["quantity_kg"]),
        )
        for row in kept
    )


def thousandths(whole: int) -> str:
    """Dollars in thousands, kilograms in tonnes: as BACI prints them."""
    return f"{whole // 1000}.{whole % 1000:03d}"


def text(
    table: Iterable[Sequence[str]], header: str = HEADER, end: str = "\n", separator: str = ","
) -> bytes:
    """The bytes of a CSV file."""
    lines = [header.replace(",", separator), *(separator.join(row) for row in table)]
    return "".join(line + end for line in lines).encode("utf-8")


def country_table(codes: Mapping[str, str] | None = None) -> bytes:
    """The country table of a release: every country that is simply one."""
    by_iso3 = numbers() if codes is None else codes
    lines = [f"{number},{iso3},,{iso3}" for iso3, number in sorted(by_iso3.items())]
    return "\n".join(["country_code,country_name,country_iso2,country_iso3", *lines, ""]).encode()


def release(folder: Path, data: bytes, ending: str = ".csv", table: bytes | None = None) -> Path:
    """One year's file with its country table beside it, under CEPII's names."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / COUNTRY_TABLE).write_bytes(country_table() if table is None else table)
    path = folder / f"{NAME}{ending}"
    path.write_bytes(data)
    return path


def zipped(
    folder: Path, members: Iterable[tuple[str, bytes]], *, packing: int = zipfile.ZIP_DEFLATED
) -> Path:
    """A release's zip with just these members."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"BACI_HS92_{VINTAGE}.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", packing) as archive:
        warnings.simplefilter("ignore")  # that a name stands twice
        for name, data in members:
            archive.writestr(name, data)
    return path


def whole_zip(folder: Path) -> Path:
    """A zip as CEPII releases it, with one year."""
    return zipped(folder, [(f"{NAME}.csv", text(real_rows())), (COUNTRY_TABLE, country_table())])


def columns(table: Sequence[Row]) -> dict[str, pa.Array]:
    """The columns of a Parquet file as a careful analyst writes them: codes as text, amounts as doubles."""
    t, i, j, k, v, q = zip(*table, strict=True)
    return {
        "t": pa.array([int(cell) for cell in t]),
        "i": pa.array(i),
        "j": pa.array(j),
        "k": pa.array(k),
        "v": pa.array([float(cell) for cell in v]),
        "q": pa.array([None if cell == "NA" else float(cell) for cell in q], pa.float64()),
    }


def parquet(folder: Path, arrays: Mapping[str, pa.Array]) -> Path:
    """A Parquet file with its country table beside it."""
    path = release(folder, b"", ".parquet")
    pq.write_table(pa.table(dict(arrays)), path)
    return path


def packed(data: bytes) -> bytes:
    """Compressed with gzip, the same bytes each time."""
    return gzip.compress(data, mtime=0)


def expected(table: Iterable[Sequence[str]]) -> dict[Key, Amounts]:
    """What a file says, by plain Python and decimals: the independent reading."""
    iso3 = {number: code for code, number in numbers().items()}
    return {
        (int(t), k, iso3[j], iso3[i]): (_thousands(v), None if q.strip() in ("NA", "") else _thousands(q))
        for t, i, j, k, v, q in table
    }


def _thousands(cell: str) -> int:
    whole = Decimal(cell.strip()) * 1000
    assert whole == int(whole)
    return int(whole)


def found(flows: Flows) -> dict[Key, Amounts]:
    """Flows in the same form as `expected`."""
    table = flows.to_arrow().to_pylist()
    return {
        (row["year"], row["product"], row["importer"], row["exporter"]): (
            row["value_usd"],
            row["quantity_kg"],
        )
        for row in table
    }


def locked(archive: bytes) -> bytes:
    """A zip whose headers say that a password is needed: Python can read such archives but not write them."""
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = archive.index(magic) + place
        archive = archive[:start] + bytes([archive[start] | 1]) + archive[start + 1 :]
    return archive
