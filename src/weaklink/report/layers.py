"""Where does each item of a chain stand in a drawing: in which tier, and at which place in it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from weaklink.provision.chain import Chain, upstream

SWEEPS = 4


def users_of(chain: Chain, target: str) -> dict[str, frozenset[str]]:
    """For each item behind the target, and the target itself, the items among them that use it."""
    needed = upstream(chain, target)
    users: dict[str, set[str]] = {item: set() for item in needed}
    for item in needed:
        for one in inputs(chain, item):
            users[one].add(item)
    return {item: frozenset(found) for item, found in users.items()}


def inputs(chain: Chain, item: str) -> frozenset[str]:
    """All inputs of an item, alternatives included."""
    return frozenset(one for choice in chain[item].needs for one in choice)


def tiers_of(chain: Chain, target: str) -> dict[str, int]:
    """How many steps each item is away from the target, by the longest way; the target is in tier 0.

    Every item stands behind all that use it. Where items need each other in a circle, the one with the fewest
    users left to place comes first, and the circle is broken there.
    """
    users = users_of(chain, target)
    left = {item: set(found) for item, found in users.items()}
    tiers: dict[str, int] = {}
    while left:
        reached = [item for item in left if users[item] & tiers.keys()] or [target]
        item = min(reached, key=lambda one: (len(left[one]), one))
        tiers[item] = 1 + max((tiers[user] for user in users[item] if user in tiers), default=-1)
        del left[item]
        for one in inputs(chain, item) & left.keys():
            left[one].discard(item)
    return tiers


def places(chain: Chain, target: str) -> dict[str, tuple[int, float]]:
    """Tier and height of each item; heights are in rows from the middle, downwards.

    Items stand near those they are joined to: tiers are put in order by the mean height of neighbours, back and
    forth, after Sugiyama, Tagawa and Toda (1981), IEEE Transactions on Systems, Man, and Cybernetics 11(2), 109.
    """
    tiers, users = tiers_of(chain, target), users_of(chain, target)
    rows = [sorted(item for item in tiers if tiers[item] == tier) for tier in range(max(tiers.values()) + 1)]
    heights = _heights(rows)
    needs = {item: inputs(chain, item) for item in tiers}
    for _ in range(SWEEPS):
        for order, joined in ((rows, users), (rows[::-1], needs)):
            for row in order:
                row.sort(key=lambda item: (_mean(heights, joined[item], heights[item]), item))
                heights |= _heights([row])
    return {item: (tiers[item], heights[item]) for item in tiers}


def _heights(rows: Iterable[Sequence[str]]) -> dict[str, float]:
    """Rows of one tier below each other, around the middle."""
    return {item: place - (len(row) - 1) / 2 for row in rows for place, item in enumerate(row)}


def _mean(heights: Mapping[str, float], items: Iterable[str], otherwise: float) -> float:
    known = [heights[item] for item in items]
    return sum(known) / len(known) if known else otherwise
