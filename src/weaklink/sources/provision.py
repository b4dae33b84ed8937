"""How is a table of who provides what to whom read: technologies, services, networks, ports, cables, energy?

One form for all domains, read from a sheet; a second sheet says what an item needs. The rules of a domain are
`DOMAINS`: what its items and suppliers are, which columns must be filled in, and in which units it counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from weaklink.blocs.expression import resolve
from weaklink.errors import WeaklinkError
from weaklink.sources.intake import Problems
from weaklink.sources.sheet import Cell, Sheet, choice, countries, read_sheet, words

MILLION = 1_000_000
ROUNDING = 5_000  # millionths by which a share rounded to whole percent may be too great
WORLD = "world"
SHARE = re.compile(r"(\d{1,3})(?:\.(\d{1,4}))?%|([01])\.(\d{1,6})|0")
QUANTITY = re.compile(r"(\d{1,12})(?:\.(\d{1,3}))?")
PERIOD = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True)
class Domain:
    """What the rows of a domain say; `units` are those of quantities, empty where only shares make sense.

    `required` names the optional columns that must be filled in here.
    """

    item: str
    supplier: str
    units: tuple[str, ...]
    required: tuple[str, ...] = ()


DOMAINS: Mapping[str, Domain] = MappingProxyType(
    {
        "technology": Domain(
            "a product, tool, material or step of production", "country of the producer", ()
        ),
        "gas": Domain(
            "gas by entry point or route",
            "country it comes from, or through which it enters",
            ("GWh/d", "GWh", "TWh", "TJ", "mcm/d", "mcm", "bcm"),
        ),
        "power": Domain(
            "electricity by interconnector", "country it comes from", ("MW", "MWh", "GWh", "TWh")
        ),
        "cloud": Domain(
            "a kind of cloud service",
            "country whose law binds the provider",
            ("USD", "EUR", "MW"),
            ("provider",),
        ),
        "telecom": Domain(
            "a layer of the network, such as radio access or core",
            "country of the vendor",
            ("sites", "subscribers", "EUR", "USD"),
            ("provider",),
        ),
        "ports": Domain(
            "a port or terminal",
            "country of the last owner or operator",
            ("TEU", "tonnes", "EUR", "USD"),
            ("provider", "place"),
        ),
        "cables": Domain(
            "submarine cables that land at a place",
            "country of the owner",
            ("cables", "fibre pairs", "Tbit/s"),
            ("provider", "place"),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Provision:
    """Who provides what to whom: one row.

    `dependents` are the countries that depend, empty for the world as a whole; `supplier` is a country.
    `provider` is the firm and `place` the port, landing or entry point, where there is one. Of `share`
    (millionths of all that the dependent uses) and `quantity` (thousandths of the unit) at most one is known.
    """

    line: int
    item: str
    domain: str
    dependent: str
    dependents: tuple[str, ...]
    supplier: str
    provider: str
    place: str
    share: int | None
    quantity: int | None
    unit: str
    period: str
    source: str
    licence: str


@dataclass(frozen=True, slots=True)
class Need:
    """An input of an item. Inputs of an item with the same `choice` are alternatives; without, each is needed."""

    line: int
    item: str
    input: str
    choice: str
    source: str
    licence: str


Row = TypeVar("Row", Provision, Need)


def share(text: str) -> int:
    """A share as whole millionths: `61%`, `12.5%` or `0.61`. ValueError for anything else, and for a bare 1.

    >>> share("61%"), share("0.125"), share("100%")
    (610000, 125000, 1000000)
    """
    found = SHARE.fullmatch(text)
    if not found:
        raise ValueError("Write it with a percent sign, or as a decimal number: 61% or 0.61.")
    percent, part, whole, decimals = found.groups()
    if percent is None and whole is None:
        return 0
    digits = (percent + (part or "").ljust(4, "0")) if percent else (whole + decimals.ljust(6, "0"))
    if int(digits) > MILLION:
        raise ValueError("No share is more than 100%.")
    return int(digits)


def quantity(text: str) -> int:
    """A quantity as whole thousandths of its unit.

    >>> quantity("2045449.486")
    2045449486
    """
    found = QUANTITY.fullmatch(text)
    if not found:
        raise ValueError("Write plain digits with at most three decimals, without separators of thousands.")
    return int(found[1] + (found[2] or "").ljust(3, "0"))


def _period(text: str) -> str:
    if not PERIOD.fullmatch(text):
        raise ValueError
    return text


ROWS: Mapping[str, Cell] = MappingProxyType(
    {
        "item": words("the name of an item", required=True),
        "domain": choice({name: name for name in DOMAINS}, required=True),
        "dependent": words("a country, a bloc expression, or world", required=True),
        "supplier": countries(),
        "provider": words("the name of a firm"),
        "place": words("the name of a place"),
        "share": Cell(share, "a share"),
        "quantity": Cell(quantity, "a quantity, not negative"),
        "unit": words("what the share is of, or the unit of the quantity", required=True),
        "period": Cell(_period, "a year, month or day such as 2022 or 2022-11", required=True),
        "source": words("who published it, what and when", required=True),
        "licence": words("the terms of the source", required=True),
    }
)
NEEDS: Mapping[str, Cell] = MappingProxyType(
    {
        "item": words("the name of an item", required=True),
        "input": words("the name of the item that goes into it", required=True),
        "choice": words("a name shared by inputs of which one suffices"),
        "source": words("who published it, what and when", required=True),
        "licence": words("the terms of the source", required=True),
    }
)


def read(path: Path) -> tuple[Sheet, tuple[Provision, ...]]:
    """Read and check a sheet of provision; SourceError with all its problems together."""
    problems = Problems(path.name)
    sheet = read_sheet(path, ROWS, problems)
    buyers = _dependents(sheet, problems)
    rows = tuple(
        Provision(line=line, dependents=buyers[row["dependent"], row["period"]], **row)
        for line, row in sheet.rows
        if (row["dependent"], row["period"]) in buyers
    )
    for row in rows:
        _check(row, problems)
    _check_repeats(rows, problems)
    for those in _grouped(rows, lambda row: (row.item, row.dependents, row.period)).values():
        _check_together(those, problems)
    problems.refuse_if_any()
    return sheet, rows


def read_needs(path: Path, items: Iterable[str]) -> tuple[Sheet, tuple[Need, ...]]:
    """Read and check a sheet of needs; every item without needs must be among `items`, which have suppliers.

    SourceError with all problems together.
    """
    problems = Problems(path.name)
    sheet = read_sheet(path, NEEDS, problems)
    rows = tuple(Need(line=line, **row) for line, row in sheet.rows)
    known = {*items, *(row.item for row in rows)}
    for row in rows:
        if row.input not in known:
            remedy = "Say who provides it, or what it needs itself; spell it the same in both sheets."
            problems.add(row.line, "input", row.input, "an item with suppliers or needs of its own", remedy)
    for those in _grouped(rows, lambda row: (row.item, row.input)).values():
        for row in those[1:]:
            again = f"{row.input} again, as in row {those[0].line}"
            problems.add(row.line, "input", again, "stated once for an item", "Remove one of the two rows.")
    problems.refuse_if_any()
    return sheet, rows


def _dependents(sheet: Sheet, problems: Problems) -> dict[tuple[str, str], tuple[str, ...]]:
    """The countries of each dependent in each period; one that cannot be read is noted where it first stands."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    wrong: set[tuple[str, str]] = set()
    for line, row in sheet.rows:
        key = row["dependent"], row["period"]
        if key in found or key in wrong:
            continue
        if row["dependent"].casefold() == WORLD:
            found[key] = ()
            continue
        try:
            found[key] = resolve(row["dependent"], year=int(row["period"][:4])).countries
        except WeaklinkError as error:
            wrong.add(key)
            remedy = " ".join(str(error).split())
            problems.add(
                line, "dependent", row["dependent"], "a country, a bloc expression, or world", remedy
            )
    return found


def _check(row: Provision, problems: Problems) -> None:
    """Note what a row breaks of the rules of its domain."""
    domain = DOMAINS[row.domain]
    for name in domain.required:
        if not getattr(row, name):
            problems.add(row.line, name, "", f"filled in for {row.domain}", "Fill it in.")
    if row.share is not None and row.quantity is not None:
        both = f"{row.share / MILLION:.0%} and {row.quantity / 1000:g}"
        problems.add(row.line, "share", both, "a share or a quantity", "Leave one of the two empty.")
    if row.quantity is not None and row.unit not in domain.units:
        allowed = f"one of {', '.join(domain.units)}" if domain.units else "a share: no quantities here"
        problems.add(row.line, "unit", row.unit, allowed, f"Convert it to a unit of {row.domain}.")


def _check_repeats(rows: Sequence[Provision], problems: Problems) -> None:
    for those in _grouped(rows, _who).values():
        for row in those[1:]:
            again = f"{row.supplier} again, as in row {those[0].line}"
            problems.add(
                row.line, "supplier", again, "stated once for an item, dependent and period", "Add them up."
            )


def _who(row: Provision) -> Hashable:
    return row.item, row.dependents, row.period, row.supplier, row.provider, row.place


def _check_together(rows: Sequence[Provision], problems: Problems) -> None:
    """Note where the rows of one item, dependent and period do not make one whole."""
    first = rows[0]
    counted = [row for row in rows if row.quantity is not None]
    if counted and len(counted) < len(rows):
        row = next(row for row in rows if row.quantity is None)
        expected = f"a quantity, as row {counted[0].line} has of {first.item}"
        problems.add(row.line, "quantity", "", expected, "Give quantities for all suppliers, or shares.")
    for row in rows:
        if row.unit != first.unit or row.domain != first.domain:
            here, there = f"{row.domain}, {row.unit}", f"{first.domain}, {first.unit}"
            expected = f"what row {first.line} says of {first.item}: {there}"
            problems.add(row.line, "unit", here, expected, "An item has one domain and one unit.")
    total = sum(row.share or 0 for row in rows)
    if total > MILLION + ROUNDING * len(rows):
        problems.add(
            first.line,
            "share",
            f"{total / MILLION:.1%} in all, {first.item}",
            "a sum of at most 100%, and what rounding adds",
            "Is a total among the rows, or another period?",
        )


def _grouped(rows: Sequence[Row], key: Callable[[Row], Hashable]) -> Mapping[Hashable, list[Row]]:
    found: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found
