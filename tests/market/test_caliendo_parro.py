"""Trade equilibrium with sectors and inputs: closed forms, and a dense Newton method as second opinion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.market import generated, newton
from weaklink.market.armington import armington
from weaklink.market.barriers import between, cost_of
from weaklink.market.bound import NoEquilibriumError
from weaklink.market.caliendo_parro import Trading, counterfactual, trading, without_deficits
from weaklink.market.economy import Floats
from weaklink.market.welfare import domestic_change, welfare_with_sectors
from weaklink.market.world import World, world
from weaklink.study.iotables import embedded_table

REGIONS, SECTORS = 3, 2
dials = st.floats(0.05, 1.0)


def elasticities(seed: int, sectors: int = SECTORS) -> Floats:
    return np.random.default_rng(seed + 1).uniform(1.5, 9.0, sectors)


def costs(seed: int, regions: int = REGIONS, sectors: int = SECTORS, spread: float = 0.2) -> Floats:
    """Trade costs up and down; none at home."""
    found = np.exp(np.random.default_rng(seed + 2).normal(0, spread, (sectors, regions, regions)))
    found[:, np.arange(regions), np.arange(regions)] = 1
    return np.asarray(found)


def balanced(seed: int, regions: int = REGIONS, sectors: int = SECTORS) -> Trading:
    base = trading(generated.world(seed, regions, sectors))
    return without_deficits(base, elasticities(seed, sectors))


@given(generated.seeds)
@settings(max_examples=10)
def test_no_change_of_costs_changes_nothing(seed: int) -> None:
    base = trading(generated.world(seed, REGIONS, SECTORS))
    found = counterfactual(base, elasticities(seed))
    assert found.welfare == pytest.approx(np.ones(REGIONS), abs=1e-10)
    assert found.price == pytest.approx(np.ones((REGIONS, SECTORS)), abs=1e-10)
    assert found.output == pytest.approx(base.output, rel=1e-9)


@given(generated.seeds)
@settings(max_examples=4)
def test_equilibria_agree_with_an_independent_newton_method(seed: int) -> None:
    """Iceberg costs and tariffs change together; there are tariffs before, and deficits."""
    random = np.random.default_rng(seed)
    off_home = 1 - np.eye(REGIONS)
    before = random.uniform(0, 0.1, (SECTORS, REGIONS, REGIONS)) * off_home
    after = random.uniform(0, 0.2, (SECTORS, REGIONS, REGIONS)) * off_home
    base, theta, cost = (
        trading(generated.world(seed, REGIONS, SECTORS), before),
        elasticities(seed),
        costs(seed),
    )
    found = counterfactual(base, theta, cost, tariff=after)
    wage, welfare = newton.many_sectors(base, theta, cost, after, base.deficit)
    assert found.residual <= 1e-10
    assert found.wage == pytest.approx(wage, rel=1e-9)
    assert found.welfare == pytest.approx(welfare, rel=1e-9)


@given(generated.seeds, dials)
@settings(max_examples=10)
def test_welfare_is_that_of_domestic_shares_as_costinot_and_rodriguez_clare_say(
    seed: int, dial: float
) -> None:
    """The formula with sectors and input-output links; exact without deficits and tariffs."""
    base, theta = balanced(seed), elasticities(seed)
    hit = between(base.regions, {"AAA"}, {"BBB", "CCC"})
    found = counterfactual(base, theta, np.where(hit, cost_of(dial, theta)[:, None, None], 1.0))
    assert found.welfare == pytest.approx(
        welfare_with_sectors(base, domestic_change(base, found), theta), rel=1e-9
    )


@given(generated.seeds, st.floats(1.5, 9.0))
@settings(max_examples=10)
def test_one_sector_without_inputs_is_the_model_of_armington(seed: int, theta: float) -> None:
    flows = generated.trade(seed, 4)
    base = trading(
        World(generated.NAMES[:4], ("all",), flows[None], np.zeros((4, 1, 1)), flows.sum(axis=0)[:, None])
    )
    cost = costs(seed, 4, 1)
    found, other = counterfactual(base, theta, cost), armington(flows, theta, cost[0])
    assert found.welfare == pytest.approx(other.welfare, rel=1e-9)
    assert found.wage == pytest.approx(other.wage, rel=1e-9)


@given(st.floats(0.5, 0.95), st.floats(0.0, 0.7), st.floats(1.5, 9.0), st.floats(0.0, 1.0))
@settings(max_examples=20)
def test_two_alike_regions_have_the_closed_form(own: float, inputs: float, theta: float, dial: float) -> None:
    """One sector that uses itself: Ŵ = (λ + (1 - λ) d̂^-θ)^(1 / (θ (1 - inputs)))."""
    flows = np.array([[own, 1 - own], [1 - own, own]])
    used, final = np.full((2, 1, 1), inputs), np.full((2, 1), 1 - inputs)
    base = trading(World(("AAA", "BBB"), ("all",), flows[None], used, final))
    found = counterfactual(base, theta, np.where(np.eye(2) > 0, 1.0, cost_of(dial, theta)))
    expected = (own + (1 - own) * dial) ** (1 / theta / (1 - inputs))
    assert found.welfare == pytest.approx(np.full(2, expected), rel=1e-9)


@given(generated.seeds)
@settings(max_examples=10)
def test_an_embargo_leaves_exactly_nothing_of_trade_between_blocs(seed: int) -> None:
    base, theta = balanced(seed, 4, 2), elasticities(seed)
    hit = between(base.regions, {"AAA", "BBB"}, {"CCC", "DDD"})
    found = counterfactual(base, theta, np.where(hit, np.inf, 1.0))
    assert not found.shares[:, hit].any()
    assert found.shares.sum(axis=1) == pytest.approx(np.ones((2, 4)), abs=1e-15)
    assert found.residual <= 1e-10


@given(generated.seeds)
@settings(max_examples=10)
def test_alone_every_region_loses_and_is_where_the_formula_says(seed: int) -> None:
    base, theta = balanced(seed), elasticities(seed)
    alone = counterfactual(base, theta, np.where(np.eye(REGIONS) > 0, 1.0, np.inf))
    own = np.einsum("knn->nk", base.shares)
    assert np.all(alone.welfare < 1)
    assert alone.welfare == pytest.approx(welfare_with_sectors(base, 1 / own, theta), rel=1e-9)


@given(generated.seeds)
@settings(max_examples=6)
def test_the_unit_of_money_does_not_matter(seed: int) -> None:
    made = generated.world(seed, REGIONS, SECTORS)
    other = replace(made, trade=made.trade * 1e6, inputs=made.inputs * 1e6, final=made.final * 1e6)
    theta, cost = elasticities(seed), costs(seed)
    one, two = (counterfactual(trading(w), theta, cost) for w in (made, other))
    assert two.welfare == pytest.approx(one.welfare, rel=1e-9)
    assert two.wage == pytest.approx(one.wage, rel=1e-9)


@given(generated.seeds)
@settings(max_examples=6)
def test_a_tariff_that_was_there_before_and_stays_changes_nothing(seed: int) -> None:
    rate = np.random.default_rng(seed).uniform(0, 0.2, (SECTORS, REGIONS, REGIONS)) * (1 - np.eye(REGIONS))
    base = trading(generated.world(seed, REGIONS, SECTORS), rate)
    assert counterfactual(base, elasticities(seed)).welfare == pytest.approx(np.ones(REGIONS), abs=1e-10)


def test_a_small_tariff_of_a_large_region_can_gain_and_a_prohibitive_one_cannot() -> None:
    """The optimal tariff is above zero: what iceberg costs burn, tariffs keep. A textbook result, not a number."""
    flows = np.array([[60.0, 40.0], [40.0, 60.0]])
    base = trading(World(("AAA", "BBB"), ("all",), flows[None], np.zeros((2, 1, 1)), np.full((2, 1), 100.0)))
    by_first = np.array([[[0.0, 0.0], [1.0, 0.0]]])
    small, large = (counterfactual(base, 4.0, tariff=rate * by_first) for rate in (0.1, 50.0))
    assert small.welfare[0] > 1 > small.welfare[1]
    assert large.welfare[0] < 1


def test_many_counterfactuals_side_by_side_are_each_as_if_alone() -> None:
    base = balanced(7)
    random = np.random.default_rng(0)
    theta = random.uniform(2, 8, (20, SECTORS))
    cost = np.stack([costs(seed) for seed in range(20)])
    together = counterfactual(base, theta, cost)
    alone = [counterfactual(base, t, c) for t, c in zip(theta, cost, strict=True)]
    assert together.welfare.tolist() == [one.welfare.tolist() for one in alone]


def test_a_start_elsewhere_leads_to_the_same_answer() -> None:
    base, theta = balanced(7), elasticities(7)
    plain = counterfactual(base, theta, costs(1))
    warm = counterfactual(base, theta, costs(1), start=counterfactual(base, theta, costs(2)))
    assert warm.welfare == pytest.approx(plain.welfare, rel=1e-10)


def test_a_product_that_nobody_is_left_to_sell_is_named() -> None:
    made = generated.world(4, 2, 2)
    flows = made.trade.copy()
    flows[1] = [[0.0, 0.0], flows[1].sum(axis=0)]  # the first region makes none of the second product
    inputs = made.inputs.copy()
    inputs[0, :, 1] = 0
    final = flows.sum(axis=1).T - inputs.sum(axis=2)
    base = trading(World(made.regions, made.sectors, flows, inputs, final))
    with pytest.raises(NoEquilibriumError, match="AAA could buy S1 from nobody"):
        counterfactual(base, 4.0, np.where(np.eye(2) > 0, 1.0, np.inf))


def test_the_embedded_table_parts_into_two_blocs_to_the_bound() -> None:
    """77 × 11, embargo both ways: market clearing and all other equations to 1e-10, shares exactly zero."""
    made, repairs = world(embedded_table().accounts())
    assert repairs.negative_cells == repairs.excess_industries == 0
    theta = np.full(len(made.sectors), 5.0)
    base = without_deficits(trading(made), theta)
    hit = between(base.regions, {"CHN", "RUS", "BLR"}, {"USA", "DEU", "FRA", "JPN", "GBR"})
    found = counterfactual(base, theta, np.where(hit, np.inf, 1.0))
    assert found.residual <= 1e-10
    assert not found.shares[:, hit].any()
    assert found.welfare == pytest.approx(
        welfare_with_sectors(base, domestic_change(base, found), theta), rel=1e-9
    )
