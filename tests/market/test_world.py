"""From tables to baselines: balance, and what is done with cells that no equilibrium can have."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from tests.inputoutput.published import wiod
from tests.inputoutput.strategies import tables
from weaklink.inputoutput.accounts import Accounts, Limits
from weaklink.inputoutput.textbook import two_regions
from weaklink.market.bound import NoEquilibriumError
from weaklink.market.caliendo_parro import counterfactual, trading, without_deficits
from weaklink.market.exact import equilibrium
from weaklink.market.national import Nests, lost_imports, national_economy
from weaklink.market.second_order import first_order
from weaklink.market.welfare import domestic_change, welfare_with_sectors
from weaklink.market.world import world
from weaklink.study.iotables import embedded_table


@given(tables(least_regions=2))
@settings(max_examples=25)
def test_output_income_and_deficits_are_those_of_the_table(table: Accounts) -> None:
    made, repairs = world(table)
    scale = table.x.sum()
    assert repairs.negative_cells == 0
    by_region = np.bincount(table.region, table.value_added, len(table.regions))
    assert made.output.sum() == pytest.approx(scale, rel=1e-9)
    assert made.income == pytest.approx(by_region, abs=1e-9 * scale)
    assert made.deficit == pytest.approx(table.Y.sum(axis=0) - by_region, abs=1e-9 * scale)
    assert made.deficit.sum() == pytest.approx(0, abs=1e-9 * scale)


@given(tables(least_regions=2))
@settings(max_examples=25)
def test_domar_weights_of_a_national_economy_are_output_over_expenditure(table: Accounts) -> None:
    made, _ = world(table)
    for place, region in enumerate(made.regions):
        spent = made.final[place].sum()
        if spent > 1e-9 * made.final.sum():
            economy = national_economy(made, region, Nests(0.9, 0.05, 1.76))
            count = len(made.sectors)
            sold = np.where(made.output[place] > 0, economy.sales[1 : 1 + count] * spent, 0.0)
            assert sold == pytest.approx(made.output[place], rel=1e-6, abs=1e-9 * spent)


def test_a_negative_flow_is_taken_for_zero_and_counted() -> None:
    """Stocks of 100 run down: AAA's final demand for its own product is 300, and -50 abroad."""
    table = two_regions()
    Y = np.array([[400.0, -50.0], [700.0, 1000.0]])
    made, repairs = world(replace(table, Y=Y))
    assert (repairs.negative, repairs.negative_cells) == (-50.0, 1)
    assert made.output.ravel().tolist() == [1050.0, 2000.0]
    assert made.value_added.ravel().tolist() == [700.0, 1400.0]
    (said,) = repairs.caveats("a table")
    assert said == (
        "a table: 1 negative flows, 1.64% of output together, are taken for zero; their sellers' output and value "
        "added are larger by them."
    )


def test_inputs_beyond_output_become_final_demand_and_are_counted() -> None:
    """The first industry uses 1200 to make 1000."""
    table = two_regions()
    Z = np.array([[300.0, 500.0], [900.0, 100.0]])
    Y = np.array([[150.0, 50.0], [0.0, 1000.0]])
    odd = replace(table, Z=Z, Y=Y, value_added=np.array([-200.0, 1400.0]), limits=Limits(column_sum=1.5))
    made, repairs = world(odd)
    assert repairs.excess_industries == 1
    assert repairs.excess_inputs == pytest.approx(200.0)
    assert made.output.ravel().tolist() == pytest.approx([1000.0, 2000.0])
    assert made.value_added.ravel().tolist() == pytest.approx([0.0, 1400.0], abs=1e-9)
    assert made.final.ravel().tolist() == pytest.approx([350.0, 1050.0])


def test_wiod_with_negative_cells_and_idle_industries_has_equilibria_to_the_bound() -> None:
    """41 × 35 in 2008: inventories run down, industries without output, rounded to a million."""
    table = wiod(2008)
    made, repairs = world(table)
    assert repairs.negative_cells == table.checks.negative_final_demand + table.checks.negative_flows > 0
    assert table.checks.zero_output > 0
    assert -repairs.negative / repairs.output < 0.005
    base = without_deficits(trading(made), 5.0)
    found = counterfactual(base, 5.0, 1.1 - 0.1 * np.eye(len(made.regions)))
    assert found.residual <= 1e-10
    assert np.all(found.welfare < 1)
    by_formula = welfare_with_sectors(base, domestic_change(base, found), np.full(len(made.sectors), 5.0))
    known = np.isfinite(by_formula)
    assert known.sum() > 20
    assert by_formula[known] == pytest.approx(found.welfare[known], rel=1e-9)


@pytest.mark.parametrize("region", ["DEU", "LUX", "ROW"])
def test_national_economies_can_lose_a_fifth_of_their_imports(region: str) -> None:
    """Luxembourg imports more than it spends: it can only if what it exports of that falls too."""
    made, _ = world(embedded_table().accounts())
    economy, cut = national_economy(made, region, Nests(0.9, 0.05, 1.76)), np.full(len(made.sectors), 0.2)
    follow = equilibrium(economy, lost_imports(economy, cut, 1.0))
    assert follow.residual <= 1e-10
    assert -0.2 < float(follow.expenditure) < 0
    if region == "LUX":
        with pytest.raises(NoEquilibriumError):
            equilibrium(economy, lost_imports(economy, cut))
    else:
        assert equilibrium(economy, lost_imports(economy, cut)).expenditure < follow.expenditure


def test_imports_embodied_in_final_use_are_what_trade_in_value_added_says() -> None:
    """With exports that follow, the first-order weight of imports is foreign content of final use over GNE."""
    made, _ = world(embedded_table().accounts())
    place, count = made.regions.index("DEU"), len(made.sectors)
    economy = national_economy(made, "DEU", Nests(0.9, 0.05, 1.76))
    weight = -float(first_order(economy, lost_imports(economy, np.full(count, 1e-6), 1.0))) / 1e-6
    own, bought = made.trade[:, place, place], made.trade[:, :, place].sum(axis=1)
    domestic = np.diag(own / bought)
    A = made.inputs[place] / made.output[place]
    value_added = (made.value_added[place] / made.output[place]) @ np.linalg.solve(
        np.eye(count) - domestic @ A, domestic @ made.final[place]
    )
    assert weight == pytest.approx(1 - value_added / made.final[place].sum(), abs=1e-6)
