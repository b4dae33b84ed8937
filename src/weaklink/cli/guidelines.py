"""How does each member stand against resilience requirements? `weaklink guidelines …`."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from weaklink.cli import options
from weaklink.cli.output import first_rows, ordered, say, show, show_several
from weaklink.errors import RequestError

if TYPE_CHECKING:
    from weaklink.report.formats import Format


@click.group(invoke_without_command=True)
@options.table
@click.pass_context
def guidelines(context: click.Context, format_: Format, output: Path | None) -> None:
    """Which frameworks of guidelines are there? Each with its requirements and indicators counted."""
    if context.invoked_subcommand is None:
        from weaklink.study.guidelines_library import frameworks

        show(frameworks(), format_, output)


@guidelines.command()
@click.argument("framework")
@click.option("--bloc", required=True, help="Who is assessed: NATO@2022-11-30, 'EU - HUN', DEU.")
@click.option("--year", type=int, default=2022, show_default=True, help="Year of trade and production.")
@click.option("--entered", type=options.FILE, help="A sheet of entered values (guidelines template).")
@click.option("--self", "self_assessed", type=options.FILE, help="A sheet of what members say of themselves.")
@click.option(
    "--each",
    type=click.Choice(["member", "bloc"]),
    default=None,
    help="Each member by itself, or the bloc as one. [default: as the framework says]",
)
@click.option(
    "--show",
    "shown",
    type=click.Choice(["requirements", "indicators", "all"]),
    default="requirements",
    show_default=True,
    help="A row per requirement, a row per indicator, or both tables.",
)
@click.option("--flagged", is_flag=True, help="Only where score, self-assessment and stress test diverge.")
@click.option("--sort", default="", help="Order by a column. [default: by member]")
@options.TOP
@options.table
@click.option("--report", type=options.FILE, help="Also write a page with the matrix to this directory.")
def assess(  # noqa: PLR0917 - one for each option
    framework: str,
    bloc: str,
    year: int,
    entered: Path | None,
    self_assessed: Path | None,
    each: str | None,
    shown: str,
    flagged: bool,
    sort: str,
    top: int,
    format_: Format,
    output: Path | None,
    report: Path | None,
) -> None:
    """How does each member stand against each requirement? One row per member and requirement.

    FRAMEWORK is a name of `weaklink guidelines`, or a TOML file.
    """
    from weaklink.study.guidelines import assess as answer
    from weaklink.study.guidelines import only_flagged

    found = answer(framework, bloc, year=year, entered=entered, self_assessed=self_assessed, each=each or "")
    requirements = only_flagged(found.requirements) if flagged else found.requirements
    if shown == "all":
        show_several({"requirements": requirements, "indicators": found.indicators}, format_, output)
    else:
        result = requirements if shown == "requirements" else found.indicators
        show(first_rows(ordered(result, sort), top), format_, output)
    if report is not None:
        from weaklink.study.guidelines_report import write

        click.echo(f"Report: {write(found, report)}", err=True)


@guidelines.command(name="show")
@click.argument("framework")
@options.table
def show_(framework: str, format_: Format, output: Path | None) -> None:
    """The indicators of a framework, with goalposts, benchmarks and their sources."""
    from weaklink.study.guidelines_library import shown

    show(shown(framework), format_, output)


@guidelines.command()
@options.table
def figures(format_: Format, output: Path | None) -> None:
    """The figures that a framework may name, and what each may be given."""
    from weaklink.study.guidelines_library import figures as answer

    show(answer(), format_, output)


@guidelines.command()
@click.argument("path", metavar="FILE", type=options.FILE)
@options.table
def check(path: Path, format_: Format, output: Path | None) -> None:
    """Is a framework of your own well-formed, and does every figure that it names exist?"""
    from weaklink.study.guidelines_library import checked

    show(checked(path), format_, output)


@guidelines.command()
def schema() -> None:
    """The JSON Schema of a framework file, for editors."""
    from weaklink.guidelines.model import Framework

    say(json.dumps(Framework.model_json_schema(), indent=2))


@guidelines.command()
@click.argument("framework")
@click.option("--bloc", required=True, help="Whose rows the sheets get.")
@click.option("--entered", type=options.FILE, help="Write the sheet of entered values here.")
@click.option("--self", "self_assessed", type=options.FILE, help="Write the sheet of self-assessments here.")
@click.option("--as-of", metavar="DATE", help="The day of the rows. [default: today]")
def template(
    framework: str, bloc: str, entered: Path | None, self_assessed: Path | None, as_of: str | None
) -> None:
    """Empty sheets to fill in: values of indicators, and what members say of themselves."""
    from weaklink.files import write_bytes
    from weaklink.study.guidelines_library import template as sheets

    texts = sheets(framework, bloc, day_of(as_of))
    if entered is None and self_assessed is None:
        say(texts[0].rstrip())
    for path, text in zip((entered, self_assessed), texts, strict=True):
        if path is not None:
            if path.exists():
                raise RequestError(f"{path} exists; name a new file, so that nothing filled in is lost.")
            write_bytes(path, text.encode("utf-8"))
            click.echo(str(path), err=True)


@guidelines.command()
@click.argument("path", metavar="FILE", required=False, type=options.FILE)
@click.option("--as-of", metavar="DATE", help="The day that milestones are judged on. [default: today]")
@options.table
@click.option("--report", type=options.FILE, help="Also write a page to this directory.")
def plans(
    path: Path | None, as_of: str | None, format_: Format, output: Path | None, report: Path | None
) -> None:
    """Plans of support for partners: goals, actions, funding, milestones, progress. One row per action.

    FILE is a TOML file; without it the shipped example is shown, whose entries are fictional.
    """
    from weaklink.study.support_plans import plans as answer

    found = answer(path, day_of(as_of))
    show(found, format_, output)
    if report is not None:
        from weaklink.study.support_plans import write

        click.echo(f"Report: {write(found, report)}", err=True)


@guidelines.command(name="plan-schema")
def plan_schema() -> None:
    """The JSON Schema of a file of plans, for editors."""
    from weaklink.guidelines.plans import Plans

    say(json.dumps(Plans.model_json_schema(), indent=2))


def day_of(text: str | None) -> date:
    """A day as written, or today."""
    if text is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RequestError(f"--as-of is {text!r}; write a day as 2022-11-30.") from None
