"""What does losing trade cost, in a year and in the long run? `weaklink market …`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weaklink.cli import options
from weaklink.cli.exposure import IMPORTER, SECTOR, SUPPLIERS, of_table
from weaklink.cli.output import first_rows, ordered, show

if TYPE_CHECKING:
    from weaklink.report.formats import Format

SORT = click.option("--sort", default="", help="Order by a column. [default: loss]")
NESTS = (
    "suppliers",
    "imports",
    "production",
    "final",
)  # study.short_run.ELASTICITIES; a test holds them together


@click.group()
def market() -> None:
    """What does losing trade cost: one scarce input, a year without imports, or the long run?"""


@market.command()
@click.option("--share", type=float, required=True, help="The input's share of cost, such as 0.04.")
@click.option("--cut", type=float, required=True, help="Share of the input that is missing, such as 0.1.")
@click.option(
    "--elasticity",
    default="0,0.04,0.1,1",
    show_default=True,
    help="Elasticities of substitution, separated by commas.",
)
@click.option(
    "--picture", type=options.FILE, help="Also draw where the approximations fail: FILE.png or FILE.svg."
)
@options.table
def ces(
    share: float, cut: float, elasticity: str, picture: Path | None, format_: Format, output: Path | None
) -> None:
    """What does an economy with one scarce input lose, exactly and by the published approximations?"""
    from weaklink.study.ces_losses import ces_losses

    show(ces_losses(share, cut, _figures(elasticity)), format_, output)
    if picture is not None:
        _draw(share, picture)


@market.command(name="short-run")
@IMPORTER
@SUPPLIERS
@click.option(
    "--cut", type=float, default=0.3, show_default=True, help="Share of their deliveries that is missing."
)
@SECTOR
@click.option(
    "--by",
    "rows",
    type=click.Choice(["country", "sector"]),
    default="country",
    show_default=True,
    help="A row for each member, or for each sector of one country.",
)
@click.option(
    "--exports-follow",
    type=float,
    help="How far exports fall with the imports that they embody, 0 to 1; 0 is formula A7. [default: 0.9]",
)
@click.option("--suppliers-elasticity", type=float, help="Between suppliers abroad. [default: 1.76]")
@click.option("--imports-elasticity", type=float, help="Between home and imports. [default: 1.76]")
@click.option("--production-elasticity", type=float, help="Between inputs and value added. [default: 0.1]")
@click.option("--final-elasticity", type=float, help="Between products in final use. [default: 0.9]")
@SORT
@options.TOP
@of_table
@options.table
def short_run(sort: str, top: int, format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401
    """What does a year without part of the imports cost? First order, second order, and exactly."""
    from weaklink.study.short_run import short_run as answer

    given = {name: asked.pop(f"{name}_elasticity") for name in NESTS}
    elasticities = {name: figure for name, figure in given.items() if figure is not None}
    show(first_rows(ordered(answer(elasticities=elasticities, **asked), sort), top), format_, output)


@market.command(name="long-run")
@IMPORTER
@SUPPLIERS
@click.option("--dial", type=float, help="How easily trade goes on: 1 as before, 0 no trade at all.")
@click.option("--cost", type=float, help="Instead of a dial: by what factor trade gets dearer, such as 2.")
@click.option("--tariff", type=float, help="Instead: a tariff, such as 0.25, whose revenue stays.")
@click.option("--one-way", is_flag=True, help="Only what the suppliers sell to the importer.")
@click.option("--elasticity", type=float, help="One trade elasticity for all sectors. [default: by sector]")
@SECTOR
@SORT
@options.TOP
@of_table
@options.table
def long_run(sort: str, top: int, format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401
    """What does it cost whom in the long run if two groups trade less with each other, or not at all?"""
    from weaklink.study.long_run import long_run as answer

    show(first_rows(ordered(answer(**asked), sort), top), format_, output)


def _draw(share: float, path: Path) -> None:
    from weaklink.files import write_bytes
    from weaklink.report.approximation import approximation
    from weaklink.report.drawing import bare, files
    from weaklink.study.ces_losses import ces_curves

    chart = approximation(share, ces_curves(share))
    found = {Path(name).suffix: made for name, made in files(chart, bare(chart)).items()}
    if path.suffix not in {".png", ".svg"}:
        raise click.BadParameter(f"{path.name} ends neither in .png nor in .svg.", param_hint="--picture")
    write_bytes(path, found[path.suffix])
    click.echo(f"Picture: {path}", err=True)


def _figures(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no list of numbers, such as 0,0.04,1.", param_hint="--elasticity"
        ) from None
