"""How are runs kept on disk, so that an interrupted reading can go on from them?

A run is a file of plain arrays one after the other, 28 bytes a flow: about as much as the text that it was read
from. A journal names the runs that were written whole, each with its sha256. After an interruption a run is
believed only if the journal has it and its bytes are still those.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from weaklink.sources.runs import Batch, Index, Mark, Part, sorted_part

JOURNAL = "runs.jsonl"


@dataclass(frozen=True, slots=True)
class SpilledRun:
    """A run in a file of its own: so many items, areas and flows; without `amounts` it has keys and lines."""

    path: Path
    file: str
    items: int
    areas: int
    flows: int
    amounts: bool

    def index(self) -> Index:
        """Which items it has, and where."""
        whole = np.fromfile(self.path, dtype=np.int64, count=self._index_size() // 8)
        items, starts, areas = np.split(whole, [self.items, 2 * self.items + 1])
        return Index(items, starts, areas)

    def part(self, start: int, end: int) -> Part:
        """Some of its flows; without amounts these are 0."""
        count, place = end - start, self._index_size()

        def read(kind: type[np.generic], place: int) -> npt.NDArray[Any]:
            offset = place + np.dtype(kind).itemsize * start
            return np.fromfile(self.path, dtype=kind, count=count, offset=offset)

        key, row = read(np.int64, place), read(np.uint32, place + 8 * self.flows)
        if not self.amounts:
            nothing = np.zeros(count, dtype=np.int64)
            return Part(key, row, nothing, nothing)
        value = read(np.int64, place + 12 * self.flows)
        return Part(key, row, value, read(np.int64, place + 20 * self.flows))

    def _index_size(self) -> int:
        return 8 * (2 * self.items + 1 + self.areas)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the journal says of a run that was written whole."""

    number: int
    file: str
    row: int
    length: int
    items: int
    areas: int
    flows: int
    sha256: str

    def mark(self) -> Mark:
        return Mark(self.number, self.file, self.row, self.length)


class Spilled:
    """Runs in a directory, and the journal of those that are whole."""

    def __init__(self, folder: Path, *, amounts: bool = True) -> None:
        self._folder, self._amounts = folder, amounts
        self._lock = threading.Lock()
        self._earlier = {entry.number: entry for entry in _journal(folder / JOURNAL)}
        self._entries: dict[int, _Entry] = {}

    @property
    def kept(self) -> int:
        """How many runs of an earlier try the journal names."""
        return len(self._earlier)

    def has(self, mark: Mark) -> bool:
        """Whether the run of this block is there already, whole, from an earlier try."""
        entry = self._earlier.get(mark.number)
        if entry is None or entry.mark() != mark or _sha256(self._path(mark.number)) != entry.sha256:
            return False
        with self._lock:
            self._entries[mark.number] = entry
        return True

    def put(self, mark: Mark, batch: Batch) -> None:
        """Sort the flows of a block and write them; then say in the journal that they are whole."""
        flows = sorted_part(batch)
        index = Index.of(flows.key)
        arrays: list[npt.NDArray[Any]] = [index.items, index.starts, index.areas, flows.key, flows.row]
        arrays += [flows.value_usd, flows.quantity_kg] if self._amounts else []
        digest = _written(self._path(mark.number), arrays)
        sizes = len(index.items), len(index.areas), len(flows)
        entry = _Entry(mark.number, mark.file, mark.row, mark.length, *sizes, digest)
        with self._lock, (self._folder / JOURNAL).open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(asdict(entry)) + "\n")
            self._entries[mark.number] = entry

    def all(self) -> Sequence[SpilledRun]:
        """All runs in the order of their blocks."""
        return [
            SpilledRun(self._path(number), entry.file, entry.items, entry.areas, entry.flows, self._amounts)
            for number, entry in sorted(self._entries.items())
        ]

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:06d}.run"


def _written(path: Path, arrays: Sequence[npt.NDArray[Any]]) -> str:
    """Write arrays one after the other; the sha256 of the file."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for array in arrays:
            data = np.ascontiguousarray(array).view(np.uint8).data
            digest.update(data)
            file.write(data)
    return digest.hexdigest()


def _journal(path: Path) -> Iterator[_Entry]:
    """What the journal says; a line that a killed writer left half written says nothing."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        with suppress(ValueError, TypeError):
            yield _Entry(**json.loads(line))


def _sha256(path: Path) -> str:
    """Hexadecimal digest of a file; empty where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""
