"""The questions to a cluster: the panel of dependence, and how many firms import what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weaklink.cli import options
from weaklink.cli.options import Command
from weaklink.cli.output import first_rows, say, show
from weaklink.errors import RequestError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from weaklink.cluster.answers import Given
    from weaklink.report.formats import Format

_WHERE = (
    click.option(
        "--master",
        default="local[2]",
        show_default=True,
        help="Where Spark runs: local[2], spark://HOST:7077, yarn.",
    ),
    click.option(
        "--workers",
        type=click.IntRange(0, 64),
        default=0,
        help="Start a standalone cluster of so many workers on this machine instead, and stop it at the end.",
    ),
    click.option(
        "--setting", multiple=True, metavar="NAME=VALUE", help="A setting of Spark's. Repeat for several."
    ),
    click.option(
        "--input",
        "inputs",
        type=options.FILE,
        multiple=True,
        help="Snapshots or customs data, files or folders, under the same path on every worker.",
    ),
    click.option(
        "--mapping",
        type=options.FILE,
        help="A TOML file that says which column is what: the input is customs data.",
    ),
    click.option(
        "--pieces", type=click.IntRange(min=0), default=0, help="Deal the items of a year out into so many."
    ),
)
_TO = (
    click.option(
        "--output", "-o", type=options.FILE, help="A new folder of Parquet files, whole or not at all."
    ),
    options.FORMAT,
)


def _spread(chosen: tuple[Callable[[Command], Command], ...]) -> Callable[[Command], Command]:
    def given(command: Command) -> Command:
        for option in reversed(chosen):
            command = option(command)
        return command

    return given


@click.group()
def cluster() -> None:
    """The same figures under Apache Spark, where data outgrow one machine. Needs: pip install 'weaklink[spark]'."""


@cluster.command()
@_spread(_WHERE)
@options.importers
@options.asked
@options.TOP
@_spread(_TO)
def panel(
    bloc: tuple[str, ...],
    each: str,
    years: str,
    top: int,
    output: Path | None,
    format_: Format,
    **asked: Any,  # noqa: ANN401 - where to run, and the fields of Question
) -> None:
    """What do all countries and any number of blocs depend on? The table of `weaklink panel`, to the last bit."""
    from weaklink.cluster import answers
    from weaklink.study.panel import Importers, year_range
    from weaklink.study.question import Question

    wanted = year_range(years)
    given, spark_there = _given(asked), _session(asked)
    who, question = Importers(bloc, each), Question("", wanted[-1], **asked)
    with spark_there as spark:
        if output is not None:
            count = answers.write_panel(spark, given, who, question, wanted, output)
            say(f"{count:,} rows written to {output}")
        else:
            show(first_rows(answers.panel(spark, given, who, question, wanted), top), format_)


@cluster.command()
@_spread(_WHERE)
@options.TOP
@_spread(_TO)
def firms(
    top: int,
    output: Path | None,
    format_: Format,
    **where: Any,  # noqa: ANN401 - where to run, on what
) -> None:
    """How many firms import each flow of customs data, and how much the largest? Few reinforce a vulnerability."""
    from weaklink.cluster import answers

    given = _given(where)
    with _session(where) as spark:
        if output is not None:
            say(f"{answers.write_firms(spark, given, output):,} rows written to {output}")
        else:
            show(first_rows(answers.firms(spark, given), top), format_)


@cluster.command()
def schema() -> None:
    """The JSON Schema of a mapping of customs data, for editors."""
    import json

    from weaklink.cluster.mapping import Customs

    say(json.dumps(Customs.model_json_schema(), indent=2))


def _given(words: dict[str, Any]) -> Given:
    """Where the flows are, taken out of the options of a command."""
    from weaklink.cluster.answers import Given

    return Given(words.pop("inputs"), words.pop("mapping"), words.pop("pieces"))


def _session(words: dict[str, Any]) -> AbstractContextManager[SparkSession]:
    """Where it runs, taken out of the options of a command."""
    settings = dict(_setting(text) for text in words.pop("setting"))
    return _running(words.pop("master"), words.pop("workers"), settings)


@contextmanager
def _running(master: str, workers: int, settings: dict[str, str]) -> Iterator[SparkSession]:
    from weaklink.cluster.session import session
    from weaklink.cluster.standalone import standalone

    if not workers:
        with session(master, settings) as spark:
            yield spark
        return
    with standalone(workers) as running:
        # All workers are waited for, so that all have a part in the work.
        waiting = {"spark.scheduler.minRegisteredResourcesRatio": "1.0", "spark.cores.max": str(workers)}
        with session(running.master, {**waiting, **settings}, running.environment) as spark:
            yield spark


def _setting(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.startswith("spark."):
        raise RequestError(f"--setting is {text!r}; write spark.NAME=VALUE.")
    return name, value
