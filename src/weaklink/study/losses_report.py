"""What does a reader get who wants the losses of a scenario on a page?"""

from __future__ import annotations

import shlex
from pathlib import Path

from weaklink.report.losses_answer import LossesAnswer, Panel
from weaklink.report.losses_page import write_report
from weaklink.study.loss_details import course, ranges
from weaklink.study.losses import LEVELS, Losses, Seen
from weaklink.uncertainty.bands import bands


def write(answer: Losses, directory: Path) -> Path:
    """Write the page and its pictures; the path of the page.

    Raises StoreError where the directory cannot be written to, or holds files that are not a report.
    """
    return write_report(directory, as_answer(answer))


def as_answer(answer: Losses) -> LossesAnswer:
    """The losses as a report takes them."""
    asked = answer.asked
    named = [card for card in answer.table.provenance.cards if card.sha256]
    sources = "; ".join(dict.fromkeys(f"{card.source} ({card.vintage})" for card in named))
    return LossesAnswer(
        scenario=asked.scenario.name,
        title=asked.scenario.title,
        importer=asked.importer,
        panels=tuple(_panel(one) for one in answer.seen),
        unread=tuple(answer.unread.items()),
        table=answer.table,
        course=course(answer),
        ranges=ranges(answer),
        source=f"Source: {sources}. Scenario: {asked.scenario.name}.",
        command=_command(answer),
        draws=answer.draws,
    )


def _panel(one: Seen) -> Panel:
    about, found = one.model.about, one.model.course()
    likely, base = float(one.likely.sum()), float(one.model.base.sum())
    low, median, high = bands(one.total, LEVELS).value.tolist() if len(one.total) else (None, None, None)
    return Panel(
        lens=about.name,
        title=about.title,
        horizon=about.horizon,
        unit=about.unit,
        loss=about.loss,
        base=about.base,
        leaves_out=about.leaves_out,
        span=about.span_days,
        edges=tuple(found.edges.tolist()),
        course=tuple(found.loss.sum(axis=1).tolist()),
        likely=likely,
        share=likely / base if base else None,
        low=low,
        median=median,
        high=high,
    )


def _command(answer: Losses) -> str:
    """The command that makes the report again."""
    asked, lens = answer.asked, answer.table.provenance.parameters["lens"]
    words = ["weaklink", "stress", asked.scenario.name, "--importer", asked.importer, "--lens", lens]
    words += ["--year", str(asked.year), "--draws", str(answer.draws), "--seed", str(answer.seed)]
    return shlex.join([*words, *(["--data", asked.data] if asked.data else []), "--report", "DIR"])
