"""Which flows go through a passage that closes, and how much longer is their other way?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weaklink.flows import Flags, Flows
from weaklink.provision.sea import nearest
from weaklink.shortfall.market import Figures
from weaklink.study.passages import coasts, mode_of, routes_from, trades_by_land


@dataclass(frozen=True, slots=True, eq=False)
class Detours:
    """The ways of some flows: `passages` those of the shortest sea route of each pair of countries.

    `pair` is the number of each flow's pair, -1 for flows that do not come by sea. `nautical_miles` is the length of
    the detour of each flow, infinite where there is no other way, and 0 where none is needed.
    """

    pair: npt.NDArray[np.int64]
    passages: tuple[tuple[str, ...], ...]
    nautical_miles: Figures

    def through(self, closed: Collection[str]) -> Flags:
        """The flows whose shortest route leads through one of some passages."""
        hit = np.array([bool(set(those) & set(closed)) for those in self.passages] or [False], dtype=np.bool_)
        return np.asarray((self.pair >= 0) & hit[self.pair])


def detours(flows: Flows, closed: frozenset[str]) -> Detours:
    """The shortest sea route of each flow, and how much longer the one is that avoids all of some passages.

    Flows between neighbours on land, and of goods that never go by ship, are left out.
    """
    wanted = tuple(sorted(closed))
    by_ship = np.array([not mode_of(product) for product in flows.products], dtype=np.bool_)[flows.product]
    ends = flows.importer.astype(np.int64) * len(flows.countries) + flows.exporter
    pairs, place = np.unique(ends[by_ship], return_inverse=True)
    buyers, sellers = np.divmod(pairs, len(flows.countries))
    ways = [
        _way(flows.countries[buyer], flows.countries[seller], wanted)
        for buyer, seller in zip(buyers, sellers, strict=True)
    ]
    of_pair = np.array([-1 if way is None else at for at, way in enumerate(ways)], dtype=np.int64)
    number = np.full(len(flows), -1, dtype=np.int64)
    number[by_ship] = of_pair[place]
    longer = np.array([0.0 if way is None else way[1] for way in ways] + [0.0])
    passages = tuple(() if way is None else way[0] for way in ways)
    return Detours(number, passages, np.where(number >= 0, longer[number], 0.0))


def _way(importer: str, exporter: str, closed: tuple[str, ...]) -> tuple[tuple[str, ...], float] | None:
    """The passages of the usual route, and the detour round closed ones; None where goods do not come by sea."""
    if trades_by_land(importer, exporter) or not {importer, exporter} <= coasts().keys():
        return None
    usual = nearest(routes_from(importer), coasts()[exporter])
    if usual is None:
        return None
    if not set(usual.passages) & set(closed):
        return usual.passages, 0.0
    other = nearest(routes_from(importer, closed), coasts()[exporter])
    return usual.passages, np.inf if other is None else float(other.nautical_miles - usual.nautical_miles)
