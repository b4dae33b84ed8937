"""Which mix of measures meets the targets at the least cost, and how far is it at most from the best?

Scenarios stand outside the programme over mixes and answer with planes (Benders' decomposition, one plane a scenario:
Birge and Louveaux (1988), European Journal of Operational Research 34, 384). A round solves the programme, which bounds
the optimum from below, then asks the scenarios half way between its proposal and the best mix that is known to meet the
targets (Ben-Ameur and Neto (2007), Networks 49, 3), which bounds it from above and moves both together. It ends when
the two are as near as was asked, and says how near they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from weaklink import lp
from weaklink.errors import WeaklinkError
from weaklink.mitigation.extensive import fits, written_out
from weaklink.mitigation.master import Proposal, named_prices, prices, proposal
from weaklink.mitigation.options import IN_USE, Figures, total_cost
from weaklink.mitigation.problem import Problem
from weaklink.mitigation.recourse import Plane, Recourse
from weaklink.mitigation.risk import SLACK, Risk, Target

GAP = 0.01  # relative: how near the best a mix must be proven to be, where nothing else is asked
ROUNDS = 500
MOST_NAMED = 14  # targets and limits among which the smallest conflict is looked for set by set

Ask = Callable[[Sequence[Recourse], Figures], Iterable[Plane]]  # the planes of all scenarios at a mix


class ConflictError(WeaklinkError):
    """No mix meets the targets within the limits. `names` is a smallest set of them that conflict."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"no mix of these measures meets {' and '.join(names)}"
            f"{' together' if len(names) > 1 else ', even with all of every measure'}. "
            "Relax one of them, or add measures or raise their limits."
        )
        self.names = tuple(names)


@dataclass(frozen=True, slots=True, eq=False)
class Mix:
    """A mix of measures that meets the targets, and its proof.

    `objective` is its cost, or its risk where a risk was minimised; no mix is below `bound`. `losses` are those of each
    scenario with the mix, `prices` what one more unit of each target, limit and of the budget is worth, by name
    (`master.prices`). `asked` counts how often a scenario was solved.
    """

    amounts: Figures
    cost: float
    losses: Figures
    objective: float
    bound: float
    prices: dict[str, float]
    rounds: int
    asked: int

    @property
    def gap(self) -> float:
        """How far above the best it can be at most, relative to itself."""
        return max(0.0, self.objective - self.bound) / abs(self.objective) if self.objective else 0.0


def one_by_one(recourses: Sequence[Recourse], amounts: Figures) -> Iterable[Plane]:
    """Ask every scenario in turn."""
    return (one.plane(amounts) for one in recourses)


class Known:
    """What scenarios have answered: planes that hold for any target and budget, so they are kept between questions."""

    def __init__(self, recourses: Iterable[Recourse], ask: Ask = one_by_one) -> None:
        """Nothing is known yet; `ask` says how scenarios are asked, as by several processes."""
        self.ask = ask
        self._recourses: list[Recourse] = []
        self._losses: list[dict[bytes, float]] = []
        self.planes: list[list[Plane]] = []
        for recourse in recourses:
            self.add(recourse)

    @property
    def recourses(self) -> tuple[Recourse, ...]:
        """The scenarios."""
        return tuple(self._recourses)

    @property
    def asked(self) -> int:
        """How often a scenario was solved."""
        return sum(map(len, self.planes))

    def add(self, recourse: Recourse) -> None:
        """One more scenario; what the others have answered stays."""
        self._recourses.append(recourse)
        self._losses.append({})
        self.planes.append([])

    def at(self, amounts: Figures) -> Figures:
        """Losses at a mix; nothing is asked twice."""
        key = (amounts + 0.0).tobytes()
        new = [place for place, losses in enumerate(self._losses) if key not in losses]
        found = self.ask([self._recourses[place] for place in new], amounts)
        for place, plane in zip(new, found, strict=True):
            self.planes[place].append(plane)
            self._losses[place][key] = max(plane.value, 0.0)
        return np.array([losses[key] for losses in self._losses])


def optimal(
    problem: Problem,
    *,
    gap: float = GAP,
    known: Known | None = None,
    rounds: int = ROUNDS,
    at_once: bool | None = None,
) -> Mix:
    """The best mix, proven to within `gap`.

    `known` keeps what scenarios answered for the next question about the same options and scenarios. Scenarios that are
    linear and small enough together are written out in one programme; `at_once` decides that otherwise. Raises
    `ConflictError` where no mix will do, `lp.NoSolutionError` with the status `round limit` where the proof is not
    complete after so many rounds.

    >>> from weaklink.mitigation.options import Option
    >>> from weaklink.mitigation.risk import Target
    >>> class Short:  # ten units are missing; each unit of either option replaces one
    ...     name, weight = "cut-off", 1.0
    ...     def plane(self, amounts):
    ...         left = 10.0 - amounts.sum()
    ...         return Plane(amounts, max(left, 0.0), np.full(2, -1.0) if left > 0 else np.zeros(2))
    >>> options = (Option("store", "A", "t", 2.0, 6.0), Option("pipe", "A", "t", 3.0, 9.0))
    >>> mix = optimal(Problem(options, (Short(),), (Target("nothing missing", Risk("worst"), 0.0),)))
    >>> mix.amounts.round(3).tolist(), mix.cost, mix.prices
    ([6.0, 4.0], 24.0, {'nothing missing': 3.0})
    """
    known = known or Known(problem.recourses)
    if fits(problem.recourses) if at_once is None else at_once:
        found = _at_once(problem, known, gap)
        if found is not None:
            return found
    search = _Search(problem, known, gap)
    for turn in range(1, rounds + 1):
        try:
            search.turn()
        except lp.NoSolutionError as error:
            if "infeasible" in error.status:
                raise ConflictError(smallest_conflict(problem, known)) from error
            raise
        if search.done():
            return search.mix(turn)
    raise lp.NoSolutionError("round limit", f"The gap was {search.gap():.1%} after {rounds} rounds.")


def frontier(
    problem: Problem, risk: Risk, points: int, *, gap: float = GAP, known: Known | None = None
) -> list[Mix]:
    """Cheapest mixes for so many levels of a risk, evenly spaced from that of doing nothing to the least there can be.

    Other targets and limits of the problem hold at each. Each mix has the risk as its first price.
    """
    known = known or Known(problem.recourses)
    none = risk.of(known.at(np.zeros(len(problem.options))), problem.weights)
    least = optimal(replace(problem, minimise=risk), gap=gap / 10, known=known).objective
    found = []
    for most in np.linspace(none, least, points):
        slack = abs(none - least) * SLACK * 10
        target = Target(f"{risk.kind} at most {most:,.6g}", risk, float(most) + slack)
        asked = replace(problem, targets=(target, *problem.targets), minimise=None)
        found.append(optimal(asked, gap=gap, known=known))
    return found


def smallest_conflict(problem: Problem, known: Known | None = None) -> tuple[str, ...]:
    """A smallest set of targets and limits that no mix meets together.

    With more than `MOST_NAMED` of them, a set from which none can be left out, which need not be the smallest.
    """
    known = known or Known(problem.recourses)
    names = problem.named()
    if len(names) > MOST_NAMED:
        return _irreducible(problem, names, known)
    for size in range(1, len(names) + 1):
        for some in combinations(names, size):
            if not _possible(problem.only(some), known):
                return some
    raise ValueError("there is no conflict")


def _irreducible(problem: Problem, names: tuple[str, ...], known: Known) -> tuple[str, ...]:
    for name in names:
        fewer = tuple(one for one in names if one != name)
        if not _possible(problem.only(fewer), known):
            names = fewer
    return names


def _at_once(problem: Problem, known: Known, gap: float) -> Mix | None:
    """The best mix from one programme; None where rounding leaves it a little outside of a target."""
    worst = known.at(np.zeros(len(problem.options)))
    check_chances(problem, known)
    program, build = written_out(problem, worst)
    try:
        solution = lp.solve(program, mip_gap=min(gap / 10, 1e-4))
    except lp.NoSolutionError as error:
        if "infeasible" in error.status:
            raise ConflictError(smallest_conflict(problem, known)) from error
        raise
    amounts = _whole(problem, solution.x[build.amounts])
    losses = known.at(amounts)
    if not (problem.affordable(amounts) and problem.met(losses)):
        return None
    objective = problem.objective(amounts, losses)
    values = named_prices(build, program, solution.x)
    cost, bound = total_cost(problem.options, amounts), min(solution.bound, objective)
    return Mix(amounts, cost, losses, objective, bound, values, 1, known.asked)


def _possible(problem: Problem, known: Known) -> bool:
    if fits(problem.recourses):
        program, _ = written_out(problem, known.at(np.zeros(len(problem.options))))
        try:
            lp.solve(replace(program, cost=np.zeros(len(program.cost))))
        except lp.NoSolutionError as error:
            if "infeasible" in error.status:
                return False
            raise
        return True
    search = _Search(problem, known, gap=np.inf)
    try:
        for _ in range(ROUNDS):
            search.turn()
            if search.best is not None:
                return True
    except lp.NoSolutionError as error:
        if "infeasible" in error.status:
            return False
        raise
    raise lp.NoSolutionError("round limit", "Whether targets conflict was not decided.")


class _Search:
    """The two bounds, and the best mix so far."""

    def __init__(self, problem: Problem, known: Known, gap: float) -> None:
        self.problem, self.known, self.wanted = problem, known, gap
        self.bound = -np.inf
        self.best: tuple[float, Figures, Figures] | None = None
        self.last: Proposal | None = None
        self.worst = known.at(np.zeros(len(problem.options)))
        for amounts in (_whole(problem, problem.least), _whole(problem, problem.most)):
            self._consider(amounts, known.at(amounts))
        check_chances(problem, known)

    def turn(self) -> None:
        """One round."""
        problem, tight = self.problem, min(self.wanted / 10, 1e-3)
        found = self.last = proposal(problem, self.known.planes, self.worst, tight)
        self.bound = max(self.bound, found.bound)
        if self.done():
            return
        if self.best is not None:
            middle = _whole(problem, (found.amounts + self.best[1]) / 2)
            before = len(self.known.planes[0])
            self._consider(middle, self.known.at(middle))
            if self._cut_off(found, before):
                return
        there = _whole(problem, found.amounts)
        self._consider(there, self.known.at(there))

    def gap(self) -> float:
        """How far the best mix can be from the optimum, relative to itself."""
        if self.best is None:
            return np.inf
        return max(0.0, self.best[0] - self.bound) / max(abs(self.best[0]), IN_USE)

    def done(self) -> bool:
        """Whether the best is near enough."""
        return self.best is not None and (
            self.gap() <= self.wanted or self.best[0] - self.bound <= SLACK * (1 + abs(self.best[0]))
        )

    def mix(self, turns: int) -> Mix:
        """The best mix with its proof."""
        problem, known = self.problem, self.known
        if self.best is None or self.last is None:
            raise lp.NoSolutionError("no mix", "None was found that meets the targets.")
        objective, amounts, losses = self.best
        values = prices(problem, known.planes, self.worst, self.last)
        cost = total_cost(problem.options, amounts)
        return Mix(amounts, cost, losses, objective, min(self.bound, objective), values, turns, known.asked)

    def _consider(self, amounts: Figures, losses: Figures) -> None:
        problem = self.problem
        if problem.affordable(amounts) and problem.met(losses):
            objective = problem.objective(amounts, losses)
            if self.best is None or objective < self.best[0]:
                self.best = objective, amounts, losses

    def _cut_off(self, found: Proposal, before: int) -> bool:
        """Whether planes found since say that the proposal loses more than it assumed."""
        above = [
            max((plane.below(found.amounts) for plane in planes[before:]), default=-np.inf)
            for planes in self.known.planes
        ]
        return bool((np.array(above) > found.losses + SLACK * (1 + found.losses)).any())


def _whole(problem: Problem, amounts: Figures) -> Figures:
    """Amounts within their limits, whole ones rounded up where there is room."""
    found = np.clip(amounts, problem.least, problem.most)
    for place, option in enumerate(problem.options):
        if option.whole:
            found[place] = min(np.ceil(found[place] - SLACK), np.floor(option.most + SLACK))
        elif not option.used(found[place]):
            found[place] = 0.0
    return found


def check_chances(problem: Problem, known: Known) -> None:
    """A chance counts on no measure ever raising a loss: else doing nothing would not be the worst."""
    chances = [target.risk for target in problem.targets if target.risk.kind == "chance"]
    if problem.minimise is not None and problem.minimise.kind == "chance":
        chances.append(problem.minimise)
    steepest = max(
        (float(plane.slope.max(initial=0.0)) for planes in known.planes for plane in planes), default=0
    )
    if chances and steepest > SLACK:
        raise ValueError("a measure raises a loss: a target with a chance cannot be proven")
