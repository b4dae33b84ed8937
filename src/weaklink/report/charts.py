"""Which pictures does a report have, and in which order?"""

from __future__ import annotations

from collections.abc import Iterable

from weaklink.report.answer import Answer
from weaklink.report.changes import changes
from weaklink.report.chart import Chart
from weaklink.report.definitions import Definitions
from weaklink.report.heatmap import heatmap
from weaklink.report.margins import margins
from weaklink.report.matrix import matrix
from weaklink.report.mutual import mutual
from weaklink.report.ribbon import ribbon
from weaklink.report.worldmap import worldmap
from weaklink.report.years import years
from weaklink.result import Result

OF_TRADE = ("changes", "years", "suppliers", "map", "mutual")
OF_DEFINITIONS = ("agreement", "margins", "churn")
NAMES = OF_TRADE + OF_DEFINITIONS


def charts(answer: Answer, reverse: Result | None = None) -> tuple[Chart, ...]:
    """The pictures that can be drawn; one with nothing to show is left out."""
    both_ways = mutual(answer, reverse) if reverse is not None else None
    return _drawable((changes(answer), years(answer), heatmap(answer), worldmap(answer), both_ways))


def charts_of_definitions(answer: Answer, definitions: Definitions) -> tuple[Chart, ...]:
    """The pictures of what definitions say; one with nothing to show is left out."""
    return _drawable((matrix(answer, definitions), margins(answer, definitions), ribbon(answer, definitions)))


def _drawable(drawn: Iterable[Chart | None]) -> tuple[Chart, ...]:
    return tuple(chart for chart in drawn if chart is not None)
