"""Where does an answer go: to the screen, or to a file?"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from weaklink.errors import RequestError, StoreError

if TYPE_CHECKING:
    from weaklink.report.formats import Format
    from weaklink.result import Result
    from weaklink.sources.intake import Progress


def show(
    result: Result,
    format_: Format,
    output: Path | None = None,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Write a result to standard output or to a file; `more` is what JSON says besides.

    CSV has no room for caveats, so they go to standard error.
    """
    from weaklink.files import write_bytes
    from weaklink.report.formats import notes, rendered

    width = _width(output)
    if format_ == "parquet" and width is not None:
        raise RequestError(
            "Parquet is no text for a terminal. Give --output FILE, or send it to a file with >."
        )
    data = rendered(result, format_, width, more)
    if output is None:
        _print(data)
    else:
        write_bytes(output, data)
        click.echo(f"{len(result):,} rows written to {output}", err=True)
    if format_ == "csv":
        click.echo("\n".join(notes(result)), err=True)


def _width(output: Path | None) -> int | None:
    """Columns of the terminal that a result goes to; None where it goes elsewhere."""
    if output is not None or sys.stdout is None or not sys.stdout.isatty():
        return None
    return shutil.get_terminal_size().columns


def say(text: str) -> None:
    """Write lines to standard output."""
    _print((text + "\n").encode("utf-8", "backslashreplace"))


def show_several(results: Mapping[str, Result], format_: Format, output: Path | None = None) -> None:
    """Write several results: one below the other for reading, as one object for JSON; CSV holds one table only."""
    from weaklink.files import write_bytes
    from weaklink.report.formats import rendered, together

    if format_ in {"csv", "parquet"}:
        raise RequestError(
            f"{format_} holds one table. Choose one with --show {' or --show '.join(results)}."
        )
    width = _width(output)
    data = (
        together(results)
        if format_ == "json"
        else b"\n".join(
            f"{name}\n\n".encode() + rendered(result, format_, width) for name, result in results.items()
        )
    )
    if output is None:
        _print(data)
    else:
        write_bytes(output, data)


def _print(data: bytes) -> None:
    if sys.stdout is None:  # closed before we were started
        raise StoreError("standard output: closed. Give --output FILE.")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader, such as head, has seen enough
        _write_no_more()
    except OSError as error:
        _write_no_more()
        raise StoreError(f"standard output: {error.strerror}. Check the space where it goes.") from error


def _write_no_more() -> None:
    """Send what Python still holds for standard output nowhere, or it would fail again at the exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def ordered(result: Result, column: str) -> Result:
    """A result with its rows ordered by a column: numbers from the greatest, text from A; nothing last."""
    if not column:
        return result
    if column not in result.schema.names:
        raise RequestError(f"--sort {column!r} is no column. There are: {', '.join(result.schema.names)}.")
    direction = "ascending" if result.schema.column(column).kind == "text" else "descending"
    return replace(result, table=result.table.sort_by([(column, direction)]))


def first_rows(result: Result, count: int) -> Result:
    """The first rows of a result, with a caveat that says so; all where `count` is 0."""
    if not count or count >= len(result):
        return result
    caveat = f"The first {count} of {len(result)} rows are shown."
    return replace(result, table=result.table.slice(0, count), caveats=(caveat, *result.caveats))


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """A progress bar on standard error while a person is watching, else silence."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    with click.progressbar(length=100, label=what, file=sys.stderr) as bar:

        def advance(done: int, total: int) -> None:
            bar.update(max(0, 100 * done // max(total, 1) - bar.pos))

        yield advance
