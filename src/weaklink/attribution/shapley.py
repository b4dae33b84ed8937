"""What is each player's part of a total? The Shapley value: the mean of what it adds over all orders of arrival.

It is the only split that hands out everything, treats equals alike, gives nothing to who adds nothing, and adds up over
totals. Source: Shapley (1953), Contributions to the Theory of Games II, 307.
"""

from __future__ import annotations

import math

import numpy as np

from weaklink.attribution.coalitions import Coalitions, Figures, SetFunction, Split, evaluated
from weaklink.errors import RequestError

EXACT = 12  # players up to which all coalitions are asked for where nothing else is said: 4,096
MOST = 20  # players up to which that is possible at all: a million
PAIRS = 256


def split(function: SetFunction, players: int, *, pairs: int = PAIRS, seed: int = 0) -> Split:
    """The Shapley value: exact for up to 12 players, sampled for more."""
    return (
        exact(function, players) if players <= EXACT else sampled(function, players, pairs=pairs, seed=seed)
    )


def exact(function: SetFunction, players: int) -> Split:
    """The Shapley value from all 2^players coalitions, in one call of the function.

    φ_i = Σ_S |S|! (n-|S|-1)! / n! (v(S ∪ i) - v(S)), over the coalitions S without i.

    Three losses share what a buffer of 100 leaves of them:

    >>> losses = np.array([155.0, 80.0, 57.0])
    >>> exact(lambda those: np.maximum(0, those @ losses - 100), 3).part.round(3)
    array([111.167,  46.167,  34.667])

    RequestError for more than 20 players, or none.
    """
    if not 1 <= players <= MOST:
        raise RequestError(f"All coalitions of {players} players cannot be asked for; 1 to {MOST} can.")
    masks = np.arange(2**players)
    coalitions: Coalitions = (masks[:, None] >> np.arange(players)) & 1 == 1
    values: Figures = np.asarray(function(coalitions), dtype=np.float64)
    weight = np.array([1 / (players * math.comb(players - 1, size)) for size in range(players)])
    size = coalitions.sum(axis=1)
    part = np.empty((players, *values.shape[1:]))
    for player in range(players):
        without = masks[~coalitions[:, player]]
        part[player] = weight[size[without]] @ (values[without | 1 << player] - values[without])
    return Split("Shapley, exact", part, np.zeros_like(part), values[-1] - values[0], len(values))


def sampled(function: SetFunction, players: int, *, pairs: int = PAIRS, seed: int = 0) -> Split:
    """The Shapley value estimated from random orders, each with its reverse.

    In every order the players together add the whole total, so the parts add up to it exactly, not only in the mean. A
    player that adds nothing gets exactly nothing; equal ones are treated alike up to `error`, which is the standard
    error over pairs of orders. Reversed orders make it smaller: who comes early in one comes late in the other.

    Source: Castro, Gómez and Tejada (2009), Computers and Operations Research 36(5), 1726; reversed orders: Mitchell,
    Cooper, Frank and Holmes (2022), Journal of Machine Learning Research 23(43).

    >>> found = sampled(lambda those: those.sum(axis=1) ** 2.0, 30, pairs=50)
    >>> float(found.part.sum()), float(found.part.min()) > 29
    (900.0, True)

    RequestError for fewer than two pairs, or no player.
    """
    if players < 1 or pairs < 2:
        raise RequestError(f"{players} players and {pairs} pairs of orders: 1 and 2 are the least.")
    arrival = np.argsort(np.random.default_rng(seed).random((pairs, players)), axis=1)
    arrivals = np.concatenate([arrival, players - 1 - arrival])
    added, values, evaluations = _chains(function, arrivals)
    means = (added[:pairs] + added[pairs:]) / 2
    return Split(
        method=f"Shapley, sampled from {pairs} pairs of orders",
        part=means.mean(axis=0),
        error=means.std(axis=0, ddof=1) / math.sqrt(pairs),
        total=values[0, -1] - values[0, 0],
        evaluations=evaluations,
    )


def ordered(function: SetFunction, order: tuple[int, ...]) -> Split:
    """What each player adds when they come in one given order: cheap, and dependent on the order.

    >>> losses = np.array([155.0, 80.0, 57.0])
    >>> ordered(lambda those: np.maximum(0, those @ losses - 100), (2, 0, 1)).part
    array([112.,  80.,   0.])

    RequestError where the order does not name every player once.
    """
    if sorted(order) != list(range(len(order))):
        raise RequestError(f"An order must name every player once, 0 to {len(order) - 1}; this is {order}.")
    added, values, evaluations = _chains(function, np.argsort(order)[None])
    part = added[0]
    return Split("in order", part, np.zeros_like(part), values[0, -1] - values[0, 0], evaluations)


def last_in(function: SetFunction, players: int) -> Split:
    """What would be missing without each player, all others being there: leave one out. The parts leave a rest.

    >>> losses = np.array([155.0, 80.0, 57.0])
    >>> found = last_in(lambda those: np.maximum(0, those @ losses - 100), 3)
    >>> found.part, float(found.rest)
    (array([155.,  80.,  57.]), -100.0)
    """
    everybody = np.ones((1, players), dtype=bool)
    coalitions = np.concatenate([~everybody, everybody, ~np.eye(players, dtype=bool)])
    values, evaluations = evaluated(function, coalitions)
    part = values[1] - values[2:]
    return Split("leave one out", part, np.zeros_like(part), values[1] - values[0], evaluations)


def _chains(function: SetFunction, arrivals: np.ndarray) -> tuple[Figures, Figures, int]:
    """For each row of arrival times, what each player adds; the values along the way; and how many were asked for."""
    orders, players = arrivals.shape
    coalitions: Coalitions = arrivals[:, None, :] < np.arange(players + 1)[None, :, None]
    flat, evaluations = evaluated(function, coalitions.reshape(-1, players))
    values = flat.reshape(orders, players + 1, *flat.shape[1:])
    steps = np.diff(values, axis=1)
    place = arrivals.reshape(*arrivals.shape, *[1] * (steps.ndim - 2))
    return np.take_along_axis(steps, place, axis=1), values, evaluations
