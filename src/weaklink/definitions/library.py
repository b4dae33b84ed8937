"""Which definitions are there? Ours as data files, and those of a user's directory."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from weaklink import tomlfile
from weaklink.data import ROOT
from weaklink.definitions.model import Definition
from weaklink.errors import Problem, RequestError, SourceError
from weaklink.nearest import did_you_mean

FOLDER = ROOT / "definitions"


@cache
def published() -> Mapping[str, Definition]:
    """The definitions that the product carries, by name.

    >>> "geodep_2024" in published()
    True
    """
    return MappingProxyType(_read(FOLDER))


def definition(name: str) -> Definition:
    """One published definition; RequestError for an unknown name."""
    return chosen(name, published())[0]


def available(folder: Path | None) -> Mapping[str, Definition]:
    """The published definitions and those in a folder of yours.

    Raises SourceError for a file that cannot be read, with all its problems, or that takes a published name.
    """
    if folder is None:
        return published()
    mine = _read(folder)
    for name in mine.keys() & published().keys():
        problem = Problem(
            f"{name}.toml", None, "name", name, "a name of its own", "Choose another name.", "key"
        )
        raise SourceError([problem])
    return MappingProxyType({**published(), **mine})


def chosen(names: str, known: Mapping[str, Definition]) -> tuple[Definition, ...]:
    """The definitions that a list of names separated by commas means; `all` means all."""
    if names.strip() == "all":
        return tuple(known.values())
    found = []
    for name in (part.strip() for part in names.split(",")):
        if name not in known:
            hint = did_you_mean(name, known)
            raise RequestError(f"no definition {name!r}.{hint} There are: {', '.join(known)}, or all.")
        found.append(known[name])
    return tuple(found)


def _read(folder: Path) -> dict[str, Definition]:
    """Every TOML file of a folder, by the name that it states; the problems of all files together."""
    definitions: dict[str, Definition] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            one = tomlfile.read(path, Definition)
        except SourceError as error:
            problems += error.problems
            continue
        if one.name != path.stem:
            problems.append(
                Problem(
                    path.name, None, "name", one.name, f"{path.stem}, as the file is called", "Rename one."
                )
            )
        definitions[one.name] = one
    if problems:
        raise SourceError(problems)
    if not definitions:
        raise RequestError(f"{folder} has no definitions: it needs files that end in .toml.")
    return definitions
