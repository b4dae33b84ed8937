"""What does a scenario do? `weaklink stress SCENARIO`, and `weaklink scenarios` for which there are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from weaklink.cli import options
from weaklink.cli.output import first_rows, ordered, progress, say, show
from weaklink.errors import RequestError

if TYPE_CHECKING:
    from weaklink.report.formats import Format

SHARING = click.option(
    "--sharing",
    type=click.Choice(["equal", "own-first"]),
    default=None,
    help="Share shortage alike, or serve one's own first. [default: as the scenario says]",
)


@click.command()
@click.argument("scenario")
@click.option(
    "--lens",
    default="",
    help="Through which model: goods, network, disruption, market-short, market-long, or all. [default: the daily plan "
    "of a scenario that names a network; all for others]",
)
@click.option("--importer", default="", help="For whom, in place of the scenario's `who`: NATO@2024-12-31.")
@click.option(
    "--year", type=int, default=None, help="Year of the trade data. [default: the scenario's, or the last]"
)
@click.option("--data", default="", help="Trade data set to ask. [default: the embedded extract of BACI]")
@options.STORE
@click.option(
    "--supplier", default="", help="Which supplier fails, where the scenario leaves it open: 3, or RUS."
)
@click.option(
    "--each-supplier",
    type=click.IntRange(1, 100),
    default=None,
    help="One after the other, the so many largest.",
)
@click.option(
    "--detail",
    type=click.Choice(["products", "days", "ranges"]),
    default=None,
    help="Instead of losses: shortages by product (goods), losses by day, or the figures used with their ranges.",
)
@SHARING
@click.option(
    "--horizon",
    type=click.Choice(["foresight", "rolling"]),
    default=None,
    help="Know the whole horizon, or see two weeks ahead. [default: as the scenario says]",
)
@click.option(
    "--draws",
    type=click.IntRange(min=0),
    default=None,
    help="Draw so many times. [default: 200 through lenses, none for the daily plan of a network]",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the draws.")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that draw winters."
)
@click.option("--sort", default="", help="Order by a column. [default: curtailment rate, or loss]")
@click.option("--top", type=click.IntRange(min=0), default=0, help="Show only this many rows. [default: all]")
@options.table
@click.option(
    "--report", type=options.FILE, help="Also write a report to this directory: a page and its charts."
)
def stress(  # noqa: PLR0917 - one for each option
    scenario: str,
    lens: str,
    importer: str,
    year: int | None,
    data: str,
    store: Path | None,
    supplier: str,
    each_supplier: int | None,
    detail: str | None,
    sharing: str | None,
    horizon: str | None,
    draws: int | None,
    seed: int,
    workers: int,
    sort: str,
    top: int,
    format_: Format,
    output: Path | None,
    report: Path | None,
) -> None:
    """What does a scenario cost whom? One row per country, with bands, in every lens that can read it.

    A scenario on a supply network is played day by day: unserved demand and stores of each country. Any other is asked
    of all lenses, side by side; losses of two lenses are not added. SCENARIO is a name of `weaklink scenarios`, or a
    file.
    """
    from weaklink.cli.losses import Wanted, through_lenses
    from weaklink.scenario.library import chosen
    from weaklink.study.stress import stressed

    found = chosen(scenario)
    if lens or detail or each_supplier or not found.network:
        _refuse_for_lenses(horizon, workers)
        wanted = Wanted(lens or "all", detail, each_supplier, draws, seed, sort, top)
        if sharing:
            response = found.response.model_copy(update={"sharing": sharing})
            found = found.model_copy(update={"response": response})
        asked = {"importer": importer, "year": year, "data": data, "store": store}
        through_lenses(found, supplier, asked, wanted, (format_, output, report))
        return
    if year or data or supplier:
        raise RequestError(
            "--year, --data and --supplier go with lenses of trade: add --lens goods, or --lens all; the daily plan of "
            "a network takes its data from the network."
        )
    answer = stressed(
        scenario, sharing or "", draws or 0, seed, horizon=horizon or "", workers=workers, importer=importer
    )
    show(first_rows(ordered(answer.countries, sort), top), format_, output)
    if report is not None:
        from weaklink.study.stress_report import write

        with progress("Writing the report") as advance:
            page = write(answer, report, advance)
        click.echo(f"Report: {page}", err=True)


def _refuse_for_lenses(horizon: str | None, workers: int) -> None:
    """Options of the daily plan mean nothing to lenses, and are not passed over in silence."""
    if horizon or workers > 1:
        raise RequestError(
            "--horizon and --workers go with the daily plan of a network; leave them out, or --lens and --detail."
        )


@click.group(invoke_without_command=True)
@options.table
@click.pass_context
def scenarios(context: click.Context, format_: Format, output: Path | None) -> None:
    """Which scenarios are there? Each with what is lost and what is done."""
    if context.invoked_subcommand is None:
        from weaklink.study.scenarios import scenario_list

        show(scenario_list(), format_, output)


@scenarios.command()
@click.argument("path", metavar="FILE", type=options.FILE)
@options.table
def check(path: Path, format_: Format, output: Path | None) -> None:
    """Is a scenario of your own well-formed, and does its network have what it names?"""
    from weaklink.study.scenarios import checked

    show(checked(path), format_, output)


@scenarios.command()
def schema() -> None:
    """The JSON Schema of a scenario file, for editors."""
    from weaklink.scenario.model import Scenario

    say(json.dumps(Scenario.model_json_schema(), indent=2))
