"""Who should get what next: against the closed form, a hand calculation and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from weaklink.aid.allocation import Offer, Want, allocated

AMOUNTS = st.lists(st.integers(1, 50), min_size=1, max_size=5)


@given(AMOUNTS, st.integers(0, 200))
@settings(max_examples=20)
def test_without_limits_the_unmet_share_is_one_minus_supply_over_need(wanted: list[int], supply: int) -> None:
    """The closed form of mutual aid without limits on links: r = 1 - S / Σ n."""
    wants = [Want(f"n{place}", amount, 1) for place, amount in enumerate(wanted)]
    shares = allocated(wants, [Offer("s", supply)]).unmet_share
    assert shares == pytest.approx(np.full(len(wanted), max(0.0, 1 - supply / sum(wanted))), abs=1e-6)


@st.composite
def restricted(draw: st.DrawFn) -> tuple[list[Want], list[Offer]]:
    wanted = draw(st.lists(st.integers(1, 30), min_size=2, max_size=4))
    wants = [Want(f"n{n}", amount, draw(st.integers(1, 2))) for n, amount in enumerate(wanted)]
    places = st.frozensets(st.integers(0, len(wants) - 1), min_size=1)
    offers = [Offer(f"o{o}", draw(st.integers(0, 40)), draw(places)) for o in range(draw(st.integers(1, 3)))]
    return wants, offers


@given(restricted())
@settings(max_examples=25)
def test_nothing_is_given_twice_nor_to_who_may_not_have_it(case: tuple[list[Want], list[Offer]]) -> None:
    wants, offers = case
    found = allocated(wants, offers)
    assert (found.given >= -1e-9).all()
    assert (found.served <= found.wanted + 1e-6).all()
    for o, offer in enumerate(offers):
        assert found.given[o].sum() <= offer.amount + 1e-6
        assert all(found.given[o, n] == 0 for n in range(len(wants)) if not offer.may_serve(n))


@given(restricted())
@settings(max_examples=15)
def test_the_largest_unmet_share_of_the_most_urgent_agrees_with_scipy(
    case: tuple[list[Want], list[Offer]],
) -> None:
    wants, offers = case
    urgent = [n for n, want in enumerate(wants) if want.urgency == min(one.urgency for one in wants)]
    pairs = [(o, n) for o, offer in enumerate(offers) for n in urgent if offer.may_serve(n)]
    rows = [[float(o == at) for at, _ in pairs] + [0.0] for o in range(len(offers))]
    rows += [[-float(n == to) for _, to in pairs] + [-float(wants[n].amount)] for n in urgent]
    limits = [offer.amount for offer in offers] + [-float(wants[n].amount) for n in urgent]
    best = linprog([0.0] * len(pairs) + [1.0], A_ub=rows, b_ub=limits, method="highs")
    assert allocated(wants, offers).unmet_share[urgent].max() == pytest.approx(best.fun, abs=1e-5)


def leximin_by_trial(wants: list[Want], offers: list[Offer]) -> list[float]:
    """Leximin of unmet shares without prices: a need is settled where trying to serve it better fails (SciPy)."""
    pairs = [(o, n) for o, offer in enumerate(offers) for n in range(len(wants)) if offer.may_serve(n)]
    stock = [[float(o == at) for at, _ in pairs] + [0.0] for o in range(len(offers))]

    def least(settled: dict[int, float], among: list[int], ceiling: float, alone: int | None) -> float:
        """The least that the unmet share of `alone`, or the largest of `among`, can be."""
        rows, limits = list(stock), [offer.amount for offer in offers]
        for n, want in enumerate(wants):
            serving = [-float(n == to) / want.amount for _, to in pairs]
            rows.append([*(-one for one in serving), 0.0])
            limits.append(1.0)
            if n in settled or (alone is not None and n != alone and n in among):
                rows.append([*serving, 0.0])
                limits.append(settled.get(n, ceiling) - 1 + 1e-9)
            elif n == alone or (alone is None and n in among):
                rows.append([*serving, -1.0])
                limits.append(-1.0)
        found = linprog([0.0] * len(pairs) + [1.0], A_ub=rows, b_ub=limits, method="highs")
        assert found.status == 0
        return float(found.fun)

    settled: dict[int, float] = {}
    for urgency in sorted({one.urgency for one in wants}):
        among = [n for n, one in enumerate(wants) if one.urgency == urgency]
        while among:
            worst = least(settled, among, 1.0, None)
            stuck = [n for n in among if least(settled, among, worst, n) > worst - 1e-6]
            settled.update(dict.fromkeys(stuck, worst))
            among = [n for n in among if n not in stuck]
    return [settled[n] for n in range(len(wants))]


def test_leximin_by_hand() -> None:
    """C can only be served from y: 9 of 30. So y is C's alone, and A and B share the 12 of x: 40 % each."""
    wants = [Want("A", 10, 1), Want("B", 20, 1), Want("C", 30, 1)]
    offers = [Offer("x", 12, frozenset({0, 1})), Offer("y", 9, frozenset({1, 2}))]
    assert allocated(wants, offers).unmet_share == pytest.approx([0.6, 0.6, 0.7], abs=1e-6)


@given(restricted())
@settings(max_examples=25)
def test_leximin_agrees_with_trying_each_need_in_scipy(case: tuple[list[Want], list[Offer]]) -> None:
    wants, offers = case
    assert allocated(wants, offers).unmet_share == pytest.approx(leximin_by_trial(wants, offers), abs=1e-5)


@given(restricted())
@settings(max_examples=15)
def test_the_most_urgent_get_no_less_because_others_want_something_too(
    case: tuple[list[Want], list[Offer]],
) -> None:
    wants, offers = case
    first = min(one.urgency for one in wants)
    alone = [Want(one.name, one.amount if one.urgency == first else 0.0, one.urgency) for one in wants]
    urgent = [n for n, one in enumerate(wants) if one.urgency == first]
    both, only = allocated(wants, offers), allocated(alone, offers)
    assert both.unmet_share[urgent] == pytest.approx(only.unmet_share[urgent], abs=1e-5)


@given(restricted())
@settings(max_examples=15)
def test_pieces_stay_whole_and_none_is_left_that_somebody_could_have(
    case: tuple[list[Want], list[Offer]],
) -> None:
    wants, offers = case
    found = allocated(wants, offers, whole=True)
    assert (found.given == np.round(found.given)).all()
    for o, offer in enumerate(offers):
        if offer.amount - found.given[o].sum() >= 1:
            assert all(
                want.amount - found.served[n] < 1 for n, want in enumerate(wants) if offer.may_serve(n)
            )
