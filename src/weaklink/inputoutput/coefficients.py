"""What does an industry use per unit of output, and where does a unit of output go?

A = Z x̂⁻¹ holds inputs per unit of output of the buyer, B = x̂⁻¹ Z sales per unit of output of the seller. The
inverses are for small tables and for teaching: no measure of this room needs one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Accounts, Flags, Floats, per_output
from weaklink.inputoutput.blocks import row_blocks

MOST_INVERTED = 3000  # rows; above it an inverse is refused, since nothing here needs it


def technical_coefficients(accounts: Accounts) -> Floats:
    """A = Z x̂⁻¹, N × N: what the row sells to the column per unit of the column's output.

    A column without output is zero.

    Source: Leontief (1936), Review of Economics and Statistics 18(3), 105; Miller and Blair (2009), section 2.2.
    """
    return per_output(accounts.Z, accounts.x)


def output_coefficients(accounts: Accounts) -> Floats:
    """B = x̂⁻¹ Z, N × N: the share of the row's output that it sells to the column. Zero without output.

    Source: Ghosh (1958), Economica 25(97), 58; Miller and Blair (2009), section 12.1.
    """
    return per_output(accounts.Z.T, accounts.x).T


def leontief_inverse(accounts: Accounts) -> Floats:
    """L = (I - A)⁻¹, N × N: the output of the row required for a unit of final demand for the column.

    Refused above 3,000 rows: `solve.system` answers without it.

    >>> from weaklink.inputoutput.textbook import one_region
    >>> two = one_region()
    >>> leontief_inverse(two).round(4).tolist()
    [[1.2541, 0.33], [0.264, 1.1221]]
    """
    return _inverse(technical_coefficients(accounts))


def ghosh_inverse(accounts: Accounts) -> Floats:
    """G = (I - B)⁻¹ = x̂⁻¹ L x̂, N × N: the output of the column that a unit of primary input of the row carries.

    Refused above 3,000 rows. Read it as a price model: as a model of quantities it is disputed (Oosterhaven
    1988, Journal of Regional Science 28(2), 203).
    """
    return _inverse(output_coefficients(accounts))


def inputs(accounts: Accounts, weights: Floats) -> Floats:
    """Weighted sums of the rows of A: K × N for K × N weights. Goes through Z once, in blocks of rows."""
    total = np.zeros(weights.shape)
    for where, rows in row_blocks(accounts.Z):
        total += weights[:, where] @ rows
    return per_output(total, accounts.x)


def sales(accounts: Accounts, weights: Floats) -> Floats:
    """Weighted sums of the columns of Z per unit of the row's output: N × K for N × K weights."""
    total = np.empty(weights.shape)
    for where, rows in row_blocks(accounts.Z):
        total[where] = rows @ weights
    return per_output(total.T, accounts.x).T


def indicators(accounts: Accounts, groups: Sequence[Collection[str]]) -> Floats:
    """One row of zeros and ones for each set of regions: which rows of the table are of it. K × N."""
    return np.array([accounts.flags(group) for group in groups], dtype=np.float64).reshape(
        len(groups), accounts.size
    )


def averaged(accounts: Accounts, figures: Floats, rows: Flags) -> Floats:
    """Figures per unit of output of some industries taken together: K for K × N figures.

    Each industry weighs by its output, so that a bloc's steel is the steel of its members as one. Where none
    of them has output the figure is not-a-number.
    """
    weights = np.where(rows, accounts.x, 0.0)
    total = weights.sum()
    if total == 0:
        return np.full(len(figures), np.nan)
    return np.asarray(figures @ (weights / total))


def _inverse(coefficients: Floats) -> Floats:
    size = len(coefficients)
    if size > MOST_INVERTED:
        raise RequestError(
            f"An inverse of {size:,} rows is not made: solve for what is asked with `solve.system`, "
            f"or aggregate the table to at most {MOST_INVERTED:,} rows."
        )
    return np.asarray(np.linalg.inv(np.eye(size) - coefficients))
