"""Claims on reading foreign text: every line keeps its number, and no dialect of CSV moves a cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from weaklink.errors import Problem
from weaklink.sources import lines
from weaklink.sources.intake import Problems

FIELDS = ("a", "b", "c")


class Pieces:
    """A stream that gives its bytes in pieces of given sizes, as a slow disk or a decompressor does."""

    def __init__(self, data: bytes, sizes: Sequence[int]) -> None:
        self._pieces = _cut(data, sizes)

    def read(self, _size: int = -1, /) -> bytes:
        return next(self._pieces, b"")


def _cut(data: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
    place = 0
    for size in sizes:
        if place < len(data):
            yield data[place : place + size]
            place += size
    if place < len(data):
        yield data[place:]


def parsed(data: bytes, sizes: Sequence[int] = ()) -> tuple[list[tuple[int, tuple[str, ...]]], list[Problem]]:
    """The rows with their line numbers, and the problems."""
    problems = Problems("a.csv")
    blocks = lines.text_blocks(Pieces(data, sizes), problems, lambda header: header)
    found = [
        (row, tuple(record.values()))
        for block in blocks
        for row, record in zip(block.rows.tolist(), block.table.to_pylist(), strict=True)
    ]
    return found, problems.listed


cells = st.text(st.characters(codec="utf-8", exclude_characters='\r\n",\ufeff'), max_size=8)
tables = st.lists(st.tuples(cells, cells, cells), max_size=8)
# Characters that the many readers of CSV disagree about.
tricky = st.text(st.sampled_from('",\r\n\0a1 \té'), max_size=30)
sizes = st.lists(st.integers(1, 20), max_size=30)


@given(tables, sizes, st.sampled_from(["\n", "\r\n"]))
def test_where_the_pieces_of_a_file_end_makes_no_difference(
    table: list[tuple[str, ...]], cuts: list[int], end: str
) -> None:
    data = "".join(",".join(row) + end for row in (FIELDS, *table)).encode("utf-8")
    rows, problems = parsed(data, cuts)
    assert rows == [(place, row) for place, row in enumerate(table, start=2)]
    assert problems == []


@given(tricky, sizes)
@example('1,2,3\n"1,2,3\n4,5,6\n', [])
@example('1,2,"3\n', [])
@example('x"y,"z,1\n1,2,3\n', [])
@example('"a"",2,3\n"b",2,3\n', [])
@example("1,2,3\r1,2,3\n", [])
@example("1,2,3\n\n1,2,3\n", [])
def test_every_line_is_a_row_as_python_reads_it_or_a_problem_with_its_number(
    text: str, cuts: list[int]
) -> None:
    """The second opinion: Python's csv, line by line."""
    lines_of_file = ("a,b,c\n" + text).replace("\r\n", "\n").split("\n")
    rows, problems = parsed(("a,b,c\n" + text).encode("utf-8"), cuts)
    told = [problem.row or 0 for problem in problems]
    numbers = [row for row, _ in rows]
    last = len(lines_of_file) - (not lines_of_file[-1])
    assert sorted([*numbers, *told]) == list(range(2, last + 1))  # each line once, as one or the other
    for number, row in rows:
        (read,) = csv.reader(io.StringIO(lines_of_file[number - 1], newline=""), strict=True)
        assert tuple(read) == row


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1,2", "3 columns (found 2)"),
        ("1,2,3,4", "3 columns (found 4)"),
        ("1;2;3", "3 columns (found 1)"),
        ("", "a row: it is empty"),
        ("1,2,3\r4,5,6", "one line: it has a carriage return inside"),
        ('1,"2,3', "a row: it has a quote that does not stand around a whole cell"),
        ('1,2"x",3', "a row: it has a quote that does not stand around a whole cell"),
    ],
)
def test_a_line_that_is_no_row_is_told_as_it_stands(line: str, expected: str) -> None:
    rows, problems = parsed(f"a,b,c\n1,2,3\n{line}\n7,8,9\n".encode())
    assert rows == [(2, ("1", "2", "3")), (4, ("7", "8", "9"))]
    assert [(one.row, one.value, one.expected) for one in problems] == [(3, line, expected)]


def test_text_that_is_not_utf8_is_told_and_the_rows_around_it_are_read() -> None:
    rows, problems = parsed("a,b,c\n1,2,3\n4,é,6\n7,8,9\n".encode("latin-1"))
    assert [row for row, _ in rows] == [2, 3, 4]
    assert [(one.row, one.expected) for one in problems] == [(3, "UTF-8 text")]


def test_after_ten_thousand_lines_that_are_no_rows_the_reading_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_LISTED", 10)
    for wrong in ("1,2\n", "\n", '"\n'):
        data = ("a,b,c\n" + wrong * 12).encode()
        stream = Pieces(data + wrong.encode() * 1000, [len(data)])
        problems = Problems("a.csv")
        for _ in lines.text_blocks(stream, problems, lambda header: header):
            pass
        assert problems.count == 12  # eleven lines, and that it stopped
        assert problems.listed[-1].value == "over 10 lines that are no rows"
        assert stream.read() != b""


def test_ten_wrong_lines_do_not_stop_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_LISTED", 10)
    rows, problems = parsed(b"a,b,c\n" + b"1,2\n" * 10 + b"1,2,3\n")
    assert (len(rows), len(problems)) == (1, 10)


def test_more_rows_than_any_source_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST_ROWS", 10)
    assert parsed(b"a,b,c\n" + b"1,2,3\n" * 10)[1] == []
    assert parsed(b"a,b,c\n" + b"1,2,3\n" * 11)[1][0].value == "over 10 rows"


def test_a_line_without_end_is_refused_and_not_gathered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "BLOCK", 100)
    data = b"a,b,c\n1,2,3\n" + b"9" * 10_000
    stream = Pieces(data, [50] * 200)
    problems = Problems("a.csv")
    for _ in lines.text_blocks(stream, problems, lambda header: header):
        pass
    assert [(one.row, one.expected) for one in problems.listed] == [(3, "a line of a table")]
    assert stream.read() != b""


def test_columns_without_a_name_are_not_read() -> None:
    problems = Problems("a.csv")
    stream = Pieces(b"a,b,c\n1,2,3\n", [])
    (block,) = lines.text_blocks(stream, problems, lambda header: ["", "kept", ""])
    assert block.table.to_pydict() == {"kept": ["2"]}
