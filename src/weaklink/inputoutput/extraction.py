"""What would be missing if some industries, or a single flow, were taken out of the table?

The table is solved again without them, x̄ = (I - Ā)⁻¹ f̄, and the loss is x - x̄. This measures how much of all
output takes part in what is taken out. It is no forecast: nobody finds another supplier, so it is not a lower bound
of participation, and nobody stands still for a missing part, so it is no upper bound of a loss either.

    total      the industries neither buy, nor sell, nor make anything
    backward   they buy nothing from industries outside themselves; final demand for them stays
    forward    they sell nothing to industries outside themselves; final demand for them stays
    flow       one set of sellers sells nothing to one set of buyers

Source: Dietzenbacher, van der Linden and Steenge (1993), Economic Systems Research 5(2), 185; Miller and Blair (2009),
section 12.2.6; extraction of flows: Los, Timmer and de Vries (2016), American Economic Review 106(7), 1958. That
backward and forward extraction leave alone what the industries sell to each other is our choice; others take
that out too.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np

from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Accounts, Flags, Floats
from weaklink.inputoutput.solve import Method, system, system_of

Kind = Literal["total", "backward", "forward"]


@dataclass(frozen=True, slots=True)
class Loss:
    """Output and value added before and after, one element per row, in the unit of the table.

    `before` is the output that the final demand of the table requires: x, where the table balances.
    """

    before: Floats
    after: Floats
    v: Floats
    residual: float

    @property
    def output(self) -> Floats:
        """Output lost in each row; below zero where it is gained."""
        return self.before - self.after

    @property
    def value_added(self) -> Floats:
        """Value added lost in each row."""
        return self.v * self.output

    @property
    def share(self) -> float:
        """Output lost in all rows together, as a share of all output; not-a-number where there is no output."""
        total = float(self.before.sum())
        return float(self.output.sum()) / total if total else math.nan


def extraction(
    accounts: Accounts, rows: Flags, kind: Kind = "total", *, share: float = 1.0, method: Method = "auto"
) -> Loss:
    """Take some industries out, wholly or by a share from 0 to 1. `rows` flags them, as `Accounts.flags` does.

    >>> from weaklink.inputoutput.textbook import one_region
    >>> loss = extraction(one_region(), np.array([True, False]))
    >>> loss.output.round(3).tolist(), round(loss.share, 4)
    ([1000.0, 210.526], 0.4035)
    """
    _checked_share(share)
    kept = 1.0 - share
    Z, y = np.array(accounts.Z, dtype=np.float64), accounts.Y.sum(axis=1)
    if kind in ("total", "forward"):
        Z[np.ix_(rows, ~rows)] *= kept
    if kind in ("total", "backward"):
        Z[np.ix_(~rows, rows)] *= kept
    if kind == "total":
        Z[np.ix_(rows, rows)] *= kept
        y = np.where(rows, kept * y, y)
    return _loss(accounts, Z, y, method)


def flow_extraction(
    accounts: Accounts,
    sellers: Flags,
    buyers: Flags,
    *,
    final_buyers: Collection[str] = (),
    share: float = 1.0,
    method: Method = "auto",
) -> Loss:
    """Take out what some industries sell to others, and to the final demand of some regions.

    What the buyers no longer buy they do without: nothing takes its place.

    >>> from weaklink.inputoutput.textbook import two_regions
    >>> two = two_regions()
    >>> loss = flow_extraction(two, two.flags(["BBB"]), two.flags(["AAA"]), final_buyers=["AAA"])
    >>> loss.output.round(1).tolist()
    [278.6, 947.4]
    """
    _checked_share(share)
    Z, Y = np.array(accounts.Z, dtype=np.float64), np.array(accounts.Y)
    Z[np.ix_(sellers, buyers)] *= 1.0 - share
    Y[np.ix_(sellers, accounts.buyers(final_buyers))] *= 1.0 - share
    return _loss(accounts, Z, Y.sum(axis=1), method)


def global_extraction(
    accounts: Accounts, rows: Flags, *, share: float = 1.0, method: Method = "auto"
) -> Loss:
    """Take some industries out and let all who bought of them buy the same product elsewhere.

    Each buyer spreads what it loses over its other suppliers of the same sector, in proportion to what it buys of
    them; where it has none, in proportion to their output. So every buyer still gets all it needs, the losers
    are the industries taken out, and the others gain. Where no other industry of the sector exists the purchases
    are lost.

    Source: Dietzenbacher, van Burken and Kondo (2019), Economic Systems Research 31(4), 498. That a buyer
    without other suppliers turns to all in proportion to output is our own choice.

    >>> from weaklink.inputoutput.textbook import two_regions
    >>> two = two_regions()
    >>> global_extraction(two, two.flags(["BBB"])).output.round(6).tolist()
    [-2153.846154, 2000.0]
    """
    _checked_share(share)
    Z, Y = np.array(accounts.Z, dtype=np.float64), np.array(accounts.Y)
    for sector in np.unique(accounts.sector[rows]):
        of_sector = accounts.sector == sector
        gone, others = of_sector & rows, of_sector & ~rows
        for purchases in (Z, Y):
            _reassign(purchases, gone, others, accounts.x[others], share)
    Z[:, rows] *= 1.0 - share
    return _loss(accounts, Z, Y.sum(axis=1), method)


def _reassign(purchases: Floats, gone: Flags, others: Flags, x: Floats, share: float) -> None:
    """Move a share of what is bought of those gone to the others of the same sector, column by column, in place."""
    lost = share * purchases[gone].sum(axis=0)
    purchases[gone] *= 1.0 - share
    rest = np.maximum(purchases[others], 0.0)
    total = rest.sum(axis=0)
    weights = np.divide(rest, total, out=np.zeros_like(rest), where=total > 0)
    if x.sum() > 0:
        weights[:, total <= 0] = (x / x.sum())[:, None]
    purchases[others] += weights * lost


def _loss(accounts: Accounts, Z: Floats, y: Floats, method: Method) -> Loss:
    before = system(accounts, method).right(accounts.Y.sum(axis=1)[:, None])
    after = system_of(Z, accounts.x, accounts.region, method=method).right(y[:, None])
    return Loss(before.values[:, 0], after.values[:, 0], accounts.v, max(before.residual, after.residual))


def _checked_share(share: float) -> None:
    if not 0 <= share <= 1:
        raise RequestError(f"A share of {share:g} cannot be taken out: give one from 0 to 1.")
