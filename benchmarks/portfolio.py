"""How fast is the cheapest mix of a portfolio of ten thousand variables, beside SciPy on the programme written out?

    python -m benchmarks.portfolio FOLDER [REPEATS]

Portfolios are synthetic: so many goods, each with so many suppliers that can be asked for more, and scenarios in which
some of them fail; what is missing in the mean of the worst tenth of the scenarios must stay below two per cent of need.
Ours is `mitigation.portfolio.optimal`, with the checks and prices that it gives; SciPy gets the same programme, ready
made, and only solves it (HiGHS through `scipy.optimize.milp`). The two must find the same cost before time counts. Each
solve is a process of its own; counted is the time inside it, from arrays to answer.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from scipy import optimize, sparse

from benchmarks.harness import Run, Spread, alternated, measured, spread
from benchmarks.peers import ROOT
from weaklink import lp
from weaklink.mitigation.extensive import written_out
from weaklink.mitigation.options import Option
from weaklink.mitigation.portfolio import optimal
from weaklink.mitigation.problem import Problem
from weaklink.mitigation.recourse import LinearRecourse, Moved
from weaklink.mitigation.risk import Risk, Target

AGREED = 1e-6  # relative
SIZES: Mapping[str, tuple[int, int, int]] = {  # goods, suppliers of each, scenarios
    "10,000 variables": (40, 50, 4),
    "60,000 variables": (200, 50, 5),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One contestant at one size; seconds are median, least and most."""

    job: str
    contestant: str
    seconds: Spread
    peak_mb: float

    def __str__(self) -> str:
        """Render as one line."""
        return f"{self.job}: {self.contestant}: {self.seconds.median:.2f} s, peak {self.peak_mb:,.0f} MB"


def run(folder: Path, repeats: int) -> list[Measured]:
    """Measure both in turns at every size."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for job in SIZES:
        runs = alternated({who: partial(solve, who, job) for who in ("ours", "scipy")}, repeats)
        costs = {who: json.loads(some[0].stdout)["cost"] for who, some in runs.items()}
        if abs(costs["ours"] - costs["scipy"]) > AGREED * (1 + abs(costs["scipy"])):
            raise AssertionError(
                f"{job}: ours costs {costs['ours']}, SciPy's {costs['scipy']}: no time counts"
            )
        found += [_summed_up(job, who, some) for who, some in runs.items()]
    return found


def solve(who: str, job: str) -> Run:
    """One solve in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.portfolio", "--solve", who, job]
    return measured(words, {"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"})


def portfolio(goods: int, suppliers: int, scenarios: int) -> Problem:
    """A made-up portfolio of a fixed seed."""
    rng = np.random.default_rng(1)
    shape = (goods, suppliers)
    cost, most = rng.uniform(1, 5, shape), rng.uniform(0.5, 4, shape)
    need, left = rng.uniform(10, 30, goods), (rng.random((scenarios, *shape)) > 0.3).astype(float)
    options = tuple(
        Option("more", f"{good}-{one}", "t", cost[good, one], most[good, one])
        for good in range(goods)
        for one in range(suppliers)
    )
    recourses = tuple(_scenario(place, need, left[place]) for place in range(scenarios))
    target = Target("tail", Risk("tail", level=0.9), 0.02 * float(need.sum()))
    return Problem(options, recourses, (target,))


def _scenario(place: int, need: np.ndarray, left: np.ndarray) -> LinearRecourse:
    goods, suppliers = left.shape
    bought = goods * suppliers
    add = sparse.kron(sparse.eye(goods), np.ones((1, suppliers)))
    program = lp.Program(
        cost=np.append(np.zeros(bought), np.ones(goods)),
        matrix=sparse.csc_matrix(sparse.hstack([add, sparse.eye(goods)])),
        row_lower=need,
        row_upper=np.full(goods, np.inf),
        lower=np.zeros(bought + goods),
        upper=np.append(np.zeros(bought), np.full(goods, np.inf)),
    )
    moves = sparse.vstack([sparse.diags(left.ravel()), sparse.csc_matrix((goods, bought))], format="csc")
    return LinearRecourse(f"scenario {place}", 1.0, Moved(program, None, moves))


def _inside(who: str, job: str) -> dict[str, float]:
    problem = portfolio(*SIZES[job])
    worst = np.full(len(problem.recourses), 1e9)
    program, _ = written_out(problem, worst)
    began = time.perf_counter()
    if who == "ours":
        cost = optimal(problem, at_once=True).cost
    else:
        rows = optimize.LinearConstraint(program.matrix, program.row_lower, program.row_upper)
        bounds = optimize.Bounds(program.lower, program.upper)
        cost = float(optimize.milp(program.cost, constraints=rows, bounds=bounds).fun)
    return {"seconds": time.perf_counter() - began, "cost": cost, "variables": len(program.cost)}


def _summed_up(job: str, who: str, runs: list[Run]) -> Measured:
    seconds = spread([json.loads(run.stdout)["seconds"] for run in runs])
    return Measured(job, who, seconds, max(run.peak_mb for run in runs))


if __name__ == "__main__":
    if sys.argv[1] == "--solve":
        print(json.dumps(_inside(*sys.argv[2:])))
    else:
        for one in run(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3):
            print(one)
