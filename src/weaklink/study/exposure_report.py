"""What does a reader get who wants look-through dependence on a page?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from weaklink.report.exposed import Exposed
from weaklink.report.exposure_page import write_page
from weaklink.result import Result
from weaklink.study.exposure import exposed, history
from weaklink.study.exposure_paths import taken_apart
from weaklink.study.exposure_setting import ALL, ExposureQuestion, ExposureSetting, set_up
from weaklink.study.iotables import years_of

PATHS = 60  # of which the indirect ones are drawn


def write(setting: ExposureSetting, directory: Path) -> Path:
    """Write a page and its pictures to a directory; the path of the page.

    Raises StoreError where the directory cannot be written to, or holds files that are not of a report.
    """
    return write_page(directory, shown(setting))


def shown(setting: ExposureSetting) -> Exposed:
    """The results that a page shows: by sector, by supplying region, the largest paths, and the years."""
    question = replace(setting.question, each=False, definition="L-I")
    setting = set_up(question, setting.stored)
    answer = exposed(setting)
    first = next((row["sector"] for row in answer.records() if row["hidden"] is not None), ALL)
    found = taken_apart(setting, first, PATHS)
    regions = {code: setting.region_name(code) for code in setting.accounts.regions}
    return Exposed(answer, _by_region(setting), found.rows, first, _years(question), regions, _parts(setting))


def _parts(setting: ExposureSetting) -> dict[str, str]:
    """The region of each part, where the table splits one."""
    accounts = setting.accounts
    whole = [accounts.regions[place] for place in accounts.region]
    return {
        part: region for part, region in zip(accounts.part or whole, whole, strict=True) if part != region
    }


def _by_region(setting: ExposureSetting) -> Result:
    """All regions outside the importer, each by itself, all sectors as one."""
    every = [code for code in setting.accounts.regions if code not in setting.members]
    question = replace(setting.question, each=True, sector="")
    return exposed(replace(setting, question=question, group=tuple(every)))


def _years(question: ExposureQuestion) -> Result | None:
    """The sectors in every year of the table, where it has several."""
    if len(years_of(question.table, question.store)) < 2:
        return None
    return history(
        question.importer,
        suppliers=question.suppliers,
        sector=question.sector,
        table=question.table,
        store=question.store,
    )
