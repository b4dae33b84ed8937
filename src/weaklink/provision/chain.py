"""Which country could stop a whole chain alone? Items need other items, and each has its suppliers.

An item can be had if enough suppliers of its own are left and so can all that it needs; of inputs that are
alternatives, one suffices. What is not known stays unknown: three-valued logic after Kleene (1952),
Introduction to Metamathematics, section 64. Computed as the greatest solution, so that items which need each
other in a circle are not lost for that alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

Amounts: TypeAlias = Mapping[str, int | None]  # by supplier; None: it provides an unknown amount
Answer: TypeAlias = Literal["yes", "unknown", "no"]

_RANK: Mapping[Answer, int] = {"no": 0, "unknown": 1, "yes": 2}
_ANSWERS: tuple[Answer, ...] = ("no", "unknown", "yes")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a chain.

    `amounts` says who provides it; empty where nobody is listed, as for a step of production that stands for its
    inputs only. `whole` is what the amounts are parts of; what they leave open is provided by suppliers that
    are not listed, or whose amount is not known. `needs` holds sets of inputs: one of each set is needed.
    """

    amounts: Amounts
    whole: int
    needs: frozenset[frozenset[str]] = frozenset()


Chain: TypeAlias = Mapping[str, Item]


def share_bounds(item: Item, country: str) -> tuple[Fraction, Fraction]:
    """Least and greatest share of a country in the provision of an item.

    Amounts that add up to more than the whole, as rounded shares do, are shares of their sum. A listed supplier
    of unknown amount provides something, and at most what the others leave.

    >>> low, high = share_bounds(Item({"NLD": 600_000, "JPN": None}, 1_000_000), "JPN")
    >>> float(low), float(high)
    (0.0, 0.4)
    """
    known = sum(amount for amount in item.amounts.values() if amount is not None)
    whole = max(known, item.whole)
    amount = item.amounts.get(country, 0)
    if whole == 0:
        return Fraction(0), Fraction(0)
    if amount is not None:
        return Fraction(amount, whole), Fraction(amount, whole)
    others = sum(one is None for one in item.amounts.values()) - 1
    return Fraction(0), Fraction(max(0, whole - known - others), whole)


def holds(item: Item, country: str, threshold: Fraction) -> Answer:
    """Whether a country provides at least a share of an item; `no` for an item without listed suppliers."""
    low, high = share_bounds(item, country)
    if not item.amounts or high < threshold or country not in item.amounts:
        return "no"
    return "yes" if low >= threshold else "unknown"


def lost(chain: Chain, country: str, threshold: Fraction) -> dict[str, Answer]:
    """Whether each item is lost where a country stops providing whatever it holds at least a share of."""
    left = {name: _not(holds(item, country, threshold)) for name, item in chain.items()}
    waiting = deque(chain)
    users = _users(chain)
    while waiting:
        name = waiting.popleft()
        now = min([left[name], *(_best(left, choice) for choice in chain[name].needs)], key=_RANK.__getitem__)
        if now != left[name]:
            left[name] = now
            waiting.extend(users.get(name, ()))
    return {name: _not(answer) for name, answer in left.items()}


def upstream(chain: Chain, target: str) -> frozenset[str]:
    """The target and all that it needs, directly or not, alternatives included."""
    found, waiting = {target}, [target]
    while waiting:
        for choice in chain[waiting.pop()].needs:
            waiting += choice - found
            found |= choice
    return frozenset(found)


def way(chain: Chain, source: str, target: str, through: frozenset[str]) -> tuple[str, ...]:
    """The shortest way from an input up to the target, by items of a set; of equals the first by name.

    Empty where there is none.
    """
    users = _users(chain)
    paths: dict[str, tuple[str, ...]] = {source: (source,)}
    waiting = deque([source])
    while waiting:
        name = waiting.popleft()
        if name == target:
            return paths[name]
        for user in sorted(users.get(name, ())):
            if user in through and user not in paths:
                paths[user] = (*paths[name], user)
                waiting.append(user)
    return ()


def _users(chain: Chain) -> dict[str, set[str]]:
    """For each item, those that need it or could use it."""
    users: dict[str, set[str]] = {}
    for name, item in chain.items():
        for choice in item.needs:
            for one in choice:
                users.setdefault(one, set()).add(name)
    return users


def _best(left: Mapping[str, Answer], choice: frozenset[str]) -> Answer:
    return max((left[one] for one in choice), key=_RANK.__getitem__)


def _not(answer: Answer) -> Answer:
    return _ANSWERS[2 - _RANK[answer]]
