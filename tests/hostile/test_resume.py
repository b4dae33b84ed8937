"""Claims on going on after an interruption: what was checked is not checked again, and the answer is the same."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from tests.hostile import commands
from tests.sources import baci_files
from weaklink.errors import SourceError
from weaklink.sources import baci_plain, lines
from weaklink.sources.runs import Batch
from weaklink.store import Store
from weaklink.study.ingest import Upload, add

KILLS = int(os.environ.get("WEAKLINK_KILLS", "15"))
YEARS = (2019, 2020, 2021)

posix = pytest.mark.skipif(os.name != "posix", reason="signals, locks and terminals are those of POSIX")

# The command line with blocks of 32 kB, so that a small file has many, and slowed down between them.
SMALL_BLOCKS = """
import sys, time
from weaklink.sources import lines, spilled
from weaklink.cli.main import main
lines.BLOCK = 1 << 15
pause = float(sys.argv.pop(1))
put = spilled.Spilled.put
def slow(*given):
    put(*given)
    time.sleep(pause)
spilled.Spilled.put = slow
main()
"""

SOON = 20  # seconds that an interruption may take with other tests beside it; alone it takes less than one


def small_blocks(pause: float) -> tuple[str, ...]:
    return sys.executable, "-c", SMALL_BLOCKS, str(pause)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zip of three years, some forty blocks of 32 kB."""
    rows = {year: baci_files.text(baci_files.real_rows(15_000, year)) for year in YEARS}
    members = [(baci_files.NAME.replace("2022", str(year)) + ".csv", data) for year, data in rows.items()]
    folder = tmp_path_factory.mktemp("release")
    return baci_files.zipped(folder, [*members, (baci_files.COUNTRY_TABLE, baci_files.country_table())])


@pytest.fixture(scope="module")
def right(release: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The snapshot of an undisturbed run."""
    return add(Upload(release), tmp_path_factory.mktemp("right")).path.read_bytes()


def started(release: Path, store: Store, pause: float) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*small_blocks(pause), "data", "add", str(release), "--store", str(store.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=commands.interruptible,  # noqa: PLW1509 - it calls nothing that threads hold
    )


def unfinished(store: Store) -> int:
    """How many runs the journals of unfinished work name."""
    journals = (store.root / "unfinished").glob("*/runs.jsonl")
    return sum(path.read_bytes().count(b"\n") for path in journals)


def wait_for(store: Store, runs: int, process: subprocess.Popen[bytes]) -> None:
    while unfinished(store) < runs:
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        time.sleep(0.005)


@posix
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_what_was_checked_before_an_interruption_is_not_checked_again(
    release: Path, right: bytes, store: Store, monkeypatch: pytest.MonkeyPatch, how: signal.Signals
) -> None:
    process = started(release, store, pause=0.05)
    wait_for(store, 6, process)
    began = time.monotonic()
    process.send_signal(how)
    out, err = process.communicate()
    assert time.monotonic() - began < SOON
    assert (process.returncode, out) == (130 if how == signal.SIGINT else -how, b"")
    assert err.decode().strip() == (
        "Interrupted; nothing half-written was left." if how == signal.SIGINT else ""
    )
    assert store.snapshots() == ()
    kept = unfinished(store)
    assert kept >= 6

    parsed: list[int] = []
    real = baci_plain.batch

    def counted(body: lines.Body, codes: baci_plain.Codes, file: str) -> Batch | None:
        parsed.append(body.row)
        return real(body, codes, file)

    monkeypatch.setattr(lines, "BLOCK", 1 << 15)
    monkeypatch.setattr(baci_plain, "batch", counted)
    said: list[str] = []
    snapshot = add(Upload(release), store.root, say=said.append)
    blocks = kept + len(parsed)
    assert said == [f"Going on from {kept} blocks that were checked before an interruption."]
    assert blocks > 30
    assert snapshot.path.read_bytes() == right  # where blocks end makes no difference
    assert not (store.root / "unfinished").exists()


@posix
def test_the_command_says_that_it_goes_on(release: Path, store: Store) -> None:
    process = started(release, store, pause=0.05)
    wait_for(store, 3, process)
    process.kill()
    process.communicate()
    done = commands.run("data", "add", release, store=store.root, program=small_blocks(0))
    assert done.code == 0
    assert re.fullmatch(r"Going on from \d+ blocks that were checked before an interruption\.\n", done.err)


@posix
@pytest.mark.slow
def test_killed_again_and_again_it_ends_with_the_same_snapshot(
    release: Path, right: bytes, store: Store
) -> None:
    """WEAKLINK_KILLS says how often at most; each try goes on where the last was killed, so they end."""
    random, before = Random(4), 0
    for _ in range(KILLS):
        process = started(release, store, pause=0.02)
        time.sleep(random.uniform(0.4, 0.9))
        process.kill()
        process.communicate()
        for one in store.snapshots():
            assert one.path.read_bytes() == right
        if store.snapshots():
            break
        assert unfinished(store) >= before  # nothing that was whole is lost
        before = unfinished(store)
    assert commands.run("data", "add", release, store=store.root).code == 0
    assert [one.path.read_bytes() for one in store.snapshots()] == [right]
    assert commands.left_in(store.root) == [f"snapshots/{store.snapshots()[0].path.name}"]


@posix
def test_a_run_that_was_changed_meanwhile_is_made_again(release: Path, right: bytes, store: Store) -> None:
    process = started(release, store, pause=0.05)
    wait_for(store, 4, process)
    process.kill()
    process.communicate()
    for path in (store.root / "unfinished").glob("*/*.run"):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    done = commands.run("data", "add", release, store=store.root, program=small_blocks(0))
    assert done.code == 0
    assert store.snapshots()[0].path.read_bytes() == right


@posix
@pytest.mark.parametrize("year", [2019, 2022])
def test_another_file_does_not_go_on_and_what_the_first_left_is_swept(
    release: Path, store: Store, tmp_path: Path, year: int
) -> None:
    process = started(release, store, pause=0.5)
    wait_for(store, 1, process)
    process.kill()
    process.communicate()
    file = baci_files.release(tmp_path, baci_files.text(baci_files.real_rows(year=year)))
    done = commands.run("data", "add", file, store=store.root)
    assert (done.code, done.err) == (0, "")
    assert not (store.root / "unfinished").exists()


@posix
def test_the_same_file_with_another_country_table_does_not_go_on(store: Store, tmp_path: Path) -> None:
    """Germany's and France's numbers exchanged: the same text says other things."""
    rows = [row for row in baci_files.real_rows(3_000) if not {"276", "251"} & set(row[1:3])]
    rows += [("2022", "276", "842", "010121", "1.000", "NA")]
    data = baci_files.release(tmp_path, baci_files.text(rows))
    process = started(data, store, pause=0.5)
    wait_for(store, 1, process)
    process.kill()
    process.communicate()
    table = tmp_path / "table.csv"
    table.write_bytes(baci_files.country_table({**baci_files.numbers(), "DEU": "251", "FRA": "276"}))
    said: list[str] = []
    snapshot = add(Upload(data, country_codes=table), store.root, say=said.append)
    assert said == []
    flows = snapshot.flows().of_products(["010121"])
    assert flows.where(flows.flags(["FRA"])[flows.exporter]).value_usd.tolist() == [1000]


@posix
def test_a_file_with_problems_leaves_nothing_to_go_on_from(store: Store, tmp_path: Path) -> None:
    rows = [*baci_files.real_rows(), baci_files.real_rows()[0]]
    for data in (baci_files.text([*rows, ("2022", "x", "276", "1", "1", "1")]), baci_files.text(rows)):
        path = baci_files.release(tmp_path / "in", data)
        with pytest.raises(SourceError):
            add(Upload(path), store.root)
        assert not store.root.exists()


@posix
def test_lack_of_room_is_told_before_anything_is_read(
    release: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = commands.run("data", "add", release, store=store.root, program=NO_ROOM)
    assert (done.code, done.out) == (2, "")
    assert re.search(
        r"snapshots: nothing was written \(No space left on device: \d MB are needed, 0 MB are free\)",
        done.err,
    )
    assert not store.root.exists()


NO_ROOM = (
    sys.executable,
    "-c",
    "import shutil; from weaklink.cli.main import main\n"
    "shutil.disk_usage = lambda _place: shutil._ntuple_diskusage(9, 9, 9); main()",
)


@posix
def test_progress_is_shown_to_a_person_who_watches(release: Path, store: Store) -> None:
    """On a pseudo-terminal: it begins, grows, ends at a hundred, and none of it is in standard output."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [*small_blocks(0.01), "data", "add", str(release), "--store", str(store.root)],
        stdout=subprocess.PIPE,
        stderr=follower,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(follower)
    shown = b""
    while piece := _read(leader):
        shown += piece
    os.close(leader)
    out = process.communicate()[0].decode()
    assert process.returncode == 0
    percents = [int(found) for found in re.findall(rb"(\d+)%", shown)]
    assert b"Reading BACI_HS92_V202401b.zip" in shown
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert len(set(percents)) > 10
    assert re.fullmatch(r"baci-hs92-v202401b: 45,000 flows, 2019 to 2021.*\nAsk it with.*\n", out)


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 1 << 16)
    except OSError:  # how Linux says that nobody writes any more
        return b""
