"""What goes wrong, for whom, how much, from which day, and how does it come back?

Days are counted from 0, which is always a baseline day. A shock is on in full for its duration, then recovers along a
curve. Rows are those of the accounts; every amount may be one figure for all scenarios or one for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, assert_never

import numpy as np

from weaklink.disruption.economy import Economy
from weaklink.disruption.model import Drawn, by_scenario
from weaklink.errors import RequestError
from weaklink.inputoutput.accounts import Flags, Floats, Integers

Recovery: TypeAlias = Literal["at once", "never", "linear", "convex", "convex slow", "concave"]

STEEP, QUICKER = 1e-6, 4.0  # BoARIO's: nearly all is back after tau days on the concave and convex curves


@dataclass(frozen=True, slots=True)
class Course:
    """When a shock is on: in full on `duration` days from day `start` on, then less along a curve over `tau` days.

    The curves are BoARIO's: "linear" is gone after tau days; "convex" comes back fast at first, four times as fast
    as "convex slow"; "concave" is S-shaped. "at once" is gone the day after its last full day, "never" stays. Figures
    may be arrays with one value for each scenario. A part of a day is on in part.

    >>> Course(start=1, duration=1.5).levels(4).ravel().tolist()
    [0.0, 1.0, 0.5, 0.0]
    >>> Course(start=1, duration=2, recovery="linear", tau=4).levels(8).ravel().tolist()
    [0.0, 1.0, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0]
    """

    start: Drawn = 1
    duration: Drawn = 1
    recovery: Recovery = "at once"
    tau: Drawn = 1

    def __post_init__(self) -> None:
        """Refuse a start on the baseline day, and times that are none."""
        for name, least in (("start", 1), ("duration", 0), ("tau", 1)):
            if not (np.asarray(getattr(self, name)) >= least).all():
                raise RequestError(f"{name} of a shock is {getattr(self, name)}; expected {least} or more.")
        if self.recovery not in ("at once", "never", "linear", "convex", "convex slow", "concave"):
            raise RequestError(f"recovery is {self.recovery!r}; expected a curve that Course names.")

    def levels(self, days: int, scenarios: int = 1) -> Floats:
        """The level on each day, 1 in full, with the shape (days, scenarios)."""
        start, duration, tau = (
            by_scenario(getattr(self, name), scenarios, name)[:, 0] for name in ("start", "duration", "tau")
        )
        day = np.arange(days, dtype=np.float64)[:, None]
        elapsed = np.maximum(day - (start + duration - 1), 0.0)
        level = np.where(day < start, 0.0, self._left(elapsed, tau))
        return np.asarray(level)

    def _left(self, elapsed: Floats, tau: Floats) -> Floats:
        """What is left so many days after the last full one."""
        match self.recovery:
            case "at once":
                return np.maximum(1 - elapsed, 0.0)
            case "never":
                return np.ones_like(elapsed)
            case "linear":
                return np.maximum(1 - elapsed / tau, 0.0)
            case "convex":
                return np.asarray((1 - 1 / tau) ** (QUICKER * elapsed))
            case "convex slow":
                return np.asarray((1 - 1 / tau) ** elapsed)
            case "concave":
                steps = (np.log(tau) - np.log(STEEP)) / (np.log(np.maximum(tau, 3.0)) - np.log(2))
                return np.asarray(tau / (tau + STEEP * elapsed**steps))
        assert_never(self.recovery)


@dataclass(frozen=True, slots=True, eq=False)
class CapacityLoss:
    """Industries can make less: a share of capacity, 0 to 1, of each row, (rows) or (scenarios, rows)."""

    rows: Integers
    share: Floats
    course: Course


@dataclass(frozen=True, slots=True, eq=False)
class CapitalLoss:
    """Industries lose productive capital, and capacity in proportion: amounts in the unit of the table, by row.

    With `rebuilt_by`, shares of rebuilding by sector that add up to 1, what was lost is asked for again from the day
    after the last full one on, `factor` times, and capital is back as far as it was delivered; the curve is then not
    used. Without it capital comes back along the curve, and nobody has to make it.
    """

    rows: Integers
    amount: Floats
    course: Course
    rebuilt_by: Mapping[str, float] | None = None
    factor: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """Deliveries of some suppliers to the buyers in some regions are cut: an export ban, an embargo, a closed strait.

    `share` (rows, regions) is which part of what a supplier delivers to a region is cut, were `size` one; industries
    and final buyers of the region go without alike. Orders for a day are placed in knowledge of the cuts of that day,
    so that a supplier does not make what it may not deliver. Under the rule "alt" clients turn to the other suppliers
    of the same input, under "noalt" they do not; final buyers never do.
    """

    share: Floats
    course: Course
    size: Drawn = 1.0

    @classmethod
    def between(cls, suppliers: Flags, buyers: Flags, share: float, course: Course) -> Cut:
        """The same share of all that flagged rows deliver to flagged regions."""
        return cls(np.outer(suppliers, buyers) * np.float64(share), course)


@dataclass(frozen=True, slots=True, eq=False)
class DemandChange:
    """Final buyers want more or less: what is added to final demand, (rows, regions), in the table's unit per year."""

    change: Floats
    course: Course
    size: Drawn = 1.0


@dataclass(frozen=True, slots=True)
class Shock:
    """All that goes wrong in a scenario.

    Of several capacity losses of one industry the largest counts, as in BoARIO; capital losses add up, and of capacity
    lost by capital and otherwise the larger counts. Cuts of the same deliveries add up, and may not be more than all.
    """

    capacity: tuple[CapacityLoss, ...] = ()
    capital: tuple[CapitalLoss, ...] = ()
    cuts: tuple[Cut, ...] = ()
    demand: tuple[DemandChange, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be: shares outside 0 to 1, negative losses, cuts of more than all."""
        for loss in self.capacity:
            _between(np.asarray(loss.share), "share of capacity lost")
        for lost in self.capital:
            _rebuilt(lost)
        if self.cuts:
            least = min(float((cut.share * np.min(cut.size)).min()) for cut in self.cuts)
            most = sum((cut.share * np.max(cut.size) for cut in self.cuts), np.zeros(()))
            _between(np.array([least, most.max()]), "share of deliveries cut, all cuts together,")


def _rebuilt(lost: CapitalLoss) -> None:
    if not (np.asarray(lost.amount) >= 0).all():
        raise RequestError("An amount of capital lost is below zero; expected zero or more.")
    if lost.rebuilt_by is not None and not np.isclose(sum(lost.rebuilt_by.values()), 1.0):
        raise RequestError(
            f"rebuilt_by adds up to {sum(lost.rebuilt_by.values()):g}; expected shares that add up to 1."
        )


def _between(share: Floats, what: str) -> None:
    if not ((share >= 0) & (share <= 1 + 1e-9)).all():
        raise RequestError(f"A {what} is {share.min():g} to {share.max():g}; expected 0 to 1.")


def lost_capacity(economy: Economy, losses: tuple[CapacityLoss, ...], levels: list[Floats]) -> Floats:
    """The share of capacity that each industry lacks on a day, (scenarios, N); one level by scenario for each loss."""
    lost = np.zeros((len(levels[0]) if levels else 1, economy.size))
    for loss, level in zip(losses, levels, strict=True):
        at = economy.place[loss.rows]
        lost[:, at] = np.maximum(lost[:, at], np.atleast_2d(loss.share) * level[:, None])
    return lost


def of_scenarios(shock: Shock, which: slice, scenarios: int) -> Shock:
    """The shock of some of the scenarios only."""

    def part(figures: Drawn) -> Drawn:
        array = np.asarray(figures)
        return array[which] if array.ndim and len(array) == scenarios else figures

    def course(given: Course) -> Course:
        return replace(given, start=part(given.start), duration=part(given.duration), tau=part(given.tau))

    def rows(figures: Floats) -> Floats:
        return figures[which] if figures.ndim == 2 and len(figures) == scenarios else figures

    return Shock(
        tuple(replace(one, share=rows(one.share), course=course(one.course)) for one in shock.capacity),
        tuple(replace(one, amount=rows(one.amount), course=course(one.course)) for one in shock.capital),
        tuple(replace(one, size=part(one.size), course=course(one.course)) for one in shock.cuts),
        tuple(replace(one, size=part(one.size), course=course(one.course)) for one in shock.demand),
    )
