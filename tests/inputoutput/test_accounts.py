"""Accounts: what is refused and how it is said, what is kept and counted, and that nothing can be changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from tests.inputoutput.strategies import tables
from weaklink.errors import RequestError, SourceError
from weaklink.inputoutput.accounts import Accounts, Limits
from weaklink.inputoutput.blocks import row_blocks
from weaklink.inputoutput.textbook import one_region, two_regions


def changed(**fields: object) -> Accounts:
    return replace(two_regions(), **fields)  # type: ignore[arg-type]


@given(tables())
def test_a_balanced_table_is_taken_and_has_no_residual(table: Accounts) -> None:
    scale = table.x.max()
    assert np.abs(table.checks.row_residual).max() <= 1e-10 * scale
    assert np.abs(table.checks.column_residual).max() <= 1e-10 * scale
    assert (table.v >= 0).all()
    assert not any("balance" in caveat for caveat in table.caveats())


def test_every_missing_cell_is_named_with_its_row_and_column() -> None:
    with pytest.raises(SourceError) as refused:
        changed(Z=np.array([[150, np.nan], [np.inf, 100]]), x=np.array([1000, -np.inf]))
    text = str(refused.value)
    assert refused.value.count == 4
    assert "Z from AAA 1 to BBB 1: 'nan' is not a finite number" in text
    assert "Z from BBB 1 to AAA 1: 'inf'" in text
    assert "x of BBB 1" in text


def test_many_problems_are_counted_and_some_listed() -> None:
    n = 50
    with pytest.raises(SourceError) as refused:
        Accounts(
            regions=("AAA",),
            sectors=tuple(map(str, range(n))),
            region=np.zeros(n, dtype=np.int64),
            sector=np.arange(n),
            Z=np.full((n, n), np.nan),
            Y=np.ones((n, 1)),
            x=np.ones(n),
            value_added=np.ones(n),
            unit="million USD",
            year=2020,
            source="a table of holes",
        )
    assert refused.value.count == n * n
    assert len(refused.value.problems) == 20


def test_all_wrong_sizes_are_reported_together() -> None:
    with pytest.raises(SourceError) as refused:
        changed(
            Z=np.ones((2, 3)),
            Y=np.ones((2, 3)),
            value_added=np.ones(1),
            region=np.array([0, 7]),
            part=("A",),
            sectors=("1", "1"),
        )
    said = {problem.column for problem in refused.value.problems}
    assert said == {"Z", "Y", "value_added", "region", "part", "sectors"}


def test_an_empty_table_is_refused() -> None:
    nothing = np.zeros(0)
    with pytest.raises(SourceError, match="at least one row"):
        changed(
            Z=np.zeros((0, 0)),
            Y=np.zeros((0, 2)),
            x=nothing,
            value_added=nothing,
            region=nothing,
            sector=nothing,
        )


def test_negative_output_is_refused() -> None:
    with pytest.raises(SourceError, match=r"x of BBB 1: '-2000.0' is not zero or more"):
        changed(x=np.array([1000.0, -2000.0]))


def test_a_repeated_row_is_refused() -> None:
    with pytest.raises(SourceError, match=r"rows: 'AAA 1' is not one row"):
        changed(region=np.array([0, 0]))


def test_value_added_without_taxes_is_refused_with_the_remedy() -> None:
    with pytest.raises(SourceError, match="taxes less subsidies on products"):
        changed(value_added=np.array([600.0, 1300.0]))


def test_final_demand_with_a_category_missing_is_refused_with_the_remedy() -> None:
    with pytest.raises(SourceError, match="no category of final demand is left out"):
        changed(Y=two_regions().Y / 2)


def test_an_industry_that_uses_more_than_it_makes_is_refused_unless_the_reader_allows_it() -> None:
    fields = {
        "Z": np.array([[150.0, 500.0], [900.0, 100.0]]),
        "Y": np.array([[300.0, 50.0], [0.0, 1000.0]]),
        "value_added": np.array([-50.0, 1400.0]),
    }
    with pytest.raises(SourceError, match=r"inputs of AAA 1: '1050.0' is not at most 1 of the output 1000"):
        changed(**fields)
    taken = changed(**fields, limits=Limits(column_sum=1.1))
    assert taken.checks.negative_value_added == 1
    assert any("negative value added" in caveat for caveat in taken.caveats())


def test_a_small_imbalance_is_kept_and_said() -> None:
    taken = changed(Y=two_regions().Y + 1)
    assert taken.checks.row_residual.tolist() == [-2.0, -2.0]
    (caveat,) = taken.caveats()
    assert "do not balance: residuals add up to 0.0013 of output, the largest is -2 million USD" in caveat


def test_negative_and_idle_cells_are_kept_and_counted() -> None:
    table = Accounts(
        regions=("AAA",),
        sectors=("1", "2", "3"),
        region=np.array([0, 0, 0]),
        sector=np.array([0, 1, 2]),
        Z=np.array([[10.0, -5.0, 0], [20, 0, 0], [0, 0, 0]]),
        Y=np.array([[95.0], [80.0], [0.0]]),
        x=np.array([100.0, 100.0, 0.0]),
        value_added=np.array([70.0, 105.0, 0.0]),
        unit="million USD",
        year=2020,
        source="odd cells",
    )
    assert (table.checks.negative_flows, table.checks.zero_output) == (1, 1)
    assert table.v.tolist() == [0.7, 1.05, 0.0]
    assert len(table.caveats()) == 2


@pytest.mark.parametrize("name", ["Z", "Y", "x", "value_added", "region", "sector"])
def test_arrays_cannot_be_written_to(name: str) -> None:
    array = getattr(one_region(), name)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1


def test_an_unknown_region_or_sector_is_told_with_those_there_are() -> None:
    with pytest.raises(RequestError, match=r"no region ZZZ\. It has AAA, BBB"):
        two_regions().flags(["AAA", "ZZZ"])
    with pytest.raises(RequestError, match=r"no sector steel\. It has 1"):
        two_regions().in_sectors(["steel"])


def test_flags_of_rows_and_buyers_follow_the_regions() -> None:
    assert two_regions().flags(["BBB"]).tolist() == [False, True]
    assert two_regions().buyers([]).tolist() == [False, False]
    assert one_region().in_sectors(["2"]).tolist() == [False, True]


def test_a_memory_mapped_table_is_read_in_blocks_and_stays_one(tmp_path: Path) -> None:
    np.save(tmp_path / "Z.npy", two_regions().Z)
    mapped = changed(Z=np.load(tmp_path / "Z.npy", mmap_mode="r"))
    assert isinstance(mapped.Z, np.memmap)
    assert [block.tolist() for _, block in row_blocks(mapped.Z, block_bytes=1)] == [
        [[150, 500]],
        [[200, 100]],
    ]


def test_single_precision_is_kept_and_whole_numbers_become_double() -> None:
    assert changed(Z=two_regions().Z.astype(np.float32)).Z.dtype == np.float32
    assert changed(Z=two_regions().Z.astype(np.int32)).Z.dtype == np.float64
