"""How likely is a shortage, and how large, over many winters? Each winter bracketed, not solved: how good is printed.

Winters are counted by plans that can be carried out (`Bracket.high`), so that what is said to be served can be served;
the certified lower ends say by how much the truth may be better. Any `concurrent.futures` executor shares the work, and
the result does not depend on how.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import chain

import numpy as np

from weaklink.network.aggregate import weeks
from weaklink.network.bracket import Bracket, Bracketing
from weaklink.network.dispatch import share
from weaklink.network.model import Figures, Network
from weaklink.network.winters import Variation, Winter, draws

CURTAILED = (
    0.001  # share of a node's demand over the horizon from which a winter counts as one of curtailment
)


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """Many winters of one network, one row each, in the network's unit.

    `low` and `high` bracket the least unserved demand of each winter; `unserved` (winters, nodes) is that of the plan
    with `high`, and `storage` (winters, coarse periods) its total level at the end of each period, which ends before
    the period of the network that `ends` names.
    """

    network: Network
    low: Figures
    high: Figures
    unserved: Figures
    demand: Figures
    storage: Figures
    ends: tuple[int, ...]

    @property
    def gap(self) -> float:
        """Certified gap of the mean over all winters, as a share of its upper end; 0 where nothing goes unserved."""
        total = float(self.high.sum())
        return float((self.high - self.low).sum()) / total if total > 0 else 0.0

    @property
    def gap_of_demand(self) -> float:
        """Certified gap of the mean over all winters, as a share of demand."""
        return float((self.high - self.low).sum() / self.demand.sum())

    @property
    def curtailment_rate(self) -> Figures:
        """Share of demand that goes unserved, with the shape (winters, nodes); not-a-number without demand."""
        return share(self.unserved, self.demand)

    def probability(self, rate: float = CURTAILED) -> Figures:
        """Share of winters in which a node's curtailment rate is at least `rate`."""
        found: Figures = (self.curtailment_rate >= rate).mean(axis=0)
        return found

    def quantiles(self, levels: Sequence[float] = (0.05, 0.5, 0.95)) -> Figures:
        """Quantiles of each node's curtailment rate, with the shape (levels, nodes)."""
        found: Figures = np.quantile(self.curtailment_rate, levels, axis=0)
        return found

    def storage_bands(self, levels: Sequence[float] = (0.05, 0.5, 0.95)) -> Figures:
        """Quantiles of the total storage level at the ends of coarse periods, with the shape (levels, periods)."""
        found: Figures = np.quantile(self.storage, levels, axis=0)
        return found


def ensemble(
    network: Network,
    variation: Variation,
    count: int,
    seed: int,
    *,
    executor: Executor | None = None,
    parts: int = 2,
) -> Ensemble:
    """So many drawn winters, bracketed.

    >>> from weaklink.network.model import Entry
    >>> well = Entry("well", "A", 10.0)
    >>> network = Network("n", "gas", "GWh", ("all",), ("A",), np.full((1, 1, 14), 10.0), entries=(well,))
    >>> found = ensemble(network, Variation(weather=0.0, outage_chance=0.0), 20, seed=1)
    >>> found.gap < 1e-6, float(found.probability()[0])
    (True, 0.6)
    """
    return bracketed(network, list(draws(network, variation, count, seed)), executor=executor, parts=parts)


def bracketed(
    network: Network, winters: Sequence[Winter], *, executor: Executor | None = None, parts: int = 2
) -> Ensemble:
    """Given winters of a network, bracketed; an executor works on them in so many parts at once."""
    if executor is None:
        found: Iterable[Bracket] = _brackets(network, winters)
    else:
        size = -(-len(winters) // parts)
        chunks = [winters[first : first + size] for first in range(0, len(winters), size)]
        found = chain.from_iterable(executor.map(_brackets, [network] * len(chunks), chunks))
    brackets = list(found)
    return Ensemble(
        network=network,
        low=np.array([one.low for one in brackets]),
        high=np.array([one.high for one in brackets]),
        unserved=np.array([one.by_node for one in brackets]),
        demand=np.array([one.demand for one in brackets]),
        storage=np.array([one.storage for one in brackets]),
        ends=tuple(weeks(network)[1:].tolist()),
    )


def _brackets(network: Network, winters: Sequence[Winter]) -> list[Bracket]:
    solver = Bracketing(network)
    return [solver.bracket(winter) for winter in winters]
