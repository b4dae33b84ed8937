"""Prices, origin and topology: worked cases, and independent programs."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given

from tests.properties.strategies import flows_tables
from weaklink.flows import Flows
from weaklink.trade import origin, prices
from weaklink.trade.entries import Measure, starts
from weaklink.trade.supply import Market, market, supply


def flows_of(*rows: tuple[str, str, int, int]) -> Flows:
    """Flows of one product in one year: importer, exporter, dollars, kilograms."""
    countries = tuple(sorted({code for row in rows for code in row[:2]}))
    place = {code: index for index, code in enumerate(countries)}
    ordered = sorted(rows)
    return Flows(
        products=("271121",),
        countries=countries,
        year=np.full(len(rows), 2022, dtype=np.int16),
        product=np.zeros(len(rows), dtype=np.int16),
        importer=np.array([place[row[0]] for row in ordered], dtype=np.int16),
        exporter=np.array([place[row[1]] for row in ordered], dtype=np.int16),
        value_usd=np.array([row[2] for row in ordered], dtype=np.int64),
        quantity_kg=np.array([row[3] for row in ordered], dtype=np.int64),
    )


def market_of(flows: Flows, by: Measure = "value") -> Market:
    return market(flows, ~flows.flags(("ZZZ",)), by)


def bounds(flows: Flows, importer: str, group: str) -> tuple[float, float]:
    all_trade = market_of(flows)
    bought = supply(all_trade, flows.flags((importer,)))
    low, high = origin.group_bounds(
        all_trade.entries, bought.imports.runs, bought.item, flows.flags((group,))
    )
    return float(low[0]), float(high[0])


def centralization(flows: Flows) -> float:
    all_trade = market_of(flows)
    return float(all_trade.centralization[0])


def test_a_hub_that_buys_all_from_the_group_may_pass_all_of_it_on() -> None:
    """By hand: we buy 60 from the hub and 40 from the group; the hub buys 50 from the group."""
    flows = flows_of(("OUR", "HUB", 60, 1), ("OUR", "GRP", 40, 1), ("HUB", "GRP", 50, 1))
    assert bounds(flows, "OUR", "GRP") == (0.4, 0.9)


def test_a_group_member_that_only_passes_on_may_supply_nothing_of_its_own() -> None:
    """By hand: the group sells us 40 and buys 30 elsewhere, so 10 at least are its own."""
    flows = flows_of(("OUR", "GRP", 40, 1), ("OUR", "OTH", 60, 1), ("GRP", "OTH", 30, 1))
    assert bounds(flows, "OUR", "GRP") == (0.1, 0.4)


def test_one_absurd_price_among_ten_is_an_outlier() -> None:
    """By hand: nine flows at about a dollar a kilogram, one at a thousand."""
    usual = [("OUR", f"S{index:02}", 1000 + index, 1000) for index in range(9)]
    flows = flows_of(*usual, ("OUR", "XXX", 1_000_000, 1000))
    far, judged = prices.outliers(market_of(flows).entries)
    assert judged.all()
    assert [flows.countries[code] for code in flows.exporter[far]] == ["XXX"]
    bought = supply(market_of(flows), flows.flags(("OUR",)))
    at = bought.bought
    share = prices.outlying_share(flows.value_usd[at], far[at], judged[at], bought.purchases)
    assert share[0] == pytest.approx(1_000_000 / (1_000_000 + sum(1000 + index for index in range(9))))


def test_equal_prices_have_no_outlier_and_unknown_masses_are_not_judged() -> None:
    flows = flows_of(("OUR", "AAA", 10, 10), ("OUR", "BBB", 20, 20), ("OUR", "CCC", 30, -1))
    far, judged = prices.outliers(market_of(flows).entries)
    assert not far.any()
    assert judged.sum() == 2


def test_a_single_exporter_is_fully_central_and_equal_ones_are_not() -> None:
    """Freeman (1978): a star has centralization 1, equal centralities 0."""
    star = flows_of(("AAA", "HUB", 5, 1), ("BBB", "HUB", 7, 1), ("CCC", "HUB", 1, 1))
    assert centralization(star) == pytest.approx(1)
    equal = flows_of(("AAA", "BBB", 5, 1), ("BBB", "CCC", 5, 1), ("CCC", "AAA", 5, 1))
    assert centralization(equal) == pytest.approx(0)


@given(flows_tables())
def test_clustering_agrees_with_the_transitivity_of_networkx(flows: Flows) -> None:
    found = market_of(flows).clustering
    edges = [*starts(flows).tolist(), len(flows)]
    for item, first in enumerate(edges[:-1]):
        run = slice(first, edges[item + 1])
        graph = nx.Graph(zip(flows.importer[run].tolist(), flows.exporter[run].tolist(), strict=True))
        graph.remove_edges_from(list(nx.selfloop_edges(graph)))
        triples = sum(degree * (degree - 1) for _, degree in graph.degree())
        assert math.isnan(found[item]) == (triples == 0)
        if triples:
            assert found[item] == pytest.approx(nx.transitivity(graph), abs=1e-12)
