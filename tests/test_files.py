"""Claims on writing a file: whole or not at all, and nothing left of what was not finished."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weaklink.errors import StoreError
from weaklink.files import PARTIAL, sweep, write_bytes, written_whole


@given(st.binary(max_size=1000), st.binary(max_size=1000))
def test_what_is_written_is_what_is_read_and_replaces_what_was(
    tmp_path_factory: pytest.TempPathFactory, first: bytes, second: bytes
) -> None:
    path = tmp_path_factory.mktemp("files") / "new" / "a.txt"
    for data in (first, second):
        write_bytes(path, data)
        assert path.read_bytes() == data
    assert list(path.parent.iterdir()) == [path]


def test_others_may_read_what_was_written(tmp_path: Path) -> None:
    """A temporary file may be read by its owner alone; a report is for all."""
    write_bytes(tmp_path / "a.txt", b"x")
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o644


def test_a_writer_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_bytes(path, b"old")
    for failure in (RuntimeError("ours"), KeyboardInterrupt()):
        with pytest.raises(type(failure)):
            fail_half_way(tmp_path, failure)
        assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old", [path])


def fail_half_way(folder: Path, failure: BaseException) -> None:
    with written_whole(folder) as temporary:
        temporary.write_bytes(b"half of the n")
        raise failure


def test_a_place_that_cannot_be_written_to_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    places = {
        tmp_path: "is a directory; name a file in it",
        tmp_path / "file" / "a.txt": "nothing was written .*(Not a directory|File exists)",
        tmp_path / "loop": "nothing was written .*symbolic links|Symlink loop",
        tmp_path / "loop" / "a.txt": "nothing was written .*symbolic links|Symlink loop",
        tmp_path / ("x" * 300): "nothing was written .*too long",
        Path("/proc/nowhere/a.txt"): "nothing was written",
    }
    for path, complaint in places.items():
        with pytest.raises(StoreError, match=complaint):
            write_bytes(path, b"x")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "loop"]


def test_a_device_or_pipe_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path / "link"):
        with pytest.raises(StoreError, match="is a device or pipe"):
            write_bytes(path, b"x")
        assert path.is_fifo()


def test_a_link_stays_and_the_file_that_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(Path("folder") / "a.txt")
    for data in (b"new", b"newer"):
        write_bytes(tmp_path / "link", data)
        assert (tmp_path / "folder" / "a.txt").read_bytes() == data
    assert (tmp_path / "link").is_symlink()


def test_the_leftovers_of_dead_writers_are_swept_and_those_of_living_ones_are_not(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    kept = [
        f"{os.getpid()}-a{PARTIAL}",
        f"1-b{PARTIAL}",
        f"mine{PARTIAL}",
        f"2022-mine{PARTIAL}.csv",
        "2022-a.csv",
    ]
    swept = [f"{gone.pid}-c{PARTIAL}", f"{10**30}-d{PARTIAL}"]
    for name in (*kept, *swept):
        (tmp_path / name).touch()
    sweep(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(kept)


def test_sweeping_a_directory_that_is_not_there_does_nothing(tmp_path: Path) -> None:
    sweep(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
