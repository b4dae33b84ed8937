"""What does a reader get who wants an assessment on a page?"""

from __future__ import annotations

import shlex
from pathlib import Path

from weaklink.report import results_page
from weaklink.report.answer import plural
from weaklink.report.guideline_matrix import guideline_matrix
from weaklink.report.results_page import Listing, ResultsPage
from weaklink.study.guidelines import Assessed

SHOWN = (
    "name",
    "title",
    "score_minimum",
    "score_geometric",
    "level",
    "coverage",
    "benchmarks",
    "self_level",
    "stress_level",
    "flag",
    "weakest",
)
OF_INDICATORS = (
    "name",
    "requirement",
    "title",
    "kind",
    "state",
    "value",
    "unit",
    "score",
    "date",
    "source",
    "note",
)


def write(answer: Assessed, directory: Path) -> Path:
    """Write the page of an assessment into a directory; the path of the page. StoreError where it cannot be."""
    chart = guideline_matrix(answer.requirements, answer.framework.title, source_line(answer))
    return results_page.write_report(
        directory,
        ResultsPage(
            kicker=f"Weaklink · resilience guidelines · {answer.bloc.canonical}",
            title=answer.framework.title,
            headline=headline(answer),
            warning=answer.framework.caveats[0] if answer.framework.caveats else "",
            charts=(chart,) if chart else (),
            listings=(
                Listing("Members and requirements", answer.requirements, SHOWN),
                Listing("All indicators", answer.indicators, OF_INDICATORS),
            ),
            command=command(answer),
        ),
    )


def headline(answer: Assessed) -> str:
    """How much can be said, and how much of it diverges."""
    rows = answer.requirements.records()
    scored = [row for row in rows if row["score_minimum"] is not None]
    states = answer.indicators.column("state")
    return (
        f"{states.count('known'):,} of {len(states):,} indicator values are known, enough for a score in "
        f"{len(scored)} of {plural(len(rows), 'case')}; {sum(row['flag'] == 'yes' for row in rows)} show a divergence "
        "of more than one level between score, self-assessment and stress test."
    )


def source_line(answer: Assessed) -> str:
    """Whose figures these are."""
    cards = answer.indicators.provenance.cards
    listed = "; ".join(dict.fromkeys(card.source for card in cards)) or "entered values"
    return f"Sources: {answer.framework.citation} (requirements); {listed}. Goalposts: mostly our own choice."


def command(answer: Assessed) -> str:
    """The command that makes the report again."""
    asked = answer.requirements.provenance.parameters
    words = ["weaklink guidelines assess", asked["framework"], "--bloc", shlex.quote(asked["bloc"])]
    words += ["--year", asked["year"], "--each", asked["assessed"]]
    words += ["--entered", asked["entered"]] if asked["entered"] else []
    words += ["--self", asked["self_assessed"]] if asked["self_assessed"] else []
    return " ".join([*words, "--report", "DIR"])
