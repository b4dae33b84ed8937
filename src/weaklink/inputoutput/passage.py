"""How often, and how likely, does a supply chain pass through a country on its way to an industry?

Follow a unit of an industry's inputs upstream: with chance a_ij it came from industry i, and with the rest it
was made where it is. The expected number of visits to a country's industries is a sum over L, the start not
counted: pass-through frequency. The chance of at least one visit is the share of the value whose chain touches
the country anywhere. It never exceeds one, so it can be said of a value where look-through cannot; and it is never
below the share that was made there.

Source: Inomata and Hanaka (2024), Measuring exposure to network concentration risk in global supply chains, Japan
and the World Economy. The first reading, visits of an absorbing chain, is our derivation; the normalisation of
the paper was not read. The second is our own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from weaklink.inputoutput.accounts import Accounts, Floats
from weaklink.inputoutput.coefficients import indicators, inputs
from weaklink.inputoutput.solve import System, system, system_of


@dataclass(frozen=True, slots=True)
class Passage:
    """For each country passed through and each industry that the chains end in: units × N.

    `visits` is the expected number, `chance` the chance of at least one. For an industry of the unit itself the
    start is not counted: a chance is then that of coming back.
    """

    visits: Floats
    chance: Floats


def passage(accounts: Accounts, units: Sequence[Collection[str]], *, solver: System | None = None) -> Passage:
    """Pass-through of each unit, a unit being a set of regions, for chains that end in each industry.

    >>> from weaklink.inputoutput.textbook import two_regions
    >>> through = passage(two_regions(), [("BBB",)])
    >>> through.visits.round(4).tolist(), through.chance.round(4).tolist()
    ([[0.264, 0.1221]], [[0.2353, 0.1088]])
    """
    solver = system(accounts) if solver is None else solver
    G = indicators(accounts, units)
    visits = solver.left(G).values - G
    chance = np.array([_chance(accounts, row) for row in G]).reshape(G.shape)
    return Passage(visits, chance)


def _chance(accounts: Accounts, inside: Floats) -> Floats:
    """Solve h = a_s + h_o A_o: bought of the unit directly, or of another that has it in its own chain."""
    direct = inputs(accounts, inside[None])[0]
    rows = inside == 0
    others = system_of(accounts.Z[np.ix_(rows, rows)], accounts.x[rows], accounts.region[rows])
    reached = np.zeros(accounts.size)
    reached[rows] = others.left(direct[None, rows]).values[0]
    back: Floats = direct + inputs(accounts, reached[None])[0]
    return back
