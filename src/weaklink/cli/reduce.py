"""What reduces a risk at the least cost? `weaklink reduce SCENARIO`, and `weaklink measures` for what can be done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weaklink.cli import options
from weaklink.cli.output import progress, say, show
from weaklink.cli.reduce_materials import answered, of_materials
from weaklink.errors import RequestError

if TYPE_CHECKING:
    from weaklink.report.formats import Format

COSTS = click.option(
    "--cost",
    "costs",
    multiple=True,
    metavar="NAME=VALUE",
    help="Your own cost of a unit of a measure, in the catalogue's money; may be given often.",
)


@click.command()
@click.argument("scenario")
@click.option("--measures", required=True, help="A catalogue by name (see `weaklink measures`), or a file.")
@click.option(
    "--target",
    "targets",
    multiple=True,
    help='What must be reached, as "unserved <= 1% in 95%" or "largest supplier <= 5%"; may be given often.',
)
@click.option("--budget", type=float, default=None, help="The most that may be spent. [default: no limit]")
@COSTS
@click.option(
    "--draws", type=click.IntRange(min=0), default=0, help="Draw so many winters. [default: the likely one]"
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the draws.")
@click.option(
    "--frontier",
    "points",
    is_flag=False,
    flag_value=10,
    type=click.IntRange(min=2, max=100),
    default=None,
    help="Show cost against risk instead of the mix, at so many points. [default with --frontier: 10]",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that replay."
)
@of_materials
@options.table
@click.option(
    "--report", type=options.FILE, help="Also write a report to this directory: a page and its charts."
)
def reduce(  # noqa: PLR0917 - one for each option
    scenario: str,
    measures: str,
    targets: tuple[str, ...],
    budget: float | None,
    costs: tuple[str, ...],
    draws: int,
    seed: int,
    points: int | None,
    workers: int,
    format_: Format,
    output: Path | None,
    report: Path | None,
    **materials: Any,  # noqa: ANN401 - the options of materials
) -> None:
    """Which mix of measures meets the targets at the least cost? One row per measure and place.

    SCENARIO is a name of `weaklink scenarios`, or a file. JSON adds the objective, the gap and the prices of one more
    unit of each target. Targets on suppliers and their shares are of materials: say which with --product or
    --most-dependent.
    """
    from weaklink.study.material_setting import asks_of_materials
    from weaklink.study.reduce import Wish, reduced

    limit = float("inf") if budget is None else budget
    if materials["red_lines"] or asks_of_materials(scenario, targets):
        asked = {
            "budget": limit,
            "costs": own_costs(costs),
            "draws": draws,
            "seed": seed,
            "points": points or 0,
        }
        answered(scenario, measures, targets, {**asked, **materials}, (format_, output, report))
        return
    if not targets:
        raise RequestError('say what must be reached: --target "unserved <= 1%".')
    wish = Wish(scenario, measures, targets, own_costs(costs), limit, draws, seed, points or 0)
    with progress("Looking for the cheapest mix") as advance:
        answer = reduced(wish, workers=workers)
        advance(1, 1)
    show(answer.frontier or answer.mix, format_, output, answer.more)
    if report is not None:
        from weaklink.study.reduce_report import write

        with progress("Writing the report") as advance:
            page = write(answer, report, advance)
        click.echo(f"Report: {page}", err=True)


def own_costs(costs: tuple[str, ...]) -> dict[str, float]:
    """NAME=VALUE as a mapping; RequestError for anything else."""
    found = {}
    for text in costs:
        name, _, value = text.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            raise RequestError(f"--cost is {text!r}; write NAME=VALUE, as saving=0.1.") from None
    return found


@click.group(invoke_without_command=True)
@options.table
@click.pass_context
def measures(context: click.Context, format_: Format, output: Path | None) -> None:
    """Which measures are there? Each with what it changes, its limit, its cost and its source."""
    from weaklink.study.measures import measure_list

    if context.invoked_subcommand is None:
        show(measure_list(), format_, output)


@measures.command()
@click.argument("path", metavar="FILE", type=options.FILE)
@options.table
def check(path: Path, format_: Format, output: Path | None) -> None:
    """Is a catalogue of your own well-formed? Its measures as they were read."""
    from weaklink.study.measures import measure_list

    show(measure_list(str(path)), format_, output)


@measures.command()
def schema() -> None:
    """The JSON Schema of a catalogue of measures, for editors."""
    from weaklink.mitigation.measures import Catalogue

    say(json.dumps(Catalogue.model_json_schema(), indent=2))
