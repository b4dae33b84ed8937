"""Small made-up networks for properties, and the same networks in the words of other programs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from weaklink.network.model import Curve, Entry, Link, Network, Source, Storage, without


def network(
    seed: int,
    *,
    nodes: int = 5,
    periods: int = 6,
    tight: float = 1.0,
    classes: tuple[str, ...] = ("homes", "industry"),
) -> Network:
    """A network of a seed: a tree and some more links, wells, ships with tanks, stores with curves."""
    random = np.random.default_rng(seed)
    names = tuple("ABCDEFGHIJ"[:nodes])
    demand = random.uniform(2, 10, (len(classes), nodes, periods))
    links = [
        Link(
            f"{names[other]}-{names[one]}",
            names[other],
            names[one],
            random.uniform(2, 15),
            random.uniform(0, 8),
        )
        for one in range(1, nodes)
        for other in [int(random.integers(0, one))]
    ]
    links.append(Link("loop", names[0], names[-1], random.uniform(1, 6)))
    entries = (
        Entry("well", names[0], tight * random.uniform(10, 30)),
        Entry("well 2", names[1], tight * random.uniform(2, 15)),
        Entry("port", names[2], tight * random.uniform(5, 20), "terminal", "ships"),
        Entry("port 2", names[-1], tight * random.uniform(1, 10), "terminal", "ships"),
        Entry("border", names[-1], tight * random.uniform(1, 10), "border", "supplier"),
    )
    sources = (
        Source(
            "ships", daily=tight * random.uniform(0, 20, periods), buffer=15.0, start=random.uniform(0, 15)
        ),
        Source("supplier", total=tight * random.uniform(5, 40)),
    )
    volume = random.uniform(10, 60, 2)
    storages = tuple(
        Storage(
            f"store {place}",
            names[place],
            volume[place],
            withdrawal=Curve(((0.0, 1.0), (0.5, 6.0), (1.0, 8.0))),
            injection=Curve(((0.0, 5.0), (1.0, 2.0))),
            start=random.uniform(0.3, 0.9) * volume[place],
            minimum_end=0.1 * volume[place],
        )
        for place in range(2)
    )
    return Network(
        f"made up {seed}", "gas", "GWh", classes, names, demand, tuple(links), entries, sources, storages
    )


networks = st.builds(network, st.integers(0, 100_000), tight=st.sampled_from([0.3, 0.6, 0.9, 1.3]))


def with_flat_rates(net: Network) -> Network:
    """The network with stores as fast at every level, as programs have them that know no curves; and a loss."""
    return replace(
        net,
        storages=tuple(
            replace(
                one,
                withdrawal=Curve.flat(one.withdrawal.at(1.0)),
                injection=Curve.flat(one.injection.at(1.0)),
                loss=0.03,
            )
            for one in net.storages
        ),
    )


def winter(seed: int, tight: float, days: int = 28) -> Network:
    """Some weeks with a wave of cold in their middle, of stores with flat rates, and a well that fails in it."""
    made = with_flat_rates(network(seed, nodes=4, periods=days, tight=tight))
    cold = 1 + 0.5 * np.exp(-(((np.arange(days) - days / 2) / 4) ** 2))
    return without(replace(made, demand=made.demand * cold), "well 2", first=days // 2, last=days // 2 + 5)


winters = st.builds(winter, st.integers(0, 100_000), tight=st.sampled_from([0.6, 0.9, 1.3]))
