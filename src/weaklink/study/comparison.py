"""Where do definitions agree, how do their lists churn, and what does one threshold or one year change?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from weaklink import tables
from weaklink.columns import TableSchema
from weaklink.definitions import compare
from weaklink.definitions.model import Criterion, Definition
from weaklink.definitions.verdict import YES, Judgement
from weaklink.result import Result, tabulated
from weaklink.study import caveats
from weaklink.study.lab import Rules
from weaklink.study.question import Question
from weaklink.study.setting import set_up
from weaklink.study.verdicts import Laboratory, listed, with_threshold

MOVES = (-0.2, -0.1, 0.1, 0.2)  # how far a threshold is moved, relative to itself


@dataclass(frozen=True, slots=True)
class Comparison:
    """Four tables on the same definitions and products."""

    agreement: Result
    churn: Result
    thresholds: Result
    changes: Result


def compared(question: Question, rules: Rules) -> Comparison:
    """Compare definitions on the products of a question: in its year, over all years, and with moved thresholds."""
    definitions = rules.definitions()
    lab = Laboratory.of(set_up(question), definitions)
    return compared_in(lab, definitions)


def compared_in(lab: Laboratory, definitions: Sequence[Definition]) -> Comparison:
    """The same in a laboratory that is set up with all years."""
    said = tuple(dict.fromkeys(caveats.of_setting(lab.setting)))

    def result(schema: TableSchema, rows: Iterator[dict[str, Any]]) -> Result:
        return Result(schema, tabulated(schema, rows), said, lab.setting.provenance())

    return Comparison(
        agreement=result(tables.AGREEMENT, _agreement(lab, definitions)),
        churn=result(tables.CHURN, _churn(lab, definitions)),
        thresholds=result(tables.THRESHOLDS, _thresholds(lab, definitions)),
        changes=result(tables.CHANGES, _changes(lab, definitions)),
    )


def _agreement(lab: Laboratory, definitions: Sequence[Definition]) -> Iterator[dict[str, Any]]:
    judgements = {one.name: lab.judgement(one) for one in definitions}
    for (name, one), (other_name, other) in combinations(judgements.items(), 2):
        yield {
            "definition": name,
            "other": other_name,
            "listed": (one.verdict == YES).sum(),
            "other_listed": (other.verdict == YES).sum(),
            "both": ((one.verdict == YES) & (other.verdict == YES)).sum(),
            "jaccard": compare.jaccard(one.verdict, other.verdict),
            "rank_correlation": compare.rank_correlation(_finite(one), _finite(other)),
        }


def _finite(judgement: Judgement) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Margins without the infinite ones, which a convention decides."""
    return np.where(np.isinf(judgement.margin), np.nan, judgement.margin)


def _churn(lab: Laboratory, definitions: Sequence[Definition]) -> Iterator[dict[str, Any]]:
    for one in definitions:
        before = None
        for year in lab.setting.data.years:
            now = lab.judgement(one, year).verdict
            if before is not None:
                yield {
                    "definition": one.name,
                    "year": year,
                    "listed": (now == YES).sum(),
                    "entered": ((now == YES) & (before != YES)).sum(),
                    "left": ((now != YES) & (before == YES)).sum(),
                    "churn": compare.churn(before, now),
                }
            before = now


def _thresholds(lab: Laboratory, definitions: Sequence[Definition]) -> Iterator[dict[str, Any]]:
    for one in definitions:
        own = set(listed(lab.codes, lab.judgement(one).verdict))
        for criterion in one.criteria:
            for move in MOVES:
                yield _moved(lab, one, criterion, move, own)


def _moved(
    lab: Laboratory, one: Definition, criterion: Criterion, move: float, own: set[str]
) -> dict[str, Any]:
    threshold = criterion.threshold * (1 + move)
    now = set(listed(lab.codes, lab.judgement(with_threshold(one, criterion.indicator, threshold)).verdict))
    return {
        "definition": one.name,
        "indicator": criterion.indicator,
        "threshold": threshold,
        "moved": move,
        "listed": len(now),
        "entered": ", ".join(sorted(now - own)),
        "left": ", ".join(sorted(own - now)),
    }


def _changes(lab: Laboratory, definitions: Sequence[Definition]) -> Iterator[dict[str, Any]]:
    year = lab.setting.question.year
    for one in definitions:
        before, now = lab.judgement(one, year - 1), lab.judgement(one, year)
        for item in np.flatnonzero((before.verdict == YES) != (now.verdict == YES)):
            code = lab.codes[item]
            yield {
                "definition": one.name,
                "product": code,
                "label": lab.setting.data.label(code),
                "change": "entered" if now.verdict[item] == YES else "left",
                "margin_before": before.margin[item],
                "margin": now.margin[item],
            }
