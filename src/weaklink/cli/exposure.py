"""What do we depend on through our suppliers' suppliers? `weaklink exposure …`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from weaklink.cli import options
from weaklink.cli.output import first_rows, ordered, say, show

if TYPE_CHECKING:
    from weaklink.report.formats import Format

DEFINITIONS = (
    "L-I",
    "AL",
    "L",
    "off-diagonal",
)  # inputoutput.reliance.Definition; a test holds them together
TAKEN = (
    "flow",
    "total",
    "backward",
    "forward",
    "global",
)  # study.extraction.Taken; a test holds them together

IMPORTER = click.option("--importer", required=True, help="Who depends: DEU, EU@2021-01-01, NATO@2020-12-31.")
EXPORTER = click.option("--exporter", required=True, help="Whose exports: DEU, EU@2021-01-01.")
SUPPLIERS = click.option(
    "--suppliers",
    default="authoritarian",
    show_default=True,
    help="The group that is depended on, as an expression: CHN, RUS + BLR.",
)
SECTOR = click.option(
    "--sector",
    default="",
    help="Sectors by their codes in the table, separated by semicolons. [default: all]",
)
_TABLE = (
    click.option(
        "--table", default="", help="Input-output table to ask (weaklink tables list). [default: icio-2020]"
    ),
    click.option("--year", type=int, help="Year of the table. [default: its latest]"),
    options.STORE,
)
TOP = click.option(
    "--top", type=click.IntRange(min=0), default=0, help="Show only this many rows. [default: all]"
)
SORT = click.option("--sort", default="", help="Order by a column. [default: hidden exposure]")


def of_table(command: options.Command) -> options.Command:
    """Give a command the options that choose a table: `table`, `year` and `store`."""
    for option in reversed(_TABLE):
        command = option(command)
    return command


def _asked(
    *chosen: Callable[[options.Command], options.Command],
) -> Callable[[options.Command], options.Command]:
    """Give a command some options, those of the table, and those of the form of a table of results."""

    def given(command: options.Command) -> options.Command:
        every: tuple[Callable[[Any], Any], ...] = (*chosen, of_table, options.table)
        for option in reversed(every):
            command = option(command)
        return command

    return given


@click.group(invoke_without_command=True)
@click.option("--importer", default="", help="Who depends: DEU, EU@2021-01-01, NATO@2020-12-31.  [required]")
@_asked(
    SUPPLIERS,
    SECTOR,
    click.option("--each", is_flag=True, help="A row for each country of the group, not one for the group."),
    click.option(
        "--definition",
        type=click.Choice(DEFINITIONS),
        default="L-I",
        show_default=True,
        help="What is looked through to.",
    ),
    SORT,
    TOP,
    click.option(
        "--report", type=options.FILE, help="Also write a report to this directory: a page and its charts."
    ),
)
@click.pass_context
def exposure(
    context: click.Context,
    /,
    importer: str,
    sort: str,
    top: int,
    report: Path | None,
    format_: Format,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the fields of ExposureQuestion
) -> None:
    """How far does each sector depend on a group through its suppliers' suppliers? Or a command for more."""
    if context.invoked_subcommand is not None:
        _refuse_options_before(context)
        return
    if not importer:
        raise click.UsageError("Missing option '--importer': DEU, EU@2021-01-01.", context)
    from weaklink.study.exposure import exposed
    from weaklink.study.exposure_setting import ExposureQuestion, set_up

    setting = set_up(ExposureQuestion(importer, **asked))
    show(first_rows(ordered(exposed(setting), sort), top), format_, output)
    if report is not None:
        from weaklink.study.exposure_report import write

        say(f"\nReport: {write(setting, report)}")


@exposure.command()
@_asked(
    IMPORTER,
    SUPPLIERS,
    click.option("--sector", required=True, help="One sector by its code in the table, or all."),
    click.option(
        "--most", type=int, default=10, show_default=True, help="How many of the largest paths to list."
    ),
)
def explain(importer: str, sector: str, format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401
    """By which chains does the supplier reach the sector: who, through whom, how much? The largest paths."""
    from weaklink.study.exposure_paths import paths

    found = paths(importer, sector, **asked)
    orders = {str(place): figure for place, figure in enumerate(found.orders, start=1)}
    if format_ == "table":
        same = "the same" if found.agrees else "NOT THE SAME"
        by_steps = ", ".join(f"{place}: {figure:.4f}" for place, figure in list(orders.items())[:6])
        by_region = ", ".join(f"{name} {figure:.4f}" for name, figure in found.direct[:8])
        say(
            f"look-through of {sector}: {found.shown:.6f}\n  recomputed          {found.recomputed:.6f}: {same}"
        )
        say(f"  by deliveries       {by_steps}, …\n  by direct supplier  {by_region}, …\n")
    more = {"look_through": found.shown, "recomputed": found.recomputed, "agrees": found.agrees}
    more |= {"by_deliveries": orders, "by_direct_supplier": dict(found.direct)}  # type: ignore[dict-item]
    show(found.rows, format_, output, {"explanation": more})
    if not found.agrees:
        raise AssertionError(f"exposure says {found.shown!r}, its paths give {found.recomputed!r}")


@exposure.command()
@_asked(IMPORTER, SUPPLIERS, SECTOR, SORT, TOP)
def history(sort: str, top: int, format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401
    """How has exposure moved over the years of a table? One row per year, sector and supplier."""
    from weaklink.study.exposure import history as answer

    asked.pop("year")
    show(first_rows(ordered(answer(**asked), sort), top), format_, output)


@exposure.command()
@_asked(
    EXPORTER,
    click.option("--market", required=True, help="The buyers, as an expression: CHN, world."),
    SECTOR,
    TOP,
)
def market(top: int, format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401
    """How far does each sector depend on a market, through its customers' customers?"""
    from weaklink.study.market_exposure import market_exposure

    show(first_rows(market_exposure(**asked), top), format_, output)


@exposure.command(name="value-added")
@_asked(EXPORTER, SUPPLIERS, TOP)
def value_added(exporter: str, top: int, format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401
    """What is in the exports: own value added, reflected, and whose else, by origin?"""
    from weaklink.study.value_added_trade import value_added_trade

    show(first_rows(value_added_trade(exporter, **asked), top), format_, output)


@exposure.command()
@_asked(
    IMPORTER,
    SUPPLIERS,
    SECTOR,
    click.option(
        "--taken",
        type=click.Choice(TAKEN),
        default="flow",
        show_default=True,
        help="What is taken out: deliveries to the importer, or the suppliers' industries.",
    ),
    click.option(
        "--share", type=float, default=1.0, show_default=True, help="The part that is taken, 0 to 1."
    ),
    TOP,
)
def extract(importer: str, top: int, format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401
    """What hangs on the supplier: hypothetical extraction of its deliveries or its industries."""
    from weaklink.study.extraction import extraction

    show(first_rows(extraction(importer, **asked), top), format_, output)


@exposure.command()
@_asked(IMPORTER, SUPPLIERS, SECTOR, TOP)
def crossings(importer: str, top: int, format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401
    """How much of output crosses a border at any stage, and how often do inputs pass the group?"""
    from weaklink.study.crossings import crossings as answer

    show(first_rows(answer(importer, **asked), top), format_, output)


@exposure.command()
@_asked(
    IMPORTER,
    SUPPLIERS,
    SECTOR,
    click.option("--blow", type=float, default=0.1, show_default=True, help="Share of output that is hit."),
    click.option("--steps", type=int, default=0, help="Follow this many steps. [default: the end only]"),
    click.option(
        "--resilience",
        type=float,
        default=0.1,
        show_default=True,
        help="Share of the gap that a step closes.",
    ),
    TOP,
)
def inoperability(importer: str, top: int, format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401
    """How inoperable do the importer's sectors become where the suppliers' industries are hit?"""
    from weaklink.study.inoperability import inoperability as answer

    show(first_rows(answer(importer, **asked), top), format_, output)


@exposure.command()
@_asked(
    IMPORTER,
    SUPPLIERS,
    click.option("--product", required=True, help="HS codes of 2, 4 or 6 digits: 280530,8505."),
    click.option(
        "--show",
        "shown",
        type=click.Choice(["users", "sectors"]),
        default="users",
        show_default=True,
        help="Who stands downstream, or which sectors make the products.",
    ),
    click.option(
        "--sectors",
        type=options.FILE,
        help="A sheet of your own, sector,isic: for tables whose codes do not say their divisions.",
    ),
    click.option(
        "--concordance",
        type=options.FILE,
        help="A sheet of your own, hs,isic,weight, in the place of the compiled rules.",
    ),
    TOP,
)
def products(
    importer: str,
    product: str,
    shown: str,
    top: int,
    format_: Format,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the fields of TableOptions
) -> None:
    """Which sectors make some products, and whose value added stands downstream of them?"""
    from weaklink.study.exposure_products import product_sectors, product_users

    answer = product_sectors if shown == "sectors" else product_users
    show(first_rows(answer(importer, product, **asked), top), format_, output)


def _refuse_options_before(context: click.Context) -> None:
    """UsageError for options between `exposure` and its command: they would be ignored."""
    before = [
        name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    if before:
        command = context.invoked_subcommand
        raise click.UsageError(f"Options of {command} go behind it: weaklink exposure {command} …", context)
