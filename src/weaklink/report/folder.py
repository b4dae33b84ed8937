"""How is a directory of files written whole or not at all?

Everything is written to a new directory beside the target and flushed to disk; only then is it renamed into
place. A report that is replaced is moved aside first, so a process that is killed between the two renames
leaves the old report whole in a hidden directory beside the target.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path

from weaklink.errors import StoreError
from weaklink.files import PARTIAL, sync_folder

MARK = b'<meta name="generator" content="weaklink '  # how an index.html of ours begins


def write(directory: Path, files: Mapping[str, bytes], made: Collection[str]) -> None:
    """Write files, named by their paths inside `directory`, so that all of them appear or none.

    A directory that an earlier call wrote is replaced: it holds no path but those in `made`. Raises
    StoreError where it holds anything else, or cannot be written; then nothing has changed.
    """
    target = directory.absolute()
    holder: Path | None = None
    try:
        _refuse_foreign(target, made)
        target.parent.mkdir(parents=True, exist_ok=True)
        holder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", suffix=PARTIAL, dir=target.parent))
        _fill(holder / "new", files)
        _put_in_place(holder, target)
        sync_folder(target.parent)
    except OSError as error:
        need = sum(map(len, files.values())) / 1e6
        raise StoreError(
            f"{directory}: no report was written ({error.strerror or error}). It needs {need:.1f} MB and the "
            f"permission to write in {target.parent}. Make room, or choose another directory with --report DIR."
        ) from error
    finally:
        if holder is not None and (target.exists() or not (holder / "old").exists()):
            shutil.rmtree(holder, ignore_errors=True)  # never the only copy of the old report


def _refuse_foreign(target: Path, made: Collection[str]) -> None:
    """A directory may be new, empty, or a report of ours; not the one that we stand in."""
    if not os.path.lexists(target):
        return
    if not target.is_dir() or target.is_symlink():
        raise StoreError(f"{target}: exists and is not a directory. Choose a new directory for the report.")
    if Path.cwd().is_relative_to(target.resolve()):
        raise StoreError(f"{target}: is the directory you are in. Name a new one inside it: --report report")
    ours = {*made, *(Path(name).parent.as_posix() for name in made)}
    found = sorted(path.relative_to(target).as_posix() for path in target.rglob("*"))
    foreign = [name for name in found if name not in ours]
    if not foreign and found and not _is_ours(target / "index.html"):
        foreign = found
    if foreign:
        more = f" and {len(foreign) - 3} more" if len(foreign) > 3 else ""
        raise StoreError(
            f"{target}: holds files that are not of a report: {', '.join(foreign[:3])}{more}. "
            "Nothing was written; choose a new directory."
        )


def _is_ours(page: Path) -> bool:
    if not page.is_file():
        return False
    with page.open("rb") as file:
        return MARK in file.read(4096)


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    for made in {(folder / name).parent for name in files}:
        sync_folder(made)


def _put_in_place(holder: Path, target: Path) -> None:
    """Two renames: what is there goes into the holder, the new directory out of it."""
    replaced = target.exists()
    if replaced:
        target.rename(holder / "old")
    try:
        (holder / "new").rename(target)
    except OSError:
        if replaced:
            (holder / "old").rename(target)
        raise
