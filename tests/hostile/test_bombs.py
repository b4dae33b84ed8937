"""Claims on files that are small and grow: refused within five seconds and half a gigabyte, as what they are."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.hostile import commands
from tests.sources import baci_files
from tests.sources.baci_files import COUNTRY_TABLE, HEADER, NAME
from weaklink.sources import baci, intake

SECONDS = 5
MEGABYTES = 500
LOGICAL = 300 << 20  # bytes that each bomb would grow to

START = f"{HEADER}\n2022,276,251,260300,1.000,1.000\n".encode()
FILLINGS = {
    "zeros": bytes(1 << 20),
    "line ends": b"\n" * (1 << 20),
    "short lines": b"1,2\n" * (1 << 18),
    "rows": b"2022,276,251,260300,1.000,1.000\n" * (1 << 15),
    "lines of quotes": b'"\n' * (1 << 19),
}


def gzip_bomb(folder: Path, filling: bytes) -> Path:
    """One gzip stream after another is one file: packed once, repeated without end."""
    packed = gzip.compress(filling, mtime=0)
    data = gzip.compress(START, mtime=0) + packed * (LOGICAL // len(filling))
    return baci_files.release(folder, data, ".csv.gz")


def zip_bomb(folder: Path, filling: bytes, bomb: str = f"{NAME}.csv") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"BACI_HS92_{baci_files.VINTAGE}.zip"
    whole = {f"{NAME}.csv": START, COUNTRY_TABLE: baci_files.country_table()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in sorted(whole):
            with archive.open(name, "w") as member:
                member.write(whole[name])
                for _ in range(LOGICAL // len(filling) if name == bomb else 0):
                    member.write(filling)
    return path


def long_cells(folder: Path) -> Path:
    """A million rows of one code with two million digits: two terabytes in 22 kB."""
    return _repeated(folder, 1_000_000, "9" * 2_000_000)


def many_rows(folder: Path) -> Path:
    """Three million times the same flow."""
    return _repeated(folder, 3_000_000, "260300")


def _repeated(folder: Path, rows: int, code: str) -> Path:
    def one(value: str) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array([0], pa.int8()).take(zeros), pa.array([value]))

    zeros = pa.array([0], pa.int8()).take(pa.array([0] * 1000, pa.int8()))
    batch = {
        "t": pa.array([2022] * 1000),
        "i": one("276"),
        "j": one("251"),
        "k": one(code),
        "v": pa.array([1.0] * 1000),
        "q": pa.array([1.0] * 1000),
    }
    path = baci_files.release(folder, b"", ".parquet")
    whole = pa.concat_tables([pa.table(batch)] * (rows // 1000))
    pq.write_table(whole, path, compression="zstd", row_group_size=rows)
    return path


def many_columns(folder: Path) -> Path:
    columns = 1_000_000
    header = HEADER + "".join(f",c{place}" for place in range(columns))
    line = "2022,276,251,260300,1.000,1.000" + ",1" * columns
    return baci_files.release(folder, f"{header}\n{line}\n{line}\n".encode())


def long_line(folder: Path) -> Path:
    """Not packed at all: a plain file whose first line does not end; sparse, so that it costs no disk."""
    path = baci_files.release(folder, b"t,i,j,k,v,q")
    with path.open("r+b") as file:
        file.truncate(1 << 30)
    return path


BOMBS: dict[str, Callable[[Path], Path]] = {
    **{f"a gzip of {name}": partial(gzip_bomb, filling=data) for name, data in FILLINGS.items()},
    "a zip of zeros": partial(zip_bomb, filling=FILLINGS["zeros"]),
    "a country table in a zip": partial(zip_bomb, filling=FILLINGS["zeros"], bomb=COUNTRY_TABLE),
    "a Parquet file of long cells": long_cells,
    "a Parquet file of many rows": many_rows,
    "a million columns": many_columns,
    "a line of a gigabyte": long_line,
}


@pytest.mark.parametrize("kind", sorted(BOMBS))
def test_a_bomb_is_refused_in_five_seconds_and_half_a_gigabyte(tmp_path: Path, kind: str) -> None:
    bomb = BOMBS[kind](tmp_path / "in")
    store = tmp_path / "store"
    done = commands.run("data", "add", bomb, store=store)
    assert done.code == 2, done.err
    assert done.err.startswith("Error: refused, ")
    assert (done.out, "Traceback" in done.err, store.exists()) == ("", False, False)
    assert done.seconds < SECONDS
    assert done.megabytes < MEGABYTES


def test_many_small_members_that_are_one_bomb_are_refused_by_their_sum(tmp_path: Path) -> None:
    """Each of them stays below what is free."""
    rows = FILLINGS["rows"] * 4
    members = [(NAME.replace("2022", str(year)) + ".csv", START + rows) for year in range(1990, 2010)]
    path = baci_files.zipped(tmp_path, [*members, (COUNTRY_TABLE, baci_files.country_table())])
    done = commands.run("data", "check", path, store=tmp_path / "store")
    assert (done.code, "looks like a bomb" in done.out) == (2, True)
    assert done.seconds < SECONDS


def test_an_honest_file_that_packs_well_is_no_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same flows in a hundred years: as alike as real ones never are."""
    rows = [(str(year), *row[1:]) for year in range(1950, 2050) for row in baci_files.real_rows()]
    data = baci_files.text(rows)
    packed = baci_files.packed(data)
    assert len(data) > 10 * len(packed)
    monkeypatch.setattr(intake, "FREE_DECODED", 1000)
    assert len(baci.read(baci_files.release(tmp_path, packed, ".csv.gz")).flows) == len(rows)
