"""Between what does the loss lie? What nobody could undercut, and what it would be if nothing could be replaced.

**Free substitution** bounds unmet final demand from below, and that is proven: any supplier of a product serves as
well as any other, every stock may be used by everybody, overproduction is at its most from the first day, cuts are
circumvented, nothing need be rebuilt, and a planner knows the whole horizon. Every course that `simulate` can take
keeps the rules of this linear programme, so none leaves less unmet over the same days.

**No substitution** is the Leontief bottleneck: each industry makes no larger share of its baseline than its worst
supplier, without stocks and without overproduction. It bounds unmet final demand from above where every industry sells
to one client only. Where clients compete for the same goods it is a yardstick, not a bound: firms that refill their
stocks then crowd out final buyers, which no static measure knows.

The programme also has the weights of MRIA (Koks and Thissen 2016, Economic Systems Research 28(4), 429), as read in its
code: output 1, trade that was not there before 1.75, rationing 2, and a capacity of output / 0.98.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from weaklink import lp
from weaklink.disruption.economy import Economy
from weaklink.disruption.model import Parameters, Setting
from weaklink.disruption.plan import Plan
from weaklink.disruption.shock import Shock
from weaklink.inputoutput.accounts import Floats

MRIA_CAPACITY = 1 / 0.98  # of baseline output
MRIA_IMPORTS, MRIA_RATIONING = 1.75, 2.0  # per unit, where a unit of output costs 1
LEAST_SHARE = 0.01  # of an input: a supplier below it is no bottleneck. Our own choice


@dataclass(frozen=True, slots=True)
class Least:
    """What no course of the same days can undercut, in the unit of the table, all regions together.

    `unmet` of `wanted` final demand; `beyond` is what industries then make beyond their baseline in all.
    """

    unmet: float
    wanted: float
    beyond: float


def free_substitution(
    economy: Economy, shock: Shock, days: int, *, parameters: Parameters | None = None
) -> Least:
    """The least unmet final demand over so many days, proven, and the least output beyond baseline that it takes.

    What is to be rebuilt counts as back, and asked of nobody, from the day on which rebuilding begins.

    >>> from weaklink.disruption.economy import economy
    >>> from weaklink.disruption.shock import CapacityLoss, Course
    >>> from weaklink.inputoutput.textbook import two_regions
    >>> both = CapacityLoss(np.array([0, 1]), np.array([0.9, 0.9]), Course(1, 365, "never"))
    >>> least = free_substitution(economy(two_regions()), Shock(capacity=(both,)), 366)
    >>> round(least.unmet / least.wanted, 2)
    0.76
    """
    made = _Pooled.of(economy, shock, days, parameters or Parameters())
    first = lp.solve(made.program(output=0.0, beyond=0.0, rationing=1.0))
    unmet = float(first.objective)
    second = made.program(output=0.0, beyond=1.0, rationing=0.0, most_unmet=unmet)
    return Least(
        unmet * made.unit, float(made.wanted.sum()) * made.unit, lp.solve(second).objective * made.unit
    )


def mria(economy: Economy, shock: Shock, days: int) -> Least:
    """The same with capacity, stocks (none) and weights of MRIA: a plan that weighs rationing against output.

    It is no bound: at a weight of 2 it pays to ration what takes more than two units of output in all to make.
    The update of MRIA of 2025 therefore minimises rationing first, as `free_substitution` does.
    """
    parameters = Parameters(alpha_max=MRIA_CAPACITY)
    made = _Pooled.of(economy, shock, days, parameters, stocks=False)
    solved = lp.solve(made.program(output=1.0, beyond=MRIA_IMPORTS, rationing=MRIA_RATIONING))
    _, beyond, unmet = np.split(solved.x, (len(made.most), 2 * len(made.most)))
    return Least(
        float(unmet.sum()) * made.unit, float(made.wanted.sum()) * made.unit, float(beyond.sum()) * made.unit
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Pooled:
    """All days and places added up: output (working industries), use of products, final demand by product.

    Amounts are in shares of all final demand that is wanted, `unit`, so that the solver's tolerances mean the same for
    every table.
    """

    most: Floats
    usual: Floats
    makes: sparse.csr_matrix
    stock: Floats
    wanted: Floats
    unit: float

    @classmethod
    def of(
        cls, economy: Economy, shock: Shock, days: int, parameters: Parameters, *, stocks: bool = True
    ) -> _Pooled:
        setting = Setting(economy, parameters, 1)
        plan = Plan.of(setting, _soon_rebuilt(shock), days)
        capacity, wanted = np.zeros(economy.size), np.zeros(economy.sectors)
        for today in range(days):
            asked, final = plan.wanted(today)
            capacity += (1 - asked.lost[0]) * economy.output
            by_industry = sum(size[0] * amount.by_industry for amount, size in final.amounts)
            wanted += np.asarray(by_industry).reshape(economy.sectors, economy.places).sum(axis=1)
        needed = economy.essential & np.isfinite(setting.days[:, 0])
        use = np.where(needed, economy.use, 0.0)
        works = economy.output > 0
        per_unit = use[:, works] / economy.output[works]
        sector = np.repeat(np.arange(economy.sectors), economy.places)[works]
        own = (sector == np.arange(economy.sectors)[:, None]).astype(np.float64)
        held = (np.where(needed, setting.days[:, 0], 0.0) * use).sum(axis=1) if stocks else np.zeros(len(use))
        unit = float(wanted.sum()) or 1.0
        return cls(
            most=float(setting.alpha_max.max()) * capacity[works] / unit,
            usual=days * economy.output[works] / unit,
            makes=sparse.csr_matrix(own - per_unit),
            stock=held / unit,
            wanted=np.maximum(wanted, 0.0) / unit,
            unit=unit,
        )

    def program(
        self, *, output: float, beyond: float, rationing: float, most_unmet: float = np.inf
    ) -> lp.Program:
        """Columns: output, output beyond the usual, unmet final demand by product, each with its cost.

        Rows: every product covers its use and final demand; output is the usual and what is beyond; unmet in all.
        """
        industries, products = len(self.most), len(self.wanted)
        identity = sparse.identity(industries, format="csr")
        ones = sparse.csr_matrix(np.ones((1, products)))
        matrix = sparse.bmat(
            [
                [self.makes, None, sparse.identity(products, format="csr")],
                [identity, -identity, None],
                [None, None, ones],
            ],
            format="csc",
        )
        free = np.full(industries, -np.inf)
        return lp.Program(
            cost=np.repeat([output, beyond, rationing], [industries, industries, products]),
            matrix=matrix,
            row_lower=np.concatenate([self.wanted - self.stock, free, [-np.inf]]),
            row_upper=np.concatenate([np.full(products, np.inf), self.usual, [most_unmet]]),
            lower=np.zeros(2 * industries + products),
            upper=np.concatenate([self.most, np.full(industries, np.inf), self.wanted]),
        )


def _soon_rebuilt(shock: Shock) -> Shock:
    """The shock with everything rebuilt by nobody on the day that rebuilding begins."""
    soon = (
        replace(one, rebuilt_by=None, course=replace(one.course, recovery="at once"))
        if one.rebuilt_by
        else one
        for one in shock.capital
    )
    return replace(shock, capital=tuple(soon))


def no_substitution(economy: Economy, shock: Shock, days: int, *, least_share: float = LEAST_SHARE) -> Floats:
    """Unmet final demand by day and region, (days, regions), where nothing replaces anything.

    A supplier counts that makes more than `least_share` of an essential input of a client; so does its own worst
    supplier, and so on. A client that is cut off from a supplier loses the share that is cut. Nothing is rebuilt.

    >>> from weaklink.disruption.economy import economy
    >>> from weaklink.disruption.shock import CapacityLoss, Course
    >>> from weaklink.inputoutput.textbook import two_regions
    >>> one = CapacityLoss(np.array([0]), np.array([0.5]), Course(1, 1))
    >>> (365 * no_substitution(economy(two_regions()), Shock(capacity=(one,)), 3).sum(axis=1)).round(6).tolist()
    [0.0, 1025.0, 0.0]
    """
    plan = Plan.of(Setting(economy, Parameters(), 1), shock, days)
    needs = _needs(economy, least_share)
    unmet = np.zeros((days, len(economy.regions)))
    before, worst = np.zeros(economy.size), np.zeros(economy.size)
    for today in range(days):
        asked, final = plan.wanted(today)
        lost = np.maximum(asked.lost[0], _cut_off(economy, plan, today, least_share))
        if not np.array_equal(lost, before):
            before, worst = lost, _spread(lost, needs)
        unmet[today] = final.unmet(1 - worst[None])[0]
    return unmet


def _needs(economy: Economy, least_share: float) -> sparse.csr_matrix:
    """Which supplier (row) each client (column) cannot do without."""
    counts = (economy.shares > least_share) & economy.essential[:, None, :]
    return sparse.csr_matrix(counts.reshape(economy.size, economy.size))


def _cut_off(economy: Economy, plan: Plan, today: int, least_share: float) -> Floats:
    """The largest share cut of a supplier that a client cannot do without, by client."""
    cut = np.zeros((economy.size, len(economy.regions)))
    for barrier, levels in zip(plan.barriers, plan.cut_levels, strict=True):
        cut += float(np.max(barrier.cut.size)) * float(levels[today, 0]) * barrier.banned
    lost = np.zeros(economy.size)
    for supplier in np.flatnonzero(cut.any(axis=1)):
        sector, place = divmod(int(supplier), economy.places)
        hit = (economy.shares[sector, place] > least_share) & economy.essential[sector]
        lost = np.maximum(lost, cut[supplier][economy.region] * hit)
    return lost


def _spread(lost: Floats, needs: sparse.csr_matrix) -> Floats:
    """The worst loss among each industry and all that it depends on, largest losses first."""
    worst, fresh = lost.copy(), np.flatnonzero(lost > 0)
    while len(fresh):
        reached = worst.copy()
        for supplier in fresh:
            clients = needs.indices[needs.indptr[supplier] : needs.indptr[supplier + 1]]
            reached[clients] = np.maximum(reached[clients], worst[supplier])
        fresh = np.flatnonzero(reached > worst)
        worst = reached
    return worst
