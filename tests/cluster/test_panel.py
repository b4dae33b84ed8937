"""Are the figures of a cluster those of one machine, to the last bit of each double?"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from weaklink.cluster import answers
from weaklink.cluster.answers import Given
from weaklink.errors import StoreError, WeaklinkError
from weaklink.flows import Flows
from weaklink.provenance import Card
from weaklink.store import Store
from weaklink.study.datasets import embedded_snapshot
from weaklink.study.panel import Importers, panel
from weaklink.study.question import Question

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

WHO = Importers(("EU@2024-12-31", "NATO", "RUS + BLR"), "world")


def bits(table: pa.Table) -> dict[str, tuple[list[bool], list[Any] | npt.NDArray[np.int64]]]:
    """Every column as it is in memory: which cells are missing, and the others, doubles as their 64 bits."""
    found = {}
    for name in table.column_names:
        column = table[name].combine_chunks()
        if pa.types.is_floating(column.type):
            values = column.drop_null().to_numpy().view(np.int64).tolist()
        else:
            values = column.drop_null().to_pylist()
        found[name] = (column.is_null().to_pylist(), values)
    return found


@pytest.mark.parametrize(
    ("by", "product", "years"), [("value", "", (1995, 2019, 2022)), ("quantity", "2711,280530", (2021, 2022))]
)
def test_every_figure_of_blocs_and_of_each_country_equals_one_machine_to_the_last_bit(
    spark: SparkSession, by: Literal["value", "quantity"], product: str, years: tuple[int, ...]
) -> None:
    question = Question("", 2022, product=product, suppliers="authoritarian", by=by, indicators="all")
    found = answers.panel(spark, Given(pieces=3), WHO, question, years)
    expected = panel(WHO, question, years)
    assert len(expected) > 300
    assert found.table.schema == expected.table.schema
    assert bits(found.table) == bits(expected.table)
    assert found.caveats == expected.caveats
    assert found.provenance == expected.provenance


@pytest.fixture
def split(store: Store) -> Store:
    """Two years of the embedded extract, each a snapshot of its own with countries of its own."""
    whole = embedded_snapshot().flows([2021, 2022])
    for year in (2021, 2022):
        flows = Flows.from_arrow(plain(whole.in_year(year).to_arrow()))
        card = Card(
            f"year-{year}", "a year", "CEPII", "Etalab 2.0", "test", "", "by hand", str(year), "HS92", (year,)
        )
        store.add(flows, card, [], {})
    return store


def plain(table: pa.Table) -> pa.Table:
    """The table with codes as text, so that only those that occur are in its dictionaries."""
    return pa.table(
        {
            name: table[name].cast(pa.string()) if pa.types.is_dictionary(table[name].type) else table[name]
            for name in table.column_names
        }
    )


def test_a_folder_of_snapshots_is_asked_as_one(spark: SparkSession, split: Store) -> None:
    """Their countries differ, so the numbers by which the kernel knows them do too."""
    question = Question(
        "", 2022, suppliers="CHN", indicators="all", data="year-2021,year-2022", store=split.root
    )
    expected = panel(Importers(("EU",), "DEU + CHN"), question, (2021, 2022))
    found = answers.panel(
        spark, Given((split.folder,)), Importers(("EU",), "DEU + CHN"), question, (2021, 2022)
    )
    assert bits(found.table) == bits(expected.table)
    assert found.provenance.cards == expected.provenance.cards


def test_a_written_panel_is_the_panel_and_is_never_written_over(spark: SparkSession, tmp_path: Path) -> None:
    question, who, place = Question("", 2022, product="2711"), Importers(("EU",), "NATO"), tmp_path / "panel"
    count = answers.write_panel(spark, Given(), who, question, (2021, 2022), place)
    expected = panel(who, question, (2021, 2022)).table
    read = ds.dataset(place, partitioning="hive").to_table(columns=expected.column_names)
    order = [(name, "ascending") for name in ("year", "product", "importer")]
    assert count == len(expected)
    assert bits(read.cast(expected.schema).sort_by(order)) == bits(expected.sort_by(order))
    assert "caveats" in (place / "_weaklink.json").read_text(encoding="utf-8")
    with pytest.raises(StoreError, match="there already"):
        answers.write_panel(spark, Given(), who, question, (2022,), place)
    assert [one.name for one in tmp_path.iterdir()] == ["panel"]


def test_a_page_with_a_flipped_bit_is_refused_by_the_worker_and_nothing_is_left(
    spark: SparkSession, store: Store, tmp_path: Path
) -> None:
    """The footer and the first year are whole: only the checksum of a page of the last year says it."""
    years = (2020, 2021, 2022)
    card = Card("three", "years", "CEPII", "Etalab 2.0", "test", "", "by hand", "3", "HS92", years)
    path = store.add(embedded_snapshot().flows(years), card, [], {}).path
    whole = bytearray(path.read_bytes())
    whole[len(whole) * 5 // 6] ^= 1
    path.write_bytes(whole)
    answers.panel(spark, Given((path,)), Importers(("RUS + BLR",)), Question("", 2020), (2020,))
    with pytest.raises(StoreError, match="damaged"):
        answers.write_panel(
            spark, Given((path,)), Importers(("RUS + BLR",)), Question("", 2022), (2022,), tmp_path / "out"
        )
    with pytest.raises(StoreError, match="damaged"):
        answers.panel(spark, Given((path,)), Importers(("RUS + BLR",)), Question("", 2022), (2022,))
    assert [one.name for one in tmp_path.iterdir()] == ["store"]


def test_what_cannot_be_asked_is_refused_before_anything_is_computed(
    spark: SparkSession, split: Store, tmp_path: Path
) -> None:
    question, who = Question("", 2022), Importers(("EU",))
    copy = tmp_path / "again.parquet"
    shutil.copy(next(split.folder.iterdir()), copy)
    for given, years, message in (
        (Given(), (1990,), "no year 1990"),
        (Given((split.folder,)), (2020,), "the data have no year 2020; they have 2021 to 2022"),
        (Given((split.folder, copy)), (2022,), "twice"),
        (Given((tmp_path / "store",), form=tmp_path / "no.toml"), (2022,), "no.toml"),
    ):
        with pytest.raises(WeaklinkError, match=message):
            answers.panel(spark, given, who, question, years)
