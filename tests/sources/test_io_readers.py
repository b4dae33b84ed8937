"""Each layout of an input-output table, as its source documents it: read whole, or refused with all its problems."""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from weaklink.errors import SourceError
from weaklink.inputoutput.accounts import Accounts
from weaklink.sources import accounts_npz, exiobase, figaro, icio, pymrio_layout, wiod
from weaklink.sources.square import Released

from . import io_files
from .io_files import Made

Reader = Callable[..., Released]
Writer = Callable[[Made, Path], Path]

LAYOUTS: dict[str, tuple[Reader, Writer, str]] = {
    "icio": (icio.read, io_files.icio, "2018_SML.csv"),
    "figaro matrix": (figaro.read, io_files.figaro_matrix, "matrix_eu-ic-io_ind-by-ind_23ed_2021.csv"),
    "figaro flat": (figaro.read, io_files.figaro_flat, "flatfile_eu-ic-io_ind-by-ind_23ed_2021.csv"),
    "wiod 2016": (wiod.read, io_files.wiod_wide, "WIOT2014_October16_ROW.csv"),
    "wiod sheet": (wiod.read, io_files.wiod_sheet, "wiot11_row_apr12.csv"),
    "exiobase": (exiobase.read, io_files.exiobase, "IOT_2020_pxp.zip"),
    "npz": (accounts_npz.read, io_files.npz, "made_2018.npz"),
}


@pytest.fixture
def table() -> Made:
    return io_files.made()


def same(accounts: Accounts, table: Made) -> None:
    """The numbers of the table, whatever the layout."""
    np.testing.assert_allclose(accounts.Z, table.Z, rtol=1e-12)
    np.testing.assert_allclose(accounts.Y, table.Y.sum(axis=2), rtol=1e-12)
    np.testing.assert_allclose(accounts.x, table.x, rtol=1e-12)
    np.testing.assert_allclose(accounts.value_added, table.value_added, rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_table(layout: str, table: Made, tmp_path: Path) -> None:
    read, write, name = LAYOUTS[layout]
    released = read(write(table, tmp_path / name))
    same(released.accounts, table)
    rest = "WA" if layout == "exiobase" else "ROW"
    assert released.accounts.regions == ("DEU", "CHN", rest)
    assert released.accounts.part is None
    assert released.accounts.year in (2011, 2014, 2018, 2020, 2021)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_card_names_source_licence_year_and_digest(layout: str, table: Made, tmp_path: Path) -> None:
    read, write, name = LAYOUTS[layout]
    card = read(write(table, tmp_path / name)).card("mine")
    assert card.source
    assert card.licence
    assert len(card.original_sha256) == 64
    assert card.years[0] == read(tmp_path / name).accounts.year
    assert card.rows == 6


TEXTS = [name for name, (_, _, file) in LAYOUTS.items() if file.endswith(".csv")]


@pytest.mark.parametrize("layout", TEXTS)
def test_a_wrong_cell_is_named_with_row_and_value(layout: str, table: Made, tmp_path: Path) -> None:
    read, write, name = LAYOUTS[layout]
    lines = write(table, tmp_path / name).read_text(encoding="utf-8").splitlines(keepends=True)
    cells = lines[8].rstrip("\n").split(",")
    cells[-1] = "n/a"
    lines[8] = ",".join(cells) + "\n"
    (tmp_path / name).write_text("".join(lines), encoding="utf-8")
    with pytest.raises(SourceError) as refused:
        read(tmp_path / name)
    first = refused.value.problems[0]
    assert (first.row, first.value) == (9, "n/a")
    assert "number" in first.expected


@pytest.mark.parametrize("layout", TEXTS)
def test_a_cut_file_is_refused(layout: str, table: Made, tmp_path: Path) -> None:
    read, write, name = LAYOUTS[layout]
    whole = write(table, tmp_path / name).read_bytes()
    for length in (len(whole) - 1, len(whole) * 2 // 3, 40):
        (tmp_path / name).write_bytes(whole[:length])
        with pytest.raises(SourceError):
            read(tmp_path / name)


@pytest.mark.parametrize("layout", TEXTS)
def test_several_problems_are_told_together(layout: str, table: Made, tmp_path: Path) -> None:
    read, write, name = LAYOUTS[layout]
    lines = write(table, tmp_path / name).read_text(encoding="utf-8").splitlines(keepends=True)
    for place, cell in ((8, "one"), (9, "two")):
        cells = lines[place].rstrip("\n").split(",")
        cells[-1] = cell
        lines[place] = ",".join(cells) + "\n"
    (tmp_path / name).write_text("".join(lines), encoding="utf-8")
    with pytest.raises(SourceError) as refused:
        read(tmp_path / name)
    assert [problem.value for problem in refused.value.problems] == ["one", "two"]


@pytest.mark.parametrize("layout", ["icio", "figaro matrix", "wiod sheet", "wiod 2016"])
def test_a_number_that_breaks_the_balance_is_refused(layout: str, table: Made, tmp_path: Path) -> None:
    read, write, name = LAYOUTS[layout]
    off = Made(table.regions, table.sectors, table.Z, table.Y, table.x, table.value_added + 400)
    with pytest.raises(SourceError, match="value added"):
        read(write(off, tmp_path / name))


def test_parts_of_mexico_stay_rows_and_belong_to_mexico(tmp_path: Path) -> None:
    table = io_files.made(("MX1", "MX2", "ROW"))
    demand = np.zeros((6, 3, 2))
    demand[:, 0] = table.Y[:, 0] + table.Y[:, 1]
    demand[:, 2] = table.Y[:, 2]
    path = io_files.icio(Made(table.regions, table.sectors, table.Z, demand, table.x, table.value_added),
                         tmp_path / "ICIO2018_2015.CSV")  # fmt: skip
    text = path.read_text(encoding="utf-8").replace("MX2_HFCE", "MEX_NPISH").replace("MX2_GFCF", "MEX_INVNT")
    path.write_text(text, encoding="utf-8")
    released = icio.read(path)
    accounts = released.accounts
    assert accounts.regions == ("MEX", "ROW")
    assert accounts.part == ("MX1", "MX1", "MX2", "MX2", "ROW", "ROW")
    assert accounts.Y[:, 0].tolist() == demand[:, 0].sum(axis=1).tolist()
    assert released.vintage == "2018 edition"


def test_the_empty_whole_beside_its_parts_is_left_out(tmp_path: Path) -> None:
    """The extended editions keep rows and columns MEX_… of zeros beside MX1_… and MX2_…."""
    table = io_files.made(("MX1", "MEX", "ROW"))
    empty = np.array([False, False, True, True, False, False])
    Z, Y = table.Z.copy(), table.Y.copy()
    Z[empty], Z[:, empty], Y[empty] = 0, 0, 0
    Y[:, 0], Y[:, 1] = 0, Y[:, 0] + Y[:, 1]
    x = Z.sum(1) + Y.sum((1, 2))
    path = io_files.icio(Made(table.regions, table.sectors, Z, Y, x, x - Z.sum(0)), tmp_path / "2018.csv")
    lines = path.read_text(encoding="utf-8").splitlines()
    keep = [
        k for k, name in enumerate(lines[0].split(",")) if k not in (7, 8)
    ]  # the demand of MX1, which has none
    path.write_text("".join(",".join(line.split(",")[k] for k in keep) + "\n" for line in lines))
    accounts = icio.read(path).accounts
    assert accounts.size == 4
    assert accounts.part == ("MX1", "MX1", "ROW", "ROW")
    assert accounts.checks.zero_output == 0


def test_an_archive_of_several_years_asks_which(table: Made, tmp_path: Path) -> None:
    path = tmp_path / "2016-2020_SML.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for year in (2016, 2017):
            archive.write(io_files.icio(table, tmp_path / f"{year}_SML.csv"), f"{year}_SML.csv")
    with pytest.raises(SourceError, match="--year"):
        icio.read(path)
    assert icio.read(path, year=2017).accounts.year == 2017
    with pytest.raises(SourceError, match=r"2016_SML\.csv, 2017_SML\.csv"):
        icio.read(path, year=2009)


def test_an_unknown_region_is_named_with_its_row(table: Made, tmp_path: Path) -> None:
    path = io_files.icio(table, tmp_path / "2018.csv")
    path.write_text(path.read_text(encoding="utf-8").replace("CHN_A01", "QQQ_A01"), encoding="utf-8")
    with pytest.raises(SourceError) as refused:
        icio.read(path)
    assert {(problem.row, problem.value) for problem in refused.value.problems} == {
        (4, "QQQ_A01"),
        (1, "QQQ_A01"),
    }


def test_an_industry_without_a_column_is_named(table: Made, tmp_path: Path) -> None:
    path = io_files.icio(table, tmp_path / "2018.csv")
    head, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(head.replace("CHN_C20", "CHN_C21") + "\n" + rest, encoding="utf-8")
    with pytest.raises(SourceError, match=r"CHN C20.*column too"):
        icio.read(path)


def test_a_cell_that_stands_twice_in_the_flat_form_is_refused(table: Made, tmp_path: Path) -> None:
    path = io_files.figaro_flat(table, tmp_path / "flatfile_eu-ic-io_ind-by-ind_23ed_2021.csv")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines, lines[3]]), encoding="utf-8")
    with pytest.raises(SourceError, match="one line for each cell"):
        figaro.read(path)


def test_row_numbers_that_r_writes_are_skipped(table: Made, tmp_path: Path) -> None:
    path = io_files.wiod_wide(table, tmp_path / "wiot2014.csv", row_numbers=True)
    released = wiod.read(path)
    same(released.accounts, table)
    assert released.sector_names == {"A01": "Making of A01, and more", "C20": "Making of C20, and more"}


def test_romania_of_wiod_is_romania(tmp_path: Path) -> None:
    table = io_files.made(("ROM", "RoW"))
    assert wiod.read(io_files.wiod_sheet(table, tmp_path / "wiot08.csv")).accounts.regions == ("ROU", "ROW")


def _workbook(table: Made, path: Path) -> Path:
    """The sheet of the release of 2013 as a workbook, its totals with empty cells."""
    openpyxl = pytest.importorskip("openpyxl", reason="the extra 'oracle' is not installed")
    text = io_files.wiod_sheet(table, path.with_suffix(".csv")).read_text(encoding="utf-8")
    book = openpyxl.Workbook()
    for row in csv.reader(io.StringIO(text)):
        total = row[2] == "TOT"
        book.active.append([*row[:4], *(None if total and cell == "0" else _cell(cell) for cell in row[4:])])
    book.save(path)
    return path


def _cell(text: str) -> float | str | None:
    try:
        return float(text)
    except ValueError:
        return text or None


def test_a_workbook_is_read_as_released(table: Made, tmp_path: Path) -> None:
    pytest.importorskip("python_calamine", reason="the extra 'workbooks' is not installed")
    path = _workbook(table, tmp_path / "wiot11_row_apr12.xlsx")
    released = wiod.read(path)
    same(released.accounts, table)
    assert released.accounts.year == 2011
    assert released.sector_names["A01"] == "Making of A01"
    archive = tmp_path / "WIOTS_in_EXCEL.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(path, path.name)
    same(wiod.read(archive).accounts, table)


def test_a_wrong_cell_of_a_workbook_is_named(table: Made, tmp_path: Path) -> None:
    pytest.importorskip("python_calamine", reason="the extra 'workbooks' is not installed")
    openpyxl = pytest.importorskip("openpyxl", reason="the extra 'oracle' is not installed")
    path = _workbook(table, tmp_path / "wiot11_row_apr12.xlsx")
    book = openpyxl.load_workbook(path)
    book.active["F8"], book.active["G9"] = "n.a.", None
    book.save(path)
    with pytest.raises(SourceError) as refused:
        wiod.read(path)
    assert [(problem.row, problem.value) for problem in refused.value.problems] == [(8, "n.a."), (9, "")]


def test_a_cut_workbook_is_refused(table: Made, tmp_path: Path) -> None:
    pytest.importorskip("python_calamine", reason="the extra 'workbooks' is not installed")
    path = tmp_path / "wiot11_row_apr12.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(SourceError, match="a whole workbook"):
        wiod.read(path)


def test_without_the_extra_a_workbook_is_refused_with_advice(
    table: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    path = tmp_path / "wiot11_row_apr12.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(SourceError, match=r"weaklink\[workbooks\]"):
        wiod.read(path)


def test_empty_cells_of_totals_are_zero_and_of_industries_are_refused(table: Made, tmp_path: Path) -> None:
    path = io_files.wiod_sheet(table, tmp_path / "wiot11.csv")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[-1] = lines[-1].replace(",0,0,0,0,0,0,0", ",,,,,,,")
    path.write_text("".join(lines), encoding="utf-8")
    same(wiod.read(path).accounts, table)
    cells = lines[7].split(",")
    lines[7] = ",".join([*cells[:6], "", *cells[7:]])
    path.write_text("".join(lines), encoding="utf-8")
    with pytest.raises(SourceError, match="row 8"):
        wiod.read(path)


@pytest.mark.parametrize(("shares", "output"), [(True, True), (True, False), (False, True), (False, False)])
def test_exiobase_is_read_from_flows_or_coefficients(
    shares: bool, output: bool, table: Made, tmp_path: Path
) -> None:
    path = io_files.exiobase(table, tmp_path / "IOT_2020_ixi.zip", shares=shares, output=output)
    same(exiobase.read(path).accounts, table)


def test_exiobase_keeps_its_parts_of_the_rest_of_the_world(table: Made, tmp_path: Path) -> None:
    released = exiobase.read(io_files.exiobase(table, tmp_path / "IOT_2020_pxp.zip"))
    assert released.region_names == {"WA": "rest of Asia and Pacific"}


def test_a_pickle_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "saved_2020").mkdir()
    for name in ("Z.pkl", "Y.pkl", "x.pkl"):
        (tmp_path / "saved_2020" / name).write_bytes(b"\x80\x04cos\nsystem\n")
    with pytest.raises(SourceError, match="table_format='txt'"):
        pymrio_layout.read(tmp_path / "saved_2020")


def test_an_array_of_objects_is_refused_unread(table: Made, tmp_path: Path) -> None:
    names = np.array(["A01", "C20"], dtype=object)
    path = io_files.npz(table, tmp_path / "made_2018.npz", sectors=names)
    with pytest.raises(SourceError, match="sectors"):
        accounts_npz.read(path)


def test_arrays_whose_sizes_do_not_fit_are_named_together(table: Made, tmp_path: Path) -> None:
    path = io_files.npz(table, tmp_path / "made_2018.npz", x=table.x[:-1], Z=table.Z[:-1])
    with pytest.raises(SourceError) as refused:
        accounts_npz.read(path)
    assert [problem.column for problem in refused.value.problems] == ["Z", "x"]


@pytest.mark.parametrize("separator", ["\t", ","])
def test_a_table_that_pymrio_saved_is_read_with_its_numbers(separator: str, tmp_path: Path) -> None:
    pymrio = pytest.importorskip("pymrio", reason="the extra 'oracle' is not installed")
    system = pymrio.load_test()
    system.calc_all()
    folder = tmp_path / "saved_2010"
    system.save_all(folder, table_format="txt", sep=separator)
    accounts = pymrio_layout.read(folder).accounts
    np.testing.assert_allclose(accounts.Z, system.Z.to_numpy(), rtol=1e-12)
    np.testing.assert_allclose(accounts.x, system.x.to_numpy().ravel(), rtol=1e-9)
    assert accounts.regions == tuple(system.get_regions())


def test_the_shared_arrays_are_read(shared_data: Path) -> None:
    released = accounts_npz.read(shared_data / "io" / "wiod2013_2011.npz")
    assert (released.accounts.size, released.accounts.year) == (1435, 2011)
    assert "ROU" in released.accounts.regions  # ROM in the file
    assert released.accounts.checks.zero_output == 22


def _spoiled(kind: str, lines: list[str]) -> bytes:
    """A file of ICIO spoiled in one of the ways that files are spoiled."""
    cells = lines[3].split(",")
    spoil: dict[str, Callable[[], list[str]]] = {
        "extra column": lambda: [*lines[:3], lines[3].rstrip("\n") + ",1\n", *lines[4:]],
        "missing column": lambda: [*lines[:3], ",".join(cells[:-1]) + "\n", *lines[4:]],
        "missing cell": lambda: [*lines[:3], ",".join([*cells[:2], "", *cells[3:]]), *lines[4:]],
        "text": lambda: [*lines[:3], ",".join([*cells[:2], "ten", *cells[3:]]), *lines[4:]],
        "negative": lambda: [*lines[:3], ",".join([*cells[:2], "-" + cells[2], *cells[3:]]), *lines[4:]],
        "infinite": lambda: [*lines[:3], ",".join([*cells[:2], "inf", *cells[3:]]), *lines[4:]],
        "not a number": lambda: [*lines[:3], ",".join([*cells[:2], "NaN", *cells[3:]]), *lines[4:]],
        "decimal comma": lambda: [*lines[:3], ",".join([*cells[:2], '"1,5"', *cells[3:]]), *lines[4:]],
        "NUL": lambda: [*lines[:3], ",".join([*cells[:2], "1\0", *cells[3:]]), *lines[4:]],
        "open quote": lambda: [*lines[:3], '"' + lines[3], *lines[4:]],
        "repeated header": lambda: [*lines[:3], lines[0], *lines[3:]],
        "repeated row": lambda: [*lines[:4], lines[3], *lines[4:]],
        "semicolons": lambda: [line.replace(",", ";") for line in lines],
        "missing row": lambda: [*lines[:3], *lines[4:]],
        "swapped rows": lambda: [*lines[:2], lines[3], lines[2], *lines[4:]],
        "a web page": lambda: ["<!doctype html><html>\n", "<p>Not found</p>\n"],
        "columns without end": lambda: [",".join(f"AUT_{n}" for n in range(30_000)) + "\n", "AUT_1,1\n"],
    }
    return "".join(spoil[kind]()).encode("utf-8")


KINDS = [
    "extra column",
    "missing column",
    "missing cell",
    "text",
    "negative",
    "infinite",
    "not a number",
    "decimal comma",
    "NUL",
    "open quote",
    "repeated header",
    "repeated row",
    "semicolons",
    "missing row",
    "a web page",
    "columns without end",
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_spoiled_file_is_refused_and_told_by_name(kind: str, table: Made, tmp_path: Path) -> None:
    path = io_files.icio(table, tmp_path / "2018_SML.csv")
    path.write_bytes(_spoiled(kind, path.read_text(encoding="utf-8").splitlines(keepends=True)))
    with pytest.raises(SourceError) as refused:
        icio.read(path)
    assert refused.value.problems
    assert all(problem.expected and problem.remedy for problem in refused.value.problems)


def test_rows_in_another_order_are_the_same_table(table: Made, tmp_path: Path) -> None:
    path = io_files.icio(table, tmp_path / "2018_SML.csv")
    path.write_bytes(_spoiled("swapped rows", path.read_text(encoding="utf-8").splitlines(keepends=True)))
    accounts = icio.read(path).accounts
    order = [0, 2, 1, 3, 4, 5]
    np.testing.assert_array_equal(accounts.Z, table.Z[np.ix_(order, order)])
    np.testing.assert_array_equal(accounts.value_added, table.value_added[order])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1", "utf-16"])
def test_other_encodings_are_read_or_refused(encoding: str, table: Made, tmp_path: Path) -> None:
    path = io_files.wiod_wide(table, tmp_path / "wiot2014.csv")
    text = path.read_text(encoding="utf-8").replace("Making of A01", "Fabrication de blé")
    path.write_bytes(text.encode(encoding))
    if encoding == "utf-8-sig":
        same(wiod.read(path).accounts, table)
        return
    with pytest.raises(SourceError):
        wiod.read(path)


def test_windows_line_ends_and_empty_lines_do_not_matter(table: Made, tmp_path: Path) -> None:
    path = io_files.icio(table, tmp_path / "2018_SML.csv")
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_bytes(("\r\n".join([*lines[:4], "", *lines[4:]]) + "\r\n\r\n").encode())
    same(icio.read(path).accounts, table)


def test_a_gzipped_file_is_read_like_a_plain_one(table: Made, tmp_path: Path) -> None:
    import gzip

    path = io_files.icio(table, tmp_path / "2018_SML.csv")
    packed = tmp_path / "2018_SML.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    same(icio.read(packed).accounts, table)
