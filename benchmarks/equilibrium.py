"""How fast is a trade equilibrium after a shock, beside gegravity, and how right is it?

    python -m benchmarks.equilibrium FOLDER [REPEATS]

One sector, 200 countries, a trade agreement between two of them. Trade is synthetic and follows the gravity equation
exactly, so that both programs start from the same baseline: gegravity from the coefficients, ours from the flows. It is
counted from the baseline's data in memory to the counterfactual's prices, one thread each, alternating, in processes of
their own. gegravity lives in an environment of its own under FOLDER.

gegravity is a peer in speed only. Its equilibrium keeps output and expenditure shares of the baseline in the system, so
that its prices do not clear markets; how far they are from ours is reported. What ours is held against, before any time
counts, is a dense Newton method that shares no code with it. Then, alone: a thousand counterfactuals, and the embedded
table of 77 regions and 11 sectors with input-output links.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.harness import Run, Spread, alternated, measured, spread
from benchmarks.look_through import limited
from benchmarks.peers import python_with
from weaklink.market.armington import armington
from weaklink.market.barriers import between, cost_of
from weaklink.market.caliendo_parro import counterfactual, trading, without_deficits
from weaklink.market.world import world
from weaklink.study.iotables import embedded_table

PEER = ("gegravity==0.3", "numpy==2.3.5", "pandas==2.3.3", "scipy==1.16.3")
COUNTRIES, THETA = 200, 4.0
DEEP = 0.4711383  # log of how much an agreement raises trade at given prices
COEFFICIENTS = {
    "lndist": -0.78,
    "contiguity": 0.5,
    "common_language": 0.2,
    "pta": DEEP,
    "international": -3.0,
}
AGREED = 1e-9  # by which ours must agree with the dense Newton method
MANY = 1000

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """One contestant at one job. Seconds are median, least and most; `residual` that of market clearing.

    `differs` is the largest difference of a price from ours, relative to the largest effect on any price.
    """

    job: str
    contestant: str
    seconds: Spread
    cpu_s: float
    residual: float | None
    differs: float | None

    def __str__(self) -> str:
        """Render as one line."""
        wall = self.seconds
        residual = "" if self.residual is None else f", residual {self.residual:.1e}"
        differs = "" if self.differs is None else f", differs by {self.differs:.1%} of the largest effect"
        return (
            f"{self.job}: {self.contestant}: {wall.median:.4f} s ({wall.least:.4f} to {wall.most:.4f}), "
            f"processor {self.cpu_s:.4f} s{residual}{differs}"
        )


def run(folder: Path, repeats: int) -> list[Measured]:
    """Measure beside gegravity, then ours alone."""
    return [*against_gegravity(folder, repeats), *alone(folder, repeats)]


def against_gegravity(folder: Path, repeats: int) -> list[Measured]:
    """One counterfactual of 200 countries in turns, after ours has been held against Newton's method."""
    data = made(folder)
    trade, cost, pair = read(data)
    ours = armington(trade, THETA, cost)
    off = float(np.abs(ours.wage / dense_newton(trade, THETA, cost) - 1).max())
    if not off <= AGREED:
        raise AssertionError(f"ours differs from a dense Newton method by {off:.1e}: no time counts")
    other = Path(__file__).with_name("equilibrium_gegravity.py")
    python = python_with(folder, PEER)
    runs = alternated(
        {
            "gegravity": partial(measured, [python, other, data], limited(1)),
            "ours": partial(child, data, "one"),
        },
        repeats,
    )
    price = np.array(json.loads(runs["gegravity"][-1].stdout)["price"])
    effect = ours.wage / ours.wage[pair[2]]
    differs = float(np.abs(price / price[pair[2]] - effect).max() / np.abs(effect - 1).max())
    job = f"{COUNTRIES} countries, one agreement"
    return [
        summed_up(job, "gegravity", runs["gegravity"], differs),
        summed_up(job, "ours", runs["ours"], None),
    ]


def alone(folder: Path, repeats: int) -> list[Measured]:
    """A thousand counterfactuals of one sector; one and a thousand of 77 regions and 11 sectors."""
    data = made(folder)
    jobs = {
        "many": f"{COUNTRIES} countries, {MANY:,} agreements and elasticities",
        "sectors": "77 regions × 11 sectors with inputs, one embargo between blocs",
        "draws": f"77 regions × 11 sectors with inputs, {MANY:,} draws",
    }
    runs = alternated({job: partial(child, data, job) for job in jobs}, repeats)
    return [summed_up(said, "ours", runs[job], None) for job, said in jobs.items()]


def summed_up(job: str, contestant: str, runs: list[Run], differs: float | None) -> Measured:
    costs = [json.loads(run.stdout) for run in runs]
    seconds, cpu = (spread([cost[key] for cost in costs]) for key in ("seconds", "cpu_s"))
    return Measured(job, contestant, seconds, cpu.median, costs[-1].get("residual"), differs)


def child(data: Path, job: str) -> Run:
    """One job of ours in a process of its own."""
    return measured([sys.executable, "-m", "benchmarks.equilibrium", "solve", data, job], limited(1))


def solve(data: Path, job: str) -> None:
    """The child: set up, run once on something small so that nothing is loaded on the clock, then the job."""
    trade, cost, _ = read(data)
    armington(trade[:3, :3], THETA)
    begin = {"one": one, "many": many, "sectors": sectors, "draws": draws}[job](trade, cost)
    began, used = time.perf_counter(), time.process_time()
    residual = begin()
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - began,
                "cpu_s": time.process_time() - used,
                "residual": residual,
            }
        )
    )


def one(trade: Floats, cost: Floats) -> Callable[[], float]:
    return lambda: armington(trade, THETA, cost).residual


def many(trade: Floats, _cost: Floats) -> Callable[[], float]:
    """A thousand agreements between two countries each, each with an elasticity of its own."""
    random = np.random.default_rng(1)
    theta = random.uniform(3, 7, MANY)
    cost = np.ones((MANY, *trade.shape))
    for place in range(MANY):
        i, j = random.choice(len(trade), 2, replace=False)
        cost[place, [i, j], [j, i]] = np.exp(-DEEP / theta[place])
    return lambda: armington(trade, theta, cost).residual


def sectors(_trade: Floats, _cost: Floats) -> Callable[[], float]:
    """The embedded table: trade between China and the G7 ends."""
    made_world, _ = world(embedded_table().accounts())
    theta = np.full(len(made_world.sectors), 5.0)
    base = without_deficits(trading(made_world), theta)
    hit = between(base.regions, {"CHN"}, {"USA", "CAN", "GBR", "DEU", "FRA", "ITA", "JPN"})
    cost = np.where(hit, np.inf, 1.0)
    return lambda: counterfactual(base, theta, cost).residual


def draws(_trade: Floats, _cost: Floats) -> Callable[[], float]:
    """The same with elasticities and a severity drawn a thousand times, in pieces that fit in memory."""
    made_world, _ = world(embedded_table().accounts())
    random = np.random.default_rng(1)
    base = without_deficits(trading(made_world), 5.0)
    hit = between(base.regions, {"CHN"}, {"USA", "CAN", "GBR", "DEU", "FRA", "ITA", "JPN"})
    theta = random.uniform(2.5, 9, (MANY, len(made_world.sectors)))
    dial = random.uniform(0, 0.6, MANY)

    def every() -> float:
        worst = 0.0
        for place in range(0, MANY, 50):
            part = slice(place, place + 50)
            factor = cost_of(dial[part, None], theta[part])[..., None, None]
            worst = max(worst, counterfactual(base, theta[part], np.where(hit, factor, 1.0)).residual)
        return worst

    return every


def dense_newton(trade: Floats, theta: float, cost: Floats) -> Floats:
    """Wages by Newton's method on the market-clearing equations, with their dense Jacobian written out."""
    income, spending = trade.sum(axis=1), trade.sum(axis=0)
    deficit, share = spending - income, trade / spending * cost**-theta
    x = np.zeros(len(income))
    for _ in range(50):
        weight = share * np.exp(-theta * x)[:, None]
        weight /= weight.sum(axis=0)
        spent = np.exp(x) * income + deficit
        left = weight @ spent - np.exp(x) * income
        jacobian = weight * (np.exp(x) * income) - np.diag(np.exp(x) * income)
        jacobian += theta * ((weight * spent) @ weight.T - np.diag(weight @ spent))
        left[0], jacobian[0] = (
            np.log((np.exp(x) * income).sum() / income.sum()),
            income * np.exp(x) / income.sum(),
        )
        step = np.linalg.solve(jacobian, -left)
        x += step
        if np.abs(step).max() < 1e-14:
            break
    return np.asarray(np.exp(x))


def made(folder: Path) -> Path:
    """A folder with synthetic trade that follows the gravity equation, made where it is not there yet."""
    data = folder / f"gravity_{COUNTRIES}"
    if not (data / "setting.json").exists():
        data.mkdir(parents=True, exist_ok=True)
        make(data)
    return data


def make(data: Path) -> None:
    """Places on a map, sizes, languages, agreements; then flows of the gravity equation with output equal spending."""
    random = np.random.default_rng(3)
    n = COUNTRIES
    place = random.normal(size=(n, 2)) * 3000
    distance = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1)) + 150 * np.eye(n) + 50
    language = random.integers(0, 8, n)
    near = (distance < np.quantile(distance, 0.03)) & ~np.eye(n, dtype=bool)
    agreed = np.triu(random.random((n, n)) < 0.25, 1)
    columns = {
        "lndist": np.log(distance),
        "contiguity": near.astype(float),
        "common_language": (language[:, None] == language).astype(float),
        "pta": (agreed | agreed.T).astype(float),
        "international": 1.0 - np.eye(n),
    }
    ease = np.exp(sum(COEFFICIENTS[name] * column for name, column in columns.items()))
    size = np.exp(random.normal(0, 1.6, n))
    outward = np.ones(n)
    for _ in range(20_000):  # multilateral resistances, to rounding
        inward = 1 / (ease.T @ (outward * size))
        outward, before = 1 / (ease @ (inward * size)), outward
        if np.abs(outward / before - 1).max() < 1e-14:
            break
    trade = ease * np.outer(outward * size, inward * size)
    trade *= 1e8 / trade.sum()
    large = np.argsort(-size)
    pair = next((int(a), int(b)) for k, b in enumerate(large) for a in large[:k] if not columns["pta"][a, b])
    reference = next(int(place) for place in large if place not in pair)
    names = [f"C{number:03d}" for number in range(n)]
    with (data / "gravity.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["exporter", "importer", "year", "trade", "Y", "E", *columns])
        for i in range(n):
            for j in range(n):
                sums = trade[i, j], trade[i].sum(), trade[:, j].sum()
                writer.writerow(
                    [names[i], names[j], 2006, *sums, *(column[i, j] for column in columns.values())]
                )
    np.save(data / "trade.npy", trade)
    # gegravity starts from resistances of 1, relative to one importer: the constant puts its solution near there
    constant = float(np.log(np.median(outward * inward[reference] * size.sum())))
    setting = {
        "coefficients": {**COEFFICIENTS, "constant": constant},
        "pair": pair,
        "reference": reference,
        "names": names,
        "theta": THETA,
    }
    (data / "setting.json").write_text(json.dumps(setting))


def read(data: Path) -> tuple[Floats, Floats, tuple[int, int, int]]:
    """Trade, cost factors of the agreement, and the places of the pair and of the country of reference."""
    setting, trade = json.loads((data / "setting.json").read_text()), np.load(data / "trade.npy")
    i, j = setting["pair"]
    cost = np.ones(trade.shape)
    cost[[i, j], [j, i]] = np.exp(-DEEP / THETA)
    return trade, cost, (i, j, setting["reference"])


def main(words: list[str]) -> None:
    match words:
        case ["solve", data, job]:
            solve(Path(data), job)
        case [folder, *repeats] if len(repeats) <= 1:
            for line in run(Path(folder), int(repeats[0]) if repeats else 5):
                print(line)
        case _:
            print(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
