"""Generated input-output tables that balance: any number of regions, holes, industries without output, split regions.

The table is built from coefficients and final demand, x = (I - A)⁻¹ y, so that what the identities say of it can be
derived, not read off. `close_to_one` makes columns that leave almost no value added, where solvers are worst off.
"""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from weaklink.inputoutput.accounts import Accounts, Floats

NAMES = ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF")


@st.composite
def tables(
    draw: st.DrawFn, *, least_regions: int = 1, most_regions: int = 5, idle: bool = True, parts: bool = True
) -> Accounts:
    """A balanced table of up to five regions and four sectors; rows in any order."""
    regions = draw(st.integers(least_regions, most_regions))
    sectors = draw(st.integers(1, 4))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    density = draw(st.sampled_from([0.0, 0.3, 1.0]))
    largest = draw(st.sampled_from([0.3, 0.7, 0.97]))
    kept = _rows(random, regions, sectors, holes=draw(st.booleans()))
    order = random.permutation(len(kept)) if draw(st.booleans()) else np.arange(len(kept))
    region, sector = kept[order].T
    A = _coefficients(random, region, density, largest)
    Y = random.lognormal(0, 2, (len(region), regions)) * (random.random((len(region), regions)) < 0.8)
    if not Y.any():
        Y[0, 0] = 1.0
    if idle and draw(st.booleans()):
        out = random.integers(len(region))
        A[out] = A[:, out] = 0
        Y[out] = 0
    scale = draw(st.sampled_from([1e-6, 1.0, 1e6]))
    split = (
        tuple(f"{NAMES[r]}{random.integers(2)}" for r in region) if parts and draw(st.booleans()) else None
    )
    return made(A, Y * scale, region, sector, regions, sectors, split)


def made(
    A: Floats,
    Y: Floats,
    region: np.ndarray[tuple[int], np.dtype[np.int64]],
    sector: np.ndarray[tuple[int], np.dtype[np.int64]],
    regions: int,
    sectors: int,
    part: tuple[str, ...] | None = None,
) -> Accounts:
    """The table of coefficients and final demand."""
    x = np.linalg.solve(np.eye(len(A)) - A, Y.sum(axis=1))
    Z = A * x
    return Accounts(
        regions=NAMES[:regions],
        sectors=tuple(f"S{place}" for place in range(sectors)),
        region=region,
        sector=sector,
        Z=Z,
        Y=Y,
        x=x,
        value_added=x - Z.sum(axis=0),
        unit="million USD",
        year=2020,
        source="generated",
        part=part,
    )


def _rows(
    random: np.random.Generator, regions: int, sectors: int, *, holes: bool
) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Pairs of region and sector; with holes, some are missing, but never all."""
    pairs = np.array([(r, s) for r in range(regions) for s in range(sectors)], dtype=np.int64)
    chosen = random.random(len(pairs)) < 0.8 if holes else np.ones(len(pairs), dtype=np.bool_)
    chosen[random.integers(len(pairs))] = True
    return pairs[chosen]


def _coefficients(
    random: np.random.Generator,
    region: np.ndarray[tuple[int], np.dtype[np.int64]],
    density: float,
    largest: float,
) -> Floats:
    """Column sums up to `largest`, more of it from home."""
    size = len(region)
    A = random.lognormal(0, 2, (size, size)) * (random.random((size, size)) < density)
    A *= np.where(region[:, None] == region, 10.0, 1.0)
    total = A.sum(axis=0)
    shares: Floats = np.divide(
        A * largest * random.random(size), total, out=np.zeros_like(A), where=total > 0
    )
    return shares
