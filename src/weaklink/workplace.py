"""Where is unfinished work kept, so that it can be gone on with after an interruption?

In a directory under a key that says what the work is. Who works there holds a lock on the directory, which the
system takes away when the process ends, however it ends. So the next who has the same work finds what is there and
goes on; the leftovers of other work are removed.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

TRIES = 1_000  # to lock a directory that others make and remove
LOCKS = sys.platform != "win32"  # elsewhere a directory is always new, and removed at the end


@contextmanager
def workplace(folder: Path, key: str) -> Iterator[Path]:
    """A directory below `folder` for the work that `key` names, with whatever an earlier try left there.

    It is removed at the end, done or failed, and `folder` and its parent with it where these are then empty.
    It stays where the work is interrupted: by KeyboardInterrupt, or by the end of the process. While
    another process does the same work, the directory is another one, and new. `key` must be fit for a file's name.
    """
    place, lock = _claimed(folder, key)
    try:
        yield place
    except KeyboardInterrupt:
        _close(lock)
        raise
    except BaseException:
        _remove(place, lock)
        raise
    _remove(place, lock)


def _claimed(folder: Path, key: str) -> tuple[Path, int | None]:
    """Our directory and the handle of its lock; leftovers of other work are removed."""
    with _alone(folder):
        for other in sorted(folder.iterdir()):
            handle = _locked(other) if other.name != key else None
            if handle is not None:
                shutil.rmtree(other, ignore_errors=True)
                _close(handle)
        place = folder / key
        handle = None
        if LOCKS:
            place.mkdir(exist_ok=True)
            handle = _locked(place)
        if handle is None:
            place = Path(tempfile.mkdtemp(prefix=f"{key}-", dir=folder))
            handle = _locked(place)
        return place, handle


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Make a directory, and let nobody else claim or remove anything in it meanwhile."""
    handle = None
    for last in [False] * TRIES + [True]:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle = _locked(folder, wait=True)
            if handle is None or os.path.samestat(os.fstat(handle), folder.stat()):
                break
        except FileNotFoundError:  # who was there before removed it meanwhile
            if last:
                raise
        _close(handle)
    try:
        yield
    finally:
        _close(handle)


def _remove(place: Path, lock: int | None) -> None:
    folder = place.parent
    with suppress(FileNotFoundError), _alone(folder):
        shutil.rmtree(place, ignore_errors=True)
        _close(lock)
        for empty in (folder, folder.parent):
            with suppress(OSError):  # not empty
                empty.rmdir()


def _locked(folder: Path, *, wait: bool = False) -> int | None:
    """A handle that holds the lock of a directory; None where another holds it or there are no locks."""
    if not LOCKS:
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _close(handle: int | None) -> None:
    if handle is not None:
        os.close(handle)
