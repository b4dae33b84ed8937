"""Is the mix the cheapest? Against brute force, one large programme in SciPy's solver, and what any optimum keeps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, sparse

from weaklink import lp
from weaklink.mitigation.options import Figures, Option, total_cost
from weaklink.mitigation.portfolio import ConflictError, Known, frontier, optimal
from weaklink.mitigation.problem import BUDGET, Limit, Problem
from weaklink.mitigation.recourse import LinearRecourse, Moved, Plane, moved_by
from weaklink.mitigation.risk import Risk, Target

EXACT = 1e-6


@dataclass(frozen=True)
class Case:
    """Suppliers of one good. A scenario leaves a share of each, with demand; an option adds to one supplier."""

    capacity: Figures  # (suppliers)
    left: Figures  # (scenarios, suppliers), share that still delivers
    demand: Figures  # (scenarios)
    options: tuple[Option, ...]  # one a supplier

    def loss(self, amounts: Figures) -> Figures:
        """Unmet demand of each scenario: by plain arithmetic, no programme."""
        return np.maximum(0.0, self.demand - self.left @ (self.capacity + amounts))

    def recourses(self) -> tuple[LinearRecourse, ...]:
        """The same scenarios as programmes."""
        count = len(self.demand)
        return tuple(
            LinearRecourse(f"scenario {place}", 1 / count, self._moved(left, demand))
            for place, (left, demand) in enumerate(zip(self.left, self.demand, strict=True))
        )

    def _moved(self, left: Figures, demand: float) -> Moved:
        suppliers = len(self.capacity)
        program = lp.Program(
            cost=np.append(np.zeros(suppliers), 1.0),
            matrix=sparse.csc_matrix(np.ones((1, suppliers + 1))),
            row_lower=np.array([demand]),
            row_upper=np.array([np.inf]),
            lower=np.zeros(suppliers + 1),
            upper=np.append(left * self.capacity, np.inf),
        )
        return Moved(program, None, sparse.csc_matrix(np.vstack([np.diag(left), np.zeros(suppliers)])))


@st.composite
def cases(draw: st.DrawFn, *, whole: bool = False, fixed: bool = True) -> Case:
    suppliers, scenarios = draw(st.integers(2, 3)), draw(st.integers(2, 5))
    figures = st.integers(0, 9)
    many = st.lists(figures, min_size=suppliers, max_size=suppliers)
    shares = st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=suppliers, max_size=suppliers)
    options = tuple(
        Option(
            "more",
            str(place),
            "t",
            unit_cost=draw(st.integers(1, 5)),
            most=draw(st.integers(1, 4)),
            fixed_cost=draw(st.integers(0, 4)) if fixed else 0.0,
            whole=whole,
        )
        for place in range(suppliers)
    )
    left = draw(st.lists(shares, min_size=scenarios, max_size=scenarios))
    demand = draw(st.lists(st.integers(1, 20), min_size=scenarios, max_size=scenarios))
    return Case(
        np.array(draw(many), dtype=float), np.array(left, dtype=float), np.array(demand, dtype=float), options
    )


RISKS = st.sampled_from(
    [Risk("expected"), Risk("worst"), Risk("tail", level=0.5), Risk("chance", allowed=1.0), Risk("chance")]
)


@given(cases(whole=True), RISKS, st.floats(0, 1), st.booleans())
@settings(deadline=None)
def test_whole_mixes_cost_what_brute_force_finds(case: Case, risk: Risk, ease: float, at_once: bool) -> None:
    weights = np.full(len(case.demand), 1 / len(case.demand))
    least = risk.of(case.loss(np.array([option.most for option in case.options])), weights)
    target = Target(
        "target", risk, least + ease * (risk.of(case.loss(np.zeros(len(case.options))), weights) - least)
    )
    cheapest = min(
        total_cost(case.options, np.array(amounts, float))
        for amounts in product(*(range(int(option.most) + 1) for option in case.options))
        if target.met(case.loss(np.array(amounts, float)), weights)
    )
    mix = optimal(Problem(case.options, case.recourses(), (target,)), gap=EXACT, at_once=at_once)
    assert mix.cost == pytest.approx(cheapest, abs=1e-5)
    assert mix.bound <= cheapest + 1e-5
    assert case.loss(mix.amounts) == pytest.approx(mix.losses, abs=1e-6), "what is promised is what is lost"


@given(
    cases(fixed=False),
    st.sampled_from([Risk("expected"), Risk("worst"), Risk("tail", level=0.6)]),
    st.floats(0.05, 1),
    st.booleans(),
)
@settings(deadline=None)
def test_cost_equals_one_large_programme_in_scipys_solver(
    case: Case, risk: Risk, ease: float, at_once: bool
) -> None:
    weights = np.full(len(case.demand), 1 / len(case.demand))
    most = np.array([option.most for option in case.options])
    least, none = risk.of(case.loss(most), weights), risk.of(case.loss(0 * most), weights)
    level = least + ease * (none - least)
    problem = Problem(case.options, case.recourses(), (Target("target", risk, level),))
    mix = optimal(problem, gap=EXACT, at_once=at_once)
    assert mix.cost == pytest.approx(_extensive(case, risk, level), abs=1e-4)


def _extensive(case: Case, risk: Risk, level: float) -> float:
    """All scenarios in one programme: amounts, losses, quantile, what is above it."""
    options, count = len(case.options), len(case.demand)
    width = options + 2 * count + 1
    rows, most = [], []
    for place in range(count):
        row = np.zeros(width)
        row[:options], row[options + place] = -case.left[place], -1
        rows.append(row)
        most.append(-(case.demand[place] - case.left[place] @ case.capacity))
        row = np.zeros(width)
        row[options + place], row[-1], row[options + count + place] = 1, -1, -1
        rows.append(row)
        most.append(0.0)
        if risk.kind == "worst":
            row = np.zeros(width)
            row[options + place] = 1
            rows.append(row)
            most.append(level)
    row = np.zeros(width)
    if risk.kind == "expected":
        row[options : options + count] = 1 / count
    elif risk.kind == "tail":
        row[-1], row[options + count : -1] = 1, 1 / count / (1 - risk.level)
    rows.append(row)
    most.append(level)
    cost = np.zeros(width)
    cost[:options] = [option.unit_cost for option in case.options]
    bounds = [(0, option.most) for option in case.options] + [(0, None)] * (2 * count) + [(None, None)]
    found = optimize.linprog(
        cost, A_ub=np.array(rows), b_ub=np.array(most) + 1e-9, bounds=bounds, method="highs"
    )
    assert found.success
    return float(found.fun)


@given(cases(), RISKS, st.floats(0, 1), st.floats(0, 1))
@settings(deadline=None)
def test_a_larger_budget_never_leaves_more_risk(case: Case, risk: Risk, share: float, more: float) -> None:
    whole = total_cost(case.options, np.array([option.most for option in case.options]))
    known = Known(case.recourses())
    problem = Problem(case.options, case.recourses(), budget=share * whole, minimise=risk)
    poor = optimal(problem, gap=EXACT, known=known)
    rich = optimal(replace(problem, budget=(share + more) * whole), gap=EXACT, known=known)
    assert poor.cost <= share * whole + 1e-5
    assert rich.objective <= poor.objective + 1e-5


@given(cases(fixed=False), st.sampled_from([Risk("expected"), Risk("tail", level=0.5), Risk("worst")]))
@settings(deadline=None)
def test_without_fixed_costs_the_frontier_is_convex_and_falls(case: Case, risk: Risk) -> None:
    weights = np.full(len(case.demand), 1 / len(case.demand))
    problem = Problem(case.options, case.recourses(), (Target("any", Risk("worst"), 1e9),))
    mixes = frontier(problem, risk, 5, gap=EXACT)
    costs = np.array([mix.cost for mix in mixes])
    levels = np.array([risk.of(case.loss(mix.amounts), weights) for mix in mixes])
    assert (np.diff(costs) >= -1e-4).all()
    assert (np.diff(levels) <= 1e-4).all()
    assert (np.diff(costs, n=2) >= -1e-3 * (1 + costs.max())).all(), "evenly spaced levels: dearer and dearer"


def test_prices_are_confirmed_by_finite_differences() -> None:
    case = Case(
        np.array([4.0, 3.0]),
        np.array([[0.0, 1.0], [1.0, 0.0]]),
        np.array([9.0, 8.0]),
        (Option("a", "A", "t", 2.0, 8.0), Option("b", "B", "t", 3.0, 8.0)),
    )
    problem = Problem(case.options, case.recourses(), (Target("short", Risk("expected"), 1.0),))
    mix, step = optimal(problem, gap=EXACT), 1e-2
    tighter = replace(problem, targets=(Target("short", Risk("expected"), 1.0 - step),))
    assert mix.prices["short"] == pytest.approx(
        (optimal(tighter, gap=EXACT).cost - mix.cost) / step, rel=1e-3
    )


def test_the_smallest_conflict_is_named() -> None:
    case = Case(np.array([0.0]), np.array([[1.0]]), np.array([10.0]), (Option("a", "A", "t", 2.0, 20.0),))
    targets = (Target("nothing missing", Risk("worst"), 0.0), Target("half missing", Risk("worst"), 5.0))
    limits = (Limit("room", np.array([1.0]), 8.0), Limit("plenty", np.array([1.0]), 1e3))
    problem = Problem(case.options, case.recourses(), targets, budget=1e4, limits=limits)
    with pytest.raises(ConflictError, match="nothing missing and room together") as caught:
        optimal(problem)
    assert caught.value.names == ("nothing missing", "room")
    with pytest.raises(ConflictError) as caught:
        optimal(replace(problem, limits=(), budget=9.0))
    assert caught.value.names == ("nothing missing", BUDGET)


def test_a_target_that_no_measure_reaches_is_named_alone() -> None:
    case = Case(np.array([0.0]), np.array([[0.0]]), np.array([10.0]), (Option("a", "A", "t", 2.0, 20.0),))
    problem = Problem(
        case.options, case.recourses(), (Target("nothing missing", Risk("worst"), 0.0),), budget=1.0
    )
    with pytest.raises(ConflictError, match="even with all of every measure"):
        optimal(problem)


def test_minimax_regret_is_the_worst_above_each_scenarios_own_best() -> None:
    case = Case(
        np.array([0.0, 0.0]),
        np.array([[1.0, 0.0], [0.0, 1.0]]),
        np.array([10.0, 10.0]),
        (Option("a", "A", "t", 1.0, 10.0), Option("b", "B", "t", 2.0, 10.0)),
    )
    best = np.array([0.0, 5.0])  # with a budget of 10, spent on one scenario alone
    mix = optimal(
        Problem(case.options, case.recourses(), budget=10.0, minimise=Risk("worst", spared=best)), gap=EXACT
    )
    assert mix.amounts == pytest.approx([20 / 3, 5 / 3], abs=1e-4), "a regret of 10/3 in both"
    assert mix.objective == pytest.approx(10 / 3, abs=1e-4)


def test_an_option_that_bends_is_refused() -> None:
    def build(amounts: Figures) -> lp.Program:
        return lp.Program(
            np.ones(1),
            sparse.csc_matrix(np.ones((1, 1))),
            np.array([5.0 - amounts[0] ** 2]),
            np.array([np.inf]),
            np.zeros(1),
            np.array([9.0]),
        )

    with pytest.raises(ValueError, match="not move the programme in proportion"):
        moved_by(build, np.ones(1))


@given(cases())
@settings(deadline=None)
def test_planes_lie_below_losses_everywhere(case: Case) -> None:
    most = np.array([option.most for option in case.options])
    for place, recourse in enumerate(case.recourses()):
        plane: Plane = recourse.plane(most / 2)
        for share in (0.0, 0.3, 1.0):
            assert plane.below(share * most) <= case.loss(share * most)[place] + 1e-6


def test_the_chance_target_needs_measures_that_never_harm() -> None:
    class Harm:
        name, weight = "harm", 1.0

        def plane(self, amounts: Figures) -> Plane:
            return Plane(amounts, 1.0 + float(amounts.sum()), np.ones(1))

    problem = Problem((Option("a", "A", "t", 1.0, 2.0),), (Harm(),), (Target("t", Risk("chance"), 0.1),))
    with pytest.raises(ValueError, match="raises a loss"):
        optimal(problem)


def test_a_risk_over_some_scenarios_asks_nothing_of_the_others() -> None:
    case = Case(
        np.array([0.0]),
        np.array([[1.0], [1.0], [1.0]]),
        np.array([4.0, 6.0, 20.0]),
        (Option("a", "A", "t", 1.0, 30.0),),
    )
    some = Target("the first two", Risk("worst", over=(0, 1)), 1.0)
    mean = Target("the last", Risk("expected", over=(2,)), 13.0)
    assert optimal(Problem(case.options, case.recourses(), (some,)), gap=EXACT).cost == pytest.approx(5.0)
    assert optimal(Problem(case.options, case.recourses(), (some, mean)), gap=EXACT).cost == pytest.approx(
        7.0
    )


def test_what_must_be_had_is_had_and_paid() -> None:
    case = Case(
        np.array([0.0, 0.0]),
        np.array([[1.0, 1.0]]),
        np.array([5.0]),
        (Option("dear", "A", "t", 3.0, 9.0, least=2.0), Option("cheap", "B", "t", 1.0, 9.0)),
    )
    mix = optimal(Problem(case.options, case.recourses(), (Target("all", Risk("worst"), 0.0),)), gap=EXACT)
    assert mix.amounts == pytest.approx([2.0, 3.0])
    assert mix.cost == pytest.approx(9.0)


def test_a_bound_that_two_options_move_is_the_same_written_out_and_asked_one_by_one() -> None:
    """An even number of options on one bound was once taken for none."""
    program = lp.Program(
        cost=np.array([0.0, 1.0]),
        matrix=sparse.csc_matrix(np.array([[1.0, 1.0]])),
        row_lower=np.array([10.0]),
        row_upper=np.array([np.inf]),
        lower=np.zeros(2),
        upper=np.array([3.0, np.inf]),
    )
    both = sparse.csc_matrix(np.array([[1.0, 1.0], [0.0, 0.0]]))
    options = (Option("store", "A", "t", 2.0, 3.0), Option("pipe", "A", "t", 3.0, 9.0))
    problem = Problem(
        options,
        (LinearRecourse("dry year", 1.0, Moved(program, None, both)),),
        (Target("at most 2 missing", Risk("worst"), 2.0),),
    )
    costs = [optimal(problem, at_once=at_once).cost for at_once in (True, False)]
    assert costs == pytest.approx([12.0, 12.0])  # 3 t at 2, 2 t at 3
