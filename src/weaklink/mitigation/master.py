"""Which mix is best as far as is known? The programme over mixes, with losses bounded below by the planes found so far.

Columns are the amounts, a yes or no for each option with a fixed cost, and a loss for each scenario; a chance adds a
yes or no for each scenario, a tail its quantile and what lies above it. The losses are at least what every plane says,
so the optimum is a lower bound of the true one: relaxed in the losses, exact in everything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from weaklink import lp
from weaklink.mitigation.options import Figures
from weaklink.mitigation.problem import BUDGET, Problem
from weaklink.mitigation.recourse import Plane
from weaklink.mitigation.risk import Risk

Planes = Sequence[Sequence[Plane]]  # for each scenario


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """The best mix as far as is known, the losses assumed with it, and what no mix can be below."""

    amounts: Figures
    losses: Figures
    bound: float
    values: Figures


def proposal(problem: Problem, planes: Planes, worst: Figures, mip_gap: float) -> Proposal:
    """Solve the programme. `worst` is the loss of each scenario with nothing done, which none exceeds.

    Raises `lp.NoSolutionError` with the status `infeasible` where no mix can meet the targets.
    """
    build = Build(problem, planes, worst)
    solution = lp.solve(build.program(), mip_gap=mip_gap)
    places = build.amounts
    losses = np.maximum(solution.x[build.losses], 0.0)
    return Proposal(solution.x[places], losses, solution.bound, solution.x)


def prices(problem: Problem, planes: Planes, worst: Figures, at: Proposal) -> dict[str, float]:
    """What one more unit of each target, limit and of the budget is worth: by how much the objective falls.

    Every yes or no, and every whole amount, stays as it is in the proposal. For a chance the unit is one of the loss
    that is allowed, and the price the sum over the scenarios in which it binds.
    """
    build = Build(problem, planes, worst)
    return named_prices(build, build.program(), at.values)


def named_prices(build: Build, program: lp.Program, values: Figures) -> dict[str, float]:
    """The same for a programme that begins with what `build` made, solved by `values`."""
    whole = program.integer if program.integer is not None else np.zeros(len(program.cost), dtype=bool)
    fixed = np.where(whole, np.round(values), 0.0)
    lower, upper = np.where(whole, fixed, program.lower), np.where(whole, fixed, program.upper)
    solution = lp.solve(replace(program, lower=lower, upper=upper, integer=None))
    return {name: -float(solution.row_prices[rows].sum()) + 0.0 for name, rows in build.named.items()}


class Build:
    """Rows and columns are added as the question needs them."""

    def __init__(self, problem: Problem, planes: Planes, worst: Figures) -> None:
        self.problem, self.worst = problem, worst
        self.cost: list[float] = []
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.integer: list[bool] = []
        self.rows: list[tuple[npt.NDArray[np.int64], Figures, float, float]] = []
        self.named: dict[str, npt.NDArray[np.int64]] = {}
        priced = problem.minimise is None
        options = problem.options
        self.amounts = self.columns(
            [option.unit_cost * priced for option in options],
            upper=[option.most for option in options],
            integer=[option.whole for option in options],
        )
        for place, option in zip(self.amounts, options, strict=True):
            self.lower[place] = option.least
        self.fixed = np.array([place for place, option in enumerate(options) if option.fixed_cost > 0], int)
        self.used = self.columns(
            [options[place].fixed_cost * priced for place in self.fixed],
            upper=[1.0] * len(self.fixed),
            integer=[True] * len(self.fixed),
        )
        for place, used in zip(self.fixed, self.used, strict=True):
            self.row([self.amounts[place], used], [1.0, -options[place].most], most=0.0)
        self.losses = self.columns([0.0] * len(worst), upper=[np.inf] * len(worst))
        self._planes(planes)
        self._limits()
        for target in problem.targets:
            self._target(target.name, target.risk, target.most)
        if problem.minimise is not None:
            self._minimise(problem.minimise)

    def columns(
        self,
        cost: Sequence[float],
        *,
        upper: Sequence[float],
        integer: Sequence[bool] = (),
        lower: float = 0.0,
    ) -> npt.NDArray[np.int64]:
        """New columns, and their places."""
        first = len(self.cost)
        self.cost += cost
        self.upper += upper
        self.lower += [lower] * len(cost)
        self.integer += integer or [False] * len(cost)
        return np.arange(first, len(self.cost))

    def row(
        self,
        places: npt.ArrayLike,
        values: npt.ArrayLike,
        *,
        least: float = -np.inf,
        most: float = np.inf,
        name: str = "",
    ) -> None:
        """A new row; rows with a name are priced."""
        if name:
            known = self.named.get(name, np.empty(0, dtype=np.int64))
            self.named[name] = np.append(known, len(self.rows))
        self.rows.append((np.asarray(places, np.int64), np.asarray(values, np.float64), least, most))

    def program(self) -> lp.Program:
        """All of it."""
        columns = np.concatenate([places for places, *_ in self.rows])
        counts = [len(places) for places, *_ in self.rows]
        values = np.concatenate([values for _, values, *_ in self.rows])
        shape = (len(self.rows), len(self.cost))
        matrix = sparse.csc_matrix((values, (np.repeat(np.arange(len(counts)), counts), columns)), shape)
        integer = np.array(self.integer)
        return lp.Program(
            np.array(self.cost),
            matrix,
            np.array([least for *_, least, _ in self.rows]),
            np.array([most for *_, most in self.rows]),
            np.array(self.lower),
            np.array(self.upper),
            integer if integer.any() else None,
        )

    def _planes(self, planes: Planes) -> None:
        for loss, found in zip(self.losses, planes, strict=True):
            for plane in found:
                moved = np.flatnonzero(plane.slope)
                least = plane.value - float(plane.slope @ plane.at)
                self.row([loss, *self.amounts[moved]], [1.0, *-plane.slope[moved]], least=least)

    def _limits(self) -> None:
        problem = self.problem
        for limit in problem.limits:
            self.row(self.amounts, limit.weights, most=limit.most, name=limit.name)
        if np.isfinite(problem.budget):
            options = problem.options
            costs = [
                *(one.unit_cost for one in options),
                *(options[place].fixed_cost for place in self.fixed),
            ]
            self.row([*self.amounts, *self.used], costs, most=problem.budget, name=BUDGET)

    def _target(self, name: str, risk: Risk, most: float) -> None:
        if risk.kind == "worst":
            for loss, spared, _ in self._meant(risk):
                self.row([loss], [1.0], most=most + spared, name=name)
        elif risk.kind == "chance":
            missed = self._missed(risk, name)
            self.row(missed, risk.weights(self.problem.weights), most=most)
        else:
            places, values, shift = self._linear(risk)
            self.row(places, values, most=most + shift, name=name)

    def _minimise(self, risk: Risk) -> None:
        if risk.kind == "chance":
            for place, weight in zip(self._missed(risk), risk.weights(self.problem.weights), strict=True):
                self.cost[place] = weight
            return
        (found,) = self.columns([1.0], upper=[np.inf], lower=-np.inf)
        if risk.kind == "worst":
            for loss, spared, _ in self._meant(risk):
                self.row([found, loss], [1.0, -1.0], least=-spared)
        else:
            places, values, shift = self._linear(risk)
            self.row([found, *places], [1.0, *(-value for value in values)], least=-shift)

    def _meant(self, risk: Risk) -> Iterator[tuple[int, float, float]]:
        """Column, what is spared, and loss with nothing done, of each scenario that a risk means."""
        losses = self.losses[list(risk.over)] if risk.over else self.losses
        worst = risk.meant(self.worst)
        return zip(losses, np.broadcast_to(risk.spared, worst.shape), worst, strict=True)

    def _missed(self, risk: Risk, name: str = "") -> npt.NDArray[np.int64]:
        """A yes or no for each scenario: whether more may be lost in it than is allowed."""
        meant = list(self._meant(risk))
        allowed = np.broadcast_to(risk.allowed, len(meant))
        missed = self.columns([0.0] * len(meant), upper=[1.0] * len(meant), integer=[True] * len(meant))
        for (loss, spared, worst), place, most in zip(meant, missed, allowed, strict=True):
            self.row([loss, place], [1.0, -max(worst - most - spared, 0.0)], most=most + spared, name=name)
        return missed

    def _linear(self, risk: Risk) -> tuple[list[int], list[float], float]:
        """An expected or tail risk as columns and their coefficients; what is spared moves to the other side."""
        meant, weights = list(self._meant(risk)), risk.weights(self.problem.weights)
        if risk.kind == "expected":
            spared = float(weights @ [less for _, less, _ in meant])
            return [loss for loss, *_ in meant], weights.tolist(), spared
        (quantile,) = self.columns([0.0], upper=[np.inf], lower=-np.inf)
        above = self.columns([0.0] * len(meant), upper=[np.inf] * len(meant))
        for (loss, spared, _), over in zip(meant, above, strict=True):
            self.row([over, loss, quantile], [1.0, -1.0, 1.0], least=-spared)
        share = 1 - risk.level
        return [int(quantile), *above.tolist()], [1.0, *(weights / share).tolist()], 0.0
