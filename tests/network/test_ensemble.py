"""Many winters: the bracket holds the truth, the gap is told, and nothing hangs on who works on what."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.network.generated import network
from weaklink.network.aggregate import aggregated, weeks
from weaklink.network.bracket import Bracketing
from weaklink.network.dispatch import dispatch
from weaklink.network.ensemble import ensemble
from weaklink.network.model import Network
from weaklink.network.winters import Variation, Winter, as_listed, draws


def realised(net: Network, winter: Winter) -> Network:
    """The network of a winter, built anew: what a bracket must hold."""
    service = dict(zip(net.assets, winter.service, strict=True))
    links = tuple(
        replace(one, forward=one.forward * service[one.name], backward=one.backward * service[one.name])
        for one in net.links
    )
    sources = (replace(one, daily=daily) for one, daily in zip(net.sources, winter.daily, strict=True))
    return replace(
        net,
        demand=winter.demand,
        links=links,
        entries=tuple(replace(one, capacity=one.capacity * service[one.name]) for one in net.entries),
        sources=tuple(replace(one, total=net.sources[place].total) for place, one in enumerate(sources)),
        storages=tuple(replace(one, availability=service[one.name]) for one in net.storages),
    )


@given(st.integers(0, 10_000), st.sampled_from([0.4, 0.8, 1.2]))
@settings(max_examples=12, deadline=None)
def test_the_bracket_holds_the_exact_least_unserved_demand(seed: int, tight: float) -> None:
    net = network(seed, periods=10, tight=tight)
    edges = weeks(net, 3)
    bracketing = Bracketing(net, edges)
    for winter in draws(net, Variation(outage_chance=0.2, outage_days=4), 3, seed):
        found, exact = bracketing.bracket(winter), dispatch(realised(net, winter)).total_unserved
        assert found.low <= exact + 1e-4 * (1 + exact)
        assert found.high >= exact - 1e-4 * (1 + exact)


def test_the_bracket_closes_where_periods_are_days() -> None:
    net = network(3, tight=0.7)
    found = Bracketing(net, np.arange(net.periods + 1)).bracket(as_listed(net))
    exact = dispatch(net).total_unserved
    assert found.low == pytest.approx(exact, rel=0.02)
    assert found.low <= exact <= found.high + 1e-6


def test_longer_periods_keep_the_totals() -> None:
    net = network(5)
    coarse = aggregated(net, weeks(net, 4))
    assert coarse.durations.tolist() == [4.0, 2.0]
    np.testing.assert_allclose(coarse.demand_by_node, net.demand_by_node)
    ships = net.series(net.sources[0].daily).sum()
    assert coarse.series(coarse.sources[0].daily) @ coarse.durations == pytest.approx(ships)


def test_an_ensemble_is_the_same_for_one_process_and_for_two() -> None:
    net = network(9, periods=14, tight=0.7)
    alone = ensemble(net, Variation(), 6, seed=4)
    with ProcessPoolExecutor(2) as pool:
        shared = ensemble(net, Variation(), 6, seed=4, executor=pool)
    for name in ("low", "high", "unserved", "storage"):
        np.testing.assert_allclose(getattr(alone, name), getattr(shared, name), rtol=1e-9)


def test_a_winter_of_a_seed_is_the_same_however_many_are_drawn() -> None:
    net = network(9)
    few, many = list(draws(net, Variation(), 2, 5)), list(draws(net, Variation(), 4, 5))
    assert (few[1].demand == many[1].demand).all()
    assert not (few[0].demand == few[1].demand).all()


def test_saving_lowers_demand_and_nothing_varies_without_variation() -> None:
    net = network(9)
    still = Variation(winter=0.0, weather=0.0, every_source=0.0, outage_chance=0.0, saving=(0.1, 0.1))
    winter = next(draws(net, still, 1, 1))
    np.testing.assert_allclose(winter.demand, 0.9 * net.demand)
    np.testing.assert_allclose(winter.daily[0], net.series(net.sources[0].daily))
    assert (winter.service == 1).all()


def test_outages_last_as_long_as_said() -> None:
    net = network(9, periods=20)
    winters = draws(net, Variation(outage_chance=1.0, outage_days=4), 5, 1)
    for winter in winters:
        out = (winter.service == 0).sum(axis=1)
        assert set(out.tolist()) <= {1, 2, 3, 4}


def test_quantiles_and_probability_are_of_the_winters() -> None:
    found = ensemble(network(9, periods=14, tight=0.7), Variation(), 8, seed=4)
    low, middle, high = found.quantiles()
    assert (low <= middle).all()
    assert (middle <= high).all()
    assert found.probability(0.0).tolist() == [1.0] * 5
    assert (found.probability() <= 1).all()
    assert 0 <= found.gap <= 1
    assert found.storage_bands().shape == (3, 2)
    assert found.ends == (7, 14)
