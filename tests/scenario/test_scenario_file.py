"""A scenario file says what it means, or is refused with line, key and the nearest word."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weaklink.errors import RequestError, SourceError
from weaklink.network.model import asset_of
from weaklink.scenario.draws import drawn_winters, without_ranges
from weaklink.scenario.library import chosen, library
from weaklink.scenario.model import Scenario, Shock
from weaklink.scenario.on_network import out_of_service, saved, shocked, struck
from weaklink.study.networks import folder
from weaklink.tomlfile import parsed

DAYS = [date(2022, 12, 1) + timedelta(n) for n in range(21)]
TEXT = """
name = "mine"
title = "A test"
who = "world"
source = "own"
network = "generators-exercise"

[[shock]]
target = "asset"
names = ["Local refinery"]
lost = { low = 0.2, likely = 0.5, high = 0.9 }
first_day = 2022-12-05

[response]
saving = { low = 0.0, likely = 0.1, high = 0.2 }

[uncertainty]
winter = 0.05
"""


@pytest.mark.parametrize("name", sorted(library()))
def test_every_scenario_of_the_library_fits_its_network(name: str) -> None:
    scenario = library()[name]
    assert scenario.name == name
    found = folder(scenario.network, scenario.demand)
    assert shocked(found.network, found.about.days, scenario).periods == len(found.about.days)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'target = "asset"',
            'target = "assets"',
            "row 9, key shock.0.target: 'assets' is not one of supplier, asset, node, exports, production, passage. Did you mean asset?",
        ),
        ("high = 0.9", "high = 1.9", "lost must be a share from 0 to 1"),
        ("low = 0.2", "low = 0.6", "low, likely and high must rise"),
        ("[response]\nsaving", "[response]\nsavings", "Did you mean saving?"),
        ("first_day = 2022-12-05", "first_day = 2022-12-05\nlast_day = 2022-12-01", "must not be before"),
        ("first_day = 2022-12-05", 'recovery = "linear"', "go together"),
        ('who = "world"\n', "", "key who: 'nothing'"),
        ('title = "A test"', "title = A test", "is not TOML"),
    ],
)
def test_what_is_wrong_is_named_with_line_key_and_nearest_match(old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(SourceError) as refused:
        parsed(TEXT.replace(old, new), "mine.toml", Scenario)
    assert said in str(refused.value)


def test_a_name_that_is_not_in_the_library_gets_the_nearest_one() -> None:
    with pytest.raises(RequestError, match="Did you mean gas-cutoff-2022"):
        chosen("gas-cutof-2022")


def test_a_shock_on_an_unknown_asset_gets_the_nearest_one() -> None:
    shock = Shock(target="asset", names=("Local refinry",), lost=1.0)
    with pytest.raises(RequestError, match="Did you mean Local refinery"):
        struck(folder("generators-exercise").network, DAYS, shock, 1.0)


@given(st.floats(0, 1), st.integers(0, 20), st.integers(0, 20), st.integers(1, 10))
@settings(max_examples=25)
def test_a_loss_lies_between_nothing_and_all_of_it(lost: float, first: int, length: int, back: int) -> None:
    begin = DAYS[first]
    shock = Shock(
        target="asset",
        names=("Local refinery",),
        lost=lost,
        first_day=begin,
        last_day=begin + timedelta(length),
        recovery="linear",
        recovery_days=back,
    )
    share = out_of_service(DAYS, shock)
    assert ((share >= 0) & (share <= 1)).all()
    assert share[:first].sum() == 0
    assert share[first] == 1
    assert (np.diff(share[first:]) <= 0).all()


def test_a_supplier_that_is_lost_sends_nothing_through_any_entry() -> None:
    found = folder("europe-gas-2022")
    network = shocked(found.network, found.about.days, chosen("gas-cutoff-2022"))
    hit = [entry for entry in network.entries if entry.source == "Russia"]
    assert hit
    assert all(not np.any(entry.capacity) for entry in hit)
    kept = [entry for entry in network.entries if entry.source == "Russia to Türkiye"]
    assert all(np.all(entry.capacity) for entry in kept)


def test_a_lost_node_loses_its_links_entries_and_stores() -> None:
    network = folder("generators-exercise").network
    shock = Shock(target="node", names=("DEPOT-C",), lost=1.0)
    struck_ = struck(network, DAYS, shock, 1.0)
    assert all(not np.any(one.forward) for one in struck_.links if "DEPOT-C" in (one.origin, one.destination))
    assert all(not np.any(one.availability) for one in struck_.storages if one.node == "DEPOT-C")
    assert any(np.any(one.forward) for one in struck_.links)


def test_no_shock_and_no_saving_change_nothing() -> None:
    network = folder("generators-exercise").network
    shock = Shock(target="asset", names=("Local refinery",), lost=0.0)
    same = saved(struck(network, DAYS, shock, 0.0), 0.0)
    np.testing.assert_array_equal(same.demand, network.demand)
    for one, other in zip(same.entries, network.entries, strict=True):
        np.testing.assert_array_equal(same.series(one.capacity), network.series(other.capacity))


def test_the_nth_winter_of_a_seed_is_the_same_however_many_are_drawn() -> None:
    scenario = parsed(TEXT, "mine.toml", Scenario)
    network = folder("generators-exercise").network
    base = without_ranges(network, DAYS, scenario)
    few, many = (list(drawn_winters(base, DAYS, scenario, count, 7)) for count in (2, 4))
    for one, other in zip(few, many, strict=False):
        np.testing.assert_array_equal(one.demand, other.demand)
        np.testing.assert_array_equal(one.service, other.service)
    assert not np.array_equal(many[0].demand, many[1].demand)


def test_a_range_of_a_shock_is_drawn_within_its_bounds() -> None:
    scenario = parsed(TEXT, "mine.toml", Scenario)
    network = folder("generators-exercise").network
    base = without_ranges(network, DAYS, scenario)
    place = base.assets.index("Local refinery")
    assert asset_of(base.entries[1]) == "Local refinery"
    left = np.array([winter.service[place] for winter in drawn_winters(base, DAYS, scenario, 8, 1)])
    assert (left[:, :4] == 1).all()
    assert ((left[:, 4:] >= 0.1 - 1e-12) & (left[:, 4:] <= 0.8 + 1e-12)).all()


def test_a_supplier_of_the_ranges_that_is_not_there_is_named() -> None:
    scenario = parsed(TEXT.replace("winter = 0.05", "supply = { Mars = 0.1 }"), "mine.toml", Scenario)
    network = folder("generators-exercise").network
    with pytest.raises(RequestError, match="Mars"):
        next(drawn_winters(network, DAYS, scenario, 1, 1))


def test_a_file_is_found_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(TEXT, encoding="utf-8")
    assert chosen(str(path)).title == "A test"
