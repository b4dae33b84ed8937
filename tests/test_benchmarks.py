"""Claims on the benchmarks: made-up trade is as large as asked and without repeats, and measuring works."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from benchmarks import harness, ingest, synthetic

from weaklink.sources import baci
from weaklink.store import Store
from weaklink.study.ingest import Upload, add

ROWS = 300


def test_synthetic_years_have_the_rows_asked_for_and_no_flow_twice(tmp_path: Path) -> None:
    reading = baci.read(synthetic.csv_file(tmp_path, ROWS, 2021))
    assert len(reading.flows) == ROWS
    assert reading.vintage == synthetic.VINTAGE
    assert "synthetic" in reading.original
    assert set(synthetic.bloc()) <= set(synthetic.country_numbers())


def test_csv_zip_and_parquet_of_a_synthetic_year_are_the_same_trade(tmp_path: Path) -> None:
    csv = synthetic.csv_file(tmp_path, ROWS, 2021)
    for other in (synthetic.zip_file(tmp_path, ROWS, [2021]), synthetic.parquet_file(tmp_path, ROWS, [2021])):
        assert baci.read(other).flows.to_arrow().equals(baci.read(csv).flows.to_arrow()), other.name


def test_synthetic_files_are_made_once_and_always_the_same(tmp_path: Path) -> None:
    first = synthetic.csv_file(tmp_path / "a", ROWS, 2022)
    assert synthetic.csv_file(tmp_path / "a", ROWS, 2022).stat().st_mtime_ns == first.stat().st_mtime_ns
    synthetic.network.cache_clear()
    assert synthetic.csv_file(tmp_path / "b", ROWS, 2022).read_bytes() == first.read_bytes()


def test_a_command_is_measured_by_its_own_memory_and_not_by_ours() -> None:
    held = bytearray(300 << 20)
    run = harness.measured([sys.executable, "-c", "print(len(bytearray(50 << 20)))"])
    assert run.stdout == f"{50 << 20}\n"
    assert 50 < run.peak_mb < 150 < len(held) >> 20
    assert 0 < run.cpu_s < 5
    assert run.wall_s > 0


def test_a_command_that_fails_is_not_measured() -> None:
    with pytest.raises(harness.CommandFailedError, match="ended with 3: no"):
        harness.measured([sys.executable, "-c", "import sys; print('no', file=sys.stderr); sys.exit(3)"])


def test_contestants_take_turns_and_the_first_turn_does_not_count() -> None:
    order: list[str] = []

    def contestant(name: str) -> harness.Run:
        order.append(name)
        return harness.Run(len(order), 0, 0, "")

    runs = harness.alternated({"a": lambda: contestant("a"), "b": lambda: contestant("b")}, 2)
    assert order == ["a", "b"] * 3
    assert [run.wall_s for run in runs["a"]] == [3, 5]


def test_the_benchmark_of_ingest_refuses_tables_that_differ(tmp_path: Path) -> None:
    snapshot = add(Upload(synthetic.csv_file(tmp_path, ROWS, 2022)), Store(tmp_path / "store").root)
    copied = synthetic.parquet_file(tmp_path, ROWS, [2022])
    ingest._compare(snapshot.path, copied)
    pq.write_table(pq.read_table(copied).slice(1), tmp_path / "shorter.parquet")
    with pytest.raises(ValueError, match=r"300 flows of .* dollars, DuckDB 299 of"):
        ingest._compare(snapshot.path, tmp_path / "shorter.parquet")


@pytest.mark.slow
def test_the_benchmark_of_ingest_says_what_each_run_cost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("duckdb", reason="the extra 'oracle' is not installed")
    monkeypatch.setattr(ingest, "ZIPPED", (2,))
    rows = ingest.run(tmp_path, ROWS, 1)
    assert [(row.job, row.rows) for row in rows] == [
        ("one year, CSV", ROWS),
        ("one year, CSV", ROWS),
        ("2 years, zip", 2 * ROWS),
    ]
    assert rows[1].wall_ratio == 1
    assert all(row.wall_s > 0 and row.peak_mb > 10 for row in rows)
