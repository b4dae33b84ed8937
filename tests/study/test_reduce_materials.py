"""Does a mix for materials keep what it promises in the lens of goods, at a cost that is proven and told?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from weaklink.cli.main import app
from weaklink.data import ROOT
from weaklink.errors import RequestError
from weaklink.mitigation.materials import changed
from weaklink.mitigation.portfolio import ConflictError
from weaklink.report.materials_page import rendered
from weaklink.scenario.library import chosen
from weaklink.shortfall import courses
from weaklink.study.losses import asked_for
from weaklink.study.material_setting import MaterialWish
from weaklink.study.material_trade import most_dependent
from weaklink.study.materials_report import answer_of
from weaklink.study.materials_told import MaterialReduction, reduced_materials
from weaklink.study.question import Question
from weaklink.study.reduce_red_lines import limits_of
from weaklink.study.screen import screen
from weaklink.study.shortfalls import shortfalls
from weaklink.study.suppliers import suppliers

WISH = MaterialWish(
    "without-largest-supplier",
    "materials",
    ("each of authoritarian@2024 <= 65%", "largest supplier <= 5%"),
    product="280450,280530",
    points=5,
)


@pytest.fixture(scope="module")
def answer() -> MaterialReduction:
    return reduced_materials(WISH)


def test_the_mix_keeps_the_targets_when_it_is_replayed_in_the_lens_of_goods(
    answer: MaterialReduction,
) -> None:
    amounts = answer.found.mix.amounts
    for loss, product in zip(answer.found.losses, answer.found.product, strict=True):
        bought = changed(loss.bought, loss.effects, amounts)
        missing = float(courses(bought, loss.responses).missing.sum()) / 1e6
        use = answer.asked.failing.use(product)
        assert missing <= 0.05 * use * (1 + 1e-4)
        assert loss.missing(np.zeros(len(amounts))) / 1e6 > 0.05 * use or loss.name.endswith("AUS")
    assert all(
        row["kept"] == "yes" and row["share_after"] <= 0.65 + 1e-6 for row in answer.products.records()
    )


def test_a_loss_without_measures_is_what_weaklink_stress_says() -> None:
    """The lens of goods, asked of a scenario with one supplier, against the supplier taken out of many."""
    scenario = chosen("without-largest-supplier")
    shock = scenario.shock[0].model_copy(update={"names": ("CHN",), "products": ("280530",)})
    alone = shortfalls(asked_for(scenario.model_copy(update={"shock": (shock,)})), draws=0)
    found = reduced_materials(replace(WISH, product="280530", points=0)).found
    loss = next(one for one in found.losses if one.name == "280530 without CHN")
    assert loss.missing(np.zeros(len(found.mix.amounts))) == pytest.approx(sum(alone.column("missing_usd")))


def test_shares_are_those_of_the_table_of_suppliers(answer: MaterialReduction) -> None:
    listed = suppliers("NATO@2024-12-31", 2024, product="280530").records()
    row = next(row for row in answer.products.records() if row["product"] == "280530")
    assert row["share_before"] == pytest.approx(listed[0]["share"])
    taken = sum(
        one["amount"]
        for one in answer.mix.records()
        if one["instead_of"] == "CHN" and one["product"] == "280530"
    )
    china = listed[0]["value_usd"] / 1e6 - taken
    assert row["share_after"] == pytest.approx(china / row["imports_musd"])


def test_with_stocks_alone_the_cost_is_keeping_what_would_be_missing_by_hand() -> None:
    wish = replace(
        WISH, targets=("largest supplier <= 5%",), product="280530", costs={"new-supplier": 99.0}, points=0
    )
    found = reduced_materials(wish)
    (row,) = found.mix.records()
    before = found.products.records()[0]["missing_before"] * found.asked.failing.use(0)
    needed = before - 0.05 * found.asked.failing.use(0)
    assert row["measure"] == "stock"
    assert row["cost"] == pytest.approx((0.05 + 0.02) * needed, rel=1e-4)  # interest and storage
    assert found.more["duals"]["largest supplier <= 5%"] == pytest.approx(0.07, rel=1e-4)


def test_the_new_largest_supplier_may_fail_too(answer: MaterialReduction) -> None:
    """Buying from one other only moves the dependence: its loss is a scenario once it matters."""
    row = next(row for row in answer.products.records() if row["product"] == "280530")
    if row["largest_after"] != row["supplier"]:
        assert f"280530 without {row['largest_after']}" in answer.more["scenarios"]
    assert answer.found.checked > 0


def test_what_each_measure_does_is_told_and_costs_add_up(answer: MaterialReduction) -> None:
    rows = answer.mix.records()
    assert sum(row["cost"] for row in rows) == pytest.approx(answer.more["objective"])
    assert sum(answer.products.column("cost")) == pytest.approx(answer.more["objective"])
    assert answer.more["bound"] <= answer.more["objective"] * (1 + 1e-9)
    assert answer.more["gap"] < 0.01
    for row in rows:
        assert row["amount"] > 0
        assert row["missing_without"] >= 0
        assert row["instead_of"] or row["measure"] == "stock"


def test_the_frontier_falls_and_is_convex_and_holds_when_replayed(answer: MaterialReduction) -> None:
    assert answer.frontier is not None
    cost, missing = (np.array(answer.frontier.column(name)) for name in ("cost", "missing"))
    assert len(cost) == 5
    assert (np.diff(cost) >= -1e-6).all()
    assert (np.diff(missing) <= 1e-6).all()
    slopes = np.diff(cost) / -np.diff(missing)
    assert (np.diff(slopes) >= -1e-4).all()
    assert np.array(answer.frontier.column("replayed")) == pytest.approx(missing, rel=1e-4, abs=1e-4)


def test_a_limit_that_no_mix_keeps_is_named_and_the_others_are_kept() -> None:
    found = reduced_materials(replace(WISH, product="250490,280530", points=0))
    kept = {row["product"]: row["kept"] for row in found.products.records()}
    assert kept == {"250490": "share of CHN in 250490 <= 65%", "280530": "yes"}
    assert "NOT REACHED" in found.mix.caveats[0]
    assert set(found.more["out_of_reach"]) == {"share of CHN in 250490 <= 65%"}


def test_a_catalogue_without_sellers_names_every_share_as_out_of_reach(tmp_path: Path) -> None:
    text = (ROOT / "measures" / "materials.toml").read_text(encoding="utf-8")
    head, first, rest = text.partition("[[measure]]")[0], "[[measure]]", text.split("[[measure]]")
    path = tmp_path / "stocks.toml"
    path.write_text(head + first + next(one for one in rest if 'name = "stock"' in one), encoding="utf-8")
    found = reduced_materials(replace(WISH, measures=str(path), points=0))
    assert len(found.more["out_of_reach"]) == 2
    assert {row["measure"] for row in found.mix.records()} == {"stock"}


def test_costs_of_ones_own_open_recycling_and_substitution(answer: MaterialReduction) -> None:
    assert any("--cost recycling=VALUE" in one for one in answer.mix.caveats)
    costs = {"recycling": 0.001, "substitution": 0.002}
    found = reduced_materials(replace(WISH, product="250490", costs=costs, points=0))
    assert {row["measure"] for row in found.mix.records()} >= {"recycling", "substitution"}
    assert found.products.column("kept") == ["yes"]


def test_all_of_a_larger_share_stays_cheaper(answer: MaterialReduction) -> None:
    """Cost never falls as limits tighten."""
    costs = [
        reduced_materials(
            replace(
                WISH, targets=(f"each of authoritarian@2024 <= {most}%", "largest supplier <= 5%"), points=0
            )
        ).more["objective"]
        for most in (90, 70)
    ]
    assert costs[0] <= costs[1] + 1e-9 <= answer.more["objective"] + 2e-9


def test_two_suppliers_fail_together_where_that_is_asked() -> None:
    wish = replace(WISH, targets=("2 largest suppliers <= 5%",), product="280530", points=0)
    found = reduced_materials(wish)
    assert all(" and " in name for name in found.more["scenarios"])
    one = reduced_materials(replace(wish, targets=("largest supplier <= 5%",)))
    assert found.more["objective"] >= one.more["objective"] - 1e-9


AS_WRITTEN = MaterialWish("china-rare-earths", "materials", ("unserved <= 5%",), draws=3)


def test_a_scenario_as_its_file_has_it_misses_what_weaklink_stress_says() -> None:
    found = reduced_materials(replace(AS_WRITTEN, draws=0))
    (loss,) = found.found.losses
    nothing = np.zeros(len(found.found.mix.amounts))
    alone = shortfalls(asked_for(chosen("china-rare-earths")), draws=0)
    assert loss.missing(nothing) == pytest.approx(sum(alone.column("missing_usd")))
    assert loss.missing(found.found.mix.amounts) / 1e6 <= 0.05 * found.asked.use * (1 + 1e-4)


def test_targets_on_what_is_unserved_hold_in_the_draws_when_replayed() -> None:
    strict = reduced_materials(AS_WRITTEN)
    assert max(strict.found.replayed) <= 0.05 * strict.asked.use * (1 + 1e-4)
    mean = reduced_materials(replace(AS_WRITTEN, targets=("expected unserved <= 5%",)))
    assert np.mean(mean.found.replayed) <= 0.05 * mean.asked.use * (1 + 1e-4)
    tail = reduced_materials(replace(AS_WRITTEN, targets=("tail 60% unserved <= 5%",)))
    assert mean.more["objective"] <= tail.more["objective"] + 1e-6 <= strict.more["objective"] + 2e-6


def test_draws_are_all_kept() -> None:
    found = reduced_materials(replace(WISH, product="280530", draws=4, points=0))
    assert len(found.found.losses) >= 4
    assert found.products.column("missing_after")[0] <= 0.05 * (1 + 1e-4)


def test_a_budget_in_conflict_is_named() -> None:
    with pytest.raises(ConflictError, match="largest supplier <= 5% and the budget"):
        reduced_materials(replace(WISH, budget=0.01, points=0))


def test_the_most_dependent_are_first_in_the_screen_of_minerals() -> None:
    codes = most_dependent(Question("NATO@2024-12-31", 2024), 5)
    shares = {row["product"]: row["group_share"] for row in screen("NATO@2024-12-31", 2024).records()}
    assert [shares[code] for code in codes] == sorted((shares[code] for code in codes), reverse=True)
    assert not any(code.startswith("27") for code in codes)


def test_red_lines_are_limits(tmp_path: Path) -> None:
    path = tmp_path / "lines.toml"
    path.write_text(
        'title = "t"\n[[line]]\nname = "no one over 60 %"\nproducts = ["2805"]\nfigure = "top_share"\nat_most = 0.6\n',
        encoding="utf-8",
    )
    found = reduced_materials(replace(WISH, targets=(), limits=limits_of(path), product="280530", points=0))
    assert found.products.column("share_after")[0] <= 0.6 + 1e-6
    path.write_text(
        'title = "t"\n[[line]]\nname = "x"\nfigure = "herfindahl"\nat_most = 0.6\n', encoding="utf-8"
    )
    with pytest.raises(RequestError, match="line 'x' limits herfindahl"):
        limits_of(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"product": ""}, "--most-dependent 10"),
        ({"dependent": 3}, "not both"),
        ({"targets": ("largest supplier <= 5%", "outage 1 unserved <= 1%")}, "speaks of a network"),
        ({"targets": ("largest supplier <= 5%", "2 largest suppliers <= 9%")}, "one target"),
        ({"targets": ("largest supplier <= 5%", "unserved <= 1% in 95%")}, "cannot be proven together"),
        ({"scenario": "suez-closure", "targets": ("unserved <= 1%",)}, "strikes a passage"),
        ({"measures": "gas-europe"}, "million USD"),
        ({"costs": {"recycle": 1.0}}, "--cost names recycle"),
        ({"product": "999999"}, "999999"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_with_what_can(change: dict[str, Any], message: str) -> None:
    with pytest.raises(Exception, match=message):
        reduced_materials(replace(WISH, points=0, **change))


def test_the_page_says_the_answer_and_holds_its_pictures(answer: MaterialReduction) -> None:
    files = rendered(answer_of(answer))
    page = files["index.html"].decode()
    assert "million US dollars a year" in page
    assert "weaklink reduce without-largest-supplier" in page
    assert {
        "charts/material_shares.png",
        "charts/material_frontier.svg",
        "charts/reduce_products.csv",
    } <= files.keys()


def test_the_command_asks_of_materials_where_targets_or_scenario_do() -> None:
    words = ["reduce", "without-largest-supplier", "--measures", "materials", "--product", "280530"]
    done = CliRunner().invoke(
        app, [*words, "--target", "largest supplier <= 10%", "--detail", "products", "--format", "csv"]
    )
    assert done.exit_code == 0, done.output
    assert done.output.startswith("product,label,imports_musd")
    refused = CliRunner().invoke(app, [*words, "--format", "csv"])
    assert isinstance(refused.exception, RequestError)
