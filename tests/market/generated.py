"""Generated economies, trade and worlds: any size, with holes; every one balanced by construction."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from weaklink.market.economy import Economy, Floats
from weaklink.market.world import World

NAMES = ("AAA", "BBB", "CCC", "DDD", "EEE")


def economy(seed: int, *, producers: int = 4, factors: int = 3, outside: bool = True) -> Economy:
    """A network of sectors with gaps, each of which uses some factor."""
    random = np.random.default_rng(seed)
    shares = random.random((producers, producers + factors)) * (
        random.random((producers, producers + factors)) < 0.6
    )
    shares[:, 0] = 0
    shares[:, producers:] += 0.15
    shares /= shares.sum(axis=1, keepdims=True)
    sold = np.append(0.0, random.random(producers - 1) * 0.15) if outside else np.zeros(producers)
    return Economy(shares, random.uniform(0.2, 2.5, producers), sold)


def trade(seed: int, countries: int) -> Floats:
    """Trade of so many countries, with gaps and small deficits; most of it at home, and none without neighbours.

    Large deficits would not do: trade pays for them, and where it gets too dear there is no equilibrium.
    """
    random = np.random.default_rng(seed)
    around = np.roll(np.eye(countries), 1, axis=1).astype(bool)
    there = (random.random((countries, countries)) < 0.8) | around | around.T
    flows = random.lognormal(0, 1, (countries, countries)) * there
    flows[np.diag_indices(countries)] = flows.sum(axis=0) * random.uniform(0.5, 6, countries) + 0.1
    for _ in range(200):  # the same scale for what a country sells and buys: sums become equal
        scale = np.sqrt(flows.sum(axis=0) / flows.sum(axis=1))
        flows *= scale[:, None] / scale
    return np.asarray(flows * random.uniform(0.97, 1.03, countries))


def world(seed: int, regions: int, sectors: int) -> World:
    """A world: final use by origin and input coefficients, then output by the Leontief inverse."""
    random = np.random.default_rng(seed)
    size = regions * sectors
    home = np.kron(np.eye(regions), np.ones((sectors, sectors))) * 6 + 1
    coefficients = random.lognormal(0, 1, (size, size)) * home * (random.random((size, size)) < 0.7)
    coefficients *= random.uniform(0.2, 0.6, size) / np.maximum(coefficients.sum(axis=0), 1e-9)
    final = random.lognormal(0, 1, (size, regions)) * (
        np.kron(np.eye(regions), np.ones((sectors, 1))) * 6 + 1
    )
    output = np.linalg.solve(np.eye(size) - coefficients, final.sum(axis=1))
    flows = (coefficients * output).reshape(regions, sectors, regions, sectors)
    by_origin = final.reshape(regions, sectors, regions)
    return World(
        NAMES[:regions],
        tuple(f"S{place}" for place in range(sectors)),
        np.ascontiguousarray((flows.sum(axis=3) + by_origin).transpose(1, 0, 2)),
        np.ascontiguousarray(flows.sum(axis=0).transpose(1, 0, 2)),
        by_origin.sum(axis=0).T.copy(),
    )


seeds = st.integers(0, 2**32 - 1)
