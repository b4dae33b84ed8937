"""What does a scenario do? `weaklink stress SCENARIO`, and `weaklink scenarios` for which there are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from weaklink.cli import options
from weaklink.cli.output import first_rows, ordered, progress, say, show

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
@SHARING
@click.option(
    "--horizon",
    type=click.Choice(["foresight", "rolling"]),
    default=None,
    help="Know the whole horizon, or see two weeks ahead. [default: as the scenario says]",
)
@click.option("--draws", type=click.IntRange(min=0), default=0, help="Draw so many winters. [default: none]")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the draws.")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that draw."
)
@click.option("--sort", default="", help="Order by a column. [default: curtailment rate]")
@click.option("--top", type=click.IntRange(min=0), default=0, help="Show only this many rows. [default: all]")
@options.table
@click.option(
    "--report", type=options.FILE, help="Also write a report to this directory: a page and its charts."
)
def stress(  # noqa: PLR0917 - one for each option
    scenario: str,
    sharing: str | None,
    horizon: str | None,
    draws: int,
    seed: int,
    workers: int,
    sort: str,
    top: int,
    format_: Format,
    output: Path | None,
    report: Path | None,
) -> None:
    """What does a scenario do to a supply network? One row per country: unserved demand, stores.

    SCENARIO is a name of `weaklink scenarios`, or a file.
    """
    from weaklink.study.stress import stressed

    answer = stressed(scenario, sharing or "", draws, seed, horizon=horizon or "", workers=workers)
    show(first_rows(ordered(answer.countries, sort), top), format_, output)
    if report is not None:
        from weaklink.study.stress_report import write

        with progress("Writing the report") as advance:
            page = write(answer, report, advance)
        click.echo(f"Report: {page}", err=True)


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
