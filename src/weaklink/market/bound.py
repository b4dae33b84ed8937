"""When is an equilibrium an answer? If, put once more into its equations, it is off by no more than a bound."""

from __future__ import annotations

from weaklink.errors import WeaklinkError

BOUND = 1e-10  # largest residual of an answer, relative


class NoEquilibriumError(WeaklinkError):
    """No equilibrium was found; the message says what was asked and how far the search got."""
