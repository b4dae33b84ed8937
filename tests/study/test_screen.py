"""What does NATO depend on: the screen on embedded data, against plain sums, other files and other ways."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import weaklink
from weaklink import tables
from weaklink.blocs import resolve
from weaklink.cli.main import app
from weaklink.errors import BlocError, CodeError, RequestError
from weaklink.indicators import INDICATORS
from weaklink.report.formats import rendered, to_csv, to_json, to_markdown, to_text
from weaklink.result import Result
from weaklink.study.datasets import embedded_snapshot
from weaklink.study.explain import WORKINGS
from weaklink.trade.lens import COVERAGE_FLOOR

NATO = "NATO@2022-11-30"


@pytest.fixture(scope="module")
def nato() -> Result:
    return weaklink.screen(NATO, 2022)


def flows_of(product: str, year: int) -> list[tuple[str, str, int]]:
    """Importer, exporter, dollars of one product and year, read with PyArrow alone."""
    table = pq.read_table(embedded_snapshot().path, filters=[("product", "=", product), ("year", "=", year)])
    return [(row["importer"], row["exporter"], row["value_usd"]) for row in table.to_pylist()]


def test_the_screen_has_the_columns_that_users_rely_on(nato: Result) -> None:
    promised = (
        "product label imports_usd herfindahl top_supplier top_share group_share import_export_ratio "
        "external_share world_export_herfindahl suppliers coverage"
    )
    assert set(promised.split()) <= set(nato.schema.names)
    assert nato.table.column_names == list(tables.SCREEN.names)


def test_the_screen_of_one_product_equals_sums_by_hand(nato: Result) -> None:
    members = set(resolve(NATO).countries)
    flows = flows_of("270900", 2022)
    bought: dict[str, int] = {}
    for importer, exporter, value in flows:
        if importer in members and exporter not in members:
            bought[exporter] = bought.get(exporter, 0) + value
    row = next(row for row in nato.records() if row["product"] == "270900")
    total = sum(bought.values())
    assert row["imports_usd"] == total
    assert row["suppliers"] == len(bought)
    assert row["top_supplier"] == max(bought, key=lambda code: bought[code])
    assert row["top_share"] == max(bought.values()) / total
    assert row["herfindahl"] == pytest.approx(
        sum((value / total) ** 2 for value in bought.values()), rel=1e-14
    )


def test_rows_are_ordered_by_the_share_of_the_group(nato: Result) -> None:
    shares = [share for share in nato.column("group_share") if share is not None]
    assert shares == sorted(shares, reverse=True)


def test_russia_was_the_largest_supplier_of_pipeline_gas_and_china_of_rare_earth_metals(nato: Result) -> None:
    """Order of magnitude known from Eurostat's energy statistics and USGS Mineral Commodity Summaries."""
    top = {row["product"]: row["top_supplier"] for row in nato.records()}
    assert top["271121"] == "RUS"
    assert top["280530"] == "CHN"


def test_it_is_said_that_customs_data_hide_russian_gas_to_germany(nato: Result) -> None:
    """Eurostat nrg_ti_gas counts 568 TWh of Russian gas to Germany in 2020; BACI has none."""
    said = next(caveat for caveat in nato.caveats if "271121" in caveat and "Germany" in caveat)
    assert "Russia" in said
    assert "too low" in said


def test_members_among_the_supplier_group_are_named(nato: Result) -> None:
    assert any("Hungary, Türkiye belong to the importer" in caveat for caveat in nato.caveats)


def test_accession_of_finland_changes_imports_by_exactly_its_own_flows() -> None:
    """The identity of the bloc, on real data and for every product of 2022."""
    before = {
        row["product"]: row["imports_usd"] for row in weaklink.screen("NATO@2023-04-03", 2022).records()
    }
    after = {row["product"]: row["imports_usd"] for row in weaklink.screen("NATO@2023-04-04", 2022).records()}
    members = set(resolve("NATO@2023-04-03").countries)
    for product in ("271121", "270900", "260300"):
        own = sum(
            value
            for importer, exporter, value in flows_of(product, 2022)
            if importer == "FIN" and exporter not in members
        )
        taken_in = sum(
            value
            for importer, exporter, value in flows_of(product, 2022)
            if importer in members and exporter == "FIN"
        )
        assert after[product] - before[product] == own - taken_in


def test_a_sum_of_countries_is_the_same_importer_as_the_bloc() -> None:
    countries = " + ".join(resolve("G7@2022-12-31").countries)
    by_name, by_sum = weaklink.screen("G7@2022-12-31", 2022), weaklink.screen(countries, 2022)
    assert by_name.table.equals(by_sum.table)


def test_shares_by_quantity_use_kilograms() -> None:
    by_value = weaklink.screen(NATO, 2022, product="271121").records()[0]
    by_quantity = weaklink.screen(NATO, 2022, product="271121", by="quantity").records()[0]
    assert by_quantity["top_share"] != by_value["top_share"]
    assert by_quantity["imports_kg"] == by_value["imports_kg"]


def test_a_bloc_without_a_date_follows_the_year_and_says_so() -> None:
    answer = weaklink.screen("NATO", 2019, product="271121")
    assert any("NATO@2019-12-31" in caveat for caveat in answer.caveats)
    assert len(answer.provenance.blocs["NATO@2019-12-31"]) == 29


def test_the_same_question_gives_the_same_digest_again(nato: Result) -> None:
    assert weaklink.screen(NATO, 2022).digest == nato.digest


def test_provenance_names_the_data_the_question_and_the_countries(nato: Result) -> None:
    said = json.loads(to_json(nato))["provenance"]
    assert said["data"][0]["sha256"] == embedded_snapshot().card.sha256
    assert said["parameters"]["importer"] == NATO
    assert said["parameters"]["coverage_floor"] == "0.8"
    assert len(said["blocs"][NATO]) == 30
    assert said["rows_sha256"] == nato.digest


def test_every_format_carries_the_same_numbers(nato: Result, tmp_path: Path) -> None:
    rows = nato.records()
    assert json.loads(to_json(nato))["rows"] == rows
    (tmp_path / "rows.parquet").write_bytes(rendered(nato, "parquet"))
    assert pq.read_table(tmp_path / "rows.parquet").to_pylist() == rows
    written = list(csv.DictReader(io.StringIO(to_csv(nato))))
    assert [row["imports_usd"] for row in written] == [str(row["imports_usd"]) for row in rows]
    assert [float(row["group_share"]) for row in written if row["group_share"]] == [
        row["group_share"] for row in rows if row["group_share"] is not None
    ]
    assert to_markdown(nato).count("\n| ") == 1 + len(rows)  # the rule below the header, then the rows
    text = to_text(nato)
    assert all(row["product"] in text for row in rows)


def test_json_of_the_command_line_equals_python(nato: Result) -> None:
    command = [
        sys.executable,
        "-m",
        "weaklink",
        "screen",
        "--importer",
        NATO,
        "--year",
        "2022",
        "--format",
        "json",
    ]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    said = json.loads(printed)
    assert set(said) == {"rows", "caveats", "provenance"}
    assert said["rows"] == nato.records()


def test_a_year_without_data_is_refused_with_the_years_there_are() -> None:
    with pytest.raises(RequestError, match="has no year 2025; it has 1995 to 2024"):
        weaklink.screen(NATO, 2025)


def test_a_product_that_nobody_traded_in_the_year_is_refused() -> None:
    with pytest.raises(RequestError, match="nobody traded 250390 in 2022"):
        weaklink.screen(NATO, 2022, product="250390")


def test_a_five_digit_product_is_refused_as_a_lost_leading_zero() -> None:
    with pytest.raises(CodeError, match="leading zero"):
        weaklink.screen(NATO, 2022, product="25049")


def test_a_wrong_bloc_is_pointed_at() -> None:
    with pytest.raises(BlocError, match=r"NATOO@2022\n  \^"):
        weaklink.screen("NATOO@2022", 2022)


def test_a_wrong_measure_and_a_wrong_floor_are_refused() -> None:
    with pytest.raises(RequestError, match="value or quantity"):
        weaklink.screen(NATO, 2022, by="volume")  # type: ignore[arg-type]
    with pytest.raises(RequestError, match="between 0 and 1"):
        weaklink.screen(NATO, 2022, coverage_floor=80)


def test_history_has_every_year_and_agrees_with_the_screen(nato: Result) -> None:
    past = weaklink.history(NATO, 2022, product="271121,280530", suppliers="authoritarian@2022").records()
    assert {row["year"] for row in past} == set(range(1995, 2025))
    screened = {row["product"]: row for row in nato.records()}
    for row in past:
        if row["year"] == 2022:
            assert row["group_share"] == screened[row["product"]]["group_share"]
            assert row["herfindahl"] == screened[row["product"]]["herfindahl"]


def test_history_leaves_out_years_in_which_the_bloc_did_not_exist() -> None:
    answer = weaklink.history("EURO", 2022, product="271121")
    assert min(answer.column("year")) == 1999
    assert any(caveat.startswith("1998 is left out") for caveat in answer.caveats)


def test_suppliers_add_up_to_the_screen(nato: Result) -> None:
    rows = weaklink.suppliers(NATO, 2022).records()
    for row in nato.records():
        mine = [one for one in rows if one["product"] == row["product"]]
        assert sum(one["value_usd"] for one in mine) == row["imports_usd"]
        assert sum(one["value_usd"] for one in mine if one["in_group"] == "yes") == row["group_imports_usd"]


cells = st.tuples(
    st.sampled_from(sorted(WORKINGS)),
    st.sampled_from([NATO, "EU@2024-12-31", "DEU", "JPN + KOR", "CHN", "NATO"]),
    st.integers(1995, 2024),
    st.sampled_from(embedded_snapshot().flows([2022]).products),
    st.sampled_from(["value", "quantity"]),
)


@settings(deadline=None)
@given(cells)
def test_explain_recomputes_random_cells_exactly(
    cell: tuple[str, str, int, str, Literal["value", "quantity"]],
) -> None:
    """The rows, added up in whole numbers and fractions, give what the arrays gave."""
    column, importer, year, product, by = cell
    try:
        explained = weaklink.explain(column, importer, year, product=product, by=by)
    except RequestError as error:
        assert "nobody traded" in str(error) or "has no flows in" in str(error)  # noqa: PT017 - either way it is told
        return
    assert explained.agrees, (cell, explained.shown, explained.recomputed)
    assert all(row["vintage"] and row["licence"] for row in explained.rows.records())


def test_explain_refuses_a_column_that_is_not_computed() -> None:
    with pytest.raises(RequestError, match="not a computed column"):
        weaklink.explain("label", NATO, 2022, product="271121")


def test_explain_wants_one_product() -> None:
    with pytest.raises(RequestError, match="give one six-digit code"):
        weaklink.explain("herfindahl", NATO, 2022, product="2711")


def test_every_figure_of_the_screen_and_every_indicator_but_one_can_be_explained() -> None:
    """Price outliers rest on logarithms and medians of the whole world: no exact second way is given."""
    figures = set(tables.SCREEN.names) - {"product", "label"} | INDICATORS.keys()
    assert figures - {"unit_value_outliers"} == WORKINGS.keys()


def test_the_floor_of_the_command_line_is_that_of_the_lens() -> None:
    stated = {option.name: option.default for option in app.commands["screen"].params}
    assert stated["coverage_floor"] == COVERAGE_FLOOR
