"""The lens of disruption: how does a scenario spread from industry to industry, day by day, for weeks to a year?

The room `weaklink.disruption` knows industries of an input-output table; a scenario names products, sectors,
passages. `study.reach` says which part of what an industry delivers a shock takes; here that becomes cuts of deliveries
(exports and passages) or losses of capacity (production).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np

from weaklink.codes.industries import sectors_making
from weaklink.disruption.economy import Economy, economy
from weaklink.disruption.model import Parameters
from weaklink.disruption.shock import CapacityLoss, Course, Cut, Shock
from weaklink.disruption.simulate import Trajectory, batch_size, ensemble
from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Accounts, Flags
from weaklink.provenance import Card
from weaklink.scenario.model import Scenario
from weaklink.scenario.model import Shock as Struck
from weaklink.scenario.parameters import Parameter, parameters
from weaklink.study.iotables import chosen
from weaklink.study.lens import About, Asked, Drawn, Figures, likely
from weaklink.study.lens import Course as LossCourse
from weaklink.study.reach import GOODS, Reach, deliveries, struck_share
from weaklink.study.traded import threads

NAME = "disruption"
ABOUT = About(
    name=NAME,
    title="Disruption from industry to industry",
    horizon="weeks to a year",
    span_days=(7, 365),
    loss="value added that is not produced, all industries together",
    unit="USD",
    base="value added of a year",
    leaves_out=(
        "Prices, and other ways of production: a unit made always takes the same of each sector's products.",
        "What is inside a sector: the sectors of the table are few, and other products of the same sector count as "
        "substitutes; with firms in place of sectors losses have come out ten times as large (Inoue and Todo 2019).",
        "What the state, banks and households do; final buyers do not turn to other suppliers.",
    ),
)
USUAL = (
    "stock_days",
    "service_days",
    "rerouting",
    "refill",
    "psi",
    "overproduction",
    "overproduction_days",
)
SPEED = "speed_knots"
MILLION = 1e6  # the table is in million dollars
EXACT = 1000.0  # dollars that losses are rounded to: the embedded table has steps of 100
NARROW = 0.01  # of an input: where less is struck, that is said. Our own choice
BIN = 500.0  # nautical miles that detours are rounded to: a day and a half of sailing


@dataclass(frozen=True, slots=True)
class Strike:
    """A shock in terms of the table: which part of each delivery (rows, regions) or capacity (rows) it takes.

    `late` are deliveries that come later by a detour of so many nautical miles.
    """

    name: str
    course: Course
    deliveries: Figures | None = None
    capacity: Figures | None = None
    late: tuple[tuple[float, Figures], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Disruption:
    """A scenario set up: the table, what is struck of it, and how well the figures of firms are known."""

    asked: Asked
    economy: Economy
    strikes: tuple[Strike, ...]
    storable: Flags
    ranges: Mapping[str, Parameter]
    cards: tuple[Card, ...]
    caveats: tuple[str, ...]

    @property
    def about(self) -> About:
        """What the lens is."""
        return ABOUT

    @property
    def countries(self) -> tuple[str, ...]:
        """The members that the table has."""
        return tuple(code for code in self.asked.members if code in self.economy.regions)

    @property
    def base(self) -> Figures:
        """Value added of a year, in dollars."""
        yearly = self.economy.by_region(self.economy.value_added) * 365 * MILLION
        return np.asarray(yearly[self._places()])

    def losses(self, drawn: Drawn) -> Figures:
        """Value added lost over the days of the scenario, draws × members."""
        lost = self.trajectory(drawn).value_added_lost[1:, :, self._places()].sum(axis=0)
        return np.asarray(np.round(lost * MILLION / EXACT) * EXACT + 0.0)

    def course(self) -> LossCourse:
        """What is lost on each day at the likely figures."""
        ran = self.trajectory(likely(self.ranges))
        loss = ran.value_added_lost[1:, 0, self._places()] * MILLION
        return LossCourse(np.arange(len(loss) + 1, dtype=np.float64), loss)

    def trajectory(self, drawn: Drawn) -> Trajectory:
        """Every day by region, the baseline day before the first of the scenario included."""
        draws, workers = len(drawn["psi"]), threads()
        with ThreadPoolExecutor(workers) as pool:
            return ensemble(
                self.economy,
                self.shock(drawn),
                self.asked.scenario.days + 1,
                parameters=self.parameters(drawn),
                scenarios=draws,
                executor=pool,
                batch=min(batch_size(self.economy), math.ceil(draws / workers)),
            )

    def shock(self, drawn: Drawn) -> Shock:
        """The shock of the drawn shares and of the drawn speed of ships."""
        capacity, cuts = [], []
        for strike in self.strikes:
            lost = drawn[strike.name]
            if strike.capacity is not None:
                rows = np.flatnonzero(strike.capacity)
                capacity.append(CapacityLoss(rows, lost[:, None] * strike.capacity[rows], strike.course))
            if strike.deliveries is not None:
                cuts.append(Cut(strike.deliveries, strike.course, lost))
            for miles, share in strike.late:
                delay = miles / (24 * drawn[SPEED])
                cuts.append(
                    Cut(share, Course(strike.course.start, np.minimum(delay, strike.course.duration)), lost)
                )
        return Shock(tuple(capacity), (), tuple(cuts))

    def parameters(self, drawn: Drawn) -> Parameters:
        """How firms behave in each draw."""
        days = np.where(self.storable, drawn["stock_days"][:, None], drawn["service_days"][:, None])
        return Parameters(
            rerouting=drawn["rerouting"],
            psi=drawn["psi"],
            alpha_max=drawn["overproduction"],
            alpha_tau=drawn["overproduction_days"],
            inventory_days=days,
            inventory_tau=np.maximum(drawn["refill"][:, None] * days, 1.0),
        )

    def _places(self) -> list[int]:
        return [self.economy.regions.index(code) for code in self.countries]


def disruption(asked: Asked) -> Disruption:
    """Set the lens up on the embedded table: read what the scenario strikes, once.

    RequestError where the scenario strikes nothing in trade, or nothing that the table has.

    >>> from weaklink.scenario.library import chosen as scenario
    >>> from weaklink.study.losses import asked_for
    >>> model = disruption(asked_for(scenario("chip-supplier-loss"), "EU@2024-12-31"))
    >>> loss = model.losses(likely(model.ranges))
    >>> loss.shape, bool(0 < loss.sum() < 0.01 * model.base.sum())
    ((1, 27), True)
    """
    shocks = asked.scenario.in_trade()
    if not shocks:
        raise RequestError(
            f"scenario {asked.scenario.name} strikes no exports, production or passage, which the lens of disruption "
            "reads."
        )
    stored = chosen("", None, None)
    table = stored.accounts()
    reaches = [struck_share(asked, shock, stored) for shock in shocks]
    strikes = tuple(_strikes(asked.scenario, table, reaches))
    made = economy(table)
    making = sectors_making(table.sectors, stored.card.nomenclature)
    goods = {sector for number in GOODS for sector in making.get(f"{number:02d}", ())}
    cards = (stored.card, *(card for reach in reaches for card in reach.cards))
    return Disruption(
        asked,
        made,
        strikes,
        np.array([sector in goods for sector in table.sectors]),
        _ranges(asked.scenario, strikes),
        tuple({(card.name, card.sha256): card for card in cards}.values()),
        tuple(
            dict.fromkeys(
                (
                    *made.notes,
                    *(text for reach in reaches for text in reach.caveats),
                    *_said(strikes),
                    *_narrow(asked, made, strikes),
                )
            )
        ),
    )


def _strikes(scenario: Scenario, table: Accounts, reaches: Sequence[Reach]) -> Iterator[Strike]:
    """Each shock in terms of the table. A cut takes at most what earlier ones leave at their highest."""
    begins = min((shock.first_day for shock in scenario.in_trade() if shock.first_day), default=None)
    left = np.ones((table.size, len(table.regions)))
    of_scenario = [number for number, one in enumerate(scenario.shock, 1) if one in scenario.in_trade()]
    for number, shock, reach in zip(of_scenario, scenario.in_trade(), reaches, strict=True):
        name, course = f"shock.{number}.lost", _course(shock, begins)
        if shock.target == "production":
            yield Strike(name, course, capacity=_of_output(table, reach.share))
            continue
        high = parameters(NAME, scenario)[name].high or 1.0
        taken = np.minimum(reach.share[table.region, table.sector], left / high)
        left = left - high * taken
        late = []
        for miles, share in _detours(table, reach):
            part = np.minimum(share, left / high)
            left = left - high * part
            late.append((miles, part))
        yield Strike(name, course, deliveries=taken if taken.any() else None, late=tuple(late))


def _of_output(table: Accounts, share: Figures) -> Figures:
    """Which part of an industry's output a share of its deliveries to each region makes, by row."""
    delivered = deliveries(table)
    whole = delivered.sum(axis=2)
    part = np.divide((share * delivered).sum(axis=2), whole, out=np.zeros_like(whole), where=whole > 0)
    return np.asarray(np.clip(part, 0.0, 1.0)[table.region, table.sector])


def _detours(table: Accounts, reach: Reach) -> Iterator[tuple[float, Figures]]:
    """Deliveries that come later, by length of the detour, rounded."""
    rounded = np.ceil(reach.detour_nm / BIN) * BIN
    for miles in np.unique(rounded[rounded > 0]):
        share = reach.diverted * (rounded == miles)[:, None, :]
        if share.any():
            yield float(miles), share[table.region, table.sector]


def _course(shock: Struck, begins: date | None) -> Course:
    """When a shock is on; the first day of the scenario is day 1, after the baseline day."""
    start = 1 + ((shock.first_day - begins).days if shock.first_day and begins else 0)
    if shock.last_day is None:
        return Course(start, 1, "never")
    first = shock.first_day or begins or shock.last_day
    duration = (shock.last_day - first).days + 1
    if shock.recovery == "linear":
        return Course(start, duration, "linear", shock.recovery_days)
    return Course(start, duration, "at once")


def _ranges(scenario: Scenario, strikes: Sequence[Strike]) -> Mapping[str, Parameter]:
    """The figures of firms, and the share of each shock; the speed of ships where something comes later."""
    every = parameters(NAME, scenario)
    ships = (SPEED,) if any(strike.late for strike in strikes) else ()
    return MappingProxyType({name: every[name] for name in (*USUAL, *ships, *(one.name for one in strikes))})


def _said(strikes: Sequence[Strike]) -> Iterator[str]:
    if any(strike.deliveries is not None for strike in strikes):
        yield (
            "Clients turn to other suppliers of the same sector as far as `rerouting` says; what a supplier may not "
            "deliver it does not make."
        )
    if any(strike.late for strike in strikes):
        yield "What comes by a detour is missing for the days of the detour only; ships and freight are not scarce."


def _narrow(asked: Asked, made: Economy, strikes: Sequence[Strike]) -> Iterator[str]:
    """A word where cuts take so little of any input of a member that the sectors of the table cannot run short."""
    cuts = [strike.deliveries for strike in strikes if strike.deliveries is not None]
    if not cuts or len(cuts) < len(strikes) or any(strike.late for strike in strikes):
        return
    cut = made.placed(sum(cuts, np.zeros(())).T).T[:, made.region].reshape(made.shares.shape)
    members = np.array([made.regions[region] in asked.members for region in made.region])
    most = float((cut * made.shares).sum(axis=1)[:, members].max(initial=0.0))
    if most < NARROW:
        yield (
            f"Of no input of a member's industry more than {most:.1g} of one is struck, were all of it lost. Sectors "
            "as wide as those of the table do not run short of that, and the loss says little; ask the lens of goods."
        )
