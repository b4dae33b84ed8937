"""The door of the command line: `weaklink COMMAND`.

Exit codes: 0 done, 2 something the user can mend, 1 a defect of ours. Tables go to standard output, all else
to standard error. Commands import what they need when they run, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import sys
import traceback
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from weaklink.cli import options, twoway
from weaklink.cli.aid import aid
from weaklink.cli.attribution import COMMANDS as OF_ATTRIBUTION
from weaklink.cli.cluster import cluster
from weaklink.cli.data import data
from weaklink.cli.definitions import as_rules, definitions
from weaklink.cli.exposure import exposure
from weaklink.cli.guidelines import guidelines
from weaklink.cli.market import market
from weaklink.cli.minerals import minerals
from weaklink.cli.network import network
from weaklink.cli.output import first_rows, ordered, progress, say, show
from weaklink.cli.provision import passages, provision
from weaklink.cli.redlines import redlines
from weaklink.cli.reduce import measures, reduce
from weaklink.cli.register import register
from weaklink.cli.stocks import COMMANDS as OF_STOCKS
from weaklink.cli.stress import scenarios, stress
from weaklink.cli.tables import tables
from weaklink.errors import RequestError, WeaklinkError
from weaklink.version import VERSION

if TYPE_CHECKING:
    from weaklink.report.formats import Format
    from weaklink.study.lab import Rules
    from weaklink.study.question import Question

SORT = click.option("--sort", default="", help="Order by a column. [default: group share]")
REPORT = click.option(
    "--report", type=options.FILE, help="Also write a report to this directory: a page and its charts."
)

# Lenses share draws among threads of their own. With threads of linear algebra beside them that of disruption took
# fifteen times as long (16 draws, two busy cores), so there is one, set before NumPy is loaded.
ASKS_LENSES = frozenset({"stress", "hangs-on", "ranks", "attribute", "solidarity", "back-tests"})


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="weaklink")
@click.option("--debug", is_flag=True, help="Show the traceback of any error; allowed anywhere.")
@click.pass_context
def app(context: click.Context, debug: bool) -> None:
    """What do you depend on, from whom, and what can be done about it?"""
    if context.invoked_subcommand in ASKS_LENSES:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


app.add_command(data)
app.add_command(definitions)
app.add_command(redlines)
app.add_command(register)
app.add_command(minerals)
app.add_command(provision)
app.add_command(passages)
app.add_command(cluster)
app.add_command(tables)
app.add_command(exposure)
app.add_command(network)
app.add_command(market)
app.add_command(scenarios)
app.add_command(stress)
app.add_command(guidelines)
app.add_command(aid)
app.add_command(reduce)
app.add_command(measures)
for command in (*twoway.COMMANDS, *OF_ATTRIBUTION, *OF_STOCKS):
    app.add_command(command)


@app.command()
@options.question
@options.rules("")
@SORT
@options.TOP
@options.table
@REPORT
def screen(
    sort: str,
    top: int,
    format_: Format,
    output: Path | None,
    report: Path | None,
    **asked: Any,  # noqa: ANN401 - the fields of Question and Rules
) -> None:
    """Which products does an importer depend on, from whom? One row per product."""
    from weaklink.study.lab import screen_by
    from weaklink.study.question import Question
    from weaklink.study.screen import screened
    from weaklink.study.setting import set_up

    wanted = bool(asked["definitions"] or asked["definitions_dir"] or asked["threshold"])
    rules = as_rules(asked)
    question = Question(**asked)
    answer = screen_by(question, rules) if wanted else screened(set_up(question))
    show(first_rows(ordered(answer, sort), top), format_, output)
    if report is not None:
        _write_report(question, report, rules)


@app.command()
@options.question
@options.table
def history(format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401 - the fields of Question
    """How has the dependence moved? One row per product and year."""
    from weaklink.study.history import history as answer

    show(answer(**asked), format_, output)


@app.command()
@options.importers
@options.asked
@options.TOP
@options.table
def panel(
    bloc: tuple[str, ...],
    each: str,
    years: str,
    top: int,
    format_: Format,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the fields of Question
) -> None:
    """What do all countries and any number of blocs depend on? One row per year, product and importer."""
    from weaklink.study.panel import Importers, year_range
    from weaklink.study.panel import panel as answer
    from weaklink.study.question import Question

    wanted = year_range(years)
    question = Question("", wanted[-1], **asked)
    show(first_rows(answer(Importers(bloc, each), question, wanted), top), format_, output)


@app.command()
@options.question
@options.table
def suppliers(format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401 - the fields of Question
    """Who supplies what? One row per product and supplier."""
    from weaklink.study.suppliers import suppliers as answer

    show(answer(**asked), format_, output)


@app.command()
@options.question
@options.rules("all")
@options.table
def members(format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401 - the fields of Question and Rules
    """How does each member stand by itself, against the bloc as one? An aggregate can hide its members."""
    from weaklink.study.members import members as answer
    from weaklink.study.question import Question

    rules = as_rules(asked)
    show(answer(Question(**asked), rules), format_, output)


@app.command()
@options.question
@click.option("--column", required=True, help="The figure to explain: a column of `weaklink screen`.")
@options.table
def explain(column: str, format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401 - the fields of Question
    """Where does one figure come from? Its formula, its rows, and the figure computed again."""
    from weaklink.report.explained import as_object, explained
    from weaklink.study.explain import explain as answer

    cell = answer(column, **asked)
    if format_ == "table":
        say(explained(cell))
    show(cell.rows, format_, output, {"explanation": as_object(cell)})
    if not cell.agrees:
        raise AssertionError(f"the screen says {cell.shown!r}, its rows give {cell.recomputed!r}")


@app.command()
@click.argument("expression", default="")
@click.option("--as-of", metavar="DATE", help="The day, such as 2022-11-30. [default: today]")
@options.table
def blocs(expression: str, as_of: str | None, format_: Format, output: Path | None) -> None:
    """Which countries does a bloc have on a day? Without EXPRESSION: which blocs are there?"""
    from weaklink.study.reference import bloc, bloc_names

    day = _day(as_of)
    show(bloc(expression, day) if expression else bloc_names(), format_, output)


@app.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--nomenclature", help="Only this edition: HS92, HS22. [default: all that have labels]")
@click.option("--top", type=click.IntRange(min=1), default=20, show_default=True, help="How many to show.")
@options.table
def products(
    words: tuple[str, ...], nomenclature: str | None, top: int, format_: Format, output: Path | None
) -> None:
    """Which product codes fit some words? Best first: weaklink products "rare earth magnets"."""
    from weaklink.study.reference import products as answer

    show(answer(" ".join(words), nomenclature, top), format_, output)


@app.command()
@click.option(
    "--report",
    type=options.FILE,
    default=Path("weaklink-report"),
    show_default=True,
    help="Directory for the report.",
)
def demo(report: Path) -> None:
    """What NATO depended on authoritarian suppliers for on 30 November 2022, from embedded data."""
    from weaklink.study.lab import Rules
    from weaklink.study.question import Question
    from weaklink.study.screen import screened
    from weaklink.study.setting import set_up

    question = Question("NATO@2022-11-30", 2022, suppliers="authoritarian@2022")
    show(first_rows(screened(set_up(question)), 15), "table")
    _write_report(question, report, Rules())


def _write_report(question: Question, directory: Path, rules: Rules) -> None:
    from weaklink.study.brief import brief

    with progress("Writing the report") as advance:
        page = brief(question, directory, advance, rules)
    say(f"\nReport: {page}")


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RequestError(f"--as-of is {text!r}; write a day as 2022-11-30.") from None


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in words or bool(os.environ.get("WEAKLINK_DEBUG"))
    try:
        words = [word for word in words if word != "--debug"]
        returned = app.main(words, prog_name="weaklink", standalone_mode=False)
        code = returned if isinstance(returned, int) else 0  # a command that exits by itself returns its code
    except WeaklinkError as error:
        code = _failed(f"Error: {error}", 2, debug=debug)
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        code = _failed("Interrupted; nothing half-written was left.", 130, debug=debug)
    except Exception as error:
        code = _failed(
            f"This is a defect of weaklink, not of your input: {type(error).__name__}: {error}\n"
            "Please report it with the command you ran; --debug shows the traceback.",
            1,
            debug=debug,
        )
    sys.exit(code)


def _failed(message: str, code: int, *, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    click.echo(message, err=True)
    return code
