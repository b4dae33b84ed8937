"""What does an answer hang on? The share of its variance that each range explains, and simpler looks at the same.

Three ways, from the dearest to the cheapest, for a model of d ranges:

- `sobol_indices`, n (d + 2) evaluations: the share of variance due to a range alone, and due to it in any combination;
- `morris`, n (d + 1) evaluations for a small n: how far a step along a range moves the answer, and how unevenly;
- `tornado`, 2 d + 1 evaluations: the answer at both ends of each range, all others at their likely figure.

A model takes draws by name, vectors of one length, and gives one figure for each draw.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from weaklink.errors import RequestError
from weaklink.uncertainty.draws import placed, uniforms
from weaklink.uncertainty.ranges import Figures, Model, Ranges, at_likely

RESAMPLES = 200
LEVELS = 4  # of the grid of Morris; his step is then two thirds of a range


@dataclass(frozen=True, slots=True, eq=False)
class Indices:
    """Sobol indices of each range, in the order of `names`, with bootstrap standard errors.

    `first` is the share of the variance of the answer that would go if the range were known, `total` the share that
    would be left if all others were. Their difference is what the range does together with others only. Estimates may
    fall below 0 or above 1 by a few errors. All are not-a-number where the answer does not vary.
    """

    names: tuple[str, ...]
    first: Figures
    total: Figures
    first_error: Figures
    total_error: Figures
    variance: float
    evaluations: int


def sobol_indices(model: Model, ranges: Ranges, count: int, seed: int) -> Indices:
    """First-order and total indices from `count` (d + 2) evaluations of the model.

    Source: first-order estimator of Saltelli et al. (2010), Computer Physics Communications 181, 259, table 2 (b);
    total-order of Jansen (1999), Computer Physics Communications 117, 35, their (f). Figures are centred first, which
    changes no index and lowers the error of the first-order one.

    >>> from weaklink.uncertainty.ranges import Range
    >>> ranges = {"a": Range(0.0, 1.0, 2.0), "b": Range(0.0, 2.0, 4.0)}  # variances 1/6 and 4/6
    >>> found = sobol_indices(lambda drawn: drawn["a"] + drawn["b"], ranges, 4096, seed=1)
    >>> found.first.round(2), found.total.round(2)
    (array([0.2, 0.8]), array([0.2, 0.8]))

    RequestError for fewer than two draws.
    """
    if count < 2:
        raise RequestError(f"Sensitivity needs at least two draws; {count} were asked.")
    size = len(ranges)
    points = uniforms(2 * size, count, seed)
    one, other = points[:, :size], points[:, size:]
    blocks = [one, other]
    for column in range(size):
        mixed = one.copy()
        mixed[:, column] = other[:, column]
        blocks.append(mixed)
    figures = model(placed(ranges, np.concatenate(blocks))).reshape(len(blocks), count)
    resample = np.random.default_rng((seed, count))
    again = np.array([_estimates(figures[:, resample.integers(0, count, count)]) for _ in range(RESAMPLES)])
    first, total = _estimates(figures)
    first_error, total_error = again.std(axis=0, ddof=1)
    variance = float(figures[:2].var())
    return Indices(tuple(ranges), first, total, first_error, total_error, variance, figures.size)


def _estimates(figures: Figures) -> Figures:
    """First-order and total indices, (2, d), from the figures of one block, another, and the mixed ones."""
    one, other, mixed = figures[0], figures[1], figures[2:]
    centre, variance = figures[:2].mean(), figures[:2].var()
    if variance <= np.finfo(np.float64).eps * centre**2:
        return np.full((2, len(mixed)), np.nan)
    first = ((other - centre) * (mixed - one)).mean(axis=1)
    total = np.square(one - mixed).mean(axis=1) / 2
    found: Figures = np.array([first, total]) / variance
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """Elementary effects of each range: what the answer gains on the way across it, were it straight.

    `size` is the mean of their absolute values (Morris's mu*, as Campolongo has it), `mean` of the effects themselves,
    `spread` their standard deviation: large where the effect depends on the other ranges or bends.
    """

    names: tuple[str, ...]
    size: Figures
    mean: Figures
    spread: Figures
    evaluations: int


def morris(model: Model, ranges: Ranges, walks: int, seed: int) -> Effects:
    """Elementary effects along random walks that move each range once; `walks` (d + 1) evaluations.

    Steps are taken in probability, so that an effect is per whole range and a range that is rarely extreme counts less.

    Source: Morris (1991), Technometrics 33(2), 161; mu* of Campolongo et al. (2007), Environmental Modelling and
    Software 22(10), 1509.

    >>> from weaklink.uncertainty.ranges import Range
    >>> ranges = {"a": Range(0.0, 1.0, 2.0), "b": Range(5.0, 5.0, 5.0)}
    >>> found = morris(lambda drawn: 3 * drawn["a"] + drawn["b"], ranges, 4, seed=1)
    >>> found.size[1], found.mean[0] > 0
    (np.float64(0.0), np.True_)
    """
    if walks < 2:
        raise RequestError(f"Elementary effects need at least two walks; {walks} were asked.")
    size, random = len(ranges), np.random.default_rng(seed)
    step = LEVELS / (2 * (LEVELS - 1))
    low = random.integers(0, LEVELS // 2, (walks, size)) / (LEVELS - 1)
    up = random.integers(0, 2, (walks, size)) == 1
    turn = np.argsort(random.random((walks, size)), axis=1)  # when each range moves
    moved = np.arange(size + 1)[None, :, None] > turn[:, None, :]
    points = low[:, None, :] + step * (moved == up[:, None, :])
    figures = model(placed(ranges, points.reshape(-1, size))).reshape(walks, size + 1)
    steps = np.take_along_axis(np.diff(figures, axis=1), turn, axis=1)
    effects = np.where(up, steps, -steps) / step
    return Effects(
        names=tuple(ranges),
        size=np.abs(effects).mean(axis=0),
        mean=effects.mean(axis=0),
        spread=effects.std(axis=0, ddof=1),
        evaluations=figures.size,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Tornado:
    """The answer at `likely`, and with each range in turn at its low and its high end."""

    names: tuple[str, ...]
    likely: float
    at_low: Figures
    at_high: Figures

    @property
    def swing(self) -> Figures:
        """How far apart the two ends are: the length of a bar of the picture."""
        found: Figures = np.abs(self.at_high - self.at_low)
        return found

    @property
    def order(self) -> tuple[int, ...]:
        """Places of the ranges from the longest bar to the shortest; of equals, the first."""
        return tuple(np.argsort(-self.swing, kind="stable").tolist())


def tornado(model: Model, ranges: Ranges) -> Tornado:
    """One range at a time from end to end; what ranges do together is not seen.

    >>> from weaklink.uncertainty.ranges import Range
    >>> found = tornado(lambda drawn: drawn["a"] * drawn["b"], {"a": Range(1, 2, 4), "b": Range(0, 1, 3)})
    >>> found.likely, found.at_low, found.at_high, found.order
    (2.0, array([1., 0.]), array([4., 6.]), (1, 0))
    """
    size = len(ranges)
    points = {name: np.full(2 * size + 1, figures[0]) for name, figures in at_likely(ranges).items()}
    for place, (name, one) in enumerate(ranges.items()):
        points[name][1 + place], points[name][1 + size + place] = one.low, one.high
    if not size:
        raise RequestError("There is no range to move from end to end.")
    figures = model(points)
    return Tornado(tuple(ranges), float(figures[0]), figures[1 : 1 + size], figures[1 + size :])
