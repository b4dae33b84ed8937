"""How is x = g(x) solved for many cases side by side? Iteration, sped up by Anderson's mixing.

Plain iteration moves to g(x). Mixing moves to the combination of the last few g(x) whose residuals cancel best, which
for a smooth map is a Newton step made of what was seen on the way. Cases do not touch each other: each has its own
combination, and stops when it is there, so that the same case has the same answer whichever stand beside it. What
comes back has converged, or there is no answer.

Source: Anderson (1965), Journal of the ACM 12(4), 547; Walker and Ni (2011), SIAM Journal on Numerical Analysis
49(4).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from weaklink.market.bound import NoEquilibriumError
from weaklink.market.economy import Floats

MEMORY = 8  # states that are combined
LONGEST = 0.7  # largest change of a logarithm in one turn: a doubling
SLOWEST = 1 / 64  # part of a step, below which a case that leads to no numbers is given up
ASTRAY = 100  # times the smallest residual so far
SLACK, PATIENCE = 100, 10  # tolerances that are good enough once so many turns bring nothing better
RIDGE = 1e-14  # of the least squares, relative: directions that were seen twice carry no news


def fixed_point(
    step: Callable[[Floats], Floats], start: Floats, *, tolerance: float, most_turns: int = 1000
) -> tuple[Floats, int]:
    """Where `step` leaves x unchanged, to `tolerance` in every element, and the turns it took.

    The last axis is x, in logarithms; axes before it are cases. Where rounding does not let a case get there, the
    best x that it saw is its answer if that is within a hundred tolerances and patience is at an end. Raises
    NoEquilibriumError where some case is not there after `most_turns`.

    >>> found, turns = fixed_point(np.cos, np.array([[0.5], [1.5]]), tolerance=1e-14)
    >>> found.round(6).ravel().tolist(), turns < 20
    ([0.739085, 0.739085], True)
    """
    x = np.array(start, dtype=np.float64)
    moved = step(x) - x
    steps: list[Floats] = []  # of x
    changes: list[Floats] = []  # of its residual, along these steps
    best, answer, from_best = np.full(x.shape[:-1], np.inf), x.copy(), moved.copy()
    since = np.zeros(x.shape[:-1], dtype=np.int64)  # turns without a better x
    pace = np.ones(x.shape[:-1])
    waiting = np.ones(x.shape[:-1], dtype=np.bool_)
    for turn in range(1, most_turns + 1):
        size = np.abs(moved).max(axis=-1)
        lost = waiting & ~np.isfinite(size)  # back to the best x, and on from there more slowly
        x[lost], moved[lost], pace[lost] = answer[lost], from_best[lost], pace[lost] / 2
        better = waiting & (size < best)
        best[better], answer[better], from_best[better] = size[better], x[better], moved[better]
        since = np.where(better, 0, since + 1)
        waiting &= ~((best <= tolerance) | ((best <= SLACK * tolerance) & (since >= PATIENCE)))
        if not waiting.any():
            return answer, turn
        if np.any(pace[waiting] < SLOWEST) or not np.all(np.isfinite(best[waiting])):
            break
        for seen in (*steps, *changes):
            seen[~(size <= ASTRAY * best)] = 0.0  # astray: forget what was seen, and go on plainly
        change = np.clip(moved - _mixed(moved, steps, changes), -LONGEST, LONGEST) * pace[..., None]
        x = x + change
        before, moved = moved, step(x) - x
        steps, changes = [*steps, change.copy()][-MEMORY:], [*changes, moved - before][-MEMORY:]
    raise NoEquilibriumError(
        f"No equilibrium after {turn} turns: something still changes by {best[waiting].max():.2g} where "
        f"{tolerance:g} was asked for."
    )


def _mixed(moved: Floats, steps: list[Floats], changes: list[Floats]) -> Floats | float:
    """What to take off a plain step: the combination of past steps that cancels the residual best."""
    if not changes:
        return 0.0
    seen, taken = np.stack(changes, axis=-2), np.stack(steps, axis=-2)
    scale = np.sqrt((seen**2).sum(axis=-1, keepdims=True)) + np.finfo(np.float64).tiny
    seen, taken = seen / scale, taken / scale
    gram = seen @ np.swapaxes(seen, -1, -2) + RIDGE * np.eye(len(changes))
    weights = np.linalg.solve(gram, seen @ moved[..., None])
    return np.asarray((np.swapaxes(seen + taken, -1, -2) @ weights)[..., 0])
