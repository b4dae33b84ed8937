"""Is the page complete, inert, the same each time, and true to the results?"""

from __future__ import annotations

import base64
import hashlib
import re
import shlex
from collections import Counter
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

import weaklink
from tests.report.made import defined, made, nato, nato_definitions, nato_further, nato_reverse
from weaklink import tables
from weaklink.cli.main import app
from weaklink.errors import StoreError
from weaklink.report import ranked
from weaklink.report.answer import Answer
from weaklink.report.page import MADE, Further, command, rendered, write_report

EVIL = '</script><img src=x onerror="document.title=1">'
SALES = [("271121", "RUS", "yes", 60), ("271121", "NOR", "no", 40), ("260600", "CHN", "yes", 7)]


@cache
def demo() -> dict[str, bytes]:
    return rendered(nato(), nato_further())


def page(files: dict[str, bytes]) -> str:
    return files["index.html"].decode("utf-8")


class Elements(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_a_report_is_one_page_and_three_files_for_each_picture() -> None:
    assert set(demo()) == MADE


def test_the_same_results_give_the_same_bytes() -> None:
    assert rendered(nato(), nato_further()) == demo()


def test_the_page_is_below_three_megabytes() -> None:
    assert len(demo()["index.html"]) < 3_000_000


def test_nothing_on_the_page_is_loaded_from_anywhere() -> None:
    elements = Elements(page(demo())).found
    assert not {"link", "img", "iframe", "object", "embed", "base", "form", "use", "image"} & {
        tag for tag, _ in elements
    }
    assert not any(
        {"src", "srcset", "style", "onclick", "onload", "onerror"} & set(attrs) for _, attrs in elements
    )
    links = [attrs.get("href") or "" for tag, attrs in elements if tag == "a"]
    assert all(link.startswith(("#", "charts/")) for link in links)


def test_every_link_leads_somewhere() -> None:
    elements = Elements(page(demo())).found
    links = [attrs["href"] or "" for tag, attrs in elements if tag == "a"]
    places = {f"#{attrs['id']}" for _, attrs in elements if "id" in attrs}
    assert set(links) <= places | set(demo())
    assert MADE - {"index.html"} <= set(links)


def test_no_identifier_occurs_twice() -> None:
    names = [attrs["id"] for _, attrs in Elements(page(demo())).found if "id" in attrs]
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_the_policy_allows_the_style_and_the_script_of_the_page_and_nothing_else() -> None:
    text = page(demo())
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    assert unescape(policy[1]).startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        (inline,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in unescape(policy[1])


def test_the_table_has_every_column_of_the_screen() -> None:
    assert sorted(name for _, columns in ranked.LAYOUT for name in columns) == sorted(tables.SCREEN.names)


def test_further_indicators_that_were_asked_for_are_on_the_page() -> None:
    results = [
        ask("DEU", 2022, product="2711", indicators="clustering")
        for ask in (weaklink.screen, weaklink.history, weaklink.suppliers)
    ]
    text = unescape(page(rendered(Answer(*results))))
    column = results[0].schema.column("clustering")
    assert ">clustering</button>" in text
    assert column.formula in text
    assert column.source in text


def test_the_table_has_every_product_in_the_order_of_the_screen() -> None:
    rows = ranked.rows(nato())
    place = [name for _, columns in ranked.LAYOUT for name in columns].index("product")
    assert [row[place].text for row in rows] == nato().screen.column("product")


def test_every_picture_has_words_for_who_cannot_see_it() -> None:
    images = [attrs for tag, attrs in Elements(page(demo())).found if attrs.get("role") == "img"]
    assert len(images) == 8
    assert all(len(attrs["aria-label"] or "") > 100 for attrs in images)


def test_every_caveat_source_and_digest_is_on_the_page() -> None:
    text = unescape(page(demo()))
    for result in (*nato().results, *nato_definitions().results, nato_reverse()):
        assert result.digest in text
        assert all(caveat in text for caveat in result.caveats)
        assert all(card.sha256 in text and card.licence in text for card in result.provenance.cards)


def test_every_formula_and_its_source_is_on_the_page() -> None:
    text = unescape(page(demo()))
    for column in tables.SCREEN.columns:
        assert column.formula in text
        assert column.source in text


def test_the_command_on_the_page_is_one_that_the_command_line_understands() -> None:
    words = shlex.split(command(nato()))
    assert words[:2] == ["weaklink", "screen"]
    parsed = app.commands["screen"].make_context("screen", words[2:]).params
    assert (parsed["importer"], parsed["year"], parsed["suppliers"]) == (
        "NATO@2022-11-30",
        2022,
        "authoritarian@2022",
    )
    assert (parsed["by"], parsed["product"], parsed["coverage_floor"]) == ("value", "", 0.8)


@pytest.mark.parametrize("where", ["label", "caveat", "group"])
def test_hostile_text_is_text(where: str) -> None:
    answer = made(
        SALES,
        labels={"271121": EVIL if where == "label" else "Gas"},
        caveats=[EVIL] if where == "caveat" else [],
        group=(EVIL,) if where == "group" else ("RUS", "CHN"),
    )
    text = page(rendered(answer))
    assert "<img" not in text
    assert "&lt;img" in text
    assert len(re.findall("<script", text)) == 1


def test_a_report_without_definitions_has_no_word_of_them() -> None:
    files = rendered(nato())
    assert 'id="definitions"' not in page(files)
    assert {name.split("/")[-1].split(".")[0] for name in files} == {
        *("index", "screen", "changes", "years", "suppliers", "map")
    }


def test_results_of_another_question_make_no_report() -> None:
    with pytest.raises(ValueError, match="different question"):
        rendered(made(SALES), Further(definitions=nato_definitions()))
    with pytest.raises(ValueError, match="different question"):
        rendered(made(SALES), Further(reverse=nato_reverse()))


def test_every_definition_is_on_the_page_with_its_rule_and_its_authors() -> None:
    text = unescape(page(demo()))
    for name, column in nato_definitions().columns.items():
        assert f"<code>{name}</code>" in text
        assert all(words in text for words in (column.meaning, column.formula, column.source))


def test_a_hostile_title_of_a_definition_is_text() -> None:
    answer = made(SALES)
    said = {name: {"271121": ("yes", 0.1), "260600": ("no", None)} for name in ("one", "two")}
    text = page(rendered(answer, Further(defined(answer, said, titles={"one": EVIL}))))
    assert "<img" not in text
    assert "&lt;img" in text
    assert len(re.findall("<script", text)) == 1


def test_an_answer_without_trade_has_definitions_that_list_nothing() -> None:
    files = rendered(made(), Further(defined(made(), {"one": {}, "two": {}})))
    assert "None of 2 definitions calls any of 0 products a dependency." in page(files)
    assert not any(name.endswith(".png") for name in files)


def test_an_answer_without_trade_is_still_a_page() -> None:
    files = rendered(made())
    assert set(files) == {"index.html", "charts/screen.csv"}
    assert "There is nothing to draw" in page(files)
    assert "the data show no trade" in page(files)


def test_a_report_is_replaced_by_the_report_of_another_question(tmp_path: Path) -> None:
    write_report(tmp_path / "report", *made(SALES).results)
    path = write_report(tmp_path / "report", *made().results)
    assert path == tmp_path / "report" / "index.html"
    assert sorted(one.name for one in (tmp_path / "report").rglob("*") if one.is_file()) == [
        "index.html",
        "screen.csv",
    ]


def test_a_directory_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StoreError, match=r"notes\.txt"):
        write_report(tmp_path, *made(SALES).results)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
