"""How fragile is the world's trade network of a product: does it hang on one exporter, does it fall into groups?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from weaklink.flows import Flows
from weaklink.trade.concentration import ratio
from weaklink.trade.runs import Amounts, Figures, Places
from weaklink.trade.supply import Entries, Partners

CELLS = 1 << 22  # of the matrices of countries × countries that are held at a time
WORD = 64  # bits of the integers that rows of such a matrix are packed into


def exporter_centralization(entries: Entries, world: Partners) -> Figures:
    """Freeman's centralization of the exporters of each item, from 0 (all equal) to 1 (a single exporter).

    The centrality of an exporter is its share in world exports, the weighted outdegree of the network. The
    countries of the network are all that trade the item, as exporter or importer. Not-a-number for fewer
    than two.

    Source: Freeman (1978), Social Networks 1(3), 215.
    """
    total, traders = world.runs.total, _traders(entries)
    above = ratio(traders * world.runs.greatest.astype(np.float64) - total, total)
    return ratio(above, np.where(traders > 1, traders - 1, 0))


def clustering(entries: Entries) -> Figures:
    """Transitivity of the trade network of each item: closed triples among all connected triples.

    Two countries are connected where either sells to the other. Not-a-number where no country trades with
    two others.

    Source: Newman (2003), SIAM Review 45(2), 167.
    """
    count, countries = len(entries.groups), max(len(entries.identified), 1)
    at_a_time = max(1, CELLS // countries**2)
    edges = np.append(entries.groups.start, len(entries.flows))
    return np.concatenate(
        [
            _transitivity(entries.flows, entries.item, edges[low : low + at_a_time + 1], low)
            for low in range(0, count, at_a_time)
        ]
        or [np.array([])]
    )


def _traders(entries: Entries) -> Amounts:
    """Number of countries that trade each item."""
    seen = np.zeros((len(entries.groups), len(entries.identified)), dtype=np.bool_)
    for side in (entries.flows.importer, entries.flows.exporter):
        seen[entries.item, side] = True
    count: Amounts = seen.sum(axis=-1)
    return count


def _transitivity(flows: Flows, item: Places, edges: Places, low: int) -> Figures:
    """Transitivity of the items whose flows begin at `edges`, the first of them being the item `low`."""
    run = slice(int(edges[0]), int(edges[-1]))
    joined = _networks(flows, item, run, low, len(edges) - 1)
    degrees = joined.sum(axis=-1, dtype=np.int64)
    triples = (degrees * (degrees - 1)).sum(axis=-1)
    return ratio(_closed(joined), triples)


def _networks(flows: Flows, item: Places, run: slice, low: int, count: int) -> npt.NDArray[np.bool_]:
    """Which countries are connected, for each item: symmetric flags with an empty diagonal, padded to whole words."""
    countries = len(flows.countries)
    width = -(-countries // WORD) * WORD
    joined = np.zeros((count, countries, width), dtype=np.bool_)
    place, buyer, seller = item[run] - low, flows.importer[run], flows.exporter[run]
    joined[place, buyer, seller] = joined[place, seller, buyer] = True
    diagonal = np.arange(countries)
    joined[:, diagonal, diagonal] = False
    return joined


def _closed(joined: npt.NDArray[np.bool_]) -> Amounts:
    """Closed triples of each network: for each connected pair, in both directions, the neighbours that both have."""
    neighbours = np.packbits(joined, axis=-1).view(np.uint64)
    place, one, other = np.nonzero(joined)
    both = np.bitwise_count(neighbours[place, one] & neighbours[place, other]).sum(axis=-1, dtype=np.int64)
    return np.bincount(place, weights=both, minlength=len(joined)).astype(np.int64)
