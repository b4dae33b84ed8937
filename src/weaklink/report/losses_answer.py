"""What does a report on the losses of a scenario need to know? Results of all lenses, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from weaklink.result import Result

UNITS = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand"))


@dataclass(frozen=True, slots=True)
class Panel:
    """What one lens says of all members together, and over which time.

    `edges` are days from the first day, `course` the loss in each span between them at the likely figures. `span` is
    the time in which the answer holds, in days; a lens with a single span gives one figure for it. `low`, `median` and
    `high` are quantiles of the draws, None where nothing was drawn. `base` says to what `share` relates.
    """

    lens: str
    title: str
    horizon: str
    unit: str
    loss: str
    base: str
    leaves_out: tuple[str, ...]
    span: tuple[float, float]
    edges: tuple[float, ...]
    course: tuple[float, ...]
    likely: float
    share: float | None
    low: float | None
    median: float | None
    high: float | None

    @property
    def scale(self) -> tuple[float, str]:
        """By what the figures are divided to be read, and the unit that they then have."""
        return scale(self.unit, max(map(abs, (self.likely, self.low or 0.0, self.high or 0.0, *self.summed))))

    @property
    def single(self) -> bool:
        """Whether there is one figure for all of the time, and no course."""
        return len(self.course) == 1

    @property
    def last(self) -> float:
        """The day at which the answer ends."""
        return self.span[1] if self.single else self.edges[-1]

    @property
    def summed(self) -> tuple[float, ...]:
        """The loss up to the end of each span."""
        found, total = [], 0.0
        for part in self.course:
            total += part
            found.append(total)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class LossesAnswer:
    """All that a report on losses shows: `table` by lens and country, and in `unread` why lenses are missing."""

    scenario: str
    title: str
    importer: str
    panels: tuple[Panel, ...]
    unread: tuple[tuple[str, str], ...]
    table: Result
    course: Result
    ranges: Result
    source: str
    command: str
    draws: int


def scale(unit: str, largest: float) -> tuple[float, str]:
    """A round number to divide by, and the unit in words.

    >>> scale("USD", 2.6e7), scale("GWh", 12.0)
    ((1000000.0, 'million USD'), (1.0, 'GWh'))
    """
    for size, word in UNITS:
        if largest >= size:
            return size, f"{word} {unit}"
    return 1.0, unit
