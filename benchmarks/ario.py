"""How fast is a day of ARIO at the size of OECD ICIO, beside BoARIO, for one scenario and for a hundred side by side?

    python -m benchmarks.ario FOLDER [REPEATS [THREADS]]

The table is synthetic, as for look-through. BoARIO lives in an environment of its own under FOLDER, which pip makes.
The contestants alternate as processes of their own and run the same shock: three industries of one region lose
three tenths of capacity for three weeks, which comes back over two months. The output of every industry on every day
is compared first. Counted are days of the model, in seconds for each day of one scenario; making the table ready
is not.

BoARIO has no ensembles: what it takes for one scenario, it takes for each. Ours keeps shares, stocks and orders of an
ensemble in single precision. With THREADS = 2, ours works on two inputs, or two batches of scenarios, at a time.
Linear algebra has one thread for each: BoARIO works in NumPy's loops for most of a day, and on a machine that does
other work too, more threads of linear algebra wait for each other and make it several times slower.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.harness import Run, Spread, alternated, measured, spread
from benchmarks.look_through import SMALL, limited, made
from weaklink.disruption.economy import economy
from weaklink.disruption.shock import CapacityLoss, Course, Shock
from weaklink.disruption.simulate import batch_size, ensemble, simulate
from weaklink.inputoutput.accounts import Accounts, Floats

PEER = ("boario==0.7.2", "progressbar2", "numpy", "pandas", "pymrio==0.7.0")
DAYS, SCENARIOS = 30, 100
LOSS = 0.3  # of capacity, in three industries
AGREED = {1: 1e-9, SCENARIOS: 1e-5}  # of relative output: an ensemble is in single precision
# BoARIO's event of 20 days on day 5 is on in full from day 6 to day 27: see tests/disruption/test_boario.py
COURSE = Course(start=6, duration=22, recovery="linear", tau=60)


@dataclass(frozen=True, slots=True)
class Measured:
    """One contestant. `seconds` and `cpu_s` are for one day of one scenario; `peak_mb` of the whole process."""

    rows: int
    contestant: str
    threads: int
    seconds: Spread
    cpu_s: float
    peak_mb: float
    times_faster: float
    times_faster_by_cpu: float
    error: float | None  # of relative output, against BoARIO

    def __str__(self) -> str:
        """Render as one line."""
        error = "" if self.error is None else f", differs by {self.error:.1e}"
        return (
            f"synthetic N = {self.rows:,}, {self.threads} threads: {self.contestant}: "
            f"{1e3 * self.seconds.median:.2f} ms a day ({1e3 * self.seconds.least:.2f} to "
            f"{1e3 * self.seconds.most:.2f}), processor {1e3 * self.cpu_s:.2f} ms, {self.times_faster:.0f} times "
            f"({self.times_faster_by_cpu:.0f} by processor), peak {self.peak_mb:,.0f} MB{error}"
        )


def run(folder: Path, repeats: int, *, threads: int = 1) -> list[Measured]:
    """Measure BoARIO, ours with one scenario, and ours with a hundred, in turns."""
    table, python = made(folder, *SMALL), peer(folder)
    other = Path(__file__).with_name("ario_boario.py")
    contestants = {
        "BoARIO": partial(measured, [python, other, table, str(DAYS), str(LOSS)], limited(1)),
        **{named(scenarios): partial(ours, table, scenarios, threads) for scenarios in AGREED},
    }
    runs = alternated(contestants, repeats)
    expected = np.load(table / "boario.npy")
    errors: dict[str, float | None] = {"BoARIO": None}
    for scenarios, agreed in AGREED.items():
        error = float(np.abs(np.load(table / f"ario_{scenarios}.npy") - expected).max())
        if error > agreed:
            raise AssertionError(f"{named(scenarios)} differs from BoARIO by {error:.1e}: no time counts")
        errors[named(scenarios)] = error
    return summed_up(runs, errors, threads)


def summed_up(runs: dict[str, list[Run]], errors: dict[str, float | None], threads: int) -> list[Measured]:
    """Seconds and how many times BoARIO's that is; medians of each."""
    costs = {name: [json.loads(run.stdout.splitlines()[-1]) for run in found] for name, found in runs.items()}
    wall = {name: spread([cost["seconds"] for cost in found]) for name, found in costs.items()}
    cpu = {name: spread([cost["cpu_s"] for cost in found]).median for name, found in costs.items()}
    return [
        Measured(
            rows=SMALL[0] * SMALL[1],
            contestant=name,
            threads=threads,
            seconds=wall[name],
            cpu_s=cpu[name],
            peak_mb=max(run.peak_mb for run in found),
            times_faster=wall["BoARIO"].median / wall[name].median,
            times_faster_by_cpu=cpu["BoARIO"] / cpu[name],
            error=errors[name],
        )
        for name, found in runs.items()
    ]


def named(scenarios: int) -> str:
    return "ours, one scenario" if scenarios == 1 else f"ours, {scenarios} scenarios, each"


def ours(table: Path, scenarios: int, threads: int) -> Run:
    """One course of days in a process of its own; threads are ours, one each of linear algebra."""
    words = ["simulate", str(table), str(scenarios), str(threads)]
    return measured([sys.executable, "-m", "benchmarks.ario", *words], limited(1))


def child(table: Path, scenarios: int, threads: int) -> None:
    """Run the days, keep the output of the scenario that BoARIO runs too, and print what a day cost."""
    made_ready = economy(accounts(table), single=scenarios > 1)
    sizes = np.linspace(LOSS, 2 * LOSS, scenarios)
    shock = Shock((CapacityLoss(np.arange(3), sizes[:, None] * np.ones(3), COURSE),))
    with ThreadPoolExecutor(threads) if threads > 1 else nullcontext() as pool:
        began, used = time.perf_counter(), time.process_time()
        if scenarios == 1:
            simulate(made_ready, shock, DAYS, threads=pool)
        else:
            batch = min(batch_size(made_ready), -(-scenarios // threads))
            ensemble(made_ready, shock, DAYS, scenarios=scenarios, executor=pool, batch=batch)
        many = DAYS * scenarios
        cost = {
            "seconds": (time.perf_counter() - began) / many,
            "cpu_s": (time.process_time() - used) / many,
        }
    first = Shock((CapacityLoss(np.arange(3), np.full(3, LOSS), COURSE),))
    found = simulate(made_ready, first, DAYS, industries=True).industries
    np.save(table / f"ario_{scenarios}.npy", _of_one(found))
    print(json.dumps(cost))


def _of_one(industries: Floats | None) -> Floats:
    if industries is None:
        raise AssertionError("industries were asked for")
    return industries[:, 0]


def accounts(table: Path) -> Accounts:
    """The synthetic table; the names sort in its order, since BoARIO sorts."""
    regions, sectors = json.loads((table / "size.json").read_text())
    Z, Y, x, added = (np.load(table / f"{name}.npy") for name in ("Z", "Y", "x", "value_added"))
    return Accounts(
        regions=tuple(f"R{number:03d}" for number in range(regions)),
        sectors=tuple(f"S{number:03d}" for number in range(sectors)),
        region=np.repeat(np.arange(regions), sectors),
        sector=np.tile(np.arange(sectors), regions),
        Z=Z,
        Y=Y,
        x=x,
        value_added=added,
        unit="million",
        year=2020,
        source="synthetic",
    )


def peer(folder: Path) -> Path:
    """The Python of an environment with BoARIO in it, made where it is not there yet."""
    python = folder / "boario" / "bin" / "python"
    ready = folder / "boario" / "ready"
    if not ready.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "boario"], check=True)  # noqa: S603
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEER], check=True)  # noqa: S603
        ready.touch()
    return python


def main(words: list[str]) -> None:
    match words:
        case ["simulate", table, scenarios, threads]:
            child(Path(table), int(scenarios), int(threads))
        case [folder, *numbers] if len(numbers) <= 2:
            repeats, threads = [*map(int, numbers), *(5, 1)[len(numbers) :]]
            for line in run(Path(folder), repeats, threads=threads):
                print(line)
        case _:
            print(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
