"""Where do checked tables live, and how do we know that they are still what was stored?

A snapshot is one immutable Parquet file named by the sha256 of its bytes; what is in it says `snapshotfile`. It is
written whole or not at all: to a temporary file beside its place, flushed to disk, then renamed. A process that
is killed at any moment leaves the old state; the leftover is removed by the next writer.

To hash a whole file before every question would cost more than the question. So each page of figures carries
a checksum, and the footer, which says where the pages are, a seal: a changed bit is refused where it is met.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from weaklink.errors import StoreError
from weaklink.files import opened, remove, sweep, unwritable
from weaklink.flows import Flows
from weaklink.provenance import Card
from weaklink.snapshot import Snapshot
from weaklink.snapshotfile import Description, write
from weaklink.workplace import workplace


class Store:
    """The snapshots that a user added, in one directory."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def folder(self) -> Path:
        """The directory that holds the snapshot files."""
        return self.root / "snapshots"

    def snapshots(self) -> tuple[Snapshot, ...]:
        """All snapshots, by name and year. What a killed writer left behind is not one.

        Raises StoreError that names every file which is damaged or none of ours.
        """
        found = opened(self.folder, ".parquet", Snapshot.open)
        return tuple(sorted(found, key=lambda one: (one.card.name, one.card.years, one.card.sha256)))

    def add(
        self, flows: Flows, card: Card, areas: Sequence[Mapping[str, Any]], labels: Mapping[str, str]
    ) -> Snapshot:
        """Store flows that are whole in memory; see `add_parts`."""
        return self.add_parts([flows], lambda: Description(card, areas, labels))

    def add_parts(self, parts: Iterable[Flows], describe: Callable[[], Description]) -> Snapshot:
        """Store flows under the name of their card, part by part as they come; see `write`.

        Adding the same table again changes nothing. A different table for a year that the data set already
        has is refused: two answers to one question never mix silently.
        """
        sweep(self.folder)
        said: list[Description] = []

        def described() -> Description:
            said.append(describe())
            return said[0]

        def place(digest: str) -> Path:
            if digest:  # written, and about to be renamed
                self._refuse_overlap(said[0].card, digest)
            return self.folder / f"{digest}.parquet"

        return Snapshot.open(write(parts, described, place))

    @contextmanager
    def workplace(self, key: str, size: int) -> Iterator[Path]:
        """A directory for work that is to be stored here, and takes `size` bytes of disk meanwhile.

        What an interrupted try under the same key left is still there; see `weaklink.workplace`. StoreError where
        there is no room, or where it runs out.
        """
        self._refuse_lack(size)
        try:
            with workplace(self.root / "unfinished", key) as place:
                try:
                    yield place
                finally:
                    with suppress(OSError):  # not empty: something is stored
                        self.folder.rmdir()
        except OSError as error:
            raise unwritable(self.folder, error) from error

    def _refuse_lack(self, size: int) -> None:
        there = next(one for one in (self.root, *self.root.absolute().parents) if one.exists())
        free = shutil.disk_usage(there).free
        if size > free:
            reason = f"No space left on device: {size >> 20:,} MB are needed, {free >> 20:,} MB are free"
            raise unwritable(self.folder, OSError(errno.ENOSPC, reason))

    def remove(self, name: str) -> tuple[Snapshot, ...]:
        """Remove every snapshot of a data set; StoreError where there is none."""
        mine = tuple(one for one in self.snapshots() if one.card.name == name)
        if not mine:
            raise StoreError(f"no data set {name!r} in {self.folder}. `weaklink data list` names them.")
        remove(one.path for one in mine)
        return mine

    def refuse_other(self, card: Card) -> None:
        """Refuse, before the work of writing it, a table for years that its data set has from another file."""
        for one, shared in self._overlaps(card):
            if one.card.original_sha256 != card.original_sha256:
                raise _overlap(one.card, card, shared)

    def _refuse_overlap(self, card: Card, digest: str) -> None:
        """Refuse a table for years that its data set already has from another one."""
        for one, shared in self._overlaps(card):
            if one.card.sha256 != digest:
                raise _overlap(one.card, card, shared)

    def _overlaps(self, card: Card) -> Iterator[tuple[Snapshot, tuple[int, ...]]]:
        """Snapshots of the same data set that have years of this card, and which years these are."""
        for one in self.snapshots():
            shared = tuple(sorted(set(one.card.years) & set(card.years)))
            if one.card.name == card.name and shared:
                yield one, shared


def _overlap(old: Card, new: Card, years: Sequence[int]) -> StoreError:
    listed = ", ".join(str(year) for year in years)
    same = old.original_sha256 == new.original_sha256
    whence = "the same file in another way" if same else "another file"
    return StoreError(
        f"{new.name} already has {listed}, read from {whence} "
        f"(sha256 {old.original_sha256[:12]}…). Give this one another --name, "
        f"or remove the old one: weaklink data remove {new.name}"
    )
