"""The figures of an importer against a slow, obvious implementation, and identities of blocs."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.strategies import flows_tables
from weaklink.flows import UNKNOWN_KG, Flows
from weaklink.trade.dependence import coverage, dependence
from weaklink.trade.supply import Supply, supply

Measure = Literal["value", "quantity"]


def flags(flows: Flows, countries: frozenset[str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return flows.flags(tuple(countries))


def traded(flows: Flows, members: frozenset[str], measure: Measure = "value") -> Supply:
    return supply(flows, flags(flows, members), ~flows.flags(("ZZZ",)), measure)


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
    trade = traded(flows, frozenset(flows.countries))
    assert not trade.imports.value_usd.any()
    assert not trade.exports.value_usd.any()
    figures = dependence(trade, flags(flows, members_of(flows, data)))
    assert np.isnan(figures.herfindahl).all()
    assert (figures.top == -1).all()


@given(flows_tables(), st.data())
def test_figures_stay_within_their_ranges(flows: Flows, data: st.DataObject) -> None:
    trade = traded(flows, members_of(flows, data))
    figures = dependence(trade, flags(flows, members_of(flows, data)))
    for name in (
        "herfindahl",
        "top_share",
        "group_share",
        "external_share",
        "world_export_herfindahl",
        "coverage",
    ):
        array = getattr(figures, name)
        defined = array[~np.isnan(array)]
        assert ((defined >= 0) & (defined <= 1 + 1e-12)).all(), name


@given(flows_tables(), st.data())
def test_the_share_of_all_suppliers_is_one(flows: Flows, data: st.DataObject) -> None:
    trade = traded(flows, members_of(flows, data))
    everyone = np.ones(len(flows.countries), dtype=np.bool_)
    share = dependence(trade, everyone).group_share
    assert share[~np.isnan(share)] == pytest.approx(1, abs=1e-12)


@given(flows_tables(), st.data())
def test_missing_quantities_lower_coverage_and_never_score(flows: Flows, data: st.DataObject) -> None:
    """With every quantity unknown nothing is covered, and no figure by quantity is given."""
    members = members_of(flows, data)
    unknown = Flows(
        flows.products,
        flows.countries,
        flows.year,
        flows.product,
        flows.importer,
        flows.exporter,
        flows.value_usd,
        np.full(len(flows), UNKNOWN_KG, dtype=np.int64),
    )
    trade = traded(unknown, members, "quantity")
    figures = dependence(trade, flags(flows, members))
    bought = trade.imports.value_usd > 0
    assert (coverage(trade.imports)[bought] == 0).all()
    assert np.isnan(figures.herfindahl).all()
    assert np.isnan(figures.group_share).all()


@given(flows_tables(), st.data())
def test_imports_over_exports_has_no_value_without_exports(flows: Flows, data: st.DataObject) -> None:
    trade = traded(flows, members_of(flows, data))
    figures = dependence(trade, flags(flows, frozenset()), floor=0.0)
    for item in range(len(trade.year)):
        ratio, sold = figures.import_export_ratio[item], int(trade.exports.value_usd[item])
        assert math.isnan(ratio) == (sold == 0)


@given(flows_tables(), st.data())
def test_a_higher_floor_never_gives_more_figures(flows: Flows, data: st.DataObject) -> None:
    trade = traded(flows, members_of(flows, data), "quantity")
    group = flags(flows, frozenset())
    low, high = dependence(trade, group, floor=0.3).herfindahl, dependence(trade, group, floor=0.9).herfindahl
    assert not (np.isnan(low) & ~np.isnan(high)).any()
