"""What does a reader of trade data hand over, and which checks do all of them share?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from weaklink.codes.areas import Area
from weaklink.flows import Flows
from weaklink.provenance import Card
from weaklink.sources.intake import Problems, Rows
from weaklink.sources.merging import AreaCount, Merging
from weaklink.sources.runs import Held, Run, Runs

CODE = r"^\d{6}$"
YEAR = r"^(19|20)\d\d$"
MOST_COLUMNS = 1_000  # of one file; Comtrade has 47
Cells: TypeAlias = pa.Array | pa.ChunkedArray
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# Given what identifies a reading and how many bytes of text it has: where its runs are laid down.
Place = Callable[[str, int], Runs]


def held(_identity: str, _size: int) -> Runs:
    """Runs are kept in memory."""
    return Held()


@dataclass(frozen=True, slots=True)
class Origin:
    """What must be said about a foreign file.

    `labels` maps product codes to the source's own labels, as far as it brought them.
    """

    labels: Mapping[str, str]
    source: str
    licence: str
    nomenclature: str
    vintage: str
    original: str
    original_sha256: str
    derived_by: str
    caveats: tuple[str, ...]

    def card(self, name: str, years: tuple[int, ...], rows: int) -> Card:
        """The data card of the table under a name; its sha256 is known once it is stored."""
        return Card(
            name=name,
            what=f"Bilateral trade by six-digit product, from {self.original}",
            source=self.source,
            licence=self.licence,
            vintage=self.vintage,
            sha256="",
            derived_by=self.derived_by,
            original_sha256=self.original_sha256,
            nomenclature=self.nomenclature,
            years=years,
            rows=rows,
            caveats=self.caveats,
        )


@dataclass(frozen=True, slots=True)
class Scan:
    """A foreign file of which every row was checked: its sorted runs, in the source's own areas.

    `areas` are in the order of the countries that they become.
    """

    runs: Sequence[Run]
    areas: tuple[Area, ...]
    origin: Origin

    def merging(self) -> Merging:
        """The flows of countries, to be taken out once."""
        return Merging(self.runs, self.areas, Problems(self.origin.original))


@dataclass(frozen=True, slots=True)
class Reading:
    """A foreign file as our table, whole in memory, with all that must be said about it."""

    flows: Flows
    areas: tuple[AreaCount, ...]
    origin: Origin

    @classmethod
    def of(cls, scan: Scan) -> Reading:
        """All flows of a scan. Raises SourceError where a flow stands twice."""
        merging = scan.merging()
        parts = [flows.to_arrow() for flows in merging.flows()]
        return cls(Flows.from_arrow(pa.concat_tables(parts)), merging.counts(), scan.origin)

    @property
    def labels(self) -> Mapping[str, str]:
        """The source's own labels of the products."""
        return self.origin.labels

    @property
    def nomenclature(self) -> str:
        """Edition of the Harmonized System in which products are coded."""
        return self.origin.nomenclature

    @property
    def vintage(self) -> str:
        """The release of the source."""
        return self.origin.vintage

    @property
    def caveats(self) -> tuple[str, ...]:
        """What must be shown wherever a figure is shown."""
        return self.origin.caveats

    @property
    def original(self) -> str:
        """The name of the file that was read."""
        return self.origin.original

    def card(self, name: str) -> Card:
        """The data card of the table under a name."""
        return self.origin.card(name, self.flows.years(), len(self.flows))

    def area_rows(self) -> list[dict[str, Any]]:
        """The counts of areas as plain mappings, each with its sentence."""
        return area_rows(self.areas)


def area_rows(counts: Sequence[AreaCount]) -> list[dict[str, Any]]:
    """Counts of areas as plain mappings, each with its sentence."""
    return [{**asdict(count), "sentence": count.sentence()} for count in counts]


def named_columns(
    header: Sequence[str],
    fields: Mapping[str, tuple[str, ...]],
    problems: Problems,
    remedy: str,
    row: int | None,
) -> list[str] | None:
    """Our name for each column of a file, by what each field may be called.

    Columns that are no field have no name and are not read. None where a field is missing or stands twice,
    which is noted.
    """
    if len(header) > MOST_COLUMNS:
        problems.add(row, "", f"{len(header):,} columns", "a table of one source", "Is it the right file?")
        return None
    names = [""] * len(header)
    for field, accepted in fields.items():
        places = [place for place, cell in enumerate(header) if cell in accepted]
        if len(places) != 1:
            count = "one column" if places else "a column"
            advice = "Columns must be separated by commas." if len(header) == 1 else remedy
            problems.add(row, "", ",".join(header), f"a header with {count} {' or '.join(accepted)}", advice)
            return None
        names[places[0]] = field
    return names


def matches(cells: Cells, pattern: str) -> npt.NDArray[np.bool_]:
    """For each cell, whether the whole text fits a regular expression; a missing cell does not."""
    found: npt.NDArray[np.bool_] = pc.fill_null(pc.match_substring_regex(cells, pattern), False).to_numpy(
        zero_copy_only=False
    )
    return found


def years(
    cells: Cells, rows: Rows, problems: Problems, column: str
) -> tuple[Integers, npt.NDArray[np.bool_]]:
    """Calendar years; a wrong one is noted and becomes 0."""
    ok = matches(cells, YEAR)
    problems.require(ok, rows, column, cells, ("a year of four digits", "Correct it in the source."))
    return _integers(cells, ok), ok


def products(
    cells: Cells, rows: Rows, problems: Problems, column: str
) -> tuple[Integers, npt.NDArray[np.bool_]]:
    """Six-digit codes as the numbers that their digits make; what is none is noted and becomes 0."""
    ok = matches(cells, CODE)
    remedy = (
        "A spreadsheet has probably dropped a leading zero: read the original file, columns as text."
        if len(bad := pc.filter(cells, pa.array(~ok))) and _only_short_digits(bad)
        else "Use six-digit Harmonized System codes."
    )
    problems.require(ok, rows, column, cells, ("a six-digit product code", remedy))
    return _integers(cells, ok), ok


def areas(
    cells: Cells, known: Sequence[str], rows: Rows, problems: Problems, column: str
) -> tuple[Integers, npt.NDArray[np.bool_]]:
    """Index of each cell into the list of areas that the source knows; an unknown one is noted."""
    found = pc.index_in(cells, value_set=pa.array(known, pa.string()))
    ok: npt.NDArray[np.bool_] = pc.is_valid(found).to_numpy(zero_copy_only=False)
    problems.require(
        ok,
        rows,
        column,
        cells,
        ("a country number of this release", "Give the release's own country table: --country-codes FILE"),
    )
    return pc.fill_null(found, 0).to_numpy(zero_copy_only=False).astype(np.int64), ok


def _integers(cells: Cells, ok: npt.NDArray[np.bool_]) -> Integers:
    usable = pc.if_else(pa.array(ok), cells, "0")
    numbers: Integers = pc.cast(usable, pa.int64()).to_numpy(zero_copy_only=False)
    return numbers


def _only_short_digits(cells: Cells) -> bool:
    return bool(matches(cells, r"^\d{4,5}$").any())
