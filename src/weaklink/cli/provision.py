"""Whom do we depend on beyond goods? `weaklink provision …` for sheets, `weaklink passages …` for the sea."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weaklink.cli import options
from weaklink.cli.output import say, show

if TYPE_CHECKING:
    from weaklink.report.formats import Format
    from weaklink.study.provision import Asked

DOMAINS = ("technology", "gas", "power", "cloud", "telecom", "ports", "cables", "needs")

_ASKED = (
    click.argument("path", metavar="FILE", type=options.FILE),
    click.option("--importer", required=True, help="Who depends: DEU, NATO@2022-11-30, world."),
    click.option("--period", default="", help="Year, month or day. [default: the only one of the sheet]"),
    click.option(
        "--suppliers", default="authoritarian", show_default=True, help="The group whose share is asked."
    ),
    click.option("--item", default="", help="Only this item. [default: all]"),
    click.option(
        "--coverage-floor",
        type=float,
        default=0.8,
        show_default=True,
        help="Give no figure where the suppliers of a smaller share are known.",
    ),
)


def _asked(command: options.Command) -> options.Command:
    for option in reversed(_ASKED):
        command = option(command)
    return command


@click.group()
def provision() -> None:
    """Technologies, services and infrastructures: who provides what to whom, from a sheet of yours."""


@provision.command(name="screen")
@_asked
@click.option("--definitions", default="crma_65", show_default=True, help="Definitions to judge by, or all.")
@options.table
def screen_(format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401 - the fields of Asked
    """Which items does an importer depend on, from whom? One row per item."""
    from weaklink.study.provision import screen

    show(screen(_question(asked)), format_, output)


@provision.command(name="explain")
@_asked
@click.option("--column", required=True, help="The figure to explain: a column of `provision screen`.")
@options.table
def explain_(column: str, format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401
    """Where does one figure of an item come from? Its formula, its rows, and the figure computed again."""
    from weaklink.study.provision_explained import explain

    cell = explain(column, _question(asked))
    if format_ == "table":
        say(f"{column}: {cell.shown}\n  formula     {cell.column.formula or 'none'}")
        say(f"  working     {cell.working}\n  recomputed  {'the same' if cell.agrees else 'NOT THE SAME'}\n")
    show(cell.rows, format_, output)
    if not cell.agrees:
        raise AssertionError(f"the screen says {cell.shown!r}, its rows give {cell.recomputed!r}")


@provision.command(name="redlines")
@click.argument("lines", metavar="LINES", type=options.FILE)
@_asked
@click.option("--all", "everything", is_flag=True, help="Show the lines that are kept too.")
@options.table
def redlines_(
    lines: Path,
    everything: bool,
    format_: Format,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the fields of Asked
) -> None:
    """Which red lines are crossed by the items of a sheet? Exit code 3 where one is."""
    from weaklink.cli.redlines import BREACH
    from weaklink.study.provision_lines import red_lines

    result = red_lines(lines, _question(asked), breaches_only=not everything)
    show(result, format_, output)
    if "breached" in result.column("state"):
        raise click.exceptions.Exit(BREACH)


@provision.command()
@click.argument("path", metavar="FILE", type=options.FILE)
@click.argument("needs", metavar="NEEDS", type=options.FILE)
@click.option("--target", required=True, help="The item at the end of the chain.")
@click.option(
    "--threshold", default="100%", show_default=True, help="The share that stops an item when it is gone."
)
@click.option("--picture", type=options.FILE, help="Also draw the chain by tiers into this directory.")
@options.table
def stoppers(
    path: Path,
    needs: Path,
    target: str,
    threshold: str,
    picture: Path | None,
    format_: Format,
    output: Path | None,
) -> None:
    """Which countries could stop a whole chain alone, and at which item?"""
    from weaklink.study import chains

    show(chains.stoppers(path, needs, target, threshold), format_, output)
    if picture is not None:
        drawn = chains.picture(path, needs, target, threshold, picture)
        click.echo(f"Picture: {', '.join(str(file) for file in drawn)}", err=True)


@provision.command()
@click.argument("domain", type=click.Choice(DOMAINS))
@click.option("--output", "-o", type=options.FILE, help="Write it here instead of to the screen.")
def template(domain: str, output: Path | None) -> None:
    """An empty sheet of a domain, to fill in; `needs` says what an item needs."""
    from weaklink.data import ROOT

    source = ROOT / "templates" / f"{domain}.csv"
    if output is None:
        say(source.read_text(encoding="utf-8").rstrip())
    else:
        shutil.copyfile(source, output)


@click.group()
def passages() -> None:
    """Straits and canals: how much of the imports passes each, and the way round where one closes."""


@passages.command(name="screen")
@click.option("--importer", required=True, help="Who imports: NATO@2022-11-30, DEU.")
@click.option("--year", type=int, required=True, help="Calendar year of the trade flows.")
@click.option("--product", default="", help="Codes or headings: 2709,271111. [default: all]")
@click.option("--data", default="", help="Data set to ask. [default: the embedded extract of BACI]")
@options.STORE
@click.option("--mix-vintages", is_flag=True, help="Allow --data to name two releases of one source.")
@options.table
def passages_screen(
    importer: str,
    year: int,
    format_: Format,
    output: Path | None,
    **chosen: Any,  # noqa: ANN401 - the parts of a question that have a default
) -> None:
    """How much of an importer's purchases passes each strait and canal?"""
    from weaklink.study.passages import passages as answer

    show(answer(importer, year, **chosen), format_, output)


@passages.command()
@click.argument("start", metavar="FROM")
@click.argument("end", metavar="TO")
@click.option("--close", "closed", multiple=True, help="A passage that is closed: suez. May be repeated.")
@options.table
def route(start: str, end: str, closed: tuple[str, ...], format_: Format, output: Path | None) -> None:
    """Which way do ships go between two countries, and which way where a passage closes?"""
    from weaklink.study.passages import route_between

    show(route_between(start, end, closed), format_, output)


def _question(asked: dict[str, Any]) -> Asked:
    from weaklink.study.provision import Asked

    make: Callable[..., Asked] = Asked
    return make(**asked)
