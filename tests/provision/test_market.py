"""Do the indicators, definitions and explanations work on items that are no goods? By hand and by identities."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink import data, indicators
from weaklink.definitions.library import published
from weaklink.definitions.verdict import NO, UNKNOWN, YES
from weaklink.errors import RequestError, SourceError
from weaklink.provision.market import BUYER, FIGURES, WHOLE, Part, as_flows, with_rest
from weaklink.sources.provision import DOMAINS, NEEDS, ROWS
from weaklink.study.chains import stoppers
from weaklink.study.provision import Asked, screen, set_up, verdict
from weaklink.study.provision_explained import WORKINGS, explain
from weaklink.study.provision_lines import red_lines

HEADER = ",".join(ROWS)


def sheet(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "sheet.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def row(item: str, dependent: str, supplier: str, share: str = "", quantity: str = "", **more: str) -> str:
    cells = {
        "item": item,
        "domain": "technology",
        "dependent": dependent,
        "supplier": supplier,
        "share": share,
        "quantity": quantity,
        "unit": "share of the market",
        "period": "2022",
        "source": "made for a test",
        "licence": "none",
        **more,
    }
    return ",".join(cells.get(name, "") for name in ROWS)


LASER = (
    row("laser", "world", "CHN", "50%"),
    row("laser", "world", "DEU", "30%"),
    row("laser", "world", "USA", "20%"),
)


def test_the_figures_of_a_world_market_by_hand(tmp_path: Path) -> None:
    """Shares 50, 30, 20: top 0.5, H = 0.25 + 0.09 + 0.04."""
    (found,) = screen(Asked(sheet(tmp_path, *LASER), "world", suppliers="CHN")).records()
    assert (found["top_supplier"], found["top_share"], found["group_share"]) == ("CHN", 0.5, 0.5)
    assert found["herfindahl"] == pytest.approx(0.38, abs=1e-15)
    assert found["coverage"] == 1


def test_a_bloc_nets_out_what_its_own_members_provide_to_the_world(tmp_path: Path) -> None:
    """For NATO, Germany's 30 and America's 20 are its own: China is all that comes from outside, half of it all."""
    asked = Asked(sheet(tmp_path, *LASER), "NATO@2022-11-30", suppliers="CHN")
    (found,) = screen(asked).records()
    assert (found["top_share"], found["external_share"], found["basis"]) == (1.0, 0.5, "world")
    assert any("Known for the world only: laser" in caveat for caveat in screen(asked).caveats)


def test_an_importer_s_own_rows_go_before_the_world_s(tmp_path: Path) -> None:
    rows = (*LASER, row("laser", "POL", "KOR", "100%"))
    (found,) = screen(Asked(sheet(tmp_path, *rows), "POL")).records()
    assert (found["top_supplier"], found["basis"]) == ("KOR", "own")


def test_quantities_of_members_are_added_up(tmp_path: Path) -> None:
    gas = {"domain": "gas", "unit": "TWh"}
    rows = (
        row("pipe gas", "DEU", "NOR", quantity="300", **gas),
        row("pipe gas", "DEU", "FRA", quantity="40", **gas),
        row("pipe gas", "FRA", "NOR", quantity="100.5", **gas),
        row("pipe gas", "FRA", "DZA", quantity="99.5", **gas),
    )
    (found,) = screen(Asked(sheet(tmp_path, *rows), "DEU + FRA")).records()
    assert found["basis"] == "members"
    assert found["top_share"] == 400.5 / 500  # what France sends to Germany is internal
    assert found["external_share"] == 500 / 540


def test_shares_of_members_are_not_added_up(tmp_path: Path) -> None:
    rows = (*LASER, row("5G", "DEU", "CHN", "59%"), row("5G", "FRA", "CHN", "17%"))
    result = screen(Asked(sheet(tmp_path, *rows), "DEU + FRA"))
    assert result.column("item") == ["laser"]
    assert any("Left out" in caveat and "5G" in caveat for caveat in result.caveats)


def test_too_little_known_gives_no_figure(tmp_path: Path) -> None:
    (found,) = screen(Asked(sheet(tmp_path, row("laser", "world", "CHN", "79%")), "world")).records()
    assert found["coverage"] == 0.79
    assert found["top_share"] is None
    assert found["unknown_by"] == "crma_65"


def test_what_a_list_of_suppliers_cannot_give_is_unknown_and_never_a_no(tmp_path: Path) -> None:
    """GeoDep needs exports and three years: a single supplier is not enough to call it met."""
    case = set_up(Asked(sheet(tmp_path, row("laser", "world", "CHN", "100%")), "world")).case()
    assert verdict(published()["geodep_2024"], case).tolist() == [UNKNOWN]
    assert verdict(published()["crma_65"], case).tolist() == [YES]


def test_a_definition_is_not_met_below_its_threshold(tmp_path: Path) -> None:
    case = set_up(Asked(sheet(tmp_path, *LASER), "world")).case()
    assert verdict(published()["crma_65"], case).tolist() == [NO]


def test_figures_that_need_trade_between_others_are_not_offered() -> None:
    assert set(FIGURES) <= set(indicators.INDICATORS)
    assert not {"import_export_ratio", "group_share_low", "clustering", "unit_value_outliers"} & set(FIGURES)


@pytest.mark.parametrize("column", sorted(WORKINGS))
def test_every_figure_is_explained_by_its_rows(tmp_path: Path, column: str) -> None:
    path = sheet(
        tmp_path,
        *LASER,
        row("radar", "world", "USA", "9%"),
    )
    for importer in ("world", "NATO@2022-11-30", "DEU"):
        cell = explain(column, Asked(path, importer, suppliers="CHN + DEU", item="laser"))
        assert cell.agrees, (column, importer, cell.shown, cell.recomputed)


def test_an_explanation_is_exact(tmp_path: Path) -> None:
    cell = explain("herfindahl", Asked(sheet(tmp_path, *LASER), "world", item="laser"))
    assert cell.recomputed == Fraction(38, 100)
    assert [one["share"] for one in cell.rows.records()] == [0.5, 0.3, 0.2]


def test_a_period_must_be_named_where_there_are_several(tmp_path: Path) -> None:
    path = sheet(tmp_path, *LASER, row("laser", "world", "CHN", "60%", period="2023"))
    with pytest.raises(RequestError, match=r"several periods.*2022, 2023"):
        screen(Asked(path, "world"))
    assert screen(Asked(path, "world", period="2023", coverage_floor=0.5)).records()[0]["coverage"] == 0.6


def test_an_importer_of_whom_nothing_is_said_is_told_of_whom_there_is(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"says nothing of FRA: its dependents are DEU"):
        screen(Asked(sheet(tmp_path, row("5G", "DEU", "CHN", "100%")), "FRA"))


shares = st.dictionaries(
    st.sampled_from(["CHN", "DEU", "USA", "KOR"]),
    st.one_of(st.none(), st.integers(0, WHOLE // 4)),
    min_size=1,
)


@given(shares)
def test_shares_and_their_rest_are_exactly_one_whole(known: dict[str, int | None]) -> None:
    parts = with_rest([Part("x", supplier, amount) for supplier, amount in known.items()])
    flows = as_flows(parts, 2022)
    assert int(flows.value_usd.sum()) == WHOLE
    assert set(np.array(flows.countries)[flows.importer]) == {BUYER}


@given(shares)
def test_adding_up_firms_of_a_country_changes_nothing(known: dict[str, int | None]) -> None:
    whole = with_rest([Part("x", supplier, amount) for supplier, amount in known.items()])
    halves = [
        Part(part.item, part.supplier, half)
        for part in whole
        for half in ((part.amount or 0) // 2, (part.amount or 0) - (part.amount or 0) // 2)
    ]
    assert as_flows(halves, 2022).to_arrow().equals(as_flows(whole, 2022).to_arrow())


def test_two_sheets_give_the_countries_that_can_stop_a_chain(tmp_path: Path) -> None:
    path = sheet(tmp_path, *LASER, row("crystal", "world", "JPN", "100%"))
    needs = tmp_path / "needs.csv"
    needs.write_text(f"{','.join(NEEDS)}\nlaser,crystal,,a test,none\n", encoding="utf-8")
    (found,) = stoppers(path, needs, "laser").records()
    assert (found["country"], found["verdict"], found["way"]) == ("JPN", "yes", "crystal > laser")
    halves = stoppers(path, needs, "laser", "50%").column("country")
    assert halves == ["CHN", "JPN"]
    with pytest.raises(RequestError, match="no item 'lasers'"):
        stoppers(path, needs, "lasers")


@pytest.mark.parametrize("domain", [*DOMAINS, "needs"])
def test_the_template_of_each_domain_is_an_empty_sheet_of_the_one_form(domain: str) -> None:
    text = (data.ROOT / "templates" / f"{domain}.csv").read_text(encoding="utf-8")
    assert text == ",".join(NEEDS if domain == "needs" else ROWS) + "\n"


def test_an_empty_template_is_refused_as_empty(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no rows"):
        screen(Asked(sheet(tmp_path), "world"))


def test_the_form_is_what_the_tables_declare() -> None:
    from weaklink import tables

    assert tables.PROVISION.names == tuple(ROWS)
    assert tables.NEEDS.names == tuple(NEEDS)


def test_red_lines_hold_for_items_as_for_goods(tmp_path: Path) -> None:
    """China 50 of 100, at most 40 allowed: a tenth must move. Nobody else is above the line."""
    lines = tmp_path / "lines.toml"
    lines.write_text(
        'title = "t"\n[[line]]\nname = "no half"\nfigure = "group_share"\nsuppliers = "CHN"\nat_most = 0.4\n'
        '[[line]]\nname = "stock"\ndays_of_stock = 90\n',
        encoding="utf-8",
    )
    result = red_lines(lines, Asked(sheet(tmp_path, *LASER), "world"))
    (found,) = result.records()
    assert (found["product"], found["state"], found["value"]) == ("laser", "breached", 0.5)
    assert found["to_move"] == pytest.approx(0.1, abs=1e-12)
    assert any("stock" in caveat for caveat in result.caveats)
