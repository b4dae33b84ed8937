"""What do all importers depend on, computed by the tasks of a cluster? The kernel, once for each piece of a year."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from weaklink.blocs.expression import resolve
from weaklink.cluster.session import unwarned
from weaklink.cluster.traded import Spread
from weaklink.codes.products import select
from weaklink.columns import Kind, TableSchema
from weaklink.errors import RequestError
from weaklink.flows import ARROW, Flows
from weaklink.result import Result, typed
from weaklink.study.datasets import Data
from weaklink.study.panel import Importers, Plan, of_flows
from weaklink.study.question import Question
from weaklink.study.setting import Setting
from weaklink.study.traded import Traded
from weaklink.trade.panel import Asked

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

PIECE = "piece"
_TYPES: Mapping[Kind, str] = {"text": "string", "integer": "bigint", "number": "double"}


@dataclass(frozen=True, slots=True)
class Job:
    """A plan, and the flows on the cluster that it is carried out on."""

    plan: Plan
    spread: Spread
    products: tuple[str, ...]  # that were named; none means all


def setting_of(
    spread: Spread, data: Data, importers: Importers, question: Question, years: Sequence[int]
) -> Setting:
    """The question with its blocs and products resolved; flows are not read.

    Raises BlocError, CodeError or RequestError where it cannot be asked of these flows.
    """
    asked = replace(question, importer=importers.expression, year=years[-1])
    importer = resolve(asked.importer, year=asked.year)
    group = resolve(asked.suppliers, year=asked.year)
    traders = spread.traders.get(asked.year, frozenset())
    if asked.year in spread.traders and not traders & set(importer.countries):
        raise RequestError(f"{importer.canonical} has no flows in the data of {asked.year}.")
    edition = data.nomenclature if data.snapshots else None
    named = select(asked.product, spread.products, nomenclature=edition) if asked.product else ()
    return Setting(asked, data, Traded(data, named), importer, group, named or spread.products, traders)


def rows(job: Job) -> DataFrame:
    """The rows of the panel as Spark has them, not computed yet; those of an item stand together, in order."""
    from pyspark.sql import functions as F

    flows = job.spread.rows.where(F.col("year").isin(*job.plan.asked))
    if job.products:
        flows = flows.where(F.col("product").isin(*job.products))
    piece = F.pmod(F.xxhash64("product"), F.lit(job.spread.pieces)).cast("int")
    dealt = flows.withColumn(PIECE, piece).repartition("year", PIECE)
    sorted_ = dealt.sortWithinPartitions("year", PIECE, "product", "importer", "exporter")
    answered = _answering(job.plan, job.spread.words)
    with unwarned():
        return sorted_.groupBy("year", PIECE).applyInArrow(answered, _ddl(job.plan.schema))


def collected(job: Job) -> Result:
    """The panel as one table: the same rows in the same order as `weaklink.study.panel.panel` gives."""
    with unwarned():
        table = rows(job).toArrow()
    table = table.select(list(job.plan.schema.names)).cast(typed(job.plan.schema))
    # A stable sort: the kernel's order of importers stays.
    order = pc.sort_indices(table, [("year", "ascending"), ("product", "ascending")])
    return job.plan.result(table.take(order))


def flows_of(table: pa.Table, countries: Sequence[str]) -> Flows:
    """The rows of some items as flows whose countries are numbered by the words given."""
    columns = {name: table[name].combine_chunks() for name in ARROW.names}
    words = pa.array(countries, pa.string())
    for side in ("importer", "exporter"):
        places = pc.index_in(columns[side].cast(pa.string()), value_set=words)
        columns[side] = pa.DictionaryArray.from_arrays(places, words)
    return Flows.from_arrow(pa.table(columns))


def _answering(plan: Plan, words: Mapping[int, tuple[str, ...]]) -> Callable[[pa.Table], pa.Table]:
    """What a task does with the flows of a piece of a year; it is sent to the workers with all that it names."""
    asked: dict[int, tuple[Asked, tuple[str, ...]]] = {
        year: (one, words[year]) for year, one in plan.asked.items()
    }
    schema = plan.schema

    def answered(piece: pa.Table) -> pa.Table:
        one, countries = asked[piece["year"][0].as_py()]
        return of_flows(flows_of(piece, countries), one, schema)

    return answered


def _ddl(schema: TableSchema) -> str:
    return ", ".join(f"`{column.name}` {_TYPES[column.kind]}" for column in schema.columns)
