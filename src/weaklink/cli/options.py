"""Which options do the commands share, and how do they read?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

FILE = click.Path(path_type=Path)

STORE = click.option(
    "--store", type=FILE, envvar="WEAKLINK_STORE", help="Directory of your snapshots. [env: WEAKLINK_STORE]"
)
FORMAT = click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "csv", "json", "parquet", "md"]),
    default="table",
    show_default=True,
    help="How to write the table.",
)
OUTPUT = click.option(
    "--output", "-o", type=FILE, help="Write to this file instead of the screen, whole or not at all."
)

TOP = click.option(
    "--top", type=click.IntRange(min=0), default=0, help="Show only this many rows. [default: all]"
)

# One option for each field of study.question.Question, which says what each means.
_WHO_AND_WHEN = (
    click.option(
        "--importer", required=True, help="Who imports: NATO@2022-11-30, 'EU@2024-12-31 - HUN', DEU, …"
    ),
    click.option("--year", type=int, required=True, help="Calendar year of the trade flows."),
)
_ASKED = (
    click.option("--product", default="", help="Codes or headings: 271121 or 2711,2844. [default: all]"),
    click.option(
        "--suppliers",
        default="authoritarian",
        show_default=True,
        help="The supplier group whose share is asked, as an expression: RUS + BLR.",
    ),
    click.option(
        "--by",
        type=click.Choice(["value", "quantity"]),
        default="value",
        show_default=True,
        help="Count dollars or kilograms.",
    ),
    click.option(
        "--data",
        default="",
        help="Data set to ask (weaklink data list). [default: the embedded extract of BACI]",
    ),
    STORE,
    click.option("--mix-vintages", is_flag=True, help="Allow --data to name two releases of one source."),
    click.option(
        "--coverage-floor",
        type=float,
        default=0.8,  # trade.lens.COVERAGE_FLOOR; a test holds the two together
        show_default=True,
        help="Give no figure where a smaller share of the value is known. Our own choice, no published rule.",
    ),
    click.option("--indicators", default="", help="Further indicators for a screen, by name, or all."),
)


FOLDER = click.option(
    "--definitions-dir", type=FILE, help="A folder with definitions of your own, as TOML files."
)


def rules(default: str) -> Callable[[Command], Command]:
    """Give a command the options of definitions: `definitions`, `definitions_dir` and `threshold`."""
    chosen = (
        click.option(
            "--definitions",
            default=default,
            show_default=bool(default),
            help="Names separated by commas, or all.",
        ),
        FOLDER,
        click.option(
            "--threshold",
            multiple=True,
            metavar="NAME.INDICATOR=VALUE",
            help="Move a threshold: geodep_2024.herfindahl=0.35. May be given several times.",
        ),
    )

    def given(command: Command) -> Command:
        for option in reversed(chosen):
            command = option(command)
        return command

    return given


def question(command: Command) -> Command:
    """Give a command the options of a question; it receives them under the names of its fields."""
    command = asked(command)
    for option in reversed(_WHO_AND_WHEN):
        command = option(command)
    return command


def asked(command: Command) -> Command:
    """Give a command the options of a question but for who imports, and when."""
    for option in reversed(_ASKED):
        command = option(command)
    return command


def importers(command: Command) -> Command:
    """Give a command the importers and years of a panel: `bloc`, `each` and `years`."""
    chosen = (
        click.option(
            "--bloc", multiple=True, help="A bloc taken as one importer: EU@2024-12-31. Repeat for several."
        ),
        click.option(
            "--each", default="", help="Countries taken each by itself: world, NATO@2024-12-31, DEU + FRA."
        ),
        click.option("--years", required=True, help="A year or a range: 2024, 1995:2024."),
    )
    for option in reversed(chosen):
        command = option(command)
    return command


def table(command: Command) -> Command:
    """Give a command the options of a table: `format_` and `output`."""
    return FORMAT(OUTPUT(command))
