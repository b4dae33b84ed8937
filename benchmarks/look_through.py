"""How fast is look-through reliance of every country-sector on every country, beside pymrio, and in how much memory?

    python -m benchmarks.look_through FOLDER [REPEATS [THREADS]]

Tables are synthetic: made-up coefficients of a plausible shape, four fifths of inputs bought at home. pymrio lives in
an environment of its own under FOLDER, which pip makes. The contestants alternate as processes of their own; results
are compared first. Counted is the time from the table as it is (ours: a file mapped to memory, read once before;
pymrio: frames in memory) to the answer, and the peak of memory of the whole process.

Each has one thread unless more are asked for: threads of linear algebra wait for each other by spinning, so that on a
machine that does other work too, more of them can be many times slower, and ratios say nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.harness import Run, Spread, alternated, measured, spread
from weaklink.inputoutput.blocks import row_blocks
from weaklink.inputoutput.solve import system_of

PEER = "pymrio==0.7.0"
HOME = 0.8  # of inputs is bought at home: the more, the faster the iteration
AGREED = 1e-5  # relative to the largest figure: pymrio and ours must agree by this before time counts
SMALL = (77, 45)  # regions, sectors: the size of OECD ICIO
MIDDLE = (200, 49)  # 9,800 rows: the size of EXIOBASE with products
LARGE = (164, 120)  # 19,680 rows: the size of GLORIA
TOLERANCES = (1e-6, 1e-10)


@dataclass(frozen=True, slots=True)
class Measured:
    """One contestant at one size.

    `seconds` on the wall are median, least and most; `cpu_s` is the median of processor seconds, which on a busy
    machine and one thread says more; `peak_mb` is the most of all runs.
    """

    rows: int
    contestant: str
    seconds: Spread
    cpu_s: float
    peak_mb: float
    error: float | None  # against pymrio, relative to the largest figure; None where it is not run

    def __str__(self) -> str:
        """Render as one line."""
        wall = self.seconds
        error = "" if self.error is None else f", differs by {self.error:.1e}"
        return (
            f"synthetic N = {self.rows:,}: {self.contestant}: {wall.median:.3f} s "
            f"({wall.least:.3f} to {wall.most:.3f}), processor {self.cpu_s:.2f} s, peak {self.peak_mb:,.0f} MB{error}"
        )


def run(folder: Path, repeats: int, *, threads: int = 1) -> list[Measured]:
    """Measure against pymrio at the size of ICIO, and alone at two larger sizes."""
    beside = against_pymrio(folder, repeats, threads)
    larger = [*alone(folder, MIDDLE, repeats, threads), *alone(folder, LARGE, max(1, repeats // 3), threads)]
    return [*beside, *larger]


def against_pymrio(folder: Path, repeats: int, threads: int = 1) -> list[Measured]:
    """Measure pymrio and ours in turns on the same table."""
    table, python = made(folder, *SMALL), peer(folder)
    other = Path(__file__).with_name("look_through_pymrio.py")
    contestants = {
        "pymrio calc_all": partial(measured, [python, other, table], limited(threads)),
        **{named(tolerance): partial(ours, table, tolerance, threads) for tolerance in TOLERANCES},
    }
    runs = alternated(contestants, repeats)
    expected = np.load(table / "pymrio.npy")
    errors: dict[str, float | None] = {"pymrio calc_all": None}
    for tolerance in TOLERANCES:
        found = np.load(table / f"{tolerance:g}.npy")
        error = float(np.abs(found - expected).max() / np.abs(expected).max())
        if error > AGREED:
            raise AssertionError(f"ours at {tolerance:g} differs from pymrio by {error:.1e}: no time counts")
        errors[named(tolerance)] = error
    return [summed_up(SMALL, name, runs[name], errors[name]) for name in contestants]


def alone(folder: Path, size: tuple[int, int], repeats: int, threads: int = 1) -> list[Measured]:
    """Ours at a size that pymrio would take too long or too much memory for."""
    table = made(folder, *size)
    runs = alternated(
        {named(tolerance): partial(ours, table, tolerance, threads) for tolerance in TOLERANCES}, repeats
    )
    return [summed_up(size, name, found, None) for name, found in runs.items()]


def summed_up(size: tuple[int, int], name: str, runs: list[Run], error: float | None) -> Measured:
    costs = [json.loads(run.stdout) for run in runs]
    seconds, cpu = (spread([cost[key] for cost in costs]) for key in ("seconds", "cpu_s"))
    return Measured(size[0] * size[1], name, seconds, cpu.median, max(run.peak_mb for run in runs), error)


def named(tolerance: float) -> str:
    return f"ours at {tolerance:g}"


def limited(threads: int) -> dict[str, str]:
    """What tells each library of linear algebra its number of threads."""
    return {name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


def ours(table: Path, tolerance: float, threads: int = 1) -> Run:
    """One solve in a process of its own."""
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "benchmarks.look_through",
        "solve",
        table,
        f"{tolerance:g}",
    ]
    return measured(command, limited(threads))


def solve(table: Path, tolerance: float) -> None:
    """The child: the sums over each region's rows of the Leontief inverse."""
    regions, sectors = json.loads((table / "size.json").read_text())
    Z, x = np.load(table / "Z.npy", mmap_mode="r"), np.load(table / "x.npy")
    region = np.repeat(np.arange(regions), sectors)
    groups = (np.arange(regions)[:, None] == region).astype(np.float64)
    for _, rows in row_blocks(Z):  # pymrio's frames have been read too when its time begins
        rows.max()
    began, used = time.perf_counter(), time.process_time()
    solved = system_of(Z, x, region, method="iterative", tolerance=tolerance).left(groups)
    cost = {"seconds": time.perf_counter() - began, "cpu_s": time.process_time() - used}
    np.save(table / f"{tolerance:g}.npy", solved.values)
    print(json.dumps({**cost, "residual": solved.residual, "sweeps": solved.sweeps}))


def peer(folder: Path) -> Path:
    """The Python of an environment with pymrio in it, made where it is not there yet."""
    python = folder / "peers" / "bin" / "python"
    ready = folder / "peers" / "ready"
    if not ready.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "peers"], check=True)  # noqa: S603
        subprocess.run([python, "-m", "pip", "install", "--quiet", PEER], check=True)  # noqa: S603
        ready.touch()
    return python


def made(folder: Path, regions: int, sectors: int) -> Path:
    """A folder with a synthetic table of so many regions and sectors, made by a child where it is not there yet."""
    table = folder / f"synthetic_{regions}x{sectors}"
    if not (table / "size.json").exists():
        table.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable,
            "-m",
            "benchmarks.look_through",
            "make",
            str(table),
            str(regions),
            str(sectors),
        ]
        subprocess.run(command, check=True)  # noqa: S603
    return table


def make(table: Path, regions: int, sectors: int) -> None:
    """Coefficients in single precision, output by iteration, then Z written in double, block by block."""
    random = np.random.default_rng(1)
    A = coefficients(random, regions, sectors)
    size = len(A)
    weight = np.exp(random.normal(0, 1.3, regions))
    Y = np.exp(random.normal(0, 1, (size, regions))) * weight * 0.15 / regions
    region = np.repeat(np.arange(regions), sectors)
    Y[np.arange(size), region] += 0.85 * weight[region] * np.exp(random.normal(0, 1, size))
    x = Y.sum(axis=1)
    for _ in range(60):
        x = (A @ x.astype(np.float32)).astype(np.float64) + Y.sum(axis=1)
    Z = np.lib.format.open_memmap(table / "Z.npy", mode="w+", dtype=np.float64, shape=(size, size))
    used, sold = np.zeros(size), np.zeros(size)
    for where, rows in row_blocks(A):
        flows = rows * x
        Z[where] = flows
        used += flows.sum(axis=0)
        sold[where] = flows.sum(axis=1)
    output = sold + Y.sum(axis=1)  # the row identity is exact; x above was right to seven digits
    Z.flush()
    for name, array in {"x": output, "Y": Y, "value_added": output - used}.items():
        np.save(table / f"{name}.npy", array)
    (table / "size.json").write_text(json.dumps([regions, sectors]))


def coefficients(
    random: np.random.Generator, regions: int, sectors: int
) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Lognormal coefficients, three of ten abroad zero; columns sum up to 0.35 to 0.65, four fifths of it from home."""
    size = regions * sectors
    A = np.empty((size, size), dtype=np.float32)
    technique = np.exp(random.normal(0, 1.5, (sectors, sectors))).astype(np.float32)
    weight = np.exp(random.normal(0, 1.3, regions))
    for buyer in range(regions):
        home = slice(buyer * sectors, (buyer + 1) * sectors)
        partners = weight * np.exp(random.normal(0, 0.7, regions))
        partners[buyer] = 0
        partners *= (1 - HOME) / partners.sum()
        partners[buyer] = HOME
        block = np.exp(0.8 * random.standard_normal((size, sectors), dtype=np.float32))
        block *= np.repeat(partners, sectors).astype(np.float32)[:, None] * np.tile(technique, (regions, 1))
        nothing = random.random((size, sectors), dtype=np.float32) < 0.3
        nothing[home] = False
        block[nothing] = 0
        A[:, home] = block * (random.uniform(0.35, 0.65, sectors).astype(np.float32) / block.sum(axis=0))
    return A


def main(words: list[str]) -> None:
    match words:
        case ["solve", table, tolerance]:
            solve(Path(table), float(tolerance))
        case ["make", table, regions, sectors]:
            make(Path(table), int(regions), int(sectors))
        case [folder, *numbers] if len(numbers) <= 2:
            repeats, threads = [*map(int, numbers), *(5, 1)[len(numbers) :]]
            for line in run(Path(folder), repeats, threads=threads):
                print(line)
        case _:
            print(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
