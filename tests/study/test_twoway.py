"""Both directions, shared weak points and substitutes on embedded data: against plain sums and against DuckDB."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import weaklink
from weaklink import tables
from weaklink.blocs import resolve
from weaklink.cli.twoway import COMMANDS
from weaklink.columns import TableSchema
from weaklink.errors import RequestError
from weaklink.result import Result
from weaklink.study.common import AT_LEAST, common
from weaklink.study.datasets import embedded_snapshot
from weaklink.study.reverse import reverse
from weaklink.study.substitutes import substitutes

NATO, GROUP, PARTNERS = "NATO@2022-11-30", "authoritarian@2022", "NATO:partner@2022-11-30"
US = set(resolve(NATO).countries)
THEM = set(resolve(GROUP).countries) - US
OTHERS = set(resolve(PARTNERS).countries) - US - THEM


@pytest.fixture(scope="module")
def flows() -> list[dict[str, Any]]:
    """All flows of 2022 as plain rows, read with PyArrow alone."""
    rows: list[dict[str, Any]] = pq.read_table(
        embedded_snapshot().path, filters=[("year", "=", 2022)]
    ).to_pylist()
    return rows


@pytest.fixture(scope="module")
def both() -> Result:
    return reverse(NATO, 2022, suppliers=GROUP)


def test_every_row_of_reverse_equals_sums_over_plain_rows(both: Result, flows: list[dict[str, Any]]) -> None:
    bought: Counter[str] = Counter()
    sold: Counter[str] = Counter()
    market: Counter[str] = Counter()
    others: Counter[str] = Counter()
    imports: Counter[str] = Counter()
    for flow in flows:
        for code in (flow["product"], "all"):
            buyer, seller, value = flow["importer"], flow["exporter"], flow["value_usd"]
            bought[code] += value * (buyer in US and seller in THEM)
            imports[code] += value * (buyer in US and seller not in US)
            sold[code] += value * (buyer in THEM and seller in US)
            market[code] += value * (seller in THEM and buyer not in THEM)
            others[code] += value * (buyer not in US | THEM)
    for row in both.records():
        code = row["product"]
        assert row["group_imports_usd"] == bought[code]
        assert row["exports_to_group_usd"] == sold[code]
        assert row["trade_balance_usd"] == sold[code] - bought[code]
        assert row["group_exports_usd"] == market[code]
        assert row["others_imports_usd"] == others[code]
        assert row["imports_usd"] == imports[code]
        assert row["absorption"] == pytest.approx(float(Fraction(bought[code], others[code])), rel=1e-14)
        if market[code]:
            share = Fraction(bought[code], market[code])  # no buyer of 2022 is unidentified
            assert row["market_share"] == pytest.approx(float(share), rel=1e-14)
            assert row["balance"] == row["group_share"] - row["market_share"]
            assert row["mutual_dependence"] == min(row["group_share"], row["market_share"])


def test_group_share_and_imports_are_those_of_the_screen(both: Result) -> None:
    screened = {row["product"]: row for row in weaklink.screen(NATO, 2022, suppliers=GROUP).records()}
    rows = both.records()
    assert [row["product"] for row in rows] == [*screened, "all"]
    for row in rows[:-1]:
        for column in ("imports_usd", "exports_usd", "group_imports_usd", "group_share", "coverage"):
            assert row[column] == screened[row["product"]][column], (row["product"], column)


def test_the_last_row_is_the_exact_sum_of_the_others(both: Result) -> None:
    *products, whole = both.records()
    for column in both.schema.columns:
        if "dollars" in column.unit:
            assert whole[column.name] == sum(row[column.name] for row in products), column.name
    assert whole["group_share"] == pytest.approx(whole["group_imports_usd"] / whole["imports_usd"], rel=1e-14)


def test_two_blocs_see_the_same_trade_from_both_sides() -> None:
    here = {row["product"]: row for row in reverse("EU@2022-12-31", 2022, suppliers="RUS + CHN").records()}
    there = {row["product"]: row for row in reverse("RUS + CHN", 2022, suppliers="EU@2022-12-31").records()}
    assert here.keys() == there.keys()
    for product, row in here.items():
        other = there[product]
        assert row["group_imports_usd"] == other["exports_to_group_usd"]
        assert row["trade_balance_usd"] == -other["trade_balance_usd"]
        assert row["imports_usd"] == other["group_total_imports_usd"]
        assert row["exports_usd"] == other["group_exports_usd"]
        assert row["group_share"] == other["supplied_share"]
        assert row["market_share"] == other["export_share"]


def test_members_of_both_sides_count_as_importers_and_are_named(both: Result) -> None:
    assert reverse(NATO, 2022, suppliers=f"{GROUP} - HUN - TUR").column("market_share") == both.column(
        "market_share"
    )
    assert any("Hungary, Türkiye belong to the importer" in caveat for caveat in both.caveats)


def test_where_the_group_sells_nothing_the_market_figures_are_empty_and_the_sums_zero() -> None:
    row = reverse(NATO, 2022, product="270220", suppliers="RUS").records()[0]
    assert row["group_imports_usd"] == row["group_exports_usd"] == row["other_importers"] == 0
    assert row["group_share"] == row["absorption"] == 0
    for column in ("market_share", "balance", "mutual_dependence", "customer_herfindahl", "market_coverage"):
        assert row[column] is None, column


def test_russia_leaned_more_on_the_gas_market_of_its_buyers_than_they_on_its_gas() -> None:
    """European Commission, 8 March 2022: Russia gave about 45 % of the EU's gas imports in 2021.

    U.S. Energy Information Administration, 2022 (recalled): about three quarters of its gas exports went to
    OECD Europe. NATO is neither, and customs data lack much of the trade, so only the order is claimed.
    """
    whole = reverse(NATO, 2021, product="2711", suppliers="RUS").records()[-1]
    assert 0.35 < whole["group_share"] < 0.55
    assert 0.65 < whole["market_share"] < 0.85
    assert whole["balance"] < 0


def test_shared_weak_points_agree_with_duckdb() -> None:
    duckdb = pytest.importorskip("duckdb")
    answer = common(NATO, 2022, suppliers=GROUP)
    members = ", ".join(f"'{code}'" for code in sorted(US))
    rows = duckdb.sql(f"""
        with bought as (
            select product, importer, exporter, value_usd,
                sum(value_usd) over (partition by product, importer) as whole,
                row_number() over (partition by product, importer order by value_usd desc, exporter) as rank
            from read_parquet('{embedded_snapshot().path}')
            where year = 2022 and importer in ({members})
        )
        select product, exporter, count(*), sum(value_usd), sum(whole)
        from bought
        where rank = 1 and value_usd >= 0.5 * whole and exporter not in ({members})
        group by product, exporter having count(*) >= 2
    """).fetchall()  # noqa: S608 - codes of our own table; no exporter of 2022 is unidentified
    expected = {(row[0], row[1]): (row[2], int(row[3]), float(row[3] / row[4])) for row in rows}
    found = {
        (row["product"], row["supplier"]): (row["members"], row["joint_imports_usd"], row["joint_share"])
        for row in answer.records()
    }
    assert found.keys() == expected.keys()
    for key, (count, imports, share) in found.items():
        assert (count, imports) == expected[key][:2]
        assert share == pytest.approx(expected[key][2], rel=1e-12)
    assert all(len(row["member_codes"].split(", ")) == row["members"] for row in answer.records())
    assert all(row["least_share"] >= AT_LEAST for row in answer.records())


def test_a_higher_share_never_adds_a_member_to_a_shared_weak_point() -> None:
    half = {(row["product"], row["supplier"]): row["members"] for row in common(NATO, 2022).records()}
    most = {(row["product"], row["supplier"]): row["members"] for row in common(NATO, 2022, 0.9).records()}
    assert most.keys() <= half.keys()
    assert all(count <= half[key] for key, count in most.items())


def test_a_weak_point_of_one_country_is_not_common() -> None:
    with pytest.raises(RequestError, match="DEU is one country"):
        common("DEU", 2022)


@pytest.mark.parametrize("share", [0, -0.1, 1.01, float("nan")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(RequestError, match="--at-least is"):
        common(NATO, 2022, share)
    with pytest.raises(RequestError, match="--at-least is"):
        substitutes(NATO, 2022, at_least=share)


def test_every_row_of_substitutes_equals_sums_over_plain_rows(flows: list[dict[str, Any]]) -> None:
    rows = substitutes(NATO, 2022, PARTNERS, suppliers=GROUP).records()
    sold: Counter[tuple[str, str, bool]] = Counter()
    own: Counter[tuple[str, str]] = Counter()
    from_group: Counter[tuple[str, str]] = Counter()
    for flow in flows:
        code, buyer, seller, value = flow["product"], flow["importer"], flow["exporter"], flow["value_usd"]
        sold[code, seller, buyer in US] += value
        own[code, buyer] += value
        from_group[code, buyer] += value * (seller in THEM)
    for row in rows:
        code = row["product"]
        lacks = {one for one in US if own[code, one] and from_group[code, one] >= 0.5 * own[code, one]}
        assert set(filter(None, row["lacking_codes"].split(", "))) == lacks
        assert row["lacking"] == len(lacks)
        assert row["group_imports_usd"] == sum(from_group[code, one] for one in US)
        for role, countries in (("member", US), ("partner", OTHERS)):
            exported = {one: sold[code, one, False] for one in countries}
            assert row[f"{role}_exports_usd"] == sum(exported.values())
            assert row[f"{role}_exporters"] == sum(1 for value in exported.values() if value)
            assert row[f"{role}_to_members_usd"] == sum(sold[code, one, True] for one in countries)
        if row["group_imports_usd"]:
            spare = row["member_exports_usd"] + row["partner_exports_usd"]
            assert row["cover"] == pytest.approx(spare / row["group_imports_usd"], rel=1e-14)
            assert row["cover_low"] <= row["cover"]
        else:
            assert row["cover"] is None


def test_a_partner_in_the_supplier_group_or_in_the_bloc_is_told_and_not_counted() -> None:
    answer = substitutes(NATO, 2022, "UKR + NOR + JPN", product="271121", suppliers=GROUP)
    assert "Not counted as partners, being in the supplier group: Ukraine." in answer.caveats
    assert any("members of the bloc and count as such: Norway" in caveat for caveat in answer.caveats)
    assert answer.table.equals(substitutes(NATO, 2022, "JPN", product="271121", suppliers=GROUP).table)


def test_partners_and_the_share_asked_are_in_the_provenance() -> None:
    answer = substitutes(NATO, 2022, PARTNERS, at_least=0.4, product="271121")
    assert answer.provenance.parameters["partners"] == PARTNERS
    assert answer.provenance.parameters["at_least"] == "0.4"
    assert set(answer.provenance.blocs[PARTNERS]) >= OTHERS


def test_by_quantity_spare_kilograms_are_set_against_kilograms() -> None:
    row = substitutes(NATO, 2022, product="271121", suppliers=GROUP, by="quantity").records()[0]
    screened = weaklink.screen(NATO, 2022, product="271121", suppliers=GROUP, by="quantity").records()[0]
    needed = screened["group_share"] * screened["imports_kg"]
    assert row["member_cover"] == pytest.approx(row["member_exports_kg"] / needed, rel=1e-9)
    assert row["group_share"] == screened["group_share"]


@pytest.mark.parametrize(
    ("name", "schema"),
    [("reverse", tables.REVERSE), ("common", tables.COMMON), ("substitutes", tables.SUBSTITUTES)],
)
def test_the_commands_print_what_python_gives(name: str, schema: TableSchema, tmp_path: Path) -> None:
    command = next(one for one in COMMANDS if one.name == name)
    output = tmp_path / "rows.json"
    words = ["--importer", NATO, "--year", "2022", "--suppliers", GROUP, "--product", "2711"]
    done = CliRunner().invoke(command, [*words, "--format", "json", "--output", str(output)])
    assert done.exit_code == 0, done.output
    answer = {"reverse": reverse, "common": common, "substitutes": substitutes}[name]
    expected: Result = answer(NATO, 2022, suppliers=GROUP, product="2711")
    assert json.loads(output.read_text(encoding="utf-8"))["rows"] == expected.records()
    assert expected.schema == schema


def test_the_share_of_the_command_line_is_that_of_the_study() -> None:
    for command in (one for one in COMMANDS if one.name in {"common", "substitutes"}):
        assert {one.name: one.default for one in command.params}["at_least"] == AT_LEAST
