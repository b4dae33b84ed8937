"""Adding regions and sectors up: totals stay, and the world is one region without trade."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.inputoutput.published import icio_2020
from tests.inputoutput.strategies import tables
from weaklink.inputoutput.accounts import Accounts
from weaklink.inputoutput.aggregation import aggregated
from weaklink.inputoutput.reliance import reliance
from weaklink.inputoutput.trade_in_value_added import trade_in_value_added


@given(tables(least_regions=2), st.data())
def test_totals_stay_whatever_is_added_up(table: Accounts, data: st.DataObject) -> None:
    new = st.sampled_from(["left", "right"])
    coarse = aggregated(
        table,
        regions={code: data.draw(new) for code in table.regions},
        sectors={sector: data.draw(new) for sector in table.sectors[1:]},
    )
    for name in ("Z", "Y", "x", "value_added"):
        assert getattr(coarse, name).sum() == pytest.approx(getattr(table, name).sum(), rel=1e-12)
    assert np.abs(coarse.checks.row_residual).max() <= 1e-10 * table.x.max()


@given(tables())
def test_adding_the_regions_gives_the_world_which_trades_with_nobody(table: Accounts) -> None:
    world = aggregated(table, regions=dict.fromkeys(table.regions, "WLD"))
    assert world.regions == ("WLD",)
    assert world.Y.sum() == pytest.approx(world.value_added.sum(), rel=1e-9)
    assert trade_in_value_added(world, [("WLD",)]).exports[0] == 0


@given(tables(least_regions=2))
def test_exports_of_a_bloc_are_those_of_the_aggregated_region(table: Accounts) -> None:
    """Gross flows of a bloc do not depend on when its members are added up; what is looked through does."""
    bloc = table.regions[:2]
    coarse = aggregated(table, regions=dict.fromkeys(bloc, "BLOC"))
    fine = trade_in_value_added(table, [bloc]).exports[0]
    assert trade_in_value_added(coarse, [("BLOC",)]).exports[0] == pytest.approx(fine, rel=1e-9, abs=1e-9)


def test_looking_through_an_aggregated_table_is_not_the_same() -> None:
    """On ICIO 2020 the difference of adding sectors up first is small but real: the order is a choice to state."""
    table = icio_2020()
    coarse = aggregated(table, sectors=dict.fromkeys(table.sectors, "all"))
    germany = table.flags(["DEU"])
    fine = reliance(table, [("CHN",)]).look_through[0][germany] @ (table.x[germany] / table.x[germany].sum())
    rough = reliance(coarse, [("CHN",)]).look_through[0][coarse.flags(["DEU"])][0]
    assert rough == pytest.approx(fine, rel=0.5)
    assert rough != pytest.approx(fine, rel=1e-3)
