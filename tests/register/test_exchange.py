"""Claims on workbooks: they come back as they went out, and every edit is planned before it is written."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.register.made import filled
from weaklink import register as room
from weaklink.errors import RequestError, SourceError
from weaklink.register import Stamp
from weaklink.register.redaction import Redaction, Rule
from weaklink.register.sharing import Policy
from weaklink.register.workbook import Heading, Sheet
from weaklink.report.workbook_file import workbook
from weaklink.sources import edited_workbook
from weaklink.study.register_changes import added, removed, set_to
from weaklink.study.register_exchange import exported, imported
from weaklink.study.registers import made, verified

STAMP = Stamp("ana", "2026-11-25T06:00:00Z", "import")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of forty made-up risks, which no test changes."""
    return filled(tmp_path_factory.mktemp("kept") / "kept.register", 40, changes=20)


@pytest.fixture
def path(kept: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "risks.register"
    with room.opened(kept) as register:
        room.backup(register, copy)
    return copy


def edit(file: Path, edits: dict[tuple[str, str, str], Any]) -> None:
    """Change cells by sheet, id and column; a new id is a new row, a new column is added. By openpyxl."""
    book = openpyxl.load_workbook(file)
    for (title, id_, name), value in edits.items():
        sheet = book[title]
        names = [cell.value for cell in sheet[1]]
        if name not in names:
            sheet.cell(1, len(names) + 1, name)
            names.append(name)
        rows = [str(cell.value) for cell in sheet["A"]]
        if id_ not in rows:
            sheet.cell(len(rows) + 1, 1, id_)
            rows.append(id_)
        sheet.cell(rows.index(id_) + 1, names.index(name) + 1).value = value
    book.save(file)


def verdicts(path: Path, file: Path) -> list[tuple[str, str, str, str]]:
    result, _ = imported(path, file, STAMP)
    return [(row["verdict"], row["id"], row["field"], row["reason"]) for row in result.records()]


def test_a_workbook_that_was_not_edited_changes_nothing(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    exported(path, file, Policy())
    result, plan = imported(path, file, STAMP, apply=True)
    assert len(result) == len(plan.writes) == 0
    exported(path, tmp_path / "b.xlsx", Policy())
    assert file.read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_export_import_export_is_cell_identical_with_new_rows_and_columns(path: Path, tmp_path: Path) -> None:
    file, again = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    exported(path, file, Policy())
    book = openpyxl.load_workbook(file)
    book["Risks"].cell(1, book["Risks"].max_column + 1, "Zz own column")
    book.save(file)
    edits: dict[tuple[str, str, str], Any] = {
        ("Risks", "R-7", "title"): "edited =",
        ("Risks", "R-7", "review_due"): "2027-03-31",
        ("Risks", "R-7", "Zz own column"): 12.5,
        ("Risks", "R-8", "Zz own column"): "010121",
        ("Risks", "R-9", "Zz own column"): True,
        ("Risks", "N-1", "title"): "A new one",
        ("Risks", "N-1", "marking"): "public",
        ("Treatments", "N-2", "risk"): "N-1",
        ("Treatments", "N-2", "measure"): "Stock",
        ("Treatments", "N-2", "marking"): "internal",
    }
    edit(file, edits)
    _, plan = imported(path, file, STAMP, apply=True)
    assert plan.clean
    exported(path, again, Policy())

    def cells(which: Path) -> dict[tuple[str, str, str], Any]:
        found = {}
        for sheet in edited_workbook.read(which):
            for row in sheet.rows[1:] if sheet.title != "About" else ():
                for name, cell in zip(sheet.rows[0], row, strict=True):
                    if name != "version" and cell is not None:
                        found[sheet.title, str(row[0]), str(name)] = cell
        return found

    before, after = cells(file), cells(again)
    day = after.pop(("Risks", "R-7", "review_due"))
    assert before.pop(("Risks", "R-7", "review_due")) == str(day), "a day that was typed as text is a day now"
    assert before == after
    verified(path)


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t=+"),
    min_size=1,
    max_size=12,
).filter(lambda text: text.strip() and "_x" not in text)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        texts
        | st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1).filter(lambda number: abs(number) < 10**15)
        | st.floats(-1e12, 1e12).map(lambda number: float(f"{number:.15g}"))
        | st.dates(min_value=date(1900, 3, 1)),
        min_size=1,
        max_size=8,
    )
)
def test_cells_of_any_kind_come_back_as_they_went_out(
    tmp_path_factory: pytest.TempPathFactory, cells: list[Any]
) -> None:
    file = tmp_path_factory.mktemp("cells") / "a.xlsx"
    file.write_bytes(workbook([Sheet("Risks", (Heading("v", ""),), tuple((cell,) for cell in cells))]))
    (sheet,) = edited_workbook.read(file)
    assert [row[0] for row in sheet.rows[1:]] == cells
    assert [type(row[0]) is bool for row in sheet.rows[1:]] == [type(cell) is bool for cell in cells]


def test_what_others_have_changed_meanwhile_is_a_conflict_and_their_row_is_left_alone(
    path: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.xlsx"
    exported(path, file, Policy())
    edit(
        file,
        {
            ("Risks", "R-1", "owner"): "Mine",
            ("Risks", "R-1", "title"): "Mine too",
            ("Risks", "R-2", "owner"): "Me",
        },
    )
    set_to(path, STAMP, "risk", "R-1", {"owner": "Theirs"})
    set_to(path, STAMP, "risk", "R-2", {"title": "Theirs"})
    assert verdicts(path, file) == [
        ("changed", "R-1", "title", ""),
        ("conflicting", "R-1", "owner", "others have changed it meanwhile to Theirs"),
        ("changed", "R-2", "owner", ""),
    ]
    _, plan = imported(path, file, STAMP, apply=True)
    assert [write.id for write in plan.writes] == ["R-2"], "of a row with a conflict nothing is written"
    with room.opened(path) as register:
        one, two = (room.entity(register, "risk", id_) for id_ in ("R-1", "R-2"))
    assert one is not None
    assert two is not None
    assert one.fields["owner"] == "Theirs"
    assert one.fields["title"] != "Mine too"
    assert (two.fields["owner"], two.fields["title"]) == ("Me", "Theirs")
    assert verdicts(path, file)[-1][1] == "R-1", "imported once more, what is done is done"


def test_what_cannot_be_written_is_refused_with_its_reason(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    exported(path, file, Policy())
    edit(
        file,
        {
            ("Risks", "R-1", "inherent_impact"): "dreadful",
            ("Risks", "R-2", "owner"): "=1+1",
            ("Risks", "R-3", "version"): 99,
            ("Risks", "R-4", "title"): None,
            ("Risks", "R-5", "upstream"): "R-5",
            ("Risks", "R-6", "upstream"): "N-9",
            ("Risks", "N-9", "owner"): "has no title",
            ("Risks", "R-7 ", "title"): "an id that is there already, with a space",
            ("Treatments", "T-1", "delivered_on"): "tomorrow",
        },
    )
    found = {
        (id_, field): reason for verdict, id_, field, reason in verdicts(path, file) if verdict != "changed"
    }
    assert "write one of 1 (Minor)" in found["R-1", "inherent_impact"]
    assert "formula" in found["R-2", "owner"]
    assert "version" in found["R-3", "version"]
    assert found["R-4", ""] == "title is missing"
    assert "no such risk" in found["R-5", "upstream"]
    assert "no such risk" in found["R-6", "upstream"]
    assert found["N-9", ""] == "title is missing"
    assert "several rows" in found["R-7", "id"]
    assert "a day as 2026-11-25" in found["T-1", "delivered_on"]
    _, plan = imported(path, file, STAMP, apply=True)
    assert plan.writes == ()


def test_rows_and_columns_without_form_are_refused(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    exported(path, file, Policy())
    book = openpyxl.load_workbook(file)
    sheet, wide = book["Risks"], book["Risks"].max_column
    sheet.cell(1, wide + 2, "owner")
    sheet.cell(2, wide + 1, "under no name")
    sheet.cell(50, 4, "no id")
    sheet.cell(51, 1, "an\nid")
    sheet.cell(52, 1, "R" * 101)
    book["Evidence"].append(["E-9", None, "public", "R-1", "trade"])
    book.save(file)
    said = {(row[1], row[2]): row[3] for row in verdicts(path, file)}
    assert said["R-1", "owner"] == "two columns have this name"
    assert "has no name in the first row" in said["R-1", ""]
    assert "has no id" in said["", "id"]
    assert "printable characters" in said["an\nid", "id"]
    assert "printable characters" in said["R" * 101, "id"]
    assert "register link" in said["E-9", "lens"]


def test_a_row_that_was_removed_meanwhile_conflicts_and_what_others_did_alike_is_no_edit(
    path: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.xlsx"
    treatment = "T-1"
    exported(path, file, Policy())
    edit(file, {("Treatments", treatment, "measure"): "Other", ("Risks", "R-3", "owner"): "Same"})
    removed(path, STAMP, "treatment", treatment)
    set_to(path, STAMP, "risk", "R-3", {"owner": "Same"})
    assert verdicts(path, file) == [("conflicting", treatment, "measure", "the row was removed meanwhile")]


def test_days_and_times_of_a_users_own_columns_come_back(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    exported(path, file, Policy())
    edit(
        file,
        {("Risks", "R-1", "Seen"): datetime(2026, 1, 2, 3, 4, 5), ("Risks", "R-2", "Seen"): date(2026, 1, 2)},
    )
    imported(path, file, STAMP, apply=True)
    exported(path, file, Policy())
    sheet = edited_workbook.read(file)[0]
    place = sheet.rows[0].index("Seen")
    assert [row[place] for row in sheet.rows[1:3]] == [datetime(2026, 1, 2, 3, 4, 5), date(2026, 1, 2)]
    assert verdicts(path, file) == []


def test_a_row_that_is_taken_out_stays_in_the_register(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    exported(path, file, Policy())
    book = openpyxl.load_workbook(file)
    book["Risks"].delete_rows(2, 5)
    book["Risks"].delete_cols(4)
    book.save(file)
    result, plan = imported(path, file, STAMP)
    assert (len(result), plan.writes) == (0, ())


def test_a_workbook_of_another_register_or_with_an_altered_sheet_about_is_refused(
    path: Path, tmp_path: Path
) -> None:
    file, other = tmp_path / "a.xlsx", filled(tmp_path / "other.register", 40, changes=20)
    exported(other, file, Policy())
    with pytest.raises(RequestError, match="not given out by this register"):
        imported(path, file, STAMP)
    exported(path, file, Policy())
    book = openpyxl.load_workbook(file)
    book["About"]["B3"] = 3  # the event
    book.save(file)
    with pytest.raises(RequestError, match="not given out by this register"):
        imported(path, file, STAMP)
    exported(path, file, Policy("internal"))
    book = openpyxl.load_workbook(file)
    book["About"]["B4"] = None  # the level: what was withheld would look like edits
    book.save(file)
    with pytest.raises(RequestError, match="not given out by this register"):
        imported(path, file, STAMP)
    book["About"]["B5"] = "no rules"
    book.save(file)
    with pytest.raises(RequestError, match="was changed"):
        imported(path, file, STAMP)


def test_a_workbook_of_a_users_own_adds_rows(tmp_path: Path) -> None:
    path, file = tmp_path / "new.register", tmp_path / "old list.xlsx"
    made(path, STAMP, "plain", "plain")
    added(path, STAMP, "risk", "2", {"title": "There already"})
    book = openpyxl.Workbook()
    book.active.title = "Risks"
    for row in (
        ["id", "title", "inherent_likelihood", "Department"],
        [1, "Old one", "Likely", "X"],
        [2, "Other", 3, None],
    ):
        book.active.append(row)
    book.save(file)
    assert verdicts(path, file) == [
        ("added", "1", "", ""),
        ("conflicting", "2", "id", "the id is in the register already"),
    ]
    imported(path, file, STAMP, apply=True)
    with room.opened(path) as register:
        one = room.entity(register, "risk", "1")
    assert one is not None
    assert one.fields == {
        "title": "Old one",
        "inherent_likelihood": 4,
        "+Department": "X",
        "marking": "restricted",
    }


def test_a_copy_for_others_comes_back_without_touching_what_was_made_coarser(
    path: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.xlsx"
    rules = Redaction(rule=(Rule(kind="risk", how="round", field="review_due", to="year"),))
    exported(path, file, Policy("internal", rules))
    result, _ = imported(path, file, STAMP)
    assert len(result) == 0, "what was rounded or withheld is no edit"
    with room.opened(path) as register:
        seen = next(one for one in room.entities(register, "risk") if one.fields["marking"] == "public")
    edit(file, {("Risks", seen.id, "review_due"): "2030-01-01", ("Risks", seen.id, "owner"): "Partner"})
    assert sorted((row[0], row[2]) for row in verdicts(path, file)) == [
        ("changed", "owner"),
        ("refused", "review_due"),
    ]


SHEET = "xl/worksheets/sheet1.xml"
BOMBS = {
    "a document type": (SHEET, b"<worksheet", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet"),
    "another encoding": (SHEET, b'encoding="UTF-8"', b'encoding="UTF-7"'),
    "a cell far out": (SHEET, b'r="A2"', b'r="XFD1048576"'),
    "a row far out": (SHEET, b'<row r="2"', b'<row r="9999999"'),
    "no workbook": ("xl/workbook.xml", b"<workbook", b"<other"),
    "an expanding part": (SHEET, b"<sheetData>", b"<sheetData>" + b" " * (40 << 20)),
    "a formula without a place": (SHEET, b"</row>", b"<c><f>1+1</f></c></row>"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_workbooks_that_are_up_to_something_are_refused(name: str, tmp_path: Path) -> None:
    """Each is a plain workbook with one part changed."""
    plain, file = workbook([Sheet("Risks", (Heading("id", ""),), (("R-1",),))]), tmp_path / "x.xlsx"
    part, old, new = BOMBS[name]
    with (
        zipfile.ZipFile(BytesIO(plain)) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for one in source.namelist():
            content = source.read(one)
            assert one != part or old in content
            target.writestr(one, content.replace(old, new, 1) if one == part else content)
    with pytest.raises(SourceError):
        edited_workbook.read(file)


def test_what_is_no_workbook_is_refused(path: Path, tmp_path: Path) -> None:
    plain, file = workbook([Sheet("Other", (Heading("id", ""),), (("R-1",),))]), tmp_path / "x.xlsx"
    for content, said in (
        (plain[: len(plain) // 2], "whole zip"),
        (b"id,title\n", "workbook"),
        (plain, "no sheet"),
    ):
        file.write_bytes(content)
        with pytest.raises((SourceError, RequestError), match=said):
            imported(path, file, STAMP)


def office() -> str:
    """Why LibreOffice cannot be asked; nothing where it can."""
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    if shutil.which("soffice") is None or python is None:
        return "LibreOffice is not installed"
    done = subprocess.run([python, "-c", "import uno"], capture_output=True, check=False)
    return "python3-uno is not installed" if done.returncode else ""


@pytest.mark.slow
@pytest.mark.skipif(bool(office()), reason=office() or "none")
def test_after_an_edit_in_libreoffice_only_the_edited_cells_differ(tmp_path: Path) -> None:
    """LibreOffice, an independent program, reads and writes a workbook of 1,000 risks."""
    path = filled(tmp_path / "r.register", 1_000)
    file, back = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    exported(path, file, Policy())
    names = [heading for heading in edited_workbook.read(file)[0].rows[0] if heading is not None]
    edits = [
        ["Risks", 2, names.index("title"), "Edited – größer\nin two lines"],
        ["Risks", 500, names.index("inherent_impact"), 5],
        ["Risks", 900, names.index("service"), "=2+3"],
        ["Risks", 901, names.index("service"), "=FORMULA:2+3"],
    ]
    (tmp_path / "edits.json").write_text(json.dumps(edits))
    script = Path(__file__).parent / "libreoffice.py"
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin") or "python3"
    subprocess.run([python, script, file, back, tmp_path / "edits.json"], check=True, timeout=300)
    result, plan = imported(path, back, STAMP)
    assert [(row["row"], row["verdict"], row["field"]) for row in result.records()] == [
        (2, "changed", "title"),
        (500, "changed", "inherent_impact"),
        (900, "changed", "service"),
        (901, "refused", "service"),
    ]
    assert plan.lines[2].after == "=2+3"
    imported(path, back, replace(STAMP, who="office"), apply=True)
    exported(path, tmp_path / "c.xlsx", Policy())
    before, after = (edited_workbook.read(one)[0].rows for one in (back, tmp_path / "c.xlsx"))
    different = [
        (row, name)
        for row, (old, new) in enumerate(zip(before, after, strict=True), start=1)
        for name, one, other in zip(names, old, new, strict=True)
        if one != other and name != "version"
    ]
    assert different == [(901, "service")], "the formula was refused; all else is as LibreOffice wrote it"
