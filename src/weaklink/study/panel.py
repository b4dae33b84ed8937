"""What do all countries and any number of blocs depend on, over many years? One row per year, product and importer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from weaklink import tables
from weaklink.blocs.expression import Bloc, resolve
from weaklink.codes.countries import UNIDENTIFIED
from weaklink.columns import TableSchema
from weaklink.errors import RequestError
from weaklink.flows import Flows
from weaklink.indicators import INDICATORS
from weaklink.provenance import Provenance
from weaklink.result import Result, typed
from weaklink.study import caveats
from weaklink.study.question import Question
from weaklink.study.setting import Setting, set_up
from weaklink.study.traded import done
from weaklink.trade.panel import Asked, Block, panel_of
from weaklink.trade.panel import panel as block_of
from weaklink.trade.supply import Market

MOST_YEARS = 500  # of a range; more is a slip of the pen


@dataclass(frozen=True, slots=True)
class Importers:
    """Who is asked about: blocs taken as one, and the countries of an expression each by itself.

    Both are bloc expressions; without a date they follow the years. An empty `each` asks about no country.
    """

    blocs: tuple[str, ...] = ()
    each: str = ""

    def __post_init__(self) -> None:
        if not self.blocs and not self.each:
            raise RequestError("nobody is asked about: give --bloc EU@2024-12-31, --each world, or both.")

    @property
    def expression(self) -> str:
        """Everybody who is asked about, as one expression."""
        return " + ".join(f"({one})" for one in (*self.blocs, *([self.each] if self.each else [])))

    def parameters(self) -> dict[str, str]:
        """What provenance records."""
        return {"blocs": ", ".join(self.blocs) or "none", "each": self.each or "none"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of the flows of each year, and what goes with the answer, whoever computes it."""

    schema: TableSchema
    asked: Mapping[int, Asked]
    caveats: tuple[str, ...]
    provenance: Provenance

    def result(self, table: pa.Table) -> Result:
        """The answer, its rows computed."""
        return Result(self.schema, table, self.caveats, self.provenance)


def panel(
    importers: Importers, question: Question, years: Sequence[int] = (), executor: Executor | None = None
) -> Result:
    """The dependence of every importer on suppliers of every product in every year.

    The question's own importer is not used; its year is used where no `years` are given. A bloc has a row for
    every product that anyone trades, a country for every product that it buys. The columns are those of
    `weaklink.tables.PANEL`, then the further indicators asked for. Raises as `screen` does.

    `executor` is whoever is to compute, one job for each piece of a year: a pool of processes, or a cluster that
    offers an executor and reads the same files. Without one, threads do. The rows are the same to the last bit.

    >>> asked = Question("", 2022, product="271121", suppliers="RUS")
    >>> rows = panel(Importers(blocs=("NATO@2022-11-30",), each="BGR + HUN"), asked).records()
    >>> [(row["importer"], row["top_supplier"]) for row in rows]
    [('NATO@2022-11-30', 'RUS'), ('BGR', 'RUS'), ('HUN', 'RUS')]
    """
    asked_years = years_of(question, years)
    setting = set_up(replace(question, importer=importers.expression, year=asked_years[-1]))
    plan = planned(setting, importers, asked_years)
    return plan.result(pa.concat_tables(_computed(setting, plan, executor)))


def years_of(question: Question, years: Sequence[int]) -> tuple[int, ...]:
    """The years asked about, in order, each once; the question's own where none are given."""
    return tuple(sorted(set(years))) or (question.year,)


def planned(setting: Setting, importers: Importers, years: Sequence[int]) -> Plan:
    """What is to be computed from the data of a setting; RequestError where they lack one of the years."""
    refuse_absent(years, setting.data.years)
    said = dict.fromkeys((*of_importers(setting, importers), *caveats.of_data(setting)))
    return plan_of(setting, importers, years, tuple(said))


def plan_of(setting: Setting, importers: Importers, years: Sequence[int], said: tuple[str, ...]) -> Plan:
    """The plan with these caveats."""
    schema = _schema(setting.question)
    return Plan(
        schema=schema,
        asked={year: asked_of(setting, importers, schema, year) for year in years},
        caveats=said,
        provenance=_provenance(setting, importers, years),
    )


def refuse_absent(years: Sequence[int], there: Sequence[int]) -> None:
    """RequestError where one of the years is not among those that there are."""
    if absent := sorted(set(years) - set(there)):
        raise RequestError(f"the data have no year {absent[0]}; they have {_span(there)}.")


def year_range(text: str) -> tuple[int, ...]:
    """A year or a range of years as written on the command line; RequestError where it is neither.

    >>> year_range("2020:2022")
    (2020, 2021, 2022)
    """
    first, _, last = text.partition(":")
    try:
        years = tuple(range(int(first), int(last or first) + 1))
    except ValueError:
        years = ()
    if not years or len(years) > MOST_YEARS:
        raise RequestError(f"--years is {text!r}; write a year as 2024 or a range as 1995:2024.")
    return years


def asked_of(setting: Setting, importers: Importers, schema: TableSchema, year: int) -> Asked:
    """What the kernel is asked for one year, with everybody as they were in it."""
    blocs = _blocs(importers, year)
    each = resolve(importers.each, year=year).countries if importers.each else ()
    return Asked(
        figures=tuple(name for name in schema.names if name in INDICATORS),
        group=frozenset(setting.group_in(year).countries),
        unidentified=frozenset((UNIDENTIFIED,)),
        blocs={bloc.canonical: frozenset(bloc.countries) for bloc in blocs},
        alone=frozenset(each),
        measure=setting.question.by,
        floor=setting.question.coverage_floor,
    )


def of_flows(flows: Flows, asked: Asked, schema: TableSchema) -> pa.Table:
    """The rows of some whole items, in the columns of the schema: what one machine, or one of many, computes."""
    return tabulated(block_of(flows, asked), schema)


def tabulated(block: Block, schema: TableSchema) -> pa.Table:
    """A block as a table in the columns of the schema; a figure that is not defined is null."""
    columns: dict[str, pa.Array] = {
        "year": pa.array(block.year),
        "product": _words(block.product, block.products),
        "importer": _words(block.importer, block.importers),
        "imports_usd": pa.array(block.imports_usd),
        "top_supplier": _words(block.top_supplier, block.countries),
        "group_imports_usd": pa.array(block.group_imports_usd),
        "exports_usd": pa.array(block.exports_usd),
        "imports_kg": pa.array(block.imports_kg, mask=block.imports_kg < 0),
        **{name: pa.array(figure, mask=~np.isfinite(figure)) for name, figure in block.figures.items()},
    }
    arrays = [columns[name] for name in schema.names]
    return pa.table(arrays, names=list(schema.names)).cast(typed(schema))


def _computed(setting: Setting, plan: Plan, executor: Executor | None) -> list[pa.Table]:
    """The rows of each piece of each year, in order."""
    flows, schema = setting.flows, plan.schema
    if executor is None:
        return done(
            [
                partial(_of_market, market, asked, schema)
                for year, asked in plan.asked.items()
                for market in flows.markets((year,), asked)
            ]
        )
    return done(
        [
            partial(_of_piece, piece, asked, schema)
            for year, asked in plan.asked.items()
            for piece in flows.unread((year,))
        ],
        executor,
    )


def _of_market(market: Callable[[], Market], asked: Asked, schema: TableSchema) -> pa.Table:
    return tabulated(panel_of(market(), asked), schema)


def _of_piece(piece: Callable[[], Flows], asked: Asked, schema: TableSchema) -> pa.Table:
    return of_flows(piece(), asked, schema)


def _words(places: npt.NDArray[np.integer], words: Iterable[str]) -> pa.Array:
    """Words by their places; none for a place below zero."""
    indices = pa.array(places.astype(np.int32), mask=places < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(words), pa.string())).cast(pa.string())


def _schema(question: Question) -> TableSchema:
    """The columns of the panel, then the further indicators that were asked for."""
    basic = tables.PANEL
    more = (INDICATORS[name] for name in question.named_indicators() if name not in basic.names)
    return TableSchema(basic.name, basic.row, (*basic.columns, *more))


def _blocs(importers: Importers, year: int) -> list[Bloc]:
    return [resolve(expression, year=year) for expression in importers.blocs]


def of_importers(setting: Setting, importers: Importers) -> Iterator[str]:
    """What must be said of who was asked about."""
    year = setting.question.year
    resolved = [*_blocs(importers, year), *([resolve(importers.each, year=year)] if importers.each else [])]
    for bloc in [*resolved, setting.group]:
        if bloc.undated:
            yield (
                f"{bloc.expression} has no date: each year is taken as of 31 December ({bloc.canonical} for {year})."
            )
        yield from bloc.notes
    if importers.blocs and importers.each:
        yield (
            "A bloc's suppliers are those outside it; a country by itself has its fellow members among its suppliers."
        )
    yield "A country has no row for a product that it does not buy."


def _provenance(setting: Setting, importers: Importers, years: Sequence[int]) -> Provenance:
    basic = setting.provenance()
    asked = {**importers.parameters(), "years": ", ".join(map(str, years))}
    parameters = {name: value for name, value in basic.parameters.items() if name not in {"importer", "year"}}
    named = {bloc.canonical: bloc.countries for year in years for bloc in _blocs(importers, year)}
    return replace(basic, parameters={**parameters, **asked}, blocs={**basic.blocs, **named})


def _span(years: Sequence[int]) -> str:
    return f"{years[0]} to {years[-1]}" if years else "none"
