"""Claims on the benchmarks: made-up input is as large as asked, and measuring works."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from benchmarks import harness, ingest, synthetic, winter
from benchmarks.winter_network import network

from weaklink.sources import baci
from weaklink.store import Store
from weaklink.study.ingest import Upload, add

ROWS = 300
SMALL = {"nodes": 12, "pairs": 14, "terminals": 3, "stores": 4, "days": 10}


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


def test_a_made_up_network_has_the_size_asked_for_and_is_the_same_for_a_seed() -> None:
    made, again, other = network(**SMALL), network(**SMALL), network(seed=2, **SMALL)
    assert (len(made.nodes), len(made.links), len(made.storages), made.periods) == (12, 14, 4, 10)
    assert [entry.kind for entry in made.entries].count("terminal") == 3
    assert (made.demand == again.demand).all()
    assert not (made.demand == other.demand).all()


def test_the_benchmark_of_winters_counts_no_time_where_objectives_differ() -> None:
    def told(objective: float) -> list[harness.Run]:
        return [harness.Run(1, 1, 1, f'{{"seconds": 1.0, "cpu_s": 1.0, "objective": {objective}}}')]

    rows = winter.summed_up("job", {winter.ALONE: told(1e6), winter.PYPSA: told(1e6 + 0.5)})
    assert [row.contestant for row in rows] == [winter.ALONE, winter.PYPSA]
    with pytest.raises(ValueError, match=r"PyPSA finds 1000002\.0, HiGHS alone 1000000\.0: no time counts"):
        winter.summed_up("job", {winter.ALONE: told(1e6), winter.PYPSA: told(1e6 + 2)})


def test_the_arrays_for_the_peer_are_those_of_our_programme(tmp_path: Path) -> None:
    made = network(**SMALL)
    winter.written(made, tmp_path / "winter.npz")
    with np.load(tmp_path / "winter.npz") as given:
        assert given["demand"].shape == made.demand.shape
        assert (given["source"] >= 0).sum() == 3
        assert given["volume"].tolist() == [one.volume for one in made.storages]
        assert given["unserved_cost"][0, 0] > given["unserved_cost"][1, 0] >= 1000


@pytest.mark.slow
def test_the_benchmark_of_winters_says_what_each_job_cost(tmp_path: Path) -> None:
    rows = winter.run(tmp_path, 1, 4, SMALL, peer=False)
    assert [(row.job, row.contestant) for row in rows] == [
        ("one winter by day", winter.ALONE),
        ("one winter by day", winter.OURS),
        ("equal sharing", winter.OURS),
        ("lexicographic sharing", winter.OURS),
        ("single outages", winter.OURS),
        ("4 winters", winter.OURS),
    ]
    assert rows[0].wall_ratio == 1
    assert all(row.wall_s > 0 and row.cpu_s > 0 for row in rows)
    assert rows[-1].gap is not None
