"""How far a network is from its limits: each figure is what the network does at that limit, and one step beyond."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from weaklink.errors import RequestError
from weaklink.network.dispatch import dispatch
from weaklink.network.model import Network
from weaklink.network.rolling import window
from weaklink.result import Result
from weaklink.study.network_limits import FIGURES, limits
from weaklink.study.network_regional import regional
from weaklink.study.networks import export, folder

EXERCISE = "generators-exercise"


@pytest.fixture(scope="module")
def exercise() -> Result:
    return limits(EXERCISE)


@pytest.fixture(scope="module")
def network() -> Network:
    return folder(EXERCISE).network


def of(result: Result, figure: str) -> list[dict[str, Any]]:
    return [row for row in result.records() if row["figure"] == figure]


def test_all_is_served_until_the_survival_time_and_not_a_day_longer(
    exercise: Result, network: Network
) -> None:
    (row,) = of(exercise, "survival")
    days = int(row["value"])
    start = np.array([store.start for store in network.storages])
    buffers = {source.name: source.start for source in network.sources}

    def unserved(last: int) -> float:
        return dispatch(window(network, 0, last, start, buffers)).total_unserved

    assert row["unit"] == "days"
    assert unserved(days) == 0.0
    assert unserved(days + 1) > 0.0


def test_the_saving_is_the_least_that_leaves_nothing_unserved(exercise: Result, network: Network) -> None:
    (row,) = of(exercise, "saving")

    def unserved(saved: float) -> float:
        return dispatch(replace(network, demand=network.demand * (1 - saved))).total_unserved

    assert unserved(row["value"] + 1e-6) == 0.0
    assert unserved(row["value"] - 1e-3) > 0.0


def test_flexibility_is_a_share_and_unknown_where_there_is_no_demand(
    exercise: Result, network: Network
) -> None:
    rows = {row["of"]: row["value"] for row in of(exercise, "flexibility")}
    assert rows.keys() == set(network.nodes)
    for node, demand in zip(network.nodes, network.demand_by_node, strict=True):
        assert (rows[node] is None) == (demand == 0)
        assert rows[node] is None or 0 <= rows[node] <= 1


def test_prices_of_bottlenecks_meet_their_finite_differences_and_fall(exercise: Result) -> None:
    rows = of(exercise, "bottleneck")
    assert rows
    for row in rows[:3]:
        assert row["checked"] == pytest.approx(row["value"], rel=1e-3)
        assert row["unit"] == "MWh"
    assert [row["value"] for row in rows] == sorted((row["value"] for row in rows), reverse=True)
    assert all(row["checked"] is None for row in rows[3:])


def test_a_node_behind_one_road_has_one_route(exercise: Result) -> None:
    rows = {row["of"]: row["value"] for row in of(exercise, "routes")}
    assert rows["HOSPITAL-A"] == 10_000.0
    assert rows["DEPOT-W"] == pytest.approx(10_000 * (0.75**2 + 0.25**2))  # the border's road and the bridge


def test_only_what_is_asked_is_shown_and_the_answer_says_what_was_asked(exercise: Result) -> None:
    assert {row["figure"] for row in exercise.records()} == set(FIGURES)
    one = limits(EXERCISE, ["saving"])
    assert [row["figure"] for row in one.records()] == ["saving"]
    assert one.provenance.parameters["figures"] == "saving"
    assert any("finite" in column.meaning for column in one.schema.columns)
    assert any("exercise" in caveat.lower() for caveat in one.caveats)


def changed(folder_: Path, name: str, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    path = folder_ / name
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(change(row) for row in rows)


def test_a_network_with_plenty_and_without_stores_has_no_limits(tmp_path: Path) -> None:
    plenty = tmp_path / "plenty"
    export(EXERCISE, plenty)
    changed(plenty, "demand.csv", lambda row: row | {"amount": "0.01"})
    (plenty / "storages.csv").unlink()
    changed(plenty, "entries.csv", lambda row: row | {"first_day": ""})
    found = limits(str(plenty))
    assert of(found, "survival")[0]["value"] == folder(str(plenty)).network.periods
    assert of(found, "saving")[0]["value"] == 0.0
    assert {row["value"] for row in of(found, "flexibility")} <= {None, 1.0}
    assert not of(found, "bottleneck")


def test_a_scenario_shortens_the_time_or_leaves_it() -> None:
    struck = limits(EXERCISE, ["survival"], scenario="generators-bridge-exercise").records()[0]["value"]
    assert struck <= limits(EXERCISE, ["survival"]).records()[0]["value"]


def test_a_scenario_on_another_network_is_refused() -> None:
    with pytest.raises(RequestError, match="europe-gas-2022"):
        limits(EXERCISE, scenario="gas-cutoff-2022")


def test_the_regional_formula_is_its_terms_and_the_lowest_comes_first() -> None:
    rows = regional("europe-gas-2021", ["Russia"], "EU").records()
    terms = ("borders", "production", "storage", "terminals")
    for row in rows:
        supply = sum(row[f"{term}_gwh_day"] for term in terms)
        assert row["n_minus_1"] == pytest.approx(supply / row["peak_gwh_day"])
        assert row["passed_on"] <= row["n_minus_1"] * (1 + 1e-9)
    assert [row["passed_on"] for row in rows] == sorted(row["passed_on"] for row in rows)
    assert rows[0]["country"] == "FIN"  # Balticconnector alone is left
    assert {row["country"] for row in rows} <= set(folder("europe-gas-2021").network.nodes) - {"GBR", "UKR"}


def test_a_corridor_may_be_a_node_a_supplier_or_an_asset() -> None:
    network = folder("europe-gas-2021").network
    of_ukraine = {link.name for link in network.links if "UKR" in (link.origin, link.destination)}
    by_node = regional("europe-gas-2021", ["UKR"], "EU")
    by_name = regional("europe-gas-2021", sorted(of_ukraine), "EU")
    assert by_node.records() == by_name.records()
    with pytest.raises(
        RequestError, match=r"no asset, supplier or node 'Yamal'.*Did you mean 'Yamal-Europe'\?"
    ):
        regional("europe-gas-2021", ["Yamal"])
