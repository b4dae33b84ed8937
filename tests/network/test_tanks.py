"""Worth of arrivals: by hand, and against the prices that the solver finds for one tank."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weaklink import lp
from weaklink.network.model import Entry, Network, Source
from weaklink.network.programme import UNSERVED, programme
from weaklink.network.tanks import Tanks


def port(arrivals: list[float], demand: float, buffer: float, start: float = 0.0) -> Network:
    """One node that is short whatever arrives, with one terminal."""
    return Network(
        "n",
        "gas",
        "GWh",
        ("all",),
        ("A",),
        np.full((1, 1, len(arrivals)), demand),
        entries=(Entry("port", "A", 4.0, "terminal", "ships"),),
        sources=(Source("ships", np.array(arrivals), buffer=buffer, start=start),),
    )


def worth(net: Network) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    arrivals = np.array([net.series(net.sources[0].daily)])
    arrivals[0, 0] += net.sources[0].start
    capacity = np.array([net.series(net.entries[0].capacity)])
    return Tanks.of(net).prices(np.full((1, net.periods), UNSERVED), np.zeros(1), arrivals, capacity)


def test_ships_before_an_overflow_are_worth_nothing_back_to_an_empty_tank() -> None:
    # 4 a day can be sold, 5 kept: day 1 leaves nothing, days 2 to 4 fill the tank until 3 are lost, day 5 keeps 2.
    found = worth(port([3.0, 8.0, 6.0, 6.0, 1.0], demand=9.0, buffer=5.0))
    assert found.tolist() == [[UNSERVED, 0.0, 0.0, 0.0, 0.0]]
    assert worth(port([3.0, 3.0], demand=9.0, buffer=5.0)).tolist() == [[UNSERVED, UNSERVED]]


@given(
    st.lists(st.sampled_from([0.0, 1.0, 3.0, 5.0, 9.0]), min_size=1, max_size=12),
    st.sampled_from([0.0, 2.5, 7.0]),
)
@settings(max_examples=40, deadline=None)
def test_with_them_a_node_that_is_always_short_is_bounded_exactly(
    arrivals: list[float], buffer: float
) -> None:
    """HiGHS's own optimum is the second opinion: weak duality meets it where the price of the node is known."""
    net = port(arrivals, demand=9.0, buffer=buffer, start=min(buffer, 1.5))
    made = programme(net, tie_break=0.0)
    prices = np.zeros(made.program.matrix.shape[0])
    prices[made.rows["balance"]] = UNSERVED
    prices[made.rows["source"]] = -worth(net)
    assert lp.proven_bound(made.program, prices) == pytest.approx(lp.solve(made.program).objective, rel=1e-9)


def test_sources_without_a_daily_limit_have_no_tank() -> None:
    net = Network(
        "n",
        "gas",
        "GWh",
        ("all",),
        ("A",),
        np.ones((1, 1, 2)),
        entries=(Entry("border", "A", 1.0, "border", "supplier"),),
        sources=(Source("supplier", total=1.0),),
    )
    assert Tanks.of(net).prices(
        np.ones((1, 2)), np.zeros(1), np.full((1, 2), np.inf), np.ones((1, 2))
    ).shape == (0, 2)
