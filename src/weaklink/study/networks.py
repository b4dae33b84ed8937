"""Which supply networks are there, what do they consist of, and is a folder of yours one?"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from weaklink import files, tables
from weaklink.blocs import resolve
from weaklink.columns import TableSchema
from weaklink.data import ROOT
from weaklink.errors import RequestError, StoreError
from weaklink.nearest import did_you_mean
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.sources import network_folder
from weaklink.sources.network_card import ABOUT
from weaklink.sources.network_folder import NetworkFolder
from weaklink.version import VERSION

FOLDER = ROOT / "networks"
SHEETS = ("links", "entries", "suppliers", "storages")
WORLD = "world"


def embedded() -> tuple[str, ...]:
    """Names of the networks that the product carries.

    >>> embedded()
    ('europe-gas-2021', 'europe-gas-2022', 'generators-exercise')
    """
    return tuple(sorted(path.parent.name for path in FOLDER.glob(f"*/{ABOUT}")))


def place(name: str) -> Path:
    """The folder of an embedded network, or a path of the user's own; RequestError where there is neither."""
    if name in embedded():
        return FOLDER / name
    path = Path(name)
    if path.is_dir():
        return path
    hint = did_you_mean(name, embedded())
    raise RequestError(
        f"no network {name!r}.{hint} There are: {', '.join(embedded())}; or name a folder with a {ABOUT}."
    )


def folder(name: str, demand: str = "") -> NetworkFolder:
    """A network by its name or folder, with a course of demand.

    >>> len(folder("europe-gas-2022").network.nodes)
    35
    """
    return _carried(name, demand) if name in embedded() else network_folder.read(place(name), demand)


@cache  # what the product carries never changes; sheets of a user's own may, while we run
def _carried(name: str, demand: str) -> NetworkFolder:
    return network_folder.read(FOLDER / name, demand)


def members(found: NetworkFolder, who: str) -> tuple[str, ...]:
    """The nodes that a bloc expression means, as of the network's first year; `world` means all.

    >>> members(folder("europe-gas-2022"), "GBR + NOR")
    ('GBR', 'NOR')
    """
    nodes = found.network.nodes
    if who.casefold() == WORLD:
        return nodes
    inside = set(resolve(who, year=found.about.first_day.year).countries)
    return tuple(node for node in nodes if node in inside)


def networks() -> Result:
    """The embedded networks; the columns are declared in `weaklink.tables.NETWORKS`."""
    rows = [_described(folder(name), FOLDER / name) for name in embedded()]
    return _answer(tables.NETWORKS, rows, *(folder(name) for name in embedded()))


def checked(path: Path) -> Result:
    """What a folder holds, once every sheet and every course of demand in it has been found sound.

    Raises SourceError or NetworkError with all problems, RequestError where the folder has no `network.toml`.
    """
    found = network_folder.read(path)
    for case in network_folder.cases(path):
        network_folder.read(path, case)
    return _answer(tables.NETWORKS, [_described(found, path)], found)


def parts(name: str) -> Result:
    """The rows of a network's sheets with their sources; columns in `weaklink.tables.NETWORK_PARTS`.

    >>> parts("europe-gas-2022").records()[0]["name"]
    'Europipe and Norpipe'
    """
    return _answer(tables.NETWORK_PARTS, list(_parts(place(name))), folder(name))


def export(name: str, target: Path) -> tuple[Path, ...]:
    """Copy the sheets of a network to a new folder, to change them there; StoreError where it is not empty."""
    source = place(name)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise StoreError(f"{target}: exists and is not an empty directory. Choose a new one.")
    written = []
    for path in sorted((*source.glob("*.csv"), source / ABOUT)):
        files.write_bytes(target / path.name, path.read_bytes())
        written.append(target / path.name)
    return tuple(written)


def _described(found: NetworkFolder, path: Path) -> dict[str, Any]:
    network = found.network
    return {
        "network": found.about.name,
        "title": found.about.title,
        "unit": found.about.unit,
        "nodes": len(network.nodes),
        "links": len(network.links),
        "entries": len(network.entries),
        "storages": len(network.storages),
        "days": network.periods,
        "cases": ", ".join(network_folder.cases(path)),
        "recalled": found.qualities.get("recalled", 0),
        "rows": found.rows,
    }


def _parts(path: Path) -> Iterator[dict[str, Any]]:
    for sheet in SHEETS:
        file = path / f"{sheet}.csv"
        if not file.exists():
            continue
        for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))):
            yield {
                "sheet": sheet,
                "name": row["name"],
                "origin": row.get("origin") or row.get("supplier") or "",
                "destination": row.get("destination") or row.get("node") or "",
                "capacity": _first(row, "forward", "capacity", "withdrawal", "daily"),
                "backward": _first(row, "backward"),
                "volume": _first(row, "volume", "total"),
                **{column: row.get(column) or "" for column in ("quality", "source", "note")},
            }


def _first(row: Mapping[str, str], *columns: str) -> float | None:
    return next((float(row[column]) for column in columns if row.get(column)), None)


def _answer(schema: TableSchema, rows: list[dict[str, Any]], *found: NetworkFolder) -> Result:
    cards = tuple(one.card() for one in found)
    caveats = tuple(dict.fromkeys(caveat for card in cards for caveat in card.caveats))
    return Result(schema, tabulated(schema, rows), caveats, Provenance(cards, VERSION))
