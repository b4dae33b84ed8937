"""Who helps whom, so that the largest unmet share is as small as it can be, then the next, and nobody gives too much?

    min r   subject to   served_n >= (1 - r) · needs_n,   Σ_n x_mn <= has_m - floor_m,   0 <= x_mn <= link_mn

then the same for the others, until none is left (leximin). Served is what a member has itself, up to its needs, and
what it gets. Without links, where all lack something, r = 1 - S / Σ needs, S being all that can be used. It is the
allocation of `aid.allocation`, in which a member's own stock is an offer to itself alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from weaklink import lp
from weaklink.aid.allocation import Offer, Want, allocated
from weaklink.mitigation.options import Figures

SPREAD = 1e-6  # of the largest need: smaller ones are as exact as this allows


@dataclass(frozen=True, slots=True)
class Member:
    """What a member has and needs, in one unit, and what it keeps whatever others lack: at least its needs."""

    name: str
    has: float
    needs: float
    floor: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        figures = (self.has, self.needs, self.floor)
        if not (np.isfinite(figures).all() and min(figures) >= 0):
            raise ValueError(f"{self.name}: what it has, needs and keeps must be finite and not negative")

    @property
    def gives(self) -> float:
        """The most it gives: what it has beyond its floor and its needs."""
        return max(0.0, self.has - max(self.floor, self.needs))

    @property
    def unmet(self) -> float:
        """The share of its needs that it cannot meet itself."""
        return max(0.0, 1 - self.has / self.needs) if self.needs > 0 else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Helped:
    """Who gives whom how much, `given` with a row for each giver; unmet shares after it; and what fairness costs.

    `most_served` is the most that could be handed over to needs if only the total counted.
    """

    given: Figures
    unmet: Figures
    most_served: float

    @property
    def served(self) -> float:
        """What is handed over in all."""
        return float(self.given.sum())

    @property
    def cost_of_fairness(self) -> float:
        """Share of the most that could be handed over that is not, because the worst off come first."""
        return max(0.0, 1 - self.served / self.most_served) if self.most_served > 0 else 0.0


def helped(members: Sequence[Member], links: Figures | None = None) -> Helped:
    """The fairest help. `links` has the most that can go from a row's member to a column's; None: nothing limits it.

    >>> found = helped([Member("A", 10.0, 4.0), Member("B", 0.0, 4.0), Member("C", 2.0, 8.0)])
    >>> found.given.round(6).tolist(), found.unmet.round(6).tolist()
    ([[0.0, 2.666667, 3.333333], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]], [0.0, 0.333333, 0.333333])
    """
    size, unit = len(members), _unit(members)
    if unit != 1:
        scaled = [Member(one.name, one.has / unit, one.needs / unit, one.floor / unit) for one in members]
        found = _helped(scaled, np.full((size, size), np.inf) if links is None else links / unit)
        return Helped(found.given * unit, found.unmet, found.most_served * unit)
    return _helped(members, np.full((size, size), np.inf) if links is None else links)


def _unit(members: Sequence[Member]) -> float:
    """What the smallest need is counted in, so that tolerances of solvers are small beside it."""
    needs = [one.needs for one in members if one.needs > 0]
    return max(min(needs), max(needs) * SPREAD) if needs else 1.0


def _helped(members: Sequence[Member], links: Figures) -> Helped:
    """The same for amounts of about one and more."""
    size = len(members)
    wants = [Want(one.name, one.needs, 1) for one in members]
    own = [Offer(one.name, min(one.has, one.needs), frozenset({place})) for place, one in enumerate(members)]
    others = [
        Offer(one.name, one.gives, frozenset(range(size)) - {place}) for place, one in enumerate(members)
    ]
    found = allocated(wants, [*own, *others], links=np.vstack([np.full((size, size), np.inf), links]))
    given = np.maximum(found.given[size:], 0.0)
    return Helped(given, np.maximum(found.unmet_share, 0.0), _most_served(members, links))


def _most_served(members: Sequence[Member], links: Figures) -> float:
    """The most that can go from those who give to those who lack: a flow."""
    size = len(members)
    lacks = np.array([max(0.0, one.needs - one.has) for one in members])
    gives = np.array([one.gives for one in members])
    upper = np.minimum(links, np.minimum.outer(gives, lacks))
    np.fill_diagonal(upper, 0.0)
    rows, columns = np.divmod(np.arange(size * size), size)
    matrix = sparse.vstack(
        [
            sparse.csr_matrix((np.ones(size * size), (one, np.arange(size * size))), (size, size * size))
            for one in (rows, columns)
        ]
    )
    program = lp.Program(
        cost=-np.ones(size * size),
        matrix=sparse.csc_matrix(matrix),
        row_lower=np.full(2 * size, -np.inf),
        row_upper=np.concatenate([gives, lacks]),
        lower=np.zeros(size * size),
        upper=upper.ravel(),
    )
    return -lp.solve(program).objective if size else 0.0
