"""The other direction: who leans on whom, which weak points are shared, and who could stand in?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from weaklink.cli import options
from weaklink.cli.output import show

if TYPE_CHECKING:
    from weaklink.report.formats import Format

AT_LEAST = click.option(
    "--at-least",
    type=float,
    default=0.5,  # study.common.AT_LEAST; a test holds the two together
    show_default=True,
    help="From this share of a member's own imports on. Our own choice, no published rule.",
)


@click.command()
@options.question
@options.table
def reverse(format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401 - the fields of Question
    """Who leans more on whom: we on the group's goods, or the group on our market? One row per product."""
    from weaklink.study.reverse import reverse as answer

    show(answer(**asked), format_, output)


@click.command()
@options.question
@AT_LEAST
@options.table
def common(at_least: float, format_: Format, output: Path | None, **asked: Any) -> None:  # noqa: ANN401 - the fields of Question
    """Which members share a weak point? One row per product and supplier that is the largest of several."""
    from weaklink.study.common import common as answer

    show(answer(at_least=at_least, **asked), format_, output)


@click.command()
@options.question
@click.option("--partners", default="", help="Others who may stand in: NATO:partner@2022-11-30, JPN + KOR.")
@AT_LEAST
@click.option(
    "--show",
    "shown",
    type=click.Choice(["products", "candidates"]),
    default="products",
    show_default=True,
    help="One row per product, or one per product and country that exports it.",
)
@options.table
def substitutes(
    partners: str,
    at_least: float,
    shown: Literal["products", "candidates"],
    format_: Format,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the fields of Question
) -> None:
    """What members lack without the supplier group, which member or partner already exports?"""
    from weaklink.study.substitutes import substitutes as answer

    result = answer(partners=partners, at_least=at_least, show=shown, **asked)
    show(result, format_, output)


COMMANDS = (reverse, common, substitutes)
