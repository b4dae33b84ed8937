"""Are sheets of provision read exactly, and is all that is wrong with one told together?"""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink.errors import SourceError
from weaklink.sources import chip_graph
from weaklink.sources.provision import MILLION, ROWS, quantity, read, read_needs, share

HEADER = ",".join(ROWS)
GOOD = "radio access,telecom,DEU,CHN,Huawei,,40%,,sites,2022,a source,CC BY 4.0"


def sheet(folder: Path, text: str) -> Path:
    path = folder / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    return path


def problems(path: Path) -> list[tuple[int | None, str]]:
    with pytest.raises(SourceError) as caught:
        read(path)
    return [(one.row, one.column) for one in caught.value.problems]


@given(st.integers(0, MILLION))
def test_a_share_is_read_exactly_in_both_spellings(millionths: int) -> None:
    decimal = Decimal(millionths) / MILLION
    assert share(f"{decimal:.6f}") == millionths
    assert share(f"{decimal * 100:.4f}%") == millionths


@given(st.integers(0, 10**15 - 1))
def test_a_quantity_is_read_exactly(thousandths: int) -> None:
    assert quantity(f"{Decimal(thousandths) / 1000:.3f}") == thousandths


@pytest.mark.parametrize("text", ["61", "1", "101%", "1.5", "-1%", "61 %", "1e-1", ".5", "0,5", "0.1234567"])
def test_a_share_that_can_be_misread_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"61%|more than 100%"):
        share(text)


def test_a_good_sheet_is_read_with_its_lines(tmp_path: Path) -> None:
    _, rows = read(sheet(tmp_path, f"{HEADER}\n{GOOD}\n"))
    (row,) = rows
    assert (row.line, row.share, row.dependents, row.supplier) == (2, 400_000, ("DEU",), "CHN")


def test_all_problems_of_a_sheet_are_told_together(tmp_path: Path) -> None:
    text = "\n".join(
        [
            HEADER,
            GOOD,
            GOOD,  # twice
            "radio access,telekom,DEU,CHN,Huawei,,1%,,sites,2022,s,l",  # no such domain
            "radio access,telecom,Germania,SWE,Ericsson,,1%,,sites,2022,s,l",  # no such dependent
            "core,telecom,DEU,SWE,,,1%,,sites,2022,s,l",  # a vendor is needed
            "core,telecom,FRA,SWE,Ericsson,,60,,sites,2022,s,l",  # a share that can be misread
            "core,telecom,ITA,SWE,Ericsson,,60%,7,sites,2022,s,l",  # both
            "core,telecom,ESP,SWE,Ericsson,,,7,masts,2022,s,l",  # a unit that is none
            "core,telecom,POL,SWE,Ericsson,,60%,,sites,22,s,l",  # a period
        ]
    )
    assert problems(sheet(tmp_path, text + "\n")) == [
        (3, "supplier"),
        (4, "domain"),
        (5, "dependent"),
        (6, "provider"),
        (7, "share"),
        (8, "share"),
        (9, "unit"),
        (10, "period"),
    ]


def test_shares_beyond_a_whole_are_refused_but_not_for_rounding(tmp_path: Path) -> None:
    rounded = [
        f"x,technology,world,{code},,,{text},,m,2022,s,l"
        for code, text in (("DEU", "34%"), ("FRA", "34%"), ("USA", "33%"))
    ]
    assert len(read(sheet(tmp_path, "\n".join([HEADER, *rounded]) + "\n"))[1]) == 3  # 101 %
    doubled = [f"x,technology,world,{code},,,60%,,m,2022,s,l" for code in ("DEU", "FRA")]
    assert problems(sheet(tmp_path, "\n".join([HEADER, *doubled]) + "\n")) == [(2, "share")]


def test_quantities_must_be_complete_and_in_one_unit(tmp_path: Path) -> None:
    rows = [
        "x,gas,DEU,NOR,,,,7,TWh,2022,s,l",
        "x,gas,DEU,RUS,,,,,TWh,2022,s,l",
        "y,gas,DEU,NOR,,,,7,TWh,2022,s,l",
        "y,gas,DEU,RUS,,,,7,GWh,2022,s,l",
    ]
    assert problems(sheet(tmp_path, "\n".join([HEADER, *rows]) + "\n")) == [(3, "quantity"), (5, "unit")]


def test_an_input_that_nobody_provides_is_named(tmp_path: Path) -> None:
    path = sheet(tmp_path, "item,input,choice,source,licence\nchip,waffer,,s,l\n")
    with pytest.raises(SourceError, match=r"'waffer' is not an item with suppliers or needs of its own"):
        read_needs(path, {"chip", "wafer"})


def test_every_share_of_a_country_in_the_chip_graph_is_the_text_of_its_file(shared_data: Path) -> None:
    folder = shared_data / "technology"
    with (folder / "providers.csv").open(encoding="utf-8-sig") as file:
        nations = {row["provider_id"] for row in csv.DictReader(file) if row["provider_type"] == "country"}
    with (folder / "provision.csv").open(encoding="utf-8-sig") as file:
        texts = [
            row for row in csv.DictReader(file) if row["provider_id"] in nations and row["share_provided"]
        ]
    read_shares = [row.share for row in chip_graph.read(folder).rows if row.share and not row.provider]
    expected = sorted(int(row["share_provided"].rstrip("%")) * 10_000 for row in texts)
    assert sorted(share for share in read_shares if share) == expected


def test_a_damaged_chip_graph_names_every_wrong_cell(shared_data: Path, tmp_path: Path) -> None:
    for path in (shared_data / "technology").glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    wrong = (tmp_path / "provision.csv").read_text(encoding="utf-8").replace("61%", "161%", 1)
    (tmp_path / "provision.csv").write_text(wrong.replace("N19", "N1900", 1), encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        chip_graph.read(tmp_path)
    assert {one.value for one in caught.value.problems} == {"161%", "N1900"}


def test_border_points_of_gas_are_read_in_the_one_form(shared_data: Path, tmp_path: Path) -> None:
    """IEA gas trade flows, for the test only: flows of 2021 by border point, into Italy."""
    rows = [HEADER]
    with (shared_data / "gas" / "border_points_iea_gtf.csv").open(encoding="utf-8-sig") as file:
        points = [row for row in csv.DictReader(file) if row["Entry"] == "Italy" and row["flow_2021_mcm"]]
    countries = {"Liquefied Natural Gas": "ZZZ"}
    for row in points:
        source = countries.get(row["Exit"], row["Exit"])
        flow = f"{float(row['flow_2021_mcm']):.3f}"
        rows.append(f"gas,gas,ITA,{source},,{row['Borderpoint']},,{flow},mcm,2021,IEA,no redistribution")
    _, read_rows = read(sheet(tmp_path, "\n".join(rows) + "\n"))
    total = sum(Decimal(row["flow_2021_mcm"]) for row in points)
    assert abs(Decimal(sum(row.quantity or 0 for row in read_rows)) / 1000 - total) < Decimal("0.01")
