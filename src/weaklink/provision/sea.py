"""Which way do ships go, and which way if a passage is closed? The shortest on a stated table of legs.

Closing a passage takes its legs away and adds none, so that no route ever gets shorter by it.

Method: Dijkstra (1959), Numerische Mathematik 1, 269.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of sea between two points; `passage` is empty on open water."""

    start: str
    end: str
    passage: str
    nautical_miles: int


@dataclass(frozen=True, slots=True)
class Route:
    """A way by sea: its length, the points it leads by, and the passages it goes through, in order."""

    nautical_miles: int
    points: tuple[str, ...]
    passages: tuple[str, ...]


SeaMap: TypeAlias = Mapping[str, tuple[Leg, ...]]  # the legs at each point


def sea_map(legs: Iterable[Leg]) -> SeaMap:
    """The legs by the points where they begin, each in both directions."""
    found: dict[str, list[Leg]] = {}
    for leg in legs:
        found.setdefault(leg.start, []).append(leg)
        found.setdefault(leg.end, []).append(Leg(leg.end, leg.start, leg.passage, leg.nautical_miles))
    return {point: tuple(sorted(those, key=lambda leg: leg.end)) for point, those in found.items()}


def routes(sea: SeaMap, starts: Iterable[str], closed: Collection[str] = ()) -> dict[str, Route]:
    """The shortest route to every point that can be reached from any of some points.

    Of equally long routes it is the one whose points come first by name, so that the answer is always the same.

    >>> sea = sea_map([Leg("A", "B", "strait", 10), Leg("A", "C", "", 20), Leg("C", "B", "", 20)])
    >>> routes(sea, ["A"])["B"].passages, routes(sea, ["A"], closed={"strait"})["B"].nautical_miles
    (('strait',), 40)
    """
    found: dict[str, Route] = {}
    waiting: list[tuple[int, tuple[str, ...], tuple[str, ...]]] = [(0, (start,), ()) for start in set(starts)]
    heapq.heapify(waiting)
    while waiting:
        length, points, passages = heapq.heappop(waiting)
        if points[-1] in found:
            continue
        found[points[-1]] = Route(length, points, passages)
        for leg in sea.get(points[-1], ()):
            if leg.end not in found and leg.passage not in closed:
                through = passages if leg.passage in ("", *passages[-1:]) else (*passages, leg.passage)
                heapq.heappush(waiting, (length + leg.nautical_miles, (*points, leg.end), through))
    return found


def nearest(found: Mapping[str, Route], ends: Iterable[str]) -> Route | None:
    """The shortest of the routes found to any of some points; None where none can be reached."""
    reached = [found[end] for end in ends if end in found]
    return min(reached, key=lambda route: (route.nautical_miles, route.points), default=None)
