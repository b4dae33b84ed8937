"""Claims on country codes and names, checked against pycountry, country_converter and published tables."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import json
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink.codes.countries import UNIDENTIFIED, countries, country, name
from weaklink.data import ROOT, card, rows
from weaklink.errors import CodeError

PROJECT = Path(__file__).parents[2]
SHARED = PROJECT.parent / "shared" / "data"
needs_shared_data = pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not here")

AMBIGUOUS = {"Channel Islands", "Congo", "GEL", "Korea", "Virgin Islands"}
FORMER = {"ANT", "CSK", "DDR", "NTZ", "PCI", "PCZ", "SCG", "SUN", "VDR", "YMD", "YUG"}

# Alpha-3 codes that ISO withdrew when a country took a new name, or joined another: who stands for them.
RENAMED = {
    "AFI": "DJI",
    "ATB": "ATA",
    "ATN": "ATA",
    "BUR": "MMR",
    "BYS": "BLR",
    "CTE": "KIR",
    "DHY": "BEN",
    "FXX": "FRA",
    "HVO": "BFA",
    "JTN": "UMI",
    "MID": "UMI",
    "NHB": "VUT",
    "PUS": "UMI",
    "RHO": "ZWE",
    "SKM": "IND",
    "TMP": "TLS",
    "WAK": "UMI",
    "ZAR": "COD",
}


def published(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def refusal(text: str) -> CodeError | None:
    """The error that `text` earns, if it earns one."""
    try:
        country(text)
    except CodeError as error:
        return error
    return None


def codes() -> list[tuple[str, str]]:
    """Every code of every country, with the country; CS, which had two countries, apart."""
    return sorted(
        (code, one.iso3)
        for one in countries().values()
        for code in {one.iso3, one.iso2, one.m49, one.comtrade, one.eurostat} - {"", "CS"}
    )


@given(st.sampled_from(codes()), st.integers(0, 3), st.booleans(), st.text(" \t", max_size=2))
def test_a_code_means_the_same_in_any_case_with_any_zeros_and_spaces(
    pair: tuple[str, str], zeros: int, small: bool, space: str
) -> None:
    code, iso3 = pair
    if code.isdigit():
        code = "0" * zeros + code.lstrip("0")
    assert country(space + (code.lower() if small else code) + space) == iso3


@given(st.text(max_size=12))
def test_any_text_is_a_known_country_or_an_error_that_names_known_countries(text: str) -> None:
    error = refusal(text)
    if error is None:
        assert country(text) in countries()
    else:
        assert set(error.nearest) <= set(countries())
        assert repr(text) in str(error)


@given(st.sampled_from(sorted(countries())), st.randoms(use_true_random=False))
def test_the_order_of_the_words_of_a_name_does_not_matter(iso3: str, random: Random) -> None:
    words = name(iso3).split()
    random.shuffle(words)
    assert country(", ".join(words)) == iso3


def test_no_code_stands_for_two_countries_except_cs() -> None:
    owners = Counter(code for code, _ in codes())
    assert [code for code, times in owners.items() if times > 1] == []
    assert {one.iso3 for one in countries().values() if one.iso2 == "CS"} == {"CSK", "SCG"}
    with pytest.raises(CodeError, match=r"CSK .* or SCG"):
        country("CS")


def test_numbers_are_three_digits_and_codes_are_sorted() -> None:
    assert list(countries()) == sorted(countries())
    for one in countries().values():
        assert len(one.iso3) == 3, one
        assert len(one.iso2) == 2, one
        assert all(len(number) == 3 for number in (one.m49, one.comtrade) if number), one


def test_namibia_is_not_a_missing_value() -> None:
    assert countries()["NAM"].iso2 == "NA"
    assert country("NA") == country("na") == country("516") == "NAM"


@pytest.mark.parametrize("missing", ["", "  ", "nan", "n.a.", "N/A", "None", "null", "-", "0"])
def test_a_missing_value_is_not_a_country(missing: str) -> None:
    with pytest.raises(CodeError, match="no country that we know"):
        country(missing)


@pytest.mark.parametrize(
    ("text", "iso3"),
    [
        # Eurostat, glossary of country codes; Finnish Customs, list of countries (XI, XS, XK, XC, XL)
        *[("EL", "GRC"), ("UK", "GBR"), ("XI", "GBR"), ("XK", "XKX"), ("XS", "SRB"), ("XC", "ESP")],
        # BACI 202401b, country table: numbers that are not ISO's
        *[("842", "USA"), ("251", "FRA"), ("757", "CHE"), ("699", "IND"), ("579", "NOR"), ("490", "TWN")],
        *[("381", "ITA"), ("380", "ITA"), ("840", "USA"), ("250", "FRA"), ("004", "AFG"), ("4", "AFG")],
        # Spellings of people and institutions
        *[("Russia", "RUS"), ("South Korea", "KOR"), ("Korea, Rep.", "KOR"), ("Korea (North)", "PRK")],
        *[("Ivory Coast", "CIV"), ("Cote d’Ivoire", "CIV"), ("Turkey", "TUR"), ("türkiye", "TUR")],
        *[("Czech Republic", "CZE"), ("Burma", "MMR"), ("Swaziland", "SWZ"), ("Macedonia", "MKD")],
        *[("Cape Verde", "CPV"), ("DR Congo", "COD"), ("Congo (Brazzaville)", "COG"), ("Viet Nam", "VNM")],
        *[("Chinese Taipei", "TWN"), ("Taiwan, Province of China", "TWN"), ("Hong Kong SAR", "HKG")],
        *[("U.S.", "USA"), ("U.S.A.", "USA"), ("the United States", "USA"), ("Great Britain", "GBR")],
        *[("Holland", "NLD"), ("Lao PDR", "LAO"), ("St Kitts & Nevis", "KNA"), ("Soviet Union", "SUN")],
    ],
)
def test_a_common_spelling_is_understood(text: str, iso3: str) -> None:
    assert country(text) == iso3


@pytest.mark.parametrize("text", sorted(AMBIGUOUS))
def test_an_ambiguous_name_is_an_error_that_lists_its_countries(text: str) -> None:
    with pytest.raises(CodeError, match=r"can mean .* or ") as caught:
        country(text)
    assert len(caught.value.nearest) == 2


def test_only_the_documented_names_are_ambiguous() -> None:
    texts = {alias["alias"] for alias in rows("country_aliases")}
    texts |= {other for row in rows("countries") for other in row["other_names"].split(" | ") if other}
    refused = {text: error for text in texts if (error := refusal(text))}
    assert set(refused) == AMBIGUOUS | {"Congo (the)"}
    assert all("can mean" in str(error) for error in refused.values())
    documentation = (PROJECT / "docs" / "codes-countries.md").read_text(encoding="utf-8")
    assert all(text in documentation for text in AMBIGUOUS - {"GEL"})


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("Germny", "DEU"),
        ("Rusia", "RUS"),
        ("Phillipines", "PHL"),
        ("Taiwam", "TWN"),
        ("Bosnia Hertzegovina", "BIH"),
    ],
)
def test_a_slip_of_the_pen_has_the_right_country_nearest(wrong: str, meant: str) -> None:
    with pytest.raises(CodeError, match="Nearest: ") as caught:
        country(wrong)
    assert caught.value.nearest[0] == meant


def test_every_country_is_found_under_its_own_display_name() -> None:
    assert {name(iso3): country(name(iso3)) for iso3 in countries()} == {
        one.name: one.iso3 for one in countries().values()
    }


def test_display_names_are_unique_and_fit_a_table() -> None:
    names = [one.name for one in countries().values()]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 30


def test_the_unidentified_area_has_a_name_and_is_no_country() -> None:
    assert name(UNIDENTIFIED) == "Not identified"
    assert UNIDENTIFIED not in countries()
    with pytest.raises(CodeError, match="'ZZZ'"):
        country("ZZZ")
    with pytest.raises(CodeError, match="'XYZ' is no country"):
        name("XYZ")


def test_codes_agree_with_pycountry() -> None:
    pycountry = pytest.importorskip("pycountry", reason="the oracle extra is not installed")
    ours = {(one.iso3, one.iso2, one.m49) for one in countries().values() if not one.until}
    theirs = {(one.alpha_3, one.alpha_2, one.numeric) for one in pycountry.countries}
    assert ours - theirs == {("XKX", "XK", "")}, "Kosovo's code is user-assigned"
    assert theirs - ours == set()


def test_names_agree_with_pycountry() -> None:
    pycountry = pytest.importorskip("pycountry", reason="the oracle extra is not installed")
    names = {
        (text, one.alpha_3)
        for one in pycountry.countries
        for text in (one.name, getattr(one, "official_name", ""), getattr(one, "common_name", ""))
        if text and text != "Congo"  # ambiguous here: ISO means COG, many writers mean COD
    }
    assert {(text, country(text)) for text, _ in names} == names


def test_former_countries_agree_with_pycountry() -> None:
    pycountry = pytest.importorskip("pycountry", reason="the oracle extra is not installed")
    theirs = {one.alpha_3: one for one in pycountry.historic_countries}
    former = {one.iso3: one for one in countries().values() if one.until}
    assert set(former) == FORMER
    assert all(theirs[iso3].alpha_2 == one.iso2 for iso3, one in former.items())
    numbers = {iso3: theirs[iso3].numeric for iso3 in FORMER if hasattr(theirs[iso3], "numeric")}
    numbers["YUG"] = "890"  # pycountry gives the Federal Republic's 891 and says 890 for what was before
    assert {iso3: former[iso3].m49 for iso3 in numbers} == numbers
    assert set(theirs) - FORMER - set(countries()) == {*RENAMED, "GEL"}
    assert {code: country(code) for code in RENAMED} == RENAMED


def test_no_former_country_ended_after_iso_withdrew_its_code() -> None:
    pycountry = pytest.importorskip("pycountry", reason="the oracle extra is not installed")
    withdrawn = {one.alpha_3: one.withdrawal_date for one in pycountry.historic_countries}
    late = {iso3 for iso3 in FORMER if countries()[iso3].until[: len(withdrawn[iso3])] > withdrawn[iso3]}
    assert late == {"PCI"}, "Palau left the trust territory eight years after ISO withdrew the code"


def test_serbia_and_montenegro_ended_with_montenegros_independence() -> None:
    assert countries()["SCG"].until == "2006-06-03"


def test_codes_and_names_agree_with_country_converter() -> None:
    # The table is read without the program: under pandas 3 its constructor fails on Namibia's NA.
    pytest.importorskip("country_converter", reason="the oracle extra is not installed")
    table = files("country_converter").joinpath("country_data.tsv").read_text(encoding="utf-8")
    not_iso = {"BA1", "CHI", "EAT", "EAZ"}  # codes of that program's own
    different = {"Guiana"}  # may as well be Guyana
    ours = {}
    theirs = {}
    for row in csv.DictReader(table.splitlines(), delimiter="\t"):
        if row["ISO3"] in not_iso:
            continue
        # two letters may be a pattern such as ^GB$|^UK$
        texts = [row["ISO3"], row["ISOnumeric"], row["name_short"], row["name_official"]]
        for text in {*texts, *row["ISO2"].replace("^", "").replace("$", "").split("|")} - different:
            theirs[text] = row["ISO3"]
            ours[text] = country(text)
    assert len(theirs) > 1000
    assert ours == theirs


@needs_shared_data
def test_every_country_name_of_the_world_bank_is_understood() -> None:
    table = {
        row["Country Name"]: row["Country Code"] for row in published(SHARED / "codes/worldbank_gdp.csv")
    }
    named = {text: iso3 for text, iso3 in table.items() if iso3 in countries()}
    assert len(named) > 200
    assert {text: country(text) for text in named} == named


@needs_shared_data
def test_no_aggregate_of_the_world_bank_is_a_country() -> None:
    table = {
        row["Country Name"]: row["Country Code"] for row in published(SHARED / "codes/worldbank_gdp.csv")
    }
    aggregates = [text for text, iso3 in table.items() if iso3 not in countries()]
    assert len(aggregates) > 40
    for text in aggregates:
        with pytest.raises(CodeError):
            country(text)


def borders() -> Iterator[tuple[str, str]]:
    topology = json.loads((SHARED / "codes/countries-50m.json").read_text(encoding="utf-8"))
    for shape in topology["objects"]["countries"]["geometries"]:
        yield shape.get("id", ""), shape["properties"]["name"]


@needs_shared_data
def test_every_name_on_the_map_means_the_same_as_its_number() -> None:
    special = {"Ashmore and Cartier Is.", "Congo"}  # numbered as Australia; ambiguous here
    numbered = {text: number for number, text in borders() if number and text not in special}
    assert len(numbered) > 200
    assert {text: country(text) for text in numbered} == {
        text: country(number) for text, number in numbered.items()
    }


@needs_shared_data
def test_what_the_map_draws_without_a_number_is_no_country_except_kosovo() -> None:
    for number, text in borders():
        if number:
            continue
        if text == "Kosovo":
            assert country(text) == "XKX"
        else:
            with pytest.raises(CodeError):
                country(text)


@pytest.mark.parametrize("table", ["countries", "country_aliases", "areas"])
def test_the_card_seals_the_table(table: str) -> None:
    assert card(table).sha256 == hashlib.sha256((ROOT / f"{table}.csv").read_bytes()).hexdigest()
    assert card(table).rows == len(rows(table))


@needs_shared_data
def test_the_shipped_table_is_what_the_originals_give() -> None:
    spec = importlib.util.spec_from_file_location("build_countries", PROJECT / "tools/build_countries.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.csv_text(tool.country_rows(SHARED / "codes")) == (ROOT / "countries.csv").read_text(
        encoding="utf-8"
    )
