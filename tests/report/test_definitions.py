"""Do the pictures and tables of definitions say what the results say?"""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.report.made import defined, made, nato, nato_definitions
from weaklink.report import drawing, robust
from weaklink.report.chart import Chart
from weaklink.report.charts import OF_DEFINITIONS, charts_of_definitions
from weaklink.report.definitions import Definitions
from weaklink.report.margins import drawn

SALES = [("111111", "RUS", "yes", 60), ("222222", "NOR", "no", 40), ("333333", "CHN", "yes", 7)]
DRAWN = charts_of_definitions(nato(), nato_definitions())
YES, NO, UNKNOWN = ("yes", 0.5), ("no", -0.5), ("unknown", None)


def three() -> Definitions:
    """One list of two products, one of one of them, and one of nothing, on a hand-made answer."""
    return defined(
        made(SALES),
        {
            "few": {"111111": YES, "222222": NO, "333333": UNKNOWN},
            "many": {"111111": YES, "222222": ("yes", None), "333333": NO},
            "none": {"111111": NO, "222222": NO, "333333": ("no", -9.0)},
        },
        changes=[("many", "222222", "entered"), ("few", "333333", "left")],
    )


def named(name: str) -> Chart:
    return next(chart for chart in DRAWN if chart.name == name)


def listed(name: str) -> set[str]:
    """The list of a definition, from the verdicts themselves."""
    rows = nato_definitions().screen.records()
    return {row["product"] for row in rows if row[name] == "yes"}


def test_the_report_of_definitions_has_three_pictures() -> None:
    assert tuple(chart.name for chart in DRAWN) == OF_DEFINITIONS


def test_results_in_the_wrong_order_are_no_definitions() -> None:
    one = three()
    with pytest.raises(ValueError, match="need the results screen, agreement, churn, thresholds, changes"):
        Definitions(one.agreement, one.screen, one.churn, one.thresholds, one.changes)


def test_results_of_different_questions_are_no_definitions() -> None:
    one, other = nato_definitions(), three()
    with pytest.raises(ValueError, match="different questions"):
        Definitions(one.screen, one.agreement, one.churn, one.thresholds, other.changes)


def test_every_definition_has_one_number_and_the_longest_list_is_the_first() -> None:
    one = nato_definitions()
    assert sorted(map(one.number, one.columns)) == list(range(1, len(one.columns) + 1))
    assert len(listed(one.names[0])) == max(len(listed(name)) for name in one.names)


def test_each_definition_is_followed_by_the_one_left_that_it_agrees_with_most() -> None:
    names = nato_definitions().names
    for place, name in enumerate(names[:-1]):
        left = [(listed(name), listed(other)) for other in names[place + 1 :]]
        shares = [len(mine & theirs) / len(mine | theirs) for mine, theirs in left]
        assert shares[0] == max(shares)


def test_equal_titles_are_told_apart_by_the_names() -> None:
    said = {"one": {"111111": YES}, "two": {"111111": NO}}
    both = defined(made(SALES[:1]), said, titles={"one": "The same", "two": "The same"})
    assert both.titles == {"one": "The same (one)", "two": "The same (two)"}


def test_the_matrix_shows_the_shares_that_follow_from_the_verdicts() -> None:
    names = nato_definitions().names
    cells = {
        (cell["row"].split()[0], cell["column"]): cell for cell in named("agreement").spec["data"]["values"]
    }
    assert len(cells) == len(names) ** 2
    for row, one in enumerate(names, start=1):
        assert cells[str(row), str(row)]["text"] == str(len(listed(one)))
        for column, other in enumerate(names[: row - 1], start=1):
            both, either = listed(one) & listed(other), listed(one) | listed(other)
            text = cells[str(row), str(column)]["text"]
            assert text in {f"{100 * len(both) / len(either):.0f}", "<1"}


def test_a_darker_cell_is_never_of_a_smaller_share() -> None:
    pairs = sorted(nato_definitions().agreement.records(), key=lambda row: row["jaccard"])
    title = nato_definitions().titles
    fills = {
        frozenset(cell["note"].split(": ")[0].split(" and ")): cell["fill"]
        for cell in named("agreement").spec["data"]["values"]
        if "on both lists" in cell["note"]
    }
    assert len(fills) == len(pairs)
    lightness = [
        sum(bytes.fromhex(fills[frozenset((title[row["definition"]], title[row["other"]]))][1:]))
        for row in pairs
    ]
    assert lightness == sorted(lightness, reverse=True)


def test_the_dot_plot_has_every_definition_of_the_products_that_most_agree_on() -> None:
    rows = named("margins").data.records()
    agree = nato_definitions().screen.column("agree")
    shown = {row["product"]: row["agree"] for row in rows}
    assert len(rows) == 20 * len(nato_definitions().names)
    assert sorted(shown.values(), reverse=True) == sorted(agree, reverse=True)[:20]
    for product, count in shown.items():
        assert count == sum(row["verdict"] == "yes" for row in rows if row["product"] == product)


def test_filled_marks_are_dependencies_and_no_others() -> None:
    strips = named("margins").spec["vconcat"][0]["hconcat"]
    marks = [
        mark
        for strip in strips
        for layer in strip["layer"]
        if "shape" in layer.get("encoding", {})
        for mark in layer["data"]["values"]
    ]
    assert len(marks) == len(named("margins").data)
    assert all((mark["fill"] != "#ffffff") == (": yes," in mark["note"]) for mark in marks)
    assert all(-1 <= mark["place"] <= 1 for mark in marks)


@pytest.mark.parametrize(
    ("said", "mark"),
    [
        (("yes", 0.3), ("circle", 0.3)),
        (("no", -0.3), ("circle", -0.3)),
        (("yes", -0.3), ("circle", -0.3)),
        (("yes", 3.0), ("triangle-right", 1.0)),
        (("no", -3.0), ("triangle-left", -1.0)),
        (("yes", None), ("square", 1.0)),
        (("no", None), ("square", -1.0)),
        (("unknown", None), ("cross", 0.0)),
        (("unknown", 0.4), ("cross", 0.4)),
    ],
)
def test_what_has_no_distance_or_too_large_a_one_has_a_shape_of_its_own(
    said: tuple[str, float | None], mark: tuple[str, float]
) -> None:
    assert drawn(*said) == mark


def test_only_marks_that_occur_are_in_the_key() -> None:
    def key(chart: Chart) -> list[str]:
        return [mark["text"] for mark in chart.spec["vconcat"][1]["data"]["values"]]

    assert "unknown" not in key(named("margins"))
    (hand_made,) = (one for one in charts_of_definitions(made(SALES), three()) if one.name == "margins")
    assert {"unknown", "beyond the scale"} <= set(key(hand_made))


def test_what_stayed_on_a_list_is_what_did_not_enter_and_what_did_not_leave() -> None:
    rows = named("churn").data.records()
    before = {(row["definition"], row["year"] + 1): row["listed"] for row in rows}
    compared = [row for row in rows if (row["definition"], row["year"]) in before]
    assert len(compared) == 28 * len(nato_definitions().names)
    for row in compared:
        assert row["listed"] - row["entered"] == before[row["definition"], row["year"]] - row["left"]


def test_a_panel_of_the_ribbon_has_the_lists_of_its_definition() -> None:
    for panel, name in zip(named("churn").spec["concat"], nato_definitions().names, strict=True):
        (now,) = (bar for bar in panel["data"]["values"] if bar["year"] == 2022)
        assert now["listed"] == len(listed(name))
        assert all(bar["stayed"] >= 0 >= bar["below"] for bar in panel["data"]["values"])


@pytest.mark.parametrize("chart", DRAWN, ids=OF_DEFINITIONS)
def test_a_picture_of_definitions_stands_alone(chart: Chart) -> None:
    svg = drawing.framed(chart, drawing.bare(chart))
    text = " ".join("".join(one.itertext()) for one in ElementTree.fromstring(svg))  # noqa: S314 - our own
    assert "not read in the source" in chart.notes
    assert "not read" in text
    assert "vintage" in chart.source
    assert "None" not in chart.message + chart.reading
    assert all(name.startswith(f"{chart.name}-") for name in re.findall(r' id="([^"]+)"', svg))


def test_notes_name_definitions_with_their_numbers() -> None:
    one = nato_definitions()
    assert f"crma_65 ({one.number('crma_65')})" in one.notes(nato())


def test_no_colour_of_a_side_is_in_a_picture_of_definitions() -> None:
    for chart in DRAWN:
        colours = {found.lower() for found in re.findall(r"#[0-9a-fA-F]{6}", drawing.bare(chart))}
        assert all(max(rgb) - min(rgb) < 24 for rgb in (bytes.fromhex(one[1:]) for one in colours))


def test_a_single_definition_has_no_matrix() -> None:
    alone = defined(made(SALES), {"few": {"111111": YES, "222222": NO, "333333": NO}})
    assert [chart.name for chart in charts_of_definitions(made(SALES), alone)] == ["margins", "churn"]


def test_definitions_of_nothing_have_no_picture() -> None:
    assert charts_of_definitions(made(), defined(made(), {"one": {}, "two": {}})) == ()


def test_the_robust_list_is_ordered_and_counts_its_own_cells() -> None:
    rows = robust.agreed(nato(), nato_definitions())
    counts = [row.verdicts.count("yes") for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert all(row.agree.startswith(f"{row.verdicts.count('yes')} of ") for row in rows)
    on_any = set().union(*(listed(name) for name in nato_definitions().names))
    assert {row.code for row in rows} == on_any


def test_the_sentence_counts_unknown_as_neither_yes_nor_no() -> None:
    assert robust.sentence(three()) == (
        "2 of 3 products are a dependency by at least one of 3 definitions, 1 by more than half of them: "
        "product 111111 (2)."
    )


def test_the_sentence_says_so_where_nothing_is_listed() -> None:
    none = defined(made(SALES), {"few": dict.fromkeys(["111111", "222222", "333333"], NO)})
    assert robust.sentence(none) == "None of 1 definition calls any of 3 products a dependency."
    assert robust.agreed(made(SALES), none) == []
    assert "No definition lists any product" not in robust.sentence(three())


def test_what_entered_and_left_is_named_at_its_definition() -> None:
    rows = {row.title.split("  ")[1]: row for row in robust.moved(made(SALES), three())}
    assert (rows["Title of many"].entered, rows["Title of many"].left) == ("Product 222222", "–")
    assert (rows["Title of few"].entered, rows["Title of few"].left) == ("–", "Product 333333")
    assert len(rows) == 2


def test_more_changes_than_a_cell_has_room_for_are_counted() -> None:
    sales = [(f"{code:06}", "RUS", "yes", code) for code in range(1, 15)]
    answer = made(sales)
    codes = [code for code, *_ in sales]
    many = defined(
        answer, {"one": dict.fromkeys(codes, YES)}, changes=[("one", code, "entered") for code in codes]
    )
    (row,) = robust.moved(answer, many)
    assert row.entered.endswith("; 4 more")


def test_the_first_year_of_the_data_has_no_year_before() -> None:
    said = {"few": {"111111": YES, "222222": NO, "333333": NO}}
    assert robust.has_year_before(made(SALES), defined(made(SALES), said))
    assert not robust.has_year_before(made(SALES), defined(made(SALES), said, years=(2023, 2024)))


def test_a_list_with_a_moved_threshold_is_the_list_with_what_enters_and_leaves() -> None:
    rows = robust.thresholds(nato_definitions())
    assert sum(len(row.cells) for row in rows) == len(nato_definitions().thresholds)
    assert sum(row.rows for row in rows) == len(rows)
    for row in rows:
        for cell in row.cells:
            size, entered, left = re.fullmatch(
                r"(\d+)(?: \((?:\+(\d+))?(?:, )?(?:−(\d+))?\))?", cell
            ).groups()  # type: ignore[union-attr]
            assert int(size) == row.size + int(entered or 0) - int(left or 0)


def test_the_thresholds_shown_are_those_of_the_rules() -> None:
    rules = {row.name: row.rule for row in robust.told(nato_definitions())}
    names = nato_definitions().names
    for row in robust.thresholds(nato_definitions()):
        indicator, threshold = row.criterion.split(" ")
        rule = rules[names[int(row.title.split("  ")[0]) - 1]]
        assert re.search(rf"\b{indicator} (above|at least|below|at most) {re.escape(threshold)}\b", rule)


def test_the_smallest_moves_of_thresholds_are_told_in_a_sentence() -> None:
    assert robust.sensitive(three()) == (
        "Of 6 changes of a threshold by a tenth, 4 leave the list as it is, and none moves more than 2 products "
        "(top_share a tenth higher, Title of many)."
    )


@pytest.mark.parametrize("title", ['</script><img src=x onerror="alert(1)">', "a'b\"c\\d\n`${e}", "datum.x"])
def test_a_hostile_title_is_text_in_a_drawing(title: str) -> None:
    said = {name: dict.fromkeys(("111111", "222222", "333333"), YES) for name in ("one", "two")}
    hostile = defined(made(SALES), said, titles={"one": title})
    for chart in charts_of_definitions(made(SALES), hostile):
        tree = ElementTree.fromstring(drawing.framed(chart, drawing.bare(chart)))  # noqa: S314 - our own
        tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
        assert tags <= {
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
            "clipPath",
        }
