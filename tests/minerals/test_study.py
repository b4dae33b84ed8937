"""Questions about minerals: production, sheets of one's own, and the comparison with trade."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import weaklink.data
from weaklink import tables
from weaklink.cli.minerals import minerals as command
from weaklink.codes.products import labels
from weaklink.errors import BlocError, CodeError, RequestError, SourceError
from weaklink.report.formats import to_csv, to_json
from weaklink.result import Result
from weaklink.study.mineral_trade import mineral_trade
from weaklink.study.minerals import minerals
from weaklink.study.production import named, stages
from weaklink.study.screen import screen
from weaklink.study.supply_risk import Rules, supply_risk
from weaklink.trade.lens import COVERAGE_FLOOR

SHARES = "material,stage,iso3,share\nCobalt,P,CHN,0.76\nCobalt,P,FIN,0.1\nCobalt,P,ZZZ,0.14\n"
TERMS = "material,stage,import_reliance,recycling,substitution,economic_importance,mineral\n"


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def said(result: Result, words: str) -> bool:
    return any(words in caveat for caveat in result.caveats)


@pytest.fixture(scope="module")
def of_2023() -> Result:
    return minerals(2023, importer="EU@2023-12-31", suppliers="authoritarian@2023")


def test_there_is_a_row_for_each_of_65_minerals_in_the_declared_columns(of_2023: Result) -> None:
    assert len(of_2023) == 65
    assert of_2023.table.column_names == list(tables.MINERALS.names)


def test_the_largest_group_share_comes_first_and_by_governance_the_largest_weighted_index() -> None:
    by_group = minerals(2022).column("group_share")
    assert by_group == sorted(by_group, reverse=True)
    by_governance = minerals(2022, by_governance=True).column("governance_herfindahl")
    assert by_governance == sorted(by_governance, reverse=True)


def test_the_change_over_five_years_is_the_difference_of_two_answers(of_2023: Result) -> None:
    before = {row["mineral"]: row for row in minerals(2018, suppliers="authoritarian@2023").records()}
    for row in of_2023.records():
        earlier = before[row["mineral"]]
        if earlier["herfindahl"] is None:
            assert row["herfindahl_change"] is None
            continue
        assert row["herfindahl_change"] == pytest.approx(row["herfindahl"] - earlier["herfindahl"])
        assert row["group_share_change"] == pytest.approx(row["group_share"] - earlier["group_share"])
    assert said(of_2023, "Too little known of 2018, so no change over five years: Perlite")


def test_before_2023_there_is_no_change_over_five_years_and_it_is_said() -> None:
    answer = minerals(2022, mineral="cobalt")
    assert answer.column("group_share_change") == [None]
    assert said(answer, "No change over five years")


def test_an_importer_is_not_asked_so_its_share_is_empty_not_zero() -> None:
    assert minerals(2022, mineral="cobalt").column("importer_share") == [None]
    assert minerals(2022, mineral="cobalt", importer="DEU").column("importer_share") == [0.0]


def test_the_answer_says_what_its_governance_is_and_what_it_does_not_know(of_2023: Result) -> None:
    assert said(of_2023, "Governance is one indicator, political stability")
    assert said(of_2023, "Kosovo (Lead, Lignite, Nickel, Zinc)")
    assert said(of_2023, "Production in 2023 not known")
    assert said(of_2023, "Counted at the smelter or refinery")
    assert {card.name for card in of_2023.provenance.cards} == {
        "mining-production",
        "mineral-stages",
        "political-stability",
    }
    assert of_2023.provenance.parameters["year"] == "2023"


def test_minerals_are_found_by_whole_names_first_then_by_words() -> None:
    assert named("tin") == ("Tin",)
    assert named("LITHIUM") == ("Lithium (Li2O)",)
    assert named("coal; Salt (rock, brines, marine)") == (
        "Coking Coal",
        "Salt (rock, brines, marine)",
        "Steam Coal",
    )
    assert len(named("")) == 65


def test_an_unknown_mineral_is_told_with_the_nearest() -> None:
    with pytest.raises(CodeError, match=r"'sulphur' is no mineral of World Mining Data\. Nearest: Sulfur"):
        minerals(2022, mineral="sulphur")


def test_what_cannot_be_asked_is_refused_with_what_can() -> None:
    with pytest.raises(RequestError, match="no year 2010; it has 2018 to 2024"):
        minerals(2010)
    with pytest.raises(BlocError):
        minerals(2022, suppliers="NATOO")
    with pytest.raises(RequestError, match="--coverage-floor is 80"):
        minerals(2022, coverage_floor=80)
    with pytest.raises(RequestError, match="--partner-factor is 2"):
        Rules(partner_factor=2)
    with pytest.raises(RequestError, match="--risk-threshold is nan"):
        Rules(risk_threshold=float("nan"))


def test_shares_of_refining_add_a_row_in_which_the_unidentified_is_nobodys(tmp_path: Path) -> None:
    answer = minerals(2022, mineral="cobalt", importer="EU", refining=written(tmp_path, "mine.csv", SHARES))
    rows = {row["stage"]: row for row in answer.records()}
    refined = rows["processing"]
    assert set(rows) == {"extraction", "processing"}
    assert refined["largest_producer"] == "CHN"
    assert refined["largest_share"] == refined["group_share"] == pytest.approx(0.76)
    assert refined["importer_share"] == pytest.approx(0.1)
    assert refined["herfindahl"] == pytest.approx(0.76**2 + 0.1**2)  # by hand
    assert refined["coverage"] == pytest.approx(0.86)
    assert refined["production"] is None
    assert answer.provenance.cards[-1].name == "mine.csv"
    assert said(answer, "Rows in the unit 'share' are from mine.csv")


def test_shares_that_leave_too_much_open_give_no_figure(tmp_path: Path) -> None:
    sheet = written(tmp_path, "thin.csv", "material,stage,iso3,share\nCobalt,P,CHN,0.5\n")
    answer = minerals(2022, mineral="cobalt", refining=sheet)
    (refined,) = (row for row in answer.records() if row["stage"] == "processing")
    assert refined["herfindahl"] is None
    assert refined["coverage"] == pytest.approx(0.5)
    assert said(answer, "Less than 80% of production is known, so no figures: Cobalt")


@pytest.mark.parametrize(("row", "rows"), [("Cobalt,P,ZZZ,1,", 2), ("Cobalt,P,CHN,1,importer", 1)])
def test_a_sheet_that_names_no_global_supplier_gives_no_figure(tmp_path: Path, row: str, rows: int) -> None:
    sheet = written(tmp_path, "nobody.csv", f"material,stage,iso3,share,supply\n{row}\n")
    answer = minerals(2022, mineral="cobalt", refining=sheet)
    assert len(answer) == rows
    assert [one["herfindahl"] for one in answer.records() if one["stage"] == "processing"] == [None] * (
        rows - 1
    )


# --- supply risk --------------------------------------------------------------------------------------------


def test_the_concentration_of_shares_is_computed_term_by_term(tmp_path: Path) -> None:
    """By hand from the embedded estimates: China by its governance, Finland also by the partner factor 0.8."""
    terms = written(tmp_path, "terms.csv", TERMS + "Cobalt,P,,0,1,,\n")
    shares = written(tmp_path, "shares.csv", SHARES)
    stability = {
        row["iso3"]: float(row["estimate"])
        for row in weaklink.data.rows("political_stability")
        if row["year"] == "2022"
    }
    china, finland = ((2.5 - stability[iso3]) * 2 for iso3 in ("CHN", "FIN"))
    (row,) = supply_risk(terms, 2022, shares=shares).records()
    assert row["global_herfindahl"] == pytest.approx(0.76**2 * china + 0.1**2 * finland * 0.8)
    assert row["supply_risk"] == row["stage_risk"] == row["global_herfindahl"]
    assert (row["global_from"], row["used"]) == ("shares", "GS")
    assert row["global_coverage"] == pytest.approx(0.86)
    alone = supply_risk(terms, 2022, shares=shares, rules=Rules(partners="")).records()[0]
    assert alone["global_herfindahl"] == pytest.approx(0.76**2 * china + 0.1**2 * finland)


def test_a_barrier_goes_before_the_partner_factor_and_only_where_it_is_stated(tmp_path: Path) -> None:
    terms = written(tmp_path, "terms.csv", TERMS + "Cobalt,P,,0,1,,\n")
    shares = written(tmp_path, "shares.csv", "material,stage,iso3,share\nCobalt,P,FIN,1\n")
    header = "material,stage,iso3,factor,supply\n"
    index = {
        name: supply_risk(terms, 2022, shares=shares, barriers=barriers).records()[0]["global_herfindahl"]
        for name, barriers in {
            "none": None,
            "tax": written(tmp_path, "tax.csv", header + "Cobalt,P,FIN,1.2,\n"),
            "other stage": written(tmp_path, "stage.csv", header + "Cobalt,E,FIN,1.2,\n"),
            "other supply": written(tmp_path, "supply.csv", header + "Cobalt,P,FIN,1.2,importer\n"),
        }.items()
    }
    assert index["tax"] == pytest.approx(index["none"] * 1.2 / 0.8)
    assert index["other stage"] == index["other supply"] == index["none"]


def test_shares_of_production_and_world_mining_data_give_one_concentration(tmp_path: Path) -> None:
    """The same supply by two ways: stated as shares, and taken from the embedded production."""
    rows = [
        (row["iso3"], int(row["production"]))
        for row in weaklink.data.rows("mining_production")
        if (row["mineral"], row["year"]) == ("Cobalt", "2022") and row["production"]
    ]
    total = sum(amount for _, amount in rows)
    lines = "".join(f"Stated,E,{iso3},{amount / total:.15f}\n" for iso3, amount in rows)
    shares = written(tmp_path, "shares.csv", f"material,stage,iso3,share\n{lines}")
    terms = written(tmp_path, "terms.csv", TERMS + "Mined,E,,0,1,,cobalt\nStated,E,,0,1,,\n")
    by_name = {row["material"]: row for row in supply_risk(terms, 2022, shares=shares).records()}
    assert by_name["Mined"]["global_from"] == "World Mining Data"
    assert by_name["Mined"]["global_herfindahl"] == pytest.approx(by_name["Stated"]["global_herfindahl"])
    plain = supply_risk(terms, 2022, shares=shares, rules=Rules(partners="")).records()
    weighted = minerals(2022, mineral="cobalt").column("governance_herfindahl")[0]
    assert {round(row["global_herfindahl"], 9) for row in plain} == {round(weighted, 9)}


def test_a_mineral_counted_at_the_other_stage_is_refused(tmp_path: Path) -> None:
    terms = written(tmp_path, "terms.csv", TERMS + "Gallium,E,,0,1,,gallium\n")
    with pytest.raises(
        SourceError, match=r"row 2, column mineral: 'gallium' is not counted at the stage extraction"
    ):
        supply_risk(terms, 2022)
    several = written(tmp_path, "several.csv", TERMS + "Coal,E,,0,1,,coal\n")
    with pytest.raises(SourceError, match="Write one of Coking Coal, Steam Coal"):
        supply_risk(several, 2022)


def test_a_reliance_that_is_not_stated_is_computed_and_called_recalled(tmp_path: Path) -> None:
    header = "material,stage,global_herfindahl,importer_herfindahl,recycling,substitution,imports,exports,"
    rows = "A,E,4,2,0,1,90,10,20\nB,E,4,2,0,1,90,10,\n"
    answer = supply_risk(written(tmp_path, "t.csv", f"{header}domestic_production\n{rows}"), 2022)
    found = {row["material"]: row for row in answer.records()}
    assert found["A"]["import_reliance"] == pytest.approx(0.8)  # by hand: 80 / (20 + 80)
    assert found["A"]["supply_risk"] == pytest.approx(4 * 0.4 + 2 * 0.6)
    assert found["B"]["supply_risk"] is None
    assert said(answer, "recalled, not verified against the study: A, extraction.")
    assert said(answer, "B, extraction: no risk, for want of import reliance")


def test_a_stage_without_risk_leaves_its_material_and_its_group_without(tmp_path: Path) -> None:
    header = "material,stage,group,global_herfindahl,recycling,substitution,economic_importance\n"
    rows = "A,E,G,4,0,1,5\nA,P,G,4,,1,5\nB,E,G,4,0,1,5\nC,E,,4,0,1,5\n"
    answer = supply_risk(written(tmp_path, "t.csv", header + rows), 2022)
    risks = {(row["material"], row["stage"]): row["supply_risk"] for row in answer.records()}
    assert risks["A", "extraction"] is None
    assert risks["B", "extraction"] == 4
    assert risks["G", "group"] is None
    assert {row["material"]: row["critical"] for row in answer.records()} == {
        "A": None,
        "B": None,
        "C": "yes",
        "G": None,
    }
    assert answer.column("material")[0] == "C"


def test_a_figure_just_below_a_threshold_is_not_critical_but_named(tmp_path: Path) -> None:
    header = "material,stage,global_herfindahl,recycling,substitution,economic_importance\n"
    answer = supply_risk(written(tmp_path, "t.csv", header + "A,E,0.96,0,1,5\nB,E,0.94,0,1,5\n"), 2022)
    assert set(answer.column("critical")) == {"no"}
    assert said(answer, "critical if figures are rounded to one decimal first, as the study prints them: A.")


def test_every_sheet_is_in_the_provenance_with_its_digest(tmp_path: Path) -> None:
    terms = written(tmp_path, "terms.csv", TERMS + "Cobalt,P,,0,1,,\n")
    shares = written(tmp_path, "shares.csv", SHARES)
    cards = supply_risk(terms, 2022, shares=shares).provenance.cards
    assert [card.name for card in cards] == ["terms.csv", "shares.csv", "political-stability"]
    assert len({card.sha256 for card in cards}) == 3


# --- the comparison with trade ------------------------------------------------------------------------------


def test_the_comparison_shows_the_figures_of_both_sides_unchanged() -> None:
    row = mineral_trade("EU@2022-12-31", 2022, "tungsten").records()[0]
    mined = minerals(2022, mineral="tungsten", importer="EU@2022-12-31").records()[0]
    bought = screen("EU@2022-12-31", 2022, product="261100").records()[0]
    assert row["extraction_herfindahl"] == mined["herfindahl"]
    assert row["importer_share"] == mined["importer_share"]
    assert row["world_export_herfindahl"] == bought["world_export_herfindahl"]
    assert (row["import_herfindahl"], row["top_supplier"]) == (bought["herfindahl"], bought["top_supplier"])


def test_the_comparison_names_what_it_lacks_and_what_a_code_shares() -> None:
    answer = mineral_trade("EU", 2022, "gallium; tellurium; oil sands")
    assert answer.column("mineral") == ["Tellurium"]
    assert said(answer, "Tellurium in 280450")
    assert said(answer, "Gallium as 811291")
    assert said(answer, "Oil Sands (part of Petroleum) (traded as crude oil")


def test_a_mineral_without_any_product_in_the_data_is_refused() -> None:
    with pytest.raises(
        RequestError, match=r"no product of Gallium\. Ask another mineral, or add data with the codes 811291"
    ):
        mineral_trade("EU", 2022, "gallium")
    with pytest.raises(RequestError, match="It has no code of its own"):
        mineral_trade("EU", 2022, "oil sands")


def test_every_mineral_has_a_stage_and_a_row_of_products_and_no_other_has() -> None:
    produced = {row["mineral"] for row in weaklink.data.rows("mining_production")}
    assert {row["mineral"] for row in weaklink.data.rows("mineral_products")} == produced
    assert set(stages()) == produced
    assert set(stages().values()) == {"extraction", "processing"}


def test_every_product_code_has_its_mineral_in_its_label() -> None:
    """The labels of the Harmonized System of 1992, embedded from another source than the table."""
    other_words = {
        "Bauxite": "aluminium ores", "Baryte": "barytes", "Boron Minerals": "borates", "Coking Coal": "bituminous",
        "Steam Coal": "coal", "Diamonds (Gem)": "diamonds", "Diamonds (Ind)": "diamonds", "Diatomite": "siliceous",
        "Feldspar": "felspar", "Fluorspar": "calcium fluoride", "Gypsum and Anhydrite": "gypsum",
        "Natural Gas": "natural gas", "Oil Shales": "oil shale", "Petroleum": "petroleum oils",
        "Phosphate Rock (P2O5)": "natural calcium phosphates", "Potash (K2O)": "potass",
        "Rare Earths (REO)": "rare|cerium", "Salt (rock, brines, marine)": "salt",
        "Sulfur (elementar & industrial)": "sulphur", "Talc, Steatite & Pyrophyllite": "steatite",
        "Zircon": "zirconium",
    }  # fmt: skip
    known = labels("HS92")
    for row in weaklink.data.rows("mineral_products"):
        if row["product"]:
            word = other_words.get(row["mineral"], row["mineral"].split(" (")[0].casefold())
            label = known[row["product"]].casefold()
            assert any(part in label for part in word.split("|")), (row, label)


def test_a_code_of_more_than_one_mineral_says_so() -> None:
    rows = [row for row in weaklink.data.rows("mineral_products") if row["product"]]
    for row in rows:
        others = {other["mineral"] for other in rows if other["product"] == row["product"]}
        assert len(others) == 1 or row["alone"] == "no", row
    assert len({(row["mineral"], row["product"]) for row in rows}) == len(rows)


def test_synonyms_of_the_product_search_mean_the_same_codes() -> None:
    """Another hand-compiled table of the product: where a mineral is a search word, the first code is among ours."""
    ours: dict[str, set[str]] = {}
    for row in weaklink.data.rows("mineral_products"):
        ours.setdefault(row["mineral"].split(" (")[0].casefold(), set()).add(row["product"])
    compared = 0
    for row in weaklink.data.rows("product_synonyms"):
        for term in row["terms"].split("|"):
            if term.casefold() in ours and row["HS92"]:
                assert set(row["HS92"].split()) & ours[term.casefold()], row
                compared += 1
    assert compared > 10


# --- the command line ---------------------------------------------------------------------------------------


def run(*words: str) -> str:
    done = CliRunner().invoke(command, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_command_prints_the_answer_of_the_study() -> None:
    printed = list(
        csv.DictReader(run("--year", "2022", "--mineral", "cobalt", "--format", "csv").splitlines())
    )
    assert [row["largest_producer"] for row in printed] == ["COD"]
    assert run("--year", "2022", "--format", "csv") == to_csv(minerals(2022))
    first = run("--year", "2022", "--by-governance", "--top", "1", "--format", "csv").splitlines()[1]
    assert first.startswith(minerals(2022, by_governance=True).column("mineral")[0])


def test_the_commands_below_it_print_the_answers_of_the_study(tmp_path: Path) -> None:
    terms = written(tmp_path, "terms.csv", TERMS + "Cobalt,E,,0.22,0.98,6.8,cobalt\n")
    printed = json.loads(run("supply-risk", str(terms), "--year", "2022", "--format", "json"))
    assert printed == json.loads(to_json(supply_risk(terms, 2022)))
    trade = run("trade", "--importer", "EU", "--year", "2022", "--mineral", "tin", "--format", "csv")
    assert trade == to_csv(mineral_trade("EU", 2022, "tin"))


def test_options_before_a_command_and_a_missing_year_are_refused() -> None:
    for words, complaint in (
        (("--year", "2022", "trade", "--importer", "EU", "--year", "2022"), "Options of trade go behind it"),
        ((), "Missing option '--year'"),
    ):
        done = CliRunner().invoke(command, words)
        assert done.exit_code == 2
        assert complaint in done.stderr


def test_the_floor_of_the_commands_is_that_of_the_lens() -> None:
    for one in (command, *command.commands.values()):
        (floor,) = (option for option in one.params if option.name == "coverage_floor")
        assert floor.default == COVERAGE_FLOOR
