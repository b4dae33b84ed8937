"""How does a shock run through the economy, day after day, in one scenario or in many side by side?

Scenarios are a dimension of every array, so that a day of many of them is a few matrix products. `simulate` runs all it
is given at once; `ensemble` runs any number in batches that fit into memory, each batch by any executor.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from weaklink.disruption.day import day
from weaklink.disruption.economy import Economy
from weaklink.disruption.final import FinalDemand
from weaklink.disruption.model import PER_INPUT, PER_SCENARIO, Drawn, Parameters, Setting
from weaklink.disruption.plan import Plan
from weaklink.disruption.shock import Shock, of_scenarios
from weaklink.disruption.state import Made, State
from weaklink.disruption.trading import Inputs, Part, Spread, inputs
from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Floats

BATCH_BYTES = 256 * 2**20  # of stocks and orders of the scenarios that run side by side
MOST_BATCH = 64


@dataclass(frozen=True, slots=True, eq=False)
class Trajectory:
    """What happened, by day, scenario and region, in the unit of the table per day.

    `production` is gross output, `value_added_lost` value added of the baseline less that of the day (below zero where
    overproduction makes up for losses), `unmet` final demand of the region's buyers that was not met. `capital_lost` is
    what is still destroyed. `industries` is production relative to baseline by row of the accounts, where it was asked
    for.
    """

    economy: Economy
    production: Floats
    value_added_lost: Floats
    unmet: Floats
    capital_lost: Floats
    industries: Floats | None = None

    @property
    def world_ratio(self) -> Floats:
        """Output of all regions relative to baseline, (days, scenarios); not-a-number where nothing is made."""
        return np.asarray(self.production.sum(axis=2) / (self.economy.output.sum() or np.nan))


def simulate(
    economy: Economy,
    shock: Shock,
    days: int,
    *,
    parameters: Parameters | None = None,
    scenarios: int = 1,
    industries: bool = False,
    threads: Executor | None = None,
) -> Trajectory:
    """Run so many days, the first of them the baseline, for all scenarios at once.

    Scenarios differ where parameters or amounts of the shock are arrays with one value for each. An economy in
    single precision keeps stocks and orders in single precision too: levels are then right to about six digits.
    `threads` lets two inputs be worked on at once, which pays for large tables and one scenario.

    >>> from weaklink.disruption.economy import economy
    >>> from weaklink.disruption.shock import CapacityLoss, Course
    >>> from weaklink.inputoutput.textbook import two_regions
    >>> third = CapacityLoss(np.array([0]), np.array([1 / 3]), Course(start=1, duration=10))
    >>> ran = simulate(economy(two_regions()), Shock(capacity=(third,)), 12)
    >>> (365 * ran.production[:3, 0]).round(1).tolist()
    [[1000.0, 2000.0], [666.7, 2000.0], [666.8, 1994.7]]
    """
    if days < 1 or scenarios < 1:
        raise RequestError(f"days is {days} and scenarios {scenarios}; expected one or more of each.")
    setting = Setting(economy, parameters or Parameters(), scenarios)
    plan = Plan.of(setting, shock, days)
    recorder = _Recorder.of(setting, days, industries=industries)
    state, spread = State.at_rest(setting), _spread(inputs(setting), threads)
    for today in range(days):
        wanted, final = plan.wanted(today)
        made = day(setting, state, wanted, spread)
        recorder.keep(today, made, final, plan.capital_lost())
        plan.rebuilt(made, today)
    return recorder.trajectory()


def ensemble(
    economy: Economy,
    shock: Shock,
    days: int,
    *,
    parameters: Parameters | None = None,
    scenarios: int,
    executor: Executor | None = None,
    batch: int | None = None,
) -> Trajectory:
    """Run many scenarios in equal batches, of at most `batch`, or a quarter of a gigabyte of stocks and orders each.

    With an executor batches run at the same time: threads do, since linear algebra lets go of Python's lock.
    """
    parameters = parameters or Parameters()
    many = math.ceil(scenarios / (batch or batch_size(economy)))
    ends = [scenarios * number // many for number in range(many + 1)]
    slices = [slice(*pair) for pair in pairwise(ends)]
    run = partial(_run_part, economy, shock, days, parameters, scenarios)
    done: Iterable[Trajectory] = executor.map(run, slices) if executor else map(run, slices)
    parts = list(done)
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts], axis=1)
        for name in ("production", "value_added_lost", "unmet", "capital_lost")
    }
    return Trajectory(economy, **joined)


def batch_size(economy: Economy) -> int:
    """How many scenarios run side by side."""
    each = 4 * economy.sectors * economy.size * economy.shares.itemsize
    return int(min(MOST_BATCH, max(1, BATCH_BYTES // each)))


def _run_part(
    economy: Economy, shock: Shock, days: int, parameters: Parameters, scenarios: int, part: slice
) -> Trajectory:
    return simulate(
        economy,
        of_scenarios(shock, part, scenarios),
        days,
        parameters=parameters_of(parameters, part, scenarios, economy.sectors),
        scenarios=part.stop - part.start,
    )


def parameters_of(parameters: Parameters, part: slice, scenarios: int, sectors: int) -> Parameters:
    """The parameters of some of the scenarios."""

    def of(name: str) -> Drawn:
        value: Drawn = getattr(parameters, name)
        array = np.asarray(value)
        by_sector = name in PER_INPUT and array.ndim == 1 and len(array) == sectors
        return array[part] if array.ndim and len(array) == scenarios and not by_sector else value

    drawn: dict[str, Any] = {name: of(name) for name in (*PER_SCENARIO, *PER_INPUT)}
    return replace(parameters, **drawn)


def _spread(blocks: list[Inputs], threads: Executor | None) -> Spread:
    """How the inputs of a day are gone through: one after the other, or in two halves at once.

    Every other day goes backwards, so that it begins with the shares that the day before has left in the cache.
    """
    half = len(blocks) // 2 if threads else 0

    def through(work: Callable[[Sequence[Inputs]], Part]) -> Iterable[Part]:
        blocks.reverse()
        return threads.map(work, (blocks[:half], blocks[half:])) if threads and half else [work(blocks)]

    return through


@dataclass(slots=True)
class _Recorder:
    """What is kept of each day: sums by region, and industries where they are asked for."""

    setting: Setting
    production: Floats
    value_added_lost: Floats
    unmet: Floats
    capital_lost: Floats
    industries: Floats | None

    @classmethod
    def of(cls, setting: Setting, days: int, *, industries: bool) -> _Recorder:
        economy = setting.economy
        made, lost, unmet, capital = (
            np.empty((days, setting.scenarios, len(economy.regions))) for _ in range(4)
        )
        each = np.empty((days, setting.scenarios, len(economy.place))) if industries else None
        return cls(setting, made, lost, unmet, capital, each)

    def keep(self, today: int, made: Made, final: FinalDemand, capital_lost: Floats) -> None:
        economy = self.setting.economy
        self.production[today] = economy.by_region(made.production * economy.output)
        self.value_added_lost[today] = economy.by_region((1 - made.production) * economy.value_added)
        self.unmet[today] = final.unmet(made.served)
        self.capital_lost[today] = capital_lost
        if self.industries is not None:
            self.industries[today] = made.production[:, economy.place]

    def trajectory(self) -> Trajectory:
        return Trajectory(
            self.setting.economy,
            self.production,
            self.value_added_lost,
            self.unmet,
            self.capital_lost,
            self.industries,
        )
