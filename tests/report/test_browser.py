"""What does the page do in headless Chromium?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.report.chromium import BINARY, Tab, tab
from tests.report.made import made, nato, nato_further
from weaklink.report.page import write_report

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BINARY is None, reason="no chromium, chromium-browser or google-chrome is installed"),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("demo") / "report"
    return write_report(directory, *nato().results, nato_further())


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Tab]:
    with tab(tmp_path / "profile") as page:
        yield page


def texts(browser: Tab, selector: str) -> list[str]:
    script = f"JSON.stringify([...document.querySelectorAll({json.dumps(selector)})].map(e => e.textContent.trim()))"
    found: list[str] = json.loads(browser.evaluate(script))
    return found


def test_the_page_asks_for_nothing_and_complains_of_nothing(browser: Tab, report: Path) -> None:
    browser.open(report)
    assert browser.requests == [report.as_uri()]
    assert browser.complaints == []
    assert browser.evaluate("performance.getEntriesByType('resource').length") == 0


def test_the_check_would_see_a_request_and_a_foreign_script(
    browser: Tab, report: Path, tmp_path: Path
) -> None:
    text = report.read_text(encoding="utf-8")
    bad = tmp_path / "bad.html"
    bad.write_text(
        text.replace("<main>", "<main><script>1</script><img src='https://example.invalid/x.png'>", 1)
    )
    browser.open(bad)
    assert any("script" in complaint for complaint in browser.complaints)
    assert any("example.invalid" in said for said in (*browser.complaints, *browser.requests))


def test_all_products_and_all_pictures_are_shown(browser: Tab, report: Path) -> None:
    browser.open(report)
    assert len(texts(browser, ".ranked tbody tr")) == len(nato().screen)
    sizes = browser.evaluate(
        "JSON.stringify([...document.querySelectorAll('figure svg')].map(e => e.getBoundingClientRect().width))"
    )
    assert len(json.loads(sizes)) == 8
    assert all(width > 600 for width in json.loads(sizes))


@pytest.mark.parametrize("width", [1280, 390])
def test_only_tables_and_pictures_scroll_sideways(browser: Tab, report: Path, width: int) -> None:
    browser.open(report, width)
    assert browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_click_on_a_heading_sorts_by_its_figures(browser: Tab, report: Path) -> None:
    browser.open(report)
    codes = [row["product"] for row in sorted(nato().products, key=lambda row: -row["imports_usd"])]
    click = "[...document.querySelectorAll('.ranked button')].filter(b => b.textContent == 'Imports, USD')[1].click()"
    browser.evaluate(click)
    shown = texts(browser, ".ranked tbody td:nth-child(2)")
    assert shown[:10] == codes[:10]
    browser.evaluate(click)
    assert texts(browser, ".ranked tbody td:nth-child(2)")[-5:] == codes[:5][::-1]


def test_cells_without_a_figure_stay_last_in_either_direction(browser: Tab, report: Path) -> None:
    browser.open(report)
    buttons = "[...document.querySelectorAll('.ranked button')]"
    click = f"{buttons}.find(button => button.textContent == 'Imports over exports').click()"
    place = texts(browser, ".ranked thead tr + tr th").index("Imports over exports") + 1
    for _ in range(2):
        browser.evaluate(click)
        cells = texts(browser, f".ranked tbody tr > :nth-child({place})")
        missing = cells.count("–")
        assert set(cells[len(cells) - missing :]) <= {"–"}
    assert len(cells) == len(nato().screen)


def test_pointing_at_a_mark_says_what_it_is(browser: Tab, report: Path) -> None:
    browser.open(report)
    browser.evaluate("document.querySelector('#map svg').scrollIntoView({behavior: 'instant'})")
    box = json.loads(
        browser.evaluate(
            "JSON.stringify(document.querySelector('#map [aria-label^=\"Brazil:\"]').getBoundingClientRect())"
        )
    )
    browser.call(
        "Input.dispatchMouseEvent",
        type="mouseMoved",
        x=box["x"] + box["width"] / 2,
        y=box["y"] + box["height"] / 2,
    )
    assert texts(browser, "#tip")[0].startswith("Brazil: ")
    assert browser.evaluate("document.getElementById('tip').hidden") is False


def test_a_hostile_label_does_nothing_in_a_browser(browser: Tab, tmp_path: Path) -> None:
    evil = "</script><img src=x onerror=\"document.title='broken'\"><svg onload=\"document.title='broken'\">"
    sales = [("271121", "RUS", "yes", 60), ("260600", "CHN", "yes", 7)]
    browser.open(write_report(tmp_path / "report", *made(sales, labels={"271121": evil}).results))
    assert "broken" not in browser.evaluate("document.title")
    assert browser.evaluate("document.querySelectorAll('img').length") == 0
    assert browser.complaints == []
    assert any(text.startswith("</script><img") for text in texts(browser, ".ranked tbody th"))
