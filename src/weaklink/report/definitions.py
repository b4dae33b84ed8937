"""What do several definitions say of the products of a report, and what are they called there?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from weaklink.columns import Column
from weaklink.report.answer import Answer, cut
from weaklink.result import Record, Result

PARTS = ("screen", "agreement", "churn", "thresholds", "changes")
LONGEST_TITLE = 54
NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)  # without slots, so that the rows are read from Arrow once
class Definitions:
    """What definitions say of the products of one question: the five results of `study` on them.

    `screen` has a verdict and a margin of each definition beside the figures, and how many agree. Raises
    ValueError where the results are others, or of different questions.
    """

    screen: Result
    agreement: Result
    churn: Result
    thresholds: Result
    changes: Result

    def __post_init__(self) -> None:
        names = tuple(result.schema.name for result in self.results)
        if names != PARTS:
            raise ValueError(f"definitions need the results {', '.join(PARTS)}; got {', '.join(names)}")
        if any(result.provenance.parameters != self.screen.provenance.parameters for result in self.results):
            raise ValueError("the results of the definitions answer different questions")

    @property
    def results(self) -> tuple[Result, ...]:
        """The five results."""
        return self.screen, self.agreement, self.churn, self.thresholds, self.changes

    @cached_property
    def products(self) -> list[dict[str, Any]]:
        """The rows of the screen, those that most definitions call a dependency first."""
        rows = self.screen.records()
        return sorted(rows, key=lambda row: (-row["agree"], -(row["group_imports_usd"] or 0), row["product"]))

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """The column of each definition's verdict; it declares title, rule and citation."""
        names = self.screen.schema.names
        return {one.name: one for one in self.screen.schema.columns if f"{one.name}_margin" in names}

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """How many products each definition lists."""
        return {name: self.screen.column(name).count("yes") for name in self.columns}

    @cached_property
    def pairs(self) -> Mapping[tuple[str, str], Record]:
        """The row of the agreement of two definitions, under both orders of their names."""
        rows = self.agreement.records()
        return {
            pair: row
            for row in rows
            for pair in ((row["definition"], row["other"]), (row["other"], row["definition"]))
        }

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The definitions in the order of every picture: each beside the one left that it agrees with most.

        The one with the longest list comes first.
        """
        return _chained(
            sorted(self.columns, key=lambda name: (-self.sizes[name], name)),
            lambda one, other: self.pairs[one, other]["jaccard"] or 0.0,
        )

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """A different short title for each definition; its name is added where two are equal."""
        short = {name: cut(column.meaning, LONGEST_TITLE) for name, column in self.columns.items()}
        seen = Counter(short.values())
        return {name: text if seen[text] == 1 else f"{text} ({name})" for name, text in short.items()}

    def number(self, name: str) -> int:
        """The number that stands for a definition in this report."""
        return self.names.index(name) + 1

    def numbered(self, name: str, longest: int = LONGEST_TITLE) -> str:
        """The title of a definition behind its number."""
        return cut(f"{self.number(name)}  {self.titles[name]}", longest + 4)

    def notes(self, answer: Answer) -> str:
        """What must be said of the definitions besides what the report says of its figures.

        Behind each name stands the number that the pictures have for it.
        """
        notes = " ".join(caveat for caveat in self.screen.caveats if caveat not in answer.screen.caveats)
        return NAME.sub(
            lambda found: f"{found[0]} ({self.number(found[0])})" if found[0] in self.names else found[0],
            notes,
        )


def _chained(names: list[str], similarity: Callable[[str, str], float]) -> tuple[str, ...]:
    """Each name followed by the most similar one left; of equals, the one that comes first."""
    order, left = names[:1], names[1:]
    while left:
        nearest = max(left, key=lambda name: similarity(order[-1], name))
        left.remove(nearest)
        order.append(nearest)
    return tuple(order)
