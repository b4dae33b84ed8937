"""Claims on reading raw UN Comtrade: totals, not their parts; rounding told; the World row believed only once."""

from __future__ import annotations

import csv
import gzip
import re
from collections import defaultdict
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pytest

from weaklink.codes.areas import area
from weaklink.errors import SourceError
from weaklink.sources import comtrade
from weaklink.sources.reading import Reading

HEADER = "year,reporter,partner,cmd,flow,value,netwgt"
GERMANY, FRANCE, POLAND, WORLD = "276", "251", "616", "0"


def written(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "comtrade.csv"
    path.write_text("".join(f"{line}\n" for line in (header, *lines)), encoding="utf-8")
    return path


def read(path: Path, reported_by: comtrade.ReportedBy = "importer") -> Reading:
    return comtrade.read(path, nomenclature="HS22", vintage="2026-11-23", reported_by=reported_by)


def flows(reading: Reading) -> list[tuple[str, str, str, int, int | None]]:
    table = reading.flows.to_arrow().to_pylist()
    return [
        (row["product"], row["importer"], row["exporter"], row["value_usd"], row["quantity_kg"])
        for row in table
    ]


@pytest.mark.parametrize(("reported_by", "letter"), [("importer", "M"), ("exporter", "X")])
def test_the_largest_of_repeated_rows_is_the_total_that_adds_up_to_world(
    shared_data: Path, reported_by: comtrade.ReportedBy, letter: str
) -> None:
    """Independently: a dictionary of the largest row of each flow, checked against World, rounded by decimals."""
    file = shared_data / "trade" / "comtrade_raw_2022.csv.gz"
    largest: dict[tuple[str, str, str], Decimal] = {}
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["flow"] == letter:
                key = (row["cmd"], row["reporter"], row["partner"])
                largest[key] = max(largest.get(key, Decimal(0)), Decimal(row["value"]))

    partners: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for (product, reporter, partner), value in largest.items():
        if partner != WORLD:
            partners[product, reporter] += value
    stated = {key[:2]: value for key, value in largest.items() if key[2] == WORLD}
    assert stated.keys() == partners.keys()
    assert all(abs(partners[key] - stated[key]) <= max(Decimal(1), stated[key] / 10**6) for key in stated)

    dollars: dict[tuple[str, str, str], int] = defaultdict(int)
    rounding = Decimal(0)
    for (product, reporter, partner), value in largest.items():
        own, other = area(reporter).becomes, area(partner).becomes
        whole = value.quantize(Decimal(1), ROUND_HALF_EVEN)
        if partner != WORLD and own != other and whole > 0:
            dollars[product, own, other] += int(whole)
            rounding += whole - value

    reading = read(file, reported_by)
    side = (1, 2) if reported_by == "importer" else (2, 1)
    assert {(row[0], row[side[0]], row[side[1]]): row[3] for row in flows(reading)} == dollars
    (caveat,) = (caveat for caveat in reading.caveats if "rounding" in caveat)
    said = re.search(r"changed the total by ([+-][\d,.]+) dollars", caveat)
    assert said is not None
    assert Decimal(said[1].replace(",", "")) == pytest.approx(rounding, abs=Decimal("0.01"))


def test_a_breakdown_by_transport_is_not_added_to_its_total(tmp_path: Path) -> None:
    lines = (
        "2022,276,0,850511,M,1000.4,10",
        "2022,276,251,850511,M,600.4,6",
        "2022,276,251,850511,M,400.4,4",
        "2022,276,251,850511,M,200,2",
        "2022,276,616,850511,M,400,0",
    )
    reading = read(written(tmp_path, *lines))
    assert flows(reading) == [("850511", "DEU", "FRA", 600, 6), ("850511", "DEU", "POL", 400, None)]
    assert "2 rows were breakdowns" in " ".join(reading.caveats)
    assert "changed the total by -0.40 dollars" in " ".join(reading.caveats)


def test_partners_that_do_not_add_up_to_world_are_refused(tmp_path: Path) -> None:
    lines = ("2022,276,0,850511,M,1000,10", "2022,276,251,850511,M,600,6")
    with pytest.raises(SourceError, match="partners add up to 600, World says 1,000"):
        read(written(tmp_path, *lines))


def test_repeated_rows_without_a_world_row_to_believe_are_refused(tmp_path: Path) -> None:
    lines = ("2022,276,251,850511,M,600,6", "2022,276,251,850511,M,400,4")
    with pytest.raises(SourceError, match="row 2, column value"):
        read(written(tmp_path, *lines))


def test_only_the_reports_of_one_side_are_read(tmp_path: Path) -> None:
    lines = ("2022,276,251,850511,M,600,6", "2022,251,276,850511,X,500,5")
    path = written(tmp_path, *lines)
    assert flows(read(path, "importer")) == [("850511", "DEU", "FRA", 600, 6)]
    assert flows(read(path, "exporter")) == [("850511", "DEU", "FRA", 500, 5)]


def test_a_country_number_with_leading_zeros_is_the_same_country(tmp_path: Path) -> None:
    """Were they two, the repeat would be added instead of refused."""
    lines = ("2022,276,56,850511,M,600,6", "2022,276,056,850511,M,400,4")
    with pytest.raises(SourceError, match="partners add up"):
        read(written(tmp_path, *lines))
    assert flows(read(written(tmp_path, lines[1])))[0][2] == "BEL"


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("22,276,251,850511,M,600,6", "year"),
        ("2022,276,251,50511,M,600,6", "cmd"),
        ("2022,276,251,TOTAL,M,600,6", "cmd"),
        ("2022,999999,251,850511,M,600,6", "reporter"),
        ("2022,276,Atlantis,850511,M,600,6", "partner"),
        ("2022,276,251,850511,Q,600,6", "flow"),
        ("2022,276,251,850511,M,-600,6", "value"),
        ("2022,276,251,850511,M,inf,6", "value"),
        ("2022,276,251,850511,M,nan,6", "value"),
        ("2022,276,251,850511,M,6E+02,6", "value"),
        ("2022,276,251,850511,M,,6", "value"),
        ("2022,276,251,850511,M,0,6", "value"),
        ("2022,276,251,850511,M,600,-6", "netwgt"),
        ("2022,276,251,850511,M,600,lots", "netwgt"),
        ("2022,276,251,850511,M,600", ""),
        ("2022,276,251,850511,M,600,6,1", ""),
        ("", ""),
    ],
)
def test_a_wrong_cell_is_told_with_its_row_and_column(tmp_path: Path, line: str, column: str) -> None:
    good = ("2022,276,616,850511,M,100,1", "2022,276,203,850511,M,100,1")
    with pytest.raises(SourceError) as caught:
        read(written(tmp_path, good[0], line, good[1]))
    assert [(one.row, one.column) for one in caught.value.problems] == [(3, column)]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((), id="a header alone"),
        pytest.param(("2022,276,0,850511,M,600,6",), id="World alone"),
        pytest.param(("2022,276,276,850511,M,600,6",), id="re-imports alone"),
        pytest.param(("2022,276,251,850511,M,0.3,6",), id="thirty cents"),
        pytest.param(("2022,276,251,850511,X,600,6",), id="the other side alone"),
    ],
)
def test_a_file_without_a_flow_is_refused(tmp_path: Path, lines: tuple[str, ...]) -> None:
    with pytest.raises(SourceError, match=r"is not (a flow|rows with flow)"):
        read(written(tmp_path, *lines))


@pytest.mark.parametrize(
    "header",
    [
        "refYear,reporterCode,partnerCode,cmdCode,flowCode,primaryValue,netWgt",
        '"year","reporter","partner","cmd","flow","value","netwgt"',
    ],
)
def test_the_names_of_bulk_files_and_quoted_names_are_known(tmp_path: Path, header: str) -> None:
    path = written(tmp_path, '2022,276,"251","850511",M,600,6', header=header)
    assert flows(read(path)) == [("850511", "DEU", "FRA", 600, 6)]


def test_a_cut_file_is_refused_at_its_last_line(tmp_path: Path) -> None:
    path = written(tmp_path, "2022,276,251,850511,M,600,6", "2022,276,616,850511,M,600,6")
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(SourceError, match="row 3: '2022,276,616,850511,M,60'"):
        read(path)
