"""Which new suppliers, stocks and savings keep materials within limits on suppliers, at the least cost?

Shares are limits on amounts; what is missing without a supplier is a scenario, replayed in the lens of goods. Products
that no mix brings within a limit are brought as near as can be, and named: the others are still worth an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy import sparse

from weaklink import lp
from weaklink.errors import RequestError
from weaklink.mitigation.materials import Loss, recourse
from weaklink.mitigation.measures import Catalogue
from weaklink.mitigation.options import Figures
from weaklink.mitigation.portfolio import GAP, Known, Mix, frontier, optimal
from weaklink.mitigation.problem import Problem
from weaklink.mitigation.risk import Risk, Target
from weaklink.mitigation.wanted import Wanted, wanted
from weaklink.scenario.library import chosen
from weaklink.scenario.parameters import parameters
from weaklink.study import lens
from weaklink.study.losses import asked_for
from weaklink.study.material_losses import Failing, failing
from weaklink.study.material_options import AUTHORITARIAN, Asked, Possible, ShareLimit, possible
from weaklink.study.material_trade import MILLION, Trade, most_dependent, trade
from weaklink.study.question import Question
from weaklink.study.reduce import catalogue

NOTHING = 1e-6  # of a year's use: less missing than that counts as nothing
TURNS = 12  # times that scenarios are added or targets tightened
MOST_SETS = 300  # sets of suppliers that are tried for each product, those that sell most
MATTERS = 0.005  # share of a product's imports from which a supplier may fail


@dataclass(frozen=True, slots=True)
class MaterialWish:
    """What is asked of `reduced`. `targets`, `costs`, `budget`, `draws`, `seed`, `points` as in `reduce.Wish`.

    `importer` stands for the scenario's `who`, `product` lists codes or headings; or `dependent` asks for so many
    products of minerals of which the supplier group has the largest share. `limits` are further limits on shares, as
    of red lines.
    """

    scenario: str
    measures: str
    targets: tuple[str, ...]
    costs: Mapping[str, float] = field(default_factory=dict)
    budget: float = np.inf
    draws: int = 0
    seed: int = 0
    points: int = 0
    importer: str = ""
    product: str = ""
    dependent: int = 0
    year: int | None = None
    data: str = ""
    store: Path | None = None
    limits: tuple[ShareLimit, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """A wish as numbers."""

    wish: MaterialWish
    asked: lens.Asked
    targets: tuple[Wanted, ...]
    what: Asked
    trade: Trade
    catalogue: Catalogue
    possible: Possible
    failing: Failing

    @property
    def supplier_target(self) -> Wanted | None:
        """The target on the loss of suppliers, if there is one."""
        return next((one for one in self.targets if one.subject == "supplier"), None)


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """A mix that keeps what can be kept, replayed.

    `losses` are the scenarios, `replayed` what is missing in each with the mix, in million dollars, by the simulator;
    `strict` by how much a target was tightened; `relaxed` the limits that no mix keeps, with the least that can be
    reached beyond them (million dollars of purchases); `checked` how many sets of suppliers were tried.
    """

    mix: Mix
    problem: Problem
    known: Known
    losses: tuple[Loss, ...]
    product: tuple[int, ...]
    replayed: Figures
    bound: float
    relaxed: Mapping[str, float]
    checked: int

    @property
    def gap(self) -> float:
        """How far the cost is above the least cost, at most, as a share of it."""
        return max(0.0, self.mix.cost - self.bound) / self.mix.cost if self.mix.cost else 0.0


def speaks_of_materials(targets: Sequence[str]) -> bool:
    """Whether any target speaks of shares or suppliers, as those of materials do."""
    return any(wanted(text).subject in {"share", "each", "supplier"} for text in targets)


def setting(wish: MaterialWish) -> Setting:
    """Read the scenario, the trade and the catalogue. RequestError for what does not fit together."""
    scenario = chosen(wish.scenario)
    targets = tuple(wanted(text) for text in wish.targets)
    for one in targets:
        if one.subject not in {"share", "each", "supplier"}:
            raise RequestError(
                f"--target {one.text!r} speaks of a network. Of materials a target speaks of `share of WHO`, "
                "`each of "
                "WHO` or `largest supplier`."
            )
    counts = {one.count for one in targets if one.subject == "supplier"}
    if len(counts) > 1 or sum(one.subject == "supplier" for one in targets) > 1:
        raise RequestError("Give one target on the largest supplier or suppliers; ask once for each.")
    if scenario.response.urgent:
        raise RequestError(
            f"scenario {scenario.name} serves {scenario.response.urgent} first; that is not linear in "
            "measures, so that "
            "no mix can be proven. Leave out response.urgent."
        )
    asked = asked_for(scenario, wish.importer, year=wish.year, data=wish.data, store=wish.store)
    limits = (*(ShareLimit.of(one) for one in targets if one.subject != "supplier"), *wish.limits)
    what = Asked(limits, max(counts, default=0), asked.year)
    question = Question(
        asked.importer, asked.year, suppliers=_group(limits), data=wish.data, store=wish.store
    )
    codes = _codes(wish, scenario.in_trade(), question)
    traded = trade(replace(question, product=codes))
    listed = catalogue(wish.measures)
    spare = parameters("goods", scenario)["spare"].likely
    can = possible(traded, what, listed, wish.costs, spare)
    fail = failing(asked, traded, can, _suppliers(traded, can), wish.draws, wish.seed)
    return Setting(wish, asked, targets, what, traded, listed, can, fail)


def solved(asked: Setting, *, gap: float = GAP) -> Solved:
    """The cheapest mix that keeps the targets whichever supplier fails, in the lens of goods.

    Begins with the loss of the suppliers that are the largest before; every other set that the mix does not stand is
    added, until there is none. RequestError where that does not end.
    """
    scenarios = _Scenarios(asked)
    relaxed = _relaxed(asked.possible)
    bound = 0.0
    for turn in range(TURNS):
        problem = scenarios.problem(relaxed)
        mix = optimal(problem, gap=gap / 10, known=scenarios.known)
        bound = max(bound, mix.bound) if turn else mix.bound
        replayed = scenarios.replayed(mix.amounts)
        if not scenarios.tightened(replayed) and not scenarios.added(mix.amounts):
            return Solved(
                mix,
                problem,
                scenarios.known,
                tuple(scenarios.losses),
                tuple(scenarios.product),
                replayed,
                scenarios.untightened(bound, problem, gap),
                {name: most for name, most in relaxed.items() if most > 0},
                scenarios.checked,
            )
    raise RequestError(
        "No mix was found that stands the loss of every supplier; allow a little more to be missing."
    )


def points(asked: Setting, found: Solved, count: int) -> list[tuple[Mix, Figures]]:
    """Cheapest mixes for so many levels of what is missing in the mean over the scenarios, each with its replay.

    Limits on shares hold at each; the target on suppliers does not.
    """
    problem = replace(found.problem, targets=(), minimise=Risk("expected"))
    mixes = frontier(problem, Risk("expected"), count, known=found.known)
    return [(mix, np.array([loss.missing(mix.amounts) for loss in found.losses]) / MILLION) for mix in mixes]


class _Scenarios:
    """Losses of suppliers that are known so far, and by how much each target is tightened."""

    def __init__(self, asked: Setting) -> None:
        self.asked = asked
        self.losses: list[Loss] = []
        self.product: list[int] = []
        self.sets: set[tuple[int, tuple[str, ...]]] = set()
        self.known = Known(())
        self.strict = np.empty(0)
        self.checked = 0
        self.count = max(asked.what.largest, 1)
        for product in range(len(asked.trade.codes)):
            self._add(product, self._largest(product, np.zeros(len(asked.possible.options)))[0])

    def problem(self, relaxed: Mapping[str, float]) -> Problem:
        """The question as far as scenarios are known."""
        asked, can = self.asked, self.asked.possible
        limits = tuple(replace(one, most=one.most + relaxed[one.name]) for one in can.shares)
        wish = asked.supplier_target
        if wish is None:
            target = Target("anything", Risk("expected"), float(sum(map(self._use, range(len(self.losses))))))
        else:
            target = Target(wish.text, Risk("worst", spared=self.allowed() - self.strict), 0.0)
        return Problem(can.options, self.known.recourses, (target,), asked.wish.budget, (*limits, *can.rooms))

    def allowed(self) -> Figures:
        """What may be missing in each scenario, in million dollars."""
        wish = self.asked.supplier_target
        most = np.inf if wish is None else max(wish.most, NOTHING)
        return np.array([most * self._use(place) for place in range(len(self.losses))])

    def replayed(self, amounts: Figures) -> Figures:
        """What is missing in each scenario with a mix, in the simulator, in million dollars."""
        return np.array([loss.missing(amounts) for loss in self.losses]) / MILLION

    def tightened(self, replayed: Figures) -> bool:
        """Whether a target had to be tightened, by what periods leave out."""
        if self.asked.supplier_target is None:
            return False
        excess = replayed - self.allowed()
        over = excess > 1e-5 * (1 + self.allowed())
        self.strict[over] += excess[over]
        return bool(over.any())

    def added(self, amounts: Figures) -> bool:
        """Whether there are sets of suppliers that the mix does not stand: they are scenarios from now on."""
        wish = self.asked.supplier_target
        if wish is None:
            return False
        found = False
        for product in range(len(self.asked.trade.codes)):
            allowed = max(wish.most, NOTHING) * self.asked.failing.use(product)
            for who in self._largest(product, amounts):
                if (product, who) in self.sets:
                    continue
                losses = self.asked.failing.losses(product, who)
                self.checked += 1
                if max(loss.missing(amounts) for loss in losses) / MILLION > allowed + 1e-5 * (1 + allowed):
                    self._add(product, who)
                    found = True
        return found

    def untightened(self, bound: float, problem: Problem, gap: float) -> float:
        """What no mix can cost less than: of the targets as they were asked, in the scenarios known at the end."""
        if not self.strict.any():
            return bound
        (target,) = problem.targets
        plain = replace(target, risk=replace(target.risk, spared=self.allowed()))
        return optimal(replace(problem, targets=(plain,)), gap=gap / 10, known=self.known).bound

    def _use(self, place: int) -> float:
        return self.asked.failing.use(self.product[place])

    def _add(self, product: int, who: tuple[str, ...]) -> None:
        self.sets.add((product, who))
        for loss in self.asked.failing.losses(product, who):
            self.losses.append(loss)
            self.product.append(product)
            self.known.add(recourse(loss, MILLION))
        self.strict = np.append(self.strict, np.zeros(len(self.losses) - len(self.strict)))

    def _largest(self, product: int, amounts: Figures) -> list[tuple[str, ...]]:
        """Sets of suppliers of a product by what they sell with a mix, the largest first; those that could matter."""
        asked, traded = self.asked, self.asked.trade
        sold = traded.bought[product].copy()
        for deed, amount in zip(asked.possible.deeds, amounts.tolist(), strict=True):
            if deed.product == product and deed.old >= 0:
                sold[deed.old] -= amount
                if deed.new >= 0:
                    sold[deed.new] += amount
        sold[traded.members] = 0.0
        order = [
            int(one)
            for one in np.argsort(-sold, kind="stable")
            if traded.countries[one] in asked.failing.suppliers
        ]
        wish = asked.supplier_target
        allowed = (wish.most if wish else 0.0) * asked.failing.use(product)
        order = [one for one in order if sold[one] > max(allowed / self.count, 0.0)][:24] or order[
            : self.count
        ]
        sets = sorted(
            combinations(order, min(self.count, len(order))), key=lambda some: -sold[list(some)].sum()
        )
        return [tuple(traded.countries[one] for one in some) for some in sets[:MOST_SETS]]


def _relaxed(can: Possible) -> dict[str, float]:
    """By how much each limit on shares must be raised so that it can be kept: zero where it can.

    Limits of one product are raised together, by the least sum.
    """
    found: dict[str, float] = {}
    width, most = len(can.options), np.array([option.most for option in can.options])
    for product in sorted({deed.product for deed in can.deeds}):
        limits = [one for one in can.shares if one.product == product]
        if not limits:
            continue
        raised = sparse.vstack([-sparse.eye(len(limits)), sparse.csc_matrix((len(can.rooms), len(limits)))])
        every = [*limits, *can.rooms]
        program = lp.Program(
            cost=np.concatenate([np.zeros(width), np.ones(len(limits))]),
            matrix=sparse.csc_matrix(sparse.hstack([np.array([one.weights for one in every]), raised])),
            row_lower=np.full(len(every), -np.inf),
            row_upper=np.array([one.most for one in every]),
            lower=np.zeros(width + len(limits)),
            upper=np.concatenate([most, np.full(len(limits), np.inf)]),
        )
        least = lp.solve(program).x[width:]
        for limit, more in zip(limits, least.tolist(), strict=True):
            found[limit.name] = more * (1 + 1e-6) + 1e-9 if more > 1e-7 else 0.0
    return found


def _group(limits: Sequence[ShareLimit]) -> str:
    return limits[0].who if limits else AUTHORITARIAN


def _codes(wish: MaterialWish, shocks: Sequence[object], question: Question) -> str:
    """The products that are asked about, as a list of codes."""
    if wish.product and wish.dependent:
        raise RequestError("Give --product or --most-dependent, not both.")
    if wish.product:
        return wish.product
    if wish.dependent:
        return ",".join(most_dependent(question, wish.dependent))
    named = [
        code for shock in shocks for code in getattr(shock, "products", ()) if re.fullmatch(r"\d+", code)
    ]
    if not named:
        raise RequestError(
            f"scenario {wish.scenario} strikes every product. Say which materials are meant: --product "
            "280530,811211; or "
            "--most-dependent 10 for those of which the group has the largest share."
        )
    return ",".join(dict.fromkeys(named))


def _suppliers(traded: Trade, can: Possible) -> list[str]:
    """Suppliers outside that may fail: those that matter now, and those of whom more could be bought."""
    shares = np.divide(
        traded.bought,
        traded.total[:, None],
        out=np.zeros_like(traded.bought),
        where=traded.total[:, None] > 0,
    )
    places = set(np.flatnonzero((shares > MATTERS).any(axis=0)).tolist()) | {deed.new for deed in can.deeds}
    return sorted(traded.countries[one] for one in places if one >= 0 and not traded.members[one])
