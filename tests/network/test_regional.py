"""The regional N-1: its formula by hand, the laws of what can be passed on, and NetworkX as a second opinion."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.network.generated import network, networks
from weaklink.network.model import Entry, Link, Network
from weaklink.network.n_minus_one import n_minus_one
from weaklink.network.regional import lesser_of, regional_n_minus_one
from weaklink.network.routes import import_route_diversification

few = settings(max_examples=20, deadline=None)
CORRIDOR = ["border", "well 2"]


def region() -> Network:
    """A corridor feeds two countries; the first passes on to a third, which has a store's worth of terminals."""
    return Network(
        "region",
        "gas",
        "GWh",
        ("all",),
        ("EAST", "NORTH", "WEST"),
        np.array([[[20.0], [10.0], [30.0]]]),
        links=(
            Link("EAST-WEST", "EAST", "WEST", 40.0, 12.0),
            Link("EAST-NORTH", "EAST", "NORTH", 15.0),
        ),
        entries=(
            Entry("corridor to EAST", "EAST", 70.0, "border", asset="corridor"),
            Entry("corridor to NORTH", "NORTH", 5.0, "border", asset="corridor"),
            Entry("field", "EAST", 4.0),
            Entry("port", "WEST", 38.0, "terminal"),
        ),
    )


def test_the_regional_formula_by_hand() -> None:
    east, north, west = regional_n_minus_one(region(), ("EAST", "NORTH", "WEST"), ["corridor"])
    assert (east.borders, east.production, east.lost_capacity) == (12.0, 4.0, 70.0)
    assert [one.value for one in (east, north, west)] == pytest.approx([80.0, 150.0, 260.0])
    # WEST needs 30 of its 38 and passes on 8: EAST has 12 of 20, and nothing is left for NORTH.
    assert [one.passed_on for one in (east, north, west)] == pytest.approx([60.0, 0.0, 100.0])


def test_countries_outside_the_region_deliver_what_their_pipes_carry() -> None:
    east, north = regional_n_minus_one(region(), ("EAST", "NORTH"), ["corridor"])
    assert east.passed_on == pytest.approx(80.0)  # 4 of its own and 12 from WEST, which is not asked
    assert north.passed_on == pytest.approx(0.0)


@given(networks)
@few
def test_without_its_neighbours_need_a_country_has_what_the_formula_says(net: Network) -> None:
    """A region of one: nobody else is asked, so that both figures are the formula with the corridor as what is lost."""
    for node in net.nodes:
        (one,) = regional_n_minus_one(net, (node,), CORRIDOR)
        whole = n_minus_one(net, frozenset({node}))
        supply = whole.border + whole.production + whole.storage + whole.terminals
        assert one.value == pytest.approx(100 * (supply - one.lost_capacity) / whole.peak_demand)
        assert one.passed_on == pytest.approx(one.value, rel=1e-6)


@given(networks, st.sampled_from([0.3, 1.0]))
@few
def test_what_all_get_together_is_the_maximum_flow_of_networkx(net: Network, level: float) -> None:
    found = regional_n_minus_one(net, net.nodes, CORRIDOR, storage_share=level)
    graph = nx.DiGraph()
    for link in net.links:
        graph.add_edge(link.origin, f"{link.name} there", capacity=float(link.forward))
        graph.add_edge(f"{link.name} there", link.destination)
        graph.add_edge(link.destination, f"{link.name} back", capacity=float(link.backward))
        graph.add_edge(f"{link.name} back", link.origin)
    for entry in net.entries:
        if entry.name not in CORRIDOR:
            graph.add_edge("source", entry.name, capacity=float(entry.capacity))
            graph.add_edge(entry.name, entry.node)
    for store in net.storages:
        rate = min(store.withdrawal.at(level), level * store.volume)
        graph.add_edge("source", store.name, capacity=rate)
        graph.add_edge(store.name, store.node)
    for node, demand in zip(net.nodes, net.demand.sum(axis=0).max(axis=1), strict=True):
        graph.add_edge(node, "sink", capacity=float(demand))
    served = sum(min(one.reaching, one.peak_demand) for one in found)
    assert served == pytest.approx(nx.maximum_flow_value(graph, "source", "sink"), rel=1e-6)


@given(networks)
@few
def test_surplus_passed_on_is_never_more_than_full_entries(net: Network) -> None:
    for one in regional_n_minus_one(net, net.nodes, CORRIDOR):
        assert -1e-9 <= one.passed_on <= one.value * (1 + 1e-9)


@given(networks)
@few
def test_a_wider_corridor_never_leaves_more_served(net: Network) -> None:
    narrow = regional_n_minus_one(net, net.nodes, ["border"])
    wide = regional_n_minus_one(net, net.nodes, CORRIDOR)
    assert all(after.value <= before.value + 1e-9 for before, after in zip(narrow, wide, strict=True))
    served = [sum(min(one.reaching, one.peak_demand) for one in found) for found in (narrow, wide)]
    assert served[1] <= served[0] + 1e-6


@given(networks, networks)
@few
def test_the_lesser_of_both_sides_does_not_depend_on_who_is_asked_first(net: Network, other: Network) -> None:
    """Two made-up trees over the same places have points in common: as if two operators published them."""
    there = [one for one in other.links if one.name in {link.name for link in net.links}]
    one, two = lesser_of(net.links, there), {link.name: link for link in lesser_of(there, net.links)}
    published = [{link.name: link for link in side} for side in (net.links, there)]
    for link in one:
        assert (link.forward, link.backward) == (two[link.name].forward, two[link.name].backward)
        sides = [side[link.name] for side in published if link.name in side]
        assert float(link.forward) == min(float(side.forward) for side in sides)


def test_two_ideas_of_where_a_point_lies_are_refused() -> None:
    with pytest.raises(ValueError, match=r"'P' is from A to B at one side and from B to A at the other"):
        lesser_of([Link("P", "A", "B", 1.0)], [Link("P", "B", "A", 1.0)])


def test_unknown_nodes_and_assets_are_refused() -> None:
    with pytest.raises(ValueError, match="no node SOUTH"):
        regional_n_minus_one(region(), ("SOUTH",), ["corridor"])
    with pytest.raises(ValueError, match="no asset pipe"):
        regional_n_minus_one(region(), ("EAST",), ["pipe"])


@given(st.integers(0, 1000))
@few
def test_route_diversification_lies_between_equal_routes_and_one_alone(seed: int) -> None:
    net = network(seed)
    for node in net.nodes:
        figure = import_route_diversification(net, node)
        assert np.isnan(figure) or 10_000 / (len(net.nodes) + 2) <= figure <= 10_000 + 1e-9


def test_points_on_one_border_are_one_route() -> None:
    halves = (Link("point 1", "A", "B", 4.0), Link("point 2", "B", "A", 0.0, 4.0))
    net = Network(
        "n", "gas", "GWh", ("all",), ("A", "B"), np.ones((1, 2, 1)), halves, (Entry("well", "A", 9.0),)
    )
    assert import_route_diversification(net, "B") == 10_000.0
