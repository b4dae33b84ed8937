"""A plan keeps the laws of the network, leaves as little unserved as can be, and shares what is left by its rule."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from tests.network.generated import network, networks
from weaklink import lp
from weaklink.aid.allocation import Offer, Want, allocated
from weaklink.network.dispatch import Dispatch, dispatch
from weaklink.network.leximin import lexicographic
from weaklink.network.model import Curve, Entry, Link, Network, Storage, without
from weaklink.network.programme import programme
from weaklink.network.rolling import foresight_gap, rolling

few = settings(max_examples=25, deadline=None)


def imbalance(plan: Dispatch) -> float:
    """Largest difference between what comes to a node on a day and what is used or passed on, written out by hand."""
    net, place = plan.network, plan.network.nodes.index
    left = plan.unserved.sum(axis=0) - net.demand.sum(axis=0)
    for link, flow in zip(net.links, plan.net_flow, strict=True):
        left[place(link.destination)] += flow
        left[place(link.origin)] -= flow
    for entry, flow in zip(net.entries, plan.entry, strict=True):
        left[place(entry.node)] += flow
    for store, out, into in zip(net.storages, plan.withdrawal, plan.injection, strict=True):
        left[place(store.node)] += out - into
    return float(np.abs(left).max())


@given(networks, st.sampled_from(["efficient", "equal", "own-first"]))
@few
def test_what_comes_to_a_node_is_used_or_passed_on(net: Network, sharing: str) -> None:
    plan = dispatch(net, sharing)  # type: ignore[arg-type]
    assert imbalance(plan) <= 1e-6 * net.demand.max()


@given(networks)
@few
def test_rates_and_levels_stay_within_their_limits(net: Network) -> None:
    plan, close = dispatch(net), 1e-6
    for store, level, out, into in zip(
        net.storages, plan.stock, plan.withdrawal, plan.injection, strict=True
    ):
        before = np.concatenate([[store.start], level[:-1]])
        np.testing.assert_allclose(level, before + into - out, atol=1e-5)
        assert level.max() <= store.volume + close
        assert level[-1] >= store.minimum_end - close
        for rate, start, drawn in zip(out, before / store.volume, into, strict=True):
            assert rate <= store.withdrawal.at(start) + 1e-5
            assert drawn <= store.injection.at(start) + 1e-5
    for entry, flow in zip(net.entries, plan.entry, strict=True):
        assert flow.max() <= entry.capacity + close
    assert plan.entry[4].sum() <= net.sources[1].total + 1e-5
    ships = plan.entry[2] + plan.entry[3]
    assert (np.cumsum(ships) <= net.sources[0].start + np.cumsum(net.sources[0].daily) + 1e-5).all()
    assert (plan.unserved <= net.demand + close).all()


@given(networks)
@few
def test_the_objective_is_that_of_scipy(net: Network) -> None:
    program = programme(net).program
    upper = np.isfinite(program.row_upper)
    lower = np.isfinite(program.row_lower)
    other = linprog(
        program.cost,
        A_ub=sparse.vstack([program.matrix[upper], -program.matrix[lower]]),
        b_ub=np.concatenate([program.row_upper[upper], -program.row_lower[lower]]),
        bounds=np.stack([program.lower, program.upper], axis=1),
        method="highs-ipm",
    )
    assert lp.solve(program).objective == pytest.approx(other.fun, rel=1e-6)


@given(networks)
@few
def test_one_day_without_stores_serves_the_maximum_flow_of_networkx(net: Network) -> None:
    day = replace(
        net,
        demand=net.demand[:, :, :1],
        durations=np.ones(1),
        storages=(),
        sources=(),
        entries=tuple(replace(one, source=None) for one in net.entries),
    )
    graph = nx.DiGraph()
    for entry in day.entries:
        graph.add_edge("source", entry.name, capacity=float(entry.capacity))
        graph.add_edge(entry.name, entry.node)
    for link in day.links:
        graph.add_edge(link.origin, link.name + " there", capacity=float(link.forward))
        graph.add_edge(link.name + " there", link.destination)
        graph.add_edge(link.destination, link.name + " back", capacity=float(link.backward))
        graph.add_edge(link.name + " back", link.origin)
    for node, demand in zip(day.nodes, day.demand_by_node, strict=True):
        graph.add_edge(node, "sink", capacity=float(demand))
    served = nx.maximum_flow_value(graph, "source", "sink")
    assert day.total_demand - dispatch(day).total_unserved == pytest.approx(served, rel=1e-6, abs=1e-6)


@given(networks, st.data())
@few
def test_closing_an_asset_never_lowers_unserved_demand(net: Network, data: st.DataObject) -> None:
    asset = data.draw(st.sampled_from(net.assets))
    assert dispatch(without(net, asset)).total_unserved >= dispatch(net).total_unserved - 1e-5


@given(networks, st.floats(1.0, 3.0))
@few
def test_a_larger_and_fuller_store_never_hurts(net: Network, factor: float) -> None:
    store = net.storages[0]
    larger = replace(
        store,
        volume=store.volume * factor,
        start=store.start * factor,
        withdrawal=store.withdrawal.scaled(factor),
    )
    more = replace(net, storages=(larger, *net.storages[1:]))
    assert dispatch(more).total_unserved <= dispatch(net).total_unserved + 1e-5


@given(networks)
@few
def test_all_rules_of_sharing_leave_the_same_total(net: Network) -> None:
    least = dispatch(net).total_unserved
    for plan in (dispatch(net, "equal"), dispatch(net, "own-first"), lexicographic(net).plan):
        assert plan.total_unserved == pytest.approx(least, rel=1e-3, abs=1e-3)


@given(networks)
@few
def test_the_lexicographic_plan_has_the_least_largest_rate(net: Network) -> None:
    fairest = lexicographic(net).rates.max()
    for sharing in ("efficient", "equal", "own-first"):
        rates = np.nan_to_num(dispatch(net, sharing).curtailment_rate)
        assert fairest <= rates.max() + 1e-4
    # Equal sharing stops within a segment of half a per cent, or of two and a half above a fifth.
    assert np.nan_to_num(dispatch(net, "equal").curtailment_rate).max() <= fairest + 0.03


@given(networks)
@few
def test_where_own_demand_comes_first_nobody_short_passes_anything_on(net: Network) -> None:
    plan = dispatch(net, "own-first")
    short = plan.daily_rate > 1e-6
    for link, there, back in zip(net.links, plan.forward, plan.backward, strict=True):
        assert not (short[net.nodes.index(link.origin)] & (there > 1e-6)).any()
        assert not (short[net.nodes.index(link.destination)] & (back > 1e-6)).any()


@given(networks)
@few
def test_better_protected_classes_of_a_node_are_served_first(net: Network) -> None:
    unserved = dispatch(net).unserved
    homes, industry = unserved
    short_homes = homes > 1e-6
    assert (industry[short_homes] >= net.demand[1][short_homes] - 1e-5).all()


@given(networks)
@settings(max_examples=10, deadline=None)
def test_planners_who_see_less_never_leave_less_unserved(net: Network) -> None:
    found = foresight_gap(net, seen=3, step=2)
    assert found.gap >= -1e-5
    assert imbalance(found.rolling) <= 1e-5


@given(networks, st.sampled_from([(2, 1), (3, 1), (4, 2)]))
@settings(max_examples=10, deadline=None)
def test_planners_who_see_less_keep_the_minimum_end_levels_all_the_same(
    net: Network, view: tuple[int, int]
) -> None:
    seen, step = view
    plan = rolling(net, seen=seen, step=step)
    for store, level in zip(net.storages, plan.stock, strict=True):
        assert level[step - 1 :: step].min() >= store.minimum_end - 1e-6
        assert level[-1] >= store.minimum_end - 1e-6


def test_planners_who_see_everything_lose_nothing() -> None:
    net = network(5, tight=0.5)
    plan = rolling(net, seen=net.periods, step=net.periods)
    assert plan.total_unserved == pytest.approx(dispatch(net).total_unserved)


def test_equal_sharing_of_a_hand_made_bottleneck() -> None:
    # 30 wanted behind a pipe of 20; the third town, before the pipe, has plenty: two of three go short by a third.
    net = Network(
        "bottleneck",
        "gas",
        "GWh",
        ("all",),
        ("A", "B", "C"),
        np.array([[[10.0], [20.0], [10.0]]]),
        links=(Link("A-B", "A", "B", 20.0), Link("B-C", "B", "C", 50.0)),
        entries=(Entry("sea", "A", 100.0),),
    )
    np.testing.assert_allclose(lexicographic(net).rates, [0, 1 / 3, 1 / 3], atol=1e-5)
    np.testing.assert_allclose(dispatch(net, "equal").curtailment_rate, [0, 1 / 3, 1 / 3], atol=0.025)


def test_losses_of_injection_are_lost() -> None:
    store = Storage("s", "A", 10.0, Curve.flat(9.0), Curve.flat(9.0), start=0.0, loss=0.1)
    demand = np.array([[[0.0, 10.0]]])
    net = Network(
        "n", "gas", "GWh", ("all",), ("A",), demand, entries=(Entry("well", "A", 5.0),), storages=(store,)
    )
    assert dispatch(net).total_unserved == pytest.approx(10 - 5 - 0.9 * 5)


def test_prices_tell_what_one_more_unit_of_demand_leaves_unserved() -> None:
    net = network(7, tight=0.6)
    plan = dispatch(net)
    place = int(np.argmax(plan.price[:, 2]))
    more = net.demand.copy()
    more[1, place, 2] += 1e-3
    extra = dispatch(replace(net, demand=more)).total_unserved - plan.total_unserved
    assert extra / 1e-3 == pytest.approx(plan.price[place, 2], abs=0.03)


def test_small_costs_do_not_hold_a_node_that_can_still_go_lower() -> None:
    """By hand: A and B share 12, B and C share 9; A and B can both have 0.4 served, C what is left of 9."""
    wants = np.array([[[10.0], [20.0], [30.0], [0.0], [0.0]]])
    links = [Link(f"{one}{other}", one, other, 99.0) for one, other in ("XA", "XB", "YB", "YC")]
    entries = (Entry("x", "X", 12.0), Entry("y", "Y", 9.0))
    net = Network("two packages", "aid", "t", ("all",), tuple("ABCXY"), wants, tuple(links), entries)
    np.testing.assert_allclose(lexicographic(net).rates, [0.6, 0.6, 0.7, 0, 0], atol=1e-5)


@given(
    wants=st.lists(st.integers(1, 30), min_size=2, max_size=4),
    offers=st.lists(
        st.tuples(st.integers(0, 30), st.sets(st.integers(0, 3), min_size=1)), min_size=1, max_size=3
    ),
)
@settings(deadline=None, max_examples=25)
def test_lexicographic_sharing_equals_the_allocation_of_the_aid_ledger(
    wants: list[int], offers: list[tuple[int, set[int]]]
) -> None:
    """Two programmes written by different hands: packages for some of the sites each, on a network and as a table."""
    reach = [{place % len(wants) for place in only} for _, only in offers]
    sites, packages = [f"site {n}" for n in range(len(wants))], [f"package {o}" for o in range(len(offers))]
    net = Network(
        "packages",
        "aid",
        "t",
        ("all",),
        (*sites, *packages),
        np.array([*map(float, wants), *[0.0] * len(offers)]).reshape(1, -1, 1),
        tuple(Link(f"{o}-{n}", packages[o], sites[n], 99.0) for o, only in enumerate(reach) for n in only),
        (
            *(Entry(f"entry {o}", packages[o], float(amount)) for o, (amount, _) in enumerate(offers)),
            *(Entry(f"nothing at {name}", name, 0.0) for name in sites),  # else it would be no network
        ),
    )
    found = allocated(
        [Want(name, amount, 1) for name, amount in zip(sites, wants, strict=True)],
        [Offer(packages[o], amount, frozenset(reach[o])) for o, (amount, _) in enumerate(offers)],
    )
    np.testing.assert_allclose(lexicographic(net).rates[: len(wants)], found.unmet_share, atol=1e-4)
