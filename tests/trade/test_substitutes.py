"""Who else sells it: sums against plain rows, and bounds on what is only passed on."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.strategies import COUNTRIES, flows_tables
from tests.trade.test_lens import Measure, plain, traded
from weaklink.flows import UNKNOWN_KG, Flows
from weaklink.trade.substitutes import Sales, cover, cover_low, joint, known, sales

sides = st.frozensets(st.sampled_from([code for code in COUNTRIES if code != "ZZZ"]))
measures = st.sampled_from(["value", "quantity"])


def sold_in(flows: Flows, members: frozenset[str], measure: Measure) -> Sales:
    return sales(flows, flows.flags(tuple(members)), measure)


@given(flows_tables(least=0), sides, measures)
def test_sales_equal_plain_sums_over_rows(flows: Flows, members: frozenset[str], measure: Measure) -> None:
    sold = sold_in(flows, members, measure)
    items = sorted({row["item"] for row in plain(flows)}, key=str)
    expected: dict[str, Counter[tuple[object, object]]] = {"outside": Counter(), "inside": Counter()}
    exports: Counter[tuple[object, object]] = Counter()
    imports: Counter[tuple[object, object]] = Counter()
    for row in plain(flows):
        amount = int(str(row["usd"] if measure == "value" else row["kg"]))
        amount = 0 if measure == "quantity" and row["kg"] == UNKNOWN_KG else amount
        side = expected["inside" if row["importer"] in members else "outside"]
        side[row["item"], row["exporter"]] += amount
        exports[row["item"], row["exporter"]] += amount
        imports[row["item"], row["importer"]] += amount
    for at, item in enumerate(items):
        for place, code in enumerate(COUNTRIES):
            key = (item, code)
            assert sold.outside[at, place] == expected["outside"][key]
            assert sold.inside[at, place] == expected["inside"][key]
            own = min(expected["outside"][key], max(0, exports[key] - imports[key]))
            assert sold.own[at, place] == own


@given(flows_tables(), sides)
def test_what_members_sell_is_what_the_supply_of_the_bloc_calls_exports_and_internal_trade(
    flows: Flows, members: frozenset[str]
) -> None:
    together = joint(sold_in(flows, members, "value"), flows.flags(tuple(members)))
    trade = traded(flows, members)
    np.testing.assert_array_equal(together.outside, trade.exports.value_usd)
    np.testing.assert_array_equal(together.inside, trade.internal.value_usd)


@given(flows_tables(), sides, measures)
def test_cover_is_never_below_what_cannot_be_passed_on(
    flows: Flows, members: frozenset[str], measure: Measure
) -> None:
    sold = sold_in(flows, members, measure)
    needed = np.arange(len(sold.outside))[:, None]  # nothing is needed of the first item
    high, low = cover(sold, needed, 0.8), cover_low(sold, needed, 0.8)
    assert np.isnan(high[0]).all()
    assert (np.isnan(high) == np.isnan(low)).all()
    assert np.isnan(high[~known(sold, 0.8)]).all()
    assert (low[~np.isnan(low)] <= high[~np.isnan(high)]).all()
