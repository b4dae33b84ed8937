"""Is any damaged file taken for a good one? Forty kinds of damage, at every place, in every packing.

A file is refused with a SourceError that names the damaged line, or it is read as plain Python reads it; no
other exception is ever seen.
"""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from decimal import InvalidOperation
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.sources import baci_files
from tests.sources.baci_files import COUNTRY_TABLE, HEADER, NAME, Row, expected, found, numbers, real_rows
from weaklink.errors import SourceError
from weaklink.sources import baci

Lines: TypeAlias = list[list[str]]
Damage: TypeAlias = Callable[[Lines, int], None]

T, I, J, K, V, Q = range(6)  # noqa: E741 - the columns as BACI calls them


def cell(column: int, change: Callable[[str], str]) -> Damage:
    def damage(lines: Lines, place: int) -> None:
        lines[place][column] = change(lines[place][column])

    return damage


def constant(column: int, value: str) -> Damage:
    return cell(column, lambda _: value)


def inserted(line: Sequence[str]) -> Damage:
    return lambda lines, place: lines.insert(place, list(line))


def duplicated(lines: Lines, place: int) -> None:
    """The later of the two rows is the one that is told."""
    lines.insert(place, list(lines[place - 1]))


def shortened(lines: Lines, place: int) -> None:
    lines[place].pop()


def traded_with_itself(lines: Lines, place: int) -> None:
    lines[place][J] = lines[place][I]


# Each changes one line, the one at `place`, into one that must not be accepted.
LINE_DAMAGE: dict[str, Damage] = {
    "a column too many": lambda lines, place: lines[place].append("1"),
    "a column too few": shortened,
    "text in a number": constant(V, "about 5"),
    "no value": constant(V, ""),
    "NA as value": constant(V, "NA"),
    "a negative value": cell(V, lambda value: f"-{value}"),
    "a plus sign": cell(V, lambda value: f"+{value}"),
    "zero": constant(V, "0.000"),
    "four decimals": constant(V, "1.2345"),
    "a decimal comma": cell(V, lambda value: value.replace(".", ",")),
    "commas for thousands": constant(V, "1,234.500"),
    "blanks for thousands": constant(V, "1 234.500"),
    "infinity": constant(V, "inf"),
    "not a number": constant(V, "nan"),
    "an exponent": constant(V, "1E+05"),
    "an underscore": constant(V, "1_000"),
    "hexadecimal": constant(V, "0x10"),
    "too many digits": constant(V, "1234567890123"),
    "wide digits": constant(V, "１２３"),
    "a negative quantity": constant(Q, "-1.000"),
    "an infinite quantity": constant(Q, "Infinity"),
    "text as quantity": constant(Q, "unknown"),
    "five digits": cell(K, lambda code: code[1:]),
    "seven digits": cell(K, lambda code: code + "0"),
    "no code": constant(K, ""),
    "a letter in a code": cell(K, lambda code: code[:5] + "O"),
    "a code as a double": cell(K, lambda code: f"{code}.0"),
    "an unknown exporter": constant(I, "999"),
    "an unknown importer": constant(J, "9999"),
    "no country": constant(I, ""),
    "a country's letters among numbers": constant(J, "NA"),
    "a country with itself": traded_with_itself,
    "two digits of a year": constant(T, "22"),
    "a date as year": constant(T, "2022-12-31"),
    "a year to come": constant(T, "2122"),
    "a null character": cell(V, lambda value: value + "\0"),
    "a stray quote before": cell(V, lambda value: f'"{value}'),
    "a stray quote after": cell(Q, lambda value: f'{value}"'),
    "a quote inside": cell(K, lambda code: f'{code[:3]}"{code[3:]}'),
    "a carriage return": cell(Q, lambda value: f"{value}\r1"),
    "the header again": inserted(HEADER.split(",")),
    "a blank line": inserted([""]),
    "a comment": inserted(["# the source"]),
    "semicolons": lambda lines, place: lines.insert(place, [";".join(lines.pop(place))]),
    "tabs": lambda lines, place: lines.insert(place, ["\t".join(lines.pop(place))]),
    "a flow twice": duplicated,
}


def told(path: Path) -> SourceError:
    """The refusal of a file; the test fails where it is accepted or anything else is raised."""
    with pytest.raises(SourceError) as caught:
        baci.read(path)
    assert caught.value.problems
    return caught.value


def read_right_or_refused(path: Path, meant: dict[baci_files.Key, baci_files.Amounts] | None) -> None:
    """Nothing but these two may happen to a file."""
    with contextlib.suppress(SourceError):
        assert found(baci.read(path).flows) == meant


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corruption")


@given(
    st.sampled_from(sorted(LINE_DAMAGE)),
    st.integers(1, len(real_rows()) - 1),
    st.sampled_from(["plain", "gzip", "zip", "line ends of Windows"]),
)
def test_a_damaged_line_is_refused_by_its_number(folder: Path, kind: str, place: int, packing: str) -> None:
    lines = [list(row) for row in real_rows()]
    LINE_DAMAGE[kind](lines, place)
    end = "\r\n" if packing == "line ends of Windows" else "\n"
    problems = told(_packed(folder, baci_files.text(lines, end=end), packing)).problems
    assert {problem.row for problem in problems} == {place + 2}
    assert all(problem.file.startswith(NAME) for problem in problems)


def _packed(folder: Path, data: bytes, packing: str) -> Path:
    if packing == "zip":
        return baci_files.zipped(folder, [(f"{NAME}.csv", data), (COUNTRY_TABLE, baci_files.country_table())])
    if packing == "gzip":
        return baci_files.release(folder, baci_files.packed(data), ".csv.gz")
    return baci_files.release(folder, data)


@pytest.mark.parametrize("kind", sorted(LINE_DAMAGE))
def test_every_kind_of_damaged_line_is_refused_once(tmp_path: Path, kind: str) -> None:
    lines = [list(row) for row in real_rows()]
    LINE_DAMAGE[kind](lines, 30)
    error = told(baci_files.release(tmp_path, baci_files.text(lines)))
    assert {problem.row for problem in error.problems} == {32}


@given(st.sets(st.integers(1, len(real_rows()) - 1), min_size=1), st.data())
def test_all_damaged_lines_of_a_file_are_told_together(
    folder: Path, places: set[int], data: st.DataObject
) -> None:
    in_place = sorted(
        kind for kind in LINE_DAMAGE if kind not in ("the header again", "a blank line", "a comment")
    )
    kinds = st.sampled_from([kind for kind in in_place if kind != "a flow twice"])
    lines = [list(row) for row in real_rows()]
    for place in places:
        LINE_DAMAGE[data.draw(kinds)](lines, place)
    problems = told(baci_files.release(folder, baci_files.text(lines))).problems
    assert {problem.row for problem in problems} == {place + 2 for place in places}


@given(st.integers(1, len(baci_files.text(real_rows())) - 1))
def test_a_cut_file_is_refused_unless_it_ends_with_a_whole_line(folder: Path, length: int) -> None:
    """What ends with a whole line is a shorter table, and no reader can know that more was meant."""
    data = baci_files.text(real_rows())[:length]
    path = baci_files.release(folder, data)
    lines = data.decode("utf-8").split("\n")
    if lines[-1] == "" and len(lines) > 2:
        assert found(baci.read(path).flows) == expected(real_rows()[: len(lines) - 2])
    else:
        assert told(path).problems[-1].row in (len(lines), None)


@given(st.integers(0, len(baci_files.text(real_rows())) - 1), st.integers(0, 255))
@example(len(HEADER), ord("\r"))
def test_one_changed_byte_is_refused_or_changes_what_it_says(folder: Path, place: int, byte: int) -> None:
    """Accepted or refused, the independent reading by plain Python agrees."""
    data = bytearray(baci_files.text(real_rows()))
    data[place] = byte
    path = baci_files.release(folder, bytes(data))
    meant = _as_python_reads(bytes(data))
    try:
        read = found(baci.read(path).flows)
    except SourceError as error:
        rows = {problem.row for problem in error.problems}
    else:
        assert read == meant
        assert len(read) == len(real_rows())
        assert len(read.items() ^ expected(real_rows()).items()) <= 2
        return
    assert rows <= _lines_at(bytes(data), place)
    assert bytes(data) != baci_files.text(real_rows())


def _lines_at(data: bytes, place: int) -> set[int | None]:
    """The line of a byte, the next where the byte ended the first, and those that the line now repeats."""
    lines = [line.split(b",")[:4] for line in data.split(b"\n")]
    own = data[:place].count(b"\n") + 1
    same = {number for number, line in enumerate(lines, start=1) if line == lines[own - 1]}
    return {own, own + 1, None, *same}


def _as_python_reads(data: bytes) -> dict[baci_files.Key, baci_files.Amounts] | None:
    """The file by its words alone; None where they make no table."""
    try:
        header, *lines = data.decode("utf-8").replace("\r\n", "\n").removesuffix("\n").split("\n")
        rows = [tuple(cell.strip() for cell in line.split(",")) for line in lines]
        return expected(rows) if header == HEADER else None
    except (ValueError, KeyError, InvalidOperation, AssertionError):
        return None


# --- damage of a whole file

FILE_DAMAGE: dict[str, bytes] = {
    "a header alone": f"{HEADER}\n".encode(),
    "a line end alone": b"\n",
    "semicolons": baci_files.text(real_rows(), separator=";"),
    "tabs": baci_files.text(real_rows(), separator="\t"),
    "a column missing": baci_files.text([row[:5] for row in real_rows()], header="t,i,j,k,v"),
    "a column twice": baci_files.text([(*row, row[4]) for row in real_rows()], header="t,i,j,k,v,q,v"),
    "two names of a column": baci_files.text(
        [(*row, row[3]) for row in real_rows()], header="t,i,j,k,v,q,hs6"
    ),
    "no header": baci_files.text(real_rows()).partition(b"\n")[2],
    "capitals": baci_files.text(real_rows(), header=HEADER.upper()),
    "UTF-16": baci_files.text(real_rows()).decode().encode("utf-16"),
    "UTF-16 without its mark": baci_files.text(real_rows()).decode().encode("utf-16-be"),
    "UTF-32": baci_files.text(real_rows()).decode().encode("utf-32"),
    "line ends of old Macs": baci_files.text(real_rows(), end="\r"),
    "line ends doubled": baci_files.text(real_rows(), end="\n\n"),
    "a spreadsheet": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000),
    "a page": b"<!DOCTYPE html>\n<html><body>404 Not Found</body></html>\n",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "null characters": bytes(10_000),
    "a gzip that was cut": baci_files.packed(baci_files.text(real_rows()))[:-9],
    "a gzip with something behind": baci_files.packed(baci_files.text(real_rows())) + b"more",
    "a gzip in a gzip": baci_files.packed(baci_files.packed(baci_files.text(real_rows()))),
    "the head of a zip": b"PK\x03\x04" + bytes(100),
    "the head of a Parquet file": b"PAR1" + bytes(100),
    "the ends of a Parquet file": b"PAR1" + bytes(100) + b"\xff\xff\xff\x7fPAR1",
}


@pytest.mark.parametrize("kind", sorted(FILE_DAMAGE))
def test_what_is_no_table_of_baci_is_refused(tmp_path: Path, kind: str) -> None:
    assert told(baci_files.release(tmp_path, FILE_DAMAGE[kind])).count >= 1


def test_latin_1_is_refused_at_its_line(tmp_path: Path) -> None:
    """A column of names is where it comes from."""
    rows = [(*row, "Türkiye" if place == 20 else "") for place, row in enumerate(real_rows())]
    data = baci_files.text(rows, header=f"{HEADER},name").decode("utf-8").encode("latin-1")
    (problem,) = told(baci_files.release(tmp_path, data)).problems
    assert problem.row == 22
    assert "Latin-1" in problem.remedy


@given(st.integers(0, 2**20), st.integers(1, 255))
def test_a_gzip_with_one_wrong_byte_is_refused_or_the_same(folder: Path, place: int, change: int) -> None:
    data = bytearray(baci_files.packed(baci_files.text(real_rows())))
    data[place % len(data)] ^= change
    path = baci_files.release(folder, bytes(data), ".csv.gz")
    read_right_or_refused(path, expected(real_rows()))


@given(st.integers(0, 2**20), st.integers(1, 255))
def test_a_zip_with_one_wrong_byte_is_refused_or_the_same(folder: Path, place: int, change: int) -> None:
    path = baci_files.whole_zip(folder)
    data = bytearray(path.read_bytes())
    data[place % len(data)] ^= change
    path.write_bytes(data)
    read_right_or_refused(path, expected(real_rows()))


@given(st.integers(0, 2**20))
def test_a_zip_that_was_cut_is_refused(folder: Path, length: int) -> None:
    path = baci_files.whole_zip(folder)
    data = path.read_bytes()
    path.write_bytes(data[: 1 + length % (len(data) - 1)])
    told(path)


def data_member(
    year: int = 2022, edition: str = "HS92", vintage: str = baci_files.VINTAGE
) -> tuple[str, bytes]:
    rows = [(str(year), *row[1:]) for row in real_rows()]
    return f"BACI_{edition}_Y{year}_{vintage}.csv", baci_files.text(rows)


TABLE = (COUNTRY_TABLE, baci_files.country_table())
ZIP_DAMAGE: dict[str, list[tuple[str, bytes]]] = {
    "nothing in it": [],
    "no data": [TABLE],
    "no country table": [data_member()],
    "two releases": [data_member(), data_member(2021, vintage="V202501"), TABLE],
    "two editions": [data_member(), data_member(2021, edition="HS17"), TABLE],
    "the same year twice": [data_member(), ("more/" + data_member()[0], data_member()[1]), TABLE],
    "the same name twice": [data_member(), data_member(), TABLE],
    "another release's table": [data_member(), ("country_codes_V202501.csv", TABLE[1])],
    "two country tables": [data_member(), TABLE, ("country_codes_V202501.csv", TABLE[1])],
    "an empty country table": [data_member(), (COUNTRY_TABLE, b"")],
    "a name that leads out": [("../../" + data_member()[0], data_member()[1]), TABLE],
    "a name from the root": [("/tmp/" + data_member()[0], data_member()[1]), TABLE],  # noqa: S108
    "an archive in it": [("BACI_HS92_V202401b.zip", b"PK"), TABLE],
}


@pytest.mark.parametrize("kind", sorted(ZIP_DAMAGE))
def test_a_zip_that_is_not_one_whole_release_is_refused_and_nothing_is_unpacked(
    tmp_path: Path, kind: str
) -> None:
    path = baci_files.zipped(tmp_path / "in", ZIP_DAMAGE[kind])
    told(path)
    assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == [path.name]


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    path = baci_files.whole_zip(tmp_path)
    path.write_bytes(baci_files.locked(path.read_bytes()))
    assert "password" in str(told(path))


def test_a_zip_with_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    path = baci_files.zipped(tmp_path, [data_member(), TABLE], packing=zipfile.ZIP_STORED)
    data, cell = path.read_bytes(), real_rows()[5][4].encode()
    assert data.count(cell) == 1
    path.write_bytes(data.replace(cell, cell.translate(bytes.maketrans(b"123456789", b"234567891"))))
    assert "CRC" in str(told(path))


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = baci_files.whole_zip(tmp_path)
    data = path.read_bytes()
    whole = len(data_member()[1])
    for said in (10, whole - 1, 2**32 - 2):
        path.write_bytes(data.replace(struct.pack("<I", whole), struct.pack("<I", said)))
        told(path)


@given(st.integers(0, 2**20), st.integers(1, 255))
def test_a_parquet_file_with_one_wrong_byte_is_refused_or_has_at_most_other_amounts(
    folder: Path, place: int, change: int
) -> None:
    """Parquet of strangers has no checksums: a cell may change, but only into one that may stand there."""
    data = bytearray(_parquet_bytes())
    data[place % len(data)] ^= change
    path = baci_files.release(folder, bytes(data), ".parquet")
    try:
        flows = baci.read(path).flows
    except SourceError:
        return
    assert set(flows.countries) <= set(numbers())
    assert all(len(code) == 6 and code.isascii() and code.isdecimal() for code in flows.products)
    assert bool((flows.value_usd > 0).all())


def _parquet_bytes() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(baci_files.columns(real_rows())), sink)
    return sink.getvalue()


@given(st.integers(1, len(_parquet_bytes()) - 1))
def test_a_parquet_file_that_was_cut_is_refused(folder: Path, length: int) -> None:
    told(baci_files.release(folder, _parquet_bytes()[:length], ".parquet"))


@given(st.binary(min_size=1, max_size=500))
def test_bytes_at_random_are_refused(folder: Path, data: bytes) -> None:
    told(baci_files.release(folder, data))


@given(st.lists(st.lists(st.text(max_size=6), min_size=6, max_size=6), min_size=1, max_size=5))
def test_words_at_random_are_refused_or_what_python_reads(folder: Path, table: list[list[str]]) -> None:
    rows: list[Row] = [tuple(row) for row in table]
    data = "\n".join([HEADER, *(",".join(row) for row in rows), ""]).encode("utf-8", "surrogatepass")
    path = baci_files.release(folder, data)
    read_right_or_refused(path, _as_python_reads(data))
