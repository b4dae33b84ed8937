"""How fragile is the world's trade network of a product: does it hang on one exporter, does it fall into groups?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from weaklink.trade.concentration import ratio
from weaklink.trade.entries import Entries
from weaklink.trade.runs import Amounts, Figures, Indices, Places, Runs

CELLS = 1 << 22  # of the matrices of countries × countries that are held at a time
WORD = 64  # bits of the integers that rows of such a matrix are packed into


def exporter_centralization(entries: Entries, exports: Runs) -> Figures:
    """Freeman's centralization of the exporters of each item, from 0 (all equal) to 1 (a single exporter).

    The centrality of an exporter is its share in world exports, the weighted outdegree of the network. The
    countries of the network are all that trade the item, as exporter or importer. Not-a-number for fewer
    than two.

    Source: Freeman (1978), Social Networks 1(3), 215.
    """
    total, traders = exports.total, _traders(entries)
    above = ratio(traders * exports.greatest.astype(np.float64) - total, total)
    return ratio(above, np.where(traders > 1, traders - 1, 0))


def clustering(entries: Entries) -> Figures:
    """Transitivity of the trade network of each item: closed triples among all connected triples.

    Two countries are connected where either sells to the other. Not-a-number where no country trades with
    two others.

    Source: Newman (2003), SIAM Review 45(2), 167.
    """
    items, countries = len(entries.groups), max(len(entries.identified), 1)
    at_a_time = max(1, CELLS // countries**2)
    edges = np.append(entries.groups.start, len(entries.flows))
    parts = [
        _transitivity(entries, edges[low : low + at_a_time + 1], low) for low in range(0, items, at_a_time)
    ]
    return np.concatenate(parts) if parts else np.array([])


def _traders(entries: Entries) -> Amounts:
    """Number of countries that trade each item."""
    seen = np.zeros((len(entries.groups), len(entries.identified)), dtype=np.bool_)
    for side in (entries.flows.importer, entries.flows.exporter):
        seen[entries.item, side] = True
    count: Amounts = seen.sum(axis=-1)
    return count


def _transitivity(entries: Entries, edges: Places, low: int) -> Figures:
    """Transitivity of the items whose flows begin at `edges`, the first of them being the item `low`.

    Each country's neighbours are bits in a few words, so that the neighbours which two countries share are
    counted by words. Countries of all items stand one below the other.
    """
    run, items, countries = slice(int(edges[0]), int(edges[-1])), len(edges) - 1, len(entries.identified)
    above = (entries.item[run] - low) * countries
    buyer, seller = entries.flows.importer[run], entries.flows.exporter[run]
    neighbours = _neighbours(above, buyer, seller, items * countries, countries)
    one, other = _pairs(above, np.minimum(buyer, seller), np.maximum(buyer, seller), items, countries)
    shared = np.bitwise_count(neighbours[one] & neighbours[other]).sum(axis=-1, dtype=np.int64)
    closed = np.bincount(one // max(countries, 1), weights=shared, minlength=items)
    degree = np.bitwise_count(neighbours).sum(axis=-1, dtype=np.int64).reshape(items, countries)
    return ratio(closed, (degree * (degree - 1) // 2).sum(axis=-1))


def _neighbours(
    above: Places, buyer: Indices, seller: Indices, rows: int, countries: int
) -> npt.NDArray[np.uint64]:
    """The neighbours of every country of every item, as bits: one row of words for each."""
    joined = np.zeros((rows, -(-countries // WORD) * WORD), dtype=np.bool_)
    joined[above + buyer, seller] = True
    joined[above + seller, buyer] = True
    own = np.arange(rows)
    joined[own, own % max(countries, 1)] = False
    return np.packbits(joined, axis=-1).view(np.uint64)


def _pairs(
    above: Places, first: Indices, second: Indices, items: int, countries: int
) -> tuple[Places, Places]:
    """The rows of both countries of each connected pair, each pair once."""
    met = np.zeros(items * countries**2, dtype=np.bool_)
    met[(above + first) * countries + second] = first != second
    one, partner = np.divmod(np.flatnonzero(met), max(countries, 1))
    return one, one - one % max(countries, 1) + partner
