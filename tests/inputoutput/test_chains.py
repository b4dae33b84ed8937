"""Chains: high-order trade, pass-through and paths, against the whole inverse and against all chains counted out."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.inputoutput.strategies import made, tables
from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Accounts
from weaklink.inputoutput.coefficients import leontief_inverse, technical_coefficients
from weaklink.inputoutput.high_order import first_order_trade, high_order_trade
from weaklink.inputoutput.passage import passage
from weaklink.inputoutput.paths import _largest, explained
from weaklink.inputoutput.reliance import by_region, reliance
from weaklink.inputoutput.textbook import two_regions

several = tables(least_regions=2)


@given(tables())
def test_a_closed_economy_has_no_high_order_trade(table: Accounts) -> None:
    traded = high_order_trade(table, [table.regions])[0]
    assert traded[table.x > 0] == pytest.approx(0, abs=1e-9)
    assert np.isnan(traded[table.x == 0]).all()


@given(several)
def test_high_order_trade_is_a_share_and_at_least_that_of_first_order(table: Accounts) -> None:
    every = [(code,) for code in table.regions]
    first, high = first_order_trade(table, every), high_order_trade(table, every)
    known = np.isfinite(high)
    assert (known == np.isfinite(first)).all()
    assert (known.sum(axis=0) == (table.x > 0)).all()
    assert (high[known] >= first[known] - 1e-9).all()
    assert (high[known] <= 1 + 1e-9).all()


def test_an_industry_that_sells_nothing_at_home_has_high_order_trade_of_one() -> None:
    table = made(
        np.zeros((2, 2)), np.array([[0.0, 5.0], [0.0, 5.0]]), np.array([0, 1]), np.array([0, 0]), 2, 1
    )
    assert high_order_trade(table, [("AAA",)])[0, 0] == 1


@given(several)
def test_a_larger_union_never_trades_more(table: Accounts) -> None:
    alone, pair = table.regions[0], table.regions[:2]
    traded = high_order_trade(table, [(alone,), pair])
    rows = np.isfinite(traded[0])
    assert (traded[1, rows] <= traded[0, rows] + 1e-9).all()


@given(several, st.data())
def test_passage_is_between_what_was_made_there_and_one(table: Accounts, data: st.DataObject) -> None:
    unit = data.draw(st.sets(st.sampled_from(table.regions), min_size=1))
    through = passage(table, [unit])
    outside = ~table.flags(unit)
    made_there = reliance(table, [unit], basis="value_added").look_through[0]
    assert (through.chance <= through.visits + 1e-9).all()
    assert (through.chance <= 1 + 1e-9).all()
    assert (through.chance[0, outside] >= made_there[outside] - 1e-9).all()


@given(several)
def test_visits_are_look_through_reliance(table: Accounts) -> None:
    every = [(code,) for code in table.regions]
    assert np.allclose(passage(table, every).visits, by_region(table).look_through, rtol=1e-9, atol=1e-12)


@given(several)
def test_the_chance_of_a_passage_is_what_blocking_the_unit_would_stop(table: Accounts) -> None:
    """One less the value made outside on chains that never enter, from the dense inverse of the others."""
    unit = table.regions[0]
    inside = table.flags([unit])
    A = technical_coefficients(table)[np.ix_(~inside, ~inside)]
    never = table.v[~inside] @ np.linalg.inv(np.eye(len(A)) - A)
    chance = passage(table, [(unit,)]).chance[0, ~inside]
    busy = table.x[~inside] > 0
    assert np.allclose(chance[busy], 1 - never[busy], rtol=1e-8, atol=1e-8)


def chains(A: np.ndarray[tuple[int, int], np.dtype[np.float64]], longest: int) -> list[tuple[int, ...]]:
    """All sequences of rows of up to so many steps."""
    rows = range(len(A))
    return [rows_ for steps in range(1, longest + 1) for rows_ in product(rows, repeat=steps + 1)]


@given(tables(most_regions=2, idle=False), st.data())
@settings(max_examples=25)
def test_no_chain_is_larger_than_those_listed(table: Accounts, data: st.DataObject) -> None:
    """Every chain of up to four steps, counted out, against the search."""
    supplier = np.array(
        data.draw(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=table.size, max_size=table.size))
    )
    buyer = np.array(
        data.draw(st.lists(st.sampled_from([0.0, 0.3, 1.0]), min_size=table.size, max_size=table.size))
    )
    A, most, longest = technical_coefficients(table), 6, 4 if table.size <= 4 else 2
    answer = explained(table, supplier, buyer, most=most)

    def value(rows: tuple[int, ...]) -> float:
        steps = [A[i, j] for i, j in pairwise(rows)]
        return float(supplier[rows[0]] * np.prod(steps) * buyer[rows[-1]])

    counted: list[float] = sorted((value(rows) for rows in chains(A, longest)), reverse=True)[:most]
    listed: list[float] = [path.value for path in answer.paths]
    assert all(first >= second for first, second in pairwise(listed))
    assert len(listed) >= np.count_nonzero(counted)
    assert (
        np.array(listed[: len(counted)]) >= np.array(counted[: len(listed)], dtype=np.float64) * (1 - 1e-9)
    ).all()
    assert all(value(path.rows) == pytest.approx(path.value, rel=1e-12) for path in answer.paths)
    assert len({path.rows for path in answer.paths}) == len(answer.paths)
    assert answer.largest_left <= (min(listed) if listed else 0.0) * (1 + 1e-12)


@given(several)
def test_paths_orders_and_direct_suppliers_add_up_to_the_figure(table: Accounts) -> None:
    L = leontief_inverse(table)
    supplier, buyer = table.flags([table.regions[0]]).astype(np.float64), np.zeros(table.size)
    buyer[-1] = 1.0
    answer = explained(table, supplier, buyer, most=10, orders=400)
    figure = float(supplier @ (L - np.eye(table.size)) @ buyer)
    slack = 1e-9 * max(1.0, figure)
    assert answer.figure == pytest.approx(figure, rel=1e-9, abs=1e-11)
    assert answer.direct.sum() == pytest.approx(figure, rel=1e-8, abs=1e-10)
    assert answer.orders.sum() <= figure + slack
    assert answer.orders[0] == pytest.approx(
        float(supplier @ technical_coefficients(table) @ buyer), abs=1e-12
    )
    assert sum(path.value for path in answer.paths) + answer.rest == pytest.approx(
        figure, rel=1e-9, abs=1e-11
    )
    assert answer.rest >= -slack
    assert -1e-9 <= answer.explained <= 1 + 1e-9


def test_a_supplier_that_nobody_buys_from_has_no_paths() -> None:
    table = made(np.zeros((2, 2)), np.ones((2, 2)), np.array([0, 1]), np.array([0, 0]), 2, 1)
    answer = explained(table, np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    assert (answer.figure, answer.paths, answer.rest, answer.explained) == (0.0, (), 0.0, 1.0)


def test_paths_of_a_table_with_negative_flows_are_refused() -> None:
    A = np.array([[0.1, -0.1], [0.2, 0.1]])
    table = made(A, np.array([[9.0, 9.0], [9.0, 9.0]]), np.array([0, 1]), np.array([0, 0]), 2, 1)
    with pytest.raises(RequestError, match="1 flows are negative"):
        explained(table, np.ones(2), np.ones(2))


def test_a_path_names_the_supplier_first() -> None:
    answer = explained(two_regions(), np.array([0.0, 1.0]), np.array([1.0, 0.0]), most=2)
    assert [path.rows for path in answer.paths] == [(1, 0), (1, 0, 0)]
    assert [path.value for path in answer.paths] == pytest.approx([0.2, 0.03])
    assert [path.share for path in answer.paths] == pytest.approx([0.2 / answer.figure, 0.03 / answer.figure])


def test_a_circle_that_grows_has_no_largest_path() -> None:
    with pytest.raises(RequestError, match="has no largest path"):
        list(_largest(np.array([[0.0, 2.0], [1.0, 0.0]]), np.array([1.0, 0.0]), np.array([1.0, 0.0])))
