"""How is a release of the World Input-Output Database read?

Two layouts, both as CSV. The wide one of the release of 2016 for R and Stata: one header line with IndustryCode,
IndustryDescription, Country, RNr, Year, AUS1 … ROW61, TOT. And the sheet of the workbooks of 2013 and 2016: title
lines, then four header lines (code, description, country, number) and four label columns. The workbooks themselves
are XML in an archive, which this program does not open: save the sheet as CSV (UTF-8).
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
from weaklink.sources import bundle, intake
from weaklink.sources.bundle import Bundle
from weaklink.sources.grid import Cells, Grid, Layout, read_grid
from weaklink.sources.intake import Problems
from weaklink.sources.square import Frame, Released, Role, assembled, region_of, year_in

LICENCE = "CC BY 4.0"
WIDE = ("IndustryCode", "IndustryDescription", "Country", "RNr", "Year")
OUTPUT, INPUTS = "GO", "II_fob"
VALUE_ADDED = {"TXSP", "EXP_adj", "PURR", "PURNR", "VA", "IntTTM"}
SHEET_HEADS, SHEET_LABELS = 4, 4
WORKBOOK = "Open it in a spreadsheet program and save its sheet as CSV (UTF-8)."


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
    _refuse_workbook(path)
    with bundle.opened(path, [".csv"]) as release:
        name = release.only(
            lambda one: year is None or year_in(Path(one).name) in (year, None),
            "one CSV file",
            "Choose one with --year.",
        )
        problems = Problems(Path(name).name)
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


def _refuse_workbook(path: Path) -> None:
    if intake.kind_of(intake.checked_path(path)) != "zip":
        return
    with intake.zip_file(path) as archive:
        names = archive.namelist()
    if any(name.startswith("xl/") for name in names):
        raise intake.refused(path.name, "a workbook", "a CSV file", WORKBOOK)
    if not any(name.lower().endswith(".csv") for name in names):
        held = ", ".join(names[:4])
        remedy = "Unpack it and save one year as CSV: from R with write.csv, or the sheet of a workbook."
        raise intake.refused(path.name, held, "an archive with CSV files", remedy)


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
    """The sheet of a workbook: the four header lines end with the one that numbers the columns c1, c2, and so on."""
    lines = list(csv.reader(io.StringIO(release.head(name))))
    numbered = [place for place, cells in enumerate(lines[:12]) if "c1" in (cell.strip() for cell in cells)]
    if not numbered or numbered[0] < SHEET_HEADS - 1:
        shown = " ".join(" ".join(lines[0])[:80].split()) if lines else "nothing"
        expected = f"a header with {', '.join(WIDE)}, or header lines that end with c1, c2, …"
        problems.add(
            1, "", shown, expected, "Save the sheet of the table as it stands, with its titles, as CSV."
        )
        return None
    with release.stream(name) as stream:
        grid = read_grid(stream, Layout(heads=numbered[0] + 1, labels=SHEET_LABELS), problems)
    if grid is None:
        return None
    rows = _labelled(grid.rows)
    heads = _labelled(cells[-SHEET_HEADS:] for cells in grid.columns)
    names = {code: text for code, text, country, _ in grid.rows if country not in ("TOT", "")}
    title = " ".join(cell for line in lines[: numbered[0]] for cell in line[:2])
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
