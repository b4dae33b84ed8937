"""What does a reader of trade data hand over, and which checks do all of them share?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from weaklink.codes.areas import Area
from weaklink.flows import ARROW, UNKNOWN_KG, Flows, merged
from weaklink.provenance import Card
from weaklink.sources.intake import MOST_LISTED, Problems, Rows

CODE = r"^\d{6}$"
YEAR = r"^(19|20)\d\d$"
MOST_COLUMNS = 1_000  # of one file; Comtrade has 47
MOST_AREAS = 1 << 12  # of one source; BACI has 238
MOST_PRODUCTS = np.iinfo(np.int16).max  # of one file; an edition has 5,700
Cells: TypeAlias = pa.Array | pa.ChunkedArray
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class AreaCount:
    """How much of a year's trade went through a statistical area that is not simply a country."""

    year: int
    code: str
    name: str
    becomes: str
    reason: str
    rows: int
    value_usd: int
    share: float  # of the year's value in the file

    def sentence(self) -> str:
        """The caveat that travels with figures of that year."""
        return (
            f"{self.year}: {self.name} ({self.code}) counts as {self.becomes}: {self.rows:,} flows, "
            f"{self.share:.2%} of the year's value. {self.reason}"
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """A foreign file as our table, with all that must be said about it.

    `labels` maps product codes to the source's own labels, as far as it brought them.
    """

    flows: Flows
    areas: tuple[AreaCount, ...]
    labels: Mapping[str, str]
    source: str
    licence: str
    nomenclature: str
    vintage: str
    original: str
    original_sha256: str
    derived_by: str
    caveats: tuple[str, ...]

    def card(self, name: str) -> Card:
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
            years=self.flows.years(),
            rows=len(self.flows),
            caveats=self.caveats,
        )

    def area_rows(self) -> list[dict[str, Any]]:
        """The counts of areas as plain mappings, each with its sentence."""
        return [{**asdict(count), "sentence": count.sentence()} for count in self.areas]


@dataclass(frozen=True, slots=True)
class Batch:
    """Checked rows in the source's own areas: arrays of equal length.

    `exporter` and `importer` index the source's list of areas; `row` is the line of the file named `file`.
    """

    file: str
    year: Integers
    product: pa.Array
    exporter: Integers
    importer: Integers
    value_usd: Integers
    quantity_kg: Integers
    row: Rows


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


def products(cells: Cells, rows: Rows, problems: Problems, column: str) -> npt.NDArray[np.bool_]:
    """Whether each cell is a six-digit code; what is not is noted."""
    ok = matches(cells, CODE)
    remedy = (
        "A spreadsheet has probably dropped a leading zero: read the original file, columns as text."
        if len(bad := pc.filter(cells, pa.array(~ok))) and _only_short_digits(bad)
        else "Use six-digit Harmonized System codes."
    )
    problems.require(ok, rows, column, cells, ("a six-digit product code", remedy))
    return ok


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


def assembled(
    batches: Sequence[Batch], known: Sequence[Area], problems: Problems
) -> tuple[Flows, tuple[AreaCount, ...]]:
    """One sorted table of countries out of batches in the source's areas.

    Refuses duplicates. Areas become countries by the stated policy, and what goes through an area that is
    not simply a country is counted by year.
    """
    table = _table(batches, [area.code for area in known])
    if (count := len(table["product"].unique())) > MOST_PRODUCTS:
        many = f"{count:,} different codes"
        problems.add(None, "", many, "an edition of the Harmonized System", "Is it the right file?")
        problems.refuse_if_any()
    _refuse_duplicates(table, batches, problems)
    problems.refuse_if_any()
    counts = _counted(table, known)
    becomes = pa.array([area.becomes for area in known], pa.string())
    for side in ("exporter", "importer"):
        index = table.column_names.index(side)
        table = table.set_column(index, side, becomes.take(table[side]))
    return merged(Flows.from_arrow(table.select(ARROW.names))), counts


def _table(batches: Sequence[Batch], known: Sequence[str]) -> pa.Table:
    """All batches as one table; areas stay indices, so that one of them is one number."""
    if len(known) > MOST_AREAS:
        raise ValueError(f"{len(known)} areas do not fit the key of a flow")

    def joined(name: str) -> Integers:
        whole: Integers = np.concatenate([getattr(batch, name) for batch in batches])
        return whole

    quantity = joined("quantity_kg")
    return pa.table(
        {
            "year": joined("year").astype(np.int16),
            "product": pa.chunked_array(
                [batch.product for batch in batches], pa.string()
            ).dictionary_encode(),
            "importer": joined("importer").astype(np.int16),
            "exporter": joined("exporter").astype(np.int16),
            "value_usd": joined("value_usd"),
            "quantity_kg": pa.array(quantity, mask=quantity == UNKNOWN_KG),
            "row": joined("row"),
        }
    )


def _refuse_duplicates(table: pa.Table, batches: Sequence[Batch], problems: Problems) -> None:
    """Note every flow that stands in the file more than once."""
    key = _key(table)
    order = np.argsort(key, kind="stable")
    again = np.flatnonzero(key[order][1:] == key[order][:-1]) + 1
    ends = np.cumsum([len(batch.row) for batch in batches])
    rows = table["row"].to_numpy()
    for place in again[:MOST_LISTED]:
        first, second = int(order[place - 1]), int(order[place])
        inside = Problems(batches[int(np.searchsorted(ends, second, side="right"))].file)
        inside.add(
            int(rows[second]),
            "",
            f"{table['product'][second].as_py()} again, same year and countries as row {rows[first]:,}",
            "one row for each year, product, exporter and importer",
            "Remove the duplicate, or add up the parts if they are parts.",
        )
        problems.take(inside)
    problems.count += len(again[MOST_LISTED:])


def _key(table: pa.Table) -> Integers:
    product = table["product"].unify_dictionaries().combine_chunks()
    indices = product.indices.to_numpy() if len(table) else np.array([], dtype=np.int64)
    key: Integers = table["year"].to_numpy().astype(np.int64)
    for part, size in (
        (indices, MOST_PRODUCTS),
        (table["importer"].to_numpy(), MOST_AREAS),
        (table["exporter"].to_numpy(), MOST_AREAS),
    ):
        key = key * size + part
    return key


def _counted(table: pa.Table, known: Sequence[Area]) -> tuple[AreaCount, ...]:
    """By year and area that is not simply a country: flows, value, and share of the year's value."""
    value, year = table["value_usd"].to_numpy(), table["year"].to_numpy()
    exporter, importer = table["exporter"].to_numpy(), table["importer"].to_numpy()
    counts = []
    for index, area in enumerate(known):
        if area.kind == "country":
            continue
        through = (exporter == index) | (importer == index)
        for one in np.unique(year[through]):
            where = through & (year == one)
            amount = int(value[where].sum())
            share = amount / int(value[year == one].sum())
            counts.append(
                AreaCount(
                    int(one), area.code, area.name, area.becomes, area.reason, int(where.sum()), amount, share
                )
            )
    return tuple(sorted(counts, key=lambda count: (count.year, count.code)))
