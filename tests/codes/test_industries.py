"""The join of products to sectors: whole, consistent, and held against an independent classification."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from weaklink import data
from weaklink.codes.industries import SECTIONS, divisions, makers, sector_title, sectors_making
from weaklink.codes.products import labels

CODES = sorted(code for code in labels("HS22") if len(code) == 6 and code != "999999")
TITLED = {row["isic"] for row in data.rows("isic_titles")}


def test_every_product_of_the_newest_edition_has_a_maker() -> None:
    assert len(CODES) > 5000
    assert [code for code in CODES if not makers(code)] == []


def test_weights_of_every_rule_sum_to_one_and_its_divisions_exist() -> None:
    for code in CODES:
        made = makers(code)
        assert sum(one.weight for one in made) == pytest.approx(1)
        assert {one.isic for one in made} <= TITLED
        assert all(code.startswith(one.rule) for one in made)
        assert {one.sureness for one in made} <= {"sure", "likely", "split"}
        assert (len(made) > 1) == (made[0].sureness == "split")


def test_the_rule_for_the_longest_code_applies() -> None:
    assert makers("100630")[0].rule == "100630"
    assert makers("100610")[0].rule == "10"
    assert makers("84")[0].isic == "28"


def test_every_rule_is_for_a_heading_that_there_is() -> None:
    """A rule for a heading that there is not is a slip of the pen; subheadings differ between editions."""
    known = {code for edition in ("HS92", "HS22") for code in labels(edition)}
    for row in data.rows("hs_isic"):
        assert any(code.startswith(row["hs"][:4]) for code in known), row["hs"]


@pytest.mark.parametrize(
    ("code", "isic"),
    [
        ("270900", "06"),
        ("271121", "06"),
        ("280530", "20"),
        ("281820", "24"),
        ("300490", "21"),
        ("310210", "20"),
        ("720839", "24"),
        ("854231", "26"),
        ("850760", "27"),
        ("870323", "29"),
        ("880240", "30"),
        ("100199", "01"),
        ("261100", "07"),
    ],
)
def test_well_known_products_are_made_where_they_are_made(code: str, isic: str) -> None:
    """Read off the notes of ISIC Rev. 4."""
    assert [made.isic for made in makers(code)] == [isic]


def test_makers_agree_with_the_broad_economic_categories(shared_data: Path) -> None:
    """Independent classification: BEC says food (1), fuels (3), cars (51), transport equipment (521, 522)."""
    allowed = {
        "1": {"01", "02", "03", "10", "11", "12", "20", "08"},
        "3": {"02", "05", "06", "08", "16", "19", "20", "35", "38"},
        "51": {"29"},
        "52": {"28", "29", "30"},
    }
    agreed: Counter[str] = Counter()
    every: Counter[str] = Counter()
    with (shared_data / "codes" / "baci_hs17_bec.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            category = row["BEC"]
            key = category[:2] if category[:2] in allowed else category[:1]
            if key in allowed and row["Relationship"] == "n:1":
                every[key] += 1
                agreed[key] += any(made.isic in allowed[key] for made in makers(row["HS 2017"]))
    for key, count in every.items():
        assert agreed[key] >= 0.95 * count, (key, agreed[key], count)


@pytest.mark.parametrize(
    ("sector", "classification", "expected"),
    [
        ("A01_02", "ICIO45", "01 02"),
        ("C10T12", "ICIO45", "10 11 12"),
        ("01T03", "ICIO36", "01 02 03"),
        ("C31_C32", "WIOD56", "31 32"),
        ("C10-C12", "WIOD56", "10 11 12"),
        ("E37T39", "FIGARO64", "37 38 39"),
        ("B", "FIGARO64", "05 06 07 08 09"),
        ("D35", "WIOD56", "35"),
        ("c17", "WIOD35", "35 36"),
        ("E", "WIOD35", "35 36"),
        ("UTILITIES", "ICIO11", "35 36 37 38 39"),
        ("Paddy rice", "EXIOBASE200", ""),
    ],
)
def test_codes_of_each_release_say_their_divisions(sector: str, classification: str, expected: str) -> None:
    assert sorted(divisions(sector, classification)) == expected.split()


@pytest.mark.parametrize("classification", ["ICIO11", "WIOD35"])
def test_the_sectors_of_a_table_share_no_goods(classification: str) -> None:
    """Every division that makes goods is in exactly one sector, so that weights stay whole."""
    rows = [row for row in data.rows("sector_isic") if row["classification"] == classification]
    by_code = {row["sector"] for row in rows}
    if classification == "WIOD35":
        by_code = {code for code in by_code if code.startswith("c")}
    held = sectors_making(by_code, classification)
    goods = {made.isic for code in CODES for made in makers(code)}
    assert {isic: len(held.get(isic, ())) for isic in goods} == dict.fromkeys(goods, 1)


def test_own_divisions_stand_for_what_codes_say() -> None:
    held = sectors_making(["C20", "X"], own={"X": frozenset({"20"})})
    assert held["20"] == ("C20", "X")


def test_every_section_has_a_title_and_a_sector_is_called_after_it() -> None:
    for letter in SECTIONS:
        assert sector_title(letter)
    assert sector_title("C10T12") == "Food, beverages, tobacco"
    assert sector_title("c30", "WIOD35").endswith("and others")
