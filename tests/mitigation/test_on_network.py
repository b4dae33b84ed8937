"""Is what measures do to a network what the optimiser believes? Plain search, replays, what more of anything does."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weaklink.errors import NetworkError
from weaklink.mitigation.on_network import Action, acted, in_winter, winter_recourses, winter_with
from weaklink.mitigation.options import Figures, Option, total_cost
from weaklink.mitigation.portfolio import optimal
from weaklink.mitigation.problem import Problem
from weaklink.mitigation.risk import Risk, Target
from weaklink.network.dispatch import dispatch
from weaklink.network.ensemble import bracketed
from weaklink.network.model import Curve, Entry, Link, Network, Source, Storage, without
from weaklink.network.winters import Variation, Winter, as_listed, draws

DAYS = 4
BY_DAY = np.arange(DAYS + 1)
ACTIONS = (
    Action("asset", "terminal"),
    Action("saving", "B"),
    Action("supply", "ships"),
    Action("fill", "B"),
    Action("saving", "A", first=2),
)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Two towns, a store, and ships that share a supply; a terminal that is not built yet can be taken out."""
    some = st.integers(0, 12)
    demand = (
        np.array(draw(st.lists(some, min_size=2 * DAYS, max_size=2 * DAYS)), float).reshape(1, 2, DAYS) + 4
    )
    return Network(
        name="two towns",
        commodity="gas",
        unit="GWh",
        classes=("all",),
        nodes=("A", "B"),
        demand=demand,
        links=(Link("pipe", "A", "B", float(draw(some)), float(draw(some))),),
        entries=(
            Entry("well", "A", float(draw(some))),
            Entry("jetty", "A", float(draw(some)), "terminal", "ships"),
            Entry("terminal", "B", 6.0, "terminal", "ships"),
        ),
        sources=(Source("ships", daily=float(draw(some)), buffer=5.0),),
        storages=(
            Storage(
                "cavern", "B", 20.0, Curve(((0.0, 2.0), (0.5, 6.0), (1.0, 8.0))), Curve.flat(3.0), start=5.0
            ),
        ),
    )


def options(whole: bool = False) -> tuple[Option, ...]:
    most = (1.0, 6.0, 12.0, 10.0, 3.0)
    costs = (3.0, 2.0, 1.0, 1.5, 1.0)
    return tuple(
        Option(action.change, action.place, "", cost, amount, fixed_cost=1.0 * (place == 0), whole=whole)
        for place, (action, cost, amount) in enumerate(zip(ACTIONS, costs, most, strict=True))
    )


def lost(network: Network, whole: Network, amounts: Figures, winter: Winter) -> float:
    """What is lost as the dispatch of the network says it, not the optimiser."""
    changed = acted(in_winter(network, winter), in_winter(whole, winter), ACTIONS, amounts)
    return dispatch(changed).total_unserved


@given(networks(), st.integers(0, 99))
@settings(deadline=None, max_examples=6)
def test_recourse_says_what_the_simulator_says(whole: Network, seed: int) -> None:
    network = without(whole, "terminal")
    winters = list(draws(network, Variation(outage_chance=0.4, outage_days=2), 2, seed))
    most = np.array([option.most for option in options()])
    recourses = winter_recourses(
        network, whole, ACTIONS, most / 2, winters, counted=np.ones((1, 2)), edges=BY_DAY
    )
    rng = np.random.default_rng(seed)
    for recourse, winter in zip(recourses, winters, strict=True):
        for amounts in (0 * most, rng.uniform(0, 1, len(most)) * most, most):
            if (winter.service[network.assets.index("cavern")] < 1).any() and amounts[3]:
                continue  # a store that is out on the first day: its filling is of no use, which both say otherwise
            plane = recourse.plane(amounts)
            assert plane.value == pytest.approx(lost(network, whole, amounts, winter), abs=1e-4)


@given(networks(), st.floats(0.1, 1))
@settings(deadline=None, max_examples=6)
def test_the_cheapest_mix_is_found_by_plain_search_too(whole: Network, ease: float) -> None:
    network = without(whole, "terminal")
    winter = as_listed(network)
    steps = (2, 3, 3, 3, 3)  # amounts in thirds of the most, or the whole of it
    grid = [
        np.array(
            [
                option.most * part / (count - 1)
                for option, part, count in zip(options(), parts, steps, strict=True)
            ]
        )
        for parts in product(*(range(count) for count in steps))
    ]
    losses = {amounts.tobytes(): lost(network, whole, amounts, winter) for amounts in grid}
    least, most = losses[grid[-1].tobytes()], losses[grid[0].tobytes()]
    allowed = least + ease * (most - least)
    recourses = winter_recourses(
        network, whole, ACTIONS, grid[-1] / 2, [winter], counted=np.ones((1, 2)), edges=BY_DAY
    )
    mix = optimal(Problem(options(), recourses, (Target("t", Risk("worst"), allowed),)), gap=1e-6)
    on_grid = min(
        total_cost(options(), amounts) for amounts in grid if losses[amounts.tobytes()] <= allowed + 1e-6
    )
    assert mix.cost <= on_grid + 1e-4, "between the points of the grid it can only be cheaper"
    assert lost(network, whole, mix.amounts, winter) <= allowed + 1e-4, "and it is enough in the simulator"


@given(networks())
@settings(deadline=None, max_examples=6)
def test_more_of_a_measure_never_leaves_more_unserved(whole: Network) -> None:
    network = without(whole, "terminal")
    winter, most = as_listed(network), np.array([option.most for option in options()])
    before = lost(network, whole, 0 * most, winter)
    for place in range(len(most)):
        some = np.zeros(len(most))
        some[place] = most[place]
        assert lost(network, whole, some, winter) <= before + 1e-6


@given(networks(), st.integers(0, 99))
@settings(deadline=None, max_examples=6)
def test_a_replayed_winter_is_the_winter_of_the_changed_network(whole: Network, seed: int) -> None:
    """What `bracketed` brackets is what the dispatch of the changed network in that winter leaves unserved."""
    network = without(whole, "terminal")
    (winter,) = draws(network, Variation(outage_chance=0.0), 1, seed)
    amounts = np.array([option.most for option in options()]) / 2
    changed = acted(network, whole, ACTIONS, amounts)
    found = bracketed(changed, [winter_with(network, whole, ACTIONS, amounts, winter)])
    exact = lost(network, whole, amounts, winter)
    assert found.low[0] - 1e-4 <= exact <= found.high[0] + 1e-4


def test_what_a_measure_names_must_be_there() -> None:
    network = Network(
        "n", "gas", "GWh", ("all",), ("A",), np.ones((1, 1, 2)), entries=(Entry("well", "A", 5.0),)
    )
    with pytest.raises(NetworkError, match="asset at 'tunnel': expected one of well"):
        acted(network, network, [Action("asset", "tunnel")], np.ones(1))
