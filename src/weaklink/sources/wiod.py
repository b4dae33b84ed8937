"""How is a release of the World Input-Output Database read?

Two layouts. The wide one of the release of 2016 for R and Stata, as CSV: one header line with IndustryCode,
IndustryDescription, Country, RNr, Year, AUS1 … ROW61, TOT. And the sheet of the workbooks of 2013 (xlsx) and 2016
(xlsb), as released or saved as CSV: title lines, then four header lines (code, description, country, number) and four
label columns. Empty cells are zero in the rows of totals, and nowhere else.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from weaklink.inputoutput.accounts import Accounts
from weaklink.sources import bundle, intake, workbook
from weaklink.sources.bundle import Bundle
from weaklink.sources.grid import Cells, Grid, Layout, read_grid
from weaklink.sources.intake import Problems
from weaklink.sources.square import Frame, Released, Role, assembled, region_of, year_in

LICENCE = "CC BY 4.0"
WIDE = ("IndustryCode", "IndustryDescription", "Country", "RNr", "Year")
OUTPUT, INPUTS = "GO", "II_fob"
VALUE_ADDED = {"TXSP", "EXP_adj", "PURR", "PURNR", "VA", "IntTTM"}
SHEET_HEADS, SHEET_LABELS = 4, 4


@dataclass(frozen=True, slots=True)
class _Table:
    """The numbers of either layout under labels of one form: (region, number, code)."""

    grid: Grid
    names: Mapping[str, str]
    year: int | None


def read(path: Path, *, year: int | None = None, vintage: str = "") -> Released:
    """Read one year of the release of 2013 or of 2016. Raises SourceError with all problems of the file.

    `year` is needed only where neither the file nor its name says it.
    """
    with bundle.opened(path, [".csv", *workbook.SUFFIXES]) as release:
        alone = workbook.is_workbook(path) and not release.names
        name = path.name if alone else _member(release, year)
        problems = Problems(Path(name).name)
        if name.lower().endswith(workbook.SUFFIXES) or alone:
            table = _of_workbook(workbook.rows_of(release, None if alone else name), problems)
        else:
            table = _wide(release, name, problems) or _sheet(release, name, problems)
        found = year or (table.year if table else None) or year_in(Path(name).name)
        if table is not None and found is None:
            problems.add(None, "", name, "a file name with its year", "Give --year.")
        problems.refuse_if_any()
        assert table is not None  # noqa: S101 - else there was a problem
        accounts = _accounts(table, found or 0, problems)
        edition = "2013 release" if len(accounts.sectors) < 40 else "2016 release"
        return Released(
            accounts,
            source="World Input-Output Database, Timmer et al. (2015)",
            licence=LICENCE,
            vintage=vintage or edition,
            classification=f"WIOD{len(accounts.sectors)}",
            original=intake.printable(path.name),
            original_sha256=release.sha256(),
            sector_names=table.names,
        )


def _member(release: Bundle, year: int | None) -> str:
    """The file of the year in an archive; SourceError with advice where what it has is not read."""
    return release.only(
        lambda one: year is None or year_in(Path(one).name) in (year, None),
        "one CSV file or workbook (an .RData file is saved as CSV from R: write.csv)",
        "Choose one with --year.",
    )


def _accounts(table: _Table, year: int, problems: Problems) -> Accounts:
    """The table as accounts: numbers of columns become the industries that the rows name."""
    industries = {
        (cells[0], cells[1]): cells[2] for cells in table.grid.rows if cells[0] != "TOT" and cells[1]
    }
    last = max((int(number) for _, number in industries), default=0)
    accounts = assembled(
        table.grid,
        partial(_role, codes={number: code for (_, number), code in industries.items()}, last=last),
        Frame("million US dollars", year, f"WIOD {year}"),
        problems,
    )
    problems.refuse_if_any()
    assert accounts is not None  # noqa: S101 - else there was a problem
    return accounts


def _role(cells: Cells, codes: Mapping[str, str], last: int) -> Role | None:
    """What (region, number, code) is: an industry up to the `last` number, a category of demand above it."""
    region, number, code = cells
    if region in ("TOT", ""):
        if code == OUTPUT:
            return Role("output")
        return Role("value added", sector=code) if code in VALUE_ADDED else Role("ignored")
    known = region_of(region)
    if known is None or not number.isdigit():
        return None
    if int(number) <= last:
        return Role("industry", known, sector=codes[number])
    return Role("demand", known, sector=number)


def _wide(release: Bundle, name: str, problems: Problems) -> _Table | None:
    """The layout with one header line; None where it is the other one."""
    header = next(csv.reader(io.StringIO(release.head(name))), [])
    extra = 1 if header[:1] == [""] else 0  # write.csv numbers the rows
    if tuple(header[extra : extra + len(WIDE)]) != WIDE:
        return None
    with release.stream(name) as stream:
        grid = read_grid(stream, Layout(heads=1, labels=len(WIDE) + extra), problems)
    if grid is None:
        return None
    rows = [cells[extra:] for cells in grid.rows]
    years = {cells[4] for cells in rows}
    if len(years) > 1:
        problems.add(None, "Year", ", ".join(sorted(years)), "one year", "Split the file by year.")
        return None
    year = min(years)
    return _Table(
        replace(
            grid,
            columns=tuple(_column(cells[0]) for cells in grid.columns),
            rows=tuple((country, _plain(number), code) for code, _, country, number, _ in rows),
        ),
        {code: text for code, text, country, *_ in rows if country != "TOT"},
        int(year) if year.isdigit() else None,
    )


def _column(text: str) -> Cells:
    """`AUS1`, or `vAUS1` as Stata writes it, as (region, number, code); the total has no number."""
    found = re.fullmatch(r"v?([A-Za-z]{3})(\d+)", text)
    return (found[1].upper(), found[2], "") if found else ("TOT", "", text)


def _sheet(release: Bundle, name: str, problems: Problems) -> _Table | None:
    """The sheet of a workbook as CSV."""
    lines = list(csv.reader(io.StringIO(release.head(name))))
    heads = _heads(lines, problems)
    if heads is None:
        return None
    with release.stream(name) as stream:
        grid = read_grid(stream, Layout(heads, SHEET_LABELS, lenient=_is_total), problems)
    return _of_sheet(grid, lines[: heads - SHEET_HEADS])


def _of_workbook(rows: Sequence[Sequence[object]], problems: Problems) -> _Table | None:
    """The sheet of a workbook as it is."""
    heads = _heads(rows, problems)
    if heads is None:
        return None
    return _of_sheet(
        workbook.as_grid(rows, heads, SHEET_LABELS, _is_total, problems), rows[: heads - SHEET_HEADS]
    )


def _heads(rows: Sequence[Sequence[object]], problems: Problems) -> int | None:
    """How many lines the head has: titles, then four that end with the one that numbers the columns c1, c2, ….

    None, with a problem noted, where there is no such line.
    """
    numbered = [place for place, row in enumerate(rows[:12]) if "c1" in (str(cell).strip() for cell in row)]
    if numbered and numbered[0] >= SHEET_HEADS - 1:
        return numbered[0] + 1
    shown = " ".join(" ".join(str(cell) for cell in rows[0])[:80].split()) if rows else "nothing"
    expected = f"a header with {', '.join(WIDE)}, or header lines that end with c1, c2, …"
    problems.add(1, "", shown, expected, "Give the sheet of the table as it stands, with its titles.")
    return None


def _is_total(labels: Cells) -> bool:
    return labels[2] in ("TOT", "")


def _of_sheet(grid: Grid | None, titles: Sequence[Sequence[object]]) -> _Table | None:
    if grid is None:
        return None
    rows = _labelled(grid.rows)
    heads = _labelled(cells[-SHEET_HEADS:] for cells in grid.columns)
    names = {code: text for code, text, country, _ in grid.rows if country not in ("TOT", "")}
    title = " ".join(str(cell) for line in titles for cell in line[:2])
    return _Table(replace(grid, rows=tuple(rows), columns=tuple(heads)), names, year_in(title))


def _labelled(cells: Iterable[Sequence[str]]) -> list[Cells]:
    """(code, description, country, number) as (region, number, code); a total has no number."""
    labels: list[Cells] = []
    for code, _, country, number in cells:
        found = re.fullmatch(r"c(\d+)", number.strip())
        total = country in ("TOT", "") or found is None
        labels.append(("TOT", "", code) if total or found is None else (country, found[1], code))
    return labels


def _plain(number: str) -> str:
    """`1` of `1`, `1.0` and `01`."""
    return str(int(float(number))) if re.fullmatch(r"\d+(\.0+)?", number) else number
