"""Which pictures does a report have, and in which order?"""

from __future__ import annotations

from weaklink.report.answer import Answer
from weaklink.report.changes import changes
from weaklink.report.chart import Chart
from weaklink.report.heatmap import heatmap
from weaklink.report.worldmap import worldmap
from weaklink.report.years import years

NAMES = ("changes", "years", "suppliers", "map")


def charts(answer: Answer) -> tuple[Chart, ...]:
    """The pictures that can be drawn; one with nothing to show is left out."""
    drawn = (changes(answer), years(answer), heatmap(answer), worldmap(answer))
    return tuple(chart for chart in drawn if chart is not None)
