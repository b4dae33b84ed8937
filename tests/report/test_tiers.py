"""Does the supply graph show what the chain says, and are all items in their place?"""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink import tables
from weaklink.provenance import Provenance
from weaklink.provision.chain import Chain, Item, upstream
from weaklink.report import drawing
from weaklink.report.layers import inputs, places, tiers_of, users_of
from weaklink.report.tiers import SupplyGraph, tiers
from weaklink.result import Result, tabulated

TECHNOLOGY = Path(__file__).parents[3] / "shared/data/technology"
WHOLE = 100


def item(amounts: dict[str, int | None] | None = None, *needs: str) -> Item:
    """An item with its suppliers; inputs joined by | are alternatives."""
    return Item(amounts or {}, WHOLE, frozenset(frozenset(choice.split("|")) for choice in needs))


# Only the Netherlands make scanners, only Japan makes resist; wafers come from two, and so do kinds of gas.
CHIPS: Chain = {
    "chip": item(None, "fabrication"),
    "fabrication": item({"TWN": 60, "KOR": 40}, "scanner", "resist", "wafer", "neon|argon"),
    "scanner": item({"NLD": 100}, "lens"),
    "lens": item({"DEU": None}),
    "resist": item({"JPN": 95, "USA": 5}),
    "wafer": item({"JPN": 50, "DEU": 50}),
    "neon": item({"UKR": 100}),
    "argon": item({"USA": 50, "FRA": 50}),
    "bricks": item({"BEL": 100}),
}


def graph(chain: Chain = CHIPS, target: str = "chip", threshold: str = "9/10") -> SupplyGraph:
    said = Result(
        tables.CHAIN_STOPPERS, tabulated(tables.CHAIN_STOPPERS, []), ("Made by hand.",), Provenance((), "0")
    )
    return SupplyGraph(chain, target, Fraction(threshold), said, "Source: nobody.")


def boxes(drawn: SupplyGraph) -> dict[str, dict[str, Any]]:
    return {
        box["note"].partition(": can be")[0]: box
        for layer in tiers(drawn).spec["layer"]
        if layer["mark"]["type"] == "rect"
        for box in layer["data"]["values"]
    }


def test_items_that_the_chain_cannot_do_without_and_one_country_holds_are_single_points_of_failure() -> None:
    assert graph().bottlenecks == {"scanner", "resist"}
    assert graph().stopped_by == {"JPN": {"resist"}, "NLD": {"scanner"}}


def test_the_threshold_decides_who_holds_an_item() -> None:
    assert graph(threshold="1").bottlenecks == {"scanner"}
    assert graph(threshold="1/2").bottlenecks == {"scanner", "resist", "wafer", "fabrication"}


def test_what_does_not_lead_to_the_target_is_not_drawn() -> None:
    assert set(boxes(graph())) == set(CHIPS) - {"bricks"}


def test_a_single_point_of_failure_differs_from_every_other_box_without_colour() -> None:
    looks = {
        name: (box["fill"], box["thick"], box["dash"], box["frame"] == box["fill"])
        for name, box in boxes(graph()).items()
    }
    assert looks["scanner"] == looks["resist"]
    kinds = {looks[name] for name in ("scanner", "neon", "lens", "wafer", "chip")}
    assert len(kinds) == 5


def test_the_country_that_holds_an_item_stands_in_its_box() -> None:
    assert boxes(graph())["scanner"]["text"] == "scanner · NLD"
    assert boxes(graph())["wafer"]["text"] == "wafer"
    assert boxes(graph())["lens"]["note"] == "lens: can be stopped by nobody alone for sure"


def test_there_is_a_line_for_every_input_and_alternatives_are_dashed() -> None:
    lines = [
        (line["dash"])
        for layer in tiers(graph()).spec["layer"]
        if layer["mark"]["type"] == "rule"
        for line in layer["data"]["values"]
    ]
    assert sorted(lines) == ["dashed"] * 2 + ["solid"] * 5


def test_the_data_name_tier_inputs_and_holders_of_every_item() -> None:
    rows = {row["item"]: row for row in tiers(graph()).data.records()}
    assert rows["fabrication"]["needs"] == "argon or neon; resist; scanner; wafer"
    assert (rows["scanner"]["tier"], rows["scanner"]["held_by"], rows["scanner"]["bottleneck"]) == (
        2,
        "NLD",
        "yes",
    )
    assert (rows["lens"]["tier"], rows["lens"]["may_be_held_by"], rows["lens"]["bottleneck"]) == (
        3,
        "DEU",
        "no",
    )
    assert (rows["neon"]["held_by"], rows["neon"]["bottleneck"]) == ("UKR", "no")


def test_the_message_counts_single_points_of_failure_by_country() -> None:
    assert tiers(graph()).message == (
        "2 of 7 items behind chip are single points of failure: one country can stop each, and chip with it: "
        "Japan (1) and Netherlands (1)."
    )
    alone: Chain = {"chip": item({"TWN": 50, "KOR": 50})}
    assert tiers(graph(alone)).message == (
        "No country is known to be able to stop chip alone: behind it stand 0 items."
    )


@pytest.mark.parametrize("name", ['</script><img src=x onerror="alert(1)">', "a'b\"c\\d\n`${e}", "=1+1"])
def test_a_hostile_name_of_an_item_is_text(name: str) -> None:
    chart = tiers(graph({"chip": item(None, name), name: item({"NLD": 100})}))
    made = drawing.files(chart, drawing.bare(chart))
    tree = ElementTree.fromstring(made["supply_graph.svg"])  # noqa: S314 - our own
    assert {element.tag.rpartition("}")[2] for element in tree.iter()} <= {
        *("svg", "g", "path", "text", "tspan", "rect", "line", "title", "desc", "defs", "clipPath")
    }
    rows = csv.DictReader(io.StringIO(made["supply_graph.csv"].decode()))
    assert not any(text.startswith(("=", "+", "@")) for row in rows for text in row.values())
    assert made["supply_graph.png"].startswith(b"\x89PNG")


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    """Any chain of up to seven items, circles included."""
    names = [f"item{number}" for number in range(draw(st.integers(1, 7)))]
    return {
        name: Item(
            {}, WHOLE, frozenset(draw(st.sets(st.frozensets(st.sampled_from(names), min_size=1), max_size=3)))
        )
        for name in names
    }


@given(chains())
def test_every_item_behind_the_target_has_one_place_of_its_own(chain: Chain) -> None:
    found = places(chain, "item0")
    assert found.keys() == upstream(chain, "item0")
    assert len(set(found.values())) == len(found)


@given(chains())
def test_without_circles_every_input_is_in_a_farther_tier_than_what_needs_it(chain: Chain) -> None:
    order = sorted(chain)
    forward = {
        name: Item({}, WHOLE, frozenset(choice for choice in one.needs if min(choice) > name))
        for name, one in chain.items()
    }
    found = tiers_of(forward, order[0])
    for name in found:
        for one in inputs(forward, name):
            assert found[one] > found[name]
    users = users_of(forward, order[0])
    assert all(found[name] == 1 + max((found[user] for user in users[name]), default=-1) for name in found)


@pytest.mark.skipif(
    not TECHNOLOGY.is_dir(), reason="the supply graph of chips is not here; it may not be shipped"
)
def test_the_chip_graph_has_the_scanners_of_one_country_in_a_box_of_their_own() -> None:
    from weaklink.sources import chip_graph
    from weaklink.study.chains import as_chain, stopped

    read = chip_graph.read(TECHNOLOGY, "all")
    said = stopped(read.rows, read.needs, read.target, "80%")
    drawn = SupplyGraph(as_chain(read.rows, read.needs), read.target, Fraction(4, 5), said, "Source: CSET.")
    counted = {row["country"]: row["count"] for row in said.records() if row["verdict"] == "yes"}
    assert {country: len(items) for country, items in drawn.stopped_by.items()} == counted
    assert drawn.holders("EUV scanners") == ["NLD"]
    assert "EUV scanners" in drawn.bottlenecks
    assert len(boxes(drawn)) == len(drawn.tiers) == 82
