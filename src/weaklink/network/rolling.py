"""What do planners lose who do not know the winter? Planned window by window, each in ignorance of the next.

In each window the plan serves all it can and keeps as much in store as it can without anyone going short inside the
window. Only its first days are carried out. The difference from the plan with perfect foresight is what knowledge
of the future would be worth; the truth lies between the two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from weaklink.network.dispatch import Dispatch, Sharing, dispatch
from weaklink.network.model import Figures, Network, Rates


@dataclass(frozen=True, slots=True, eq=False)
class Foresight:
    """Two plans for the same horizon, and what lies between them in the network's unit."""

    perfect: Dispatch
    rolling: Dispatch

    @property
    def gap(self) -> float:
        """Unserved demand that perfect foresight would have avoided."""
        return self.rolling.total_unserved - self.perfect.total_unserved


def foresight_gap(
    network: Network, *, seen: int = 14, step: int = 7, sharing: Sharing = "efficient"
) -> Foresight:
    """The plan with perfect foresight beside the one of planners who see `seen` periods ahead."""
    rolled = rolling(network, seen=seen, step=step, sharing=sharing)
    return Foresight(dispatch(network, sharing), rolled)


def rolling(
    network: Network, *, seen: int = 14, step: int = 7, sharing: Sharing = "efficient", urgent: bool = False
) -> Dispatch:
    """The plan of those who see `seen` periods ahead and plan anew every `step` periods.

    Whoever does not know whether a store can be filled again does not go below its minimum end level: it holds at the
    end of every window, and on every evening on which all is planned anew. Equal sharing is equal within each window.
    What is left of a source's total is spread over the days that are left.

    >>> from weaklink.network.model import Curve, Entry, Storage
    >>> demand = np.array([[[2.0, 2.0, 6.0, 6.0]]])
    >>> store = Storage("s", "A", 6.0, Curve.flat(3.0), Curve.flat(3.0), start=3.0)
    >>> well = Entry("well", "A", 3.0)
    >>> network = Network("n", "gas", "GWh", ("all",), ("A",), demand, entries=(well,), storages=(store,))
    >>> rolling(network, seen=1, step=1).total_unserved
    1.0
    """
    if not 1 <= step <= seen:
        raise ValueError(f"step is {step} and seen is {seen}; expected 1 <= step <= seen")
    stock = np.array([storage.start for storage in network.storages])
    buffers = {source.name: source.start for source in network.sources}
    totals = np.array([source.total for source in network.sources])
    plans: list[Dispatch] = []
    for first in range(0, network.periods, step):
        last, kept = min(first + seen, network.periods), min(step, network.periods - first)
        shown = window(_spread(network, totals, first), first, last, stock, buffers)
        plan = dispatch(shown, sharing, urgent=urgent, checkpoint=kept)
        plans.append(_first(plan, kept))
        stock = np.clip(plan.stock[:, kept - 1], 0, [storage.volume for storage in network.storages])
        left = plan.buffer[:, kept - 1]
        buffers = {source.name: float(level) for source, level in zip(network.sources, left, strict=True)}
        totals = np.maximum(0.0, totals - _taken(network, plans[-1]))
    return _joined(network, plans)


def _spread(network: Network, totals: Figures, first: int) -> Network:
    """The network with what is left of its sources' totals, as if it had been so from the first day on."""
    factor = network.durations.sum() / network.durations[first:].sum()
    left = zip(network.sources, totals, strict=True)
    return replace(network, sources=tuple(replace(one, total=float(total * factor)) for one, total in left))


def _taken(network: Network, plan: Dispatch) -> Figures:
    """What each source gave in the days that were carried out."""
    given = plan.entry @ plan.network.durations[: plan.entry.shape[1]]
    by_source = dict.fromkeys((source.name for source in network.sources), 0.0)
    for entry, amount in zip(network.entries, given, strict=True):
        if entry.source is not None:
            by_source[entry.source] += float(amount)
    return np.array(list(by_source.values()))


def window(network: Network, first: int, last: int, stock: Figures, buffers: dict[str, float]) -> Network:
    """The periods `first` to `last`, the end not included, from given levels of storages and buffers."""

    def cut(figures: Rates) -> Rates:
        return network.series(figures)[first:last]

    days = network.durations[first:last].sum() / network.durations.sum()
    return replace(
        network,
        demand=network.demand[:, :, first:last],
        durations=network.durations[first:last],
        links=tuple(
            replace(one, forward=cut(one.forward), backward=cut(one.backward)) for one in network.links
        ),
        entries=tuple(replace(one, capacity=cut(one.capacity)) for one in network.entries),
        sources=tuple(
            replace(
                one, daily=cut(one.daily), total=one.total * days, start=min(one.buffer, buffers[one.name])
            )
            for one in network.sources
        ),
        storages=tuple(
            replace(
                one,
                availability=cut(one.availability),
                start=float(level),
                minimum_end=min(one.minimum_end, float(level)),
            )
            for one, level in zip(network.storages, stock, strict=True)
        ),
    )


def _first(plan: Dispatch, kept: int) -> Dispatch:
    return replace(
        plan,
        unserved=plan.unserved[..., :kept],
        **{name: getattr(plan, name)[:, :kept] for name in _BY_PERIOD},
    )


def _joined(network: Network, plans: list[Dispatch]) -> Dispatch:
    return replace(
        plans[0],
        network=network,
        unserved=np.concatenate([plan.unserved for plan in plans], axis=2),
        residuals=max((plan.residuals for plan in plans), key=lambda one: one.gap),
        **{name: np.concatenate([getattr(plan, name) for plan in plans], axis=1) for name in _BY_PERIOD},
    )


_BY_PERIOD = ("forward", "backward", "entry", "buffer", "withdrawal", "injection", "stock", "price")
