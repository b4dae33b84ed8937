"""How much does an industry rely on suppliers: at face value, and through its suppliers' suppliers?

    face value       FV = sum over i of the supplier of a_ij           what it buys of it
    look-through     LT = sum over i of the supplier of (L - I)_ij     what of its output is needed, at any remove
    hidden           LT - FV

Both are per unit of output of industry j. Gross output counts what is bought in each time it is sold on, so LT can
exceed one and is no share of anything; A L = L - I, so "inputs needed" and "L - I" are one definition. For a share
take the value added basis: VS = sum of v_i L_ij says in whose factories and fields a unit of value was made,
and sums to one over all suppliers. Its face value takes what is bought for made by who sells it, and what is not
bought for made at home; it sums to one too.

Source: Baldwin, Freeman and Theodorakopoulos (2023), Hidden exposure, NBER working paper 31820 (Brookings
Papers on Economic Activity, Fall 2023): face value and look-through reliance on gross output. The definition is
recalled from that paper, not checked against it, hence configurable; the face value on value added is our own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Accounts, Flags, Floats, per_output
from weaklink.inputoutput.coefficients import indicators, inputs
from weaklink.inputoutput.solve import System, system

Basis = Literal["gross_output", "value_added"]
Definition = Literal["L-I", "AL", "L", "off-diagonal"]

AT_ONCE = 256  # columns of L solved at once for its diagonal


@dataclass(frozen=True, slots=True)
class Reliance:
    """Reliance of every industry on some suppliers: suppliers × N, per unit of output of the column's industry.

    `residual` is the relative residual that the solve reached.
    """

    face_value: Floats
    look_through: Floats
    residual: float

    @property
    def hidden(self) -> Floats:
        """Look-through less face value."""
        return self.look_through - self.face_value

    @property
    def ratio(self) -> Floats:
        """Look-through over face value; not-a-number where nothing is bought directly."""
        undefined = np.full(self.face_value.shape, np.nan)
        ratio: Floats = np.divide(
            self.look_through, self.face_value, out=undefined, where=self.face_value != 0
        )
        return ratio


def reliance(
    accounts: Accounts,
    suppliers: Sequence[Collection[str]],
    *,
    basis: Basis = "gross_output",
    definition: Definition = "L-I",
    solver: System | None = None,
) -> Reliance:
    """Reliance of every industry on each of some suppliers, a supplier being a set of regions.

    The members of a supplier are added up after the solve, so they may overlap with other suppliers and may be
    split in parts by the table. `definition` says what is looked through to, on gross output: "L-I" (or "AL",
    which is the same), "L", which counts the unit itself too, or "off-diagonal", where what an industry uses of
    its own product is left out, at face value too. It costs a solve for every column whose industry is of a
    supplier. On value added there is one definition.

    >>> from weaklink.inputoutput.textbook import two_regions
    >>> two = two_regions()
    >>> on = reliance(two, [("AAA",), ("BBB",)])
    >>> on.face_value.tolist(), on.look_through.round(4).tolist()
    ([[0.15, 0.25], [0.2, 0.05]], [[0.2541, 0.33], [0.264, 0.1221]])
    >>> reliance(two, [("AAA",), ("BBB",)], basis="value_added").look_through.sum(axis=0).round(12).tolist()
    [1.0, 1.0]
    """
    if basis == "value_added" and definition not in ("L-I", "AL"):
        raise RequestError(f"Definition {definition!r} has no meaning on value added: leave it out.")
    solver = system(accounts) if solver is None else solver
    G = indicators(accounts, suppliers)
    bought = inputs(accounts, G)
    if basis == "value_added":
        made = G * accounts.v
        solved = solver.left(made)
        return Reliance(bought + made, solved.values, solved.residual)
    solved = solver.left(G)
    if definition == "off-diagonal":
        own: Floats = G * _own_inputs(accounts)
        diagonal: Floats = G * _diagonal(solver, np.asarray(G.any(axis=0)))
        return Reliance(bought - own, solved.values - diagonal, solved.residual)
    return Reliance(bought, solved.values - (0 if definition == "L" else G), solved.residual)


def by_region(accounts: Accounts, *, basis: Basis = "gross_output", solver: System | None = None) -> Reliance:
    """Reliance of every industry on every reported region: regions × N."""
    return reliance(accounts, [(code,) for code in accounts.regions], basis=basis, solver=solver)


def foreign_share(by_supplier: Floats, home: Flags) -> Floats:
    """The share of suppliers that are not home: K × N figures and flags give N shares.

    Not-a-number where there is no reliance on anybody.

    >>> foreign_share(np.array([[0.3], [0.1]]), np.array([[True], [False]])).round(12).tolist()
    [0.25]
    """
    total = by_supplier.sum(axis=0)
    foreign = np.where(home, 0.0, by_supplier).sum(axis=0)
    share: Floats = np.divide(foreign, total, out=np.full(total.shape, np.nan), where=total != 0)
    return share


def home_regions(accounts: Accounts) -> Flags:
    """For each reported region and each row of the table, whether the row is of it: regions × N."""
    return np.asarray(np.arange(len(accounts.regions))[:, None] == accounts.region)


def _own_inputs(accounts: Accounts) -> Floats:
    """The diagonal of A."""
    return per_output(np.asarray(np.diagonal(accounts.Z), dtype=np.float64), accounts.x)


def _diagonal(solver: System, wanted: Flags) -> Floats:
    """The diagonal of L where it is wanted, zero elsewhere."""
    diagonal = np.zeros(len(wanted))
    rows = np.flatnonzero(wanted)
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        unit = np.zeros((len(wanted), len(some)))
        unit[some, np.arange(len(some))] = 1
        diagonal[some] = solver.right(unit).values[some, np.arange(len(some))]
    return diagonal
