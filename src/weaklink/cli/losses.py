"""What does a scenario cost, lens by lens? The part of `weaklink stress` that asks lenses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weaklink.cli.output import first_rows, ordered, progress, show
from weaklink.errors import RequestError

if TYPE_CHECKING:
    from weaklink.report.formats import Format
    from weaklink.result import Result
    from weaklink.scenario.model import Scenario

Where = tuple["Format", Path | None, Path | None]  # format, output, directory of the report


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which answer is wanted, as the options say; `draws` None stands for as many as is usual."""

    lens: str
    detail: str | None
    each_supplier: int | None
    draws: int | None
    seed: int
    sort: str
    top: int


def through_lenses(
    scenario: Scenario, supplier: str, asked: Mapping[str, Any], wanted: Wanted, where: Where
) -> None:
    """Ask the lenses and write what they say; `asked` are the further arguments of `study.losses.asked_for`."""
    from weaklink.study.losses import asked_for, with_supplier

    format_, output, report = where
    if supplier:
        scenario = with_supplier(scenario, supplier)
    question = asked_for(scenario, **asked)
    if report is not None and (wanted.detail or wanted.each_supplier):
        raise RequestError("--report is of losses by lens; leave out --detail and --each-supplier.")
    with progress("Asking the lenses") as advance:
        answer = _answer(question, wanted, report, advance)
    show(first_rows(ordered(answer, wanted.sort), wanted.top), format_, output)


def _answer(asked: Any, wanted: Wanted, report: Path | None, advance: Any) -> Result:  # noqa: ANN401 - lazily imported
    from weaklink.study.loss_details import by_supplier, course, ranges
    from weaklink.study.losses import DRAWS, losses
    from weaklink.study.shortfalls import shortfalls

    draws = DRAWS if wanted.draws is None else wanted.draws
    if wanted.each_supplier:
        return by_supplier(asked, wanted.each_supplier, wanted.lens, draws, wanted.seed, advance)
    if wanted.detail == "products":
        return shortfalls(asked, draws, wanted.seed)
    if wanted.detail:
        answer = losses(asked, wanted.lens, 0, wanted.seed, advance)
        return course(answer) if wanted.detail == "days" else ranges(answer)
    answer = losses(asked, wanted.lens, draws, wanted.seed, advance)
    if report is not None:
        from weaklink.study.losses_report import write

        click.echo(f"Report: {write(answer, report)}", err=True)
    return answer.table
