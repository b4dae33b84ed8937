"""Claims on merging runs: what a dictionary finds, whatever the runs and windows; nothing twice, nothing lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.strategies import records
from tests.sources.test_spilled import Row, batch
from weaklink.codes.areas import area
from weaklink.errors import SourceError
from weaklink.flows import UNKNOWN_KG, Flows
from weaklink.sources import merging
from weaklink.sources.intake import Problems
from weaklink.sources.merging import Merging
from weaklink.sources.runs import Held, Mark

# In the order of the countries that they become: Belgium and its union with Luxembourg are one, 490 is Taiwan.
AREAS = tuple(sorted((area(code) for code in ("56", "58", "276", "490", "899")), key=lambda one: one.becomes))
BELGIUM = [place for place, one in enumerate(AREAS) if one.becomes == "BEL"]


def merged(blocks: Sequence[Sequence[Row]], files: Sequence[str] = ()) -> Merging:
    held = Held()
    for number, table in enumerate(blocks):
        file = files[number] if files else "a.csv"
        held.put(Mark(number, file, 2, 1), batch(list(table), file))
    return Merging(held.all(), AREAS, Problems("a.csv"))


place = st.integers(0, len(AREAS) - 1)
keys = st.tuples(st.sampled_from([2021, 2022]), st.sampled_from([10121, 271121, 271122]), place, place)
flows = st.dictionaries(
    keys.filter(lambda key: key[2] != key[3]),
    st.tuples(
        st.integers(1, 10**12), st.one_of(st.just(UNKNOWN_KG), st.integers(0, 10**12)), st.integers(0, 3)
    ),
    min_size=1,
    max_size=25,
)


def as_blocks(table: dict[tuple[int, int, int, int], tuple[int, int, int]]) -> list[list[Row]]:
    """Each flow in the block that was drawn for it, with a line of its own."""
    blocks: dict[int, list[Row]] = defaultdict(list)
    for line, (key, (value, quantity, block)) in enumerate(table.items(), start=2):
        blocks[block].append((*key, value, quantity, line))
    return [blocks[number] for number in sorted(blocks)]


@given(flows, st.integers(1, 12))
def test_flows_and_counts_are_what_a_dictionary_finds(
    table: dict[tuple[int, int, int, int], tuple[int, int, int]], window: int
) -> None:
    """The second way: plain dictionaries, areas by their policy."""
    dollars: dict[tuple[int, str, str, str], int] = defaultdict(int)
    kilograms: dict[tuple[int, str, str, str], list[int]] = defaultdict(list)
    through: dict[tuple[int, str], list[int]] = defaultdict(list)
    for (year, product, importer, exporter), (value, quantity, _) in table.items():
        key = (year, f"{product:06d}", AREAS[importer].becomes, AREAS[exporter].becomes)
        dollars[key] += value
        kilograms[key].append(quantity)
        for one in (AREAS[importer], AREAS[exporter]):
            if one.kind != "country":
                through[year, one.code].append(value)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "WINDOW", window)
        found = merged(as_blocks(table))
        parts = list(found.flows())
    assert [row for part in parts for row in records(part)] == [
        (*key, dollars[key], UNKNOWN_KG if UNKNOWN_KG in kilograms[key] else sum(kilograms[key]))
        for key in sorted(dollars)
    ]
    assert {(one.year, one.code): (one.rows, one.value_usd) for one in found.counts()} == {
        key: (len(values), sum(values)) for key, values in through.items()
    }
    assert found.rows == len(dollars)
    assert found.years == tuple(sorted({key[0] for key in table}))
    _never_splits_a_product(parts)


def _never_splits_a_product(parts: Sequence[Flows]) -> None:
    items = [{(row[0], row[1]) for row in records(part)} for part in parts]
    assert sum(map(len, items)) == len(set().union(*items))
    assert all(len(part.years()) == 1 for part in parts)
    assert len({part.countries for part in parts}) == 1


@given(flows, st.data(), st.integers(1, 12))
def test_every_flow_that_stands_twice_is_told_with_its_rows_whatever_the_runs(
    table: dict[tuple[int, int, int, int], tuple[int, int, int]], data: st.DataObject, window: int
) -> None:
    blocks = as_blocks(table)
    again = data.draw(
        st.lists(st.sampled_from([row for block in blocks for row in block]), min_size=1, unique=True)
    )
    blocks.append([(*row[:6], row[6] + 1000) for row in again])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "WINDOW", window)
        with pytest.raises(SourceError) as caught:
            list(merged(blocks).flows())
    assert [problem.row for problem in caught.value.problems] == sorted(row[6] + 1000 for row in again)
    told = {problem.value for problem in caught.value.problems}
    assert told == {f"{row[1]:06d} again, same year and countries as row {row[6]}" for row in again}


def test_a_duplicate_names_the_file_that_it_stands_in() -> None:
    row: Row = (2022, 10121, 0, 3, 5, 6, 7)
    with pytest.raises(SourceError) as caught:
        list(merged([[row], [row]], ["first.csv", "second.csv"]).flows())
    (problem,) = caught.value.problems
    assert (problem.file, problem.row) == ("second.csv", 7)


def test_of_very_many_duplicates_ten_thousand_are_listed_and_all_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(merging, "MOST_LISTED", 3)
    rows: list[Row] = [(2022, product, 0, 3, 5, 6, product) for product in range(8)]
    with pytest.raises(SourceError) as caught:
        list(merged([rows, rows]).flows())
    assert (len(caught.value.problems), caught.value.count) == (3, 8)


def test_more_flows_of_a_product_than_there_are_pairs_are_refused_unread() -> None:
    row: Row = (2022, 10121, 0, 3, 5, 6, 7)
    with pytest.raises(SourceError, match="010121 stands 26 times in 2022"):
        list(merged([[row] * 13, [row] * 13]).flows())


def test_areas_that_became_one_country_are_added_up_in_order() -> None:
    one, other = BELGIUM
    table: list[Row] = [
        (2022, 10121, one, 2, 5, 1, 2),
        (2022, 10121, one, 3, 5, 1, 3),
        (2022, 10121, other, 2, 7, UNKNOWN_KG, 4),
    ]
    (part,) = merged([table]).flows()
    assert [(row[3], row[4], row[5]) for row in records(part)] == [("DEU", 12, UNKNOWN_KG), ("TWN", 5, 1)]
