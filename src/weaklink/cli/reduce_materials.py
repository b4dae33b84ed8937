"""What brings materials within limits at the least cost? The part of `weaklink reduce` that asks of suppliers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weaklink.cli import options
from weaklink.cli.output import progress, show

if TYPE_CHECKING:
    from weaklink.report.formats import Format

_OPTIONS = (
    click.option("--importer", default="", help="Materials: for whom. [default: as the scenario says]"),
    click.option("--product", default="", help="Materials: codes or headings, as 280530 or 2805,8112."),
    click.option(
        "--most-dependent",
        "dependent",
        type=click.IntRange(1, 100),
        default=None,
        help="Materials: so many products of minerals of which the targets' group has the largest share.",
    ),
    click.option("--year", type=int, default=None, help="Materials: year of the trade. [default: the last]"),
    click.option("--data", default="", help="Materials: data set. [default: the embedded extract of BACI]"),
    options.STORE,
    click.option(
        "--red-lines", type=options.FILE, help="Materials: also keep the shares of this file of red lines."
    ),
    click.option(
        "--detail",
        type=click.Choice(["mix", "products"]),
        default="mix",
        show_default=True,
        help="Materials: a row for each measure, or each product before and after.",
    ),
)


def of_materials(command: options.Command) -> options.Command:
    """Give a command the options of materials."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def answered(
    scenario: str,
    measures: str,
    targets: tuple[str, ...],
    asked: Mapping[str, Any],
    where: tuple[Format, Path | None, Path | None],
) -> None:
    """Ask, and show the answer; `where` are format, output and the directory of a report."""
    from weaklink.study.material_setting import MaterialWish
    from weaklink.study.materials_told import reduced_materials
    from weaklink.study.reduce_red_lines import limits_of

    format_, output, report = where
    fields = {
        name: value for name, value in asked.items() if name not in {"detail", "red_lines", "dependent"}
    }
    limits = limits_of(asked["red_lines"]) if asked["red_lines"] else ()
    wish = MaterialWish(
        scenario, measures, targets, **fields, dependent=asked["dependent"] or 0, limits=limits
    )
    with progress("Looking for the cheapest mix") as advance:
        answer = reduced_materials(wish)
        advance(1, 1)
    table = answer.products if asked["detail"] == "products" else answer.mix
    show(answer.frontier or table, format_, output, answer.more)
    if report is not None:
        from weaklink.study.materials_report import write

        click.echo(f"Report: {write(answer, report)}", err=True)
