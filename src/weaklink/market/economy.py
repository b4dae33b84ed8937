"""What is an economy of many sectors, each with a constant elasticity of substitution?

Producers 0 to N-1 buy from each other and from F factors. Producer 0 is the household: its output is real gross
national expenditure (GNE), nobody buys from it, and its price is the unit of account. A nest within a sector is a
producer of its own (the "standard form" of Baqaee and Farhi), so that one row has one elasticity. Factors are
what is there in a fixed quantity: the value added of a sector, which cannot move within a year, and imports,
about which others decide. Exports are sold outside in a given quantity. Money that is not spent on missing
imports is not counted as saved, as in Bachmann et al. (2024), appendix A: the loss is that of the quantity.

Letters: Ω shares of cost, λ sales and Λ factor incomes as shares of GNE (Domar weights), σ elasticities, χ what
is sold outside, Ψ = (I - Ω)⁻¹ over producers.

Source: Baqaee and Farhi (2019), Econometrica 87(4), 1155; that something is sold outside is our addition.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Economy:
    """The baseline of an economy.

    `shares` is Ω, N × (N + F): the row's cost shares, of producers first and then of factors; rows sum to 1 and
    column 0 is empty. `elasticities` has N elements above 0; axes may lead, for one economy under many elasticities.
    `outside` is χ, N elements.

    Bread of grain and labour, labour in fixed supply, grain imported:

    >>> bread = Economy(np.array([[0, 1, 0, 0], [0, 0, 0.1, 0.9]]), np.array([1, 0.5]), np.zeros(2))
    >>> bread.sales.tolist(), bread.incomes.tolist()
    ([1.0, 1.0], [0.1, 0.9])
    """

    shares: Floats
    elasticities: Floats
    outside: Floats

    def __post_init__(self) -> None:
        size = len(self.shares)
        off = float(np.abs(self.shares.sum(axis=1) - 1).max())
        wrong = {
            f"rows of shares sum to 1 ± {off:.2g}": off > 1e-9,
            "a share is below 0": bool(np.any(self.shares < 0)),
            "somebody buys from the household, producer 0": bool(np.any(self.shares[:, 0] != 0)),
            f"outside has the shape {self.outside.shape}, expected ({size},)": self.outside.shape != (size,),
            f"the last axis of elasticities is not {size}": self.elasticities.shape[-1:] != (size,),
            "an elasticity is not above 0": not np.all(self.elasticities > 0),
        }
        if said := [what for what, found in wrong.items() if found]:
            raise ValueError("; ".join(said))

    @property
    def producers(self) -> int:
        """N, the household among them."""
        return len(self.shares)

    @property
    def factors(self) -> int:
        """F."""
        return int(self.shares.shape[1]) - self.producers

    @property
    def sales(self) -> Floats:
        """λ: sales of each producer as a share of GNE; that of the household is 1."""
        wanted = self.outside.copy()
        wanted[0] += 1
        square = np.eye(self.producers) - self.shares[:, : self.producers]
        return np.asarray(np.linalg.solve(square.T, wanted))

    @property
    def incomes(self) -> Floats:
        """Λ: income of each factor as a share of GNE. They sum to 1 plus what is sold outside."""
        return np.asarray(self.sales @ self.shares[:, self.producers :])

    @property
    def weights(self) -> Floats:
        """λ, Λ and -χ: derivatives of log GNE by logarithms of productivities, quantities and sales outside."""
        return np.concatenate([self.sales, self.incomes, -self.outside])

    @property
    def content(self) -> Floats:
        """Share of each factor in the cost of each product, through all its inputs, N × F; rows sum to 1."""
        size = self.producers
        square = np.eye(size) - self.shares[:, :size]
        return np.asarray(np.linalg.solve(square, self.shares[:, size:]))

    def change(self, log_change: npt.ArrayLike) -> Floats:
        """Logarithms of N productivities and F quantities, with those of N sales outside added as 0 where not given."""
        given = np.asarray(log_change, dtype=np.float64)
        size, factors = self.producers, self.factors
        if given.shape[-1:] == (size + factors,):
            return np.concatenate([given, np.zeros((*given.shape[:-1], size))], axis=-1)
        if given.shape[-1:] != (2 * size + factors,):
            raise ValueError(
                f"a change has {given.shape[-1:]} elements; expected {size + factors}, or {2 * size + factors} with "
                "sales outside"
            )
        return given
