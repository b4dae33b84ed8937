"""Which countries does a bloc consist of, on a given day?"""

from weaklink.blocs.expression import Bloc, Row, describe, resolve
from weaklink.blocs.membership import BlocName, Membership, members, memberships, names
from weaklink.blocs.regimes import Regime, authoritarian, regime, regimes

__all__ = [
    "Bloc",
    "BlocName",
    "Membership",
    "Regime",
    "Row",
    "authoritarian",
    "describe",
    "members",
    "memberships",
    "names",
    "regime",
    "regimes",
    "resolve",
]
