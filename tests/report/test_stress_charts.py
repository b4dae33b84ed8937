"""Do the pictures of a stressed network show the result: its values, its units, its source, and in words too?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.report.made_stress import DAYS, DEMAND, FLOWS, LEVELS, OUTAGES, SHORT, VOLUME, made
from weaklink.report import drawing
from weaklink.report.chart import Chart
from weaklink.report.curtailment_map import curtailment_map
from weaklink.report.duration_curve import duration_curve
from weaklink.report.flow_map import flow_map
from weaklink.report.palette import GROUP_RAMP, LAND, contrast
from weaklink.report.ranked_outages import ranked_outages
from weaklink.report.storage_bands import storage_bands
from weaklink.report.stress_answer import StressAnswer, rounded
from weaklink.report.stress_page import NAMES, charts, headline, rendered

BANDS = [(0.60, 0.62, 0.64, 0.66, 0.68), (0.50, 0.52, 0.55, 0.57, 0.60), (0.30, 0.35, 0.40, 0.42, 0.45),
         (0.20, 0.30, 0.35, 0.38, 0.41)]  # fmt: skip
DRAWN = charts(made(bands=BANDS))
NONE = dict.fromkeys(SHORT, (0.0,) * len(DAYS))
ALL: list[Callable[[StressAnswer], Chart | None]] = [
    curtailment_map,
    storage_bands,
    duration_curve,
    ranked_outages,
    flow_map,
]


def named(name: str) -> Chart:
    return next(chart for chart in DRAWN if chart.name == name)


def parts(spec: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - whatever a specification holds
    """Every mapping of a specification but its data and its outlines."""
    if isinstance(spec, dict):
        yield spec
        for name, inner in spec.items():
            if name not in ("data", "config"):
                yield from parts(inner)
    elif isinstance(spec, list | tuple):
        for inner in spec:
            yield from parts(inner)


def titles(chart: Chart, channel: str) -> set[str]:
    """The axis titles of one channel, where there are axes."""
    found = (part[channel] for part in parts(dict(chart.spec)) if isinstance(part.get(channel), dict))
    return {one["title"] for one in found if one.get("title")}


def rows(chart: Chart, field: str) -> list[dict[str, Any]]:
    """All rows of data in a specification that have a field."""
    held = [part["data"]["values"] for part in parts(dict(chart.spec)) if isinstance(part.get("data"), dict)]
    return [row for one in held if isinstance(one, list) for row in one if field in row]


def fills(chart: Chart) -> dict[str, str]:
    """The colour of every country of a map."""
    held = [part["data"]["values"] for part in parts(dict(chart.spec)) if isinstance(part.get("data"), dict)]
    shapes = [one["objects"]["countries"]["geometries"] for one in held if isinstance(one, dict)]
    return {shape["id"]: shape["properties"]["fill"] for layer in shapes for shape in layer}


def test_an_answer_with_everything_has_all_five_pictures_in_order() -> None:
    assert tuple(chart.name for chart in DRAWN) == NAMES


@pytest.mark.parametrize(
    ("name", "channel", "title"),
    [
        ("storage_bands", "y", "share of working volume"),
        ("duration_curve", "x", "number of days"),
        ("duration_curve", "y", "share of the day's demand unserved"),
        ("ranked_outages", "x", "added unserved demand, GWh"),
    ],
)
def test_axes_have_titles_with_what_is_measured(name: str, channel: str, title: str) -> None:
    assert titles(named(name), channel) == {title}


@pytest.mark.parametrize("chart", DRAWN, ids=NAMES)
def test_a_picture_has_its_source_and_says_in_words_what_it_shows(chart: Chart) -> None:
    assert chart.source.startswith("Source: nobody; tiny, vintage 2022. Scenario: by hand.")
    assert chart.message.endswith(".")
    assert re.search(r"GWh|[Ss]hare|demand|flow", chart.message + chart.reading)
    assert "None" not in chart.message + chart.reading + chart.heading
    assert chart.notes == "Made by hand."


@pytest.mark.parametrize("chart", DRAWN, ids=NAMES)
def test_a_file_has_title_and_description_and_is_well_formed(chart: Chart) -> None:
    svg = drawing.framed(chart, drawing.bare(chart))
    root = ElementTree.fromstring(svg)  # noqa: S314 - we wrote it ourselves
    words = {child.tag.rpartition("}")[2]: child.text for child in root}
    assert words["title"] == chart.heading
    assert words["desc"] == chart.message
    assert drawing.png(svg).startswith(b"\x89PNG")
    assert set(re.findall(r"https?://[^\"' ]+", svg)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_the_page_has_every_picture_with_words_in_its_place_and_its_files() -> None:
    files = rendered(made(bands=BANDS))
    page = files["index.html"].decode("utf-8")
    for chart in DRAWN:
        (alternative,) = re.findall(rf'role="img" aria-label="({re.escape(chart.heading)}[^"]*)"', page)
        assert alternative.startswith(chart.heading)
        assert all(f"charts/{chart.name}.{kind}" in files for kind in ("png", "svg", "csv"))


def test_the_map_has_the_rate_of_each_country_as_figure_and_as_step() -> None:
    chart = named("curtailment_map")
    rates = {code: sum(short) / (DEMAND * len(DAYS)) for code, short in SHORT.items()}
    assert {row["text"] for row in rows(chart, "text")} == {rounded(rate) for rate in rates.values()}
    assert fills(chart)["DEU"] == GROUP_RAMP[3]  # 10 %, the first of its step
    assert fills(chart)["POL"] == GROUP_RAMP[2]  # 5 %
    assert fills(chart)["NOR"] == LAND
    assert fills(chart)["RUS"] not in (LAND, *GROUP_RAMP)
    assert {row["country"]: row["curtailment_rate"] for row in chart.data.records()} == pytest.approx(rates)


def test_the_message_of_the_map_does_not_rank_what_is_shared_alike() -> None:
    alike = made(short={"DEU": (0.0, 0.0, 0.0, 2.0), "POL": (0.0, 0.0, 0.0, 2.2)})
    chart = curtailment_map(alike)
    assert chart is not None
    assert "shared alike: 5.0% to 5.5% in each of 2 countries" in chart.message
    assert "most in Germany (10%) and Poland (5.0%)" in named("curtailment_map").message


def test_a_shortage_of_one_country_is_named_and_never_rounded_to_nothing() -> None:
    chart = curtailment_map(made(short={"DEU": (0.0,) * 4, "POL": (0.0, 0.0, 0.0, 0.008)}))
    assert chart is not None
    assert chart.message == "<0.1% of the demand of EU@2022-10-01 goes unserved, all of it in Poland (<0.1%)."


def test_the_line_of_stores_is_all_stores_over_all_volumes() -> None:
    chart = storage_bands(made())
    assert chart is not None
    level = {row["day"]: row["level"] for row in chart.data.records()}
    for place, day in enumerate(DAYS):
        stored = sum(levels[place] for levels in LEVELS.values())
        assert level[day] == pytest.approx(stored / (len(LEVELS) * VOLUME))
    assert {(row["day"], row["level"]) for row in rows(chart, "level")} == set(level.items())
    assert "--draws N adds bands" in chart.reading
    assert chart.message == (
        "Stores of EU@2022-10-01 go from 65% on 2022-10-01 to 38% on 2022-10-04."  # 37.5 %, the lowest
    )


def test_bands_are_those_of_the_drawn_winters_and_darker_towards_the_middle() -> None:
    chart = named("storage_bands")
    areas = [
        part
        for part in parts(dict(chart.spec))
        if part.get("mark", {}) and part["mark"].get("type") == "area"
    ]
    edges = [(area["encoding"]["y"]["field"], area["encoding"]["y2"]["field"]) for area in areas]
    assert edges == [("low", "high"), ("lower_quarter", "upper_quarter")]
    wide, narrow = (area["mark"]["color"] for area in areas)
    assert contrast(narrow, "#ffffff") > 1.25 * contrast(wide, "#ffffff")  # told apart without colour
    assert [tuple(row[name] for name in ("low", "median", "high")) for row in chart.data.records()] == [
        (low, median, high) for low, _, median, _, high in BANDS
    ]
    assert "nine in ten" in chart.reading
    assert "the whole network" in chart.message


def test_winters_that_are_all_alike_are_said_to_be() -> None:
    chart = storage_bands(made(bands=[(0.5,) * 5] * len(DAYS)))
    assert chart is not None
    assert "all alike" in chart.reading
    assert "Dark band" not in chart.reading


def test_the_duration_curve_falls_and_encloses_what_is_unserved() -> None:
    chart = named("duration_curve")
    curves: dict[str, list[float]] = {}
    for row in chart.data.records():
        curves.setdefault(row["area"], []).append(row["rate"])
    for area, amounts in (("Germany", SHORT["DEU"]), ("Poland", SHORT["POL"])):
        assert curves[area] == sorted(curves[area], reverse=True)
        assert sum(curves[area]) * DEMAND == pytest.approx(sum(amounts))
    assert sum(curves["EU@2022-10-01"]) * 2 * DEMAND == pytest.approx(sum(map(sum, SHORT.values())))
    drawn = rows(chart, "rank")
    assert {row["rank"] for row in drawn} == set(range(len(DAYS) + 1))  # the worst day lasts from 0 to 1
    assert "on 3 of 4 days: 15% of it on the worst" in chart.message


def test_lines_of_the_duration_curve_differ_in_dashes_not_only_in_colour() -> None:
    lines = [part["mark"] for part in parts(dict(named("duration_curve").spec))
             if isinstance(part.get("mark"), dict) and part["mark"]["type"] == "line"]  # fmt: skip
    dashes = [tuple(line["strokeDash"]) for line in lines]
    assert len(set(dashes)) == len(lines) == 3


def test_bars_are_the_outages_that_add_something_the_worst_first() -> None:
    chart = named("ranked_outages")
    drawn = [(row["asset"], row["added"]) for row in chart.spec["data"]["values"]]
    assert drawn == [(name, added) for name, added, _ in OUTAGES if added]
    assert chart.spec["data"]["values"][0]["text"] == "25 · Germany"
    assert "adds 25 GWh" in chart.message
    assert [row["added_gwh"] for row in chart.data.records()] == [added for _, added, _ in OUTAGES if added]


def test_arrows_are_as_thick_as_what_they_carry_and_full_ones_have_full_heads() -> None:
    chart = named("flow_map")
    arrows = {row["note"].partition(":")[0]: row for row in rows(chart, "head")}
    assert arrows.keys() == {name for name, *_, amount, _ in FLOWS if amount}
    assert arrows["Norpipe"]["width"] > 2 * arrows["Mallnow"]["width"]
    assert (arrows["Norpipe"]["head"], arrows["Mallnow"]["head"]) == ("#000000", "#ffffff")
    assert (arrows["Norpipe"]["x"], arrows["Norpipe"]["x2"]) == (9.0, 10.4)
    assert arrows["Norpipe"]["note"] == "Norpipe: 40 GWh, 100% of capacity"
    assert [row["words"] for row in rows(chart, "words")][:2] == ["40 GWh", "10 GWh"]
    assert "1 of 2 links" in chart.message


def test_where_all_is_served_there_is_no_duration_curve_and_the_map_says_so() -> None:
    answer = made(short=NONE)
    assert duration_curve(answer) is None
    chart = curtailment_map(answer)
    assert chart is not None
    assert chart.message == "All demand of EU@2022-10-01 is served."
    assert headline(answer) == "All demand of EU@2022-10-01 can be served."
    assert {fills(chart)[code] for code in SHORT} == {LAND}


def test_without_stores_there_is_no_picture_of_stores() -> None:
    assert storage_bands(made(levels={})) is None


def test_without_places_there_are_no_maps() -> None:
    assert [chart.name for chart in charts(made(places={}))] == [
        "storage_bands",
        "duration_curve",
        "ranked_outages",
    ]


@pytest.mark.parametrize("out", [None, [("idle", 0.0, "")]])
def test_without_outages_that_add_anything_there_are_no_bars(
    out: list[tuple[str, float, str]] | None,
) -> None:
    assert ranked_outages(made(out=out)) is None


def test_a_page_of_an_answer_with_nothing_to_draw_is_still_a_page() -> None:
    files = rendered(made(short=NONE, levels={}, out=None, places={}))
    assert {path for path in files if path.endswith(".png")} == set()
    assert "can be served" in files["index.html"].decode("utf-8")


@pytest.mark.parametrize("draw", ALL, ids=NAMES)
def test_hostile_labels_are_text(draw: Callable[[StressAnswer], Chart | None]) -> None:
    label = '</script><img src=x onerror="alert(1)">'
    chart = draw(made(labels=dict.fromkeys(("DEU", "POL", "NOR"), label), who=label, title=label))
    assert chart is not None
    tree = ElementTree.fromstring(drawing.framed(chart, drawing.bare(chart)))  # noqa: S314 - our own
    assert not {"img", "script"} & {element.tag.rpartition("}")[2] for element in tree.iter()}
