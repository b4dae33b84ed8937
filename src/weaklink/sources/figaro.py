"""How is a release of Eurostat's FIGARO inter-country input-output tables read?

As released, industry by industry or product by product: the matrix CSV (`rowLabels,AT_A01,…`) or the flat CSV
(`icioiRow,icioiCol,refArea,rowIi,counterpartArea,colIi,obsValue`), plain or in its zip archive.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from weaklink.sources import bundle, intake
from weaklink.sources.grid import NUMBER, Cells, Grid, Layout, read_grid
from weaklink.sources.intake import Problems, Rows, Stream
from weaklink.sources.lines import text_blocks
from weaklink.sources.square import REST, Frame, Released, Role, assembled, region_of, year_in

Integers = npt.NDArray[np.int64]
LICENCE = "Eurostat: reuse with the source named, CC BY 4.0"
OWN = {"FIGW1": REST}
FLAT = ("refArea", "rowIi", "counterpartArea", "colIi", "obsValue")
DEMAND = re.compile(r"P[356]\w*")
MOST_LABELS = 1 << 15


def read(path: Path, *, year: int | None = None, vintage: str = "") -> Released:
    """Read one year of a release, matrix or flat. Raises SourceError with all problems of the file.

    `year` and `vintage` are needed only where the file name does not say them.
    """
    with bundle.opened(path, [".csv"]) as release:
        name = release.only(
            lambda one: year is None or year_in(Path(one).name) in (year, None),
            "one CSV file",
            "Choose one with --year.",
        )
        problems = Problems(Path(name).name)
        head = release.head(name).partition("\n")[0].strip().replace('"', "").split(",")
        with release.stream(name) as stream:
            grid = (
                _flat(stream, problems)
                if "obsValue" in head
                else read_grid(stream, Layout(heads=1, labels=1), problems)
            )
        found = year or year_in(Path(name).name)
        if found is None:
            problems.add(None, "", name, "a file name with its year", "Give --year.")
        problems.refuse_if_any()
        assert grid is not None  # noqa: S101 - else there was a problem
        frame = Frame("million euro", found or 0, f"Eurostat FIGARO {found}")
        accounts = assembled(grid, role, frame, problems)
        problems.refuse_if_any()
        assert accounts is not None  # noqa: S101 - as above
        edition = re.search(r"_(\d\d)ed", name)
        return Released(
            accounts,
            source="Eurostat, FIGARO inter-country input-output tables",
            licence=LICENCE,
            vintage=vintage or (f"20{edition[1]} edition" if edition else "unstated"),
            classification=f"FIGARO{len(accounts.sectors)}",
            original=intake.printable(path.name),
            original_sha256=release.sha256(),
        )


def role(cells: Cells) -> Role | None:
    """What a label is: `AT_A01`, `FIGW1_CPA_A01`, `AT_P3_S14`, `W2_D1`.

    >>> role(("EL_C10T12",)), role(("W2_D1",)).kind
    (Role(kind='industry', region='GRC', part='', sector='C10T12'), 'value added')
    """
    first, joint, second = cells[0].partition("_")
    if not joint:
        return None
    if first in ("W2", "DOM"):
        return Role("value added", sector=second)
    region = region_of(first, OWN)
    if region is None:
        return None
    if DEMAND.fullmatch(second):
        return Role("demand", region, sector=second)
    return Role("industry", region, sector=second.removeprefix("CPA_"))


def _flat(stream: Stream, problems: Problems) -> Grid | None:
    """The flat form: one line per cell. A cell that is not there is a zero; one that is twice is refused."""
    rows: dict[str, int] = {}
    columns: dict[str, int] = {}
    parts: list[tuple[Integers, Integers, npt.NDArray[np.float64], Rows]] = []

    def chosen(header: Sequence[str]) -> Sequence[str] | None:
        missing = [name for name in FLAT if name not in header]
        if missing:
            problems.add(
                1, "", ",".join(header), f"a header with {', '.join(missing)}", "Is it the flat CSV?"
            )
            return None
        return [name if name in FLAT else "" for name in header]

    for block in text_blocks(stream, problems, chosen):
        table = block.table
        values = table["obsValue"]
        ok = pc.match_substring_regex(values, NUMBER).to_numpy(zero_copy_only=False)
        problems.require(ok, block.rows, "obsValue", values, ("a number", "Download the file again."))
        usable = pc.if_else(pa.chunked_array([pa.array(ok)]), values, "0")
        at = _indexed(table, "refArea", "rowIi", rows)
        to = _indexed(table, "counterpartArea", "colIi", columns)
        parts.append((at, to, pc.cast(usable, pa.float64()).to_numpy(), block.rows))
        if max(len(rows), len(columns)) > MOST_LABELS:
            problems.add(
                None, "", f"{len(rows):,} labels", "a table of a known size", "Is it the right file?"
            )
            return None
    if not parts:
        return None
    at, to, values, lines = (np.concatenate([part[k] for part in parts]) for k in range(4))
    key = at.astype(np.int64) * len(columns) + to
    order = np.argsort(key, kind="stable")
    again = np.flatnonzero(key[order][1:] == key[order][:-1]) + 1
    for place in order[again][:20].tolist():
        problems.add(
            int(lines[place]), "", "this cell again", "one line for each cell", "Remove the duplicate."
        )
    problems.count += max(0, len(again) - 20)
    matrix = np.zeros((len(rows), len(columns)))
    matrix[at, to] = values
    return Grid(
        tuple((name,) for name in columns), tuple((name,) for name in rows), matrix, tuple([1] * len(rows))
    )


def _indexed(table: pa.Table, area: str, item: str, known: dict[str, int]) -> Integers:
    """The number of each label `AREA_ITEM`, in the order of first appearance over all blocks."""
    labels = pc.binary_join_element_wise(table[area], table[item], "_").combine_chunks().dictionary_encode()
    numbers = [known.setdefault(label, len(known)) for label in labels.dictionary.to_pylist()]
    places: Integers = np.array(numbers, dtype=np.int64)[labels.indices.to_numpy()]
    return places
