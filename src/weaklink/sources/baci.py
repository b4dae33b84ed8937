"""How is CEPII's BACI read, as CEPII releases it?

A release is a zip of one CSV per year (columns t, i, j, k, v, q) with its own tables of country numbers
and product labels, which `baci_release` reads. Values come in thousands of dollars and quantities in
tonnes, both with three decimals: whole dollars and whole kilograms are therefore exact.

Source: Gaulier and Zignago (2010), BACI: International Trade Database at the Product-Level, CEPII WP 2010-23.
"""

from __future__ import annotations

import itertools
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from weaklink.sources import baci_parquet, baci_plain, baci_release, baci_rows, intake, lines, reading
from weaklink.sources.ahead import ahead
from weaklink.sources.baci_plain import Codes
from weaklink.sources.baci_release import Release
from weaklink.sources.baci_rows import FIELDS
from weaklink.sources.intake import Problems, Progress
from weaklink.sources.lines import Block
from weaklink.sources.reading import Origin, Place, Reading, Scan
from weaklink.sources.runs import Mark, Runs

SOURCE = "CEPII, BACI (Gaulier and Zignago 2010)"
LICENCE = "Etalab Open Licence 2.0"

LAYOUT = 1  # of runs; another one makes what an older release left behind worthless
# To how many times its size a file usually grows as text, at most.
MOST_GROWN: Mapping[intake.FileKind, int] = {"text": 1, "gzip": 8, "parquet": 6}


def read(
    path: Path,
    *,
    nomenclature: str = "",
    vintage: str = "",
    country_codes: Path | None = None,
    product_codes: Path | None = None,
    progress: Progress = intake.silent,
) -> Reading:
    """Read a BACI file whole into memory; see `scan`, which needs no more of it for more years."""
    return Reading.of(
        scan(
            path,
            nomenclature=nomenclature,
            vintage=vintage,
            country_codes=country_codes,
            product_codes=product_codes,
            progress=progress,
        )
    )


def scan(
    path: Path,
    *,
    nomenclature: str = "",
    vintage: str = "",
    country_codes: Path | None = None,
    product_codes: Path | None = None,
    place: Place = reading.held,
    progress: Progress = intake.silent,
) -> Scan:
    """Check every row of a BACI file: the zip of a release, one year's CSV (plain or gzip), or Parquet.

    `nomenclature` and `vintage` are taken from the file's name where it is CEPII's own
    (`BACI_HS17_Y2022_V202401b.csv`); where neither the name nor the caller says them, the file is refused.
    Country numbers are decoded with the table in the zip, else `country_codes`, else a
    `country_codes_V….csv` beside the file. Files whose countries are ISO3 letters need no table.
    `place` says where the sorted runs are laid down: in memory unless it says otherwise.

    Raises SourceError with all problems of the file.
    """
    path = intake.checked_path(path)
    problems = Problems(path.name)
    file = intake.fingerprint(path)
    kind = intake.kind_of(path)
    said = baci_release.stated(nomenclature, vintage, problems)
    tables = baci_release.beside(path, said, country_codes, product_codes)
    if kind == "zip":
        with intake.zip_file(path) as archive:
            release = baci_release.release(
                said, {**tables, **baci_release.packed(archive, problems)}, problems
            )
            runs = place(_identity(file.sha256, release), sum(one.file_size for one in archive.infolist()))
            _scan_zip(archive, _Reader(release, problems, runs), progress)
    else:
        release = baci_release.release(said, tables, problems)
        runs = place(_identity(file.sha256, release), path.stat().st_size * MOST_GROWN[kind])
        _scan_file(path, kind, _Reader(release, problems, runs), progress)
    if not runs.all() and not problems.count:
        problems.add(None, "", "no rows", "a table with rows", "Download it again.")
    problems.refuse_if_any()
    intake.refuse_change(path, file)
    origin = Origin(
        labels=release.labels,
        source=SOURCE,
        licence=LICENCE,
        nomenclature=said.nomenclature,
        vintage=said.vintage,
        original=intake.printable(path.name),
        original_sha256=file.sha256,
        derived_by="weaklink data add: thousand dollars and tonnes to whole dollars and kilograms, exact",
        caveats=(),
    )
    return Scan(runs.all(), release.areas, origin)


def _identity(sha256: str, release: Release) -> str:
    """What all that a run's content depends on has in common: the file, and how it is read."""
    areas = [(one.code, one.becomes, one.kind) for one in release.areas]
    return json.dumps([LAYOUT, sha256, release.stated.nomenclature, release.stated.vintage, areas])


class _Reader:
    """Checks the blocks of a file, of one member after another, and lays their flows down as runs."""

    def __init__(self, release: Release, problems: Problems, runs: Runs) -> None:
        self.release, self.problems, self.runs = release, problems, runs
        self._known = [one.code for one in release.areas]
        self._codes = Codes.of(self._known)
        self._numbers = itertools.count()
        self._rows = 0

    def csv(self, stream: intake.Stream, problems: Problems, advance: Callable[[int], None]) -> None:
        """Read one text: plain blocks two at a time, any other in its turn and with words for each cell."""
        cursor = lines.Cursor()
        blocks = lines.bodies(
            stream, problems, lambda header: baci_rows.columns(header, problems, row=1), cursor
        )
        marked = (
            (Mark(number, problems.file, body.row, len(body.data)), body)
            for body in blocks
            for number in (next(self._numbers),)
        )
        with closing(ahead(lambda one: self._laid_down(*one, problems), marked)) as pieces:
            for (mark, body), done in pieces:
                if not done:
                    found = baci_rows.checked(lines.parsed(body, problems, cursor), self._known, problems)
                    if not problems.count:
                        self.runs.put(mark, found)
                self._refuse_endless(cursor.row - 2)  # it stands on the line after the last row
                advance(len(body.data))
                if cursor.stopped(problems):
                    return
        self._rows += cursor.row - 2

    def _laid_down(self, mark: Mark, body: lines.Body, problems: Problems) -> bool:
        """Whether the flows of a block lie there: from an earlier try, or because it is plain."""
        if self.runs.has(mark):
            return True
        found = baci_plain.batch(body, self._codes, mark.file)
        if found is not None and not problems.count:  # of a file that is refused no run is needed
            self.runs.put(mark, found)
        return found is not None

    def parquet(self, blocks: Iterable[Block], advance: Callable[[int], None]) -> None:
        """Read the blocks of a Parquet file."""
        with closing(ahead(self._checked_block, blocks)) as pieces:
            for block, own in pieces:
                self.problems.take(own)
                self._refuse_endless(int(block.rows[-1]))
                advance(int(block.rows[-1]))

    def _checked_block(self, block: Block) -> Problems:
        problems = Problems(self.problems.file)
        mark = Mark(int(block.rows[0]), problems.file, int(block.rows[0]), len(block.rows))
        if not self.runs.has(mark):
            found = baci_rows.checked(block, self._known, problems)
            if not problems.count and not self.problems.count:
                self.runs.put(mark, found)
        return problems

    def _refuse_endless(self, rows: int) -> None:
        if self._rows + rows > intake.MOST_ROWS:
            most = f"over {intake.MOST_ROWS:,} rows"
            raise intake.refused(self.problems.file, most, "a table of one source", "Split the file.")


def _scan_zip(archive: zipfile.ZipFile, reader: _Reader, progress: Progress) -> None:
    data = sorted(
        (info for info in archive.infolist() if baci_release.is_data(info.filename)),
        key=lambda info: info.filename,
    )
    if not data:
        reader.problems.add(
            None, "", "no BACI_HS…_Y….csv", "a zip as CEPII releases it", "Download it again."
        )
    advance = _advance(progress, sum(info.file_size for info in data))
    for info in data:
        inside = Problems(info.filename)
        if baci_release.belongs(reader.release.stated, inside):
            with intake.member_stream(archive, info.filename) as stream:
                reader.csv(stream, inside, advance)
        reader.problems.take(inside)


def _scan_file(path: Path, kind: intake.FileKind, reader: _Reader, progress: Progress) -> None:
    if kind == "parquet":
        _scan_parquet(path, reader, progress)
        return
    # How far a gzip file grows is not known before its end; it is taken to grow as trade does.
    advance = _advance(progress, path.stat().st_size * (1 if kind == "text" else 5))
    with intake.text_stream(path) as stream:
        reader.csv(stream, reader.problems, advance)


def _advance(progress: Progress, total: int) -> Callable[[int], None]:
    """Progress by what was done since it was last told."""
    so_far = 0

    def advance(more: int) -> None:
        nonlocal so_far
        so_far = min(so_far + more, total)
        progress(so_far, total)

    return advance


def _scan_parquet(path: Path, reader: _Reader, progress: Progress) -> None:
    try:
        schema = pq.read_schema(path)
        names = baci_rows.columns(schema.names, reader.problems, row=None)
        if names is None or not baci_parquet.typed(schema, names, reader.problems):
            return
        wanted = {field: schema.names[names.index(field)] for field in FIELDS}
        # Text stays a dictionary, so that one long cell repeated a million times takes its length once.
        file = pq.ParquetFile(path, read_dictionary=list(wanted.values()))
        total = file.metadata.num_rows
        reader.parquet(baci_parquet.blocks(path, file, wanted), lambda row: progress(min(row, total), total))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise intake.refused(path.name, str(error), "a whole Parquet file", "Download it again.") from error
