"""What share of an industry's output crosses its border at any stage on its way to a final user?

    HOT = 1 - (I - H)⁻¹ h

with H the shares of output sold to industries of the same country and h the share sold to its final users:
one less the chance that a unit of output gets to a home user without ever having left. A closed economy has 0, an
industry that sells nothing at home 1.

Source of the measure: Imbs and Pauwels (2022), High-order openness, CEPR discussion paper; the definition is read
in its abstract, this way of computing it is our own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from weaklink.inputoutput.accounts import Accounts, Flags, Floats, per_output
from weaklink.inputoutput.solve import system_of


def high_order_trade(accounts: Accounts, units: Sequence[Collection[str]]) -> Floats:
    """High-order trade of each row of each unit, a unit being a set of regions: units × N.

    Not-a-number for rows that are not of the unit and for industries without output. Sales between members of a
    unit cross no border.

    >>> from weaklink.inputoutput.textbook import two_regions
    >>> high_order_trade(two_regions(), [("AAA",), ("AAA", "BBB")]).round(3).tolist()
    [[0.647, nan], [0.0, 0.0]]
    """
    traded = np.full((len(units), accounts.size), np.nan)
    for place, unit in enumerate(units):
        rows = accounts.flags(unit)
        traded[place, rows] = _of_unit(accounts, rows, accounts.buyers(unit))
    return traded


def first_order_trade(accounts: Accounts, units: Sequence[Collection[str]]) -> Floats:
    """The share of output that is exported as such: the same without looking further. Units × N."""
    traded = np.full((len(units), accounts.size), np.nan)
    for place, unit in enumerate(units):
        rows, buyers = accounts.flags(unit), accounts.buyers(unit)
        at_home = accounts.Z[np.ix_(rows, rows)].sum(axis=1) + accounts.Y[np.ix_(rows, buyers)].sum(axis=1)
        traded[place, rows] = _left_over(at_home, accounts.x[rows])
    return traded


def _of_unit(accounts: Accounts, rows: Flags, buyers: Flags) -> Floats:
    """(I - H)⁻¹ h = x̂⁻¹ (I - A)⁻¹ y over the unit's own block, y what its final users buy at home."""
    x = accounts.x[rows]
    at_home = accounts.Y[np.ix_(rows, buyers)].sum(axis=1)
    alone = system_of(accounts.Z[np.ix_(rows, rows)], x, accounts.region[rows])
    return _left_over(alone.right(at_home[:, None]).values[:, 0], x)


def _left_over(stayed: Floats, x: Floats) -> Floats:
    return np.where(x != 0, 1 - per_output(stayed, x), np.nan)
