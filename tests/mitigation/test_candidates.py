"""Is the order of candidates one that can be defended? Each by its own figures, hubs last."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from weaklink.mitigation.candidates import Candidate, ranked, reasons

shares = st.floats(0, 1)
money = st.floats(0, 1e9)


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    every = ("AUS", "BRA", "CAN", "DEU", "EST", "FRA", "GBR", "HUN")
    codes = draw(st.lists(st.sampled_from(every), unique=True, min_size=1))
    found = []
    for code in codes:
        exports = draw(money)
        own = exports * draw(shares)
        found.append(
            Candidate(code, exports, own, draw(money), draw(shares), draw(shares), miles=draw(money))
        )
    return found


@given(candidates(), st.data())
def test_excluding_a_country_takes_it_out_and_raises_nobody_past_another(
    listed: list[Candidate], data: st.DataObject
) -> None:
    out = data.draw(st.sampled_from(listed)).country
    every = [one.country for one in ranked(listed, 0.1)]
    left = [one.country for one in ranked((one for one in listed if one.country != out), 0.1)]
    assert out not in left
    assert left == [code for code in every if code != out]


@given(candidates(), st.data(), money)
def test_more_of_its_own_never_lowers_a_rank_and_more_dependence_never_raises_it(
    listed: list[Candidate], data: st.DataObject, more: float
) -> None:
    place = data.draw(st.integers(0, len(listed) - 1))
    one = listed[place]

    def rank(other: Candidate) -> int:
        changed = [*listed[:place], other, *listed[place + 1 :]]
        return [each.country for each in ranked(changed, 0.1)].index(one.country)

    before = rank(one)
    assert rank(replace(one, own=one.own + more)) <= before
    assert rank(replace(one, look_through=1.0)) >= before
    assert rank(replace(one, old_share=1.0, imports=max(one.imports, one.exports))) >= before


def test_who_sells_what_it_buys_of_the_old_supplier_adds_nothing() -> None:
    hub = Candidate("HUB", 100.0, 60.0, imports=200.0, old_share=1.0)
    assert hub.dependence == 1
    assert hub.independent(0.1) == 0
    assert "no diversification" in reasons(hub, "CHN", 10.0, 0.1)


def test_what_is_not_known_does_not_count_against_a_candidate_but_is_not_told_either() -> None:
    one = Candidate("NRU", 100.0, 50.0, look_through=math.nan)
    assert one.dependence == 0
    assert reasons(one, "CHN", 10.0, 0.1) == "could add 50 % of what is needed"
