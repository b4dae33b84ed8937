"""What is done with odd cells of a table before it can be dealt out, and that it is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from weaklink.disruption.economy import DAYS_OF_YEAR, economy
from weaklink.disruption.model import Parameters, Setting
from weaklink.disruption.shock import CapitalLoss, Course, Shock
from weaklink.disruption.simulate import simulate
from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Accounts
from weaklink.inputoutput.textbook import one_region, two_regions


def still(table: Accounts) -> float:
    """By how much a year without a shock moves output."""
    return float(np.abs(simulate(economy(table), Shock(), 30).world_ratio - 1).max())


def test_negative_final_demand_is_taken_off_the_other_buyers_of_the_same_row() -> None:
    table = two_regions()
    odd = replace(table, Y=np.array([[400.0, -50], [700, 1000]]))
    made = economy(odd)
    assert (DAYS_OF_YEAR * made.final).round(9).tolist() == [[350, 0], [700, 1000]]
    assert (DAYS_OF_YEAR * made.output).round(9).tolist() == [1000, 2000]
    assert len(made.notes) == 1
    assert "negative cells of 0.017 of all output" in made.notes[0]
    assert still(odd) <= 1e-12


def test_negative_flows_between_industries_are_taken_as_none() -> None:
    table = two_regions()
    odd = replace(
        table,
        Z=np.array([[150.0, 500], [-5, 100]]),
        Y=table.Y + np.array([[0, 0], [0, 205]]),
        value_added=np.array([855.0, 1400]),
    )
    made = economy(odd)
    assert made.use[0, 0] == pytest.approx(150 / DAYS_OF_YEAR)
    assert (DAYS_OF_YEAR * made.output).round(9).tolist() == [1000, 2005]
    assert still(odd) <= 1e-12


def test_an_industry_that_sells_nothing_buys_nothing() -> None:
    odd = replace(
        one_region(),
        Z=np.array([[150.0, 5], [0, 0]]),
        Y=np.array([[845.0], [0]]),
        x=np.array([1000.0, 5]),  # within what rounding may be off
        value_added=np.array([850.0, 0]),
    )
    made = economy(odd)
    assert made.output[1] == 0
    assert made.use[0, 1] == 0
    assert any("1 industries that sell nothing" in note for note in made.notes)
    assert still(odd) <= 1e-12


def test_parts_of_a_region_are_places_of_their_own_and_one_region_in_results() -> None:
    split = replace(
        two_regions(),
        regions=("AAA",),
        region=np.array([0, 0]),
        Y=two_regions().Y.sum(axis=1)[:, None],
        part=("AAA1", "AAA2"),
    )
    made = economy(split)
    assert (made.places, made.regions) == (2, ("AAA",))
    assert made.by_region(made.output * DAYS_OF_YEAR).round(9).tolist() == [3000]


def test_stocks_may_differ_by_scenario_or_by_input() -> None:
    made = economy(two_regions())  # one sector
    assert Setting(made, Parameters(inventory_days=np.array([30.0, 60, 90])), 3).days.ravel().tolist() == [
        30,
        60,
        90,
    ]
    two = economy(one_region())  # two sectors
    by_input = Setting(two, Parameters(inventory_days=np.array([30.0, 60])), 3).days[:, :, 0]
    assert by_input.tolist() == [[30, 30, 30], [60, 60, 60]]


def test_who_buys_nothing_of_a_sector_cannot_be_rebuilt_by_it() -> None:
    table = one_region()
    lone = replace(
        table,
        Z=np.array([[150.0, 500], [0, 100]]),
        Y=np.array([[350.0], [1900]]),
        value_added=np.array([850.0, 1400]),
    )
    loss = CapitalLoss(np.array([0]), np.array([10.0]), Course(), rebuilt_by={"2": 1.0})
    with pytest.raises(RequestError, match="AAA 1 buys nothing from sector 2, which was to rebuild it"):
        simulate(economy(lone), Shock(capital=(loss,)), 2)
