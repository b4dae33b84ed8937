"""Who can stop a chain alone? By hand, by brute force over all choices with networkx, and on CSET's graph."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink.provision.chain import Chain, Item, holds, lost, share_bounds, upstream, way
from weaklink.sources import chip_graph
from weaklink.study.chains import as_chain, stopped

ALL, WHOLE = Fraction(1), 100
COUNTRIES = ("AAA", "BBB", "CCC")


def needs(*sets: str) -> frozenset[frozenset[str]]:
    """`"x"` is an input that is needed, `"x y"` two of which one suffices."""
    return frozenset(frozenset(one.split()) for one in sets)


# chip <- fab step <- (scanner AND (gas OR other gas)); the step has no suppliers of its own
BY_HAND: Chain = {
    "chip": Item({"AAA": 60, "BBB": 40}, WHOLE, needs("step")),
    "step": Item({}, 0, needs("scanner", "gas substitute")),
    "scanner": Item({"CCC": 100}, WHOLE),
    "gas": Item({"BBB": 100}, WHOLE),
    "substitute": Item({"AAA": 100}, WHOLE),
}


def test_a_sole_supplier_two_levels_down_stops_the_chain() -> None:
    assert lost(BY_HAND, "CCC", ALL)["chip"] == "yes"
    assert way(BY_HAND, "scanner", "chip", frozenset(BY_HAND)) == ("scanner", "step", "chip")


def test_a_sole_supplier_of_one_of_two_alternatives_does_not() -> None:
    assert lost(BY_HAND, "BBB", ALL) == {**dict.fromkeys(BY_HAND, "no"), "gas": "yes"}


def test_a_lower_threshold_stops_more() -> None:
    assert lost(BY_HAND, "AAA", Fraction(1, 2))["chip"] == "yes"
    assert lost(BY_HAND, "AAA", ALL)["chip"] == "no"


def test_items_that_need_each_other_are_not_lost_for_that_alone() -> None:
    circle = {"chip": Item({}, 0, needs("tool")), "tool": Item({"AAA": 100}, WHOLE, needs("chip"))}
    assert set(lost(circle, "BBB", ALL).values()) == {"no"}
    assert set(lost(circle, "AAA", ALL).values()) == {"yes"}


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ({"AAA": 100, "BBB": 0}, "yes"),  # negligible is nought
        ({"AAA": None}, "unknown"),  # it may have others beside it that are not listed
        ({"AAA": None, "BBB": None}, "no"),  # the other provides something
        ({"AAA": 99}, "no"),  # the rest is somebody's
        ({"BBB": 100}, "no"),
        ({}, "no"),
    ],
)
def test_who_holds_all_of_an_item(amounts: dict[str, int | None], expected: str) -> None:
    assert holds(Item(amounts, WHOLE), "AAA", ALL) == expected


def test_shares_that_add_up_to_more_than_the_whole_are_shares_of_their_sum() -> None:
    assert share_bounds(Item({"AAA": 90, "BBB": 30}, WHOLE), "AAA") == (Fraction(3, 4), Fraction(3, 4))


amounts = st.dictionaries(st.sampled_from(COUNTRIES), st.one_of(st.none(), st.integers(0, 100)), max_size=3)


@st.composite
def chains(draw: st.DrawFn, known: bool = False) -> Chain:
    """Graphs without circles: an item needs items with a higher number only."""
    size = draw(st.integers(1, 6))
    mine = st.dictionaries(st.sampled_from(COUNTRIES), st.integers(0, 100), max_size=3) if known else amounts
    found = {}
    for place in range(size):
        later = [str(other) for other in range(place + 1, size)]
        sets = st.frozensets(st.frozensets(st.sampled_from(later), min_size=1, max_size=3), max_size=3)
        found[str(place)] = Item(draw(mine), WHOLE, draw(sets) if later else frozenset())
    return found


def available_by_brute_force(chain: Chain, target: str, gone: set[str]) -> bool:
    """Whether some way of choosing among alternatives needs nothing that is gone."""
    choices = [(name, choice) for name, item in chain.items() for choice in item.needs]
    for picked in product(*(sorted(choice) for _, choice in choices)):
        graph = nx.DiGraph()
        graph.add_nodes_from(chain)
        graph.add_edges_from((name, one) for (name, _), one in zip(choices, picked, strict=True))
        if not ({target} | nx.descendants(graph, target)) & gone:
            return True
    return False


@given(chains(known=True), st.sampled_from(COUNTRIES), st.integers(1, 100))
def test_with_all_shares_known_it_agrees_with_brute_force(chain: Chain, country: str, percent: int) -> None:
    threshold = Fraction(percent, 100)
    gone = {name for name, item in chain.items() if holds(item, country, threshold) == "yes"}
    for name, answer in lost(chain, country, threshold).items():
        assert answer == ("no" if available_by_brute_force(chain, name, gone) else "yes")


@given(chains(), st.sampled_from(COUNTRIES), st.integers(1, 100))
def test_what_is_not_known_lies_between_the_two_extremes(chain: Chain, country: str, percent: int) -> None:
    threshold = Fraction(percent, 100)
    surely = {name for name, item in chain.items() if holds(item, country, threshold) == "yes"}
    maybe = {name for name, item in chain.items() if holds(item, country, threshold) != "no"}
    for name, answer in lost(chain, country, threshold).items():
        low = available_by_brute_force(chain, name, maybe)
        high = available_by_brute_force(chain, name, surely)
        assert answer == {(True, True): "no", (False, False): "yes", (False, True): "unknown"}[low, high]


@given(chains(), st.sampled_from(COUNTRIES), st.integers(1, 99))
def test_a_higher_threshold_never_stops_more(chain: Chain, country: str, percent: int) -> None:
    rank = {"no": 0, "unknown": 1, "yes": 2}
    low = lost(chain, country, Fraction(percent, 100))
    high = lost(chain, country, Fraction(percent + 1, 100))
    assert all(rank[high[name]] <= rank[low[name]] for name in chain)


@given(chains())
def test_upstream_is_what_networkx_calls_descendants(chain: Chain) -> None:
    graph = nx.DiGraph()
    graph.add_nodes_from(chain)
    graph.add_edges_from(
        (name, one) for name, item in chain.items() for choice in item.needs for one in choice
    )
    for name in chain:
        assert upstream(chain, name) == {name} | nx.descendants(graph, name)


def verdicts(folder: Path, kinds: chip_graph.Kinds, threshold: str) -> dict[str, str]:
    graph = chip_graph.read(folder, kinds)
    result = stopped(graph.rows, graph.needs, graph.target, threshold)
    return {row["country"]: row["verdict"] for row in result.records()}


def test_the_netherlands_and_germany_can_stop_advanced_chips_alone_if_every_kind_of_tool_is_needed(
    shared_data: Path,
) -> None:
    """CSET: EUV scanners are built by ASML only; its table gives Germany all crystal growing furnaces."""
    found = verdicts(shared_data / "technology", "all", "100%")
    assert {country for country, verdict in found.items() if verdict == "yes"} == {"DEU", "NLD"}


def test_if_one_kind_of_tool_can_stand_in_for_another_only_germany_can(shared_data: Path) -> None:
    assert verdicts(shared_data / "technology", "any", "100%") == {"DEU": "yes"}


def test_at_nine_tenths_it_is_four_countries(shared_data: Path) -> None:
    """Read off the file: furnaces DEU 100 %, machining JPN 95 %, design software USA 96 %, assembly CHN 98 %."""
    found = verdicts(shared_data / "technology", "any", "90%")
    assert {country for country, verdict in found.items() if verdict == "yes"} == {"CHN", "DEU", "JPN", "USA"}


def test_all_inputs_of_the_file_stand_behind_the_finished_chip(shared_data: Path) -> None:
    graph = chip_graph.read(shared_data / "technology")
    chain = as_chain(graph.rows, graph.needs)
    assert upstream(chain, graph.target) == frozenset(chain)
    assert len(chain) == 79 + 3  # inputs, as the list of shared data says, and stages


def test_the_shares_of_the_file_are_read_exactly(shared_data: Path) -> None:
    """Against the file itself, read as text: 206 shares, of which some belong to firms."""
    graph = chip_graph.read(shared_data / "technology")
    wafers = {row.supplier: row.share for row in graph.rows if row.item == "Wafer"}
    assert wafers == {"JPN": 560_000, "TWN": 160_000, "DEU": 140_000, "KOR": 100_000, "CHN": 40_000}
