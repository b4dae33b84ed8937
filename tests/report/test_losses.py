"""The page of losses: one panel a lens on one axis of time, each with its own unit, bands where there are draws."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from weaklink.report.losses_answer import LossesAnswer, Panel
from weaklink.report.losses_course import losses_course
from weaklink.report.losses_members import losses_members
from weaklink.report.losses_page import MADE, charts, rendered
from weaklink.scenario.library import chosen
from weaklink.study.losses import asked_for, losses
from weaklink.study.losses_report import as_answer, write


@pytest.fixture(scope="module")
def answer() -> LossesAnswer:
    return as_answer(losses(asked_for(chosen("china-rare-earths")), "goods", draws=16))


def long_run(panel: Panel) -> Panel:
    return replace(
        panel, lens="years", title="Another lens", unit="GWh", edges=(0.0, 365.0), course=(5.0,),
        span=(1825.0, 7300.0), likely=5.0, low=1.0, median=4.0, high=9.0,
    )  # fmt: skip


def test_every_lens_has_a_panel_with_its_unit_on_the_same_axis_of_time(answer: LossesAnswer) -> None:
    both = replace(answer, panels=(answer.panels[0], long_run(answer.panels[0])))
    panels = losses_course(both).spec["vconcat"]
    assert len(panels) == 2
    lines = [panel["layer"][0]["encoding"] for panel in panels]
    assert lines[0]["x"]["scale"] == lines[1]["x"]["scale"]
    assert lines[0]["x"]["title"]
    assert [line["y"]["title"] for line in lines] == ["million USD", "GWh"]
    years = panels[1]["layer"][0]["data"]["values"]
    assert years == [{"day": 1825.0, "loss": 5.0}, {"day": 7300.0, "loss": 5.0}]  # one figure, where it holds


def test_the_line_ends_at_the_likely_loss_and_the_band_is_that_of_the_table(answer: LossesAnswer) -> None:
    chart = losses_course(answer)
    last = chart.data.records()[-1]
    row = answer.table.records()[0]
    assert last["loss"] == pytest.approx(row["loss"])
    assert (last["low"], last["median"], last["high"]) == (row["low"], row["median"], row["high"])
    assert chart.source.startswith("Source: CEPII")


def test_without_draws_there_is_no_band_and_the_picture_says_so(answer: LossesAnswer) -> None:
    panel = replace(answer.panels[0], low=None, median=None, high=None)
    chart = losses_course(replace(answer, panels=(panel,), draws=0))
    assert len(chart.spec["vconcat"][0]["layer"]) == 2
    assert "--draws N adds bands" in chart.reading


def test_members_are_in_order_of_loss_and_a_single_country_has_no_such_picture(answer: LossesAnswer) -> None:
    chart = losses_members(answer)
    assert chart is not None
    shown = [point["loss"] for point in chart.spec["vconcat"][0]["data"]["values"]]
    assert shown == sorted(shown, reverse=True)
    alone = as_answer(losses(asked_for(chosen("china-rare-earths"), "NOR"), "goods", draws=4))
    assert losses_members(alone) is None
    assert len(charts(alone)) == 1


def test_the_page_says_what_each_lens_leaves_out_and_names_every_source(answer: LossesAnswer) -> None:
    files = rendered(replace(answer, unread=(("network", "it names no network"),)))
    page = files["index.html"].decode()
    assert set(files) <= MADE
    for sentence in answer.panels[0].leaves_out:
        assert sentence in page
    assert "it names no network" in page
    assert "Losses of two lenses are not added" in page
    assert "weaklink stress china-rare-earths --importer NATO@2024-12-31" in page


def luminance(colour: str) -> float:
    """Of `#rrggbb`, 0 black to 255 white: ITU-R BT.601, as greyscale prints are made."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_the_marks_stay_apart_in_greyscale(answer: LossesAnswer) -> None:
    line, band, middle, dot = losses_course(answer).spec["vconcat"][0]["layer"]
    colours = [luminance(layer["mark"]["color"]) for layer in (line, band, middle, dot)]
    assert colours[1] - max(colours[0], colours[2], colours[3]) > 100
    assert 255 - colours[1] > 60


def test_a_report_is_written_whole_and_again(answer: LossesAnswer, tmp_path: Path) -> None:
    found = losses(asked_for(chosen("china-rare-earths"), "NOR + SWE"), "goods", draws=4)
    page = write(found, tmp_path / "report")
    first = page.read_bytes()
    assert write(found, tmp_path / "report").read_bytes() == first
