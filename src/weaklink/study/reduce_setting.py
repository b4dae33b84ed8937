"""What can be done for a supply network, and in which winters is it judged? A scenario and a catalogue as numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from weaklink.blocs import resolve
from weaklink.errors import RequestError
from weaklink.mitigation.measures import ON_NETWORK, Catalogue, Measure, priced
from weaklink.mitigation.on_network import Action, acted, winter_recourses, winter_with
from weaklink.mitigation.options import Figures, Option
from weaklink.mitigation.portfolio import Known
from weaklink.mitigation.recourse import LinearRecourse
from weaklink.mitigation.shares import Shares
from weaklink.mitigation.wanted import Wanted
from weaklink.network.aggregate import weeks
from weaklink.network.ensemble import Ensemble, bracketed
from weaklink.network.model import Network
from weaklink.network.winters import Winter, as_listed
from weaklink.scenario.draws import drawn_winters, without_ranges
from weaklink.scenario.on_network import shocked
from weaklink.study.stress import Case, set_up

FEW = 8  # winters that are not worth a process of their own
NOTHING = 1e-4  # of a winter's demand: less unserved than that counts as nothing


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """A scenario and a catalogue as numbers: what can be done, and the winters in which it is judged.

    `network` is the one after all that is certain, `likely` the one with every range at its likely figure; `whole` has
    every asset that measures can build. Only the demand that the targets speak of is in them: of the best protected
    class, or of all.
    """

    case: Case
    catalogue: Catalogue
    network: Network
    likely: Network
    whole: Network
    options: tuple[Option, ...]
    actions: tuple[Action, ...]
    measures: tuple[Measure, ...]
    winters: tuple[Winter, ...]

    @property
    def demand(self) -> Figures:
        """Demand of each winter, before anything is saved."""
        return np.array(
            [float(np.einsum("cnt,t->", one.demand, self.network.durations)) for one in self.winters]
        )

    @contextmanager
    def known(self, workers: int = 1) -> Iterator[Known]:
        """The winters as scenarios of which nothing is known yet; by week, which bounds losses from below.

        Many winters are shared by so many processes, which end with the context.
        """
        if workers == 1 or len(self.winters) < FEW:
            yield self.some(range(len(self.winters)))
            return
        size = -(-len(self.winters) // workers)
        parts = [self.winters[first : first + size] for first in range(0, len(self.winters), size)]
        with Shares(self._make(), parts) as shares:
            yield Known(shares.recourses, shares.ask)

    def some(self, places: Iterable[int]) -> Known:
        """Some of the winters, kept here."""
        return Known(self._make()([self.winters[place] for place in places]))

    def _make(self) -> Callable[[Sequence[Winter]], tuple[LinearRecourse, ...]]:
        trial = np.array([option.most for option in self.options]) / 2
        return partial(_recourses, network=self.network, whole=self.whole, actions=self.actions, trial=trial)

    def with_mix(self, amounts: Figures) -> Network:
        """The network in which a mix works."""
        return acted(self.network, self.whole, self.actions, amounts)

    def replayed(
        self, amounts: Figures, executor: Executor | None = None, places: Sequence[int] | None = None
    ) -> Ensemble:
        """The winters with a mix, or some of them, by day, in the simulator that `weaklink stress` uses."""
        some = range(len(self.winters)) if places is None else places
        winters = [
            winter_with(self.network, self.whole, self.actions, amounts, self.winters[place])
            for place in some
        ]
        return bracketed(self.with_mix(amounts), winters, executor=executor)


def _recourses(
    winters: Sequence[Winter], network: Network, whole: Network, actions: Sequence[Action], trial: Figures
) -> tuple[LinearRecourse, ...]:
    return winter_recourses(
        network,
        whole,
        actions,
        trial,
        winters,
        counted=np.ones(network.demand.shape[:2]),
        edges=weeks(network),
    )


def setting(
    scenario: str,
    catalogue: Catalogue,
    targets: Sequence[Wanted],
    *,
    costs: Mapping[str, float],
    draws: int,
    seed: int,
) -> Setting:
    """Read the scenario, draw its winters, and price the measures. RequestError for what does not fit together."""
    case = set_up(scenario)
    classes = _classes(case.network, targets)
    base = _only(without_ranges(case.folder.network, case.days, case.scenario), classes)
    whole = _only(case.folder.network, classes)
    likely = _only(shocked(case.folder.network, case.days, case.scenario), classes)
    if draws:
        drawn = drawn_winters(
            without_ranges(case.folder.network, case.days, case.scenario),
            case.days,
            case.scenario,
            draws,
            seed,
        )
        winters = tuple(replace(one, demand=_kept(one.demand, classes)) for one in drawn)
    else:
        base, winters = likely, (as_listed(likely),)
    found = list(_options(case, base, winters, catalogue, costs))
    options, actions, measures = zip(*found, strict=True) if found else ((), (), ())
    if not options:
        raise RequestError(
            f"{catalogue.name} has no measure that works on a network ({', '.join(sorted(ON_NETWORK))})."
        )
    return Setting(case, catalogue, base, likely, whole, options, actions, measures, winters)


def _classes(network: Network, targets: Sequence[Wanted]) -> int:
    """How many classes, the best protected first, the targets speak of."""
    subjects = {one.subject for one in targets}
    if len(subjects) != 1 or not subjects <= {"unserved", "protected"}:
        raise RequestError(
            "On a network all targets speak of `unserved`, or all of `protected`; ask once for each."
        )
    return 1 if subjects == {"protected"} else len(network.classes)


def _only(network: Network, classes: int) -> Network:
    return replace(network, demand=_kept(network.demand, classes))


def _kept(demand: Figures, classes: int) -> Figures:
    """Demand without that of the classes behind: they can be cut to nothing before any of the others is."""
    kept = demand.copy()
    kept[classes:] = 0.0
    return kept


def _options(
    case: Case, network: Network, winters: Sequence[Winter], catalogue: Catalogue, costs: Mapping[str, float]
) -> Iterator[tuple[Option, Action, Measure]]:
    for measure in catalogue.measure:
        if measure.changes not in ON_NETWORK:
            continue
        unit_cost, fixed_cost = priced(measure, catalogue.discount_rate, costs)
        for place, possible in places(case, network, measure).items():
            most = possible if measure.most is None else min(measure.most, possible)
            if measure.changes == "saving":  # nobody saves more than is used, in the mildest winter either
                most = min(most, _least_demand(network, winters, place, measure.lead_days))
            if most <= 0:
                continue
            option = Option(
                measure.name, place, measure.unit, unit_cost, most, fixed_cost, whole=measure.whole
            )
            yield option, Action(measure.changes, place, measure.lead_days), measure  # type: ignore[arg-type]


def places(case: Case, network: Network, measure: Measure) -> dict[str, float]:
    """Where a measure can be used, and how much of it there can be at most."""
    share = 1.0 if measure.most_share is None else measure.most_share
    if measure.changes == "asset":
        return dict.fromkeys(_known(measure, network.assets), 1.0)
    if measure.changes == "supply":
        names = [source.name for source in network.sources]
        return dict.fromkeys(_known(measure, names), np.inf)
    nodes = _members(case, measure)
    if measure.changes == "saving":
        demand = dict(zip(network.nodes, network.demand_by_node.tolist(), strict=True))
        return {node: share * demand[node] for node in nodes if demand[node]}
    room = dict.fromkeys(nodes, 0.0)
    for store in network.storages:
        if store.node in room:
            room[store.node] += share * (store.volume - store.start)
    return {node: amount for node, amount in room.items() if amount > 0}


def _least_demand(network: Network, winters: Sequence[Winter], node: str, first: int) -> float:
    place, days = network.nodes.index(node), network.durations[first:]
    return min(float((one.demand[:, place, first:] @ days).sum()) for one in winters)


def _known(measure: Measure, names: Sequence[str]) -> tuple[str, ...]:
    if not measure.where:
        raise RequestError(f"measure {measure.name} must say where: one or more of {', '.join(names)}.")
    for place in measure.where:
        if place not in names:
            raise RequestError(
                f"measure {measure.name} names {place!r}, which the network does not have. It has: {', '.join(names)}."
            )
    if measure.changes == "supply" and measure.most is None:
        raise RequestError(
            f"measure {measure.name} must say most: how much more {measure.where[0]} can deliver."
        )
    return measure.where


def _members(case: Case, measure: Measure) -> tuple[str, ...]:
    """Nodes that the measure names, of those that may use it; those in scope where it names none."""
    year = case.folder.about.first_day.year

    def nodes(expression: str) -> set[str]:
        if expression in case.network.nodes:
            return {expression}
        return set(resolve(expression, year=year).countries)

    named = set().union(*(nodes(one) for one in measure.where)) if measure.where else set(case.scope)
    allowed = nodes(measure.members) if measure.members else named
    return tuple(node for node in case.network.nodes if node in named & allowed)
