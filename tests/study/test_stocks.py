"""Are stocks told as the rules say, and is what is enough in a scenario enough in it?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from weaklink.cli.main import app
from weaklink.errors import RequestError, SourceError
from weaklink.guidelines import oil
from weaklink.mitigation.stocks import Terms
from weaklink.scenario.library import chosen
from weaklink.shortfall.course import courses
from weaklink.study import stocks
from weaklink.study.lenses.goods import goods
from weaklink.study.losses import asked_for
from weaklink.study.mutual_aid import from_sheets, in_scenario
from weaklink.uncertainty.draws import drawn

EU = "EU@2024-12-31"
TERMS = Terms(0.05, 0.02)


def test_gas_in_store_is_judged_as_regulation_2022_1032_says() -> None:
    assert stocks.gas(2022, 100.0, 400.0, 79.0).records()[0]["kept"] == "no"
    assert stocks.gas(2022, 100.0, 400.0, 80.0).records()[0]["kept"] == "yes"
    with pytest.raises(RequestError, match="--year 2022 to 2025"):
        stocks.gas(2030, 1.0, 1.0)


def test_oil_is_the_rule_of_the_guidelines_and_not_another() -> None:
    row = stocks.oil_rule(10_000, 2_000, 2_400, 1_000).records()[0]
    assert row["held"] == oil.days_of_cover(10_000, 2_000, 2_400, 1_000)
    assert row["kept"] == ("yes" if row["held"] >= 90 else "no")
    assert stocks.oil_rule(-5_000, 100, 400, 100).records()[0]["rule"] == "none: a net exporter"


@pytest.mark.parametrize("days", [(60.0,), (10.0, 40.0, 90.0, 200.0)])
def test_the_optimum_costs_least_in_all(days: tuple[float, ...]) -> None:
    rows = stocks.level(stocks.Risk(0.3, days, 5.0, 40.0), 3.0, Terms(0.05, 0.1)).records()
    assert min(rows, key=lambda row: row["total"])["level"] == "optimum"
    for row in rows:
        assert row["total"] == pytest.approx(row["keeping"] + row["loss"])


def test_what_is_enough_in_a_scenario_is_enough_in_its_draws() -> None:
    """The lens of goods with these stocks misses anything in no more draws than was allowed."""
    asked = asked_for(chosen("china-rare-earths"), EU)
    rows = {row["product"]: row for row in stocks.needs(asked, TERMS, enough=0.9, draws=100).records()}
    model = goods(asked)
    responses = model.responses(drawn(model.ranges, 100, 0))
    bare = replace(responses, stock_days=np.zeros_like(responses.stock_days))
    for code, row in rows.items():
        mine = model.bought.purchases.product == model.bought.products.index(code)
        missing = (
            courses(replace(model.bought.purchases, pooled=True), bare).missing[:, mine].sum(axis=1) / 1e6
        )
        assert (missing > row["together_musd"] + 1e-9).mean() <= 0.1 + 1e-9
        assert row["keeping_together"] == pytest.approx(0.07 * row["together_musd"])


def test_pooling_never_needs_more_where_it_must_be_enough_in_every_draw() -> None:
    asked = asked_for(chosen("china-rare-earths"), EU)
    for row in stocks.needs(asked, TERMS, enough=1.0, draws=50).records():
        assert row["together_musd"] <= row["alone_musd"] + 1e-9
        assert 0 <= row["saved"] < 1


def test_a_stock_is_worth_nothing_where_the_scenario_hardly_ever_comes() -> None:
    asked = asked_for(chosen("china-rare-earths"), "USA")
    never = stocks.needs(asked, TERMS, draws=20, chance=0.001, unit_loss=2.0).column("worth_musd")
    often = stocks.needs(asked, TERMS, draws=20, chance=0.9, unit_loss=5.0).column("worth_musd")
    assert set(never) == {0.0}
    assert min(often) > 0
    with pytest.raises(RequestError, match="go together"):
        stocks.needs(asked, TERMS, chance=0.1)


def _sheet(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_aid_from_sheets_by_hand(tmp_path: Path) -> None:
    """A gives 6: B lacks 4 of 4, C lacks 6 of 8; alike each misses a third."""
    sheet = _sheet(tmp_path / "s.csv", "member,has,needs,floor\nA,10,4,\nB,0,4,\nC,2,8,\n")
    answer = from_sheets(sheet)
    after = {row["member"]: row["unmet_after"] for row in answer.members.records()}
    assert after == pytest.approx({"A": 0.0, "B": 1 / 3, "C": 1 / 3}, abs=1e-6)
    assert sum(answer.flows.column("amount")) == pytest.approx(6)
    links = _sheet(tmp_path / "l.csv", "from,to,most\nA,B,1\nA,C,\n")
    held = {row["member"]: row["gets"] for row in from_sheets(sheet, links).members.records()}
    assert held == pytest.approx({"A": 0.0, "B": 1.0, "C": 5.0}, abs=1e-5)
    floor = _sheet(tmp_path / "f.csv", "member,has,needs,floor\nA,10,4,9\nB,0,4,\nC,2,8,\n")
    assert sum(from_sheets(floor).flows.column("amount")) == pytest.approx(1)


def test_a_wrong_sheet_is_named_with_row_and_column(tmp_path: Path) -> None:
    sheet = _sheet(tmp_path / "s.csv", "member,has,needs\nA,10,4\nA,-1,4\n")
    with pytest.raises(SourceError, match="has"):
        from_sheets(sheet)
    good = _sheet(tmp_path / "g.csv", "member,has,needs\nA,10,4\nB,1,4\n")
    links = _sheet(tmp_path / "l.csv", "from,to,most\nA,X,1\n")
    with pytest.raises(SourceError, match="X"):
        from_sheets(good, links)


def test_sharing_stocks_in_a_scenario_leaves_the_worst_off_better_and_nobody_worse() -> None:
    asked = asked_for(chosen("china-rare-earths"), EU)
    answer = in_scenario(asked, "280530")
    rows = answer.members.records()
    assert max(row["unmet_after"] for row in rows) < max(row["unmet_before"] for row in rows)
    for row in rows:
        assert row["unmet_after"] <= row["unmet_before"] + 1e-4
        assert row["gives"] <= max(0.0, row["has"] - row["floor"]) + 1e-6
    tight = in_scenario(asked, "280530", floor_days=400.0)
    assert not tight.flows.records()
    with pytest.raises(RequestError, match="It strikes"):
        in_scenario(asked, "999999")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["stocks", "gas", "--year", "2024", "--volume", "240", "--consumption", "900"], "216"),
        (
            [
                "stocks",
                "level",
                "--use",
                "1",
                "--yearly",
                "1",
                "--days",
                "x",
                "--unit-loss",
                "1",
                "--price",
                "1",
            ],
            None,
        ),
        (["mutual-aid"], None),
    ],
)
def test_the_commands_answer_or_refuse(words: list[str], said: str | None) -> None:
    done = CliRunner().invoke(app, [*words, "--format", "csv"])
    if said is None:
        assert isinstance(done.exception, RequestError)
    else:
        assert said in done.output
