"""Claims on large files: ten times the years take no more memory."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.hostile import commands
from tests.sources import baci_files
from weaklink.store import Store

ROWS = 15_000
MARGIN = 30  # MB; a million flows more, held in memory, took 200


def release(folder: Path, years: Iterable[int]) -> Path:
    """The same flows in each year, in a zip as CEPII releases it."""
    text = baci_files.text(baci_files.real_rows(ROWS))
    members = [
        (baci_files.NAME.replace("2022", str(year)) + ".csv", text.replace(b"\n2022,", f"\n{year},".encode()))
        for year in years
    ]
    return baci_files.zipped(folder, [*members, (baci_files.COUNTRY_TABLE, baci_files.country_table())])


@pytest.mark.slow
@pytest.mark.parametrize("command", ["add", "check"])
def test_the_peak_of_memory_does_not_grow_with_the_years(tmp_path: Path, command: str) -> None:
    peaks = []
    for count in (5, 50):
        path = release(tmp_path / str(count), range(1950, 1950 + count))
        done = commands.run("data", command, path, store=tmp_path / f"store {count}")
        assert done.code == 0, done.err
        assert f"{ROWS * count:,} flows" in done.out + done.err
        peaks.append(done.megabytes)
    assert peaks[1] < peaks[0] + MARGIN


def test_a_hundred_years_at_once_are_one_snapshot_with_each_year_whole(tmp_path: Path) -> None:
    years = range(1920, 2020)
    text = baci_files.text(baci_files.real_rows())
    rows = b"".join(
        text.replace(b"\n2022,", f"\n{year},".encode()).partition(b"\n")[2] for year in reversed(years)
    )
    path = baci_files.release(tmp_path / "in", text.partition(b"\n")[0] + b"\n" + rows)
    assert commands.run("data", "add", path, store=tmp_path / "store").code == 0
    (snapshot,) = Store(tmp_path / "store").snapshots()
    assert snapshot.card.years == tuple(years)
    for year in (1920, 1999, 2019):
        found = baci_files.found(snapshot.flows([year]))
        assert found == {
            (year, *key[1:]): value for key, value in baci_files.expected(baci_files.real_rows()).items()
        }
