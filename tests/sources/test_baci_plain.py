"""Claims on reading plain blocks: the quick way takes nothing but what the careful way takes, and gives the same."""

from __future__ import annotations

import string
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.sources import baci_files
from weaklink.flows import UNKNOWN_KG
from weaklink.sources import baci_plain, baci_rows, cells, lines
from weaklink.sources.baci_plain import Codes
from weaklink.sources.intake import Problems
from weaklink.sources.lines import Body
from weaklink.sources.runs import Batch

FIELDS = tuple(baci_rows.FIELDS)  # year, exporter, importer, product, value, quantity
KNOWN = ("4", "12", "276", "251", "842", "DEU", "S19", "0044", "é")
CODES = Codes.of(KNOWN)
ARRAYS = ("year", "product", "exporter", "importer", "value_usd", "quantity_kg", "row")


def body(data: bytes, header: Sequence[str] = FIELDS) -> Body:
    return Body(data, 2, tuple(header), FIELDS)


def careful(data: bytes, header: Sequence[str] = FIELDS) -> tuple[Batch, Problems]:
    problems = Problems("a.csv")
    block = lines.parsed(body(data, header), problems, lines.Cursor())
    return baci_rows.checked(block, KNOWN, problems), problems


def agree(data: bytes, header: Sequence[str] = FIELDS) -> bool:
    """Whether the quick way took a block; the test fails where the careful way reads it otherwise."""
    quick = baci_plain.batch(body(data, header), CODES, "a.csv")
    if quick is None:
        return False
    found, problems = careful(data, header)
    assert problems.listed == []
    for name in ARRAYS:
        assert getattr(quick, name).tolist() == getattr(found, name).tolist(), name
    return True


digits = st.text(string.digits, min_size=1, max_size=13)
amounts = st.one_of(
    st.builds(lambda whole, rest: f"{whole}.{rest}", digits, st.text(string.digits, max_size=4)),
    digits,
    st.sampled_from(["0", "0.0", "0.001", "000000000012.500", ".5", "5.", "1..2", "1.2.3", "", "1 2"]),
)
quantities = st.one_of(
    amounts,
    st.builds(lambda spaces: " " * spaces + "NA", st.integers(0, 17)),
    st.sampled_from(
        ["NA ", "N A", "A", "N", "AN", "NAN", "1NA", " ", "        ", "0 NA", "12345678      NA"]
    ),
)
countries = st.one_of(
    st.sampled_from(KNOWN), st.sampled_from(["", "04", "2760", "76", "DE", "999", "D.U", " 4", "4 "])
)
years = st.one_of(
    st.sampled_from(["2022", "1900", "2099"]), st.sampled_from(["1899", "2100", "22", "02022", "2O22"])
)
products = st.one_of(
    st.sampled_from(["010121", "999999", "000000"]), st.sampled_from(["10121", "0101210", "01012O", "9999AA"])
)
good_amounts = st.builds(baci_files.thousandths, st.integers(1, 10**15 - 1))
good_rows = st.tuples(
    st.sampled_from(["1995", "2022"]),
    st.sampled_from(["4", "276", "DEU"]),
    st.sampled_from(["12", "251", "842", "S19"]),
    st.sampled_from(["010121", "999999"]),
    good_amounts,
    st.one_of(good_amounts, st.just("NA"), st.just("           NA"), st.just("")),
)
any_rows = st.tuples(years, countries, countries, products, amounts, quantities)


def text(table: Sequence[Sequence[str]]) -> bytes:
    return "".join(",".join(row) + "\n" for row in table).encode("utf-8")


@given(st.lists(good_rows, min_size=1, max_size=8))
def test_good_rows_are_read_the_quick_way(table: list[tuple[str, ...]]) -> None:
    assert agree(text(table))


@given(good_rows, any_rows, st.integers(0, 63))
@example(("2022", "4", "12", "010121", "1", ""), ("2022", "4", "12", "010121", "1.5", "7"), 0)
def test_of_good_and_bad_cells_the_quick_way_takes_none_that_the_careful_way_refuses(
    good: tuple[str, ...], other: tuple[str, ...], mask: int
) -> None:
    row = [other[place] if mask >> place & 1 else good[place] for place in range(6)]
    agree(text([good, row, good]))


@given(st.lists(good_rows, min_size=1, max_size=3), st.integers(0, 10**6), st.integers(0, 255), st.booleans())
def test_one_byte_changed_put_in_or_taken_out_never_parts_the_two(
    table: list[tuple[str, ...]], place: int, byte: int, put: bool
) -> None:
    data = bytearray(text(table))
    place %= len(data) - 1
    data[place : place + (not put)] = bytes([byte])
    if bytes(data).decode("utf-8", "ignore").encode() == bytes(data):  # what is not UTF-8 has its own test
        agree(bytes(data))


@given(st.text(cells.PLAIN.decode(), max_size=60))
def test_plain_characters_in_any_order_never_part_the_two(tail: str) -> None:
    agree(b"2022,4,12,010121,1.5,NA\n" + tail.encode() + b"\n")


@given(good_rows, st.permutations(FIELDS))
def test_columns_may_stand_in_any_order_and_others_between_them(
    row: tuple[str, ...], header: list[str]
) -> None:
    cell = dict(zip(FIELDS, row, strict=True))
    names = [*header[:3], "not read 3", *header[3:]]
    line = [cell.get(name, "A 1") for name in names]
    assert agree(text([line, line]), names)


@pytest.mark.parametrize("code", ["4", "12", "276", "DEU", "S19", "0044", "é", "deu", "", "A,B", "  "])
def test_a_word_has_a_number_of_its_own_or_none(code: str) -> None:
    short = [a + b + c for a in " .0Z" for b in ("", "9", "A") for c in ("", "8", "B")]
    own = cells.packed_text(code)
    assert own == -1 or own not in {cells.packed_text(other) for other in short if other != code}
    assert (own == -1) == (not 1 <= len(code) <= 3 or not code.isascii() or code == "deu")


def test_lines_longer_than_a_piece_are_read_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baci_plain, "PIECE", 10)
    assert agree(b"2022,4,12,010121,1.5,NA\n" * 1 + b"2022,4,12,010122,123456789.125,0.001\n")


def test_amounts_of_every_length_are_exact() -> None:
    rows, meant = [], []
    for length in range(1, 13):
        for decimals in range(4):
            whole, rest = "9" * length, "7" * decimals
            rows.append(("2022", "4", "12", "010121", f"{whole}.{rest}" if rest else whole, f"{whole}"))
            meant.append((int(whole) * 1000 + int((rest + "000")[:3]), int(whole) * 1000))
    quick = baci_plain.batch(body(text(rows)), CODES, "a.csv")
    assert quick is not None
    assert list(zip(quick.value_usd.tolist(), quick.quantity_kg.tolist(), strict=True)) == meant


def test_a_missing_quantity_is_unknown_and_not_zero() -> None:
    data = text([("2022", "4", "12", "010121", "1", cell) for cell in ("NA", "", " " * 11 + "NA", "0")])
    quick = baci_plain.batch(body(data), CODES, "a.csv")
    assert quick is not None
    assert quick.quantity_kg.tolist() == [UNKNOWN_KG] * 3 + [0]


def test_a_block_is_read_in_pieces_as_it_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    data = text(baci_files.real_rows())
    codes = Codes.of(sorted(baci_files.numbers().values()))
    whole = baci_plain.batch(body(data), codes, "a.csv")
    monkeypatch.setattr(baci_plain, "PIECE", 100)
    pieces = baci_plain.batch(body(data), codes, "a.csv")
    assert whole is not None
    assert pieces is not None
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(whole, name), getattr(pieces, name))
