"""A scenario asked of every lens: the same from Python and the command line; a bloc loses the sum of its members."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from weaklink.cli.main import app
from weaklink.errors import RequestError
from weaklink.scenario.library import chosen, library
from weaklink.scenario.model import Figure, Response, Scenario, Shock
from weaklink.study.bought import bought
from weaklink.study.lens import likely
from weaklink.study.lenses.goods import goods
from weaklink.study.loss_details import by_supplier, course, ranges
from weaklink.study.losses import LENSES, asked_for, lens_of, losses, with_supplier
from weaklink.study.passages import passages
from weaklink.study.reach import struck_share
from weaklink.study.shortfalls import shortfalls
from weaklink.tomlfile import read
from weaklink.uncertainty.draws import drawn

FILE = """
name = "mine"
title = "No graphite of China"
who = "EU@2024-12-31"
source = "a test"

[[shock]]
target = "exports"
names = ["CHN"]
products = ["2504"]
lost = { low = 0.5, likely = 0.8, high = 1.0 }
first_day = 2025-01-01

[parameters.goods]
stock_days = 20
"""


def in_trade() -> list[str]:
    return sorted(name for name, one in library().items() if one.in_trade())


def test_a_file_gives_the_same_digest_from_the_command_line_and_from_python(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(FILE)
    words = ["stress", str(path), "--lens", "goods", "--draws", "30", "--seed", "7", "--format", "json"]
    printed = CliRunner().invoke(app, words, catch_exceptions=False)
    said = json.loads(printed.stdout)
    found = losses(asked_for(read(path, Scenario)), "goods", draws=30, seed=7).table
    assert said["provenance"]["rows_sha256"] == found.digest
    again = losses(asked_for(chosen(str(path))), "goods", draws=30, seed=7).table
    assert again.digest == found.digest


def test_the_loss_of_the_bloc_is_the_sum_of_its_members_but_its_band_is_not_the_sum_of_theirs() -> None:
    rows = losses(asked_for(chosen("china-rare-earths")), "goods", draws=64).table.records()
    assert rows[0]["loss"] == pytest.approx(sum(row["loss"] for row in rows[1:]))
    assert rows[0]["base"] == pytest.approx(sum(row["base"] for row in rows[1:]))
    assert rows[0]["high"] <= sum(row["high"] for row in rows[1:])
    assert all(row["low"] <= row["median"] <= row["high"] for row in rows)


def test_a_lens_that_cannot_read_a_scenario_says_why_among_all_and_refuses_alone() -> None:
    asked = asked_for(chosen("china-rare-earths"))
    answer = losses(asked, draws=0)
    assert "network" in answer.unread
    assert any(caveat.startswith("network is left out: ") for caveat in answer.table.caveats)
    with pytest.raises(RequestError, match="names no network"):
        losses(asked, "network")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["gas-cutoff-2022", "--data", "mine"], "go with lenses of trade"),
        (["china-rare-earths", "--workers", "2"], "go with the daily plan"),
        (["china-rare-earths", "--detail", "products", "--report", "x"], "leave out --detail"),
        (["china-rare-earths", "--year", "1990"], "no year 1990; they have 1995 to 2024"),
        (["suez-closure", "--supplier", "2"], "Only one with largest:1"),
    ],
)
def test_options_that_mean_nothing_here_are_refused(words: list[str], said: str) -> None:
    found = CliRunner().invoke(app, ["stress", *words])
    assert isinstance(found.exception, RequestError)
    assert said in str(found.exception)


def test_an_unknown_lens_is_refused_with_the_nearest() -> None:
    with pytest.raises(RequestError, match=r"no lens 'goodz'. Did you mean goods\?"):
        lens_of("goodz")


def test_a_scenario_that_takes_nothing_costs_nothing() -> None:
    scenario = chosen("china-rare-earths")
    shock = scenario.shock[0].model_copy(update={"lost": 0.0})
    asked = asked_for(scenario.model_copy(update={"shock": (shock,)}))
    model = goods(asked)
    assert not model.losses(drawn(model.ranges, 16, seed=1)).any()


def test_the_course_of_the_lens_of_goods_adds_up_to_its_loss() -> None:
    model = goods(asked_for(chosen("china-rare-earths"), "EU@2024-12-31"))
    found = model.course()
    assert found.loss.sum(axis=0) == pytest.approx(model.losses(likely(model.ranges))[0])
    assert found.edges.tolist() == list(range(366))


def test_the_course_by_lens_adds_up_to_the_losses_of_the_table() -> None:
    answer = losses(asked_for(chosen("china-graphite")), draws=0)
    summed: dict[str, float] = {}
    for row in course(answer).records():
        summed[row["lens"]] = summed.get(row["lens"], 0.0) + row["loss"]
    for row in answer.table.records():
        if row["country"] == "NATO@2024-12-31":
            assert summed[row["lens"]] == pytest.approx(row["loss"], rel=1e-6, abs=2e4), row[
                "lens"
            ]  # disruption rounds members


def test_losses_by_product_add_up_to_the_loss_of_the_bloc() -> None:
    asked = asked_for(chosen("china-rare-earths"))
    rows = shortfalls(asked, draws=0).records()
    whole = losses(asked, "goods", draws=0).table.records()[0]
    assert sum(row["missing_usd"] for row in rows) == pytest.approx(whole["loss"])


def test_a_cut_off_of_all_of_a_product_without_help_loses_all_that_was_imported_of_it() -> None:
    # identity: every supplier but the importer stops for the whole year, nobody else delivers, no stocks, no saving
    nothing: dict[str, Figure] = {"stock_days": 0.0, "spare": 0.0, "demand_elasticity": 0.0, "saving": 0.0}
    scenario = Scenario(
        name="all-stop",
        title="Nobody ships graphite",
        who="DEU",
        source="a test",
        shock=(Shock(target="exports", names=("world",), products=("250410",), lost=1.0),),
        parameters={"goods": nothing},
    )
    row = losses(asked_for(scenario), "goods", draws=0).table.records()[0]
    assert row["share"] == pytest.approx(1.0, rel=1e-3)  # a little comes from areas that are no country


@pytest.mark.parametrize(
    ("importer", "passage"), [("JPN", "malacca"), ("DEU", "suez"), ("FIN", "danish_straits")]
)
def test_a_closed_passage_strikes_what_weaklink_passages_says_goes_through_it(
    importer: str, passage: str
) -> None:
    said = next(row for row in passages(importer, 2024).records() if row["passage"] == passage)
    scenario = Scenario(
        name="closed",
        title="A passage closes",
        who=importer,
        source="a test",
        shock=(Shock(target="passage", names=(passage,), lost=1.0),),
    )
    strikes = bought(asked_for(scenario)).purchases.strikes
    struck = {
        late: sum(one.cells.sum() for one in strikes if (one.late is not None) == late)
        for late in (True, False)
    }
    assert struck[False] * 365 == pytest.approx(said["stranded_usd"], rel=1e-9)
    assert (struck[True] + struck[False]) * 365 == pytest.approx(said["through_usd"], rel=1e-9)


def test_stocks_that_are_shared_miss_no_more_than_stocks_of_each() -> None:
    scenario = chosen("china-rare-earths")
    alone, shared = (
        losses(
            asked_for(scenario.model_copy(update={"response": Response(sharing=sharing)})), "goods", draws=0
        ).table.records()[0]["loss"]
        for sharing in ("own-first", "equal")
    )
    assert shared <= alone


def test_whoever_is_served_first_misses_no_more() -> None:
    scenario = chosen("china-rare-earths")
    first = scenario.response.model_copy(update={"urgent": "NOR"})
    usual, served = (
        {row["country"]: row["loss"] for row in losses(asked_for(one), "goods", draws=0).table.records()}
        for one in (scenario, scenario.model_copy(update={"response": first}))
    )
    assert served["NOR"] < usual["NOR"]
    assert served["USA"] >= usual["USA"]


def test_each_of_the_largest_suppliers_is_another_one() -> None:
    rows = by_supplier(asked_for(chosen("loss-of-supplier"), "DEU"), 3, "goods", draws=0).records()
    assert [row["rank"] for row in rows] == [1, 2, 3]
    assert len({row["supplier"] for row in rows}) == 3


def test_a_supplier_can_be_named_only_where_the_scenario_leaves_it_open() -> None:
    assert with_supplier(chosen("loss-of-supplier"), "RUS").shock[0].names == ("RUS",)
    with pytest.raises(RequestError, match="says which supplier fails: CHN"):
        with_supplier(chosen("china-rare-earths"), "2")
    with pytest.raises(RequestError, match="asks for supplier 999"):
        losses(asked_for(with_supplier(chosen("loss-of-supplier"), "999"), "DEU"), "goods")


@pytest.mark.parametrize("name", in_trade())
def test_every_scenario_of_trade_is_read_by_some_lens_or_says_which_data_it_needs(name: str) -> None:
    asked = asked_for(library()[name])
    try:
        answer = losses(asked, draws=0)
    except RequestError as error:
        said = str(error)
        assert "--data" in said or "names sectors but no products" in said
        return
    rows = [row for row in answer.table.records() if row["loss"] is not None]
    assert rows
    assert all(np.isfinite(row["loss"]) for row in rows)
    assert set(ranges(answer).column("lens")) == {one.model.about.name for one in answer.seen}


def test_a_draw_of_the_network_is_the_same_whatever_stands_beside_it() -> None:
    asked = asked_for(chosen("generators-bridge-exercise"))
    model = LENSES["network"](asked)
    taken = drawn(model.ranges, 4, seed=3)
    together = model.losses(taken)
    last = model.losses({text: figures[3:] for text, figures in taken.items()})
    assert np.array_equal(together[3:], last)


def test_what_a_shock_reaches_is_a_share_and_grows_with_its_products() -> None:
    asked = asked_for(chosen("china-rare-earths"))
    narrow = Shock(target="exports", names=("CHN",), products=("280530",), lost=1.0)
    wide = narrow.model_copy(update={"products": ("28",)})
    less, more = (struck_share(asked, shock).share for shock in (narrow, wide))
    assert ((less >= 0) & (more <= 1) & (less <= more)).all()


def test_a_shock_to_sectors_reaches_all_of_their_deliveries_abroad_and_none_at_home() -> None:
    asked = asked_for(chosen("china-rare-earths"))
    shock = Shock(target="exports", names=("CHN",), sectors=("MANUF_EXFOOD",), lost=1.0)
    share = struck_share(asked, shock).share
    supplier, sector, buyer = np.nonzero(share)
    assert len(set(supplier)) == 1
    assert len(set(sector)) == 1
    assert supplier[0] not in buyer
    assert share.sum() == share.shape[2] - 1
    both = struck_share(asked, replace_target(shock, "production")).share
    assert both.sum() == share.shape[2]


def replace_target(shock: Shock, target: str) -> Shock:
    return shock.model_copy(update={"target": target})


def test_a_product_that_the_data_lack_is_named_and_says_what_to_do() -> None:
    shock = Shock(target="exports", names=("CHN",), products=("999999",), lost=1.0)
    asked = asked_for(chosen("china-rare-earths"))
    other = asked.scenario.model_copy(update={"shock": (shock,)})
    with pytest.raises(RequestError, match=r"none of the products 999999.*--data NAME"):
        losses(replace(asked, scenario=other), "goods")
