"""Claims on unfinished work: it is found again after an interruption, and never by two at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from weaklink.workplace import LOCKS, workplace

locks = pytest.mark.skipif(not LOCKS, reason="directories cannot be locked here")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store" / "unfinished"


def worked(folder: Path, key: str, end: type[BaseException]) -> None:
    """Work that leaves a file and then ends so."""
    with workplace(folder, key) as place:
        (place / "work").touch()
        raise end


def interrupted(folder: Path, key: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        worked(folder, key, KeyboardInterrupt)


def test_finished_work_leaves_nothing(folder: Path) -> None:
    with workplace(folder, "a") as place:
        (place / "work").touch()
    assert not folder.parent.exists()


def test_failed_work_leaves_nothing(folder: Path) -> None:
    with pytest.raises(MemoryError):
        worked(folder, "a", MemoryError)
    assert not folder.parent.exists()


def test_what_else_stands_beside_it_stays(folder: Path) -> None:
    with workplace(folder, "a"):
        (folder.parent / "snapshots").mkdir()
    assert [one.name for one in folder.parent.iterdir()] == ["snapshots"]


@locks
def test_interrupted_work_is_found_again_under_its_key(folder: Path) -> None:
    interrupted(folder, "a")
    with workplace(folder, "a") as place:
        assert [one.name for one in place.iterdir()] == ["work"]
    assert not folder.parent.exists()


@locks
def test_the_leftovers_of_other_work_are_removed(folder: Path) -> None:
    interrupted(folder, "a")
    with workplace(folder, "b") as place:
        assert list(folder.iterdir()) == [place]
        assert list(place.iterdir()) == []


@locks
def test_two_who_have_the_same_work_have_a_place_each(folder: Path) -> None:
    interrupted(folder, "a")
    with workplace(folder, "a") as mine, workplace(folder, "a") as other:
        assert mine != other
        assert (len(list(mine.iterdir())), len(list(other.iterdir()))) == (1, 0)
    assert not folder.parent.exists()


@locks
def test_work_that_is_going_on_is_not_swept(folder: Path) -> None:
    with workplace(folder, "a") as mine:
        with workplace(folder, "b"):
            assert mine.is_dir()
        assert mine.is_dir()


KILLED = """
import os, signal, sys
from pathlib import Path
from weaklink.workplace import workplace
with workplace(Path(sys.argv[1]), "a") as place:
    (place / "work").touch()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@locks
def test_the_lock_of_a_killed_process_is_taken_from_it(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False)
    assert done.returncode == -signal.SIGKILL
    with workplace(folder, "a") as place:
        assert (place / "work").exists()


@locks
def test_of_many_who_come_and_go_none_meets_another(folder: Path) -> None:
    """Six processes at two pieces of work; each finds its directory empty and its own to the end."""
    program = """
import os, sys, time
from pathlib import Path
from weaklink.workplace import workplace
for _ in range(20):
    with workplace(Path(sys.argv[1]), sys.argv[2]) as place:
        mine = place / str(os.getpid())
        mine.touch()
        time.sleep(0.002)
        assert os.listdir(place) == [str(os.getpid())], os.listdir(place)
"""
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(folder), "ab"[number % 2]], stderr=subprocess.PIPE
        )
        for number in range(6)
    ]
    told = [worker.communicate()[1].decode() for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * 6, told
    assert not folder.parent.exists()


@pytest.mark.skipif(os.name != "posix" or os.getuid() == 0, reason="root may write anywhere")
def test_a_place_that_may_not_be_written_is_an_oserror(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OSError, match="denied"), workplace(tmp_path / "store" / "unfinished", "a"):
        pass
