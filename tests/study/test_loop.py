"""Claims on the loop: risk, measures, delivery, residual, new data. Each residual is that of the model, run again.

The network is the invented exercise with generators. Figures are held against `network.dispatch` with stores that are
filled here by hand, which knows nothing of catalogues and registers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weaklink.errors import RegisterError, RequestError, SourceError
from weaklink.mitigation.on_network import Action, acted
from weaklink.network.dispatch import dispatch
from weaklink.register import Stamp
from weaklink.register.rating import Rating, bounds, level
from weaklink.register.sharing import Policy
from weaklink.study import networks
from weaklink.study.delivered import Delivered, in_place
from weaklink.study.reduce import Wish, reduced
from weaklink.study.register_changes import added, put, set_to
from weaklink.study.register_check import checked, refreshed, states
from weaklink.study.register_links import linked
from weaklink.study.register_risks import history, risks, shown
from weaklink.study.register_treatments import planned, treated
from weaklink.study.registers import changed, made, viewed
from weaklink.study.stress import planned as plan_of
from weaklink.study.stress import set_up
from weaklink.tables.reducing import REDUCE

DAY = date(2026, 11, 26)
STAMP = Stamp("ana", "2026-11-26T06:00:00Z", "")
OVER = "0.05,0.1,0.15,0.25"
SCENARIO = """
name = "bridge-out"
title = "Exercise: a bridge is out for a week"
who = "world"
source = "invented exercise"
network = "{network}"
[[shock]]
target = "asset"
names = ["Road west-centre"]
lost = 1.0
first_day = 2022-12-08
last_day = 2022-12-14
recovery = "at once"
[response]
sharing = "equal"
protect = true
"""
FULLER = {"catalogue": "generators-exercise", "measure": "fuller-tanks", "lowers": "impact"}
DELIVERED = {"status": "delivered", "delivered_on": "2026-11-20"}


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    """The sheets of the exercise, as a folder of a user's own."""
    networks.export("generators-exercise", tmp_path / "sites")
    return tmp_path / "sites"


@pytest.fixture
def scenario(sites: Path) -> str:
    file = sites.parent / "bridge.toml"
    file.write_text(SCENARIO.format(network=sites), encoding="utf-8")
    return str(file)


@pytest.fixture
def path(tmp_path: Path, scenario: str) -> Path:
    return registered(tmp_path / "loop.register", scenario, OVER)


def registered(path: Path, scenario: str, over: str) -> Path:
    """A register with one risk whose impact is computed, before any measure and with what is delivered."""
    made(path, STAMP, "uk-nrr", "plain")
    said = {
        "title": "Sites without power",
        "inherent_likelihood": 4,
        "residual_likelihood": 4,
        "review_due": "2027-06-30",
    }
    added(path, STAMP, "risk", "R-1", said)
    linked(path, STAMP, "R-1", "before", "network", {"scenario": scenario}, Rating("inherent_impact", over))
    question = {"scenario": scenario, "measures": "delivered"}
    linked(path, STAMP, "R-1", "now", "network", question, Rating("residual_impact", over))
    return path


def shrink(sites: Path) -> None:
    """A new sheet: the assistance package is smaller."""
    sheet = sites / "suppliers.csv"
    text = sheet.read_text(encoding="utf-8")
    assert "Assistance package,100,1500," in text
    sheet.write_text(text.replace("package,100,1500,", "package,80,1200,"), encoding="utf-8")


def figures(path: Path) -> dict[str, float]:
    rows = [row for row in shown(path, "R-1").records() if row["field"] == "figure"]
    return {row["id"]: float(row["value"]) for row in rows}


def levels(path: Path) -> tuple[int, int]:
    (row,) = risks(path).records()
    return row["inherent_impact"], row["residual_impact"]


def problems(path: Path) -> list[str]:
    found: list[str] = checked(path, DAY).column("problem")
    return found


def by_hand(scenario: str, more: dict[str, float]) -> float:
    """Share unserved of a dispatch on stores that are filled by so much more; no catalogue, no register."""
    network = set_up(scenario).network
    stores = tuple(replace(one, start=one.start + more.get(one.node, 0.0)) for one in network.storages)
    plan = dispatch(replace(network, storages=stores), "equal", urgent=True)
    return plan.total_unserved / float(network.demand_by_node.sum())


def test_the_loop_from_a_computed_risk_to_a_measure_to_a_new_vintage(
    path: Path, scenario: str, sites: Path
) -> None:
    """Inherent and residual agree with `network.dispatch`, before and after delivery, before and after new data."""
    inherent = by_hand(scenario, {})
    assert figures(path) == pytest.approx({"before": inherent, "now": inherent}, rel=1e-9)
    assert levels(path) == (5, 5)
    assert problems(path) == []

    treated(path, STAMP, "R-1", "T-1", {**FULLER, "where": "DEPOT-C", "amount": 168})
    assert problems(path) == []  # what is only planned changes nothing
    treated(path, STAMP, "R-1", "T-1", DELIVERED)
    (stale,) = checked(path, DAY).records()
    assert (stale["problem"], stale["id"]) == ("stale evidence", "now")
    assert stale["what"].startswith("re-run: measures delivered changed (none → T-1 ")

    (moved,) = refreshed(path, STAMP).records()
    assert (moved["before"], moved["after"]) == pytest.approx(
        (inherent, by_hand(scenario, {"DEPOT-C": 168.0})), rel=1e-9
    )
    assert moved["after"] < inherent
    assert levels(path) == (5, 4)
    assert problems(path) == []

    shrink(sites)
    found = [(row["problem"], row["id"]) for row in checked(path, DAY).records()]
    assert found == [("stale evidence", "before"), ("stale evidence", "now")]
    again = {row["id"]: row for row in refreshed(path, STAMP).records()}
    assert again["before"]["after"] == pytest.approx(by_hand(scenario, {}), rel=1e-9)
    assert again["now"]["after"] == pytest.approx(by_hand(scenario, {"DEPOT-C": 168.0}), rel=1e-9)
    assert again["now"]["before"] == pytest.approx(moved["after"], rel=1e-12)
    assert again["now"]["difference"] > 0
    assert problems(path) == []

    typed = [row for row in history(path, "R-1").records() if row["field"].endswith("_impact")]
    assert all("by its bounds" in row["why"] for row in typed)


def test_a_residual_is_not_refreshed_above_an_inherent_level_of_older_data(
    tmp_path: Path, scenario: str, sites: Path
) -> None:
    path = registered(tmp_path / "other.register", scenario, "0.1,0.26,0.5,0.9")
    assert levels(path) == (2, 2)
    shrink(sites)
    before = figures(path)
    with pytest.raises(RegisterError, match="residual_impact 3 is above inherent_impact 2"):
        refreshed(path, STAMP, ["now"])
    assert figures(path) == before
    refreshed(path, STAMP)
    assert levels(path) == (3, 3)


def test_a_mix_that_reduce_promises_is_what_the_register_finds_once_it_is_delivered(
    path: Path, scenario: str, tmp_path: Path
) -> None:
    """The replay of `weaklink reduce` brackets the loss with its mix by day; the register plays it by another way."""
    answer = reduced(Wish(scenario, "generators-exercise", ("unserved <= 12%",)))
    file = tmp_path / "mix.csv"
    rows = [
        ",".join(str(row[name]) for name in ("measure", "where", "amount")) for row in answer.mix.records()
    ]
    file.write_text("\n".join(["measure,where,amount", *rows]) + "\n", encoding="utf-8")
    planned(path, STAMP, "R-1", file, {"catalogue": "generators-exercise", "lowers": "impact"})
    ids = {row["id"] for row in shown(path, "R-1").records() if row["kind"] == "treatment"}
    assert "R-1/fuller-tanks@DEPOT-C" in ids
    assert len(ids) == len(rows)
    for id_ in ids:
        treated(path, STAMP, "R-1", id_, DELIVERED)
    (moved,) = refreshed(path, STAMP).records()
    replay, demand = answer.found.replay, float(answer.asked.demand[0])
    assert replay.low[0] * (1 - 1e-6) <= moved["after"] * demand <= replay.high[0] * (1 + 1e-6)
    assert moved["after"] <= 0.12 * (1 + 1e-6)
    assert levels(path) == (5, 3)
    assert answer.mix.schema.names[:2] == REDUCE.names[:2]
    with pytest.raises(RegisterError, match="already"):
        planned(path, STAMP, "R-1", file, {})


def test_a_mix_is_taken_whole_or_not_at_all(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "mix.csv"
    file.write_text("measure,where,amount\nfuller-tanks,DEPOT-C,10\nfuller-tanks,DEPOT-X,10\n")
    with pytest.raises(RequestError, match=r"cannot work at 'DEPOT-X'.*Did you mean DEPOT-"):
        planned(path, STAMP, "R-1", file, {"catalogue": "generators-exercise"})
    file.write_text("measure,amount\nfuller-tanks,much\n")
    with pytest.raises(SourceError, match="where"):
        planned(path, STAMP, "R-1", file, {"catalogue": "generators-exercise"})
    assert [row for row in shown(path, "R-1").records() if row["kind"] == "treatment"] == []


def test_a_level_that_a_figure_gives_is_not_set_by_hand_and_is_told_where_it_was(path: Path) -> None:
    with pytest.raises(RegisterError, match="residual_impact of R-1 follows from evidence now"):
        set_to(path, STAMP, "risk", "R-1", {"residual_impact": 1})
    with pytest.raises(RegisterError, match="follows from evidence before"):
        linked(path, STAMP, "R-1", "E", "trade", {}, Rating("inherent_impact", OVER))
    with pytest.raises(RegisterError, match="4 growing numbers"):
        linked(path, STAMP, "R-1", "E", "trade", {}, Rating("residual_impact", "0.1,0.05"))
    set_to(path, STAMP, "risk", "R-1", {"residual_likelihood": 2})
    assert problems(path) == ["unsupported residual"]


def test_a_level_that_a_workbook_has_changed_is_told_and_computed_again(path: Path) -> None:
    with changed(path) as (register, rules):  # as an import does
        put(register, STAMP, rules, ("risk", "R-1"), {"residual_impact": 1})
    (_, told) = [(row["problem"], row["what"]) for row in checked(path, DAY).records()][-1]
    assert "level by hand" in problems(path)
    assert "unsupported residual" in problems(path)
    assert "below inherent 5" in told
    refreshed(path, STAMP, ["now"])
    assert problems(path) == []


def test_a_copy_does_not_name_a_hidden_treatment_in_the_evidence_that_it_is_in(path: Path) -> None:
    secret = {**FULLER, "where": "DEPOT-C", "amount": 50, "marking": "confidential"}
    treated(path, STAMP, "R-1", "T-7", {**secret, **DELIVERED})
    refreshed(path, STAMP)
    assert "T-7" in str(shown(path, "R-1").records())
    copy = str(shown(path, "R-1", Policy("restricted")).records())
    assert "with [withheld] delivered" in copy
    assert "T-7" not in copy
    assert "fuller-tanks" not in copy


def test_what_cannot_be_delivered_is_refused(path: Path, scenario: str) -> None:
    for where, amount, said in (
        ("DEPOT-X", 1, "Did you mean DEPOT-"),
        ("DEPOT-C", 169, "more than can be used"),
    ):
        with pytest.raises(RequestError, match=said):
            treated(path, STAMP, "R-1", "T-1", {**FULLER, "where": where, "amount": amount})
    treated(path, STAMP, "R-1", "T-1", {**FULLER, "where": "DEPOT-C", "amount": 100, **DELIVERED})
    treated(path, STAMP, "R-1", "T-2", {**FULLER, "where": "DEPOT-C", "amount": 100, **DELIVERED})
    with pytest.raises(RequestError, match="200 MWh is more than can be used"):  # each alone would do
        refreshed(path, STAMP)
    with pytest.raises(RequestError, match="write measures=delivered"):
        linked(path, STAMP, "R-1", "E", "network", {"scenario": scenario, "measures": "wished"})


def test_a_copy_for_others_says_nothing_that_hangs_on_treatments(path: Path) -> None:
    assert set(states(viewed(path)).values()) == {"current"}
    assert states(viewed(path, Policy("restricted"))) == {"before": "current", "now": "unchecked"}


MOST = {
    ("fill", "fuller-tanks", "DEPOT-W"): 160.0,
    ("fill", "fuller-tanks", "DEPOT-C"): 168.0,
    ("saving", "less-heating", "HEAT-A"): 226.0,
    ("supply", "second-package", "Assistance package"): 600.0,
    ("asset", "pontoon-bridge", "Road west-centre"): 1.0,
}  # as the catalogue and the sheets have it


@settings(max_examples=15, deadline=None)
@given(st.dictionaries(st.sampled_from(list(MOST)), st.floats(0.1, 1.0), min_size=1))
def test_what_is_delivered_never_hurts_and_is_the_dispatch_of_its_network(
    shares: dict[tuple[Any, str, str], float],
) -> None:
    """Against `mitigation.on_network.acted`, which `weaklink reduce` replays, for each kind of measure."""
    case = set_up("generators-bridge-exercise")
    mix = {key: MOST[key] if key[0] == "asset" else share * MOST[key] for key, share in shares.items()}
    there = in_place(
        case,
        [Delivered(name, "generators-exercise", name, where, much) for (_, name, where), much in mix.items()],
    )
    actions = [Action(change, where) for change, _, where in mix]
    other = acted(case.network, case.folder.network, actions, np.array(list(mix.values())))
    unserved = plan_of(there).total_unserved
    assert unserved == pytest.approx(dispatch(other, "equal", urgent=True).total_unserved, abs=1e-6)
    assert unserved <= plan_of(case).total_unserved + 1e-6
    assert in_place(case, ()).network == case.network


def test_a_whole_measure_is_not_delivered_in_part() -> None:
    half = Delivered("T", "generators-exercise", "pontoon-bridge", "Road west-centre", 0.5)
    with pytest.raises(RequestError, match="comes whole"):
        in_place(set_up("generators-bridge-exercise"), [half])


def test_a_saving_does_not_raise_the_share_that_goes_unserved(path: Path) -> None:
    """The denominator is the demand before any measure: 3,150 MWh on the sheets of the exercise."""
    saved = {"catalogue": "generators-exercise", "measure": "less-heating", "where": "HEAT-A", "amount": 100}
    treated(path, STAMP, "R-1", "T-1", {**saved, **DELIVERED})
    (moved,) = refreshed(path, STAMP).records()
    assert moved["before"] * 3150 == pytest.approx(796)
    assert 796 - 100 <= moved["after"] * 3150 + 1e-6 < 796


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_larger_figure_never_gives_a_lower_level(one: float, other: float) -> None:
    over: Any = bounds(OVER, 5)
    low, high = sorted((one, other))
    assert 1 <= level(low, over) <= level(high, over) <= 5
