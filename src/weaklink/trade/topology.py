"""How fragile is the world's trade network of a product: does it hang on one exporter, does it fall into groups?"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from weaklink.flows import Flows
from weaklink.trade.concentration import Figures, ratio, shares
from weaklink.trade.supply import Supply, starts


def exporter_centralization(flows: Flows, supply: Supply) -> Figures:
    """Freeman's centralization of the exporters of each item, from 0 (all equal) to 1 (a single exporter).

    The centrality of an exporter is its share in world exports, the weighted outdegree of the network. The
    countries of the network are all that trade the item, as exporter or importer. Not-a-number for fewer
    than two.

    Source: Freeman (1978), Social Networks 1(3), 215.
    """
    centrality = shares(supply.world.amount)
    largest = centrality.max(axis=-1)
    traders = np.array([len(_traders(flows, run)) for run in _runs(flows)], dtype=np.float64)
    return ratio(traders * largest - centrality.sum(axis=-1), np.where(traders > 1, traders - 1, 0))


def clustering(flows: Flows, supply: Supply) -> Figures:
    """Transitivity of the trade network of each item: closed triples among all connected triples.

    Two countries are connected where either sells to the other. Not-a-number where no country trades with
    two others.

    Source: Newman (2003), SIAM Review 45(2), 167.
    """
    found = np.full(len(supply.year), np.nan)
    for item, run in enumerate(_runs(flows)):
        found[item] = _transitivity(_network(flows, run))
    return found


def _runs(flows: Flows) -> list[slice]:
    """The flows of each item: a slice, since flows are sorted by item."""
    edges = [*starts(flows).tolist(), len(flows)]
    return [slice(first, last) for first, last in pairwise(edges)]


def _traders(flows: Flows, run: slice) -> npt.NDArray[np.int16]:
    return np.union1d(flows.importer[run], flows.exporter[run])


def _network(flows: Flows, run: slice) -> npt.NDArray[np.float32]:
    """Which traders are connected: a symmetric matrix of ones and zeros with an empty diagonal."""
    traders = _traders(flows, run)
    buyer, seller = (np.searchsorted(traders, side[run]) for side in (flows.importer, flows.exporter))
    joined = np.zeros((len(traders), len(traders)), dtype=np.float32)
    joined[buyer, seller] = joined[seller, buyer] = 1
    np.fill_diagonal(joined, 0)
    return joined


def _transitivity(joined: npt.NDArray[np.float32]) -> float:
    """Paths of length two that close, among all; whole numbers far below 2^24, so exact in single precision."""
    degrees = joined.sum(axis=0, dtype=np.float64)
    triples = float((degrees * (degrees - 1)).sum())
    closed = float(((joined @ joined) * joined).sum(dtype=np.float64))
    return closed / triples if triples else float("nan")
