"""Sheets that users type: what is refused, with which words, and what is read."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink.errors import SourceError
from weaklink.sources import supply_risk
from weaklink.sources.intake import Problems
from weaklink.sources.sheet import number, read_sheet, words

TERMS = "material,stage,recycling,substitution\n"
SUPPLY = "material,stage,iso3,share\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good sheet of terms."""
    (tmp_path / "terms.csv").write_text(TERMS + "Cobalt,P,0.22,0.98\n", encoding="utf-8")
    return tmp_path


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def complaints(path: Path, shares: Path | None = None, barriers: Path | None = None) -> str:
    """What the reader says; the test fails where it says nothing."""
    with pytest.raises(SourceError) as caught:
        supply_risk.read(path, shares, barriers)
    return str(caught.value)


def test_a_good_sheet_is_read_with_what_is_not_known_left_open(folder: Path) -> None:
    (row,) = supply_risk.read(folder / "terms.csv").materials
    assert (row.material, row.stage, row.recycling, row.line) == ("Cobalt", "processing", 0.22, 2)
    assert math.isnan(row.import_reliance)
    assert row.group == ""


def test_a_sheet_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    """A byte order mark, Windows line ends, quotes, empty lines, and no end of the last line."""
    text = '\ufeffmaterial,stage,recycling\r\n"Ore, fine",e,0.5\r\n,,\r\nMetal,Processing,'
    rows = supply_risk.read(written(tmp_path, "terms.csv", text)).materials
    assert [(row.material, row.stage) for row in rows] == [
        ("Ore, fine", "extraction"),
        ("Metal", "processing"),
    ]
    assert [row.line for row in rows] == [2, 4]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (
            "Cobalt,P,22,0.98",
            "row 2, column recycling: '22' is not a share from 0 to 1. Write a share: 0.81 for 81 %",
        ),
        ('Cobalt,P,"0,2",0.98', "row 2, column recycling: '0,2' is not a share"),
        ("Cobalt,P,-0.1,0.98", "row 2, column recycling: '-0.1' is not a share"),
        ("Cobalt,P,nan,0.98", "row 2, column recycling: 'nan' is not a share"),
        ("Cobalt,P,1e-3,0.98", "row 2, column recycling: '1e-3' is not a share"),
        ("Cobalt,mine,0.2,0.98", "row 2, column stage: 'mine' is not one of extraction, e, processing, p"),
        (",P,0.2,0.98", "row 2, column material: '' is not the name of a material. Fill it in."),
        ("Cobalt,P,0.2", "row 2: 'Cobalt,P,0.2' is not 4 cells (found 3)"),
        (
            "Cobalt,P,0.2,1\nCobalt,E,0.2,1\nCobalt,p,0.3,1",
            "row 4, column material: 'Cobalt, processing again, as in",
        ),
        ('Cobalt,P,0.2,1\n"Cobalt,E', "row 3: 'unexpected end of data' is not a row of cells"),
    ],
)
def test_a_wrong_row_is_named_with_its_value_and_what_to_do(tmp_path: Path, row: str, complaint: str) -> None:
    path = written(tmp_path, "terms.csv", f"{TERMS}{row}\n")
    assert complaint in complaints(path)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "empty"),
        (b"material,stage,recycling\n", "'no rows' is not a table with rows below its header"),
        (
            b"material;stage;recycling\nCobalt;P;0,2\n",
            "Separate columns by commas and write decimals with a point",
        ),
        (b"metal,stage\nCobalt,P\n", "is not a header with a column material"),
        (b"material,stage,stage\nCobalt,P,E\n", "is not a header with one column stage"),
        (b"PK\x03\x04 a workbook", "a workbook or archive"),
        ("material,stage\nEisenglühspäne,P\n".encode("latin-1"), "is not UTF-8 text"),
        (b"material,stage\nCob\x1balt,P\n", "Write it on one line."),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    assert complaint in complaints(written(tmp_path, "terms.csv", content))


def test_all_problems_of_all_sheets_are_told_together(folder: Path) -> None:
    terms = written(folder, "terms.csv", TERMS + "Cobalt,P,22,0.98\nNickel,X,0.2,0.9\n")
    shares = written(folder, "shares.csv", SUPPLY + "Cobalt,P,CHN,76\n")
    barriers = written(folder, "barriers.csv", "material,stage,iso3,factor\nCobalt,P,CHN,3\n")
    said = complaints(terms, shares, barriers)
    assert said.startswith("refused, 4 problems")
    for part in ("terms.csv, row 2", "terms.csv, row 3", "shares.csv, row 2", "barriers.csv, row 2"):
        assert part in said


def test_a_material_that_the_terms_do_not_have_is_refused_with_those_they_have(folder: Path) -> None:
    shares = written(folder, "shares.csv", SUPPLY + "Cobald,P,CHN,0.76\n")
    said = complaints(folder / "terms.csv", shares)
    assert "shares.csv, row 2, column material: 'Cobald' is not a material of terms.csv" in said
    assert "it has Cobalt" in said


def test_shares_beyond_a_whole_are_refused_and_rounded_ones_are_not(folder: Path) -> None:
    many = written(folder, "many.csv", SUPPLY + "Cobalt,P,CHN,0.76\nCobalt,P,FIN,0.34\n")
    assert "'1.100 in all, Cobalt, processing, global' is not a sum of at most 1" in complaints(
        folder / "terms.csv", many
    )
    rounded = written(folder, "rounded.csv", SUPPLY + "Cobalt,P,CHN,0.76\nCobalt,P,FIN,0.25\n")
    assert len(supply_risk.read(folder / "terms.csv", rounded).shares) == 2


def test_a_country_is_understood_by_any_name_and_an_unknown_one_is_told_with_the_nearest(
    folder: Path,
) -> None:
    shares = written(
        folder, "shares.csv", SUPPLY + "Cobalt,P,Korea Rep.,0.1\nCobalt,P,NA,0.1\nCobalt,P,zzz,0.1\n"
    )
    assert [row.iso3 for row in supply_risk.read(folder / "terms.csv", shares).shares] == [
        "KOR",
        "NAM",
        "ZZZ",
    ]
    wrong = written(folder, "wrong.csv", SUPPLY + "Cobalt,P,Finnland,0.1\n")
    said = complaints(folder / "terms.csv", wrong)
    assert "column iso3: 'Finnland' is not a country. Write an ISO3 code such as DEU" in said
    assert "FIN" in said


def test_stages_of_one_material_must_agree_on_what_belongs_to_the_material(tmp_path: Path) -> None:
    rows = "A,E,G,3.0\nA,P,H,3.1\nB,E,,\nB,P,,\n"
    said = complaints(written(tmp_path, "terms.csv", "material,stage,group,economic_importance\n" + rows))
    assert "row 3, column group: 'H' is not what row 2 says of A: G" in said
    assert "row 3, column economic_importance: '3.1' is not what row 2 says of A: 3.0" in said
    assert "2 problems" in said


def test_columns_that_are_not_read_are_remembered(tmp_path: Path) -> None:
    path = written(tmp_path, "terms.csv", "material,stage,recyling\nCobalt,P,0.2\n")
    assert supply_risk.read(path).sheets[0].ignored == ("recyling",)


@given(st.binary(max_size=400))
def test_no_bytes_at_all_do_anything_but_be_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("sheet") / "terms.csv"
    path.write_bytes(b"material,stage\n" + content)
    try:
        supply_risk.read(path)
    except SourceError as error:
        assert error.problems  # noqa: PT017 - either outcome is right


@given(st.lists(st.floats(0, 1).map(lambda share: round(share, 6)), min_size=1, max_size=20))
def test_numbers_are_read_as_they_are_written(
    tmp_path_factory: pytest.TempPathFactory, shares: list[float]
) -> None:
    path = tmp_path_factory.mktemp("sheet") / "numbers.csv"
    path.write_text("name,share\n" + "".join(f"x,{share:.6f}\n" for share in shares), encoding="utf-8")
    cells = {"name": words("a name"), "share": number(0, 1, "a share")}
    sheet = read_sheet(path, cells, Problems("numbers.csv"))
    assert [row["share"] for _, row in sheet.rows] == shares
