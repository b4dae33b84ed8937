"""Solidarity when goods run short: its ends are the lens of goods with stocks at home and with stocks pooled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from weaklink.errors import RequestError
from weaklink.scenario.library import chosen
from weaklink.study.lens import Asked, likely
from weaklink.study.lenses.goods import goods
from weaklink.study.losses import asked_for
from weaklink.study.solidarity import Game, solidarity
from weaklink.study.solidarity_goods import goods_game

BLOC = "DEU + FRA + ITA + POL + SWE"


@pytest.fixture(scope="module")
def asked() -> Asked:
    return asked_for(chosen("china-rare-earths"), BLOC)


@pytest.fixture(scope="module")
def game(asked: Asked) -> Game:
    return goods_game(asked)


@pytest.mark.parametrize(("rule", "together"), [("own-first", False), ("equal", True)])
def test_its_ends_are_what_the_lens_says(asked: Asked, game: Game, rule: str, together: bool) -> None:
    response = asked.scenario.response.model_copy(update={"sharing": rule})
    model = goods(replace(asked, scenario=asked.scenario.model_copy(update={"response": response})))
    loss = model.losses(likely(model.ranges))[0]
    coalition = np.full(len(game.members), together)
    np.testing.assert_allclose(game.losses(coalition), loss, rtol=1e-9, atol=1e-6)


def test_a_coalition_loses_what_it_would_lose_were_it_the_whole_bloc(asked: Asked, game: Game) -> None:
    some = goods_game(replace(asked, members=("DEU", "FRA", "POL")))
    coalition = np.isin(game.members, some.members)
    inside = game.losses(coalition)[coalition]
    np.testing.assert_allclose(inside, some.losses(np.ones(3, dtype=bool)), rtol=1e-9, atol=1e-6)


def test_pooling_never_costs_in_all(game: Game) -> None:
    before = np.inf
    for count in range(len(game.members) + 1):
        now = game.whole(np.arange(len(game.members)) < count)
        assert now <= before + 1e-6
        before = now


def test_contributions_are_exact_for_few_and_add_up(game: Game) -> None:
    rows = solidarity(game).records()
    *members, total = rows
    assert total["method"] == "Shapley, exact"
    assert sum(row["contribution"] for row in members) == pytest.approx(total["gain"])
    assert total["own_first"] is None


def test_an_accession_changes_the_losses_of_those_inside(asked: Asked) -> None:
    game = goods_game(asked, "FIN + NOR")
    assert [m for m, joins in zip(game.members, game.joining, strict=True) if joins] == ["FIN", "NOR"]
    outside = game.losses(~game.joining)[game.members.index("DEU")]
    assert outside == pytest.approx(goods_game(asked).losses(np.ones(5, dtype=bool))[0], rel=1e-9)


def test_one_member_has_nobody_to_act_with(asked: Asked) -> None:
    with pytest.raises(RequestError, match="needs two"):
        goods_game(replace(asked, members=("DEU",)))
