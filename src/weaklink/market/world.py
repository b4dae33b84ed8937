"""How does an input-output table become the baseline of a trade equilibrium?

Who buys a product does not matter for where it comes from: sales of one product from one country to another are
added up over all users, so that a country has one mix of suppliers per product. What its sectors and its final
users buy of each product, from all suppliers together, is kept apart.

Equilibria need what tables do not always have: no negative flows, and value added that is not negative. So:

- a negative flow of final or intermediate use is taken for zero (stocks that were run down are then not counted as
  supply), and the output and value added of the seller are larger by it;
- where inputs exceed output, all inputs of that industry shrink to what it sells, and what they no longer use is taken
  for final demand of its country, so that sellers still sell it.

Both keep every row and column balanced; the amounts are counted in `Repairs`, and a caveat says so. Small
imbalances of rounded tables go to value added. An industry without output has no prices, sells nothing, and
changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from weaklink.inputoutput.accounts import Accounts
from weaklink.market.economy import Floats


@dataclass(frozen=True, slots=True)
class Repairs:
    """What was changed in a table, in its unit.

    `negative` is the sum of negative flows taken for zero and `negative_cells` their number; `excess_inputs` the
    inputs of `excess_industries` beyond their output; `output` that of the world, to judge by.
    """

    negative: float
    negative_cells: int
    excess_inputs: float
    excess_industries: int
    output: float

    def caveats(self, source: str) -> Iterator[str]:
        """What must be said with figures of the repaired table, one sentence each; none where nothing was repaired."""
        if self.negative_cells:
            share = -self.negative / self.output
            yield (
                f"{source}: {self.negative_cells:,} negative flows, {share:.2%} of output together, are taken for "
                "zero; their sellers' output and value added are larger by them."
            )
        if self.excess_industries:
            yield (
                f"{source}: {self.excess_industries:,} industries use more than they sell; "
                f"{self.excess_inputs / self.output:.2%} of output is taken for final demand instead."
            )


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Who sells what to whom, and what for: the baseline of a trade equilibrium, balanced.

    With K sectors and N regions: `trade` K × N × N is sold by the row region to the column region; `inputs` N × K
    × K is what the region uses of the first sector's product in the second; `final` N × K is its final use. All
    not negative, in one unit of value. Then output and value added follow.
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    trade: Floats
    inputs: Floats
    final: Floats

    def __post_init__(self) -> None:
        n, k = len(self.regions), len(self.sectors)
        wanted = {"trade": (k, n, n), "inputs": (n, k, k), "final": (n, k)}
        for name, shape in wanted.items():
            given = getattr(self, name)
            if given.shape != shape:
                raise ValueError(f"{name} has the shape {given.shape}; expected {shape}")
            if not np.all(given >= 0):
                raise ValueError(f"{name} has a cell that is negative or no number; expected none")
        bought, used = self.trade.sum(axis=1).T, self.inputs.sum(axis=2) + self.final
        scale = bought.sum() / max(1, bought.size)
        if (off := float(np.abs(bought - used).max())) > 1e-9 * scale + 1e-9 * float(bought.max()):
            raise ValueError(
                f"a region buys {off:g} more or less of a product than it uses; expected the same"
            )
        if (least := float(self.value_added.min())) < -1e-9 * scale:
            raise ValueError(f"an industry has the value added {least:g}; expected none below 0")

    @property
    def output(self) -> Floats:
        """Gross output, N × K."""
        return np.asarray(self.trade.sum(axis=2).T)

    @property
    def value_added(self) -> Floats:
        """Output less inputs, N × K."""
        return np.asarray(self.output - self.inputs.sum(axis=1))

    @property
    def income(self) -> Floats:
        """Value added of each region, N: its GDP."""
        return np.asarray(self.value_added.sum(axis=1))

    @property
    def deficit(self) -> Floats:
        """Final demand less value added, which is imports less exports, N. It sums to 0."""
        return np.asarray(self.final.sum(axis=1) - self.income)

    @property
    def domestic_share(self) -> Floats:
        """Share of what a region buys of a product that it makes itself, N × K; not-a-number where it buys none."""
        bought, own = self.trade.sum(axis=1).T, np.einsum("knn->nk", self.trade)
        return np.asarray(np.divide(own, bought, out=np.full(bought.shape, np.nan), where=bought > 0))


def world(accounts: Accounts) -> tuple[World, Repairs]:
    """The baseline of a table, and what had to be repaired.

    >>> from weaklink.inputoutput.textbook import two_regions
    >>> made, repairs = world(two_regions())
    >>> made.trade.tolist(), made.income.tolist(), repairs.negative_cells
    ([[[450.0, 550.0], [900.0, 1100.0]]], [650.0, 1400.0], 0)
    """
    n, k = len(accounts.regions), len(accounts.sectors)
    used = np.maximum(np.asarray(accounts.Z, dtype=np.float64), 0.0)
    final = np.maximum(accounts.Y, 0.0)
    negative = float(np.minimum(accounts.Z, 0).sum() + np.minimum(accounts.Y, 0).sum())
    cells = accounts.checks.negative_flows + accounts.checks.negative_final_demand
    sold, bought = used.sum(axis=1) + final.sum(axis=1), used.sum(axis=0)
    over = bought > sold
    kept = np.where(over, np.divide(sold, bought, out=np.ones(len(sold)), where=over), 1.0)
    unused = used * (1 - kept)
    used = used * kept
    of_region = np.arange(n)[:, None] == accounts.region
    onto = of_region.astype(np.float64)
    final = final + unused @ onto.T
    place = accounts.region * k + accounts.sector
    rows = (np.arange(n * k)[:, None] == place).astype(np.float64)
    flows = (rows @ used @ rows.T).reshape(n, k, n, k)  # parts of a region become one
    final = (rows @ final).reshape(n, k, n)
    trade = flows.sum(axis=3) + final
    made = World(
        accounts.regions,
        accounts.sectors,
        np.ascontiguousarray(trade.transpose(1, 0, 2)),
        np.ascontiguousarray(flows.sum(axis=0).transpose(1, 0, 2)),
        final.sum(axis=0).T,
    )
    excess = Repairs(negative, cells, float(unused.sum()), int(np.count_nonzero(over)), float(sold.sum()))
    return made, excess
