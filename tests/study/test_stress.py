"""What a scenario does to a network: identities on an exercise, plausibility and back-tests on Europe."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from weaklink.errors import RequestError
from weaklink.network.dispatch import dispatch
from weaklink.network.model import Network
from weaklink.study.back_test import back_test
from weaklink.study.network_outages import standard, worst_outages
from weaklink.study.networks import folder
from weaklink.study.stress import Stress, set_up, share_unserved, stressed
from weaklink.study.stress_draws import played

EXERCISE = "generators-bridge-exercise"


@pytest.fixture(scope="module")
def exercise() -> Stress:
    return stressed(EXERCISE)


@pytest.fixture(scope="module")
def cutoff() -> Stress:
    return stressed("gas-cutoff-2022")


def test_rows_add_up_to_the_days_and_to_the_plan(exercise: Stress) -> None:
    rows, days = exercise.countries.records(), exercise.days.records()
    by_day = sum(row["unserved_mwh"] for row in days)
    assert sum(row["unserved_mwh"] for row in rows) == pytest.approx(by_day)
    assert by_day == pytest.approx(exercise.plan.total_unserved)
    for row in rows:
        assert 0 <= row["curtailment_rate"] <= row["worst_day_rate"] <= 1
        assert row["protected_unserved_mwh"] <= row["unserved_mwh"] + 1e-9


def test_the_columns_on_drawn_winters_are_empty_unless_winters_are_drawn(exercise: Stress) -> None:
    assert set(exercise.countries.column("probability_of_curtailment")) == {None}


def test_a_shock_never_lowers_unserved_demand(exercise: Stress) -> None:
    whole = dispatch(folder("generators-exercise").network, "equal")
    assert exercise.plan.total_unserved >= whole.total_unserved - 1e-6


def test_drawn_winters_lie_inside_their_bracket_and_repeat_by_seed() -> None:
    one, two = (stressed(EXERCISE, draws=3, seed=5) for _ in range(2))
    assert one.winters is not None
    assert (one.winters.found.low <= one.winters.found.high + 1e-6).all()
    assert one.countries.digest == two.countries.digest
    said = [caveat for caveat in one.countries.caveats if "3 winters drawn with seed 5" in caveat]
    assert len(said) == 1
    assert "gap" in said[0]


def test_the_same_question_has_the_same_digest(exercise: Stress) -> None:
    assert stressed(EXERCISE).countries.digest == exercise.countries.digest


def test_both_rules_of_sharing_leave_the_same_total_unserved(cutoff: Stress) -> None:
    own = stressed("gas-cutoff-2022", "own-first")
    assert own.plan.total_unserved == pytest.approx(cutoff.plan.total_unserved, rel=1e-4)
    assert own.case.scenario.response.sharing == "own-first"


def test_equal_sharing_gives_members_without_bottleneck_the_same_rate(cutoff: Stress) -> None:
    """Equal rates inside a bottleneck region: the signature of ENTSOG's cooperative mode (TYNDP 2022)."""
    rates = {row["country"]: row["curtailment_rate"] for row in cutoff.countries.records()}
    region = [rates[code] for code in ("AUT", "CZE", "HUN", "POL", "SVK", "DEU")]
    assert max(region) - min(region) < 0.0101  # one segment of the penalty
    assert 0.01 < max(region) < 0.2


def test_the_saving_that_was_agreed_avoids_curtailment_of_the_union() -> None:
    """The Commission's case for 15 %: no member but at the very edge of the network goes short."""
    answer = stressed("gas-cutoff-2022-saving")
    assert share_unserved(answer.case, answer.plan) < 1e-3


def without_recent_links(network: Network, latvian_withdrawal: float) -> Network:
    """The Baltic states as they were in 2014: no Balticconnector, no terminal in Lithuania or Finland."""
    lithuanian = {"FSRU Independence", "Inkoo"}
    return replace(
        network,
        links=tuple(link for link in network.links if link.name not in {"Balticconnector", "GIPL"}),
        entries=tuple(entry for entry in network.entries if entry.name not in lithuanian),
        storages=tuple(
            replace(one, withdrawal=one.withdrawal.scaled(latvian_withdrawal / one.withdrawal.at(1.0)))
            if one.node == "LVA"
            else one
            for one in network.storages
        ),
    )


def test_finland_and_estonia_of_the_stress_test_of_2014_within_the_range_explained() -> None:
    """COM(2014) 654, six months, no cooperation: FI 100 %, EE 73 to 100 %, as reported.

    On the pipes of 2014 Finland is out altogether, whatever Latvia's store does. Estonia hangs on that store:
    with the 52 GWh a day that an older model has (GAMAMOD 2015, test data) it is short; with the 315 that GIE
    prints, it is not. The published figure lies between.
    """
    case = set_up("gas-cutoff-2021")
    rates = {}
    for withdrawal in (20.0, 52.0, 315.0):
        plan = dispatch(without_recent_links(case.network, withdrawal), "own-first")
        finland, estonia = (plan.curtailment_rate[case.network.nodes.index(c)] for c in ("FIN", "EST"))
        assert finland == pytest.approx(1.0)
        rates[withdrawal] = estonia
    assert rates[315.0] < 0.73 < rates[20.0]
    assert rates[20.0] >= rates[52.0] >= rates[315.0]


KNOWN = {  # largest errors of the day of writing, rounded up: a test fails when one worsens
    ("storage 2021-12-31, gas-winter-2021", "EU"): 0.03,
    ("storage 2022-01-31, gas-winter-2021", "EU"): 0.06,
    ("storage 2022-03-31, gas-winter-2021", "EU"): 0.11,
    ("storage 2023-01-31, gas-winter-2022", "EU"): 0.08,
    ("storage 2023-03-31, gas-winter-2022", "EU"): 0.10,
    ("unserved, gas-winter-2021", "EU"): 0.001,
    ("unserved, gas-winter-2022", "EU"): 0.001,
    ("saving, gas-winter-2022", "EU"): 0.01,
}


def test_no_back_test_of_the_union_is_worse_than_it_was() -> None:
    rows = back_test("gas-winter-2021").records() + back_test("gas-winter-2022").records()
    errors = {(row["figure"], row["area"]): row["error"] for row in rows}
    assert errors.keys() >= KNOWN.keys()
    for figure, most in KNOWN.items():
        assert abs(errors[figure]) <= most, figure


def test_the_largest_errors_of_the_back_test_have_a_reason() -> None:
    rows = sorted(back_test().records(), key=lambda row: -abs(row["error"]))
    assert all(row["reason"] for row in rows[:10])


def test_single_outages_are_ranked_and_pairs_are_proven() -> None:
    ranked = worst_outages("generators-exercise", 1).records()
    added = [row["added_mwh"] for row in ranked]
    assert added == sorted(added, reverse=True)
    pair = worst_outages("generators-exercise", 2)
    assert pair.records()[0]["added_mwh"] >= added[0] - 1e-6
    assert any("rule them out" in caveat for caveat in pair.caveats)


def test_a_scenario_on_another_network_is_refused() -> None:
    with pytest.raises(RequestError, match="europe-gas-2022"):
        worst_outages("generators-exercise", 1, scenario="gas-cutoff-2022")


def test_the_formula_falls_with_lower_stores_and_rises_with_demand_side_measures() -> None:
    for row in standard("europe-gas-2022", demand_side=0.1).records():
        assert row["n_minus_1_low_storage"] <= row["n_minus_1"] + 1e-12
        assert row["n_minus_1_demand_side"] == pytest.approx(row["n_minus_1"] / 0.9)


def test_the_formula_is_its_terms() -> None:
    for row in standard("europe-gas-2022").records():
        terms = ("borders", "production", "storage", "terminals")
        supply = sum(row[f"{term}_gwh_day"] for term in terms) - row["largest_capacity_gwh_day"]
        assert row["n_minus_1"] == pytest.approx(supply / row["peak_gwh_day"])


def test_published_failures_of_the_standard_are_found_where_the_network_still_has_them() -> None:
    """TYNDP 2017 names needs in BA, IE, MK, SE, SI, PT …; those that nothing was built for still fail or nearly."""
    rows = {row["country"]: row["n_minus_1"] for row in standard("europe-gas-2022").records()}
    assert all(rows[code] < 1 for code in ("BIH", "MKD", "IRL", "SWE"))
    assert all(rows[code] > 1 for code in ("DEU", "NLD", "BEL", "AUT", "CZE"))


def test_a_scenario_of_ones_own_runs_on_a_folder_of_ones_own(tmp_path: Path) -> None:
    from weaklink.study.networks import export

    export("generators-exercise", tmp_path / "net")
    text = f'name = "mine"\ntitle = "T"\nwho = "world"\nsource = "own"\nnetwork = "{tmp_path / "net"}"\n'
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    answer = stressed(str(tmp_path / "mine.toml"))
    whole = dispatch(folder("generators-exercise").network, "equal")
    np.testing.assert_allclose(answer.plan.total_unserved, whole.total_unserved)


def test_drawn_winters_of_the_embedded_network_are_known_within_a_hundredth() -> None:
    """Before stock prices fell inside weeks, and ships were priced by day, the gap was a tenth."""
    case = set_up("gas-cutoff-2022")
    found = played(case.folder.network, case.days, case.scenario, 3, 1).found
    assert found.low.min() > 0
    assert found.gap < 0.01
