"""How is a supply network read from a folder of sheets? Every row with its source, all problems together.

    network.toml     what it is: name, commodity, unit, days, classes, licence, caveats
    nodes.csv        places
    demand.csv       amounts by node, class and month or day; demand_CASE.csv is another course of demand
    links.csv        connections, with a capacity each way
    entries.csv      production, border points, terminals
    suppliers.csv    what the entries of one supplier share (may be left out)
    storages.csv     stores (may be left out)

The columns of each are in `network_sheets`, what `network.toml` says in `network_card`.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import numpy as np

from weaklink import tomlfile
from weaklink.errors import RequestError
from weaklink.network.model import Curve, Entry, EntryKind, Figures, Link, Network, Source, Storage
from weaklink.provenance import Card
from weaklink.sources.intake import Problems
from weaklink.sources.months import daily
from weaklink.sources.network_card import ABOUT, About
from weaklink.sources.network_checks import disagreements
from weaklink.sources.network_sheets import MAY_LACK, QUALITIES, SHEETS, Rows
from weaklink.sources.sheet import Sheet, read_sheet


@dataclass(frozen=True, slots=True)
class NetworkFolder:
    """A folder that has been read: `qualities` counts the rows of each quality, `labels` names the nodes.

    `places` holds longitude and latitude of the nodes that have them.
    """

    about: About
    network: Network
    labels: Mapping[str, str]
    places: Mapping[str, tuple[float, float]]
    qualities: Mapping[str, int]
    sha256: str
    rows: int

    def card(self) -> Card:
        """What provenance records of it."""
        about = self.about
        counted = ", ".join(f"{count} {quality}" for quality, count in self.qualities.items())
        return Card(
            name=about.name,
            what=f"{about.title}, {about.first_day} to {about.last_day}, {about.unit} {about.convention}".strip(),
            source=about.source,
            licence=about.licence,
            vintage=about.vintage,
            sha256=self.sha256,
            derived_by=f"compiled by hand and program, each row with its source; rows by quality: {counted}",
            rows=self.rows,
            caveats=about.caveats,
        )


def read(folder: Path, demand: str = "") -> NetworkFolder:
    """The network of a folder, with the course of demand of `demand_CASE.csv`, or of `demand.csv`.

    Raises SourceError with every problem of all sheets, by file, row and column; NetworkError where the sheets
    are well formed and the network contradicts itself; RequestError for a folder or a case that is not there.
    """
    if not (folder / ABOUT).is_file():
        raise RequestError(f"{folder} is not a network: it has no {ABOUT}. Name the folder that holds it.")
    about = tomlfile.read(folder / ABOUT, About)
    files = {name: folder / f"{name}.csv" for name in SHEETS}
    files["demand"] = _demand_file(folder, demand)
    sheets, problems = {}, Problems(folder.name)
    for name, cells in SHEETS.items():
        if name in MAY_LACK and not files[name].exists():
            continue
        own = Problems(files[name].name)
        sheets[name] = read_sheet(files[name], cells, own)
        problems.take(own)
    rows = {name: sheets[name].rows if name in sheets else () for name in SHEETS}
    problems.take(disagreements(rows, about, {name: path.name for name, path in files.items()}))
    problems.refuse_if_any()
    return NetworkFolder(
        about,
        _network(about, rows),
        MappingProxyType({row["node"]: row["label"] or row["node"] for _, row in rows["nodes"]}),
        _places(rows["nodes"]),
        _qualities(rows.values()),
        _digest(folder / ABOUT, sheets.values()),
        sum(map(len, rows.values())),
    )


def cases(folder: Path) -> tuple[str, ...]:
    """The further courses of demand that a folder holds."""
    return tuple(sorted(path.stem.removeprefix("demand_") for path in folder.glob("demand_*.csv")))


def _demand_file(folder: Path, case: str) -> Path:
    if case and case not in cases(folder):
        known = ", ".join(cases(folder)) or "none besides demand.csv"
        raise RequestError(f"{folder.name} has no demand_{case}.csv; there are: {known}.")
    return folder / (f"demand_{case}.csv" if case else "demand.csv")


def _network(about: About, rows: Mapping[str, Rows]) -> Network:
    days = about.days
    return Network(
        name=about.name,
        commodity=about.commodity,
        unit=about.unit,
        classes=about.classes,
        nodes=tuple(row["node"] for _, row in rows["nodes"]),
        demand=_demand(about, rows),
        links=tuple(
            Link(
                row["name"],
                row["origin"],
                row["destination"],
                _open(row, days) * row["forward"],
                _open(row, days) * row["backward"],
                row["asset"],
            )
            for _, row in rows["links"]
        ),
        entries=tuple(
            Entry(
                row["name"],
                row["node"],
                _open(row, days) * row["capacity"],
                cast(EntryKind, row["kind"]),
                row["supplier"] or None,
                row["asset"],
            )
            for _, row in rows["entries"]
        ),
        sources=tuple(
            Source(row["name"], row["daily"], row["total"], row["buffer"], row["start"])
            for _, row in rows["suppliers"]
        ),
        storages=tuple(_storage(row) for _, row in rows["storages"]),
    )


def _demand(about: About, rows: Mapping[str, Rows]) -> Figures:
    """Rates by class, node and day."""
    nodes = {row["node"]: place for place, (_, row) in enumerate(rows["nodes"])}
    classes = {name: place for place, name in enumerate(about.classes)}
    amounts: dict[tuple[int, int], dict[str, float]] = defaultdict(dict)
    for _, row in rows["demand"]:
        amounts[classes[row["class"]], nodes[row["node"]]][row["period"]] = row["amount"]
    demand = np.zeros((len(classes), len(nodes), len(about.days)))
    for place, months in amounts.items():
        demand[place] = daily(months, about.days)
    return demand


def _storage(row: Mapping[str, Any]) -> Storage:
    return Storage(
        row["name"],
        row["node"],
        row["volume"],
        Curve(row["withdrawal_curve"]).scaled(row["withdrawal"]),
        Curve(row["injection_curve"]).scaled(row["injection"]),
        start=row["start"] * row["volume"],
        minimum_end=row["minimum_end"] * row["volume"],
        loss=row["loss"],
        kind=row["kind"],
        asset=row["asset"],
    )


def _open(row: Mapping[str, Any], days: Sequence[date]) -> Figures | float:
    """1 on the days on which something is in service, 0 on others."""
    first, last = row["first_day"] or days[0], row["last_day"] or days[-1]
    if first <= days[0] and last >= days[-1]:
        return 1.0
    return np.array([float(first <= day <= last) for day in days])


def _places(rows: Rows) -> Mapping[str, tuple[float, float]]:
    found = {row["node"]: (row["longitude"], row["latitude"]) for _, row in rows}
    return MappingProxyType({node: place for node, place in found.items() if not np.isnan(place).any()})


def _qualities(sheets: Iterable[Rows]) -> Mapping[str, int]:
    counted = Counter(row["quality"] for rows in sheets for _, row in rows)
    return MappingProxyType({name: counted[name] for name in QUALITIES if counted[name]})


def _digest(about: Path, sheets: Iterable[Sheet]) -> str:
    """One digest of the card and of all sheets that were read."""

    def parts() -> Iterator[str]:
        yield hashlib.sha256(about.read_bytes()).hexdigest()
        yield from (sheet.sha256 for sheet in sheets)

    return hashlib.sha256("".join(parts()).encode("ascii")).hexdigest()
