"""How fast is a daily winter, and what is asked of it many times over, beside PyPSA and beside the solver alone?

    python -m benchmarks.winter FOLDER [REPEATS [WINTERS]]

The network is made up, of the size of Europe (`winter_network`). All solve the same programme: PyPSA builds it from
the same arrays in an environment of its own under FOLDER, which pip makes; `HiGHS alone` is our arrays handed to the
solver, its answer taken as it comes; ours builds, solves, checks and reads. Objectives are compared first. Contestants
alternate as processes of their own; counted is the time inside, from the network in memory to the answer.

Every further job is a ratio to HiGHS alone of the same run, which solves one winter on one thread. Single outages and
the many winters have two processes, which have loaded the library before time begins.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import highspy
import numpy as np

from benchmarks.harness import Run, alternated, measured, spread
from benchmarks.peers import python_with
from benchmarks.winter_network import network
from weaklink import lp
from weaklink.network.dispatch import dispatch, read
from weaklink.network.ensemble import ensemble
from weaklink.network.leximin import lexicographic
from weaklink.network.model import Network
from weaklink.network.outages import single_outages
from weaklink.network.programme import END_STOCK_VALUE, programme
from weaklink.network.stores import FALLING, kept_alike
from weaklink.network.winters import Variation

PEERS = ("pypsa==1.4.0", "highspy==1.15.1")  # the solver of the same version as ours
ALONE, PYPSA, OURS = "HiGHS alone", "PyPSA", "weaklink"
AGREED = 1e-6  # relative: objectives must agree by this before time counts
SERIAL: tuple[tuple[str, str | int | bool], ...] = (  # as ours
    ("output_flag", False),
    ("threads", 1),
    ("solver", "simplex"),
    ("presolve", "off"),
)
WORKERS, SEED, WINTERS = 2, 1, 1000
EUROPE: Mapping[str, int] = {}  # the network's own sizes
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True, slots=True)
class Row:
    """One contestant at one job; seconds are medians, ratios are to HiGHS alone in the same turns.

    `cpu_ratio` compares seconds of processor, which on a busy machine says more; a job on two processes counts both.
    `gap` and `gap_of_demand` are those of many winters, as shares of unserved demand and of demand.
    """

    job: str
    contestant: str
    repeats: int
    wall_s: float
    wall_least_s: float
    wall_most_s: float
    cpu_s: float
    peak_mb: float
    wall_ratio: float
    cpu_ratio: float
    gap: float | None = None
    gap_of_demand: float | None = None


def run(
    folder: Path, repeats: int, winters: int = WINTERS, size: Mapping[str, int] = EUROPE, *, peer: bool = True
) -> list[Row]:
    """Measure all jobs. Raises ValueError where two objectives differ, before any time is told."""
    folder.mkdir(parents=True, exist_ok=True)
    one_of = partial(ours, json.dumps(dict(size)))
    one: dict[str, Callable[[], Run]] = {ALONE: partial(one_of, "alone"), OURS: partial(one_of, "winter")}
    if peer:
        file, other = folder / "winter.npz", Path(__file__).with_name("winter_pypsa.py")
        written(network(**size), file)
        python = python_with(folder, PEERS)
        one[PYPSA] = lambda: measured([python, "-W", "ignore", other, file], ONE_THREAD)
    rows = summed_up("one winter by day", alternated(one, repeats))
    for job in ("equal sharing", "lexicographic sharing", "single outages"):
        turns: dict[str, Callable[[], Run]] = {ALONE: partial(one_of, "alone"), OURS: partial(one_of, job)}
        rows += summed_up(job, alternated(turns, repeats))[1:]
    runs = {ALONE: [one_of("alone")], OURS: [one_of("winters", winters)]}
    runs[ALONE].append(one_of("alone"))
    return rows + summed_up(f"{winters} winters", runs)[1:]


def summed_up(job: str, runs: Mapping[str, Sequence[Run]]) -> list[Row]:
    """Rows of a job, HiGHS alone first. Raises ValueError where objectives differ."""
    told = {name: [last_line(run.stdout) for run in found] for name, found in runs.items()}
    objectives = {name: one[0]["objective"] for name, one in told.items() if "objective" in one[0]}
    for name, found in objectives.items():
        if abs(found - objectives[ALONE]) > AGREED * abs(objectives[ALONE]):
            raise ValueError(f"{job}: {name} finds {found!r}, {ALONE} {objectives[ALONE]!r}: no time counts")
    cost = {
        name: [spread([one[key] for one in all_told]) for key in ("seconds", "cpu_s")]
        for name, all_told in told.items()
    }
    base_wall, base_cpu = (one.median for one in cost[ALONE])
    return [
        Row(
            job,
            name,
            len(runs[name]),
            wall.median,
            wall.least,
            wall.most,
            cpu.median,
            max(run.peak_mb for run in runs[name]),
            wall.median / base_wall,
            cpu.median / base_cpu,
            **{key: told[name][-1].get(key) for key in ("gap", "gap_of_demand")},
        )
        for name, (wall, cpu) in cost.items()
    ]


def last_line(printed: str) -> dict[str, Any]:
    """What a child told; PyPSA and linopy may print before it."""
    found: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
    return found


def ours(size: str, job: str, winters: int = 0) -> Run:
    """One job in a process of its own."""
    return measured([sys.executable, "-m", "benchmarks.winter", "child", size, job, str(winters)], ONE_THREAD)


def child(size: Mapping[str, int], job: str, winters: int) -> dict[str, float]:
    """What a job cost inside the process, and what it found."""
    jobs: Mapping[str, Callable[[Network], dict[str, float]]] = {
        "alone": alone,
        "winter": winter,
        "equal sharing": lambda it: counted(lambda: dispatch(it, "equal"), lambda plan: {}),
        "lexicographic sharing": lambda it: counted(lambda: lexicographic(it), lambda found: {}),
        "single outages": outages,
        "winters": partial(many, count=winters),
    }
    return jobs[job](network(**size))


def counted(work: Callable[[], Any], told: Callable[[Any], Mapping[str, float]]) -> dict[str, float]:
    """Seconds of some work, of this process and of children that have ended, and what is told of its result."""
    began, used = time.perf_counter(), processor()
    result = work()
    return {"seconds": time.perf_counter() - began, "cpu_s": processor() - used, **told(result)}


def processor() -> float:
    """Processor seconds of this process and of its children that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def alone(made: Network) -> dict[str, float]:
    """Our arrays handed to the solver, and its answer taken as it comes."""
    program = kept_alike(programme(made)).program

    def solved() -> float:
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in SERIAL:
            solver.setOptionValue(name, value)
        solver.passModel(lp._model(program))
        solver.run()
        np.array(solver.getSolution().col_value)
        return float(solver.getInfo().objective_function_value)

    return counted(solved, lambda objective: {"objective": objective})


def winter(made: Network) -> dict[str, float]:
    """The plan of `dispatch`, in its steps, so that the objective can be told."""

    def planned() -> float:
        it = kept_alike(programme(made))
        solution = lp.solve(it.program)
        read(it, solution)
        return solution.objective

    return counted(planned, lambda objective: {"objective": objective})


def outages(made: Network) -> dict[str, float]:
    """Every asset out alone."""
    return shared(lambda executor: single_outages(made, executor=executor, parts=WORKERS), lambda found: {})


def many(made: Network, count: int) -> dict[str, float]:
    """So many drawn winters, bracketed."""
    return shared(
        lambda executor: ensemble(made, Variation(), count, SEED, executor=executor, parts=WORKERS),
        lambda found: {"gap": found.gap, "gap_of_demand": found.gap_of_demand},
    )


def shared(work: Callable[[Executor], Any], told: Callable[[Any], Mapping[str, float]]) -> dict[str, float]:
    """Work shared by processes that have loaded the library; their processor time counts, but not that of loading."""
    with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as executor:
        loaded = sum(executor.map(ready, range(WORKERS)))
        found = counted(lambda: work(executor), told)
    # Only now have the children ended and been counted, so that theirs is added here.
    return {**found, "cpu_s": found["cpu_s"] + children() - loaded}


def ready(_: int) -> float:
    """Processor seconds of a worker up to here; it waits a little, so that each worker takes one."""
    time.sleep(0.5)
    return time.process_time()


def children() -> float:
    """Processor seconds of children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def written(made: Network, file: Path) -> None:
    """The arrays of a network as PyPSA's side reads them: places, figures, and the costs of our programme."""
    it = programme(made)
    place = {name: position for position, name in enumerate(made.nodes)}
    fleet = {source.name: position for position, source in enumerate(made.sources)}
    cost = {name: it.program.cost[block[:, 0]] for name, block in it.columns.items() if block.size}
    lines = [
        (position, at, slope)
        for position, one in enumerate(made.storages)
        for at, slope in one.withdrawal.lines(one.volume)
        if slope
    ]
    np.savez(
        file,
        demand=made.demand,
        unserved_cost=cost["unserved"].reshape(len(made.classes), -1),
        origin=[place[link.origin] for link in made.links],
        destination=[place[link.destination] for link in made.links],
        f_capacity=np.array([link.forward for link in made.links]),
        b_capacity=np.array([link.backward for link in made.links]),
        f_cost=cost["forward"],
        b_cost=cost["backward"],
        entry_node=[place[entry.node] for entry in made.entries],
        entry_capacity=np.array([entry.capacity for entry in made.entries]),
        entry_cost=cost["entry"],
        source=[-1 if entry.source is None else fleet[entry.source] for entry in made.entries],
        arrivals=[made.series(source.daily) for source in made.sources],
        buffer=[source.buffer for source in made.sources],
        buffer_start=[source.start for source in made.sources],
        storage_node=[place[one.node] for one in made.storages],
        volume=[one.volume for one in made.storages],
        start=[one.start for one in made.storages],
        withdrawal=[one.withdrawal.at(1.0) for one in made.storages],
        injection=[one.injection.at(0.0) for one in made.storages],
        storage_cost=cost["withdrawal"],
        line_store=[line[0] for line in lines],
        line_at=[line[1] for line in lines],
        line_slope=[line[2] for line in lines],
        end_value=END_STOCK_VALUE,
        fifth_value=FALLING,
    )


def main(words: list[str]) -> None:
    match words:
        case ["child", size, job, count]:
            print(json.dumps(child(json.loads(size), job, int(count))))
        case [folder, *numbers] if len(numbers) <= 2:
            repeats, winters = [*map(int, numbers), *(5, WINTERS)[len(numbers) :]]
            for row in run(Path(folder), repeats, winters):
                print(row)
        case _:
            print(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
