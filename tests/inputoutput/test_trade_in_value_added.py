"""Trade in value added: the identities that hold on every table, for countries and for blocs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.inputoutput.strategies import tables
from weaklink.inputoutput.accounts import Accounts
from weaklink.inputoutput.extraction import flow_extraction
from weaklink.inputoutput.solve import system
from weaklink.inputoutput.textbook import two_regions
from weaklink.inputoutput.trade_in_value_added import (
    exports,
    foreign_value_added,
    trade_in_value_added,
    value_added_in_final_demand,
)

several = tables(least_regions=2)


def units_of(table: Accounts, data: st.DataObject) -> list[set[str]]:
    """Every region, a drawn bloc, and the world."""
    bloc = data.draw(st.sets(st.sampled_from(table.regions), min_size=1))
    return [*({code} for code in table.regions), bloc, set(table.regions)]


@given(several, st.data())
def test_exports_are_their_domestic_and_foreign_content(table: Accounts, data: st.DataObject) -> None:
    found = trade_in_value_added(table, units_of(table, data))
    scale = table.x.max()
    assert np.allclose(found.content_by_origin.sum(axis=1), found.exports, rtol=1e-9, atol=1e-9 * scale)
    assert np.allclose(found.domestic_content + found.foreign_content, found.exports, rtol=1e-9)


@given(several, st.data())
def test_content_value_added_and_absorption_are_in_order(table: Accounts, data: st.DataObject) -> None:
    """EXGR >= DC >= DVA >= VAX >= 0."""
    found = trade_in_value_added(table, units_of(table, data))
    chain = (found.exports, found.domestic_content, found.domestic_value_added, found.absorbed_abroad)
    slack = 1e-8 * table.x.max()
    for larger, smaller in pairwise(chain):
        assert (larger - smaller >= -slack).all()
    assert (found.absorbed_abroad >= -slack).all()


@given(several)
def test_the_world_exports_nothing_and_a_bloc_no_more_than_its_members(table: Accounts) -> None:
    world = trade_in_value_added(table, [table.regions])
    assert np.abs(world.exports).max() == 0
    assert np.abs(world.domestic_value_added).max() <= 1e-8 * table.x.max()
    pair = table.regions[:2]
    apart = exports(table, [(code,) for code in pair]).sum()
    assert exports(table, [pair]).sum() <= apart * (1 + 1e-12)


@given(several)
def test_value_added_in_exports_is_what_extracting_them_takes_away(table: Accounts) -> None:
    """The definition by extraction, on the whole table, against the short way over the country's own block."""
    for code in table.regions:
        rows = table.flags([code])
        abroad = [other for other in table.regions if other != code]
        lost = flow_extraction(table, rows, ~rows, final_buyers=abroad)
        short = trade_in_value_added(table, [(code,)]).domestic_value_added[0]
        assert lost.value_added[rows].sum() == pytest.approx(short, rel=1e-7, abs=1e-8 * table.x.max())


@given(several)
def test_value_added_exports_of_all_countries_balance_their_imports(table: Accounts) -> None:
    used = value_added_in_final_demand(table)
    made = np.array([used[table.flags([code])].sum(axis=0) for code in table.regions])
    balance = made.sum(axis=1) - made.sum(axis=0)
    gdp = np.array([table.value_added[table.flags([code])].sum() for code in table.regions])
    assert np.allclose(balance, gdp - table.Y.sum(axis=0), rtol=1e-8, atol=1e-8 * table.x.max())


@given(several)
def test_foreign_value_added_counted_once_is_at_most_the_foreign_content(table: Accounts) -> None:
    code = table.regions[0]
    once = foreign_value_added(table, (code,))
    content = trade_in_value_added(table, [(code,)]).content_by_origin[0]
    content[0] = 0
    assert once[0] == 0
    assert (once >= -1e-12 * table.x.max()).all()
    assert (once <= content + 1e-8 * table.x.max()).all()


def test_a_solver_made_before_gives_the_same() -> None:
    table = two_regions()
    solver = system(table, "iterative", 1e-13)
    with_it = trade_in_value_added(table, [("AAA",)], solver=solver)
    assert with_it.domestic_content == pytest.approx(trade_in_value_added(table, [("AAA",)]).domestic_content)
    assert with_it.residual <= 1e-13
