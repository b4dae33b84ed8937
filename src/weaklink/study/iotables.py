"""Which input-output table answers the question, and how does a user's own file become one?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from weaklink import data, tables
from weaklink.accountstore import AccountStore, StoredTable
from weaklink.errors import RequestError, SourceError
from weaklink.nearest import did_you_mean
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.sources import accounts_npz, exiobase, figaro, icio, intake, pymrio_layout, wiod
from weaklink.sources.square import Released
from weaklink.study.datasets import default_store
from weaklink.version import VERSION

EMBEDDED = "icio-2020"
EMBEDDED_FILE = "icio_2020"
TableSource = Literal["icio", "wiod", "exiobase", "figaro", "pymrio", "npz"]
SOURCES: tuple[TableSource, ...] = get_args(TableSource)
READERS: dict[TableSource, Callable[..., Released]] = {
    "icio": icio.read,
    "wiod": wiod.read,
    "exiobase": exiobase.read,
    "figaro": figaro.read,
    "pymrio": pymrio_layout.read,
    "npz": accounts_npz.read,
}


@dataclass(frozen=True, slots=True)
class TableUpload:
    """A file with an input-output table, and what must be known to read it.

    `year` and `vintage` are needed only where the file does not say them; `name` is what the table will be called,
    empty for source and vintage. `credit` and `licence` stand for those of the source where a file of arrays does
    not name it.
    """

    path: Path
    source: TableSource = "icio"
    year: int | None = None
    vintage: str = ""
    name: str = ""
    credit: str = ""
    licence: str = ""


def read(upload: TableUpload) -> Released:
    """Read and check a file without storing it; SourceError with all its problems."""
    released = READERS[upload.source](upload.path, year=upload.year, vintage=upload.vintage)
    return replace(
        released, source=upload.credit or released.source, licence=upload.licence or released.licence
    )


def add(upload: TableUpload, store: Path | None = None) -> StoredTable:
    """Read and check a file and store its table, whole or not at all.

    Raises SourceError with all problems of the file, RequestError for a name that cannot be used, or StoreError.
    """
    if upload.name and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", upload.name):
        raise RequestError(
            f"--name is {upload.name!r}; use letters without accents, digits, dots and hyphens."
        )
    if upload.name == EMBEDDED:
        raise RequestError(f"--name is {EMBEDDED}, which is the embedded table. Choose another.")
    released = read(upload)
    name = upload.name or _name(upload, released)
    names = (released.sector_names, released.region_names)
    return AccountStore(store or default_store()).add(released.accounts, released.card(name), names)


def check(upload: TableUpload) -> Result:
    """Every problem of a file, as a table without rows where it is fit to be added."""
    caveats: tuple[str, ...]
    problems: Any = ()
    try:
        released = read(upload)
        one = released.accounts
        size = f"{len(one.regions)} regions × {len(one.sectors)} sectors"
        fit = f"{released.original}: {one.source}, {size}, fit to be added."
        caveats = (fit, *one.caveats())
    except SourceError as error:
        problems = error.problems
        many = "1 problem" if error.count == 1 else f"{error.count:,} problems"
        caveats = (f"{intake.printable(upload.path.name)}: {many}.",)
    rows = ({name: getattr(problem, name) for name in tables.PROBLEMS.names} for problem in problems)
    return Result(tables.PROBLEMS, tabulated(tables.PROBLEMS, rows), caveats, Provenance((), VERSION))


def embedded_table() -> StoredTable:
    """The table that the product carries: OECD ICIO of 2020, 77 regions × 11 sectors."""
    return StoredTable.open(data.ROOT / f"{EMBEDDED_FILE}.arrow", data.card(EMBEDDED_FILE))


def available(store: Path | None) -> tuple[StoredTable, ...]:
    """Every table that can be asked, the embedded one first."""
    return (embedded_table(), *AccountStore(store or default_store()).tables())


def years_of(name: str, store: Path | None) -> tuple[StoredTable, ...]:
    """All years of a table by name, empty for the embedded one; RequestError where there is none."""
    every = available(store)
    found = tuple(one for one in every if one.card.name == (name or EMBEDDED))
    if not found:
        names = sorted({one.card.name for one in every})
        hint = did_you_mean(name, names)
        raise RequestError(f"no table {name!r}.{hint} There is: {', '.join(names)} (weaklink tables list).")
    return found


def chosen(name: str, year: int | None, store: Path | None) -> StoredTable:
    """The table of a name and a year; the latest year where none is asked."""
    found = years_of(name, store)
    if year is None:
        return found[-1]
    for one in found:
        if one.year == year:
            return one
    years = ", ".join(str(one.year) for one in found)
    raise RequestError(f"{name or EMBEDDED} has no year {year}; it has {years}.")


def listed(store: Path | None = None) -> Result:
    """Every table that can be asked, with its size, year, balance and terms.

    >>> listed().records()[0]["table"]
    'icio-2020'
    """
    return Result(tables.IO_TABLES, tabulated(tables.IO_TABLES, _rows(store)), (), Provenance((), VERSION))


def _rows(store: Path | None) -> Iterator[dict[str, Any]]:
    for one in available(store):
        yield {
            "table": one.card.name,
            "kind": "embedded" if one.card.name == EMBEDDED else "stored",
            "year": one.year,
            "regions": len(one.regions),
            "sectors": len(one.sectors),
            "unit": one.unit,
            "imbalance": one.imbalance,
            "classification": one.card.nomenclature,
            "vintage": one.card.vintage,
            "licence": one.card.licence,
            "source": one.card.source,
        }


def _name(upload: TableUpload, released: Released) -> str:
    stem = upload.path.stem if upload.source in ("npz", "pymrio") else f"{upload.source}-{released.vintage}"
    stem = re.sub(r"(?<!\d)(19|20)\d\d(?!\d)", "", stem) if upload.source in ("npz", "pymrio") else stem
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or upload.source
