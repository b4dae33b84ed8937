"""Purchases and responses as Hypothesis draws them: a few products, importers and strikes."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from weaklink.shortfall import Late, Purchases, Responses, Strike

NOTHING_HELPS = {
    "spare": 0.0,
    "ramp_days": 1.0,
    "supply_elasticity": 0.0,
    "demand_elasticity": 0.0,
    "most_price": 5.0,
    "saving": 0.0,
    "passed_on": 0.0,
    "speed_knots": 12.0,
}


def responses(lost: float, stock_days: float, **more: float) -> Responses:
    """Responses of which only the stocks help, but for those named."""
    shares = np.atleast_2d(np.asarray(lost, dtype=np.float64))
    size = len(shares)
    figures = {**NOTHING_HELPS, **more}
    stock = np.full((size, 1), stock_days, dtype=np.float64)
    return Responses(
        lost=shares, stock_days=stock, **{name: np.full(size, value) for name, value in figures.items()}
    )


def one_buyer(use: float = 1.0, days: int = 60, others: float = 0.0) -> Purchases:
    """One importer that buys one product of one supplier, who is struck from the first day on."""
    only = np.array([use])
    return Purchases(
        product=np.array([0]),
        member=np.array([0]),
        use=only,
        world=only,
        others=np.array([others]),
        urgent=np.array([False]),
        strikes=(Strike((0,), (), only, only),),
        force=np.ones((1, days)),
    )


shares = st.floats(0, 1)


@st.composite
def purchases(draw: st.DrawFn, *, pooled: bool = False) -> Purchases:
    """Up to three products and three importers, two shocks, one of which may be a closure with detours."""
    products, members = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    product, member = (one.ravel() for one in np.mgrid[0:products, 0:members])
    size = len(product)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    use = rng.uniform(0.5, 2.0, size)
    parts = rng.dirichlet(np.ones(4), size).T * use
    abroad = rng.uniform(0.0, 3.0, (4, products))

    def world(
        part: np.ndarray[tuple[int, ...], np.dtype[np.float64]], place: int
    ) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        sums = np.bincount(product, part, products) + abroad[place]
        return np.asarray(sums, dtype=np.float64)

    detour = rng.uniform(0, 6000, size)
    late = Late.of(np.arange(size), detour, parts[2], size)
    late_world = Late.of(product.astype(np.int64), detour, parts[2], products)
    strikes = (
        Strike((0,), (), parts[0], world(parts[0], 0)),
        Strike((), (1,), parts[1], world(parts[1], 1)),
        Strike((), (1,), parts[2], world(parts[2], 2), (late, late_world)),
        Strike((0,), (), parts[3] * 0.5, world(parts[3] * 0.5, 3) * 0.5, by_hubs=True),
    )
    days = draw(st.integers(5, 40))
    force = np.ones((2, days))
    force[0, draw(st.integers(1, days)) :] = 0.0
    return Purchases(
        product=product.astype(np.int64),
        member=member.astype(np.int64),
        use=use,
        world=sum((world(part, place) for place, part in enumerate(parts)), np.zeros(products)),
        others=rng.uniform(0.0, 2.0, products),
        urgent=rng.random(size) < draw(shares),
        strikes=strikes,
        force=force,
        pooled=pooled,
    )


@st.composite
def responses_drawn(draw: st.DrawFn, size: int = 3) -> Responses:
    """Responses of every kind."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return Responses(
        lost=rng.uniform(0, 1, (size, 2)),
        stock_days=rng.uniform(0, 20, (size, 3)),
        spare=rng.uniform(0, 0.5, size),
        ramp_days=rng.uniform(1, 40, size),
        supply_elasticity=rng.uniform(0, 0.5, size),
        demand_elasticity=rng.uniform(0, 0.5, size),
        most_price=rng.uniform(1, 10, size),
        saving=rng.uniform(0, 0.2, size),
        passed_on=rng.uniform(0, 1, size),
        speed_knots=rng.uniform(10, 16, size),
    )
