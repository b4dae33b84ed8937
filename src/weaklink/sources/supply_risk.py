"""What does a user state about materials: the terms of supply risk, shares of supply, barriers to trade?

Three sheets. `materials` has a row for each stage of a material with the terms of the formula as far as they are
known; `shares` who supplies how much; `barriers` the trade parameters that differ from the rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from weaklink.sources.intake import Problems
from weaklink.sources.sheet import Cell, Sheet, choice, countries, number, read_sheet, words

Stage = Literal["extraction", "processing"]
Supply = Literal["global", "importer"]

LEAST_BARRIER, MOST_BARRIER = 0.8, 1.5  # the trade parameters of the European Commission's studies
MOST_INDEX = 10 * MOST_BARRIER  # one supplier of the worst governance behind the highest barrier
MOST_SHARES = 1.03  # shares rounded to whole percent may add up to a little more than one
STAGES = {"extraction": "extraction", "e": "extraction", "processing": "processing", "p": "processing"}
SUPPLIES = {"global": "global", "importer": "importer"}

_STAGE = choice(STAGES, required=True)
_SUPPLY = choice(SUPPLIES, empty="global")
_MATERIAL = words("the name of a material", required=True)
_PERCENT = "Write a share: 0.81 for 81 %, with a decimal point."
_SHARE = number(0, 1, "a share from 0 to 1", _PERCENT)
_INDEX = number(
    0, MOST_INDEX, f"an index from 0 to {MOST_INDEX:g}", "Square shares from 0 to 1, not percent."
)
_AMOUNT = number(0, 1e15, "an amount, not negative", "Write it without separators of thousands.")

MATERIALS: Mapping[str, Cell] = {
    "material": _MATERIAL,
    "stage": _STAGE,
    "group": words("the name of a group"),
    "economic_importance": number(0, 100, "a number from 0 on"),
    "global_herfindahl": _INDEX,
    "importer_herfindahl": _INDEX,
    "import_reliance": _SHARE,
    "recycling": _SHARE,
    "substitution": _SHARE,
    "mineral": words("a mineral of World Mining Data"),
    "imports": _AMOUNT,
    "exports": _AMOUNT,
    "domestic_production": _AMOUNT,
}
SHARES: Mapping[str, Cell] = {
    "material": _MATERIAL,
    "stage": _STAGE,
    "iso3": countries(),
    "share": Cell(_SHARE.read, _SHARE.expected, _PERCENT, required=True),
    "supply": _SUPPLY,
}
BARRIERS: Mapping[str, Cell] = {
    "material": _MATERIAL,
    "stage": _STAGE,
    "iso3": countries(),
    "factor": Cell(
        number(LEAST_BARRIER, MOST_BARRIER, "").read,
        f"a trade parameter from {LEAST_BARRIER} to {MOST_BARRIER}",
        "Write 0.8 for a partner, 1 for no barrier, 1.1 to 1.5 for taxes, quotas and bans.",
        required=True,
    ),
    "supply": _SUPPLY,
}


@dataclass(frozen=True, slots=True)
class Material:
    """One stage of a material as stated; a number that is not is not-a-number, a text empty.

    `mineral` is what World Mining Data calls it, from which the global concentration can be taken. `imports`,
    `exports` and `domestic_production` are in one unit and stand for an import reliance that is not stated.
    """

    line: int
    material: str
    stage: Stage
    group: str
    economic_importance: float
    global_herfindahl: float
    importer_herfindahl: float
    import_reliance: float
    recycling: float
    substitution: float
    mineral: str
    imports: float
    exports: float
    domestic_production: float


@dataclass(frozen=True, slots=True)
class Share:
    """Share of one country in the supply of a material at a stage, 0 to 1."""

    line: int
    material: str
    stage: Stage
    iso3: str
    share: float
    supply: Supply


@dataclass(frozen=True, slots=True)
class Barrier:
    """Trade parameter of one country for a material at a stage: 0.8 for partners to 1.5 for an export ban."""

    line: int
    material: str
    stage: Stage
    iso3: str
    factor: float
    supply: Supply


Row = TypeVar("Row", Material, Share, Barrier)
CountryRow = TypeVar("CountryRow", Share, Barrier)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a user states in up to three sheets, checked."""

    sheets: tuple[Sheet, ...]
    materials: tuple[Material, ...]
    shares: tuple[Share, ...] = ()
    barriers: tuple[Barrier, ...] = ()


def read(materials: Path, shares: Path | None = None, barriers: Path | None = None) -> Statement:
    """Read and check the sheets; SourceError with all problems of all of them together."""
    problems = Problems(materials.name)
    sheet = read_sheet(materials, MATERIALS, problems)
    stated = _rows(sheet, Material)
    _refuse_repeats(stated, lambda row: (row.material, row.stage), problems)
    _refuse_contradictions(stated, problems)
    share_sheets, supplied = _further(shares, SHARES, Share, stated, problems)
    for one in share_sheets:
        problems.take(_excess(supplied, one.file))
    barrier_sheets, barred = _further(barriers, BARRIERS, Barrier, stated, problems)
    problems.refuse_if_any()
    return Statement((sheet, *share_sheets, *barrier_sheets), stated, supplied, barred)


def read_shares(path: Path) -> tuple[Sheet, tuple[Share, ...]]:
    """Read and check a sheet of shares by itself; SourceError with all its problems."""
    problems = Problems(path.name)
    sheet, rows = _of_countries(path, SHARES, Share, problems)
    problems.take(_excess(rows, path.name))
    problems.refuse_if_any()
    return sheet, rows


def _further(
    path: Path | None,
    cells: Mapping[str, Cell],
    kind: Callable[..., CountryRow],
    stated: Sequence[Material],
    problems: Problems,
) -> tuple[tuple[Sheet, ...], tuple[CountryRow, ...]]:
    """A sheet that adds to the materials, and its rows; none where there is no such sheet."""
    if path is None:
        return (), ()
    own = Problems(path.name)
    sheet, rows = _of_countries(path, cells, kind, own)
    if not problems.count:  # else a material may be missing only because its row is wrong
        _refuse_strangers(rows, {row.material for row in stated}, problems.file, own)
    problems.take(own)
    return (sheet,), rows


def _of_countries(
    path: Path, cells: Mapping[str, Cell], kind: Callable[..., CountryRow], problems: Problems
) -> tuple[Sheet, tuple[CountryRow, ...]]:
    """A sheet with a row for each country, and its rows; its problems are noted."""
    sheet = read_sheet(path, cells, problems)
    rows = _rows(sheet, kind)
    _refuse_repeats(rows, lambda row: (row.material, row.stage, row.supply, row.iso3), problems)
    return sheet, rows


def _rows(sheet: Sheet, kind: Callable[..., Row]) -> tuple[Row, ...]:
    return tuple(kind(line=line, **row) for line, row in sheet.rows)


def _refuse_repeats(rows: Sequence[Row], key: Callable[[Row], Hashable], problems: Problems) -> None:
    first: dict[Hashable, int] = {}
    for row in rows:
        if (before := first.setdefault(key(row), row.line)) != row.line:
            again = f"{row.material}, {row.stage} again, as in row {before}"
            problems.add(row.line, "material", again, "stated once", "Remove one of the two rows.")


def _refuse_contradictions(rows: Sequence[Material], problems: Problems) -> None:
    """Note a material whose stages name different groups, or different importances."""
    first: dict[str, Material] = {}
    for row in rows:
        before = first.setdefault(row.material, row)
        for column in ("group", "economic_importance"):
            here, there = str(getattr(row, column)), str(getattr(before, column))
            if here != there:
                problems.add(
                    row.line,
                    column,
                    here,
                    f"what row {before.line} says of {row.material}: {there}",
                    "It belongs to the material, not to the stage: write the same in both rows.",
                )


def _refuse_strangers(
    rows: Iterable[Share | Barrier], known: set[str], materials: str, problems: Problems
) -> None:
    for row in rows:
        if row.material not in known:
            remedy = f"Write it as there; it has {', '.join(sorted(known)[:8])}."
            problems.add(row.line, "material", row.material, f"a material of {materials}", remedy)


def _excess(rows: Sequence[Share], file: str) -> Problems:
    """The problems of shares of one supply that are more than a whole."""
    problems = Problems(file)
    supplies: dict[tuple[str, str, str], list[Share]] = defaultdict(list)
    for row in rows:
        supplies[row.material, row.stage, row.supply].append(row)
    for (material, stage, supply), parts in supplies.items():
        if (total := sum(part.share for part in parts)) > MOST_SHARES:
            problems.add(
                parts[0].line,
                "share",
                f"{total:.3f} in all, {material}, {stage}, {supply}",
                "a sum of at most 1",
                "Is a total among the rows, or another stage?",
            )
    return problems
