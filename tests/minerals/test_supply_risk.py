"""The formula of supply risk: identities, and the published figures of the European Commission's study of 2023.

The study prints supply risks and most terms, but not the concentrations. Where a concentration is worked back from
the printed risk, reproducing that risk tests only that the terms are put together rightly; the tests say so. Real
checks are those where one number must give several printed ones, or where printed ones follow from printed ones.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink.minerals.supply_risk import (
    Terms,
    critical,
    group_mean,
    import_reliance,
    material_risk,
    sourcing_concentration,
    stage_risk,
    used,
)
from weaklink.result import Result
from weaklink.study.minerals import minerals
from weaklink.study.supply_risk import Rules, supply_risk

Row = dict[str, str]
STAGES = {"E": "extraction", "P": "processing"}

# Regulation (EU) 2024/1252, Annex II, Section 1, in the names of the study.
ANNEX_II = {
    "Aluminium/bauxite", "Antimony", "Arsenic", "Baryte", "Beryllium", "Bismuth", "Boron", "Cobalt", "Coking coal",
    "Copper", "Feldspar", "Fluorspar", "Gallium", "Germanium", "Hafnium", "Helium", "HREE", "LREE", "Lithium",
    "Magnesium", "Manganese", "Natural graphite", "Nickel", "Niobium", "Phosphate rock", "Phosphorus", "PGM",
    "Scandium", "Silicon metal", "Strontium", "Tantalum", "Titanium metal", "Tungsten", "Vanadium",
}  # fmt: skip
STRATEGIC_BY_DECISION = {"Copper", "Nickel"}  # Annex I; every strategic raw material is critical by Article 4

concentrations = st.floats(0, 15)
shares = st.floats(0, 1)


def terms(
    at_large: float, own: float, reliance: float, recycling: float = 0, substitution: float = 1
) -> Terms:
    return Terms(*(np.array([term]) for term in (at_large, own, reliance, recycling, substitution)))


def risk(*values: float) -> float:
    return float(stage_risk(terms(*values))[0])


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def published(shared_data: Path) -> list[Row]:
    """The study's table: materials and groups."""
    return read(shared_data / "verification" / "eu_crm_2023_results.csv")


@pytest.fixture(scope="module")
def members(shared_data: Path) -> list[Row]:
    """The study's table of the members of groups."""
    return read(shared_data / "verification" / "eu_crm_2023_members.csv")


@given(concentrations, concentrations, shares, shares, shares)
def test_risk_lies_between_the_two_concentrations_times_the_common_terms(
    at_large: float, own: float, reliance: float, recycling: float, substitution: float
) -> None:
    common = (1 - recycling) * substitution
    found = risk(at_large, own, reliance, recycling, substitution)
    assert min(at_large, own) * common - 1e-9 <= found <= max(at_large, own) * common + 1e-9


@given(concentrations, concentrations, shares, shares)
def test_more_reliance_moves_risk_towards_global_supply(
    at_large: float, own: float, less: float, more: float
) -> None:
    less, more = sorted((less, more))
    change = risk(at_large, own, more) - risk(at_large, own, less)
    assert change == pytest.approx((at_large - own) * (more - less) / 2, abs=1e-9)


@given(concentrations, concentrations, shares, shares, shares)
def test_more_recycling_or_more_substitutes_never_raise_risk(
    at_large: float, own: float, reliance: float, one: float, other: float
) -> None:
    less, more = sorted((one, other))
    assert risk(at_large, own, reliance, more) <= risk(at_large, own, reliance, less)
    assert risk(at_large, own, reliance, 0, less) <= risk(at_large, own, reliance, 0, more)


@given(concentrations, concentrations)
def test_a_full_importer_looks_to_its_own_sourcing_by_half(at_large: float, own: float) -> None:
    """IR/2, not IR: the pitfall that METHODS 4.1 names."""
    assert risk(at_large, own, 1) == pytest.approx((at_large + own) / 2)
    assert risk(at_large, own, 0) == pytest.approx(own)


@given(concentrations, shares)
def test_one_known_concentration_stands_alone_and_needs_no_reliance(known: float, reliance: float) -> None:
    for asked in (reliance, math.nan):
        assert sourcing_concentration(terms(known, math.nan, asked)) == known
        assert sourcing_concentration(terms(math.nan, known, asked)) == known
    assert used(terms(known, math.nan, reliance)) == ["GS"]
    assert used(terms(math.nan, known, reliance)) == ["EU"]
    assert used(terms(known, known, reliance)) == ["GS+EU"]


@given(concentrations, shares)
def test_a_term_that_is_not_known_leaves_the_risk_not_known(at_large: float, share: float) -> None:
    unknown = math.nan
    assert math.isnan(risk(at_large, at_large, unknown, share, share))
    assert math.isnan(risk(at_large, unknown, share, unknown, share))
    assert math.isnan(risk(at_large, unknown, share, share, unknown))
    assert math.isnan(risk(unknown, unknown, share, share, share))
    assert math.isnan(material_risk([at_large, unknown]))
    assert math.isnan(group_mean([at_large, unknown]))


@given(*(st.floats(0, 1e12) for _ in range(3)))
def test_import_reliance_is_a_share_and_none_for_a_net_exporter(
    imports: float, exports: float, production: float
) -> None:
    reliance = float(import_reliance(imports, exports, production))
    assert math.isnan(reliance) or 0 <= reliance <= 1
    if imports <= exports and imports - exports + production != 0:
        assert reliance == 0
    if production == 0 and imports > exports:
        assert reliance == 1


def test_import_reliance_of_an_unknown_amount_is_not_known() -> None:
    for unknown in ((math.nan, 1, 1), (1, math.nan, 1), (1, 1, math.nan)):
        assert np.isnan(import_reliance(*unknown))


@given(shares, shares, st.floats(0, 10), st.floats(0, 10))
def test_what_is_critical_stays_critical_when_risk_or_importance_rise(
    risk_: float, more_risk: float, importance: float, more: float
) -> None:
    if critical(risk_, importance, 1.0, 2.8):
        assert critical(risk_ + more_risk, importance + more, 1.0, 2.8)


def test_the_risk_of_a_material_is_that_of_its_riskier_stage_in_the_study_of_2023(
    published: list[Row], members: list[Row]
) -> None:
    """Printed risks of both stages against the printed risk; a real check of 68 rows and 17 members.

    Groups are not maxima but means, Praseodymium's processing is blank, and platinum alone has two decimals.
    """
    checked = 0
    for row in (*published, *members):
        stages = [float(row[f"SR_{stage}"]) for stage in STAGES if row[f"SR_{stage}"]]
        if row["material"] == "Praseodymium" or "(group)" in row["material"]:
            continue
        assert round(material_risk(stages), 1) == round(float(row["SR"]), 1), row["material"]
        checked += 1
    assert checked == 67 + 19


def test_one_concentration_gives_eight_printed_risks_of_heavy_rare_earths(members: list[Row]) -> None:
    """A real check: any one index from 5.663 to 5.707 gives the printed processing risks of eight heavy rare earths.

    Terbium and yttrium are left out: their risks imply another supply (METHODS 4.1).
    """
    shared = [
        row
        for row in members
        if row["group"] == "HREE" and row["used_P"] == "GS" and row["material"] not in {"Terbium", "Yttrium"}
    ]
    assert len(shared) == 8
    assert len({row["SI_SR"] for row in shared}) == 3
    for index in (5.664, 5.68, 5.706):
        for row in shared:
            found = risk(index, math.nan, math.nan, float(row["EoL_RIR"]) / 100, float(row["SI_SR"]))
            assert round(found, 1) == float(row["SR_P"]), row["material"]


def test_one_sourcing_gives_the_printed_risks_of_lanthanum_and_samarium(members: list[Row]) -> None:
    """A real check: the mix of both concentrations from 3.593 to 3.659 gives both printed processing risks."""
    rows = {row["material"]: row for row in members}
    for material in ("Lanthanum", "Samarium"):
        row = rows[material]
        assert row["used_P"] == "GS+EU"
        reliance, recycling = float(row["IR_P"]) / 100, float(row["EoL_RIR"]) / 100
        for at_large, own in ((3.62, 3.62), (4.0, 3.24), (5.0, 2.24)):
            found = risk(at_large, own, reliance, recycling, float(row["SI_SR"]))
            assert round(found, 1) == float(row["SR_P"]), material


@pytest.mark.parametrize("group", ["HREE", "LREE", "PGM"])
def test_the_risk_and_importance_of_a_group_are_the_means_of_its_members(
    group: str, published: list[Row], members: list[Row]
) -> None:
    """A real check: printed figures of the members against the printed figure of the group."""
    (whole,) = (row for row in published if row["material"] == f"{group} (group)")
    parts = [row for row in members if row["group"] == group]
    assert round(group_mean([float(row["SR"]) for row in parts]), 1) == float(whole["SR"])
    assert round(group_mean([float(row["EI"]) for row in parts]), 1) == float(whole["EI"])


def test_the_risk_of_light_rare_earths_is_no_maximum_of_the_means_of_stages(published: list[Row]) -> None:
    """3.58 would print as 3.6; the study prints 3.7, the mean of the members' own maxima."""
    (whole,) = (row for row in published if row["material"] == "LREE (group)")
    assert round(material_risk([float(whole["SR_E"]), float(whole["SR_P"])]), 1) == 3.6
    assert float(whole["SR"]) == 3.7


def sheet(rows: list[Row], members: list[Row]) -> str:
    """A sheet of terms: all that is printed, and concentrations worked back from the printed risks."""
    lines = [
        "material,stage,group,economic_importance,global_herfindahl,importer_herfindahl,"
        "import_reliance,recycling,substitution"
    ]
    for row in (*(row for row in rows if "(group)" not in row["material"]), *members):
        for stage in STAGES:
            printed = row[f"SR_{stage}"]
            if row["material"] == "Praseodymium" and stage == "P":
                printed = row[
                    "SR"
                ]  # blank in the study; its extraction is printed with 1.8, so this is the maximum
            if not printed:
                continue
            recycling = float(row["EoL_RIR"]) / 100
            index = ""
            if row["SI_SR"]:
                worked_back = float(printed) / (float(row["SI_SR"]) * (1 - recycling))
                index = (
                    f"{worked_back + 1e-9:.12f}"  # so that 1.0, worked back and forth, is not just below 1.0
                )
            rests_on = row[f"used_{stage}"] or "EU"  # blank for the processing of coking coal
            reliance = (
                float(row[f"IR_{stage}"] or 0) / 100
            )  # not printed for one that needs it: titanium metal, E
            lines.append(
                f"{row['material']},{stage},{row.get('group', '')},{row['EI']},"
                f"{index if 'GS' in rests_on else ''},{index if 'EU' in rests_on else ''},"
                f"{reliance},{recycling},{row['SI_SR']}"
            )
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def study(published: list[Row], members: list[Row], tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The study of 2023 through the whole tool, from a sheet to the table."""
    path = tmp_path_factory.mktemp("study") / "terms.csv"
    path.write_text(sheet(published, members), encoding="utf-8")
    return supply_risk(path, 2020)


def test_every_printed_risk_of_the_study_of_2023_comes_out_to_the_printed_digit(
    study: Result, published: list[Row], members: list[Row]
) -> None:
    """The way through the tool, not evidence for the terms: the concentrations are worked back from the risks.

    Silica sand has no index of substitution in print, so it has no risk here either.
    """
    ours = {(row["material"], row["stage"]): row for row in study.records()}
    checked = 0
    for row in (*published, *members):
        for stage, name in STAGES.items():
            if not row[f"SR_{stage}"] or "(group)" in row["material"]:
                continue
            found = ours[row["material"], name]
            if row["material"] == "Silica sand":
                assert found["stage_risk"] is None
                continue
            assert round(found["stage_risk"], 1) == float(row[f"SR_{stage}"]), (row["material"], stage)
            assert round(found["supply_risk"], 1) == round(float(row["SR"]), 1), row["material"]
            assert found["used"] == (row[f"used_{stage}"] or "EU")
            checked += 1
    assert checked == 123


def test_the_rule_yields_the_list_of_2023_but_for_what_is_strategic_by_decision(study: Result) -> None:
    """32 by risk and importance; copper and nickel are on the list of 34 by decision (Annexes I and II)."""
    judged = [row for row in study.records() if not row["group"] or row["stage"] == "group"]
    found = {row["material"] for row in judged if row["critical"] == "yes"}
    assert len(found) == 32
    assert found | STRATEGIC_BY_DECISION == ANNEX_II
    assert not found & STRATEGIC_BY_DECISION
    assert any("strategic raw materials, by decision" in caveat for caveat in study.caveats)


def test_a_strict_threshold_would_lose_coking_coal_and_phosphate_rock(published: list[Row]) -> None:
    """Both stand at 1.0 in print, and both are on the list: the rule is 'at least', not 'more than'."""
    at_threshold = {
        row["material"] for row in published if float(row["SR"]) == 1.0 and float(row["EI"]) >= 2.8
    }
    assert at_threshold == {"Coking coal", "Phosphate rock"}
    assert at_threshold <= ANNEX_II


def test_a_member_of_a_group_is_critical_with_its_group(study: Result) -> None:
    palladium = [row for row in study.records() if row["group"] == "PGM"]
    assert {row["critical"] for row in palladium} == {"yes"}


def test_a_higher_threshold_lists_fewer(published: list[Row], members: list[Row], tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    path.write_text(sheet(published, members), encoding="utf-8")
    strict = supply_risk(path, 2020, rules=Rules(risk_threshold=2.0))
    judged = [row for row in strict.records() if not row["group"] or row["stage"] == "group"]
    expected = sum(float(row["SR"]) >= 2.0 and float(row["EI"]) >= 2.8 for row in published)
    assert len({row["material"] for row in judged if row["critical"] == "yes"}) == expected


def test_concentrations_of_extraction_rank_as_the_study_of_2023_implies(published: list[Row]) -> None:
    """From World Mining Data, end to end: the four extractions that rest on global supply alone, in the same order.

    Not to the digit: the study averages years, takes six governance indicators for our one, and knows export taxes.
    """
    names = {"Niobium": "niobium", "Cobalt": "cobalt", "Vanadium": "vanadium", "Beryllium": "beryllium"}
    implied = {
        row["material"]: float(row["SR_E"]) / (float(row["SI_SR"]) * (1 - float(row["EoL_RIR"]) / 100))
        for row in published
        if row["material"] in names
    }
    ours = {
        material: minerals(2020, mineral=name).column("governance_herfindahl")[0]
        for material, name in names.items()
    }
    assert sorted(names, key=lambda name: -ours[name]) == sorted(names, key=lambda name: -implied[name])
    for material, index in ours.items():
        assert index == pytest.approx(implied[material], rel=0.5), material
