"""Parts of a loss add up, by whatever they are taken apart; figures by hand on a lens of invented figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from tests.study.toy_lens import Toy, asked, shock, toy
from weaklink.errors import RequestError
from weaklink.scenario.library import chosen
from weaklink.scenario.model import Spread
from weaklink.study import lens_provenance
from weaklink.study.attribution import (
    attributed,
    can_be_afresh,
    losses_afresh,
    losses_if,
    of_parts,
    parts_of,
)
from weaklink.study.lens import Asked, Drawn, Figures
from weaklink.study.lenses.goods import goods
from weaklink.study.losses import asked_for
from weaklink.study.order_of_losses import order_of_losses
from weaklink.study.sensitivity import hangs_on
from weaklink.uncertainty.draws import drawn

ALL = ("280530", "284610", "284690")


def rows(by: Any, *shocks: Any, **more: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - passed on
    return attributed(asked(*shocks), toy, by, **more).records()


def test_a_loss_by_product_is_that_of_the_worked_example() -> None:
    """155, 80 and 57 above a buffer of 100, by hand: 111 1/6, 46 1/6 and 34 2/3."""
    found = rows("product", shock(*ALL))
    assert [row["part"] for row in found] == [*ALL, "total"]
    assert [row["loss"] for row in found] == pytest.approx([111 + 1 / 6, 46 + 1 / 6, 34 + 2 / 3, 192])
    assert [row["alone"] for row in found] == pytest.approx([55, 0, 0, 192])
    assert [row["last"] for row in found] == pytest.approx([155, 80, 57, 192])
    assert sum(row["share"] for row in found[:-1]) == pytest.approx(1)


def test_a_loss_by_shock_is_the_same_where_each_shock_has_one_product() -> None:
    by_shock = rows("shock", *(shock(code) for code in ALL))
    by_product = rows("product", shock(*ALL))
    assert [row["loss"] for row in by_shock] == pytest.approx([row["loss"] for row in by_product])
    assert by_shock[0]["label"] == "exports of 280530: CHN"


def test_equal_suppliers_share_alike_and_one_of_two_shocks_keeps_both_its_parts() -> None:
    found = rows("supplier", shock("280530", names=("CHN", "RUS")), shock("284610", names=("RUS",)))
    parts = {row["part"]: row["loss"] for row in found}
    assert parts["RUS"] > parts["CHN"]
    assert parts["RUS"] + parts["CHN"] == pytest.approx(parts["total"])
    assert {row["label"] for row in found} == {"China", "Russia", "all of them"}


def test_members_have_parts_that_add_up_to_those_of_all() -> None:
    found = rows("product", shock(*ALL), members=True)
    for part in (*ALL, "total"):
        loss = {row["country"]: row["loss"] for row in found if row["part"] == part}
        assert loss["FRA"] == pytest.approx(loss["all"] / 4)
        assert loss["FRA"] + loss["DEU"] == pytest.approx(loss["all"])


def test_many_parts_are_sampled_and_still_add_up() -> None:
    many = [shock(ALL[place % 3], lost=0.05 + place / 100) for place in range(14)]
    found = rows("shock", *many, seed=3)
    assert "sampled" in found[0]["method"]
    assert sum(row["loss"] for row in found[:-1]) == pytest.approx(found[-1]["loss"], rel=1e-12)
    assert max(row["error"] for row in found) > 0


def test_a_scenario_that_acts_otherwise_when_taken_apart_says_so() -> None:
    """Two suppliers of the same goods take them twice in the toy, once each: its whole is not that of its parts."""
    answer = attributed(asked(shock("280530", names=("CHN", "RUS"))), toy, "supplier")
    assert any("Taken apart by supplier" in caveat for caveat in answer.caveats)
    alike = attributed(asked(shock(*ALL)), toy, "product")
    assert not any("Taken apart" in caveat for caveat in alike.caveats)
    assert alike.caveats[-1] == "Figures of this lens are invented."


def test_what_has_no_products_is_not_split_by_product() -> None:
    with pytest.raises(RequestError, match="names no products"):
        rows("product", shock("280530").model_copy(update={"products": (), "sectors": ("MINING",)}))


def test_a_loss_hangs_on_what_has_a_range() -> None:
    """Far above the buffer the loss is 155 lost - buffer: variances 155² × (0.2²/24) and 100²/24, closed form."""
    answer = hangs_on(
        asked(shock("280530", lost=Spread(low=0.99, likely=1.0, high=1.0)), shock("284610"), shock("284690")),
        toy(
            asked(
                shock("280530", lost=Spread(low=0.99, likely=1.0, high=1.0)), shock("284610"), shock("284690")
            )
        ),
        draws=512,
        seed=2,
    )
    found = {row["parameter"]: row for row in answer.result.records()}
    assert list(found) == ["buffer", "shock.1.lost"]
    assert answer.likely == pytest.approx(192)
    assert (found["buffer"]["loss_at_low"], found["buffer"]["loss_at_high"]) == pytest.approx((242, 142))
    assert found["shock.1.lost"]["loss_at_low"] == pytest.approx(192 - 1.55)
    lost = 155**2 * 0.01**2 / 18
    assert found["buffer"]["total"] == pytest.approx(100**2 / 24 / (100**2 / 24 + lost), abs=0.01)
    assert found["shock.1.lost"]["total"] == pytest.approx(lost / (100**2 / 24 + lost), abs=0.001)
    assert any("shock.2.lost, shock.3.lost" in caveat for caveat in answer.result.caveats)


def test_the_same_seed_gives_the_same_answer_and_another_another() -> None:
    it = asked(shock(*ALL, lost=Spread(low=0.2, likely=0.5, high=1.0)))
    one, two, three = (hangs_on(it, toy(it), 64, seed).result for seed in (1, 1, 2))
    assert one.digest == two.digest != three.digest


def test_a_lens_without_ranges_hangs_on_nothing() -> None:
    it = asked(shock("280530"), parameters={"toy": {"buffer": 100.0}})
    with pytest.raises(RequestError, match="no figure of scenario toy has a range"):
        hangs_on(it, toy(it))


def test_the_provenance_says_what_was_asked() -> None:
    it = asked(shock("280530"))
    found = lens_provenance.provenance_of(it, toy(it), {"by": "product"})
    assert found.parameters["lens"] == "toy"
    assert found.parameters["by"] == "product"
    assert found.blocs["FRA + DEU"] == ("DEU", "FRA")
    assert np.all([card.name == "toy" for card in found.cards])


def test_few_suppliers_are_set_up_afresh_and_give_what_one_model_gives() -> None:
    """In the toy nobody stands in for anybody, so that both ways must agree to the last digit that counts."""
    it = asked(shock("280530", names=("CHN", "RUS")), shock("284610", lost=0.5, names=("RUS",)))
    parts = parts_of(it, "supplier")
    model = toy(replace(it, scenario=of_parts(it.scenario, parts)))
    those = np.array([[a, b] for a in (False, True) for b in (False, True)])
    np.testing.assert_allclose(
        losses_afresh(it, toy, parts, model)(those), losses_if(model, parts)(those), rtol=1e-12
    )
    assert can_be_afresh(parts, "supplier")
    assert not can_be_afresh(parts, "product")


def test_an_order_that_all_draws_keep_is_firm() -> None:
    """In the toy the second member bears three quarters of every loss: first in all draws that lose anything."""
    it = asked(shock(*ALL))
    found = order_of_losses(it, toy(it), 100, first=1).records()
    assert [row["country"] for row in found] == ["DEU", "FRA"]
    assert [row["rank"] for row in found] == [1, 2]
    assert [row["top_chance"] for row in found] == [1, 0]
    assert [row["overtaken"] for row in found] == [0, None]
    assert (found[0]["rank_low"], found[0]["rank_high"]) == (1, 1)
    assert found[0]["loss"] == pytest.approx(0.75 * 192)


def test_a_figure_that_only_names_a_draw_has_no_ends() -> None:
    it = asked(shock(*ALL))
    model = toy(it)
    number = model.ranges["buffer"].model_copy(update={"unit": "number"})
    named = replace(model, ranges={**model.ranges, "buffer": number})
    row = hangs_on(it, named, draws=64).result.records()[0]
    assert row["loss_at_low"] is None
    assert row["total"] == pytest.approx(1, abs=0.1)


def test_what_a_lens_does_not_read_is_left_out_and_said() -> None:
    it = asked(shock("280530"), shock("284610"))
    answer = attributed(it, half_blind, "shock")
    assert answer.column("part") == ["shock.1", "total"]
    assert "does not read, and so leaves out: exports of 284610: CHN" in answer.caveats[0]


def half_blind(asked: Asked) -> Toy:
    """The toy, blind for every shock but those of 280530."""
    seen = toy(asked)
    unread = [
        f"shock.{number}.lost"
        for number, one in enumerate(asked.scenario.shock, start=1)
        if "280530" not in one.products
    ]
    kept = {name: one for name, one in seen.ranges.items() if name not in unread}
    scenario = asked.scenario.model_copy(
        update={"shock": tuple(one for one in asked.scenario.shock if "280530" in one.products)}
    )
    return Toy(scenario, kept)


def test_without_draws_only_the_ends_are_asked_for() -> None:
    it = asked(shock(*ALL))
    row = hangs_on(it, toy(it), draws=0).result.records()[0]
    assert (row["loss_at_low"], row["loss_at_high"]) == pytest.approx((242, 142))
    assert row["first_order"] is row["total"] is None


@dataclass(frozen=True)
class Standing(Toy):
    """The toy with a loss of 10 that no shock causes."""

    def losses(self, drawn: Drawn) -> Figures:
        return super().losses(drawn) + 5.0


def standing(asked: Asked) -> Standing:
    seen = toy(asked)
    return Standing(seen.scenario, seen.ranges)


def test_what_is_lost_anyhow_is_no_part_of_the_split() -> None:
    answer = attributed(asked(shock(*ALL)), standing, "product")
    found = answer.records()
    assert [row["loss"] for row in found] == pytest.approx([111 + 1 / 6, 46 + 1 / 6, 34 + 2 / 3, 192])
    assert [row["alone"] for row in found] == pytest.approx([55, 0, 0, 192])
    assert any("Without any of it 10 USD would be lost too" in caveat for caveat in answer.caveats)


def test_chances_to_be_overtaken_are_counted_over_the_draws() -> None:
    """Counted once more from the losses of the lens of goods themselves."""
    it = asked_for(chosen("china-rare-earths"), "DEU + NLD + TUR")
    model = goods(it)
    values = model.losses(drawn(model.ranges, 128, seed=3))
    rows = order_of_losses(it, model, 128, seed=3).records()
    for row, following in pairwise(rows):
        own, other = (values[:, model.countries.index(one["country"])] for one in (row, following))
        counted = (own < other).mean() + (own == other).mean() / 2
        assert row["overtaken"] == pytest.approx(counted)
    assert max(row["overtaken"] or 0 for row in rows) > 0
