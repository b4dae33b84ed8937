"""Do the pictures show the data: all of it, nothing else, and in words too?"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from xml.etree import ElementTree

import pytest

from tests.report.made import made, nato, nato_reverse, reversed_by
from weaklink.report import drawing
from weaklink.report.chart import Chart
from weaklink.report.charts import OF_TRADE, charts
from weaklink.report.formats import to_csv
from weaklink.report.palette import HATCH

DRAWN = charts(nato(), nato_reverse())
SALES = [("271121", "RUS", "yes", 60), ("271121", "NOR", "no", 40), ("260600", "CHN", "yes", 7)]


def named(name: str) -> Chart:
    return next(chart for chart in DRAWN if chart.name == name)


def test_the_demo_has_all_pictures_in_order() -> None:
    assert tuple(chart.name for chart in DRAWN) == OF_TRADE


def test_an_answer_without_trade_has_no_picture() -> None:
    assert charts(made()) == ()


def test_products_without_share_leave_only_the_map() -> None:
    answer = made([("271121", "RUS", "yes", 60)], without_share=["271121"])
    assert [chart.name for chart in charts(answer)] == ["map"]


def test_a_row_of_the_heat_map_adds_up_to_all_suppliers() -> None:
    total: dict[str, float] = defaultdict(float)
    for row in named("suppliers").data.records():
        total[row["product"]] += row["share"]
    assert len(total) == 15
    assert all(share == pytest.approx(1, abs=1e-12) for share in total.values())


def test_the_group_block_of_the_heat_map_adds_up_to_the_group_share_of_the_screen() -> None:
    inside: dict[str, float] = defaultdict(float)
    for row in named("suppliers").data.records():
        inside[row["product"]] += row["share"] if row["in_group"] == "yes" else 0
    for row in nato().featured(15):
        assert inside[row["product"]] == pytest.approx(row["group_share"], abs=1e-12)


def test_the_shares_on_the_map_add_up_to_one() -> None:
    assert sum(named("map").data.column("share")) == pytest.approx(1, abs=1e-12)


def test_the_earlier_share_is_that_of_the_history_five_years_before() -> None:
    then = {row["product"]: row["group_share"] for row in nato().past if row["year"] == 2017}
    for row in named("changes").data.records():
        assert row["group_share_earlier"] == pytest.approx(then[row["product"]], abs=1e-12)


def test_the_lines_have_a_point_for_every_year_of_the_history() -> None:
    assert sorted(set(named("years").data.column("year"))) == list(range(1995, 2025))
    assert len(set(named("years").data.column("product"))) == 12


@pytest.mark.parametrize("chart", DRAWN, ids=OF_TRADE)
def test_a_picture_says_in_words_what_it_shows(chart: Chart) -> None:
    assert chart.message.endswith(".")
    assert "vintage" in chart.source
    assert re.search(r"[Ss]hare|Percent", chart.reading)
    assert "None" not in chart.message + chart.reading


@pytest.mark.parametrize("chart", DRAWN, ids=OF_TRADE)
def test_a_picture_with_natural_gas_carries_its_caveat(chart: Chart) -> None:
    assert chart.footnote.startswith("* Natural gas (pipeline) (271121): ")


@pytest.mark.parametrize("chart", DRAWN, ids=OF_TRADE)
def test_a_drawing_is_well_formed_and_refers_to_nothing_outside(chart: Chart) -> None:
    svg = drawing.framed(chart, drawing.bare(chart))
    ElementTree.fromstring(svg)  # noqa: S314 - we wrote it ourselves
    assert set(re.findall(r"https?://[^\"' ]+", svg)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert "style=" not in svg
    assert HATCH not in svg
    assert all(name.startswith(f"{chart.name}-") for name in re.findall(r' id="([^"]+)"', svg))
    assert all(name.startswith(f"{chart.name}-") for name in re.findall(r"url\(#([^)]+)\)", svg))


def test_the_importers_members_are_hatched_on_the_map() -> None:
    svg = drawing.bare(named("map"))
    pattern = re.search(r'<pattern id="([^"]+)"', svg)
    assert pattern is not None
    assert svg.count(f'fill="url(#{pattern[1]})"') >= 25


def test_countries_of_the_group_are_outlined_on_the_map_and_others_are_not() -> None:
    svg = drawing.bare(named("map"))
    russia = re.search(r'<path aria-label="Russia:[^>]*>', svg)
    brazil = re.search(r'<path aria-label="Brazil:[^>]*>', svg)
    assert russia is not None
    assert brazil is not None
    assert 'stroke="#1c2126"' in russia[0]
    assert 'stroke="#1c2126"' not in brazil[0]


@pytest.mark.parametrize(
    "label", ['</script><img src=x onerror="alert(1)">', "=1+1", "a'b\"c\\d\n`${e}", "datum.x"]
)
def test_a_hostile_label_is_text_in_a_drawing(label: str) -> None:
    answer = made(SALES, labels={"271121": label})
    for chart in charts(answer, reversed_by(answer, {"271121": 0.1, "260600": 0.2})):
        tree = ElementTree.fromstring(drawing.framed(chart, drawing.bare(chart)))  # noqa: S314 - our own
        assert {element.tag.rpartition("}")[2] for element in tree.iter()} <= {
            *(
                "svg",
                "g",
                "path",
                "text",
                "tspan",
                "rect",
                "line",
                "title",
                "desc",
                "defs",
                "pattern",
                "clipPath",
            )
        }


def test_a_label_that_a_spreadsheet_would_run_gets_an_apostrophe() -> None:
    for chart in charts(made(SALES, labels={"271121": "=HYPERLINK(1)"})):
        rows = list(csv.DictReader(io.StringIO(to_csv(chart.data))))
        assert not any(text.startswith(("=", "+", "@")) for row in rows for text in row.values())
        if "label" in chart.data.schema.names:
            assert "'=HYPERLINK(1)" in [row["label"] for row in rows]


def test_a_png_is_twice_as_fine_as_its_drawing() -> None:
    chart = named("changes")
    svg = drawing.framed(chart, drawing.bare(chart))
    size = re.search(r'width="([\d.]+)"', svg)
    assert size is not None
    data = drawing.png(svg)
    assert data.startswith(b"\x89PNG")
    assert int.from_bytes(data[16:20]) == pytest.approx(2 * float(size[1]), abs=2)


def test_a_country_that_supplies_everything_is_the_darkest_step() -> None:
    chart = next(one for one in charts(made([("271121", "RUS", "yes", 1)])) if one.name == "map")
    assert chart.message == "Russia supplies 100% of these imports by value; all of GROUP together 100%."


def test_a_supplier_that_no_map_has_is_named_below_it() -> None:
    answer = made([("271121", "SUN", "no", 60), ("271121", "RUS", "yes", 40)])
    reading = next(chart for chart in charts(answer) if chart.name == "map").reading
    assert "Not drawn: SUN (60% together)." in reading


def test_the_bars_of_who_holds_whom_are_the_shares_of_the_reverse_view() -> None:
    rows = named("mutual").data.records()
    known = {row["product"]: row for row in nato_reverse().records()}
    assert [row["product"] for row in rows[:1]] == ["all"]
    assert {row["product"] for row in rows[1:]} == {row["product"] for row in nato().featured(20)}
    for row in rows:
        assert row == {name: known[row["product"]][name] for name in row}
        assert row["group_share"] - row["market_share"] == pytest.approx(row["balance"], abs=1e-12)


def test_who_holds_whom_is_in_the_order_of_the_difference() -> None:
    balances = [row["balance"] for row in named("mutual").data.records()[1:]]
    assert balances == sorted(balances, reverse=True)


def test_the_importers_market_is_left_and_the_groups_goods_are_right() -> None:
    (bars,) = (layer for layer in named("mutual").spec["layer"] if layer["mark"]["type"] == "bar")
    for bar in bars["data"]["values"]:
        assert (bar["end"] < 0) == ("the importer's share in the group's exports" in bar["note"])
    assert len(bars["data"]["values"]) == 2 * len(named("mutual").data)


def test_a_product_without_one_of_both_shares_is_not_among_who_holds_whom() -> None:
    answer = made(SALES)
    chart = next(
        one
        for one in charts(answer, reversed_by(answer, {"271121": 0.1, "260600": None}))
        if one.name == "mutual"
    )
    assert chart.data.column("product") == ["271121"]
    assert chart.message == (
        "Germany leans more on the goods of GROUP for 1 of 1 product, GROUP more on the market of Germany for 0."
    )
    none = charts(answer, reversed_by(answer, {"271121": None, "260600": None}))
    assert "mutual" not in {one.name for one in none}


def test_a_year_without_trade_leaves_a_gap_in_the_line() -> None:
    chart = next(chart for chart in charts(made(SALES)) if chart.name == "years")
    panel = chart.spec["concat"][0]
    assert [row["share"] is None for row in panel["data"]["values"]] == [False, True, True, True, True, False]
