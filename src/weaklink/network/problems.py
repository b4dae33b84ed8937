"""What is wrong with a network? Every problem as one sentence: what, where, which value, what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from weaklink.network.model import Curve, Entry, Link, Network, Source, Storage


def problems(network: Network) -> list[str]:
    """All problems of a network, in the order of its fields; empty for a valid one."""
    shape = list(_shape_problems(network))
    if shape:  # nothing else can be judged before the number of periods is known
        return shape
    return [
        *_names(network),
        *_units(network),
        *_demand(network),
        *_links(network),
        *_entries(network),
        *_sources(network),
        *_storages(network),
        *_unreached(network),
    ]


def _shape_problems(network: Network) -> Iterator[str]:
    expected = (len(network.classes), len(network.nodes))
    shape = network.demand.shape
    if len(shape) != 3 or shape[:2] != expected or 0 in shape:
        yield (
            f"demand has the shape {shape}; expected {len(network.classes)} classes × {len(network.nodes)} nodes "
            "× periods, none of them empty"
        )
    elif network.durations.shape != (shape[2],):
        yield f"durations has the shape {network.durations.shape}; expected one figure for each of {shape[2]} periods"


def _names(network: Network) -> Iterator[str]:
    groups: dict[str, Iterable[str]] = {
        "class": network.classes,
        "node": network.nodes,
        "link": (link.name for link in network.links),
        "entry": (entry.name for entry in network.entries),
        "source": (source.name for source in network.sources),
        "storage": (storage.name for storage in network.storages),
    }
    for kind, names in groups.items():
        for name, count in Counter(names).items():
            if count > 1:
                yield f"{kind} {name!r} stands {count} times; give each its own name"
            if not name:
                yield f"a {kind} has no name; give it one"


def _units(network: Network) -> Iterator[str]:
    parts: list[Link | Entry | Source | Storage] = [*network.links, *network.entries]
    parts += [*network.sources, *network.storages]
    for part in parts:
        if part.unit and part.unit != network.unit:
            yield (
                f"{type(part).__name__.lower()} {part.name!r} is in {part.unit}, the network in {network.unit}; "
                "convert it first"
            )


def _demand(network: Network) -> Iterator[str]:
    for group, node in zip(*np.nonzero(~_amounts(network.demand).all(axis=2)), strict=True):
        first = int(np.flatnonzero(~_amounts(network.demand[group, node]))[0])
        yield (
            f"demand of {network.classes[group]} at {network.nodes[node]!r} in period {first} is "
            f"{network.demand[group, node, first]}; expected a figure of at least 0"
        )
    if not (np.isfinite(network.durations) & (network.durations > 0)).all():
        yield "durations must be positive numbers of days"


def _links(network: Network) -> Iterator[str]:
    for link in network.links:
        yield from _known(network, f"link {link.name!r}", link.origin, link.destination)
        if link.origin == link.destination:
            yield f"link {link.name!r} runs from {link.origin!r} to itself; remove it or name its other end"
        yield from _rates(network, f"link {link.name!r}: forward capacity", link.forward)
        yield from _rates(network, f"link {link.name!r}: backward capacity", link.backward)


def _entries(network: Network) -> Iterator[str]:
    known = {source.name for source in network.sources}
    for entry in network.entries:
        yield from _known(network, f"entry {entry.name!r}", entry.node)
        yield from _rates(network, f"entry {entry.name!r}: capacity", entry.capacity)
        if entry.source is not None and entry.source not in known:
            yield f"entry {entry.name!r}: no source {entry.source!r}; known are {listed(known)}"


def _sources(network: Network) -> Iterator[str]:
    for source in network.sources:
        yield from _rates(network, f"source {source.name!r}: daily volume", source.daily, infinite=True)
        for what in ("total", "buffer", "start"):
            value = getattr(source, what)
            if not value >= 0 or (what != "total" and not np.isfinite(value)):
                yield f"source {source.name!r}: {what} is {value}; expected a figure of at least 0"
        if source.start > source.buffer:
            yield f"source {source.name!r}: start {source.start} is more than its buffer {source.buffer}"


def _storages(network: Network) -> Iterator[str]:
    for storage in network.storages:
        where = f"storage {storage.name!r}"
        yield from _known(network, where, storage.node)
        for what in ("volume", "start", "minimum_end"):
            value = getattr(storage, what)
            if not (np.isfinite(value) and value >= 0):
                yield f"{where}: {what} is {value}; expected a figure of at least 0"
            elif value > storage.volume:
                yield f"{where}: {what} {value:g} is more than its volume {storage.volume:g}"
        if storage.minimum_end > storage.start:
            yield (
                f"{where}: minimum_end {storage.minimum_end:g} is more than its start {storage.start:g}; "
                "only what is there can be promised"
            )
        if not 0 <= storage.loss < 1:
            yield f"{where}: loss is {storage.loss}; expected a share from 0 to less than 1"
        yield from _rates(network, f"{where}: availability", storage.availability)
        yield from _curves(storage)


def _curves(storage: Storage) -> Iterator[str]:
    for what, curve, falls in (
        ("withdrawal", storage.withdrawal, False),
        ("injection", storage.injection, True),
    ):
        where = f"storage {storage.name!r}: {what} curve"
        if not _spans(curve):
            yield f"{where} is {curve.points}; expected levels that rise from 0 to 1 and rates of at least 0"
            continue
        slopes = [(fast - slow) / (high - low) for (low, slow), (high, fast) in pairwise(curve.points)]
        if any(after > before + 1e-9 * (1 + abs(before)) for before, after in pairwise(slopes)):
            yield f"{where} bends upwards; expected a concave one, the least of some lines"
        if any(slope > 0 if falls else slope < 0 for slope in slopes):
            yield f"{where} {'rises' if falls else 'falls'} with the level; expected the other way, or flat"


def _spans(curve: Curve) -> bool:
    levels = [level for level, _ in curve.points]
    return (
        len(levels) >= 2
        and (levels[0], levels[-1]) == (0.0, 1.0)
        and all(low < high for low, high in pairwise(levels))
        and all(np.isfinite(rate) and rate >= 0 for _, rate in curve.points)
    )


def _unreached(network: Network) -> Iterator[str]:
    """Nodes with demand that no entry or storage could reach, were every link open both ways it is listed."""
    reached = {entry.node for entry in network.entries} | {storage.node for storage in network.storages}
    ways: dict[str, set[str]] = {}
    for link in network.links:
        ways.setdefault(link.origin, set()).add(link.destination)
        ways.setdefault(link.destination, set()).add(link.origin)
    waiting = list(reached)
    while waiting:
        new = ways.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += new
    for node, demand in zip(network.nodes, network.demand.sum(axis=(0, 2)), strict=True):
        if demand > 0 and node not in reached:
            yield f"node {node!r} is disconnected: it has demand, and no entry or storage is joined to it by links"


def _known(network: Network, where: str, *nodes: str) -> Iterator[str]:
    for node in nodes:
        if node not in network.nodes:
            yield f"{where}: no node {node!r}; known are {listed(network.nodes)}"


def _rates(network: Network, where: str, figures: npt.ArrayLike, *, infinite: bool = False) -> Iterator[str]:
    given = np.asarray(figures, dtype=np.float64)
    if given.shape not in {(), (network.periods,)}:
        yield f"{where} has the shape {given.shape}; expected one figure, or one for each of {network.periods} periods"
        return
    bad = ~(_amounts(given) | (infinite & (given == np.inf)))
    if bad.any():
        value = given[bad].flat[0]
        yield f"{where} is {'missing' if np.isnan(value) else value}; expected a figure of at least 0"


def _amounts(figures: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    return np.asarray(np.isfinite(figures) & (figures >= 0))


def listed(names: Iterable[str]) -> str:
    """Up to eight names for a sentence, sorted."""
    found = sorted(names)
    return ", ".join(found[:8]) + (" …" if len(found) > 8 else "") if found else "none"
