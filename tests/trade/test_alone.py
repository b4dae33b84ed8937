"""Each importer by itself: against the lens, which takes one importer at a time."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.strategies import COUNTRIES, flows_tables
from tests.trade.test_lens import Measure, case_of
from weaklink.flows import Flows
from weaklink.trade.alone import Alone, each_alone
from weaklink.trade.lens import COVERAGE_FLOOR, figures, largest_supplier

sides = st.frozensets(st.sampled_from([code for code in COUNTRIES if code != "ZZZ"]))
measures = st.sampled_from(["value", "quantity"])


def alone_in(flows: Flows, members: frozenset[str], group: frozenset[str], measure: Measure) -> Alone:
    return each_alone(
        flows,
        flows.flags(tuple(members)),
        flows.flags(tuple(group)),
        ~flows.flags(("ZZZ",)),
        measure,
        COVERAGE_FLOOR,
    )


@given(flows_tables(least=0), sides, sides, measures)
def test_each_importer_has_the_figures_that_the_lens_gives_it_as_a_bloc_of_one(
    flows: Flows, members: frozenset[str], group: frozenset[str], measure: Measure
) -> None:
    alone = alone_in(flows, members, group, measure)
    for code in members:
        case = case_of(flows, frozenset({code}), group, measure)
        one = figures(case, ["top_share", "group_share"])
        mine = np.flatnonzero(alone.importer == COUNTRIES.index(code))
        bought = np.flatnonzero(case.supply.imports.value_usd)
        assert alone.item[mine].tolist() == bought.tolist()
        np.testing.assert_array_equal(alone.imports_usd[mine], case.supply.imports.value_usd[bought])
        np.testing.assert_array_equal(alone.supplier[mine], largest_supplier(case)[bought])
        np.testing.assert_array_equal(alone.share[mine], one["top_share"][bought])
        np.testing.assert_array_equal(alone.group_share[mine], one["group_share"][bought])


@given(flows_tables(), sides, measures)
def test_what_all_importers_buy_by_themselves_is_what_the_world_sells_them(
    flows: Flows, members: frozenset[str], measure: Measure
) -> None:
    alone = alone_in(flows, members, frozenset(), measure)
    bought = flows.value_usd[flows.flags(tuple(members))[flows.importer]]
    assert int(alone.imports_usd.sum()) == int(bought.sum())
    assert (alone.supplier_usd <= alone.imports_usd).all()
