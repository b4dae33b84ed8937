"""Is a mix for a scenario what it says it is? Replayed, proven, told with its sources; on an exercise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from weaklink.errors import RequestError, SourceError
from weaklink.mitigation.options import total_cost
from weaklink.mitigation.portfolio import ConflictError
from weaklink.network.dispatch import dispatch
from weaklink.report.reduce_page import rendered
from weaklink.study.measures import measure_list
from weaklink.study.reduce import Reduction, Wish, catalogue, reduced
from weaklink.study.reduce_gains import gains, regret, years
from weaklink.study.reduce_report import answer_of
from weaklink.study.reduce_several import reduced_together

WISH = Wish("generators-bridge-exercise", "generators-exercise", ("unserved <= 12%",))


@pytest.fixture(scope="module")
def answer() -> Reduction:
    return reduced(replace(WISH, points=4))


def test_the_mix_keeps_its_target_in_the_simulator_that_measured_the_risk(answer: Reduction) -> None:
    asked = answer.asked
    found = dispatch(asked.with_mix(answer.found.mix.amounts))
    assert found.total_unserved <= 0.12 * asked.demand[0] * (1 + 1e-6)
    assert dispatch(asked.network).total_unserved > 0.12 * asked.demand[0], "without it, it is not kept"


def test_the_proof_is_printed_and_near(answer: Reduction) -> None:
    more = answer.more
    assert more["bound"] <= more["objective"] <= more["bound"] * 1.02
    assert set(more["duals"]) == {"unserved <= 12%"}
    assert more["objective"] == pytest.approx(total_cost(answer.asked.options, answer.found.mix.amounts))
    assert sum(answer.mix.column("cost")) == pytest.approx(more["objective"])


def test_every_row_has_cost_effect_and_source(answer: Reduction) -> None:
    for row in answer.mix.records():
        assert row["amount"] > 0
        assert row["cost"] >= 0
        assert row["effect"] >= 0
        assert 0 < row["share_of_most"] <= 1 + 1e-9
        assert row["source"] == "invented exercise"


def test_points_of_the_frontier_cost_more_for_less_risk_and_hold_when_replayed(answer: Reduction) -> None:
    assert answer.frontier is not None
    rows = answer.frontier.records()
    assert [row["cost"] for row in rows] == sorted(row["cost"] for row in rows)
    assert [row["expected"] for row in rows] == sorted((row["expected"] for row in rows), reverse=True)
    for row in rows:  # days inside a week can only lose more than the week as a whole
        assert row["replayed"] >= row["expected"] - 1e-3
        assert row["expected"] <= row["tail"] + 1e-6 <= row["worst"] + 2e-6


def test_a_mix_that_stands_any_outage_is_dearer_and_proven(answer: Reduction) -> None:
    robust = reduced(replace(WISH, targets=("unserved <= 12%", "outage 1 unserved <= 50%")))
    assert robust.found.mix.cost > answer.found.mix.cost * 1.1
    (worst,) = robust.found.outages.proof.values()
    assert worst.proven
    assert worst.outage.unserved <= 0.5 * robust.asked.likely.total_demand * (1 + 1e-5)
    assert any("none of" in caveat for caveat in robust.mix.caveats)


def test_what_conflicts_is_named() -> None:
    with pytest.raises(ConflictError, match="unserved <= 12% and the budget together"):
        reduced(replace(WISH, budget=0.5))


def test_costs_of_ones_own_move_the_mix(answer: Reduction) -> None:
    dear = reduced(replace(WISH, costs={"second-package": 1.0}))
    used = dict(zip(answer.mix.column("measure"), answer.mix.column("amount"), strict=True))
    now = dict(zip(dear.mix.column("measure"), dear.mix.column("amount"), strict=True))
    assert now.get("second-package", 0) < used["second-package"]
    assert dear.mix.provenance.parameters["cost of second-package"] == "1"


def test_gains_add_up_to_what_the_mix_changes(answer: Reduction) -> None:
    rows = gains(answer).records()
    paid = sum(row["cost"] for row in rows)
    assert paid == pytest.approx(answer.found.mix.cost)
    for row in rows:
        if row["country"] != "all":
            assert row["gain"] == pytest.approx(row["before"] - row["after"])


def test_years_spend_no_more_than_they_have_and_end_with_the_mix(answer: Reduction) -> None:
    yearly = answer.found.mix.cost / 3
    rows = years(answer, yearly).records()
    spent: dict[int, float] = {}
    for row in rows:
        spent[row["year"]] = spent.get(row["year"], 0.0) + row["cost"]
    reached = 0.0
    for year in sorted(spent):
        reached += spent[year]
        assert reached <= year * yearly + 1e-6
    assert reached <= answer.found.mix.cost + 1e-6
    expected = [row["expected"] for row in rows]
    assert expected == sorted(expected, reverse=True)


@pytest.fixture
def refinery(tmp_path: Path) -> str:
    """A second scenario of the exercise: the refinery is out, the bridge stands."""
    file = tmp_path / "refinery-exercise.toml"
    file.write_text(
        'name = "refinery-exercise"\ntitle = "Exercise: the refinery is out"\nwho = "world"\n'
        'source = "invented exercise"\nnetwork = "generators-exercise"\n[[shock]]\ntarget = "asset"\n'
        'names = ["Local refinery"]\nlost = 1.0\n',
        encoding="utf-8",
    )
    return str(file)


def test_no_mix_is_better_in_a_scenario_than_the_one_made_for_it(refinery: str) -> None:
    rows = regret(WISH, [WISH.scenario, refinery], 1.0).records()
    assert len(rows) == 4
    for row in rows:
        assert row["regret"] >= 0
        assert row["cost"] <= 1.0 + 1e-6
        if row["mix"] == row["scenario"]:
            assert row["regret"] == pytest.approx(0.0, abs=1e-6)


def test_one_mix_keeps_the_targets_in_every_scenario(refinery: str, answer: Reduction) -> None:
    found, more = reduced_together(WISH, [WISH.scenario, refinery])
    alone = reduced(replace(WISH, scenario=refinery))
    assert more["objective"] >= max(answer.found.mix.cost, alone.found.mix.cost) * 0.98
    assert more["bound"] <= more["objective"] + 1e-9
    amounts = {(row["measure"], row["where"]): row["amount"] for row in found.records()}
    for asked in (answer.asked, alone.asked):
        mix = np.array([amounts.get((one.measure, one.where), 0.0) for one in asked.options])
        assert dispatch(asked.with_mix(mix)).total_unserved <= 0.12 * asked.demand[0] * (1 + 1e-6)
    assert sum(found.column("cost")) == pytest.approx(more["objective"])


def test_the_page_says_the_answer_and_holds_its_pictures(answer: Reduction) -> None:
    files = rendered(answer_of(answer))
    page = files["index.html"].decode()
    assert "is reached for" in page
    assert "weaklink reduce generators-bridge-exercise" in page
    assert {"charts/waterfall.png", "charts/cost_frontier.svg", "charts/reduce.csv"} <= files.keys()
    assert "charts/before_after.png" not in files, "places of the exercise are on no map"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"measures": "gas-europa"}, "Did you mean gas-europe"),
        ({"targets": ("unserved < 1%",)}, "none that is known"),
        ({"targets": ("unserved <= 1%", "protected <= 1%")}, "all of `protected`"),
        ({"targets": ("share of CHN <= 65%",)}, "On a network"),
        ({"measures": "gas-europe"}, "which the network does not have"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_with_what_can(change: dict[str, object], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        reduced(replace(WISH, **change))  # type: ignore[arg-type]


def test_a_measure_without_a_cost_asks_for_the_users_own(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    text = (Path("src/weaklink/data/measures") / "generators-exercise.toml").read_text(encoding="utf-8")
    file.write_text(text.replace("unit_cost = 0.006", 'unit_cost = "user"'), encoding="utf-8")
    with pytest.raises(RequestError, match="--cost less-heating=VALUE"):
        reduced(replace(WISH, measures=str(file)))
    assert reduced(replace(WISH, measures=str(file), costs={"less-heating": 0.006})).found.mix.cost > 0


def test_a_wrong_catalogue_is_named_with_line_and_key(tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    text = (Path("src/weaklink/data/measures") / "generators-exercise.toml").read_text(encoding="utf-8")
    file.write_text(text.replace('changes = "fill"', 'changes = "fil"'), encoding="utf-8")
    with pytest.raises(SourceError, match="Did you mean fill"):
        catalogue(str(file))


def test_embedded_measures_name_source_and_quality() -> None:
    for row in measure_list().records():
        assert row["source"]
        assert row["quality"] in {"read", "recalled", "own choice", "second hand"}
