"""Which columns have the sheets of a network, and what may stand in each?

Every sheet has the columns `quality`, `source` and `note`. `quality` says how good a figure is: *published* is
transcribed from a file at hand, *derived* is computed from such figures, *recalled* is from memory of a named
document and waits for a check, *assumed* is an own choice, *invented* belongs to exercises.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, TypeAlias, cast

from weaklink.sources.sheet import Cell, choice, number, words

LARGEST = 1e12
QUALITIES = ("published", "derived", "recalled", "assumed", "invented")
KINDS = ("production", "border", "terminal")
MAY_LACK = ("links", "suppliers", "storages")

Rows: TypeAlias = Sequence[tuple[int, Mapping[str, Any]]]


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
