"""Claims on statistical areas: the stated policy, checked against BACI's tables and Comtrade's rows."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from weaklink.codes.areas import area, areas
from weaklink.codes.countries import UNIDENTIFIED, countries
from weaklink.errors import CodeError

PROJECT = Path(__file__).parents[2]
SHARED = PROJECT.parent / "shared" / "data"
needs_shared_data = pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not here")
DOCUMENTATION = PROJECT / "docs" / "codes-countries.md"

# Where a release's table gives other letters than our policy, and what we make of the number.
BACI_DIFFERS = {"490": "TWN", "697": "ZZZ", "711": "ZAF", "849": "UMI"}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def comtrade_codes() -> set[str]:
    with gzip.open(SHARED / "trade/comtrade_raw_2022.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return {row[column] for row in csv.DictReader(file) for column in ("reporter", "partner")}


def test_taiwan_is_what_un_sources_call_other_asia() -> None:
    assert (area("490").becomes, area("490").kind) == ("TWN", "merged")
    assert (area("S19").becomes, area("S19").kind) == ("TWN", "merged")
    assert "Iran" in area("490").reason


def test_the_belgium_luxembourg_union_is_counted_as_belgium() -> None:
    assert (area("58").becomes, area("58").kind) == ("BEL", "merged")
    assert (area("56").becomes, area("56").kind) == ("BEL", "country")


def test_the_southern_african_customs_union_is_counted_as_south_africa() -> None:
    assert (area("711").becomes, area("ZA1").becomes) == ("ZAF", "ZAF")


def test_sudan_before_2011_is_counted_as_sudan_with_the_south() -> None:
    assert (area("736").becomes, area("736").kind) == ("SDN", "merged")
    assert "South Sudan" in area("736").reason


def test_serbia_and_montenegro_is_neither_serbia_nor_montenegro() -> None:
    assert (area("891").becomes, area("891").kind) == ("SCG", "country")
    assert area("SCG").becomes == "SCG"


def test_kosovo_is_inside_serbia_in_un_sources_and_has_a_code_of_its_own() -> None:
    assert "Kosovo" in area("688").reason
    assert area("412").becomes == area("XK").becomes == "XKX"


@pytest.mark.parametrize(("number", "iso3"), [("344", "HKG"), ("446", "MAC")])
def test_hong_kong_and_macao_are_never_china(number: str, iso3: str) -> None:
    assert (area(number).becomes, area(number).kind) == (iso3, "country")


def test_west_germany_is_germany_and_east_germany_is_itself() -> None:
    assert (area("280").becomes, area("280").kind) == ("DEU", "merged")
    assert (area("278").becomes, area("278").kind) == ("DDR", "country")


@pytest.mark.parametrize("code", ["899", "568", "577", "837", "838", "839", "R20", "QX"])
def test_an_area_that_names_no_country_is_unidentified(code: str) -> None:
    assert (area(code).becomes, area(code).kind) == (UNIDENTIFIED, "unidentified")


@pytest.mark.parametrize("code", ["0", "000", "97", "W00"])
def test_a_total_is_no_partner(code: str) -> None:
    assert (area(code).becomes, area(code).kind) == ("", "aggregate")


def test_antarctica_and_the_us_outlying_islands_are_identified() -> None:
    assert (area("10").becomes, area("10").kind) == ("ATA", "country")
    assert (area("581").becomes, area("581").kind) == ("UMI", "country")
    assert (area("PUS").becomes, area("849").becomes) == ("UMI", "UMI")


def test_an_area_keeps_the_code_as_the_source_wrote_it() -> None:
    assert [area(code).code for code in ("S19", "490", "004", "4", "DEU")] == [
        "S19",
        "490",
        "004",
        "4",
        "DEU",
    ]


@pytest.mark.parametrize("code", ["", "N/A", "998", "XYZ"])
def test_an_unknown_area_is_an_error(code: str) -> None:
    with pytest.raises(CodeError, match="no country that we know"):
        area(code)


def test_every_country_is_its_own_area() -> None:
    assert {iso3: (area(iso3).becomes, area(iso3).kind) for iso3 in countries()} == {
        iso3: (iso3, "country") for iso3 in countries()
    }


def test_the_number_of_a_country_is_an_area_unless_comtrade_uses_it_otherwise() -> None:
    numbers = {one.comtrade or one.m49: one.iso3 for one in countries().values()}
    others = {
        number: area(number).becomes for number, iso3 in numbers.items() if area(number).becomes != iso3
    }
    assert others == {"492": UNIDENTIFIED}, "Monaco's number is 'Europe EU, n.e.s.' in trade data"


def test_every_stated_area_becomes_what_its_kind_allows() -> None:
    for one in areas().values():
        if one.kind == "aggregate":
            assert one.becomes == "", one
        elif one.kind == "unidentified":
            assert one.becomes == UNIDENTIFIED, one
        else:
            assert one.becomes in countries(), one


def test_every_stated_area_gives_its_reason_in_one_sentence() -> None:
    for one in areas().values():
        sentence = one.reason.replace("n.e.s.", "")
        assert sentence.endswith("."), one
        assert ". " not in sentence, one


@needs_shared_data
@pytest.mark.parametrize("release", ["baci_country_codes_V202401b.csv", "baci_country_codes.csv"])
def test_every_number_of_a_baci_release_becomes_the_country_of_its_own_table(release: str) -> None:
    rows = table(SHARED / "codes" / release)
    letters = {row["country_code"]: row.get("country_iso3") or row["iso_3digit_alpha"] for row in rows}
    assert len(letters) > 230
    assert {number: area(number).becomes for number in letters} == letters | BACI_DIFFERS


@needs_shared_data
def test_the_letters_of_the_baci_release_agree_with_its_numbers() -> None:
    for row in table(SHARED / "codes/baci_country_codes_V202401b.csv"):
        assert area(row["country_iso3"]).becomes == area(row["country_code"]).becomes, row


@needs_shared_data
def test_every_reporter_and_partner_of_comtrade_2022_is_known() -> None:
    kinds = {code: area(code).kind for code in comtrade_codes()}
    assert len(kinds) > 220
    assert {code for code, kind in kinds.items() if kind == "aggregate"} == {"0"}
    assert {code for code, kind in kinds.items() if kind == "merged"} == {"490"}
    assert {code for code, kind in kinds.items() if kind == "unidentified"} == {
        *("568", "577", "837", "838", "839", "899"),
    }


@needs_shared_data
def test_the_documentation_states_every_exception_that_the_sources_at_hand_use() -> None:
    used = comtrade_codes() | {row["country_code"] for row in table(SHARED / "codes/baci_country_codes.csv")}
    text = DOCUMENTATION.read_text(encoding="utf-8")
    exceptional = {code for code in used if area(code).kind != "country"}
    assert exceptional
    assert [code for code in exceptional if f"| {code} |" not in text] == []


def exports_kusd(year: int, exporters: tuple[str, ...], importer: str = "") -> float:
    """Value of exports in BACI's raw materials, thousand dollars."""
    trade = pq.read_table(
        SHARED / "trade/baci_hs92_materials_1995_2024.parquet",
        columns=["v"],
        filters=[("t", "=", year), ("i", "in", exporters), *([("j", "=", importer)] if importer else [])],
    )
    return float(pc.sum(trade["v"]).as_py() or 0)


@needs_shared_data
def test_belgium_shipped_98_percent_of_the_union_in_the_first_year_apart() -> None:
    assert exports_kusd(1999, ("56",)) / exports_kusd(1999, ("56", "442")) == pytest.approx(0.98, abs=0.005)


@needs_shared_data
def test_south_africa_shipped_99_percent_of_the_customs_union_in_the_first_year_apart() -> None:
    members = ("710", "72", "426", "516", "748")
    assert exports_kusd(2000, ("710",)) / exports_kusd(2000, members) == pytest.approx(0.99, abs=0.005)


@needs_shared_data
def test_irans_exports_to_other_asia_are_hardly_all_taiwans() -> None:
    share = {
        year: exports_kusd(year, ("364",), "490") / exports_kusd(year, ("364",)) for year in (2018, 2022)
    }
    assert share == {2018: pytest.approx(0.03, abs=0.005), 2022: pytest.approx(0.70, abs=0.005)}
