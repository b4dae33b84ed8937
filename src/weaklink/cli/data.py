"""Which data do I have, and how do I add my own? `weaklink data …`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weaklink.cli import options
from weaklink.cli.output import progress, say, show

if TYPE_CHECKING:
    from weaklink.report.formats import Format
    from weaklink.study.ingest import Upload

_UPLOAD = (
    click.argument("path", metavar="FILE", type=options.FILE),
    click.option(
        "--source",
        type=click.Choice(["baci", "comtrade"]),
        default="baci",
        show_default=True,
        help="Whose format.",
    ),
    click.option(
        "--nomenclature", default="", help="Edition of the codes: HS17. [default: from BACI's file name]"
    ),
    click.option("--vintage", default="", help="Release: V202401b. [default: from BACI's file name]"),
    click.option(
        "--country-codes", type=options.FILE, help="The release's country table, where it is elsewhere."
    ),
    click.option(
        "--product-codes", type=options.FILE, help="The release's product table, where it is elsewhere."
    ),
    click.option(
        "--reported-by",
        type=click.Choice(["importer", "exporter"]),
        default="importer",
        show_default=True,
        help="Comtrade: whose reports to read.",
    ),
    click.option(
        "--name", default="", help="What to call the data set. [default: source, edition and vintage]"
    ),
)


def _upload(command: options.Command) -> options.Command:
    for option in reversed(_UPLOAD):
        command = option(command)
    return command


@click.group()
def data() -> None:
    """Your data: add a file, list what there is, verify that it is intact."""


@data.command()
@_upload
@options.STORE
def add(store: Path | None, **said: Any) -> None:  # noqa: ANN401 - the fields of Upload
    """Check a file, every row of it, and store it as a snapshot: whole, or not at all."""
    from weaklink.study.ingest import add as stored

    upload = _as_upload(said)
    with progress(f"Reading {upload.path.name}") as advance:
        card = stored(upload, store, advance, lambda text: click.echo(text, err=True)).card
    years = f"{card.years[0]} to {card.years[-1]}" if len(card.years) > 1 else f"{card.years[0]}"
    say(
        f"{card.name}: {card.rows:,} flows, {years}, {card.nomenclature}, vintage {card.vintage}, "
        f"sha256 {card.sha256[:16]}…\nAsk it with --data {card.name}"
    )


@data.command()
@_upload
@options.table
def check(format_: Format, output: Path | None, **said: Any) -> None:  # noqa: ANN401 - the fields of Upload
    """List every problem of a file without storing it; exit code 2 where there is one."""
    from weaklink.study.ingest import check as checked

    upload = _as_upload(said)
    with progress(f"Reading {upload.path.name}") as advance:
        result = checked(upload, advance)
    show(result, format_, output)
    if len(result):
        raise click.exceptions.Exit(2)


@data.command(name="list")
@options.STORE
@options.table
def list_(store: Path | None, format_: Format, output: Path | None) -> None:
    """The embedded data sets and your snapshots, each with its vintage, licence and sha256."""
    from weaklink.study.reference import datasets

    show(datasets(store), format_, output)


@data.command()
@options.STORE
@options.table
def verify(store: Path | None, format_: Format, output: Path | None) -> None:
    """Hash every stored file again; exit code 2 where one is not what was stored."""
    from weaklink.study.reference import verification

    result = verification(store)
    show(result, format_, output)
    if any(state != "intact" for state in result.column("state")):
        raise click.exceptions.Exit(2)


@data.command()
@click.argument("name")
@options.STORE
def remove(name: str, store: Path | None) -> None:
    """Remove a data set of yours and all its snapshots."""
    from weaklink.store import Store
    from weaklink.study.datasets import default_store

    for one in Store(store or default_store()).remove(name):
        say(f"removed {one.card.name}, sha256 {one.card.sha256[:16]}…")


def _as_upload(said: dict[str, Any]) -> Upload:
    from weaklink.study.ingest import Upload

    return Upload(**said)
