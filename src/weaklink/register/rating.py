"""Which level of a scale does a figure mean? By bounds that are kept with the figure, so that nobody sets it by hand.

A scale says what its levels of impact are in words; how much unserved demand is "significant" depends on the risk. So
whoever rests a level on a figure says once from which figure on each level applies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from weaklink.errors import RegisterError
from weaklink.register.events import Entity

RATES = ("inherent_impact", "residual_impact")  # no lens gives a chance, so likelihoods are judged by people


@dataclass(frozen=True, slots=True)
class Rating:
    """Which level of a risk a figure gives, and the figures from which on level 2, 3, … applies, with commas."""

    rates: str
    bounds: str


def bounds(text: str, levels: int) -> tuple[float, ...]:
    """The figures from which on level 2, 3, … applies. RegisterError unless there is a larger one for each.

    >>> bounds("0.01, 0.05, 0.1, 0.2", 5)
    (0.01, 0.05, 0.1, 0.2)
    """
    try:
        found = tuple(float(word) for word in text.split(","))
    except ValueError:
        found = ()
    if len(found) != levels - 1 or not all(low < high for low, high in pairwise(found)):
        raise RegisterError(
            f"bounds are {text!r}: write {levels - 1} growing numbers with commas, from which on level 2 to {levels} "
            "applies, as 0.01,0.05,0.1,0.2."
        )
    return found


def level(figure: float, over: Iterable[float]) -> int:
    """The level of a figure: one more than the bounds that it reaches.

    >>> [level(figure, (0.01, 0.05, 0.1, 0.2)) for figure in (0.0, 0.01, 0.12, 0.9)]
    [1, 2, 4, 5]
    """
    return 1 + sum(figure >= bound for bound in over)


def rated(evidence: Entity, levels: int) -> int | None:
    """The level that a figure gives; None where it gives none."""
    figure, kept = evidence.fields.get("figure"), evidence.fields.get("bounds")
    if figure is None or kept is None or evidence.fields.get("rates") not in RATES:
        return None
    return level(figure, bounds(kept, levels))


def raters(evidence: Iterable[Entity], risk: str) -> Mapping[str, Entity]:
    """The evidence that gives each level of a risk, by the field that it gives."""
    mine = (one for one in evidence if one.fields.get("risk") == risk)
    return {rates: one for one in mine if (rates := one.fields.get("rates"))}
