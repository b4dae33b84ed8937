"""What does a table look like on its baseline day, made ready for many days to be reckoned fast?

Industries are put in the order sector, then place (a place is a
region, or a part of one), so that all suppliers of one input lie together. Everything that changes is told as a level
relative to the baseline day, 1 where nothing happened; what is missing in a place is an industry without output.

Orders are never stored by supplier and client. They are always baseline shares times a factor for each input of each
client, times a factor for each supplier; a day is then one pass over the shares.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from weaklink.inputoutput.accounts import Accounts, Flags, Floats, Integers, per_output
from weaklink.inputoutput.blocks import row_blocks

Real: TypeAlias = npt.NDArray[np.floating]

DAYS_OF_YEAR = 365
# Inputs below this per unit of output never stop anybody. BoARIO means one in 100,000, but compares purchases of a
# year with output of a day.
LEAST_INPUT = 1e-5 / DAYS_OF_YEAR
BLOCK_BYTES = 2 * 2**20  # of shares worked on at once: they stay in the cache for the three passes of a day


@dataclass(frozen=True, slots=True, eq=False)
class Economy:
    """A table made ready for days: S sectors in P places, N = S × P industries in the order sector, then place.

    `shares` (S, P, N) is how each client (last axis) splits its baseline purchases of an input over the places that
    make it; zeros where it buys none. `use` (S, N) is what a client uses of an input on a baseline day, `output` (N)
    what it makes, `sold` (N) what of it goes to other industries, `final` (N, regions) what final buyers of each
    region take, `value_added` (N) that of a day; all in the unit of the table per day. `essential` (S, N) marks
    inputs that can stop an industry. `place` says where each row of the accounts went.

    `notes` are sentences to be said with any figure: what had to be done to odd cells.
    """

    accounts: Accounts
    shares: Real
    use: Floats
    output: Floats
    sold: Floats
    final: Floats
    value_added: Floats
    essential: Flags
    place: Integers
    region: Integers
    notes: tuple[str, ...] = field(default=())

    @property
    def sectors(self) -> int:
        """The number of sectors, S; each is an input too."""
        return int(self.shares.shape[0])

    @property
    def places(self) -> int:
        """The number of places, P: regions, or their parts."""
        return int(self.shares.shape[1])

    @property
    def size(self) -> int:
        """The number of industries with those that exist nowhere, N."""
        return int(self.shares.shape[2])

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that results are added up to."""
        return self.accounts.regions

    def by_region(self, figures: Floats) -> Floats:
        """Figures by industry (last axis) added up by region."""
        by_place = figures.reshape(*figures.shape[:-1], self.sectors, self.places).sum(axis=-2)
        return np.asarray(by_place @ (self.region[: self.places, None] == np.arange(len(self.regions))))

    def placed(self, figures: Floats) -> Floats:
        """Figures by row of the accounts (last axis) in the order of this economy; zero where there is no row."""
        made = np.zeros((*figures.shape[:-1], self.size))
        made[..., self.place] = figures
        return made

    def blocks(self, scenarios: int = 1) -> list[slice]:
        """Neighbouring inputs that stay in the cache together, shares and what is worked on; at least one each."""
        each = self.shares[0].nbytes + 3 * scenarios * self.size * self.shares.itemsize
        many = max(1, BLOCK_BYTES // max(1, each))
        return [slice(start, min(start + many, self.sectors)) for start in range(0, self.sectors, many)]


def economy(accounts: Accounts, *, least_input: float = LEAST_INPUT, single: bool = False) -> Economy:
    """Make a table ready. Its baseline day is a 365th of the year, and must balance: x = Z1 + Y1.

    The model deals out goods in proportion to orders, which must not be negative. So negative flows between industries
    are taken as none; negative final demand (stocks run down) is taken off the other final buyers of the same row; an
    industry that then sells nothing buys nothing. `notes` says how much that changed. Output is what is sold.

    `single` keeps shares in single precision, for ensembles of large tables: see `simulate`.

    >>> from weaklink.inputoutput.textbook import two_regions
    >>> made = economy(two_regions())
    >>> made.sectors, made.places, (365 * made.output).round(6).tolist(), made.shares[0, :, 1].round(3).tolist()
    (1, 2, [1000.0, 2000.0], [0.833, 0.167])
    """
    labels = accounts.part or tuple(accounts.regions[r] for r in accounts.region)
    names = tuple(dict.fromkeys(labels))
    of = {name: number for number, name in enumerate(names)}
    place = accounts.sector * len(names) + np.array([of[label] for label in labels], dtype=np.int64)
    shape = (len(accounts.sectors), len(names), len(accounts.sectors) * len(names))
    Y, Z, moved = _without_negatives(accounts)
    Z, idle = _balanced(Z, Y)
    flows = np.zeros((shape[2], shape[2]))
    for where, rows in row_blocks(Z):
        flows[np.ix_(place[where], place)] = rows / DAYS_OF_YEAR
    shares = flows.reshape(shape)
    use, sold = shares.sum(axis=1), flows.sum(axis=1)
    np.divide(shares, use[:, None, :], out=shares, where=use[:, None, :] > 0)
    region = np.zeros(shape[2], dtype=np.int64)
    region_of = dict(zip(labels, accounts.region.tolist(), strict=True))
    region[:] = np.tile([region_of[name] for name in names], shape[0])
    final = np.zeros((shape[2], len(accounts.regions)))
    final[place] = Y / DAYS_OF_YEAR
    output = sold + final.sum(axis=1)
    return Economy(
        accounts=accounts,
        shares=shares.astype(np.float32) if single else shares,
        use=use,
        output=output,
        sold=sold,
        final=final,
        value_added=output - use.sum(axis=0),
        essential=per_output(use, output) > least_input,
        place=place,
        region=region,
        notes=tuple(_notes(accounts, moved, idle)),
    )


def _without_negatives(accounts: Accounts) -> tuple[Floats, Floats, float]:
    """Y and Z without negative cells, and the sum of those that were there."""
    Y = np.maximum(accounts.Y, 0.0)
    kept, net = Y.sum(axis=1), np.maximum(accounts.Y.sum(axis=1), 0.0)
    Y *= np.divide(net, kept, out=np.zeros_like(kept), where=kept > 0)[:, None]
    Z = np.asarray(accounts.Z, dtype=np.float64)
    negative = float(np.minimum(Z, 0.0).sum()) if accounts.checks.negative_flows else 0.0
    lost = float(np.minimum(accounts.Y, 0.0).sum()) + negative
    return Y, np.maximum(Z, 0.0) if negative else Z, -lost


def _balanced(Z: Floats, Y: Floats) -> tuple[Floats, int]:
    """Flows where who sells nothing buys nothing, and how many more bought before."""
    idle = 0
    while True:
        x = Z.sum(axis=1) + Y.sum(axis=1)
        useless = (x <= 0) & (Z.sum(axis=0) > 0)
        if not useless.any():
            return Z, idle
        Z = np.where(useless, 0.0, Z)
        idle += int(useless.sum())


def _notes(accounts: Accounts, moved: float, idle: int) -> list[str]:
    found = []
    if moved:
        share = moved / float(accounts.x.sum())
        found.append(
            f"{accounts.source}: negative cells of {share:.2g} of all output are not dealt out; negative final "
            "demand is taken off the other final buyers of the same industry."
        )
    if idle:
        found.append(f"{accounts.source}: {idle} industries that sell nothing are taken to buy nothing.")
    return found
