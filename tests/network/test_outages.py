"""Outages: each solved as if alone, the worst together proven against enumeration, prices against differences."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.network.generated import network, networks
from weaklink.network.bottlenecks import bottlenecks, checked, flow_ranges
from weaklink.network.cancelled import Cancelling
from weaklink.network.dispatch import dispatch
from weaklink.network.flexibility import remaining_flexibility, saving_needed, survival_time
from weaklink.network.model import Curve, Entry, Link, Network, Source, Storage, without
from weaklink.network.n_minus_one import n_minus_one
from weaklink.network.outages import OutageSolver, single_outages
from weaklink.network.worst import worst_outages


@given(networks)
@settings(max_examples=8, deadline=None)
def test_each_outage_is_what_a_network_without_the_asset_leaves_unserved(net: Network) -> None:
    for outage in single_outages(net):
        alone = dispatch(without(net, *outage.assets)).total_unserved
        assert outage.unserved == pytest.approx(alone, rel=1e-6, abs=1e-4)


def test_outages_are_ranked_and_the_same_whoever_solves_them() -> None:
    net = network(11, tight=0.8)
    alone = single_outages(net)
    with ThreadPoolExecutor(2) as pool:
        shared = single_outages(net, executor=pool, parts=3)
    assert [one.assets for one in alone] == [one.assets for one in shared]
    assert all(first.extra >= second.extra - 1e-6 for first, second in pairwise(alone))


@given(networks, st.sampled_from([1, 2, 3]))
@settings(max_examples=10, deadline=None)
def test_the_worst_outages_are_those_of_enumeration(net: Network, size: int) -> None:
    small = replace(net, demand=net.demand[:, :, :3], durations=np.ones(3), sources=_cut(net))
    worst = worst_outages(small, size)
    every = max(dispatch(without(small, *names)).total_unserved for names in combinations(small.assets, size))
    assert worst.proven
    assert worst.outage.unserved == pytest.approx(every, rel=1e-6, abs=1e-4)
    assert worst.bound == pytest.approx(every, rel=1e-5, abs=1e-3)


def _cut(net: Network) -> tuple[Source, ...]:
    return tuple(replace(one, daily=net.series(one.daily)[:3]) for one in net.sources)


def test_branch_and_bound_solves_fewer_programmes_than_there_are_sets() -> None:
    worst = worst_outages(network(3, nodes=8, periods=3), 3)
    assert worst.proven
    assert worst.solved < worst.sets / 2


def test_a_search_that_stops_early_says_what_it_does_not_know() -> None:
    net = network(3, nodes=8, periods=3)
    stopped, whole = worst_outages(net, 3, most_solved=2), worst_outages(net, 3)
    assert not stopped.proven
    assert stopped.bound >= whole.outage.unserved >= stopped.outage.unserved


@given(networks)
@settings(max_examples=8, deadline=None)
def test_the_price_of_an_asset_is_the_limit_of_finite_differences(net: Network) -> None:
    for found in bottlenecks(net)[:3]:
        real = checked(net, found.asset, percent=1e-3)
        assert real <= found.saved_per_percent * (1 + 1e-3) + 1e-6


def test_the_price_of_a_pipe_and_of_a_storage_curve_meet_their_differences() -> None:
    store = Storage("s", "B", 100.0, Curve(((0.0, 1.0), (1.0, 4.0))), Curve.flat(0.0), start=60.0)
    net = Network(
        "n",
        "gas",
        "GWh",
        ("all",),
        ("A", "B"),
        np.full((1, 2, 4), 10.0),
        links=(Link("A-B", "A", "B", 6.0),),
        entries=(Entry("sea", "A", 40.0),),
        storages=(store,),
    )
    prices = {one.asset: one.saved_per_percent for one in bottlenecks(net)}
    assert set(prices) == {"A-B", "s"}
    for asset, price in prices.items():
        assert checked(net, asset, percent=1e-3) == pytest.approx(price, rel=1e-2)


def test_no_optimal_plan_has_a_flow_outside_its_range() -> None:
    net = network(4, tight=0.8)
    flows = dispatch(net).net_flow.sum(axis=1)
    for found, flow in zip(flow_ranges(net), flows, strict=True):
        assert found.least - 1e-3 <= flow <= found.most + 1e-3


def test_the_saving_needed_leaves_nothing_unserved_and_a_little_less_does_not() -> None:
    net = network(2, tight=0.6)
    needed = saving_needed(net)
    assert 0 < needed < 1
    assert dispatch(replace(net, demand=net.demand * (1 - needed - 1e-6))).total_unserved <= 1e-3
    assert dispatch(replace(net, demand=net.demand * (1 - needed + 1e-2))).total_unserved > 1e-3


def test_saving_by_one_node_alone_may_not_help_the_others() -> None:
    net = Network(
        "n",
        "gas",
        "GWh",
        ("all",),
        ("A", "B"),
        np.ones((1, 2, 1)),
        entries=(Entry("a", "A", 5.0), Entry("b", "B", 0.5)),
    )
    assert np.isnan(saving_needed(net, ["A"]))
    assert saving_needed(net, ["B"]) == pytest.approx(0.5)


def test_survival_ends_with_the_first_day_that_cannot_be_met() -> None:
    # 3 a day from a store of 10 and a well of 1: five days use 10, the sixth lacks 2.
    store = Storage("s", "A", 10.0, Curve.flat(3.0), Curve.flat(3.0), start=10.0)
    demand = np.full((1, 1, 9), 3.0)
    net = Network(
        "n", "gas", "GWh", ("all",), ("A",), demand, entries=(Entry("w", "A", 1.0),), storages=(store,)
    )
    assert survival_time(net) == 5.0
    assert survival_time(replace(net, demand=demand / 10)) == 9.0


def test_remaining_flexibility_runs_from_none_to_all() -> None:
    net = Network(
        "n",
        "gas",
        "GWh",
        ("all",),
        ("A", "B", "C"),
        np.array([[[10.0], [10.0], [0.0]]]),
        links=(Link("A-B", "A", "B", 12.5), Link("B-C", "B", "C", 1.0)),
        entries=(Entry("sea", "A", 100.0),),
    )
    found = remaining_flexibility(net)
    assert found["A"] == pytest.approx(100.0)
    assert found["B"] == pytest.approx(25.0)
    assert np.isnan(found["C"])


def region() -> Network:
    store = Storage(
        "store", "B", 100.0, Curve(((0.0, 0.0), (0.5, 20.0), (1.0, 30.0))), Curve.flat(5.0), start=90.0
    )
    return Network(
        "n",
        "gas",
        "GWh",
        ("all",),
        ("A", "B"),
        np.array([[[1.0, 1.0], [80.0, 100.0]]]),
        links=(Link("A-B", "A", "B", 40.0),),
        entries=(
            Entry("field", "B", 10.0),
            Entry("port", "B", 25.0, "terminal"),
            Entry("east 1", "B", 30.0, "border", "EAST"),
            Entry("east 2", "B", 20.0, "border", "EAST"),
        ),
        sources=(Source("EAST"),),
        storages=(store,),
    )


@pytest.mark.parametrize(
    ("options", "lost", "value"),
    [
        # (EP 40 + 30 + 20, P 10, S 30, LNG 25, less I) / 100; by hand.
        ({}, "A-B", 115.0),
        ({"storage_share": 0.3}, "A-B", 97.0),
        ({"saving": 8.0, "storage_share": 0.3}, "A-B", 100 * 97 / 92),
        ({"lost": "supplier"}, "EAST", 105.0),
        ({"peak_demand": 115.0}, "A-B", 100.0),
    ],
)
def test_the_n_minus_1_formula_by_hand(options: dict[str, object], lost: str, value: float) -> None:
    found = n_minus_one(region(), frozenset({"B"}), **options)  # type: ignore[arg-type]
    assert found.lost == lost
    assert found.value == pytest.approx(value)


def test_a_region_that_acts_together_does_not_count_its_inner_pipes() -> None:
    assert n_minus_one(region(), frozenset({"A", "B"})).border == 50.0


def test_n_minus_1_of_an_unknown_node_is_refused() -> None:
    with pytest.raises(ValueError, match="no node X"):
        n_minus_one(region(), frozenset({"X"}))


@given(st.integers(0, 10_000), st.sampled_from([0.3, 0.6, 0.9]))
@settings(max_examples=10, deadline=None)
def test_outages_whose_bounds_meet_are_those_of_the_solver(seed: int, tight: float) -> None:
    """HiGHS's optimum without each asset is the second opinion on what was not solved."""
    solver = OutageSolver(network(seed, tight=tight))
    for outage in solver.single(solver.made.network.assets):
        exact = float(solver.unserved(solver.without(outage.assets)).sum())
        assert outage.unserved == pytest.approx(exact, rel=1e-6, abs=1e-5)
        assert outage.by_node.sum() == pytest.approx(outage.unserved)


def test_what_comes_from_an_asset_is_cancelled_on_its_way_through_a_store() -> None:
    # The well of A fills the store of B on the first day; B lives on it on the second, and on its own well.
    store = Storage("s", "B", 10.0, Curve.flat(9.0), Curve.flat(9.0), start=0.0)
    net = Network(
        "n",
        "gas",
        "GWh",
        ("all",),
        ("A", "B"),
        np.array([[[2.0, 2.0], [0.0, 6.0]]]),
        links=(Link("A-B", "A", "B", 9.0),),
        entries=(Entry("a", "A", np.array([7.0, 2.0])), Entry("b", "B", np.array([0.0, 1.0]))),
        storages=(store,),
    )
    solver = OutageSolver(net)
    assert solver.unserved(solver.whole).sum() == pytest.approx(0.0)
    left = Cancelling(solver.made, solver.whole.x).without(["a", "A-B", "s"])
    unserved = [np.maximum(x[solver.made.unserved][0], 0.0).round(9).tolist() for x in left]
    assert unserved == [[[2.0, 2.0], [0.0, 5.0]], [[0.0, 0.0], [0.0, 5.0]], [[0.0, 0.0], [0.0, 5.0]]]
    bounded = OutageSolver(net).single(net.assets)
    assert [(one.assets, round(one.unserved, 6)) for one in bounded] == [
        (("A-B",), 5.0),
        (("a",), 9.0),
        (("b",), 1.0),
        (("s",), 5.0),
    ]
