"""Are red lines crossed? `weaklink redlines check FILE`, for people, and for cron by its exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weaklink.cli import options
from weaklink.cli.output import say, show

if TYPE_CHECKING:
    from weaklink.report.formats import Format

BREACH = 3  # exit code where a line is crossed


@click.group()
def redlines() -> None:
    """Dependences that you declare unacceptable: a TOML file of lines, checked against the data."""


@redlines.command()
@click.argument("path", metavar="FILE", type=options.FILE)
@options.question
@click.option("--all", "everything", is_flag=True, help="Show the lines that are kept too.")
@options.table
def check(
    path: Path,
    everything: bool,
    format_: Format,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the fields of Question
) -> None:
    """Which lines are crossed, by how much, since when? Exit code 3 where one is."""
    from weaklink.study.question import Question
    from weaklink.study.redlines import breaches, red_lines

    result = red_lines(path, Question(**asked), breaches_only=not everything)
    show(result, format_, output)
    if breaches(result):
        raise click.exceptions.Exit(BREACH)


@redlines.command()
def schema() -> None:
    """The JSON Schema of a file of red lines, for editors."""
    from weaklink.redlines.model import RedLines

    say(json.dumps(RedLines.model_json_schema(), indent=2))
