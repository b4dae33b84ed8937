"""How is a supply network read from a folder of sheets? Every row with its source, all problems together.

    network.toml     what it is: name, commodity, unit, days, classes, licence, caveats
    nodes.csv        places
    demand.csv       amounts by node, class and month or day; demand_CASE.csv is another course of demand
    links.csv        connections, with a capacity each way
    entries.csv      production, border points, terminals
    suppliers.csv    what the entries of one supplier share (may be left out)
    storages.csv     stores (may be left out)

Every sheet has the columns `quality`, `source` and `note`. `quality` says how good a figure is: *published* is
transcribed from a file at hand, *derived* is computed from such figures, *recalled* is from memory of a named
document and waits for a check, *assumed* is an own choice, *invented* belongs to exercises.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from weaklink import tomlfile
from weaklink.errors import RequestError
from weaklink.network.model import Curve, Entry, EntryKind, Figures, Link, Network, Source, Storage
from weaklink.provenance import Card
from weaklink.sources.intake import Problems
from weaklink.sources.months import daily
from weaklink.sources.sheet import Cell, Sheet, choice, number, read_sheet, words

ABOUT = "network.toml"
LARGEST = 1e12
QUALITIES = ("published", "derived", "recalled", "assumed", "invented")
KINDS = ("production", "border", "terminal")


class About(BaseModel):
    """What `network.toml` says of a network: its data card."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="short name, as in europe-gas-2022")
    title: str = Field(min_length=1, description="what the network is, in a few words")
    commodity: str = Field(min_length=1, description="what flows")
    unit: str = Field(min_length=1, description="unit of amounts; capacities are in it per day")
    convention: str = Field(default="", description="how the unit is meant: calorific value, reference state")
    first_day: date = Field(description="first day of the horizon")
    last_day: date = Field(description="last day of the horizon")
    classes: tuple[str, ...] = Field(min_length=1, description="groups of consumers, best protected first")
    source: str = Field(min_length=1, description="who the figures are from, in a sentence")
    licence: str = Field(min_length=1, description="terms of the folder")
    vintage: str = Field(min_length=1, description="when it was compiled")
    caveats: tuple[str, ...] = Field(default=(), description="sentences that travel with every figure")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> About:
        if self.last_day < self.first_day:
            raise ValueError(f"last_day {self.last_day} must not be before first_day {self.first_day}")
        return self

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of the horizon."""
        return tuple(self.first_day + timedelta(n) for n in range((self.last_day - self.first_day).days + 1))


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


def _needed(cell: Cell) -> Cell:
    return replace(cell, required=True)


def _amount(expected: str) -> Cell:
    return number(0, LARGEST, f"{expected}, a number of at least 0")


def _day() -> Cell:
    return Cell(date.fromisoformat, "a day such as 2022-10-01", "Write year-month-day, or leave it empty.")


def _period() -> Cell:
    def read(text: str) -> str:
        date.fromisoformat(text if len(text) > 7 else f"{text}-01")
        return text

    return Cell(read, "a month such as 2022-10, or a day such as 2022-10-01", required=True)


def _share(expected: str, empty: float) -> Cell:
    return replace(number(0, 1, f"{expected}, a share from 0 to 1"), empty=empty)


def _degrees(most: float) -> Cell:
    """Where a node is drawn on a map; it plays no part in the figures."""

    def read(text: str) -> float:
        if not re.fullmatch(r"-?\d{1,3}(\.\d{1,6})?", text) or abs(float(text)) > most:
            raise ValueError
        return float(text)

    return Cell(read, f"degrees from -{most:g} to {most:g}, east and north positive", empty=math.nan)


def _curve() -> Cell:
    """Points of a curve, `level=share of the rate`, separated by spaces: 0=0.3 0.5=1 1=1."""

    def read(text: str) -> tuple[tuple[float, float], ...]:
        points = tuple(tuple(float(part) for part in point.split("=")) for point in text.split())
        if any(len(point) != 2 for point in points):
            raise ValueError
        return cast(tuple[tuple[float, float], ...], points)

    return Cell(
        read, "points such as 0=0.3 0.5=1 1=1 (level = share of the rate)", empty=((0.0, 1.0), (1.0, 1.0))
    )


_SAID: Mapping[str, Cell] = MappingProxyType(
    {
        "unit": words("the unit of the row, where it is not that of the network"),
        "quality": choice({name: name for name in QUALITIES}, required=True),
        "source": words("who published it, what and when", required=True),
        "note": words("what else must be known"),
    }
)
_NODE = words("a node", required=True)
_NAME = words("a name", required=True)
SHEETS: Mapping[str, Mapping[str, Cell]] = MappingProxyType(
    {
        "nodes": {
            "node": _NODE,
            "label": words("a name for people"),
            "longitude": _degrees(180),
            "latitude": _degrees(90),
            **_SAID,
        },
        "demand": {
            "node": _NODE,
            "class": words("a class of network.toml", required=True),
            "period": _period(),
            "amount": _needed(_amount("an amount over the month or day")),
            **_SAID,
        },
        "links": {
            "name": _NAME,
            "asset": words("what fails as one"),
            "origin": _NODE,
            "destination": _NODE,
            "forward": _needed(_amount("a capacity per day")),
            "backward": replace(_amount("a capacity per day"), empty=0.0),
            "first_day": _day(),
            "last_day": _day(),
            **_SAID,
        },
        "entries": {
            "name": _NAME,
            "asset": words("what fails as one"),
            "node": _NODE,
            "kind": choice({name: name for name in KINDS}, required=True),
            "supplier": words("a name of suppliers.csv, or nothing"),
            "capacity": _needed(_amount("a capacity per day")),
            "first_day": _day(),
            "last_day": _day(),
            **_SAID,
        },
        "suppliers": {
            "name": _NAME,
            "daily": replace(_amount("what arrives per day"), empty=math.inf),
            "total": replace(_amount("what arrives over the horizon"), empty=math.inf),
            "buffer": replace(_amount("what its tanks hold"), empty=0.0),
            "start": replace(_amount("what is in its tanks"), empty=0.0),
            **_SAID,
        },
        "storages": {
            "name": _NAME,
            "asset": words("what fails as one"),
            "node": _NODE,
            "kind": choice({"storage": "storage", "linepack": "linepack"}, empty="storage"),
            "volume": _needed(_amount("a working volume")),
            "withdrawal": _needed(_amount("a rate per day")),
            "withdrawal_curve": _curve(),
            "injection": _needed(_amount("a rate per day")),
            "injection_curve": _curve(),
            "start": _needed(_share("the level on the first morning", 0.0)),
            "minimum_end": _share("the least level on the last evening", 0.0),
            "loss": _share("what is lost of what goes in", 0.0),
            **_SAID,
        },
    }
)
MAY_LACK = ("links", "suppliers", "storages")
Rows = Sequence[tuple[int, Mapping[str, Any]]]


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
    problems.take(_unknown(rows, about, {name: path.name for name, path in files.items()}))
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


def _unknown(rows: Mapping[str, Rows], about: About, files: Mapping[str, str]) -> Problems:
    """What one sheet names and another lacks, and what stands twice; each with its row."""
    found = Problems(about.name)
    nodes = {row["node"] for _, row in rows["nodes"]}
    suppliers = {row["name"] for _, row in rows["suppliers"]}
    listed: dict[str, tuple[set[str], str]] = {
        "node": (nodes, "a node of nodes.csv"),
        "origin": (nodes, "a node of nodes.csv"),
        "destination": (nodes, "a node of nodes.csv"),
        "class": (set(about.classes), f"a class of {ABOUT}: {', '.join(about.classes)}"),
        "supplier": (suppliers | {""}, "a supplier of suppliers.csv"),
    }
    for name in SHEETS:
        own = Problems(files[name])
        for line, row in rows[name]:
            for column, (known, expected) in listed.items():
                if column in row and row[column] not in known:
                    own.add(line, column, row[column], expected, "Correct the spelling, or add it there.")
            if row["unit"] not in ("", about.unit):
                own.add(line, "unit", row["unit"], f"{about.unit}, the unit of {ABOUT}", "Convert the row.")
        _repeats(name, rows[name], own)
        if name == "demand":
            _gaps(rows[name], about, own)
        found.take(own)
    return found


def _repeats(name: str, rows: Rows, problems: Problems) -> None:
    key = {"nodes": ("node",), "demand": ("node", "class", "period")}.get(name, ("name",))
    first: dict[tuple[str, ...], int] = {}
    for line, row in rows:
        those = tuple(row[column] for column in key)
        if those in first:
            problems.add(line, key[0], " ".join(those), f"stated once; see row {first[those]}", "Remove one.")
        first.setdefault(those, line)


def _gaps(rows: Rows, about: About, problems: Problems) -> None:
    """Days for which a node and class that have demand have none stated: zero must be written."""
    stated = defaultdict(set)
    for _, row in rows:
        stated[row["node"], row["class"]].add(row["period"])
    for (node, group), periods in stated.items():
        lacking = [d for d in about.days if d.isoformat() not in periods and f"{d:%Y-%m}" not in periods]
        if lacking:
            expected = f"demand for every day to {about.last_day}; {len(lacking)} days lack it"
            problems.add(None, "period", f"{node} {group} {lacking[0]}", expected, "Add the rows, 0 if none.")


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
