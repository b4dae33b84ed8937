"""How do a user's own files become data that can be asked?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Literal

from weaklink import data, tables
from weaklink.codes.products import NOMENCLATURES
from weaklink.errors import Problem, RequestError, SourceError
from weaklink.files import unwritable
from weaklink.provenance import Provenance
from weaklink.result import Result, tabulated
from weaklink.snapshot import Snapshot
from weaklink.snapshotfile import Description
from weaklink.sources import baci, comtrade, intake
from weaklink.sources.intake import Progress
from weaklink.sources.reading import Origin, Place, Scan, area_rows
from weaklink.sources.runs import Runs
from weaklink.sources.spilled import Spilled
from weaklink.store import Store
from weaklink.study.datasets import default_store
from weaklink.version import VERSION

SourceName = Literal["baci", "comtrade"]
READING = 0.7  # share of the time that reading takes; the rest is merging and writing
RUN_SHARE = 1.3  # bytes of disk for each byte of text: runs, at most 28 for a line of 25, and the snapshot


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


def add(
    upload: Upload,
    store: Path | None = None,
    progress: Progress = intake.silent,
    say: Callable[[str], None] = lambda _text: None,
) -> Snapshot:
    """Read and check a file and store it as a snapshot, whole or not at all.

    What was checked before an interruption is not checked again when the same file is added anew; `say` is
    told so. Memory does not grow with the file. Disk for the sorted runs is needed meanwhile, about as much as
    the text has: see RUN_SHARE. Raises SourceError with all problems of the file, or StoreError where it cannot
    be stored.
    """
    _refuse_name(upload.name)
    kept = Store(store or default_store())
    with ExitStack() as work:

        def place(identity: str, size: int) -> Runs:
            key = hashlib.sha256(identity.encode("utf-8")).hexdigest()[:32]
            runs = Spilled(work.enter_context(kept.workplace(key, int(size * RUN_SHARE))))
            if runs.kept:
                blocks = "1 block that was" if runs.kept == 1 else f"{runs.kept:,} blocks that were"
                say(f"Going on from {blocks} checked before an interruption.")
            return runs

        scan = _scan(upload, _share(progress, 0, READING), place)
        name = upload.name or _name(upload, scan.origin)
        merging = scan.merging()
        kept.refuse_other(scan.origin.card(name, merging.years, 0))

        def described() -> Description:
            card = scan.origin.card(name, merging.years, merging.rows)
            return Description(card, area_rows(merging.counts()), scan.origin.labels)

        return kept.add_parts(merging.flows(_share(progress, READING, 1)), described)


def _share(progress: Progress, start: float, end: float) -> Progress:
    """Progress of a part of the work as progress of the whole, in thousandths."""

    def advance(done: int, total: int) -> None:
        progress(int(1000 * (start + (end - start) * done / max(total, 1))), 1000)

    return advance


def _scan(upload: Upload, progress: Progress, place: Place) -> Scan:
    """Check every row of a file and lay its flows down as sorted runs."""
    edition = upload.nomenclature.upper()
    if edition and edition not in NOMENCLATURES:
        raise RequestError(
            f"--nomenclature is {upload.nomenclature!r}; it is one of {', '.join(NOMENCLATURES)}."
        )
    if upload.source == "baci":
        return baci.scan(
            upload.path,
            nomenclature=edition,
            vintage=upload.vintage,
            country_codes=upload.country_codes,
            product_codes=upload.product_codes,
            place=place,
            progress=progress,
        )
    if not edition or not upload.vintage:
        raise RequestError(
            "a Comtrade file does not say its edition and date: "
            "give --nomenclature HS17 and --vintage 2026-11-23."
        )
    return comtrade.scan(
        upload.path,
        nomenclature=edition,
        vintage=upload.vintage,
        reported_by=upload.reported_by,
        progress=progress,
    )


def check(upload: Upload, progress: Progress = intake.silent) -> Result:
    """Every problem of a file, as a table without rows where it is fit to be added.

    Memory does not grow with the file: what tells a flow that stands twice is kept in the directory for
    temporary files meanwhile, 12 bytes a flow.
    """
    problems: tuple[Problem, ...] = ()
    caveats: tuple[str, ...] = ()
    try:
        count, origin = _checked(upload, progress)
        caveats = (f"{origin.original}: {count:,} flows, fit to be added.", *origin.caveats)
    except SourceError as error:
        problems = error.problems
        many = "1 problem" if error.count == 1 else f"{error.count:,} problems"
        listed = "" if error.count == len(problems) else f", {len(problems):,} of them listed"
        caveats = (f"{intake.printable(upload.path.name)}: {many}{listed}.",)
    rows = ({name: getattr(problem, name) for name in tables.PROBLEMS.names} for problem in problems)
    return Result(tables.PROBLEMS, tabulated(tables.PROBLEMS, rows), caveats, Provenance((), VERSION))


def _checked(upload: Upload, progress: Progress) -> tuple[int, Origin]:
    """How many flows a file without problems has, and what must be said of it."""
    with _temporary() as folder:
        keys_alone = Spilled(folder, amounts=False)
        scan = _scan(upload, _share(progress, 0, READING), lambda _identity, _size: keys_alone)
        merging = scan.merging()
        for _ in merging.flows(_share(progress, READING, 1)):
            pass
        return merging.rows, scan.origin


@contextmanager
def _temporary() -> Iterator[Path]:
    """A directory that is gone at the end; StoreError where it cannot be written."""
    try:
        with TemporaryDirectory(prefix="weaklink-") as folder:
            yield Path(folder)
    except OSError as error:
        raise unwritable(Path(gettempdir()), error) from error


def _refuse_name(name: str) -> None:
    """Refuse a name that --data could not ask for, or that another data set already has."""
    if name and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise RequestError(f"--name is {name!r}; use letters without accents, digits, dots and hyphens.")
    if name in {card.name for card in data.cards()}:
        raise RequestError(f"--name is {name!r}, which is embedded data. Choose another.")


def _name(upload: Upload, origin: Origin) -> str:
    side = (
        {"importer": "-imports", "exporter": "-exports"}[upload.reported_by]
        if upload.source == "comtrade"
        else ""
    )
    text = f"{upload.source}-{origin.nomenclature}-{origin.vintage}{side}".lower()
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")
