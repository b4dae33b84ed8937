"""Does the panel come out the same whoever computes it: threads, processes, or the workers of Dask?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import get_context

import pytest

from weaklink.study.panel import Importers, panel
from weaklink.study.question import Question

WHO, QUESTION, YEARS = (
    Importers(("EU@2024-12-31", "NATO"), "world"),
    Question("", 2022, indicators="all"),
    range(2019, 2023),
)


@contextmanager
def processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield pool


@contextmanager
def dask() -> Iterator[Executor]:
    distributed = pytest.importorskip("distributed", reason="dask.distributed is not installed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client.get_executor()


@pytest.mark.parametrize("pool", [processes, dask])
def test_an_executor_of_the_callers_gives_the_same_rows_to_the_last_bit(
    loopback: None, pool: Callable[[], AbstractContextManager[Executor]]
) -> None:
    """Questions go to other processes and rows come back: all that is sent can be sent."""
    del loopback
    with pool() as executor:
        found = panel(WHO, QUESTION, YEARS, executor)
    expected = panel(WHO, QUESTION, YEARS)
    assert found.table.equals(expected.table)
    assert (found.caveats, found.provenance) == (expected.caveats, expected.provenance)
