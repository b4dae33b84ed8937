"""Does an item meet a definition, and how far is it from the threshold? Pure functions of figures.

A verdict is yes, no or unknown. A figure without a value is unknown and never counts as a no: three-valued
logic after Kleene (1952), Introduction to Metamathematics, section 64.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from weaklink.definitions.model import Criterion, Definition

Figures = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Verdicts = npt.NDArray[np.int8]

YES, NO, UNKNOWN = np.int8(1), np.int8(0), np.int8(-1)
OF_EXPORTS = frozenset({"import_export_ratio", "import_supply_ratio"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What a definition is judged by, in one year; arrays with one element per item.

    `figures` holds each indicator by name, not-a-number where it has no value. `imported` and `exported` say
    whether anything is at all: what is not imported is no dependency, and what is not exported has a
    convention of its own.
    """

    figures: Mapping[str, Figures]
    imported: Flags
    exported: Flags


@dataclass(frozen=True, slots=True)
class Judgement:
    """Verdict and margin of every item.

    The margin is how far the deciding criterion is from its threshold, relative to the threshold: 0.1 means
    met by a tenth, -0.1 missed by a tenth. Not-a-number where it is unknown.
    """

    verdict: Verdicts
    margin: Figures


def judged(definition: Definition, facts: Facts) -> Judgement:
    """One definition in one year, without persistence.

    Of several criteria the deciding one is the one whose change would change the verdict first: with all, the
    least margin; with any, the greatest; with at least n, the n-th greatest.
    """
    each = [met(criterion, definition, facts) for criterion in definition.criteria]
    margins = np.stack([margin(criterion, definition, facts) for criterion in definition.criteria])
    deciding = np.sort(margins, axis=0)[::-1][definition.needed - 1]
    verdict = at_least(np.stack(each), definition.needed)
    nothing = ~facts.imported
    return Judgement(
        verdict=np.where(nothing, NO, verdict).astype(np.int8),
        margin=np.where(nothing | np.isnan(margins).any(axis=0), np.nan, deciding),
    )


def met(criterion: Criterion, definition: Definition, facts: Facts) -> Verdicts:
    """Whether each item meets one criterion."""
    value, threshold = facts.figures[definition.tested(criterion)], criterion.threshold
    tests = {
        "above": value > threshold,
        "at least": value >= threshold,
        "below": value < threshold,
        "at most": value <= threshold,
    }
    verdict = np.where(np.isnan(value), UNKNOWN, np.where(tests[criterion.test], YES, NO))
    if criterion.indicator in OF_EXPORTS:
        convention = {"met": YES, "not met": NO, "unknown": UNKNOWN}[definition.conventions.zero_exports]
        verdict = np.where(_without_exports(value, facts), convention, verdict)
    return verdict.astype(np.int8)


def margin(criterion: Criterion, definition: Definition, facts: Facts) -> Figures:
    """How far each item is beyond the threshold of one criterion, relative to the threshold.

    Infinite where a convention decides.
    """
    value, threshold = facts.figures[definition.tested(criterion)], criterion.threshold
    beyond = value - threshold if criterion.test in {"above", "at least"} else threshold - value
    relative: Figures = beyond / (abs(threshold) or 1.0)
    if criterion.indicator in OF_EXPORTS:
        infinite = {"met": np.inf, "not met": -np.inf, "unknown": np.nan}[definition.conventions.zero_exports]
        relative = np.where(_without_exports(value, facts), infinite, relative)
    return relative


def at_least(verdicts: Verdicts, needed: int) -> Verdicts:
    """Whether at least so many of the verdicts on each item (first axis) are yes.

    >>> at_least(np.array([[1, 1, 0], [-1, 0, -1]], dtype=np.int8), 1).tolist()
    [1, 1, -1]
    """
    sure, possible = (verdicts == YES).sum(axis=0), (verdicts != NO).sum(axis=0)
    return np.where(sure >= needed, YES, np.where(possible < needed, NO, UNKNOWN)).astype(np.int8)


def agreement(verdicts: Sequence[Verdicts]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """How many definitions say yes to each item, and how many say anything at all."""
    stacked = np.stack(verdicts)
    return (stacked == YES).sum(axis=0), (stacked != UNKNOWN).sum(axis=0)


def _without_exports(value: Figures, facts: Facts) -> Flags:
    """Where a ratio to exports has no value because nothing is exported, and not because little is known."""
    return np.isnan(value) & facts.imported & ~facts.exported
