"""How concentrated is the production of raw materials, and how risky their supply? `weaklink minerals …`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from weaklink.cli import options
from weaklink.cli.output import first_rows, show

if TYPE_CHECKING:
    from weaklink.report.formats import Format

YEAR = click.option("--year", type=int, required=True, help="Calendar year of production: 2018 to 2024.")
MINERAL = click.option(
    "--mineral", default="", help="Minerals: cobalt, 'cobalt; rare earths', coal. [default: all]"
)
SUPPLIERS = click.option(
    "--suppliers",
    default="authoritarian",
    show_default=True,
    help="The supplier group whose share is asked, as an expression: RUS + BLR.",
)
FLOOR = click.option(
    "--coverage-floor",
    type=float,
    default=0.8,  # trade.lens.COVERAGE_FLOOR; a test holds the two together
    show_default=True,
    help="Give no figure where a smaller share is known. Our own choice, no published rule.",
)
TOP = click.option(
    "--top", type=click.IntRange(min=0), default=0, help="Show only this many rows. [default: all]"
)


@click.group(invoke_without_command=True)
@click.option("--year", type=int, help="Calendar year of production: 2018 to 2024.  [required]")
@MINERAL
@SUPPLIERS
@click.option("--importer", default="", help="Also show the share that these produce themselves: EU, JPN.")
@click.option(
    "--refining", type=options.FILE, help="A sheet of your own, material,stage,iso3,share: adds rows."
)
@click.option(
    "--by-governance",
    is_flag=True,
    help="Put the largest governance-weighted concentration first, not the largest share of the group.",
)
@FLOOR
@TOP
@options.table
@click.pass_context
def minerals(
    context: click.Context,
    /,
    year: int | None,
    top: int,
    format_: Format,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the fields of MineralQuestion
) -> None:
    """Who produces which raw material? One row per mineral; or a command for more."""
    if context.invoked_subcommand is not None:
        _refuse_options_before(context)
        return
    if year is None:
        raise click.UsageError("Missing option '--year': a calendar year such as 2022.", context)
    from weaklink.study.minerals import minerals as answer

    show(first_rows(answer(year, **asked), top), format_, output)


@minerals.command()
@click.option("--importer", required=True, help="Who imports: EU@2024-12-31, JPN, …")
@YEAR
@MINERAL
@SUPPLIERS
@click.option(
    "--by",
    type=click.Choice(["value", "quantity"]),
    default="value",
    show_default=True,
    help="Count dollars or kilograms of trade.",
)
@click.option("--data", default="", help="Data set in HS92 to ask. [default: the embedded extract of BACI]")
@options.STORE
@FLOOR
@TOP
@options.table
def trade(top: int, format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401 - the fields of Question
    """Does trade hide how concentrated extraction is? One row per mineral and product."""
    from weaklink.study.mineral_trade import mineral_trade as answer

    show(first_rows(answer(**asked), top), format_, output)


@minerals.command(name="supply-risk")
@click.argument("materials", metavar="SHEET", type=options.FILE)
@click.option("--year", type=int, required=True, help="Year of governance and of World Mining Data.")
@click.option("--shares", type=options.FILE, help="Your sheet of supply: material,stage,iso3,share[,supply].")
@click.option("--barriers", type=options.FILE, help="Your trade parameters: material,stage,iso3,factor.")
@click.option(
    "--partners",
    default="EU",
    show_default=True,
    help="Who counts by the partner factor, as an expression; '' for nobody.",
)
@click.option(
    "--partner-factor", type=float, default=0.8, show_default=True, help="Trade parameter of partners."
)
@click.option("--risk-threshold", type=float, default=1.0, show_default=True, help="Critical from here on.")
@click.option(
    "--importance-threshold", type=float, default=2.8, show_default=True, help="Critical from here on."
)
@FLOOR
@options.table
def supply_risk(
    materials: Path,
    year: int,
    shares: Path | None,
    barriers: Path | None,
    format_: Format,
    output: Path | None,
    **ruled: Any,  # noqa: ANN401 - the fields of Rules
) -> None:
    """How risky is the supply of the materials in SHEET, by the European Commission's formula?"""
    from weaklink.study.supply_risk import Rules
    from weaklink.study.supply_risk import supply_risk as answer

    result = answer(materials, year, shares=shares, barriers=barriers, rules=Rules(**ruled))
    show(result, format_, output)


def _refuse_options_before(context: click.Context) -> None:
    """UsageError for options between `minerals` and its command: they would be ignored."""
    before = [
        name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    if before:
        command = context.invoked_subcommand
        raise click.UsageError(f"Options of {command} go behind it: weaklink minerals {command} …", context)
