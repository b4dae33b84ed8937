"""Which files make up a release that comes as an archive, a folder, or one file?

Members are streamed through the one door for foreign files; nothing is ever extracted.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from weaklink.sources import intake
from weaklink.sources.intake import Stream

HEAD = 1 << 20  # bytes that are looked at to tell a layout


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files of a release by name, whether in a zip archive, in a folder, or a single one."""

    path: Path
    names: tuple[str, ...]
    archive: zipfile.ZipFile | None = None

    @contextmanager
    def stream(self, name: str) -> Iterator[Stream]:
        """One member as a stream of bytes."""
        if self.archive is not None:
            with intake.member_stream(self.archive, name) as stream:
                yield stream
        else:
            place = self.path / name if self.path.is_dir() else self.path
            with intake.text_stream(intake.checked_path(place)) as stream:
                yield stream

    def head(self, name: str) -> str:
        """The beginning of a member as text, whatever its encoding, to tell its layout."""
        with self.stream(name) as stream:
            return stream.read(HEAD).decode("utf-8", "replace").removeprefix("\ufeff")

    def only(self, wanted: Callable[[str], bool], what: str, choose: str) -> str:
        """The one member that is wanted; SourceError that lists the members where there is none or several."""
        found = [name for name in self.names if wanted(name)]
        if len(found) == 1:
            return found[0]
        listed = ", ".join((found or list(self.names))[:8]) or "nothing"
        remedy = choose if found else "Is it the right file, and the right --source?"
        raise intake.refused(self.path.name, listed, f"an archive with {what}", remedy)

    def named(self, name: str) -> str | None:
        """The member of this name in the outermost folder that has one, None where there is none."""
        found = sorted(
            (one for one in self.names if one.rsplit("/", 1)[-1] == name), key=lambda one: one.count("/")
        )
        return found[0] if found else None

    def sha256(self) -> str:
        """Digest of the file, or of all members of a folder by name."""
        if not self.path.is_dir():
            return intake.sha256(self.path)
        whole = hashlib.sha256()
        for name in self.names:
            whole.update(f"{name} {intake.sha256(self.path / name)}\n".encode())
        return whole.hexdigest()


@contextmanager
def opened(path: Path, suffixes: Sequence[str], *, folders: bool = False) -> Iterator[Bundle]:
    """A release as a bundle of its members with these suffixes.

    A folder is read where `folders` allows it. Raises SourceError where it is no readable file or archive.
    """
    if folders and path.is_dir():
        inside = (one.relative_to(path).as_posix() for one in path.rglob("*") if one.is_file())
        yield Bundle(path, tuple(sorted(name for name in inside if _has(name, suffixes))))
        return
    kind = intake.kind_of(intake.checked_path(path))
    if kind == "zip":
        with intake.zip_file(path) as archive:
            names = tuple(name for name in archive.namelist() if _has(name, suffixes))
            yield Bundle(path, names, archive)
    elif kind == "parquet":
        raise intake.refused(
            path.name, "a Parquet file", "a text file or zip archive", "Give the file as released."
        )
    else:
        yield Bundle(path, (path.name,))


def _has(name: str, suffixes: Sequence[str]) -> bool:
    return name.lower().endswith(tuple(suffixes))
