"""What is bought each day, and what of it does a scenario strike?

Cells are pairs of a product and an importer, in order of products. Flows that the same shocks strike are one strike,
so that a day costs as many steps as there are strikes, not flows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from weaklink.shortfall.market import Figures

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

STEP_NM = 100  # detours are counted in steps of so many nautical miles


@dataclass(frozen=True, slots=True, eq=False)
class Late:
    """What comes by a longer way: how much of it is still on the way, by the miles that ships have gone further.

    `missing[i, n]` is the integral from 0 to `n` steps of the daily amount of row i whose detour is longer than that.
    """

    missing: Figures

    @classmethod
    def of(cls, row: Integers, detour_nm: Figures, amount: Figures, rows: int) -> Late:
        """Daily amounts with their detours, which are rounded up to whole steps.

        >>> late = Late.of(np.array([0]), np.array([250.0]), np.array([2.0]), 1)
        >>> late.missing.tolist()
        [[0.0, 200.0, 400.0, 600.0]]
        """
        steps = np.ceil(detour_nm / STEP_NM).astype(np.int64)
        most = int(steps.max(initial=0))
        ends = np.zeros((rows, most + 1))
        np.add.at(ends, (row, steps), amount)
        longer = ends.sum(axis=1, keepdims=True) - np.cumsum(ends, axis=1)
        return cls(np.concatenate([np.zeros((rows, 1)), np.cumsum(longer * STEP_NM, axis=1)], axis=1)[:, :-1])

    def on_day(self, since: float, speed_nm: Figures) -> Figures:
        """The amount still on the way on the day that begins `since` days after the closure: draws × rows.

        `speed_nm` are the nautical miles that ships make in a day, in each draw.
        """
        before, after = (self._until(speed_nm * days) for days in (since, since + 1))
        found: Figures = (after - before) / speed_nm[:, None]
        return found

    def is_over(self, since: float, speed_nm: Figures) -> bool:
        """Whether in every draw all has come by the longer way."""
        return bool((speed_nm * since >= (self.missing.shape[1] - 1) * STEP_NM).all())

    def _until(self, miles: Figures) -> Figures:
        last = self.missing.shape[1] - 1
        place = np.minimum(miles / STEP_NM, last)
        low = np.minimum(place.astype(np.int64), max(last - 1, 0))
        part = (place - low)[:, None]
        columns = self.missing.T
        found: Figures = columns[low] * (1 - part) + columns[np.minimum(low + 1, last)] * part
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Strike:
    """Flows that the same shocks strike, by cell and, of all importers of the world, by product; per day.

    `shocks` are numbers of the shocks to exports and production that take them, `closures` of those that close their
    passage. What closures strike is lost, or where `late` is given only late. `by_hubs` says that these are goods that
    third countries could pass on, of which only a drawn share is.
    """

    shocks: tuple[int, ...]
    closures: tuple[int, ...]
    cells: Figures
    world: Figures
    late: tuple[Late, Late] | None = None  # of cells and of the world
    by_hubs: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Purchases:
    """What importers buy on a day, in dollars, and what is struck.

    `product` is the number of each cell's product, rising; `member` that of its importer. `use` are each cell's
    imports on a day, taken as its use. `world` and `others` are, for each product, the imports of all the world and
    the exports of suppliers that no shock strikes. `urgent` flags cells that are served first from what others deliver
    more. `force` says how much of each shock is in force on each day, shocks × days. `held` is what each cell has in
    stock beyond the usual days of use, in dollars; None is nothing.
    """

    product: Integers
    member: Integers
    use: Figures
    world: Figures
    others: Figures
    urgent: Flags
    strikes: tuple[Strike, ...]
    force: Figures
    pooled: bool = False
    held: Figures | None = None
    starts: Integers = field(init=False)

    def __post_init__(self) -> None:
        first = np.flatnonzero(np.diff(self.product, prepend=-1)).astype(np.int64)
        object.__setattr__(self, "starts", first)

    @property
    def days(self) -> int:
        """How many days are counted."""
        return int(self.force.shape[1])

    def by_product(self, cells: Figures) -> Figures:
        """Sums of figures of cells (the last axis) by product; zero for a product without a cell."""
        sums = np.zeros((*cells.shape[:-1], len(self.world)))
        if len(self.starts):
            sums[..., self.product[self.starts]] = np.add.reduceat(cells, self.starts, axis=-1)
        return sums

    def by_member(self, cells: Figures, members: int) -> Figures:
        """Sums of figures of cells (the last axis) by importer."""
        order = np.argsort(self.member, kind="stable")
        sums = np.zeros((*cells.shape[:-1], members))
        sorted_members = self.member[order]
        first = np.flatnonzero(np.diff(sorted_members, prepend=-1))
        if len(first):
            sums[..., sorted_members[first]] = np.add.reduceat(cells[..., order], first, axis=-1)
        return sums
