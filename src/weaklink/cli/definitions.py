"""Which definitions of a dependency are there, and how do they compare? `weaklink definitions …`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weaklink.cli import options
from weaklink.cli.output import say, show, show_several

if TYPE_CHECKING:
    from weaklink.report.formats import Format
    from weaklink.result import Result
    from weaklink.study.lab import Rules

TABLES = ("agreement", "churn", "thresholds", "changes")


@click.group(invoke_without_command=True)
@options.FOLDER
@options.table
@click.pass_context
def definitions(
    context: click.Context, definitions_dir: Path | None, format_: Format, output: Path | None
) -> None:
    """Which definitions of a dependency are there? Each with its criteria in words."""
    if context.invoked_subcommand is None:
        from weaklink.study.lab import definition_list

        show(definition_list(definitions_dir), format_, output)


@definitions.command()
@options.question
@options.rules("all")
@click.option(
    "--show",
    "shown",
    type=click.Choice(["all", *TABLES]),
    default="all",
    show_default=True,
    help="Agreement of definitions, churn of each list, what moved thresholds change, what changed since last year.",
)
@options.table
def compare(shown: str, format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401 - fields of Question and Rules
    """Where do definitions agree, how do their lists churn, and what does one threshold change?"""
    from weaklink.study.comparison import compared
    from weaklink.study.question import Question

    rules = as_rules(asked)
    comparison = compared(Question(**asked), rules)
    tables: Mapping[str, Result] = {name: getattr(comparison, name) for name in TABLES}
    if shown == "all":
        show_several(tables, format_, output)
    else:
        show(tables[shown], format_, output)


@definitions.command()
@click.argument("path", metavar="FILE", type=options.FILE)
def check(path: Path) -> None:
    """Is a definition of your own well-formed? Says its rule in words, or what is wrong with line and key."""
    from weaklink.definitions.model import Definition
    from weaklink.tomlfile import read

    one = read(path, Definition)
    say(f"{one.name}: {one.in_words()}")


@definitions.command()
def schema() -> None:
    """The JSON Schema of a definition's file, for editors."""
    from weaklink.definitions.model import Definition

    say(json.dumps(Definition.model_json_schema(), indent=2))


def as_rules(asked: dict[str, Any]) -> Rules:
    """The rules among the words of a command line; they are taken out of `asked`."""
    from weaklink.study.lab import Rules, parse_threshold

    names, folder = asked.pop("definitions"), asked.pop("definitions_dir")
    moved = dict(parse_threshold(text) for text in asked.pop("threshold"))
    return Rules(names or "all", folder, moved)
