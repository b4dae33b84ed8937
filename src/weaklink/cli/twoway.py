"""The other direction: who leans on whom, which weak points are shared, and who could stand in?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weaklink.cli import options
from weaklink.cli.output import first_rows, show

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
@options.table
def substitutes(
    partners: str,
    at_least: float,
    format_: Format,
    output: Path | None,
    **asked: Any,  # noqa: ANN401 - the fields of Question
) -> None:
    """What members lack without the supplier group, which member or partner already exports?"""
    from weaklink.study.substitutes import substitutes as answer

    show(answer(partners=partners, at_least=at_least, **asked), format_, output)


@click.command()
@click.option("--importer", required=True, help="Who imports: NATO@2024-12-31, DEU, …")
@click.option("--year", type=int, required=True, help="Calendar year of the trade flows.")
@click.option("--product", required=True, help="Codes or headings: 280530 or 2805,8112.")
@click.option("--instead-of", required=True, help="The old supplier or suppliers: CHN, RUS + BLR.")
@click.option(
    "--among", default="world", show_default=True, help="Who may: 'world - authoritarian', NATO + JPN."
)
@click.option("--least-stability", type=float, default=None, help="Leave out who is less stable, as -0.5.")
@click.option(
    "--data", default="", help="Data set to ask (weaklink data list). [default: the embedded extract]"
)
@options.STORE
@options.TOP
@options.table
def candidates(format_: Format, output: Path | None, top: int, **asked: Any) -> None:  # noqa: ANN401 - as the options
    """Who could supply more of a product instead of an old supplier? Ranked, each with the reasons."""
    from weaklink.study.candidates import candidates as answer

    show(first_rows(answer(**asked), top), format_, output)


COMMANDS = (reverse, common, substitutes, candidates)
