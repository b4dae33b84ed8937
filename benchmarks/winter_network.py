"""What does a made-up gas network of the size of Europe look like? Always the same one for a seed.

Forty countries lie on a unit square and are joined to their nearest neighbours; six of them are suppliers at the edge.
Demand is lognormal by country with a peak in January and weather that lasts some days. Ships come to each terminal
every few days and fill its tank. Figures are invented and round; their sums are about those of Europe, in GWh.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from weaklink.network.model import Curve, Entry, Link, Network, Source, Storage

Figures = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

SUPPLIERS = 6  # countries that hardly use gas and send it to the others
DEMAND = 16_000.0  # GWh a day of all countries, mean of the winter
DRAWN = 0.42  # of demand that all production could serve
LANDED = 0.40  # of demand that all terminals could serve; ships bring 72 % of that
STORED = 1.1e6 * 0.75  # GWh that all stores hold
TIGHT = 1.1  # factor on all supply: about three per cent of demand go unserved


def network(
    *, seed: int = 1, nodes: int = 40, pairs: int = 60, terminals: int = 20, stores: int = 25, days: int = 181
) -> Network:
    """A network with so many of everything; each pair of neighbours is one link with a capacity each way."""
    random = np.random.default_rng(seed)
    names = tuple(f"N{place:02d}" for place in range(nodes))
    where = random.random((nodes, 2))
    size = random.lognormal(0, 1.1, nodes)
    size[:SUPPLIERS] = 0.02 * size[SUPPLIERS:].mean()
    mean = DEMAND * size / size.sum()
    joined = _neighbours(where, pairs)
    capacity = _capacities(random, mean, joined)
    homes, wells = range(SUPPLIERS, nodes), nodes * 7 // 20
    fields = np.concatenate([np.arange(SUPPLIERS), random.choice(homes, wells, replace=False)])
    drawn = np.concatenate([random.lognormal(0, 0.5, SUPPLIERS), random.lognormal(-1.6, 0.8, wells)])
    drawn *= DEMAND * DRAWN * TIGHT / drawn.sum()
    ports = random.choice(homes, terminals, replace=False)
    landed = random.lognormal(0, 0.6, terminals)
    landed *= DEMAND * LANDED / landed.sum()
    arrivals = _ships(random, landed, days)
    sites = random.choice(homes, stores, replace=False)
    volume = mean[sites] * random.lognormal(np.log(45), 0.6, stores)
    volume *= STORED * TIGHT / volume.sum()
    withdrawn = volume / random.uniform(45, 110, stores)
    demand = mean[:, None] * _season(random, nodes, days)
    _widen(capacity, joined, mean, (fields, drawn), (ports, 0.8 * landed), (sites, 0.6 * withdrawn))
    fleets = tuple(f"fleet {names[port]}" for port in ports)
    return Network(
        name="made up",
        commodity="gas",
        unit="GWh",
        classes=("protected", "others"),
        nodes=names,
        demand=np.stack([0.55 * demand, 0.45 * demand]),
        links=tuple(
            Link(f"{names[one]}-{names[other]}", names[one], names[other], float(there), float(back))
            for (one, other), (there, back) in zip(joined, capacity, strict=True)
        ),
        entries=(
            *(
                Entry(f"field {names[at]}", names[at], rate)
                for at, rate in zip(fields, drawn.tolist(), strict=True)
            ),
            *(
                Entry(f"port {names[at]}", names[at], rate, "terminal", fleet)
                for at, rate, fleet in zip(ports, landed.tolist(), fleets, strict=True)
            ),
        ),
        sources=tuple(
            Source(fleet, daily, buffer=6 * rate, start=3 * rate)
            for fleet, rate, daily in zip(fleets, landed.tolist(), arrivals, strict=True)
        ),
        storages=tuple(
            Storage(
                f"store {names[at]}",
                names[at],
                most,
                withdrawal=Curve(((0.0, 0.35 * rate), (0.45, rate), (1.0, rate))),
                injection=Curve.flat(0.5 * rate),
                start=0.9 * most,
            )
            for at, most, rate in zip(sites, volume.tolist(), withdrawn.tolist(), strict=True)
        ),
    )


def _season(random: np.random.Generator, nodes: int, days: int) -> Figures:
    """Demand over its mean: a cosine with its peak in January, times weather, in part common to all."""
    fresh, lasting = random.standard_normal((nodes + 1, days)), np.zeros((nodes + 1, days))
    for day in range(1, days):
        lasting[:, day] = 0.85 * lasting[:, day - 1] + 0.5 * fresh[:, day]
    season = 1 + 0.45 * np.cos(2 * np.pi * (np.arange(days) - 104.5) / 365)
    found = np.maximum(0.3, season * (1 + 0.06 * (0.8 * lasting[0] + 0.6 * lasting[1:])))
    return np.asarray(found / found.mean())


def _ships(random: np.random.Generator, landed: Figures, days: int) -> Figures:
    """What arrives at each terminal each day: a ship every two to five days."""
    size, every = random.random((len(landed), days)), random.integers(2, 6, len(landed))
    first = random.integers(0, 9, len(landed))
    comes = (np.arange(days) + first[:, None]) % every[:, None] == 0
    found: Figures = comes * (0.8 + 0.4 * size) * 0.72 * TIGHT * (landed * every)[:, None]
    return found


def _capacities(random: np.random.Generator, mean: Figures, joined: Sequence[tuple[int, int]]) -> Figures:
    """Capacity of each link there and back, by the size of the countries that it joins."""
    found = []
    for one, other in joined:
        there = random.lognormal(np.log(0.5 * np.sqrt(mean[one] * mean[other]) + 120), 0.5)
        found.append((there, there * random.choice([0.15, 0.6, 1.0])))
    return np.array(found)


def _widen(
    capacity: Figures, joined: Sequence[tuple[int, int]], mean: Figures, *supply: tuple[Places, Figures]
) -> None:
    """Make links wide enough for suppliers to send and for the others to get what they lack; in place."""
    ends = np.array(joined)
    origin, target = ends, ends[:, ::-1]
    (fields, drawn), *_ = supply
    for place, rate in zip(fields[:SUPPLIERS], drawn, strict=False):
        _at_least(capacity, origin == place, 1.15 * rate)
    own = np.zeros(len(mean))
    for places, rates in supply:
        np.add.at(own, places, rates)
    for _ in range(3):  # what a wider inlet takes, its neighbour must get first
        for place in range(SUPPLIERS, len(mean)):
            lacking = max(1.35 * mean[place] - own[place], 0.1 * mean[place])
            _at_least(capacity, target == place, 1.5 * lacking)
    capacity *= 1.5


def _at_least(capacity: Figures, those: npt.NDArray[np.bool_], least: float) -> None:
    if capacity[those].sum() < least:
        capacity[those] *= least / capacity[those].sum()


def _neighbours(where: Figures, pairs: int) -> list[tuple[int, int]]:
    """Pairs of the shortest tree, then the nearest others until there are so many."""
    apart = np.hypot(*(where[:, None] - where[None]).transpose(2, 0, 1))
    every = sorted(combinations(range(len(where)), 2), key=lambda pair: float(apart[pair]))
    inside, found = {0}, set[tuple[int, int]]()
    while len(inside) < len(where):
        pair = next(pair for pair in every if len(inside & set(pair)) == 1)
        inside |= set(pair)
        found.add(pair)
    for pair in every:
        if len(found) >= pairs:
            break
        found.add(pair)
    return sorted(found)
