"""Is everything documented that users can type or read? What the code declares, the pages say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from tools import build_docs

from weaklink import data, tables
from weaklink.cli.main import app
from weaklink.columns import Column, TableSchema
from weaklink.indicators import INDICATORS
from weaklink.provenance import Card
from weaklink.trade.lens import LENS

ROOT = Path(__file__).parents[2]
PAGES = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md")))


def commands(group: click.Group, words: str = "weaklink") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{words} {name}")
        else:
            yield f"{words} {name}", command


def options() -> list[tuple[str, str]]:
    return [
        (words, option.opts[0])
        for words, command in commands(app)
        for option in command.params
        if isinstance(option, click.Option)
    ]


@pytest.mark.parametrize("words", [words for words, _ in commands(app)])
def test_every_command_is_documented(words: str) -> None:
    assert words in PAGES


@pytest.mark.parametrize(("words", "option"), options())
def test_every_option_is_documented(words: str, option: str) -> None:
    assert option in PAGES, f"{option} of {words}"


@pytest.mark.parametrize(("words", "command"), list(commands(app)))
def test_every_command_says_in_its_help_what_it_answers(words: str, command: click.Command) -> None:
    assert command.help, words


def test_the_page_of_columns_says_what_is_declared() -> None:
    assert (ROOT / "docs" / "columns.md").read_text(encoding="utf-8") == build_docs.columns_page()


def test_the_page_of_indicators_says_what_is_declared_and_who_tests_it() -> None:
    assert (ROOT / "docs" / "indicators.md").read_text(encoding="utf-8") == build_docs.indicators_page()


def test_the_published_schemas_are_those_of_the_code() -> None:
    for name, text in build_docs.schemas().items():
        assert (ROOT / "docs" / "schemas" / name).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("column", INDICATORS.values(), ids=lambda column: column.name)
def test_every_indicator_has_formula_source_range_and_a_computation(column: Column) -> None:
    """Its range is a property test in tests/trade/test_lens.py, for every name of the same table."""
    assert column.formula
    assert column.source
    assert column.lowest is not None
    assert column.name in LENS


def test_the_page_of_embedded_data_says_what_the_cards_say() -> None:
    assert (ROOT / "docs" / "embedded.md").read_text(encoding="utf-8") == build_docs.embedded_page()


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for path in (ROOT / "docs").glob("*.md"):
        assert path.name in navigation, path.name


@pytest.mark.parametrize("schema", tables.ALL, ids=lambda schema: schema.name)
def test_every_column_has_a_meaning_and_every_number_a_unit(schema: TableSchema) -> None:
    for column in schema.columns:
        assert column.meaning, column.name
        assert column.unit or column.kind == "text", column.name
    assert len(set(schema.names)) == len(schema.names)


def test_every_computed_column_of_the_screen_has_a_formula() -> None:
    without = {column.name for column in tables.SCREEN.columns if not column.formula}
    assert without == {"product", "label", "imports_kg", "top_regime"}


@pytest.mark.parametrize("card", data.cards(), ids=lambda card: card.name)
def test_every_card_says_what_it_is_whose_and_how_it_was_made(card: Card) -> None:
    for field in ("what", "source", "licence", "vintage", "sha256", "derived_by"):
        assert getattr(card, field), field
    assert card.rows > 0


def test_every_embedded_file_has_a_card_and_every_card_a_file() -> None:
    files = {path.stem for path in data.ROOT.iterdir() if path.suffix in {".arrow", ".csv", ".parquet"}} | {
        "borders"
    }
    cards = {path.name.removesuffix(".card.json") for path in data.ROOT.glob("*.card.json")}
    assert files == cards


def test_embedded_data_weigh_at_most_twelve_megabytes() -> None:
    assert sum(path.stat().st_size for path in data.ROOT.iterdir() if path.is_file()) <= 12_000_000


def test_the_first_line_of_every_module_says_what_it_answers() -> None:
    for path in (ROOT / "src").rglob("*.py"):
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        assert re.match(r'""".{15,}', first), path


def test_the_project_names_no_host_but_those_of_licences() -> None:
    """Pins and pages work behind any mirror: nothing says where to download from."""
    for path in (*ROOT.glob("*.*"), *(ROOT / "docs").glob("*.md"), *(ROOT / "src").rglob("*.py")):
        if path.is_file() and path.suffix in {".md", ".txt", ".toml", ".yml", ".py", ".sh"}:
            assert not re.search(
                r"https?://(?!www\.w3\.org|vega\.github\.io/schema)", path.read_text("utf-8")
            ), path
