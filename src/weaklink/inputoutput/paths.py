"""Through whom does a reliance run? Its largest paths, its orders, and its direct suppliers.

A figure of look-through is a sum over all chains i ← … ← j from the supplier's industries to the buyer's: the weight
of the buyer's industry times a coefficient of A for each step. Structural path analysis lists the largest.

The search is best first. The largest product that any continuation of a chain can reach is known beforehand (M
below), so chains come out in order of size, none larger is left behind, and what all others add up to is the
figure less the sum of those listed: the proof is in the answer.

Source: Defourny and Thorbecke (1984), Economic Journal 94(373), 111; Crama, Defourny and Gazon (1984), Économie
appliquée 37(1), 223. The bound of the search is that of A* (Hart, Nilsson and Raphael 1968).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import numpy.typing as npt

from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Accounts, Floats, per_output
from weaklink.inputoutput.solve import System, system

Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Path:
    """One chain, from the supplier's industry to the buyer's; rows of the table, the supplier first.

    `value` is what it adds to the figure, `share` its part of the figure.
    """

    rows: tuple[int, ...]
    value: float
    share: float


@dataclass(frozen=True, slots=True)
class Explained:
    """A figure of look-through taken apart.

    `paths` are the largest, in order; `rest` is what all others add up to, and no single one of them exceeds
    `largest_left`. `orders` has the figure by length of chain: element 0 is bought directly; what lies beyond the last
    is the figure less their sum. `direct` has the figure by direct supplier: one element per row of the table,
    whose product the buyer buys and what of the supplier is in it. It adds up to the figure.
    """

    figure: float
    paths: tuple[Path, ...]
    rest: float
    largest_left: float
    orders: Floats
    direct: Floats

    @property
    def explained(self) -> float:
        """The share of the figure that the listed paths make up."""
        return 1 - self.rest / self.figure if self.figure else 1.0


def explained(
    accounts: Accounts,
    supplier: Floats,
    buyer: Floats,
    *,
    most: int = 20,
    orders: int = 8,
    solver: System | None = None,
) -> Explained:
    """Take apart supplier' (L - I) buyer, by the `most` largest chains and by the first `orders` lengths.

    `supplier` weighs rows by what counts of them: 1 for the industries of the supplier, or their v for value added.
    `buyer` weighs columns: the shares of a bloc's industries in its output, or 1 for a single one. Both have N
    elements, none negative; so must Z. The unit of the buyer itself, a chain of no step, is not in the figure: on
    value added what the buyer makes itself comes on top.

    >>> from weaklink.inputoutput.textbook import one_region
    >>> answer = explained(one_region(), np.array([1.0, 0.0]), np.array([0.0, 1.0]), most=3)
    >>> round(answer.figure, 4), answer.orders[:2].round(4).tolist()
    (0.33, [0.25, 0.05])
    >>> [(path.rows, round(path.value, 4)) for path in answer.paths]
    [((0, 1), 0.25), ((0, 0, 1), 0.0375), ((0, 1, 1), 0.0125)]
    """
    if accounts.checks.negative_flows:
        raise RequestError(
            f"{accounts.source}: {accounts.checks.negative_flows} flows are negative; the largest paths are then "
            "not defined. Ask for the figure without its paths, or net the negative flows first."
        )
    A = per_output(accounts.Z, accounts.x)
    through = (system(accounts) if solver is None else solver).left(supplier[None]).values[0]
    figure = float((through - supplier) @ buyer)
    found = list(islice(_largest(A, supplier, buyer), most + 1))
    listed = found[:most]
    share = 1 / figure if figure else 0.0
    return Explained(
        figure=figure,
        paths=tuple(Path(rows, value, value * share) for value, rows in listed),
        rest=figure - sum(value for value, _ in listed),
        largest_left=found[most][0] if len(found) > most else 0.0,
        orders=_by_order(A, supplier, buyer, orders),
        direct=through * (A @ buyer),
    )


def _by_order(A: Floats, supplier: Floats, buyer: Floats, most: int) -> Floats:
    """The figures supplier' Aᵏ buyer for k from 1 on."""
    figures, needed = np.zeros(most), buyer
    for order in range(most):
        needed = A @ needed
        figures[order] = supplier @ needed
    return figures


def _largest(A: Floats, supplier: Floats, buyer: Floats) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Chains of one step or more by falling value."""
    search = _Search(A, supplier, _best_ends(A, supplier))
    for column in np.flatnonzero(buyer > 0).tolist():
        search.begin(column, float(buyer[column]))
    yield from search.chains()


def _best_ends(A: Floats, supplier: Floats) -> Floats:
    """M: for each row, the largest value of a chain from there to the supplier, of no step or more.

    M_i = max(supplier_i, max over k of a_ki M_k), the fixed point of a max-times recursion: it is reached in as
    many rounds as the best chain has steps, since coefficients of a circle multiply to less than one.
    """
    best = supplier.copy()
    for _ in range(len(supplier)):
        better = np.maximum(supplier, (A * best[:, None]).max(axis=0))
        if (better <= best).all():
            return best
        best = np.maximum(best, better)
    raise RequestError("Some circle of industries uses more than it makes: the table has no largest path.")


@dataclass(slots=True)
class _Search:
    """Chains still to be looked at, the most promising first. Negated bounds, since a heap gives the smallest.

    An entry either ends its chain at its first row, or goes on upstream from there to its `turn`-th best
    supplier; taking it puts the next best supplier in its place.
    """

    A: Floats
    supplier: Floats
    best: Floats
    heap: list[tuple[float, int, float, tuple[int, ...], int]] = field(default_factory=list)
    ranked: dict[int, tuple[Places, Floats]] = field(default_factory=dict)
    count: int = 0

    def begin(self, column: int, weight: float) -> None:
        """The buyer's industry by itself is no chain yet; its suppliers make one."""
        self._go_on(weight, (column,), 0)

    def chains(self) -> Iterator[tuple[float, tuple[int, ...]]]:
        """Chains by falling value."""
        while self.heap:
            negative, _, value, rows, turn = heapq.heappop(self.heap)
            if turn < 0:
                yield -negative, rows
                continue
            self._go_on(value, rows, turn + 1)
            place = int(self._suppliers(rows[0])[0][turn])
            longer, value = (place, *rows), value * float(self.A[place, rows[0]])
            if self.supplier[place] > 0:
                self._push(value * float(self.supplier[place]), value, longer, -1)
            self._go_on(value, longer, 0)

    def _go_on(self, value: float, rows: tuple[int, ...], turn: int) -> None:
        places, bounds = self._suppliers(rows[0])
        if turn < len(places):
            self._push(value * float(bounds[turn]), value, rows, turn)

    def _push(self, bound: float, value: float, rows: tuple[int, ...], turn: int) -> None:
        self.count += 1  # of equal bounds the first comes first, whatever the rows
        heapq.heappush(self.heap, (-bound, self.count, value, rows, turn))

    def _suppliers(self, column: int) -> tuple[Places, Floats]:
        """Suppliers of an industry from which the supplier asked about can be reached, the best first."""
        if column not in self.ranked:
            bounds = self.A[:, column] * self.best
            order = np.argsort(-bounds, kind="stable")[: int(np.count_nonzero(bounds > 0))]
            self.ranked[column] = order, bounds[order]
        return self.ranked[column]
