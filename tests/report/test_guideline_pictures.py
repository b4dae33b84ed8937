"""The matrix of guidelines, the course of assistance, and their pages: what is drawn is what is known."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from weaklink.register import Stamp
from weaklink.report.aid_pictures import aid_funnel, aid_timeline
from weaklink.report.drawing import bare
from weaklink.report.guideline_matrix import guideline_matrix
from weaklink.report.palette import HATCH
from weaklink.study.aid import by_day, set_up, totals
from weaklink.study.aid_import import imported
from weaklink.study.aid_ledger import EXAMPLE
from weaklink.study.aid_report import write as write_ledger
from weaklink.study.guidelines import Assessed, assess
from weaklink.study.guidelines_report import write
from weaklink.study.registers import made
from weaklink.study.support_plans import plans
from weaklink.study.support_plans import write as write_plans


@pytest.fixture(scope="module")
def answer() -> Assessed:
    return assess("crma_2030", "EU@2022-12-31")


def test_the_hatched_part_of_a_cell_is_what_is_not_covered(answer: Assessed) -> None:
    chart = guideline_matrix(answer.requirements, "t", "s")
    assert chart is not None
    parts = chart.spec["layer"][0]["data"]["values"]
    for place, row in enumerate(answer.requirements.records()):
        mine = [part for part in parts if int(part["from"]) == place]
        hatched = sum(part["to"] - part["from"] for part in mine if part["fill"] == HATCH)
        covered = sum(part["to"] - part["from"] for part in mine if part["fill"] != HATCH)
        assert covered / (covered + hatched) == pytest.approx(row["coverage"], abs=1e-9)


def test_a_cell_without_a_score_has_no_number(answer: Assessed) -> None:
    chart = guideline_matrix(answer.requirements, "t", "s")
    assert chart is not None
    numbers = [part["text"] for part in chart.spec["layer"][2]["data"]["values"]]
    scores = [
        row["score_minimum"] for row in answer.requirements.records() if row["score_minimum"] is not None
    ]
    assert numbers == [f"{score:.1f}" for score in scores]
    svg = bare(chart)
    assert "<pattern" in svg
    assert HATCH not in svg  # every hatched part got the pattern


def test_the_pages_stand_by_themselves_and_say_what_is_ours_and_what_is_invented(
    answer: Assessed, tmp_path: Path
) -> None:
    page = write(answer, tmp_path / "a").read_text(encoding="utf-8")
    assert "our own choice" in page
    example = write_plans(plans(None, date(2023, 12, 1)), tmp_path / "b").read_text(encoding="utf-8")
    assert "FICTIONAL" in example
    for text in (page, example):
        assert not re.search(r'(src|href)="(https?:)?//', text)


def test_the_course_ends_where_the_totals_are(tmp_path: Path) -> None:
    path = tmp_path / "r.db"
    stamp = Stamp("test", "2023-02-01T00:00:00Z")
    made(path, stamp, "plain", "plain")
    imported(path, stamp, EXAMPLE, apply=True)
    asked = set_up(path, "2023-02-01")
    money, days = totals(asked), by_day(asked)
    whole = money.records()[-1]
    last = {row["stage"]: row["amount"] for row in days if row["day"] == max(one["day"] for one in days)}
    assert last["allocation"] == pytest.approx(whole["allocated"])
    assert last["delivery"] == pytest.approx(whole["delivered"])
    funnel, course = aid_funnel(money, "s"), aid_timeline(days, money, "s")
    assert funnel is not None
    assert course is not None
    assert {row["stage"]: row["amount"] for row in funnel.data.records()}["delivered"] == whole["delivered"]


def test_a_stage_of_which_nothing_was_said_has_no_line_of_its_own(tmp_path: Path) -> None:
    """Commitments that nobody pledged are pledged too; a line of pledges would only repeat that of commitments."""
    path = tmp_path / "r.db"
    stamp = Stamp("test", "2023-02-01T00:00:00Z")
    made(path, stamp, "plain", "plain")
    sheet = tmp_path / "sheet.csv"
    lines = [
        "C-1,commitment,2022-11-01,DEU,UKR,fuel,100,EUR,x",
        "C-2,commitment,2022-12-01,DEU,UKR,fuel,50,EUR,x",
    ]
    head = "id,kind,date,donor,recipient,item_class,amount,currency,source"
    sheet.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    imported(path, stamp, sheet, apply=True)
    asked = set_up(path, "2023-02-01")
    course = aid_timeline(by_day(asked), totals(asked), "s")
    assert course is not None
    assert {row["stage"] for row in course.data.records()} == {"commitment"}


def test_an_empty_ledger_has_a_page_without_pictures(tmp_path: Path) -> None:
    path = tmp_path / "r.db"
    made(path, Stamp("test", "2023-02-01T00:00:00Z"), "plain", "plain")
    page = write_ledger(set_up(path, "2023-02-01"), tmp_path / "page")
    assert "0 of 0 needs are not met" in page.read_text(encoding="utf-8")
    assert not list((tmp_path / "page" / "charts").glob("*.png"))
