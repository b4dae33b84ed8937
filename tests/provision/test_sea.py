"""Does closing a passage ever make a route shorter? Routes against networkx, published lengths, and PortWatch."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink import data
from weaklink.codes.countries import countries
from weaklink.errors import RequestError
from weaklink.provision.sea import Leg, nearest, routes, sea_map
from weaklink.study.datasets import embedded_snapshot
from weaklink.study.passages import by_passage, carried, coasts, passages, route_between, sea, titles

POINTS = "ABCDEF"
PASSAGES = ("", "", "north", "south")
legs = st.lists(
    st.builds(
        Leg,
        st.sampled_from(POINTS),
        st.sampled_from(POINTS),
        st.sampled_from(PASSAGES),
        st.integers(1, 50),
    ),
    max_size=12,
)


@given(legs, st.sampled_from(POINTS), st.sampled_from(["north", "south"]))
def test_closing_a_passage_never_makes_a_route_shorter(some: list[Leg], start: str, passage: str) -> None:
    open_, closed = routes(sea_map(some), [start]), routes(sea_map(some), [start], {passage})
    assert closed.keys() <= open_.keys()
    for end, route in closed.items():
        assert route.nautical_miles >= open_[end].nautical_miles
        assert passage not in route.passages


@given(legs, st.sampled_from(POINTS))
def test_lengths_agree_with_networkx(some: list[Leg], start: str) -> None:
    graph = nx.MultiGraph()
    graph.add_node(start)
    graph.add_edges_from((leg.start, leg.end, {"weight": leg.nautical_miles}) for leg in some)
    expected = nx.single_source_dijkstra_path_length(graph, start)
    assert {end: route.nautical_miles for end, route in routes(sea_map(some), [start]).items()} == expected


@given(st.sampled_from(sorted(coasts())), st.sampled_from(sorted(titles())))
def test_on_the_stated_table_no_closure_shortens_any_route(country: str, passage: str) -> None:
    open_, closed = routes(sea(), coasts()[country]), routes(sea(), coasts()[country], {passage})
    for end in coasts():
        before, after = nearest(open_, coasts()[end]), nearest(closed, coasts()[end])
        assert before is not None
        assert after is None or after.nautical_miles >= before.nautical_miles
        if after is None:
            assert passage in before.passages


def great_circle(start: dict[str, str], end: dict[str, str]) -> float:
    """Nautical miles by the haversine formula, on a sphere of 6,371.0088 km."""
    a, b, c, d = (
        math.radians(float(one[axis])) for one in (start, end) for axis in ("latitude", "longitude")
    )
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * math.asin(math.sqrt(half)) * 6371.0088 / 1.852


def test_every_leg_is_as_long_as_its_great_circle() -> None:
    points = {row["waypoint"]: row for row in data.rows("sea_waypoints")}
    for row in data.rows("sea_legs"):
        expected = great_circle(points[row["from"]], points[row["to"]])
        assert abs(int(row["nautical_miles"]) - expected) <= 0.51, row


def test_the_tables_of_the_sea_fit_together() -> None:
    points = {row["waypoint"] for row in data.rows("sea_waypoints")}
    assert {end for row in data.rows("sea_legs") for end in (row["from"], row["to"])} == points
    assert {row["passage"] for row in data.rows("sea_legs")} - {""} == set(titles())
    assert {row["waypoint"] for row in data.rows("sea_coasts")} <= points
    assert {row["iso3"] for row in data.rows("sea_coasts")} <= set(countries())


def test_every_country_of_the_embedded_trade_data_is_reached_by_sea() -> None:
    traders = {code for code in embedded_snapshot().flows([2022]).countries if code != "ZZZ"}
    assert traders <= set(coasts())


@pytest.mark.parametrize(
    ("start", "end", "closed", "published"),
    [
        ("DEU", "SGP", (), 8377),  # Hamburg-Singapore by Suez, as quoted in the press in March 2021
        ("DEU", "SGP", ("suez",), 11864),  # the same by the Cape of Good Hope
    ],
)
def test_routes_are_about_as_long_as_published(
    start: str, end: str, closed: tuple[str, ...], published: int
) -> None:
    """Within 4 %: a country's coast is a point at sea, not a berth."""
    length = route_between(start, end, closed).records()[-1]["nautical_miles"]
    assert abs(length / published - 1) < 0.04


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("QAT", "ITA", "Strait of Hormuz, Bab el-Mandeb, Suez Canal"),
        ("RUS", "ITA", "Turkish straits"),
        ("CHL", "NLD", "Panama Canal, Strait of Dover"),
        ("SAU", "JPN", "Strait of Hormuz, Strait of Malacca, Taiwan Strait"),
        ("USA", "JPN", ""),
    ],
)
def test_the_passages_on_well_known_routes(start: str, end: str, expected: str) -> None:
    assert route_between(start, end).records()[0]["passages"] == expected


def test_the_gulf_has_no_other_way_out() -> None:
    (row,) = [one for one in passages("JPN", 2022, product="270900").records() if one["passage"] == "hormuz"]
    assert row["stranded_usd"] == row["through_usd"] > 0
    assert row["detour_nm"] is None


def test_passed_values_are_sums_of_flows_by_hand() -> None:
    """Japan has one way from each Gulf state, and all of them lead through Hormuz."""
    flows = embedded_snapshot().flows([2022]).of_products(["270900"])
    gulf = flows.flags(("SAU", "ARE", "KWT", "QAT", "IRQ", "IRN", "BHR"))
    japan = flows.flags(("JPN",))
    chosen = gulf[flows.exporter] & japan[flows.importer]
    rows = {row["passage"]: row for row in passages("JPN", 2022, product="270900").records()}
    assert rows["hormuz"]["through_usd"] == int(flows.value_usd[chosen].sum())


def test_pipeline_gas_passes_no_strait() -> None:
    rows = passages("EU@2022-12-31", 2022, product="271121").records()
    assert {row["through_usd"] for row in rows} == {0}


def test_neighbours_trade_by_land() -> None:
    flows = embedded_snapshot().flows([2022]).of_products(["270900"])
    ways = {one.way for one in carried(flows) if {one.importer, one.exporter} == {"CAN", "USA"}}
    assert ways == {"land"}


def test_no_share_is_more_than_one_and_none_by_sea_less_than_of_all() -> None:
    for row in passages("NATO@2022-11-30", 2022).records():
        assert 0 <= row["share"] <= row["sea_share"] <= 1


def test_an_unknown_passage_is_named_with_those_that_exist() -> None:
    with pytest.raises(RequestError, match=r"no passage bosphorus.*turkish_straits"):
        route_between("NLD", "SGP", ["bosphorus"])


PORTWATCH = {  # its names of passages, as far as both have them and the Cape is left aside
    "bab_el_mandeb": "bab_el_mandeb",
    "bosporus": "turkish_straits",
    "dover": "dover",
    "gibraltar": "gibraltar",
    "hormuz": "hormuz",
    "malacca": "malacca",
    "oresund": "danish_straits",
    "panama": "panama",
    "suez": "suez",
    "taiwan": "taiwan",
    "sunda": "sunda",
    "lombok": "lombok",
    "magellan": "magellan",
}


def test_the_world_s_oil_and_gas_pass_straits_in_about_the_order_that_portwatch_sees_tankers(
    shared_data: Path,
) -> None:
    """IMF PortWatch counts the capacity of tankers; no exact agreement is possible, but the order is close."""
    seen: dict[str, int] = defaultdict(int)
    with (shared_data / "chokepoints" / "portwatch_chokepoint_monthly.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["period_dt"].startswith("2022") and row["chokepoint_slug"] in PORTWATCH:
                seen[PORTWATCH[row["chokepoint_slug"]]] += int(row["capacity_tanker"])
    flows = embedded_snapshot().flows([2022]).of_products(["270900", "271111"])
    ours = {row["passage"]: row["through_usd"] for row in by_passage(carried(flows))}
    order = sorted(seen)
    first, second = (
        np.argsort(np.argsort([values[one] for one in order])).astype(np.float64) for values in (seen, ours)
    )
    assert np.corrcoef(first, second)[0, 1] > 0.7


def test_routes_are_connected_legs() -> None:
    route = nearest(routes(sea(), coasts()["CHN"]), coasts()["NLD"])
    assert route is not None
    lengths = {(leg.start, leg.end): leg.nautical_miles for those in sea().values() for leg in those}
    assert sum(lengths[pair] for pair in pairwise(route.points)) == route.nautical_miles
