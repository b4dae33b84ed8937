"""How much does an industry rely on buyers: at face value, and through its customers' customers?

The mirror of `reliance`, with the shares of output sold, B = x̂⁻¹ Z, in the place of inputs bought:

    face value       sum over columns j of the buyer of b_ij, and y_is / x_i
    look-through     sum over columns j of the buyer of (G - I)_ij, and the final demand that is reached at any remove

per unit of output of industry i, where G = (I - B)⁻¹ = x̂⁻¹ L x̂, so that the Leontief system solves it too. What is
sold on is counted again, so look-through is no share. For a share take the basis of final demand: where the output
is used up in the end, which sums to one over all buyers.

Source: foreign market reliance of Baldwin, Freeman and Theodorakopoulos (2023), NBER working paper 31820; recalled,
not checked against it. Whether final buyers count is open there, so `final` says it, for both figures alike.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

import numpy as np

from weaklink.inputoutput.accounts import Accounts, Floats, per_output
from weaklink.inputoutput.coefficients import indicators, sales
from weaklink.inputoutput.reliance import Reliance
from weaklink.inputoutput.solve import System, system

Basis = Literal["gross_output", "final_demand"]


def market_reliance(
    accounts: Accounts,
    buyers: Sequence[Collection[str]],
    *,
    basis: Basis = "gross_output",
    final: bool = True,
    solver: System | None = None,
) -> Reliance:
    """Reliance of every industry on each of some markets, a market being a set of regions: markets × N.

    Per unit of output of the seller. On gross output, `final` says whether final buyers count beside industries.
    On final demand they are all that counts in the end, and at face value industries stand for themselves.

    >>> from weaklink.inputoutput.textbook import two_regions
    >>> two = two_regions()
    >>> market_reliance(two, [("AAA",), ("BBB",)], final=False).look_through.round(4).tolist()
    [[0.2541, 0.132], [0.6601, 0.1221]]
    >>> market_reliance(two, [("AAA",), ("BBB",)], basis="final_demand").look_through.sum(axis=0).round(12).tolist()
    [1.0, 1.0]
    """
    solver = system(accounts) if solver is None else solver
    members = indicators(accounts, buyers).T
    demand = np.column_stack([accounts.Y[:, accounts.buyers(group)].sum(axis=1) for group in buyers])
    bought = per_output(demand.T, accounts.x).T
    if basis == "final_demand":
        solved = solver.right(demand)
        return Reliance(
            (sales(accounts, members) + bought).T, _per_row(accounts, solved.values).T, solved.residual
        )
    used = accounts.x[:, None] * members
    solved = solver.right(used + demand if final else used)
    face = sales(accounts, members) + (bought if final else 0)
    own = members * (accounts.x != 0)[:, None]
    return Reliance(face.T, (_per_row(accounts, solved.values) - own).T, solved.residual)


def _per_row(accounts: Accounts, amount: Floats) -> Floats:
    return per_output(amount.T, accounts.x).T
