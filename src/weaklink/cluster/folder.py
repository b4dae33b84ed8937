"""How is a table that is too large for one machine written whole or not at all?

As a folder of Parquet files by year, which Spark writes beside its place; it gets its name when all is there. The
place must be a file system that driver and workers share, and that renames a folder in one step.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from weaklink.errors import StoreError
from weaklink.files import PARTIAL, sync_folder, unwritable

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from weaklink.result import Result

ABOUT = "_weaklink.json"  # readers of Parquet folders leave out what begins with an underscore


def write(rows: DataFrame, folder: Path, about: Result) -> int:
    """Write rows as a folder of Parquet files by year, and beside them what must be read with them; how many rows.

    `about` has the caveats and the provenance, and no rows. Raises StoreError where the place is taken or cannot be
    written to; nothing is left there then.
    """
    from weaklink.report.formats import described

    with _placed(folder) as temporary:
        rows.write.partitionBy("year").parquet(str(temporary / "rows"))
        said = {"caveats": list(about.caveats), "provenance": _without_rows(described(about))}
        (temporary / "rows" / ABOUT).write_text(
            json.dumps(said, ensure_ascii=False, indent=2), encoding="utf-8"
        )
        return _settled(temporary / "rows", folder)


@contextmanager
def _placed(folder: Path) -> Iterator[Path]:
    """A new folder beside a place that is free; it is removed at the end."""
    if folder.exists():
        raise StoreError(f"{folder} is there already. Name a new folder; nothing is written over.")
    temporary = folder.absolute().parent / f"{os.getpid()}-{folder.name}{PARTIAL}"
    try:
        temporary.parent.mkdir(parents=True, exist_ok=True)
        temporary.mkdir()
        yield temporary
    except OSError as error:
        raise unwritable(folder, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _settled(written: Path, folder: Path) -> int:
    """Flush what was written to disk and give it its name; the number of rows."""
    count = 0
    for file in sorted(written.rglob("*")):
        if file.suffix == ".crc" or file.name == "_SUCCESS":
            file.unlink()
        elif file.is_file():
            with file.open("rb") as handle:
                os.fsync(handle.fileno())
            count += pq.read_metadata(file).num_rows if file.suffix == ".parquet" else 0
    for inside in [*(one for one in written.rglob("*") if one.is_dir()), written]:
        sync_folder(inside)
    written.rename(folder)
    sync_folder(folder.absolute().parent)
    return count


def _without_rows(provenance: dict[str, object]) -> dict[str, object]:
    """The digest is that of rows on this machine, and there are none."""
    return {name: value for name, value in provenance.items() if name != "rows_sha256"}
