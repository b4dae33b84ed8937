"""Claims on product codes, labels and names, checked against the published label tables."""

from __future__ import annotations

import csv
import hashlib
from functools import cache
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink.codes.product_words import words
from weaklink.codes.products import (
    NAME_WIDTH,
    NOMENCLATURES,
    has_labels,
    label,
    labels,
    product,
    select,
    short_label,
    short_name,
)
from weaklink.data import ROOT, card, rows
from weaklink.errors import CodeError

SHARED = Path(__file__).parents[3] / "shared" / "data"
needs_shared_data = pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not here")

every_code = st.sampled_from(sorted(code for code in labels("HS22") if len(code) == 6))
every_label = st.sampled_from(sorted({*labels("HS92").values(), *labels("HS22").values()}))


def published(name: str, column: str) -> dict[str, str]:
    """Labels by code as published, for codes that are digits."""
    with (SHARED / "codes" / name).open(encoding="utf-8", newline="") as file:
        return {row[column]: row["description"] for row in csv.DictReader(file) if row[column].isdigit()}


@cache
def hs17() -> dict[str, str]:
    """CEPII's HS17 labels: to check against, not shipped."""
    return published("baci_product_codes.csv", "code")


def same_text(one: str, other: str) -> bool:
    """Whether two published labels differ in punctuation, spaces and abbreviations only."""
    plain = [
        "".join(filter(str.isalnum, text.casefold().replace("n.e.c.", "n.e.s."))) for text in (one, other)
    ]
    return plain[0] == plain[1]


# --- product


@given(every_code)
def test_a_six_digit_code_is_itself(code: str) -> None:
    assert product(code) == product(f" {code}\n") == product(f"{code[:4]}.{code[4:]}") == code


@given(st.text())
def test_a_product_code_is_six_digits_or_a_code_error(text: str) -> None:
    try:
        code = product(text)
    except CodeError:
        return
    assert len(code) == 6
    assert code.isascii()
    assert code.isdigit()


def test_five_digits_are_told_of_the_zero_that_a_spreadsheet_dropped() -> None:
    with pytest.raises(
        CodeError, match=r"'10121' has 5 digits; a spreadsheet .* 010121 \(Horses: live"
    ) as caught:
        product("10121")
    assert caught.value.nearest == ("010121",)


def test_five_digits_that_no_zero_completes_propose_no_code() -> None:
    with pytest.raises(CodeError, match="With the zero it would be 098765") as caught:
        product("98765")
    assert caught.value.nearest == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "six digits are expected"),
        ("magnets", "six digits are expected"),
        ("８５０５１１", "six digits are expected"),
        ("8505", "heading of the Harmonized System"),
        ("85", "chapter of the Harmonized System"),
        ("85051110", "national tariff line.* give 850511"),
    ],
)
def test_anything_else_is_told_what_was_expected(text: str, said: str) -> None:
    with pytest.raises(CodeError, match=said):
        product(text)


# --- labels


@needs_shared_data
def test_hs92_labels_are_those_of_the_baci_release() -> None:
    original = published("baci_hs92_product_labels.csv", "code")
    assert len(original) == 5021
    assert dict(labels("HS92")) == {code: " ".join(text.split()) for code, text in original.items()}


@needs_shared_data
def test_hs22_labels_are_those_of_the_data_package_but_for_colons() -> None:
    original = published("harmonized-system.csv", "hscode")
    assert len(original) == 6939
    assert dict(labels("HS22")) == {
        code: " ".join(text.replace(";", ":").split()) for code, text in original.items()
    }


def test_hs22_has_97_chapters_1229_headings_and_5613_products() -> None:
    lengths = [len(code) for code in labels("HS22")]
    assert [lengths.count(digits) for digits in (2, 4, 6)] == [97, 1229, 5613]


def test_every_heading_and_chapter_above_a_product_of_hs22_has_a_label() -> None:
    known = labels("HS22")
    assert [code for code in known if code[:2] not in known or code[:4] not in known] == []


@pytest.mark.parametrize("name", ["hs_labels", "product_synonyms", "product_short_names"])
def test_the_card_describes_the_table_beside_it(name: str) -> None:
    assert card(name).sha256 == hashlib.sha256((ROOT / f"{name}.csv").read_bytes()).hexdigest()
    assert card(name).rows == len(rows(name))
    assert (ROOT / f"{name}.csv").stat().st_size <= 1_200_000


def test_only_hs92_and_hs22_have_labels() -> None:
    assert [nomenclature for nomenclature in NOMENCLATURES if has_labels(nomenclature)] == ["HS92", "HS22"]


def test_an_unknown_edition_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(CodeError, match=r"'hs92' is not an edition .* HS92, HS96") as caught:
        label("271121", "hs92")
    assert caught.value.nearest == ("HS92",)


# --- names


@needs_shared_data
@pytest.mark.parametrize(
    ("file", "column", "nomenclature", "codes"),
    [
        ("baci_hs92_materials_1995_2024.parquet", "k", "HS92", 74),
        ("baci_hs17_critical_2024.parquet", "hs6", "HS17", 30),
    ],
)
def test_every_product_of_the_material_data_has_a_name_of_ours(
    file: str, column: str, nomenclature: str, codes: int
) -> None:
    wanted = set(pc.unique(pq.read_table(SHARED / "trade" / file, columns=[column])[column]).to_pylist())
    named = {
        row["code"] for row in rows("product_short_names") if nomenclature in row["nomenclatures"].split()
    }
    assert len(wanted) == codes
    assert wanted - named == set()


def test_every_name_of_ours_shares_a_word_with_the_label_of_its_code() -> None:
    strangers = [
        (row["code"], edition)
        for row in rows("product_short_names")
        for edition in row["nomenclatures"].split()
        if has_labels(edition) and not set(words(row["name"])) & set(words(labels(edition)[row["code"]]))
    ]
    assert strangers == []


@needs_shared_data
def test_every_hs17_name_of_ours_shares_a_word_with_cepii_s_hs17_label() -> None:
    named = [row for row in rows("product_short_names") if "HS17" in row["nomenclatures"].split()]
    assert named
    assert [row for row in named if not set(words(row["name"])) & set(words(hs17()[row["code"]]))] == []


@needs_shared_data
def test_a_label_that_hs92_and_hs22_share_is_lent_to_hs17_only_where_cepii_has_the_same() -> None:
    ours = {row["code"] for row in rows("product_short_names") if "HS17" in row["nomenclatures"].split()}
    lent = [code for code in labels("HS92") if code not in ours and short_name(code, "HS17")]
    assert len(lent) > 3000
    assert [code for code in lent if not same_text(labels("HS92")[code], hs17()[code])] == []


def test_811292_is_named_by_edition_because_its_metals_changed() -> None:
    assert "hafnium" in short_name("811292", "HS17")
    assert "hafnium" not in short_name("811292", "HS22")
    assert short_name("811292", "HS92") == ""


@pytest.mark.parametrize("nomenclature", ["HS92", "HS22"])
def test_every_labelled_code_has_a_name_that_fits(nomenclature: str) -> None:
    names = [short_name(code, nomenclature) for code in labels(nomenclature)]
    assert all(0 < len(name) <= NAME_WIDTH for name in names)


@given(every_label, st.integers(8, 300))
def test_a_short_label_fits_and_shows_where_words_are_missing(text: str, width: int) -> None:
    short = short_label(text, width)
    assert len(short) <= width
    assert (short == text) == (len(text) <= width)
    assert (short == text) or "…" in short


@given(every_label, st.integers(20, 300))
def test_a_short_label_says_nothing_that_the_label_does_not_say(text: str, width: int) -> None:
    for part in short_label(text, width).split("…"):
        assert part in text or part.removeprefix(": ") in text


def test_a_width_that_holds_no_word_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="width is 7; at least 8"):
        short_label("Copper", 7)


# --- select

AVAILABLE = ["010121", "271111", "271121", "811230", "850511", "850519"]


@given(st.lists(st.sampled_from(AVAILABLE), min_size=1), st.sampled_from([",", " ", ", ", ";", "\n"]))
def test_codes_are_selected_once_each_sorted_and_with_their_zeros(codes: list[str], separator: str) -> None:
    assert select(separator.join(codes), AVAILABLE) == tuple(sorted(set(codes)))


@given(every_code)
def test_a_heading_and_a_chapter_select_every_available_code_below_them(code: str) -> None:
    available = [other for other in labels("HS22") if len(other) == 6]
    heading = select(code[:4], available)
    chapter = select(code[:2], available)
    assert code in heading
    assert set(heading) <= set(chapter)
    assert all(other.startswith(code[:2]) for other in chapter)
    assert len(chapter) == sum(other[:2] == code[:2] for other in available)


def test_a_code_that_is_not_available_lists_the_nearest_with_their_labels() -> None:
    with pytest.raises(CodeError, match=r"850520 .*\n  850511  .*permanent magnets.*\n  850519") as caught:
        select("850520", AVAILABLE, nomenclature="HS92")
    assert caught.value.nearest == ("850511", "850519")
    assert "weaklink products" in str(caught.value)


def test_a_code_of_a_chapter_without_data_says_so() -> None:
    with pytest.raises(CodeError, match="Nothing of chapter 93 is available") as caught:
        select("930690", AVAILABLE)
    assert caught.value.nearest == ()


def test_words_in_place_of_codes_are_sent_to_the_search() -> None:
    with pytest.raises(CodeError, match='weaklink products "rare earth magnets"'):
        select("rare earth magnets", AVAILABLE)


@pytest.mark.parametrize("text", ["", " , ", "10121", "850511 x", "8505111", "101"])
def test_a_list_that_cannot_be_read_selects_nothing(text: str) -> None:
    with pytest.raises(CodeError):
        select(text, AVAILABLE)
