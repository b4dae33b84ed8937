"""Which frameworks are there? Ours as data files, or a file of the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from weaklink import tomlfile
from weaklink.data import ROOT
from weaklink.errors import RequestError
from weaklink.guidelines.model import Framework
from weaklink.nearest import did_you_mean

FOLDER = ROOT / "guidelines"


@cache
def shipped() -> Mapping[str, Framework]:
    """The frameworks that the product carries, by name.

    >>> list(shipped())
    ['cer_sectors', 'crma_2030', 'eu_gas', 'iea_oil', 'nato_seven']
    """
    paths = sorted(FOLDER.glob("*.toml"))
    return MappingProxyType({path.stem: tomlfile.read(path, Framework) for path in paths})


def framework(name: str) -> Framework:
    """A framework by its name, or the path of a file; RequestError for neither, SourceError for a wrong file."""
    if name in shipped():
        return shipped()[name]
    path = Path(name)
    if path.suffix == ".toml" or path.exists():
        return tomlfile.read(path, Framework)
    hint = did_you_mean(name, shipped())
    raise RequestError(
        f"no framework {name!r}.{hint} There are: {', '.join(shipped())}; or name a TOML file."
    )
