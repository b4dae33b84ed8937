"""Claims on the store: what is stored is what is read back, and a change of one bit is never a figure."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.strategies import extreme_flows, flows_tables, records
from tests.sources import baci_files
from weaklink import snapshotfile
from weaklink.errors import RequestError, StoreError
from weaklink.flows import ARROW, Flows
from weaklink.provenance import Card
from weaklink.snapshot import Snapshot
from weaklink.snapshotfile import Description
from weaklink.sources import baci
from weaklink.store import Store
from weaklink.study.datasets import chosen, embedded_snapshot
from weaklink.study.question import Question

CARD = Card(
    name="own",
    what="a test",
    source="CEPII, BACI",
    licence="Etalab",
    vintage="V202401b",
    sha256="",
    derived_by="hand",
    original_sha256="1" * 64,
    nomenclature="HS17",
    years=(2022,),
)


def real_flows(year: int = 2022) -> Flows:
    """A small table of real flows, moved to a year."""
    rows = baci_files.real_rows(400)
    keys = {number: code for code, number in baci_files.numbers().items()}
    columns = {
        "year": [year for _ in rows],
        "product": [row[3] for row in rows],
        "importer": [keys[row[2]] for row in rows],
        "exporter": [keys[row[1]] for row in rows],
        "value_usd": [dollars for dollars, _ in baci_files.expected(rows).values()],
        "quantity_kg": [kilograms for _, kilograms in baci_files.expected(rows).values()],
    }
    return Flows.from_arrow(pa.table(columns))


def added(store: Store, year: int = 2022, **card: str) -> Snapshot:
    return store.add(real_flows(year), replace(CARD, years=(year,), rows=400, **card), [], {})  # type: ignore[arg-type]


# --- round trip


@given(extreme_flows(), st.dictionaries(st.text(max_size=8), st.text(max_size=30), max_size=4))
def test_flows_and_labels_come_back_as_they_were_stored(
    tmp_path_factory: pytest.TempPathFactory, flows: Flows, labels: dict[str, str]
) -> None:
    """With no flow, one flow, any text as a code and the largest of integers."""
    areas = [{"year": 2022, "sentence": text} for text in labels.values()]
    card = replace(CARD, years=flows.years(), rows=len(flows))
    snapshot = Store(tmp_path_factory.mktemp("store")).add(flows, card, areas, labels)
    assert records(snapshot.flows()) == records(flows)
    assert (snapshot.labels(), snapshot.areas()) == (labels, areas)
    assert snapshot.card == replace(card, sha256=snapshot.path.stem)
    assert snapshot.state() == "intact"


@given(flows_tables(least=0), st.sets(st.integers(2019, 2022)))
def test_the_flows_of_some_years_are_what_a_plain_filter_finds(
    tmp_path_factory: pytest.TempPathFactory, flows: Flows, years: set[int]
) -> None:
    snapshot = Store(tmp_path_factory.mktemp("store")).add(flows, CARD, [], {})
    assert records(snapshot.flows(sorted(years))) == [row for row in records(flows) if row[0] in years]


@given(extreme_flows())
def test_the_same_table_is_the_same_file(tmp_path_factory: pytest.TempPathFactory, flows: Flows) -> None:
    one, other = (Store(tmp_path_factory.mktemp("store")).add(flows, CARD, [], {}) for _ in range(2))
    assert one.path.name == other.path.name
    assert one.path.read_bytes() == other.path.read_bytes()


def test_no_label_is_taken_for_the_seal(store: Store) -> None:
    text = "weaklink.seal" + "0" * 64
    snapshot = store.add(
        real_flows(), replace(CARD, original_sha256="0" * 64), [{"sentence": text}], {text: text}
    )
    assert (snapshot.labels(), snapshot.areas()) == ({text: text}, [{"sentence": text}])


def test_any_program_that_reads_parquet_finds_sorted_rows_and_the_card(store: Store) -> None:
    snapshot = added(store)
    table = pq.read_table(snapshot.path)
    rows = [(row["year"], row["product"], row["importer"], row["exporter"]) for row in table.to_pylist()]
    assert rows == sorted(rows)
    assert table.schema.names == ARROW.names
    card = pq.read_metadata(snapshot.path).metadata[b"weaklink.card"]
    assert Card.from_json(card.decode()).vintage == "V202401b"


# --- row groups


@given(extreme_flows(), st.integers(1, 8))
def test_each_row_group_is_one_year_with_whole_products_and_can_be_read_by_itself(
    tmp_path_factory: pytest.TempPathFactory, flows: Flows, size: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshotfile, "GROUP", size)
        path = Store(tmp_path_factory.mktemp("store")).add(flows, CARD, [], {}).path
    file = pq.ParquetFile(path, page_checksum_verification=True)
    groups = [Flows.from_arrow(file.read_row_group(place)) for place in range(file.num_row_groups)]
    assert [row for group in groups for row in records(group)] == records(flows)
    items = [{(row[0], row[1]) for row in records(group)} for group in groups]
    assert sum(map(len, items)) == len({item for group in items for item in group})
    for place, group in enumerate(groups):
        years, codes = zip(*sorted(items[place]), strict=True)
        assert len(set(years)) == 1
        assert set(codes) <= set(group.products) == set(flows.products)
        assert len(group) < size * 2 or len(items[place]) == 1 or _without_last_item(group) < size * 2


def _without_last_item(flows: Flows) -> int:
    return int((flows.product != flows.product[-1]).sum())


def test_row_groups_say_which_years_and_products_they_have(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshotfile, "GROUP", 50)
    file = pq.ParquetFile(added(store).path)
    assert file.num_row_groups > 3
    for place in range(file.num_row_groups):
        products = sorted(file.read_row_group(place)["product"].to_pylist())
        group = file.metadata.row_group(place)
        year, product, value = (group.column(column).statistics for column in (0, 1, 4))
        assert (year.min, year.max) == (2022, 2022)
        assert (product.min, product.max) == (products[0], products[-1])
        assert value is None


def test_all_row_groups_have_the_same_products_and_countries_in_the_same_order(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a reader need not translate numbers from group to group, and programs can group by them."""
    monkeypatch.setattr(snapshotfile, "GROUP", 50)
    path = added(store).path
    file = pq.ParquetFile(path)
    for column, words in (
        ("product", real_flows().products),
        ("importer", real_flows().countries),
        ("exporter", real_flows().countries),
    ):
        groups = [file.read_row_group(place)[column].chunk(0) for place in range(file.num_row_groups)]
        assert {tuple(group.dictionary.to_pylist()) for group in groups} == {words}
    assert len(pq.read_table(path).group_by("product").aggregate([])) == len(real_flows().products)


@given(flows_tables(least=2), st.data())
def test_a_table_that_comes_in_parts_is_the_same_file_if_its_row_groups_are(
    tmp_path_factory: pytest.TempPathFactory, flows: Flows, data: st.DataObject
) -> None:
    """Cut between two years, where a row group ends anyway."""
    years = flows.years()
    cut = data.draw(st.sampled_from([years[0], years[-1] + 1]))
    parts = [flows.where(flows.year <= cut), flows.where(flows.year > cut)]
    stores = [Store(tmp_path_factory.mktemp("store")) for _ in range(2)]
    whole = stores[0].add(flows, CARD, [], {})
    pieces = stores[1].add_parts(parts, lambda: Description(CARD, [], {}))
    assert whole.path.read_bytes() == pieces.path.read_bytes()


# --- what may stand together


def test_adding_the_same_table_again_changes_nothing(store: Store) -> None:
    assert added(store) == added(store)
    assert len(store.snapshots()) == 1


def test_another_file_for_a_year_that_the_data_set_has_is_refused(store: Store) -> None:
    added(store)
    with pytest.raises(StoreError, match="own already has 2022, read from another file"):
        added(store, original_sha256="2" * 64)
    assert len(list(store.folder.iterdir())) == 1


def test_the_same_file_read_in_another_way_is_refused(store: Store) -> None:
    """Otherwise one name would have two answers, and nobody could say which is meant."""
    added(store)
    with pytest.raises(StoreError, match="own already has 2022, read from the same file in another way"):
        store.add(real_flows(), replace(CARD, rows=400), [], {"260300": "a label"})
    assert len(list(store.folder.iterdir())) == 1


def test_other_years_and_other_names_stand_beside_each_other(store: Store) -> None:
    added(store)
    added(store, 2023, original_sha256="2" * 64)
    added(store, name="other", original_sha256="3" * 64)
    assert [(one.card.name, one.card.years) for one in store.snapshots()] == [
        ("other", (2022,)),
        ("own", (2022,)),
        ("own", (2023,)),
    ]


def test_two_vintages_of_one_source_do_not_mix_unless_asked(store: Store) -> None:
    added(store)
    added(store, 2023, name="new", vintage="V202601", original_sha256="2" * 64)
    question = Question("DEU", 2022, data="own,new", store=store.root)
    with pytest.raises(RequestError, match=r"V202401b and V202601 of one source.*--mix-vintages"):
        chosen(question)
    assert chosen(replace(question, mix_vintages=True)).years == (2022, 2023)


def test_two_vintages_of_one_year_do_not_mix_even_if_asked(store: Store) -> None:
    added(store)
    added(store, name="new", vintage="V202601", original_sha256="2" * 64)
    with pytest.raises(RequestError, match="two of the chosen data sets have the year 2022"):
        chosen(Question("DEU", 2022, data="own,new", store=store.root, mix_vintages=True))


def test_removing_a_data_set_removes_all_its_snapshots_and_no_other(store: Store) -> None:
    for year in (2021, 2022):
        added(store, year)
    added(store, name="other")
    assert len(store.remove("own")) == 2
    assert [one.card.name for one in store.snapshots()] == ["other"]
    with pytest.raises(StoreError, match="no data set 'own'"):
        store.remove("own")


# --- damage


def flipped(path: Path, place: int, bit: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1 << bit
    path.write_bytes(data)


def test_one_flipped_bit_anywhere_is_found_by_verify_and_never_shown_as_a_figure(store: Store) -> None:
    """A thousand places; the rows are refused or the very same, whatever the bit meant."""
    snapshot = added(store)
    whole, right = snapshot.path.read_bytes(), records(snapshot.flows())
    random, refused = Random(1), 0
    for _ in range(1000):
        flipped(snapshot.path, random.randrange(len(whole)), random.randrange(8))
        try:
            (found,) = store.snapshots()
            assert found.state().startswith("damaged: its sha256 is now ")
            assert found.card == snapshot.card
            assert records(found.flows()) == right
            assert records(found.flows([2022])) == right
        except StoreError:
            refused += 1
        snapshot.path.write_bytes(whole)
    assert refused > 500
    assert snapshot.state() == "intact"


@given(length=st.integers(0, 2**20))
def test_a_cut_snapshot_is_one_clear_error(tmp_path_factory: pytest.TempPathFactory, length: int) -> None:
    store = Store(tmp_path_factory.mktemp("store"))
    path = store.add(real_flows().in_year(1900), CARD, [], {}).path
    data = path.read_bytes()
    path.write_bytes(data[: length % len(data)])
    with pytest.raises(StoreError, match=r": damaged .* Delete this file and add its data again"):
        store.snapshots()


def foreign(path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), path)


def wrong_card(path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}).replace_schema_metadata({b"weaklink.card": b'{"name": 5'}), path)


def empty_card(path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}).replace_schema_metadata({b"weaklink.card": b"{}"}), path)


@pytest.mark.parametrize(
    "put",
    [
        foreign,
        wrong_card,
        empty_card,
        Path.mkdir,
        Path.touch,
        lambda path: path.write_bytes(b"PAR1 is how it begins"),
        lambda path: path.symlink_to(path.parent / "nowhere"),
    ],
    ids=[
        "a foreign table",
        "half a card",
        "an empty card",
        "a directory",
        "an empty file",
        "text",
        "a broken link",
    ],
)
def test_what_is_no_snapshot_of_ours_is_one_clear_error(store: Store, put: Callable[[Path], object]) -> None:
    added(store)
    stranger = store.folder / "stranger.parquet"
    put(stranger)
    with pytest.raises(StoreError, match=r"stranger\.parquet: (damaged|not a snapshot)"):
        store.snapshots()


def test_all_damaged_files_are_named_together(store: Store) -> None:
    cut = [added(store, year).path for year in (2020, 2021, 2022)][1:]
    for path in cut:
        path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(StoreError) as caught:
        store.snapshots()
    assert sorted(str(caught.value).splitlines()) == sorted(
        line for line in str(caught.value).splitlines() if any(str(path) in line for path in cut)
    )
    assert str(caught.value).count("Delete this file") == 2


def test_leftovers_and_other_files_are_no_snapshots(store: Store) -> None:
    added(store)
    for name in ("123-abc.partial", "notes.txt", ".DS_Store"):
        (store.folder / name).touch()
    assert len(store.snapshots()) == 1


def test_a_store_that_is_not_there_is_empty(store: Store) -> None:
    assert store.snapshots() == ()
    assert not store.root.exists()


def test_a_store_that_is_a_file_is_one_clear_error(store: Store) -> None:
    store.root.write_bytes(b"")
    with pytest.raises(StoreError, match="cannot be listed"):
        store.snapshots()
    with pytest.raises(StoreError):
        added(store)
    assert store.root.read_bytes() == b""


AS_NOBODY = """
import os, sys
from pathlib import Path
from weaklink.errors import StoreError
from weaklink.store import Store
os.setgroups([]); os.setgid(65534); os.setuid(65534)
store = Store(Path(sys.argv[1]))
for act in (store.snapshots, lambda: store.remove("own")):
    try:
        act()
        print("done")
    except StoreError as error:
        print(error)
"""


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize(
    ("mode", "listed", "removed"),
    [(0o755, "done", "not removed (Permission denied)"), (0o700, "cannot be listed", "cannot be listed")],
)
def test_a_store_of_somebody_else_is_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory, mode: int, listed: str, removed: str
) -> None:
    store = Store(tmp_path_factory.mktemp("theirs") / "store")
    added(store)
    for folder in (store.root, *list(store.root.parents)[:-2]):
        folder.chmod(0o755)
    store.folder.chmod(mode)
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(store.root)], capture_output=True, text=True, check=True
    )
    first, second = done.stdout.splitlines()
    assert listed in first
    assert removed in second
    assert len(store.snapshots()) == 1


def test_a_reading_is_stored_with_its_card(tmp_path: Path, store: Store) -> None:
    reading = baci.read(baci_files.release(tmp_path, baci_files.text(baci_files.real_rows())))
    snapshot = store.add(reading.flows, reading.card("own"), reading.area_rows(), reading.labels)
    assert snapshot.card.rows == len(baci_files.real_rows())
    assert snapshot.card.source == baci.SOURCE
    assert snapshot.card.licence == "Etalab Open Licence 2.0"
    assert len(snapshot.card.original_sha256) == 64


# --- snapshots of earlier releases


def test_a_snapshot_of_every_earlier_release_is_still_read() -> None:
    """tests/golden holds one of each form: two years and three products of the embedded extract, 0.1.0's first."""
    (path,) = (Path(__file__).parent / "golden").glob("*.parquet")
    snapshot = Snapshot.open(path)
    assert snapshot.state() == "intact"
    assert (snapshot.card.name, snapshot.card.years) == ("golden", (2021, 2022))
    assert snapshot.labels() == {"280530": "Earth-metals, rare"}
    assert snapshot.areas() == [{"year": 2022, "sentence": "as it was"}]
    now = embedded_snapshot().flows([2021, 2022]).of_products(["270900", "280530", "811292"])
    assert records(snapshot.flows()) == records(now)
    assert len(snapshot.flows([2021])) + len(snapshot.flows([2022])) == snapshot.card.rows
