"""Assessments on embedded data, against the lenses asked directly."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import weaklink
from weaklink.blocs.expression import resolve
from weaklink.errors import RequestError, SourceError
from weaklink.guidelines.oil import days_of_cover
from weaklink.result import Result
from weaklink.study.guideline_figures import FIGURES, find
from weaklink.study.guideline_findings import BLOC, Party
from weaklink.study.guidelines import assess, only_flagged
from weaklink.study.guidelines_library import template
from weaklink.study.network_outages import standard
from weaklink.study.support_plans import plans


def sheet(tmp_path: Path, *rows: str, head: str = "country,indicator,value,unit,source,date") -> Path:
    path = tmp_path / "sheet.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def value(result: Result, country: str, indicator: str) -> dict[str, object]:
    found = [row for row in result.records() if row["country"] == country and row["indicator"] == indicator]
    assert len(found) == 1
    return found[0]


OIL = [
    "DEU,crude_net_imports,10000,kt,invented,2021-12-31",
    "DEU,product_net_imports,2000,kt,invented,2021-12-31",
    "DEU,crude_stocks,2000,kt,invented,2022-11-30",
    "DEU,product_stocks,1000,kt,invented,2022-11-30",
]


def test_computed_indicators_are_the_figures_of_their_lenses() -> None:
    gas = assess("eu_gas", "BGR + DEU").indicators
    shown = {row["country"]: row for row in standard("europe-gas-2022").records()}
    for country in ("BGR", "DEU"):
        assert value(gas, country, "n_minus_1")["value"] == shown[country]["n_minus_1"]
    crma = assess("crma_2030", "EU@2022-12-31").indicators
    screened = weaklink.screen("EU@2022-12-31", 2022, product="280530").records()[0]
    assert value(crma, "bloc", "rare_earth_metals_top_share")["value"] == pytest.approx(
        screened["top_share"], rel=1e-12
    )


def test_the_saving_of_the_union_is_the_published_one_and_a_little() -> None:
    """Eurostat published 17.7 % for August 2022 to March 2023; the network's six months have 18.1 %."""
    saved = value(assess("eu_gas", "EU@2022-10-01", each="bloc").indicators, "bloc", "demand_saved")
    assert saved["value"] == pytest.approx(0.177, abs=0.01)


def test_gas_that_customs_do_not_record_is_missing_and_not_small() -> None:
    """Germany's pipeline gas from Russia is confidential in customs data."""
    answer = assess("nato_seven", "BGR + DEU")
    germany = value(answer.indicators, "DEU", "gas_from_authoritarian")
    assert (germany["state"], germany["value"], germany["score"]) == ("missing", None, None)
    assert value(answer.indicators, "BGR", "gas_from_authoritarian")["state"] == "known"


def test_entered_oil_stocks_become_days_by_the_published_formula(tmp_path: Path) -> None:
    answer = assess("iea_oil", "DEU + FRA", entered=sheet(tmp_path, *OIL))
    found = value(answer.indicators, "DEU", "stock_days")
    assert found["value"] == days_of_cover(10_000, 2_000, 2_000, 1_000)
    assert (found["benchmark_met"], found["date"]) == ("no", "2022-11-30")
    assert value(answer.indicators, "FRA", "stock_days")["state"] == "missing"
    rows = {row["country"]: row for row in answer.requirements.records()}
    assert (rows["DEU"]["coverage"], rows["FRA"]["coverage"], rows["FRA"]["score_minimum"]) == (1, 0, None)


def test_a_net_exporter_has_no_obligation(tmp_path: Path) -> None:
    rows = [row.replace("DEU", "NOR").replace(",10000,", ",-10000,") for row in OIL]
    found = value(assess("iea_oil", "NOR", entered=sheet(tmp_path, *rows)).indicators, "NOR", "stock_days")
    assert found["state"] == "not applicable"


def test_what_is_entered_as_not_applicable_changes_neither_score_nor_coverage(tmp_path: Path) -> None:
    rows = ("DEU,energy_years_since_assessment,4,years,invented,2022-11-01",)
    whole = assess("cer_sectors", "DEU", entered=sheet(tmp_path, *rows)).requirements.records()[0]
    more = "DEU,energy_entities_with_plan,n/a,share,invented: none identified,2022-11-01"
    told = assess("cer_sectors", "DEU", entered=sheet(tmp_path, *rows, more)).requirements.records()[0]
    assert (whole["score_minimum"], whole["coverage"]) == (10, 0.5)
    assert (told["score_minimum"], told["coverage"], told["applying"]) == (10, 1.0, 1)


def test_the_latest_entry_holds(tmp_path: Path) -> None:
    more = "DEU,crude_stocks,4000,kt,invented,2022-12-31"
    found = value(
        assess("iea_oil", "DEU", entered=sheet(tmp_path, more, *OIL)).indicators, "DEU", "stock_days"
    )
    assert found["value"] == days_of_cover(10_000, 2_000, 4_000, 1_000)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "DEU,crude_stock,1,kt,x,2022-01-01",
            "row 2, column indicator: 'crude_stock'.*Did you mean crude_stocks",
        ),
        ("DEU,crude_stocks,1,t,x,2022-01-01", "column unit: 't' is not 'kt', the unit of crude_stocks"),
        ("Gemany,crude_stocks,1,kt,x,2022-01-01", "column country: 'Gemany' is not a country"),
        ("DEU,crude_stocks,1e3,kt,x,2022-01-01", "column value: '1e3' is not a number"),
        ("DEU,crude_stocks,1,kt,x,1.1.2022", "column date: '1.1.2022' is not a day"),
        ("DEU,crude_stocks,1,kt,,2022-01-01", "column source: '' is not where the value comes from"),
    ],
)
def test_a_wrong_entry_is_refused_with_row_and_column(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        assess("iea_oil", "DEU", entered=sheet(tmp_path, row))


def test_an_empty_template_reads_as_nothing_entered(tmp_path: Path) -> None:
    entered, own = template("iea_oil", "DEU + FRA", date(2022, 12, 31))
    path = tmp_path / "empty.csv"
    path.write_text(entered, encoding="utf-8")
    claims = tmp_path / "own.csv"
    claims.write_text(own, encoding="utf-8")
    assert assess("iea_oil", "DEU + FRA", entered=path, self_assessed=claims).indicators.column("state") == [
        "missing",
        "missing",
    ]


def test_a_self_assessment_two_levels_above_the_score_is_flagged(tmp_path: Path) -> None:
    claims = sheet(
        tmp_path,
        "LVA,storage,9,ministry (invented),2022-11-01",
        "AUT,storage,9,ministry (invented),2022-11-01",
        head="country,subject,value,source,date",
    )
    answer = assess("eu_gas", "AUT + LVA", self_assessed=claims)
    rows = {(row["country"], row["requirement"]): row for row in answer.requirements.records()}
    assert rows["LVA", "storage"]["flag"] == "yes"  # scores 3.9 by its level of stores
    assert rows["AUT", "storage"]["flag"] == "no"
    assert ("LVA", "storage") in {
        (row["country"], row["requirement"]) for row in only_flagged(answer.requirements).records()
    }


def test_every_row_names_its_sources_and_says_that_goalposts_are_ours() -> None:
    answer = assess("eu_gas", "DEU")
    assert all(row["sources"] for row in answer.requirements.records())
    assert any("our own choice" in caveat for caveat in answer.requirements.caveats)


def test_each_must_be_member_or_bloc() -> None:
    with pytest.raises(RequestError, match="member or bloc"):
        assess("eu_gas", "DEU", each="state")


def test_plans_are_judged_on_a_day() -> None:
    early = {row["action"]: row["state"] for row in plans(None, date(2023, 2, 1)).records()}
    late = {row["action"]: row["state"] for row in plans(None, date(2023, 12, 1)).records()}
    assert early["Back-up power for six invented hospitals"] == "unfunded"
    assert late["Back-up power for six invented hospitals"] == "late"


def test_a_plan_for_a_requirement_that_no_framework_has_is_refused(tmp_path: Path) -> None:
    from weaklink.study.support_plans import EXAMPLE

    path = tmp_path / "plans.toml"
    path.write_text(
        EXAMPLE.read_text(encoding="utf-8").replace("nato_seven.health", "nato_seven.helth"), "utf-8"
    )
    with pytest.raises(SourceError, match=r"'nato_seven.helth' is not framework.requirement"):
        plans(path, date(2023, 1, 1))


GIVEN = {
    "mined_group_share": {"mineral": "cobalt"},
    "mined_top_share": {"mineral": "cobalt"},
    "mined_own_share": {"mineral": "nickel"},
    "top_share": {"product": "2709"},
    "group_share": {"product": "2709"},
    "herfindahl": {"product": "2709"},
    "passage_share": {"product": "2709"},
}


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize(
    "party", [Party("FIN", "FIN", ("FIN",)), Party(BLOC, "FIN + SWE", ("FIN", "SWE"))], ids=["FIN", "bloc"]
)
def test_every_figure_finds_something_or_says_why_not(name: str, party: Party) -> None:
    found = find(name, (party,), 2022, GIVEN.get(name, {}), {}).findings[party.code]
    if found.state == "known":
        assert found.source
        assert 0 <= found.value < 10 or name == "gas_saving"
    else:
        assert found.note
    must = {"top_share", "group_share", "herfindahl", "value_added_share", "mined_top_share", "gas_saving"}
    assert found.state == "known" or name not in must


def test_the_figures_of_a_bloc_are_those_of_its_lens() -> None:
    """Trade among members does not count for the bloc as one; the same figure straight from the screen."""
    bloc = Party(BLOC, "EU@2022-12-31", resolve("EU@2022-12-31").countries)
    found = find("group_share", (bloc,), 2022, {"product": "270900", "suppliers": "RUS"}, {})
    shown = weaklink.screen("EU@2022-12-31", 2022, product="270900", suppliers="RUS").records()[0]
    assert found.findings[BLOC].value == pytest.approx(shown["group_share"], rel=1e-12)


def test_an_unknown_option_of_a_figure_is_named() -> None:
    with pytest.raises(RequestError, match="top_share cannot be given mineral; it takes product"):
        find("top_share", (), 2022, {"mineral": "tin"}, {})


def test_who_has_no_trade_in_the_data_is_missing_and_not_fine() -> None:
    """Liechtenstein's trade is in Switzerland's customs area."""
    answer = assess("nato_seven", "LIE")
    states = {row["indicator"]: row["state"] for row in answer.indicators.records()}
    assert states["crude_from_authoritarian"] == states["largest_passage"] == "missing"
    assert all(row["score_minimum"] is None for row in answer.requirements.records())


def test_a_year_without_data_is_refused() -> None:
    with pytest.raises(RequestError, match="has no year 1800"):
        assess("nato_seven", "DEU", year=1800)
