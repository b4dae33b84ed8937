"""How is the sheet of a workbook (xlsx, xlsb) read as a labelled matrix?

By calamine, a reader written in Rust that expands no entities and runs no formulas; it is an extra, since few need it.
The archive goes through the one door for foreign files first, which refuses bombs.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from weaklink.sources import intake
from weaklink.sources.bundle import Bundle
from weaklink.sources.grid import Cells, Grid
from weaklink.sources.intake import Problems

SUFFIXES = (".xlsx", ".xlsb")
MOST_BYTES = 1 << 30
Row = Sequence[object]


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook, or an archive with one in it; SourceError where it cannot be read."""
    if intake.kind_of(intake.checked_path(path)) != "zip":
        return False
    with intake.zip_file(path) as archive:
        return any(name.startswith("xl/") or name.lower().endswith(SUFFIXES) for name in archive.namelist())


def rows_of(release: Bundle, name: str | None, sheet: str = "") -> list[Row]:
    """A sheet by its name, else the first, row by row; `name` is the workbook in an archive, None for the file itself.

    Raises SourceError where it is no workbook, where it has no such sheet, or where the extra is not installed.
    """
    try:
        import python_calamine as calamine  # noqa: PLC0415 - an extra: most installations do not have it
    except ImportError as error:
        remedy = "Install the extra: pip install 'weaklink[workbooks]'. Or save its sheet as CSV (UTF-8)."
        raise intake.refused(release.path.name, "a workbook", "a CSV file", remedy) from error
    if name is None:
        content = release.path.read_bytes()
    else:
        with release.stream(name) as stream:
            content = b"".join(iter(lambda: stream.read(intake.BLOCK), b""))
    if len(content) > MOST_BYTES:
        raise intake.refused(
            release.path.name, f"{len(content) >> 20:,} MB", "a workbook of at most 1 GB", "Split it."
        )
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        if sheet and sheet not in book.sheet_names:
            known = ", ".join(book.sheet_names)
            raise intake.refused(release.path.name, sheet, f"one of its sheets: {known}", "Name one of them.")
        found = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
        return list(found.to_python(skip_empty_area=False))
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise intake.refused(
            name or release.path.name, str(error)[:80], "a whole workbook", "Download it again."
        ) from error


def as_grid(
    rows: Sequence[Row], heads: int, labels: int, lenient: Callable[[Cells], bool], problems: Problems
) -> Grid | None:
    """The rows below `heads` header rows as numbers; empty cells are zero where `lenient` says so of a row's labels.

    Rows without any label are left out; a cell that is no finite number is noted with its row and column.
    """
    width = max(len(row) for row in rows[:heads])
    head = [[_text(cell) for cell in row] + [""] * (width - len(row)) for row in rows[:heads]]
    columns = tuple(tuple(line[place] for line in head) for place in range(labels, width))
    named: list[Cells] = []
    lines: list[int] = []
    numbers: list[list[float]] = []
    for line, row in enumerate(rows[heads:], start=heads + 1):
        mine = tuple(_text(cell) for cell in row[:labels])
        if not any(mine):
            continue
        empty = 0.0 if lenient(mine) else math.nan
        cells = [*row[labels:], *[""] * (width - len(row))]
        values = [_number(cell, empty) for cell in cells]
        for place in (place for place, value in enumerate(values) if not math.isfinite(value)):
            column = " ".join(part for part in columns[place] if part) or f"column {place + labels + 1}"
            remedy = "A missing cell would make every figure missing: download it again."
            problems.add(line, column, _text(cells[place]), "a finite number", remedy)
        named.append(mine)
        lines.append(line)
        numbers.append(values)
    if not numbers:
        problems.add(None, "", "no rows", "a table with rows below its head", "Download it again.")
        return None
    return Grid(columns, tuple(named), np.array(numbers), tuple(lines))


def _text(cell: object) -> str:
    """A cell as text, a whole number without its decimal point."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _number(cell: object, empty: float) -> float:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell)
    return empty if cell == "" else math.nan
