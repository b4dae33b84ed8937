"""Figures of production: identities for generated production, and World Mining Data read by other programs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import weaklink.data
from weaklink.minerals.extraction import Extraction, Production, extraction
from weaklink.study.minerals import minerals
from weaklink.study.production import governance_weights, production, years

# The names of a third-party compilation of World Mining Data, in the names of World Mining Data.
THIRD_PARTY = {
    "antimony": "Antimony",
    "arsenic": "Arsenic",
    "baryte": "Baryte",
    "bauxite": "Bauxite",
    "beryllium": "Beryllium (conc.)",
    "boron": "Boron Minerals",
    "cobalt": "Cobalt",
    "cokingcoal": "Coking Coal",
    "copper": "Copper",
    "feldspar": "Feldspar",
    "fluorspar": "Fluorspar",
    "gallium": "Gallium",
    "germanium": "Germanium",
    "graphite": "Graphite",
    "lithium": "Lithium (Li2O)",
    "magnesium": "Magnesite",
    "magnets": "Rare Earths (REO)",
    "manganese": "Manganese",
    "nickel": "Nickel",
    "niobium": "Niobium (Nb2O5)",
    "palladium": "Palladium",
    "phosphate": "Phosphate Rock (P2O5)",
    "phosphorus": "Phosphate Rock (P2O5)",
    "platinum": "Platinum",
    "tantalum": "Tantalum (Ta2O5)",
    "titanium": "Titanium (TiO2)",
    "tungsten": "Tungsten (W)",
    "vanadium": "Vanadium (V)",
}


def produced(amounts: list[int], *, unidentified: int = 0, unknown: int = 0) -> Production:
    """One mineral."""
    amount = np.array([amounts], dtype=np.int64)
    count = np.array([len(amounts)], dtype=np.int64)
    return Production(
        minerals=("ore",),
        units=("metr. t",),
        countries=tuple(f"C{place:02}" for place in range(len(amounts))),
        amount=amount,
        estimated=np.zeros_like(amount),
        unidentified=np.array([unidentified], dtype=np.int64),
        unknown=np.array([unknown], dtype=np.int64),
        rows=count,
        known_rows=count,
    )


def figures(one: Production, *, rated: bool = True, floor: float = 0.8) -> Extraction:
    """Figures with every other country in the group, all with one governance."""
    n = len(one.countries)
    weights = np.full(n, 5.0 if rated else np.nan)
    group = np.arange(n) % 2 == 0
    return extraction(one, weights, group, ~group, floor)


amounts = st.lists(st.integers(0, 10**12), min_size=1, max_size=20).filter(any)


@given(amounts)
def test_group_and_its_complement_share_the_whole_production(one: list[int]) -> None:
    found = figures(produced(one))
    assert found.group_share + found.importer_share == pytest.approx(1, abs=1e-12)
    assert found.coverage == 1
    assert found.governance_herfindahl == pytest.approx(5 * found.herfindahl, rel=1e-12)
    assert 1 / found.producers - 1e-12 <= found.herfindahl <= 1 + 1e-12
    assert found.largest_share**2 - 1e-12 <= found.herfindahl <= found.largest_share + 1e-12


@given(amounts, st.integers(0, 10**12))
def test_unknown_production_only_lowers_coverage_and_never_scores(one: list[int], unknown: int) -> None:
    sure, unsure = (figures(produced(one, unknown=stand_in), floor=0) for stand_in in (0, unknown))
    assert unsure.coverage <= sure.coverage
    assert unsure.herfindahl == sure.herfindahl
    assert unsure.governance_herfindahl == sure.governance_herfindahl
    assert unsure.largest_share == sure.largest_share


@given(amounts, st.integers(0, 10**12))
def test_unidentified_production_is_nobodys_share(one: list[int], unidentified: int) -> None:
    sure, unsure = (figures(produced(one, unidentified=amount), floor=0) for amount in (0, unidentified))
    assert unsure.herfindahl <= sure.herfindahl
    assert unsure.group_share <= sure.group_share
    assert unsure.coverage == pytest.approx(sum(one) / (sum(one) + unidentified), rel=1e-12)


def test_below_the_floor_there_is_no_figure() -> None:
    thin = figures(produced([79], unknown=21))
    assert thin.coverage == pytest.approx(0.79)
    assert thin.largest == -1
    for figure in (thin.herfindahl, thin.largest_share, thin.group_share, thin.governance_herfindahl):
        assert np.isnan(figure)


def test_without_governance_there_is_no_weighted_figure_but_there_are_the_others() -> None:
    found = figures(produced([60, 40]), rated=False)
    assert np.isnan(found.governance_herfindahl)
    assert found.governance_coverage == 0
    assert found.herfindahl == pytest.approx(0.52)  # by hand: 0.36 + 0.16


def test_nothing_produced_has_no_figures() -> None:
    found = figures(produced([0, 0]))
    assert found.producers == 0
    assert np.isnan(found.herfindahl)
    assert np.isnan(found.coverage)


def test_largest_producers_of_2024_and_their_shares_agree_with_a_third_partys(shared_data: Path) -> None:
    """Independent program: a third-party compilation of the same edition, with its own code; printed to 0.1 %."""
    rows = json.loads((shared_data / "minerals" / "production.json").read_text(encoding="utf-8"))["rows"]
    assert {row["label"] for row in rows} == set(THIRD_PARTY)
    iso2 = {row["iso3"]: row["iso2"] for row in weaklink.data.rows("countries")}
    ours = {row["mineral"]: row for row in minerals(2024).records()}
    for row in rows:
        one = ours[THIRD_PARTY[row["label"]]]
        assert iso2[one["largest_producer"]] == row["wmd_top_iso"], row["label"]
        assert round(100 * one["largest_share"], 1) == pytest.approx(row["wmd_top_share"]), row["label"]


@pytest.mark.parametrize("year", years())
def test_concentrations_agree_with_sums_in_another_program(year: int) -> None:
    """Independent program: DuckDB on the embedded tables."""
    duckdb = pytest.importorskip("duckdb", reason="the extra 'oracle' is not installed")
    question = """
        with p as (
            select mineral, iso3, production::double as amount,
                   production::double / sum(production::double) over (partition by mineral) as share
            from read_csv(?, all_varchar=true)
            where year = ? and production is not null and production <> ''
        )
        select mineral, sum(share * share), sum(share * share * least(10, greatest(0, 5 - 2 * estimate::double)))
        from p left join (
            select iso3, min(estimate) as estimate from read_csv(?, all_varchar=true) where year = ?
            group by iso3 having count(distinct estimate) = 1
        ) g using (iso3)
        group by mineral
    """
    tables = [
        str(weaklink.data.ROOT / f"{name}.csv") for name in ("mining_production", "political_stability")
    ]
    theirs = duckdb.connect().execute(question, [tables[0], str(year), tables[1], str(year)]).fetchall()
    ours = {row["mineral"]: row for row in minerals(year, coverage_floor=0).records()}
    assert len(theirs) == len(ours) == 65
    for mineral, index, weighted in theirs:
        assert ours[mineral]["herfindahl"] == pytest.approx(index, rel=1e-9)
        assert ours[mineral]["governance_herfindahl"] == pytest.approx(weighted, rel=1e-9)


def test_perlite_of_2018_has_no_figures_because_china_is_not_known() -> None:
    """The source knows 16 of 18 countries, but not the largest: a count of countries would not have noticed."""
    row = minerals(2018, mineral="perlite").records()[0]
    assert row["known_rows"] > 0.8
    assert row["coverage"] < 0.8
    assert row["herfindahl"] is None


def test_every_country_year_of_production_is_in_the_arrays() -> None:
    for year in years():
        rows = [row for row in weaklink.data.rows("mining_production") if row["year"] == str(year)]
        mined = production(year)
        assert mined.amount.sum() == sum(int(row["production"] or 0) for row in rows)
        assert mined.rows.sum() == len(rows)
        assert mined.known_rows.sum() == sum(bool(row["production"]) for row in rows)


def test_a_producer_has_a_weight_exactly_where_it_has_one_estimate() -> None:
    mined = production(2022)
    weights = governance_weights(mined.countries, 2022)
    rows = [row["iso3"] for row in weaklink.data.rows("political_stability") if row["year"] == "2022"]
    for iso3, weight in zip(mined.countries, weights, strict=True):
        assert np.isnan(weight) == (rows.count(iso3) != 1), iso3
    assert {"CXR", "XKX"} <= {
        iso3 for iso3, weight in zip(mined.countries, weights, strict=True) if np.isnan(weight)
    }
