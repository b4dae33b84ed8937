"""Which mix of measures meets the targets at the least cost, what does each do, and what would one more unit cost?"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from weaklink import tomlfile
from weaklink.data import ROOT
from weaklink.errors import RequestError
from weaklink.mitigation.measures import Catalogue
from weaklink.mitigation.portfolio import Known, frontier
from weaklink.mitigation.risk import Risk
from weaklink.mitigation.wanted import wanted
from weaklink.nearest import did_you_mean
from weaklink.result import Result, tabulated
from weaklink.study.reduce_network import Solved, solved
from weaklink.study.reduce_setting import Setting, setting
from weaklink.study.reduce_told import caveats, more, provenance, rows, seen
from weaklink.tables.reducing import FRONTIER, REDUCE

FOLDER = ROOT / "measures"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of `reduced`.

    `measures` is a catalogue by name or the path of a file, `targets` are said as in `mitigation.wanted`. `costs` are a
    user's own unit costs by measure, `budget` the most that may be spent, in the catalogue's money. So many `draws` of
    the scenario's winters are made from `seed` (0: the likely one only). A frontier of so many `points` is added.
    """

    scenario: str
    measures: str
    targets: tuple[str, ...]
    costs: Mapping[str, float] = field(default_factory=dict)
    budget: float = np.inf
    draws: int = 0
    seed: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True)
class Reduction:
    """The answer: the mix, and where it was asked for, the frontier; and what JSON says besides.

    `some` are winters from the mildest to the hardest, in which effects and the order of years are seen.
    """

    asked: Setting
    found: Solved
    some: Known
    mix: Result
    frontier: Result | None
    more: Mapping[str, Any]


@cache
def catalogues() -> Mapping[str, Catalogue]:
    """The catalogues of measures that the product carries, by name."""
    files = sorted(FOLDER.glob("*.toml"))
    return MappingProxyType({path.stem: tomlfile.read(path, Catalogue) for path in files})


def catalogue(name: str) -> Catalogue:
    """A catalogue by its name, or the path of a file. RequestError for an unknown name.

    >>> catalogue("gas-europe").currency
    'EUR'
    """
    if name in catalogues():
        return catalogues()[name]
    path = Path(name)
    if path.suffix == ".toml" or path.exists():
        return tomlfile.read(path, Catalogue)
    hint = did_you_mean(name, catalogues())
    raise RequestError(
        f"no measures {name!r}.{hint} There are: {', '.join(catalogues())}; or name a file that ends in .toml."
    )


def reduced(wish: Wish, *, workers: int = 1) -> Reduction:
    """The cheapest mix of measures with which a scenario's winters keep the targets, by day, with its proof.

    Raises RequestError for unknown names and targets, ConflictError where no mix will do.
    """
    targets = [wanted(text) for text in wish.targets]
    listed = catalogue(wish.measures)
    asked = setting(wish.scenario, listed, targets, costs=wish.costs, draws=wish.draws, seed=wish.seed)
    with processes(workers) as executor, asked.known(workers) as known:
        found = solved(asked, targets, budget=wish.budget, known=known, executor=executor)
        some = seen(asked, known)
        curve = _frontier(asked, found, known, wish.points, executor) if wish.points else None
        said, besides = caveats(asked, found, known), more(asked, found, known)
    source = provenance(asked, targets, wish.budget, wish.draws, wish.seed)
    return Reduction(
        asked,
        found,
        some,
        Result(REDUCE, tabulated(REDUCE, rows(asked, found, some)), said, source),
        Result(FRONTIER, tabulated(FRONTIER, curve), said, source) if curve else None,
        besides,
    )


@contextmanager
def processes(workers: int) -> Iterator[Executor | None]:
    """So many processes to share work; none where one is enough."""
    if workers == 1:
        yield None
        return
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as executor:
        yield executor


def _frontier(
    asked: Setting, found: Solved, known: Known, points: int, executor: Executor | None
) -> list[dict[str, Any]]:
    winters = tuple(range(len(asked.winters)))
    expected, tail, worst = (
        Risk("expected", over=winters),
        Risk("tail", level=0.95, over=winters),
        Risk("worst", over=winters),
    )
    mixes = frontier(replace(found.problem, targets=(), minimise=expected), expected, points, known=known)
    weights = found.problem.weights
    return [
        {
            "cost": mix.cost,
            "risk": expected.of(mix.losses, weights),
            "expected": expected.of(mix.losses, weights),
            "tail": tail.of(mix.losses, weights),
            "worst": worst.of(mix.losses, weights),
            "replayed": float(asked.replayed(mix.amounts, executor).high.mean()),
            "price": next(iter(mix.prices.values())),
            "gap": mix.gap,
        }
        for mix in mixes
    ]
