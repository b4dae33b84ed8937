"""Claims on runs: sorted without a loss, the same on disk as in memory, believed again only if whole."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink.sources import runs
from weaklink.sources.runs import Batch, Held, Index, Mark, Run, Runs
from weaklink.sources.spilled import JOURNAL, Spilled

MARK = Mark(0, "a.csv", 2, 100)
Row = tuple[int, int, int, int, int, int, int]  # year, product, importer, exporter, dollars, kilograms, line

rows = st.tuples(
    st.integers(1900, 2099),
    st.sampled_from([0, 10121, 271121, 999_999]),
    st.integers(0, runs.MOST_AREAS - 1),
    st.integers(0, runs.MOST_AREAS - 1),
    st.integers(1, 10**15 - 1),
    st.integers(-1, 10**15 - 1),
    st.integers(2, 2**32 - 1),
)
tables = st.lists(rows, min_size=1, max_size=30)


def batch(table: list[Row], file: str = "a.csv") -> Batch:
    year, product, importer, exporter, value, quantity, row = np.array(table, dtype=np.int64).T
    return Batch(file, year, product, exporter, importer, value, quantity, row)


def records(run: Run) -> list[Row]:
    """The flows of a run as plain tuples, read item by item."""
    index, found = run.index(), list[Row]()
    for item in index.items.tolist():
        part = run.part(*index.span(item, item))
        year, product = divmod(item, 1 << runs.PRODUCT_BITS)
        importer, exporter = runs.areas(part.key)
        columns = (importer, exporter, part.value_usd, part.quantity_kg, part.row)
        cells = zip(*(column.tolist() for column in columns), strict=True)
        found += [(year + runs.FIRST_YEAR, product, *cell) for cell in cells]
    return found


@given(tables)
def test_a_run_has_the_flows_of_its_block_sorted_in_memory_and_on_disk(
    tmp_path_factory: pytest.TempPathFactory, table: list[Row]
) -> None:
    where: tuple[Runs, ...] = (Held(), Spilled(tmp_path_factory.mktemp("runs")))
    for place in where:
        place.put(MARK, batch(table))
        (run,) = place.all()
        assert records(run) == sorted(
            table, key=lambda row: row[:4]
        )  # equal flows in the order of their lines
        assert run.index().years() == tuple(sorted({row[0] for row in table}))
        assert run.index().areas.tolist() == sorted({area for row in table for area in row[2:4]})


@given(st.lists(st.integers(0, 2**52 - 1), max_size=50), st.booleans())
def test_the_order_of_keys_is_that_of_a_stable_sort(keys: list[int], far: bool) -> None:
    """Far apart or close together: both ways of sorting."""
    key = np.array([one if far else one % 7 for one in keys], dtype=np.int64) * (1000 if far else 1)
    assert runs.order(key).tolist() == np.argsort(key, kind="stable").tolist()


def test_without_amounts_keys_and_lines_are_kept(tmp_path: Path) -> None:
    table: list[Row] = [(2022, 10121, 1, 2, 5, 6, 9), (2021, 10121, 1, 2, 5, 6, 8)]
    place = Spilled(tmp_path, amounts=False)
    place.put(MARK, batch(table))
    (run,) = place.all()
    assert records(run) == [(2021, 10121, 1, 2, 0, 0, 8), (2022, 10121, 1, 2, 0, 0, 9)]


def test_runs_come_in_the_order_of_their_blocks_whoever_was_first(tmp_path: Path) -> None:
    for place in (Held(), Spilled(tmp_path)):
        for number in (2, 0, 1):
            mark = Mark(number, f"{number}.csv", 2, 100)
            place.put(mark, batch([(2022, 1, 1, 2, 1, 1, 2)], f"{number}.csv"))
        assert [run.file for run in place.all()] == ["0.csv", "1.csv", "2.csv"]


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """A directory that an interrupted reading left, with one run."""
    Spilled(tmp_path).put(MARK, batch([(2022, 1, 1, 2, 3, 4, 5), (2022, 2, 1, 2, 3, 4, 6)]))
    return tmp_path


def test_a_whole_run_of_an_earlier_try_is_there(left: Path) -> None:
    again = Spilled(left)
    assert (again.kept, again.has(MARK), len(again.all())) == (1, True, 1)
    assert records(again.all()[0])[0] == (2022, 1, 1, 2, 3, 4, 5)


def test_a_run_that_nobody_asked_for_is_not_counted(left: Path) -> None:
    assert list(Spilled(left).all()) == []


@pytest.mark.parametrize(
    "other",
    [Mark(1, "a.csv", 2, 100), Mark(0, "b.csv", 2, 100), Mark(0, "a.csv", 3, 100), Mark(0, "a.csv", 2, 99)],
)
def test_the_run_of_another_block_is_not_taken_for_this_one(left: Path, other: Mark) -> None:
    assert not Spilled(left).has(other)


@pytest.mark.parametrize("place", range(0, 2 * 28 + 8 * 7, 5))
def test_a_run_with_one_wrong_bit_is_not_believed(left: Path, place: int) -> None:
    (path,) = left.glob("*.run")
    data = bytearray(path.read_bytes())
    data[place] ^= 4
    path.write_bytes(data)
    assert not Spilled(left).has(MARK)


def test_a_run_that_was_cut_or_is_gone_is_not_believed(left: Path) -> None:
    (path,) = left.glob("*.run")
    path.write_bytes(path.read_bytes()[:-1])
    assert not Spilled(left).has(MARK)
    path.unlink()
    assert not Spilled(left).has(MARK)


@pytest.mark.parametrize("tail", ['{"number": 1, "fi', "\x00\x00", "[]\n", '{"number": 1}\n', "null\n"])
def test_a_journal_that_was_half_written_says_what_it_says_before(left: Path, tail: str) -> None:
    with (left / JOURNAL).open("a") as journal:
        journal.write(tail)
    again = Spilled(left)
    assert (again.kept, again.has(MARK)) == (1, True)
    again.put(Mark(1, "a.csv", 9, 100), batch([(2022, 1, 1, 2, 3, 4, 9)]))
    assert len(again.all()) == 2


def test_a_run_takes_28_bytes_a_flow_and_its_index(tmp_path: Path) -> None:
    table: list[Row] = [(2022, 1, importer, 7, 3, 4, 5) for importer in range(1000)]
    Spilled(tmp_path).put(MARK, batch(table))
    entry = json.loads((tmp_path / JOURNAL).read_text())
    (path,) = tmp_path.glob("*.run")
    assert path.stat().st_size == 28 * 1000 + 8 * (2 * entry["items"] + 1 + entry["areas"])
    assert entry["areas"] == 1000  # the exporter is one of the importers


def test_an_index_finds_the_flows_between_two_items() -> None:
    key = runs.keys(batch([(2022, product, 1, 2, 1, 1, 1) for product in (3, 3, 5, 9)]))
    index = Index.of(key)
    first = runs.item(key)[0] - 3  # product 0 of the year
    assert index.span(int(first) + 3, int(first) + 5) == (0, 3)
    assert index.span(int(first) + 4, int(first) + 4) == (2, 2)
    assert index.span(int(first) + 9, int(first) + 99) == (3, 4)
