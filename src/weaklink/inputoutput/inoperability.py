"""How does a failure in some industries make others inoperable, in the end and from day to day?

Inoperability q is the share of its usual output that an industry does not make, 0 to 1; c the part that comes
from outside. A* = x̂⁻¹ A x̂ says how much of the row's output the column takes.

    static     q = A* q + c,  so  q = (I - A*)⁻¹ c
    dynamic    q(t+1) = q(t) + K (A* q(t) + c - q(t)),  K the share of the gap that is closed in a step

The model is driven by demand: who fails orders less, and so his suppliers make less. It does not say what his
customers lose, and it is linear; where the solution exceeds one it is cut off there, after the solve.

Source: Haimes and Jiang (2001), Journal of Infrastructure Systems 7(1), 1; Santos and Haimes (2004), Risk Analysis
24(6), 1437; dynamic: Lian and Haimes (2006), Systems Engineering 9(3), 241.
"""

from __future__ import annotations

import numpy as np

from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Accounts, Floats, per_output
from weaklink.inputoutput.solve import system

HIGHEST = 1.0  # nothing can be more than wholly inoperable


def interdependence(accounts: Accounts) -> Floats:
    """A* = x̂⁻¹ A x̂ of a table, N × N. It is the matrix of sales shares: z_ij / x_i."""
    return per_output(accounts.Z.T, accounts.x).T


def inoperability(a_star: Floats, c: Floats) -> Floats:
    """Static inoperability of each industry for an outside failure `c`, both as shares of output.

    The cap at one comes last; inside the solve it would change what others are told.

    >>> inoperability(np.array([[0, 0.8], [0.2, 0]]), np.array([0, 0.6])).round(4).tolist()
    [0.5714, 0.7143]
    """
    _checked(c)
    return np.minimum(np.asarray(np.linalg.solve(np.eye(len(c)) - a_star, c), dtype=np.float64), HIGHEST)


def inoperability_of(accounts: Accounts, c: Floats) -> Floats:
    """Static inoperability of each row of a table, without forming A*: q = x̂⁻¹ L x̂ c.

    >>> from weaklink.inputoutput.textbook import one_region
    >>> inoperability_of(one_region(), np.array([0.1, 0.0])).round(4).tolist()
    [0.1254, 0.0132]
    """
    _checked(c)
    fallen = system(accounts).right((accounts.x * c)[:, None]).values[:, 0]
    return np.minimum(per_output(fallen, accounts.x), HIGHEST)


def inoperability_over_time(
    a_star: Floats, c: Floats, resilience: Floats, steps: int, *, start: Floats | None = None
) -> Floats:
    """Inoperability of each industry in each step from 0 on: (steps + 1) × industries.

    `resilience` is the diagonal of K, from 0 (nothing moves) to 1 (the gap closes in a step); `c` is one outside
    failure for all steps, or one per step as steps × industries. It tends to the static solution. `start` is
    zero if not given.

    >>> path = inoperability_over_time(
    ...     np.array([[0, 0.8], [0.2, 0]]), np.array([0, 0.6]), np.array([0.5, 0.5]), steps=100
    ... )
    >>> path[1].tolist(), path[100].round(4).tolist()
    ([0.0, 0.3], [0.5714, 0.7143])
    """
    outside = np.broadcast_to(c, (steps, len(a_star)))
    _checked(outside)
    if not ((resilience >= 0) & (resilience <= 1)).all():
        raise RequestError(
            "Resilience is a share of the gap that closes in a step: give 0 to 1 for each industry."
        )
    path = np.zeros((steps + 1, len(a_star)))
    path[0] = 0.0 if start is None else start
    for step in range(steps):
        now = path[step]
        path[step + 1] = now + resilience * (a_star @ now + outside[step] - now)
    return np.minimum(path, HIGHEST)


def _checked(c: Floats) -> None:
    if not ((c >= 0) & (c <= 1)).all():
        raise RequestError("An outside failure is a share of output: give 0 to 1 for each industry.")
