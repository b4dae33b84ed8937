"""Which scenarios are there? Ours as data files, and a file of a user's own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from weaklink import tomlfile
from weaklink.data import ROOT
from weaklink.errors import RequestError
from weaklink.nearest import did_you_mean
from weaklink.scenario.model import Scenario

FOLDER = ROOT / "scenarios"


@cache
def library() -> Mapping[str, Scenario]:
    """The scenarios that the product carries, by name.

    >>> "gas-cutoff-2022" in library()
    True
    """
    found = {path.stem: tomlfile.read(path, Scenario) for path in sorted(FOLDER.glob("*.toml"))}
    return MappingProxyType(found)


def chosen(name: str) -> Scenario:
    """A scenario by its name in the library, or the path of a file.

    Raises RequestError for an unknown name, SourceError for a file with its problems.

    >>> chosen("gas-cutoff-2022").network
    'europe-gas-2022'
    """
    if name in library():
        return library()[name]
    path = Path(name)
    if path.suffix == ".toml" or path.exists():
        return tomlfile.read(path, Scenario)
    hint = did_you_mean(name, library())
    raise RequestError(
        f"no scenario {name!r}.{hint} There are: {', '.join(library())}; or name a file that ends in .toml."
    )
