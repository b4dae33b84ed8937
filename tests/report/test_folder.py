"""Is a directory written whole or not at all, and is nothing of anybody else's touched?"""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from weaklink.errors import StoreError
from weaklink.report import folder

FILES = {"index.html": b"<head>" + folder.MARK + b'0"></head>', "charts/a.svg": b"<svg/>"}
MADE = frozenset(FILES) | {"charts/b.svg"}


def everything(place: Path) -> dict[str, bytes]:
    return {
        path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()
    }


def test_all_files_are_there_and_no_others(tmp_path: Path) -> None:
    folder.write(tmp_path / "new" / "report", FILES, MADE)
    assert everything(tmp_path) == {f"new/report/{name}": content for name, content in FILES.items()}


def test_an_empty_directory_is_filled(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    folder.write(tmp_path / "report", FILES, MADE)
    assert everything(tmp_path / "report") == FILES


def test_a_report_of_ours_is_replaced_and_what_it_had_more_is_gone(tmp_path: Path) -> None:
    folder.write(tmp_path / "report", {**FILES, "charts/b.svg": b"old"}, MADE)
    folder.write(tmp_path / "report", FILES, MADE)
    assert everything(tmp_path) == {f"report/{name}": content for name, content in FILES.items()}


@pytest.mark.parametrize("stranger", ["thesis.docx", "charts/mine.png", "charts/deep"])
def test_a_directory_with_a_file_of_somebody_else_is_refused(tmp_path: Path, stranger: str) -> None:
    folder.write(tmp_path / "report", FILES, MADE)
    mine = tmp_path / "report" / stranger
    mine.parent.mkdir(exist_ok=True)
    mine.write_bytes(b"years of work")
    before = everything(tmp_path)
    with pytest.raises(
        StoreError, match=rf"holds files that are not of a report: {stranger}\. Nothing was written"
    ):
        folder.write(tmp_path / "report", {"index.html": b""}, MADE)
    assert everything(tmp_path) == before


def test_a_page_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_bytes(b"<h1>My site</h1>")
    with pytest.raises(StoreError, match=r"not of a report: index\.html"):
        folder.write(tmp_path / "site", FILES, MADE)
    assert everything(tmp_path) == {"site/index.html": b"<h1>My site</h1>"}


def test_a_file_in_the_place_of_the_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report").write_bytes(b"a file")
    with pytest.raises(StoreError, match="exists and is not a directory"):
        folder.write(tmp_path / "report", FILES, MADE)
    assert everything(tmp_path) == {"report": b"a file"}


def test_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "report").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="not a directory"):
        folder.write(tmp_path / "report", FILES, MADE)
    assert everything(tmp_path) == {}


def test_the_directory_that_we_stand_in_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match="is the directory you are in"):
        folder.write(Path(), FILES, MADE)


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match=r"no report was written \(.*\)\. It needs 0\.0 MB"):
        folder.write(tmp_path / "file" / "report", FILES, MADE)


def test_a_rename_that_fails_brings_the_old_report_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write(tmp_path / "report", FILES, MADE)
    rename = Path.rename

    def failing(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise OSError(5, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(StoreError, match="Input/output error"):
        folder.write(tmp_path / "report", {"index.html": b"new"}, MADE)
    monkeypatch.undo()
    assert everything(tmp_path) == {f"report/{name}": content for name, content in FILES.items()}


def test_an_old_report_that_cannot_be_brought_back_is_kept_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write(tmp_path / "report", FILES, MADE)
    rename = Path.rename

    def failing(path: Path, target: Path) -> Path:
        if path.name in ("new", "old"):
            raise OSError(5, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(StoreError, match="Input/output error"):
        folder.write(tmp_path / "report", {"index.html": b"new"}, MADE)
    (aside,) = tmp_path.glob(".report-*.partial/old")
    assert everything(aside) == FILES


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
@pytest.mark.parametrize("existing", [False, True])
def test_a_full_disk_leaves_what_was_there(tmp_path: Path, existing: bool) -> None:
    if existing:
        folder.write(tmp_path / "report", FILES, MADE)
    before = everything(tmp_path)
    script = f"""
        import resource
        from pathlib import Path
        from weaklink.errors import StoreError
        from weaklink.report import folder
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        try:
            files = {{"index.html": b"x", "charts/a.svg": b"x" * 5000}}
            folder.write(Path({str(tmp_path / "report")!r}), files, {MADE!r})
        except StoreError as error:
            print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True
    )
    assert "no report was written (File too large)" in done.stdout
    assert everything(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == (["report"] if existing else [])
