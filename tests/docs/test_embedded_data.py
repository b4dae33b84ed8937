"""Are the embedded tables what their originals say? Rebuilt and compared, and read by other programs."""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tools import build_data

from weaklink import data
from weaklink.study.datasets import embedded_snapshot
from weaklink.study.reference import verification

TABLES = ("known_gaps.csv", "mining_production.csv", "political_stability.csv", "borders.json")


@pytest.fixture
def rebuilt(shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The derived tables, made again in a directory of their own."""
    monkeypatch.setattr(build_data, "ROOT", tmp_path)
    build_data.main(shared_data)
    yield tmp_path
    shutil.rmtree(tmp_path)


def test_every_derived_table_is_made_again_from_its_originals(rebuilt: Path) -> None:
    for name in TABLES:
        assert (rebuilt / name).read_bytes() == (data.ROOT / name).read_bytes(), name
    again = pq.read_table(rebuilt / "baci_hs92_materials.parquet")
    assert again.equals(pq.read_table(embedded_snapshot().path))


def test_every_embedded_file_is_intact() -> None:
    assert set(verification(Path("nowhere")).column("state")) == {"intact"}


def test_one_flipped_bit_is_found(tmp_path: Path) -> None:
    copy = tmp_path / "copy.parquet"
    copy.write_bytes(embedded_snapshot().path.read_bytes())
    whole = bytearray(copy.read_bytes())
    whole[len(whole) // 2] ^= 1
    assert hashlib.sha256(whole).hexdigest() != embedded_snapshot().card.sha256


def test_world_totals_equal_the_original_to_the_dollar_per_year_and_product(shared_data: Path) -> None:
    """Independent program: DuckDB adds the original's thousand dollars as decimals."""
    duckdb = pytest.importorskip("duckdb", reason="the extra 'oracle' is not installed")
    original = shared_data / "trade" / "baci_hs92_materials_1995_2024.parquet"
    question = """
        select t, k, sum(cast(round(v, 3) as decimal(18, 3)) * 1000)::hugeint, count(*)
        from read_parquet(?) group by t, k order by t, k
    """
    source = duckdb.connect().execute(question, [str(original)]).fetchall()
    stored = (
        pq.read_table(embedded_snapshot().path)
        .group_by(["year", "product"])
        .aggregate([("value_usd", "sum"), ("value_usd", "count")])
        .to_pylist()
    )
    ours = sorted(
        (row["year"], row["product"], row["value_usd_sum"], row["value_usd_count"]) for row in stored
    )
    assert ours == [(year, product, int(total), count) for year, product, total, count in source]
    assert sum(count for *_, count in ours) == 1_264_888


def test_russian_gas_that_eurostat_counts_and_baci_lacks_is_listed(shared_data: Path) -> None:
    """Germany: Eurostat nrg_ti_gas has 2,045,449 TJ in 2020, none of it liquefied."""
    gaps = {row["importer"]: row["gwh"] for row in data.rows("known_gaps")}
    with (shared_data / "gas" / "russia_share_2020.csv").open(encoding="utf-8") as file:
        germany = next(row for row in csv.DictReader(file) if row["iso2"] == "DE")
    assert int(gaps["DEU"]) == round(float(germany["imports_RU_TJ_gcv"]) / 3.6)


def test_crimea_is_drawn_with_ukraine() -> None:
    """United Nations General Assembly resolution 68/262."""
    import json

    topology = json.loads((data.ROOT / "borders.json").read_text(encoding="utf-8"))["topology"]
    holders = [
        shape["id"]
        for shape in topology["objects"]["countries"]["geometries"]
        for polygon in (shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]])
        if build_data._holds(build_data._ring(topology, polygon[0]), build_data.CRIMEA)
    ]
    assert holders == ["UKR"]
