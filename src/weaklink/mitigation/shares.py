"""How are many scenarios asked at once? Processes keep a share of them each, with its solver, and answer together.

A linear solver holds the interpreter while it works, so that threads would wait for each other. A process makes its
scenarios itself, once, so that only mixes and planes travel.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, TypeAlias

from weaklink.errors import WeaklinkError
from weaklink.mitigation.options import Figures
from weaklink.mitigation.recourse import Plane, Recourse

Make: TypeAlias = Callable[[Sequence[Any]], Sequence[Recourse]]


class ShareError(WeaklinkError):
    """A process that kept scenarios ended, or could not solve one."""


@dataclass(frozen=True, slots=True, eq=False)
class Remote:
    """A scenario that a process keeps."""

    name: str
    weight: float
    shares: Shares
    share: int
    place: int

    def plane(self, amounts: Figures) -> Plane:
        """Ask the process that keeps it."""
        return self.shares.ask([self], amounts)[0]


class Shares:
    """Processes that keep scenarios: `make` makes those of a part, and must be a function that can be sent there.

    Use as a context: leaving it ends the processes.
    """

    def __init__(self, make: Make, parts: Sequence[Sequence[Any]]) -> None:
        context = multiprocessing.get_context("spawn")
        self._connections: list[Connection] = []
        self._processes = []
        for part in parts:
            here, there = context.Pipe()
            process = context.Process(target=_keep, args=(there, make, part), daemon=True)
            process.start()
            there.close()
            self._connections.append(here)
            self._processes.append(process)
        self.recourses = tuple(
            Remote(name, weight, self, share, place)
            for share, connection in enumerate(self._connections)
            for place, (name, weight) in enumerate(_received(connection))
        )

    def __enter__(self) -> Shares:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connection in self._connections:
            connection.close()  # which ends the loop of the process
        for process in self._processes:
            process.join(5)
            if process.is_alive():
                process.terminate()

    def ask(self, recourses: Sequence[Recourse], amounts: Figures) -> list[Plane]:
        """The planes of scenarios at a mix; those of different processes are found at the same time.

        A scenario that no process keeps is asked here.
        """
        kept: dict[int, list[int]] = {}
        for one in recourses:
            if isinstance(one, Remote):
                kept.setdefault(one.share, []).append(one.place)
        for share, places in kept.items():
            self._connections[share].send((amounts, places))
        here = {
            place: one.plane(amounts) for place, one in enumerate(recourses) if not isinstance(one, Remote)
        }
        found = {share: iter(_received(self._connections[share])) for share in kept}
        return [
            next(found[one.share]) if isinstance(one, Remote) else here[place]
            for place, one in enumerate(recourses)
        ]


def _keep(connection: Connection, make: Make, part: Sequence[Any]) -> None:
    """What a process does: make scenarios, then answer until nobody asks."""
    try:
        recourses = make(part)
        connection.send([(one.name, one.weight) for one in recourses])
        while True:
            amounts, places = connection.recv()
            connection.send([recourses[place].plane(amounts) for place in places])
    except (EOFError, KeyboardInterrupt, BrokenPipeError):
        return
    except Exception as error:
        connection.send(ShareError(f"a scenario could not be solved: {error}"))


def _received(connection: Connection) -> list[Any]:
    try:
        found = connection.recv()
    except (EOFError, ConnectionResetError):
        raise ShareError(
            "a process that kept scenarios ended early; there may be too little memory."
        ) from None
    if isinstance(found, ShareError):
        raise found
    answer: list[Any] = found
    return answer
