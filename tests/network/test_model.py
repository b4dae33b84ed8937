"""A network that is built is valid; one that is not says all that is wrong with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.network.generated import network
from weaklink.errors import NetworkError
from weaklink.network.model import Curve, Entry, Link, Network, Source, Storage, without


def broken(**changes: object) -> tuple[str, ...]:
    with pytest.raises(NetworkError) as refused:
        replace(network(1), **changes)  # type: ignore[arg-type]
    return refused.value.problems


def test_all_problems_are_told_together() -> None:
    base = network(1)
    found = broken(
        links=(*base.links, Link("odd", "A", "Z", -1.0)),
        entries=(*base.entries, Entry("late", "Q", float("nan"), source="nobody", unit="mcm")),
    )
    text = "\n".join(found)
    for word in (
        "no node 'Z'",
        "-1.0",
        "no node 'Q'",
        "missing",
        "no source 'nobody'",
        "is in mcm, the network in GWh",
    ):
        assert word in text
    assert len(found) == 6


def test_a_node_with_demand_that_nothing_can_reach_is_disconnected() -> None:
    with pytest.raises(NetworkError, match="'B' is disconnected"):
        Network("n", "gas", "GWh", ("all",), ("A", "B"), np.ones((1, 2, 1)), entries=(Entry("w", "A", 1.0),))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"start": 99.0}, "more than its volume"),
        ({"minimum_end": 9.0, "start": 5.0}, "minimum_end"),
        ({"loss": 1.0}, "loss"),
        ({"withdrawal": Curve(((0.0, 5.0), (0.5, 6.0), (1.0, 9.0)))}, "bends upwards"),
        ({"withdrawal": Curve(((0.0, 5.0), (1.0, 2.0)))}, "falls with the level"),
        ({"injection": Curve(((0.0, 2.0), (1.0, 5.0)))}, "rises with the level"),
        ({"withdrawal": Curve(((0.2, 5.0), (1.0, 6.0)))}, "from 0 to 1"),
        ({"volume": -1.0}, "volume is -1.0"),
    ],
)
def test_a_storage_that_contradicts_itself_is_refused(change: dict[str, object], word: str) -> None:
    store = Storage("s", "A", 10.0, Curve.flat(1.0), Curve.flat(1.0), start=5.0)
    assert any(word in problem for problem in broken(storages=(replace(store, **change),)))  # type: ignore[arg-type]


def test_demand_has_one_row_a_class_and_node() -> None:
    assert "shape" in broken(demand=np.ones((1, 5, 6)))[0]


def test_names_stand_once() -> None:
    base = network(1)
    assert any("stands 2 times" in problem for problem in broken(links=(*base.links, base.links[0])))


def test_a_source_cannot_start_with_more_than_its_buffer() -> None:
    assert any(
        "more than its buffer" in one
        for one in broken(sources=(Source("ships", start=1.0), Source("supplier")))
    )


def test_an_outage_takes_out_every_part_of_an_asset_and_leaves_the_network_as_it_was() -> None:
    base = network(1)
    joint = replace(base, links=(replace(base.links[0], asset="port"), *base.links[1:]))
    out = without(joint, "port", first=2, last=4)
    capacity = next(entry for entry in joint.entries if entry.name == "port").capacity
    assert np.asarray(out.entries[2].capacity).tolist() == [capacity, capacity, 0.0, 0.0, capacity, capacity]
    assert np.asarray(out.links[0].forward)[2] == 0
    assert joint.links[0].forward == base.links[0].forward


def test_an_unknown_asset_is_refused() -> None:
    with pytest.raises(NetworkError, match="no asset 'nothing'"):
        without(network(1), "nothing")


def test_demand_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="read-only"):
        network(1).demand[0, 0, 0] = 5.0
