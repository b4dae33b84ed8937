"""Claims on the page of a register: it is inert, says what was left out, and its pictures count what is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from tests.register.made import filled
from tests.report.chromium import BINARY, tab
from weaklink.register import Stamp
from weaklink.register.redaction import Redaction, Rule
from weaklink.register.sharing import Policy
from weaklink.report.evidence_ageing import evidence_ageing
from weaklink.report.risk_answer import RiskAnswer
from weaklink.report.risk_matrix import risk_matrix
from weaklink.study.register_changes import added
from weaklink.study.register_report import as_answer, write
from weaklink.study.registers import made, viewed

TODAY = date(2026, 11, 25)
STAMP = Stamp("ana", "2026-11-25T06:00:00Z")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("report") / "forty.register", 40)


@pytest.fixture(scope="module")
def answer(path: Path) -> RiskAnswer:
    return as_answer(viewed(path), TODAY)


def test_the_matrices_count_every_rated_risk_once_in_each(answer: RiskAnswer) -> None:
    chart = risk_matrix(answer)
    assert chart is not None
    rows = chart.data.records()
    rated = [row for row in answer.risks.records() if row["status"] != "closed"]
    for when, field in (("Before treatment", "inherent"), ("After treatment", "residual")):
        mine = [row for row in rows if row["when"] == when]
        assert len(mine) == 25
        assert sum(row["risks"] for row in mine) == len(rated)
        for row in mine:
            here = {
                one["id"]
                for one in rated
                if one[f"{field}_likelihood"] == row["likelihood"] and one[f"{field}_impact"] == row["impact"]
            }
            assert set(filter(None, row["ids"].split(", "))) == here


def test_ages_are_counted_by_state_and_none_is_drawn_without_evidence(answer: RiskAnswer) -> None:
    assert evidence_ageing(answer) is None
    aged = replace(answer, ages=((30, "current"), (31, "stale"), (31, "current"), (366, "unchecked")))
    chart = evidence_ageing(aged)
    assert chart is not None
    assert [(row["age"], row["state"], row["evidence"]) for row in chart.data.records()] == [
        ("up to 30 days", "current", 1),
        ("31 to 90", "current", 1),
        ("31 to 90", "stale", 1),
        ("over a year", "unchecked", 1),
    ]
    assert chart.message == "1 of 4 figures are stale; the oldest was computed 366 days ago."


def test_the_page_is_inert_and_its_workbook_has_the_pictures(path: Path, tmp_path: Path) -> None:
    page = write(path, tmp_path / "report", Policy(), TODAY)
    text = page.read_text(encoding="utf-8")
    assert "default-src &#39;none&#39;" in text
    assert "<script src" not in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "things are to be seen to" in text
    book = openpyxl.load_workbook(BytesIO((page.parent / "register.xlsx").read_bytes()))
    assert book.sheetnames == [
        "Risks",
        "Treatments",
        "Evidence",
        "About",
        "Risks before and after treatment"[:31],
    ]
    assert len(book.worksheets[-1]._images) == 1
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert (page.parent / "charts/risk_matrix.png").read_bytes().startswith(b"\x89PNG")


def test_the_page_of_a_copy_for_others_holds_no_row_above_its_level(path: Path, tmp_path: Path) -> None:
    rules = Redaction(rule=(Rule(kind="treatment", how="aggregate", by="status", field="cost_usd"),))
    page = write(path, tmp_path / "report", Policy("public", rules), TODAY)
    text = page.read_text(encoding="utf-8")
    hidden = [
        one.fields["title"] for one in viewed(path).of_kind("risk") if one.fields["marking"] != "public"
    ]
    assert hidden
    assert not [title for title in hidden if title in text]
    assert "To be seen to" not in text
    assert "rows are left out" in text
    assert "Rows shown in groups only" in text
    assert sorted(one.name for one in (page.parent / "charts").iterdir() if one.suffix == ".csv") == [
        "risk_matrix.csv",
        "risks.csv",
    ]


@pytest.mark.browser
@pytest.mark.skipif(BINARY is None, reason="no chromium, chromium-browser or google-chrome is installed")
def test_the_page_asks_for_nothing_and_texts_are_texts(tmp_path: Path) -> None:
    path = tmp_path / "hostile.register"
    made(path, STAMP, "plain", "plain")
    nasty = "</script><img src=x onerror=alert(1)>"
    levels = dict.fromkeys(
        ("inherent_likelihood", "inherent_impact", "residual_likelihood", "residual_impact"), 3
    )
    added(path, STAMP, "risk", "R<b>1", {"title": nasty, "owner": nasty, **levels})
    page = write(path, tmp_path / "report", Policy(), TODAY)
    with tab(tmp_path / "profile") as browser:
        browser.open(page)
        assert browser.requests == [page.as_uri()]
        assert browser.complaints == []
        assert browser.evaluate("document.querySelectorAll('main img').length") == 0
        assert nasty in browser.evaluate("document.querySelector('#risks tbody').textContent")
