"""What does a reader get who wants the whole answer on a page?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from weaklink.definitions.model import Definition
from weaklink.report.definitions import Definitions
from weaklink.report.page import Further, write_report
from weaklink.result import Result
from weaklink.sources.intake import Progress, silent
from weaklink.study.comparison import compared_in
from weaklink.study.history import followed
from weaklink.study.lab import Rules, with_verdicts
from weaklink.study.question import Question
from weaklink.study.reverse import reversed_in
from weaklink.study.screen import screened
from weaklink.study.setting import Setting, set_up
from weaklink.study.suppliers import listed
from weaklink.study.verdicts import Laboratory

EVERY = Rules()  # all published definitions, their thresholds as they are


def brief(question: Question, directory: Path, progress: Progress = silent, rules: Rules = EVERY) -> Path:
    """Answer a question with a page and its charts in a directory; the path of the page.

    Raises StoreError where the directory cannot be written to, or holds files that are not a report.
    """
    setting = set_up(question, keep=True)
    answer = screened(setting)
    answers = (answer, followed(setting), listed(setting))
    progress(1, 3)
    more = Further(judged(setting, answer, rules.definitions()), reversed_in(setting))
    progress(2, 3)
    page = write_report(directory, *answers, more)
    progress(3, 3)
    return page


def judged(setting: Setting, screen: Result, definitions: Sequence[Definition]) -> Definitions:
    """What definitions say of a screen; the question is set up with all years."""
    lab = Laboratory.of(setting, definitions)
    comparison = compared_in(lab, definitions)
    return Definitions(
        with_verdicts(screen, lab, definitions),
        comparison.agreement,
        comparison.churn,
        comparison.thresholds,
        comparison.changes,
    )
