"""What does another threshold cost after a screen of 5,000 products? Figures are kept; only verdicts are made anew."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import screening
from weaklink.definitions.library import published
from weaklink.definitions.verdict import Facts, judged
from weaklink.trade.panel import Asked, panel

ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """Median seconds of a screen of one bloc, and of another threshold after it, in one process."""

    job: str
    contestant: str
    rows: int
    repeats: int
    seconds: float


def run(_folder: Path, repeats: int) -> list[Row]:
    """Time a screen of one bloc of a synthetic year, and what another threshold costs after it."""
    flows, rule = screening.flows(ROWS, screening.YEAR), published()["geodep_2024"]
    asked = Asked(rule.indicators, blocs={"bloc": frozenset(flows.countries[:27])}, weighs=False)

    def screened() -> Facts:
        block = panel(flows, asked)
        return Facts(block.figures, block.imports_usd > 0, block.exports_usd > 0)

    facts = screened()
    return [
        Row("definitions: a screen of one bloc", "weaklink", ROWS, repeats, median(screened, repeats)),
        Row(
            "definitions: another threshold after it",
            "weaklink",
            ROWS,
            repeats,
            median(lambda: judged(rule, facts), repeats),
        ),
    ]


def median(once: Callable[[], object], repeats: int) -> float:
    """Median seconds of several runs, after one that does not count."""
    once()
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        once()
        taken.append(time.perf_counter() - start)
    return statistics.median(np.array(taken))
