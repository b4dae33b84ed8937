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
    from weaklink.result import Result
    from weaklink.study.reduce import Reduction, Wish

COSTS = click.option(
    "--cost",
    "costs",
    multiple=True,
    metavar="NAME=VALUE",
    help="Your own cost of a unit of a measure, in the catalogue's money; may be given often.",
)


@click.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
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
@click.option(
    "--show",
    "shown",
    type=click.Choice(["mix", "gains", "years", "regret"]),
    default="mix",
    show_default=True,
    help="The mix; who pays and gains; the order under --yearly; what mixes for each scenario lose in the others.",
)
@click.option(
    "--yearly", type=click.FloatRange(min=0, min_open=True), help="What may be spent in a year, for years."
)
@of_materials
@options.table
@click.option(
    "--report", type=options.FILE, help="Also write a report to this directory: a page and its charts."
)
def reduce(  # noqa: PLR0917 - one for each option
    scenarios: tuple[str, ...],
    measures: str,
    targets: tuple[str, ...],
    budget: float | None,
    costs: tuple[str, ...],
    draws: int,
    seed: int,
    points: int | None,
    workers: int,
    shown: str,
    yearly: float | None,
    format_: Format,
    output: Path | None,
    report: Path | None,
    **materials: Any,  # noqa: ANN401 - the options of materials
) -> None:
    """Which mix of measures meets the targets at the least cost? One row per measure and place.

    SCENARIO is a name of `weaklink scenarios`, or a file; with several, one mix keeps the targets in all. JSON adds
    the objective, the gap and the prices of one more unit of each target. Targets on suppliers and their shares are
    of materials: say which with --product or --most-dependent.
    """
    from weaklink.study.material_setting import asks_of_materials
    from weaklink.study.reduce import Wish, reduced

    limit = float("inf") if budget is None else budget
    scenario = scenarios[0]
    if materials["red_lines"] or asks_of_materials(scenario, targets):
        if len(scenarios) > 1 or shown != "mix":
            raise RequestError("for materials name one scenario, and leave out --show; see docs/reduce.md.")
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
    if len(scenarios) > 1 or shown == "regret":
        _several(wish, scenarios, shown, workers, (format_, output, report))
        return
    with progress("Looking for the cheapest mix") as advance:
        answer = reduced(wish, workers=workers)
        advance(1, 1)
    show(_part(answer, shown, yearly), format_, output, answer.more)
    if report is not None:
        from weaklink.study.reduce_report import write

        with progress("Writing the report") as advance:
            page = write(answer, report, advance)
        click.echo(f"Report: {page}", err=True)


def _part(answer: Reduction, shown: str, yearly: float | None) -> Result:
    """The part of an answer that is shown."""
    from weaklink.study.reduce_gains import gains, years

    if shown == "gains":
        return gains(answer)
    if shown == "years":
        if yearly is None:
            raise RequestError("--show years needs --yearly: what may be spent in a year.")
        return years(answer, yearly)
    return answer.frontier or answer.mix


def _several(
    wish: Wish,
    scenarios: tuple[str, ...],
    shown: str,
    workers: int,
    to: tuple[Format, Path | None, Path | None],
) -> None:
    """One mix for several scenarios, or the regret of a mix for each."""
    from weaklink.study.reduce_gains import regret
    from weaklink.study.reduce_several import reduced_together

    format_, output, report = to
    if report is not None or wish.points or shown in {"gains", "years"}:
        raise RequestError("--report, --frontier, gains and years are of one scenario; name one.")
    if shown == "regret":
        if wish.budget == float("inf"):
            raise RequestError("--show regret needs --budget: what each mix may spend.")
        show(regret(wish, scenarios, wish.budget), format_, output)
        return
    found, more = reduced_together(wish, scenarios, workers=workers)
    show(found, format_, output, more)


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
