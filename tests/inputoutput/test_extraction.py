"""Extraction and inoperability: nothing taken is nothing lost, all taken is all lost, and no loss is negative."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.inputoutput.strategies import tables
from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Accounts
from weaklink.inputoutput.extraction import Kind, extraction, flow_extraction, global_extraction
from weaklink.inputoutput.inoperability import (
    inoperability,
    inoperability_of,
    inoperability_over_time,
    interdependence,
)
from weaklink.inputoutput.textbook import one_region, two_regions

KINDS: tuple[Kind, ...] = ("total", "backward", "forward")


def some_rows(table: Accounts, data: st.DataObject) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array(
        data.draw(st.lists(st.booleans(), min_size=table.size, max_size=table.size)), dtype=np.bool_
    )


@pytest.mark.parametrize("kind", KINDS)
@given(tables())
def test_extracting_nothing_loses_nothing(kind: Kind, table: Accounts) -> None:
    none = np.zeros(table.size, dtype=np.bool_)
    assert np.array_equal(extraction(table, none, kind).output, np.zeros(table.size))
    assert np.array_equal(extraction(table, ~none, kind, share=0).output, np.zeros(table.size))


@given(tables())
def test_extracting_all_loses_all(table: Accounts) -> None:
    loss = extraction(table, np.ones(table.size, dtype=np.bool_))
    assert loss.output == pytest.approx(table.x, rel=1e-9, abs=1e-12 * table.x.max())
    assert loss.share == pytest.approx(1 if table.x.any() else np.nan, nan_ok=True)
    assert loss.value_added.sum() == pytest.approx(table.value_added.sum(), rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
@given(tables(), st.data())
def test_a_loss_is_never_negative_and_grows_with_what_is_taken(
    kind: Kind, table: Accounts, data: st.DataObject
) -> None:
    rows = some_rows(table, data)
    half, whole = extraction(table, rows, kind, share=0.5), extraction(table, rows, kind)
    slack = 1e-10 * table.x.max()
    assert (half.output >= -slack).all()
    assert (whole.output >= half.output - slack).all()
    if kind == "total":
        assert np.allclose(whole.after[rows], 0, atol=slack)
    else:
        assert (whole.output <= extraction(table, rows).output + slack).all()


@given(tables(), st.data())
def test_total_extraction_solves_the_rest_by_itself(table: Accounts, data: st.DataObject) -> None:
    """x̄ = (I - A_oo)⁻¹ f_o, by a dense inverse over the others."""
    rows = some_rows(table, data)
    A = np.divide(table.Z, table.x, out=np.zeros_like(table.Z), where=table.x > 0)[np.ix_(~rows, ~rows)]
    left = np.linalg.inv(np.eye(len(A)) - A) @ table.Y.sum(axis=1)[~rows]
    assert np.allclose(extraction(table, rows).after[~rows], left, rtol=1e-9, atol=1e-9 * table.x.max())


@given(tables(), st.data())
def test_a_single_flow_is_at_most_all_that_its_seller_sells(table: Accounts, data: st.DataObject) -> None:
    sellers, buyers = some_rows(table, data), some_rows(table, data)
    flow = flow_extraction(table, sellers, buyers)
    assert (flow.output >= -1e-10 * table.x.max()).all()
    everyone = np.ones(table.size, dtype=np.bool_)
    all_sales = flow_extraction(table, sellers, everyone, final_buyers=table.regions)
    assert (flow.output <= all_sales.output + 1e-10 * table.x.max()).all()


@given(tables(least_regions=2), st.data())
def test_global_extraction_moves_value_added_and_loses_none(table: Accounts, data: st.DataObject) -> None:
    """Buyers get all they need elsewhere, so the world makes what final demand uses, as before."""
    rows = some_rows(table, data)
    has_others = np.isin(table.sector, table.sector[~rows & (table.x > 0)])
    rows &= has_others
    loss = global_extraction(table, rows)
    slack = 1e-8 * table.x.max()
    assert np.allclose(loss.after[rows], 0, atol=slack)
    world = (table.v * loss.after).sum()
    assert world == pytest.approx(table.Y.sum(), rel=1e-7)


@given(tables(least_regions=2))
def test_global_extraction_of_nothing_changes_nothing(table: Accounts) -> None:
    none = np.zeros(table.size, dtype=np.bool_)
    assert np.array_equal(global_extraction(table, none).output, np.zeros(table.size))


def test_global_extraction_without_other_suppliers_loses_the_purchases() -> None:
    table = one_region()
    lost = global_extraction(table, np.array([True, False]))
    assert lost.output.tolist() == pytest.approx(extraction(table, np.array([True, False])).output.tolist())


def test_final_buyers_that_alone_take_a_flow_lose_it() -> None:
    two = two_regions()
    nobody = np.zeros(2, dtype=np.bool_)
    loss = flow_extraction(two, two.flags(["BBB"]), nobody, final_buyers=["AAA"])
    assert loss.output.tolist() == pytest.approx(
        [0.33003300 * 700, 1.12211221 * 700], rel=1e-7
    )  # L's column × 700


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan])
def test_a_share_outside_zero_to_one_is_an_error(share: float) -> None:
    two, rows = two_regions(), np.array([True, False])
    with pytest.raises(RequestError, match="cannot be taken out"):
        extraction(two, rows, share=share)
    with pytest.raises(RequestError, match="cannot be taken out"):
        flow_extraction(two, rows, rows, share=share)
    with pytest.raises(RequestError, match="cannot be taken out"):
        global_extraction(two, rows, share=share)


@given(tables(), st.data())
def test_inoperability_is_at_least_what_fails_and_grows_with_it(table: Accounts, data: st.DataObject) -> None:
    failed = some_rows(table, data) & (table.x > 0)
    c = np.where(failed, 0.3, 0.0)
    q = inoperability_of(table, c)
    assert (q >= np.minimum(c, 1) - 1e-10).all()
    assert (q <= 1).all()
    assert (inoperability_of(table, 2 * c) >= q - 1e-10).all()
    assert np.allclose(q, inoperability(interdependence(table), c), rtol=1e-8, atol=1e-9)


@given(tables(), st.data())
def test_dynamic_inoperability_tends_to_the_static_one(table: Accounts, data: st.DataObject) -> None:
    c = np.where(some_rows(table, data) & (table.x > 0), 0.05, 0.0)
    a_star = interdependence(table)
    static = np.linalg.solve(np.eye(table.size) - a_star, c)
    path = inoperability_over_time(a_star, c, np.full(table.size, 0.5), 4000)
    assert np.allclose(path[-1], np.minimum(static, 1), rtol=1e-5, atol=1e-6)
    assert (np.diff(path, axis=0) >= -1e-12).all()


def test_the_cap_is_applied_after_the_solve() -> None:
    """Capped inside the solve, the second would be told 1 × 0.5 and not 1.6 × 0.5."""
    a_star = np.array([[0.0, 0.8], [0.5, 0.0]])
    q = inoperability(a_star, np.array([1.0, 0.3]))
    assert q.tolist() == pytest.approx([1.0, min(1.0, 0.8 / 0.6)])
    mild = inoperability(np.array([[0.0, 0.0], [0.2, 0.0]]), np.array([1.0, 0.3]))
    assert mild.tolist() == pytest.approx([1.0, 0.5])


def test_a_failure_that_ends_is_forgotten_at_the_speed_of_recovery() -> None:
    outside = np.array([[0.4], [0.0], [0.0]])
    path = inoperability_over_time(np.array([[0.0]]), outside, np.array([0.5]), 3)
    assert path.ravel().tolist() == pytest.approx([0.0, 0.2, 0.1, 0.05])
    begun = inoperability_over_time(
        np.array([[0.0]]), np.array([0.0]), np.array([0.5]), 1, start=np.array([0.8])
    )
    assert begun.ravel().tolist() == pytest.approx([0.8, 0.4])


@pytest.mark.parametrize("c", [-0.1, 1.5, np.nan])
def test_a_failure_outside_zero_to_one_is_an_error(c: float) -> None:
    with pytest.raises(RequestError, match="share of output"):
        inoperability(np.zeros((1, 1)), np.array([c]))
    with pytest.raises(RequestError, match="share of output"):
        inoperability_of(one_region(), np.array([c, 0.0]))


def test_resilience_outside_zero_to_one_is_an_error() -> None:
    with pytest.raises(RequestError, match="share of the gap"):
        inoperability_over_time(np.zeros((1, 1)), np.array([0.1]), np.array([1.5]), 2)
