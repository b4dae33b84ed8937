"""How is raw UN Comtrade read, as the reporters sent it?

Comtrade holds two reports of one flow, the importer's and the exporter's; one side is read, and which is
said in the caveats. A World row repeats its partners, and a total stands among its own breakdowns by mode of
transport or customs procedure. So of repeated rows the largest is the total, and it is believed only where
the totals of all partners add up to the World row.

Source: United Nations, International Merchandise Trade Statistics: Compilers Manual (2013).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from weaklink.codes.areas import Area, area
from weaklink.errors import CodeError
from weaklink.flows import UNKNOWN_KG
from weaklink.sources import intake, lines, reading
from weaklink.sources.intake import Problems, Progress, Rows
from weaklink.sources.lines import Block
from weaklink.sources.reading import Cells, Floats, Integers, Origin, Reading, Scan
from weaklink.sources.runs import Batch, Held, Mark

SOURCE = "United Nations, UN Comtrade"
LICENCE = "UN Comtrade terms of use: no redistribution"
ReportedBy = Literal["importer", "exporter"]

# What each field may be called: the names of the bulk files and those of the older extracts.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "year": ("year", "refYear"),
    "reporter": ("reporter", "reporterCode"),
    "partner": ("partner", "partnerCode"),
    "product": ("cmd", "cmdCode"),
    "flow": ("flow", "flowCode"),
    "value": ("value", "primaryValue"),
    "weight": ("netwgt", "netWgt"),
}
FLOW: Mapping[ReportedBy, str] = {"importer": "M", "exporter": "X"}
NUMBER = r"^\d{1,15}(\.\d+)?$"
ONE_DOLLAR = 1.0


def read(
    path: Path,
    *,
    nomenclature: str,
    vintage: str,
    reported_by: ReportedBy = "importer",
    progress: Progress = intake.silent,
) -> Reading:
    """Read a raw Comtrade CSV, plain or gzip.

    `nomenclature` is the edition of the product codes and `vintage` your name for the download, such as its
    date. Values are rounded to whole dollars and weights to whole kilograms; a weight that is empty or zero
    is unknown. Raises SourceError with all problems of the file.
    """
    return Reading.of(
        scan(path, nomenclature=nomenclature, vintage=vintage, reported_by=reported_by, progress=progress)
    )


def scan(
    path: Path,
    *,
    nomenclature: str,
    vintage: str,
    reported_by: ReportedBy = "importer",
    progress: Progress = intake.silent,
) -> Scan:
    """Check every row of a raw Comtrade CSV; see `read`.

    A total is told from its parts only beside all of them, so the reports of one side are held in memory.
    """
    path = intake.checked_path(path)
    problems = Problems(path.name)
    file = intake.fingerprint(path)
    areas = _Areas()
    with intake.text_stream(path) as stream:
        blocks = lines.text_blocks(stream, problems, lambda header: _columns(header, problems))
        done, total, parts = 0, path.stat().st_size, []
        for block in blocks:
            parts.append(_checked(block, areas, reported_by, problems))
            progress(min(done := done + intake.BLOCK, total), total)
    if not sum(len(part.row) for part in parts) and not problems.count:
        problems.add(None, "flow", "none", f"rows with flow {FLOW[reported_by]}", "Read the other side.")
    problems.refuse_if_any()
    reports = _joined(parts)
    totals = _largest(reports)
    _agree_with_world(reports, totals, areas.known, problems)
    problems.refuse_if_any()
    kept, caveats = _kept(reports, totals, areas.known, reported_by, problems)
    problems.refuse_if_any()
    intake.refuse_change(path, file)
    runs, known = _in_order_of_countries(kept, areas.known)
    origin = Origin(
        labels={},
        source=SOURCE,
        licence=LICENCE,
        nomenclature=nomenclature,
        vintage=vintage,
        original=intake.printable(path.name),
        original_sha256=file.sha256,
        derived_by="weaklink data add: dollars and kilograms rounded to whole numbers, totals only",
        caveats=caveats,
    )
    return Scan(runs.all(), known, origin)


def _in_order_of_countries(batch: Batch, known: Sequence[Area]) -> tuple[Held, tuple[Area, ...]]:
    """The flows as one run, and the areas, in the order of the countries that they become."""
    order = sorted(range(len(known)), key=lambda place: known[place].becomes)
    place = np.empty(len(known), dtype=np.int64)
    place[order] = np.arange(len(known))
    runs = Held()
    runs.put(
        Mark(0, batch.file, 1, len(batch)),
        replace(batch, exporter=place[batch.exporter], importer=place[batch.importer]),
    )
    return runs, tuple(known[one] for one in order)


@dataclass(frozen=True, slots=True)
class _Reports:
    """Good rows of one side, arrays of equal length; `reporter` and `partner` index the areas seen."""

    year: Integers
    product: Integers
    reporter: Integers
    partner: Integers
    value: Floats
    weight: Floats  # not-a-number where unknown
    row: Rows


class _Areas:
    """The areas that a file mentions, each with what becomes of it, in the order of their first mention."""

    def __init__(self) -> None:
        self.known: list[Area] = []
        self._places: dict[str, int] = {}

    def index(
        self, cells: Cells, rows: Rows, problems: Problems, column: str
    ) -> tuple[Integers, npt.NDArray[np.bool_]]:
        """Index of each cell's area; an unknown one is noted and gets -1."""
        codes = pc.unique(cells).to_pylist()
        for code in codes:
            if code not in self._places:
                self._places[code] = self._learn(code)
        place = np.array([self._places[code] for code in codes], dtype=np.int64)
        found = place[
            pc.index_in(cells, value_set=pa.array(codes, pa.string())).to_numpy(zero_copy_only=False)
        ]
        ok = found >= 0
        problems.require(ok, rows, column, cells, ("a Comtrade country number", "Correct it in the source."))
        return found, ok

    def _learn(self, code: str) -> int:
        """The place of a new code; 056 and 56 are one area."""
        bare = code.lstrip("0") or "0"
        if bare in self._places:
            return self._places[bare]
        try:
            self.known.append(area(bare))
        except CodeError:
            return -1
        self._places[bare] = len(self.known) - 1
        return self._places[bare]


def _columns(header: Sequence[str], problems: Problems) -> list[str] | None:
    """Our name for each column of the file; None where one is missing."""
    return reading.named_columns(header, FIELDS, problems, "Use a Comtrade CSV with its own header.", row=1)


def _checked(block: Block, areas: _Areas, reported_by: ReportedBy, problems: Problems) -> _Reports:
    """The good rows of the chosen side; each bad cell of it is noted."""
    flow = pc.utf8_trim_whitespace(block.table["flow"])
    known = reading.matches(flow, r"^(M|X|RM|RX|DX|FM|MIP|XIP|MOP|XOP)$")
    problems.require(
        known, block.rows, "flow", flow, ("a flow code: M, X, RX, RM …", "Correct it in the source.")
    )
    side = pc.equal(flow, FLOW[reported_by])
    rows = block.rows[side.to_numpy()]
    cells = {name: pc.utf8_trim_whitespace(block.table[name].filter(side)) for name in FIELDS}
    year, good_year = reading.years(cells["year"], rows, problems, "year")
    product, good_code = reading.products(cells["product"], rows, problems, "cmd")
    reporter, good_reporter = areas.index(cells["reporter"], rows, problems, "reporter")
    partner, good_partner = areas.index(cells["partner"], rows, problems, "partner")
    value, good_value = _numbers(cells["value"], rows, problems, "value")
    weight, good_weight = _numbers(cells["weight"], rows, problems, "netwgt")
    good_value &= _positive(value, rows, cells["value"], good_value, problems)
    good = good_year & good_code & good_reporter & good_partner & good_value & good_weight
    return _Reports(
        year[good],
        product[good],
        reporter[good],
        partner[good],
        value[good],
        np.where(weight > 0, weight, np.nan)[good],
        rows[good],
    )


def _numbers(
    cells: Cells, rows: Rows, problems: Problems, column: str
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Plain decimal numbers; an empty weight is not-a-number, all else that is no number is noted."""
    ok = reading.matches(cells, NUMBER)
    doubles: Floats = pc.cast(pc.if_else(pa.array(ok), cells, "0"), pa.float64()).to_numpy(
        zero_copy_only=False
    )
    empty = reading.matches(cells, r"^$") & (column == "netwgt")
    problems.require(
        ok | empty,
        rows,
        column,
        cells,
        ("a plain decimal number, none negative", "Correct it in the source."),
    )
    return np.where(empty, np.nan, doubles), ok | empty


def _positive(
    value: Floats, rows: Rows, cells: Cells, number: npt.NDArray[np.bool_], problems: Problems
) -> npt.NDArray[np.bool_]:
    positive = value > 0
    problems.require(
        positive | ~number, rows, "value", cells, ("a positive value in dollars", "Remove the empty flow.")
    )
    return positive


def _joined(parts: Sequence[_Reports]) -> _Reports:
    def whole(name: str) -> npt.NDArray[np.float64]:
        return np.concatenate([getattr(part, name) for part in parts])

    return _Reports(
        year=whole("year").astype(np.int64),
        product=whole("product").astype(np.int64),
        reporter=whole("reporter").astype(np.int64),
        partner=whole("partner").astype(np.int64),
        value=whole("value"),
        weight=whole("weight"),
        row=whole("row").astype(np.int64),
    )


def _largest(reports: _Reports) -> npt.NDArray[np.intp]:
    """Positions of the largest row of each (year, product, reporter, partner): the total of its parts."""
    key = (_group(reports) << 16) + reports.partner
    order = np.lexsort((np.nan_to_num(reports.weight), reports.value, key))
    last = np.r_[key[order][1:] != key[order][:-1], True]
    return order[last]


def _group(reports: _Reports) -> Integers:
    """One integer for each (year, product, reporter)."""
    group: Integers = (reports.year * 10**6 + reports.product << 12) + reports.reporter
    return group


def _agree_with_world(
    reports: _Reports, totals: npt.NDArray[np.intp], known: Sequence[Area], problems: Problems
) -> None:
    """Note each group whose partners do not add up to its World row, or that has repeats and no World row."""
    world = np.array([one.kind == "aggregate" for one in known], dtype=np.bool_)[reports.partner]
    group = _group(reports)
    groups, place = np.unique(group, return_inverse=True)
    is_total = np.zeros(len(group), dtype=np.bool_)
    is_total[totals] = True
    partners = np.bincount(place, np.where(is_total & ~world, reports.value, 0.0), len(groups))
    stated = np.bincount(place, np.where(is_total & world, reports.value, 0.0), len(groups))
    repeated = np.bincount(place, ~is_total, len(groups)) > 0
    wrong = np.where(
        stated > 0, np.abs(partners - stated) > np.maximum(ONE_DOLLAR, 1e-6 * stated), repeated
    ) & (partners > 0)
    first = np.full(len(groups), -1, dtype=np.int64)
    first[place[::-1]] = reports.row[::-1]
    for one in np.flatnonzero(wrong):
        problems.add(
            int(first[one]),
            "value",
            f"partners add up to {partners[one]:,.0f}, World says {stated[one]:,.0f}",
            "a total for each partner, adding up to the World row of the same reporter, product and flow",
            "Download totals only (second partner 0, customs procedure C00, transport 0), with World.",
        )


def _kept(
    reports: _Reports,
    totals: npt.NDArray[np.intp],
    known: Sequence[Area],
    reported_by: ReportedBy,
    problems: Problems,
) -> tuple[Batch, tuple[str, ...]]:
    """The totals as flows in whole dollars, and what must be said of them."""
    becomes = np.array([one.becomes for one in known])
    kinds = np.array([one.kind for one in known])
    reporter, partner = reports.reporter[totals], reports.partner[totals]
    world = (kinds[partner] == "aggregate") | (kinds[reporter] == "aggregate")
    home = (becomes[partner] == becomes[reporter]) & ~world
    whole = np.rint(reports.value[totals])
    kept = ~world & ~home & (whole > 0)
    rows = totals[kept]
    if not len(rows):
        expected = "a flow of half a dollar or more between two countries"
        problems.add(None, "partner", "none", expected, "Download all partners, not World alone.")
    weight = reports.weight[rows]
    buyer, seller = (reporter, partner) if reported_by == "importer" else (partner, reporter)
    batch = Batch(
        file=problems.file,
        year=reports.year[rows],
        product=reports.product[rows],
        exporter=seller[kept],
        importer=buyer[kept],
        value_usd=whole[kept].astype(np.int64),
        quantity_kg=np.where(np.isnan(weight), UNKNOWN_KG, np.rint(np.nan_to_num(weight))).astype(np.int64),
        row=reports.row[rows],
    )
    value = reports.value[totals]
    rounding = float((whole[kept] - value[kept]).sum())
    return batch, (
        f"Flows as reported by the {reported_by} alone, not reconciled with the other side.",
        f"{len(reports.row) - len(totals):,} rows were breakdowns of a total that stands beside them and are "
        "left out; the totals add up to the World rows.",
        f"{int(home.sum()):,} flows of a country with itself (re-imports) are left out, "
        f"{_share(value[home].sum(), value[~world].sum())} of the value.",
        f"{int((~world & ~home & (whole == 0)).sum()):,} flows below half a dollar are left out; rounding to "
        f"whole dollars changed the total by {rounding:+,.2f} dollars.",
    )


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.3%}" if whole else "0 %"
