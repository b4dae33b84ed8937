"""How is a file written whole or not at all, and how are the files of a store listed and removed?

To a temporary file beside its place, flushed to disk, then renamed. A process that is killed at any moment
leaves the old file or the new one, never a part; the leftover is removed by `sweep`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from weaklink.errors import StoreError

PARTIAL = ".partial"

Opened = TypeVar("Opened")


@contextmanager
def written_whole(folder: Path) -> Iterator[Path]:
    """A temporary file in `folder` to write to; rename it before the end, or it is removed.

    Raises StoreError, naming the folder and the reason, where anything cannot be written.
    """
    temporary: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(suffix=PARTIAL, prefix=f"{os.getpid()}-", dir=folder)
        os.close(handle)
        temporary = Path(name)
        yield temporary
    except OSError as error:
        raise unwritable(folder, error) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def put(temporary: Path, final: Path) -> None:
    """Flush a written temporary file to disk and give it its name, replacing what had it."""
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.chmod(0o644)
    temporary.replace(final)
    sync_folder(final.parent)


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; a link keeps standing, and the file that it leads to is written."""
    final = _ordinary(path)
    with written_whole(final.parent) as temporary:
        temporary.write_bytes(data)
        put(temporary, final)


def _ordinary(path: Path) -> Path:
    """Where an ordinary file may be put under this name, links followed."""
    try:
        if path.is_dir():
            raise StoreError(f"{path} is a directory; name a file in it.")
        if path.exists() and not path.is_file():  # to replace /dev/null would take it from all programs
            raise StoreError(f"{path} is a device or pipe; send standard output there instead, with >.")
        return path.resolve()
    except RuntimeError as error:  # what Python before 3.13 makes of links that lead in a circle
        raise StoreError(f"{path}: {error}. Choose another place.") from error
    except OSError as error:
        raise unwritable(path, error) from error


def sync_folder(folder: Path) -> None:
    """Flush a directory, so that a rename in it survives a power cut."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove the leftovers of writers that are no longer alive, as far as they may be removed."""
    for path in folder.glob(f"*{PARTIAL}"):
        writer = path.name.partition("-")[0]
        if writer.isdecimal() and not _alive(int(writer)):
            with suppress(OSError):
                path.unlink()


def opened(folder: Path, suffix: str, opening: Callable[[Path], Opened]) -> list[Opened]:
    """Every file of a folder that has a suffix, opened, by name; none where there is no folder.

    Raises StoreError that names every file which is damaged, or the folder where it cannot be listed.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == suffix)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(
            f"{folder}: cannot be listed ({error.strerror or error}). "
            "Check its permissions, or choose another place with --store."
        ) from error
    found, damaged = [], []
    for path in paths:
        try:
            found.append(opening(path))
        except StoreError as error:
            damaged.append(str(error))
    if damaged:
        raise StoreError("\n".join(damaged))
    return found


def remove(paths: Iterable[Path]) -> None:
    """Remove files; one that is gone already is no error. Raises StoreError at the first that cannot be removed."""
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            reason = error.strerror or error
            raise StoreError(f"{path}: not removed ({reason}). Check its permissions.") from error


def unwritable(place: Path, error: OSError) -> StoreError:
    """The error for a place that cannot be written to."""
    return StoreError(
        f"{place}: nothing was written ({error.strerror or error}). "
        "Check free space and permissions, or choose another place."
    )


def _alive(process: int) -> bool:
    """Whether a process runs; where that cannot be asked without harm, it is taken to."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
