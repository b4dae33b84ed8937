"""Claims on what stands in the store after a crash: the old state or the new one, and no repair is needed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest

from tests.hostile import commands
from tests.sources import baci_files
from weaklink.errors import RequestError
from weaklink.files import PARTIAL
from weaklink.store import Store
from weaklink.study.datasets import chosen, embedded_snapshot
from weaklink.study.ingest import Upload, add
from weaklink.study.question import Question

KILLS = int(os.environ.get("WEAKLINK_KILLS", "15"))
YEARS = range(2018, 2024)

posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits are those of POSIX")
root = pytest.mark.skipif(
    os.name != "posix" or os.getuid() != 0, reason="only root may mount and become nobody"
)

SOON = 20  # seconds that an interruption may take with other tests beside it; alone it takes less than one


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About 300,000 real flows as a CSV with ISO3 letters, which needs no country table."""
    table = embedded_snapshot().flows(list(YEARS)).to_arrow()
    known = pc.and_(pc.not_equal(table["importer"], "ZZZ"), pc.not_equal(table["exporter"], "ZZZ"))
    table = table.filter(known)
    columns = {
        "t": table["year"],
        "i": table["exporter"].cast(pa.string()),
        "j": table["importer"].cast(pa.string()),
        "k": table["product"].cast(pa.string()),
        "v": pc.divide(table["value_usd"].cast(pa.float64()), 1000.0),
        "q": pc.divide(table["quantity_kg"].cast(pa.float64()), 1000.0),
    }
    path = tmp_path_factory.mktemp("big") / "BACI_HS92_Y2018_V202401b.csv"
    pyarrow.csv.write_csv(
        pa.table(columns), path, pyarrow.csv.WriteOptions(quoting_style="none", quoting_header="none")
    )
    assert table.num_rows > 290_000
    return path


@pytest.fixture
def old(store: Store) -> Store:
    """A store that already holds a small data set, the old state."""
    flows = embedded_snapshot().flows([2000])
    card = replace(embedded_snapshot().card, name="old", years=(2000,), rows=len(flows))
    store.add(flows, card, [], {})
    return store


def names(store: Store) -> list[str]:
    """The data sets, each verified; what a killed writer left is nothing but its temporary file."""
    for name in commands.left_in(store.folder):
        assert name.endswith((".parquet", PARTIAL))
    found = store.snapshots()
    assert [one.state() for one in found] == ["intact"] * len(found)
    for one in found:
        assert len(one.flows()) == one.card.rows
    return [one.card.name for one in found]


@posix
@pytest.mark.slow
def test_killed_at_any_moment_it_leaves_the_old_state_or_the_new_one(old: Store, big: Path) -> None:
    """WEAKLINK_KILLS says how often; the moments spread over the whole time that an undisturbed run takes."""
    began = time.monotonic()
    assert commands.run("data", "add", big, "--name", "new", store=old.root).code == 0
    whole = time.monotonic() - began
    old.remove("new")

    random, seen = Random(6), []
    for kill in range(KILLS):
        process = commands.start("data", "add", big, "--name", "new", store=old.root)
        time.sleep(whole * random.uniform(0.3 if kill % 2 else 0.75, 1.05))
        process.kill()
        process.wait()
        seen.append(names(old))
        assert seen[-1] in (["old"], ["new", "old"])
        if "new" in seen[-1]:
            old.remove("new")
            whole *= 0.8  # it was measured in a slow moment of the machine
    assert ["old"] in seen  # else it was never killed in time

    assert commands.run("data", "verify", store=old.root).code == 0
    assert commands.run("data", "add", big, "--name", "new", store=old.root).code == 0
    assert names(old) == ["new", "old"]
    assert not [name for name in commands.left_in(old.folder) if name.endswith(PARTIAL)]


DIE = """
import os, signal, sys
import pyarrow.parquet as pq
from pathlib import Path
from weaklink import files, snapshotfile
from weaklink.cli.main import main
from weaklink.sources import merging, spilled

def die(*_ignored, **_also):
    os.kill(os.getpid(), signal.SIGKILL)

def half_a_run(path, arrays):
    written(path, arrays[:-1])
    die()

written = spilled._written
match sys.argv.pop(1):
    case "while a run is written": spilled._written = half_a_run
    case "before the runs are merged": merging.Merging.__init__ = die
    case "before it writes": pq.ParquetWriter = die
    case "half written": pq.ParquetWriter.add_key_value_metadata = die
    case "before the seal": snapshotfile._seal = die
    case "before it is flushed": os.fsync = die
    case "before the rename": Path.replace = die
    case "after the rename": files.sync_folder = die
main()
"""


@posix
@pytest.mark.parametrize(
    ("step", "state", "checked"),
    [
        ("while a run is written", ["old"], 0),
        ("before the runs are merged", ["old"], 1),
        ("before it writes", ["old"], 1),
        ("half written", ["old"], 1),
        ("before the seal", ["old"], 1),
        ("before it is flushed", ["old"], 1),
        ("before the rename", ["old"], 1),
        ("after the rename", ["new", "old"], 1),
    ],
)
def test_killed_at_each_step_it_leaves_a_whole_state_and_the_next_goes_on(
    old: Store, tmp_path: Path, step: str, state: list[str], checked: int
) -> None:
    data = baci_files.release(tmp_path / "new", baci_files.text(baci_files.real_rows(100)))
    program = (sys.executable, "-c", DIE, step)
    done = commands.run("data", "add", data, "--name", "new", store=old.root, program=program)
    assert done.code == -signal.SIGKILL
    assert names(old) == state
    said: list[str] = []
    add(Upload(data, name="new"), old.root, say=said.append)
    assert said == [f"Going on from {checked} block that was checked before an interruption."] * checked
    assert names(old) == ["new", "old"]
    assert not [name for name in commands.left_in(old.root) if not name.endswith(".parquet")]
    assert not (old.root / "unfinished").exists()


def test_of_two_who_add_one_data_set_at_once_both_have_it(store: Store, big: Path) -> None:
    writers = [commands.start("data", "add", big, "--name", "new", store=store.root) for _ in range(2)]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert names(store) == ["new"]
    assert len(commands.left_in(store.folder)) == 1


def test_two_who_add_different_tables_of_one_year_at_once_never_give_a_mixed_answer(
    store: Store, tmp_path: Path
) -> None:
    """One is refused; or, where both looked before either had written, a question to the two is."""
    files = [
        baci_files.release(tmp_path / str(count), baci_files.text(baci_files.real_rows(count)))
        for count in (300, 301)
    ]
    writers = [commands.start("data", "add", path, "--name", "new", store=store.root) for path in files]
    codes = sorted(writer.wait() for writer in writers)
    found = store.snapshots()
    assert (codes, len(found)) in (([0, 2], 1), ([0, 0], 2))
    if len(found) == 2:
        with pytest.raises(RequestError, match="have the year 2022"):
            chosen(Question("DEU", 2022, data="new", store=store.root))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs Linux to see which file is open")
def test_ctrl_c_answers_soon_and_leaves_the_old_state(old: Store, big: Path) -> None:
    """On a busy machine the whole work may be done before the signal arrives: then it is tried again."""
    for _ in range(5):
        code, out, err = _interrupted(old, big)
        if code == 130:
            break
        old.remove("new")
    assert (code, out) == (130, "")
    assert err.strip() == "Interrupted; nothing half-written was left."
    assert names(old) == ["old"]
    assert len(commands.left_in(old.folder)) == 1


def _interrupted(store: Store, big: Path) -> tuple[int, str, str]:
    """Add a file and interrupt that as soon as the file is open: exit code and what was printed."""
    process = subprocess.Popen(
        [*commands.WEAKLINK, "data", "add", str(big), "--name", "new", "--store", str(store.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=commands.interruptible,  # noqa: PLW1509 - it calls nothing that threads hold
    )
    while process.poll() is None and str(big) not in _open_files(process.pid):
        time.sleep(0.001)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert time.monotonic() - began < SOON
    return process.returncode, out, err


def _open_files(process: int) -> set[str]:
    found = set()
    for link in Path(f"/proc/{process}/fd").iterdir():
        try:
            found.add(str(link.readlink()))
        except OSError:  # closed meanwhile
            continue
    return found


# --- no room, no permission


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    place = tmp_path / "small"
    place.mkdir()
    mount = shutil.which("mount")
    done = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if not done or done.returncode:
        pytest.skip("no file system may be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@root
def test_a_full_disk_is_one_clear_error_and_nothing_is_left(
    big: Path, small_disk: Path, tmp_path: Path
) -> None:
    store = Store(small_disk / "store")
    little = baci_files.release(tmp_path / "little", baci_files.text(baci_files.real_rows()))
    assert commands.run("data", "add", little, "--name", "old", store=store.root).code == 0
    done = commands.run("data", "add", big, "--name", "new", store=store.root)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"Error: {store.folder}: nothing was written (")
    assert "No space left on device" in done.err
    assert "Check free space" in done.err
    assert names(store) == ["old"]
    assert len(commands.left_in(store.folder)) == 1


@posix
def test_a_limit_on_the_size_of_files_is_one_clear_error_and_nothing_is_left(old: Store, big: Path) -> None:
    limited = ("sh", "-c", 'ulimit -f 200; exec "$@"', "sh", *commands.WEAKLINK)
    done = commands.run("data", "add", big, "--name", "new", store=old.root, program=limited)
    assert (done.code, done.out) == (2, "")
    assert "nothing was written (" in done.err
    assert "File too large" in done.err
    assert names(old) == ["old"]
    assert len(commands.left_in(old.folder)) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "words",
    [
        ("data", "list"),
        ("screen", "--importer", "DEU", "--year", "2022", "--format", "parquet"),
    ],
)
def test_a_full_disk_behind_standard_output_is_one_clear_error(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = commands.run(*words, store=tmp_path / "store", out=Path("/dev/full"))
    assert done.code == 2
    assert done.err == "Error: standard output: No space left on device. Check the space where it goes.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_what_was_stored_stays_where_only_its_report_finds_no_room(store: Store, tmp_path: Path) -> None:
    data = baci_files.release(tmp_path / "new", baci_files.text(baci_files.real_rows()))
    done = commands.run("data", "add", data, "--name", "new", store=store.root, out=Path("/dev/full"))
    assert done.code == 2
    assert names(store) == ["new"]


@posix
@pytest.mark.parametrize("words", ["data list --format csv", "blocs"])
def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path, words: str) -> None:
    """As `head` is; the pipe is closed before the first line."""
    line = f'"$@" {words} | true; exit "${{PIPESTATUS[0]}}"'
    bash = ["bash", "-c", line, "bash", *commands.WEAKLINK]
    done = subprocess.run(
        bash, env={**os.environ, "WEAKLINK_STORE": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "defect" in done.stderr) == (0, False)


@posix
def test_a_closed_standard_output_is_one_clear_error(tmp_path: Path) -> None:
    closed = ("sh", "-c", 'exec "$@" >&-', "sh", *commands.WEAKLINK)
    done = commands.run("data", "list", store=tmp_path, program=closed)
    assert (done.code, done.err) == (2, "Error: standard output: closed. Give --output FILE.\n")


@root
def test_no_permission_is_one_clear_error_each_and_nothing_changes(old: Store, tmp_path: Path) -> None:
    """By somebody else than the owner of the store, who may look but not write; then who may not even look."""
    for folder in (*list(tmp_path.parents)[:-2], tmp_path):
        folder.chmod(folder.stat().st_mode | 0o755)
    data = baci_files.release(tmp_path / "new", baci_files.text(baci_files.real_rows()))
    secret = baci_files.release(tmp_path / "secret", baci_files.text(baci_files.real_rows()))
    secret.chmod(0o600)
    before = commands.left_in(tmp_path)
    asked = {
        "nothing was written (Permission denied)": ("data", "add", data, "--name", "new"),
        "not removed (Permission denied)": ("data", "remove", "old"),
        "is not readable": ("data", "add", secret),
        f"{tmp_path}: nothing was written (Permission denied)": ("data", "list", "-o", tmp_path / "list.csv"),
    }
    for complaint, words in asked.items():
        done = commands.run(*words, store=old.root, program=commands.NOBODY)
        assert (done.code, done.out) == (2, ""), done.err
        assert complaint in done.err
        assert "Traceback" not in done.err
    old.folder.chmod(0o700)
    done = commands.run("data", "list", store=old.root, program=commands.NOBODY)
    assert (done.code, done.out) == (2, "")
    assert "cannot be listed (Permission denied)" in done.err
    assert commands.left_in(tmp_path) == before
    assert names(old) == ["old"]


def test_a_store_in_a_place_that_cannot_be_is_one_clear_error(tmp_path: Path) -> None:
    data = baci_files.release(tmp_path / "new", baci_files.text(baci_files.real_rows()))
    (tmp_path / "file").touch()
    done = commands.run("data", "add", data, store=tmp_path / "file" / "store")
    assert (done.code, done.out, "Traceback" in done.err) == (2, "", False)
    assert "Not a directory" in done.err


def test_a_tampered_snapshot_is_told_by_verify_with_exit_code_2(old: Store) -> None:
    (snapshot,) = old.snapshots()
    data = bytearray(snapshot.path.read_bytes())
    data[len(data) // 2] ^= 1
    snapshot.path.write_bytes(data)
    done = commands.run("data", "verify", "--format", "csv", store=old.root)
    assert done.code == 2
    told = [line for line in done.out.splitlines() if "damaged" in line]
    assert len(told) == 1
    assert told[0].startswith(f"old,{snapshot.card.sha256},damaged: its sha256 is now ")
    snapshot.path.write_bytes(data[:1000])
    done = commands.run("data", "verify", store=old.root)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"Error: {snapshot.path}: damaged (")
