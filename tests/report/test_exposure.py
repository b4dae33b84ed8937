"""The pictures of look-through: each says what its data say, alone and on its page."""

from __future__ import annotations

import csv
import io
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from weaklink.report import drawing
from weaklink.report.exposed import Exposed, coefficient
from weaklink.report.exposure_map import exposure_map
from weaklink.report.exposure_page import MADE, NAMES, headline, pictures, write_page
from weaklink.report.exposure_paths import _boxes, _flows, exposure_paths
from weaklink.report.exposure_sectors import exposure_sectors
from weaklink.report.exposure_years import exposure_years
from weaklink.study.exposure_report import shown
from weaklink.study.exposure_setting import ExposureQuestion, set_up
from weaklink.study.iotables import TableUpload, add

from ..sources import io_files

EVIL = "</script><img src=x onerror=alert(1)>"


@cache
def germany() -> Exposed:
    return shown(set_up(ExposureQuestion("DEU", suppliers="CHN")))


@pytest.fixture(scope="module")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> Exposed:
    """A made table of two years with a hostile sector name, as a stranger's file might have it."""
    folder = tmp_path_factory.mktemp("made")
    for year in (2018, 2019):
        table = io_files.made(("DEU", "CHN", "USA", "ROW"), (EVIL, "Making"))
        add(TableUpload(io_files.npz(table, folder / f"m{year}.npz"), "npz", name="made"), folder / "store")
    return shown(set_up(ExposureQuestion("DEU", suppliers="CHN + USA", table="made", store=folder / "store")))


def test_every_picture_has_words_axis_units_and_its_source() -> None:
    charts = pictures(germany())
    assert [chart.name for chart in charts] == ["sectors", "map", "paths"]  # the table has one year
    for chart in charts:
        svg = drawing.framed(chart, drawing.bare(chart))
        assert "OECD" in chart.source
        assert chart.message.endswith(".")
        assert '<svg xmlns="http://www.w3.org/2000/svg" role="img"' in svg
        assert "<desc>" in svg
    assert "per 100" in str(charts[0].spec)


def test_the_picture_of_sectors_shows_exactly_the_rows_of_its_data() -> None:
    chart = exposure_sectors(germany())
    assert chart is not None
    drawn = chart.spec["data"]["values"]
    assert len(drawn) == len(chart.data) == 11
    for mark, row in zip(drawn, chart.data.records(), strict=True):
        assert mark["face"] == 100 * row["face_value"]
        assert mark["through"] == 100 * row["look_through"]
    assert "11 of 11 sectors" in chart.message


def test_the_map_shades_every_region_of_the_table_and_says_what_is_not_drawn() -> None:
    chart = exposure_map(germany())
    assert chart is not None
    rows = chart.data.records()
    assert len(rows) == 76  # 77 less Germany
    assert sum(row["foreign_share"] for row in rows) == pytest.approx(1, abs=1e-9)
    assert chart.message.startswith("China makes 12%")
    assert "Not drawn: 6% from the rest of the world" in chart.reading


def test_bands_carry_what_their_paths_carry() -> None:
    chart = exposure_paths(germany())
    assert chart is not None
    rows = chart.data.records()
    assert all(row["steps"] >= 2 for row in rows)
    links, nodes = _flows(rows)
    last = sum(amount for (_, end), amount in links.items() if end[0] == 0)
    assert last == pytest.approx(sum(row["amount"] for row in rows))
    for node, amount in nodes.items():
        out = sum(carried for (start, _), carried in links.items() if start == node)
        assert node[0] == 0 or out == pytest.approx(amount)
    boxes = _boxes(nodes)
    for step in {step for step, _ in nodes}:
        column = sorted((box.y, box.y + box.size) for node, box in boxes.items() if node[0] == step)
        assert all(above[1] < below[0] for above, below in pairwise(column))


def test_years_are_drawn_where_a_table_has_several(two_years: Exposed) -> None:
    chart = exposure_years(two_years)
    assert chart is not None
    assert {row["year"] for row in chart.data.records()} == {2018, 2019}
    assert exposure_years(germany()) is None


def test_the_same_question_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_page(tmp_path / name, germany())
    one, two = ({p.relative_to(tmp_path / n).as_posix(): p.read_bytes() for p in (tmp_path / n).rglob("*.*")}
                for n in ("one", "two"))  # fmt: skip
    assert one == two
    assert set(one) < MADE


def test_a_page_loads_nothing_and_runs_nothing_foreign(two_years: Exposed, tmp_path: Path) -> None:
    page = write_page(tmp_path / "report", two_years).read_text(encoding="utf-8")
    assert "<img" not in page
    assert "&lt;/script&gt;" in page
    assert "default-src &#39;none&#39;" in page
    assert page.count("<script>") == 1
    urls = set(re.findall(r"https?://[^\"' <)]+", page))
    assert urls <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    for name in NAMES:
        for kind in ("png", "svg", "csv"):
            assert (tmp_path / "report" / "charts" / f"{name}.{kind}").stat().st_size > 0


def test_every_picture_on_the_page_has_a_text_for_who_cannot_see_it(tmp_path: Path) -> None:
    page = write_page(tmp_path / "report", germany()).read_text(encoding="utf-8")
    texts = re.findall(r'<div role="img" aria-label="([^"]+)"', page)
    assert len(texts) == 3
    assert all(len(text) > 80 for text in texts)


def test_the_table_beside_the_page_has_all_digits(tmp_path: Path) -> None:
    write_page(tmp_path / "report", germany())
    text = (tmp_path / "report" / "charts" / "exposure.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [float(row["hidden"]) for row in rows] == germany().exposure.column("hidden")


def test_the_headline_says_the_three_figures_of_the_whole() -> None:
    whole = germany().whole
    assert whole is not None
    said = headline(germany())
    for figure in (whole["face_value"], whole["look_through"]):
        assert f" {coefficient(figure)} " in said
    assert said.startswith("Of 100 of output, Germany buys 0.7 of China directly, needs 4.1")


def test_parts_of_a_country_are_drawn_as_that_country(tmp_path: Path) -> None:
    table = io_files.made(("MX1", "MX2", "DEU"), ("C20", "D35"))
    demand = table.Y.copy()
    path = io_files.icio(
        io_files.Made(table.regions, table.sectors, table.Z, demand, table.x, table.value_added),
        tmp_path / "2018.csv",
    )
    text = path.read_text(encoding="utf-8").replace("MX2_HFCE", "MEX_NPISH").replace("MX2_GFCF", "MEX_INVNT")
    path.write_text(text, encoding="utf-8")
    add(TableUpload(path, "icio", name="split"), tmp_path / "store")
    answer = shown(set_up(ExposureQuestion("DEU", suppliers="MEX", table="split", store=tmp_path / "store")))
    chart = exposure_paths(answer)
    assert chart is not None
    assert answer.region_name("MX1") == "Mexico (MX1)"
    assert "Mexico (MX" in chart.message


def test_the_table_of_the_page_can_be_sorted_and_explains_its_columns(tmp_path: Path) -> None:
    page = write_page(tmp_path / "report", germany()).read_text(encoding="utf-8")
    assert page.count('<button type="button" title="') == len(germany().exposure.schema.columns) - 2
    assert len(re.findall(r'<th scope="col" class="n" aria-sort="descending">', page)) == 1
    assert 'id="tip"' in page  # where the script shows what a mark stands for
