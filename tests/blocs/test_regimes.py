"""The classes of Regimes of the World against the original file, and the questions asked of them."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink import data
from weaklink.blocs import Regime, authoritarian, regime, regimes
from weaklink.blocs.regimes import years
from weaklink.codes.countries import countries
from weaklink.errors import RequestError

REPOSITORY = Path(__file__).parents[2]
ORIGINAL = REPOSITORY.parent / "shared" / "data" / "governance" / "owid_political_regime.csv"

needs_original = pytest.mark.skipif(not ORIGINAL.exists(), reason=f"the original is not at {ORIGINAL}")
YEARS = st.sampled_from(years())


@pytest.mark.parametrize(
    ("iso3", "expected"),
    [
        ("CHN", Regime.CLOSED_AUTOCRACY),
        ("SAU", Regime.CLOSED_AUTOCRACY),
        ("RUS", Regime.ELECTORAL_AUTOCRACY),
        ("HUN", Regime.ELECTORAL_AUTOCRACY),
        ("TUR", Regime.ELECTORAL_AUTOCRACY),
        ("POL", Regime.ELECTORAL_DEMOCRACY),
        ("DEU", Regime.LIBERAL_DEMOCRACY),
    ],
)
def test_well_known_classes_of_2022(iso3: str, expected: Regime) -> None:
    assert regime(iso3, 2022) is expected


@needs_original
def test_every_class_is_that_of_the_original_file_and_none_is_missing() -> None:
    """Codes are compared with the file itself, so that the build script is not its own witness."""
    with ORIGINAL.open(encoding="utf-8", newline="") as file:
        published = {
            (row["Code"], int(row["Year"])): int(row["Political regime"])
            for row in csv.DictReader(file)
            if row["Code"] and int(row["Year"]) >= years()[0]
        }
    dropped = {code for code, _ in published if code.startswith("OWID_")} - {"OWID_KOS"}
    expected = {
        ("XKX" if code == "OWID_KOS" else code, year): kind
        for (code, year), kind in published.items()
        if code not in dropped
    }
    ours = {(iso3, year): int(kind) for year in years() for iso3, kind in regimes(year).items()}
    assert dropped == {"OWID_GDR", "OWID_GFR", "OWID_SML", "OWID_YAR", "OWID_YPR", "OWID_ZAN"}
    assert {key: kind for key, kind in ours.items() if key[0] != "SCG"} == expected


def _build_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_regimes", REPOSITORY / "tools" / "build_regimes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@needs_original
def test_the_table_is_what_the_build_script_makes_of_the_original() -> None:
    script = _build_script()
    made = script.kept_rows(script.original_rows(ORIGINAL))
    assert made == [(row["iso3"], int(row["year"]), int(row["class"])) for row in data.rows("regimes")]


def test_serbia_and_montenegro_has_the_class_of_serbia_while_it_was_one_country() -> None:
    assert all(regime("SCG", year) is regime("SRB", year) for year in range(1992, 2007))
    assert regime("SCG", 2007) is None
    assert regime("SCG", 1991) is None


@pytest.mark.parametrize("iso3", ["MAC", "PSE", "GRL", "AND", "LIE"])
def test_an_area_without_a_class_gets_none(iso3: str) -> None:
    assert iso3 in countries()
    assert all(regime(iso3, year) is None for year in years())


@given(YEARS)
def test_a_country_is_authoritarian_exactly_if_its_class_is_one_of_the_autocracies(year: int) -> None:
    chosen = authoritarian(year)
    assert list(chosen) == sorted(chosen)
    assert all(regimes(year)[iso3].label.endswith("autocracy") for iso3 in chosen)
    assert all(kind.label.endswith("democracy") for iso3, kind in regimes(year).items() if iso3 not in chosen)


@given(YEARS)
def test_every_classed_country_is_one_that_we_know(year: int) -> None:
    assert regimes(year).keys() <= countries().keys()


@pytest.mark.parametrize("year", [1989, 2026, -1])
def test_a_year_outside_the_table_is_an_error_that_names_its_years(year: int) -> None:
    for ask in (regimes, authoritarian):
        with pytest.raises(RequestError, match=rf"for {year}: the table has 1990 to 2025"):
            ask(year)
    with pytest.raises(RequestError, match="1990 to 2025"):
        regime("CHN", year)


def test_classes_are_ordered_from_the_least_democratic_to_the_most() -> None:
    assert [kind.label for kind in sorted(Regime)] == [
        "closed autocracy",
        "electoral autocracy",
        "electoral democracy",
        "liberal democracy",
    ]
