"""PyPSA, written by others and with another modelling layer, finds the same objective.

PyPSA has no storage whose rates fall with its level. So the winters here have stores with flat rates; programmes with
curves are held to SciPy in `test_dispatch`.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from tests.network.generated import winter, winters
from tests.network.in_pypsa import Costs, optimum
from weaklink import lp
from weaklink.network.aggregate import aggregated
from weaklink.network.dispatch import dispatch
from weaklink.network.model import Network
from weaklink.network.programme import END_STOCK_VALUE, programme

pytest.importorskip("pypsa", reason="PyPSA is not installed: the extra network-oracle")
pytestmark = pytest.mark.filterwarnings("ignore")  # PyPSA and what it stands on warn of their own future
few = settings(max_examples=5, deadline=None)


@given(winters)
@few
def test_the_objective_with_all_its_tie_breaks_is_that_of_pypsa_to_a_millionth(net: Network) -> None:
    made = programme(net)
    start = END_STOCK_VALUE * sum(store.start for store in net.storages)
    other = optimum(net, Costs.of(made)) - start
    assert lp.solve(made.program).objective == pytest.approx(other, rel=1e-6)


@given(winters)
@few
def test_unserved_demand_is_the_least_that_pypsa_finds_to_a_millionth_of_demand(net: Network) -> None:
    """PyPSA is told of nothing but unserved demand, so that none of our costs enters."""
    other = optimum(net, Costs.of_unserved(net))
    assert dispatch(net).total_unserved == pytest.approx(other, rel=1e-6, abs=1e-6 * net.total_demand)


def test_a_winter_in_weeks_has_the_objective_of_pypsa_with_weights() -> None:
    net = winter(11, tight=0.6)
    by_week = aggregated(net, np.arange(0, 29, 7))
    other = optimum(by_week, Costs.of_unserved(by_week))
    assert other > 1.0
    assert dispatch(by_week).total_unserved == pytest.approx(other, rel=1e-6)
