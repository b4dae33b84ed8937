"""What does a reader get who wants the whole answer on a page?"""

from __future__ import annotations

from pathlib import Path

from weaklink.report.page import write_report
from weaklink.sources.intake import Progress, silent
from weaklink.study.datasets import chosen
from weaklink.study.history import followed
from weaklink.study.question import Question
from weaklink.study.screen import screened
from weaklink.study.setting import set_up
from weaklink.study.suppliers import listed


def brief(question: Question, directory: Path, progress: Progress = silent) -> Path:
    """Answer a question with a page and its charts in a directory; the path of the page.

    Raises StoreError where the directory cannot be written to, or holds files that are not a report.
    """
    setting = set_up(question, chosen(question).years)
    answers = (screened(setting), followed(setting), listed(setting))
    progress(1, 2)
    page = write_report(directory, *answers)
    progress(2, 2)
    return page
