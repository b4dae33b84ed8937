"""Reliance on suppliers and on buyers: the identities that hold on every table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.inputoutput.strategies import tables
from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Accounts
from weaklink.inputoutput.coefficients import (
    averaged,
    ghosh_inverse,
    leontief_inverse,
    output_coefficients,
    technical_coefficients,
)
from weaklink.inputoutput.market_reliance import market_reliance
from weaklink.inputoutput.reliance import Reliance, by_region, foreign_share, home_regions, reliance
from weaklink.inputoutput.textbook import two_regions


def each_region(table: Accounts) -> list[tuple[str]]:
    return [(code,) for code in table.regions]


@given(tables())
def test_ghosh_is_leontief_seen_from_the_seller(table: Accounts) -> None:
    """G = x̂⁻¹ L x̂, where there is output."""
    busy = table.x > 0
    L, G = leontief_inverse(table)[np.ix_(busy, busy)], ghosh_inverse(table)[np.ix_(busy, busy)]
    x = table.x[busy]
    assert np.allclose(G, L * x / x[:, None], rtol=1e-9, atol=1e-12)


@given(tables())
def test_look_through_is_a_sum_over_the_inverse_and_never_below_face_value(table: Accounts) -> None:
    L, A = leontief_inverse(table), technical_coefficients(table)
    found = by_region(table)
    for place, rows in enumerate(home_regions(table)):
        assert np.allclose(found.face_value[place], A[rows].sum(axis=0), rtol=1e-10, atol=1e-12)
        assert np.allclose(
            found.look_through[place], (L - np.eye(table.size))[rows].sum(axis=0), rtol=1e-9, atol=1e-11
        )
    assert (found.hidden >= -1e-11).all()


@given(tables())
def test_shares_of_value_added_sum_to_one_at_face_value_and_looked_through(table: Accounts) -> None:
    found, busy = by_region(table, basis="value_added"), table.x > 0
    for figures in (found.face_value, found.look_through):
        assert (figures >= -1e-12).all()
        assert figures.sum(axis=0)[busy] == pytest.approx(1, abs=1e-10)


@given(tables(least_regions=2), st.data())
def test_a_bloc_is_the_sum_of_its_members_and_the_world_of_all(table: Accounts, data: st.DataObject) -> None:
    bloc = data.draw(st.sets(st.sampled_from(table.regions), min_size=1))
    apart, together = by_region(table), reliance(table, [bloc, table.regions])
    members = [table.regions.index(code) for code in bloc]
    assert np.allclose(
        together.look_through[0], apart.look_through[members].sum(axis=0), rtol=1e-9, atol=1e-12
    )
    assert np.allclose(together.look_through[1], apart.look_through.sum(axis=0), rtol=1e-9, atol=1e-12)
    assert np.allclose(together.face_value[0], apart.face_value[members].sum(axis=0), rtol=1e-9, atol=1e-12)


@given(tables())
def test_definitions_differ_by_the_unit_itself_or_by_the_diagonal(table: Accounts) -> None:
    L, every = leontief_inverse(table), each_region(table)
    inside = home_regions(table).astype(np.float64)
    plain = reliance(table, every).look_through
    assert np.array_equal(reliance(table, every, definition="AL").look_through, plain)
    assert np.allclose(reliance(table, every, definition="L").look_through, plain + inside, rtol=1e-12)
    without = reliance(table, every, definition="off-diagonal")
    assert np.allclose(without.look_through, inside @ (L - np.diag(np.diag(L))), rtol=1e-8, atol=1e-9)
    own = np.diag(np.diag(technical_coefficients(table)))
    assert np.allclose(
        without.face_value, inside @ (technical_coefficients(table) - own), rtol=1e-9, atol=1e-12
    )


def test_value_added_has_one_definition() -> None:
    with pytest.raises(RequestError, match="'off-diagonal' has no meaning on value added"):
        reliance(two_regions(), [("AAA",)], basis="value_added", definition="off-diagonal")


@given(tables(parts=False), st.sampled_from([1e-3, 7.0]))
def test_reliance_does_not_change_with_the_unit_of_money(table: Accounts, factor: float) -> None:
    other = Accounts(
        regions=table.regions,
        sectors=table.sectors,
        region=table.region,
        sector=table.sector,
        Z=table.Z * factor,
        Y=table.Y * factor,
        x=table.x * factor,
        value_added=table.value_added * factor,
        unit="other",
        year=table.year,
        source=table.source,
    )
    assert np.allclose(by_region(other).look_through, by_region(table).look_through, rtol=1e-9, atol=1e-12)


@given(tables())
def test_foreign_share_is_zero_in_one_region_and_at_most_one(table: Accounts) -> None:
    found = by_region(table, basis="value_added").look_through
    share = foreign_share(found, home_regions(table))
    known = share[np.isfinite(share)]
    assert ((known >= -1e-12) & (known <= 1 + 1e-12)).all()
    if len(table.regions) == 1:
        assert (np.abs(known) < 1e-12).all()


def test_industries_of_a_bloc_weigh_by_their_output() -> None:
    two = two_regions()
    figures = np.array([[0.1, 0.4], [1.0, 0.0]])
    assert averaged(two, figures, np.array([True, True])).tolist() == pytest.approx([0.3, 1 / 3])
    assert np.isnan(averaged(two, figures, np.array([False, False]))).all()


@given(tables())
def test_market_reliance_is_a_sum_over_the_ghosh_inverse(table: Accounts) -> None:
    G, B = ghosh_inverse(table), output_coefficients(table)
    busy = table.x > 0
    y = np.divide(table.Y.T, table.x, out=np.zeros(table.Y.T.shape), where=busy)
    industries = market_reliance(table, each_region(table), final=False)
    everyone = market_reliance(table, each_region(table))
    for place, columns in enumerate(home_regions(table)):
        sold = (G - np.eye(table.size))[:, columns].sum(axis=1)
        assert np.allclose(industries.look_through[place][busy], sold[busy], rtol=1e-8, atol=1e-9)
        assert np.allclose(industries.face_value[place], B[:, columns].sum(axis=1), rtol=1e-9, atol=1e-12)
        reached = (sold + G @ y[place])[busy]
        assert np.allclose(everyone.look_through[place][busy], reached, rtol=1e-8, atol=1e-9)
        assert np.allclose(everyone.face_value[place], B[:, columns].sum(axis=1) + y[place], rtol=1e-9)


@given(tables())
def test_shares_of_final_demand_sum_to_one(table: Accounts) -> None:
    found = market_reliance(table, each_region(table), basis="final_demand")
    for figures in (found.face_value, found.look_through):
        assert figures.sum(axis=0)[table.x > 0] == pytest.approx(1, abs=1e-9)


def test_an_inverse_larger_than_anyone_needs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weaklink.inputoutput.coefficients.MOST_INVERTED", 1)
    with pytest.raises(RequestError, match="An inverse of 2 rows is not made"):
        leontief_inverse(two_regions())


def test_the_ratio_is_undefined_where_nothing_is_bought_directly() -> None:
    found = Reliance(np.array([[0.0, 0.2]]), np.array([[0.1, 0.3]]), 0.0)
    assert np.isnan(found.ratio[0, 0])
    assert found.ratio[0, 1] == pytest.approx(1.5)
