"""How does work on many pieces use two processors and still come back in order?"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")

THREADS = 2  # NumPy, Arrow and files let other threads run while they work


def ahead(work: Callable[[Piece], Result], pieces: Iterable[Piece]) -> Generator[tuple[Piece, Result]]:
    """Each piece with what `work` makes of it, in order, while the next pieces are already being worked on.

    `pieces` is asked by the caller's own thread, and for no more than THREADS pieces before they are needed, so
    that memory does not grow with their number. What `work` raises comes at its piece. What was begun is
    ended when the generator is closed: who may stop before its end uses `contextlib.closing`.

    >>> list(ahead(str.upper, "abc"))
    [('a', 'A'), ('b', 'B'), ('c', 'C')]
    """
    waiting: deque[tuple[Piece, Future[Result]]] = deque()
    pool = ThreadPoolExecutor(THREADS)
    try:
        for piece in pieces:
            waiting.append((piece, pool.submit(work, piece)))
            if len(waiting) > THREADS:
                first, result = waiting.popleft()
                yield first, result.result()
        while waiting:
            first, result = waiting.popleft()
            yield first, result.result()
    finally:
        pool.shutdown(cancel_futures=True)
