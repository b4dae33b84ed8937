"""What can be asked of a cluster? The panel of dependence, and how many firms import what; one function for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from weaklink import tables, tomlfile
from weaklink.cluster import customs, folder, traded
from weaklink.cluster.customs import Declared
from weaklink.cluster.mapping import Customs
from weaklink.cluster.panel import Job, collected, setting_of
from weaklink.cluster.panel import rows as panel_rows
from weaklink.cluster.session import plainly
from weaklink.errors import RequestError
from weaklink.provenance import Provenance
from weaklink.result import Result, typed
from weaklink.study.datasets import Data, chosen
from weaklink.study.panel import (
    Importers,
    Plan,
    of_importers,
    plan_of,
    planned,
    refuse_absent,
    years_of,
)
from weaklink.study.question import Question
from weaklink.version import VERSION

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True, slots=True)
class Given:
    """Where the flows are.

    `paths` are snapshots, or folders of them; with a `form`, a TOML file that says which column is what, they are
    customs microdata. Without paths the question's own data set is taken. `pieces` is into how many the items of
    a year are dealt out; 0 leaves it to us.
    """

    paths: tuple[Path, ...] = ()
    form: Path | None = None
    pieces: int = 0


@plainly()
def panel(
    spark: SparkSession, given: Given, importers: Importers, question: Question, years: Sequence[int] = ()
) -> Result:
    """The same table as `weaklink.study.panel.panel`, to the last bit, computed by the tasks of a cluster.

    The table comes to this machine, so it must fit here; `write_panel` leaves it on the cluster's disks. Raises as
    the other does, and SourceError for customs data that will not do.
    """
    with _job(spark, given, importers, question, years) as job:
        return collected(job)


@plainly()
def write_panel(
    spark: SparkSession,
    given: Given,
    importers: Importers,
    question: Question,
    years: Sequence[int],
    place: Path,
) -> int:
    """Write the panel as a new folder of Parquet files by year, whole or not at all; how many rows.

    Rows of a product of a year stand together in one file, in order; caveats and provenance are in `_weaklink.json`.
    """
    with _job(spark, given, importers, question, years) as job:
        about = job.plan.result(typed(job.plan.schema).empty_table())
        return folder.write(panel_rows(job), place, about)


@plainly()
def firms(spark: SparkSession, given: Given) -> Result:
    """How many firms import each flow of some customs data, and how much the largest of them.

    The columns are those of `weaklink.tables.CUSTOMS`; counts are missing where the form names no column of firms.
    """
    with _declared(spark, given) as declared:
        table = declared.rows.select(*tables.CUSTOMS.names).toArrow().cast(typed(tables.CUSTOMS))
        order = [(name, "ascending") for name in customs.FLOW]
        return _of_customs(declared, table.sort_by(order))


@plainly()
def write_firms(spark: SparkSession, given: Given, place: Path) -> int:
    """Write what `firms` gives as a new folder of Parquet files by year, whole or not at all; how many rows."""
    with _declared(spark, given) as declared:
        rows = declared.rows.select(*tables.CUSTOMS.names).orderBy(*customs.FLOW)
        return folder.write(rows, place, _of_customs(declared, typed(tables.CUSTOMS).empty_table()))


@contextmanager
def _job(
    spark: SparkSession, given: Given, importers: Importers, question: Question, years: Sequence[int]
) -> Iterator[Job]:
    asked_years = years_of(question, years)
    if given.form is not None:
        with _declared(spark, given) as declared:
            spread = customs.spread(declared, given.pieces)
            refuse_absent(asked_years, spread.years)
            data = Data((), {}, ())
            named = replace(question, data=declared.card.name)
            setting = setting_of(spread, data, importers, named, asked_years)
            said = dict.fromkeys((*of_importers(setting, importers), *declared.caveats))
            plan = _with_card(plan_of(setting, importers, asked_years, tuple(said)), declared)
            yield Job(plan, spread, setting.flows.products)
        return
    data = _data(given, question, asked_years)
    refuse_absent(asked_years, data.years)
    spread = traded.of_snapshots(spark, data, given.pieces)
    if given.paths:
        question = replace(question, data=",".join(dict.fromkeys(one.card.name for one in data.snapshots)))
    setting = setting_of(spread, data, importers, question, asked_years)
    yield Job(planned(setting, importers, asked_years), spread, setting.flows.products)


def _data(given: Given, question: Question, years: Sequence[int]) -> Data:
    if given.paths:
        return traded.data_of(traded.snapshot_files(given.paths))
    return chosen(replace(question, year=years[-1]))


@contextmanager
def _declared(spark: SparkSession, given: Given) -> Iterator[Declared]:
    if given.form is None:
        raise RequestError("firms are in customs microdata; say with --mapping FILE which column is what.")
    if not given.paths:
        raise RequestError("--mapping says what the columns are; name the files with --input.")
    declared = customs.read(spark, given.paths, tomlfile.read(given.form, Customs))
    try:
        yield declared
    finally:
        declared.done()


def _with_card(plan: Plan, declared: Declared) -> Plan:
    return replace(plan, provenance=replace(plan.provenance, cards=(declared.card,)))


def _of_customs(declared: Declared, table: pa.Table) -> Result:
    provenance = Provenance((declared.card,), VERSION)
    return Result(tables.CUSTOMS, table, declared.caveats, provenance)
