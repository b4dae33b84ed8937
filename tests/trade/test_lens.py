"""The figures of an importer against a slow, obvious implementation, and identities of blocs."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.strategies import flows_tables
from weaklink.flows import UNKNOWN_KG, Flows
from weaklink.indicators import INDICATORS
from weaklink.trade.lens import LENS, Case, coverage, figures, largest_supplier
from weaklink.trade.supply import Supply, market, supply

Measure = Literal["value", "quantity"]


def case_of(flows: Flows, members: frozenset[str], group: frozenset[str], measure: Measure = "value") -> Case:
    inside = flows.flags(tuple(members))
    all_trade = market(flows, ~flows.flags(("ZZZ",)), measure)
    return Case(all_trade, supply(all_trade, inside), inside, flows.flags(tuple(group)))


def traded(flows: Flows, members: frozenset[str], measure: Measure = "value") -> Supply:
    return case_of(flows, members, frozenset(), measure).supply


def plain(flows: Flows) -> list[dict[str, object]]:
    """The flows as plain rows, for computations that share nothing with the arrays."""
    return [
        {
            "item": (int(flows.year[at]), flows.products[flows.product[at]]),
            "importer": flows.countries[flows.importer[at]],
            "exporter": flows.countries[flows.exporter[at]],
            "usd": int(flows.value_usd[at]),
            "kg": int(flows.quantity_kg[at]),
        }
        for at in range(len(flows))
    ]


def members_of(flows: Flows, data: st.DataObject) -> frozenset[str]:
    return frozenset(data.draw(st.sets(st.sampled_from(sorted(set(flows.countries) - {"ZZZ"})))))


@given(flows_tables(), st.data(), st.sampled_from(["value", "quantity"]))
def test_imports_by_supplier_equal_a_plain_sum_over_rows(
    flows: Flows, data: st.DataObject, measure: Measure
) -> None:
    members = members_of(flows, data)
    trade = traded(flows, members, measure)
    expected: dict[tuple[object, object], int] = {}
    for row in plain(flows):
        outside = row["importer"] in members and row["exporter"] not in members
        known = measure == "value" or row["kg"] != UNKNOWN_KG
        if outside and known and row["exporter"] != "ZZZ":
            amount = row["usd"] if measure == "value" else row["kg"]
            key = (row["item"], row["exporter"])
            expected[key] = expected.get(key, 0) + int(str(amount))
    found = {
        ((int(trade.year[item]), flows.products[trade.product[item]]), flows.countries[place]): int(amount)
        for (item, place), amount in np.ndenumerate(trade.imports.amount)
        if amount
    }
    assert found == {key: amount for key, amount in expected.items() if amount}


@given(flows_tables(), st.data())
def test_every_dollar_of_world_trade_is_import_internal_or_elsewhere(
    flows: Flows, data: st.DataObject
) -> None:
    """Imports from outside, exports to outside, trade inside and trade of others add up to the world's."""
    members = members_of(flows, data)
    trade = traded(flows, members)
    others = sum(
        int(str(row["usd"]))
        for row in plain(flows)
        if row["importer"] not in members and row["exporter"] not in members
    )
    mine = sum(int(side.value_usd.sum()) for side in (trade.imports, trade.exports, trade.internal))
    assert mine + others == int(flows.value_usd.sum()) == int(trade.world.value_usd.sum())


@given(flows_tables(), st.data())
def test_an_accession_changes_a_blocs_imports_by_exactly_the_newcomers_flows(
    flows: Flows, data: st.DataObject
) -> None:
    """Imports after = imports before + the newcomer's from outside - the old members' from the newcomer."""
    countries = sorted(set(flows.countries) - {"ZZZ"})
    newcomer = data.draw(st.sampled_from(countries))
    before = frozenset(data.draw(st.sets(st.sampled_from(countries)))) - {newcomer}
    after = before | {newcomer}
    own, taken_in = 0, 0
    for row in plain(flows):
        if row["importer"] == newcomer and row["exporter"] not in after:
            own += int(str(row["usd"]))
        if row["importer"] in before and row["exporter"] == newcomer:
            taken_in += int(str(row["usd"]))
    total = [int(traded(flows, bloc).imports.value_usd.sum()) for bloc in (before, after)]
    assert total[1] - total[0] == own - taken_in


@given(flows_tables(), st.data())
def test_a_bloc_of_the_whole_world_imports_and_exports_nothing(flows: Flows, data: st.DataObject) -> None:
    case = case_of(flows, frozenset(flows.countries), members_of(flows, data))
    assert not case.supply.imports.value_usd.any()
    assert not case.supply.exports.value_usd.any()
    assert np.isnan(figures(case, ["herfindahl"])["herfindahl"]).all()
    assert (largest_supplier(case) == -1).all()


@pytest.mark.parametrize("name", sorted(INDICATORS))
@given(flows=flows_tables(), data=st.data(), measure=st.sampled_from(["value", "quantity"]))
def test_every_indicator_stays_within_its_declared_range(
    name: str, flows: Flows, data: st.DataObject, measure: Measure
) -> None:
    column = INDICATORS[name]
    lowest, highest = column.lowest, math.inf if column.highest is None else column.highest
    assert lowest is not None
    case = case_of(flows, members_of(flows, data), members_of(flows, data), measure)
    figure = figures(case, [name])[name]
    assert figure.shape == case.supply.year.shape
    defined = figure[~np.isnan(figure)]
    assert ((defined >= lowest - 1e-12) & (defined <= highest + 1e-12)).all()


def test_every_declared_indicator_is_computed_and_no_other() -> None:
    assert LENS.keys() == INDICATORS.keys()


@given(flows_tables(), st.data())
def test_the_share_of_all_suppliers_is_one(flows: Flows, data: st.DataObject) -> None:
    case = case_of(flows, members_of(flows, data), frozenset(flows.countries))
    share = figures(case, ["group_share"])["group_share"]
    assert share[~np.isnan(share)] == pytest.approx(1, abs=1e-12)


@given(flows_tables(), st.data(), st.sampled_from(["value", "quantity"]))
def test_the_share_of_a_group_lies_between_its_bounds_by_origin(
    flows: Flows, data: st.DataObject, measure: Measure
) -> None:
    case = case_of(flows, members_of(flows, data), members_of(flows, data), measure)
    shown = figures(case, ["group_share_low", "group_share", "group_share_high"])
    low, plain_share, high = shown.values()
    defined = ~np.isnan(plain_share)
    assert (low[defined] <= plain_share[defined] + 1e-12).all()
    assert (plain_share[defined] <= high[defined] + 1e-12).all()


@given(flows_tables(), st.data())
def test_missing_quantities_lower_coverage_and_never_score(flows: Flows, data: st.DataObject) -> None:
    """With every quantity unknown nothing is covered, and no figure by quantity is given."""
    unknown = replace(flows, quantity_kg=np.full(len(flows), UNKNOWN_KG, dtype=np.int64))
    case = case_of(unknown, members_of(flows, data), members_of(flows, data), "quantity")
    bought = case.supply.imports.value_usd > 0
    assert (coverage(case.supply.imports)[bought] == 0).all()
    for name in ("herfindahl", "group_share", "top_share", "import_export_ratio", "external_share"):
        assert np.isnan(figures(case, [name])[name]).all(), name


@given(flows_tables(), st.data())
def test_imports_over_exports_has_no_value_without_exports(flows: Flows, data: st.DataObject) -> None:
    case = replace(case_of(flows, members_of(flows, data), frozenset()), floor=0.0)
    ratios = figures(case, ["import_export_ratio"])["import_export_ratio"]
    assert np.isnan(ratios).tolist() == (case.supply.exports.value_usd == 0).tolist()


@given(flows_tables(), st.data())
def test_a_higher_floor_never_gives_more_figures(flows: Flows, data: st.DataObject) -> None:
    case = case_of(flows, members_of(flows, data), frozenset(), "quantity")
    low, high = (figures(replace(case, floor=floor), ["herfindahl"])["herfindahl"] for floor in (0.3, 0.9))
    assert not (np.isnan(low) & ~np.isnan(high)).any()
