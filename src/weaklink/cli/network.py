"""Which supply networks are there, are they sound, and what happens when parts of them fail? `weaklink network …`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from weaklink.cli import options
from weaklink.cli.output import first_rows, ordered, show

if TYPE_CHECKING:
    from weaklink.report.formats import Format

DEMAND = click.option(
    "--demand", default="", help="Course of demand: a case of the network. [default: actual]"
)
SCENARIO = click.option(
    "--scenario", default="", help="Ask it of a scenario on this network. [default: none]"
)
TOP = click.option(
    "--top", type=click.IntRange(min=0), default=0, help="Show only this many rows. [default: all]"
)


@click.group()
def network() -> None:
    """Supply networks: nodes, links, stores; what they hold, their N-1 figures and their worst outages."""


@network.command(name="list")
@click.argument("name", default="")
@click.option("--sort", default="", help="Order by a column. [default: as in the sheets]")
@options.table
def list_(name: str, sort: str, format_: Format, output: Path | None) -> None:
    """Which networks are there? With NAME: its links, entries, suppliers and stores, with sources."""
    from weaklink.study import networks

    show(ordered(networks.parts(name) if name else networks.networks(), sort), format_, output)


@network.command()
@click.argument("path", metavar="DIR", type=options.FILE)
@options.table
def check(path: Path, format_: Format, output: Path | None) -> None:
    """Is a folder of sheets a sound network? Says what it holds, or everything that is wrong with it."""
    from weaklink.study import networks

    show(networks.checked(path), format_, output)


@network.command()
@click.argument("name")
@click.argument("path", metavar="DIR", type=options.FILE)
def export(name: str, path: Path) -> None:
    """Copy the sheets of a network to a new folder, to change them there."""
    from weaklink.study import networks

    for file in networks.export(name, path):
        click.echo(str(file), err=True)


@network.command(name="n-1")
@click.argument("name")
@DEMAND
@click.option(
    "--demand-side",
    type=click.FloatRange(0, 0.9),
    default=0.0,
    show_default=True,
    help="Share of the peak that market-based measures can take off (D_eff).",
)
@click.option("--sort", default="", help="Order by a column. [default: lowest N-1 first]")
@TOP
@options.table
def n_minus_one(
    name: str, demand: str, demand_side: float, sort: str, top: int, format_: Format, output: Path | None
) -> None:
    """Could each country meet its peak day without its largest infrastructure? Regulation (EU) 2017/1938."""
    from weaklink.study.network_outages import standard

    show(first_rows(ordered(standard(name, demand, demand_side), sort), top), format_, output)


@network.command()
@click.argument("name")
@click.option(
    "--corridor",
    multiple=True,
    required=True,
    help="An asset that is out, a supplier, or a node whose links all are; may be repeated.",
)
@click.option(
    "--who",
    default="world",
    show_default=True,
    help="The region, as a bloc expression; others deliver what pipes carry.",
)
@DEMAND
@TOP
@options.table
def regional(
    name: str,
    corridor: tuple[str, ...],
    who: str,
    demand: str,
    top: int,
    format_: Format,
    output: Path | None,
) -> None:
    """Which countries stand a peak day without a corridor that feeds several of them? The regional N-1."""
    from weaklink.study.network_regional import regional as answer

    show(first_rows(answer(name, corridor, who, demand), top), format_, output)


@network.command()
@click.argument("name")
@click.option(
    "--outages",
    type=click.IntRange(1, 3),
    default=1,
    show_default=True,
    help="How many assets fail together. With 1, every single one is ranked.",
)
@DEMAND
@SCENARIO
@TOP
@options.table
def worst(
    name: str, outages: int, demand: str, scenario: str, top: int, format_: Format, output: Path | None
) -> None:
    """Which outage, or which two or three together, leave the most demand unserved? Exactly, with proof."""
    from weaklink.study.network_outages import worst_outages

    show(first_rows(worst_outages(name, outages, demand, scenario), top), format_, output)


@network.command(name="back-test")
@click.argument("scenario", default="")
@options.table
def back_test_(scenario: str, format_: Format, output: Path | None) -> None:
    """What would the model have said of past winters, and what happened? Errors and their reasons."""
    from weaklink.study.back_test import back_test

    show(back_test(scenario), format_, output)


@network.command()
@click.argument("name")
@click.option(
    "--show",
    "shown",
    type=click.Choice(["survival", "saving", "flexibility", "bottleneck", "routes"]),
    multiple=True,
    help="Only this figure; may be repeated. [default: all]",
)
@DEMAND
@SCENARIO
@options.table
def limits(
    name: str, shown: tuple[str, ...], demand: str, scenario: str, format_: Format, output: Path | None
) -> None:
    """How long does all last, what must be saved, how much room is left, and what stands in the way?"""
    from weaklink.study.network_limits import FIGURES
    from weaklink.study.network_limits import limits as answer

    figures = [figure for figure in FIGURES if not shown or figure in shown]
    show(answer(name, figures, demand, scenario), format_, output)
