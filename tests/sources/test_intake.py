"""Claims on the door for foreign files: what may be read at all, and where each limit lies."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources import baci_files
from weaklink.errors import SourceError
from weaklink.sources import intake
from weaklink.sources.intake import FREE_DECODED, MOST_DECODED, MOST_LISTED, MOST_RATIO, Problems


def test_an_ordinary_file_may_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"x")
    assert intake.checked_path(path) == path


def test_what_is_no_ordinary_file_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    """A pipe that is opened would wait for ever; a device would never end."""
    (tmp_path / "empty").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")
    complaints = {
        tmp_path: "a directory",
        tmp_path / "missing": "No such file",
        tmp_path / "empty": "empty",
        tmp_path / "loop": "symbolic links",
        tmp_path / "pipe": "a device or pipe",
        tmp_path / "empty" / "below": "Not a directory",
        tmp_path / ("x" * 300): "too long",
        Path("/dev/zero"): "a device or pipe",
    }
    for path, complaint in complaints.items():
        with pytest.raises(SourceError, match=complaint):
            intake.checked_path(path)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"PAR1....", "parquet"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"PK\x03\x04", "zip"),
        (b"PK\x05\x06", "zip"),
        (b"t,i,j", "text"),
        (b"PK,i,j", "text"),
    ],
)
def test_the_first_bytes_say_what_a_file_is_whatever_its_name(tmp_path: Path, head: bytes, kind: str) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(head)
    assert intake.kind_of(path) == kind


@pytest.mark.parametrize(
    ("grown", "packed", "bomb"),
    [
        (FREE_DECODED, 1, False),
        (FREE_DECODED + 1, 1, True),
        (MOST_RATIO * 10**6, 10**6, False),
        (MOST_RATIO * 10**6 + 1, 10**6, True),
        (MOST_DECODED, MOST_DECODED, False),
        (MOST_DECODED + 1, MOST_DECODED, True),
    ],
)
def test_a_file_may_grow_to_each_limit_and_no_byte_further(grown: int, packed: int, bomb: bool) -> None:
    if bomb:
        with pytest.raises(SourceError, match="looks like a bomb"):
            intake.refuse_growth("a", grown, packed)
    else:
        intake.refuse_growth("a", grown, packed)


@pytest.mark.parametrize(
    "name", ["../a.csv", "a/../../b.csv", "/etc/a.csv", "..\\a.csv", "\\\\host\\a.csv", ".."]
)
def test_a_name_that_leads_out_of_a_zip_is_an_attack(tmp_path: Path, name: str) -> None:
    path = baci_files.zipped(tmp_path, [(name, b"x")])
    with pytest.raises(SourceError, match="looks like an attack"), intake.zip_file(path):
        pass


def test_ordinary_names_in_a_zip_are_none(tmp_path: Path) -> None:
    names = ["a.csv", "b/", "b/a.csv", "b/..a.csv", "c..d/e.csv"]
    with intake.zip_file(baci_files.zipped(tmp_path, [(name, b"") for name in names])) as archive:
        assert archive.namelist() == names


def test_a_name_that_stands_twice_in_a_zip_is_refused(tmp_path: Path) -> None:
    path = baci_files.zipped(tmp_path, [("a.csv", b"x"), ("a.csv", b"y")])
    with pytest.raises(SourceError, match="stands once"), intake.zip_file(path):
        pass


def test_a_member_with_a_password_is_refused(tmp_path: Path) -> None:
    path = baci_files.zipped(tmp_path, [("a.csv", b"x")])
    path.write_bytes(baci_files.locked(path.read_bytes()))
    with (
        pytest.raises(SourceError, match="password"),
        intake.zip_file(path) as archive,
        intake.member_stream(archive, "a.csv") as stream,
    ):
        stream.read()


@pytest.mark.parametrize(
    "packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_damaged_member_is_refused_or_still_what_was_packed(tmp_path: Path, packing: int) -> None:
    text = baci_files.text(baci_files.real_rows())
    path = baci_files.zipped(tmp_path, [("a.csv", text)], packing=packing)
    whole, refused = path.read_bytes(), 0
    for place in range(40, len(whole) // 2, 97):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            with intake.zip_file(path) as archive, intake.member_stream(archive, "a.csv") as stream:
                assert b"".join(iter(stream.read, b"")) == text
        except SourceError:
            refused += 1
    assert refused > 3


@given(st.text())
def test_a_printable_name_keeps_its_length_and_can_be_written_anywhere(name: str) -> None:
    shown = intake.printable(name)
    assert len(shown) == len(name)
    assert shown.isprintable()
    assert intake.printable(shown) == shown
    shown.encode("utf-8")


def test_ten_thousand_problems_are_listed_and_all_are_counted() -> None:
    problems = Problems("a.csv")
    size = MOST_LISTED + 1
    cells = pa.array([str(place) for place in range(size)])
    problems.require(np.zeros(size, dtype=np.bool_), np.arange(size), "v", cells, ("a number", "Mend it."))
    problems.add(None, "", "x", "y", "z")
    assert (len(problems.listed), problems.count) == (MOST_LISTED, MOST_LISTED + 2)
    with pytest.raises(SourceError, match="refused, 10,002 problems"):
        problems.refuse_if_any()


def test_a_file_without_problems_is_not_refused() -> None:
    Problems("a.csv").refuse_if_any()
