"""How do a user's own files become data that can be asked?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from weaklink import data, tables
from weaklink.codes.products import NOMENCLATURES
from weaklink.errors import Problem, RequestError, SourceError
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.sources import baci, comtrade, intake
from weaklink.sources.intake import Progress
from weaklink.sources.reading import Reading
from weaklink.store import Snapshot, Store
from weaklink.study.datasets import default_store
from weaklink.version import VERSION

SourceName = Literal["baci", "comtrade"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A foreign file and what must be known to read it; what its own name says need not be repeated.

    `name` is what the data set will be called; empty means source, edition and vintage.
    """

    path: Path
    source: SourceName = "baci"
    nomenclature: str = ""
    vintage: str = ""
    country_codes: Path | None = None
    product_codes: Path | None = None
    reported_by: comtrade.ReportedBy = "importer"
    name: str = ""


def add(upload: Upload, store: Path | None = None, progress: Progress = intake.silent) -> Snapshot:
    """Read and check a file and store it as a snapshot, whole or not at all.

    Raises SourceError with all problems of the file, or StoreError where it cannot be stored.
    """
    _refuse_name(upload.name)
    reading = read(upload, progress)
    name = upload.name or _name(upload, reading)
    return Store(store or default_store()).add(
        reading.flows, reading.card(name), reading.area_rows(), reading.labels
    )


def read(upload: Upload, progress: Progress = intake.silent) -> Reading:
    """Read and check a file without storing it."""
    edition = upload.nomenclature.upper()
    if edition and edition not in NOMENCLATURES:
        raise RequestError(
            f"--nomenclature is {upload.nomenclature!r}; it is one of {', '.join(NOMENCLATURES)}."
        )
    if upload.source == "baci":
        return baci.read(
            upload.path,
            nomenclature=edition,
            vintage=upload.vintage,
            country_codes=upload.country_codes,
            product_codes=upload.product_codes,
            progress=progress,
        )
    if not edition or not upload.vintage:
        raise RequestError(
            "a Comtrade file does not say its edition and date: "
            "give --nomenclature HS17 and --vintage 2026-11-23."
        )
    return comtrade.read(
        upload.path,
        nomenclature=edition,
        vintage=upload.vintage,
        reported_by=upload.reported_by,
        progress=progress,
    )


def check(upload: Upload, progress: Progress = intake.silent) -> Result:
    """Every problem of a file, as a table without rows where it is fit to be added."""
    problems: tuple[Problem, ...] = ()
    caveats: tuple[str, ...] = ()
    try:
        reading = read(upload, progress)
        caveats = (f"{reading.original}: {len(reading.flows):,} flows, fit to be added.", *reading.caveats)
    except SourceError as error:
        problems = error.problems
        many = "1 problem" if error.count == 1 else f"{error.count:,} problems"
        listed = "" if error.count == len(problems) else f", {len(problems):,} of them listed"
        caveats = (f"{intake.printable(upload.path.name)}: {many}{listed}.",)
    rows = ({name: getattr(problem, name) for name in tables.PROBLEMS.names} for problem in problems)
    return Result(tables.PROBLEMS, tabulated(tables.PROBLEMS, rows), caveats, Provenance((), VERSION))


def _refuse_name(name: str) -> None:
    """Refuse a name that --data could not ask for, or that another data set already has."""
    if name and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise RequestError(f"--name is {name!r}; use letters without accents, digits, dots and hyphens.")
    if name in {card.name for card in data.cards()}:
        raise RequestError(f"--name is {name!r}, which is embedded data. Choose another.")


def _name(upload: Upload, reading: Reading) -> str:
    side = (
        {"importer": "-imports", "exporter": "-exports"}[upload.reported_by]
        if upload.source == "comtrade"
        else ""
    )
    text = f"{upload.source}-{reading.nomenclature}-{reading.vintage}{side}".lower()
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")
