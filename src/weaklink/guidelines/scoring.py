"""How do the values of indicators become a score? Goalposts, minimum and geometric mean, coverage, levels.

    score of an indicator     10 · (value − worst) / (best − worst), held between 0 and 10
    score of a requirement    minimum and geometric mean of the scores of its indicators, both
    coverage                  indicators with a value over indicators that apply

An indicator without a value lowers coverage and nothing else: it is never put in as good or as bad. So both scores are
those of what is known, and the minimum is an upper bound of the minimum over all. Below the floor there is no score.
Goalposts and a geometric mean are what the Human Development Index uses, and INFORM Risk a geometric mean (both
recalled); the floor and the levels are a framework's own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from weaklink.guidelines.model import TOP, Framework, Goalposts, Indicator, Level, Requirement

State = Literal["known", "missing", "not applicable"]
DIVERGENT = 2  # levels apart: more than one


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of one indicator for one party.

    `value` is not-a-number unless the state is known. `source` and `date` say where it comes from and of when it
    is; `note` what to know about it, or why it is missing.
    """

    value: float
    state: State
    source: str = ""
    date: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if (self.state == "known") != math.isfinite(self.value):
            raise ValueError(f"a finding that is {self.state} cannot have the value {self.value}")


def missing(note: str) -> Finding:
    """A finding without a value, and why."""
    return Finding(math.nan, "missing", note=note)


def not_applicable(note: str) -> Finding:
    """A finding for a party that the indicator does not apply to, and why."""
    return Finding(math.nan, "not applicable", note=note)


def score(value: float, goalposts: Goalposts) -> float:
    """The score of a value, 0 to 10; not-a-number for a value that is none.

    >>> posts = Goalposts(worst=0.5, best=1.0, status="own", source="example")
    >>> score(0.75, posts), score(1.4, posts), score(0.1, posts)
    (5.0, 10.0, 0.0)
    """
    if math.isnan(value):
        return math.nan
    place = (value - goalposts.worst) / (goalposts.best - goalposts.worst)
    return TOP * min(max(place, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """One indicator with its finding and its score; the score is not-a-number where there is no value."""

    indicator: Indicator
    finding: Finding
    score: float

    @property
    def met(self) -> bool | None:
        """Whether the published benchmark is met; None where there is none, or no value."""
        if self.indicator.benchmark is None or self.finding.state != "known":
            return None
        return self.indicator.benchmark.met(self.finding.value)


@dataclass(frozen=True, slots=True)
class Assessment:
    """How one party stands against one requirement.

    `minimum` and `geometric` are not-a-number where coverage is below the floor. `stressed` is the least score of the
    indicators that are results of stress tests, `claimed` what the party says of itself; both may be missing.
    """

    party: str
    requirement: Requirement
    judged: tuple[Judged, ...]
    coverage: float
    minimum: float
    geometric: float
    stressed: float
    claimed: float

    def score_by(self, aggregation: str) -> float:
        """The one or the other score."""
        return self.minimum if aggregation == "minimum" else self.geometric


def assessed(
    party: str,
    requirement: Requirement,
    findings: Sequence[Finding],
    floor: float,
    claimed: float = math.nan,
) -> Assessment:
    """The assessment of a party from the findings on a requirement's indicators, in their order.

    `claimed` is the party's own score of the requirement; where it is missing, the least score of its self-assessed
    indicators stands for it.
    """
    found = dict(zip((one.name for one in requirement.indicator), findings, strict=True))
    judged = tuple(
        Judged(one, finding, score(finding.value, one.goalposts))
        for one in requirement.indicator
        for finding in (_where_it_applies(one, found),)
    )
    counted = [one for one in judged if _counts(one.indicator)]
    share = coverage(one.finding for one in counted)
    known = [one.score for one in counted if one.finding.state == "known"]
    enough = bool(known) and share >= floor
    own = [one.score for one in judged if one.indicator.kind == "self-assessed"]
    return Assessment(
        party=party,
        requirement=requirement,
        judged=judged,
        coverage=share,
        minimum=min(known) if enough else math.nan,
        geometric=geometric_mean(known) if enough else math.nan,
        stressed=_least(one.score for one in judged if one.indicator.stress),
        claimed=_least(own) if math.isnan(claimed) else claimed,
    )


def _where_it_applies(indicator: Indicator, found: Mapping[str, Finding]) -> Finding:
    """The finding on an indicator; not applicable where the one that it stands in for applies."""
    first = indicator.only_without
    if first and found[first].state != "not applicable":
        return not_applicable(f"{first} applies")
    return found[indicator.name]


def _counts(indicator: Indicator) -> bool:
    """Whether an indicator is part of the score: what a party says of itself and stress tests are set beside it."""
    return indicator.kind != "self-assessed" and not indicator.stress


def coverage(findings: Iterable[Finding]) -> float:
    """Share of the findings that apply which have a value; not-a-number where none applies.

    >>> coverage([Finding(1.0, "known"), missing("no data"), not_applicable("no gas is used")])
    0.5
    """
    applying = [one.state for one in findings if one.state != "not applicable"]
    return applying.count("known") / len(applying) if applying else math.nan


def geometric_mean(scores: Sequence[float]) -> float:
    """The geometric mean; one score of 0 makes it 0. Not-a-number for none.

    >>> round(geometric_mean([2.0, 8.0]), 9)
    4.0
    """
    if not scores:
        return math.nan
    if min(scores) <= 0:
        return 0.0
    mean = math.exp(math.fsum(map(math.log, scores)) / len(scores))
    return min(max(mean, min(scores)), max(scores))  # rounding must not carry it outside


def level_of(found: float, levels: Sequence[Level]) -> int:
    """The place of a score among levels, from 0; -1 for a score that is none.

    >>> from weaklink.guidelines.model import LEVELS
    >>> level_of(0.0, LEVELS), level_of(6.0, LEVELS), level_of(10.0, LEVELS), level_of(math.nan, LEVELS)
    (0, 3, 4, -1)
    """
    if math.isnan(found):
        return -1
    return max(place for place, level in enumerate(levels) if found >= level.least)


def divergence(scores: Iterable[float], framework: Framework) -> int | None:
    """By how many levels the known scores are apart at most; None where fewer than two are known.

    >>> from weaklink.guidelines.library import framework
    >>> divergence([9.0, 3.0, math.nan], framework("nato_seven"))
    3
    """
    places = [place for one in scores if (place := level_of(one, framework.level)) >= 0]
    return max(places) - min(places) if len(places) > 1 else None


def _least(scores: Iterable[float]) -> float:
    known = [one for one in scores if not math.isnan(one)]
    return min(known, default=math.nan)
