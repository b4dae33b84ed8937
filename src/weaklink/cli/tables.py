"""Which input-output tables do I have, and how do I add one? `weaklink tables …`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weaklink.cli import options
from weaklink.cli.output import say, show

if TYPE_CHECKING:
    from weaklink.report.formats import Format
    from weaklink.study.iotables import TableUpload

SOURCES = (
    "icio",
    "wiod",
    "exiobase",
    "figaro",
    "pymrio",
    "npz",
)  # study.iotables.SOURCES; a test holds them together

_UPLOAD = (
    click.argument("path", metavar="FILE", type=options.FILE),
    click.option(
        "--source", type=click.Choice(SOURCES), default="icio", show_default=True, help="Whose format."
    ),
    click.option("--year", type=int, help="Year of the table. [default: from the file or its name]"),
    click.option("--vintage", default="", help="Release. [default: as far as the file or its name says it]"),
    click.option("--name", default="", help="What to call the table. [default: source and vintage]"),
    click.option("--credit", default="", help="Whose table it is, where the file does not name it."),
    click.option("--licence", default="", help="Its terms, where the file does not name them."),
)


def _upload(command: options.Command) -> options.Command:
    for option in reversed(_UPLOAD):
        command = option(command)
    return command


@click.group()
def tables() -> None:
    """Input-output tables: add a release, list what there is."""


@tables.command()
@_upload
@options.STORE
def add(store: Path | None, **said: Any) -> None:  # noqa: ANN401 - the fields of TableUpload
    """Check a table, every cell and its balance, and store it: whole, or not at all."""
    from weaklink.study.iotables import add as stored

    one = stored(_as_upload(said), store)
    accounts = one.accounts()
    say(
        f"{one.card.name}: {one.year}, {len(accounts.regions)} regions × {len(accounts.sectors)} sectors, "
        f"{accounts.unit}, vintage {one.card.vintage}, sha256 {one.card.sha256[:16]}…"
    )
    for caveat in accounts.caveats():
        say(f"  {caveat}")
    say(f"Ask it with --table {one.card.name}")


@tables.command()
@_upload
@options.table
def check(format_: Format, output: Path | None, **said: Any) -> None:  # noqa: ANN401 - the fields of TableUpload
    """List every problem of a table without storing it; exit code 2 where there is one."""
    from weaklink.study.iotables import check as checked

    result = checked(_as_upload(said))
    show(result, format_, output)
    if len(result):
        raise click.exceptions.Exit(2)


@tables.command(name="list")
@options.STORE
@options.table
def list_(store: Path | None, format_: Format, output: Path | None) -> None:
    """The embedded table and yours, each with its size, year, balance and licence."""
    from weaklink.study.iotables import listed

    show(listed(store), format_, output)


@tables.command()
@click.argument("name")
@options.STORE
def remove(name: str, store: Path | None) -> None:
    """Remove a table of yours, all its years."""
    from weaklink.accountstore import AccountStore
    from weaklink.study.datasets import default_store

    for one in AccountStore(store or default_store()).remove(name):
        say(f"removed {one.card.name} {one.year}, sha256 {one.card.sha256[:16]}…")


def _as_upload(said: dict[str, Any]) -> TableUpload:
    from weaklink.study.iotables import TableUpload

    return TableUpload(**said)
