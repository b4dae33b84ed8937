"""A folder of sheets is a network, or is refused with everything that is wrong with it."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from weaklink.errors import NetworkError, RequestError, SourceError
from weaklink.sources.network_folder import cases, read
from weaklink.study import networks

WINTERS = ("europe-gas-2021", "europe-gas-2022")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the exercise, to be spoilt."""
    networks.export("generators-exercise", tmp_path / "own")
    return tmp_path / "own"


def spoil(folder: Path, sheet: str, old: str, new: str) -> None:
    path = folder / sheet
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(folder: Path) -> str:
    with pytest.raises(SourceError) as refused:
        read(folder)
    return str(refused.value)


def test_a_copy_of_a_network_reads_as_the_network_itself(folder: Path) -> None:
    again, first = read(folder), networks.folder("generators-exercise")
    np.testing.assert_array_equal(again.network.demand, first.network.demand)
    assert again.sha256 == first.sha256


@pytest.mark.parametrize(
    ("sheet", "old", "new", "said"),
    [
        (
            "links.csv",
            "BORDER,DEPOT-W",
            "BORDER,DEPOT-X",
            "row 2, column destination: 'DEPOT-X' is not a node",
        ),
        ("links.csv", "DEPOT-W,120,", "DEPOT-W,,", "row 2, column forward: '' is not a capacity per day"),
        (
            "links.csv",
            "DEPOT-W,120,",
            "DEPOT-W,-5,",
            "'-5' is not a capacity per day, a number of at least 0",
        ),
        ("links.csv", "DEPOT-W,120,", 'DEPOT-W,"1,5",', "'1,5' is not a capacity"),
        (
            "entries.csv",
            "Assistance package,100",
            "Nobody,100",
            "column supplier: 'Nobody' is not a supplier of",
        ),
        (
            "entries.csv",
            ",border,",
            ",pipe,",
            "column kind: 'pipe' is not one of production, border, terminal",
        ),
        ("storages.csv", ",0.5,0,0,", ",1.5,0,0,", "column start: '1.5' is not the level"),
        ("demand.csv", "HOSPITAL-A,lifeline", "HOSPITAL-A,vital", "column class: 'vital' is not a class of"),
        ("demand.csv", "2022-12-01", "1.12.2022", "column period: '1.12.2022' is not a month such as"),
        ("nodes.csv", "DEPOT-C,", "DEPOT-W,", "stated once; see row 3"),
        ("suppliers.csv", ",invented,", ",guessed,", "column quality: 'guessed' is not one of published"),
        ("suppliers.csv", ",exercise sheet,", ",,", "column source: '' is not who published it"),
    ],
)
def test_what_is_wrong_is_named_with_row_column_value_and_expectation(
    folder: Path, sheet: str, old: str, new: str, said: str
) -> None:
    spoil(folder, sheet, old, new)
    message = problems(folder)
    assert said in message
    assert sheet in message


def test_problems_of_several_sheets_are_told_together(folder: Path) -> None:
    spoil(folder, "links.csv", "DEPOT-W,120,", "DEPOT-W,x,")
    spoil(folder, "entries.csv", ",border,", ",pipe,")
    spoil(folder, "storages.csv", "Tanks east,,DEPOT-E", "Tanks east,,NOWHERE")
    message = problems(folder)
    assert "3 problems" in message
    assert all(name in message for name in ("links.csv", "entries.csv", "storages.csv"))


def test_two_units_are_refused(folder: Path) -> None:
    path = folder / "suppliers.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], "unit"])
        writer.writeheader()
        writer.writerows({**row, "unit": "litres"} for row in rows)
    assert "column unit: 'litres' is not MWh" in problems(folder)


def test_a_day_without_demand_must_say_zero(folder: Path) -> None:
    path = folder / "demand.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(one for one in lines if "BAKERY-A,other,2022-12-05" not in one) + "\n")
    assert "BAKERY-A other 2022-12-05" in problems(folder)


def test_a_node_that_nothing_reaches_is_refused_by_the_network(folder: Path) -> None:
    path = folder / "links.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(one for one in lines if "BAKERY" not in one) + "\n")
    with pytest.raises(NetworkError, match="BAKERY-A"):
        read(folder)


def test_a_folder_without_its_card_or_case_says_what_is_missing(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(RequestError, match=r"network\.toml"):
        read(tmp_path)
    with pytest.raises(RequestError, match="there are: none"):
        read(folder, "usual")


def test_the_card_is_checked_by_line_and_key(folder: Path) -> None:
    spoil(folder, "network.toml", 'unit = "MWh"', 'units = "MWh"')
    message = problems(folder)
    assert "key units" in message
    assert "Did you mean unit?" in message


@pytest.mark.parametrize("name", WINTERS)
def test_every_row_of_the_embedded_winters_names_its_source_and_quality(name: str) -> None:
    for path in sorted(networks.place(name).glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert rows
        assert all(row["source"] and row["quality"] for row in rows), path
    assert cases(networks.place(name)) == ("usual",)


def test_the_embedded_winters_are_made_again_from_their_originals(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tools import build_gas

    monkeypatch.setattr(build_gas, "NETWORKS", tmp_path)
    build_gas.main(shared_data)
    for path in sorted(tmp_path.glob("*/*.csv")):
        embedded = networks.place(path.parent.name) / path.name
        assert path.read_bytes() == embedded.read_bytes(), path


def test_demand_of_the_members_is_that_of_eurostat_to_the_gwh(shared_data: Path) -> None:
    """Independent sum: the EU's own row of Eurostat's table, less Cyprus, which burns no gas."""
    with (shared_data / "gas" / "eurostat_demand_monthly.csv").open(encoding="utf-8") as file:
        months = ("2022-10", "2022-11", "2022-12", "2023-01", "2023-02", "2023-03")
        union = sum(
            float(row["demand"])
            for row in csv.DictReader(file)
            if row["country"] == "EU27_2020" and row["date"][:7] in months
        )
    found = networks.folder("europe-gas-2022")
    others = {"GBR", "CHE", "UKR", "MDA", "SRB", "BIH", "MKD", "TUR", "NOR"}
    inside = [node not in others for node in found.network.nodes]
    assert found.network.demand_by_node[inside].sum() / 1000 == pytest.approx(union, rel=1e-4)


def test_stores_of_the_union_hold_what_gie_prints_for_it(shared_data: Path) -> None:
    with (shared_data / "gas" / "eu_storage_agsi_daily.csv").open(encoding="utf-8") as file:
        first = next(row for row in csv.DictReader(file) if row["gasDayStart"] == "2021-10-01")
    found = networks.folder("europe-gas-2021").network
    outside = {"GBR", "UKR", "SRB", "TUR"}
    held = sum(storage.start for storage in found.storages if storage.node not in outside) / 1000
    assert held == pytest.approx(float(first["gasInStorage"]), rel=1e-3)  # levels have four digits


def test_pooled_and_small_stores_are_as_gie_counts_them() -> None:
    """The traps of the source: Hungary is 67.5 TWh, not 115; Latvia withdraws 315 GWh a day, not 52."""
    stores = {one.node: one for one in networks.folder("europe-gas-2022").network.storages}
    assert stores["HUN"].volume == 67_514
    assert stores["LVA"].withdrawal.at(1.0) == 315.0
