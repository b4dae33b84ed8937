"""What does a reader get who wants a stress test on a page?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from weaklink.columns import Column, TableSchema
from weaklink.report.stress_answer import StressAnswer
from weaklink.report.stress_page import write_report
from weaklink.result import Result, tabulated
from weaklink.sources.intake import Progress, silent
from weaklink.study.network_outages import ranked
from weaklink.study.stress import Stress
from weaklink.study.stress_draws import BANDS
from weaklink.tables.network import DAY

OF_BANDS = ("low", "lower_quarter", "median", "upper_quarter", "high")
STORAGE_BANDS = TableSchema(
    "storage_levels",
    "how full stores are on one day in drawn winters",
    (
        DAY,
        *(
            Column(name, "number", "share, 0 to 1", f"level that {share:.0%} of drawn winters stay below")
            for name, share in zip(OF_BANDS, BANDS, strict=True)
        ),
    ),
)


def write(answer: Stress, directory: Path, progress: Progress = silent) -> Path:
    """Rank single outages of a stressed network and write the page; the path of the page.

    Raises StoreError where the directory cannot be written to, or holds files that are not a report.
    """
    outages = ranked(answer.case, answer.plan)
    progress(1, 2)
    page = write_report(directory, as_answer(answer, outages))
    progress(2, 2)
    return page


def as_answer(answer: Stress, outages: Result | None) -> StressAnswer:
    """The results as a report takes them."""
    case = answer.case
    about = case.folder.about
    return StressAnswer(
        title=case.scenario.title,
        who="all sites" if case.scenario.who == "world" else case.scenario.who,
        unit=case.unit,
        commodity=about.commodity,
        countries=answer.countries,
        days=answer.days,
        flows=answer.flows,
        outages=outages,
        bands=_bands(answer),
        places=case.folder.places,
        labels=case.folder.labels,
        source=f"Source: {about.source}; {about.name}, {about.vintage}. Scenario: {case.scenario.name}.",
    )


def _bands(answer: Stress) -> Result | None:
    """Quantiles of the level of all stores of the network, by the last day of each period of the drawn winters."""
    winters, case = answer.winters, answer.case
    if winters is None:
        return None
    volume = sum(one.volume for one in case.network.storages)
    if not volume:
        return None
    shares = winters.bands() / volume
    first = case.days[0]
    rows = [
        {
            "day": (first + timedelta(days=end - 1)).isoformat(),
            **dict(zip(OF_BANDS, shares[:, place], strict=True)),
        }
        for place, end in enumerate(winters.found.ends)
    ]
    return Result(
        STORAGE_BANDS, tabulated(STORAGE_BANDS, rows), answer.countries.caveats, answer.countries.provenance
    )
