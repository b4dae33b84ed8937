"""Who should get what next? The most urgent first, and among equals the fairest: leximin of unmet shares.

    stage 1    min r   subject to   served_n >= (1 - r) · wanted_n,   Σ_n x_on <= offered_o,   0 <= served_n <= wanted_n
    stage 2    needs that cannot have less unmet keep it; the same for the others, until none is left
    then       the next urgency, with what the more urgent ones got held fixed

Without limits on who may get what, r = 1 - S / Σ wanted. A row of a need with a price is tight in every optimum, so
that the need cannot be served better (Megiddo (1974), Mathematical Programming 7, 97). What each need gets is then
unique; which offer it comes from is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from weaklink import lp

Figures = npt.NDArray[np.float64]
SMALL = 1e-7  # share of what is wanted: less than that is nothing
BINDING = 1e-7  # price of a row that holds the largest unmet share, whose prices add up to 1 over all rows


@dataclass(frozen=True, slots=True)
class Want:
    """What one need still lacks; urgency 1 comes before 2."""

    name: str
    amount: float
    urgency: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be given. `only` are the places of the needs that it may serve, None for all."""

    name: str
    amount: float
    only: frozenset[int] | None = None

    def may_serve(self, want: int) -> bool:
        """Whether it may go to a need."""
        return self.only is None or want in self.only


@dataclass(frozen=True, slots=True, eq=False)
class Allocation:
    """Who gets what: `given` has a row for each offer and a column for each need."""

    given: Figures
    wanted: Figures

    @property
    def served(self) -> Figures:
        """What each need gets."""
        got: Figures = self.given.sum(axis=0)
        return got

    @property
    def unmet_share(self) -> Figures:
        """The share of each need that stays unmet."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.wanted > 0, 1 - self.served / self.wanted, 0.0)


def allocated(
    wants: Sequence[Want], offers: Sequence[Offer], *, whole: bool = False, links: Figures | None = None
) -> Allocation:
    """The fairest allocation: leximin of unmet shares, urgency by urgency.

    `links` has a row for each offer and a column for each need: the most that can go from one to the other; nothing
    limits it where it is None. With `whole`, pieces are not split: shares are rounded down, and what is left goes piece
    by piece to the most urgent need with the largest unmet share. Raises `lp.NoSolutionError` where a programme has no
    verified optimum.

    >>> found = allocated([Want("a", 10, 2), Want("b", 30, 2), Want("c", 4, 1)], [Offer("x", 24)])
    >>> found.served.round(6)
    array([ 5., 15.,  4.])
    """
    wanted = np.array([one.amount for one in wants], dtype=float)
    given = np.zeros((len(offers), len(wants)))
    pairs = [(o, n) for o, offer in enumerate(offers) for n in range(len(wants)) if offer.may_serve(n)]
    if pairs and wanted.any():
        for (o, n), amount in zip(pairs, _leximin(wants, offers, pairs, links), strict=True):
            given[o, n] = amount
    if whole:
        given = _rounded(given, wants, offers, links)
    return Allocation(given, wanted)


def _leximin(
    wants: Sequence[Want],
    offers: Sequence[Offer],
    pairs: Sequence[tuple[int, int]],
    links: Figures | None,
) -> Figures:
    """Amounts for each allowed pair of offer and need."""
    most = np.full(len(pairs), np.inf) if links is None else np.array([links[pair] for pair in pairs])
    wanted = np.array([one.amount for one in wants], dtype=float)
    least = np.zeros(len(wants))  # share of each need that is held served
    amounts = np.zeros(len(pairs))
    for urgency in sorted({one.urgency for one in wants}):
        open_needs = np.array([one.urgency == urgency and one.amount > 0 for one in wants])
        while open_needs.any():
            solution = lp.solve(_programme(wanted, offers, pairs, least, open_needs, most))
            largest = float(solution.x[-1])
            prices = solution.row_prices[len(offers) : len(offers) + len(wants)]
            held = open_needs & (prices * wanted > BINDING)
            if largest < SMALL or not held.any():
                held = open_needs
            amounts = solution.x[:-1]
            least = np.where(held, np.maximum(0.0, 1 - largest - SMALL / 10), least)
            open_needs &= ~held
    return amounts


def _programme(
    wanted: Figures,
    offers: Sequence[Offer],
    pairs: Sequence[tuple[int, int]],
    least: Figures,
    open_needs: npt.NDArray[np.bool_],
    most: Figures,
) -> lp.Program:
    """Minimise the largest unmet share of the open needs; others keep what is held for them."""
    many, needs = len(pairs), len(wanted)
    columns = np.arange(many)
    by_offer = sparse.csr_matrix(
        (np.ones(many), ([o for o, _ in pairs], columns)), shape=(len(offers), many + 1)
    )
    by_need = sparse.lil_matrix((needs, many + 1))
    for column, (_, n) in enumerate(pairs):
        by_need[n, column] = 1.0
    served = by_need.tocsr().copy()
    by_need[:, many] = np.where(open_needs, wanted, 0.0).reshape(-1, 1)
    free = np.full(needs, np.inf)
    return lp.Program(
        cost=np.concatenate([np.zeros(many), [1.0]]),
        matrix=sparse.csc_matrix(sparse.vstack([by_offer, by_need.tocsr(), served])),
        row_lower=np.concatenate(
            [np.full(len(offers), -np.inf), np.where(open_needs, wanted, least * wanted), -free]
        ),
        row_upper=np.concatenate([np.array([one.amount for one in offers], dtype=float), free, wanted]),
        lower=np.zeros(many + 1),
        upper=np.concatenate([most, [1.0]]),
    )


def _rounded(
    given: Figures, wants: Sequence[Want], offers: Sequence[Offer], links: Figures | None
) -> Figures:
    """Whole pieces: each share rounded down, then the rest one by one to whoever lacks most."""
    found = np.floor(given + 1e-6)
    left = np.array([np.floor(one.amount + 1e-9) for one in offers]) - found.sum(axis=1)
    while True:
        room = np.full(found.shape, np.inf) if links is None else links - found
        best = _neediest(found, wants, offers, np.where(room >= 1, left[:, None], 0.0))
        if best is None:
            return found
        offer, need = best
        found[offer, need] += 1
        left[offer] -= 1


def _neediest(
    found: Figures, wants: Sequence[Want], offers: Sequence[Offer], left: Figures
) -> tuple[int, int] | None:
    """An offer with a piece left and the need that should have it; None where no piece can be given."""
    served = found.sum(axis=0)
    ranked = sorted(
        (one.urgency, -(1 - served[n] / one.amount), n)
        for n, one in enumerate(wants)
        if one.amount - served[n] >= 1 - 1e-9
    )
    for _, _, need in ranked:
        for offer, one in enumerate(offers):
            if left[offer, need] >= 1 and one.may_serve(need):
                return offer, need
    return None
