"""How is a matrix gone through that is larger than memory should hold? In blocks of rows, each let go after use."""

from __future__ import annotations

import mmap
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.floating]

SMALL_BYTES = (
    256 * 2**20
)  # a map up to this size is left in memory: reading it again costs more than it saves
BLOCK_BYTES = 8 * 2**20  # of a block of rows: it stays in the cache of the processor while it is worked on


def row_blocks(matrix: Matrix, block_bytes: int = BLOCK_BYTES) -> Iterator[tuple[slice, Matrix]]:
    """Each block of whole rows, with the slice it is of; at least one row each.

    Pages of a memory-mapped file count as memory of the process once read. They are given back after each
    block, so that a pass over a file of any size needs only one block.

    >>> [where for where, block in row_blocks(np.ones((5, 2)), block_bytes=40)]
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    rows = len(matrix)
    step = max(1, block_bytes // max(1, matrix.shape[1] * matrix.itemsize))
    for start in range(0, rows, step):
        where = slice(start, min(start + step, rows))
        yield where, matrix[where]
        release(matrix)


def release(matrix: Matrix) -> None:
    """Give back the memory of the pages of a large read-only memory map; anything else is left alone."""
    if matrix.nbytes <= SMALL_BYTES:
        return
    base: object = matrix
    while isinstance(base, np.ndarray):
        if base.flags.writeable:
            return
        base = base.base
    if isinstance(base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        base.madvise(mmap.MADV_DONTNEED)
