"""The panel: the same figures as the screen, for many importers and years at once; large data in pieces."""

from __future__ import annotations

from pathlib import Path

import pytest

import weaklink
from tests.hostile import commands
from weaklink.errors import RequestError
from weaklink.result import Result
from weaklink.snapshotfile import GROUP
from weaklink.study import traded
from weaklink.study.panel import Importers, panel, year_range
from weaklink.study.question import Question

EU = "EU@2024-12-31"
ASKED = Question("", 2022, suppliers="CHN", product="2805,2846,8112")


@pytest.fixture(scope="module")
def some() -> Result:
    return panel(Importers((EU, "NATO"), "DEU + FRA + JPN"), ASKED, (2021, 2022))


def test_a_row_of_a_bloc_is_the_row_of_its_screen(some: Result) -> None:
    """Figure for figure, to the last bit; an undated bloc is that of each year."""
    for year in (2021, 2022):
        for bloc, label in ((EU, EU), ("NATO", f"NATO@{year}-12-31")):
            screen = weaklink.screen(bloc, year, suppliers="CHN", product=ASKED.product).records()
            rows = {
                row["product"]: row
                for row in some.records()
                if (row["year"], row["importer"]) == (year, label)
            }
            assert rows.keys() == {row["product"] for row in screen}
            for row in screen:
                assert {name: rows[row["product"]][name] for name in row if name in some.schema.names} == {
                    name: value for name, value in row.items() if name in some.schema.names
                }


def test_a_country_by_itself_has_the_figures_of_its_own_screen(some: Result) -> None:
    for code in ("DEU", "FRA", "JPN"):
        screen = weaklink.screen(code, 2022, suppliers="CHN", product=ASKED.product).records()
        bought = {row["product"]: row for row in screen if row["imports_usd"]}
        rows = {
            row["product"]: row for row in some.records() if (row["year"], row["importer"]) == (2022, code)
        }
        assert rows.keys() == bought.keys()
        for product, row in rows.items():
            assert row["top_supplier"] == bought[product]["top_supplier"]
            for figure in ("herfindahl", "group_share", "import_export_ratio", "world_export_herfindahl"):
                other = bought[product][figure]
                assert row[figure] == (other if other is None else pytest.approx(other, rel=1e-12))


def test_rows_are_sorted_by_year_and_product_blocs_first(some: Result) -> None:
    keys = [(row["year"], row["product"]) for row in some.records()]
    assert keys == sorted(keys)
    first = [row["importer"] for row in some.records() if (row["year"], row["product"]) == keys[0]]
    assert first[:2] == [EU, "NATO@2021-12-31"]
    assert first[2:] == sorted(first[2:])


def test_pieces_and_the_whole_give_the_same_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the embedded data were too large to be kept: one row group at a time, by several threads."""
    asked, who = Question("", 2022, suppliers="CHN", indicators="all"), Importers((EU,), "world")
    whole = panel(who, asked)
    monkeypatch.setattr(traded, "KEPT", 0)
    assert panel(who, asked).digest == whole.digest
    screen = weaklink.screen(EU, 2022, suppliers="CHN", indicators="all")
    monkeypatch.setattr(traded, "KEPT", 10 * GROUP)
    assert weaklink.screen(EU, 2022, suppliers="CHN", indicators="all").digest == screen.digest


def test_nobody_to_ask_about_is_refused() -> None:
    with pytest.raises(RequestError, match="nobody is asked about"):
        Importers()


def test_a_year_that_the_data_lack_is_refused() -> None:
    with pytest.raises(RequestError, match="no year 1990; they have 1995 to 2024"):
        panel(Importers((EU,)), ASKED, (1990, 2022))


@pytest.mark.parametrize("text", ["", "x", "2024:2020", "1:9999", "2020:", "2020-2021"])
def test_years_are_a_year_or_a_range(text: str) -> None:
    if text == "2020:":
        assert year_range(text) == (2020,)
    else:
        with pytest.raises(RequestError, match="write a year as 2024"):
            year_range(text)


def test_the_command_says_what_is_wrong_with_its_years(tmp_path: Path) -> None:
    done = commands.run("panel", "--bloc", EU, "--years", "soon", store=tmp_path)
    assert done.code == 2
    assert "--years is 'soon'" in done.err
