"""Both directions of dependence: identities of two sides, a case by hand, and a slow, obvious implementation."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.properties.strategies import COUNTRIES, flows_tables
from tests.trade.test_lens import Measure, case_of, plain
from weaklink import tables
from weaklink.flows import UNKNOWN_KG, Flows
from weaklink.trade.reverse import FIGURES, Exchange, as_one_product, exchange, figures

sides = st.frozensets(st.sampled_from([code for code in COUNTRIES if code != "ZZZ"]))
measures = st.sampled_from(["value", "quantity"])


def trade_of(flows: Flows, us: frozenset[str], them: frozenset[str], measure: Measure = "value") -> Exchange:
    return exchange(case_of(flows, us, them, measure))


def trade_by_hand() -> Exchange:
    """Of one product, DEU and FRA (we) buy 30 from RUS; RUS sells 10 to CHN and 20 to AUS; DEU sells 5 to RUS.

    We also buy 20 from USA and 4 from each other. CHN sells 15 to RUS and 50 to USA.
    """
    rows = [
        ("AUS", "RUS", 20),
        ("CHN", "RUS", 10),
        ("DEU", "FRA", 4),
        ("DEU", "RUS", 24),
        ("FRA", "RUS", 6),
        ("FRA", "USA", 20),
        ("RUS", "CHN", 15),
        ("RUS", "DEU", 5),
        ("USA", "CHN", 50),
    ]
    place = {code: index for index, code in enumerate(COUNTRIES)}
    nothing = np.zeros(len(rows), dtype=np.int16)
    flows = Flows(
        products=("271121",),
        countries=COUNTRIES,
        year=nothing + 2021,
        product=nothing,
        importer=np.array([place[importer] for importer, _, _ in rows], dtype=np.int16),
        exporter=np.array([place[exporter] for _, exporter, _ in rows], dtype=np.int16),
        value_usd=np.array([value for _, _, value in rows], dtype=np.int64),
        quantity_kg=np.full(len(rows), UNKNOWN_KG, dtype=np.int64),
    )
    return trade_of(flows, frozenset({"DEU", "FRA"}), frozenset({"RUS"}))


BY_HAND = {
    "group_share": 30 / 50,
    "market_share": 30 / 60,
    "balance": 0.1,
    "mutual_dependence": 0.5,
    "other_importers": 2,  # CHN and AUS
    "customer_herfindahl": (30**2 + 10**2 + 20**2) / 60**2,  # we are one customer
    "absorption": 30 / 80,  # AUS imports 20, CHN 10, USA 50
    "supplied_share": 5 / 20,
    "supply_balance": 0.35,
    "export_share": 1.0,  # we sell to no one else outside
    "coverage": 1.0,
    "market_coverage": 1.0,
}


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_every_figure_of_a_small_trade_is_what_one_finds_by_hand(name: str) -> None:
    assert figures(trade_by_hand())[name][0] == pytest.approx(BY_HAND[name], rel=1e-15)


def test_every_figure_is_a_declared_column() -> None:
    assert FIGURES.keys() <= set(tables.REVERSE.names)


@given(flows_tables(), sides, sides)
def test_what_the_group_sells_to_us_and_to_others_is_all_that_it_exports(
    flows: Flows, us: frozenset[str], them: frozenset[str]
) -> None:
    trade = trade_of(flows, us, them)
    to_others = [0] * len(trade.theirs.year)
    place = {(int(trade.theirs.year[i]), int(trade.theirs.product[i])): i for i in range(len(to_others))}
    for at in range(len(flows)):
        buyer, seller = flows.countries[flows.importer[at]], flows.countries[flows.exporter[at]]
        if seller in them - us and buyer not in us | them:
            to_others[place[int(flows.year[at]), int(flows.product[at])]] += int(flows.value_usd[at])
    assert (trade.bought_usd + to_others == trade.theirs.exports.value_usd).all()


@given(flows_tables(), sides, sides, measures)
def test_seen_from_the_other_side_imports_are_exports_and_shares_change_places(
    flows: Flows, us: frozenset[str], them: frozenset[str], measure: Measure
) -> None:
    them = them - us
    ours, theirs = trade_of(flows, us, them, measure), trade_of(flows, them, us, measure)
    assert (ours.bought_usd == theirs.sold_usd).all()
    assert (ours.sold_usd == theirs.bought_usd).all()
    assert (ours.others_imports_usd == theirs.others_imports_usd).all()
    here, there = figures(ours), figures(theirs)
    for name, other in (("group_share", "supplied_share"), ("market_share", "export_share")):
        np.testing.assert_array_equal(here[name], there[other])
        np.testing.assert_array_equal(here[other], there[name])
    np.testing.assert_array_equal(here["supply_balance"], -there["supply_balance"])


@given(flows_tables(), sides, sides)
def test_every_dollar_imported_is_ours_theirs_or_of_the_others(
    flows: Flows, us: frozenset[str], them: frozenset[str]
) -> None:
    trade = trade_of(flows, us, them)
    ours, theirs = trade.case.supply, trade.theirs
    parts = (ours.imports, ours.internal, theirs.imports, theirs.internal)
    imported = sum(int(side.value_usd.sum()) for side in parts)
    assert imported + int(trade.others_imports_usd.sum()) == int(flows.value_usd.sum())


@given(flows_tables(), sides, sides, measures)
def test_all_products_as_one_are_the_sum_of_the_products(
    flows: Flows, us: frozenset[str], them: frozenset[str], measure: Measure
) -> None:
    flows = flows.in_year(2021)
    each, whole = trade_of(flows, us, them, measure), trade_of(as_one_product(flows), us, them, measure)
    assume(len(flows))
    for one, summed in (
        (each.bought_usd, whole.bought_usd),
        (each.sold_usd, whole.sold_usd),
        (each.others_imports_usd, whole.others_imports_usd),
        (each.theirs.exports.total, whole.theirs.exports.total),
        (each.theirs.imports.value_usd, whole.theirs.imports.value_usd),
        (each.case.supply.imports.usable_usd, whole.case.supply.imports.usable_usd),
    ):
        assert summed.tolist() == [int(one.sum())]


@given(flows_tables(), sides, sides)
def test_a_country_of_both_sides_is_ours(flows: Flows, us: frozenset[str], them: frozenset[str]) -> None:
    both, apart = figures(trade_of(flows, us, them | us)), figures(trade_of(flows, us, them - us))
    for name in FIGURES:
        np.testing.assert_array_equal(both[name], apart[name])


@given(flows_tables(), sides, sides, measures)
def test_figures_agree_with_fractions_over_plain_rows(
    flows: Flows, us: frozenset[str], them: frozenset[str], measure: Measure
) -> None:
    them = them - us
    trade = trade_of(flows, us, them, measure)
    found = figures(replace(trade, case=replace(trade.case, floor=0)))
    for item in range(len(trade.theirs.year)):
        key = (int(trade.theirs.year[item]), flows.products[trade.theirs.product[item]])
        expected = _market_by_rows([row for row in plain(flows) if row["item"] == key], us, them, measure)
        for name, value in expected.items():
            wanted = math.nan if value is None else float(value)
            assert found[name][item] == pytest.approx(wanted, rel=1e-13, nan_ok=True), name


@given(flows_tables(), sides, sides, measures)
def test_below_the_floor_of_coverage_no_figure_of_the_market_is_given(
    flows: Flows, us: frozenset[str], them: frozenset[str], measure: Measure
) -> None:
    found = figures(trade_of(flows, us, them, measure))
    thin = found["market_coverage"] < 0.8
    for name in ("market_share", "customer_herfindahl", "absorption", "balance", "mutual_dependence"):
        assert np.isnan(found[name][thin]).all(), name


def _market_by_rows(
    rows: list[dict[str, object]], us: frozenset[str], them: frozenset[str], measure: Measure
) -> dict[str, Fraction | int | None]:
    """Market share, customers and absorption, added up in dictionaries and fractions."""
    customers: dict[str, int] = {}
    taken_by_others = 0
    for row in rows:
        amount = int(str(row["usd"] if measure == "value" else row["kg"]))
        buyer, seller = str(row["importer"]), str(row["exporter"])
        if measure == "quantity" and row["kg"] == UNKNOWN_KG:
            continue
        if seller in them and buyer not in them and buyer != "ZZZ":
            name = "us" if buyer in us else buyer
            customers[name] = customers.get(name, 0) + amount
        if buyer not in us | them:
            taken_by_others += amount
    whole, ours = sum(customers.values()), customers.get("us", 0)
    return {
        "market_share": Fraction(ours, whole) if whole else None,
        "customer_herfindahl": sum((Fraction(one, whole) ** 2 for one in customers.values()), Fraction())
        if whole
        else None,
        "other_importers": sum(1 for name, one in customers.items() if one and name != "us"),
        "absorption": Fraction(ours, taken_by_others) if taken_by_others else None,
    }


@given(flows_tables(), sides, sides, measures)
def test_shares_and_balances_stay_within_their_range(
    flows: Flows, us: frozenset[str], them: frozenset[str], measure: Measure
) -> None:
    found = figures(trade_of(flows, us, them, measure))
    for name, lowest, highest in (
        ("market_share", 0, 1),
        ("mutual_dependence", 0, 1),
        ("customer_herfindahl", 0, 1),
        ("balance", -1, 1),
        ("supply_balance", -1, 1),
        ("absorption", 0, math.inf),
    ):
        defined = found[name][~np.isnan(found[name])]
        assert ((defined >= lowest) & (defined <= highest + 1e-12)).all(), name
    lower = np.fmin(found["group_share"], found["market_share"])
    defined = ~np.isnan(found["mutual_dependence"])
    assert (found["mutual_dependence"][defined] == lower[defined]).all()


def test_a_group_that_sells_nothing_has_no_market_and_no_balance() -> None:
    trade = trade_by_hand()
    silent = figures(trade_of(trade.case.flows, frozenset({"DEU"}), frozenset({"AUS"})))
    assert silent["group_share"][0] == 0
    for name in ("market_share", "balance", "mutual_dependence", "customer_herfindahl"):
        assert math.isnan(silent[name][0]), name
    assert silent["other_importers"][0] == 0
