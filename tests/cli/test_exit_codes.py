"""Claims on how the command line ends: 2 for what a user can mend, 1 for a defect of ours, 130 for Ctrl-C.

Whatever goes wrong, there is one clear message on standard error, nothing on standard output, no traceback
without --debug, and nothing half-written.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile import commands
from tests.sources import baci_files
from tests.sources.baci_files import NAME, real_rows
from weaklink.store import Store

SCREEN = ("screen", "--year", "2022", "--importer")


def with_line(line: str) -> bytes:
    """A good file but for its fifth line."""
    rows = [",".join(row) for row in real_rows()]
    return "\n".join(["t,i,j,k,v,q", *rows[:3], line, *rows[4:], ""]).encode()


def file(data: bytes, ending: str = ".csv") -> Callable[[Path], Path]:
    return lambda folder: baci_files.release(folder, data, ending)


def directory(folder: Path) -> Path:
    (folder / "in").mkdir(parents=True)
    return folder / "in"


def pipe(folder: Path) -> Path:
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def loop(folder: Path) -> Path:
    folder.mkdir()
    (folder / "loop").symlink_to(folder / "loop")
    return folder / "loop"


BOMB = gzip.compress(bytes(1 << 20)) * 100
BAD_FILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a cut last line": (file(baci_files.text(real_rows())[:-5]), f"row {len(real_rows()) + 1}: "),
    "five digits": (file(with_line("2022,276,251,10121,1,1")), "row 5, column k: '10121'"),
    "a negative value": (file(with_line("2022,276,251,260300,-1,1")), "row 5, column v: '-1'"),
    "an infinite value": (file(with_line("2022,276,251,260300,inf,1")), "row 5, column v: 'inf'"),
    "a duplicate row": (file(with_line(",".join(real_rows()[0]))), "row 5: "),
    "semicolons": (file(baci_files.text(real_rows(), separator=";")), "must be separated by commas"),
    "Latin-1": (file(with_line("2022,276,251,260300,1,1 é").decode().encode("latin-1")), "row 5: "),
    "a gzip bomb": (file(BOMB, ".csv.gz"), "is not a"),
    "a cut gzip": (file(baci_files.packed(baci_files.text(real_rows()))[:-9], ".csv.gz"), "a whole file"),
    "a cut Parquet file": (file(b"PAR1" + bytes(50), ".parquet"), "a whole Parquet file"),
    "an empty file": (file(b""), "'empty' is not a file with data"),
    "a directory": (directory, "'a directory' is not a file"),
    "a pipe": (pipe, "'a device or pipe' is not an ordinary file"),
    "a device": (lambda _: Path("/dev/null"), "'a device or pipe' is not an ordinary file"),
    "a missing file": (lambda folder: folder / "missing.csv", "'No such file or directory'"),
    "a loop of links": (loop, "symbolic links"),
}

BAD_QUESTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "an unknown bloc": ((*SCREEN, "Atlantis"), "Atlantis"),
    "half an expression": ((*SCREEN, "NATO -"), "^"),
    "a day that is none": ((*SCREEN, "NATO@2022-13-01"), "^"),
    "a bloc without a member": ((*SCREEN, "DEU - DEU"), "^"),
    "an unknown product": ((*SCREEN, "DEU", "--product", "999999"), "999999"),
    "a product that is no code": ((*SCREEN, "DEU", "--product", "27x"), "27x"),
    "a year without data": (("screen", "--year", "1890", "--importer", "DEU"), "1890"),
    "a year that is no number": (("screen", "--year", "last", "--importer", "DEU"), "last"),
    "an unknown data set": (
        (*SCREEN, "DEU", "--data", "baci-hs92-material"),
        "Did you mean baci-hs92-materials?",
    ),
    "a share above one": ((*SCREEN, "DEU", "--coverage-floor", "2"), "between 0 and 1"),
    "an unknown column": (
        ("explain", *SCREEN[1:], "DEU", "--product", "271121", "--column", "price"),
        "price",
    ),
    "an output that is a directory": ((*SCREEN, "DEU", "-o", "/"), "/ is a directory"),
    "an output that cannot be": (("blocs", "-o", "/proc/nowhere/a.csv"), "nothing was written"),
    "a day written otherwise": (("blocs", "NATO", "--as-of", "30.11.2022"), "write a day as 2022-11-30"),
    "words that fit no product": (("products", "qqqq zzzz"), "qqqq zzzz"),
    "an unknown command": (("scream",), "scream"),
    "an unknown option": (("blocs", "--colour"), "--colour"),
    "a missing option": (("screen", "--year", "2022"), "--importer"),
    "an unknown data set to remove": (("data", "remove", "mine"), "no data set 'mine'"),
    "a name that could not be asked for": (("data", "add", __file__, "--name", "a,b"), "--name is 'a,b'"),
    "the name of embedded data": (("data", "add", __file__, "--name", "baci-hs92-materials"), "embedded"),
    "an unknown edition": (("data", "add", __file__, "--nomenclature", "HS99"), "HS99"),
    "Comtrade without its edition": (("data", "add", __file__, "--source", "comtrade"), "--nomenclature"),
    "a file that says no edition": (("data", "add", __file__), "--nomenclature HS17"),
}


def assert_refused(done: commands.Done, complaint: str) -> None:
    """One message, and not a word too many."""
    assert done.code == 2, done.err
    assert done.out == ""
    assert complaint in done.err
    assert "Traceback" not in done.err
    assert done.err.count("Error: ") == 1
    assert done.err.startswith(("Error: ", "Usage: "))


@pytest.mark.parametrize("kind", sorted(BAD_FILES))
def test_a_bad_file_ends_with_2_one_message_and_an_empty_store(tmp_path: Path, kind: str) -> None:
    made, complaint = BAD_FILES[kind]
    path, store = made(tmp_path / "in"), tmp_path / "store"
    done = commands.run("data", "add", path, "--nomenclature", "HS92", "--vintage", "V202401b", store=store)
    assert_refused(done, complaint)
    assert path.name in done.err
    assert not store.exists() or commands.left_in(store) == []


@pytest.mark.parametrize("kind", sorted(BAD_QUESTIONS))
def test_a_bad_question_ends_with_2_and_one_message(tmp_path: Path, kind: str) -> None:
    words, complaint = BAD_QUESTIONS[kind]
    assert_refused(commands.run(*words, store=tmp_path / "store"), complaint)
    assert list(tmp_path.iterdir()) == []


def test_two_vintages_of_one_source_end_with_2(tmp_path: Path) -> None:
    store = tmp_path / "store"
    for year, vintage in ((2022, "V202401b"), (2021, "V202501")):
        rows = [(str(year), *row[1:]) for row in real_rows()]
        data = baci_files.release(tmp_path / vintage, baci_files.text(rows))
        table = data.with_name(baci_files.COUNTRY_TABLE)
        data = data.rename(data.with_name(f"BACI_HS92_Y{year}_{vintage}.csv"))
        table.rename(table.with_name(f"country_codes_{vintage}.csv"))
        assert commands.run("data", "add", data, store=store).code == 0
    words = (*SCREEN, "DEU", "--data", "baci-hs92-v202401b,baci-hs92-v202501")
    assert_refused(commands.run(*words, store=store), "--mix-vintages")
    assert commands.run(*words, "--mix-vintages", store=store).code == 0


def test_check_lists_every_problem_and_ends_with_2_or_with_0_where_there_is_none(tmp_path: Path) -> None:
    bad = baci_files.release(tmp_path / "bad", with_line("2022,276,251,10121,-1,some"))
    done = commands.run("data", "check", bad, "--format", "csv", store=tmp_path / "store")
    assert done.code == 2
    assert [line.split(",")[1:3] for line in done.out.splitlines()[1:]] == [
        ["5", "k"],
        ["5", "v"],
        ["5", "q"],
    ]
    good = baci_files.release(tmp_path / "good", baci_files.text(real_rows()))
    done = commands.run("data", "check", good, store=tmp_path / "store")
    assert (done.code, f"{len(real_rows())} flows, fit to be added" in done.out) == (0, True)
    assert not (tmp_path / "store").exists()


def test_a_file_whose_name_is_not_utf8_is_told_and_can_be_added(tmp_path: Path) -> None:
    path = baci_files.release(tmp_path, baci_files.text(real_rows()))
    odd = path.rename(tmp_path / os.fsdecode(b"\xe9t\xe9-" + os.fsencode(path.name)))
    done = commands.run("data", "add", odd, store=tmp_path / "store")
    assert done.code == 0, done.err
    (snapshot,) = Store(tmp_path / "store").snapshots()
    assert NAME in snapshot.card.what
    odd.write_bytes(b"x")
    assert_refused(commands.run("data", "add", odd, store=tmp_path / "store"), NAME)


# --- our own defects, and interruption

BROKEN = """
import sys
from weaklink.cli.main import main
from weaklink.study import ingest
def broken(*_given):
    raise {failure}
ingest.add = broken
main(sys.argv[1:])
"""


def broken(failure: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `data add` with something inside that fails."""
    return subprocess.run(
        [sys.executable, "-c", BROKEN.format(failure=failure), "data", "add", "a.csv", *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("failure", ["KeyError('x')", "AssertionError()", "MemoryError()", "OSError(5, 'x')"])
def test_a_defect_of_ours_ends_with_1_and_says_so_without_a_traceback(failure: str) -> None:
    done = broken(failure, WEAKLINK_DEBUG="")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("This is a defect of weaklink, not of your input: ")
    assert failure.partition("(")[0] in done.stderr
    assert "--debug shows the traceback" in done.stderr
    assert "Traceback" not in done.stderr


def test_debug_shows_the_traceback_wherever_it_stands_and_from_the_environment() -> None:
    for done in (broken("KeyError()", "--debug"), broken("KeyError()", WEAKLINK_DEBUG="1")):
        assert done.returncode == 1
        assert "Traceback (most recent call last)" in done.stderr


def test_an_interruption_ends_with_130_and_one_line() -> None:
    done = broken("KeyboardInterrupt()")
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.strip() == "Interrupted; nothing half-written was left."


# --- starting up

HEAVY = ("numpy", "pyarrow", "rapidfuzz", "jinja2", "rich", "vl_convert", "weaklink.flows", "weaklink.tables")
LOADED = f"""
import sys
{{start}}
print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)
"""
HELPED = """
from weaklink.cli.main import main
try:
    main({words})
except SystemExit as ended:
    assert ended.code == 0
"""


@pytest.mark.parametrize(
    "start",
    [
        "import weaklink",
        *(
            HELPED.format(words=words)
            for words in (["--help"], ["--version"], ["screen", "--help"], ["data", "-h"])
        ),
    ],
    ids=["import", "--help", "--version", "screen --help", "data -h"],
)
def test_starting_up_loads_nothing_heavy(start: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(start=start)], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"
