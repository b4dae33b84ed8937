"""What acting together is worth: figures by hand on invented games, identities on a network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weaklink.errors import RequestError
from weaklink.provenance import Provenance
from weaklink.study.solidarity import Game, solidarity
from weaklink.study.solidarity_network import network_game
from weaklink.version import VERSION

EXERCISE = "generators-bridge-exercise"


def pooled(stocks: list[float], gaps: list[float], joining: tuple[int, ...] = ()) -> Game:
    """Members with stocks and gaps: who acts together pools both, and shares what is missing by gaps."""
    stock, gap = np.array(stocks), np.array(gaps)

    def losses(coalition: np.ndarray) -> np.ndarray:
        found = np.maximum(0.0, gap - stock)
        short = max(0.0, gap[coalition].sum() - stock[coalition].sum())
        if gap[coalition].sum() > 0:
            found[coalition] = short * gap[coalition] / gap[coalition].sum()
        return np.asarray(found)

    return Game(
        members=tuple(f"M{place}" for place in range(len(stocks))),
        joining=np.isin(np.arange(len(stocks)), joining),
        unit="t",
        losses=losses,
        whole=lambda coalition: float(losses(coalition).sum()),
        own_first=None,
        label=str,
        caveats=("Invented.",),
        provenance=Provenance((), VERSION),
    )


def by_member(game: Game, **more: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401 - passed on
    return {row["country"]: row for row in solidarity(game, **more).records()}


def test_two_members_share_what_their_pool_saves() -> None:
    """By hand: gaps 10 and 10, stocks 0 and 14. Alone 10 and 0; pooled 6, shared 3 and 3; 4 saved, 2 each."""
    found = by_member(pooled([0, 14], [10, 10]))
    assert [found[who]["alone"] for who in ("M0", "M1", "total")] == [10, 0, 10]
    assert [found[who]["together"] for who in ("M0", "M1", "total")] == [3, 3, 6]
    assert [found[who]["gain"] for who in ("M0", "M1", "total")] == [7, -3, 4]
    assert [found[who]["contribution"] for who in ("M0", "M1", "total")] == [2, 2, 4]
    assert [found[who]["last"] for who in ("M0", "M1")] == [4, 4]


def test_who_joins_with_a_stock_helps_those_who_are_in() -> None:
    """By hand: two lose 10 each; the third brings a stock of 30 for a gap of 15, so 5 are missing, by gaps."""
    answer = solidarity(pooled([0, 0, 30], [10, 10, 15], joining=(2,)))
    found = {row["country"]: row for row in answer.records()}
    assert found["M2"]["joining"] == "yes"
    assert [found[who]["without_joining"] for who in ("M0", "M1", "M2")] == [10, 10, 0]
    assert found["M0"]["together"] == pytest.approx(5 * 10 / 35)
    assert any(
        "Accession of M2: the other members lose 2.86 t with them and 20 t without" in one
        for one in answer.caveats
    )


@given(
    st.lists(st.tuples(st.floats(0, 20), st.floats(0, 20)), min_size=2, max_size=10),
    st.integers(0, 5),
)
@settings(max_examples=15)
def test_contributions_add_up_to_what_is_saved_and_pools_save(
    pairs: list[tuple[float, float]], seed: int
) -> None:
    game = pooled([one for one, _ in pairs], [other for _, other in pairs])
    found = by_member(game, seed=seed)
    total = found.pop("total")
    assert sum(row["contribution"] for row in found.values()) == pytest.approx(
        total["contribution"], abs=1e-9
    )
    assert total["contribution"] == pytest.approx(total["alone"] - total["together"], abs=1e-9)
    assert all(row["contribution"] >= -1e-9 for row in found.values())


def test_equal_members_contribute_alike_in_an_exact_split() -> None:
    found = by_member(pooled([0, 0, 9], [5, 5, 0]))
    assert found["M0"]["contribution"] == pytest.approx(found["M1"]["contribution"])


@pytest.fixture(scope="module")
def exercise() -> Game:
    return network_game(EXERCISE)


def test_more_members_acting_together_never_lose_more_in_all(exercise: Game) -> None:
    """More open links cannot raise the least unserved demand of a network."""
    coalition, before = np.zeros(len(exercise.members), dtype=bool), np.inf
    for place in range(len(coalition)):
        coalition[place] = True
        now = exercise.whole(coalition)
        assert now <= before + 1e-6 * (1 + now)
        before = now


def test_all_together_lose_what_the_network_loses_with_all_links_open(exercise: Game) -> None:
    everybody = np.ones(len(exercise.members), dtype=bool)
    assert exercise.losses(everybody).sum() == pytest.approx(exercise.whole(everybody), rel=1e-6, abs=1e-6)
    assert exercise.own_first is not None
    assert exercise.own_first.sum() == pytest.approx(exercise.whole(everybody), rel=1e-3)


def test_finland_and_sweden_outside_lose_more_in_a_winter_without_russian_gas() -> None:
    """Plausible: neither has stores; what they burn comes through Denmark and Estonia."""
    game = network_game("gas-cutoff-2022", "DNK + EST + LVA + LTU + POL", "FIN + SWE")
    assert set(game.members) == {"DNK", "EST", "FIN", "LTU", "LVA", "POL", "SWE"}
    inside, outside = game.losses(np.ones(7, dtype=bool)), game.losses(~game.joining)
    assert (outside[game.joining] > inside[game.joining]).all()


def test_solidarity_needs_two() -> None:
    with pytest.raises(RequestError, match="needs two"):
        network_game("gas-cutoff-2022", "ITA")


def test_links_to_others_than_members_stay_open() -> None:
    """Portugal and Finland share no pipe, so that they lose the same together and alone."""
    game = network_game("gas-cutoff-2022", "PRT + FIN")
    everybody = np.ones(2, dtype=bool)
    assert game.whole(everybody) == pytest.approx(game.whole(~everybody), rel=1e-9)
    assert game.losses(everybody) == pytest.approx(game.losses(~everybody), rel=1e-6, abs=1e-3)
    larger = network_game("gas-cutoff-2022")
    assert game.whole(everybody) == pytest.approx(
        larger.whole(np.ones(len(larger.members), dtype=bool)), rel=1e-9
    )
