"""Claims on the table of flows: its order, its parts and its sums, each against plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from random import Random

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.strategies import Record, extreme_flows, flows_tables, records
from weaklink.flows import ARROW, UNKNOWN_KG, Flows, joined, merged


def table(rows: list[Record]) -> pa.Table:
    """Rows as an Arrow table of plain text, an unknown quantity as null."""
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in ARROW.names]
    columns[5] = [None if amount == UNKNOWN_KG else amount for amount in columns[5]]
    kinds = [pa.int16(), pa.string(), pa.string(), pa.string(), pa.int64(), pa.int64()]
    arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    return pa.table(dict(zip(ARROW.names, arrays, strict=True)))


def first_four(row: Record) -> tuple[int, str, str, str]:
    return row[:4]


@given(extreme_flows())
def test_to_arrow_and_back_is_the_same_table(flows: Flows) -> None:
    again = Flows.from_arrow(flows.to_arrow())
    assert records(again) == records(flows)
    assert again.to_arrow().schema == ARROW


@given(extreme_flows(), st.randoms())
def test_the_order_of_the_rows_read_makes_no_difference(flows: Flows, random: Random) -> None:
    rows = records(flows)
    random.shuffle(rows)
    assert records(Flows.from_arrow(table(rows))) == records(flows)


@given(flows_tables(), st.integers(1, 5))
def test_rows_read_in_several_pieces_are_one_table(flows: Flows, size: int) -> None:
    """Each piece brings a dictionary of its own."""
    pieces = [
        flows._take(slice(start, start + size)).to_arrow().combine_chunks()
        for start in range(0, len(flows), size)
    ]
    own = [Flows.from_arrow(piece).to_arrow() for piece in reversed(pieces)]
    assert records(Flows.from_arrow(pa.concat_tables(own))) == records(flows)


@given(extreme_flows())
def test_keys_order_flows_as_their_words_do(flows: Flows) -> None:
    rows = records(flows)
    keys = flows.keys().tolist()
    assert sorted(range(len(rows)), key=lambda place: first_four(rows[place])) == sorted(
        range(len(rows)), key=keys.__getitem__
    )
    assert len(set(keys)) == len({first_four(row) for row in rows})


def test_keys_do_not_run_over_with_as_many_codes_as_an_index_can_hold() -> None:
    """An edition has 5,700 products and a source 250 countries; sixteen bits leave room for 32,767."""
    many = tuple(f"{place:05d}" for place in range(2**15 - 1))
    last = np.array([0, len(many) - 1], dtype=np.int16)
    flows = Flows(
        many, many, np.array([0, 2100], dtype=np.int16), last, last, last, np.array([1, 2]), np.array([1, 2])
    )
    low, high = flows.keys().tolist()
    size = len(many)
    assert (low, high) == (0, ((2100 * size + size - 1) * size + size - 1) * size + size - 1)


@given(flows_tables(), st.integers(2019, 2022))
def test_a_year_is_what_a_plain_filter_finds(flows: Flows, year: int) -> None:
    assert records(flows.in_year(year)) == [row for row in records(flows) if row[0] == year]


@given(flows_tables(), st.lists(st.sampled_from(["010121", "271121", "850511", "999999"])))
def test_products_are_what_a_plain_filter_finds(flows: Flows, products: list[str]) -> None:
    assert records(flows.of_products(products)) == [row for row in records(flows) if row[1] in products]


@given(flows_tables(), st.lists(st.sampled_from(["CHN", "DEU", "ZZZ", "NAM"])))
def test_flagged_flows_are_what_a_plain_filter_finds(flows: Flows, countries: list[str]) -> None:
    chosen = flows.where(flows.flags(countries)[flows.importer])
    assert records(chosen) == [row for row in records(flows) if row[2] in countries]


@given(extreme_flows())
def test_years_are_those_that_occur(flows: Flows) -> None:
    assert flows.years() == tuple(sorted({row[0] for row in records(flows)}))


@given(flows_tables(most=20), st.randoms())
def test_merging_adds_up_what_has_one_key_and_keeps_every_total(flows: Flows, random: Random) -> None:
    """As where two statistical areas become one country: by a dictionary, in any order."""
    parts = [row for row in records(flows) for _ in range(random.randrange(1, 4))]
    dollars: Counter[tuple[int, str, str, str]] = Counter()
    kilograms: dict[tuple[int, str, str, str], list[int]] = defaultdict(list)
    for row in parts:
        dollars[first_four(row)] += row[4]
        kilograms[first_four(row)].append(row[5])
    random.shuffle(parts)
    found = records(merged(Flows.from_arrow(table(parts))))
    assert [(first_four(row), row[4]) for row in found] == sorted(dollars.items())
    for row in found:
        amounts = kilograms[first_four(row)]
        assert row[5] == (UNKNOWN_KG if UNKNOWN_KG in amounts else sum(amounts))


@given(extreme_flows())
def test_merging_what_has_no_key_twice_changes_nothing(flows: Flows) -> None:
    assert merged(flows) is flows


def test_no_table_at_all_is_a_table_without_flows() -> None:
    """A product and a year that no row group can have are read as nothing."""
    assert len(joined([])) == 0
