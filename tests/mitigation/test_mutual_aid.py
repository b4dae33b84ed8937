"""Is help the fairest there is, and does nobody give below its floor? Against a grid, SciPy and the closed form."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from weaklink.mitigation.mutual_aid import Member, helped
from weaklink.mitigation.options import Figures


@st.composite
def members(draw: st.DrawFn) -> tuple[list[Member], Figures]:
    size = draw(st.integers(2, 4))
    amounts = st.integers(0, 30)
    found = [Member(str(n), draw(amounts), draw(amounts), draw(amounts)) for n in range(size)]
    links = np.array([[draw(st.sampled_from([0.0, 3.0, 100.0])) for _ in range(size)] for _ in range(size)])
    return found, links


@settings(max_examples=25)
@given(members())
def test_nobody_gives_below_its_floor_or_needs_and_links_hold(case: tuple[list[Member], Figures]) -> None:
    listed, links = case
    found = helped(listed, links)
    for place, one in enumerate(listed):
        left = one.has - found.given[place].sum()
        assert left >= min(one.has, max(one.floor, one.needs)) - 1e-6
    assert (found.given <= links + 1e-6).all()
    before = np.array([one.unmet for one in listed])
    assert (found.unmet <= before + 1e-6).all()
    assert 0 <= found.cost_of_fairness <= 1


@settings(max_examples=25)
@given(members())
def test_the_largest_unmet_share_is_the_least_there_is_by_scipy(case: tuple[list[Member], Figures]) -> None:
    listed, links = case
    size = len(listed)
    rows, limits = [], []
    for m, one in enumerate(listed):
        rows.append([float(k // size == m) for k in range(size * size)] + [0.0])
        limits.append(one.gives)
        rows.append([-float(k % size == m) for k in range(size * size)] + [-one.needs])
        limits.append(min(one.has, one.needs) - one.needs)
    bounds = [(0, 0 if k // size == k % size else links[k // size, k % size]) for k in range(size * size)]
    best = linprog([0.0] * size**2 + [1.0], A_ub=rows, b_ub=limits, bounds=[*bounds, (0, 1)])
    assert helped(listed, links).unmet.max() == pytest.approx(best.fun, abs=1e-5)


def test_leximin_agrees_with_a_search_over_all_whole_gifts() -> None:
    """Brute force: of all ways to hand out whole units the best sorted unmet shares."""
    listed = [Member("A", 9, 1), Member("B", 1, 4), Member("C", 0, 4), Member("D", 1, 2)]
    links = np.full((4, 4), 10.0)
    links[0, 2] = 2.0  # C can be reached by two units only
    best = min(
        sorted((1 - (1 + b) / 4, 1 - c / 4, 1 - (1 + d) / 2), reverse=True)
        for b, c, d in product(range(4), range(3), range(2))
        if b + c + d <= 8
    )
    found = helped(listed, links)
    assert sorted(found.unmet[1:], reverse=True) == pytest.approx(best, abs=1e-6)


@given(st.lists(st.integers(1, 30), min_size=2, max_size=5), st.integers(0, 60))
@settings(max_examples=15)
def test_without_links_the_share_is_one_less_supply_over_needs(needs: list[int], supply: int) -> None:
    """Closed form: r = 1 - S / Σ n, where the giver needs nothing itself and those who need have nothing."""
    listed = [Member("giver", supply, 0), *(Member(str(n), 0, need) for n, need in enumerate(needs))]
    assert helped(listed).unmet.max() == pytest.approx(max(0.0, 1 - supply / sum(needs)), abs=1e-6)


def test_fairness_may_cost_and_says_how_much() -> None:
    """C can be helped by nobody, so nothing is lost on it; all that A gives reaches B."""
    listed = [Member("A", 10, 0), Member("B", 0, 8), Member("C", 0, 4)]
    links = np.array([[0.0, 8.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    found = helped(listed, links)
    assert found.served == found.most_served == pytest.approx(8)
    assert found.unmet.tolist() == pytest.approx([0.0, 0.0, 1.0], abs=1e-6)


def test_figures_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="B: what it has"):
        Member("B", -1.0, 1.0)
